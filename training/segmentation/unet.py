"""The U-Net that finds vertebrae on a sagittal T2 slice: the paper's, and a light one for a CPU.

Source of preset ``paper``: Lu et al. 2018, DeepSPINE, section 3.1 and figure 3b: 512 x 512 input and output,
five down and up modules of two convolutions, 32 initial features, batch normalisation before each ReLU, a
sigmoid at the end, one detector for the vertebral bodies and one for S1, trained independently.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn

Structure = Literal["body", "sacrum", "disc", "canal"]
"""What a channel finds: bodies T11-L5 and above, the S1 segment, discs, spinal canal."""


@dataclass(frozen=True, slots=True)
class UNetConfig:
    """The shape of a segmenter and the picture it expects.

    `structures` name the output channels, each an independent sigmoid: S1 may overlap a body, and the
    overlap is measured, not hidden. With `detectors` "separate" each structure has a network of its own, as
    in the paper; "shared" puts all of them on one.

    A slice is resampled to `spacing_mm` per pixel, then padded or cropped to `size` (rows, columns).
    """

    structures: tuple[Structure, ...]
    features: int
    depth: int
    size: tuple[int, int]
    spacing_mm: float
    detectors: Literal["shared", "separate"] = "shared"

    def __post_init__(self) -> None:
        if self.features < 1 or self.depth < 1:
            raise ValueError(
                f"U-Net > features, depth: expected at least 1; got {self.features}, {self.depth}"
            )
        step = 2**self.depth
        if any(side < step or side % step for side in self.size):
            raise ValueError(
                f"U-Net > size: expected rows and columns that {step} (2 to the depth {self.depth}) divides;"
                f" got {self.size}"
            )
        if len(set(self.structures)) != len(self.structures) or "body" not in self.structures:
            raise ValueError(f"U-Net > structures: expected 'body' and no name twice; got {self.structures}")


PRESETS: dict[str, UNetConfig] = {
    "paper": UNetConfig(("body", "sacrum"), 32, 5, (512, 512), 0.6, detectors="separate"),
    "light": UNetConfig(("body", "sacrum", "disc", "canal"), 16, 4, (320, 256), 1.0),
}
"""The segmenters by name. The paper gives no pixel spacing: 0.6 mm puts its 512 pixels over 30 cm."""


def module(inputs: int, outputs: int) -> nn.Sequential:
    """Two 3 x 3 convolutions, each followed by batch normalisation and ReLU; height and width stay."""
    layers: list[nn.Module] = []
    for channels in (inputs, outputs):
        layers += [
            nn.Conv2d(channels, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        ]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """One encoder and decoder with skip connections.

    Takes (batch, 1, rows, columns) and returns logits (batch, `outputs`, rows, columns); rows and columns
    must be multiples of 2 to the `depth`. Features double at each of the `depth` downsampling steps.
    """

    def __init__(self, outputs: int, features: int, depth: int) -> None:
        super().__init__()
        widths = [features * 2**level for level in range(depth + 1)]
        pairs = list(pairwise(widths))
        self.first = module(1, features)
        self.down = nn.ModuleList(module(narrow, wide) for narrow, wide in pairs)
        self.widen = nn.ModuleList(nn.ConvTranspose2d(wide, narrow, 2, 2) for narrow, wide in reversed(pairs))
        self.up = nn.ModuleList(module(2 * narrow, narrow) for narrow, _ in reversed(pairs))
        self.last = nn.Conv2d(features, outputs, 1)

    def forward(self, image: Tensor) -> Tensor:
        """Logits of `image`; the sigmoid is the caller's, so that a loss may work on logits."""
        skips = [self.first(image)]
        for down in self.down:
            skips.append(down(nn.functional.max_pool2d(skips[-1], 2)))
        out = skips.pop()
        for widen, up in zip(self.widen, self.up, strict=True):
            out = up(torch.cat([skips.pop(), widen(out)], dim=1))
        logits: Tensor = self.last(out)
        return logits


class Segmenter(nn.Module):
    """The network of a `UNetConfig`: logits (batch, structure, rows, columns) in the order of its structures.

    Separate detectors share no weight, so one SGD step on the sum of their losses trains each of them
    independently.
    """

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        self.config = config
        separate = config.detectors == "separate"
        networks, outputs = (len(config.structures), 1) if separate else (1, len(config.structures))
        self.networks = nn.ModuleList(UNet(outputs, config.features, config.depth) for _ in range(networks))

    def forward(self, image: Tensor) -> Tensor:
        """Logits of `image` (batch, 1, rows, columns)."""
        return torch.cat([network(image) for network in self.networks], dim=1)
