"""Which vertebra is which: numbered from S1 up, and refused rather than shifted when something is missing.

The numbers are those of the label maps: 1 is S1, 2 is L5, ..., 7 is T12, 8 is T11. A vertebra that the
network missed leaves a step of two between its neighbours; a body that fell into two leaves steps that are
too short. Both are seen here from the steps between centroids and, independently, from the discs between
them.

Places are (row, column) in mm on the sagittal plane: rows grow towards the feet, columns towards the back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median, median_low
from typing import Literal

import numpy as np

S1, L5, T12, T11 = 1, 2, 7, 8
NAMES = {1: "S1", 2: "L5", 3: "L4", 4: "L3", 5: "L2", 6: "L1", 7: "T12", 8: "T11"}
"""Name of each vertebra by its value in the label map."""

STEP_MM = (34.1, 36.4, 37.3, 35.7, 34.2, 31.9, 28.4)
"""Median distance of neighbouring centroids, S1-L5 first and T12-T11 last: 27 SPIDER patients. In units of a
patient's own size a step is within 0.73 and 1.17 of its median; a missed vertebra makes 1.8 and more."""

TOO_LONG, TOO_SHORT = 1.45, 0.6
BODY_MM2 = 780.0
"""Median area of a body on the midline in the same patients."""

AGREE = (0.75, 1.35)
"""Size by steps over size by areas, where the two are believed: 0.87 to 1.10 in the same patients. Bodies
that are missing here and there make the steps longer, but no body larger."""

NEAR_CURVE_MM = 25.0
NEAR_LINE_MM = 15.0
FULL = 0.6
"""A body of this share of the usual area is of full size; S2 has less on the midline."""

MOST_OF_S1 = 0.75
"""S1 at the edge with less than this share of a body's area is cut, and may be a cut L5 (whole S1: 0.85)."""

COMPLETE = 5
"""Lumbar bodies that the paper's cohort demands: L1 to L5."""


@dataclass(frozen=True, slots=True)
class Region:
    """One connected region of a structure: its number in the picture of regions, place, and size."""

    index: int
    row_mm: float
    column_mm: float
    area_mm2: float
    at_edge: bool = False

    def distance(self, other: Region) -> float:
        """Distance of the two centroids in mm."""
        return math.hypot(self.row_mm - other.row_mm, self.column_mm - other.column_mm)


@dataclass(frozen=True, slots=True)
class Found:
    """What the network found on the central slices of one stack.

    `overlap` is the share of S1's pixels that are also a vertebral body. `discs` is None when the network
    does not look for them.
    """

    bodies: tuple[Region, ...]
    sacrum: Region | None
    discs: tuple[Region, ...] | None = None
    overlap: float = 0.0


@dataclass(frozen=True, slots=True)
class Numbering:
    """The vertebrae by number, what an auditor should know, and why nothing was numbered if nothing was.

    `vertebrae` maps the value of the label map (1 S1 ... 8 T11) to its region; it is empty when `refused`
    is set.
    """

    vertebrae: dict[int, Region] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    refused: str | None = None


REASONS = {
    "no-sacrum": "expected S1 at the lower end of the spine; none was found",
    "no-bodies": "expected vertebral bodies above S1; none was found",
    "sacrum-overlap": "expected S1 apart from the lumbar bodies; the two overlap",
    "body-below-sacrum": "expected no lumbar body below S1; a body of full size lies there",
    "cut-sacrum": "expected most of S1 in the image; it ends there, and the last vertebra may be another one",
    "no-lumbosacral-disc": "expected a disc on top of S1; none was seen, and S2 may have been taken for S1",
    "irregular-spacing": "expected even steps from body to body; one is too long, and no disc explains it",
    "crowded-bodies": "expected even steps from body to body; one is too short, a body fell apart",
}
"""Every reason to refuse a stack, in words."""


