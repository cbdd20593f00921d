"""What the cells of a table say: the structure that heads a column, and the words that stand for a grade."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from labeling.grids.lines import Cell, Span, apart, is_side, split
from labeling.grids.words import TableWords

Speech = Callable[[str], str]
"""The parts of speech of some words, one character each."""

_TAIL = re.compile(r"\s*(?:\([^()]*[=0-9][^()]*\))?[\s:.*]*$")
_VALUE = frozenset("gzonOGuUVaErpwvc,:;()hHtxiM-")
_GRADE = frozenset("gzonOG")
_STRUCTURE = re.compile("[sfxkhHt]")
_NAMED = re.compile("[sfxk]")
_ONE = re.compile(r"r?(?:[sfx][hHt]?|R?h)[:-]?")
_DEFINED = re.compile(r"(?<![a-z])([a-z]{2,5}) ?= ?([a-z][^;.,\n=|]{3,60})")
_DASHES = frozenset({"-", "--"})
"""A cell that nobody filled in, unless a legend gives the sign a meaning."""
_SLASH = re.compile(r" ?/ ?")
_LISTED = re.compile(r" ?, ?")


class Column(NamedTuple):
    """What heads the cells of a column, or of a row where the levels stand side by side.

    `words` is the heading in full. It may hold several structures, the `names`; `sided` is set where they are
    the two sides of one, and `bare` is the heading without them. `read` is set where it names a structure.
    """

    words: str
    names: list[str]
    sided: bool
    bare: str
    read: bool


class CellReader:
    """Reads the cells of the tables in one folded lower-case text."""

    def __init__(self, text: str, words: TableWords, speech: Speech, legend: Mapping[str, str]) -> None:
        self._text, self._table, self._speech, self._legend = text, words, speech, legend
        self._defined: dict[str, str] | None = None

    def _definition(self, short: str) -> str:
        """What the report itself explains an abbreviation by, empty if it does not."""
        if self._defined is None:
            self._defined = {name: words.strip() for name, words in _DEFINED.findall(self._text)}
        return self._defined.get(short, "")

    def words(self, span: Span) -> str:
        """The words under `span`."""
        return self._text[span[0] : span[1]]

    def names_side(self, span: Span) -> bool:
        """Whether the words name a side and nothing else."""
        return is_side(self._speech(self.words(span)))

    def names_structure(self, span: Span, bare: bool = False) -> bool:
        """Whether the words name a structure, with no grade beside it where it must be `bare`."""
        words = _TAIL.sub("", self.words(span))
        speech = self._speech(words)
        if not _STRUCTURE.search(speech):
            speech = self._speech(self._definition(words))
        return bool(_STRUCTURE.search(speech)) and not (bare and set(speech) & set("gzonv:"))

    def names_one(self, span: Span) -> bool:
        """Whether the words are the title of one structure: "2. Foraminal stenosis" heads a list."""
        return _ONE.fullmatch(self._speech(self.words(span))) is not None

    def names_anatomy(self, span: Span) -> bool:
        """Whether the words name other anatomy and nothing else, as in "Disc"."""
        return set(self._speech(_TAIL.sub("", self.words(span)))) in ({"e"}, {"d"}, {"e", "d"})

    def columns(self, names: Iterable[Span]) -> dict[Span, Column]:
        """What each of `names` heads; a name that is but a side goes on about the one before it."""
        columns = {}
        before = ""
        for name in names:
            words, before = self.heading(name, before)
            columns[name] = self.column(words)
        return columns

    def column(self, words: str) -> Column:
        """The column that `words` head."""
        speech = self._speech(words) if words else ""
        read = _STRUCTURE.search(speech) is not None and "q" not in speech  # "foramina (all R/L)"
        sides = self._table.sides
        return Column(
            words, apart(words, self._table), sides.search(words) is not None, sides.sub("", words), read
        )

    def heading(self, name: Span, before: str) -> tuple[str, str]:
        """What heads the cells of a column, and what a name that is but a side goes on about."""
        words = _TAIL.sub("", self.words(name)) or self.words(name)
        speech = self._speech(words)
        if is_side(speech):
            return (f"{before} {words}" if before else "", before)
        # "LRS" is stenosis of a lateral recess, or of the left one where the report says so
        if words == "lrs" or not _STRUCTURE.search(speech):
            words = self._definition(words) or words
            speech = self._speech(words)
        if not _NAMED.search(speech):
            return words, ""
        bare = self._table.side.sub("", words)
        return words, bare if bare != words else ""

    def cells(self, level: Span, column: Column, value: Span, hard: bool) -> Iterator[Cell]:
        """The cells of `value`, none where it is in doubt what stands in it."""
        words = self.words(value)
        if not words or not column.words or (words in _DASHES and words not in self._legend):
            return
        if not column.read:
            if hard and _NAMED.search(self._speech(words)):
                yield Cell(*value, level, column.words)
            return
        several = len(column.names) > 1
        parted = _LISTED if several and "/" not in words else _SLASH
        parts = split(self._text, *value, parted, "") if several or "/" in words else [value]
        if len(column.names) == 2 and len(parts) == 2 and all(map(self.is_value, parts)):
            for name, part in zip(column.names, parts, strict=True):
                yield Cell(*part, level, name, self._instead(part))
        elif several and (len(parts) > 1 or not column.sided):
            return
        elif len(parts) == 2 and self.words(parts[0]) != self.words(parts[1]) and words[:1].isdigit():
            return  # "facets 1/2", and nothing says which side is which
        elif hard or self.is_value(value):
            yield Cell(*value, level, column.bare, self._instead(value))

    def may_be_value(self, span: Span) -> bool:
        """Whether a grade stands under `span`, or nothing."""
        words = self.words(span)
        return not words or words in _DASHES or self.is_value(span)

    def is_value(self, span: Span) -> bool:
        """Whether a grade stands under `span`, and nothing that is of another noun."""
        words = self.words(span)
        if words in self._table.same or words in {"-", "0"} or _in_brackets(words) in self._legend:
            return True
        signs = set(self._speech(words))
        return signs <= _VALUE and not signs.isdisjoint(_GRADE)

    def _instead(self, span: Span) -> str:
        words = self.words(span)
        return self._table.same.get(words, "") if words not in self._legend else ""

    def resolved(self, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """A 0 is "none" where every other cell is in words; a dash says nothing."""
        words = {self.words(cell[:2]) for cell in cells} - _DASHES
        if "0" not in words or self._legend:
            return cells
        rest = words - {"0"}
        if not rest or any(word[:1].isdigit() for word in rest):
            return cells
        return tuple(
            cell._replace(instead=self._table.none) if self.words(cell[:2]) == "0" else cell for cell in cells
        )


def _in_brackets(words: str) -> str:
    """What stands in the brackets around a sign, "(+)"; all of `words` where there are none."""
    return words[1:-1] if words.startswith("(") and words.endswith(")") else words
