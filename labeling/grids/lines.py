"""The lines of a report as rows of a table: the level that a row begins with, and its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from labeling.grids.words import TableWords
from labeling.levels import LevelNotation

Span = tuple[int, int]
"""Characters from the first number to the second."""


class Splitter(NamedTuple):
    """A way to part columns: its `kind`, what stands between them, and the `signs` it cannot do without.

    Where it is not `hard`, prose uses it as well: then only cells that hold nothing but a value count.
    """

    kind: str
    parted: re.Pattern[str]
    signs: tuple[str, ...]
    hard: bool

    def may_part(self, text: str) -> bool:
        """Whether a sign of it stands in `text`."""
        return any(sign in text for sign in self.signs)


SPLITTERS = (
    Splitter("pipe", re.compile(r"\|"), ("|",), True),
    Splitter("tab", re.compile(r"\t"), ("\t",), True),
    # two blanks behind a stop are a typist's, no column's
    Splitter("gap", re.compile(r"(?:(?<![.:]) {2,}| {3,}| ?\t ?)+"), ("  ", "\t"), True),
    Splitter("brackets", re.compile(r"\] ?\["), ("]",), True),
    Splitter("slashes", re.compile(r"(?<!\S)/(?!\S)"), ("/",), False),
    Splitter("slash", re.compile(r" ?/ ?"), ("/",), False),
    Splitter("colon", re.compile(r"\s+:\s+"), (":",), False),
    Splitter("semicolon", re.compile(r" ?; ?"), (";",), False),
    Splitter("comma", re.compile(r" ?, ?"), (",",), False),
    Splitter("blank", re.compile(r" "), (" ",), False),
)
"""Ways to part columns, the surest first."""

HARD_HEADERS = frozenset({"slashes", "colon"})
"""What may part the heading of columns that are parted by something surer."""
IN_PROSE = frozenset({"slash", "slashes"})
"""What parts columns within a line of prose, too."""
TOLD = frozenset({*IN_PROSE, "colon", "semicolon", "comma"})
"""What parts columns that a sentence may follow, or stand in place of."""
_LISTS = tuple(one for one in SPLITTERS if one.kind in {"semicolon", "comma"})
LISTS_FIRST = tuple(sorted(SPLITTERS, key=lambda one: (not one.hard) + (not one.hard and one not in _LISTS)))
"""For cells that hold a slash themselves: "canal; foramina R/L" above "mild; none/mild"."""
BY_PLACE = frozenset({"gap", "blank"})
"""What parts columns that stand under their names."""
WORDY = frozenset({"comma", "blank"})
_EDGE = " \t*"
RULER = re.compile(r"[-=+|:_ \t*~.]*$")
_LEADING = re.compile(r"[\s>*\[(#\u2022-]*(?:\d{1,2}[.)][ \t]+)?[\[(]?")
_AFTER_LEVEL = re.compile(
    r"[\])*]* *(?:[|:;,=\t/]|(?<=[^ ] )-(?= [^\s/|;,-][^/|;,\t\n]{0,40}[/|;,\t]))?"  # L4-5 - mild / none / 0
)

IN_PAIRS = re.compile(r"\s*(?P<words>[a-z][a-z ()-]*?) ?/ ?(?P<last>[a-z][a-z -]*?)[ .]*$")
_REMARK = re.compile(r"[a-z][^:|/\t\n]{2,80}[a-z0-9)%][.]?")
_INKED = re.compile(r"[a-z0-9]")
_TERSE = 32
"""Characters of the longest cell of columns that are parted by a sign of prose."""


class Cell(NamedTuple):
    """Characters ``start..end`` of a table cell, its level heading, and the words that head its structure.

    Without a `structure` the cell is read as it stands. `instead` is what is read for a cell that holds a
    sign, empty elsewhere.
    """

    start: int
    end: int
    level: Span
    structure: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the characters it takes up, and its cells in reading order."""

    start: int
    end: int
    cells: tuple[Cell, ...]


class Line(NamedTuple):
    """Characters ``start..end`` of a line, the `level` it begins with, and where the `rest` begins."""

    start: int
    end: int
    level: Span | None
    rest: int


