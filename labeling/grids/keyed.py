"""Rows of a level whose cells carry their own keys: "L4-5  canal 0   RF 1"."""

from __future__ import annotations

import re

from labeling.grids.lines import IN_PAIRS, Cell, Grid, Line, Span, split
from labeling.grids.sheet import Found, Sheet

_EMPTY = re.compile(r"[\W_]*$")
# canal:mild RF:0 LF:severe
_KEYED_CELL = re.compile(r"(?P<key>[a-z](?: ?[a-z/.-]){0,40}?)[:=] ?(?P<value>[a-z0-9/+-]+)[,;|]?(?=\s|$)")
_KEYED_ROW = re.compile(r"\s*(?:[a-z](?: ?[a-z/.-]){0,40}?[:=] ?[a-z0-9/+-]+[,;|]?(?:\s+|$)){2,12}")


class KeyedRows:
    """Reads such rows, which no line needs to head."""

    def __init__(self, sheet: Sheet) -> None:
        self._text, self._lines, self._cells = sheet.text, sheet.lines, sheet.cells
        self._legend, self._sides, self._keyed = sheet.legend, sheet.sides, sheet.words.keyed

    def at(self, at: int) -> Found | None:
        """The row, or the block of rows, that begins at line `at`."""
        return self._row(at) or self._block(at)

    def _row(self, at: int) -> Found | None:
        """A row of which a legend or an order of the sides tells how to read it."""
        row = self._lines[at]
        if row.level is None or not (self._legend or self._sides):
            return None
        cells: list[Cell] = []
        found = 0
        for start, end in split(self._text, row.rest, row.end, re.compile(r"[|\t;,]| {2,}"), ""):
            place = start
            while match := self._keyed.match(self._text, place, end):
                keys = re.split(r" ?/ ?", match["value"])
                column = self._cells.column(match["key"])
                if not column.read or not self._legend.keys() >= set(keys):
                    break
                cells += self._cells.cells(row.level, column, match.span("value"), True)
                found += 1
                place = match.end()
            if self._sides and (pair := self._in_pairs(row.level, place, end)):
                cells += pair
                found += 1
            elif place < end and not _EMPTY.match(self._text[place:end]):
                cells.append(Cell(place, end, row.level, ""))
        return (Grid(row.start, row.end, tuple(cells)), at + 1) if found else None

    def _block(self, at: int) -> Found | None:
        """Rows in which each cell is a key and a word or a 0: "L4-5  canal:mild RF:0 LF:severe"."""
        cells: list[Cell] = []
        after = at
        while after < len(self._lines) and (row := self._row_of_words(self._lines[after])):
            cells += row
            after += 1
        if after - at < 2:
            return None
        return Grid(
            self._lines[at].start, self._lines[after - 1].end, self._cells.resolved(tuple(cells))
        ), after

    def _row_of_words(self, row: Line) -> list[Cell]:
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
                    for side, span in zip(self._sides, spans, strict=True)
                ]
        return []
