"""Data problems as values: collected, shown together, written to a quarantine table; never raised.

Code errors raise. Bad input costs one row here with its reason and its cure, and the run goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from labeling.columns import column


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that was wrong with the input.

    `where` is a path as the user gave it, with a row, field or key after it: ``reports.csv > row 12 > text``.
    It never holds words of a report or of a header. `reason` is a stable kebab-case code for counting,
    `message` says what was expected and got, `cure` what to do.
    """

    where: str
    reason: str
    message: str
    cure: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" + (f" {self.cure}" if self.cure else "")


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
