"""The spinal canal: epidural fat, ligamentum flavum, the dural sac, its nerve roots and the cord."""

from __future__ import annotations

import numpy as np

from levelwise.sample.anatomy import Spine
from levelwise.sample.body import Texture
from levelwise.sample.contrast import Contrast
from levelwise.sample.curve import Floats
from levelwise.sample.points import Points, both, ellipse, ramp


def sac_distance(spine: Spine, points: Points) -> Floats:
    """Distance from the dural sac, mm, negative inside: a rounded triangle with its point to the back."""
    p, e = spine.profile, points.entry
    front, back = p.sac_front[e], p.sac_back[e]
    half = np.maximum((back - front) * np.float32(0.5), 0.3)
    depth = (points.u - (front + back) * np.float32(0.5)) / half
    width = np.where(points.v > 0, p.sac_left[e], p.sac_right[e]) * (1 - 0.25 * np.clip(depth, -1, 1))
    ratio = np.sqrt(depth * depth + (points.across / np.maximum(width, 0.3)) ** 2)
    return np.asarray((ratio - 1) * np.minimum(half, width), dtype=np.float32)


def paint_canal(spine: Spine, points: Points, contrast: Contrast, texture: Texture) -> None:
    """The canal from its walls inwards. What a stenosis takes from the sac goes to disc and flavum."""
    p, e = spine.profile, points.entry
    front, back, roof = p.sac_front[e], p.sac_back[e], p.roof[e]
    middle = (front + back) * np.float32(0.5)
    slant = points.u - roof + np.float32(0.45) * points.across
    wall = np.minimum(p.half_ap[e], front)
    bony = both(points.across - p.canal_half[e], wall - points.u, slant - 1)
    points.over(bony, contrast.soft)
    points.over(both(bony, points.u - front), _in_front(spine, points, contrast))
    points.over(both(bony, middle - points.u), _behind(points, contrast, roof - back))
    sac = sac_distance(spine, points)
    points.over(sac - 0.5, contrast.ligament)
    points.over(sac, _contents(spine, points, contrast, texture))
    cord = p.cord[e]
    inside = np.where(cord > 0.3, ellipse(points.u - middle - 0.5, cord * 0.8, points.across, cord), 9)
    points.over(both(inside, sac + 1), contrast.cord)


def _in_front(spine: Spine, points: Points, contrast: Contrast) -> Floats:
    """Fat in front of the sac at the sacrum; disc and ligament above it."""
    room = spine.profile.sac_front[points.entry] - spine.profile.half_ap[points.entry]
    bulge = ramp(spine.profile.bulge[points.entry], 0.6, 2.0)
    share = ramp(room, 1.5, 3.2) * ramp(-points.s, -8, -2) * (1 - bulge)
    return np.asarray(contrast.soft + share * (contrast.fat - contrast.soft), dtype=np.float32)


def _behind(points: Points, contrast: Contrast, room: Floats) -> Floats:
    """A pad of fat behind the sac in the midline, which a thickened flavum takes the place of."""
    lost = ramp(room, 2.6, 4.6)
    pad = ramp(-points.across, -6.5, -4.5)
    healthy = contrast.soft + pad * (contrast.fat - contrast.soft)
    return np.asarray(healthy + lost * (contrast.ligament - healthy), dtype=np.float32)


def _contents(spine: Spine, points: Points, contrast: Contrast, texture: Texture) -> Floats:
    """Fluid with a bundle of roots that settles to the back, and fills the sac where it is narrow."""
    p, e = spine.profile, points.entry
    roots = p.roots[e]
    depth = (points.u - p.sac_front[e]) / np.maximum(p.sac_back[e] - p.sac_front[e], 0.5)
    strand = ramp(points.strands(texture), -0.35, 0.25)
    bundle = ramp(depth + 1.25 * roots, 0.95, 1.25) * strand
    crowded = ramp(roots, 0.45, 0.95)
    share = np.maximum(bundle, crowded * (0.75 + 0.25 * strand)) * (roots > 0)
    return np.asarray(contrast.fluid + share * (contrast.root - contrast.fluid), dtype=np.float32)
