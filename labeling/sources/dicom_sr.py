"""DICOM structured reports: the words of the content tree, in order, under the names of their containers.

One report per file. The id is the SOP instance UID, the study key the study instance UID. The content tree
is described in DICOM PS3.3, section A.35.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labeling.issues import Issue
from labeling.sources.columns import Columns
from labeling.sources.encoding import open_whole
from labeling.sources.table import Format, Row, Table, document_table, needs

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_DEEPEST = 40


def read(path: Path, columns: Columns) -> Iterator[Table | Issue]:  # noqa: ARG001 - the registry's signature
    """A table of one row."""
    pydicom = needs("pydicom", "pydicom", "DICOM")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they quote values of the header
        try:
            with open_whole(path) as file:
                row = _row(path, pydicom.dcmread(file, stop_before_pixels=True))
        except (
            pydicom.errors.InvalidDicomError,
            EOFError,
            ValueError,
            AttributeError,
            TypeError,
            RecursionError,
        ):
            row = Issue(
                str(path), "broken-dicom", "expected a DICOM file; it cannot be read.", "Copy it again."
            )
    yield document_table(str(path), iter([row]), "DICOM structured report")


def _row(path: Path, dataset: Dataset) -> Row | Issue:
    if "ContentSequence" not in dataset:
        return Issue(
            str(path),
            "not-a-report",
            "expected a structured report; got another DICOM object.",
            "Leave it out.",
        )
    observers = dataset.get("VerifyingObserverSequence") or []
    return Row(
        str(path),
        0,
        {
            "id": _string(dataset.get("SOPInstanceUID")),
            "text": "\n".join(_lines(dataset, depth=0)).strip(),
            "study": _string(dataset.get("StudyInstanceUID")),
            "patient": _string(dataset.get("PatientID")),
            "reader": _string(observers[0].get("VerifyingObserverName")) if observers else None,
            "date": _string(dataset.get("ContentDate") or dataset.get("StudyDate")),
            "status": _string(dataset.get("PreliminaryFlag")),
        },
    )


def _lines(item: Dataset, depth: int) -> Iterator[str]:
    """The lines of one item's children; containers below the root are headed by their name."""
    for child in item.get("ContentSequence") or [] if depth < _DEEPEST else []:
        kind, name = str(child.get("ValueType", "")), _meaning(child, "ConceptNameCodeSequence")
        if kind == "CONTAINER":
            yield f"\n{name.upper()}:"
            yield from _lines(child, depth + 1)
            continue
        words = _words(child, kind)
        if words:
            yield f"{name.upper()}:\n{words}" if depth == 0 and kind == "TEXT" and name else words
        yield from _lines(child, depth + 1)


def _words(item: Dataset, kind: str) -> str:
    name = _meaning(item, "ConceptNameCodeSequence")
    if kind == "TEXT":
        return str(item.get("TextValue", "")).replace("\r\n", "\n").replace("\r", "\n")
    if kind == "CODE":
        return f"{name}: {_meaning(item, 'ConceptCodeSequence')}."
    if kind == "NUM" and item.get("MeasuredValueSequence"):
        measured = item.MeasuredValueSequence[0]
        unit = _meaning(measured, "MeasurementUnitsCodeSequence")
        return f"{name}: {measured.get('NumericValue', '')} {unit}."
    return ""


def _meaning(item: Dataset, sequence: str) -> str:
    codes = item.get(sequence) or []
    return str(codes[0].get("CodeMeaning", "")) if codes else ""


def _string(value: Any) -> str | None:
    return None if value is None else str(value)


FORMAT = Format(
    name="DICOM structured report",
    suffixes=(".dcm", ".dicom"),
    recognises=lambda head: head[128:132] == b"DICM",
    read=read,
    signature=True,
)
