"""Vertebral bodies, discs and the wings of the sacrum."""

from __future__ import annotations

import numpy as np

from levelwise.sample.anatomy import Spine
from levelwise.sample.contrast import Contrast
from levelwise.sample.curve import Floats
from levelwise.sample.points import Points, both, ellipse, ramp, slab


def paint_bone(points: Points, distance: Floats, contrast: Contrast, shell_mm: float = 1.0) -> None:
    """Marrow inside a dark cortical shell, over the points where `distance` is negative."""
    points.over(distance, contrast.cortex)
    points.over(distance + np.float32(shell_mm), contrast.marrow * (1 + np.float32(0.13) * points.grain))


def rim_ratio(spine: Spine, points: Points) -> Floats:
    """Where a point lies across the column: 0 in the middle, 1 at the rim of the vertebral body.

    The cross-section is a rounded box: round in front, flat and slightly hollow behind.
    """
    p, e = spine.profile, points.entry
    hollow = np.float32(1.2) * np.clip(1 - (points.v * np.float32(0.1)) ** 2, 0, 1) * (points.u > 0)
    x = (points.v / p.half_width[e]) ** 2
    y = ((points.u + hollow) / p.half_ap[e]) ** 2
    flat = np.where(points.u > 0, np.float32(0.9), np.float32(1.8))
    return np.asarray(np.sqrt(np.sqrt(x * x + y * y + flat * x * y)), dtype=np.float32)


def beyond_endplate(spine: Spine, points: Points, ratio: Floats) -> Floats:
    """Distance past the endplate of the nearest vertebra, mm, negative inside the vertebra.

    The curve bends vertebrae into wedges; three fifths of that are taken back, so discs carry the lordosis.
    Endplates are 1.3 mm deeper in the middle than at the rim.
    """
    p, e = spine.profile, points.entry
    half = p.half_height[e] * (1 + np.float32(0.6) * p.bend[e] * points.u)
    return np.asarray(np.abs(p.z[e]) - half + 1.3 * np.clip(1 - ratio * ratio, 0, 1), dtype=np.float32)


def body_distance(spine: Spine, points: Points) -> Floats:
    """Distance from the vertebral body, mm, negative inside; its number is ``profile.vertebra``."""
    ratio = rim_ratio(spine, points)
    rim = (ratio - 1) * spine.profile.half_ap[points.entry]
    return np.maximum(rim, beyond_endplate(spine, points, ratio))


def paint_column(spine: Spine, points: Points, contrast: Contrast) -> None:
    """Sacral wings, discs with their bulge, and vertebral bodies, from the back layer to the front one."""
    p, e = spine.profile, points.entry
    _paint_wings(points, contrast)
    ratio = rim_ratio(spine, points)
    rim = (ratio - 1) * p.half_ap[e]
    beyond = beyond_endplate(spine, points, ratio)
    _paint_discs(spine, points, contrast, ratio, rim, beyond)
    paint_bone(points, both(rim, beyond), contrast, 0.9)
    # The basivertebral vein leaves the middle of the body to the back.
    vein = both(ellipse(p.z[e], 2.2, points.u - p.half_ap[e] + 3, 4.0), points.across - 5, rim + 0.3)
    points.over(vein, 0.5 * (contrast.fat + contrast.marrow), edge=2.0)


def _paint_wings(points: Points, contrast: Contrast) -> None:
    wing = slab(points.u - 5 - np.float32(0.1) * points.across, 12.0, points.s + 20, 19.0, 6.0)
    paint_bone(points, both(wing, points.across - 52, 12 - points.across), contrast)


def _paint_discs(
    spine: Spine, points: Points, contrast: Contrast, ratio: Floats, rim: Floats, beyond: Floats
) -> None:
    """A dark annulus that stands out backwards by its bulge, and a nucleus as bright as it is healthy."""
    p, d, e = spine.profile, spine.discs, points.entry
    disc = p.disc[e]
    lateral = ramp(points.across, 7, 12)
    side = np.where(points.v > 0, d.bulge_left[disc], d.bulge_right[disc])
    stands_out = 0.6 + ramp(points.u, 0, 5) * (p.bulge[e] * (1 - lateral) + side * lateral)
    outer = rim - stands_out
    points.over(both(outer, -beyond - 1), contrast.annulus)
    height = np.abs(p.disc_z[e])
    core = ramp(-ratio, -0.78, -0.5) * np.clip(1 - (height / (p.disc_half[e] + 1.2)) ** 4, 0, 1)
    bright = contrast.degenerate + d.nucleus[disc] * (contrast.nucleus - contrast.degenerate)
    cleft = 1 - 0.35 * np.clip(1 - height / 1.2, 0, 1)
    value = contrast.annulus + core * (bright * cleft * (1 + 0.1 * points.grain) - contrast.annulus)
    points.over(both(outer + 1.2, -beyond), value)
