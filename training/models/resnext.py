"""ResNeXt for images and for volumes, from one block (Xie et al. 2017; Lu et al. 2018, Figure 4)."""

from __future__ import annotations

from itertools import pairwise

from torch import nn

from training.config import ModelConfig
from training.models.layers import MAX_POOL, Residual, convolve

STEM = 64
"""Filters of conv1, which is 7 x 7 (x 7) at stride 2."""


def resnext_trunk(dim: int, channels: int, config: ModelConfig) -> nn.Sequential:
    """Conv1 to conv5 of ResNeXt: (batch, channels, ...) to (batch, widths[-1], ... / 32).

    `dim` 2 takes the axial view with its slices as `channels`, `dim` 3 the sagittal view with one channel.
    ResNeXt-50 (32 x 4d) is widths 256, 512, 1024, 2048, blocks 3, 4, 6, 3 and cardinality 32: 22,979,904
    parameters for `dim` 2 and three channels.
    """
    stages: list[nn.Module] = [
        convolve(dim, channels, STEM, 7, stride=2),
        MAX_POOL[dim](kernel_size=3, stride=2, padding=1),
    ]
    for number, (inside, outside) in enumerate(pairwise((STEM, *config.widths))):
        first = bottleneck(dim, inside, outside, config.cardinality, stride=1 if number == 0 else 2)
        rest = [
            bottleneck(dim, outside, outside, config.cardinality) for _ in range(config.blocks[number] - 1)
        ]
        stages.append(nn.Sequential(first, *rest))
    return nn.Sequential(*stages)


def bottleneck(dim: int, inside: int, outside: int, cardinality: int, *, stride: int = 1) -> Residual:
    """One residual block: 1 x 1, grouped 3 x 3 with the stride, 1 x 1; half of `outside` channels within.

    The last activation stands after the sum, as in the published network.
    """
    width = outside // 2
    body = nn.Sequential(
        convolve(dim, inside, width, 1),
        convolve(dim, width, width, 3, stride=stride, groups=cardinality),
        convolve(dim, width, outside, 1, active=False),
    )
    same = inside == outside and stride == 1
    shortcut = nn.Identity() if same else convolve(dim, inside, outside, 1, stride=stride, active=False)
    return Residual(body, shortcut)
