"""What a text says of each cell, for the tests that compare whole reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from labeling.labeler import label_text

Cells = dict[tuple[str, str], int | None]
"""The grade of each cell by level and code, ``("L4-L5", "SCS")``; `None` where the words allow several."""
Intervals = dict[str, tuple[int, int]]
"""The lowest and the highest grade of each cell by level and code, ``"L4-L5 SCS"``."""
Told = TypeVar("Told", Cells, Intervals)


def graded(text: str) -> Cells:
    """The grade of every cell of `text`."""
    return {(str(one.level), one.code): one.grade for one in label_text(text).grades}


def graded_core(text: str) -> Cells:
    """The same for the canal and the foramina alone."""
    return {(str(one.level), one.code): one.grade for one in label_text(text).grades if one.finding.core}


def intervals(text: str) -> Intervals:
    """The interval of every cell of `text`."""
    return {
        f"{one.level} {one.code}": (one.interval.low, one.interval.high) for one in label_text(text).grades
    }


def misread(told: Iterable[tuple[str, Cells]]) -> list[str]:
    """The texts of which other cells are read than those told, each with what is read."""
    return _misread(told, graded)


def misread_intervals(told: Iterable[tuple[str, Intervals]]) -> list[str]:
    """The same where bounds are told."""
    return _misread(told, intervals)


def _misread(told: Iterable[tuple[str, Told]], read: Callable[[str], Told]) -> list[str]:
    return [f"{text} {found}" for text, cells in told if (found := read(text)) != cells]
