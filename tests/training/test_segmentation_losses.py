"""The segmentation loss is equation 1 of the paper."""

from __future__ import annotations

import pytest
import torch

from training.segmentation.losses import dice, dice_and_entropy, negative_dice


def image(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float32).reshape(1, 1, 1, -1)


@pytest.mark.parametrize(
    ("probability", "truth", "expected"),
    [
        # (2 sum p g + 1) / (sum p + sum g + 1)
        (image(1, 1, 0, 0), image(1, 1, 0, 0), 5 / 5),
        (image(0, 0, 1, 1), image(1, 1, 0, 0), 1 / 5),
        (image(0.5, 0.5, 0.5, 0.5), image(1, 1, 0, 0), 3 / 5),
        (image(1, 0, 0, 0), image(1, 1, 1, 0), 3 / 5),
        (image(0, 0, 0, 0), image(0, 0, 0, 0), 1.0),
        (image(0.25, 0, 0, 0), image(0, 0, 0, 0), 1 / 1.25),
    ],
)
def test_dice_is_the_formula(probability: torch.Tensor, truth: torch.Tensor, expected: float) -> None:
    assert dice(probability, truth).item() == pytest.approx(expected)


def test_the_loss_is_minus_the_dice_of_the_sigmoid() -> None:
    truth = image(1, 1, 0, 0)
    logits = torch.zeros(1, 1, 1, 4)
    assert negative_dice(logits, truth, torch.ones(1, 1)).item() == pytest.approx(-3 / 5)
    assert dice_and_entropy(logits, truth, torch.ones(1, 1)).item() == pytest.approx(
        -3 / 5 + 0.693147, abs=1e-5
    )


def test_structures_add_up_and_images_average() -> None:
    perfect, missed = image(60, 60, -60, -60), image(-60, -60, 60, 60)
    truth = image(1, 1, 0, 0)
    both = torch.cat([perfect, missed], dim=1)
    assert negative_dice(both, truth.expand(1, 2, 1, 4), torch.ones(1, 2)).item() == pytest.approx(-1 - 1 / 5)
    batch = torch.cat([perfect, missed], dim=0)
    assert negative_dice(batch, truth.expand(2, 1, 1, 4), torch.ones(2, 1)).item() == pytest.approx(-3 / 5)


def test_a_structure_that_was_not_annotated_has_no_part_in_the_loss() -> None:
    logits = torch.randn(2, 2, 3, 3)
    truth = (torch.rand(2, 2, 3, 3) > 0.5).float()
    annotated = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    other = torch.cat([logits[:, :1], torch.randn(2, 1, 3, 3)], dim=1)
    for loss in (negative_dice, dice_and_entropy):
        assert loss(logits, truth, annotated).item() == pytest.approx(loss(other, truth, annotated).item())
        assert loss(logits, truth, torch.zeros(2, 2)).item() == 0


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match=r"expected two tensors \(batch, structure, rows, columns\)"):
        dice(torch.zeros(1, 1, 2, 2), torch.zeros(1, 1, 2, 3))