def number(found: Found, most_overlap: float = 0.1) -> Numbering:
    """Number the bodies of `found` from S1 up.

    Bodies cut by the upper or lower edge take no part. Flags: ``missing-L4`` (not found, its number left
    out), ``fewer-than-five``, ``off-curve`` and ``below-sacrum`` (a region was ignored), ``no-disc-L4-L5``
    (none seen between two bodies), ``sacrum-at-edge`` (S1 is cut, its centroid is not true),
    ``small-sacrum`` and ``disc-below-sacrum`` (the anatomy may be transitional, or S2 was taken for S1).
    """
    flags: list[str] = []
    named = _named(found, most_overlap, flags)
    if isinstance(named, str):
        return Numbering(flags=tuple(flags), refused=named)
    return Numbering(named, (*flags, *_doubts(named, found)))


def count_up(found: Found) -> Numbering:
    """The whole bodies of an annotation without S1, from the lowest, L5, up to T11; refused where none is.

    For the truth only: an annotator who begins at L5 says so, a network that misses S1 does not.
    """
    whole = sorted((body for body in found.bodies if not body.at_edge), key=lambda body: -body.row_mm)
    named = dict(zip(range(L5, T11 + 1), whole, strict=False))
    return Numbering(named, refused=None if named else "no-bodies")


def _named(found: Found, most_overlap: float, flags: list[str]) -> dict[int, Region] | str:
    """Regions by number up to T11, or the reason to refuse; notes in `flags` what was ignored."""
    chain = _chain(found, most_overlap, flags)
    if isinstance(chain, str):
        return chain
    if found.discs is not None and not between(chain[0], chain[1], found.discs):
        return "no-lumbosacral-disc"
    numbers = _climb(chain, found.discs)
    if isinstance(numbers, str):
        return numbers
    return {n: region for n, region in zip(numbers, chain, strict=True) if n <= T11}


def _chain(found: Found, most_overlap: float, flags: list[str]) -> list[Region] | str:
    """S1 and the whole bodies above it in order, or why S1 is not to be trusted."""
    sacrum = found.sacrum
    if sacrum is None:
        return "no-sacrum"
    if found.overlap > most_overlap:
        return "sacrum-overlap"
    whole = [body for body in found.bodies if not body.at_edge]  # a cut body has no true centroid
    above = sorted((b for b in whole if b.row_mm < sacrum.row_mm), key=lambda body: -body.row_mm)
    below = [body.area_mm2 for body in whole if body.row_mm >= sacrum.row_mm]
    if not above:
        return "no-bodies"
    if below and max(below) > FULL * median(body.area_mm2 for body in above):
        return "body-below-sacrum"
    if sacrum.at_edge and sacrum.area_mm2 < MOST_OF_S1 * median(body.area_mm2 for body in above):
        return "cut-sacrum"
    flags += ["below-sacrum"] if below else []
    return [sacrum, *_on_curve(above, sacrum, flags)]


def _on_curve(bodies: list[Region], sacrum: Region, flags: list[str]) -> list[Region]:
    """`bodies` without those off the line of their neighbours: a gut loop is no vertebra."""
    kept = list(bodies)
    while len(kept) > 3:
        chain = [sacrum, *kept]
        off = [_off_curve(chain, place) for place in range(1, len(chain))]
        if max(off) <= NEAR_CURVE_MM:
            break
        kept.pop(off.index(max(off)))
        if "off-curve" not in flags:
            flags.append("off-curve")
    return kept


def _off_curve(chain: Sequence[Region], place: int) -> float:
    """Distance in mm of one centroid from the line through its neighbours, the two below it at the top.

    A line, not a fitted curve: at its ends a polynomial through lordosis and kyphosis points anywhere.
    """
    last = len(chain) - 1
    first, second = (
        (chain[place - 1], chain[place + 1]) if place < last else (chain[last - 2], chain[last - 1])
    )
    along = (second.row_mm - first.row_mm, second.column_mm - first.column_mm)
    offset = (chain[place].row_mm - first.row_mm, chain[place].column_mm - first.column_mm)
    return abs(along[0] * offset[1] - along[1] * offset[0]) / math.hypot(*along)


