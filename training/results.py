"""The results of a grader as values, and as tables for people: Tables 1 and 3 of Lu et al. 2018."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass

from training.metrics import Estimate
from training.paper import PUBLISHED

GRADER, PRIOR, PAPER = "this grader", "training frequencies", "Lu et al. 2018"
_NOTE = (
    "Intervals: 95 %, by resampling patients; where all cells went alike, the exact binomial bound for as "
    "many patients. That of a class average knows only what was seen: with a handful of patients in a class "
    "it is too narrow. Cells (patients): what a number rests on; - where there are none. Training "
    "frequencies: every disc gets those of the training split, and so its most frequent class. Lu et al. "
    "2018: mean ± standard deviation, other data, for orientation."
)


@dataclass(frozen=True, slots=True)
class LevelResult:
    """Severe or not at one disc level: the share that was told right, and how many cells are severe."""

    level: str
    accuracy: Estimate
    severe: int


@dataclass(frozen=True, slots=True)
class FindingResult:
    """One finding, its sides pooled. `four` are the accuracies of normal, mild, moderate and severe cells.

    `three` joins mild and moderate by summing their probabilities. `average` and `three_average` weigh every
    class alike. `auc` is of the probability of severe, `kappa` has linear weights.
    """

    key: str
    name: str
    codes: tuple[str, ...]
    four: tuple[Estimate, ...]
    average: Estimate
    three: tuple[Estimate, ...]
    three_average: Estimate
    kappa: Estimate
    auc: Estimate
    levels: tuple[LevelResult, ...]


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table ready to print: the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def to_markdown(self) -> str:
        """The table in Markdown under its title."""
        lines = [self.columns, ("---",) * len(self.columns), *self.rows]
        return f"## {self.title}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How a grader does on one split: each finding, and the same for guessing by `prior` frequencies."""

    split: str
    discs: int
    patients: int
    preset: str
    views: tuple[str, ...]
    findings: tuple[FindingResult, ...]
    prior: tuple[FindingResult, ...]
    issues: int = 0

    @property
    def note(self) -> str:
        """How to read the tables."""
        return _NOTE

    @property
    def tables(self) -> tuple[TextTable, ...]:
        """Class accuracy with four and with three classes, agreement, and severe or not by level."""
        return (self._accuracy(), self._merged(), self._agreement(), self._levels())

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of Table 1."""
        return self.tables[0].columns

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The rows of Table 1: for each finding this grader, n, guessing, and the paper."""
        return self.tables[0].rows

    def summary(self) -> str:
        """One line for the terminal."""
        averages = ", ".join(f"{f.name} {f.average.percent()} %" for f in self.findings)
        return f"evaluate: {self.discs:,} discs of {self.patients:,} patients; class average: {averages}"

    def to_json(self) -> str:
        """All numbers as JSON, shares from 0 to 1."""
        return json.dumps(dataclasses.asdict(self), indent=1)

    def to_markdown(self) -> str:
        """All tables in Markdown."""
        head = (
            f"# The grader on the {self.split} split\n\n{self.discs:,} discs of {self.patients:,} patients. "
            f"Preset `{self.preset}`, {' and '.join(self.views)}.\n\n{self.note}\n"
        )
        return "\n".join([head, *(table.to_markdown() for table in self.tables)])

    def _accuracy(self) -> TextTable:
        rows: list[tuple[str, ...]] = []
        for ours, guess in zip(self.findings, self.prior, strict=True):
            rows += _block(ours.name, (*ours.four, ours.average), (*guess.four, guess.average))
            rows += _paper_row(ours, "four")
        columns = ("", "", "normal", "mild", "moderate", "severe", "class average")
        return TextTable("Table 1: class accuracy (%)", columns, tuple(rows))

    def _merged(self) -> TextTable:
        rows: list[tuple[str, ...]] = []
        for ours, guess in zip(self.findings, self.prior, strict=True):
            rows += _block(ours.name, (*ours.three, ours.three_average), (*guess.three, guess.three_average))
            rows += _paper_row(ours, "three")
        columns = ("", "", "normal", "mild / moderate", "severe", "class average")
        return TextTable("Table 1, mild and moderate joined (%)", columns, tuple(rows))

    def _agreement(self) -> TextTable:
        rows: list[tuple[str, ...]] = []
        for ours, guess in zip(self.findings, self.prior, strict=True):
            rows.append((ours.name, GRADER, ours.kappa.decimal(), ours.auc.decimal()))
            rows.append((ours.name, PRIOR, guess.kappa.decimal(), guess.auc.decimal()))
            if published := PUBLISHED.get(ours.key):
                rows.append((ours.name, PAPER, "-", "{} [{}, {}]".format(*published.auc)))
        columns = ("", "", "kappa, linear weights", "AUC of severe")
        return TextTable("Agreement", columns, tuple(rows))

    def _levels(self) -> TextTable:
        rows: list[tuple[str, ...]] = []
        for ours, guess in zip(self.findings, self.prior, strict=True):
            published = PUBLISHED[ours.key].levels if ours.key in PUBLISHED else {}
            for at, other in zip(ours.levels, guess.levels, strict=True):
                paper = str(published.get(at.level, "-"))
                counts = (str(at.accuracy.n), str(at.severe))
                rows.append(
                    (ours.name, at.level, at.accuracy.percent(), other.accuracy.percent(), paper, *counts)
                )
        columns = ("", "level", GRADER, PRIOR, PAPER, "n", "severe")
        return TextTable("Table 3: severe or not, accuracy by level (%)", columns, tuple(rows))


def _block(name: str, ours: tuple[Estimate, ...], guess: tuple[Estimate, ...]) -> list[tuple[str, ...]]:
    return [
        (name, GRADER, *(estimate.percent() for estimate in ours)),
        (name, "cells (patients)", *(f"{e.n} ({e.patients})" if e.n else "-" for e in ours)),
        (name, PRIOR, *(_plain(estimate) for estimate in guess)),
    ]


def _plain(estimate: Estimate) -> str:
    return "-" if estimate.value is None else f"{100 * estimate.value:.1f}"


def _paper_row(result: FindingResult, classes: str) -> list[tuple[str, ...]]:
    if result.key not in PUBLISHED:
        return []
    spreads = getattr(PUBLISHED[result.key], classes)
    return [(result.name, PAPER, *map(str, spreads))]
