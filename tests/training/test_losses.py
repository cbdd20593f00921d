"""The loss against equation 2 of Lu et al. 2018, worked out by hand."""

from __future__ import annotations

from math import log

import pytest
import torch
from torch import Tensor

from training.config import LossConfig
from training.losses import WeightedCrossEntropy, class_weights, soft_labels

# Training discs of each grade: head 0 is imbalanced, head 1 has no severe disc, head 2 has no grade at all.
COUNTS = torch.tensor([[60, 20, 15, 5], [50, 25, 25, 0], [0, 0, 0, 0]])

# alpha = graded discs / (classes seen x discs of the class).
WEIGHTS = [
    [100 / 240, 100 / 80, 100 / 60, 100 / 20],
    [100 / 150, 100 / 75, 100 / 75, 0.0],
    [0.0, 0.0, 0.0, 0.0],
]


def scores_of(probabilities: list[list[list[float]]]) -> Tensor:
    """Scores whose softmax is `probabilities`; a constant is added, which softmax forgets."""
    return torch.tensor(probabilities).log() + 3.7


P = [
    [[0.7, 0.1, 0.1, 0.1], [0.4, 0.2, 0.2, 0.2], [0.25, 0.25, 0.25, 0.25]],
    [[0.1, 0.2, 0.3, 0.4], [0.1, 0.6, 0.2, 0.1], [0.25, 0.25, 0.25, 0.25]],
]


def test_weights_are_inversely_proportional_to_frequency() -> None:
    assert torch.allclose(class_weights(COUNTS), torch.tensor(WEIGHTS))


def test_weighted_counts_are_balanced() -> None:
    weighted = class_weights(COUNTS) * COUNTS
    assert weighted[0].tolist() == pytest.approx([25, 25, 25, 25])
    assert weighted[1].tolist() == pytest.approx([100 / 3, 100 / 3, 100 / 3, 0])


# grades of the two discs for each head, and each head's sum over discs of -alpha log p.
BY_HAND = {
    "all graded": (
        [[0, 1, 0], [3, 1, 2]],
        [-WEIGHTS[0][0] * log(0.7) - 5 * log(0.4), -4 / 3 * (log(0.2) + log(0.6)), 0],
    ),
    "one disc not graded": (
        [[-1, -1, -1], [2, 0, -1]],
        [-WEIGHTS[0][2] * log(0.3), -WEIGHTS[1][0] * log(0.1), 0],
    ),
    "a head not graded": ([[-1, 2, -1], [-1, 2, -1]], [0, -2 * 4 / 3 * log(0.2), 0]),
    "nothing graded": ([[-1, -1, -1], [-1, -1, -1]], [0, 0, 0]),
    "a grade that training never saw": ([[1, 3, 1], [1, 3, 1]], [-1.25 * (log(0.1) + log(0.2)), 0, 0]),
}


@pytest.mark.parametrize("case", BY_HAND)
def test_equation_2_by_hand(case: str) -> None:
    grades, sums = BY_HAND[case]
    losses = WeightedCrossEntropy(COUNTS)(scores_of(P), torch.tensor(grades))
    assert losses.tolist() == pytest.approx([total / 2 for total in sums], abs=1e-6)


@pytest.mark.parametrize("balance", [0.0, 0.5, 1.0])
def test_balance_is_the_power_of_the_frequency(balance: float) -> None:
    weights = class_weights(COUNTS, balance)[0]
    assert (weights[3] / weights[0]).item() == pytest.approx((60 / 5) ** balance)


# A grade with its label (normal, mild, moderate, severe) when 0.2 goes to the neighbours.
SOFT = [
    (0, [0.8, 0.2, 0.0, 0.0]),
    (1, [0.1, 0.8, 0.1, 0.0]),
    (2, [0.0, 0.1, 0.8, 0.1]),
    (3, [0.0, 0.0, 0.2, 0.8]),
]


@pytest.mark.parametrize(("grade", "label"), SOFT)
def test_smoothing_gives_a_share_to_the_neighbouring_grades(grade: int, label: list[float]) -> None:
    assert soft_labels(torch.tensor(grade), 4, 0.2).tolist() == pytest.approx(label)
    assert soft_labels(torch.tensor(grade), 4, 0.0).tolist() == [float(k == grade) for k in range(4)]


def test_a_smoothed_loss_by_hand() -> None:
    loss = WeightedCrossEntropy(COUNTS, LossConfig(balance=0.5, smoothing=0.2))
    found = loss(scores_of([[[0.1, 0.6, 0.2, 0.1], *P[0][1:]]]), torch.tensor([[3, -1, -1]]))
    expected = -(5**0.5) * (0.8 * log(0.1) + 0.2 * log(0.2))
    assert found.tolist() == pytest.approx([expected, 0, 0])


def test_an_absent_grade_sends_no_gradient_and_no_nan() -> None:
    scores = scores_of(P).requires_grad_()
    WeightedCrossEntropy(COUNTS)(scores, torch.tensor([[-1, 1, -1], [0, -1, -1]])).sum().backward()
    assert scores.grad is not None
    assert torch.isfinite(scores.grad).all()
    touched = scores.grad.abs().sum(dim=-1) > 0
    assert touched.tolist() == [[False, True, False], [True, False, False]]


def test_batches_add_up_to_the_sum_over_all_discs() -> None:
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(12, 3, 4, generator=generator)
    grades = torch.randint(-1, 4, (12, 3), generator=generator)
    loss = WeightedCrossEntropy(COUNTS)
    parts = [loss(scores[at], grades[at]) * len(scores[at]) for at in (slice(0, 5), slice(5, 12))]
    assert torch.allclose(sum(parts), loss(scores, grades) * 12)  # type: ignore[arg-type]