def _climb(chain: Sequence[Region], discs: tuple[Region, ...] | None) -> list[int] | str:
    """The number of each region of `chain` (S1 first), or the reason why it cannot be told."""
    size = median_low(low.distance(high) / _usual(k) for k, (low, high) in enumerate(pairwise(chain)))
    by_area = math.sqrt(median(body.area_mm2 for body in chain[1:]) / BODY_MM2)
    if not AGREE[0] < size / by_area < AGREE[1]:
        return "irregular-spacing"
    numbers = [S1]
    for low, high in pairwise(chain):
        jump = _jump(low, high, numbers[-1] - S1, size, discs)
        if isinstance(jump, str):
            return jump
        numbers.append(numbers[-1] + jump)
    return numbers


def _jump(
    low: Region, high: Region, place: int, size: float, discs: tuple[Region, ...] | None
) -> int | Literal["crowded-bodies", "irregular-spacing"]:
    """By how much the number grows from one body to the next: 1, or 2 where one body is surely missing."""
    share = low.distance(high) / size
    seen = None if discs is None else len(between(low, high, _full(discs)))
    if share < TOO_SHORT * _usual(place):
        return "crowded-bodies"
    if share < TOO_LONG * _usual(place):
        return 1 if seen is None or seen < 2 else "irregular-spacing"
    double = share / (_usual(place) + _usual(place + 1))
    return 2 if 0.75 < double < 1.3 and seen in {None, 2} else "irregular-spacing"


def _full(discs: tuple[Region, ...]) -> list[Region]:
    """Discs of half the median size and more; a fleck inside a body is none."""
    least = median(disc.area_mm2 for disc in discs) / 2 if discs else 0.0
    return [disc for disc in discs if disc.area_mm2 >= least]


def _usual(place: int) -> float:
    return STEP_MM[min(place, len(STEP_MM) - 1)]


def between(low: Region, high: Region, discs: Sequence[Region]) -> list[Region]:
    """The discs that lie between two bodies: near their connecting line, not beyond either end."""
    along = np.array([high.row_mm - low.row_mm, high.column_mm - low.column_mm])
    length = float(np.linalg.norm(along))
    found = []
    for disc in discs:
        offset = np.array([disc.row_mm - low.row_mm, disc.column_mm - low.column_mm])
        share = float(offset @ along) / length**2
        aside = abs(float(along[0] * offset[1] - along[1] * offset[0])) / length
        if 0.1 < share < 0.9 and aside < NEAR_LINE_MM:
            found.append(disc)
    return found


def _doubts(named: dict[int, Region], found: Found) -> list[str]:
    """Flags of a numbering that stands."""
    top = max(named)
    flags = [f"missing-{NAMES[n]}" for n in range(L5, top) if n not in named]
    if sum(L5 <= n <= T12 - 1 for n in named) < COMPLETE:
        flags.append("fewer-than-five")
    if named[S1].at_edge:
        flags.append("sacrum-at-edge")
    areas = [region.area_mm2 for n, region in named.items() if n != S1]
    if named[S1].area_mm2 < 0.5 * median(areas):
        flags.append("small-sacrum")
    return flags + ([] if found.discs is None else _disc_doubts(named, found.discs))


def _disc_doubts(named: dict[int, Region], discs: tuple[Region, ...]) -> list[str]:
    flags = [
        f"no-disc-{NAMES[n + 1]}-{NAMES[n]}"
        for n in sorted(named)
        if n + 1 in named and not between(named[n], named[n + 1], discs)
    ]
    if L5 in named:
        typical = median(disc.area_mm2 for disc in discs) if discs else 0.0
        beyond = replace(
            named[S1],
            row_mm=2 * named[S1].row_mm - named[L5].row_mm,
            column_mm=2 * named[S1].column_mm - named[L5].column_mm,
        )
        if any(disc.area_mm2 > 0.6 * typical for disc in between(named[S1], beyond, discs)):
            flags.append("disc-below-sacrum")
    return flags
