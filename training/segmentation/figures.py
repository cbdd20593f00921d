"""The figures of a segmenter's evaluation with their 95 % intervals, for the terminal and as JSON.

Slices of one patient are alike, so the patients are what is counted: the interval of a rate is Wilson's for
as many cases as there are patients, that of a mean comes from drawing patients anew.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dataset.shards import write_bytes
from training.segmentation.evaluate import SegmentationScore, SliceScore
from training.segmentation.numbering import NAMES, S1
from training.segmentation.sources import CODES

DRAWS = 2000
NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: its mean over slices, the 95 % interval, and of how many slices and patients."""

    name: str
    value: float
    low: float
    high: float
    slices: int
    patients: int


def figures(score: SegmentationScore) -> list[Figure]:
    """The paper's success rate, wrong names and refusals, Dice by structure, and centroid distances in mm.

    A figure that no slice has is left out: S1's where no S1 was annotated.
    """
    rates: dict[str, Callable[[SliceScore], bool]] = {
        "success, the paper's three criteria": lambda item: item.success,
        "set aside with a reason": lambda item: item.refused is not None,
        "a wrong name on any vertebra": lambda item: item.misnamed > 0,
    }
    found = [
        _rate(name, [(item.patient, float(of(item))) for item in score.slices]) for name, of in rates.items()
    ]
    found += [
        _mean(f"Dice {name}", [(s.patient, s.dice[name]) for s in score.slices if name in s.dice])
        for name in CODES
    ]
    found += [_mean("centroid distance, T12-L5, mm", _distances(score.slices, sacrum=False))]
    found += [_mean("centroid distance, S1, mm", _distances(score.slices, sacrum=True))]
    return [figure for figure in found if figure.slices]


def write_figures(score: SegmentationScore, path: Path) -> list[Figure]:
    """`figures` and every slice's own score as JSON at `path`; returns the figures."""
    found = figures(score)
    record = {
        "figures": [dataclasses.asdict(figure) for figure in found],
        "slices": [dataclasses.asdict(item) for item in score.slices],
        "unscorable": list(score.unscorable),
    }
    write_bytes((json.dumps(record, indent=1) + "\n").encode(), path)
    return found


def wilson(good: float, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a rate of `good` in `n`; 0 to 1 where there is nothing to count."""
    if not n:
        return 0.0, 1.0
    z2 = NORMAL_95**2
    middle = (good + z2 / 2) / (n + z2)
    half = NORMAL_95 / (n + z2) * math.sqrt(good * (1 - good / n) + z2 / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


Values = list[tuple[str, float]]
"""Patient and value, one of each slice or vertebra."""


def _rate(name: str, values: Values) -> Figure:
    patients = len({patient for patient, _ in values})
    rate = float(np.mean([value for _, value in values])) if values else 0.0
    return Figure(name, rate, *wilson(rate * patients, patients), len(values), patients)


def _mean(name: str, values: Values) -> Figure:
    """Mean of all values; the interval by drawing as many patients, with replacement, `DRAWS` times."""
    by_patient: dict[str, list[float]] = defaultdict(list)
    for patient, value in values:
        by_patient[patient].append(value)
    if not values:
        return Figure(name, math.nan, math.nan, math.nan, 0, 0)
    sums = np.array([(sum(group), len(group)) for group in by_patient.values()])
    drawn = sums[np.random.default_rng(0).integers(len(sums), size=(DRAWS, len(sums)))].sum(axis=1)
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], (2.5, 97.5))
    mean = float(sums[:, 0].sum() / sums[:, 1].sum())
    return Figure(name, mean, float(low), float(high), len(values), len(sums))


def _distances(slices: Iterable[SliceScore], *, sacrum: bool) -> Values:
    return list(_each_distance(slices, sacrum=sacrum))


def _each_distance(slices: Iterable[SliceScore], *, sacrum: bool) -> Iterator[tuple[str, float]]:
    for item in slices:
        for name, distance in item.distance_mm.items():
            if (name == NAMES[S1]) == sacrum:
                yield item.patient, distance
