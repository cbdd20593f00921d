"""The rows of a delimited file, and where to go on after one whose quotes are broken."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

# A quote that never closes would swallow the rest of the archive: no report is this long.
_LONGEST_ROW = 2_000_000
_MOST_SHAPES = 64
csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_ROW))


class RowTooLongError(Exception):
    """A row that is too long to be a report: a quote was never closed."""


@dataclass(slots=True)
class Lines:
    """Physical lines, with those of the current row kept so that they can be read again."""

    source: Iterator[str]
    number: int = 0
    taken: list[str] = field(default_factory=list)
    _again: deque[str] = field(default_factory=deque)
    _size: int = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self.source)
        self.number += 1
        self.taken.append(line)
        self._size += len(line)
        if self._size > _LONGEST_ROW:
            raise RowTooLongError
        return line

    def begin(self) -> None:
        """Forget the lines of the row before."""
        self.taken, self._size = [], 0

    def give_back(self, keep: int) -> None:
        """Put the lines of the current row back, all but the first `keep`."""
        self._again.extendleft(reversed(self.taken[keep:]))
        self.number -= len(self.taken) - keep
        self.taken = self.taken[:keep]


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one row, or `None` when its quotes are broken; its lines `first` to `last`, from 1."""

    fields: list[str] | None
    first: int
    last: int
    quoted_end: bool = False

    @property
    def lines(self) -> str:
        """The lines in words, for people."""
        return f"line {self.first}" if self.first == self.last else f"lines {self.first} to {self.last}"


def records(lines: Lines, delimiter: str) -> Iterator[Record]:
    """Every row of the file that is not blank, the header first."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows = _NewRow(delimiter)
    while True:
        lines.begin()
        first = lines.number + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except (csv.Error, RowTooLongError):
            _skip_broken(lines, delimiter, rows)
            yield Record(None, first, lines.number)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if delimiter != "\t" and _has_stray_quote(lines.taken, fields):
            yield Record(None, first, lines.number)
        elif fields:
            rows.learn(fields)
            yield Record(fields, first, lines.number, lines.taken[-1].rstrip("\r\n").endswith('"'))


def _has_stray_quote(lines: list[str], fields: list[str]) -> bool:
    """Whether a quote stands in a field that is not quoted, where `csv` lets it pass.

    Every quoted field has two quotes around it, and each quote inside it is written twice. Tab-separated
    files are often written without any quoting, and a tab inside a text is rare: there it is not asked.
    """
    written = sum(line.count('"') for line in lines)
    inside = sum(value.count('"') for value in fields) if written else 0
    return written % 2 == 1 or (inside > 0 and written < 2 * inside + 2)


@dataclass(slots=True)
class _NewRow:
    """What the first field of a row looks like in this file, as in ``A9-9`` for ``MR12-034``."""

    delimiter: str
    width: int = 0
    _shapes: set[str] = field(default_factory=set)

    def learn(self, fields: list[str]) -> None:
        if not self.width:
            self.width = len(fields)  # the header
        elif len(fields) == self.width and len(self._shapes) < _MOST_SHAPES:
            self._shapes.add(_shape(fields[0]))

    def starts(self, line: str) -> bool:
        """Whether `line`, which comes after a broken quote, surely begins a new row."""
        fields = line.split(self.delimiter)
        if self._shapes and _shape(fields[0].strip('"')) not in self._shapes:
            return False
        return (
            self.delimiter + '"' in line if '"' in line else bool(self._shapes) and len(fields) == self.width
        )


def _shape(text: str) -> str:
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "A", text.strip()))


def _skip_broken(lines: Lines, delimiter: str, rows: _NewRow) -> None:
    """Leave `lines` after the broken row: where its last quoted field closes, or before a sure new row."""
    lines.give_back(1)
    is_open = _open_after(lines.taken[0], delimiter, is_open=False)
    while is_open:
        lines.begin()
        line = next(lines, None)
        if line is None:
            return
        if rows.starts(line):
            lines.give_back(0)
            return
        is_open = _open_after(line, delimiter, is_open=True)


def _open_after(line: str, delimiter: str, *, is_open: bool) -> bool:
    """Whether a quoted field is open after `line`, when quotes count only at the border of a field."""
    text = line.rstrip("\r\n").replace('""', "")
    for place, sign in enumerate(text):
        if sign != '"':
            continue
        if is_open:
            is_open = text[place + 1 : place + 2] not in {"", delimiter}
        else:
            is_open = place == 0 or text[place - 1] == delimiter
    return is_open
