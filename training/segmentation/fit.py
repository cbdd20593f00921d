"""Train a segmenter from folders of annotated slices."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytorch_lightning as lightning
import torch
from pytorch_lightning.callbacks import ModelCheckpoint
from pytorch_lightning.utilities.seed import isolate_rng

from dataset.stage import Progress
from training.quiet import quiet_lightning
from training.segmentation.augment import Augmentation
from training.segmentation.data import SliceDataset, loader
from training.segmentation.folders import read_folder
from training.segmentation.history import History
from training.segmentation.module import RECIPES, SegmentationModule
from training.segmentation.sources import AnnotatedSlice
from training.segmentation.unet import PRESETS, UNetConfig
from training.segmentation.weights import load_segmenter, save_segmenter

CHECKPOINT_EVERY = 100
"""Steps between two states that a stopped run can go on from."""


@dataclass(frozen=True, slots=True)
class SegmenterFit:
    """What a training run leaves: the weights file, its SHA-256, and who was in which part."""

    weights: Path
    sha256: str
    steps: int
    train_slices: int
    held_out_slices: int
    held_out: tuple[str, ...]

    def summary(self) -> str:
        """One line for the terminal."""
        return (
            f"segment: trained on {self.train_slices:,} slices for {self.steps:,} steps; {len(self.held_out)}"
            f" patients with {self.held_out_slices:,} slices held out; {self.weights}"
        )


def held_out_patients(patients: Collection[str], share: float = 0.2) -> frozenset[str]:
    """About `share` of the patients, by a hash of their key: the same ones every time, on any machine."""
    limit = int(share * 16**8)
    return frozenset(p for p in patients if int(hashlib.sha256(p.encode()).hexdigest()[:8], 16) < limit)


def divided(
    slices: Sequence[AnnotatedSlice], held_out: Collection[str] | None
) -> tuple[list[AnnotatedSlice], list[AnnotatedSlice]]:
    """Training and held-out slices; a patient is in one of them only. `None` holds out a fifth by hash."""
    away = held_out_patients({item.patient for item in slices}) if held_out is None else set(held_out)
    train = [item for item in slices if item.patient not in away]
    if not train:
        raise ValueError(
            f"fit: expected slices of patients that are not held out; all {len(slices)} slices are held out"
        )
    return train, [item for item in slices if item.patient in away]


def fit_segmenter(
    folders: Sequence[Path] | Path,
    out: Path,
    *,
    preset: str = "light",
    steps: int = 2000,
    rate: float | None = None,
    held_out: Collection[str] | None = None,
    seed: int = 0,
    resume: bool = True,
    precision: str = "32-true",
    start: Path | None = None,
    config: UNetConfig | None = None,
    augmentation: Augmentation | None = None,
    progress: Progress | None = None,
) -> SegmenterFit:
    """Train `preset` for `steps` batches on folders of annotated slices (`folders`) and write its weights.

    Leaves ``<preset>.safetensors``, ``history.csv`` and ``last.ckpt`` in `out`; a run that was stopped goes
    on from ``last.ckpt``. Slices of the `held_out` patients are never trained on. `rate` replaces the
    preset's learning rate, `start` gives weights to go on from (a third of the rate suits them), `config`
    replaces the preset's network; `progress` hears of steps. `InputError` for a folder that cannot be read.
    """
    if preset not in PRESETS:
        raise ValueError(f"preset: expected one of {', '.join(PRESETS)}; got {preset!r}")
    chosen = config or PRESETS[preset]
    recipe = RECIPES[preset] if rate is None else replace(RECIPES[preset], rate=rate)
    paths = [folders] if isinstance(folders, Path) else folders
    train, away = divided([item for folder in paths for item in read_folder(folder)], held_out)
    last = out / "last.ckpt"
    with quiet_lightning(), isolate_rng():
        torch.manual_seed(seed)
        module = SegmentationModule(chosen, recipe)
        if start is not None:
            module.network.load_state_dict(load_segmenter(start, chosen).state_dict())
        trainer = _trainer(out, steps, precision, progress)
        trainer.fit(
            module,
            loader(SliceDataset(train, chosen, augmentation), recipe.batch),
            ckpt_path=str(last) if resume and last.is_file() else None,
            weights_only=True,
        )
    weights = out / f"{preset}.safetensors"
    sha256 = save_segmenter(module.network, weights)
    names = tuple(sorted({item.patient for item in away}))
    return SegmenterFit(weights, sha256, trainer.global_step, len(train), len(away), names)


def _trainer(out: Path, steps: int, precision: str, progress: Progress | None) -> lightning.Trainer:
    keep = ModelCheckpoint(
        dirpath=out, filename="last", every_n_train_steps=CHECKPOINT_EVERY, enable_version_counter=False
    )
    return lightning.Trainer(
        max_steps=steps,
        accelerator="auto",
        devices=1,
        precision=precision,  # type: ignore[arg-type]
        logger=False,
        callbacks=[keep, History(out / "history.csv", progress)],
        log_every_n_steps=1,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
