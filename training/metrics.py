"""How good a grader is: class accuracy, kappa and AUC, with intervals from resampled patients.

Discs of one patient are alike, so intervals come from drawing patients with replacement, never discs.
Everything here takes weights of patients with a leading axis of resamples: shape (resamples, patients).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RESAMPLES = 1000
LEVEL = 0.95
_CHUNK = 100


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval, both ends at most 1, and the `n` cells of `patients` that it rests on.

    `value` is None where it is not defined (no such cell), `low` and `high` where no resample defines it.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    patients: int

    def percent(self) -> str:
        """As in ``78.7 [70.1, 85.0]``; ``-`` where it is not defined."""
        return self._text(100, 1)

    def decimal(self) -> str:
        """As in ``0.961 [0.955, 0.967]``; ``-`` where it is not defined."""
        return self._text(1, 3)

    def _text(self, scale: int, digits: int) -> str:
        if self.value is None:
            return "-"
        value = f"{scale * self.value:.{digits}f}"
        if self.low is None or self.high is None:
            return value
        return f"{value} [{scale * self.low:.{digits}f}, {scale * self.high:.{digits}f}]"


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Graded cells: ranks `labels` (cells,), `probabilities` (cells, grades), `patients` (cells,) from 0."""

    labels: Ints
    probabilities: Floats
    patients: Ints

    def __post_init__(self) -> None:
        sizes = {len(self.labels), len(self.probabilities), len(self.patients)}
        if len(sizes) != 1:
            raise ValueError(
                f"cells: expected as many labels as probabilities and patients; got {sorted(sizes)}"
            )

    def where(self, chosen: NDArray[np.bool_]) -> Cells:
        """The cells that are chosen."""
        return Cells(self.labels[chosen], self.probabilities[chosen], self.patients[chosen])

    def merged(self, groups: tuple[tuple[int, ...], ...]) -> Cells:
        """Grades joined by summing their probabilities (section 4.2); group i becomes grade i."""
        of = {grade: number for number, group in enumerate(groups) for grade in group}
        labels = np.array([of[int(label)] for label in self.labels], np.int64)
        summed = np.stack([self.probabilities[:, list(group)].sum(axis=1) for group in groups], axis=1)
        return Cells(labels, summed, self.patients)

    @property
    def predicted(self) -> Ints:
        """The grade with the highest probability, the lower one of equals."""
        best: Ints = self.probabilities.argmax(axis=1).astype(np.int64)
        return best


def confusions(cells: Cells, weights: Floats) -> Floats:
    """Confusion matrices (resamples, label, prediction) for patients' `weights` (resamples, patients)."""
    grades = cells.probabilities.shape[1]
    each = np.zeros((weights.shape[1], grades, grades))
    np.add.at(each, (cells.patients, cells.labels, cells.predicted), 1.0)
    return (weights @ each.reshape(len(each), -1)).reshape(len(weights), grades, grades)


def class_accuracy(confusion: Floats) -> Floats:
    """The share of each class that was predicted right, (..., classes); NaN for a class without cells."""
    total = confusion.sum(axis=-1)
    right = np.diagonal(confusion, axis1=-2, axis2=-1)
    return np.divide(right, total, out=np.full_like(total, np.nan), where=total > 0)


def class_average(confusion: Floats) -> Floats:
    """The mean of the class accuracies that are defined, (...): every class counts alike (Table 1)."""
    accuracy = class_accuracy(confusion)
    known = (~np.isnan(accuracy)).sum(axis=-1)
    return _ratio(np.nansum(accuracy, axis=-1), known.astype(np.float64))


def accuracy(confusion: Floats) -> Floats:
    """The share of all cells that was predicted right, (...)."""
    return _ratio(np.trace(confusion, axis1=-2, axis2=-1), confusion.sum(axis=(-2, -1)))


def linear_kappa(confusion: Floats) -> Floats:
    """Cohen's kappa with linear weights, (...): 1 minus observed over expected distance between the ranks.

    NaN where label and prediction are each a single class: chance alone then explains all agreement.
    """
    ranks = np.arange(confusion.shape[-1])
    distance = np.abs(ranks[:, None] - ranks)
    total = confusion.sum(axis=(-2, -1))
    chance = confusion.sum(axis=-1)[..., :, None] * confusion.sum(axis=-2)[..., None, :]
    observed = (distance * confusion).sum(axis=(-2, -1)) * total
    return 1.0 - _ratio(observed, (distance * chance).sum(axis=(-2, -1)))


def auc(cells: Cells, positive: int, weights: Floats) -> Floats:
    """The chance that a cell of grade `positive` has a higher probability of it than another, (resamples,).

    Equal probabilities count half. NaN where a resample has no positive or no other cell.
    """
    _, place = np.unique(cells.probabilities[:, positive], return_inverse=True)
    is_positive = cells.labels == positive
    parts = [
        _auc(place, is_positive, weights[start : start + _CHUNK][:, cells.patients])
        for start in range(0, len(weights), _CHUNK)
    ]
    return np.concatenate(parts)


def _auc(place: Ints, positive: NDArray[np.bool_], weights: Floats) -> Floats:
    def per_score(chosen: NDArray[np.bool_]) -> Floats:
        sums = np.zeros((int(place.max()) + 1, len(weights)))
        np.add.at(sums, place[chosen], weights[:, chosen].T)
        return sums

    above, below = per_score(positive), per_score(~positive)
    beaten = np.cumsum(below, axis=0) - below / 2
    return _ratio((above * beaten).sum(axis=0), above.sum(axis=0) * below.sum(axis=0))


def resampled_patients(patients: int, seed: int = 0, resamples: int = RESAMPLES) -> Floats:
    """How often each resample draws each patient, (resamples, patients): as many draws as patients."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(patients, np.full(patients, 1 / patients), size=resamples).astype(np.float64)


def estimate(statistic: Callable[[Floats], Floats], weights: Floats, cells: Cells) -> Estimate:
    """A statistic of `cells` on all patients, with the percentile interval over patients' `weights`.

    `statistic` maps (resamples, patients) to (resamples,) and gives NaN where it is not defined. Such
    resamples are left out of the interval.
    """
    n, patients = len(cells.labels), len(np.unique(cells.patients))
    if n == 0:
        return Estimate(None, None, None, 0, 0)
    value = float(statistic(np.ones((1, weights.shape[1])))[0])
    drawn = statistic(weights)
    drawn = drawn[~np.isnan(drawn)]
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(drawn, [tail, 100 - tail]) if len(drawn) else (math.nan, math.nan)
    return Estimate(_known(value), _known(low), _known(high), n, patients)


def accuracy_estimate(cells: Cells, weights: Floats) -> Estimate:
    """The share of `cells` that was predicted right.

    Resampling says nothing where all of them went alike: two of two would be sure to be 100 %. There the far
    end is the exact binomial bound for as many patients (Clopper and Pearson 1934), here 15.8 %.
    """
    found = estimate(lambda drawn: accuracy(confusions(cells, drawn)), weights, cells)
    if found.value not in (0.0, 1.0):
        return found
    room = ((1 - LEVEL) / 2) ** (1 / found.patients)
    return replace(found, low=room) if found.value == 1.0 else replace(found, high=1 - room)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _ratio(above: Floats, below: Floats) -> Floats:
    above, below = np.asarray(above, np.float64), np.asarray(below, np.float64)
    return np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)
