"""Rows of levels under the name of a structure, brought to one form: "CANAL    L3/4 mild | L4/5 severe".

Such a row becomes a key and its values, ``CANAL:   L3/4 mild ; L4/5 severe``, whatever parts them: a bar, a
tab, a run of blanks, a semicolon or a comma. Every change keeps the length of the text, so that offsets stay
those of the report.

A row of several keys may name its level behind the first: "Canal: mild | Level: L4-5 | Foramina: open". Then
it is a small table, all of whose cells stand under that level.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from labeling.grids.lines import Cell, Grid, Span
from labeling.levels import LevelNotation
from labeling.normalise import lowered

_ROW = re.compile(r"^[ \t]*(?=[A-Za-z])(?P<head>[^\d\n;,]{2,48})\d[^\n]*", re.MULTILINE)
_LEAST_DIGITS = 3
"""Of two levels: "L4, L5/S1"."""
_MOST_VALUES = 24
"""A row has a value for each level, for each of its sides at the most; a hostile line has thousands."""
_SIGNS = ("|", "\t", "  ", ";", ",")
"""One of them stands in every row: what parts its values."""
_WORD = re.compile(r"[^ \t:|]+")
_GAP = re.compile(r"[ \t]*[:|=-]?[ \t]*")
_PARTED = tuple(re.compile(sign) for sign in (r"[ \t]*\|[ \t]*", r" ?\t[ \t]*", r" {2,}", " ?; ?", " ?, ?"))
"""What may part the values, the surest first."""
_KEY = re.compile(r"r?[sfx]h?r?|r?[sf]cr?[sf]|r?st")
_VALUE = re.compile(r"[rgzo(),nc]{1,8}")
_BETWEEN_FIELDS = _SIGNS[:3]
"""One of them parts the fields of a row with several keys."""
_OTHER_KEY = re.compile(r"[edw]{1,3}")
"""The key of a disc or the like, in such a row."""
_FIELDS = re.compile(r"^[ \t]*[a-z][a-z /-]{1,30}:(?=[^\n]*\d)[^\n]*", re.MULTILINE)
_FIELD = re.compile(r"(?:[^\s|]| (?! ))+")
_REMARK = re.compile(r" ?\([^()\d]*\)$")


class LevelRows:
    """Finds the rows in the texts of one language; `speech` reads the parts of speech of lower-case words."""

    def __init__(self, levels: LevelNotation, speech: Callable[[str], str]) -> None:
        self._levels, self._speech = levels, speech

    def grids(self, lower: str) -> list[Grid]:
        """The rows of a lower-case text that name their level behind their first key."""
        if not any(map(lower.__contains__, _BETWEEN_FIELDS)):
            return []
        rows = (self._grid(row) for row in _FIELDS.finditer(lower) if row[0].count(":") > 1)
        return [row for row in rows if row is not None]

    def _grid(self, row: re.Match[str]) -> Grid | None:
        """The cells of a row, if all but one of its fields have keys, and that one names the level."""
        spans = [field.span() for field in _FIELD.finditer(row.string, *row.span())]
        if not 2 <= len(spans) <= _MOST_VALUES:
            return None
        levels = [self._level_in(row.string, *span) for span in spans]
        named = [level for level in levels if level is not None]
        values = [span for span, level in zip(spans, levels, strict=True) if level is None]
        keys = [row.string[start:end].partition(":") for start, end in values]
        told = [self._speech(key.strip()) if sign else "-" for key, sign, _ in keys]
        if levels[0] is not None or len(named) != 1 or not any(map(_KEY.fullmatch, told)):
            return None
        if not all(_KEY.fullmatch(key) or _OTHER_KEY.fullmatch(key) for key in told):
            return None
        return Grid(*row.span(), tuple([Cell(*span, named[0], "") for span in values]))

    def _level_in(self, text: str, start: int, end: int) -> Span | None:
        """The level that is all a field holds, but for its key: "L4-5", "Level: L4-5"."""
        level = self._levels.apart.search(text, start, end)
        if level is None:
            return None
        beside = f"{text[start : level.start()]} {text[level.end() : end]}".replace("=", " ")
        return level.span() if self._levels.nouns.issuperset(_WORD.findall(beside)) else None

    def keyed(self, text: str) -> str:
        """`text` with a colon behind the name of each row and semicolons between its values."""
        return _ROW.sub(self._keyed, text)

    def _keyed(self, row: re.Match[str]) -> str:
        line = row[0]
        if sum(map(str.isdigit, line)) < _LEAST_DIGITS or not any(map(line.__contains__, _SIGNS)):
            return line
        end = self._end_of_key(line, len(row["head"]))
        gap = _GAP.match(line, end)
        if not end or gap is None or gap.end() == end:
            return line
        items = line[gap.end() :]
        parted = next((one for one in _PARTED if one.search(items)), None)
        if items.rstrip().endswith((",", ";")):  # a sentence that goes on in the next line
            return line
        if parted is None or not self._are_values([one for one in parted.split(items) if one]):
            return line
        told = parted.sub(lambda sign: ";".ljust(len(sign[0])), items)
        return line[:end] + ":".ljust(gap.end() - end) + told

    def _end_of_key(self, line: str, before: int) -> int:
        """Where the name of a structure ends that begins `line`, and nothing but a value follows; 0 if none.

        The first number stands behind `before` characters.
        """
        words = [word.span() for word in _WORD.finditer(line, 0, before + 1)]
        for start, end in reversed(words[:5]):
            if start < before and _KEY.fullmatch(self._speech(lowered(line[:end]).strip())):
                return end
        return 0

    def _are_values(self, items: list[str]) -> bool:
        """Whether there are two or more, each a level and a value, in the same order."""
        if len(items) > _MOST_VALUES:
            return False
        heads = [self._leads(item) for item in items]
        return len(heads) > 1 and heads[0] is not None and len(set(heads)) == 1

    def _leads(self, item: str) -> bool | None:
        """Whether the level stands before its value; `None` if there is anything else."""
        words = _REMARK.sub("", lowered(item).strip(" ."))
        level = self._levels.apart.search(words)
        if level is None:
            return None
        before, after = words[: level.start()].strip(), words[level.end() :].strip(" :-=")
        if _VALUE.fullmatch(self._speech(f"{before} {after}".strip())) is None:
            return None
        return None if bool(before) == bool(after) else not before
