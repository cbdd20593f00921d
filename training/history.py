"""The course of a training run: one row per epoch as CSV, and as a picture."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dataset.shards import write_bytes
from dataset.stage import Progress
from training.module import MONITOR

Row = Mapping[str, float]


class History(lightning.Callback):
    """Collects one row per epoch, writes ``history.csv`` after each, and reports finished batches.

    The rows travel with the checkpoint, so a resumed run goes on with them. Columns: epoch (from 1), losses,
    class average accuracies on the validation split, learning rate at the end of the epoch, seconds. The
    weights of the `last` epoch are kept, or those of the one with the lowest validation error.
    """

    def __init__(self, path: Path, progress: Progress | None, *, last: bool) -> None:
        self.path, self.progress, self.last = path, progress, last
        self.rows: list[Row] = []
        self._started = 0.0

    def on_train_epoch_start(self, *_: Any) -> None:
        """Start the clock."""
        self._started = time.monotonic()

    def on_train_batch_end(self, trainer: lightning.Trainer, *_: Any) -> None:
        """Report the batches done in the whole run."""
        if self.progress is not None and trainer.max_epochs is not None:
            self.progress(trainer.global_step, int(trainer.num_training_batches) * trainer.max_epochs)

    def on_train_epoch_end(self, trainer: lightning.Trainer, *_: Any) -> None:
        """Add the row of this epoch; validation has run by now."""
        measured = {name: float(value) for name, value in sorted(trainer.callback_metrics.items())}
        rate = float(trainer.optimizers[0].param_groups[0]["lr"])
        seconds = round(time.monotonic() - self._started, 2)
        self.rows.append({"epoch": trainer.current_epoch + 1, **measured, "lr": rate, "seconds": seconds})
        write_bytes(as_csv(self.rows).encode(), self.path)

    def state_dict(self) -> dict[str, Any]:
        """The rows, for the checkpoint."""
        return {"rows": [dict(row) for row in self.rows]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """The rows of the run that is resumed."""
        self.rows = list(state_dict["rows"])

    @property
    def kept(self) -> Row:
        """The row of the epoch whose weights are kept; of equal errors the earlier one."""
        return self.rows[-1] if self.last else min(self.rows, key=lambda row: row[MONITOR])


def as_csv(rows: Sequence[Row]) -> str:
    """The rows with a header line; numbers to six significant digits."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: f"{value:.6g}" for name, value in row.items()} for row in rows)
    return text.getvalue()


def learning_curve(rows: Sequence[Row], kept: Row) -> bytes:
    """A PNG with losses on the left and class average accuracies of the validation split on the right."""
    figure = Figure(figsize=(9, 3.5), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    epochs = [row["epoch"] for row in rows]
    for name, label in (("train_loss", "train"), ("validation_loss", "validation")):
        left.plot(epochs, [row[name] for row in rows], label=label)
    left.axvline(kept["epoch"], color="grey", linestyle=":", label="kept")
    left.set(xlabel="epoch", ylabel="loss (equation 2)")
    prefix = "validation_accuracy_"
    for name in (name for name in rows[0] if name.startswith(prefix)):
        right.plot(epochs, [100 * row[name] for row in rows], label=name.removeprefix(prefix))
    right.set(xlabel="epoch", ylabel="class average accuracy (%)", ylim=(0, 100))
    for axes in (left, right):
        axes.legend(frameon=False)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=110, metadata={"Software": None})
    return picture.getvalue()
