"""The curve of the spine through a few points, and the discs that stand on it.

After Lu et al. 2018 (DeepSPINE), section 3.1: a polynomial through the centroids of the vertebral bodies, a
disc halfway between two neighbours, its plane perpendicular to the tangent. The parameter is the length
along the chords between the points. A small penalty on the third derivative stands in for choosing the
degree by the number of vertebrae: one curve serves for three of them as for eight.

Measured on 12 masks of seven vertebrae (Chu et al. 2015), by `python benchmarks/spine.py`: a vertebra that
has neighbours on both sides is left out, and its centroid lies 0.66 mm (median) from the curve; with six
vertebrae 0.70, with five 0.77. Plain polynomials of degree 2, 3, 4, 5 through seven: 2.60, 0.90, 0.74, 0.95.
Degree and penalty were chosen on the same masks, where neighbouring settings differ by 0.05.

What the tangent cannot know: measured against the endplates of these masks, and against the disc masks of 28
patients of SPIDER, real disc planes lean against it by some 4 degrees, the front of the disc lower. Where the
mask holds the disc itself, `resting_on` therefore takes centre and lean from the disc.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dataset.imaging.volume import Points
from lexicons.vocabulary import LEVELS, Level

DEGREE = 7
PENALTY = 5e-5
"""Weight of the integral of the squared third derivative over the curve, its parameter scaled to -1..1."""

REAR_SHARE = 0.17
"""Share of a disc's length, from its back, that counts as its back edge."""
WHOLE = 0.6
"""A millimetre of the back edge with less than this share of the highest one's voxels is a corner."""
MIDLINE_MM = 10.0
"""Half the width, to either side of the middle, of the part of a disc whose back edge counts."""
BELIEVED_DEG, BELIEVED_MM, BELIEVED_ALONG_MM = 20.0, 20.0, 8.0
"""A disc that leans further against the curve, or lies further from it in its plane or along it, is no disc.
The largest values in 27 patients of SPIDER: 13 degrees, 13 mm, 3 mm."""

VERTEBRAE = ("S1", "L5", "L4", "L3", "L2", "L1", "T12", "T11")
"""From the sacrum up, as they are numbered."""


@dataclass(frozen=True, eq=False)
class Plane:
    """The plane of a disc: its centre and its unit normal towards the head, LPS mm."""

    centre: Points
    normal: Points


@dataclass(frozen=True, eq=False)
class SpineCurve:
    """A polynomial curve, parametrised by mm along the chords of the points that it was fitted to.

    `coefficients`, (degree + 1, 3), are of the powers of ``(s - half) / half``. `positions` are the
    parameters of the points, from 0 at the lowest to ``2 half`` at the highest.
    """

    coefficients: Points
    half: float
    positions: Points

    @classmethod
    def fit(cls, points: npt.ArrayLike) -> SpineCurve:
        """The curve near `points` (n, 3), LPS mm, in order from the feet to the head.

        `ValueError` with fewer than two points, or two in one place.
        """
        points = np.asarray(points, dtype=np.float64)
        steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
        if len(points) < 2 or not steps.all():
            raise ValueError(f"spine curve: expected two points or more, all apart; got {len(points)}")
        positions = np.concatenate([[0.0], np.cumsum(steps)])
        half = float(positions[-1]) / 2
        degree = DEGREE if len(points) > 2 else 1
        powers = np.vander(positions / half - 1, degree + 1, increasing=True)
        penalised = powers.T @ powers + PENALTY * _roughness(degree)
        return cls(np.linalg.solve(penalised, powers.T @ points), half, positions)

    def at(self, position: npt.ArrayLike) -> Points:
        """Points (..., 3) on the curve at parameters (...), mm."""
        return self._powers(position, len(self.coefficients)) @ self.coefficients

    def tangent(self, position: npt.ArrayLike) -> Points:
        """Unit tangents (..., 3), towards the head, at parameters (...), mm."""
        orders = np.arange(1, len(self.coefficients))
        slope = self._powers(position, len(orders)) @ (orders[:, None] * self.coefficients[1:])
        tangent: Points = slope / np.linalg.norm(slope, axis=-1, keepdims=True)
        return tangent

    def plane(self, position: float) -> Plane:
        """The plane through the curve at a parameter, perpendicular to it."""
        return Plane(self.at(position), self.tangent(position))

    def _powers(self, position: npt.ArrayLike, count: int) -> Points:
        scaled = np.asarray(position, dtype=np.float64) / self.half - 1
        powers: Points = scaled[..., None] ** np.arange(count)
        return powers


