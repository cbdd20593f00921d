"""Small DICOM series with known geometry, for tests: a field of intensities sampled on stacks of slices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jpeg_lossless
import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    MRImageStorage,
    RLELossless,
)

SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)

Field = Callable[[np.ndarray], np.ndarray]


def slope(points: np.ndarray) -> np.ndarray:
    """A field that rises to the left, the back and the head at three rates; linear cuts of it are exact."""
    return 2000 + points @ np.array([8.0, 5.0, 3.0])


@dataclass(frozen=True)
class Stack:
    """Slices of one orientation and gap; `first` is the centre of the first slice, LPS mm.

    `orientation` holds the directions of a row and of a column, as ImageOrientationPatient does; slices
    follow each other along `direction`, the normal unless told.
    """

    orientation: Sequence[float] = SAGITTAL
    first: Sequence[float] = (-40.0, 0.0, 0.0)
    slices: int = 9
    gap: float = 10.0
    rows: int = 60
    columns: int = 40
    pixel: tuple[float, float] = (4.0, 4.0)
    direction: Sequence[float] | None = None

    def step(self) -> np.ndarray:
        if self.direction is not None:
            return np.array(self.direction) * self.gap
        normal = np.cross(self.orientation[:3], self.orientation[3:])
        return normal * np.sign(normal[np.abs(normal).argmax()]) * self.gap

    def corner(self, number: int) -> np.ndarray:
        """ImagePositionPatient of a slice."""
        along_row, along_column = np.array(self.orientation[:3]), np.array(self.orientation[3:])
        centre = np.array(self.first) + number * self.step()
        return (
            centre
            - along_row * (self.columns - 1) / 2 * self.pixel[1]
            - along_column * (self.rows - 1) / 2 * self.pixel[0]
        )

    def points(self, number: int) -> np.ndarray:
        """LPS of every pixel of a slice, (rows, columns, 3)."""
        rows, columns = np.mgrid[: self.rows, : self.columns]
        along_row, along_column = np.array(self.orientation[:3]), np.array(self.orientation[3:])
        across = columns[..., None] * self.pixel[1] * along_row
        return self.corner(number) + across + rows[..., None] * self.pixel[0] * along_column


def image(pixels: np.ndarray, **tags: Any) -> FileDataset:
    """A file of one slice; a tag of None is left out. Without geometry unless `tags` give it."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = MRImageStorage
    meta.MediaStorageSOPInstanceUID = tags.get("SOPInstanceUID") or "1.2.9"
    data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    defaults: dict[str, Any] = {
        "SOPClassUID": MRImageStorage, "SOPInstanceUID": "1.2.9", "StudyInstanceUID": "1.2.3",
        "SeriesInstanceUID": "1.2.3.1", "PatientID": "P1", "StudyDate": "20200102", "AccessionNumber": "A1",
        "Modality": "MR", "SeriesDescription": "T2", "ImageType": ["ORIGINAL", "PRIMARY"],
        "InstanceNumber": 1, "SliceThickness": 4, "Rows": pixels.shape[-2], "Columns": pixels.shape[-1],
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2", "BitsAllocated": 16, "BitsStored": 16, "HighBit": 15,
        "PixelRepresentation": int(pixels.dtype.kind == "i"), "PixelData": pixels.tobytes(),
    }  # fmt: skip
    for name, value in {**defaults, **tags}.items():
        if value is not None:
            setattr(data, name, value)
    return data


def geometry(stack: Stack, number: int) -> dict[str, Any]:
    """The geometry tags of one slice of a stack."""
    return {
        "ImagePositionPatient": [round(value, 9) for value in stack.corner(number)],
        "ImageOrientationPatient": [round(value, 9) for value in stack.orientation],
        "PixelSpacing": list(stack.pixel),
    }


def images(
    stack: Stack, *, field: Field = slope, series: str = "1.2.3.1", start: int = 1, **tags: Any
) -> list[FileDataset]:
    """One file per slice of a stack; instances are numbered from `start`."""
    return [
        image(
            np.rint(field(stack.points(number))).clip(0, 65535).astype(np.uint16),
            **{
                "SeriesInstanceUID": series,
                "SOPInstanceUID": f"{series}.{start + number}",
                "InstanceNumber": start + number,
                **geometry(stack, number),
                **tags,
            },
        )
        for number in range(stack.slices)
    ]


def encode(data: FileDataset, syntax: UID) -> FileDataset:
    """The same image in another transfer syntax."""
    if syntax in (RLELossless, JPEGLSLossless, JPEG2000Lossless):
        data.compress(syntax)
    elif syntax == JPEGLosslessSV1:
        data.PixelData = encapsulate([jpeg_lossless.encode(data.pixel_array)])
        data["PixelData"].VR = "OB"
    elif syntax == ExplicitVRBigEndian:
        data.PixelData = data.pixel_array.byteswap().tobytes()
        data.set_original_encoding(is_implicit_vr=False, is_little_endian=False)
    data.file_meta.TransferSyntaxUID = syntax
    return data


def enhanced(files: Sequence[Dataset], *, shared: Dataset | None = None, **tags: Any) -> FileDataset:
    """The same slices as one multi-frame file; `shared` is what all its frames have in common."""
    groups = [
        item(
            PlanePositionSequence=[item(ImagePositionPatient=data.ImagePositionPatient)],
            PlaneOrientationSequence=[item(ImageOrientationPatient=data.ImageOrientationPatient)],
            PixelMeasuresSequence=[item(PixelSpacing=data.PixelSpacing)],
        )
        for data in files
    ]
    pixels = np.stack([data.pixel_array for data in files])
    return image(
        pixels,
        **{
            "SeriesInstanceUID": "1.2.3.2",
            "SOPInstanceUID": "1.2.3.2.1",
            "NumberOfFrames": len(files),
            "SharedFunctionalGroupsSequence": [shared] if shared else None,
            "PerFrameFunctionalGroupsSequence": groups,
            **tags,
        },
    )


def item(**tags: Any) -> Dataset:
    """An item of a sequence."""
    made = Dataset()
    for name, value in tags.items():
        setattr(made, name, value)
    return made


def save(
    folder: Path, files: Iterable[Dataset], *, names: Callable[[int], str] = "IM{:04d}".format
) -> list[Path]:
    """Write the files into `folder`, named by `names` of their place in line."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for place, data in enumerate(files):
        path = folder / names(place)
        data.save_as(path)
        paths.append(path)
    return paths


SAGITTAL_STACK = Stack()
"""Covers x -40..40, y -78..78, z -118..118 mm."""
AXIAL_STACK = Stack(AXIAL, (0, 0, -112), 57, 4.0, 60, 60, (3.0, 3.0))
"""Covers x and y -88..88, z -112..112 mm."""


def write_study(
    folder: Path, *, study: str = "1.2.3", field: Field = slope, axial: Stack | None = AXIAL_STACK
) -> Path:
    """A study with a sagittal T2 and, unless told otherwise, an axial T2 of `field`; returns `folder`."""
    save(
        folder / "sagittal", images(SAGITTAL_STACK, field=field, series=f"{study}.1", StudyInstanceUID=study)
    )
    if axial is not None:
        save(folder / "axial", images(axial, field=field, series=f"{study}.2", StudyInstanceUID=study))
    return folder


def moved(stack: Stack, **changes: Any) -> Stack:
    """A copy of a stack with some properties changed."""
    return replace(stack, **changes)
