"""One cell of an archive to a value of a report: keys as text, dates that are certain, nothing mangled."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import Any

# What tools write for "no value".
_MISSING = {"", "nan", "null", "none", "<na>", "nat", "n/a", "na", "\\n"}
_ISO = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d{1,5}(?:\D|$))(?:[T ]?\d\d.*)?", re.DOTALL)
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[T ]\d.*)?", re.DOTALL)
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)(?:[T ]\d.*)?", re.DOTALL)
_AROUND = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+|[\sT,]+\d{1,2}[:.]\d\d.*$",
    re.IGNORECASE | re.DOTALL,
)
"""The day of the week before a date, and the time after it."""
_NAMED = ("%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%B %d, %Y", "%b %d, %Y", "%b %d %Y", "%B %d %Y")
_MANGLED = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")
_PIVOT = 69
"""Years of two digits from here on are of the last century, as POSIX has it."""

_EXACT_FLOAT = 2.0**53

_MESSAGES = {
    "HL7 message": re.compile(r"MSH[^\w\s]"),
    "FHIR resource": re.compile(r'\{\s*"resourceType"'),
    "CDA document": re.compile(r"(?:<\?xml[^>]{0,200}\?>\s*)?<(?:\w+:)?ClinicalDocument\b"),
}
"""What a message begins with that holds a report: read as words, its history and old values would count."""
_TAKE_OUT = "Write the column to a file of messages (HL7, FHIR as NDJSON) and label that, or export words."


_STATUS = {
    "draft": {"preliminary", "prelim", "draft", "partial", "registered", "unsigned", "unverified"}
    | {"not verified", "dictated", "transcribed", "pending", "wet read"},
    "addendum": {"addendum", "addenda"},
    "withdrawn": {"cancelled", "canceled", "withdrawn", "deleted", "retracted", "entered in error"},
}


class NotAValueError(ValueError):
    """A cell that holds no plain value: `reason` is the code of the issue, the message says what it holds."""

    def __init__(self, reason: str, message: str, cure: str) -> None:
        super().__init__(message)
        self.reason, self.cure = reason, cure


def parse_text(value: Any) -> str | None:
    """The words of a report exactly as they stand, a list of texts as lines; `None` when there are none."""
    if isinstance(value, (list, tuple)) and value and all(isinstance(line, str) for line in value):
        value = "\n".join(value)
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            raise NotAValueError(
                "undecodable-bytes", "some bytes are not utf-8.", "Store text as UTF-8."
            ) from None
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if not isinstance(value, str):
        raise NotAValueError("wrong-type", f"expected text; got {_kind(value)}.", "Store the report as text.")
    begun = value.lstrip("\ufeff\x0b \r\n\t")
    kind = next((kind for kind, begins in _MESSAGES.items() if begins.match(begun)), None)
    if kind is not None:
        raise NotAValueError("a-message", f"expected the words of a report; got a whole {kind}.", _TAKE_OUT)
    return None if value.strip().lower() in _MISSING else value


def parse_key(value: Any) -> str | None:
    """An id, study, patient, reader or modality as text without outer spaces; `None` when there is none."""
    if isinstance(value, float):
        return None if math.isnan(value) else _whole(value)
    if isinstance(value, (bool, dict, list, tuple, set)):
        raise NotAValueError(
            "wrong-type", f"expected text or a number; got {_kind(value)}.", "Store a plain value."
        )
    if value is None:
        return None
    text = str(value).strip()
    if _MANGLED.fullmatch(text):
        raise _mangled()
    return None if text.lower() in _MISSING else text


def parse_status(value: Any) -> str | None:
    """``draft``, ``addendum`` or ``withdrawn``; `None` for a final report and for a word that says nothing.

    The words are those of FHIR (DiagnosticReport.status) and of radiology systems. A single letter may mean
    anything in a table: only HL7 fields, whose letters are defined, are spelt out before.
    """
    if not isinstance(value, str):
        return None
    word = re.sub(r"[\W_]+", " ", value).strip().lower().removesuffix(" report")
    return next((status for status, words in _STATUS.items() if word in words), None)


def parse_date(value: Any, *, day_first: bool | None = None) -> date | None:
    """The day that `value` surely means; `None` when there is none. `ValueError` when it could be two.

    Read are ISO 8601 with or without hyphens and time, 2021/3/25, months by name, and 25/03/2021 either way:
    03/04/2021 is two days, and none of them is taken unless `day_first` says which. Where it does, every date
    of that form is read so, and 03/04/21 too.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = parse_key(value)
    if text is None:
        return None
    if found := _ISO.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return date(*map(int, found.groups()))
    if found := _SLASHED.fullmatch(text):
        first, second, year = map(int, found.groups())
        return _slashed(first, second, year, day_first)
    return _named(text)


def _slashed(first: int, second: int, year: int, day_first: bool | None) -> date:
    if day_first is not None:
        century = 0 if year >= 100 else 2000 if year < _PIVOT else 1900
        return date(century + year, *((second, first) if day_first else (first, second)))
    if year < 100:
        raise ValueError("date: expected a year of four digits")
    if first <= 12 and second <= 12 and first != second:
        raise ValueError("date: day and month cannot be told apart")
    return date(year, second, first) if first > 12 else date(year, first, second)


def _named(text: str) -> date:
    text = _AROUND.sub("", text)
    for form in _NAMED:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError("date: expected 2021-03-25 or a month by name")


def _whole(value: float) -> str:
    if value.is_integer() and abs(value) < _EXACT_FLOAT:
        return str(int(value))
    if abs(value) >= _EXACT_FLOAT:
        raise _mangled()
    return repr(value)


def _mangled() -> NotAValueError:
    return NotAValueError(
        "mangled-number",
        "a spreadsheet has rounded this number: its last digits are lost.",
        "Export the column as text.",
    )


def _kind(value: Any) -> str:
    kinds = {list: "a list", tuple: "a list", dict: "an object", bool: "true or false", float: "a number"}
    return kinds.get(type(value), "a number" if isinstance(value, int) else type(value).__name__)
