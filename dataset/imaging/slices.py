"""What the index knows of one slice: the row between a DICOM header and a stack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from labeling.columns import column

SLICES = pa.schema(
    [
        column("path", pa.string(), "File, relative to the tree", required=True),
        column("stamp", pa.string(), "Size and time of change of the file", required=True),
        column("frame", pa.int32(), "Frame within the file, counted from 1", null="the file holds one slice"),
        column("study", pa.string(), "StudyInstanceUID", required=True),
        column("series", pa.string(), "SeriesInstanceUID", required=True),
        column("sop_instance", pa.string(), "SOPInstanceUID"),
        column("instance", pa.int32(), "InstanceNumber"),
        column("rows", pa.int32(), "Rows", unit="px", required=True),
        column("columns", pa.int32(), "Columns", unit="px", required=True),
        column(
            "position", pa.list_(pa.float64(), 3), "Centre of the first pixel, LPS", unit="mm", required=True
        ),
        column(
            "orientation", pa.list_(pa.float64(), 6), "Directions of a row and of a column", required=True
        ),
        column(
            "pixel_mm",
            pa.list_(pa.float64(), 2),
            "Distance between rows and columns",
            unit="mm",
            required=True,
        ),
        column("thickness", pa.float64(), "Slice thickness", unit="mm"),
        column("accession", pa.string(), "Accession number"),
        column("patient", pa.string(), "Patient ID"),
        column("date", pa.date32(), "Study date"),
        column("modality", pa.string(), "Modality"),
        column("description", pa.string(), "Series description"),
        column("weighting", pa.string(), "T1, T2, STIR, PD"),
        column("role", pa.string(), "primary, localizer or derived", required=True),
        column("contrast", pa.bool_(), "Acquired after contrast agent"),
        column("missing", pa.list_(pa.string()), "Standard tags that the file lacks", required=True),
    ],
    metadata={"table": "slices", "row": "one slice of one DICOM file; the first half of the index"},
)


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice, as a row of `SLICES`. Positions and directions are LPS, lengths mm."""

    path: str
    stamp: str
    frame: int | None
    study: str
    series: str
    sop_instance: str | None
    instance: int | None
    rows: int
    columns: int
    position: tuple[float, ...]
    orientation: tuple[float, ...]
    pixel_mm: tuple[float, ...]
    thickness: float | None
    accession: str | None
    patient: str | None
    date: date | None
    modality: str | None
    description: str | None
    weighting: str | None
    role: str
    contrast: bool | None
    missing: tuple[str, ...]


def slices_table(slices: Iterable[Slice]) -> pa.Table:
    """The slices as a table with the schema `SLICES`."""
    rows = [{name: getattr(item, name) for name in SLICES.names} for item in slices]
    return pa.Table.from_pylist(rows, schema=SLICES)


def slices_of(table: pa.Table) -> list[Slice]:
    """The slices of a table with the schema `SLICES`, in its order."""
    return [Slice(**{name: _frozen(value) for name, value in row.items()}) for row in table.to_pylist()]


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
