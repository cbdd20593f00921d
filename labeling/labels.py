"""The `labels` and `reports` tables: their Arrow schemas and how one report becomes rows of both."""

from __future__ import annotations

import pyarrow as pa

from labeling.columns import column

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
