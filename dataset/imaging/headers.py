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

import pydicom
from pydicom.dataset import Dataset

from dataset.imaging.archives import Entry
from dataset.imaging.classify import contrast_of, number_of, role_of, weighting_of
from dataset.imaging.complete import why_incomplete
from dataset.imaging.files import open_file, referenced, starts_dicomdir
from dataset.imaging.frames import ENHANCED_NAMES, frame_view, geometry
from dataset.imaging.refused import EXPORT, Refused
from dataset.imaging.slices import Slice
from labeling.issues import Issue

EXPECTED_TAGS = (
    "SOPClassUID", "SOPInstanceUID", "PatientID", "StudyDate", "AccessionNumber", "Modality",
    "SeriesDescription", "ImageType", "ScanningSequence", "EchoTime", "RepetitionTime", "SliceThickness",
    "InstanceNumber",
)  # fmt: skip
"""Standard tags of an MR image that the index can do without; it says which ones it had to."""

MAX_SIDE_PX, MAX_FRAMES = 4096, 20_000
MAX_TEXT, MAX_UID = 256, 128
"""Longest text of a header that is kept, and longest identifier; DICOM allows 64 characters of either."""
MAX_INSTANCE = 2**31 - 1
LARGEST_ELEMENT = 1 << 26
"""Bytes from which a tag is passed over unread: no header of an image needs 64 MiB."""

_DEFLATED = b"1.2.840.10008.1.2.1.99"
_HEAD = 2048
_META = 512
"""The first bytes of a file, which hold its transfer syntax."""


def read_headers(root: Path, entry: Entry) -> list[Slice] | Issue:
    """The slices of a file under `root`, or the reason why there are none. A DICOMDIR is a list of none."""
    try:
        with open_file(root, entry.path) as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom's warnings quote the values of the header
            return list(_slices(_dataset(file, (root / entry.path).parent), entry))
    except Refused as refusal:
        return refusal.issue(str(root / entry.path))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged header makes pydicom raise anything
        return _problem(str(root / entry.path), error)


def _problem(where: str, error: Exception) -> Issue:
    if isinstance(error, OSError) and error.errno is not None:  # of the system; pydicom raises such itself
        message = f"expected a readable file; got {type(error).__name__}."
        return Issue(where, "unreadable-file", message, "Check the permissions and the disk.")
    message = f"expected a DICOM header; reading it ended in {type(error).__name__}."
    return Issue(where, "unreadable-header", message, EXPORT)


def _dataset(file: BinaryIO, folder: Path) -> Dataset | None:
    """The header of an image whose pixels are all there; None of a DICOMDIR whose files are all there."""
    head = file.read(_HEAD)
    if not head:
        raise Refused("empty-file", "expected a DICOM file; got 0 bytes.", "Copy the file again.")
    if not _looks_like_dicom(head):
        raise Refused(
            "not-dicom",
            "expected a DICOM file; got another kind.",
            "Nothing to do if it is meant to be here.",
        )
    file.seek(0)
    deflated = _DEFLATED in head[:_META]  # inflated as a whole in any case, and then no longer in `file`
    dataset = pydicom.dcmread(
        file,
        stop_before_pixels=not deflated,
        force=True,
        defer_size=None if deflated else LARGEST_ELEMENT,
    )
    if starts_dicomdir(head):
        _check_listed(dataset, folder)
        return None
    if "Rows" not in dataset and "StudyInstanceUID" not in dataset:
        marked = head[128:132] == b"DICM"
        raise Refused(
            "unreadable-header" if marked else "not-dicom",
            "expected a DICOM image; found none of its tags.",
            EXPORT if marked else "Nothing to do if it is meant to be here.",
        )
    if reason := why_incomplete(None if deflated else file, dataset):
        raise Refused(*reason)
    return dataset


def _looks_like_dicom(head: bytes) -> bool:
    """The DICM mark, or a first tag of group 2 or 8 in either byte order for files without a preamble."""
    return head[128:132] == b"DICM" or head[:2] in (b"\x02\x00", b"\x08\x00", b"\x00\x08")


def _check_listed(dicomdir: Dataset, folder: Path) -> None:
    """A DICOMDIR only lists files, which are read where they lie; those that are gone are worth a word."""
    listed = referenced(dicomdir, folder)
    gone = sum(not (folder / path).is_file() for path in listed) if folder.is_dir() else 0
    if gone:
        message = f"expected the {len(listed)} files that this DICOMDIR lists; {gone} are not there."
        raise Refused("files-missing", message, "Copy the whole disc again.", "warning")


