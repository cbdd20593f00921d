"""Rows to reports, one for one: what a row lacks or holds twice becomes its issue."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from labeling.issues import Issue
from labeling.report import Report
from labeling.sources.columns import FIELDS, Columns
from labeling.sources.encoding import damaged
from labeling.sources.markup import unwrap
from labeling.sources.table import Row
from labeling.sources.values import NotAValueError, parse_date, parse_key, parse_text

_KEYS = tuple(name for name in FIELDS if name not in {"text", "date"})


@dataclass(slots=True)
class RowReader:
    """Builds the reports of one archive and remembers which ids it has given out (8 bytes each)."""

    language: str = "en"
    unread_dates: int = 0
    _seen: set[bytes] = field(default_factory=set)

    def read(self, row: Row, columns: Columns, stem: str) -> Report | Issue:
        """The report of a row. A row without an id is called ``<stem>-<row number>``, a file just `stem`."""
        values = {}
        for name in _KEYS:
            column = getattr(columns, name)
            try:
                values[name] = parse_key(row.values.get(column)) if column else None
            except NotAValueError as error:
                return Issue(f"{row.where} > {name}", error.reason, str(error), error.cure)
        try:
            text = _text(row, columns)
        except NotAValueError as error:
            return Issue(f"{row.where} > text", error.reason, str(error), error.cure)
        if text is None or not text.strip():
            return Issue(
                f"{row.where} > text",
                "empty-text",
                "expected the words of a report; got none.",
                "Export the text of this report, or leave the row out.",
            )
        if damaged(text) or any(value and damaged(value) for value in values.values()):
            return _damaged(row)
        report_id = values.pop("id") or (f"{stem}-{row.number}" if row.number else stem)
        if not self._is_new(report_id):
            return _duplicate(row)
        day = self._date(row, columns)
        return Report(id=report_id, text=text, date=day, language=self.language, **values)

    def _is_new(self, report_id: str) -> bool:
        digest = hashlib.blake2b(report_id.encode(), digest_size=8).digest()
        before = len(self._seen)
        self._seen.add(digest)
        return len(self._seen) > before

    def _date(self, row: Row, columns: Columns) -> date | None:
        try:
            return parse_date(row.values.get(columns.date)) if columns.date else None
        except ValueError:
            self.unread_dates += 1
            return None


def _text(row: Row, columns: Columns) -> str | None:
    names = columns.text_parts
    if len(names) == 1:
        text = parse_text(row.values.get(names[0]))
        return text and unwrap(text)
    parts = (
        (head, parse_text(row.values.get(name))) for head, name in zip(columns.headings(), names, strict=True)
    )
    return "\n\n".join(f"{head}:\n{unwrap(part)}" for head, part in parts if part) or None


def _damaged(row: Row) -> Issue:
    return Issue(
        f"{row.where} > text",
        "undecodable-bytes",
        "the text holds half of a character (a lone surrogate).",
        "Export the archive as UTF-8.",
    )


def _duplicate(row: Row) -> Issue:
    return Issue(
        f"{row.where} > id",
        "duplicate-id",
        "another report before this one has the same id; only the first is read.",
        "Name a column whose values are unique, or make the ids unique.",
    )
