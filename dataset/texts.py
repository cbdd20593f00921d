"""The words of the reports that a dataset rests on, for those who ask for them: scrubbed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from dataset.deidentify import Pseudonyms
from dataset.join import ReportRow, Study
from dataset.schema import TEXTS
from dataset.scrub import scrub
from dataset.scrub_measured import MEASURED
from labeling.issues import Issue
from labeling.report import Report
from labeling.sources import Columns, read_reports


@dataclass(frozen=True, slots=True)
class Texts:
    """The table `TEXTS`, the number of places that were scrubbed by kind, and what was not found."""

    table: pa.Table
    masked: Mapping[str, int]
    issues: tuple[Issue, ...]

    def to_json(self) -> dict[str, Any]:
        """What the card says of it: how much was scrubbed here, and the share found of what was planted."""
        return {"reports": self.table.num_rows, "masked": dict(self.masked), "measured": MEASURED}


def read_texts(
    archive: Path, studies: Iterable[Study], names: Pseudonyms, columns: Columns | None = None
) -> Texts:
    """The scrubbed words of every report of `studies`, in the order of their ids.

    A report of the archive is known by the checksum of its words. Each is scrubbed of what the archive says
    of it (ids, patient, reader) besides what the rules find. `columns` as
    they were when it was labelled. Raises `InputError` where `archive` is none.
    """
    wanted: dict[str, dict[str, ReportRow]] = {}
    for report in (report for study in studies for report in study.reports):
        wanted.setdefault(report.text_sha256, {})[report.id] = report
    total = sum(map(len, wanted.values()))
    rows, masked = [], Counter[str]()
    for found in read_reports(archive, columns):
        if not isinstance(found, Report):
            continue
        for row in wanted.pop(hashlib.sha256(found.text.encode()).hexdigest(), {}).values():
            said = [row.id, row.study, row.patient, found.id, found.study, found.patient, found.reader]
            clean = scrub(found.text, [value for value in said if value])
            masked.update(span.kind for span in clean.spans)
            name = names.name("report", row.id)
            rows.append({"report_id": name, "text": clean.text, "masked": len(clean.spans)})
    rows.sort(key=lambda row: str(row["report_id"]))
    table = pa.Table.from_pylist(rows, schema=TEXTS)
    return Texts(table, dict(sorted(masked.items())), tuple(_missing(archive, total - len(rows), total)))


def _missing(archive: Path, missing: int, total: int) -> Iterable[Issue]:
    if missing:
        message = (
            f"expected the words of {total} reports; {missing} are not in the archive as they were labelled."
        )
        cure = "Name the archive that `levelwise label` read."
        yield Issue(str(archive), "missing-texts", message, cure, "warning")
