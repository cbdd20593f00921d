"""Tables in a report, read into cells of a level and a structure.

Three layouts are known: levels as rows under a line that names the columns, levels as columns with the
structure first in each row, and rows of a level whose cells carry their own keys (``canal 0   RF 1``).
Columns are parted by pipes, tabs, wide gaps, brackets, slashes, colons, semicolons or commas.

Every cell is read as ``<structure>: <words>`` under its level, so a table follows the rules of prose and
its evidence points into the cells. Where it is in doubt which column a word belongs to, there is no cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from labeling.grid_cells import CellReader, Speech
from labeling.grid_heads import HeadReader
from labeling.grid_lines import (
    BY_PLACE,
    IN_PAIRS,
    RULER,
    SPLITTERS,
    TOLD,
    Cell,
    Grid,
    Line,
    Span,
    Splitter,
    is_remark,
    line_at,
    paired,
    remarks_between,
    split,
    terse,
    ways_to_part,
)
from labeling.levels import LevelNotation
from labeling.tables import TableWords

_EMPTY = re.compile(r"[\W_]*$")
_BRACKETED = re.compile(r"\s*\((?P<cells>[^()\n]+)\)$")
_TWO_NUMBERS = re.compile(r"\d[^\d\n]+\d")
_STOP = re.compile(r"(?<=[a-z0-9)])[.]\s+(?=[a-z])")
# canal:mild RF:0 LF:severe
_KEYED_CELL = re.compile(r"(?P<key>[a-z](?: ?[a-z/.-]){0,40}?)[:=] ?(?P<value>[a-z0-9/+-]+)[,;|]?(?=\s|$)")
_KEYED_ROW = re.compile(r"\s*(?:[a-z](?: ?[a-z/.-]){0,40}?[:=] ?[a-z0-9/+-]+[,;|]?(?:\s+|$)){2,12}")
_ROWS = 40
"""Rows of the longest table."""


def find_grids(
    text: str, levels: LevelNotation, words: TableWords, speech: Speech, legend: Mapping[str, str]
) -> list[Grid]:
    """The tables of a folded lower-case text, in order and apart from each other."""
    return list(_Finder(text, levels, words, speech, legend).grids())


class _Finder:
    """Looks for a table at each line in turn."""

    def __init__(
        self, text: str, levels: LevelNotation, words: TableWords, speech: Speech, legend: Mapping[str, str]
    ) -> None:
        self._text, self._levels, self._table = text, levels, words
        self._legend = legend
        self._cells = CellReader(text, words, speech, legend)
        self._heads = HeadReader(text, words, self._cells)
        self._lines: list[Line] = []
        at = 0
        for line in text.split("\n"):
            self._lines.append(line_at(text, at, at + len(line), levels))
            at += len(line) + 1
        order = words.order_of(text)
        sides = (words.right, words.left)
        self._order = () if order is None else sides if order["a"] else sides[::-1]
        self._tried = 0  # the lines before it head no table

    def grids(self) -> Iterator[Grid]:
        at = done = 0
        while at < len(self._lines):
            line = self._lines[at]
            found = None
            if line.level is not None and line.rest < line.end:
                found = self._rows(at, done) or self._keyed(at) or self._keyed_block(at)
            if found is None:
                found = self._columns(at)
            if found is None:
                at += 1
                continue
            grid, at = found
            done = at
            if grid.cells:
                yield grid

    # levels as rows

    def _rows(self, at: int, done: int) -> tuple[Grid, int] | None:
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
                    _heading_of(row), columns[name], value, hard or (remarks and name == names[-1])
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
                Cell(begin, end, _heading_of(row), "")
                for begin, end in split(self._text, starts[row], row.end, _STOP, "")
                if not _EMPTY.match(self._text[begin:end])
            ]
            for row in rows
        }

    def _is_remark_below(self, rows: list[Line], number: int) -> bool:
        """Whether a line is a remark on the row right above it; below a blank line it heads what follows."""
        if not rows or self._is_ruler(self._lines[number - 1]):
            return False
        return is_remark(self._text, *self._lines[number : number + 2])

    def _block(self, at: int) -> tuple[list[Line], int]:
        """The rows from line `at` on; rulers, single blank lines and remarks between them are left out."""
        rows: list[Line] = []
        after = at
        for number in range(at, min(at + _ROWS, len(self._lines))):
            line = self._lines[number]
            if line.level is not None and line.rest < line.end:
                below = bool(rows) and number > after and not self._is_sentence(rows[0])
                if below and self._is_sentence(line):
                    break  # "L1-2: Normal." below a table
                rows.append(line)
                after = number + 1
            elif number - after > 1 or not (self._is_ruler(line) or self._is_remark_below(rows, number)):
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
        for number in range(at - 1, max(done, at - _ROWS) - 1, -1):
            line = self._lines[number]
            if self._is_ruler(line):
                continue
            if line.level is not None:
                return
            if left or self._heads.lists_structures(line):
                yield line
            left -= left > 0

    # levels as columns

    def _columns(self, at: int) -> tuple[Grid, int] | None:
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
            cells, after = self._column_cells(at, across, parted, kind, hard)
            if cells:
                return Grid(top.start, self._lines[after - 1].end, self._cells.resolved(cells)), after
        return None

    def _column_cells(
        self, at: int, across: list[Span], parted: re.Pattern[str], kind: str, hard: bool
    ) -> tuple[tuple[Cell, ...], int]:
        cells: list[Cell] = []
        after, named = at + 1, ""
        for number in range(at + 1, min(at + 1 + _ROWS, len(self._lines))):
            line = self._lines[number]
            if self._is_ruler(line):
                if number - after > 0 and line.start == line.end:
                    break
                continue
            row = split(self._text, line.start, line.end, parted, kind)
            if len(row) < 2 and not (self._cells.names_side(row[0]) or self._heads_sides(row[0])):
                break
            after = number + 1
            words, named = self._cells.heading(row[0], named)
            if len(row) == 1:  # "Foramina", with the rows of its sides below
                named = "" if self._table.midline.search(words) else words
            column = self._cells.column(words)
            pairs = paired(self._text, across, row[1:], kind == "gap", len(row) - 1 == len(across))
            for heading, value in pairs:
                cells += self._cells.cells(heading, column, value, hard)
        return tuple(cells), after

    def _heads_sides(self, only: Span) -> bool:
        """Whether the only cell of a row names a structure, for the rows of its sides."""
        return self._cells.names_structure(only) and self._cells.words(only).count(" ") < 3

    # rows of a level whose cells carry their keys

    def _keyed(self, at: int) -> tuple[Grid, int] | None:
        row = self._lines[at]
        if row.level is None or not (self._legend or self._order):
            return None
        cells: list[Cell] = []
        found = 0
        for start, end in split(self._text, row.rest, row.end, re.compile(r"[|\t;,]| {2,}"), ""):
            place = start
            while match := self._table.keyed.match(self._text, place, end):
                keys = re.split(r" ?/ ?", match["value"])
                column = self._cells.column(match["key"])
                if not column.read or not self._legend.keys() >= set(keys):
                    break
                cells += self._cells.cells(row.level, column, match.span("value"), True)
                found += 1
                place = match.end()
            if self._order and (pair := self._in_pairs(row.level, place, end)):
                cells += pair
                found += 1
            elif place < end and not _EMPTY.match(self._text[place:end]):
                cells.append(Cell(place, end, row.level, ""))
        return (Grid(row.start, row.end, tuple(cells)), at + 1) if found else None

    def _keyed_block(self, at: int) -> tuple[Grid, int] | None:
        """Rows in which each cell is a key and a word or a 0: "L4-5  canal:mild RF:0 LF:severe"."""
        cells: list[Cell] = []
        after = at
        while after < len(self._lines) and (row := self._keyed_row(self._lines[after])):
            cells += row
            after += 1
        if after - at < 2:
            return None
        return Grid(
            self._lines[at].start, self._lines[after - 1].end, self._cells.resolved(tuple(cells))
        ), after

    def _keyed_row(self, row: Line) -> list[Cell]:
        """The cells of such a row; none where anything else stands in it."""
        if row.level is None or _KEYED_ROW.fullmatch(self._text, row.rest, row.end) is None:
            return []
        cells: list[Cell] = []
        for match in _KEYED_CELL.finditer(self._text, row.rest, row.end):
            key, value = match.span("key"), match.span("value")
            if not (self._cells.names_structure(key, bare=True) and self._cells.is_value(value)):
                return []
            cells += self._cells.cells(row.level, self._cells.column(match["key"]), value, True)
        return cells

    def _in_pairs(self, heading: Span, start: int, end: int) -> list[Cell]:
        """The two cells of ``foramina patent/mild narrowing``, in the order that the report gives."""
        match = IN_PAIRS.match(self._text, start, end)
        if match is None or not self._cells.is_value(match.span("last")):
            return []
        begin, stop = match.span("words")
        for blank in re.finditer(" ", self._text[begin:stop]):
            key, value = (begin, begin + blank.start()), (begin + blank.end(), stop)
            if self._cells.names_structure(key) and self._cells.is_value(value):
                spans = (value, match.span("last"))
                return [
                    Cell(*span, heading, f"{side} {self._cells.words(key)}")
                    for side, span in zip(self._order, spans, strict=True)
                ]
        return []

    def _names_two_levels(self, line: Line) -> bool:
        """Whether at least two levels stand in a line; the cheapest of three looks comes first."""
        return _TWO_NUMBERS.search(self._text, line.start, line.end) is not None and all(
            len(names.findall(self._text, line.start, line.end)) > 1
            for names in (self._levels.numbered, self._levels.apart)
        )

    def _is_level(self, span: Span) -> bool:
        return bool(self._levels.row.fullmatch(self._cells.words(span).rstrip(" :")))

    def _is_ruler(self, line: Line) -> bool:
        return bool(RULER.match(self._text[line.start : line.end]))


def _heading_of(row: Line) -> Span:
    return row.level or (row.start, row.start)
