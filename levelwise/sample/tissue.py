"""Painting the structures of a spine at scattered points: bone, discs, canal, foramina and posterior elements.

Each painter takes points in spine coordinates, computes a signed distance in mm to its structure (negative
inside) and lays its signal over what is there, with an edge as soft as a voxel. Painters run from the back to
the front of this list, so a later one covers an earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelwise.sample.anatomy import Spine
from levelwise.sample.contrast import Contrast
from levelwise.sample.curve import Floats, table_index

Signal = Floats | float


@dataclass(slots=True)
class Points:
    """Points near a spine: spine coordinates in mm, the table entry of each, texture (about -1..1), signal.

    `where` says which points of the parent these are; painters of a part write through it.
    """

    s: Floats
    u: Floats
    v: Floats
    across: Floats
    entry: NDArray[np.intp]
    texture: Floats
    signal: Floats

    @classmethod
    def of(cls, s: Floats, u: Floats, v: Floats, texture: Floats, signal: Floats) -> Points:
        """Points from their spine coordinates; `across` is the distance from the midline."""
        return cls(s, u, v, np.abs(v), table_index(s), texture, signal)

    def part(self, where: NDArray[np.intp]) -> Points:
        """A copy of some of the points; give its signal back with `put`."""
        return Points(
            self.s[where],
            self.u[where],
            self.v[where],
            self.across[where],
            self.entry[where],
            self.texture[where],
            self.signal[where],
        )

    def over(self, distance: Floats, value: Signal, edge: float = 0.9) -> None:
        """Lay `value` over the points where `distance` is negative; `edge` is the width of the border, mm."""
        alpha = np.clip(0.5 - distance * np.float32(1 / edge), 0, 1)
        self.signal += alpha * (value - self.signal)


def paint_spine(spine: Spine, points: Points, contrast: Contrast) -> None:
    """Every structure of the spine over the background signal of `points`, in place."""
    p = spine.profile
    roof = p.roof[points.entry]
    posterior = np.flatnonzero((points.u > roof - 12) & (points.across < 30) & (points.u < roof + 44))
    _within(points, posterior, spine, contrast, _paint_arches)
    side = np.flatnonzero((points.across > 6) & (points.across < 34) & (points.u > 2) & (points.u < 44))
    _within(points, side, spine, contrast, _paint_sides)
    inner = np.flatnonzero((points.across < 17) & (points.u > 0) & (points.u < roof + 6))
    _within(points, inner, spine, contrast, _paint_canal)
    front = np.flatnonzero((points.across < 54) & (points.u < 24) & (points.u > -24))
    _within(points, front, spine, contrast, _paint_column)


def _within(
    points: Points, where: NDArray[np.intp], spine: Spine, contrast: Contrast, painter: object
) -> None:
    if where.size and callable(painter):
        part = points.part(where)
        painter(spine, part, contrast)
        points.signal[where] = part.signal


def _marrow(points: Points, contrast: Contrast) -> Floats:
    return contrast.marrow * (1 + np.float32(0.13) * points.texture)


def _bone(points: Points, distance: Floats, contrast: Contrast, shell: float = 1.0) -> None:
    """Marrow inside a dark cortical shell."""
    points.over(distance, contrast.cortex)
    points.over(distance + np.float32(shell), _marrow(points, contrast))


def _paint_arches(spine: Spine, points: Points, contrast: Contrast) -> None:
    """Interspinous tissue, laminae, spinous processes and the ligamentum flavum."""
    p, size = spine.profile, spine.size
    e = points.entry
    z, hh, roof = p.z[e], p.half_height[e], p.roof[e]
    behind = points.u - roof
    mixed = contrast.ligament + (contrast.fat - contrast.ligament) * np.clip(
        0.35 + 0.5 * points.texture, 0, 1
    )
    interspinous = np.maximum(points.across - 3.2, np.maximum(-behind, behind - 33 * size))
    points.over(interspinous, mixed, edge=2.0)
    slant = behind + np.float32(0.45) * points.across
    # The arch hangs down behind the lower half of its own body and the disc below.
    low = z + hh * 0.75
    lamina = np.maximum(np.abs(slant - 3.4) - 3.2, np.maximum(np.abs(low) - 7.0 * size, points.across - 15))
    flavum = np.maximum(np.abs(slant - 2.6) - 2.0, np.maximum(np.abs(p.disc_z[e]) - 9, points.across - 15))
    points.over(flavum, contrast.ligament)
    _bone(points, lamina, contrast)
    tilt = low + np.float32(0.28) * (behind - 18)
    spinous = np.maximum(np.abs(behind - 18 * size) - 14 * size, np.abs(tilt) - 8.5 * size)
    spinous = np.maximum(spinous, points.across - (2.2 + 0.09 * behind))
    _bone(points, spinous, contrast)
    tip = np.maximum(np.abs(behind - 35 * size) - 1.6, points.across - 6)
    points.over(tip, contrast.ligament)


def _paint_sides(spine: Spine, points: Points, contrast: Contrast) -> None:
    """Pedicles, facets and foramina: what a parasagittal slice shows behind the bodies."""
    p, d = spine.profile, spine.discs
    e = points.entry
    disc, dz, roof, half = p.disc[e], p.disc_z[e], p.roof[e], p.canal_half[e]
    wall = p.half_ap[e] * np.float32(0.93)
    left = points.v > 0
    fat = np.where(left, d.foramen_left[disc], d.foramen_right[disc])
    facet = np.where(left, d.facet_left[disc], d.facet_right[disc])
    lateral = points.across - half
    z, hh = p.z[e], p.half_height[e]
    pedicle = np.maximum(np.abs(z - 0.32 * hh) - 0.52 * hh, np.abs(lateral - 3.5) - 4.2)
    pedicle = np.maximum(pedicle, np.maximum(wall - 3 - points.u, points.u - roof))
    _bone(points, pedicle, contrast, 0.8)
    _paint_foramen(points, contrast, dz, points.u - wall, lateral, fat)
    _paint_facets(points, contrast, dz, points.u - roof, lateral, facet)


def _paint_foramen(
    points: Points, contrast: Contrast, dz: Floats, behind: Floats, lateral: Floats, fat: Floats
) -> None:
    """The keyhole of fat with the root in its upper part; what narrows it is dark disc and ligament."""
    window = np.maximum(np.abs(lateral - 3.5) - 8.5, -behind - 1)
    full = np.minimum(_ellipse(dz - 6.5, 7.5, behind - 5.2, 5.6), _ellipse(dz + 3.5, 8.0, behind - 3.4, 3.4))
    points.over(np.maximum(full, window), contrast.soft * np.float32(0.8))
    drop = dz - 7.2 + np.float32(0.5) * (lateral - 3.5)
    upper = _ellipse(dz - 6.5, 2.2 + 4.9 * fat, behind - 5.2, 0.9 + 4.5 * fat)
    lower = _ellipse(dz + 3.5, 7.0 * fat, behind - 3.4, 3.4 * fat - 0.4)
    points.over(np.maximum(np.minimum(upper, lower), window), contrast.fat)
    root = _ellipse(drop, 2.0 + 0.5 * fat, behind - 5.2, 1.5 + 0.8 * fat)
    points.over(np.maximum(root, window), contrast.root)


def _ellipse(a: Floats, half_a: Signal, b: Floats, half_b: Signal) -> Floats:
    """Distance, to first order, from an ellipse with these half axes; never a half axis under 0.3 mm."""
    half_a, half_b = np.maximum(half_a, 0.3), np.maximum(half_b, 0.3)
    ratio = np.sqrt((a / half_a) ** 2 + (b / half_b) ** 2)
    return np.asarray((ratio - 1) * np.minimum(half_a, half_b), dtype=np.float32)


def _paint_facets(
    points: Points, contrast: Contrast, dz: Floats, behind: Floats, lateral: Floats, size: Floats
) -> None:
    """The two articular processes and the joint between them, wider and whiter with arthropathy."""
    superior = _ellipsoid(dz + 1, 11 * size, behind + 1.0, 4.2 * size, lateral - 6.5, 4.6 * size)
    inferior = _ellipsoid(dz - 2, 12 * size, behind - 5.0, 5.2 * size, lateral - 2.5, 5.4 * size)
    _bone(points, inferior, contrast, 1.2)
    _bone(points, superior, contrast, 1.2)
    # The joint is a curved gap between both: dark cartilage and a line of fluid.
    gap = np.abs(superior - 0.9) - 0.7
    joint = np.maximum(gap, np.maximum(inferior - 0.5, np.abs(dz) - 8))
    points.over(joint, contrast.soft + 0.4 * (contrast.fluid - contrast.soft), edge=1.2)


def _ellipsoid(a: Floats, half_a: Signal, b: Floats, half_b: Signal, c: Floats, half_c: Signal) -> Floats:
    ratio = np.sqrt((a / half_a) ** 2 + (b / half_b) ** 2 + (c / half_c) ** 2)
    return np.asarray((ratio - 1) * np.minimum(half_b, half_c), dtype=np.float32)


def sac_distance(spine: Spine, points: Points) -> Floats:
    """Distance from the dural sac, mm, negative inside: a rounded triangle with its point to the back."""
    p = spine.profile
    e = points.entry
    front, back = p.sac_front[e], p.sac_back[e]
    half = np.maximum((back - front) * np.float32(0.5), 0.3)
    depth = (points.u - (front + back) * np.float32(0.5)) / half
    width = np.where(points.v > 0, p.sac_left[e], p.sac_right[e]) * (
        1 - np.float32(0.25) * np.clip(depth, -1, 1)
    )
    ratio = np.sqrt(depth * depth + (points.across / np.maximum(width, 0.3)) ** 2)
    return np.asarray((ratio - 1) * np.minimum(half, width), dtype=np.float32)


def _paint_canal(spine: Spine, points: Points, contrast: Contrast) -> None:
    """Epidural fat, the thickened flavum in front of it, the sac, its roots and the cord."""
    p = spine.profile
    e = points.entry
    front, back, roof, half = p.sac_front[e], p.sac_back[e], p.roof[e], p.canal_half[e]
    slant = points.u - roof + np.float32(0.45) * points.across
    wall = np.minimum(p.half_ap[e], front)
    bony = np.maximum(np.maximum(points.across - half, wall - points.u), slant - 1.0)
    points.over(bony, contrast.soft)
    # Fat lies behind the sac in the midline, and in front of it at the sacrum. Flavum takes its place.
    lost = np.clip((roof - back - 2.4) * np.float32(0.4), 0, 1)
    posterior = np.maximum(bony, np.maximum(back - 1.5 - points.u, points.across - 6.0))
    points.over(posterior, contrast.fat * (1 - lost) + contrast.ligament * lost)
    thick = np.maximum(bony, np.maximum(back + 0.6 - points.u, 3 - np.abs(points.u - back) * 0 - lost * 9))
    points.over(thick, contrast.ligament)
    points.over(
        np.maximum(bony, np.maximum(points.u - front, front - wall - 12)), _front_fat(spine, points, contrast)
    )
    sac = sac_distance(spine, points)
    points.over(sac - 0.5, contrast.ligament)
    points.over(sac, _contents(spine, points, contrast, sac))
    cord = p.cord[e]
    middle = (front + back) * np.float32(0.5) + 0.5
    inside = np.where(cord > 0.3, _ellipse(points.u - middle, cord * np.float32(0.8), points.across, cord), 9)
    points.over(np.maximum(inside, sac + 1), contrast.cord)


def _front_fat(spine: Spine, points: Points, contrast: Contrast) -> Floats:
    room = spine.profile.sac_front[points.entry] - spine.profile.half_ap[points.entry]
    share = np.clip((room - 1.5) * np.float32(0.6), 0, 1) * (points.s < 8)
    return np.asarray(contrast.soft + share * (contrast.fat - contrast.soft), dtype=np.float32)


def _contents(spine: Spine, points: Points, contrast: Contrast, sac: Floats) -> Floats:
    """Fluid with a bundle of roots that settles to the back, and fills the sac where it is narrow."""
    p = spine.profile
    e = points.entry
    roots = p.roots[e]
    depth = (points.u - p.sac_front[e]) / np.maximum(p.sac_back[e] - p.sac_front[e], 0.5)
    wander = np.float32(0.05) * points.s
    dots = np.cos(points.v * 2.6 + np.sin(wander)) * np.cos((points.u + 0.02 * points.s) * 2.6)
    crowd = np.clip((depth - 1 + roots * 1.35) * 3, 0, 1) * (0.62 + 0.38 * dots)
    crowd = np.where(roots > 0.6, np.maximum(crowd, (roots - 0.6) * 2.3), crowd)
    return np.asarray(
        contrast.fluid + np.clip(crowd, 0, 1) * (contrast.root - contrast.fluid), dtype=np.float32
    )


def _column_parts(spine: Spine, points: Points) -> tuple[Floats, Floats, Floats]:
    """Distance outside the rim of the column, distance beyond the endplate, and the rim ratio (1 at the rim)."""
    p = spine.profile
    e = points.entry
    x = (points.v / p.half_width[e]) ** 2
    y = (points.u / p.half_ap[e]) ** 2
    flat = np.where(points.u > 0, np.float32(0.5), np.float32(1.7))
    ratio = np.sqrt(np.sqrt(x * x + y * y + flat * x * y))
    rim = (ratio - 1) * p.half_ap[e]
    lean = p.half_height[e] * (1 + np.float32(0.6) * p.bend[e] * points.u)
    # Endplates are hollow: 1.3 mm deeper in the middle than at the rim.
    hollow = np.float32(1.3) * np.clip(1 - ratio * ratio, 0, 1)
    return rim, np.abs(p.z[e]) - lean + hollow, ratio


def body_distance(spine: Spine, points: Points) -> Floats:
    """Distance from the vertebral body, mm, negative inside; its number is ``profile.vertebra``."""
    rim, beyond, _ = _column_parts(spine, points)
    return np.maximum(rim, beyond)


def _paint_column(spine: Spine, points: Points, contrast: Contrast) -> None:
    """Sacral wings, discs with their bulge, and vertebral bodies."""
    p, d = spine.profile, spine.discs
    e = points.entry
    rim, beyond, ratio = _column_parts(spine, points)
    z = p.z[e]
    wing = np.maximum(
        np.abs(points.u - 5) - 13 + 0.1 * points.across, np.maximum(points.across - 52, points.s + 2)
    )
    wing = np.maximum(np.maximum(wing, -40 - points.s), 12 - points.across)
    _bone(points, wing, contrast)
    disc = p.disc[e]
    inner = np.clip((points.across - 7) * np.float32(0.2), 0, 1)
    side = np.where(points.v > 0, d.bulge_left[disc], d.bulge_right[disc])
    backward = np.clip(points.u * np.float32(0.2), 0, 1)
    stands_out = 0.6 + backward * (p.bulge[e] * (1 - inner) + side * inner)
    outer = rim - stands_out
    points.over(np.maximum(outer, -beyond - 1.0), contrast.annulus)
    left = d.nucleus[disc]
    core = np.clip((0.72 - ratio) * 5, 0, 1) * np.clip(
        1 - (np.abs(p.disc_z[e]) / (p.disc_half[e] + 1.2)) ** 4, 0, 1
    )
    bright = contrast.degenerate + left * (contrast.nucleus - contrast.degenerate)
    cleft = 1 - 0.35 * np.clip(1 - np.abs(p.disc_z[e]) / 1.2, 0, 1)
    value = contrast.annulus + core * (bright * cleft * (1 + 0.1 * points.texture) - contrast.annulus)
    points.over(np.maximum(outer + 1.2, -beyond), value)
    _bone(points, np.maximum(rim, beyond), contrast, 0.9)
    vein = _ellipsoid(z, 2.2, points.u - p.half_ap[e] + 3, 4.0, points.across, 5.0)
    points.over(np.maximum(vein, rim + 0.3), 0.5 * (contrast.fat + contrast.marrow), edge=2.0)
