"""What is done to a disc: normalisation, mirror, motion, hidden views; and that a seed repeats it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
from tiny_discs import AXIAL, SAGITTAL, paint

from lexicons.findings import HEAD_CODES
from training.config import VIEWS, AugmentConfig, InputConfig
from training.prepare import PreparedDisc
from training.transforms import Discs, augment, hide, mirror, move, normalise, to_tensors

INPUTS = InputConfig(axial=AXIAL, sagittal=SAGITTAL)
LOUD = AugmentConfig(rotate_deg=10, shift=0.1, gain=0.2, noise=0.1, mirror=0.5, drop_view=0.5)


def prepared(grades: tuple[int, int, int], absent: str = "", noise: float = 0.3) -> PreparedDisc:
    named = dict(zip(HEAD_CODES, grades, strict=True))
    rng = np.random.default_rng(0)
    views = {name: paint(rng, named, view, noise=noise).tobytes() for view, name in enumerate(VIEWS)}
    if absent:
        views[absent] = None  # type: ignore[assignment]
    return PreparedDisc("f > row 0", "s", "p", "L4-L5", grades=grades, **views)


def disc(grades: tuple[int, int, int] = (1, 3, 0), absent: str = "") -> Discs:
    return to_tensors(prepared(grades, absent=absent), INPUTS)


def same(one: Discs, other: Discs) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("unit_variance", [False, True])
def test_a_volume_has_mean_zero(unit_variance: bool) -> None:
    voxels = np.random.default_rng(0).integers(0, 3000, (3, 5, 7)).astype(np.int16)
    volume = normalise(voxels.tobytes(), (3, 5, 7), unit_variance=unit_variance)
    assert float(volume.mean()) == pytest.approx(0, abs=1e-3)
    expected = 1.0 if unit_variance else voxels.std()
    assert float(volume.std(correction=0)) == pytest.approx(expected, rel=1e-4)


def test_mean_subtraction_keeps_the_differences() -> None:
    volume = normalise(np.array([10, 20, 60], np.int16).tobytes(), (1, 1, 3), unit_variance=False)
    assert volume.flatten().tolist() == [-20, -10, 30]


@pytest.mark.parametrize("data", [None, np.full((2, 2, 2), 7, np.int16).tobytes()])
def test_an_absent_or_empty_volume_is_zeros(data: bytes | None) -> None:
    assert torch.equal(normalise(data, (2, 2, 2), unit_variance=True), torch.zeros(2, 2, 2))


@pytest.mark.parametrize(("absent", "present"), [("", [1, 1]), ("axial", [0, 1]), ("sagittal", [1, 0])])
def test_present_says_which_view_is_there(absent: str, present: list[int]) -> None:
    assert disc(absent=absent).present.tolist() == [bool(p) for p in present]


GRADES = list(product(range(4), repeat=3))


@pytest.mark.parametrize("heads", [("SCS", "RFS", "LFS"), ("LFS", "SCS", "RFS"), ("RRS", "LRS", "SCS")])
def test_a_mirror_swaps_the_grades_of_right_and_left(heads: tuple[str, ...]) -> None:
    one = disc()._replace(grades=torch.tensor([0, 1, 2]))
    swapped = dict(zip(heads, mirror(one, heads).grades.tolist(), strict=True))
    named = dict(zip(heads, [0, 1, 2], strict=True))
    other = {"RFS": "LFS", "LFS": "RFS", "RRS": "LRS", "LRS": "RRS", "SCS": "SCS"}
    assert swapped == {code: named[other[code]] for code in heads}


@pytest.mark.parametrize("grades", GRADES, ids=str)
def test_a_mirrored_disc_is_the_disc_of_the_swapped_grades(grades: tuple[int, int, int]) -> None:
    """Narrowing on the right, mirrored, looks like narrowing on the left and is called so, in both views."""
    canal, right, left = grades
    one = to_tensors(prepared(grades, noise=0), INPUTS)
    assert same(mirror(one, HEAD_CODES), to_tensors(prepared((canal, left, right), noise=0), INPUTS))
    assert torch.equal(mirror(one, HEAD_CODES).axial, one.axial) == (right == left)


def test_two_mirrors_are_none() -> None:
    assert same(mirror(mirror(disc(), HEAD_CODES), HEAD_CODES), disc())


def test_a_batch_mirrors_like_its_discs() -> None:
    batch = Discs(*(torch.stack(pair) for pair in zip(disc(), disc((0, 2, 1)), strict=True)))
    for number, one in enumerate((disc(), disc((0, 2, 1)))):
        assert same(Discs(*(t[number] for t in mirror(batch, HEAD_CODES))), mirror(one, HEAD_CODES))


@pytest.mark.parametrize("rows_columns", [(20, 20), (12, 20)])
def test_a_shift_moves_down_and_right(rows_columns: tuple[int, int]) -> None:
    rows, columns = rows_columns
    volume = torch.zeros(2, rows, columns)
    volume[:, 4, 5] = 1
    moved = move(volume, 0.0, (3 / rows, 2 / columns))
    assert torch.allclose(moved[:, 7, 7], torch.ones(2), atol=1e-5)
    assert float(moved.abs().sum()) == pytest.approx(2, abs=1e-4)


def test_a_turn_keeps_pixels_square() -> None:
    """A quarter turn carries a point 4 beside the centre to 4 above or below it, whatever the frame."""
    volume = torch.zeros(1, 13, 21)
    volume[0, 6, 14] = 1
    turned = move(volume, 90.0, (0.0, 0.0))
    row, column = divmod(int(turned[0].argmax()), 21)
    assert (abs(row - 6), column) == (4, 10)


@pytest.mark.parametrize("view", ["axial", "sagittal"])
def test_a_hidden_view_is_absent(view: str) -> None:
    assert same(hide(disc(), view), disc(absent=view))


def test_a_seed_repeats_a_variant_and_another_differs() -> None:
    one, again, other = (
        augment(disc(), LOUD, HEAD_CODES, torch.Generator().manual_seed(seed)) for seed in (3, 3, 4)
    )
    assert same(one, again)
    assert not same(one, other)


def test_no_augmentation_is_the_disc_itself() -> None:
    assert same(augment(disc(), AugmentConfig(), HEAD_CODES, torch.Generator()), disc())


def test_the_only_view_is_never_hidden() -> None:
    always = AugmentConfig(drop_view=1.0)
    for seed in range(8):
        generator = torch.Generator().manual_seed(seed)
        assert augment(disc(absent="axial"), always, HEAD_CODES, generator).present.tolist() == [False, True]
        assert int(augment(disc(), always, HEAD_CODES, generator).present.sum()) == 1


def test_every_kind_of_variant_occurs_about_as_often_as_asked() -> None:
    variants = [augment(disc(), LOUD, HEAD_CODES, torch.Generator().manual_seed(s)) for s in range(100)]
    mirrored = sum(v.grades.tolist() == [1, 0, 3] for v in variants)
    hidden = sum(not bool(v.present.all()) for v in variants)
    assert 35 <= mirrored <= 65
    assert 35 <= hidden <= 65
