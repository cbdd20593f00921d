"""The counts of a card, each with the patients it rests on, and which of them it may show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dataset.disclosure import Sum, suppress
from dataset.record import Manifest
from dataset.split import SPLITS
from labeling.issues import InputError, Issue
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS

TOTAL = "all"
NONE = "none"
GRADES = ("0", "1", "2", "3", NONE)
"""The grades of a cell as the card's columns name them; `NONE` is a disc without a grade for it."""

_GEOMETRY = ("axial_shape", "axial_spacing_mm", "sagittal_shape", "sagittal_spacing_mm")
COLUMNS = ("study", "patient", "level", "split", *_GEOMETRY, *CODES)


@dataclass(frozen=True, slots=True)
class Tally:
    """A count of discs and studies, and how many patients they are of; None stands for hidden."""

    discs: int | None
    studies: int | None
    patients: int | None


Place = tuple[str, str, str]
"""What is counted: (``split``, name, ``""``), or (code, level, grade) with `TOTAL` for all of them."""


@dataclass(frozen=True, slots=True)
class Tallies:
    """Every count of a card. `geometry` holds the distinct values of each geometry column, None included."""

    counts: Mapping[Place, Tally]
    geometry: Mapping[str, Sequence[tuple[float, ...] | None]]
    suppressed: bool

    def split(self, name: str) -> Tally:
        """The discs of one split, or of the whole dataset for `TOTAL`."""
        return self.counts["split", name, ""]

    def level(self, level: str) -> Tally:
        """All discs of a level."""
        return self.counts["level", level, ""]

    def grade(self, code: str, level: str, grade: str) -> int | None:
        """Discs with a grade of `GRADES` for `code`, at one level or at `TOTAL`."""
        return self.counts[code, level, grade].discs


def tally(dataset: Path, manifest: Manifest, *, open_counts: bool) -> Tallies:
    """Count the discs of a dataset folder; volumes are not read.

    Unless `open_counts`, what rests on 1 to 10 patients is hidden, and what would give it away. Patients are
    those of the column `patient`; a study stands in where it is null.
    """
    table = _read(dataset, manifest)
    discs: dict[Place, set[tuple[str, str]]] = {place: set() for place in _places()}
    people: dict[Place, set[str]] = defaultdict(set)
    for row in table.to_pylist():
        for place in _places_of(row):
            discs[place].add((row["study"], row["level"]))
            people[place].add(row["patient"] or f"study {row['study']}")
    order = list(discs)
    hidden = frozenset() if open_counts else suppress([people[p] for p in order], _sums(order))
    counts = {}
    for number, place in enumerate(order):
        whole = Tally(len(discs[place]), len({study for study, _ in discs[place]}), len(people[place]))
        counts[place] = Tally(None, None, None) if number in hidden else whole
    return Tallies(counts, _geometry(table), suppressed=bool(hidden))


def _places() -> Iterable[Place]:
    yield from (("split", split, "") for split in (*SPLITS, TOTAL))
    levels = [*map(str, LEVELS), TOTAL]
    yield from (("level", level, "") for level in levels[:-1])
    yield from ((code, level, grade) for code in CODES for level in levels for grade in GRADES)


def _places_of(row: Mapping[str, object]) -> Iterable[Place]:
    level = str(row["level"])
    yield from (("split", str(row["split"]), ""), ("split", TOTAL, ""), ("level", level, ""))
    for code in CODES:
        grade = NONE if row[code] is None else str(row[code])
        yield from ((code, level, grade), (code, TOTAL, grade))


def _sums(order: Sequence[Place]) -> list[Sum]:
    """Every sum that a reader can form: splits, levels, grades at a level, levels of a grade."""
    at = {place: number for number, place in enumerate(order)}
    levels, everything = list(map(str, LEVELS)), at["split", TOTAL, ""]
    sums = [
        Sum(tuple(at["split", split, ""] for split in SPLITS), everything),
        Sum(tuple(at["level", level, ""] for level in levels), everything),
    ]
    for code in CODES:
        sums += [Sum(tuple(at[code, lv, g] for g in GRADES), at["level", lv, ""]) for lv in levels]
        sums += [Sum(tuple(at[code, lv, g] for lv in levels), at[code, TOTAL, g]) for g in GRADES]
        sums.append(Sum(tuple(at[code, TOTAL, g] for g in GRADES), everything))
    return sums


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
