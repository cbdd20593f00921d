"""The quarantine table: every input that was set aside, with its reason and its cure."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from labeling.columns import column
from labeling.issues import Issue

QUARANTINE = pa.schema(
    [
        column("stage", pa.string(), "The stage that set the input aside: label, index, discs, build"),
        column("where", pa.string(), "File, row or key of the input, as the user named it"),
        column("reason", pa.string(), "Stable code of the reason, for counting"),
        column("message", pa.string(), "What was expected and what was found"),
        column("cure", pa.string(), "What the user can do about it"),
        column(
            "severity", pa.string(), "error: the input is not in the output; warning: it is, with a doubt"
        ),
    ],
    metadata={"table": "quarantine", "row": "one input that was set aside, with its reason"},
)
"""Arrow schema of the quarantine table that every stage writes."""


def quarantine_table(stage: str, issues: Iterable[Issue]) -> pa.Table:
    """The issues of one stage as a table with the schema `QUARANTINE`."""
    rows = [
        {"stage": stage, **{name: getattr(i, name) for name in QUARANTINE.names if name != "stage"}}
        for i in issues
    ]
    return pa.Table.from_pylist(rows, schema=QUARANTINE)
