"""A slice as the network sees it: resampled to a fixed spacing and scaled to 0..1."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

BLACK, WHITE = 1.0, 99.5
"""Percentiles of the pixels above zero that become 0 and 1; padding outside the field of view is zero."""


def scaled(image: Tensor) -> Tensor:
    """`image` (rows, columns) of any intensity as float32 0..1; a flat image becomes zero."""
    image = image.float()
    inside = image[image > 0]
    if inside.numel() < 2:
        return torch.zeros_like(image)
    low, high = (float(value) for value in np.percentile(inside.numpy(), (BLACK, WHITE)))
    return ((image - low) / max(high - low, 1e-6)).clamp(0, 1)


def resampled(pixels: Tensor, spacing_mm: tuple[float, float], to_mm: float) -> Tensor:
    """`pixels` (channels, rows, columns) at `to_mm` per pixel, both ways, linear and without aliasing."""
    rows, columns = (
        max(1, round(n * mm / to_mm)) for n, mm in zip(pixels.shape[1:], spacing_mm, strict=True)
    )
    return torch.nn.functional.interpolate(
        pixels[None].float(), (rows, columns), mode="bilinear", align_corners=False, antialias=True
    )[0]


def prepared(image: NDArray[np.generic], spacing_mm: tuple[float, float], to_mm: float) -> Tensor:
    """One slice (rows, columns) as (1, rows, columns) float32 0..1 at `to_mm` per pixel."""
    return scaled(resampled(torch.from_numpy(image.astype(np.float32))[None], spacing_mm, to_mm)[0])[None]


def padded(image: Tensor, step: int) -> Tensor:
    """`image` (..., rows, columns) with zeros after its end so that `step` divides rows and columns."""
    rows, columns = image.shape[-2:]
    return torch.nn.functional.pad(image, (0, -columns % step, 0, -rows % step))
