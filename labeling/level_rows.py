"""Rows of levels under the name of a structure, brought to one form: "CANAL    L3/4 mild | L4/5 severe".

Such a row becomes a key and its values, ``CANAL:   L3/4 mild ; L4/5 severe``, whatever parts them: a bar, a
tab, a run of blanks, a semicolon or a comma. Every change keeps the length of the text, so that offsets stay
those of the report.
"""

from __future__ import annotations

import re
from collections.abc import Callable

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
_REMARK = re.compile(r" ?\([^()\d]*\)$")


class LevelRows:
    """Finds the rows in the texts of one language; `speech` reads the parts of speech of lower-case words."""

    def __init__(self, levels: LevelNotation, speech: Callable[[str], str]) -> None:
        self._levels, self._speech = levels, speech

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
