"""A report as its tables are looked for in: its lines, and who reads their words."""

from __future__ import annotations

from collections.abc import Mapping

from labeling.grids.cells import CellReader, Speech
from labeling.grids.heads import HeadReader
from labeling.grids.lines import RULER, Grid, Line, Span, line_at
from labeling.grids.words import TableWords
from labeling.levels import LevelNotation

Found = tuple[Grid, int]
"""A table, and the number of the first line behind it."""
MOST_ROWS = 40
"""Rows of the longest table."""


class Sheet:
    """The lines of one folded lower-case text.

    `legend` is what the report says its signs mean, `sides` the order in which it says that grades stand for
    the sides, empty where it says nothing of it.
    """

    def __init__(
        self, text: str, levels: LevelNotation, words: TableWords, speech: Speech, legend: Mapping[str, str]
    ) -> None:
        self.text, self.levels, self.words, self.legend = text, levels, words, legend
        self.cells = CellReader(text, words, speech, legend)
        self.heads = HeadReader(text, words, self.cells)
        self.lines: list[Line] = []
        at = 0
        for line in text.split("\n"):
            self.lines.append(line_at(text, at, at + len(line), levels))
            at += len(line) + 1
        order = words.order_of(text)
        sides = (words.right, words.left)
        self.sides = () if order is None else sides if order["a"] else sides[::-1]

    def is_row(self, line: Line) -> bool:
        """Whether a level begins the line, and more follows."""
        return line.level is not None and line.rest < line.end

    def is_ruler(self, line: Line) -> bool:
        """Whether nothing but blanks, dashes and the like stand in the line."""
        return RULER.match(self.text[line.start : line.end]) is not None


def heading_of(row: Line) -> Span:
    """Where the level of a row stands; the begin of a row that has none."""
    return row.level or (row.start, row.start)
