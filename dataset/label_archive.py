"""The label stage: a report archive becomes the tables `labels`, `reports` and `quarantine`."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count, islice
from pathlib import Path

import pyarrow as pa

from dataset.stage import Progress, Shard, StageResult, fingerprint, run_stage
from labeling.issues import Issue
from labeling.labeler import Labeler
from labeling.labels import LABELS, REPORTS, labels_table, reports_table
from labeling.quarantine import quarantine_table
from labeling.report import Report, ReportLabels
from labeling.sources import Columns, read_reports

_SHARD_ROWS = 2000

Outcomes = tuple[Report | Issue, ...]
"""What consecutive rows of an archive became, in their order."""


@dataclass(frozen=True, slots=True)
class LabelSettings:
    """What the labels of a text depend on. `lexicon` is the content hash: other rules, other labels."""

    policy: str
    language: str
    lexicon: str


def label_archive(
    source: Path,
    out: Path,
    *,
    columns: Columns | None = None,
    policy: str = "deepspine",
    language: str = "en",
    workers: int | None = None,
    resume: bool = True,
    progress: Progress | None = None,
) -> StageResult:
    """Label every report of `source` and write the tables `labels`, `reports` and `quarantine` to `out`.

    `columns` names what the guess of `labeling.sources` would miss. A row that cannot be read costs one row
    of the quarantine; so does a report that the labeler fails on, whose row in `reports` has an `error`.
    The archive is streamed in shards of 2,000 rows: memory does not grow with it. Raises `InputError` when
    `source` does not exist, and what `Labeler` raises for an unknown `policy` or `language`.
    """
    outcomes = read_reports(Path(source), columns, language=language)
    settings = LabelSettings(policy, language, _labeler(policy, language).lexicon_hash)
    return run_stage(
        "label",
        Path(out),
        _shards(outcomes),
        label_shard,
        settings,
        tables={"labels": LABELS, "reports": REPORTS},
        workers=workers,
        resume=resume,
        progress=progress,
    )


def label_shard(outcomes: Outcomes, settings: LabelSettings) -> dict[str, pa.Table]:
    """The tables of one shard; runs in a worker process, which loads the labeler once."""
    labeler = _labeler(settings.policy, settings.language)
    issues: list[Issue] = []
    read: list[tuple[Report, ReportLabels]] = []
    for outcome in outcomes:
        if isinstance(outcome, Issue):
            issues.append(outcome)
            continue
        labels = _label(labeler, outcome)
        read.append((outcome, labels))
        if labels.error is not None:
            issues.append(_set_aside(outcome, labels.error))
    return {
        "labels": labels_table(read, settings.lexicon),
        "reports": reports_table(read, settings.policy),
        "quarantine": quarantine_table("label", issues),
    }


@cache
def _labeler(policy: str, language: str) -> Labeler:
    return Labeler(policy=policy, language=language)


def _label(labeler: Labeler, report: Report) -> ReportLabels:
    try:
        return labeler.label(report)
    except Exception as error:  # noqa: BLE001 - one report must not cost the archive
        return ReportLabels(report.id, (), error=_where_it_failed(error))


def _where_it_failed(error: Exception) -> str:
    """The kind of error and the line of code; never its message, which may quote the report."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"


def _set_aside(report: Report, error: str) -> Issue:
    return Issue(
        f"report {report.id}",
        "labeler-error",
        f"the labeler failed on this report: {error}.",
        "The report has no labels; please tell us about the error.",
    )


def _shards(outcomes: Iterator[Report | Issue]) -> Iterator[Shard]:
    for number in count():
        shard = tuple(islice(outcomes, _SHARD_ROWS))
        if not shard:
            return
        yield Shard(name=f"{number:05d}", inputs=shard, fingerprint=fingerprint(*map(repr, shard)))
