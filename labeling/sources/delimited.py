"""CSV and TSV with a header row, read strictly: a row that does not fit its header is set aside.

The danger of this format is the silent shift: an unquoted comma or line break moves the text of a report
into another field. So quotes must be well formed, every row must have as many fields as the header, and
after a broken quote reading goes on at the next line that is surely a new row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from labeling.issues import Issue
from labeling.sources.columns import Columns
from labeling.sources.encoding import damaged, detect_encoding, open_text
from labeling.sources.records import Lines, Record, RowTooLongError, records
from labeling.sources.table import EMPTY_CURE, Format, Row, Table

_DELIMITERS = ",;\t|"


def read(path: Path, columns: Columns) -> Iterator[Table | Issue]:
    """The one table of a delimited file."""
    encoding = detect_encoding(path)
    found = _header(path, encoding, columns)
    if isinstance(found, Issue):
        yield found
        return
    delimiter, names, skip = found
    how = f"{'TSV' if delimiter == chr(9) else 'CSV'}, {encoding}, separated by {delimiter!r}"
    text_is_last = bool(names) and names[-1] in columns.resolve(names).text_parts
    yield Table(str(path), tuple(names), _rows(path, encoding, delimiter, skip, text_is_last), how)


def _header(path: Path, encoding: str, columns: Columns) -> tuple[str, list[str], int] | Issue:
    """Delimiter, column names and the number of lines before the header; an `Issue` when there is none."""
    with open_text(path, encoding, newline="") as text:
        lines = Lines(text)
        first = next((line for line in lines if line.strip()), None)
        if first is None:
            return Issue(str(path), "empty-file", "expected a header row; got an empty file.", EMPTY_CURE)
        declared = re.fullmatch(r"\ufeff?sep=(.)\s*", first, re.IGNORECASE)  # Excel writes this line
        skip = lines.number if declared else lines.number - 1
        if not declared:
            lines.give_back(lines.number - 1)
        lines.begin()
        return _choose(path, lines, declared[1] if declared else _candidates(path), columns, skip)


def _choose(
    path: Path, lines: Lines, delimiters: str, columns: Columns, skip: int
) -> tuple[str, list[str], int] | Issue:
    """The header as the delimiter reads it that finds the text column, and then the most columns."""
    best: tuple[tuple[bool, int], str, list[str]] | None = None
    for delimiter in delimiters:
        try:
            names = next(csv.reader(lines, delimiter=delimiter, strict=True))
        except (csv.Error, StopIteration, RowTooLongError):
            lines.give_back(0)
            continue
        lines.give_back(0)
        found = columns.resolve(names)
        score = (bool(found.text_parts) and not found.unknown(names), len(names))
        if best is None or score > best[0]:
            best = score, delimiter, names
    if best is None or damaged("".join(best[2])):
        return Issue(
            str(path),
            "broken-header",
            "expected a header row of column names; it cannot be parsed.",
            "Write a first line with the names of the columns.",
        )
    if repeated := len(best[2]) - len(set(best[2])):
        return Issue(
            str(path),
            "repeated-column",
            f"expected every column name once; {repeated} of {len(best[2])} stand again.",
            "Give each column a name of its own in the header row.",
        )
    return best[1], best[2], skip


def _candidates(path: Path) -> str:
    return "\t" if Path(path.name.removesuffix(".gz")).suffix.lower() in {".tsv", ".tab"} else _DELIMITERS


def _rows(path: Path, encoding: str, delimiter: str, skip: int, text_is_last: bool) -> Iterator[Row | Issue]:
    """Rows one behind the reading: a short row can mean that the row before it was cut by a line break."""
    with open_text(path, encoding, newline="") as text:
        for _ in range(skip):
            next(text)
        found = records(Lines(text, number=skip), delimiter)
        names = next(found).fields or []
        held: tuple[Record, Row | Issue] | None = None
        for number, record in enumerate(found, start=1):
            row = _row(f"{path} > row {number} ({record.lines})", number, record, names, encoding)
            if held is not None:
                yield _cut(held[1]) if text_is_last and _goes_on(held[0], record, len(names)) else held[1]
            held = record, row
        if held is not None:
            yield held[1]


def _row(where: str, number: int, record: Record, names: list[str], encoding: str) -> Row | Issue:
    if record.fields is None:
        return Issue(
            where,
            "broken-quotes",
            "a quote opens or closes in the middle of a field, or never closes.",
            'Quote every text field and write a quote inside it twice ("").',
        )
    if any(damaged(value, encoding) for value in record.fields):
        return Issue(
            where, "undecodable-bytes", f"some bytes are not {encoding}.", "Export the archive as UTF-8."
        )
    if len(record.fields) != len(names):
        return Issue(
            where,
            "wrong-field-count",
            f"expected {len(names)} fields; got {len(record.fields)}.",
            "Quote text that holds the delimiter or a line break.",
        )
    return Row(where, number, dict(zip(names, record.fields, strict=True)))


def _goes_on(before: Record, after: Record, width: int) -> bool:
    """Whether the last field of `before`, which is the text, may have been cut by an unquoted line break."""
    short = after.fields is not None and len(after.fields) < width
    return short and not before.quoted_end


def _cut(row: Row | Issue) -> Row | Issue:
    if isinstance(row, Issue):
        return row
    return Issue(
        row.where,
        "text-may-go-on",
        "the next row is too short: an unquoted line break may have cut this text.",
        "Quote text that holds a line break.",
    )


FORMAT = Format(
    name="CSV or TSV",
    suffixes=(".csv", ".tsv", ".tab"),
    recognises=lambda _head: False,
    read=read,
)
