"""Reports meet images: cells and discs joined on study and level, and a fate for every row that is left.

One report a study: the newest final one that says anything, by date, then by id. An addendum that came as a
report of its own is not merged into the report it adds to: it replaces it, as any newer report does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import pyarrow as pa

from dataset.flow import Ledger, Who
from dataset.inputs import DiscRow
from dataset.linkage import Keys
from dataset.split import People
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS, Level

_LEVELS = {str(level): level for level in LEVELS}
_CELL_COLUMNS = ("finding", "grade", "low", "high", "certainty", "basis", "lexicon")
_ORDER = {code: number for number, code in enumerate(CODES)}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a report at one level: what row of `labels` says it."""

    code: str
    grade: int | None
    low: int
    high: int
    certainty: str
    basis: str
    lexicon: str


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row of `reports`. `study` is the key it gives; once resolved, the StudyInstanceUID."""

    id: str
    study: str | None
    patient: str | None
    date: date | None
    modality: str | None
    flags: frozenset[str]
    text_sha256: str
    policy: str
    error: str | None

    @property
    def who(self) -> Who:
        """Whom the report is of."""
        return Who.of(self.patient, self.study, self.id)


@dataclass(frozen=True, slots=True)
class Study:
    """One study with its chosen report, the report's cells and the discs that were cut, by level."""

    uid: str
    report: ReportRow
    cells: Mapping[Level, tuple[Cell, ...]]
    discs: Mapping[Level, DiscRow]


def join(
    labels: pa.Table, reports: pa.Table, discs: Iterable[DiscRow], keys: Keys, ledger: Ledger, people: People
) -> list[Study]:
    """The studies that have both a report that says something and discs, in no particular order.

    The ledger gets every row that fell out here; the rows of the studies that are returned have no fate yet.
    `people` learns which keys are one patient from every row whose study is known, kept or not.
    """
    by_study = _discs_by_study(discs, ledger, people)
    gone = _Gone(ledger)
    rows = _resolve(_distinct(_report_rows(reports), gone), keys, set(by_study), gone)
    for row in rows:
        people.link(str(row.study), row.patient)
    known = {row.id: row for row in rows} | {row.id: row for row, _ in gone.reasons.values()}
    cells = _cells(labels, known, ledger)
    chosen = _choose(rows, cells, gone)
    for uid in sorted(set(chosen) - set(by_study)):
        gone.report(chosen.pop(uid), "no-discs")
    for uid in sorted(set(by_study) - set(chosen)):
        for disc in by_study[uid].values():
            _drop_disc(disc, "study-without-report", ledger)
    gone.cells(cells)
    return [Study(uid, report, cells[report.id], by_study[uid]) for uid, report in chosen.items()]


@dataclass(slots=True)
class _Gone:
    """Reports that fell out, by id: their cells follow them once all cells are known."""

    ledger: Ledger
    reasons: dict[str, tuple[ReportRow, str]] = field(default_factory=dict)

    def report(self, row: ReportRow, reason: str) -> None:
        self.ledger.drop("reports", reason, row.who, study=row.study, report_id=row.id)
        self.reasons[row.id] = row, reason

    def cells(self, cells: Mapping[str, Mapping[Level, tuple[Cell, ...]]]) -> None:
        rows = {report_id: row for report_id, (row, _) in self.reasons.items()}
        for report_id, (_, reason) in self.reasons.items():
            for level, given in cells.get(report_id, {}).items():
                _drop_cells(rows, report_id, str(level), reason, len(given), self.ledger)


def _report_rows(table: pa.Table) -> list[ReportRow]:
    return [
        ReportRow(
            id=row["report_id"],
            study=(row["study"] or "").strip() or None,
            patient=(row["patient"] or "").strip() or None,
            date=row["date"],
            modality=row["modality"],
            flags=frozenset(row["flags"] or ()),
            text_sha256=row["text_sha256"],
            policy=row["policy"],
            error=row["error"],
        )
        for row in table.to_pylist()
    ]


def _distinct(rows: Iterable[ReportRow], gone: _Gone) -> list[ReportRow]:
    """One row per report id. Cells name their report by id alone, so one id for two reports loses both."""
    by_id: dict[str, list[ReportRow]] = defaultdict(list)
    for row in rows:
        by_id[row.id].append(row)
    left = []
    for same in by_id.values():
        if len(set(same)) > 1:
            for row in same:
                gone.report(row, "ambiguous-report-id")
            # Which of them its cells are of is not known.
            gone.reasons[same[0].id] = replace(same[0], study=None, patient=None), "ambiguous-report-id"
            continue
        left.append(same[0])
        for row in same[1:]:
            gone.ledger.drop("reports", "duplicate-report", row.who, study=row.study, report_id=row.id)
    return left


