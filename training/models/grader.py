"""The grader: one trunk per view, joined after pooling, one head per code (Lu et al. 2018, Figure 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from training.config import GRADES, VIEWS, GraderConfig, ModelConfig
from training.models.resnext import resnext_trunk
from training.models.small import SmallTrunk

Trunk = Callable[[int, int, ModelConfig], nn.Module]

TRUNKS: Mapping[str, Trunk] = {"resnext": resnext_trunk, "small": SmallTrunk}
"""Every network by name: dimensions, input channels and configuration to a trunk."""


class ViewEncoder(nn.Module):
    """One view to one vector per disc: the trunk and global average pooling."""

    def __init__(self, dim: int, channels: int, config: ModelConfig) -> None:
        super().__init__()
        self.trunk = TRUNKS[config.network](dim, channels, config)
        self.features = config.widths[-1]

    def forward(self, images: Tensor, present: Tensor) -> Tensor:
        """(batch, channels, ...) and (batch,) bool to (batch, features).

        Discs without this view get zeros and never pass the trunk, so that blank images neither shift the
        statistics of batch normalization nor look like a finding.
        """
        if not bool(present.any()):
            return images.new_zeros(len(images), self.features)
        seen: Tensor = self.trunk(images[present]).flatten(2).mean(dim=2)
        blank: Tensor = seen.new_zeros(len(images), self.features)
        return blank.index_put((present.nonzero()[:, 0],), seen)


class Grader(nn.Module):
    """Both views of a disc to the scores of four grades for every head.

    The axial view is an image whose channels are its slices (2-D convolutions), the sagittal view a volume
    (3-D convolutions). `config.model.branch` builds both encoders or one of them (Table 2).

    Pooling is global, as in Figure 4. A grid of three cells an axis graded 649 discs of other phantoms no
    better: class average 60.9 and 68.4 % (canal, foramina) against 59.3 and 69.3, the means of three
    seeds each (docs/log.md).
    """

    def __init__(self, config: GraderConfig) -> None:
        super().__init__()
        slices = config.inputs.axial[0]
        build = {
            "axial": lambda: ViewEncoder(2, slices, config.model),
            "sagittal": lambda: ViewEncoder(3, 1, config.model),
        }
        encoders = {view: build[view]() for view in config.model.views}
        features = sum(encoder.features for encoder in encoders.values())
        self.encoders = nn.ModuleDict(encoders)
        self.dropout = nn.Dropout(config.model.dropout)
        self.heads = nn.ModuleDict({code: nn.Linear(features, GRADES) for code in config.heads})

    def forward(self, axial: Tensor, sagittal: Tensor, present: Tensor) -> Tensor:
        """Scores before softmax, (batch, heads, grades).

        `axial` is (batch, slices, rows, columns), `sagittal` (batch, 1, slices, rows, columns), `present`
        (batch, 2) bool in the order of `VIEWS`; what an absent view holds is not read.
        """
        images = {"axial": axial, "sagittal": sagittal}
        vectors = [
            encoder(images[view], present[:, VIEWS.index(view)]) for view, encoder in self.encoders.items()
        ]
        joined = self.dropout(torch.cat(vectors, dim=1))
        return torch.stack([head(joined) for head in self.heads.values()], dim=1)
