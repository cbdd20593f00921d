"""Training of the segmenter as a Lightning module; the network itself is in `unet`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pytorch_lightning as lightning
import torch
from torch import Tensor

from training.segmentation.data import Batch
from training.segmentation.losses import dice, dice_and_entropy, negative_dice
from training.segmentation.unet import Segmenter, UNetConfig


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a preset is trained: ``paper`` as the paper says, ``light`` by AdamW over one cycle of the rate."""

    optimizer: Literal["sgd", "adamw"]
    rate: float
    batch: int
    loss: Literal["dice", "dice+entropy"]


RECIPES: dict[str, Recipe] = {
    "paper": Recipe("sgd", 0.01, 8, "dice"),
    "light": Recipe("adamw", 3e-3, 8, "dice+entropy"),
}

LOSSES: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "dice": negative_dice,
    "dice+entropy": dice_and_entropy,
}


class SegmentationModule(lightning.LightningModule):
    """A `Segmenter` with its loss and optimizer; logs ``loss`` and the soft Dice of each structure."""

    def __init__(self, config: UNetConfig, recipe: Recipe) -> None:
        super().__init__()
        self.network = Segmenter(config).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.config, self.recipe = config, recipe

    def forward(self, image: Tensor) -> Tensor:
        """Logits of `image` (batch, 1, rows, columns)."""
        logits: Tensor = self.network(image)
        return logits

    def training_step(self, batch: Batch, batch_idx: int) -> Tensor:  # noqa: ARG002 (Lightning's signature)
        """The loss of one batch, in float32 whatever the precision of the network."""
        image, truth, annotated = batch
        logits = self(image.contiguous(memory_format=torch.channels_last)).float()
        loss = LOSSES[self.recipe.loss](logits, truth, annotated)
        self.log("loss", loss)
        marked = annotated.sum(0).clamp(min=1)
        scores = (dice(logits.detach().sigmoid(), truth) * annotated).sum(0) / marked
        self.log_dict({f"dice_{name}": scores[i] for i, name in enumerate(self.config.structures)})
        return loss

    def configure_optimizers(self) -> Any:
        """The recipe's optimizer, with its schedule where it has one."""
        if self.recipe.optimizer == "sgd":
            return torch.optim.SGD(self.parameters(), lr=self.recipe.rate)
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.recipe.rate, weight_decay=1e-2)
        steps = max(int(self.trainer.estimated_stepping_batches), 2)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, partial(one_cycle, steps=steps))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def one_cycle(step: int, steps: int, rise: float = 0.15) -> float:
    """Factor of the rate at `step` of `steps`: a line up for the share `rise`, then a cosine down."""
    share = min(step / steps, 1.0)
    return share / rise if share < rise else (1 + math.cos(math.pi * (share - rise) / (1 - rise))) / 2
