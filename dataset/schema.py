"""Every table of the project as an Arrow schema: one source for files, validation, card and model heads.

Description, unit and the meaning of null sit in the metadata of each field. `labels`, `reports`,
`disagreements` and `quarantine` are written by the labeler and defined beside it; they are collected here by
name.

Geometry is in the DICOM patient frame (LPS, mm): x grows to the patient's left, y to the back, z to the head.
"""

from __future__ import annotations

import pyarrow as pa

from labeling.columns import column
from labeling.disagreements import DISAGREEMENTS
from labeling.labels import LABELS, REPORTS
from labeling.quarantine import QUARANTINE
from lexicons.findings import CODES

POINT = pa.list_(pa.float64(), 3)
"""A point or direction in the patient frame, (x, y, z) in LPS."""

# Three values each, but not of fixed size: Arrow writes a null list of fixed size to Parquet and then cannot
# read the file ("Expected all lists to be of size=3"), pyarrow 25.0.1.
NULLABLE_SHAPE = pa.list_(pa.int32())
NULLABLE_SPACING = pa.list_(pa.float64())

SERIES = pa.schema(
    [
        column("study", pa.string(), "StudyInstanceUID", required=True),
        column("series", pa.string(), "SeriesInstanceUID", required=True),
        column("accession", pa.string(), "Accession number"),
        column("patient", pa.string(), "Patient ID"),
        column("date", pa.date32(), "Study date"),
        column("modality", pa.string(), "Modality, as in MR"),
        column("description", pa.string(), "Series description"),
        column(
            "plane",
            pa.string(),
            "sagittal, axial, coronal or mixed; from geometry, never from the name",
            required=True,
        ),
        column("weighting", pa.string(), "T1, T2, STIR, PD; from tags, then from names"),
        column("role", pa.string(), "primary, localizer or derived", required=True),
        column("contrast", pa.bool_(), "Acquired after contrast agent"),
        column("files", pa.int32(), "Number of files", required=True),
        column("stacks", pa.int32(), "Number of stacks that the series splits into", required=True),
        column("missing", pa.list_(pa.string()), "Standard tags that the files lack", required=True),
    ],
    metadata={"table": "series", "row": "one DICOM series"},
)

STACKS = pa.schema(
    [
        column("study", pa.string(), "StudyInstanceUID", required=True),
        column("series", pa.string(), "SeriesInstanceUID", required=True),
        column(
            "stack",
            pa.int32(),
            "Number of the stack in its series, from the first position",
            required=True,
        ),
        column("plane", pa.string(), "sagittal, axial or coronal", required=True),
        column("weighting", pa.string(), "T1, T2, STIR, PD"),
        column("role", pa.string(), "primary, localizer or derived", required=True),
        column("rows", pa.int32(), "Rows of a slice", unit="px", required=True),
        column("columns", pa.int32(), "Columns of a slice", unit="px", required=True),
        column("slices", pa.int32(), "Slices of the stack", required=True),
        column(
            "spacing_mm",
            pa.list_(pa.float64(), 3),
            "Distance between slices, rows and columns; a single slice has its thickness for a gap",
            unit="mm",
            required=True,
        ),
        column(
            "affine",
            pa.list_(pa.float64(), 16),
            "4 x 4 matrix, row by row, from voxel (slice, row, column) to LPS mm",
            unit="mm",
            required=True,
        ),
        column("root", pa.string(), "Folder that the file names below are relative to", required=True),
        column("paths", pa.list_(pa.string()), "File of each slice, in slice order", required=True),
        column(
            "instances", pa.list_(pa.int32()), "InstanceNumber of each slice, in slice order", required=True
        ),
        column(
            "frames",
            pa.list_(pa.int32()),
            "Frame of each slice within its file, counted from 1",
            null="every file holds one slice",
        ),
        column(
            "content",
            pa.string(),
            "Hash of the sizes and times of change of the files: another one when a file was edited",
            required=True,
        ),
    ],
    metadata={"table": "stacks", "row": "one stack: slices of one orientation and one gap"},
)

NO_VIEW = "no series shows the disc in this view"

