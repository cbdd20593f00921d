"""What became of every input row: the ledger of a build, and the flow that its card draws.

Every row of `labels`, `reports` and `discs` ends in the dataset or in `dropped` with one reason of `REASONS`.
`account` adds both up and refuses to go on when a row has no fate or two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa

from dataset.schema import DROPPED
from lexicons.vocabulary import LEVELS

INPUTS = ("reports", "labels", "discs")
"""The input tables of a build."""

STEPS: dict[str, str] = {
    "readable": "readable and unambiguous",
    "matched": "report and discs of one study",
    "cohort": "studies of the cohort",
    "usable": "discs with the wanted views and a grade",
}
"""The steps at which rows fall out, in order."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows fall out: the step of `STEPS` and the words for the card."""

    step: str
    text: str


REASONS: dict[str, Reason] = {
    "report-quarantined": Reason("readable", "the labeler set the report aside"),
    "duplicate-report": Reason("readable", "the same report came twice"),
    "ambiguous-report-id": Reason("readable", "one report id names different reports"),
    "no-study-key": Reason("readable", "the report names no study"),
    "unknown-key": Reason("readable", "the study key is in no table of keys"),
    "lost-zeros": Reason("readable", "the study key differs from one in the table by leading zeros"),
    "ambiguous-key": Reason("readable", "the study key leads to several studies"),
    "no-report": Reason("readable", "the cell belongs to no report of the archive"),
    "unknown-level": Reason("readable", "not one of the six levels"),
    "unknown-finding": Reason("readable", "not a known finding code"),
    "duplicate-cell": Reason("readable", "the same cell came twice"),
    "contradictory-cell": Reason("readable", "the same cell came with different grades"),
    "no-volume": Reason("readable", "no view of the disc could be cut"),
    "duplicate-disc": Reason("readable", "another cut of the same disc is better"),
    "ambiguous-patient": Reason("readable", "discs of one study name different patients"),
    "draft": Reason("matched", "a draft, not a final report"),
    "other-region": Reason("matched", "a report on another region"),
    "no-cells": Reason("matched", "the report says nothing of any cell"),
    "superseded": Reason("matched", "a newer report of the study is used"),
    "amended": Reason("matched", "an addendum says otherwise of the cell"),
    "no-discs": Reason("matched", "the study has no disc volumes"),
    "study-without-report": Reason("matched", "the study has no usable report"),
    "uncertain": Reason("cohort", "the cohort leaves out uncertain grades"),
    "implied": Reason("cohort", "the cohort leaves out implied grades"),
    "modality": Reason("cohort", "the report is of another modality"),
    "contrast": Reason("cohort", "with or without contrast, which the cohort leaves out"),
    "postoperative": Reason("cohort", "an operated spine, which the cohort leaves out"),
    "transitional": Reason("cohort", "a transitional vertebra, which the cohort leaves out"),
    "levels-not-described": Reason("cohort", "the report describes too few levels"),
    "levels-not-imaged": Reason("cohort", "a level that the cohort asks for has no disc"),
    "no-disc": Reason("usable", "the level has a grade and no disc volume"),
    "no-axial": Reason("usable", "no axial view, which the cohort asks for"),
    "no-sagittal": Reason("usable", "no sagittal view, which the cohort asks for"),
    "no-grade": Reason("usable", "the disc has fewer grades than the cohort asks for"),
    "no-usable-disc": Reason("usable", "no disc of the study is usable"),
}
"""Every reason by its code, in the order in which they are looked for."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a row is of, before patients are linked: a kind (patient, else study, else report) and a key."""

    kind: str
    key: str

    @classmethod
    def of(cls, patient: str | None, study: str | None, report: str = "") -> Who:
        """The best key at hand. An empty string is no key."""
        if patient:
            return cls("patient", patient)
        return cls("study", study) if study else cls("report", report)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of `rows` rows of one input table; `reason` None: they are in the dataset."""

    table: str
    rows: int
    who: Who
    study: str | None
    level: str | None
    report_id: str | None
    reason: str | None


@dataclass(slots=True)
class Ledger:
    """Collects the fate of every input row."""

    fates: list[Fate] = field(default_factory=list)

    def drop(
        self,
        table: str,
        reason: str,
        who: Who,
        *,
        study: str | None = None,
        level: str | None = None,
        report_id: str | None = None,
        rows: int = 1,
    ) -> None:
        """Rows that fell out. `KeyError` for a reason that is not in `REASONS`."""
        _ = REASONS[reason]
        if rows:
            self.fates.append(Fate(table, rows, who, study, level, report_id, reason))

    def keep(self, table: str, who: Who, *, study: str, rows: int = 1) -> None:
        """Rows that are in the dataset."""
        self.fates.append(Fate(table, rows, who, study, None, None, None))

    def dropped(self) -> pa.Table:
        """The `dropped` table: one row per table, study, level, report and reason, sorted."""
        rows: Counter[tuple[str, ...]] = Counter()
        for fate in self.fates:
            if fate.reason is not None:
                place = (fate.study, fate.level, fate.report_id)
                # None sorts before every text and stays apart from the empty text.
                key = tuple("" if value is None else f"={value}" for value in place)
                rows[(fate.table, *key, fate.reason)] += fate.rows
        names = ("table", "study", "level", "report_id", "reason")
        table = [
            {name: _unkey(name, value) for name, value in zip(names, key, strict=True)} | {"rows": rows[key]}
            for key in sorted(rows)
        ]
        return pa.Table.from_pylist(table, schema=DROPPED)


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of a table, and the studies and patients they are of.

    `partial` are the patients with a study of which fewer or more than six rows are here: with the number of
    studies, the number of discs tells how many discs are missing.
    """

    rows: int
    studies: int
    patients: int
    partial: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What is left after one step, what fell out there in all, and by reason.

    `out.patients` counts every patient who lost a row here; most of them have others left.
    """

    name: str
    left: Count
    out: Count
    reasons: Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class Flow:
    """The steps of every input table. The first step, ``read``, holds everything."""

    tables: Mapping[str, tuple[Step, ...]]

    def sums(self) -> list[str]:
        """One line for each table: rows read = rows in the dataset + rows dropped for each reason."""
        lines = []
        for table, steps in self.tables.items():
            out = [f"{count.rows:,} {reason}" for step in steps for reason, count in step.reasons.items()]
            kept = f"{steps[-1].left.rows:,} in the dataset"
            lines.append(f"{table}: {steps[0].left.rows:,} read = {' + '.join([kept, *out])}")
        return lines

    def to_json(self) -> dict[str, Any]:
        """Plain lists and dicts."""
        return {table: [asdict(step) for step in steps] for table, steps in self.tables.items()}

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Flow:
        """The flow that `to_json` gave; `KeyError` or `TypeError` when it did not."""
        return cls({table: tuple(map(_parse_step, steps)) for table, steps in data.items()})


def account(
    read: Mapping[str, int], fates: Iterable[Fate], person: Callable[[Who], str] = lambda who: who.key
) -> Flow:
    """Check that every row that was read has exactly one fate, and return the flow.

    `read` counts the rows of every table of `INPUTS`; `person` names the patient of a row. Raises
    `RuntimeError`, an error of the program, with every table whose sum is off.
    """
    by_table: dict[str, list[Fate]] = {table: [] for table in INPUTS}
    for fate in fates:
        by_table[fate.table].append(fate)
    sums = {table: sum(fate.rows for fate in by_table[table]) for table in INPUTS}
    if wrong := [f"{t}: {read[t]} rows read, {sums[t]} accounted for" for t in INPUTS if read[t] != sums[t]]:
        raise RuntimeError(f"dataset.flow: every row needs one fate; {'; '.join(wrong)}")
    return Flow({table: tuple(_steps(by_table[table], person)) for table in INPUTS})


def _steps(fates: list[Fate], person: Callable[[Who], str]) -> Iterable[Step]:
    order = ["read", *STEPS]
    at = [len(order) if f.reason is None else order.index(REASONS[f.reason].step) for f in fates]
    for number, name in enumerate(order):
        out = [fate for fate, step in zip(fates, at, strict=True) if step == number]
        reasons: dict[str, list[Fate]] = defaultdict(list)
        for fate in out:
            reasons[str(fate.reason)].append(fate)
        yield Step(
            name,
            _count((fate for fate, step in zip(fates, at, strict=True) if step > number), person),
            _count(out, person),
            {reason: _count(reasons[reason], person) for reason in REASONS if reason in reasons},
        )


def _count(fates: Iterable[Fate], person: Callable[[Who], str]) -> Count:
    studies: Counter[str] = Counter()
    patients: dict[str, set[str]] = defaultdict(set)
    for fate in fates:
        # A report that names no study still is of one.
        study = fate.study or f"{fate.who.kind}:{fate.report_id or fate.who.key}"
        studies[study] += fate.rows
        patients[study].add(person(fate.who))
    everybody = set[str]().union(*patients.values())
    partial = set[str]().union(*(patients[one] for one, rows in studies.items() if rows != len(LEVELS)))
    return Count(studies.total(), len(studies), len(everybody), len(partial))


def _unkey(name: str, value: str) -> str | None:
    if name in {"table", "reason"}:
        return value
    return value[1:] if value else None


def _parse_step(data: Mapping[str, Any]) -> Step:
    return Step(
        data["name"],
        Count(**data["left"]),
        Count(**data["out"]),
        {reason: Count(**count) for reason, count in data["reasons"].items()},
    )