def _resolve(rows: Iterable[ReportRow], keys: Keys, imaged: set[str], gone: _Gone) -> list[ReportRow]:
    """The reports whose study is known, with its StudyInstanceUID."""
    left = []
    for row in rows:
        uids = keys(row.study) if row.study else ()
        if len(uids) > 1:  # one accession number for several studies: the one with discs is meant
            uids = [uid for uid in uids if uid in imaged] or uids
        if row.error is not None:
            gone.report(row, "report-quarantined")
        elif row.study is None:
            gone.report(row, "no-study-key")
        elif len(uids) != 1:
            gone.report(row, "ambiguous-key" if uids else "unknown-key")
        else:
            left.append(replace(row, study=uids[0]))
    return left


def _cells(
    labels: pa.Table, reports: Mapping[str, ReportRow], ledger: Ledger
) -> dict[str, dict[Level, tuple[Cell, ...]]]:
    """The readable cells by report and level, in the order of `CODES`."""
    columns = [labels[name].to_pylist() for name in ("report_id", "level", *_CELL_COLUMNS)]
    found: dict[tuple[str, str, str], list[Cell]] = defaultdict(list)
    for report_id, level, *values in zip(*columns, strict=True):
        cell = Cell(*values)
        if reason := _unreadable(report_id, level, cell, reports):
            _drop_cells(reports, report_id, level, reason, 1, ledger)
        else:
            found[report_id, level, cell.code].append(cell)
    cells: dict[str, dict[Level, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for (report_id, level, _), same in found.items():
        agreed = len(set(same)) == 1
        if agreed:
            cells[report_id][_LEVELS[level]].append(same[0])
        reason = "duplicate-cell" if agreed else "contradictory-cell"
        _drop_cells(reports, report_id, level, reason, len(same) - agreed, ledger)
    return {report_id: _ordered(levels) for report_id, levels in cells.items()}


def _ordered(levels: Mapping[Level, list[Cell]]) -> dict[Level, tuple[Cell, ...]]:
    return {
        level: tuple(sorted(levels[level], key=lambda cell: _ORDER[cell.code])) for level in sorted(levels)
    }


def _drop_cells(
    reports: Mapping[str, ReportRow], report_id: str, level: str, reason: str, rows: int, ledger: Ledger
) -> None:
    row = reports.get(report_id)
    who, study = (row.who, row.study) if row else (Who("report", report_id), None)
    ledger.drop("labels", reason, who, study=study, level=level, report_id=report_id, rows=rows)


def _unreadable(report_id: str, level: str, cell: Cell, reports: Mapping[str, ReportRow]) -> str | None:
    if report_id not in reports:
        return "no-report"
    if level not in _LEVELS:
        return "unknown-level"
    return None if cell.code in CODES else "unknown-finding"


def _choose(
    rows: Iterable[ReportRow], cells: Mapping[str, Mapping[Level, tuple[Cell, ...]]], gone: _Gone
) -> dict[str, ReportRow]:
    """The newest final report of every study that says anything. A report without a date is the oldest."""
    candidates: dict[str, list[ReportRow]] = defaultdict(list)
    for row in rows:
        if "draft" in row.flags:
            gone.report(row, "draft")
        elif "other_region" in row.flags:
            gone.report(row, "other-region")
        elif not cells.get(row.id):
            gone.report(row, "no-cells")
        else:
            candidates[str(row.study)].append(row)
    chosen = {}
    for uid, given in candidates.items():
        *older, chosen[uid] = sorted(given, key=lambda row: (row.date or date.min, row.id))
        for row in older:
            gone.report(row, "superseded")
    return chosen


def _discs_by_study(
    discs: Iterable[DiscRow], ledger: Ledger, people: People
) -> dict[str, dict[Level, DiscRow]]:
    studies: dict[str, list[DiscRow]] = defaultdict(list)
    for disc in discs:
        people.link(disc.study, disc.patient)
        studies[disc.study].append(disc)
    found = {}
    for uid, rows in studies.items():
        patients = {disc.patient for disc in rows if disc.patient}
        if len(patients) > 1:
            for disc in rows:
                _drop_disc(disc, "ambiguous-patient", ledger)
        elif best := _best_discs(rows, ledger):
            found[uid] = best
    return found


def _best_discs(rows: Iterable[DiscRow], ledger: Ledger) -> dict[Level, DiscRow]:
    """One disc a level: both views before one, then the most coverage, then the series that sorts first."""
    best: dict[Level, DiscRow] = {}
    for disc in sorted(rows, key=lambda disc: (-len(disc.views), -disc.coverage, disc.series, disc.place)):
        if disc.level not in _LEVELS:
            _drop_disc(disc, "unknown-level", ledger)
        elif not disc.views:
            _drop_disc(disc, "no-volume", ledger)
        elif best.setdefault(_LEVELS[disc.level], disc) is not disc:
            _drop_disc(disc, "duplicate-disc", ledger)
    return best


def _drop_disc(disc: DiscRow, reason: str, ledger: Ledger) -> None:
    who = Who.of(disc.patient, disc.study)
    ledger.drop("discs", reason, who, study=disc.study, level=disc.level)
