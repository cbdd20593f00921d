"""CSV and TSV with a header row, read strictly: a row that does not fit its header is set aside.

The danger of this format is the silent shift: an unquoted comma or line break moves the text of a report
into another field. So quotes must be well formed, every row must have as many fields as the header, and
after a broken quote reading goes on at the next line that is surely a new row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from labeling.issues import Issue
from labeling.sources.columns import Columns
from labeling.sources.encoding import Meter, damaged, decode_head, detect_encoding, open_text
from labeling.sources.records import Lines, Record, RowTooLongError, records
from labeling.sources.table import EMPTY_CURE, Format, Row, Table

_DELIMITERS = ",;\t|"
_MOST_ABOVE = 20
"""Lines that may stand above the header."""
_LONGEST_FOOTER = 80
_COUNTED = "(?:rows?|records?|reports?|results?|exams?|studies|count)"
_FOOTER = re.compile(
    rf"\(?\d[\d,.]* {_COUNTED}(?: \w+)?\.?\)?"
    rf"|(?:grand )?(?:total|number|{_COUNTED})(?: of)?(?: {_COUNTED})?\s*[:=]?\s*\d[\d,.]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Header:
    """The columns, what separates them, and the lines before them."""

    delimiter: str
    names: list[str]
    skip: int
    below: bool = False

    @property
    def named(self) -> int:
        """The number of columns up to the last with a name: spreadsheets leave empty ones behind it."""
        return max((place for place, name in enumerate(self.names, start=1) if name.strip()), default=0)


def read(path: Path, columns: Columns) -> Iterator[Table | Issue]:
    """The one table of a delimited file."""
    encoding = detect_encoding(path)
    found = _header(path, encoding, columns)
    if isinstance(found, Issue):
        yield found
        return
    kind = "TSV" if found.delimiter == "\t" else "CSV"
    how = f"{kind}, {encoding}, separated by {found.delimiter!r}"
    if found.below:
        how += f", header in line {found.skip + 1}"
    text_is_last = bool(found.names) and found.names[-1] in columns.resolve(found.names).text_parts
    meter = Meter(path)
    rows = _rows(path, meter, encoding, found, text_is_last)
    yield Table(str(path), tuple(found.names), rows, how, share=meter.share)


def holds_table(head: bytes, columns: Columns) -> bool:
    """Whether the first bytes of a file, whatever its suffix says, have a line that names columns."""
    lines = decode_head(head).splitlines(keepends=True)
    whole = [line for line in lines if line.endswith(("\n", "\r"))]
    return _below(whole, _DELIMITERS, columns) is not None


def _header(path: Path, encoding: str, columns: Columns) -> _Header | Issue:
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
        delimiters = declared[1] if declared else _candidates(path)
        found = _choose(path, lines, delimiters, columns, skip)
        if isinstance(found, _Header) and _finds_text(columns, found.names):
            return found
        return _below(lines, delimiters, columns, skip) or found


def _choose(path: Path, lines: Lines, delimiters: str, columns: Columns, skip: int) -> _Header | Issue:
    """The header as the delimiter reads it that finds the text column, and then the most columns."""
    best: tuple[tuple[bool, int], str, list[str]] | None = None
    for delimiter in delimiters:
        try:
            names = next(csv.reader(lines, delimiter=delimiter, strict=True))
        except (csv.Error, StopIteration, RowTooLongError):
            lines.give_back(0)
            continue
        lines.give_back(0)
        score = (_finds_text(columns, names), len(names))
        if best is None or score > best[0]:
            best = score, delimiter, names
    if best is None or damaged("".join(best[2])):
        return Issue(
            str(path),
            "broken-header",
            "expected a header row of column names; it cannot be parsed.",
            "Write a first line with the names of the columns.",
        )
    if repeated := _repeated(best[2]):
        return Issue(
            str(path),
            "repeated-column",
            f"expected every column name once; {repeated} of {len(best[2])} stand again.",
            "Give each column a name of its own in the header row.",
        )
    return _Header(best[1], best[2], skip)


def _repeated(names: list[str]) -> int:
    named = [name for name in names if name.strip()]
    return len(named) - len(set(named))


def _finds_text(columns: Columns, names: list[str]) -> bool:
    found = columns.resolve(names)
    return bool(found.text_parts) and not found.unknown(names)


def _below(lines: Iterable[str], delimiters: str, columns: Columns, skip: int = 0) -> _Header | None:
    """The header under the title and the parameters of an export, which are lines of another form."""
    for number, line in enumerate(islice(lines, _MOST_ABOVE), start=skip):
        for delimiter in filter(line.__contains__, delimiters):
            with suppress(csv.Error, StopIteration):
                names = next(csv.reader([line], delimiter=delimiter, strict=True))
                if not _repeated(names) and columns.is_header(names):
                    return _Header(delimiter, names, number, below=True)
    return None


def _candidates(path: Path) -> str:
    return "\t" if Path(path.name.removesuffix(".gz")).suffix.lower() in {".tsv", ".tab"} else _DELIMITERS


def _rows(
    path: Path, meter: Meter, encoding: str, header: _Header, text_is_last: bool
) -> Iterator[Row | Issue]:
    """Rows one behind the reading: a short row can mean that the row before it was cut by a line break."""
    with meter.open(encoding, newline="") as text:
        for _ in range(header.skip):
            next(text)
        found = records(Lines(text, number=header.skip), header.delimiter)
        next(found)
        held: tuple[Record, Row | Issue] | None = None
        for number, record in enumerate(_without_ruler(found), start=1):
            row = _row(f"{path} > row {number} ({record.lines})", number, record, header, encoding)
            if held is not None:
                cut = text_is_last and _goes_on(held[0], record, len(header.names))
                yield _cut(held[1]) if cut else held[1]
            held = record, row
        if held is not None:
            yield held[1]


def _without_ruler(found: Iterator[Record]) -> Iterator[Record]:
    """The rows without the line of hyphens that database clients draw below the header."""
    first = next(found, None)
    if first is not None and not all(set(value.strip()) == {"-"} for value in first.fields or [""]):
        yield first
    yield from found


def _row(where: str, number: int, record: Record, header: _Header, encoding: str) -> Row | Issue:
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
    if _is_footer(record):
        return Issue(where, "closing-line", "a count of rows, no report.", "Nothing is lost.", "warning")
    if len(record.fields) != len(header.names):
        return Issue(
            where,
            "wrong-field-count",
            f"expected {len(header.names)} fields; got {len(record.fields)}.",
            "Quote text that holds the delimiter or a line break.",
        )
    if any(value.strip() for value in record.fields[header.named :]):
        return Issue(
            where,
            "wrong-field-count",
            f"expected {header.named} fields; got one under a column without a name.",
            "Quote text that holds the delimiter, or name the column in the header row.",
        )
    return Row(where, number, dict(zip(header.names, record.fields, strict=True)))


def _is_footer(record: Record) -> bool:
    """Whether the one field that is filled counts the rows, as the last line of an export does."""
    filled = [value for value in record.fields or [] if value and not value.isspace()]
    return (
        len(filled) == 1
        and len(filled[0]) <= _LONGEST_FOOTER
        and _FOOTER.fullmatch(filled[0].strip()) is not None
    )


def _goes_on(before: Record, after: Record, width: int) -> bool:
    """Whether the last field of `before`, which is the text, may have been cut by an unquoted line break."""
    short = after.fields is not None and len(after.fields) < width and not _is_footer(after)
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
    suffixes=(".csv", ".tsv", ".tab", ".psv"),
    recognises=lambda head: holds_table(head, Columns()),
    read=read,
)
