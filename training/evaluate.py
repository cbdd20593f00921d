"""Grade a split of a dataset and hold the result against its labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dataset.shards import write_bytes, write_parquet
from labeling.issues import InputError, Issue
from lexicons.findings import CODES, Finding
from lexicons.vocabulary import LEVELS, Grade
from training import metrics
from training.data import split_files
from training.fit import write_issues
from training.metrics import Cells, Estimate, Floats, Ints
from training.predict import GradedByModel, grade_files, predictions_table
from training.prepare import ABSENT
from training.results import Evaluation, FindingResult, LevelResult
from training.store import GraderCard, load_grader

THREE = ((Grade.NORMAL,), (Grade.MILD, Grade.MODERATE), (Grade.SEVERE,))
"""Mild and moderate as one class (Table 1)."""

BINARY = ((Grade.NORMAL, Grade.MILD, Grade.MODERATE), (Grade.SEVERE,))
"""Severe or not (Table 3)."""


def evaluate(dataset: Path, grader: Path, out: Path, *, split: str = "test") -> Evaluation:
    """The results of `grader` on ``dataset/data/<split>-*.parquet``, with intervals by patient.

    Writes ``predictions.parquet``, ``table1.json``, ``table1.md`` and, where a disc was set aside,
    ``quarantine-00000.parquet`` into `out`. Raises `InputError` when the split has no graded disc that the
    grader can see, or there is no grader.
    """
    model, card = load_grader(grader)
    graded, issues = grade_files(model, card, split_files(dataset, split))
    if not any(grade != ABSENT for item in graded for grade in item.disc.grades):
        raise InputError(_nothing_graded(dataset, split, card))
    result = assess(graded, card, split=split, issues=len(issues))
    write_parquet(predictions_table(graded, card.config.heads), out / "predictions.parquet")
    write_bytes((result.to_json() + "\n").encode(), out / "table1.json")
    write_bytes(result.to_markdown().encode(), out / "table1.md")
    write_issues("evaluate", issues, out)
    return result


def assess(graded: Sequence[GradedByModel], card: GraderCard, *, split: str, issues: int = 0) -> Evaluation:
    """The results of discs that a grader has graded, against their labels."""
    truth = _Truth.of(graded)
    ours = np.array([item.probabilities for item in graded], np.float64)
    prior = np.broadcast_to(_prior(card), ours.shape)
    people = int(truth.patients.max()) + 1
    weights = metrics.resampled_patients(people)
    heads = card.config.heads
    pooled: dict[str, list[str]] = {}
    for code in heads:
        pooled.setdefault(CODES[code][0].key, []).append(code)

    def results(probabilities: Floats) -> tuple[FindingResult, ...]:
        return tuple(
            _finding_result(
                codes, *truth.cells(probabilities, [heads.index(code) for code in codes]), weights
            )
            for codes in pooled.values()
        )

    return Evaluation(
        split=split,
        discs=len(graded),
        patients=people,
        preset=card.config.preset,
        views=card.config.model.views,
        findings=results(ours),
        prior=results(prior),
        issues=issues,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Truth:
    """Labels (discs, heads), and for each disc the number of its patient and its level."""

    labels: Ints
    patients: Ints
    levels: NDArray[np.str_]

    @classmethod
    def of(cls, graded: Sequence[GradedByModel]) -> _Truth:
        keys = [item.disc.patient_key for item in graded]
        return cls(
            labels=np.array([item.disc.grades for item in graded], np.int64),
            patients=np.unique(keys, return_inverse=True)[1].astype(np.int64),
            levels=np.array([item.disc.level for item in graded]),
        )

    def cells(self, probabilities: Floats, heads: Sequence[int]) -> tuple[Cells, NDArray[np.str_]]:
        """The graded cells of `heads` with `probabilities` (discs, heads, grades), and the level of each."""
        disc, column = np.nonzero(self.labels[:, heads] != ABSENT)
        head = np.array(heads)[column]
        found = Cells(self.labels[disc, head], probabilities[disc, head], self.patients[disc])
        return found, self.levels[disc]


def _finding_result(
    codes: Sequence[str], cells: Cells, levels: NDArray[np.str_], weights: Floats
) -> FindingResult:
    finding: Finding = CODES[codes[0]][0]
    four, average = class_estimates(cells, weights)
    three, three_average = class_estimates(cells.merged(THREE), weights)
    binary = cells.merged(BINARY)
    return FindingResult(
        key=finding.key,
        name=finding.name,
        codes=tuple(codes),
        four=four,
        average=average,
        three=three,
        three_average=three_average,
        kappa=estimate_of(metrics.linear_kappa, cells, weights),
        auc=metrics.estimate(partial(metrics.auc, cells, int(Grade.SEVERE)), weights, cells),
        levels=tuple(_level_result(name, binary.where(levels == name), weights) for name in map(str, LEVELS)),
    )


def class_estimates(cells: Cells, weights: Floats) -> tuple[tuple[Estimate, ...], Estimate]:
    """The accuracy of each class, each with its own n, and the mean of those that have cells.

    A resample that lost a class would average other classes, and is left out of the interval.
    """
    there = np.unique(cells.labels)
    each = tuple(
        metrics.accuracy_estimate(cells.where(cells.labels == grade), weights)
        for grade in range(cells.probabilities.shape[1])
    )
    return each, estimate_of(lambda drawn: metrics.class_accuracy(drawn)[..., there].mean(-1), cells, weights)


def estimate_of(statistic: Callable[[Floats], Floats], cells: Cells, weights: Floats) -> Estimate:
    """A statistic of confusion matrices with its interval."""
    return metrics.estimate(lambda drawn: statistic(metrics.confusions(cells, drawn)), weights, cells)


def _level_result(level: str, binary: Cells, weights: Floats) -> LevelResult:
    return LevelResult(level, metrics.accuracy_estimate(binary, weights), int((binary.labels == 1).sum()))


def _prior(card: GraderCard) -> Floats:
    """Frequencies of the grades in the training split, (heads, grades); zeros for a head without grades."""
    counts: Floats = np.array(card.counts, np.float64)
    frequencies: Floats = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return frequencies


def _nothing_graded(dataset: Path, split: str, card: GraderCard) -> Issue:
    message = (
        f"expected a disc with a grade for one of {', '.join(card.config.heads)} and a "
        f"{' or '.join(card.config.model.views)} view; found none."
    )
    return Issue(
        f"{dataset} > {split}", "nothing-graded", message, "Name another split, or label more reports."
    )
