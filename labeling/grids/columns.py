"""Tables with the levels as columns, the structure first in each row."""

from __future__ import annotations

import re

from labeling.grids.lines import SPLITTERS, Cell, Grid, Line, Span, paired, split
from labeling.grids.sheet import MOST_ROWS, Found, Sheet

_TWO_NUMBERS = re.compile(r"\d[^\d\n]+\d")


class LevelColumns:
    """Finds a line that names levels side by side, then the rows below it."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._text, self._lines, self._cells = sheet.text, sheet.lines, sheet.cells
        self._levels, self._words = sheet.levels, sheet.words

    def at(self, at: int) -> Found | None:
        """The table whose columns line `at` heads with levels."""
        top = self._lines[at]
        if not self._names_two_levels(top):
            return None
        heading = self._text[top.start : top.end]
        for one in SPLITTERS[:-1]:
            kind, parted, _, hard = one
            if not one.may_part(heading):
                continue
            names = split(self._text, top.start, top.end, parted, kind)
            across = [name for name in names if self._is_level(name)]
            if (
                len(across) < 2
                or len(names) - len(across) > 1
                or (names[0] in across) != (len(names) == len(across))
            ):
                continue
            cells, after = self._under(at, across, parted, kind, hard)
            if cells:
                return Grid(top.start, self._lines[after - 1].end, self._cells.resolved(cells)), after
        return None

    def _under(
        self, at: int, across: list[Span], parted: re.Pattern[str], kind: str, hard: bool
    ) -> tuple[tuple[Cell, ...], int]:
        cells: list[Cell] = []
        after, named = at + 1, ""
        for number in range(at + 1, min(at + 1 + MOST_ROWS, len(self._lines))):
            line = self._lines[number]
            if self._sheet.is_ruler(line):
                if number - after > 0 and line.start == line.end:
                    break
                continue
            row = split(self._text, line.start, line.end, parted, kind)
            if len(row) < 2 and not (self._cells.names_side(row[0]) or self._heads_sides(row[0])):
                break
            after = number + 1
            words, named = self._cells.heading(row[0], named)
            if len(row) == 1:  # "Foramina", with the rows of its sides below
                named = "" if self._words.midline.search(words) else words
            column = self._cells.column(words)
            pairs = paired(self._text, across, row[1:], kind == "gap", len(row) - 1 == len(across))
            for heading, value in pairs:
                cells += self._cells.cells(heading, column, value, hard)
        return tuple(cells), after

    def _heads_sides(self, only: Span) -> bool:
        """Whether the only cell of a row names a structure, for the rows of its sides."""
        return self._cells.names_structure(only) and self._cells.words(only).count(" ") < 3

    def _names_two_levels(self, line: Line) -> bool:
        """Whether at least two levels stand in a line; the cheapest of three looks comes first."""
        return _TWO_NUMBERS.search(self._text, line.start, line.end) is not None and all(
            len(names.findall(self._text, line.start, line.end)) > 1
            for names in (self._levels.numbered, self._levels.apart)
        )

    def _is_level(self, span: Span) -> bool:
        return bool(self._levels.row.fullmatch(self._cells.words(span).rstrip(" :")))
