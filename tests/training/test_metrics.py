"""Class accuracy, kappa, AUC and intervals, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training import metrics
from training.metrics import Cells, Estimate

EYE = np.eye(4)


def cells(labels: list[int], predicted: list[int], patients: list[int] | None = None) -> Cells:
    people = patients if patients is not None else list(range(len(labels)))
    return Cells(np.array(labels), EYE[predicted], np.array(people))


def confusion(*rows: tuple[int, ...]) -> np.ndarray:
    return np.array(rows, np.float64)


# rows are labels, columns predictions: 8 of 10, 3 of 6, none of severe seen.
SEEN = confusion((8, 1, 1, 0), (2, 3, 1, 0), (0, 0, 4, 0), (0, 0, 0, 0))


def test_class_accuracy_leaves_absent_classes_open() -> None:
    assert metrics.class_accuracy(SEEN)[:3].tolist() == [0.8, 0.5, 1.0]
    assert np.isnan(metrics.class_accuracy(SEEN)[3])


def test_class_average_is_over_the_classes_that_are_there() -> None:
    assert float(metrics.class_average(SEEN)) == pytest.approx((0.8 + 0.5 + 1.0) / 3)
    assert np.isnan(metrics.class_average(np.zeros((4, 4))))


def test_accuracy_counts_cells() -> None:
    assert float(metrics.accuracy(SEEN)) == pytest.approx(15 / 20)


KAPPA = [
    ("perfect", confusion((5, 0), (0, 5)), 1.0),
    ("always wrong", confusion((0, 5), (5, 0)), -1.0),
    ("chance", confusion((5, 5), (5, 5)), 0.0),
    # Cohen 1960: p_o = 0.7, p_e = 0.5.
    ("two classes", confusion((20, 5), (10, 15)), 0.4),
    # distances 0, 1, 2: observed 2/3 per cell, expected 8/9.
    ("three classes", confusion((1, 0, 0), (0, 0, 1), (0, 1, 0)), 0.25),
]


@pytest.mark.parametrize(("name", "counted", "expected"), KAPPA, ids=[k[0] for k in KAPPA])
def test_linear_kappa(name: str, counted: np.ndarray, expected: float) -> None:
    assert float(metrics.linear_kappa(counted)) == pytest.approx(expected)


def test_kappa_of_one_class_is_not_defined() -> None:
    assert np.isnan(metrics.linear_kappa(confusion((9, 0), (0, 0))))


SCORES = st.sampled_from([0.0, 0.25, 0.5, 1.0])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.booleans(), st.integers(0, 2)), min_size=1)
)
def test_auc_is_the_share_of_pairs_in_order(rows: list[tuple[float, bool, int]]) -> None:
    scores = np.array([row[0] for row in rows])
    labels = np.array([3 if row[1] else 0 for row in rows])
    weights = np.array([[1.0, 2.0, 0.0], [1.0, 1.0, 1.0]])
    people = np.array([row[2] for row in rows])
    probabilities = np.stack([1 - scores, 0 * scores, 0 * scores, scores], axis=1)
    found = metrics.auc(Cells(labels, probabilities, people), 3, weights)
    for resample, w in zip(found, weights, strict=True):
        pairs = [
            (w[p] * w[q], 1.0 if a > b else 0.5 if a == b else 0.0)
            for a, severe, p in rows
            for b, other, q in rows
            if severe and not other
        ]
        total = sum(weight for weight, _ in pairs)
        if total == 0:
            assert np.isnan(resample)
        else:
            assert resample == pytest.approx(sum(weight * won for weight, won in pairs) / total)


def test_confusions_weigh_patients() -> None:
    found = metrics.confusions(
        cells([0, 0, 3], [0, 1, 3], [0, 1, 1]), np.array([[1.0, 1.0], [2.0, 0.0], [0.0, 3.0]])
    )
    assert found[:, 0, 0].tolist() == [1, 2, 0]
    assert found[:, 0, 1].tolist() == [1, 0, 3]
    assert found[:, 3, 3].tolist() == [1, 0, 3]
    assert found.sum(axis=(1, 2)).tolist() == [3, 2, 6]


def test_merged_grades_sum_their_probabilities() -> None:
    one = Cells(np.array([2]), np.array([[0.4, 0.3, 0.3, 0.0]]), np.array([0]))
    merged = one.merged(((0,), (1, 2), (3,)))
    assert (merged.labels.tolist(), merged.predicted.tolist()) == ([1], [1])
    assert merged.probabilities.tolist() == [[0.4, 0.6, 0.0]]
    assert one.predicted.tolist() == [0]


def test_resamples_draw_as_many_patients_as_there_are_and_repeat_by_seed() -> None:
    drawn = metrics.resampled_patients(7, seed=1)
    assert drawn.shape == (metrics.RESAMPLES, 7)
    assert set(drawn.sum(axis=1)) == {7.0}
    assert np.array_equal(drawn, metrics.resampled_patients(7, seed=1))
    assert not np.array_equal(drawn, metrics.resampled_patients(7, seed=2))


def accuracy_of(found: Cells, patients: int) -> Estimate:
    weights = metrics.resampled_patients(patients)
    return metrics.estimate(lambda w: metrics.accuracy(metrics.confusions(found, w)), weights, found)


def test_the_interval_is_of_patients_not_of_discs() -> None:
    """Thirty copies of each patient's disc tell nothing more: the interval stays as wide as with one disc."""
    right = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1]
    one = accuracy_of(cells([0] * 10, right), 10)
    many = accuracy_of(cells([0] * 300, right * 30, list(range(10)) * 30), 10)
    assert (one.value, one.low, one.high) == (many.value, many.low, many.high) == (0.6, 0.3, 0.9)


def test_the_interval_agrees_with_the_binomial_one() -> None:
    """60 of 100 right: Wald gives 0.504..0.696."""
    found = accuracy_of(cells([0] * 100, [0] * 60 + [1] * 40), 100)
    assert found.low == pytest.approx(0.504, abs=0.015)
    assert found.high == pytest.approx(0.696, abs=0.015)


SHOWN = [
    (Estimate(0.787, 0.701, 0.85, 40, 9), "78.7 [70.1, 85.0]", "0.787 [0.701, 0.850]"),
    (Estimate(None, None, None, 0, 0), "-", "-"),
    (Estimate(0.5, None, None, 3, 3), "50.0", "0.500"),
]


@pytest.mark.parametrize(("found", "percent", "decimal"), SHOWN)
def test_an_estimate_prints(found: Estimate, percent: str, decimal: str) -> None:
    assert (found.percent(), found.decimal()) == (percent, decimal)


def test_nothing_to_estimate_is_not_a_number_made_up() -> None:
    assert accuracy_of(cells([], []), 3) == Estimate(None, None, None, 0, 0)


def test_cells_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="as many labels as probabilities and patients"):
        Cells(np.array([1, 2]), EYE[[0]], np.array([0]))
