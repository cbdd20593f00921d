"""The values of the domain: finite, so tested whole."""

from __future__ import annotations

from itertools import combinations_with_replacement, pairwise

import pytest

from lexicons.vocabulary import LEVELS, Grade, Interval, Level


def test_the_six_levels_run_from_the_head_down() -> None:
    assert [str(level) for level in LEVELS] == ["T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1"]
    assert all(above.lower == below.upper for above, below in pairwise(LEVELS))


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_parses_from_what_it_prints(level: Level) -> None:
    assert Level.parse(str(level)) is level
    assert Level.parse(f" {level} ".lower()) is level


@pytest.mark.parametrize("text", ["L5-L6", "L6-S1", "T11-T12", "C5-C6", "L4/L5", "L4", ""])
def test_what_is_no_level_is_refused_with_the_choices(text: str) -> None:
    with pytest.raises(ValueError, match=r"level: expected one of T12-L1, .*, L5-S1; got"):
        Level.parse(text)


INTERVALS = [Interval(low, high) for low, high in combinations_with_replacement(range(4), 2)]


@pytest.mark.parametrize("interval", INTERVALS, ids=str)
def test_an_interval_parses_from_what_it_prints(interval: Interval) -> None:
    assert Interval.parse(str(interval)) == interval


@pytest.mark.parametrize(
    ("interval", "text"),
    [(Interval(0, 0), "normal"), (Interval(1, 2), "mild..moderate"), (Interval(0, 2), "normal..moderate")],
)
def test_an_interval_prints_in_the_words_of_the_scale(interval: Interval, text: str) -> None:
    assert str(interval) == text


@pytest.mark.parametrize(("low", "high"), [(2, 1), (-1, 0), (0, 4), (3, 0)])
def test_an_interval_out_of_order_or_range_cannot_be_made(low: int, high: int) -> None:
    with pytest.raises(ValueError, match="expected 0 <= low <= high <= 3"):
        Interval(low, high)


@pytest.mark.parametrize("text", ["", "mild..", "..mild", "mild..huge", "severe..mild"])
def test_a_broken_interval_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"grade: expected|interval: expected"):
        Interval.parse(text)


def test_grades_parse_from_what_they_print() -> None:
    assert [Grade.parse(str(grade)) for grade in Grade] == list(Grade)
