"""Layers that exist once for images (two dimensions) and volumes (three)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

CONVOLUTION: Mapping[int, type[nn.Conv2d | nn.Conv3d]] = {2: nn.Conv2d, 3: nn.Conv3d}
NORM: Mapping[int, type[nn.BatchNorm2d | nn.BatchNorm3d]] = {2: nn.BatchNorm2d, 3: nn.BatchNorm3d}
AVERAGE_POOL: Mapping[int, type[nn.AvgPool2d | nn.AvgPool3d]] = {2: nn.AvgPool2d, 3: nn.AvgPool3d}
MAX_POOL: Mapping[int, type[nn.MaxPool2d | nn.MaxPool3d]] = {2: nn.MaxPool2d, 3: nn.MaxPool3d}

LEAKY_SLOPE = 0.3
"""Slope of the leaky ReLU below zero. The paper names none; this is the default of Keras, which it used."""


def convolve(
    dim: int,
    inside: int,
    outside: int,
    kernel: int,
    *,
    stride: int | tuple[int, ...] = 1,
    groups: int = 1,
    active: bool = True,
) -> nn.Sequential:
    """Convolution (no bias, size kept at stride 1), batch normalization and, if `active`, leaky ReLU.

    `inside` and `outside` count channels, `dim` is 2 or 3.
    """
    # One constructor of two: torch types strides as tuples of exactly two or three, `dim` is known only here.
    make: Any = CONVOLUTION[dim]
    convolution = make(inside, outside, kernel, stride=stride, padding=kernel // 2, groups=groups, bias=False)
    layers: list[nn.Module] = [convolution, NORM[dim](outside)]
    return nn.Sequential(*layers, *([leaky()] if active else []))


def leaky() -> nn.Module:
    """The activation of every network here."""
    return nn.LeakyReLU(LEAKY_SLOPE, inplace=True)


class Residual(nn.Module):
    """``leaky(body(x) + shortcut(x))``: the frame of every block of every trunk."""

    def __init__(self, body: nn.Module, shortcut: nn.Module) -> None:
        super().__init__()
        self.body, self.shortcut, self.activation = body, shortcut, leaky()

    def forward(self, images: Tensor) -> Tensor:
        """(batch, channels, ...) to what `body` and `shortcut` agree on."""
        joined: Tensor = self.activation(self.body(images) + self.shortcut(images))
        return joined
