"""The words of the command line and the cohort they name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dataset.cohort import COHORTS, Cohort
from dataset.cohort_words import cohort_of
from labeling.issues import InputError
from lexicons.vocabulary import LEVELS, Level

PAPER, STRICT = COHORTS["deepspine"], COHORTS["strict"]

CASES: list[tuple[str, dict[str, Any], Cohort]] = [
    ("deepspine", {}, PAPER),
    ("deepspine", {"levels_described": 6, "contrast": "any", "postoperative": True, "implied": True}, PAPER),
    ("deepspine", {"levels_described": 3}, replace(PAPER, levels_described=3)),
    ("deepspine", {"levels_imaged": "none"}, replace(PAPER, levels_imaged=())),
    (
        "deepspine",
        {"levels_imaged": "l4-l5, L5-S1"},
        replace(PAPER, levels_imaged=(Level.L4_L5, Level.L5_S1)),
    ),
    ("deepspine", {"views": "axial"}, replace(PAPER, views=("axial",))),
    ("deepspine", {"views": "any"}, replace(PAPER, views=())),
    ("deepspine", {"modality": "mr,CT"}, replace(PAPER, modalities=("MR", "CT"))),
    ("deepspine", {"modality": "any"}, replace(PAPER, modalities=())),
    ("deepspine", {"contrast": "with"}, replace(PAPER, contrast=True)),
    ("deepspine", {"contrast": "without"}, replace(PAPER, contrast=False)),
    ("deepspine", {"postoperative": False}, replace(PAPER, exclude_flags=("postoperative",))),
    ("strict", {"postoperative": True}, replace(STRICT, exclude_flags=("transitional",))),
    ("strict", {"postoperative": True, "transitional": True}, replace(STRICT, exclude_flags=())),
    ("strict", {"uncertain": True, "implied": True}, replace(STRICT, uncertain=True, implied=True)),
    ("any", {"levels_imaged": ",".join(map(str, LEVELS))}, replace(COHORTS["any"], levels_imaged=LEVELS)),
]


@pytest.mark.parametrize(("name", "words", "rule"), CASES, ids=[f"{n} {w}" for n, w, _ in CASES])
def test_words_to_cohort(name: str, words: dict[str, Any], rule: Cohort) -> None:
    found = cohort_of(name, **words)
    assert replace(found, name=rule.name) == rule
    assert (found.name == name) == (rule in COHORTS.values())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"contrast": "none"}, "expected one of any, with, without; got 'none'"),
        ({"levels_imaged": "L5-L6"}, "expected levels such as L4-L5; got 'L5-L6'"),
        ({"views": "front"}, "expected views of axial, sagittal"),
    ],
)
def test_wrong_words_say_which_would_do(words: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        cohort_of("deepspine", **words)
