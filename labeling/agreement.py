"""How far two readings of the same reports agree: labeler against gold, or table against table.

A cell is scored when either reader fills it and gold has settled it. It agrees when both say the same value
with the same certainty; a wrong grade is both a false alarm and a miss. Every number carries a 95 % interval
from 1,000 resamplings of whole reports, because the cells of one report are not independent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from labeling.bootstrap import Floats, Measure, linear_kappa, resampled_sums, share
from labeling.gold import ABSENT, OUTCOMES, UNSETTLED, CellKey, Reading, ReadReport, read_gold, readings
from labeling.issues import InputError, Issue
from labeling.label_runs import label_files, read_run
from lexicons.findings import CODES, CORE_CODES, FINDINGS, PLACES
from lexicons.vocabulary import LEVELS

_COLUMNS = ["report_id", "level", "finding", "grade", "low", "certainty", "flags", "evidence"]
_GRADES = 4


@dataclass(frozen=True, slots=True)
class Scores:
    """Agreement over one group of cells.

    Over the cells that both have graded, `silent` is the share of wrong grades that carry no flag and are not
    marked uncertain, and `kappa` is linear-weighted.
    """

    accuracy: Measure
    precision: Measure
    recall: Measure
    f1: Measure
    silent: Measure
    kappa: Measure


@dataclass(frozen=True, slots=True)
class Miss:
    """One cell on which the readers differ. `text` is the report's, and only there when it was asked for."""

    report_id: str
    level: str
    code: str
    expected: str
    got: str
    flags: tuple[str, ...]
    rules: tuple[str, ...]
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Everything that a comparison of two readings says.

    `core` are the cells of SCS, RFS and LFS. `confusion` maps a finding to its table, ``[expected][got]`` in
    the order `OUTCOMES`. The `unsettled` cells of gold are not scored. `unlabelled` reports of gold are not
    in the labels folder: they count as read with no cell.
    """

    reports: int
    unsettled: int
    core: Scores
    all: Scores
    findings: Mapping[str, Scores]
    levels: Mapping[str, Scores]
    confusion: Mapping[str, tuple[tuple[int, ...], ...]]
    misses: tuple[Miss, ...]
    unlabelled: int = 0

    def to_json(self) -> dict[str, Any]:
        """The whole agreement as plain values."""
        return asdict(self)


def agree(labels: Path | pa.Table, gold: Path, *, with_text: bool = False) -> Agreement:
    """Compare a `labels` table (a file, a stage's folder or the table itself) with annotated reports.

    Only the reports of `gold` are scored; one without a row in `labels` counts as read with no cell, and as
    `unlabelled` where the folder does not know it. `InputError` for a folder that knows none of them.
    `with_text` puts the text of each report beside its misses: patient data, so only when asked for.
    """
    truth = read_gold(gold)
    unlabelled = _unlabelled(Path(labels), truth) if not isinstance(labels, pa.Table) else 0
    found = _agreement(_by_id(readings(_rows(labels))), truth, with_text=with_text)
    return replace(found, unlabelled=unlabelled)


def _unlabelled(labels: Path, truth: Sequence[ReadReport]) -> int:
    if not labels.is_dir():
        return 0
    known = read_run(labels).texts
    missing = sum(report.id not in known for report in truth)
    if missing == len(truth):
        message = f"expected the annotated reports; none of the {missing:,} ids of gold is in the labels."
        cure = "Give both the same ids: look for leading zeros that were lost, or label with another --id."
        raise InputError(Issue(str(labels), "no-common-report", message, cure))
    return missing


@dataclass(frozen=True, slots=True)
class _Cell:
    report: int
    key: CellKey
    expected: Reading | None
    got: Reading | None

    @property
    def equal(self) -> bool:
        return str(self.expected) == str(self.got)

    @property
    def grades(self) -> tuple[int, int] | None:
        """The expected grade and the one that was read, where both are grades."""
        expected = self.expected.grade if self.expected else None
        got = self.got.grade if self.got else None
        return None if expected is None or got is None else (expected, got)

    @property
    def silent(self) -> bool:
        """Whether the grade is wrong and nothing would make an auditor look at it."""
        if self.grades is None or self.got is None or self.got.flags or self.got.uncertain:
            return False
        return self.grades[0] != self.grades[1]


def _agreement(read: Mapping[str, ReadReport], truth: Sequence[ReadReport], *, with_text: bool) -> Agreement:
    cells = [cell for n, report in enumerate(truth) for cell in _cells(n, report, read.get(report.id))]
    scored = [cell for cell in cells if cell.expected is None or cell.expected.value != UNSETTLED]
    groups = {
        "core": [c for c in scored if c.key[1] in CORE_CODES],
        "all": scored,
        **{f"finding {name}": [c for c in scored if CODES[c.key[1]][0].key == name] for name in FINDINGS},
        **{f"level {level}": [c for c in scored if c.key[0] is level] for level in LEVELS},
    }
    counts = np.hstack([_counts(group, len(truth)) for group in groups.values()])
    scores = dict(
        zip(groups, map(_scores, np.split(resampled_sums(counts), len(groups), axis=1)), strict=True)
    )
    return Agreement(
        reports=len(truth),
        unsettled=len(cells) - len(scored),
        core=scores["core"],
        all=scores["all"],
        findings={name: scores[f"finding {name}"] for name in FINDINGS},
        levels={str(level): scores[f"level {level}"] for level in LEVELS},
        confusion={name: _confusion(groups[f"finding {name}"]) for name in FINDINGS},
        misses=tuple(_miss(c, truth[c.report], with_text=with_text) for c in scored if not c.equal),
    )


def _cells(number: int, truth: ReadReport, read: ReadReport | None) -> Iterable[_Cell]:
    got = read.cells if read else {}
    for key in sorted({*truth.cells, *got}, key=lambda key: (key[0], PLACES[key[1]])):
        yield _Cell(number, key, truth.cells.get(key), got.get(key))


# Columns of the counts, one row per report; after them the 4 x 4 table of the grades that both have given.
_SCORED, _EQUAL, _READ, _EXPECTED, _SILENT, _TABLE = range(6)


def _counts(cells: Iterable[_Cell], reports: int) -> Floats:
    counts = np.zeros((reports, _TABLE + _GRADES**2))
    for cell in cells:
        row = counts[cell.report]
        row[_SCORED] += 1
        row[_EQUAL] += cell.equal
        row[_READ] += cell.got is not None
        row[_EXPECTED] += cell.expected is not None
        row[_SILENT] += cell.silent
        if (grades := cell.grades) is not None:
            row[_TABLE + _GRADES * grades[0] + grades[1]] += 1
    return counts


def _scores(sums: Floats) -> Scores:
    scored, equal, read, expected, silent = sums[:, :_TABLE].T
    tables = sums[:, _TABLE:]
    return Scores(
        accuracy=share(equal, scored),
        precision=share(equal, read),
        recall=share(equal, expected),
        f1=share(2 * equal, read + expected),
        silent=share(silent, tables.sum(axis=1)),
        kappa=linear_kappa(tables),
    )


def _confusion(cells: Iterable[_Cell]) -> tuple[tuple[int, ...], ...]:
    table = np.zeros((len(OUTCOMES), len(OUTCOMES)), dtype=int)
    for cell in cells:
        expected, got = (r.value if r else ABSENT for r in (cell.expected, cell.got))
        table[OUTCOMES.index(expected), OUTCOMES.index(got)] += 1
    return tuple(tuple(map(int, row)) for row in table)


def _miss(cell: _Cell, report: ReadReport, *, with_text: bool) -> Miss:
    return Miss(
        report_id=report.id,
        level=str(cell.key[0]),
        code=cell.key[1],
        expected=str(cell.expected or ABSENT),
        got=str(cell.got or ABSENT),
        flags=cell.got.flags if cell.got else (),
        rules=cell.got.rules if cell.got else (),
        text=report.text if with_text else None,
    )


def _by_id(reports: Iterable[ReadReport]) -> dict[str, ReadReport]:
    return {report.id: report for report in reports}


def _rows(labels: Path | pa.Table) -> list[dict[str, Any]]:
    if isinstance(labels, pa.Table):
        table = labels.select(_COLUMNS)
    else:
        path = Path(labels)
        files = label_files(path) if path.is_dir() else [path]
        table = pa.concat_tables(map(_table, files)) if files else pa.table({name: [] for name in _COLUMNS})
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _table(file: Path) -> pa.Table:
    try:
        return pq.read_table(file, columns=_COLUMNS, partitioning=None).select(_COLUMNS)
    except (pa.ArrowInvalid, KeyError, FileNotFoundError):
        got = "another file" if file.exists() else "nothing of that name"
        message = f"expected a folder that `levelwise label` wrote, or its labels table; got {got}."
        issue = Issue(str(file), "no-labels", message, "Name the folder given to --out.")
        raise InputError(issue) from None
