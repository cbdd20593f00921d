"""The distribution of grades: Figure 2b of the paper, and the same by reader, by site and by year.

Counts obey the rule of the card (`dataset.disclosure`): none of 1 to 10 patients, none that follows from the
others. Of a dataset the table by level hides what its card hides, so that the two give nothing away together.
Readers, sites and years of few patients are counted together. What two tables of overlapping sets of patients
tell by their difference is not looked at: publish the stats of a labels folder or of its dataset, not both.
Source: Lu et al. 2018, DeepSPINE, Figure 2b.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset.disclosure import LIMIT, Sum, small, suppress
from dataset.record import FLOW, Manifest, Record
from dataset.stage import read_table, table_files
from dataset.standing import DRAFT, OTHER_REGION, Standing, choose_standing
from dataset.tallies import GRADES, TOTAL, Cell, Study, studies_by_cell, sums_of_grades, tally
from labeling.issues import InputError, Issue
from labeling.labels import REPORTS
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS

OTHERS = "others"
UNKNOWN = "not given"
_MOST_GROUPS = 15
_LABEL_COLUMNS = ["report_id", "level", "finding", "grade"]
_REPORT_COLUMNS = ["report_id", "study", "patient", "reader", "site", "date", "error", "flags"]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Discs by grade in groups of reports. `counts` maps (code, group, grade) to a count; None is hidden.

    `reports` counts the reports (or studies) of each group, in the order in which groups are shown; 0 where
    even that is hidden. A group that is no level has six discs for each.
    """

    by: str
    reports: Mapping[str, int]
    counts: Mapping[Cell, int | None]

    def row(self, code: str, group: str) -> list[int | None]:
        """The counts of one group, in the order of `GRADES`."""
        return [self.counts[code, group, grade] for grade in GRADES]


