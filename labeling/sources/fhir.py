"""FHIR DiagnosticReport (R4, R5): one resource per line, one resource or one Bundle per file.

The words are the presented form where it is text, also as a Binary of the same Bundle, else the narrative or
the results that are text, and the conclusion. See https://hl7.org/fhir/R4/diagnosticreport.html.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from labeling.issues import Issue
from labeling.sources.columns import Columns
from labeling.sources.encoding import Meter, damaged, decode, detect_encoding
from labeling.sources.table import Format, Row, Table, document_table

_TEXT_TYPES = ("text/plain", "text/html", "text/rtf", "application/rtf", "application/xhtml+xml")


def read(path: Path, columns: Columns) -> Iterator[Table | Issue]:  # noqa: ARG001 - the registry's signature
    """The one table of a file of resources."""
    encoding = detect_encoding(path)
    meter = Meter(path)
    yield document_table(str(path), _rows(path, meter, encoding), f"FHIR, {encoding}", meter.share)


def _rows(path: Path, meter: Meter, encoding: str) -> Iterator[Row | Issue]:
    number = 0
    for where, resource in _resources(path, meter, encoding):
        found = [resource] if isinstance(resource, Issue) else list(_reports(resource, where))
        targets = _targets(resource)
        for item in found:
            number += 1
            yield item if isinstance(item, Issue) else _row(item[1], item[0], number, targets)


def _resources(path: Path, meter: Meter, encoding: str) -> Iterator[tuple[str, dict[str, Any] | Issue]]:
    with meter.open(encoding, newline="\n") as text:
        first = text.readline()
        if not _is_whole(first):  # spread over lines, as people write JSON
            yield str(path), _parse(first + text.read(), str(path), encoding)
            return
        text.seek(0)
        for number, line in enumerate(text, start=1):
            if line.strip():
                where = f"{path} > line {number}"
                yield where, _parse(line, where, encoding)


def _is_whole(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return line.rstrip().endswith("}")  # one broken line of many: the others are still read
    return True


def _parse(text: str, where: str, encoding: str) -> dict[str, Any] | Issue:
    if damaged(text, encoding):
        return Issue(
            where, "undecodable-bytes", f"some bytes are not {encoding}.", "FHIR is UTF-8 by definition."
        )
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return Issue(
            where, "broken-json", "expected a FHIR resource; it cannot be parsed.", "Export it again."
        )
    if not isinstance(value, dict):
        return Issue(where, "not-an-object", "expected a FHIR resource; got another value.", "Leave it out.")
    return value


def _reports(resource: Mapping[str, Any], where: str) -> Iterator[tuple[str, Mapping[str, Any]] | Issue]:
    """The diagnostic reports of a resource, each with its place; an issue when it holds none."""
    kind = resource.get("resourceType")
    if kind == "DiagnosticReport":
        yield where, resource
        return
    entries = _list(resource.get("entry")) if kind == "Bundle" else []
    found = [
        (f"{where} > entry {place}", entry["resource"])
        for place, entry in enumerate(entries, start=1)
        if _get(entry, "resource", "resourceType") == "DiagnosticReport"
    ]
    yield from found
    if not found:
        what = "a DiagnosticReport in the Bundle" if kind == "Bundle" else "a DiagnosticReport"
        yield Issue(where, "not-a-report", f"expected {what}; got none.", "Leave it out.")


def _targets(resource: Mapping[str, Any] | Issue) -> dict[str, Mapping[str, Any]]:
    """The resources that stand beside the reports of `resource`, by what may point to them."""
    found: dict[str, Mapping[str, Any]] = {}
    for entry in _list(_get(resource, "entry")):
        inner = _get(entry, "resource")
        found[str(_get(entry, "fullUrl"))] = inner
        found[f"{_get(inner, 'resourceType')}/{_get(inner, 'id')}"] = inner
    return found


def _row(
    report: Mapping[str, Any], where: str, number: int, targets: Mapping[str, Mapping[str, Any]]
) -> Row | Issue:
    contained = {f"#{_get(one, 'id')}": one for one in _list(report.get("contained"))}
    text = _text(report, {**targets, **contained})
    if text is None and _list(report.get("presentedForm")):
        return Issue(
            f"{where} > presentedForm",
            "not-text",
            "expected the words of the report; got a form of another type, as PDF, or an address.",
            "Export the reports with presentedForm as text, or the Binary resources in the same Bundle.",
        )
    study = _list(report.get("imagingStudy")) or _list(report.get("study"))
    reader = _list(report.get("resultsInterpreter")) or _list(report.get("performer"))
    values = {
        "id": report.get("id"),
        "text": text,
        "study": _accession(report) or _key(study[0] if study else None),
        "patient": _key(report.get("subject")),
        "reader": _key(reader[0] if reader else None) or _get(reader[0] if reader else None, "display"),
        "date": str(report.get("issued") or report.get("effectiveDateTime") or "")[:10],
        "status": report.get("status"),
    }
    return Row(where, number, values)


def _text(report: Mapping[str, Any], targets: Mapping[str, Mapping[str, Any]]) -> str | None:
    forms = [words for form in _list(report.get("presentedForm")) if (words := _attachment(form, targets))]
    if forms:
        return "\n\n".join(forms)
    narrative, conclusion = _get(report, "text", "div"), report.get("conclusion")
    if not isinstance(narrative, str):
        narrative = "\n\n".join(_results(report, targets)) or None
    if isinstance(narrative, str) and isinstance(conclusion, str) and conclusion not in narrative:
        return f"{narrative}\n\nIMPRESSION:\n{conclusion}"
    return narrative if isinstance(narrative, str) else conclusion


def _results(report: Mapping[str, Any], targets: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The observations of a report whose value is text, each under its name."""
    for reference in _list(report.get("result")):
        found = targets.get(str(_get(reference, "reference")))
        words, codings = _get(found, "valueString"), _list(_get(found, "code", "coding"))
        name = _get(found, "code", "text") or _get(codings[0] if codings else None, "display")
        if isinstance(words, str):
            yield f"{name.upper()}:\n{words}" if isinstance(name, str) else words


def _attachment(form: Any, targets: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The words of an attachment that is text and stands in the resource itself, or in a Binary beside it."""
    binary = targets.get(str(_get(form, "url")))
    data, kind = _get(form, "data") or _get(binary, "data"), _get(form, "contentType")
    kind = str(kind or _get(binary, "contentType") or "")
    if not isinstance(data, str) or not kind.lower().startswith(_TEXT_TYPES):
        return None
    try:
        return decode(base64.b64decode(data))
    except binascii.Error:
        return None


def _accession(report: Mapping[str, Any]) -> str | None:
    """The identifier of type ACSN, of the report itself or of the order it is based on."""
    orders = [_get(order, "identifier") for order in _list(report.get("basedOn"))]
    for identifier in [*_list(report.get("identifier")), *orders]:
        codes = {_get(coding, "code") for coding in _list(_get(identifier, "type", "coding"))}
        value = _get(identifier, "value")
        if "ACSN" in codes and isinstance(value, str):
            return value
    return None


def _key(reference: Any) -> str | None:
    """The identifier that a reference carries, or the id that it points to."""
    identifier, target = _get(reference, "identifier", "value"), _get(reference, "reference")
    if isinstance(identifier, str):
        return identifier.removeprefix("urn:oid:")
    return target.rpartition("/")[2].removeprefix("urn:uuid:") if isinstance(target, str) else None


def _get(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []


FORMAT = Format(
    name="FHIR",
    suffixes=(),
    recognises=lambda head: (
        head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and b'"resourceType"' in head
    ),
    read=read,
    signature=True,
)
