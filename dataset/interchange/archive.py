"""Folders of labels, read report by report and written from what another format holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset.inputs import checked_files
from dataset.shards import write_bytes
from dataset.stage import Shard, fingerprint, run_stage, table_files
from labeling.issues import Issue
from labeling.labels import LABELS, REPORTS, labels_table, level_grade, reports_table
from labeling.policies import regrade
from labeling.quarantine import quarantine_table
from labeling.report import LevelGrade, Report, ReportLabels
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS, Basis, Certainty, Interval, Level

_SHARD_ROWS = 2000
_POLICY = "deepspine"
_FLAGS = frozenset({"imported"})

CELLS: tuple[tuple[Level, str], ...] = tuple((level, code) for code in CODES for level in LEVELS)
"""Every cell, finding by finding."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One report of a labels folder. `report` has no text: a labels folder holds none."""

    report: Report
    labels: ReportLabels
    lexicon: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote: so many reports; `left_out` counts others by the reason, in words.

    `holds` says in a sentence what leaves with the files.
    """

    files: tuple[Path, ...]
    reports: int
    holds: str
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import wrote: so many reports to `path`; `issues` are the rows it set aside."""

    path: Path
    reports: int
    issues: tuple[Issue, ...] = ()


def read_labelled(folder: Path) -> Iterator[Labelled]:
    """The reports of a folder that the label stage wrote, one file at a time; those set aside are left out.

    `InputError` for a folder of another kind or a damaged file.
    """
    reports = checked_files(folder, "reports", REPORTS, REPORTS.names, "levelwise label")
    cells = {}
    if table_files(folder, "labels"):
        found = checked_files(folder, "labels", LABELS, LABELS.names, "levelwise label")
        cells = {path.stem.removeprefix("labels-"): path for path, _ in found}
    for path, _ in reports:
        grades: dict[str, list[dict[str, Any]]] = defaultdict(list)
        if labels := cells.get(path.stem.removeprefix("reports-")):
            for row in pq.read_table(labels, partitioning=None).to_pylist():
                grades[row["report_id"]].append(row)
        for row in pq.read_table(path, partitioning=None).to_pylist():
            if row["error"] is None:
                yield _labelled(row, grades.get(row["report_id"], []))


def _labelled(row: Mapping[str, Any], cells: Sequence[dict[str, Any]]) -> Labelled:
    names = ("study", "patient", "reader", "date", "language", "modality")
    report = Report(row["report_id"], "", **{name: row[name] for name in names})
    grades = tuple(map(level_grade, cells))
    return Labelled(
        report,
        ReportLabels(report.id, grades, frozenset(row["flags"]), row["unread"]),
        cells[0]["lexicon"] if cells else "",
    )


def imported_cell(
    level: Level,
    code: str,
    interval: Interval,
    grade: int | None,
    certainty: Certainty = Certainty.AFFIRMED,
    basis: Basis = Basis.STATED,
) -> LevelGrade:
    """A cell of another source: no evidence stands behind it, and the flag ``imported`` says so."""
    finding, side = CODES[code]
    return LevelGrade(level, finding, side, interval, grade, certainty, basis, _FLAGS)


def drawn(interval: Interval) -> int | None:
    """The grade that the usual policy draws from an interval that came without one."""
    return regrade(interval, _FLAGS, _POLICY)


def write_labelled(items: Iterable[Labelled], out: Path, source: str, issues: Iterable[Issue] = ()) -> Taken:
    """Write reports of another format as a labels folder, which `levelwise build` and `diff` take.

    `source` names the format in the columns `lexicon` and `policy`. What stood in no row is quarantined.
    """
    rest = iter(items)
    chunks = list(iter(lambda: tuple(islice(rest, _SHARD_ROWS)), ()))
    found = tuple(issues)
    shards = [
        Shard(f"{n:05d}", (chunk, found if n == 0 else ()), fingerprint(repr(chunk), repr(found) * (n == 0)))
        for n, chunk in enumerate(chunks or [()])
    ]
    tables = {"labels": LABELS, "reports": REPORTS}
    result = run_stage("import", out, shards, _tables, source, tables=tables, workers=1)
    return Taken(out, result.rows["reports"], found)


def _tables(work: tuple[Sequence[Labelled], Sequence[Issue]], source: str) -> dict[str, pa.Table]:
    items, issues = work
    read = [(item.report, item.labels) for item in items]
    return {
        "labels": labels_table(read, f"import:{source}"),
        "reports": reports_table(read, _POLICY),
        "quarantine": quarantine_table("import", list(issues)),
    }


def write_export(
    out: Path,
    files: Mapping[str, bytes],
    reports: int,
    holds: str,
    about: str,
    left_out: Counter[str] | None = None,
) -> Written:
    """Write the files of an export, and a README.md: what they hold, how cells are translated."""
    for name, data in {**files, "README.md": f"{holds}\n\n{about.strip()}\n".encode()}.items():
        write_bytes(data, out / name)
    return Written(tuple(out / name for name in files), reports, holds, dict(+(left_out or Counter())))
