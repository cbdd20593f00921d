"""The label stage: a report archive becomes the tables `labels`, `reports` and `quarantine`.

With a second voter it writes `disagreements` too: the cells on which the two readers differ.
"""

from __future__ import annotations

import gc
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count, islice
from pathlib import Path
from typing import Protocol, Unpack

import pyarrow as pa

from dataset.stage import Run, Shard, StageResult, fingerprint, run_stage, table_files
from dataset.time_budget import OverBudget, time_budget
from labeling.disagreements import DISAGREEMENTS, disagreements_table
from labeling.issues import InputError, Issue
from labeling.labeler import Labeler
from labeling.labels import LABELS, REPORTS, labels_table, reports_table
from labeling.quarantine import quarantine_table
from labeling.report import Report, ReportLabels
from labeling.sources import Columns, Reading, read_reports
from lexicons.load import language_name

_SHARD_ROWS = 2000
_BUDGET_S = 20.0
"""Processor time that one report may take; a usual one takes less than a thousandth of a second."""

VOTERS = ("rules", "context")
"""Who reads: the engine, and ConText over the same lexicons (`labeling.bridges.context_labeler`)."""

Outcomes = tuple[Report | Issue, ...]
"""What consecutive rows of an archive became, in their order."""


_ReaderKey = tuple[str, str, str, Path | None]
"""Voter, policy, language and site folder: what a labeler is built from."""


class Reader(Protocol):
    """Both labelers."""

    @property
    def lexicon_hash(self) -> str:
        """Content hash of every lexicon file in use."""

    def label(self, report: Report) -> ReportLabels:
        """What `report` says of its cells."""


@dataclass(frozen=True, slots=True)
class LabelSettings:
    """What the labels of a text depend on. `lexicon` is the content hash: other rules, other labels."""

    policy: str
    language: str
    lexicon: str
    voters: tuple[str, ...] = ("rules",)
    site: Path | None = field(default=None, repr=False)  # its content is in the hash, its place is no matter


def label_archive(
    source: Path,
    out: Path,
    *,
    columns: Columns | None = None,
    policy: str = "deepspine",
    language: str = "en",
    site: Path | None = None,
    voters: Sequence[str] = ("rules",),
    **run: Unpack[Run],
) -> StageResult:
    """Label every report of `source` and write the tables `labels`, `reports` and `quarantine` to `out`.

    `columns` names what the guess of `labeling.sources` would miss. `site` is a folder of lexicon files laid
    over the shipped ones. `voters` ``("rules", "context")`` reads every report a second time and writes where
    the readers differ to `disagreements`; the labels are the engine's either way.

    A row that cannot be read costs one row of the quarantine; so does a report that a reader fails on or that
    takes more than 20 s of processor time, whose row in `reports` has an `error`. The archive is streamed in
    shards of 2,000 rows: memory does not grow with it. `run` is `dataset.stage.Run`.
    Raises `InputError` when `source` does not exist or `policy` or a voter is unknown, and `LexiconError` for
    a broken or absent lexicon.
    """
    chosen = _voters(voters)
    outcomes = read_reports(Path(source), columns, language=language_name(language))
    settings = LabelSettings(
        policy, language, _labeler("rules", policy, language, site).lexicon_hash, chosen, site
    )
    if (tell := run.get("progress")) is not None:
        run["progress"] = lambda done, _: tell(done, _shards_expected(outcomes))
    second = {"disagreements": DISAGREEMENTS} if len(chosen) > 1 else {}
    result = run_stage(
        "label",
        Path(out),
        _shards(outcomes),
        label_shard,
        settings,
        tables={"labels": LABELS, "reports": REPORTS, **second},
        **run,
    )
    if not second and result.plan is None:
        for stale in table_files(Path(out), "disagreements"):
            stale.unlink()
    return result


