"""The counts of a card, each with the patients it rests on, and which of them it may show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset.disclosure import Sum, small, suppress
from dataset.record import Manifest
from dataset.split import SPLITS
from labeling.issues import InputError, Issue
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS

TOTAL = "all"
NONE = "none"
GRADES = ("0", "1", "2", "3", NONE)
"""The grades of a cell as the card's columns name them.

`NONE` is a study without a grade there: its report gives none, or the disc is not in the dataset. So each row
adds up to the number of studies, which a reader knows, and hiding can take that into account.
"""

_GEOMETRY = ("axial_shape", "axial_spacing_mm", "sagittal_shape", "sagittal_spacing_mm")
MARKS = ("uncertain", "implied")
_LOWS = tuple(f"{code}_low" for code in CODES)
COLUMNS = ("study", "patient", "level", "split", *_GEOMETRY, *CODES, *_LOWS, *MARKS)


@dataclass(frozen=True, slots=True)
class Tally:
    """The patients, studies and discs of one split or of all; None stands for hidden."""

    patients: int | None
    studies: int | None
    discs: int | None


Cell = tuple[str, str, str]
"""Code, level and grade; level `TOTAL` for all of them."""


@dataclass(frozen=True, slots=True)
class Tallies:
    """Every count of a card.

    `geometry` holds the distinct values of each geometry column, None included; `marks` the percentage of
    the cells that the reports speak of which are uncertain or implied, None where it is hidden.
    """

    splits: Mapping[str, Tally]
    grades: Mapping[Cell, int | None]
    geometry: Mapping[str, Sequence[tuple[float, ...] | None]]
    marks: Mapping[str, float | None]


@dataclass(slots=True)
class Study:
    """What is counted of one study: its patient, its split, its levels, and its grade in each cell."""

    person: str
    splits: set[str] = field(default_factory=set)
    levels: Counter[str] = field(default_factory=Counter)
    grades: dict[tuple[str, str], str] = field(default_factory=dict)


def tally(dataset: Path, manifest: Manifest, *, open_counts: bool) -> Tallies:
    """Count the discs of a dataset folder; volumes are not read.

    Unless `open_counts`, what rests on 1 to 10 patients is hidden, and what would give it away. Patients are
    those of the column `patient`; a study stands in where it is null.
    """
    table = _read(dataset, manifest)
    studies = _studies(table)
    cells = studies_by_cell(studies.values())
    members = {split: [s for s in studies.values() if split in (TOTAL, *s.splits)] for split in _SPLITS}
    people = [{study.person for study in group} for group in (*members.values(), *cells.values())]
    hidden = frozenset() if open_counts else suppress(people, _sums([*_SPLITS, *cells]))
    splits = {
        name: Tally(None, None, None) if number in hidden else _tally(members[name], name)
        for number, name in enumerate(_SPLITS)
    }
    counts = {
        cell: None if number in hidden else len(group)
        for number, (cell, group) in enumerate(cells.items(), start=len(_SPLITS))
    }
    if not open_counts:
        splits = _without_telling_columns(splits, members)
    marks = {mark: _percent(table, mark, open_counts=open_counts) for mark in MARKS}
    return Tallies(splits, counts, _geometry(table), marks)


_SPLITS = (*SPLITS, TOTAL)


def _studies(table: pa.Table) -> dict[str, Study]:
    studies: dict[str, Study] = {}
    for row in table.to_pylist():
        study = studies.setdefault(row["study"], Study(row["patient"] or f"study {row['study']}"))
        study.splits.add(row["split"])
        study.levels[row["split"]] += 1
        study.grades |= {(code, row["level"]): str(row[code]) for code in CODES if row[code] is not None}
    return studies


def studies_by_cell(studies: Iterable[Study]) -> dict[Cell, list[Study]]:
    """The studies of every cell; at `TOTAL` a study counts once for each of its levels."""
    levels = list(map(str, LEVELS))
    cells: dict[Cell, list[Study]] = {
        (code, level, grade): [] for code in CODES for level in (*levels, TOTAL) for grade in GRADES
    }
    for study in studies:
        for code in CODES:
            for level in levels:
                grade = study.grades.get((code, level), NONE)
                cells[code, level, grade].append(study)
                cells[code, TOTAL, grade].append(study)
    return cells


def _sums(order: Sequence[str | Cell]) -> list[Sum]:
    """Every sum that a reader can form: splits, grades at a level, levels of a grade, grades of all levels.

    The grades of all levels add up to six times the studies, which is known where the studies are.
    """
    at = {place: number for number, place in enumerate(order)}
    return [Sum(tuple(at[split] for split in SPLITS), at[TOTAL]), *sums_of_grades(at, CODES, at[TOTAL])]


def sums_of_grades(at: Mapping[Any, int], codes: Iterable[str], everything: int) -> list[Sum]:
    """The sums of the table of each of `codes`.

    `at` gives the position of a cell; `everything` is that of the number of studies.
    """
    levels, sums = list(map(str, LEVELS)), []
    for code in codes:
        sums += [Sum(tuple(at[code, lv, g] for g in GRADES), everything) for lv in levels]
        sums.append(Sum(tuple(at[code, TOTAL, g] for g in GRADES), everything, times=len(levels)))
        sums += [Sum(tuple(at[code, lv, g] for lv in levels), at[code, TOTAL, g]) for g in GRADES]
    return sums


def _tally(group: Sequence[Study], split: str) -> Tally:
    discs = sum(study.levels.total() if split == TOTAL else study.levels[split] for study in group)
    return Tally(len({study.person for study in group}), len(group), discs)


def _without_telling_columns(
    splits: Mapping[str, Tally], members: Mapping[str, Sequence[Study]]
) -> dict[str, Tally]:
    """Hide a whole column that, beside the studies, tells of few patients.

    Patients tell how many of them have several studies; discs tell how many studies lack one.
    """
    repeated = [_repeated(group) for group in members.values()]
    partial = [{s.person for s in group if s.levels.total() != len(LEVELS)} for group in members.values()]
    patients = not any(small(len(people)) for people in repeated)
    discs = not any(small(len(people)) for people in partial)
    return {
        name: Tally(one.patients if patients else None, one.studies, one.discs if discs else None)
        for name, one in splits.items()
    }


def _percent(table: pa.Table, mark: str, *, open_counts: bool) -> float | None:
    """How many of the cells bear the mark, in percent; None where few patients have such cells, or others."""
    cells, marked = 0, 0
    people: dict[bool, set[str]] = {True: set(), False: set()}
    for row in table.select(["study", "patient", mark, *_LOWS]).to_pylist():
        count, found = sum(row[low] is not None for low in _LOWS), len(row[mark])
        cells, marked = cells + count, marked + found
        person = row["patient"] or f"study {row['study']}"
        people[True] |= {person} if found else set()
        people[False] |= {person} if count > found else set()
    hidden = not open_counts and any(small(len(group)) for group in people.values())
    return None if hidden else 100 * marked / cells if cells else 0.0


def _repeated(group: Iterable[Study]) -> set[str]:
    studies = Counter(study.person for study in group)
    return {person for person, count in studies.items() if count > 1}


def _read(dataset: Path, manifest: Manifest) -> pa.Table:
    parts = []
    for name in (name for names in manifest.data_files().values() for name in names):
        try:
            parts.append(pq.read_table(dataset / name, columns=list(COLUMNS), partitioning=None))
        except (OSError, pa.ArrowException):
            message = "expected a readable file of the dataset; it is missing, damaged or lacks a column."
            cure = "Run `levelwise build` again: it makes damaged files anew."
            raise InputError(Issue(str(dataset / name), "damaged-file", message, cure)) from None
    return pa.concat_tables(parts) if parts else pa.table({name: [] for name in COLUMNS})


def _geometry(table: pa.Table) -> dict[str, list[tuple[float, ...] | None]]:
    found = {}
    for name in _GEOMETRY:
        values = {None if value is None else tuple(value) for value in table[name].to_pylist()}
        found[name] = sorted(values, key=lambda value: (value is None, value or ()))
    return found
