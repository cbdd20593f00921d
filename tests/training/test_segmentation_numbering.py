"""Numbering from the sacrum up: every layout that could shift a name is named, flagged or refused."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.segmentation.numbering import NAMES, REASONS, STEP_MM, Found, Region, number


def spine(bodies: int = 7, size: float = 1.0, lordosis: float = 30.0) -> Found:
    """A whole spine of `bodies` bodies over S1 with a disc between any two, bent like a lumbar spine."""
    row, column, places = 250.0, 120.0, [(250.0, 120.0)]
    for k in range(bodies):
        step = STEP_MM[min(k, len(STEP_MM) - 1)] * size
        angle = math.radians(lordosis - 2 * lordosis * k / 6)
        row, column = row - step * math.cos(angle), column - step * math.sin(angle)
        places.append((row, column))
    regions = [Region(k, *place, 800.0 * size**2) for k, place in enumerate(places)]
    discs = tuple(
        Region(k, (a.row_mm + b.row_mm) / 2, (a.column_mm + b.column_mm) / 2, 250.0)
        for k, (a, b) in enumerate(pairwise(regions), start=1)
    )
    return Found(tuple(regions[1:]), regions[0], discs)


def without(found: Found, *indices: int) -> Found:
    return replace(found, bodies=tuple(b for b in found.bodies if b.index not in indices))


def with_body(found: Found, body: Region) -> Found:
    return replace(found, bodies=(*found.bodies, body))


def changed(found: Found, index: int, **changes: object) -> Found:
    return replace(
        found, bodies=tuple(replace(b, **changes) if b.index == index else b for b in found.bodies)
    )


def no_disc(found: Found, *indices: int) -> Found:
    return replace(found, discs=tuple(d for d in found.discs or () if d.index not in indices))


# In a whole spine region k has number k + 1: region 0 is S1, region 1 is L5, ..., region 6 is T12.
WHOLE = spine()
GUT = Region(50, WHOLE.bodies[2].row_mm + 15, WHOLE.bodies[2].column_mm - 60, 400.0)
S2 = Region(51, 280.0, 140.0, 400.0)
HALF = Region(52, WHOLE.bodies[3].row_mm + 12, WHOLE.bodies[3].column_mm, 300.0)
SACRUM = WHOLE.sacrum or GUT


@pytest.mark.parametrize(
    ("found", "names", "flags"),
    [
        (WHOLE, "S1 L5 L4 L3 L2 L1 T12 T11", ""),
        (spine(6), "S1 L5 L4 L3 L2 L1 T12", ""),
        (spine(9), "S1 L5 L4 L3 L2 L1 T12 T11", ""),
        (spine(4), "S1 L5 L4 L3 L2", "fewer-than-five"),
        (spine(7, size=0.75), "S1 L5 L4 L3 L2 L1 T12 T11", ""),
        (spine(7, lordosis=45), "S1 L5 L4 L3 L2 L1 T12 T11", ""),
        (without(WHOLE, 3), "S1 L5 L4 L2 L1 T12 T11", "missing-L3 fewer-than-five"),
        (without(WHOLE, 1), "S1 L4 L3 L2 L1 T12 T11", "missing-L5 fewer-than-five"),
        (without(WHOLE, 2, 5), "S1 L5 L3 L2 T12 T11", "missing-L4 missing-L1 fewer-than-five"),
        (without(WHOLE, 6), "S1 L5 L4 L3 L2 L1 T11", "missing-T12"),
        (replace(without(WHOLE, 3), discs=None), "S1 L5 L4 L2 L1 T12 T11", "missing-L3 fewer-than-five"),
        (changed(WHOLE, 7, at_edge=True), "S1 L5 L4 L3 L2 L1 T12", ""),
        (with_body(WHOLE, GUT), "S1 L5 L4 L3 L2 L1 T12 T11", "off-curve"),
        (with_body(WHOLE, S2), "S1 L5 L4 L3 L2 L1 T12 T11", "below-sacrum"),
        (no_disc(WHOLE, 2), "S1 L5 L4 L3 L2 L1 T12 T11", "no-disc-L4-L5"),
        (replace(WHOLE, sacrum=replace(SACRUM, area_mm2=300)), "S1 L5 L4 L3 L2 L1 T12 T11", "small-sacrum"),
        (replace(WHOLE, sacrum=replace(SACRUM, at_edge=True)), "S1 L5 L4 L3 L2 L1 T12 T11", "sacrum-at-edge"),
        (
            replace(WHOLE, discs=(*(WHOLE.discs or ()), Region(60, 266.0, 128.0, 250.0))),
            "S1 L5 L4 L3 L2 L1 T12 T11",
            "disc-below-sacrum",
        ),
        (replace(WHOLE, overlap=0.05), "S1 L5 L4 L3 L2 L1 T12 T11", ""),
    ],
)
def test_numbered(found: Found, names: str, flags: str) -> None:
    numbering = number(found)
    assert numbering.refused is None
    assert [NAMES[n] for n in sorted(numbering.vertebrae)] == names.split()
    assert list(numbering.flags) == flags.split()
    for n, region in numbering.vertebrae.items():
        assert region.index == n - 1, f"{NAMES[n]} stands on region {region.index}"


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (replace(WHOLE, sacrum=None), "no-sacrum"),
        (replace(WHOLE, bodies=()), "no-bodies"),
        (with_body(WHOLE, replace(S2, area_mm2=700.0)), "body-below-sacrum"),  # L5 was taken for S1
        (replace(WHOLE, overlap=0.2), "sacrum-overlap"),
        (no_disc(WHOLE, 1), "no-lumbosacral-disc"),  # the joint of S1 and S2 has no disc
        (replace(WHOLE, sacrum=replace(SACRUM, at_edge=True, area_mm2=300)), "cut-sacrum"),
        (without(WHOLE, 3, 4), "irregular-spacing"),  # two in a row: how many, nobody knows
        (no_disc(without(WHOLE, 3), 4), "irregular-spacing"),  # a gap that the discs do not explain
        (replace(without(WHOLE, 3, 4), discs=None), "irregular-spacing"),
        (without(WHOLE, 1, 3, 5, 7), "irregular-spacing"),  # every second one: the steps are even
        (replace(without(WHOLE, 1, 3, 5, 7), discs=None), "irregular-spacing"),
        (without(spine(2), 1), "irregular-spacing"),  # one body, but it is L4
        (with_body(WHOLE, HALF), "crowded-bodies"),
    ],
)
def test_refused(found: Found, reason: str) -> None:
    numbering = number(found)
    assert (numbering.refused, numbering.vertebrae) == (reason, {})
    assert REASONS[reason]


@given(
    missing=st.sets(st.integers(1, 7), max_size=7),
    size=st.floats(0.6, 1.3),
    lordosis=st.floats(0, 45),
    discs=st.booleans(),
)
def test_a_name_never_moves_to_another_vertebra(
    missing: set[int], size: float, lordosis: float, discs: bool
) -> None:
    found = without(spine(7, size, lordosis), *missing)
    numbering = number(found if discs else replace(found, discs=None))
    assert all(region.index == n - 1 for n, region in numbering.vertebrae.items())
    seen = set(range(1, max(numbering.vertebrae, default=1))) - {n - 1 for n in numbering.vertebrae}
    assert {f"missing-{NAMES[k + 1]}" for k in seen if k > 0} <= set(numbering.flags)