def label_shard(outcomes: Outcomes, settings: LabelSettings) -> dict[str, pa.Table]:
    """The tables of one shard; runs in a worker process, which loads the labelers once."""
    rules, *others = [(voter, settings.policy, settings.language, settings.site) for voter in settings.voters]
    reports = [outcome for outcome in outcomes if isinstance(outcome, Report)]
    votes = [[_label(reader, report) for report in reports] for reader in others]
    with _no_collector():
        tables, issues = _read(rules, reports, votes, settings)
    issues = [*(outcome for outcome in outcomes if isinstance(outcome, Issue)), *issues]
    return {**tables, "quarantine": quarantine_table("label", issues)}


def _read(
    rules: _ReaderKey, reports: list[Report], others: list[list[ReportLabels]], settings: LabelSettings
) -> tuple[dict[str, pa.Table], list[Issue]]:
    """The tables of `reports`, and those that failed; the labels themselves are gone when it returns."""
    votes = [[_label(rules, report) for report in reports], *others]
    issues = [issue for labels in zip(reports, *votes, strict=True) for issue in _set_aside(*labels)]
    read = list(zip(reports, votes[0], strict=True))
    tables = {"labels": labels_table(read, settings.lexicon), "reports": reports_table(read, settings.policy)}
    if others:
        both = [vote for vote in zip(reports, *votes, strict=True) if not any(v.error for v in vote[1:])]
        tables["disagreements"] = disagreements_table(both)
    return tables, issues


@contextmanager
def _no_collector() -> Iterator[None]:
    """Without the collector of cycles: labels have none, and it would walk over them half of the time.

    What the block leaves behind it walks over once, at the end. Not for spaCy: its documents hold cycles.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@cache
def _labeler(voter: str, policy: str, language: str, site: Path | None) -> Reader:
    if voter == "rules":
        return Labeler(policy=policy, language=language, site=site)
    from labeling.bridges.context_labeler import ContextLabeler  # noqa: PLC0415  (spaCy, for who asks for it)

    return ContextLabeler(policy=policy, language=language, site=site)


def _label(reader: _ReaderKey, report: Report) -> ReportLabels:
    labeler = _labeler(*reader)
    try:
        with time_budget(_BUDGET_S):
            return labeler.label(report)
    except OverBudget:
        _labeler.cache_clear()  # it was cut short in the middle of anything: its memory is not to be trusted
        return ReportLabels(report.id, (), error=f"gave up after {_BUDGET_S:g} s")
    except Exception as error:  # noqa: BLE001 - one report must not cost the archive
        return ReportLabels(report.id, (), error=_where_it_failed(error))


def _where_it_failed(error: Exception) -> str:
    """The kind of error and the line of code; never its message, which may quote the report."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"


def _set_aside(report: Report, rules: ReportLabels, context: ReportLabels | None = None) -> Iterator[Issue]:
    if rules.error is not None:
        yield Issue(
            f"report {report.id}",
            "labeler-error",
            f"the labeler failed on this report: {rules.error}.",
            "The report has no labels; please tell us about the error.",
        )
    if context is not None and context.error is not None:
        yield Issue(
            f"report {report.id}",
            "second-voter-error",
            f"the second voter failed on this report: {context.error}.",
            "The report has its labels, but no row in disagreements.",
            severity="warning",
        )


def _voters(names: Sequence[str]) -> tuple[str, ...]:
    """The voters in the order of `VOTERS`; the engine always votes."""
    if unknown := sorted(set(names) - set(VOTERS)):
        raise InputError(
            Issue(
                "voters",
                "unknown-voter",
                f"expected {' or '.join(VOTERS)}; got {', '.join(unknown)}.",
                "Name voters with a comma between them.",
            )
        )
    return tuple(voter for voter in VOTERS if voter == "rules" or voter in names)


def _shards_expected(outcomes: Reading) -> int | None:
    rows = outcomes.expected()
    return None if rows is None else -(-rows // _SHARD_ROWS)


def _shards(outcomes: Iterator[Report | Issue]) -> Iterator[Shard]:
    for number in count():
        shard = tuple(islice(outcomes, _SHARD_ROWS))
        if not shard:
            return
        yield Shard(name=f"{number:05d}", inputs=shard, fingerprint=fingerprint(*map(repr, shard)))
