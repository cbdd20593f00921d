"""An archive as a stream: every row becomes one report or one issue, in order, in flat memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from labeling.issues import InputError, Issue
from labeling.report import Report
from labeling.sources.columns import FIELDS, SYNONYMS, Columns
from labeling.sources.packed import files
from labeling.sources.pieces import joined
from labeling.sources.registry import UNREADABLE, find_format, unreadable
from labeling.sources.rows import RowReader
from labeling.sources.table import Row, Table

_MOST = 12
"""Names of columns that are not read which are shown."""

_MANY = 5
"""So many second reports of a study, and more of them than first ones, may be the lines of reports."""

_FIELDS: dict[str, Any] = {name: name for name in FIELDS if name != "line"}
_FIXED = Columns(**_FIELDS)


class Reading(Iterator[Report | Issue]):
    """The reports and issues of an archive, in order, and how many they will be."""

    def __init__(self, source: Path, columns: Columns, reader: RowReader) -> None:
        self._source, self._columns, self._reader = source, columns, reader
        self._files = list(files(source))
        self._read, self._given = 0, 0
        self._share: Callable[[], float] = lambda: 0.0
        self._found = self._outcomes()

    def __next__(self) -> Report | Issue:
        found = next(self._found)
        self._given += 1
        return found

    def expected(self) -> int | None:
        """About how many there will be in all, from the bytes or files read so far; None before any are."""
        share = (self._read + self._share()) / max(len(self._files), 1)
        return max(self._given, round(self._given / share)) if share else None

    def _outcomes(self) -> Iterator[Report | Issue]:
        for path, stem in self._files:
            for table in _tables(path, self._columns):
                if isinstance(table, Issue):
                    yield table
                else:
                    self._share = table.share
                    yield from _table_reports(table, self._columns, self._reader, stem)
            self._read, self._share = self._read + 1, lambda: 0.0
        if not self._files:
            yield Issue(
                str(self._source),
                "empty-folder",
                "expected report files in the folder; got none.",
                "Name the folder that holds them.",
            )


def read_reports(source: Path, columns: Columns | None = None, *, language: str = "en") -> Reading:
    """The reports of a file, or of every file under a folder in the order of their names.

    Each row of a table gives one `Report`, or one `Issue` that says where it stands and why it was set aside.
    A file that cannot be read at all gives one issue; so do the dates of a file that could not be read, as a
    warning. Hidden files are passed over. Raises `InputError` when `source` does not exist, and `ImportError`
    when a format needs a library that is not installed.
    """
    source = Path(source)
    if not source.exists():
        raise InputError(
            Issue(
                str(source),
                "no-such-file",
                "expected a report archive; there is no such file.",
                "Check the path.",
            )
        )
    return Reading(source, columns or Columns(), RowReader(language=language))


def describe_source(source: Path, columns: Columns | None = None) -> list[str]:
    """How `source` is read: format, encoding and columns, one line for each way that its tables differ."""
    lines: dict[str, str] = {}
    for path, _ in files(Path(source)):
        for table in _tables(path, columns or Columns()):
            if isinstance(table, Table):
                _, found = _resolved(table, columns or Columns())
                what = table.how if table.fixed else f"{table.how}; {found.describe()}"
                if not table.fixed and (unread := found.unread(table.names)):
                    what += f"; not read: {', '.join(unread[:_MOST])}"
                    what += f" and {len(unread) - _MOST} more" if len(unread) > _MOST else ""
                lines.setdefault(what, f"{table.where}: {what}")
    return list(lines.values())


def _table_reports(table: Table, columns: Columns, reader: RowReader, stem: str) -> Iterator[Report | Issue]:
    table, found = _resolved(table, columns)
    if not table.fixed and (issue := _missing(table, columns, found)):
        yield issue
        return
    reader.unread_dates = reader.numbered = rows = 0
    try:
        for row in table.rows:
            rows += 1
            yield reader.read(row, found, stem) if isinstance(row, Row) else row
    except UNREADABLE as error:
        yield unreadable(f"{table.where} > row {rows + 1}", error)
    if reader.unread_dates:
        yield _unread_dates(table, reader.unread_dates, rows)
    if reader.numbered >= _MANY and 2 * reader.numbered > rows:
        yield _many_of_one_study(table, reader.numbered, rows)


def _resolved(table: Table, columns: Columns) -> tuple[Table, Columns]:
    """The columns of a table, and the table with one row for each report."""
    if table.fixed:
        return table, _FIXED
    return joined(table, columns.resolve(table.names), told=columns.line is not None)


def _tables(path: Path | Issue, columns: Columns) -> Iterator[Table | Issue]:
    if isinstance(path, Issue):
        yield path
        return
    found = find_format(path)
    if isinstance(found, Issue):
        yield found
        return
    try:
        yield from found.read(path, columns)
    except UNREADABLE as error:
        yield unreadable(str(path), error)


def _missing(table: Table, columns: Columns, found: Columns) -> Issue | None:
    if unknown := columns.unknown(table.names):
        return Issue(
            table.where,
            "missing-column",
            f"expected the column given for {', '.join(unknown)}; "
            f"none of the {len(table.names)} columns has that name.",
            "Check the spelling against the header row.",
        )
    if found.text_parts:
        return None
    return Issue(
        table.where,
        "missing-text-column",
        f"expected a column of report text, as in {', '.join(SYNONYMS['text'][:3])}; "
        f"none of the {len(table.names)} columns has such a name.",
        "Add a header row, or name the column, as in --column text=NAME.",
    )


def _unread_dates(table: Table, count: int, rows: int) -> Issue:
    return Issue(
        f"{table.where} > date",
        "unread-date",
        f"{count} of {rows} dates were left empty: expected 2021-03-25, or a day that can mean nothing else.",
        "Write dates as year-month-day, or say their order: --dates day-first or --dates month-first.",
        severity="warning",
    )


def _many_of_one_study(table: Table, count: int, rows: int) -> Issue:
    return Issue(
        f"{table.where} > id",
        "many-of-one-study",
        f"{count} of {rows} rows repeat a study key: each counts as another report of the study.",
        "Where they are lines of one report, name the column that numbers them: --column line=NAME.",
        severity="warning",
    )
