"""Train a grader on a dataset folder: one function from Parquet to weights."""

from __future__ import annotations

import json
import math
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytorch_lightning as lightning
import torch
from pytorch_lightning.callbacks import ModelCheckpoint
from pytorch_lightning.utilities.seed import isolate_rng

from dataset.shards import sha256_of, write_bytes, write_parquet
from dataset.stage import Progress, fingerprint, table_files
from labeling.issues import InputError, Issue
from labeling.quarantine import quarantine_table
from training.config import Branch, GraderConfig, configure
from training.data import DiscData, split_files
from training.history import History, learning_curve
from training.module import MONITOR, GraderModule
from training.quiet import honest_exits, quiet_lightning
from training.store import CONFIG, GraderCard, load_grader, save_grader

_RUN = "run"
"""Folder of an unfinished run inside `out`: checkpoints and prepared discs; gone when the run is complete."""


@dataclass(frozen=True, slots=True)
class FitResult:
    """What a training run left in `folder`; `reused` when an equal run had been completed before.

    `card.epoch` (from 1) is the one whose weights were kept.
    """

    folder: Path
    card: GraderCard
    parameters: int
    issues: int
    seconds: float
    reused: bool = False

    def summary(self) -> str:
        """One line for the terminal."""
        card = self.card
        how = "reused" if self.reused else f"{self.seconds:.1f} s"
        return (
            f"train: {card.train_discs:,} discs, {card.validation_discs:,} for validation; "
            f"{card.config.preset}, {' and '.join(card.config.model.views)}, {self.parameters:,} parameters; "
            f"epoch {card.epoch} of {card.config.epochs} kept, validation error "
            f"{100 * card.validation_error:.1f} %; {self.issues:,} quarantined; {how}"
        )


def fit(
    dataset: Path,
    out: Path,
    *,
    preset: str = "small",
    epochs: int | None = None,
    seed: int = 0,
    resume: bool = True,
    branch: Branch = "both",
    progress: Progress | None = None,
) -> FitResult:
    """Train the grader of `preset` on ``dataset/data/{train,validation}-*.parquet`` and write it to `out`.

    Writes ``grader.safetensors``, ``config.json``, ``history.csv``, ``learning_curve.png`` and, where a disc
    was set aside, ``quarantine-00000.parquet``. The weights are those of the epoch with the lowest
    validation error (Lu et al. 2018, section 3.2; `MONITOR`), with a rate that is cooled down (`one_cycle`)
    those of the last. `epochs` None is the preset's; `branch` "axial" or "sagittal" trains with one view
    (Table 2). A run that was stopped goes on after its last full epoch and ends with the weights of an
    unbroken one; a complete run with the same data and settings is reused; anything else starts over.
    `progress` hears of batches. Raises `InputError` for a folder that cannot be trained on and for an unknown
    preset or branch.
    """
    return fit_config(
        dataset,
        out,
        configure(preset, epochs=epochs, seed=seed, branch=branch),
        resume=resume,
        progress=progress,
    )


def fit_config(
    dataset: Path,
    out: Path,
    config: GraderConfig,
    *,
    resume: bool = True,
    progress: Progress | None = None,
) -> FitResult:
    """`fit` with a configuration of one's own."""
    started = time.monotonic()
    provenance = _provenance(dataset)
    if resume and (done := _finished(out, config, provenance, started)):
        return done
    run = _run_folder(out, config, provenance, resume=resume)
    data = DiscData(dataset, config, run / "discs")
    data.setup()
    with quiet_lightning(), isolate_rng():
        module, history = _train(data, config, run, out, progress)
    row = history.kept
    card = GraderCard(
        config=config,
        counts=tuple(tuple(grades) for grades in data.counts.tolist()),
        epoch=int(row["epoch"]),
        validation_error=row[MONITOR],
        validation_loss=row["validation_loss"],
        train_discs=len(data.discs["train"]),
        validation_discs=len(data.discs["validation"]),
        provenance=provenance,
    )
    write_bytes(learning_curve(history.rows, row), out / "learning_curve.png")
    write_issues("train", data.issues, out)
    save_grader(out, module.grader, card)
    shutil.rmtree(out / _RUN, ignore_errors=True)  # patients' voxels do not stay behind
    return FitResult(out, card, _parameters(module.grader), len(data.issues), time.monotonic() - started)


def write_issues(stage: str, issues: Sequence[Issue], out: Path) -> None:
    """Write the quarantine table of a stage that is one piece; no file where nothing was wrong."""
    path = out / "quarantine-00000.parquet"
    path.unlink(missing_ok=True)
    if issues:
        write_parquet(quarantine_table(stage, issues), path)


def _train(
    data: DiscData, config: GraderConfig, run: Path, out: Path, progress: Progress | None
) -> tuple[GraderModule, History]:
    torch.manual_seed(config.seed)
    module = GraderModule(config, data.counts)
    history = History(out / "history.csv", progress, last=config.optimizer.one_cycle)
    best = ModelCheckpoint(
        run,
        "best",
        monitor=MONITOR,
        save_last=True,
        save_on_train_epoch_end=True,
        enable_version_counter=False,
    )
    trainer = lightning.Trainer(
        max_epochs=config.epochs,
        devices=1,
        logger=False,
        callbacks=[history, best],
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        default_root_dir=run,
    )
    last = run / "last.ckpt"
    with honest_exits():
        trainer.fit(module, data, ckpt_path=last if last.is_file() else None, weights_only=True)
    if not math.isfinite(history.kept["validation_loss"]):
        raise InputError(_diverged(out, config))
    kept = last if config.optimizer.one_cycle else run / "best.ckpt"
    module.load_state_dict(torch.load(kept, weights_only=True)["state_dict"])
    return module, history


def _run_folder(out: Path, config: GraderConfig, provenance: Mapping[str, Any], *, resume: bool) -> Path:
    """The folder of this run. Runs of other settings, and of a folder that was moved, are removed."""
    parts = (config.to_json(), json.dumps(provenance), str(out.resolve()))
    run = out / _RUN / fingerprint(*parts)
    if not (resume and run.is_dir()):
        shutil.rmtree(out / _RUN, ignore_errors=True)
    return run


def _finished(
    out: Path, config: GraderConfig, provenance: Mapping[str, Any], started: float
) -> FitResult | None:
    if not (out / CONFIG).is_file():
        return None
    try:
        grader, card = load_grader(out)
    except InputError:
        return None
    if (card.config, card.provenance) != (config, provenance):
        return None
    issues = sum(pq.read_metadata(path).num_rows for path in table_files(out, "quarantine"))
    return FitResult(out, card, _parameters(grader), issues, time.monotonic() - started, reused=True)


def _provenance(dataset: Path) -> dict[str, Any]:
    """What the labels come from and a checksum of the files: equal for equal data, and valid JSON."""
    files = [path for split in ("train", "validation") for path in split_files(dataset, split)]
    tables = [pq.read_table(path, columns=["lexicon", "policy"], partitioning=None) for path in files]
    words = pa.concat_tables(tables)
    return {
        "files": fingerprint(*(f"{path.name}:{sha256_of(path)}" for path in files)),
        "lexicons": sorted(set(words["lexicon"].to_pylist())),
        "policies": sorted(set(words["policy"].to_pylist())),
    }


def _parameters(model: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def _diverged(out: Path, config: GraderConfig) -> Issue:
    return Issue(
        str(out),
        "diverged",
        f"expected a finite validation loss; got none in {config.epochs} epochs, rate {config.optimizer.lr}.",
        "Train with a lower rate.",
    )
