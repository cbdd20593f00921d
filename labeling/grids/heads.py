"""The line that heads the columns of a table: the name of each of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from labeling.grids.cells import CellReader
from labeling.grids.lines import HARD_HEADERS, IN_PROSE, SPLITTERS, WORDY, Line, Span, split
from labeling.grids.words import TableWords

_ORDER = re.compile(
    r"[\s>*\u2022-]*(?:[a-z ]{1,30}: ?)?(?P<names>[a-z ()]{1,30}(?:/[a-z ()]{1,30}){1,6})[.:]?$"
)
_LEAD = re.compile(r"[\s>*\u2022-]*[a-z][a-z ]{1,30}(?<! )(?:: ?| [=-] )(?=[a-z(])")
"""What leads to the names of columns: "Each level: ", "Format - "."""
_LISTED_IN_BRACKET = re.compile(r"[a-z ,&-]{0,60}\((?P<names>[^()]*?/[^()]*)\)[.:]?$")
_ALL_IN_BRACKET = re.compile(r"(?P<before>[^()\n]*)\((?P<names>[^()\n]+)\)[.:]?$")

Rows = Collection[list[Span]]
"""The cells of each row of a table."""


class HeadReader:
    """Reads the lines of one text as the names of columns."""

    def __init__(self, text: str, words: TableWords, cells: CellReader) -> None:
        self._text, self._table, self._cells = text, words, cells

    def lists_structures(self, line: Line) -> bool:
        """Whether a line names structures in order and nothing else: "Order: canal / right foramen"."""
        order = _ORDER.match(self._text, line.start, line.end)
        return order is not None and all(
            self._cells.names_structure(name)
            for name in split(self._text, *order.span("names"), re.compile("/"), "")
        )

    def names(self, top: Line, kind: str, hard: bool, rows: Rows) -> tuple[list[Span], bool] | None:
        """The name of each column, and whether the names stand above them; `None` if it is no heading.

        `rows` are cut into cells. Where each has as many, these may be the names of them all.
        """
        widths = [len(cells) for cells in rows]
        width = max(widths)
        even = width > 2 and all(cells in {1, width} for cells in widths)
        for header, found, certain in self._ways_to_name(top, kind, hard):
            names = found
            if len(names) == width + 1 and not self._cells.names_structure(names[0]):
                names = names[1:]
            elif len(names) != width or not self._may_be_first(names[0], header, certain or even):
                if (
                    kind != "gap"
                    or len(names) < 2
                    or not self._table.first_column.match(self._cells.words(names[0]))
                ):
                    continue
                names = names[1:]
            wordy = header in WORDY and any(self._cells.words(name).count(" ") > 3 for name in names)
            wordy = wordy or (header == "blank" and self._cells.names_one((top.start, top.end)))
            if not wordy and any(map(self._cells.names_structure, names)):
                return names, kind == header == "gap"
        return None

    def before_remarks(self, top: Line, kind: str, hard: bool, width: int) -> int:
        """How many columns stand between the levels and a last one for remarks; 0 where there is none such.

        A last name that is of no structure heads anything: "Level / canal / right foramen / remarks". The
        first may be another noun where all rows have so many cells, `width`: "Disc / canal / remarks".
        """
        for _, names, _ in self._ways_to_name(top, kind, hard):
            if len(names) > 2:
                first, *between, last = names
                named = self._cells.names_structure(last) or self._cells.names_side(last)
                if named or not self._cells.words(last) or not all(map(self._is_name, between)):
                    return 0
                of_discs = width == len(names) and self._cells.names_anatomy(first)
                return len(between) + (self._cells.names_structure(first) or of_discs)
        return 0

    def _ways_to_name(self, top: Line, kind: str, hard: bool) -> Iterator[tuple[str, list[Span], bool]]:
        """The names in a line above columns that `kind` parts, by each way to part them that may be meant."""
        for header, parted, _, certain in SPLITTERS:
            if hard != (certain or header in HARD_HEADERS) and header != kind:
                continue
            if not hard and header != kind and {header, kind} != IN_PROSE:
                continue
            start = self._start(top, header)
            names = split(self._text, *self._bracketed(start, top.end, parted), parted, header)
            yield header, self._without_lead(names), certain

    def _start(self, top: Line, header: str) -> int:
        """Where the names begin: "Format: canal / right foramen", "Each level: canal | right foramen"."""
        lead = _LEAD.match(self._text, top.start, top.end)
        if header in IN_PROSE:
            colon = self._text.rfind(": ", top.start, top.end - 2)
            return colon + 2 if colon >= 0 else lead.end() if lead else top.start
        return lead.end() if lead else top.start

    def _without_lead(self, names: list[Span]) -> list[Span]:
        """`names`, the first without the words that lead to it: "Given as disc / canal / right foramen"."""
        if len(names) < 3 or self._is_name(names[0]) or not all(map(self._is_name, names[1:])):
            return names
        start, end = names[0]
        blanks = [match.end() for match in re.finditer(" ", self._text[start:end])]
        begin = next((start + at for at in blanks if self._is_name((start + at, end))), start)
        return [(begin, end), *names[1:]]

    def _is_name(self, span: Span) -> bool:
        """Whether the words name a structure or other anatomy and say nothing of it."""
        return self._cells.names_anatomy(span) or self._cells.names_structure(span, bare=True)

    def _bracketed(self, start: int, end: int, parted: re.Pattern[str]) -> Span:
        """What stands in a bracket at the end: "Degenerative findings (canal / right foramen)"."""
        bracket = _ALL_IN_BRACKET.match(self._text, start, end)
        if bracket and len(parted.findall(bracket["names"])) > 1 and not parted.search(bracket["before"]):
            return bracket.span("names")
        bracket = _LISTED_IN_BRACKET.match(self._text, start, end)
        return bracket.span("names") if bracket and parted.search(bracket["names"]) else (start, end)

    def _may_be_first(self, name: Span, header: str, certain: bool) -> bool:
        """Whether the column next to the levels may be named so: a structure, a disc if `certain`."""
        if certain and header != "blank" and self._cells.names_anatomy(name):
            return True
        return self._cells.names_structure(name, bare=header in WORDY)
