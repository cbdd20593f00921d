"""HL7 v2 result messages (ORU^R01), one or many in a file, with or without MLLP frames and batch segments.

One report per OBR segment that has text under it. The message control id (MSH-10) is the report's id, because
a preliminary and a final report share their order number; the accession number is OBR-18 (IHE Radiology
TF-2, 4.1) or else the filler order number OBR-3. Escapes: HL7 v2.5, chapter 2.7.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from labeling.issues import Issue
from labeling.sources.columns import Columns
from labeling.sources.encoding import Meter, damaged, decode, detect_encoding
from labeling.sources.table import Format, Row, Table, document_table

_FRAME = "\x0b\x1c\r\n"
_BATCH = {"FHS", "BHS", "BTS", "FTS"}
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")
_TEXT_TYPES = {"TX", "FT", "ST"}
_WITHDRAWN = {"D", "W", "X"}
# OBR-25, HL7 table 0123: what is not final yet. A corrected report (C) replaces the one before it whole.
_STATUS = dict.fromkeys(("P", "R", "A", "I", "S", "O"), "preliminary") | {"X": "cancelled"}
# IHE suffixes of the observation identifier, as in 18782-3&IMP.
_SECTIONS = {"GDT": "FINDINGS", "IMP": "IMPRESSION", "ADT": "ADDENDUM", "REC": "RECOMMENDATION"}
_ESCAPE = re.compile(r"\\([^\\\r\n]{1,40})\\")
_RTF = "{\\rtf"


@dataclass(frozen=True, slots=True)
class _Separators:
    """The signs that MSH-1 and MSH-2 declare; almost everywhere they are the same five."""

    field: str
    component: str
    repetition: str
    escape: str
    sub: str

    @classmethod
    def of(cls, header: str) -> _Separators | None:
        signs = header[3:8]
        return cls(*signs) if len(signs) == 5 and len(set(signs)) == 5 and not signs.isalnum() else None

    def words(self, value: str) -> str:
        """A value with its escapes written out."""
        plain = {"F": self.field, "S": self.component, "R": self.repetition, "E": self.escape, "T": self.sub}

        def write(found: re.Match[str]) -> str:
            code = found[1]
            if code in plain:
                return plain[code]
            if code.startswith("X"):
                return _hexadecimal(code[1:]) or found[0]
            if code.startswith((".br", ".sp", ".ce")):
                return "\n"
            return "" if code in {"H", "N"} or code.startswith(".") else found[0]

        return _ESCAPE.sub(write, value.replace(self.escape, "\\") if self.escape != "\\" else value)


Segments = list[list[str]]


def read(path: Path, columns: Columns) -> Iterator[Table | Issue]:  # noqa: ARG001 - the registry's signature
    """The one table of a file of messages."""
    encoding = detect_encoding(path)
    meter = Meter(path)
    yield document_table(str(path), _rows(path, meter, encoding), f"HL7 v2, {encoding}", meter.share)


def _rows(path: Path, meter: Meter, encoding: str) -> Iterator[Row | Issue]:
    number = 0
    with meter.open(encoding, newline="") as text:
        for place, lines in enumerate(_messages(text), start=1):
            for row in _reports(lines, f"{path} > message {place}", number, encoding):
                number += 1
                yield row


def _messages(lines: Iterable[str]) -> Iterator[list[str]]:
    """The segments of each message; a line that is no segment goes on with the one before it."""
    message: list[str] = []
    for raw in lines:
        line = raw.strip(_FRAME)
        if not line or line[:3] in _BATCH:
            continue
        if line.startswith("MSH"):
            if message:
                yield message
            message = [line]
        elif message and not (_SEGMENT.match(line) and line[3:4] == message[0][3:4]):
            message[-1] += "\n" + line
        else:
            message.append(line)
    if message:
        yield message


def _reports(lines: list[str], where: str, number: int, encoding: str) -> Iterator[Row | Issue]:
    signs = _Separators.of(lines[0]) if lines[0].startswith("MSH") else None
    if signs is None:
        yield Issue(
            where,
            "broken-message",
            "expected MSH and its five separators; got something else.",
            "Export it again.",
        )
        return
    if any(damaged(line, encoding) for line in lines):
        yield Issue(
            where, "undecodable-bytes", f"some bytes are not {encoding}.", "Export the messages as UTF-8."
        )
        return
    segments = [line.split(signs.field) for line in lines]
    header = [signs.field, *segments[0]]  # MSH-1 is the separator itself: fields count from there
    if _component(signs, header, 9) != "ORU":
        yield Issue(where, "not-a-report", "expected a message of type ORU; got another.", "Leave it out.")
        return
    groups = list(_groups(segments))
    if not groups:
        yield Issue(where, "broken-message", "expected an OBR segment; got none.", "Export it again.")
    for place, group in enumerate(groups):
        control = _component(signs, header, 10)
        report_id = f"{control}-{place + 1}" if control and len(groups) > 1 else control
        yield _report(signs, group, segments, f"{where} > OBR {place + 1}", number + place + 1, report_id)


def _groups(segments: Segments) -> Iterator[Segments]:
    starts = [place for place, segment in enumerate(segments) if segment[0] == "OBR"]
    for start, end in pairwise([*starts, len(segments)]):
        yield segments[start:end]


def _report(
    signs: _Separators, group: Segments, message: Segments, where: str, number: int, report_id: str
) -> Row | Issue:
    order = group[0]
    patient: list[str] = next((segment for segment in message if segment[0] == "PID"), [])
    values = {
        "id": report_id,
        "text": _text(signs, group),
        "study": _component(signs, order, 18) or _component(signs, order, 3),
        "patient": _component(signs, patient, 3),
        "reader": _component(signs, order, 32).split(signs.sub)[0],
        "date": (_component(signs, order, 22) or _component(signs, order, 7))[:8],
        "modality": _component(signs, order, 24),
        "status": _STATUS.get(_component(signs, order, 25)),
    }
    return Row(where, number, values)


def _text(signs: _Separators, group: Segments) -> str:
    """The observations of one order as lines; a heading where the kind of section changes."""
    parts: list[tuple[str, str]] = []
    for segment in group:
        if segment[0] == "OBX" and _field(segment, 11) not in _WITHDRAWN:
            words = _observation(signs, segment)
            if words is not None:
                parts.append((_section(signs, segment), words))
    if len(parts) == 1 and parts[0][1].startswith(_RTF):
        return parts[0][1]
    lines: list[str] = []
    last = ""
    headed = len({section for section, _ in parts}) > 1
    for section, words in parts:
        if headed and section and section != last:
            lines.append(f"\n{section}:" if lines else f"{section}:")
        lines.append(words)
        last = section
    return "\n".join(lines)


def _observation(signs: _Separators, segment: list[str]) -> str | None:
    kind = _field(segment, 2)
    if kind in _TEXT_TYPES:
        return "\n".join(signs.words(value) for value in _field(segment, 5).split(signs.repetition))
    if kind == "ED":
        parts = _field(segment, 5).split(signs.component)
        is_text = len(parts) == 5 and {part.upper() for part in parts[1:3]} & {"TEXT", "RTF", "PLAIN", "HTML"}
        return _encapsulated(parts[4]) if is_text else None
    return None


def _encapsulated(value: str) -> str | None:
    try:
        return decode(base64.b64decode(value, validate=True))
    except binascii.Error:
        return None


def _section(signs: _Separators, segment: list[str]) -> str:
    kind = _component(signs, segment, 3).rpartition(signs.sub)[2].upper()
    return _SECTIONS.get(kind, "")


def _field(segment: list[str], number: int) -> str:
    return segment[number] if number < len(segment) else ""


def _component(signs: _Separators, segment: list[str], number: int) -> str:
    """The first component of the first repetition of a field."""
    return _field(segment, number).split(signs.repetition)[0].split(signs.component)[0].strip()


def _hexadecimal(digits: str) -> str | None:
    try:
        return decode(bytes.fromhex(digits))
    except ValueError:
        return None


FORMAT = Format(
    name="HL7 v2",
    suffixes=(".hl7", ".oru"),
    recognises=lambda head: head.lstrip(b"\x0b\r\n \xef\xbb\xbf").startswith((b"MSH|", b"FHS|", b"BHS|")),
    read=read,
    signature=True,
)
