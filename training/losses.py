"""Class-weighted cross entropy over the heads (Lu et al. 2018, equation 2), absent grades left out."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.config import LossConfig


def class_weights(counts: Tensor, balance: float = 1.0) -> Tensor:
    """The factors alpha of equation 2, inversely proportional to class frequency in the training set.

    `counts` (heads, grades) are discs of each grade; the result has the same shape. Each row is scaled so
    that the weighted counts sum to the head's graded discs: balanced classes weigh 1. A grade that no
    training disc has weighs 0, for there is no frequency to invert, and so does every grade of a head
    without grades. Each factor is raised to the power `balance`: 1 is equation 2, 0 weighs all discs alike.
    """
    counts = counts.to(torch.float64)
    seen = counts > 0
    share = counts.sum(dim=1, keepdim=True) / seen.sum(dim=1, keepdim=True).clamp(min=1)
    return torch.where(seen, (share / counts.clamp(min=1)) ** balance, 0.0).to(torch.float32)


def soft_labels(grades: Tensor, classes: int, smoothing: float) -> Tensor:
    """Labels (..., classes) that sum to 1: one-hot, but `smoothing` goes to the grades above and below.

    A grade at the end of the scale gives all of it to its one neighbour.
    """
    ranks = torch.arange(classes, device=grades.device)
    apart = (grades[..., None] - ranks).abs()
    beside = (apart == 1).float()
    return (1 - smoothing) * (apart == 0) + smoothing * beside / beside.sum(dim=-1, keepdim=True)


class WeightedCrossEntropy(nn.Module):
    """Equation 2 divided by the number of discs, one value per head; their sum is the loss.

    Dividing by discs, not by weights, keeps the sum over discs of the paper whatever the batches are, and a
    head without a grade in a batch adds exactly 0.
    """

    weights: Tensor

    def __init__(self, counts: Tensor, config: LossConfig | None = None) -> None:
        super().__init__()
        config = config or LossConfig()
        self.smoothing = config.smoothing
        self.register_buffer("weights", class_weights(counts, config.balance))

    def forward(self, scores: Tensor, grades: Tensor) -> Tensor:
        """(batch, heads, grades) before softmax and (batch, heads), -1 where absent, to (heads,)."""
        known = grades.clamp(min=0)
        labels = soft_labels(known, scores.shape[-1], self.smoothing)
        cross = -(labels * scores.float().log_softmax(dim=-1)).sum(dim=-1)
        alpha = self.weights.expand(len(grades), -1, -1).gather(-1, known[..., None])[..., 0]
        return torch.where(grades >= 0, alpha * cross, 0.0).sum(dim=0) / len(grades)