def split(
    text: str, start: int, end: int, parted: re.Pattern[str], kind: str, first: bool = True
) -> list[Span]:
    """The columns from `start` to `end`, edges cut off; `first` where the first column is among them."""
    while start < end and text[start] in " \t" and (kind != "tab" or text[start] == " "):
        start += 1
    while start < end and text[end - 1] in (" " if kind == "tab" else " \t"):
        end -= 1
    if kind == "pipe":
        start += first and text[start : start + 1] == "|"
        end -= end > start and text[end - 1] == "|"
    elif kind == "brackets":
        start += text[start : start + 1] == "["
        end -= end > start and text[end - 1] == "]"
    spans: list[Span] = []
    for match in [*parted.finditer(text, start, end), None]:
        begin, stop = start, match.start() if match else end
        start = match.end() if match else end
        while begin < stop and text[begin] in _EDGE:
            begin += 1
        while begin < stop and text[stop - 1] in _EDGE:
            stop -= 1
        spans.append((begin, stop))
    return spans


def ways_to_part(row: str) -> tuple[Splitter, ...]:
    """The ways to part the columns of `row`, the surest first: of two signs that of more cells."""
    listed = max(row.count(";"), row.count(","))
    return LISTS_FIRST if listed and listed >= row.count("/") > 0 else SPLITTERS


def line_at(text: str, start: int, end: int, levels: LevelNotation) -> Line:
    """The line of `text` from `start` to `end`."""
    lead = _LEADING.match(text, start, end)
    begin = lead.end() if lead else start
    if text[begin : begin + 1] == "|":
        begin += 1
        while text[begin : begin + 1] in {" ", "*"}:
            begin += 1
    match = levels.row.match(text, begin, end)
    if match is None:
        return Line(start, end, None, end)
    after = _AFTER_LEVEL.match(text, match.end(), end)
    return Line(start, end, match.span(), after.end() if after else match.end())


def is_remark(text: str, line: Line, below: Line | None = None) -> bool:
    """Whether `line` is prose that stands between two rows: "A small cyst is seen."."""
    if below is None or below.level is None or below.rest >= below.end:
        return False
    return _REMARK.fullmatch(text, line.start, line.end) is not None


def remarks_between(text: str, rows: Iterable[Line]) -> Iterator[Cell]:
    """The lines between two rows, which are of the upper one."""
    for row, below in pairwise(rows):
        if _INKED.search(text, row.end, below.start):
            yield Cell(row.end, below.start, row.level or (row.start, row.start), "")


def is_side(speech: str) -> bool:
    """Whether words with these parts of speech name a side and nothing else."""
    return speech.strip("(,-") == "r"


def apart(structure: str, words: TableWords) -> list[str]:
    """``foramina r/l`` is two columns in one, and so is ``rf/lf``."""
    if match := words.sides.search(structure):
        ordered = (words.right, words.left) if match["a"] else (words.left, words.right)
        return [f"{structure[: match.start()]}{side}{structure[match.end() :]}" for side in ordered]
    parts = [part.strip() for part in structure.split("/")]
    return parts if len(parts) > 1 and all(parts) else [structure]


def paired(
    text: str, names: list[Span], values: list[Span], above: bool, even: bool
) -> list[tuple[Span, Span]]:
    """Names and their values: by number, or by place where a row of a table in columns lacks a cell."""
    if len(values) == len(names) and (even or not above):
        return list(zip(names, values, strict=True))
    if not above:
        lacks = len(values) == len(names) - 1 and _is_barred(text, values) and not _is_barred(text, names)
        return list(zip(names, values, strict=False)) if lacks else []
    pairs = []
    for value in values:
        over = [name for name in names if _overlap(text, name, value)]
        if len(over) != 1:
            return []
        pairs.append((over[0], value))
    return pairs if len({name for name, _ in pairs}) == len(pairs) else []


def _is_barred(text: str, cells: list[Span]) -> bool:
    """Whether a bar stands behind the last cell, before one that is empty: "L3-4 | none | mild |"."""
    return bool(cells) and text[cells[-1][1] :][:40].lstrip(" ")[:1] == "|"


def _overlap(text: str, name: Span, value: Span) -> bool:
    first = text.rfind("\n", 0, name[0]) + 1
    second = text.rfind("\n", 0, value[0]) + 1
    return name[0] - first < value[1] - second and value[0] - second < name[1] - first


def terse(rows: Iterable[list[Span]]) -> bool:
    """Whether most rows hold nothing but short cells, as no row of sentences does."""
    short = [all(end - start <= _TERSE for start, end in row) for row in rows]
    return 2 * sum(short) > len(short)
