"""Cells print and parse, spans are half-open, completeness is of the core findings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.report import LevelGrade, ReportLabels, Span
from lexicons.findings import CODES, CORE_CODES
from lexicons.vocabulary import Basis, Certainty, Interval, Level

intervals = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda pair: Interval(*sorted(pair)))
cells = st.builds(
    lambda level, code, interval, certainty, basis: LevelGrade(
        level, CODES[code][0], CODES[code][1], interval, None, certainty, basis
    ),
    st.sampled_from(Level),
    st.sampled_from(sorted(CODES)),
    intervals,
    st.sampled_from(Certainty),
    st.sampled_from(Basis),
)


@given(cells)
def test_a_cell_parses_from_the_line_it_prints(cell: LevelGrade) -> None:
    assert LevelGrade.parse(str(cell)) == cell


def test_the_line_of_the_design() -> None:
    cell = LevelGrade.parse("L4-L5 SCS mild..moderate (stated)")
    assert (cell.level, cell.code, cell.interval) == (Level.L4_L5, "SCS", Interval(1, 2))


@pytest.mark.parametrize(
    "line",
    ["", "L4-L5 SCS mild", "L4-L5 XYZ mild (stated)", "L6-S1 SCS mild (stated)", "L4-L5 SCS mild (guessed)"],
)
def test_a_broken_line_is_refused_with_an_example(line: str) -> None:
    with pytest.raises(ValueError, match="cell: expected a line like"):
        LevelGrade.parse(line)


def test_a_span_is_half_open() -> None:
    assert Span(0, 4).of("mild stenosis") == "mild"
    for start, end in [(-1, 2), (3, 3), (4, 3)]:
        with pytest.raises(ValueError, match="expected 0 <= start < end"):
            Span(start, end)


def test_a_report_is_complete_when_every_core_cell_has_a_grade() -> None:
    every = tuple(
        LevelGrade.parse(f"{level} {code} mild (stated)")._replace(grade=1)
        for level in Level
        for code in CORE_CODES
    )
    assert ReportLabels("r", every).complete
    assert not ReportLabels("r", every[:-1]).complete
    assert not ReportLabels("r", (*every[:-1], every[-1]._replace(grade=None))).complete
    assert ReportLabels("r", every).cells[Level.L5_S1, "LFS"] is every[-1]
    assert (Level.L5_S1, "RFA") not in ReportLabels("r", every).cells
