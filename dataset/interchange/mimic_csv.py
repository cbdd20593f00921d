"""Labels as the CSV that MIMIC-CXR and CheXpert made usual: a row for each report, a column for each cell.

The column ``SCS_L4-L5`` holds what those tables hold:

- ``1.0`` the finding is there: affirmed, at least mild.
- ``0.0`` it is not: affirmed, normal.
- ``-1.0`` uncertain: hedged, or the words allow both ("no severe stenosis", "at most mild").
- blank: not mentioned. It never means normal.

Beside it, ``SCS_L4-L5_grade`` is the training label 0..3 (blank: the policy gives none), and
``SCS_L4-L5_says`` the whole cell, as in ``mild..moderate? (stated)``: interval, ``?`` for a hedge, basis.
With ``_says`` a table reads back to the same cells; flags and evidence stay behind. A table without it is
read from ``_grade``, and without that from the value alone: 1.0 is mild..severe, -1.0 normal..severe, hedged.
Source: Johnson et al. 2019, MIMIC-CXR-JPG, section "Structured labels".
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

from dataset.interchange.archive import (
    CELLS,
    Labelled,
    Taken,
    Written,
    drawn,
    imported_cell,
    read_labelled,
    write_export,
    write_labelled,
)
from dataset.interchange.rsna import read_table
from labeling.issues import Issue
from labeling.report import LevelGrade, Report, ReportLabels
from lexicons.vocabulary import Certainty, Interval, Level

_KEYS = ("subject_id", "study_id", "report_id")
_VALUES = {"1.0": Interval(1, 3), "0.0": Interval(0, 0), "-1.0": Interval(0, 3)}
_HOLDS = "Keys of patients, studies and reports, and grades; no text of a report, no date, no reader."


def value_of(cell: LevelGrade | None) -> str:
    """``1.0``, ``0.0``, ``-1.0`` or blank."""
    if cell is None:
        return ""
    if cell.certainty is Certainty.UNCERTAIN or cell.interval.low == 0 < cell.interval.high:
        return "-1.0"
    return "0.0" if cell.interval.high == 0 else "1.0"


def write(labels: Path, out: Path) -> Written:
    """Write ``labels.csv`` from a labels folder."""
    text, reports = StringIO(), 0
    rows = csv.writer(text, lineterminator="\n")
    names = [f"{code}_{level}" for level, code in CELLS]
    rows.writerow([*_KEYS, *(f"{name}{part}" for name in names for part in ("", "_grade", "_says"))])
    for item in read_labelled(labels):
        cells, one = item.labels.cells, item.report
        said = [part for cell in CELLS for part in _parts(cells.get(cell))]
        rows.writerow([one.patient or "", one.study or "", one.id, *said])
        reports += 1
    return write_export(out, {"labels.csv": text.getvalue().encode()}, reports, _HOLDS, __doc__ or "")


def _parts(cell: LevelGrade | None) -> tuple[str, str, str]:
    if cell is None:
        return "", "", ""
    return value_of(cell), "" if cell.grade is None else str(cell.grade), str(cell).split(" ", 2)[2]


def read(source: Path, out: Path) -> Taken:
    """Read such a table into a labels folder. `InputError` for another table."""
    issues: list[Issue] = []
    return write_labelled(list(_reports(source, issues)), out, "mimic-csv", issues)


def _reports(source: Path, issues: list[Issue]) -> Iterator[Labelled]:
    for number, row in enumerate(read_table(source, ("study_id",)), start=2):
        where, study = f"{source} > line {number}", row["study_id"].strip()
        if not (name := row.get("report_id", "").strip() or study):
            issues.append(Issue(f"{where} > study_id", "no-id", "expected a study; got none.", "Fill it in."))
            continue
        grades = []
        for level, code in sorted(CELLS, key=lambda cell: cell[0]):
            try:
                grades += _cell(level, code, row)
            except (ValueError, KeyError, OverflowError):
                message = "expected 1.0, 0.0, -1.0 or nothing, a grade 0..3, words as in `mild (stated)`."
                place = f"{where} > {code}_{level}"
                issues.append(Issue(place, "unknown-value", message, "The cell was left out."))
        patient = row.get("subject_id", "").strip() or None
        yield Labelled(
            Report(name, "", study=study or None, patient=patient), ReportLabels(name, tuple(grades))
        )


def _cell(level: Level, code: str, row: Mapping[str, str]) -> list[LevelGrade]:
    """No cell or one; `ValueError` for values that are none."""
    value, grade, says = (row.get(f"{code}_{level}{part}", "").strip() for part in ("", "_grade", "_says"))
    if says:
        cell, given = LevelGrade.parse(f"{level} {code} {says}"), int(grade) if grade else None
        if given is not None and not cell.interval.low <= given <= cell.interval.high:
            raise ValueError("grade")
        return [imported_cell(level, code, cell.interval, given, cell.certainty, cell.basis)]
    if not value and not grade:
        return []
    doubt = Certainty.UNCERTAIN if float(value or 1) == -1 else Certainty.AFFIRMED
    interval = Interval(int(float(grade)), int(float(grade))) if grade else _VALUES[f"{float(value):.1f}"]
    return [imported_cell(level, code, interval, drawn(interval), doubt)]
