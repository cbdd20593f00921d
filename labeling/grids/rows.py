"""Tables with the levels as rows, under a line that names the columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from labeling.grids.lines import (
    BY_PLACE,
    TOLD,
    Cell,
    Grid,
    Line,
    Span,
    Splitter,
    is_remark,
    paired,
    remarks_between,
    split,
    terse,
    ways_to_part,
)
from labeling.grids.sheet import MOST_ROWS, Found, Sheet, heading_of

_EMPTY = re.compile(r"[\W_]*$")
_BRACKETED = re.compile(r"\s*\((?P<cells>[^()\n]+)\)$")
_STOP = re.compile(r"(?<=[a-z0-9)])[.]\s+(?=[a-z])")


class LevelledRows:
    """Finds the rows of such a table, then the line above them that heads it."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._text, self._lines, self._cells, self._heads = sheet.text, sheet.lines, sheet.cells, sheet.heads
        self._tried = 0  # the lines before it head no table

    def at(self, at: int, done: int) -> Found | None:
        """The table whose first row is line `at`; what heads it stands behind line `done`."""
        if at < self._tried:
            return None
        rows, after = self._block(at)
        self._tried = after
        head = self._text[rows[0].rest - 1 : rows[:3][-1].end]
        for one in ways_to_part(head):
            kind, parted, _, hard = one
            if not one.may_part(head):
                continue
            if not any(parted.search(self._text, row.rest - 1, row.end) for row in rows[:3]):
                continue
            ends = {row: self._end_of_cells(row, kind) for row in rows}
            cut = {row: self._cut(row, ends[row], parted, kind) for row in rows}
            parts = any(len(cells) > 1 for cells in cut.values()) or (
                hard and all(row.level and parted.search(self._text, row.level[1], row.end) for row in rows)
            )
            if not parts or (not hard and len(rows) < 2):
                continue
            # "L4-5<tab>No stenosis. Mild facet arthropathy." is prose
            sure = hard and any(len(cells) > 1 for cells in cut.values())
            short = sure or terse(cut.values())
            for top in self._above(at, done):
                least = min(map(len, cut.values()))
                width = self._heads.before_remarks(top, kind, hard, least) if kind not in BY_PLACE else 0
                whole = {row: self._with_remarks(cells, width) for row, cells in cut.items()}
                if not short and not (width and terse([cells[:width] for cells in whole.values()])):
                    continue
                if (grid := self._under(top, whole, ends, one, remarks=width > 0)) is not None:
                    return grid, after
        return None

    def _under(
        self,
        top: Line,
        cut: Mapping[Line, list[Span]],
        ends: Mapping[Line, int],
        parted: Splitter,
        remarks: bool,
    ) -> Grid | None:
        """The table of rows, `cut` into cells that end at `ends`, under the line that heads its columns.

        Its last column may be one of `remarks`, which say more than a grade.
        """
        rows = list(cut)
        kind, hard = parted.kind, parted.hard
        named = self._heads.names(top, kind, hard, cut.values())
        if named is None:
            return None
        names, above = named
        even = all(len(values) == len(names) for values in cut.values())
        columns = self._cells.columns(names)
        found = {
            row: [
                cell
                for name, value in paired(self._text, names, values, above, even)
                for cell in self._cells.cells(
                    heading_of(row), columns[name], value, hard or (remarks and name == names[-1])
                )
            ]
            for row, values in cut.items()
        }
        if sum(map(bool, found.values())) <= (not hard):
            return None
        told = self._told(rows, cut, ends) if kind in TOLD else {}
        cells = [cell for row in rows for cell in (*found[row], *told.get(row, ()))]
        cells += remarks_between(self._text, rows)
        between = _EMPTY.match(self._text[top.end : rows[0].start])
        start = top.start if between else rows[0].start  # what stands between is read as prose
        return Grid(start, rows[-1].end, self._cells.resolved(tuple(cells)))

    def _cut(self, row: Line, end: int, parted: re.Pattern[str], kind: str) -> list[Span]:
        """The cells of a row, which may stand in a bracket: "L4-5 (mild; none; none)"."""
        bracket = _BRACKETED.match(self._text, row.rest, end)
        start, end = bracket.span("cells") if bracket else (row.rest, end)
        return split(self._text, start, end, parted, kind, first=False)

    def _with_remarks(self, cells: list[Span], width: int) -> list[Span]:
        """`cells` with all behind the first `width` values as one, the remarks, which may hold any sign."""
        if not width or len(cells) == width + 1 or len(cells) < width:
            return cells
        if not all(map(self._cells.may_be_value, cells[:width])):
            return cells
        end = cells[-1][1]
        return [*cells[:width], (cells[width][0] if len(cells) > width else end, end)]

    def _end_of_cells(self, row: Line, kind: str) -> int:
        """Where the cells of a row end: a sentence may follow them ("none / mild / none. Small bulge.")."""
        stop = _STOP.search(self._text, row.rest, row.end) if kind in TOLD else None
        return stop.start() if stop else row.end

    def _told(
        self, rows: Iterable[Line], cut: Mapping[Line, list[Span]], ends: Mapping[Line, int]
    ) -> dict[Line, list[Cell]]:
        """What rows say in sentences: behind their cells, or in place of them all ("L1-2: normal")."""
        width = max(map(len, cut.values()))
        starts = {row: row.rest if len(cut[row]) < min(width, 2) else ends[row] for row in rows}
        return {
            row: [
                Cell(begin, end, heading_of(row), "")
                for begin, end in split(self._text, starts[row], row.end, _STOP, "")
                if not _EMPTY.match(self._text[begin:end])
            ]
            for row in rows
        }

    def _is_remark_below(self, rows: list[Line], number: int) -> bool:
        """Whether a line is a remark on the row right above it; below a blank line it heads what follows."""
        if not rows or self._sheet.is_ruler(self._lines[number - 1]):
            return False
        return is_remark(self._text, *self._lines[number : number + 2])

    def _block(self, at: int) -> tuple[list[Line], int]:
        """The rows from line `at` on; rulers, single blank lines and remarks between them are left out."""
        rows: list[Line] = []
        after = at
        for number in range(at, min(at + MOST_ROWS, len(self._lines))):
            line = self._lines[number]
            if self._sheet.is_row(line):
                below = bool(rows) and number > after and not self._is_sentence(rows[0])
                if below and self._is_sentence(line):
                    break  # "L1-2: Normal." below a table
                rows.append(line)
                after = number + 1
            elif number - after > 1 or not (
                self._sheet.is_ruler(line) or self._is_remark_below(rows, number)
            ):
                break
        return rows, after

    def _is_sentence(self, line: Line) -> bool:
        """Whether a colon stands behind the level of a line, and a full stop at its end."""
        behind = self._text[line.level[1] : line.rest] if line.level is not None else ""
        return behind.strip() == ":" and self._text[line.end - 1] == "."

    def _above(self, at: int, done: int) -> Iterator[Line]:
        """The lines above line `at` that may head its columns, the nearest first.

        One that only lists structures ("Order: canal / right foramen / left foramen") may stand further up.
        """
        left = 3
        for number in range(at - 1, max(done, at - MOST_ROWS) - 1, -1):
            line = self._lines[number]
            if self._sheet.is_ruler(line):
                continue
            if line.level is not None:
                return
            if left or self._heads.lists_structures(line):
                yield line
            left -= left > 0
