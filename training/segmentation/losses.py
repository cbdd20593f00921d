"""The paper's segmentation loss and the binary cross entropy that the light preset adds to it."""

from __future__ import annotations

from torch import Tensor, nn

EPSILON = 1.0
"""The small number of equation 1, set to 1.0 in the paper's experiment."""


def dice(probability: Tensor, truth: Tensor, epsilon: float = EPSILON) -> Tensor:
    """Soft Dice of each image and structure: (batch, structure, rows, columns) in, (batch, structure) out.

    Equation 1 of Lu et al. 2018 without its sign: ``(2 sum p g + e) / (sum p + sum g + e)`` over the
    pixels. Where there is nothing to find and nothing was found it is 1.
    """
    if probability.shape != truth.shape or probability.ndim != 4:
        raise ValueError(
            "dice: expected two tensors (batch, structure, rows, columns) of one shape; got"
            f" {tuple(probability.shape)} and {tuple(truth.shape)}"
        )
    pixels = (2, 3)
    both = (probability * truth).sum(pixels)
    return (2 * both + epsilon) / (probability.sum(pixels) + truth.sum(pixels) + epsilon)


def negative_dice(logits: Tensor, truth: Tensor, annotated: Tensor) -> Tensor:
    """The paper's loss: minus the Dice of each structure, mean over the images, summed over the structures.

    The sum, so that a detector of its own per structure learns at the full rate, as if trained alone.
    `annotated` (batch, structure) holds 1 where the image's annotator marked that structure, 0 where its
    absence from `truth` means nothing.
    """
    return -_over_images(dice(logits.sigmoid(), truth), annotated)


def dice_and_entropy(logits: Tensor, truth: Tensor, annotated: Tensor) -> Tensor:
    """`negative_dice` plus binary cross entropy, which has a gradient where a structure is missed whole."""
    entropy = nn.functional.binary_cross_entropy_with_logits(logits, truth, reduction="none").mean((2, 3))
    return negative_dice(logits, truth, annotated) + _over_images(entropy, annotated)


def _over_images(values: Tensor, annotated: Tensor) -> Tensor:
    """Mean of `values` (batch, structure) over the annotated images, summed over the structures."""
    return ((values * annotated).sum(0) / annotated.sum(0).clamp(min=1)).sum()
