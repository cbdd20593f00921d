"""One report per text file: ``.txt`` or ``.rtf``. The id is the file's name without its suffix.

Nothing in the file names its study. Where files are named after it, ``Columns(study="id")`` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from labeling.issues import Issue
from labeling.sources import delimited
from labeling.sources.columns import Columns
from labeling.sources.encoding import decode, open_bytes
from labeling.sources.table import EMPTY_CURE, Format, Row, Table, document_table

_HEAD = 4096
_ACCESSION = re.compile(
    r"^[ \t]*accession(?: ?(?:number|num|no\.?|id|#))?[ \t]*[:#=][ \t]*(\S+)", re.IGNORECASE | re.MULTILINE
)
_MOST_EXAMS = 2
"""Examinations that one report may be of."""


def read(path: Path, columns: Columns) -> Iterator[Table | Issue]:
    """A table of one row: the file is the text. One with a line that names columns is a delimited file."""
    with open_bytes(path) as file:
        head = file.read(_HEAD)
        if delimited.holds_table(head, columns):
            yield from delimited.read(path, columns)
            return
        data = head + file.read()
    study = Path(path.name.removesuffix(".gz")).stem if columns.study == "id" else None
    how = "text" if study is None else "text; study <- name of the file"
    yield document_table(str(path), iter([_row(path, data, study)]), how)


def _row(path: Path, data: bytes, study: str | None) -> Row | Issue:
    if not data:
        return Issue(str(path), "empty-file", "expected the text of a report; got an empty file.", EMPTY_CURE)
    text = decode(data)
    if text is None:
        return Issue(
            str(path),
            "undecodable-bytes",
            "expected UTF-8, UTF-16 or Windows-1252; some bytes are none of them.",
            "Save the file as UTF-8.",
        )
    if (count := len({found[1] for found in _ACCESSION.finditer(text)})) > _MOST_EXAMS:
        return Issue(
            str(path),
            "several-reports",
            f"expected one report; got {count} accession numbers, each at the start of a line.",
            "Write a file for each report, or a table with a row for each.",
        )
    return Row(str(path), 0, {"text": text, "study": study})


FORMAT = Format(
    name="text",
    suffixes=(".txt", ".text", ".rtf"),
    recognises=lambda head: head.startswith(b"{\\rtf"),
    read=read,
)
