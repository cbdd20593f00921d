"""The named cohorts: which studies and discs they keep, and the reason for every one they do not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from dataset.cohort import COHORTS, Cohort, parse_cohort, select, vary
from dataset.flow import Ledger
from dataset.inputs import DiscRow, Place
from dataset.join import Cell, ReportRow, Study
from labeling.issues import InputError
from lexicons.findings import CORE_CODES
from lexicons.vocabulary import LEVELS, Level

BOTH = frozenset({"axial", "sagittal"})
T12, L5 = Level.T12_L1, Level.L5_S1


def cell(
    code: str = "SCS", grade: int | None = 0, certainty: str = "affirmed", basis: str = "stated"
) -> Cell:
    low, high = (1, 3) if grade is None else (grade, grade)
    return Cell(code, grade, low, high, certainty, basis, "0123abcd", "R")


def disc(level: Level, views: frozenset[str] = BOTH, flags: tuple[str, ...] = ()) -> DiscRow:
    return DiscRow("S", str(level), "P", views, 2.0, ("1", "2"), flags, Place("0", int(level), 0, "discs"))


def study(**values: Any) -> Study:
    """A study that every cohort keeps: six levels with one core cell and one disc each."""
    report = ReportRow("R", "S", "P", None, "MR", frozenset(), "0", "deepspine", None)
    whole = Study(
        "S", report, {level: (cell(),) for level in LEVELS}, {level: disc(level) for level in LEVELS}
    )
    return replace(whole, **values)


def with_report(**values: Any) -> Study:
    return study(report=replace(study().report, **values))


def with_cells(at: Level, *cells: Cell) -> Study:
    return study(cells={**study().cells, at: cells})


def with_disc(at: Level, row: DiscRow | None) -> Study:
    discs = {**study().discs, at: row}
    return study(discs={level: disc for level, disc in discs.items() if disc is not None})


def run(one: Study, cohort: str | Cohort) -> tuple[list[Level], Counter[tuple[str, str]]]:
    """The levels that are kept, and the rows that fell out by table and reason."""
    ledger = Ledger()
    kept = [disc.level for disc in select([one], parse_cohort(cohort), ledger)]
    rows: Counter[tuple[str, str]] = Counter()
    for fate in ledger.dropped().to_pylist():
        rows[fate["table"], fate["reason"]] += fate["rows"]
    return kept, rows


def all_out(reason: str, labels: int = 6, discs: int = 6) -> dict[tuple[str, str], int]:
    return {("reports", reason): 1, ("labels", reason): labels, ("discs", reason): discs}


WITHOUT_T12 = list(LEVELS[1:])
ALL = list(LEVELS)

CASES: dict[str, tuple[Study, str | Cohort, list[Level], dict[tuple[str, str], int]]] = {
    "whole": (study(), "deepspine", ALL, {}),
    "whole, strictly": (study(), "strict", ALL, {}),
    "a level is described without a grade": (
        with_cells(L5, cell(grade=None)),
        "deepspine",
        ALL[:-1],
        {("labels", "no-grade"): 1, ("discs", "no-grade"): 1},
    ),
    "a level is described by a facet only": (
        with_cells(L5, cell("RFA")),
        "deepspine",
        [],
        all_out("levels-not-described"),
    ),
    "... which is enough for any": (with_cells(L5, cell("RFA")), "any", ALL, {}),
    "a level is not described": (with_cells(L5), "deepspine", [], all_out("levels-not-described", labels=5)),
    "... which any does not ask for": (with_cells(L5), "any", ALL[:-1], {("discs", "no-grade"): 1}),
    "T12-L1 is not imaged": (with_disc(T12, None), "deepspine", WITHOUT_T12, {("labels", "no-disc"): 1}),
    "L5-S1 is not imaged": (with_disc(L5, None), "deepspine", [], all_out("levels-not-imaged", discs=5)),
    "one view counts as imaged, yet the disc goes": (
        with_disc(L5, disc(L5, frozenset({"sagittal"}))),
        "deepspine",
        ALL[:-1],
        {("labels", "no-axial"): 1, ("discs", "no-axial"): 1},
    ),
    "the other view": (
        with_disc(L5, disc(L5, frozenset({"axial"}))),
        "deepspine",
        ALL[:-1],
        {("labels", "no-sagittal"): 1, ("discs", "no-sagittal"): 1},
    ),
    "one view is enough for any": (with_disc(L5, disc(L5, frozenset({"axial"}))), "any", ALL, {}),
    "an uncertain cell is used": (with_cells(L5, cell(certainty="uncertain")), "deepspine", ALL, {}),
    "an uncertain cell describes nothing, strictly": (
        with_cells(L5, cell(certainty="uncertain")),
        "strict",
        [],
        all_out("levels-not-described", labels=5) | {("labels", "uncertain"): 1},
    ),
    "an implied cell beside a stated one, strictly": (
        with_cells(L5, cell(), cell("RFS", basis="implied")),
        "strict",
        ALL,
        {("labels", "implied"): 1},
    ),
    "postoperative": (with_report(flags=frozenset({"postoperative"})), "deepspine", ALL, {}),
    "postoperative, strictly": (
        with_report(flags=frozenset({"postoperative"})),
        "strict",
        [],
        all_out("postoperative"),
    ),
    "a transitional disc, strictly": (
        with_disc(L5, disc(L5, flags=("transitional",))),
        "strict",
        [],
        all_out("transitional"),
    ),
    "CT": (with_report(modality="CT"), "any", [], all_out("modality")),
    "mri in small letters": (with_report(modality=" mri lumbar"), "any", ALL, {}),
    "no modality given": (with_report(modality=None), "deepspine", ALL, {}),
    "two grades asked for": (
        with_cells(L5, cell(), cell("RFS", 2)),
        Cohort("two", disc_grades=2),
        [L5],
        {("labels", "no-grade"): 5, ("discs", "no-grade"): 5},
    ),
    "no disc is left": (
        study(),
        Cohort("three", disc_grades=3),
        [],
        {("labels", "no-grade"): 6, ("discs", "no-grade"): 6, ("reports", "no-usable-disc"): 1},
    ),
}


@pytest.mark.parametrize(("one", "cohort", "levels", "rows"), CASES.values(), ids=list(CASES))
def test_what_a_cohort_keeps(
    one: Study, cohort: str | Cohort, levels: list[Level], rows: dict[tuple[str, str], int]
) -> None:
    assert run(one, cohort) == (levels, rows)


@pytest.mark.parametrize("described", range(7))
@pytest.mark.parametrize("asked", range(7))
def test_every_number_of_levels(described: int, asked: int) -> None:
    cells = {level: (cell(),) for level in LEVELS[:described]}
    kept, _ = run(study(cells=cells), Cohort("some", levels_described=asked))
    assert len(kept) == (described if described >= asked else 0)


def test_the_default_is_the_cohort_of_the_paper() -> None:
    rule = COHORTS["deepspine"]
    assert (rule.levels_described, list(rule.levels_imaged), rule.codes) == (6, WITHOUT_T12, CORE_CODES)


@pytest.mark.parametrize("wanted", [None, True, False])
@pytest.mark.parametrize("found", [None, True, False])
def test_contrast_excludes_only_what_is_known(wanted: bool | None, found: bool | None) -> None:
    kept, rows = run(study(contrast=found), Cohort("some", contrast=wanted))
    out = {found, wanted} == {True, False}
    assert (kept, rows) == ([] if out else ALL, all_out("contrast") if out else {})


@pytest.mark.parametrize(
    ("modalities", "keeps"), [(("MR",), False), (("CT",), True), (("MR", "CT"), True), ((), True)]
)
def test_modalities_by_name(modalities: tuple[str, ...], keeps: bool) -> None:
    kept, _ = run(with_report(modality="ct spine"), Cohort("some", modalities=modalities))
    assert bool(kept) is keeps


class TestVary:
    def test_only_what_differs_is_in_the_name(self) -> None:
        rule = vary("deepspine", disc_grades=2, uncertain=True, levels_described=None)
        assert rule == replace(COHORTS["deepspine"], name="deepspine, other disc_grades", disc_grades=2)
        assert vary("strict", implied=False) is COHORTS["strict"]

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"levels_described": 7}, "expected 0 to 6 levels; got 7"),
            ({"disc_grades": 4}, "expected at least 1 grade and no more than there are codes; got 4"),
            ({"exclude_flags": ("measured",)}, "expected flags of postoperative, transitional"),
            ({"views": ("coronal",)}, "expected views of axial, sagittal"),
        ],
    )
    def test_what_no_study_can_meet(self, change: dict[str, Any], expected: str) -> None:
        with pytest.raises(InputError, match=expected):
            vary("any" if "disc_grades" not in change else "deepspine", **change)


def test_an_unknown_name_is_answered_with_the_choices() -> None:
    with pytest.raises(InputError, match=f"expected one of {', '.join(COHORTS)}; got 'deepspin'"):
        parse_cohort("deepspin")
