"""DICOM SEG: segments by their SNOMED CT codes or labels, read into the values of `levelwise segment`.

DICOM PS3.3 C.8.20. A disc is known by its code or by a label such as "L4-L5 disc" or "Disc L4/L5", a vertebra
likewise ("L4", "vertebrae_L4"). Vertebrae drawn with their arches place no disc, so discs are placed by the
disc segments; ``scheme levelwise`` reads the same file by vertebral bodies. SNOMED CT codes of the discs and
vertebrae: checked against pydicom's tables.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from pydicom.sr.codedict import codes

from dataset.imaging.masks import levelwise
from dataset.imaging.masks.scheme import Scheme
from dataset.imaging.volume import Volume
from labeling.issues import InputError, Issue

OTHER = 99
"""Value of every segment that is neither a vertebra nor a disc of the lumbar spine."""

SCHEME = Scheme(
    name="dicomseg",
    source="DICOM PS3.3 C.8.20, segment labels and SNOMED CT codes",
    vertebrae=levelwise.SCHEME.vertebrae,
    bodies=False,
    discs=levelwise.SCHEME.discs,
    other={OTHER: "another segment"},
)

NAMES = {
    "76206002": "T12-L1", "80064006": "L1-L2", "67459009": "L2-L3", "62551000": "L3-L4", "84020006": "L4-L5",
    "715056000": "L5-S1",
    **{getattr(codes.SCT, f"{name}Vertebra").value: name
       for name in ("L5", "L4", "L3", "L2", "L1", "T12", "T11")},
}  # fmt: skip
"""Vertebra or disc by SNOMED CT code."""

_DISC = re.compile(r"(T1[12]|L[1-5])\s*[-/_ ]?\s*(T12|L[1-5]|S1)", re.IGNORECASE)
_VERTEBRA = re.compile(r"(?<![A-Z0-9])(T1[12]|L[1-5]|S1)(?![0-9])", re.IGNORECASE)
_VALUES = {name: value for value, name in {**SCHEME.vertebrae, **SCHEME.discs}.items()}


def read_dicom_seg(path: Path) -> Volume:
    """The segments of a DICOM SEG file as a label map in LPS. `InputError` when it cannot be read as one."""
    import highdicom  # noqa: PLC0415  (a second to import, and few masks are DICOM)

    try:
        segments = highdicom.seg.segread(path)
        volume = segments.get_volume(combine_segments=True, dtype=np.uint16)
    except Exception:  # noqa: BLE001 - highdicom has one error for each way a file can be damaged
        message = "expected a DICOM SEG whose segments do not overlap; got a file that is none"
        cure = "Export the segmentation again, one segment per structure."
        raise InputError(Issue(str(path), "unreadable-mask", f"{message}.", cure)) from None
    table = np.zeros(max(segments.segment_numbers) + 1, np.uint8)
    for number in segments.segment_numbers:
        table[number] = value_of(segments.get_segment_description(number))
    return Volume.from_affine(table[volume.array], volume.affine)


def value_of(segment: object) -> int:
    """The value of a segment description by its codes, then by its label; `OTHER` when it is neither."""
    coded = [
        getattr(segment, "segmented_property_type", None),
        *(getattr(segment, "anatomic_regions", None) or ()),
    ]
    named = (NAMES.get(code.value) for code in coded if code is not None)
    name = next((name for name in named if name), None) or _named(str(getattr(segment, "segment_label", "")))
    return _VALUES.get(name or "", OTHER)


def _named(label: str) -> str | None:
    if disc := _DISC.search(label):
        return f"{disc[1]}-{disc[2]}".upper()
    vertebra = _VERTEBRA.search(label.replace("_", " "))
    return vertebra[1].upper() if vertebra else None
