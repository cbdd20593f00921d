"""The line that heads the columns of a table: the name of each of them."""

from __future__ import annotations

import re

from labeling.grid_cells import CellReader
from labeling.grid_lines import HARD_HEADERS, IN_PROSE, SPLITTERS, WORDY, Line, Span, split
from labeling.tables import TableWords

_ORDER = re.compile(
    r"[\s>*\u2022-]*(?:[a-z ]{1,30}: ?)?(?P<names>[a-z ()]{1,30}(?:/[a-z ()]{1,30}){1,6})[.:]?$"
)
_LISTED_IN_BRACKET = re.compile(r"[a-z ,&-]{3,60}\((?P<names>[^()]*?/[^()]*)\)[.:]?$")


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

    def names(self, top: Line, kind: str, hard: bool, width: int) -> tuple[list[Span], bool] | None:
        """The name of each column, and whether the names stand above them; `None` if it is no heading."""
        for header, parted, _, certain in SPLITTERS:
            if hard != (certain or header in HARD_HEADERS) and header != kind:
                continue
            if not hard and header != kind and {header, kind} != IN_PROSE:
                continue
            start = top.start
            if header in IN_PROSE:  # "Format: canal / right foramen / left foramen"
                colon = self._text.rfind(": ", top.start, top.end - 2)
                start = colon + 2 if colon >= 0 else start
            names = split(self._text, *self._bracketed(start, top.end), parted, header)
            if len(names) == width + 1 and not self._cells.names_structure(names[0]):
                names = names[1:]
            elif len(names) != width or not self._may_be_first(names[0], header, certain):
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

    def _bracketed(self, start: int, end: int) -> Span:
        """What stands in a bracket at the end: "Degenerative findings (canal / right foramen)"."""
        bracket = _LISTED_IN_BRACKET.match(self._text, start, end)
        return bracket.span("names") if bracket else (start, end)

    def _may_be_first(self, name: Span, header: str, certain: bool) -> bool:
        """Whether a column next to the levels may be named so: a structure, a disc between sure signs."""
        if certain and self._cells.names_anatomy(name):
            return True
        return self._cells.names_structure(name, bare=header in WORDY)
