"""The choice of series is a table, and the table can be replaced."""

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from dataset.imaging.series import AXIAL_T2, SAGITTAL_T2, Ranking, choose_sagittal, preferring, rank
from dataset.imaging.stacks import Stack
from labeling.issues import InputError

BEST = Stack(
    study="1", series="1.5", stack=0, plane="sagittal", weighting="T2", role="primary", shape=(15, 100, 100),
    spacing_mm=(4.0, 1.0, 1.0), affine=np.eye(4), root=Path("tree"), paths=("a/b",), instances=(1,),
    modality="MR", contrast=False,
)  # fmt: skip

WORSE = {
    "modality is not said": {"modality": None},
    "derived": {"role": "derived"},
    "STIR": {"weighting": "STIR"},
    "weighting unknown": {"weighting": None},
    "contrast unknown": {"contrast": None},
    "after contrast": {"contrast": True},
    "fewer slices": {"shape": (11, 100, 100)},
    "coarser pixels": {"spacing_mm": (4.0, 1.2, 1.2)},
    "later series": {"series": "1.6"},
    "later stack": {"stack": 1},
}
REFUSED = {
    "axial": {"plane": "axial"},
    "T1": {"weighting": "T1"},
    "localizer": {"role": "localizer"},
    "CT": {"modality": "CT"},
    "too few slices": {"shape": (4, 100, 100)},
}


@pytest.mark.parametrize("changes", WORSE.values(), ids=WORSE)
def test_best_stack_wins_in_any_order(changes: dict) -> None:
    worse = replace(BEST, **changes)
    for stacks in ([BEST, worse], [worse, BEST]):
        assert choose_sagittal(stacks) is BEST
        assert rank(stacks, SAGITTAL_T2) == [BEST, worse]


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED)
def test_stack_that_cannot_serve_is_refused(changes: dict) -> None:
    assert choose_sagittal([replace(BEST, **changes)]) is None


def test_order_of_properties() -> None:
    """Role outweighs weighting, weighting outweighs contrast, contrast outweighs the number of slices."""
    ladder = [
        BEST,
        replace(BEST, contrast=True, shape=(30, 100, 100)),
        replace(BEST, weighting="STIR", shape=(40, 100, 100)),
        replace(BEST, role="derived", shape=(50, 100, 100)),
    ]
    assert rank(Random(1).sample(ladder, 4), SAGITTAL_T2) == ladder


def test_another_ranking_chooses_otherwise() -> None:
    t1 = replace(BEST, weighting="T1")
    assert choose_sagittal([BEST, t1], Ranking(plane="sagittal", weighting=("T1", "T2"))) is t1


def test_named_series_comes_first_whatever_its_tags_say() -> None:
    named = replace(BEST, weighting="T1", contrast=True, description="SAG t2 (mislabelled)")
    other = replace(BEST, description="T2 SAG")
    ranking = preferring(SAGITTAL_T2, r"sag\W+t2")
    for stacks in ([other, named, BEST], [BEST, named, other]):
        assert rank(stacks, ranking)[0] is named
    assert rank([BEST, other], ranking) == rank([BEST, other], SAGITTAL_T2)
    assert rank([replace(named, plane="axial"), replace(named, shape=(2, 9, 9))], ranking) == []


def test_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="--axial: expected a regular expression"):
        preferring(AXIAL_T2, "(T2")


def test_pattern_without_end_is_given_up() -> None:
    ranking = preferring(SAGITTAL_T2, "(a|aa)+$")
    with pytest.raises(InputError, match="--sagittal"):
        rank([replace(BEST, description="a" * 200 + "b")], ranking)


def test_axial_ranking_takes_thin_stacks_and_no_stir() -> None:
    axial = replace(BEST, plane="axial", shape=(3, 100, 100))
    assert rank([axial, replace(axial, weighting="STIR")], AXIAL_T2) == [axial]
