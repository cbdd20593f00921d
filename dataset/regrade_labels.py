"""The regrade stage: labels graded again under another policy, from their intervals, without parsing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Unpack

import pyarrow as pa
import pyarrow.parquet as pq

from dataset.shards import sha256_of
from dataset.stage import Run, Shard, StageResult, fingerprint, run_stage, table_files
from labeling.disagreements import DISAGREEMENTS
from labeling.issues import InputError, Issue
from labeling.labels import LABELS, REPORTS
from labeling.policies import find_policy, regrade
from labeling.quarantine import QUARANTINE
from lexicons.findings import CORE_CODES
from lexicons.vocabulary import LEVELS, Interval

_TABLES = {"labels": LABELS, "reports": REPORTS, "disagreements": DISAGREEMENTS, "quarantine": QUARANTINE}
_CORE_CELLS = len(LEVELS) * len(CORE_CODES)


@dataclass(frozen=True, slots=True)
class RegradeSettings:
    """The policy, and what it does: another definition under the same name makes other labels."""

    policy: str
    definition: str


def regrade_labels(
    labels: Path,
    out: Path,
    *,
    policy: str,
    **run: Unpack[Run],
) -> StageResult:
    """Write the tables of the folder `labels` to `out` with the grades that `policy` draws.

    Column `grade` of the labels, and `complete` and `policy` of the reports, are made again; the rest is
    copied. One shard in is one shard out. `InputError` when `labels` holds no table of the label stage, when
    `out` is the same folder or when no policy has that name.
    """
    definition = repr(find_policy(policy))
    labels, out = Path(labels), Path(out)
    if labels.resolve() == out.resolve():
        raise InputError(
            Issue(
                str(out),
                "same-folder",
                "expected a folder other than that of the labels.",
                "Name another with --out.",
            )
        )
    shards = list(_shards(labels))
    given = {table for table in ("labels", "reports", "disagreements") if table_files(labels, table)}
    return run_stage(
        "regrade",
        out,
        shards,
        regrade_shard,
        RegradeSettings(policy, definition),
        tables={name: _TABLES[name] for name in _TABLES if name in given | {"labels", "reports"}},
        **run,
    )


def regrade_shard(files: dict[str, Path], settings: RegradeSettings) -> dict[str, pa.Table]:
    """The tables of one shard. `files` maps each table that the shard has to its file."""
    tables = {name: pq.read_table(path, partitioning=None) for name, path in files.items()}
    labels = tables.get("labels", LABELS.empty_table())
    labels = _with(labels, "grade", _grades(labels, settings.policy))
    if "reports" in tables:
        complete = _complete(labels)
        reports = tables["reports"]
        ids = reports["report_id"].to_pylist()
        reports = _with(reports, "complete", [report in complete for report in ids])
        tables["reports"] = _with(reports, "policy", [settings.policy] * len(ids))
    return {**tables, "labels": labels}


def _grades(labels: pa.Table, policy: str) -> list[int | None]:
    chosen = find_policy(policy)

    @cache
    def grade(low: int, high: int, flags: frozenset[str]) -> int | None:
        return regrade(Interval(low, high), flags, chosen)

    columns = (labels[name].to_pylist() for name in ("low", "high", "flags"))
    return [grade(low, high, frozenset(flags)) for low, high, flags in zip(*columns, strict=True)]


def _complete(labels: pa.Table) -> set[str]:
    """Reports with a grade in every core cell, as `ReportLabels.complete` says it."""
    graded: dict[str, int] = {}
    columns = (labels[name].to_pylist() for name in ("report_id", "finding", "grade"))
    for report, code, grade in zip(*columns, strict=True):
        if code in CORE_CODES and grade is not None:
            graded[report] = graded.get(report, 0) + 1
    return {report for report, count in graded.items() if count == _CORE_CELLS}


def _with(table: pa.Table, name: str, values: list[Any]) -> pa.Table:
    field = table.schema.field(name)
    return table.set_column(table.schema.get_field_index(name), field, pa.array(values, field.type))


def _shards(folder: Path) -> Iterator[Shard]:
    """One shard for every number that any table of the folder has a file of."""
    found: dict[str, dict[str, Path]] = {}
    for table in _TABLES:
        for path in table_files(folder, table):
            found.setdefault(path.stem.removeprefix(f"{table}-"), {})[table] = path
    if not any("reports" in files for files in found.values()):
        raise InputError(
            Issue(
                str(folder),
                "no-labels",
                "expected a folder that `levelwise label` wrote; found no reports-*.parquet in it.",
                "Name the folder given to --out.",
            )
        )
    for name, files in sorted(found.items()):
        marks = (f"{table} {sha256_of(path)}" for table, path in files.items())
        yield Shard(name, files, fingerprint(*marks))
