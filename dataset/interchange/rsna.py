"""Labels as the RSNA 2024 Lumbar Spine Degenerative Classification table, ``train.csv``: a row a study.

The table has three classes and five levels, so something is lost both ways:

- Out: of several reports of a study the newest stands, its addenda laid over it; drafts and reports of other
  regions are left out. Normal and mild become ``Normal/Mild``. A cell whose interval spans two classes,
  T12-L1 and facets have no place and stay blank, and so do certainty, basis and evidence.
- In: ``Normal/Mild`` becomes the interval normal..mild, ``Moderate`` and ``Severe`` one grade each.

``subarticular stenosis`` is our lateral recess, ``neural foraminal narrowing`` our foramen. Writing what was
read gives the same table. Source: Richards et al. 2024, RSNA 2024 Lumbar Spine Degenerative Classification.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

from dataset.interchange.archive import (
    Labelled,
    Taken,
    Written,
    drawn,
    imported_cell,
    read_labelled,
    write_export,
    write_labelled,
)
from dataset.standing import DRAFT, OTHER_REGION, Standing, choose_standing
from labeling.issues import InputError, Issue
from labeling.report import LevelGrade, Report, ReportLabels
from lexicons.vocabulary import LEVELS, Interval, Level

CONDITIONS = {
    "spinal_canal_stenosis": "SCS",
    "left_neural_foraminal_narrowing": "LFS",
    "right_neural_foraminal_narrowing": "RFS",
    "left_subarticular_stenosis": "LRS",
    "right_subarticular_stenosis": "RRS",
}
"""The conditions of the table, in its order, and our codes."""

CLASSES = {"Normal/Mild": Interval(0, 1), "Moderate": Interval(2, 2), "Severe": Interval(3, 3)}
"""The classes of the table and the grades that each stands for."""

COLUMNS: dict[str, tuple[Level, str]] = {
    f"{condition}_{str(level).lower().replace('-', '_')}": (level, code)
    for condition, code in CONDITIONS.items()
    for level in LEVELS[1:]
}
"""The 25 columns after ``study_id``, in the table's order, and the cell of each."""

_NOT = {DRAFT: "a draft", OTHER_REGION: "a report of another region"}
_HOLDS = "Study keys and grades; no text of a report, no patient key, no date."


def class_of(interval: Interval) -> str:
    """The class that the whole interval lies in; blank where it spans two."""
    found = [name for name, of in CLASSES.items() if of.low <= interval.low and interval.high <= of.high]
    return found[0] if found else ""


def write(labels: Path, out: Path) -> Written:
    """Write ``train.csv`` from a labels folder, a row a study: of several reports what a build takes."""
    by_study: dict[str, list[Labelled]] = defaultdict(list)
    left_out: Counter[str] = Counter()
    for item in read_labelled(labels):
        if reason := next((_NOT[flag] for flag in sorted(item.labels.flags & _NOT.keys())), None):
            left_out[reason] += 1
        else:
            by_study[item.report.study or item.report.id].append(item)
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["study_id", *COLUMNS])
    for study, items in by_study.items():
        cells = _cells(items, left_out)
        rows.writerow([study, *(_said(cells.get(cell)) for cell in COLUMNS.values())])
    return write_export(
        out, {"train.csv": text.getvalue().encode()}, len(by_study), _HOLDS, __doc__ or "", left_out
    )


def _cells(items: list[Labelled], left_out: Counter[str]) -> dict[tuple[Level, str], LevelGrade]:
    """The cells of the newest report of a study that says anything, with those of its addenda over them."""
    telling = [item for item in items if item.labels.grades] or items[:1]
    standing, replaced = choose_standing(
        telling, lambda item: Standing(item.report.date, item.labels.flags, item.report.id)
    )
    left_out.update(
        {
            "an older report of the same study": len(replaced),
            "the report says nothing of any cell, another of the study does": len(items) - len(telling),
        }
    )
    return {place: cell for item in standing for place, cell in item.labels.cells.items()}


def _said(cell: LevelGrade | None) -> str:
    return "" if cell is None else class_of(cell.interval)


def read(source: Path, out: Path) -> Taken:
    """Read such a table into a labels folder; a study is its own report. `InputError` for another table."""
    issues: list[Issue] = []
    return write_labelled(list(_reports(source, issues)), out, "rsna", issues)


def _reports(source: Path, issues: list[Issue]) -> Iterator[Labelled]:
    for number, row in enumerate(read_table(source, ("study_id",)), start=2):
        study, where = row["study_id"].strip(), f"{source} > line {number}"
        wrong = [column for column in COLUMNS if (row.get(column) or "").strip() not in {*CLASSES, ""}]
        if not study:
            issues.append(Issue(f"{where} > study_id", "no-id", "expected a study; got none.", "Fill it in."))
            continue
        for column in wrong:
            message = f"expected {', '.join(CLASSES)} or nothing; got another word."
            issues.append(Issue(f"{where} > {column}", "unknown-class", message, "The cell was left out."))
        grades = [
            imported_cell(level, code, CLASSES[said], drawn(CLASSES[said]))
            for column, (level, code) in COLUMNS.items()
            if column not in wrong and (said := (row.get(column) or "").strip())
        ]
        order = sorted(grades, key=lambda grade: grade.level)
        yield Labelled(Report(study, "", study=study, modality="MR"), ReportLabels(study, tuple(order)))


def read_table(source: Path, needed: tuple[str, ...]) -> Iterator[Mapping[str, str]]:
    """The rows of a CSV file in UTF-8 that has the columns `needed`; `InputError` for another file.

    A folder stands for the only CSV file in it, as an export writes it.
    """
    if len(tables := sorted(source.glob("*.csv"))) == 1:
        source = tables[0]
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = sorted(set(needed) - set(rows.fieldnames or ()))
            if missing:
                message = f"expected the columns {', '.join(needed)}; {', '.join(missing)} is missing."
                raise InputError(Issue(str(source), "missing-column", message, "Name the table with labels."))
            yield from ({key: value or "" for key, value in row.items() if key} for row in rows)
    except (UnicodeDecodeError, csv.Error, IsADirectoryError):
        message = "expected a CSV file in UTF-8, or a folder with one; got another."
        raise InputError(Issue(str(source), "wrong-file", message, "Save it as CSV in UTF-8.")) from None
