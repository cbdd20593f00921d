"""Which studies and discs a dataset holds: named rules, applied after the join.

Default `deepspine`, Lu et al. 2018, section 2: "the report text parsing was complete for explicit
descriptions of all 6 spinal levels (T12-L1 through L5-S1) and the imaging segmentation was successful for at
least the lower 5 levels (L1-2 through L5-S1)". The paper does not say what a description is. Here **a level
is described when the report speaks of at least one core cell there** (SCS, RFS or LFS): with or without a
grade word, said of the level itself, of a range of levels, or implied by calling the level normal. Figure 2b
of the paper counts discs with one or two labels, so one is enough. **Imaged** means that the disc was cut,
from either view; the discs that go to training have both, as the two-branch network of the paper needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

from dataset.flow import Ledger, Who
from dataset.inputs import DiscRow
from dataset.join import Cell, Study
from labeling.issues import InputError, Issue
from lexicons.findings import CODES, CORE_CODES
from lexicons.vocabulary import LEVELS, Level

EXCLUDABLE = ("postoperative", "transitional")
"""Flags that a cohort can leave out, each a step of the flow by its own name."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """A rule for the studies and discs that are kept.

    `codes` are the cells that count as description and as grade. A study stays when at least
    `levels_described` of the six levels are described, every level of `levels_imaged` has a disc, the
    modality of its report starts with one of `modalities` (none named: any will do), it has or lacks a series
    after contrast agent as `contrast` says (None: either), and neither report nor disc bears a flag of
    `exclude_flags` (of `EXCLUDABLE`). What is not known of a study, its modality or its contrast, does not
    exclude it. A disc stays when it has every view of `views` (``axial``, ``sagittal``) and at least
    `disc_grades` grades. `uncertain` and `implied` say whether such cells are used at all; they are taken out
    before anything is counted.
    """

    name: str
    levels_described: int = 0
    levels_imaged: tuple[Level, ...] = ()
    disc_grades: int = 1
    codes: tuple[str, ...] = CORE_CODES
    views: tuple[str, ...] = ()
    uncertain: bool = True
    implied: bool = True
    modalities: tuple[str, ...] = ("MR",)
    contrast: bool | None = None
    exclude_flags: tuple[str, ...] = ()


COHORTS: dict[str, Cohort] = {
    cohort.name: cohort
    for cohort in (
        Cohort("deepspine", levels_described=6, levels_imaged=LEVELS[1:], views=("axial", "sagittal")),
        Cohort("any", codes=tuple(CODES)),
        Cohort(
            "strict",
            levels_described=6,
            levels_imaged=LEVELS[1:],
            views=("axial", "sagittal"),
            uncertain=False,
            implied=False,
            exclude_flags=EXCLUDABLE,
        ),
    )
}
"""Every named cohort."""


@dataclass(frozen=True, slots=True)
class GradedDisc:
    """One disc of the dataset: its study with the chosen report, its row of `discs` and its cells."""

    study: Study
    level: Level
    disc: DiscRow
    cells: tuple[Cell, ...]


def parse_cohort(cohort: str | Cohort) -> Cohort:
    """The cohort of that name; `InputError` lists the names."""
    if isinstance(cohort, Cohort):
        return cohort
    if cohort not in COHORTS:
        message = f"expected one of {', '.join(COHORTS)}; got {cohort!r}."
        raise InputError(Issue("cohort", "unknown-cohort", message, "Name one, or pass a Cohort in Python."))
    return COHORTS[cohort]


def vary(cohort: str | Cohort, **changes: Any) -> Cohort:
    """The cohort with some of its fields changed; a change to None leaves the field as it is.

    The name says what differs: ``deepspine, other disc_grades``. Raises `InputError` for an unknown name and
    for a value that no study could meet.
    """
    rule = parse_cohort(cohort)
    now = {field.name: getattr(rule, field.name) for field in fields(rule)}
    given = {name: value for name, value in changes.items() if value is not None and value != now[name]}
    made = replace(rule, **given)
    problems = {
        "levels_described": 0 <= made.levels_described <= len(LEVELS),
        "disc_grades": 1 <= made.disc_grades <= len(made.codes),
        "exclude_flags": set(made.exclude_flags) <= set(EXCLUDABLE),
        "views": set(made.views) <= {"axial", "sagittal"},
    }
    if wrong := [name for name, fine in problems.items() if not fine]:
        message = f"expected {_WANTED[wrong[0]]}; got {given[wrong[0]]!r}."
        raise InputError(
            Issue(f"cohort > {wrong[0]}", "bad-cohort", message, "See `levelwise build --help`.")
        )
    return replace(made, name=f"{rule.name}, other {', '.join(sorted(given))}") if given else rule


_WANTED = {
    "levels_described": f"0 to {len(LEVELS)} levels",
    "disc_grades": "at least 1 grade and no more than there are codes",
    "exclude_flags": f"flags of {', '.join(EXCLUDABLE)}",
    "views": "views of axial, sagittal",
}


def select(studies: list[Study], cohort: Cohort, ledger: Ledger) -> list[GradedDisc]:
    """The discs that the cohort keeps, ordered by study and level; the ledger gets the fate of every row."""
    kept: list[GradedDisc] = []
    for study in sorted(studies, key=lambda study: study.uid):
        kept += _select_study(_usable_cells(study, cohort, ledger), cohort, ledger)
    return kept


def _usable_cells(study: Study, cohort: Cohort, ledger: Ledger) -> Study:
    cells: dict[Level, tuple[Cell, ...]] = {}
    for level, given in study.cells.items():
        reasons = {cell: _unwanted(cell, cohort) for cell in given}
        for cell, reason in reasons.items():
            if reason:
                _drop_cells(study, level, reason, (cell,), ledger)
        if left := tuple(cell for cell in given if reasons[cell] is None):
            cells[level] = left
    return replace(study, cells=cells)


def _unwanted(cell: Cell, cohort: Cohort) -> str | None:
    if cell.certainty == "uncertain" and not cohort.uncertain:
        return "uncertain"
    return "implied" if cell.basis == "implied" and not cohort.implied else None


def _other_modality(study: Study, cohort: Cohort) -> bool:
    given = (study.report.modality or "").strip().upper()
    return bool(given and cohort.modalities) and not given.startswith(cohort.modalities)


def _other_contrast(study: Study, cohort: Cohort) -> bool:
    return None not in (study.contrast, cohort.contrast) and study.contrast is not cohort.contrast


def _bears(flag: str, study: Study, cohort: Cohort) -> bool:
    return flag in cohort.exclude_flags and flag in study.flags


def _levels_not_described(study: Study, cohort: Cohort) -> bool:
    described = sum(any(cell.code in cohort.codes for cell in cells) for cells in study.cells.values())
    return described < cohort.levels_described


def _levels_not_imaged(study: Study, cohort: Cohort) -> bool:
    return not set(cohort.levels_imaged) <= set(study.discs)


_STUDY_RULES: Mapping[str, Callable[[Study, Cohort], bool]] = {
    "modality": _other_modality,
    "contrast": _other_contrast,
    **{flag: partial(_bears, flag) for flag in EXCLUDABLE},
    "levels-not-described": _levels_not_described,
    "levels-not-imaged": _levels_not_imaged,
}
"""Reason to the rule that drops a study for it; the first that holds is the reason."""


def _select_study(study: Study, cohort: Cohort, ledger: Ledger) -> list[GradedDisc]:
    reason = next((reason for reason, broken in _STUDY_RULES.items() if broken(study, cohort)), None)
    kept: list[GradedDisc] = []
    for level in LEVELS:
        disc, cells = study.discs.get(level), study.cells.get(level, ())
        why = reason or _disc_reason(disc, cells, cohort)
        if disc is not None and why is None:
            kept.append(GradedDisc(study, level, disc, cells))
            ledger.keep("discs", Who.of(disc.patient, study.uid), study=study.uid)
            ledger.keep("labels", study.report.who, study=study.uid, rows=len(cells))
            continue
        if disc is not None:
            who = Who.of(disc.patient, study.uid)
            ledger.drop("discs", str(why), who, study=study.uid, level=str(level))
        _drop_cells(study, level, str(why), cells, ledger)
    for report in study.reports:
        if kept:
            ledger.keep("reports", report.who, study=study.uid)
        else:
            why = reason or "no-usable-disc"
            ledger.drop("reports", why, report.who, study=study.uid, report_id=report.id)
    return kept


def _disc_reason(disc: DiscRow | None, cells: tuple[Cell, ...], cohort: Cohort) -> str | None:
    if disc is None:
        return "no-disc"
    if missing := [view for view in cohort.views if view not in disc.views]:
        return f"no-{missing[0]}"
    grades = sum(cell.grade is not None and cell.code in cohort.codes for cell in cells)
    return "no-grade" if grades < cohort.disc_grades else None


def _drop_cells(study: Study, level: Level, reason: str, cells: Iterable[Cell], ledger: Ledger) -> None:
    for report, rows in Counter(cell.report for cell in cells).items():
        who = next(row.who for row in study.reports if row.id == report)
        ledger.drop("labels", reason, who, study=study.uid, level=str(level), report_id=report, rows=rows)
