"""Loss and Dice of a training run as ``history.csv``; a run that goes on after a stop adds to it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning

from dataset.shards import write_bytes
from dataset.stage import Progress


class History(lightning.Callback):
    """Writes the logged values every `every` steps to `path`, one row each with its step."""

    def __init__(self, path: Path, progress: Progress | None = None, every: int = 10) -> None:
        self.path, self.progress, self.every = path, progress, every
        self.rows: list[dict[str, str]] = []

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:  # noqa: ARG002
        """Keep the rows of the run that this one goes on from."""
        if trainer.global_step and self.path.is_file():
            with self.path.open(newline="") as file:
                rows = list(csv.DictReader(file))
            self.rows = [row for row in rows if int(row["step"]) <= trainer.global_step]

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,  # noqa: ARG002
        outputs: Any,  # noqa: ARG002
        batch: Any,  # noqa: ARG002
        batch_idx: int,  # noqa: ARG002
    ) -> None:
        """Report the step, and add a row when it is time."""
        if self.progress is not None:
            self.progress(trainer.global_step, trainer.max_steps)
        if trainer.global_step % self.every == 0:
            values = {name: f"{float(value):.5f}" for name, value in trainer.logged_metrics.items()}
            self.rows.append({"step": str(trainer.global_step), **values})
            self._write()

    def _write(self) -> None:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(self.rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        write_bytes(text.getvalue().encode(), self.path)
