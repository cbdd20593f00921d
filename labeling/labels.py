"""The `labels` and `reports` tables: their Arrow schemas and how one report becomes rows of both."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import pyarrow as pa

from labeling.columns import column
from labeling.report import Evidence, LevelGrade, Report, ReportLabels, Span
from lexicons.findings import CODES
from lexicons.vocabulary import Basis, Certainty, Interval, Level

EVIDENCE = pa.struct(
    [
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("role", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
    ]
)

LABELS = pa.schema(
    [
        column("report_id", pa.string(), "Id of the report in its source", required=True),
        column("level", pa.string(), "Disc level, as in L4-L5", required=True),
        column("finding", pa.string(), "Code of the cell, as in RFS", required=True),
        column(
            "grade",
            pa.int8(),
            "Training label 0..3 that the policy drew from low..high",
            null="affirmed, but the policy gives no grade",
        ),
        column("low", pa.int8(), "Least grade that the words allow, 0..3", required=True),
        column("high", pa.int8(), "Greatest grade that the words allow, 0..3", required=True),
        column("certainty", pa.string(), "affirmed or uncertain", required=True),
        column("basis", pa.string(), "stated, inherited or implied", required=True),
        column("flags", pa.list_(pa.string()), "What an auditor should know of this cell", required=True),
        column(
            "evidence",
            pa.list_(EVIDENCE),
            "Half-open character spans into the report's own text, with role and rule id",
            required=True,
        ),
        column("lexicon", pa.string(), "Content hash of the lexicons that read the report", required=True),
    ],
    metadata={"table": "labels", "row": "one cell that a report speaks of; no row means not mentioned"},
)

REPORTS = pa.schema(
    [
        column("report_id", pa.string(), "Id of the report in its source", required=True),
        column("study", pa.string(), "Key of the imaging study: StudyInstanceUID or accession number"),
        column("patient", pa.string(), "Key of the patient"),
        column("reader", pa.string(), "Key of the signing radiologist"),
        column("date", pa.date32(), "Date of the report"),
        column("language", pa.string(), "Language of the text, as in en", required=True),
        column("modality", pa.string(), "Modality of the study, as in MR"),
        column("site", pa.string(), "Hospital or other site that the report comes from"),
        column("complete", pa.bool_(), "All six levels have a grade for SCS, RFS and LFS", required=True),
        column("flags", pa.list_(pa.string()), "What an auditor should know of this report", required=True),
        column("text_sha256", pa.string(), "SHA-256 of the UTF-8 text", required=True),
        column(
            "unread",
            pa.int32(),
            "Grade and pathology words that no rule consumed",
            unit="words",
            required=True,
        ),
        column("policy", pa.string(), "Name of the policy that drew the grades", required=True),
        column("error", pa.string(), "Why the report was quarantined", null="it was not"),
    ],
    metadata={"table": "reports", "row": "one report of the archive, read or quarantined"},
)


_LEVEL_NAMES = {level: str(level) for level in Level}


def labels_table(read: Sequence[tuple[Report, ReportLabels]], lexicon: str) -> pa.Table:
    """The cells of `read` as rows of `LABELS`, in order. `lexicon` is the content hash of what read them."""
    grades = [grade for _, labels in read for grade in labels.grades]
    columns: dict[str, Any] = {
        "report_id": [report.id for report, labels in read for _ in labels.grades],
        "level": [_LEVEL_NAMES[grade.level] for grade in grades],
        "finding": [grade.code for grade in grades],
        "grade": [grade.grade for grade in grades],
        "low": [grade.interval.low for grade in grades],
        "high": [grade.interval.high for grade in grades],
        "certainty": [grade.certainty for grade in grades],
        "basis": [grade.basis for grade in grades],
        "flags": [sorted(grade.flags) for grade in grades],
        "evidence": _evidence_column(grades),
        "lexicon": [lexicon] * len(grades),
    }
    return pa.table(columns, schema=LABELS)


def reports_table(read: Sequence[tuple[Report, ReportLabels]], policy: str) -> pa.Table:
    """The reports of `read` as rows of `REPORTS`, in order. `policy` is the name of what graded them."""
    columns: dict[str, list[Any]] = {
        "report_id": [report.id for report, _ in read],
        **{
            name: [getattr(report, name) for report, _ in read]
            for name in ("study", "patient", "reader", "date", "language", "modality", "site")
        },
        "complete": [labels.complete for _, labels in read],
        "flags": [sorted(labels.flags) for _, labels in read],
        "text_sha256": [hashlib.sha256(report.text.encode()).hexdigest() for report, _ in read],
        "unread": [labels.unread for _, labels in read],
        "policy": [policy] * len(read),
        "error": [labels.error for _, labels in read],
    }
    return pa.table(columns, schema=REPORTS)


def level_grade(row: dict[str, Any]) -> LevelGrade:
    """The cell that a row of `LABELS` (as `pa.Table.to_pylist` gives it) was written from.

    `KeyError` or `ValueError` when a value is not of the vocabulary.
    """
    finding, side = CODES[row["finding"]]
    return LevelGrade(
        level=Level.parse(row["level"]),
        finding=finding,
        side=side,
        interval=Interval(row["low"], row["high"]),
        grade=row["grade"],
        certainty=Certainty(row["certainty"]),
        basis=Basis(row["basis"]),
        flags=frozenset(row["flags"]),
        evidence=tuple(Evidence(Span(e["start"], e["end"]), e["role"], e["rule"]) for e in row["evidence"]),
    )


def _evidence_column(grades: Sequence[LevelGrade]) -> pa.Array:
    """Built by columns: rows of dictionaries took three times as long."""
    found = [evidence for grade in grades for evidence in grade.evidence]
    values = [
        [span.start for span, _, _ in found],
        [span.end for span, _, _ in found],
        [role for _, role, _ in found],
        [rule for _, _, rule in found],
    ]
    arrays = [pa.array(column, field.type) for column, field in zip(values, EVIDENCE, strict=True)]
    ends = accumulate((len(grade.evidence) for grade in grades), initial=0)
    return pa.ListArray.from_arrays(
        pa.array(ends, pa.int32()), pa.StructArray.from_arrays(arrays, fields=list(EVIDENCE))
    )
