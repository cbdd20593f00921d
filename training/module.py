"""The grader as Lightning trains it: loss, running accuracy and optimiser around the plain network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytorch_lightning as lightning
import torch
from torch import Tensor, nn
from torchmetrics.classification import MulticlassConfusionMatrix

from training.config import GRADES, GraderConfig
from training.losses import WeightedCrossEntropy
from training.metrics import class_average
from training.models.grader import Grader
from training.prepare import ABSENT
from training.transforms import Discs

MONITOR = "validation_error"
"""What the kept epoch has least of (section 3.2: "the model with the lowest validation error"): the share of
cells graded wrong, each class and each head counted alike. The loss would do in a large validation split; in
a small one a few rare cells that are graded wrong with certainty decide it (docs/log.md)."""


class GraderModule(lightning.LightningModule):
    """Trains `Grader` with equation 2. `counts` (heads, grades) are the training discs of each grade.

    Logs ``train_loss`` and ``validation_loss``, each also per head (``validation_loss_SCS``), the class
    average accuracy of each head on the validation split (``validation_accuracy_SCS``), NaN with no grades,
    and ``validation_error``, 1 minus their mean.
    """

    def __init__(self, config: GraderConfig, counts: Tensor) -> None:
        super().__init__()
        self.config = config
        self.grader = Grader(config)
        self.loss = WeightedCrossEntropy(counts, config.loss)
        self.matrices = {
            code: MulticlassConfusionMatrix(GRADES, ignore_index=ABSENT) for code in config.heads
        }
        self.registered = nn.ModuleDict(self.matrices)  # moves them to the GPU with everything else

    def forward(self, discs: Discs) -> Tensor:
        """Scores before softmax, (batch, heads, grades)."""
        scores: Tensor = self.grader(discs.axial, discs.sagittal, discs.present)
        return scores

    def training_step(self, batch: Discs, batch_idx: int) -> Tensor:  # noqa: ARG002  (Lightning's signature)
        """Equation 2; dropout is tied to the step, so that a resumed run repeats an unbroken one."""
        torch.manual_seed(self.config.seed * 1_000_003 + self.global_step)
        return self._log_losses("train", self.loss(self(batch), batch.grades), len(batch.grades))

    def validation_step(self, batch: Discs, batch_idx: int) -> None:  # noqa: ARG002  (Lightning's signature)
        """The same loss, and what was taken for what."""
        scores = self(batch)
        self._log_losses("validation", self.loss(scores, batch.grades), len(batch.grades))
        for head, matrix in enumerate(self.matrices.values()):
            matrix.update(scores[:, head], batch.grades[:, head])

    def on_validation_epoch_end(self) -> None:
        """Class average accuracy of each head, and the error that the kept epoch has least of."""
        found = {}
        for code, matrix in self.matrices.items():
            counted = matrix.compute().cpu().numpy().astype(np.float64)
            found[f"validation_accuracy_{code}"] = float(class_average(counted))
            matrix.reset()
        self.log_dict({**found, MONITOR: 1 - float(np.nanmean(list(found.values())))})

    def configure_optimizers(self) -> Any:
        """Adadelta as in the paper, or AdamW; a one-cycle rate where the configuration asks for it."""
        config = self.config.optimizer
        optimizer: torch.optim.Optimizer
        if config.name == "adadelta":
            optimizer = torch.optim.Adadelta(
                self.grader.parameters(), lr=config.lr, rho=config.rho, weight_decay=config.weight_decay
            )
        else:
            optimizer = torch.optim.AdamW(
                self.grader.parameters(), lr=config.lr, weight_decay=config.weight_decay
            )
        if not config.one_cycle:
            return optimizer
        steps = int(self.trainer.estimated_stepping_batches)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=config.lr, total_steps=steps)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def _log_losses(self, part: str, losses: Tensor, discs: int) -> Tensor:
        total = losses.sum()
        named = {f"{part}_loss": total.detach()}
        named |= {
            f"{part}_loss_{code}": loss for code, loss in zip(self.config.heads, losses.detach(), strict=True)
        }
        self.log_dict(named, on_step=False, on_epoch=True, batch_size=discs)
        return total
