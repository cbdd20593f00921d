"""Excel workbooks (.xlsx): every sheet that is not empty is a table, hidden ones too.

Its header is the first of its upper rows that surely names columns, else the first row; a single cell above a
wider row is the title of the sheet. A number is as long as its format says: 0001234 has its zeros.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import Any

from labeling.issues import Issue
from labeling.sources.columns import Columns
from labeling.sources.encoding import open_whole
from labeling.sources.table import EMPTY_CURE, Format, Row, Table, needs

# Excel keeps no more characters than this in a cell and drops the rest without a word.
_CELL_LIMIT = 32_767
_MOST_ABOVE = 20
"""Rows among which the header is looked for."""

_Numbered = tuple[int, tuple[Any, ...]]
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}


def read(path: Path, columns: Columns) -> Iterator[Table | Issue]:
    """The tables of a workbook, in the order of its sheets."""
    openpyxl = needs("openpyxl", "openpyxl", "Excel workbooks")
    with open_whole(path) as file, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="openpyxl")  # styles and validations that it does not keep
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError):
            yield Issue(
                str(path),
                "broken-workbook",
                "expected an Excel workbook; it cannot be opened.",
                "Save it again.",
            )
            return
        with closing(book):
            yield from _sheets(path, book.worksheets, columns)


def _sheets(path: Path, sheets: list[Any], columns: Columns) -> Iterator[Table | Issue]:
    empty = True
    for number, sheet in enumerate(sheets, start=1):
        table = _sheet(f"{path} > sheet {number}", sheet, columns)
        if table is not None:
            empty = False
            yield table
    if empty:
        yield Issue(
            str(path), "empty-file", "expected a header row; got a workbook without cells.", EMPTY_CURE
        )


def _sheet(where: str, sheet: Any, columns: Columns) -> Table | Issue | None:
    sheet.reset_dimensions()  # some writers store a wrong size, and rows beyond it would be lost
    cells = (tuple(map(_value, row)) for row in sheet.iter_rows())
    header, rows = _header(enumerate(cells, start=1), columns)
    if header is None:
        return None
    names = _names(header)
    while names and not names[-1]:
        names.pop()
    named = [name for name in names if name]
    if len(set(named)) < len(named):
        return Issue(where, "repeated-column", "expected every column name once.", "Rename the columns.")
    return Table(where, tuple(names), _rows(where, names, rows), "Excel workbook")


def _value(cell: Any) -> Any:
    """The value of a cell; a whole number whose format is zeros alone, as a key has, with its zeros."""
    value = cell.value
    if type(value) is int and set(form := cell.number_format) == {"0"}:
        return str(value).zfill(len(form))
    return value


def _names(header: tuple[Any, ...]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in header]


def _header(
    rows: Iterator[_Numbered], columns: Columns
) -> tuple[tuple[Any, ...] | None, Iterator[_Numbered]]:
    """The header of a sheet, `None` where it has no cell, and the rows after it."""
    first = list(islice((found for found in rows if any(cell is not None for cell in found[1])), _MOST_ABOVE))
    if not first:
        return None, rows
    is_title = len(first) > 1 and _width(first[0]) == 1 < _width(first[1])
    sure = (place for place, (_, cells) in enumerate(first) if columns.is_header(_names(cells)))
    place = next(sure, int(is_title))
    return first[place][1], chain(first[place + 1 :], rows)


def _width(row: _Numbered) -> int:
    return sum(cell is not None for cell in row[1])


def _rows(where: str, names: list[str], rows: Iterator[_Numbered]) -> Iterator[Row | Issue]:
    for number, cells in rows:
        if any(cell is not None for cell in cells):
            yield _row(f"{where} > row {number}", number, names, cells)


def _row(where: str, number: int, names: list[str], cells: tuple[Any, ...]) -> Row | Issue:
    if any(cell is not None for cell in cells[len(names) :]):
        return Issue(
            where,
            "wrong-field-count",
            f"expected {len(names)} cells; got one beside the last column.",
            "Give the column a name in the header row, or clear the cell.",
        )
    values = dict(zip(names, cells, strict=False))
    if any(isinstance(cell, str) and cell in _ERRORS for cell in cells):
        return Issue(where, "spreadsheet-error", "a cell holds an Excel error.", "Repair the formula.")
    if any(isinstance(cell, str) and len(cell) >= _CELL_LIMIT for cell in cells):
        return Issue(
            where,
            "text-cut",
            f"a cell is full ({_CELL_LIMIT} characters): Excel has cut its text.",
            "Export the archive as CSV or JSON Lines.",
        )
    return Row(where, number, values)


FORMAT = Format(
    name="Excel workbook",
    suffixes=(".xlsx", ".xlsm"),
    recognises=lambda head: head.startswith(b"PK\x03\x04") and b"xl/" in head,
    read=read,
    signature=True,
)
