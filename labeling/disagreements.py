"""Where two readers of the same reports differ: the queue of cells that a person should look at.

The second reader (`labeling.bridges.context_labeler`) knows the same words and nothing of how the engine puts
them together, so a cell on which both agree is rarely wrong and one on which they differ often is. The table
holds intervals, not grades: it is the same under every policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from labeling.columns import column
from labeling.report import LevelGrade, Report, ReportLabels
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS

_SILENT = "this reader finds nothing said of the cell"

DISAGREEMENTS = pa.schema(
    [
        column("report_id", pa.string(), "Id of the report in its source", required=True),
        column("level", pa.string(), "Disc level, as in L4-L5", required=True),
        column("finding", pa.string(), "Code of the cell, as in RFS", required=True),
        column(
            "kind",
            pa.string(),
            "missing: one reader finds nothing; grades: intervals differ; certainty: only the doubt differs",
            required=True,
        ),
        column(
            "apart",
            pa.int8(),
            "Ranks between the two intervals, 0 where they touch or overlap",
            null="one reader finds nothing",
        ),
        column("rules_low", pa.int8(), "Least grade that the engine read, 0..3", null=_SILENT),
        column("rules_high", pa.int8(), "Greatest grade that the engine read, 0..3", null=_SILENT),
        column("rules_certainty", pa.string(), "affirmed or uncertain, as the engine read it", null=_SILENT),
        column(
            "rules_basis", pa.string(), "stated, inherited or implied, as the engine read it", null=_SILENT
        ),
        column("context_low", pa.int8(), "Least grade that the second reader read, 0..3", null=_SILENT),
        column("context_high", pa.int8(), "Greatest grade that the second reader read, 0..3", null=_SILENT),
        column(
            "context_certainty",
            pa.string(),
            "affirmed or uncertain, as the second reader read it",
            null=_SILENT,
        ),
        column(
            "context_basis",
            pa.string(),
            "stated, inherited or implied, as the second reader read it",
            null=_SILENT,
        ),
    ],
    metadata={"table": "disagreements", "row": "one cell on which the engine and the second reader differ"},
)


def disagreements_table(read: Sequence[tuple[Report, ReportLabels, ReportLabels]]) -> pa.Table:
    """The cells on which the engine's labels and the second reader's differ, as rows of `DISAGREEMENTS`.

    In the order of the reports, then by level and code. Interval and certainty are compared, not the basis.
    """
    rows = [row for report, rules, context in read for row in _rows(report.id, rules, context)]
    return pa.Table.from_pylist(rows, schema=DISAGREEMENTS)


def _rows(report_id: str, rules: ReportLabels, context: ReportLabels) -> list[dict[str, Any]]:
    one, two = rules.cells, context.cells
    rows = []
    for level in LEVELS:
        for code in CODES:
            first, second = one.get((level, code)), two.get((level, code))
            if kind := _kind(first, second):
                rows.append(
                    {
                        "report_id": report_id,
                        "level": str(level),
                        "finding": code,
                        "kind": kind,
                        "apart": _apart(first, second),
                        **_said("rules", first),
                        **_said("context", second),
                    }
                )
    return rows


def _kind(first: LevelGrade | None, second: LevelGrade | None) -> str:
    if first is None or second is None:
        return "" if first is second else "missing"
    if first.interval != second.interval:
        return "grades"
    return "" if first.certainty is second.certainty else "certainty"


def _apart(first: LevelGrade | None, second: LevelGrade | None) -> int | None:
    if first is None or second is None:
        return None
    one, two = first.interval, second.interval
    return max(0, one.low - two.high, two.low - one.high)


def _said(reader: str, grade: LevelGrade | None) -> dict[str, Any]:
    if grade is None:
        return {}
    return {
        f"{reader}_low": grade.interval.low,
        f"{reader}_high": grade.interval.high,
        f"{reader}_certainty": grade.certainty.value,
        f"{reader}_basis": grade.basis.value,
    }
