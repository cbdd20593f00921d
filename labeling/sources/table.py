"""What every format is read into: tables of rows that say where they stand."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from labeling.issues import Issue
from labeling.sources.columns import FIELDS, Columns

EMPTY_CURE = "Export it again, or leave it out."


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an archive. `where` is for people, `number` counts from 1 and names a row without an id."""

    where: str
    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that share their columns: a CSV file, one sheet of a workbook, one message file.

    `how` says how the file is read ("CSV, utf-8, separated by ';'"). A format that knows itself what its
    fields mean has `fixed` set: its names are the fields of a report, and nothing is guessed. `share` is how
    much of the file has been read, from 0 to 1.
    """

    where: str
    names: tuple[str, ...]
    rows: Iterator[Row | Issue]
    how: str
    fixed: bool = False
    share: Callable[[], float] = lambda: 0.0


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of file is known and read.

    `suffixes` are lower case with the dot. `recognises` sees the first 4 KiB of a file: for a kind with a
    signature that is stronger than the suffix (`signature`), for the others it is asked when the suffix says
    nothing. `read` yields the tables of a file, and an `Issue` for a file that holds none.
    """

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[Path, Columns], Iterator[Table | Issue]]
    signature: bool = False


def document_table(
    where: str, rows: Iterator[Row | Issue], how: str, share: Callable[[], float] = lambda: 0.0
) -> Table:
    """A table of a format that has fields instead of columns: no name in it is guessed."""
    return Table(where=where, names=FIELDS, rows=rows, how=how, fixed=True, share=share)


def needs(module: str, package: str, what: str) -> ModuleType:
    """The optional library `module`; `ImportError` says what needs it and how to install it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f"reading {what} needs the package {package}, which is not installed: pip install {package}"
        ) from error
