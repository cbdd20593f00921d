"""Where a slice lies, from the tags of a classic file or from the functional groups of an enhanced one."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from dataset.imaging.classify import number_of
from dataset.imaging.refused import Refused

UNIT_TOLERANCE = 1e-2
"""How far the directions of a row and a column may be from unit length and from a right angle."""
MAX_POSITION_MM, MIN_PIXEL_MM, MAX_PIXEL_MM = 1e5, 1e-2, 1e2
"""Lengths beyond these are damage, and would overflow what is reckoned from them."""

ENHANCED_NAMES = {
    "EchoTime": "EffectiveEchoTime", "ScanningSequence": "EchoPulseSequence", "ImageType": "FrameType",
    "InversionTime": "InversionTimes",
}  # fmt: skip
"""What a tag of a classic file is called in an enhanced one."""

GROUPS = (
    "PlanePositionSequence", "PlaneOrientationSequence", "PixelMeasuresSequence",
    "MRImageFrameTypeSequence", "MRTimingAndRelatedParametersSequence", "MREchoSequence",
    "MRModifierSequence", "UnassignedSharedConvertedAttributesSequence",
    "UnassignedPerFrameConvertedAttributesSequence",
)  # fmt: skip
"""Functional groups that say where a frame lies and what it shows."""
OF_THE_FILE = (
    "AcquisitionContrast", "ScanningSequence", "EchoPulseSequence", "ImageType", "EchoTime",
    "RepetitionTime", "InversionTime", "SliceThickness", "ContrastBolusAgent", "ContrastBolusAgentSequence",
)  # fmt: skip
"""Tags at the top of a file that hold for frames which say nothing else."""


def frame_view(dataset: Dataset, frame: int) -> Dataset:
    """What an enhanced file says of one frame: of the file, then of all frames, then of the frame itself."""
    found = Dataset()
    for tag in OF_THE_FILE:
        if tag in dataset:
            found.add(dataset[tag])
    per_frame = dataset.PerFrameFunctionalGroupsSequence
    if len(per_frame) <= frame:
        raise Refused("missing-geometry", f"expected {frame + 1} functional groups; got {len(per_frame)}.")
    for group in (*(dataset.get("SharedFunctionalGroupsSequence") or [])[:1], per_frame[frame]):
        for name in GROUPS:
            for item in (group.get(name) or [])[:1]:
                found.update(item)
    return found


def geometry(dataset: Dataset) -> dict[str, Any]:
    """Position, orientation, pixel spacing and thickness of a slice, in mm, LPS. `Refused` without them."""
    position = _numbers(dataset, "ImagePositionPatient", 3)
    orientation = _numbers(dataset, "ImageOrientationPatient", 6)
    pixel_mm = _numbers(dataset, "PixelSpacing", 2)
    row, column = np.array(orientation[:3]), np.array(orientation[3:])
    errors = abs(np.linalg.norm(row) - 1), abs(np.linalg.norm(column) - 1), abs(row @ column)
    if max(errors) > UNIT_TOLERANCE:
        raise Refused(
            "bad-geometry", "expected directions of rows and columns of unit length, at a right angle."
        )
    if max(map(abs, position)) > MAX_POSITION_MM or not all(map(_is_pixel, pixel_mm)):
        raise Refused("bad-geometry", "expected pixels and positions of the size of a body.")
    thickness = number_of(dataset, "SliceThickness")
    return {
        "position": position,
        "orientation": orientation,
        "pixel_mm": pixel_mm,
        "thickness": thickness if thickness is not None and _is_pixel(thickness) else None,
    }


def _is_pixel(length: float) -> bool:
    return MIN_PIXEL_MM <= length <= MAX_PIXEL_MM


def _numbers(dataset: Dataset, tag: str, count: int) -> tuple[float, ...]:
    values = tuple(map(float, dataset.get(tag) or ()))
    if len(values) != count or not np.isfinite(values).all():
        raise Refused("missing-geometry", f"expected {count} numbers in {tag}; got {len(values)}.")
    return values
