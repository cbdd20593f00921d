"""Probability maps to regions, and regions against an annotation."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from training.segmentation.evaluate import compare_names, dice, success
from training.segmentation.numbering import STEP_MM, number
from training.segmentation.regions import Maps, find_regions, parted

SHAPE = (300, 120)


def painted(*boxes: tuple[int, int, int, int]) -> NDArray[np.float32]:
    """Probability 0.9 inside (first row, last row, first column, last column), 0 elsewhere."""
    picture = np.zeros(SHAPE, np.float32)
    for top, bottom, left, right in boxes:
        picture[top:bottom, left:right] = 0.9
    return picture


def straight_spine(bodies: int = 6, shift: int = 0) -> Maps:
    """S1 at the lower end and `bodies` bodies of 30 x 26 mm above it, discs between them, pixels of 1 mm."""
    rows = [260.0 + shift]
    for step in (*STEP_MM, 28.4)[:bodies]:
        rows.append(rows[-1] - step)
    boxes = [(round(row) - 13, round(row) + 13, 40, 70) for row in rows]
    discs = [(upper[1] + 1, lower[0] - 1, 42, 68) for lower, upper in pairwise(boxes)]
    return {"body": painted(*boxes[1:]), "sacrum": painted(boxes[0]), "disc": painted(*discs)}


def test_bodies_sacrum_and_discs_are_found_with_place_and_size() -> None:
    found = find_regions(straight_spine(), 1.0).found
    assert (len(found.bodies), len(found.discs or ()), found.overlap) == (6, 6, 0)
    assert found.sacrum is not None
    assert (found.sacrum.row_mm, found.sacrum.column_mm, found.sacrum.area_mm2) == (259.5, 54.5, 780)
    assert len(number(found).vertebrae) == 7


def test_lengths_are_in_mm_whatever_the_pixel() -> None:
    coarse, fine = (find_regions(straight_spine(), mm).found for mm in (1.0, 0.5))
    assert coarse.sacrum is not None and fine.sacrum is not None
    assert fine.sacrum.area_mm2 == coarse.sacrum.area_mm2 / 4
    assert fine.sacrum.row_mm == coarse.sacrum.row_mm / 2


def test_a_network_without_discs_says_nothing_of_them() -> None:
    maps = straight_spine()
    del maps["disc"]
    assert find_regions(maps, 1.0).found.discs is None


def test_bodies_joined_by_a_bridge_are_parted() -> None:
    mask = painted((10, 36, 40, 70), (42, 68, 40, 70), (36, 42, 66, 70)) > 0
    regions = parted(mask, 1.0)
    assert sorted(np.unique(regions)) == [0, 1, 2]
    assert regions[20, 50] != regions[50, 50]


def test_noise_is_dropped_and_does_not_stick_to_its_neighbour() -> None:
    maps = straight_spine()
    maps["body"][5:10, 100:105] = 0.9
    assert len(find_regions(maps, 1.0).found.bodies) == 6


def test_a_second_column_in_the_belly_is_no_spine() -> None:
    maps = straight_spine()
    maps["body"][:, :16] = np.roll(maps["body"], 18, axis=0)[:, 45:61]  # narrower, and between the bodies
    found = find_regions(maps, 1.0).found
    assert len(found.bodies) == 6
    assert min(body.column_mm for body in found.bodies) > 40
    assert number(found).flags == ()


def test_nothing_is_found_where_there_is_nothing() -> None:
    empty = find_regions({name: np.zeros(SHAPE, np.float32) for name in ("body", "sacrum", "disc")}, 1.0)
    assert empty.found.bodies == () and empty.found.sacrum is None and empty.found.discs == ()


def test_a_body_at_the_edge_is_marked() -> None:
    maps = straight_spine(shift=-60)
    maps["body"][:9] = painted((0, 9, 40, 70))[:9]
    whole = [body.at_edge for body in find_regions(maps, 1.0).found.bodies]
    assert sum(whole) == 1


@pytest.mark.parametrize(("rows", "refused"), [(0, None), (2, None), (6, "sacrum-overlap")])
def test_overlap_of_s1_with_a_body_is_measured(rows: int, refused: str | None) -> None:
    maps = straight_spine()
    maps["body"][247 : 247 + rows, 40:70] = 0.95
    found = find_regions(maps, 1.0).found
    assert found.overlap == pytest.approx(rows / 26)
    assert number(found).refused == refused


def test_dice_of_masks() -> None:
    empty, half, full = np.array([0, 0], bool), np.array([0, 1], bool), np.array([1, 1], bool)
    assert [dice(empty, empty), dice(half, full), dice(empty, full)] == [1.0, 2 / 3, 0.0]


def without_top(maps: Maps) -> Maps:
    maps["body"][:80] = 0
    return maps


def named_one_too_high(maps: Maps) -> Maps:
    """S1 called a body, S2 called S1, and a network that does not look for discs."""
    del maps["disc"]
    maps["body"] = np.maximum(maps["body"], maps["sacrum"])
    maps["sacrum"] = painted((274, 293, 40, 68))
    return maps


@pytest.mark.parametrize(
    ("found", "succeeds", "misnamed", "distances"),
    [
        (straight_spine(), True, 0, 7),
        (straight_spine(shift=3), True, 0, 7),
        (without_top(straight_spine()), False, 0, 6),
        (named_one_too_high(straight_spine()), False, 6, 0),
    ],
)
def test_the_papers_criteria_and_the_names(
    found: Maps, succeeds: bool, misnamed: int, distances: int
) -> None:
    true_plane, plane = find_regions(straight_spine(), 1.0), find_regions(found, 1.0)
    truth, numbers = number(true_plane.found), number(plane.found)
    assert truth.refused is None and numbers.refused is None
    assert success(truth, plane, numbers, 1.0) == succeeds
    by_name, wrong = compare_names(true_plane, truth, plane, numbers)
    assert (wrong, len(by_name)) == (misnamed, distances)
