"""One DICOM file to the facts of its slices, without its pixels; anything else to an issue with its reason.

Standard tags may be missing (public collections strip SOPClassUID and Modality): what cannot be done without
is the place of the slice, the study and the series. Header values never go into a message.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pydicom
from pydicom.dataset import Dataset

from dataset.imaging.classify import contrast_of, role_of, weighting_of
from dataset.imaging.complete import why_incomplete
from dataset.imaging.slices import Slice
from labeling.issues import Issue

EXPECTED_TAGS = (
    "SOPClassUID", "SOPInstanceUID", "PatientID", "StudyDate", "AccessionNumber", "Modality",
    "SeriesDescription", "ImageType", "ScanningSequence", "EchoTime", "RepetitionTime", "SliceThickness",
    "InstanceNumber",
)  # fmt: skip
"""Standard tags of an MR image that the index can do without; it says which ones it had to."""

MAX_SIDE_PX, MAX_FRAMES = 8192, 20_000
LARGEST_ELEMENT = 1 << 26
"""Bytes from which a tag is passed over unread: no header of an image needs 64 MiB."""
UNIT_TOLERANCE = 1e-2
"""How far the directions of a row and a column may be from unit length and from a right angle."""

_DICOMDIR = b"1.2.840.10008.1.3.10"
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_HEAD = 2048
_EXPORT = "Export the file again."


class _Refused(Exception):  # noqa: N818 - not an error of the program
    """Why a file is left out: reason, message and cure of the issue that comes of it."""

    def __init__(self, reason: str, message: str, cure: str = _EXPORT) -> None:
        super().__init__(reason, message, cure)


def read_headers(root: Path, path: str) -> list[Slice] | Issue:
    """The slices of the file `path`, relative to `root`, or the reason why there are none."""
    try:
        with (root / path).open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom's warnings quote the values of the header
            return list(_slices(_dataset(file), path))
    except _Refused as refusal:
        reason, message, cure = refusal.args
    except OSError as error:
        reason, cure = "unreadable-file", "Check the permissions and the disk."
        message = f"expected a readable file; got {type(error).__name__}."
    except Exception as error:  # noqa: BLE001 - a damaged header makes pydicom raise anything
        reason, cure = "unreadable-header", _EXPORT
        message = f"expected a DICOM header; reading it ended in {type(error).__name__}."
    return Issue(where=str(root / path), reason=reason, message=message, cure=cure)


def _dataset(file: BinaryIO) -> Dataset:
    """The header of an image whose pixels are all there."""
    head = file.read(_HEAD)
    if not head:
        raise _Refused("empty-file", "expected a DICOM file; got 0 bytes.", "Copy the file again.")
    if not _looks_like_dicom(head):
        raise _Refused(
            "not-dicom",
            "expected a DICOM file; got another kind.",
            "Nothing to do if it is meant to be here.",
        )
    if _DICOMDIR in head[:512]:
        raise _Refused(
            "dicomdir", "a DICOMDIR only lists files; the files themselves are read.", "Nothing to do."
        )
    if _DEFLATED in head[:512]:  # one megabyte of these can inflate to gigabytes
        raise _Refused(
            "unsupported", "expected a transfer syntax that is not deflated.", "Convert with dcmconv +te."
        )
    file.seek(0)
    dataset = pydicom.dcmread(file, stop_before_pixels=True, force=True, defer_size=LARGEST_ELEMENT)
    if "Rows" not in dataset and "StudyInstanceUID" not in dataset:
        raise _Refused("not-dicom", "expected a DICOM file; found no DICOM image tag.", "Nothing to do.")
    if reason := why_incomplete(file, dataset):
        raise _Refused(*reason)
    return dataset


def _looks_like_dicom(head: bytes) -> bool:
    """The DICM mark, or a first tag of group 2 or 8 in either byte order for files without a preamble."""
    return head[128:132] == b"DICM" or head[:2] in (b"\x02\x00", b"\x08\x00", b"\x00\x08")


def _slices(dataset: Dataset, path: str) -> Iterator[Slice]:
    frames = int(dataset.get("NumberOfFrames") or 1)
    _check_supported(dataset, frames)
    grouped = "PerFrameFunctionalGroupsSequence" in dataset
    if frames > 1 and not grouped:
        raise _Refused("unsupported", f"expected one slice or functional groups; got {frames} bare frames.")
    shared = _common(dataset, path)
    for frame in range(frames):
        source = _frame(dataset, frame) if grouped else dataset
        yield Slice(**shared, **_geometry(source), frame=frame + 1 if grouped else None)


def _check_supported(dataset: Dataset, frames: int) -> None:
    for tag in ("StudyInstanceUID", "SeriesInstanceUID"):
        if not dataset.get(tag):
            raise _Refused("missing-identity", f"expected {tag}; the file has none.")
    if int(dataset.get("SamplesPerPixel") or 1) != 1 or "PALETTE" in str(
        dataset.get("PhotometricInterpretation")
    ):
        raise _Refused(
            "unsupported", "expected grey values; got a colour image.", "Nothing to do: no scan is in colour."
        )
    sides = int(dataset.get("Rows") or 0), int(dataset.get("Columns") or 0)
    if not all(0 < side <= MAX_SIDE_PX for side in sides) or frames > MAX_FRAMES:
        raise _Refused(
            "unsupported", f"expected 1..{MAX_SIDE_PX} rows and columns; got {sides}, {frames} frames."
        )


def _common(dataset: Dataset, path: str) -> dict[str, Any]:
    """What all slices of a file share."""
    names = [
        name for tag in ("SeriesDescription", "ProtocolName", "SequenceName") if (name := _text(dataset, tag))
    ]
    return {
        "path": path,
        "study": str(dataset.StudyInstanceUID),
        "series": str(dataset.SeriesInstanceUID),
        "sop_instance": _text(dataset, "SOPInstanceUID"),
        "instance": int(dataset.InstanceNumber) if dataset.get("InstanceNumber") is not None else None,
        "rows": int(dataset.Rows),
        "columns": int(dataset.Columns),
        "accession": _text(dataset, "AccessionNumber"),
        "patient": _text(dataset, "PatientID"),
        "date": _date(dataset),
        "modality": _text(dataset, "Modality"),
        "description": _text(dataset, "SeriesDescription"),
        "weighting": weighting_of(dataset, names),
        "role": role_of(dataset, names),
        "contrast": contrast_of(dataset, names),
        "missing": tuple(tag for tag in EXPECTED_TAGS if dataset.get(tag) in (None, "")),
    }


def _frame(dataset: Dataset, frame: int) -> Dataset:
    """The geometry of one frame of an enhanced file: what it says itself, then what all frames share."""
    found = Dataset()
    per_frame = dataset.PerFrameFunctionalGroupsSequence
    if len(per_frame) <= frame:
        raise _Refused("missing-geometry", f"expected {frame + 1} functional groups; got {len(per_frame)}.")
    for group in (*dataset.get("SharedFunctionalGroupsSequence", [])[:1], per_frame[frame]):
        for name in ("PlanePositionSequence", "PlaneOrientationSequence", "PixelMeasuresSequence"):
            for item in group.get(name, [])[:1]:
                found.update(item)
    return found


def _geometry(dataset: Dataset) -> dict[str, Any]:
    position = _numbers(dataset, "ImagePositionPatient", 3)
    orientation = _numbers(dataset, "ImageOrientationPatient", 6)
    pixel_mm = _numbers(dataset, "PixelSpacing", 2)
    row, column = np.array(orientation[:3]), np.array(orientation[3:])
    errors = abs(np.linalg.norm(row) - 1), abs(np.linalg.norm(column) - 1), abs(row @ column)
    if max(errors) > UNIT_TOLERANCE or min(pixel_mm) <= 0:
        raise _Refused(
            "bad-geometry", "expected two unit directions at a right angle and positive pixel spacing."
        )
    thickness = dataset.get("SliceThickness")
    return {
        "position": position,
        "orientation": orientation,
        "pixel_mm": pixel_mm,
        "thickness": float(thickness) if thickness and float(thickness) > 0 else None,
    }


def _numbers(dataset: Dataset, tag: str, count: int) -> tuple[float, ...]:
    values = tuple(map(float, dataset.get(tag) or ()))
    if len(values) != count or not np.isfinite(values).all():
        raise _Refused("missing-geometry", f"expected {count} numbers in {tag}; got {len(values)}.")
    return values


def _text(dataset: Dataset, tag: str) -> str | None:
    return str(dataset.get(tag) or "").strip() or None


def _date(dataset: Dataset) -> date | None:
    try:
        return datetime.strptime(str(dataset.get("StudyDate") or ""), "%Y%m%d").date()
    except ValueError:
        return None
