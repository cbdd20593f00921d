"""Every column of a dataset by where it comes from and what happens to it: the allow-list of the release.

The confidentiality profile is DICOM PS3.15, Table E.1-1. Its codes: D replace with a dummy, Z replace with a
dummy or empty, X remove, U replace with a consistent UID; ``-`` for what the table does not list. A column of
the schema that is not here cannot be written (`dataset.build_rows` looks every one up), and the code of the
imaging stages may name no tag of words, names, dates or UIDs that is not here (tests).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lexicons.findings import CODES

Action = Literal["uid", "patient", "report", "site", "date", "keep"]
"""What a key does to a value: a keyed UID, a keyed name of that kind, a moved date, or nothing."""


@dataclass(frozen=True, slots=True)
class Released:
    """One column: the tags or the part of the program it comes from, and what a key does to it."""

    source: str
    action: Action = "keep"


_COMPUTED = Released(
    "computed from ImagePositionPatient, ImageOrientationPatient, PixelSpacing, SliceThickness"
)
_LABELS = Released("read from the report by the rules")

COLUMNS: Mapping[str, Released] = {
    "study": Released("StudyInstanceUID", "uid"),
    "patient": Released("PatientID, or the patient key of the report", "patient"),
    "level": Released("masks or points"),
    "centre": _COMPUTED,
    "normal": _COMPUTED,
    "sagittal_series": Released("SeriesInstanceUID", "uid"),
    "axial_series": Released("SeriesInstanceUID", "uid"),
    "axial_stack": Released("counted by the index"),
    "axial": Released("PixelData, resampled"),
    "axial_shape": _COMPUTED,
    "axial_spacing_mm": _COMPUTED,
    "sagittal": Released("PixelData, resampled"),
    "sagittal_shape": _COMPUTED,
    "sagittal_spacing_mm": _COMPUTED,
    "dtype": Released("int16"),
    "axial_coverage": _COMPUTED,
    "sagittal_coverage": _COMPUTED,
    "axial_angle_deg": _COMPUTED,
    "source": Released("mask or points"),
    "flags": Released("the program's own words"),
    "report_id": Released("the report's id", "report"),
    "addenda": Released("the ids of reports", "report"),
    "date": Released("the report's date", "date"),
    "site": Released("the report's site", "site"),
    "split": Released("drawn by the build"),
    "fold": Released("dealt by the build"),
    **{f"{code}{end}": _LABELS for code in CODES for end in ("", "_low", "_high")},
    "uncertain": _LABELS,
    "implied": _LABELS,
    "lexicon": Released("content hash of the lexicons"),
    "policy": Released("name of the policy"),
}
"""Every column that may stand in a dataset, and no other."""

HEADERS: Mapping[str, tuple[str, str]] = {
    "PatientID": ("Z", "the index, the discs; keyed in the dataset"),
    "AccessionNumber": ("Z", "the index only"),
    "StudyDate": ("Z", "the index only"),
    "StudyInstanceUID": ("U", "the index, the discs; keyed in the dataset"),
    "SeriesInstanceUID": ("U", "the index, the discs; keyed in the dataset"),
    "SOPInstanceUID": ("U", "the index only"),
    "SeriesDescription": ("X", "the index only"),
    "ProtocolName": ("X/D", "read for the weighting, kept nowhere"),
    "SequenceName": ("-", "free text, read for the weighting, kept nowhere"),
    "ContrastBolusAgent": ("Z/D", "read for yes or no, kept nowhere"),
}
"""Tags of Table E.1-1 that the index reads, their code (Basic Profile), and how far each goes."""
