"""Reports meet images: cells and discs joined on study and level, and a fate for every row that is left.

One report a study: the newest final one that says anything, by date, then by id. Addenda that came after it
as reports of their own are merged into it, cell by cell: an addendum wins where it speaks, and what it is
silent on stands (LABELLING.md, "Which time and section"). A report with the flag ``addendum`` counts as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pyarrow as pa

from dataset.flow import Ledger, Who
from dataset.inputs import DiscRow
from dataset.linkage import Keys, Lookup
from dataset.people import People
from dataset.standing import DRAFT, OTHER_REGION, Standing, choose_standing
from lexicons.findings import CODES, PLACES
from lexicons.vocabulary import LEVELS, Level

_LEVELS = {str(level): level for level in LEVELS}
_CELL_COLUMNS = ("finding", "grade", "low", "high", "certainty", "basis", "lexicon", "report_id")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a report at one level: what row of `labels` says it, and in which report."""

    code: str
    grade: int | None
    low: int
    high: int
    certainty: str
    basis: str
    lexicon: str
    report: str


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
    site: str | None = None

    @property
    def who(self) -> Who:
        """Whom the report is of."""
        return Who.of(self.patient, self.study, self.id)


@dataclass(frozen=True, slots=True)
class Study:
    """One study with its chosen report and the addenda to it, their cells and the discs, both by level.

    `contrast` says whether a series of it was acquired after contrast agent; None where no index was read.
    """

    uid: str
    report: ReportRow
    cells: Mapping[Level, tuple[Cell, ...]]
    discs: Mapping[Level, DiscRow]
    addenda: tuple[ReportRow, ...] = ()
    contrast: bool | None = None

    @property
    def reports(self) -> tuple[ReportRow, ...]:
        """The report and its addenda, in order of time."""
        return self.report, *self.addenda

    @property
    def flags(self) -> frozenset[str]:
        """Flags of the reports and of the discs."""
        return frozenset[str]().union(
            *(r.flags for r in self.reports), *(d.flags for d in self.discs.values())
        )


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
        for row in chosen.pop(uid):
            gone.report(row, "no-discs")
    for uid in sorted(set(by_study) - set(chosen)):
        for disc in by_study[uid].values():
            _drop_disc(disc, "study-without-report", ledger)
    gone.cells(cells)
    return [
        Study(uid, report, _merge((report, *addenda), cells, ledger), by_study[uid], tuple(addenda))
        for uid, (report, *addenda) in chosen.items()
    ]


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
            site=(row["site"] or "").strip() or None,
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
            zeros = isinstance(keys, Lookup) and keys.but_for_zeros(row.study)
            gone.report(row, "ambiguous-key" if uids else "lost-zeros" if zeros else "unknown-key")
        else:
            left.append(replace(row, study=uids[0]))
    return left


def _cells(
    labels: pa.Table, reports: Mapping[str, ReportRow], ledger: Ledger
) -> dict[str, dict[Level, tuple[Cell, ...]]]:
    """The readable cells by report and level, in the order of `CODES`."""
    columns = [labels[name].to_pylist() for name in ("level", *_CELL_COLUMNS)]
    found: dict[tuple[str, str, str], list[Cell]] = defaultdict(list)
    for level, *values in zip(*columns, strict=True):
        cell = Cell(*values)
        if reason := _unreadable(level, cell, reports):
            _drop_cells(reports, cell.report, level, reason, 1, ledger)
        else:
            found[cell.report, level, cell.code].append(cell)
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
        level: tuple(sorted(levels[level], key=lambda cell: PLACES[cell.code])) for level in sorted(levels)
    }


def _drop_cells(
    reports: Mapping[str, ReportRow], report_id: str, level: str, reason: str, rows: int, ledger: Ledger
) -> None:
    row = reports.get(report_id)
    who, study = (row.who, row.study) if row else (Who("report", report_id), None)
    ledger.drop("labels", reason, who, study=study, level=level, report_id=report_id, rows=rows)


def _unreadable(level: str, cell: Cell, reports: Mapping[str, ReportRow]) -> str | None:
    if cell.report not in reports:
        return "no-report"
    if level not in _LEVELS:
        return "unknown-level"
    return None if cell.code in CODES else "unknown-finding"


def _choose(
    rows: Iterable[ReportRow], cells: Mapping[str, Mapping[Level, tuple[Cell, ...]]], gone: _Gone
) -> dict[str, list[ReportRow]]:
    """The newest final report of every study that says anything, then the addenda to it.

    What stands is decided by `dataset.standing`.
    """
    candidates: dict[str, list[ReportRow]] = defaultdict(list)
    for row in rows:
        if DRAFT in row.flags:
            gone.report(row, "draft")
        elif OTHER_REGION in row.flags:
            gone.report(row, "other-region")
        elif not cells.get(row.id):
            gone.report(row, "no-cells")
        else:
            candidates[str(row.study)].append(row)
    chosen = {}
    for uid, given in candidates.items():
        chosen[uid], replaced = choose_standing(given, lambda row: Standing(row.date, row.flags, row.id))
        for row in replaced:
            gone.report(row, "superseded")
    return chosen


def _merge(
    reports: Sequence[ReportRow], cells: Mapping[str, Mapping[Level, tuple[Cell, ...]]], ledger: Ledger
) -> dict[Level, tuple[Cell, ...]]:
    """The cells of a report with those of its addenda over them; what was overruled goes to the ledger."""
    merged: dict[Level, dict[str, Cell]] = defaultdict(dict)
    by_id = {row.id: row for row in reports}
    for row in reports:
        for level, given in cells[row.id].items():
            for cell in given:
                if old := merged[level].get(cell.code):
                    _drop_cells(by_id, old.report, str(level), "amended", 1, ledger)
                merged[level][cell.code] = cell
    return _ordered({level: list(found.values()) for level, found in merged.items()})


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
