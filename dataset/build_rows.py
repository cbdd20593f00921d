"""The rows of a dataset: what the join gives beside the columns that come from the discs as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dataset.cohort import GradedDisc
from dataset.deidentify import Pseudonyms
from dataset.inputs import Place, read_rows
from dataset.people import People
from dataset.released import COLUMNS
from dataset.schema import DATASET, DISCS
from dataset.volumes import VOXELS, reduce_volumes

_REPLACED = {name for name in DATASET.names if COLUMNS[name].action != "keep"} | {"flags"}
_GIVEN = [name for name in DATASET.names if name not in DISCS.names or name in _REPLACED]
_TAKEN = [name for name in DATASET.names if name not in _GIVEN]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the dataset: where its disc lies, and every column that the join gives."""

    place: Place
    given: Mapping[str, Any]


def make_row(disc: GradedDisc, people: People, names: Pseudonyms, split: str, fold: int | None) -> Row:
    """The row of one disc. Every identifier in it is the one that `names` makes of it."""
    study, row = disc.study, disc.disc
    patient = people.key(study.uid)
    flags = {*row.flags, *(flag for report in study.reports for flag in report.flags)}
    flags |= set() if patient else {"no_patient_key"}
    given: dict[str, Any] = dict.fromkeys(_GIVEN)
    for cell in disc.cells:
        given |= {cell.code: cell.grade, f"{cell.code}_low": cell.low, f"{cell.code}_high": cell.high}
    sagittal, axial, _ = row.series
    report = study.report
    given |= {
        "study": study.uid,
        "sagittal_series": sagittal or None,
        "axial_series": axial or None,
        "patient": patient,
        "report_id": report.id,
        "addenda": [report.id for report in study.addenda],
        "site": report.site,
        "date": report.date,
        "flags": sorted(flags),
        "split": split,
        "fold": fold,
        "uncertain": [cell.code for cell in disc.cells if cell.certainty == "uncertain"],
        "implied": [cell.code for cell in disc.cells if cell.basis == "implied"],
        "lexicon": "+".join(sorted({cell.lexicon for cell in disc.cells})),
        "policy": "+".join(sorted({report.policy for report in study.reports})),
    }
    person = patient or study.uid
    return Row(row.place, {name: _release(names, name, value, person) for name, value in given.items()})


def assemble_rows(rows: Sequence[Row], volumes: str) -> pa.Table:
    """Rows of `discs` with their grades, as a table of `DATASET`."""
    taken = reduce_volumes(read_rows([row.place for row in rows], without=VOXELS[volumes]), volumes)
    schema = pa.schema([DATASET.field(name) for name in _GIVEN])
    given = pa.Table.from_pylist([dict(row.given) for row in rows], schema=schema)
    columns = [(taken if name in _TAKEN else given)[name] for name in DATASET.names]
    return pa.table(dict(zip(DATASET.names, columns, strict=True)))


def _release(names: Pseudonyms, column: str, value: Any, person: str) -> Any:
    action = COLUMNS[column].action
    if value is None or action == "keep":
        return value
    if action == "date":
        return names.date(person, value)
    if action == "uid":
        return names.uid(value)
    return [names.name(action, one) for one in value] if column == "addenda" else names.name(action, value)