def _slices(dataset: Dataset | None, entry: Entry) -> Iterator[Slice]:
    if dataset is None:
        return
    frames = int(dataset.get("NumberOfFrames") or 1)
    _check_supported(dataset, frames)
    grouped = "PerFrameFunctionalGroupsSequence" in dataset
    if frames > 1 and not grouped:
        raise Refused("unsupported", f"expected one slice or functional groups; got {frames} bare frames.")
    shared = {"path": entry.path, "stamp": entry.stamp, **_common(dataset)}
    for frame in range(frames):
        source = frame_view(dataset, frame) if grouped else dataset
        yield Slice(
            **shared, **_kind(source, dataset), **geometry(source), frame=frame + 1 if grouped else None
        )


def _check_supported(dataset: Dataset, frames: int) -> None:
    for tag in ("StudyInstanceUID", "SeriesInstanceUID"):
        if not 0 < len(_text(dataset, tag, longest=None) or "") <= MAX_UID:
            raise Refused("missing-identity", f"expected {tag} of 1..{MAX_UID} characters; got none such.")
    if int(dataset.get("SamplesPerPixel") or 1) != 1 or "PALETTE" in str(
        dataset.get("PhotometricInterpretation")
    ):
        raise Refused(
            "unsupported", "expected grey values; got a colour image.", "Nothing to do: no scan is in colour."
        )
    sides = int(dataset.get("Rows") or 0), int(dataset.get("Columns") or 0)
    if not all(0 < side <= MAX_SIDE_PX for side in sides) or not 0 < frames <= MAX_FRAMES:
        raise Refused(
            "unsupported", f"expected 1..{MAX_SIDE_PX} rows and columns; got {sides}, {frames} frames."
        )


def _common(dataset: Dataset) -> dict[str, Any]:
    """What all slices of a file share."""
    return {
        "study": _text(dataset, "StudyInstanceUID"),
        "series": _text(dataset, "SeriesInstanceUID"),
        "sop_instance": _text(dataset, "SOPInstanceUID"),
        "instance": _instance(dataset),
        "rows": int(dataset.Rows),
        "columns": int(dataset.Columns),
        "accession": _text(dataset, "AccessionNumber"),
        "patient": _text(dataset, "PatientID"),
        "date": _date(dataset),
        "modality": _text(dataset, "Modality"),
        "description": _text(dataset, "SeriesDescription"),
    }


def _kind(source: Dataset, dataset: Dataset) -> dict[str, Any]:
    """What a slice is, by the tags of its frame and the names of its file, and the tags it lacks."""
    tags = ("SeriesDescription", "ProtocolName", "SequenceName")
    names = [name for tag in tags if (name := _text(dataset, tag))]
    places = (dataset,) if source is dataset else (dataset, source)
    missing = (tag for tag in EXPECTED_TAGS if all(_is_empty(place, tag) for place in places))
    return {
        "weighting": weighting_of(source, names),
        "role": role_of(source, names),
        "contrast": contrast_of(source, names),
        "missing": tuple(missing),
    }


def _is_empty(dataset: Dataset, tag: str) -> bool:
    """Whether a tag holds nothing, under the name it has in an enhanced file as well."""
    names = (tag, ENHANCED_NAMES[tag]) if tag in ENHANCED_NAMES else (tag,)
    return all(name not in dataset or dataset.get(name) in (None, "") for name in names)


def _instance(dataset: Dataset) -> int | None:
    number = number_of(dataset, "InstanceNumber")
    return int(number) if number is not None and abs(number) <= MAX_INSTANCE else None


def _text(dataset: Dataset, tag: str, *, longest: int | None = MAX_TEXT) -> str | None:
    """The text of a tag, cut where it is longer than any should be, in characters that can be stored."""
    text = str(dataset.get(tag) or "").strip()[:longest]
    return text.encode("utf-8", "replace").decode().replace("\0", "").strip() or None


def _date(dataset: Dataset) -> date | None:
    try:
        return datetime.strptime(str(dataset.get("StudyDate") or ""), "%Y%m%d").date()
    except ValueError:
        return None
