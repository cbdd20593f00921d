"""Writing phantom slices as MR Image Storage files, laid out and numbered as a scanner does.

Every identifier is fictional and follows from the seed: UIDs are hashes under pydicom's root.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid

from levelwise.sample.grid import Prescription
from levelwise.sample.protocol import SeriesPlan


@dataclass(frozen=True, slots=True)
class Header:
    """What all files of a study share. `study` is the StudyInstanceUID."""

    patient: str
    study: str
    accession: str
    day: date
    age: int
    sex: str
    description: str = "MR LUMBAR SPINE WITHOUT CONTRAST"


def uid(*parts: object) -> str:
    """A UID that follows from `parts` and nothing else."""
    return str(generate_uid(entropy_srcs=["levelwise sample archive", *map(str, parts)]))


def write_series(
    folder: Path, header: Header, plan: SeriesPlan, stacks: list[NDArray[np.uint16]]
) -> list[Path]:
    """One file per slice as ``IM0001.dcm`` and so on, stacks one after the other; returns the files.

    Files are not written atomically: the manifest of the archive says which patients are complete.
    """
    folder.mkdir(parents=True)
    written: list[Path] = []
    for where, stack in zip(plan.stacks, stacks, strict=True):
        for number, pixels in enumerate(stack):
            path = folder / f"IM{len(written) + 1:04d}.dcm"
            data = _image(header, plan, where, number, len(written) + 1, pixels)
            data.save_as(path, enforce_file_format=True)
            written.append(path)
    return written


def _image(
    header: Header,
    plan: SeriesPlan,
    where: Prescription,
    number: int,
    instance: int,
    pixels: NDArray[np.uint16],
) -> Dataset:
    data = _study_tags(header)
    data.SeriesInstanceUID = uid(header.study, plan.number)
    data.SeriesNumber = plan.number
    data.SeriesDescription = plan.description
    data.ImageType = ["ORIGINAL", "PRIMARY", "M", "ND"]
    data.ScanningSequence, data.SequenceVariant, data.MRAcquisitionType = "SE", "SK", "2D"
    data.EchoTime, data.RepetitionTime = plan.contrast.echo_ms, plan.contrast.repetition_ms
    data.SOPInstanceUID = uid(header.study, plan.number, instance)
    data.InstanceNumber = instance
    position = where.corner + number * where.step
    normal = np.cross(where.right, where.down)
    data.ImagePositionPatient = [_decimal(x) for x in position]
    data.ImageOrientationPatient = [_decimal(x) for x in (*where.right, *where.down)]
    data.SliceLocation = _decimal(float(position @ normal))
    data.PixelSpacing = [_decimal(where.pixel_mm)] * 2
    data.SliceThickness = _decimal(where.thickness_mm)
    data.SpacingBetweenSlices = _decimal(float(np.linalg.norm(where.step)))
    data.Rows, data.Columns = pixels.shape
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    top = float(np.percentile(pixels, 99.0))
    data.WindowCenter, data.WindowWidth = _decimal(top / 2), _decimal(max(top, 1.0))
    data.PixelData = pixels.astype("<u2").tobytes()
    data.file_meta = FileMetaDataset()
    data.file_meta.MediaStorageSOPClassUID = MRImageStorage
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return data


def _study_tags(header: Header) -> Dataset:
    data = Dataset()
    data.SOPClassUID = MRImageStorage
    data.Modality, data.Manufacturer, data.BodyPartExamined = "MR", "levelwise phantom", "LSPINE"
    data.PatientID, data.PatientName = header.patient, f"PHANTOM^{header.patient}"
    data.PatientSex, data.PatientAge, data.PatientBirthDate = header.sex, f"{header.age:03d}Y", ""
    data.PatientPosition = "HFS"
    data.StudyInstanceUID, data.StudyID, data.AccessionNumber = header.study, "1", header.accession
    data.StudyDate = data.SeriesDate = header.day.strftime("%Y%m%d")
    data.StudyTime, data.ReferringPhysicianName = "120000", ""
    data.StudyDescription = header.description
    data.FrameOfReferenceUID = uid(header.study, "frame")
    data.PositionReferenceIndicator = ""
    return data


def _decimal(value: float) -> str:
    """A decimal string of at most 16 characters, the width of the DS type."""
    return f"{value:.10f}"[:16].rstrip("0").rstrip(".") or "0"
