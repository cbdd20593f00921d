"""A series to its stacks: every slice of every stack lies where its own header says."""

import time
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from dicom_factory import AXIAL, CORONAL, SAGITTAL, Stack, moved
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset.imaging.slices import Slice
from dataset.imaging.splitting import holes, split_series


def slices(stack: Stack, start: int = 1, **changes: object) -> list[Slice]:
    """What the index knows of the slices of a stack."""
    return [
        Slice(
            **{
                "path": f"{start + n:04d}", "stamp": "", "frame": None, "study": "1", "series": "1.1",
                "sop_instance": f"1.1.{start + n}", "instance": start + n, "rows": stack.rows,
                "columns": stack.columns, "position": tuple(stack.corner(n)),
                "orientation": tuple(stack.orientation), "pixel_mm": stack.pixel, "thickness": 4.0,
                "accession": None, "patient": None, "date": None,
                "modality": None, "description": None, "weighting": "T2", "role": "primary", "contrast": None,
                "missing": (), **changes,
            }
        )
        for n in range(stack.slices)
    ]  # fmt: skip


def lengths(runs: list) -> list[int]:
    return [len(run.slices) for run in runs]


def tilted(degrees: float) -> tuple[float, ...]:
    angle = np.radians(degrees)
    return (1, 0, 0, 0, float(np.cos(angle)), float(np.sin(angle)))


BLOCK = Stack(AXIAL, (0, 0, 0), 5, 4.0, 8, 8, (1.0, 1.0))

SPLITS = {
    "one stack": ([BLOCK], [5]),
    "single slice": ([moved(BLOCK, slices=1)], [1]),
    "two blocks of one orientation": ([BLOCK, moved(BLOCK, first=(0, 0, 30), slices=4)], [5, 4]),
    "two blocks of unequal angle": ([BLOCK, moved(BLOCK, orientation=tilted(10), first=(0, 0, 40))], [5, 5]),
    "within the tolerance": ([BLOCK, moved(BLOCK, orientation=tilted(0.02), first=(0, 0, 20))], [10]),
    "lone slice before a block": ([moved(BLOCK, slices=1, first=(0, 0, -20)), BLOCK], [1, 5]),
    "two gaps": ([BLOCK, moved(BLOCK, first=(0, 0, 16 + 6), gap=6.0)], [4, 6]),
    "shifted sideways": ([BLOCK, moved(BLOCK, first=(3, 0, 20))], [5, 5]),
    "localizer": ([moved(BLOCK, orientation=o, slices=1) for o in (SAGITTAL, AXIAL, CORONAL)], [1, 1, 1]),
    "two images of every place": ([BLOCK, BLOCK], [5, 5]),
}  # fmt: skip


@pytest.mark.parametrize(("stacks", "expected"), SPLITS.values(), ids=SPLITS)
def test_series_splits_into_stacks(stacks: list[Stack], expected: list[int]) -> None:
    starts = np.cumsum([1, *(stack.slices for stack in stacks)]).tolist()
    every = [item for stack, start in zip(stacks, starts, strict=False) for item in slices(stack, start)]
    runs = split_series(Random(0).sample(every, len(every)))
    assert lengths(runs) == expected
    assert sorted(item.instance for run in runs for item in run.slices) == [item.instance for item in every]
    assert_every_slice_in_its_place(runs)


def assert_every_slice_in_its_place(runs: list) -> None:
    for run in runs:
        for number, item in enumerate(run.slices):
            np.testing.assert_allclose((run.affine @ [number, 0, 0, 1])[:3], item.position, atol=0.1)


@pytest.mark.parametrize(("orientation", "axis"), [(SAGITTAL, 0), (CORONAL, 1), (AXIAL, 2)])
@pytest.mark.parametrize("flip", [1, -1])
def test_slices_run_to_the_left_the_back_or_the_head(orientation: tuple, axis: int, flip: int) -> None:
    turned = (*orientation[:3], *(flip * value for value in orientation[3:]))
    (run,) = split_series(slices(Stack(turned, (0, 0, 0), 4, 3.0, 8, 8, (1.0, 1.0))))
    assert run.affine[axis, 0] == pytest.approx(3.0)
    assert all(a.position[axis] < b.position[axis] for a, b in pairwise(run.slices))


