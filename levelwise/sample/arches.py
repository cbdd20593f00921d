"""What lies behind the bodies: pedicles, foramina, facets, laminae and spinous processes."""

from __future__ import annotations

import numpy as np

from levelwise.sample.anatomy import Spine
from levelwise.sample.body import Texture
from levelwise.sample.column import paint_bone
from levelwise.sample.contrast import Contrast
from levelwise.sample.curve import Floats
from levelwise.sample.points import Points, both, ellipse, ramp, slab


def paint_sides(spine: Spine, points: Points, contrast: Contrast) -> None:
    """Pedicles and foramina: what a parasagittal slice shows behind the bodies."""
    p, d, e = spine.profile, spine.discs, points.entry
    disc, z, half = p.disc[e], p.z[e], p.half_height[e]
    fat = np.where(points.v > 0, d.foramen_left[disc], d.foramen_right[disc])
    lateral = points.across - p.canal_half[e]
    # The back of the body turns forward as it goes outwards, and the foramen follows it.
    outward = np.clip(points.across / p.half_width[e], 0, 1)
    wall = p.half_ap[e] * (1 - np.float32(0.42) * outward**4)
    pedicle = slab(z - np.float32(0.36) * half, np.float32(0.5) * half, lateral - 4, 4.4, 2.5)
    paint_bone(points, both(pedicle, wall - 3 - points.u, points.u - p.roof[e] - 2), contrast, 0.8)
    _paint_foramen(points, contrast, p.disc_z[e], points.u - wall, lateral, fat)


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


def paint_arches(spine: Spine, points: Points, contrast: Contrast, texture: Texture) -> None:
    """Interspinous tissue, ligamentum flavum, and the arch: articular, laminar and spinous parts."""
    p, size, e = spine.profile, spine.size, points.entry
    behind = points.u - p.roof[e]
    fatty = ramp(points.strands(texture) * 0.6 + points.grain * 0.4, -0.3, 1.3)
    mixed = contrast.ligament + fatty * (contrast.fat - contrast.ligament)
    points.over(both(points.across - 3.2, -behind, behind - 33 * size), mixed, edge=2.0)
    slant = behind + np.float32(0.45) * points.across
    points.over(slab(slant - 2.6, 2.2, p.disc_z[e], 10.0, 1.5) + 9 * (points.across > 14), contrast.ligament)
    superior, inferior = _facets(spine, points, behind)
    paint_bone(points, superior, contrast, 1.1)
    # The arch hangs down behind the lower half of its own body and the disc below.
    low = p.z[e] + p.half_height[e] * np.float32(0.75)
    lamina = both(slab(slant - 3.8, 3.4, low, 8.0 * size), points.across - 15)
    spinous = slab(behind - 18 * size, 14.5 * size, low + np.float32(0.28) * (behind - 18), 9 * size, 4.0)
    spinous = both(spinous, points.across - (2.4 + np.float32(0.09) * behind))
    paint_bone(points, np.minimum(np.minimum(lamina, inferior), spinous), contrast)
    joint = both(np.abs(superior - 0.5) - 0.7, np.abs(inferior - 0.5) - 1.2, np.abs(p.disc_z[e]) - 8)
    points.over(joint, 0.5 * (contrast.fluid + contrast.soft), edge=1.2)
    points.over(both(np.abs(behind - 35 * size) - 1.6, points.across - 6), contrast.ligament)


def _facets(spine: Spine, points: Points, behind: Floats) -> tuple[Floats, Floats]:
    """Distance from the superior (in front, outside) and inferior (behind, inside) articular processes.

    The joint between both runs from the canal outwards and backwards. Arthropathy enlarges both.
    """
    p, d, e = spine.profile, spine.discs, points.entry
    disc, dz = p.disc[e], p.disc_z[e]
    size = np.where(points.v > 0, d.facet_left[disc], d.facet_right[disc])
    out, back = points.across - p.canal_half[e] - 6, behind - 3 + np.float32(0.22) * dz
    along, inward = (out + back) * np.float32(0.71), (back - out) * np.float32(0.71)
    superior = ellipse(along, 8.0 * size, inward + 4.0, 4.2 * size)
    inferior = ellipse(along, 7.5 * size, inward - 4.6, 4.8 * size)
    return both(superior, dz - 10 * size, -22 - dz), both(inferior, -13 * size - dz, dz - 22)