def disc_planes(centroids: Mapping[str, Points]) -> dict[Level, Plane]:
    """The plane of every disc that has both of its vertebrae in `centroids` (``{"L4": (x, y, z)}``, LPS mm).

    The disc lies on the curve halfway between its neighbours. A vertebra that is missing costs the discs next
    to it and no other.
    """
    names = [name for name in VERTEBRAE if name in centroids]
    if len(names) < 2:
        return {}
    curve = SpineCurve.fit([centroids[name] for name in names])
    position = dict(zip(names, curve.positions, strict=True))
    return {
        level: curve.plane((position[level.upper] + position[level.lower]) / 2)
        for level in LEVELS
        if level.upper in position and level.lower in position
    }


def resting_on(plane: Plane, disc: Points) -> Plane | None:
    """The plane of a disc from its own voxels `disc` (n, 3), LPS mm; None where they cannot be that disc.

    It holds the centroid of the disc, the middle of its back edge, and the left-right direction of `plane`,
    the one the curve gives; `plane` also says what is believed. Through the back edge, because that is where
    the disc meets the canal: in 27 patients of SPIDER it passes the point of the canal next to the disc at
    1.0 mm (median; 95th percentile 3.1), the plane of the curve at 1.4 (4.5); at L5-S1 at 1.1 (3.9) and 3.5
    (6.6). ``python benchmarks/spine.py``.
    """
    centre = disc.mean(axis=0)
    normal = plane.normal
    for _ in range(3):  # which voxels are at the back depends on the lean
        normal = _towards_rear(normal, disc - centre)
    offset = centre - plane.centre
    along = abs(float(offset @ plane.normal))
    aside = float(np.linalg.norm(offset - (offset @ plane.normal) * plane.normal))
    leans = float(np.degrees(np.arccos(min(1.0, float(normal @ plane.normal)))))
    believed = leans <= BELIEVED_DEG and aside <= BELIEVED_MM and along <= BELIEVED_ALONG_MM
    return Plane(centre, normal) if believed else None


def _towards_rear(normal: Points, offsets: Points) -> Points:
    """`normal` leant forwards or backwards until its plane holds the middle of the back edge of `offsets`."""
    back = np.array([0.0, 1.0, 0.0]) - normal[1] * normal
    back /= np.linalg.norm(back)
    height, depth, side = (offsets @ axis for axis in (normal, back, np.cross(back, normal)))
    rear = depth >= depth.max() - REAR_SHARE * np.ptp(depth)
    near = rear & (abs(side) <= MIDLINE_MM)
    rear = near if near.any() else rear
    # Each millimetre has one voice, however many voxels it holds, but for the corners of a blunt edge: they
    # stand out backwards as soon as the plane leans.
    columns, at = np.unique(np.rint(depth[rear]), return_inverse=True)
    counts = np.bincount(at)
    whole = counts >= WHOLE * counts.max()
    middles = np.bincount(at, height[rear]) / counts
    leant = normal - middles[whole].mean() / columns[whole].mean() * back
    turned: Points = leant / np.linalg.norm(leant)
    return turned


def planes_through(centres: Mapping[str, Points], order: Sequence[str]) -> dict[str, Plane]:
    """Planes perpendicular to the curve of given points, each at its point; `order` runs feet to head."""
    names = [name for name in order if name in centres]
    if len(names) < 2:
        return {}
    curve = SpineCurve.fit([centres[name] for name in names])
    return {name: curve.plane(position) for name, position in zip(names, curve.positions, strict=True)}


def _roughness(degree: int) -> Points:
    """Integrals over -1..1 of the products of the third derivatives of the powers up to `degree`."""
    order = np.arange(degree + 1)
    factor = order * (order - 1) * (order - 2)
    power = order[:, None] + order - 6
    integral = np.where(power % 2 == 0, 2 / np.maximum(power + 1, 1), 0.0)
    gram: Points = factor[:, None] * factor * integral
    return gram