DISCS = pa.schema(
    [
        column("study", pa.string(), "StudyInstanceUID", required=True),
        column("patient", pa.string(), "Patient ID"),
        column("level", pa.string(), "Disc level, as in L4-L5", required=True),
        column("centre", POINT, "Centre of the disc", unit="mm", required=True),
        column("normal", POINT, "Unit normal of the disc plane, towards the head", required=True),
        column(
            "sagittal_series", pa.string(), "SeriesInstanceUID the sagittal view was cut from", null=NO_VIEW
        ),
        column("axial_series", pa.string(), "SeriesInstanceUID the axial view was cut from", null=NO_VIEW),
        column("axial_stack", pa.int32(), "Stack of that series that covers the disc best", null=NO_VIEW),
        column(
            "axial",
            pa.binary(),
            "Voxels in C order: slice towards the head, row to the back, column to the patient's left",
            null="no axial series covers the disc",
        ),
        column("axial_shape", NULLABLE_SHAPE, "Slices, rows, columns", null=NO_VIEW),
        column(
            "axial_spacing_mm",
            NULLABLE_SPACING,
            "Distance between slices, rows, columns",
            unit="mm",
            null=NO_VIEW,
        ),
        column(
            "sagittal",
            pa.binary(),
            "Voxels in C order: slice to the patient's left, row towards the feet, column to the back",
            null="no sagittal series covers the disc",
        ),
        column("sagittal_shape", NULLABLE_SHAPE, "Slices, rows, columns", null=NO_VIEW),
        column(
            "sagittal_spacing_mm",
            NULLABLE_SPACING,
            "Distance between slices, rows, columns",
            unit="mm",
            null=NO_VIEW,
        ),
        column("dtype", pa.string(), "numpy type of the voxels: int16", required=True),
        column(
            "axial_coverage",
            pa.float32(),
            "Share of the axial volume that lies inside the source stack, 0..1",
            null=NO_VIEW,
        ),
        column(
            "sagittal_coverage",
            pa.float32(),
            "Share of the sagittal volume inside the source stack, 0..1",
            null=NO_VIEW,
        ),
        column(
            "axial_angle_deg",
            pa.float32(),
            "Angle between the disc plane and the source slices",
            unit="degree",
            null=NO_VIEW,
        ),
        column("source", pa.string(), "Where the level came from: mask or points", required=True),
        column("flags", pa.list_(pa.string()), "What an auditor should know of this disc", required=True),
    ],
    metadata={"table": "discs", "row": "one disc of one study, cut along its own plane"},
)


def _cell_columns() -> list[pa.Field]:
    fields = []
    for code, (finding, side) in CODES.items():
        what = f"{side} {finding.name}" if side else finding.name
        fields += [
            column(
                code,
                pa.int8(),
                f"Grade of {what}, 0..{len(finding.scale) - 1}",
                null="not mentioned or not graded",
            ),
            column(
                f"{code}_low", pa.int8(), f"Least grade of {what} that the words allow", null="not mentioned"
            ),
            column(
                f"{code}_high",
                pa.int8(),
                f"Greatest grade of {what} that the words allow",
                null="not mentioned",
            ),
        ]
    return fields


DATASET = pa.schema(
    [
        *DISCS,
        column("report_id", pa.string(), "Id of the report that the grades come from", required=True),
        column(
            "addenda", pa.list_(pa.string()), "Ids of the addenda merged into it, in order", required=True
        ),
        column(
            "date",
            pa.date32(),
            "Date of the report, moved back by a number of days that is the patient's own",
            null="the dataset was built without a key, or the report has no date",
        ),
        column("split", pa.string(), "train, validation or test; one per patient", required=True),
        column(
            "fold",
            pa.int8(),
            "Fold of cross-validation, from 0; one per patient",
            null="no folds were asked for, or a test disc",
        ),
        column("site", pa.string(), "Site that the report comes from"),
        *_cell_columns(),
        column("uncertain", pa.list_(pa.string()), "Codes whose grade the report hedges", required=True),
        column(
            "implied",
            pa.list_(pa.string()),
            "Codes whose grade is implied by a level called normal",
            required=True,
        ),
        column("lexicon", pa.string(), "Content hash of the lexicons that read the report", required=True),
        column("policy", pa.string(), "Name of the policy that drew the grades", required=True),
    ],
    metadata={"table": "dataset", "row": "one disc with the grades its report gives it"},
)

DROPPED = pa.schema(
    [
        column("table", pa.string(), "Input table: labels, reports or discs", required=True),
        column("study", pa.string(), "Study key"),
        column("level", pa.string(), "Disc level", null="the whole study"),
        column("report_id", pa.string(), "Id of the report"),
        column("reason", pa.string(), "Stable code of the reason", required=True),
        column("rows", pa.int32(), "Rows of the input table that fell out here", required=True),
    ],
    metadata={"table": "dropped", "row": "input rows that are not in the dataset, with the reason"},
)

TEXTS = pa.schema(
    [
        column("report_id", pa.string(), "Id of the report, as in the dataset", required=True),
        column("text", pa.string(), "Words of the report, with [KIND] for what was scrubbed", required=True),
        column("masked", pa.int32(), "Number of places that were scrubbed", required=True),
    ],
    metadata={"table": "texts", "row": "the words of one report that the dataset rests on"},
)

TABLES: dict[str, pa.Schema] = {
    "labels": LABELS,
    "reports": REPORTS,
    "quarantine": QUARANTINE,
    "disagreements": DISAGREEMENTS,
    "series": SERIES,
    "stacks": STACKS,
    "discs": DISCS,
    "dataset": DATASET,
    "dropped": DROPPED,
    "texts": TEXTS,
}
"""Every table by name."""
