"""Shares and kappa with 95 % intervals from resampling whole reports.

The cells of one report are not independent, so the report is what is drawn, with replacement, 1,000 times.
The draws come from a fixed seed: the same counts give the same interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_RESAMPLINGS = 1000
_BLOCK_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its 95 % interval and the `n` cells it is taken over; `value` is `None` when n is 0."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    def __str__(self) -> str:
        if self.value is None or self.low is None or self.high is None:
            return "–"
        return f"{self.value:.3f} ({self.low:.3f}–{self.high:.3f})"


def resampled_sums(counts: Floats) -> Floats:
    """Column sums of `counts` (reports, columns): first of the data itself, then of each resampling.

    The result is (1 + resamplings, columns).
    """
    reports = len(counts)
    sums: list[Floats] = [counts.sum(axis=0, keepdims=True)]
    if reports == 0:
        return sums[0]
    draws = np.random.default_rng(0)
    block = max(1, _BLOCK_BYTES // (8 * reports))
    for start in range(0, _RESAMPLINGS, block):
        size = min(block, _RESAMPLINGS - start)
        drawn = draws.multinomial(reports, np.full(reports, 1 / reports), size)
        sums.append(drawn.astype(np.float64) @ counts)
    stacked: Floats = np.vstack(sums)
    return stacked


def share(part: Floats, whole: Floats) -> Measure:
    """`part` of `whole`, both over the rows of `resampled_sums`."""
    return _measure(np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0), int(whole[0]))


def linear_kappa(tables: Floats) -> Measure:
    """Linear-weighted kappa of square tables (rows of `resampled_sums`, k * k), ``[expected][got]``.

    Cohen 1968, Psychological Bulletin 70:213-220. Without a value where chance alone leaves no disagreement.
    """
    k = round(tables.shape[1] ** 0.5)
    distance = np.abs(np.subtract.outer(np.arange(k), np.arange(k))).ravel() / (k - 1)
    grid = tables.reshape(-1, k, k)
    n = tables.sum(axis=1)
    by_chance = (grid.sum(axis=2)[:, :, None] * grid.sum(axis=1)[:, None, :]).reshape(-1, k * k) @ distance
    ratio = np.divide((tables @ distance) * n, by_chance, out=np.full_like(n, np.nan), where=by_chance > 0)
    return _measure(1 - ratio, int(n[0]))


def _measure(values: Floats, n: int) -> Measure:
    """The value of the data with the interval of the resamplings; those without a value are left out."""
    resampled = values[1:][~np.isnan(values[1:])]
    if np.isnan(values[0]) or len(resampled) == 0:
        return Measure(None, None, None, n)
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Measure(float(values[0]), float(low), float(high), n)
