"""Grade a split of a dataset and hold the result against its labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from dataset.shards import write_bytes, write_parquet
from labeling.issues import InputError, Issue
from lexicons.findings import CODES, Finding
from lexicons.vocabulary import LEVELS, Grade
from training import metrics
from training.config import GRADES
from training.data import split_files
from training.fit import write_issues
from training.metrics import Cells, Estimate, Floats
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
    people = {key: number for number, key in enumerate(sorted({item.disc.patient_key for item in graded}))}
    weights = metrics.resampled_patients(len(people))
    prior = _prior(card)
    pooled: dict[str, list[str]] = {}
    for code in card.config.heads:
        pooled.setdefault(CODES[code][0].key, []).append(code)

    def results(probabilities: Callable[[GradedByModel, int], Floats]) -> tuple[FindingResult, ...]:
        return tuple(
            _finding_result(graded, card.config.heads, codes, people, weights, probabilities)
            for codes in pooled.values()
        )

    return Evaluation(
        split=split,
        discs=len(graded),
        patients=len(people),
        preset=card.config.preset,
        views=card.config.model.views,
        findings=results(lambda item, head: item.probabilities[head].astype(np.float64)),
        prior=results(lambda _, head: prior[head]),
        issues=issues,
    )


def _finding_result(
    graded: Sequence[GradedByModel],
    heads: Sequence[str],
    codes: Sequence[str],
    people: dict[str, int],
    weights: Floats,
    probabilities: Callable[[GradedByModel, int], Floats],
) -> FindingResult:
    at = [
        (item, heads.index(code))
        for item in graded
        for code in codes
        if item.disc.grades[heads.index(code)] != ABSENT
    ]
    cells = Cells(
        labels=np.array([item.disc.grades[head] for item, head in at], np.int64),
        probabilities=np.array([probabilities(item, head) for item, head in at]).reshape(len(at), GRADES),
        patients=np.array([people[item.disc.patient_key] for item, _ in at], np.int64),
    )
    levels = np.array([item.disc.level for item, _ in at])
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
        auc=metrics.estimate(partial(metrics.auc, cells, int(Grade.SEVERE)), weights, len(cells.labels)),
        levels=tuple(
            _level_result(str(level), binary.where(levels == str(level)), weights) for level in LEVELS
        ),
    )


def class_estimates(cells: Cells, weights: Floats) -> tuple[tuple[Estimate, ...], Estimate]:
    """The accuracy of each class, each with its own n, and the class average."""
    classes = cells.probabilities.shape[1]

    def one(number: int) -> Callable[[Floats], Floats]:
        return lambda confusion: metrics.class_accuracy(confusion)[..., number]

    each = tuple(
        estimate_of(one(number), cells, weights, int((cells.labels == number).sum()))
        for number in range(classes)
    )
    return each, estimate_of(metrics.class_average, cells, weights)


def estimate_of(
    statistic: Callable[[Floats], Floats], cells: Cells, weights: Floats, n: int | None = None
) -> Estimate:
    """A statistic of confusion matrices with its interval; `n` None is the number of cells."""
    return metrics.estimate(
        lambda drawn: statistic(metrics.confusions(cells, drawn)),
        weights,
        len(cells.labels) if n is None else n,
    )


def _level_result(level: str, binary: Cells, weights: Floats) -> LevelResult:
    return LevelResult(level, estimate_of(metrics.accuracy, binary, weights), int((binary.labels == 1).sum()))


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
