"""Rows to reports, one for one: what a row lacks or holds twice becomes its issue."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from labeling.issues import Issue
from labeling.report import Report
from labeling.sources.columns import FIELDS, Columns
from labeling.sources.encoding import damaged
from labeling.sources.markup import unwrap
from labeling.sources.table import Row
from labeling.sources.values import NotAValueError, parse_date, parse_key, parse_status, parse_text

_YES_OR_NO = {"y", "n", "yes", "no", "true", "false", "0", "1"}
_NO_CHANCE = 40
_KEYS = tuple(name for name in FIELDS if name not in {"text", "date", "status", "line"})


class _SetAsideError(Exception):
    """Ends the reading of a row; `issue` is what it becomes."""

    def __init__(self, where: str, reason: str, message: str, cure: str) -> None:
        super().__init__(reason)
        self.issue = Issue(where, reason, message, cure)


@dataclass(slots=True)
class RowReader:
    """Builds the reports of one archive and remembers the ids and words that it has given out, as digests."""

    language: str = "en"
    unread_dates: int = 0
    numbered: int = 0
    _seen: dict[bytes, int] = field(default_factory=dict)

    def read(self, row: Row, columns: Columns, stem: str) -> Report | Issue:
        """The report of a row. A row without an id is called ``<stem>-<row number>``, a file just `stem`.

        Where the study key stands in for the id, as an accession number does, the second report of a study
        is called ``<key>-2``; so is an addendum under the id of its report.
        """
        try:
            flags = _flags(row, columns)
            values = {name: _key(row, name, getattr(columns, name)) for name in _KEYS}
            text = _text(row, columns)
            if damaged(text) or any(value and damaged(value) for value in values.values()):
                raise _damaged(row)
            given = values.pop("id") or (f"{stem}-{row.number}" if row.number else stem)
            content = f"{values['study']} {text}"
            adds = "addendum" in flags or text.lstrip()[:8].lower() == "addendum"
            report_id = self._new_id(row, given, content, numbered=columns.id_is_of_study or adds)
        except _SetAsideError as found:
            return found.issue
        day = self._date(row, columns)
        return Report(id=report_id, text=text, date=day, language=self.language, flags=flags, **values)

    def _new_id(self, row: Row, given: str, content: str, *, numbered: bool) -> str:
        """`given`, or, where another report has it and `numbered` allows it, with the next free number."""
        said = int.from_bytes(_digest(content, 4), "big")
        for number in count(1) if numbered else (1,):
            name = given if number == 1 else f"{given}-{number}"
            before = self._seen.setdefault(key := _digest(name, 8), -1)
            if before == -1:
                self._seen[key] = said
                self.numbered += number > 1
                return name
            if before == said:
                raise _repeated(row)
        raise _duplicate(row)

    def _date(self, row: Row, columns: Columns) -> date | None:
        try:
            value = row.values.get(columns.date) if columns.date else None
            return parse_date(value, day_first=columns.day_first)
        except ValueError:
            self.unread_dates += 1
            return None


def _digest(text: str, size: int) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=size).digest()


def _flags(row: Row, columns: Columns) -> frozenset[str]:
    """``draft`` or ``addendum``, where the source says so."""
    status = parse_status(row.values.get(columns.status)) if columns.status else None
    if status == "withdrawn":
        raise _SetAsideError(
            f"{row.where} > status", "withdrawn", "the report was withdrawn.", "It has no labels."
        )
    return frozenset({status} if status else ())


def _key(row: Row, name: str, column: str | None) -> str | None:
    try:
        return parse_key(row.values.get(column)) if column else None
    except NotAValueError as error:
        raise _SetAsideError(f"{row.where} > {name}", error.reason, str(error), error.cure) from None


def _text(row: Row, columns: Columns) -> str:
    names, where = columns.text_parts, f"{row.where} > text"
    try:
        parts = [_part(row.values.get(name), place) for place, name in enumerate(names)]
    except NotAValueError as error:
        raise _SetAsideError(where, error.reason, str(error), error.cure) from None
    text = _joined(parts, columns)
    if text.strip():
        return text
    raise _SetAsideError(
        where,
        "empty-text",
        "expected the words of a report; got none.",
        "Export the text of this report, or leave the row out.",
    )


def _part(value: Any, place: int) -> str | None:
    """The words of one column of the text. A section may hold a mere flag: whether there is an addendum."""
    if place and (isinstance(value, (bool, int, float)) or str(value).strip().lower() in _YES_OR_NO):
        return None
    return parse_text(value)


def _joined(parts: list[str | None], columns: Columns) -> str:
    """One text as it is; several under their headings, and a section that the whole text holds only there."""
    texts = [unwrap(part or "") for part in parts]
    if len(texts) == 1:
        return texts[0]
    said: list[str] = []
    whole = ""
    for heading, text in zip(columns.headings(), texts, strict=True):
        if text.strip() and not _holds(whole, heading, text):
            said.append(f"{heading}:\n{text}" if heading else text)
        whole += "" if heading else _bare(text)
    return "\n\n".join(said)


def _holds(whole: str, heading: str, text: str) -> bool:
    """Whether the whole text has this section too: in its place, or at a length that is no chance."""
    words = _bare(text)
    return words in whole and (
        len(words) >= _NO_CHANCE or whole.endswith(words) or f"{heading.lower()}{words}" in whole
    )


def _bare(text: str) -> str:
    """The letters and numbers of a text: the same words laid out in another way are the same."""
    return "".join(filter(str.isalnum, text)).lower()


def _damaged(row: Row) -> _SetAsideError:
    return _SetAsideError(
        f"{row.where} > text",
        "undecodable-bytes",
        "the text holds half of a character (a lone surrogate).",
        "Export the archive as UTF-8.",
    )


def _repeated(row: Row) -> _SetAsideError:
    return _SetAsideError(
        f"{row.where} > id",
        "repeated-report",
        "a report with the same id, study and words stands before this one; it is read once.",
        "Nothing is lost; leave the row out.",
    )


def _duplicate(row: Row) -> _SetAsideError:
    return _SetAsideError(
        f"{row.where} > id",
        "duplicate-id",
        "a report before this one has the same id and other words; only the first is read.",
        "It may be the later version: name a column whose values are unique, or make the ids unique. Where "
        "rows are lines of a report, name the column that numbers them: --column line=NAME.",
    )