def test_weighting_parts_the_echoes_of_a_series() -> None:
    early, late = slices(BLOCK, 1, weighting="PD"), slices(BLOCK, 6, weighting="T2")
    assert lengths(split_series([*early, *late])) == [5, 5]


def test_sheared_stack_keeps_its_places() -> None:
    shear = np.array([0.1, 0.0, 1.0])
    runs = split_series(slices(moved(BLOCK, direction=shear)))
    assert lengths(runs) == [5]
    np.testing.assert_allclose(runs[0].affine[:3, 0], 4 * shear, atol=1e-9)


def test_single_slice_takes_its_thickness_for_the_gap() -> None:
    (run,) = split_series(slices(moved(BLOCK, slices=1), thickness=3.5))
    np.testing.assert_allclose(run.affine[:3, 0], [0, 0, 3.5])
    assert split_series(slices(moved(BLOCK, slices=1), thickness=None)) == []


def test_missing_slices_are_counted() -> None:
    every = slices(moved(BLOCK, slices=14))
    runs = split_series([item for item in every if item.instance not in (5, 6, 10)])
    aside = split_series(slices(moved(BLOCK, first=(5, 0, 60)), 20))
    assert lengths(runs) == [4, 3, 4]
    assert [(runs.index(run), missing) for run, missing in holes([*runs, *aside])] == [(1, 2), (2, 1)]
    assert list(holes([])) == []


def any_turn(random: np.random.Generator) -> tuple[float, ...]:
    first, second = random.normal(size=(2, 3))
    row = first / np.linalg.norm(first)
    column = second - (second @ row) * row
    return (*row, *(column / np.linalg.norm(column)))


@pytest.mark.parametrize("how", ["any turn", "any gap", "ever longer steps"])
def test_thousand_stacks_in_one_series_are_split_in_seconds(how: str) -> None:
    random = np.random.default_rng(0)
    places = {
        "any turn": [(0, 0, 0)] * 1000,
        "any gap": [(0, 0, z) for z in random.uniform(0.1, 5, 1000).cumsum()],
        "ever longer steps": [(1.5 ** min(n, 40) + n, 0, n) for n in range(1000)],
    }[how]
    every = [
        item
        for number, place in enumerate(places)
        for item in slices(
            Stack(any_turn(random) if how == "any turn" else AXIAL, place, 1, 4.0, 8, 8, (1.0, 1.0)),
            number + 1,
        )
    ]
    started = time.process_time()
    runs = split_series(every)
    list(holes(runs))
    assert time.process_time() - started < 10
    assert sum(lengths(runs)) == 1000
    assert_every_slice_in_its_place(runs)


@settings(max_examples=60, deadline=None)
@given(
    angles=st.tuples(*[st.floats(-40, 40)] * 3),
    base=st.sampled_from([SAGITTAL, AXIAL, CORONAL]),
    gap=st.floats(1, 12),
    count=st.integers(2, 12),
    seed=st.integers(0, 99),
)
def test_affine_gives_back_every_position_for_any_orientation_and_order(
    angles: tuple, base: tuple, gap: float, count: int, seed: int
) -> None:
    x, y, z = np.radians(angles)
    turn = (
        np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
        @ np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
        @ np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    )
    orientation = np.concatenate([turn @ base[:3], turn @ base[3:]])
    stack = Stack(tuple(orientation), (10, -20, 30), count, gap, 6, 5, (0.5, 0.8))
    every = slices(stack)
    (run,) = split_series(Random(seed).sample(every, count))
    assert_every_slice_in_its_place([run])
    for number, item in enumerate(run.slices):
        points = stack.points(item.instance - 1)
        np.testing.assert_allclose((run.affine @ [number, 3, 2, 1])[:3], points[3, 2], atol=1e-6)
