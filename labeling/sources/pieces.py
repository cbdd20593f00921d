"""Tables that hold a report in several rows, a line of its text in each, as Epic and Cerner export them.

The rows of one id are joined in the order of their line numbers. Nothing says that they stand together: such
a table is held in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from labeling.issues import Issue
from labeling.sources.columns import Columns
from labeling.sources.table import Row, Table
from labeling.sources.values import NotAValueError, parse_key, parse_text

_LOOK_AHEAD = 1000
_LINE = 300
"""A row of reports has more characters than this on the average."""

_CHUNK = 100
"""Pieces of one length from here on are a text cut at that length, not lines."""


def joined(table: Table, columns: Columns, *, told: bool) -> tuple[Table, Columns]:
    """`table` with one row for each report, and the columns with `line` only where its rows are lines.

    `columns` are those of the table. Rows that hold whole reports beside a number stay as they are, unless
    the user has `told` which column numbers the lines.
    """
    if columns.line is None:
        return table, columns
    first = list(islice(table.rows, _LOOK_AHEAD))
    rows = chain(first, table.rows)
    if not told and not _are_lines([row for row in first if isinstance(row, Row)], columns):
        return replace(table, rows=rows), replace(columns, line=None)
    columns = replace(columns, id=columns.id or columns.study)
    if columns.id is None:
        return replace(table, rows=iter([_without_id(table.where)])), columns
    return replace(table, rows=_reports(rows, columns)), columns


def _are_lines(rows: Sequence[Row], columns: Columns) -> bool:
    """Whether several numbers occur, and the texts are lines, or pieces of one length, but no whole reports.

    A sequence may number the versions of a report too: there they must be short besides.
    """
    numbers = {_number(row, columns) for row in rows}
    if None in numbers or len(numbers) < 2:
        return False
    pieces = [text for row in rows for text in _texts(row, columns)]
    several = sum("\n" in text.strip() for text in pieces)
    longest = max(map(len, pieces), default=0)
    if longest >= _CHUNK and len({text for text in pieces if len(text) == longest}) > 1:
        return True
    is_short = "line" in str(columns.line).lower() or sum(map(len, pieces)) <= _LINE * len(pieces)
    return is_short and 2 * several <= len(pieces)


@dataclass(slots=True)
class _Report:
    """The lines of one id: number and the words of each column of the text."""

    row: Row
    lines: dict[int | None, tuple[str, ...]] = field(default_factory=dict)
    rows: int = 0
    repeated: bool = False

    def add(self, number: int | None, texts: tuple[str, ...]) -> None:
        self.repeated |= self.lines.setdefault(number, texts) != texts
        self.rows += 1


def _reports(rows: Iterator[Row | Issue], columns: Columns) -> Iterator[Row | Issue]:
    """One row for each id in the order in which they first stand; rows that were set aside come first."""
    found: dict[str, _Report] = {}
    lost = longest = 0
    for row in rows:
        key = _id(row, columns) if isinstance(row, Row) else None
        if isinstance(row, Issue) or key is None:
            lost += not isinstance(row, Issue) or row.severity == "error"
            yield row if isinstance(row, Issue) else _without_id(row.where)
            continue
        texts = tuple(_texts(row, columns))
        longest = max(longest, *map(len, texts))
        found.setdefault(key, _Report(row)).add(_number(row, columns), texts)
    for report in found.values():
        yield _whole(report, columns, longest, some_lost=lost > 0)


def _whole(report: _Report, columns: Columns, longest: int, *, some_lost: bool) -> Row | Issue:
    numbers = sorted(number for number in report.lines if number is not None)
    where = report.row.where + (f" and {report.rows - 1} more rows" if report.rows > 1 else "")
    if len(numbers) < len(report.lines) or report.repeated:
        return Issue(
            f"{where} > line",
            "unclear-lines",
            "expected every line number of a report once; one is missing or stands again with other words.",
            "Name the column that tells the reports apart (--id) or that numbers lines (--column line=NAME).",
        )
    if some_lost and numbers != list(range(min(numbers[0], 1), numbers[-1] + 1)):
        return Issue(
            f"{where} > line",
            "missing-line",
            "expected every line of the report; some are not there, and some rows were set aside.",
            "Mend the rows that were set aside.",
        )
    texts = zip(*(report.lines[number] for number in numbers), strict=True)
    values = {name: _glued(lines, longest) for name, lines in zip(columns.text_parts, texts, strict=True)}
    return Row(where, report.row.number, {**report.row.values, **values})


def _glued(lines: Sequence[str], longest: int) -> str:
    """Lines under each other; pieces that were cut at one length (all but the last) as they were."""
    cut = longest >= _CHUNK and all(len(line) == longest for line in lines[:-1])
    return "".join(lines) if cut else "\n".join(map(str.rstrip, lines))


def _texts(row: Row, columns: Columns) -> Iterator[str]:
    """The words of a row, empty where it has none: a blank line."""
    for name in columns.text_parts:
        try:
            yield parse_text(row.values.get(name)) or ""
        except NotAValueError:
            yield ""


def _id(row: Row, columns: Columns) -> str | None:
    try:
        return parse_key(row.values.get(columns.id or ""))
    except NotAValueError:
        return None


def _number(row: Row, columns: Columns) -> int | None:
    try:
        return int(float(parse_key(row.values.get(columns.line or "")) or ""))
    except (NotAValueError, ValueError, OverflowError):
        return None


def _without_id(where: str) -> Issue:
    return Issue(
        f"{where} > id",
        "line-without-id",
        "expected the id of the report that a line is of; got none.",
        "Export the id in every row; where its column is not guessed, name it: --column id=NAME.",
    )
