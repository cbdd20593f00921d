"""A light residual trunk that two processor cores train in a minute: under two million parameters."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from training.config import ModelConfig
from training.models.layers import AVERAGE_POOL, Residual, convolve

_KEEP_SLICES = (1, 2, 2)


class SmallTrunk(nn.Module):
    """(batch, channels, ...) to (batch, widths[-1], ...), rows and columns halved by stem and every stage.

    Slices are thicker than pixels, so the stem of a volume (`dim` 3) leaves them alone.
    """

    def __init__(self, dim: int, channels: int, config: ModelConfig) -> None:
        super().__init__()
        stem = config.widths[0]
        stages: list[nn.Module] = [convolve(dim, channels, stem, 3, stride=2 if dim == 2 else _KEEP_SLICES)]
        for number, (inside, outside) in enumerate(pairwise((stem, *config.widths))):
            stages.append(plain_block(dim, inside, outside, stride=2))
            stages += [plain_block(dim, outside, outside) for _ in range(config.blocks[number] - 1)]
        self.stages = nn.Sequential(*stages)
        # Volumes with their channels last take half the time on a processor.
        self.layout = torch.channels_last_3d if dim == 3 else torch.contiguous_format
        self.to(memory_format=self.layout)  # type: ignore[call-overload]

    def forward(self, images: Tensor) -> Tensor:
        """One image or volume per disc to its features."""
        features: Tensor = self.stages(images.to(memory_format=self.layout))
        return features


def plain_block(dim: int, inside: int, outside: int, *, stride: int = 1) -> Residual:
    """One residual block of two 3 x 3 convolutions, the stride in the first.

    The shortcut averages before its 1 x 1 convolution instead of striding it: no voxel is skipped, and the
    strided 1 x 1 convolution of torch 2.13.0 with channels last writes out of bounds on some processors.
    """
    body = nn.Sequential(
        convolve(dim, inside, outside, 3, stride=stride), convolve(dim, outside, outside, 3, active=False)
    )
    if inside == outside and stride == 1:
        return Residual(body, nn.Identity())
    pool = AVERAGE_POOL[dim](stride, stride=stride, ceil_mode=True)
    return Residual(body, nn.Sequential(pool, convolve(dim, inside, outside, 1, active=False)))
