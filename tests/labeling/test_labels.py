"""Reports and grades become rows of two tables, and the rows become the same grades again."""

from __future__ import annotations

import hashlib
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeling.labels import LABELS, REPORTS, labels_table, level_grade, reports_table
from labeling.report import Evidence, LevelGrade, Report, ReportLabels, Span
from lexicons.findings import CODES, CORE_CODES
from lexicons.vocabulary import LEVELS, Basis, Certainty, Interval, Level

SPANS = st.tuples(st.integers(0, 5000), st.integers(1, 40)).map(lambda s: Span(s[0], s[0] + s[1]))
EVIDENCE = st.builds(Evidence, SPANS, st.sampled_from(["grade", "level"]), st.just("grades/mild"))
INTERVALS = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda i: Interval(min(i), max(i)))


@st.composite
def cells(draw: st.DrawFn) -> LevelGrade:
    finding, side = CODES[draw(st.sampled_from(list(CODES)))]
    interval = draw(INTERVALS)
    return LevelGrade(
        level=draw(st.sampled_from(LEVELS)),
        finding=finding,
        side=side,
        interval=interval,
        grade=draw(st.sampled_from([None, interval.low, interval.high])),
        certainty=draw(st.sampled_from(Certainty)),
        basis=draw(st.sampled_from(Basis)),
        flags=draw(st.frozensets(st.sampled_from(["conflict", "asymmetric"]))),
        evidence=tuple(draw(st.lists(EVIDENCE, max_size=3))),
    )


@settings(deadline=None)  # the first call loads much of Arrow
@given(grades=st.lists(cells(), max_size=8))
def test_rows_become_the_grades_they_were_written_from(grades: list[LevelGrade]) -> None:
    table = labels_table([(Report("a", "x"), ReportLabels("a", tuple(grades)))], lexicon="h")
    assert table.schema.equals(LABELS, check_metadata=True)
    assert [level_grade(row) for row in table.to_pylist()] == grades


def test_a_report_without_a_cell_still_has_its_row() -> None:
    report = Report("a", "Größe.", "1.2", "p", "r", date(2021, 3, 25), "MR", "de")
    labels = ReportLabels("a", (), frozenset({"transitional", "draft"}), unread=2, error="labeler-error")
    assert labels_table([(report, labels)], lexicon="h").num_rows == 0
    table = reports_table([(report, labels)], policy="deepspine")
    assert table.schema.equals(REPORTS, check_metadata=True)
    assert table.to_pylist() == [
        {
            "report_id": "a",
            "study": "1.2",
            "patient": "p",
            "reader": "r",
            "date": date(2021, 3, 25),
            "language": "de",
            "modality": "MR",
            "site": None,
            "complete": False,
            "flags": ["draft", "transitional"],
            "text_sha256": hashlib.sha256("Größe.".encode()).hexdigest(),
            "unread": 2,
            "policy": "deepspine",
            "error": "labeler-error",
        }
    ]


def test_complete_means_all_levels_and_all_core_findings() -> None:
    grades = tuple(
        LevelGrade(level, *CODES[code], Interval(0, 0), 0, Certainty.AFFIRMED, Basis.STATED)
        for level in LEVELS
        for code in CORE_CODES
    )
    report = Report("a", "x")
    full, short = ReportLabels("a", grades), ReportLabels("a", grades[1:])
    table = reports_table([(report, full), (report, short)], policy="deepspine")
    assert table["complete"].to_pylist() == [True, False]


def test_no_rows_give_empty_tables_with_their_schemas() -> None:
    assert labels_table([], lexicon="h").schema == LABELS
    assert reports_table([], policy="deepspine").schema == REPORTS


def test_a_row_outside_the_vocabulary_is_refused() -> None:
    grade = LevelGrade(Level.L4_L5, *CODES["SCS"], Interval(1, 1), 1, Certainty.AFFIRMED, Basis.STATED)
    (row,) = labels_table([(Report("a", "x"), ReportLabels("a", (grade,)))], lexicon="h").to_pylist()
    for field, value in {"level": "L6-S1", "low": 2, "certainty": "sure"}.items():
        with pytest.raises(ValueError, match=r"expected|not a valid"):
            level_grade(row | {field: value})
    with pytest.raises(KeyError):
        level_grade(row | {"finding": "XYZ"})
    assert pa.types.is_int8(LABELS.field("grade").type)
