"""Class-weighted cross entropy over the heads (Lu et al. 2018, equation 2), absent grades left out."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def class_weights(counts: Tensor) -> Tensor:
    """The factors alpha of equation 2, inversely proportional to class frequency in the training set.

    `counts` (heads, grades) are discs of each grade; the result has the same shape. Each row is scaled so
    that the weighted counts sum to the head's graded discs: balanced classes weigh 1. A grade that no
    training disc has weighs 0, for there is no frequency to invert, and so does every grade of a head
    without grades.
    """
    counts = counts.to(torch.float64)
    seen = counts > 0
    share = counts.sum(dim=1, keepdim=True) / seen.sum(dim=1, keepdim=True).clamp(min=1)
    return torch.where(seen, share / counts.clamp(min=1), 0.0).to(torch.float32)


class WeightedCrossEntropy(nn.Module):
    """Equation 2 divided by the number of discs, one value per head; their sum is the loss.

    Dividing by discs, not by weights, keeps the sum over discs of the paper whatever the batches are, and a
    head without a grade in a batch adds exactly 0.
    """

    weights: Tensor

    def __init__(self, counts: Tensor) -> None:
        super().__init__()
        self.register_buffer("weights", class_weights(counts))

    def forward(self, scores: Tensor, grades: Tensor) -> Tensor:
        """(batch, heads, grades) before softmax and (batch, heads), -1 where absent, to (heads,)."""
        graded = grades >= 0
        index = grades.clamp(min=0)[..., None]
        log_p = scores.float().log_softmax(dim=-1).gather(-1, index)[..., 0]
        alpha = self.weights.expand(len(grades), -1, -1).gather(-1, index)[..., 0]
        return -torch.where(graded, alpha * log_p, 0.0).sum(dim=0) / len(grades)
