"""A dataset folder as batches: Lightning's data module over the prepared splits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import datasets
import numpy as np
import pytorch_lightning as lightning
import torch
from torch.utils.data import DataLoader, Dataset, Sampler
from torch.utils.data import default_collate as collate

from labeling.issues import InputError, Issue
from training.config import GRADES, VIEWS, GraderConfig
from training.prepare import ABSENT, disc_of, issues_of, prepare_split
from training.transforms import Discs, augment, to_tensors

Draw = tuple[int, int | None]
"""The number of a disc, and the seed of its random variant; None leaves it as it is."""


def split_files(dataset: Path, split: str) -> list[Path]:
    """The files of one split of a dataset folder; `InputError` when there is none."""
    files = sorted((dataset / "data").glob(f"{split}-*.parquet"))
    if not files:
        raise InputError(
            Issue(
                f"{dataset} > data",
                "no-split",
                f"expected files {split}-*.parquet; found none.",
                "Name the folder that the build stage wrote, built from enough patients to fill every split.",
            )
        )
    return files


class GradedDiscs(Dataset[Discs]):
    """Batches of prepared discs, asked for by lists of draws; disc i is row ``rows[i]`` of the table."""

    def __init__(self, table: datasets.Dataset, rows: Sequence[int], config: GraderConfig) -> None:
        self.table, self.rows, self.config = table, rows, config

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, draws: list[Draw]) -> Discs:
        """The discs of `draws` with a leading batch axis."""
        batch: Discs = collate([self.disc(number, seed) for number, seed in draws])
        return batch

    def disc(self, number: int, seed: int | None) -> Discs:
        """One disc as tensors, varied by the augmentation when there is a seed."""
        disc = to_tensors(disc_of(self.table[self.rows[number]]), self.config.inputs)
        if seed is None:
            return disc
        return augment(disc, self.config.augment, self.config.heads, torch.Generator().manual_seed(seed))


class ShuffledBatches(Sampler[list[Draw]]):
    """Every disc once an epoch, in batches as equal as possible, each with the seed of its variant.

    Order and seeds depend on the run's seed and the epoch alone, so a resumed run and any number of loader
    processes see the same discs. Lightning calls `set_epoch`.
    """

    def __init__(self, discs: int, batch_size: int, seed: int) -> None:
        self.discs, self.seed, self.epoch = discs, seed, 0
        self.batches = math.ceil(discs / batch_size)

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch that the next iteration gives."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.batches

    def __iter__(self) -> Iterator[list[Draw]]:
        rng = np.random.default_rng((self.seed, self.epoch))
        order, seeds = rng.permutation(self.discs), rng.integers(2**62, size=self.discs)
        for part in np.array_split(np.arange(self.discs), self.batches):
            yield [(int(order[place]), int(seeds[place])) for place in part]


class DiscData(lightning.LightningDataModule):
    """The train and validation splits of a dataset folder, prepared for `config` under `cache`.

    A disc is used when it has a view that the network reads and a grade for at least one head. After `setup`,
    `counts` (heads, grades) counts the training discs of each grade, and `issues` holds every problem found.
    """

    def __init__(self, dataset: Path, config: GraderConfig, cache: Path) -> None:
        super().__init__()
        self.folder, self.config, self.cache = dataset, config, cache
        self.discs: dict[str, GradedDiscs] = {}
        self.issues: list[Issue] = []
        self.counts = torch.zeros(len(config.heads), GRADES, dtype=torch.int64)

    def setup(self, stage: str | None = None) -> None:  # noqa: ARG002  (Lightning's signature)
        """Prepare both splits, once; `InputError` when one of them has no usable disc."""
        if self.discs:
            return
        for split in ("train", "validation"):
            self.discs[split] = self._open(split)
        self.counts = count_grades(self.discs["train"])

    def train_dataloader(self) -> DataLoader[Discs]:
        """Shuffled and augmented batches."""
        discs = self.discs["train"]
        return self._loader(discs, ShuffledBatches(len(discs), self.config.batch_size, self.config.seed))

    def val_dataloader(self) -> DataLoader[Discs]:
        """The validation discs in order, as they are."""
        discs = self.discs["validation"]
        draws: list[Draw] = [(number, None) for number in range(len(discs))]
        size = self.config.batch_size
        return self._loader(discs, [draws[start : start + size] for start in range(0, len(draws), size)])

    def _loader(
        self, discs: GradedDiscs, batches: Sampler[list[Draw]] | list[list[Draw]]
    ) -> DataLoader[Discs]:
        return DataLoader(
            discs,
            batch_size=None,
            sampler=batches,
            num_workers=self.config.workers,
            persistent_workers=False,
            pin_memory=torch.cuda.is_available(),
        )

    def _open(self, split: str) -> GradedDiscs:
        files = split_files(self.folder, split)
        table = prepare_split(files, self.config.inputs, self.config.heads, self.cache)
        rows = []
        for number, row in enumerate(table.remove_columns(list(VIEWS))):
            self.issues += issues_of(row["where"], row["problems"])
            if usable(row["views"], row["grades"], self.config):
                rows.append(number)
        if not rows:
            raise InputError(_nothing_usable(self.folder, split, self.config))
        return GradedDiscs(table, rows, self.config)


def usable(views: Sequence[str], grades: Sequence[int], config: GraderConfig) -> bool:
    """Whether the network of `config` reads one of `views` and one of `grades` is there."""
    return bool(set(views) & set(config.model.views)) and any(grade != ABSENT for grade in grades)


def count_grades(discs: GradedDiscs) -> torch.Tensor:
    """How many discs have each grade, (heads, grades) int64."""
    grades = np.array(discs.table.select_columns("grades").with_format("numpy")[:]["grades"])[discs.rows]
    return torch.from_numpy((grades[..., None] == np.arange(GRADES)).sum(axis=0))


def _nothing_usable(dataset: Path, split: str, config: GraderConfig) -> Issue:
    return Issue(
        f"{dataset} > {split}",
        "no-usable-disc",
        f"expected discs with a {' or '.join(config.model.views)} view and a grade for one of "
        f"{', '.join(config.heads)}; found none.",
        "See dropped-*.parquet and quarantine-*.parquet of the stages before.",
    )
