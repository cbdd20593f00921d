"""What lies behind the bodies: pedicles, foramina, facets, laminae and spinous processes."""

from __future__ import annotations

import numpy as np

from levelwise.sample.anatomy import Spine
from levelwise.sample.body import Texture
from levelwise.sample.column import paint_bone
from levelwise.sample.contrast import Contrast
from levelwise.sample.curve import Floats
from levelwise.sample.points import Points, both, ellipse, ramp, slab


def paint_arches(spine: Spine, points: Points, contrast: Contrast, texture: Texture) -> None:
    """Interspinous tissue, ligamentum flavum, laminae and spinous processes, in the midline and near it."""
    p, size, e = spine.profile, spine.size, points.entry
    z, hh = p.z[e], p.half_height[e]
    behind = points.u - p.roof[e]
    fatty = ramp(points.strands(texture) * 0.6 + points.grain * 0.4, -0.3, 1.3)
    mixed = contrast.ligament + fatty * (contrast.fat - contrast.ligament)
    points.over(both(points.across - 3.2, -behind, behind - 33 * size), mixed, edge=2.0)
    slant = behind + np.float32(0.45) * points.across
    points.over(slab(slant - 2.6, 2.2, p.disc_z[e], 10.0, 1.5) + 9 * (points.across > 14), contrast.ligament)
    # The arch hangs down behind the lower half of its own body and the disc below.
    low = z + hh * np.float32(0.75)
    lamina = both(slab(slant - 3.8, 3.4, low, 8.0 * size), points.across - 15)
    paint_bone(points, lamina, contrast)
    tilt = low + np.float32(0.28) * (behind - 18)
    spinous = slab(behind - 18 * size, 14.5 * size, tilt, 9 * size, 4.0)
    paint_bone(points, both(spinous, points.across - (2.4 + np.float32(0.09) * behind)), contrast)
    points.over(both(np.abs(behind - 35 * size) - 1.6, points.across - 6), contrast.ligament)


def paint_sides(spine: Spine, points: Points, contrast: Contrast) -> None:
    """Pedicles, facets and foramina: what a parasagittal slice shows behind the bodies."""
    p, d, e = spine.profile, spine.discs, points.entry
    disc, dz, z, hh = p.disc[e], p.disc_z[e], p.z[e], p.half_height[e]
    left = points.v > 0
    fat = np.where(left, d.foramen_left[disc], d.foramen_right[disc])
    facet = np.where(left, d.facet_left[disc], d.facet_right[disc])
    lateral = points.across - p.canal_half[e]
    # The back of the body turns forward as it goes outwards, and the foramen follows it.
    outward = np.clip(points.across / p.half_width[e], 0, 1)
    wall = p.half_ap[e] * (1 - np.float32(0.42) * outward**4)
    roof = p.roof[e]
    pedicle = slab(z - np.float32(0.36) * hh, np.float32(0.5) * hh, lateral - 4, 4.4, 2.5)
    paint_bone(points, both(pedicle, wall - 3 - points.u, points.u - roof - 2), contrast, 0.8)
    _paint_foramen(points, contrast, dz, points.u - wall, lateral, fat)
    _paint_facets(points, contrast, dz, points.u - roof, lateral, facet)


def _paint_foramen(
    points: Points, contrast: Contrast, dz: Floats, behind: Floats, lateral: Floats, fat: Floats
) -> None:
    """The keyhole of fat with the root in its upper part; what narrows it is dark disc and ligament."""
    # The keyhole tapers towards both of its ends, so an axial slice shows no box.
    ends = np.maximum(np.abs(lateral - 3.5) - 4.5, 0) ** 2 * np.float32(0.2)
    window = -behind - 1
    full = np.minimum(ellipse(dz - 6.5, 7.5, behind - 5.2, 5.6), ellipse(dz + 3.5, 8.0, behind - 3.4, 3.4))
    points.over(both(full + ends, window), 0.8 * contrast.soft)
    upper = ellipse(dz - 6.5, 2.2 + 4.9 * fat, behind - 5.2, 0.9 + 4.5 * fat)
    lower = ellipse(dz + 3.5, 7.0 * fat, behind - 3.4, 3.4 * fat - 0.4)
    points.over(both(np.minimum(upper, lower) + ends, window), contrast.fat + 0.05 * points.grain)
    drop = dz - 7.6 + np.float32(0.5) * (lateral - 3.5)  # the root leaves downwards and outwards
    root = ellipse(drop, 1.7 + 0.4 * fat, behind - 5.0, 1.3 + 0.7 * fat)
    points.over(both(root, np.abs(lateral - 5) - 11, window), contrast.root)


def _paint_facets(
    points: Points, contrast: Contrast, dz: Floats, behind: Floats, lateral: Floats, size: Floats
) -> None:
    """Articular pillars: superior process in front, inferior behind, a joint between; larger when worn."""
    slope = np.float32(0.22) * dz
    superior = ellipse(behind + 2.0 + slope, 5.6 * size, lateral - 9, 6.2 * size)
    inferior = ellipse(behind - 7.0 + slope, 6.2 * size, lateral - 4, 6.8 * size)
    superior = both(superior, dz - 10 * size, -22 - dz)
    inferior = both(inferior, -13 * size - dz, dz - 22)
    paint_bone(points, inferior, contrast, 1.1)
    paint_bone(points, superior, contrast, 1.1)
    joint = both(np.abs(superior - 0.6) - 0.6, inferior - 0.3, np.abs(dz) - 8)
    points.over(joint, 0.5 * (contrast.fluid + contrast.soft), edge=1.2)