@dataclass(frozen=True, slots=True)
class Stats:
    """Everything that is counted. `reports` is None where it rests on 1 to 10 patients.

    `unit` is what is counted: the reports of a labels folder, or the studies of a dataset. `breakdowns`
    begins with levels; readers, sites and years follow where the reports name more than one.
    """

    unit: str
    reports: int | None
    codes: tuple[str, ...]
    breakdowns: tuple[Breakdown, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class _Sitting:
    """One report with its addenda: its grades, who read it, where and when."""

    study: Study
    reader: str
    site: str
    year: str


def grade_stats(folder: Path, *, internal: bool = False) -> Stats:
    """Count the grades of a folder that `levelwise label` or `levelwise build` wrote.

    `internal` shows every count and the names of readers: for use inside the hospital. Raises `InputError`
    for another folder.
    """
    if (folder / FLOW).is_file():
        return _of_dataset(folder, internal=internal)
    if table_files(folder, "reports"):
        return _of_labels(folder, internal=internal)
    message = "expected a folder that `levelwise label` or `levelwise build` finished; got another."
    raise InputError(Issue(str(folder), "wrong-folder", message, "Name the folder given to --out."))


def _of_dataset(folder: Path, *, internal: bool) -> Stats:
    exact = internal or Record.read(folder).synthetic
    counts = tally(folder, Manifest.read(folder), open_counts=exact)
    studies = counts.splits[TOTAL].studies
    return _stats(
        "studies", studies, [Breakdown("level", _level_sizes(studies or 0), counts.grades)], exact=exact
    )


def _of_labels(folder: Path, *, internal: bool) -> Stats:
    sittings = _read(folder)
    by_level = _by_level(sittings, exact=internal)
    shown = by_level.reports[TOTAL] // len(LEVELS) or None
    readers = _groups(sittings, lambda one: one.reader)
    groups = {
        "reader": readers if internal else _masked(readers),
        "site": _groups(sittings, lambda one: one.site),
        "year": _groups(sittings, lambda one: one.year),
    }
    found = [by_level]
    for by, named in groups.items():
        pooled = named if internal else _pool(named)
        pooled = pooled if by == "year" else _largest(pooled)
        if shown and len(pooled) > 1:
            found.append(_by_group(by, pooled, sittings, by_level, exact=internal))
    return _stats("reports", shown, found, exact=internal)


def _stats(unit: str, reports: int | None, breakdowns: Sequence[Breakdown], *, exact: bool) -> Stats:
    counts = breakdowns[0].counts
    graded = [code for code in CODES if any(counts[code, TOTAL, grade] != 0 for grade in GRADES[:-1])]
    return Stats(unit, reports, tuple(graded), tuple(breakdowns), exact)


def _read(folder: Path) -> list[_Sitting]:
    """What stands of each study, with its grades: a report and the addenda to it are one.

    Left out are reports set aside, drafts and reports of other regions, which a dataset never takes either,
    and those that a newer one of their study replaces. A report with no study stands for itself.
    """
    grades = _grades(folder)
    studies: dict[str, list[tuple[Standing, _Sitting]]] = defaultdict(list)
    reports = read_table(folder, "reports", REPORTS, _REPORT_COLUMNS)
    for report, study, patient, reader, site, date, error, flags in _tuples(reports):
        if error is None and not {DRAFT, OTHER_REGION} & set(flags):
            one = Study(patient or (f"study {study}" if study else f"report {report}"))
            one.grades.update(grades.get(report, {}))
            year = str(date.year) if date else UNKNOWN
            sitting = _Sitting(one, reader or UNKNOWN, site or UNKNOWN, year)
            key = f"study {study}" if study else f"report {report}"
            studies[key].append((Standing(date, frozenset(flags), report), sitting))
    return [_standing(versions) for versions in studies.values()]


def _standing(versions: list[tuple[Standing, _Sitting]]) -> _Sitting:
    """The version of a report that stands, the grades of its addenda over its own."""
    telling = [version for version in versions if version[1].study.grades] or versions
    stand, _ = choose_standing(telling, lambda version: version[0])
    (_, first), *addenda = stand
    for _, addendum in addenda:
        first.study.grades.update(addendum.study.grades)
    return first


def _grades(folder: Path) -> dict[str, dict[tuple[str, str], str]]:
    """The grade of every cell, by report."""
    keys = {(code, str(level)): (code, str(level)) for code in CODES for level in LEVELS}  # one tuple each
    grades: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for path in table_files(folder, "labels"):
        for report, level, code, grade in _tuples(
            pq.read_table(path, columns=_LABEL_COLUMNS, partitioning=None)
        ):
            if grade is not None and (code, level) in keys:
                grades[report][keys[code, level]] = GRADES[grade]
    return grades


def _tuples(table: pa.Table) -> Iterable[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _by_level(sittings: Sequence[_Sitting], *, exact: bool) -> Breakdown:
    cells = studies_by_cell(one.study for one in sittings)
    people = [{one.study.person for one in sittings}]
    people += [{study.person for study in group} for group in cells.values()]
    at = {cell: number for number, cell in enumerate(cells, start=1)}
    hidden = frozenset() if exact else suppress(people, sums_of_grades(at, CODES, 0))
    counts = {cell: None if at[cell] in hidden else len(group) for cell, group in cells.items()}
    return Breakdown("level", _level_sizes(0 if 0 in hidden else len(sittings)), counts)


def _level_sizes(reports: int) -> dict[str, int]:
    return dict.fromkeys(map(str, LEVELS), reports) | {TOTAL: len(LEVELS) * reports}


_Groups = dict[str, list[_Sitting]]


def _groups(sittings: Iterable[_Sitting], name: Callable[[_Sitting], str]) -> _Groups:
    groups: _Groups = defaultdict(list)
    for one in sittings:
        groups[name(one)].append(one)
    return dict(sorted(groups.items(), key=lambda item: (item[0] == UNKNOWN, item[0])))


def _masked(groups: _Groups) -> _Groups:
    """Readers by number, the one with most reports first: a name is nobody's business but the hospital's."""
    order = sorted((name for name in groups if name != UNKNOWN), key=lambda name: (-len(groups[name]), name))
    masked = {f"reader {number}": groups[name] for number, name in enumerate(order, start=1)}
    return masked | {name: groups[name] for name in groups if name == UNKNOWN}


def _pool(groups: _Groups) -> _Groups:
    """Groups of few patients counted together, and the next smallest with them while they are still few."""
    people = {name: {one.study.person for one in group} for name, group in groups.items()}
    order = sorted(groups, key=lambda name: (len(people[name]), name))
    pooled: list[str] = []
    while order and (small(len(people[order[0]])) or (pooled and _few(people[name] for name in pooled))):
        pooled.append(order.pop(0))
    return _merge(groups, pooled)


def _few(people: Iterable[set[str]]) -> bool:
    return len(set[str]().union(*people)) <= LIMIT


def _largest(groups: _Groups) -> _Groups:
    """The groups with most reports, first; the rest together."""
    order = sorted(groups, key=lambda name: (name in {UNKNOWN, OTHERS}, -len(groups[name])))
    rest = [name for name in order if name not in {UNKNOWN, OTHERS}][_MOST_GROUPS:]
    return _merge({name: groups[name] for name in order}, rest)


def _merge(groups: _Groups, names: Sequence[str]) -> _Groups:
    merged = {name: group for name, group in groups.items() if name not in {*names, OTHERS}}
    rest = [one for name in (*names, OTHERS) for one in groups.get(name, ())]
    return merged | ({OTHERS: rest} if rest else {})


def _by_group(
    by: str, groups: _Groups, sittings: Sequence[_Sitting], levels: Breakdown, *, exact: bool
) -> Breakdown:
    """Discs by grade in each group, hidden with what the table by level shows in mind, code by code."""
    counts: dict[Cell, int | None] = {}
    everybody = studies_by_cell(one.study for one in sittings)
    inside = {name: studies_by_cell(one.study for one in group) for name, group in groups.items()}
    for code in CODES:
        cells = {cell: group for cell, group in everybody.items() if cell[0] == code}
        cells |= {
            (code, name, grade): inside[name][code, TOTAL, grade] for name in groups for grade in GRADES
        }
        hidden = frozenset() if exact else _hidden(code, list(groups), cells, levels)
        counts |= {
            cell: None if cell in hidden else len(group) for cell, group in cells.items() if cell[1] in groups
        }
    sizes = {name: len(group) for name, group in groups.items()}
    return Breakdown(by, sizes, counts)


def _hidden(
    code: str, groups: Sequence[str], cells: Mapping[Cell, Sequence[Study]], levels: Breakdown
) -> frozenset[Cell]:
    at = {cell: number for number, cell in enumerate(cells)}
    everything = len(at)
    people = [{study.person for study in group} for group in cells.values()]
    # The number of reports of each group is shown: it rests on more than 10 patients.
    people += [set().union(*(people[at[code, group, grade]] for grade in GRADES)) for group in groups]
    people.append(set().union(*people))
    sums = sums_of_grades(at, [code], len(people) - 1)
    sums += [
        Sum(tuple(at[code, group, grade] for grade in GRADES), everything + number, times=len(LEVELS))
        for number, group in enumerate(groups)
    ]
    sums += [
        Sum(tuple(at[code, group, grade] for group in groups), at[code, TOTAL, grade]) for grade in GRADES
    ]
    secret = {at[cell] for cell in cells if cell[1] not in groups and levels.counts[cell] is None}
    public = {at[cell] for cell in cells if cell[1] not in groups} - secret
    public |= set(range(everything, len(people)))
    found = suppress(people, sums, hidden=secret, public=public)
    return frozenset(cell for cell in cells if at[cell] in found)
