"""Annotated slices as batches for training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from training.segmentation.augment import Augmentation, augmented, field_of_view
from training.segmentation.picture import prepared, resampled
from training.segmentation.sources import CODES, AnnotatedSlice
from training.segmentation.unet import UNetConfig

FINER = 0.75
"""Slices are kept at this share of the network's spacing, so that a random view loses no sharpness."""

SEEN_S1 = 0.6
"""Share of S1 that must be in view for it to be looked for."""

Batch = tuple[Tensor, Tensor, Tensor]
"""image (batch, 1, rows, columns), truth (batch, structure, rows, columns), annotated (batch, structure)."""


@dataclass(frozen=True, slots=True, eq=False)
class PreparedSlice:
    """A slice at the working spacing: image (1, rows, columns) 0..1, masks (structure, rows, columns) 0/1."""

    image: Tensor
    masks: Tensor
    annotated: Tensor


def prepare(item: AnnotatedSlice, config: UNetConfig, to_mm: float) -> PreparedSlice:
    """`item` at `to_mm` per pixel with one mask per structure of `config`."""
    codes = torch.from_numpy(item.mask)
    masks = torch.stack([codes == CODES[name] for name in config.structures])
    return PreparedSlice(
        prepared(item.image, item.spacing_mm, to_mm),
        resampled(masks, item.spacing_mm, to_mm) > 0.5,
        torch.tensor([float(name in item.structures) for name in config.structures]),
    )


class SliceDataset(Dataset[tuple[Tensor, Tensor, Tensor]]):
    """Random views of annotated slices, each of the size and spacing of `config`.

    `repeats` is how many views of every slice make one epoch. Slices are resampled once and held in memory.
    """

    def __init__(
        self,
        slices: Sequence[AnnotatedSlice],
        config: UNetConfig,
        augmentation: Augmentation | None = None,
        repeats: int = 1,
    ) -> None:
        self.config, self.augmentation, self.repeats = config, augmentation or Augmentation(), repeats
        self.working_mm = config.spacing_mm * FINER
        self.slices = [prepare(item, config, self.working_mm) for item in slices]

    def __len__(self) -> int:
        return len(self.slices) * self.repeats

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor, Tensor]:
        item = self.slices[index % len(self.slices)]
        image, truth = augmented(
            item.image,
            item.masks,
            self.working_mm,
            self.config.size,
            self.config.spacing_mm,
            self.augmentation,
        )
        inside = field_of_view(truth, self.augmentation)
        return image * inside, visible(truth, truth * inside, self.config), item.annotated


def visible(whole: Tensor, seen: Tensor, config: UNetConfig) -> Tensor:
    """`seen` without an S1 of which less than `SEEN_S1` is in view: nobody can tell that from a cut L5."""
    for place, name in enumerate(config.structures):
        if name == "sacrum" and seen[place].sum() < SEEN_S1 * whole[place].sum():
            seen[place] = 0
    return seen


def loader(dataset: SliceDataset, batch: int) -> DataLoader[tuple[Tensor, Tensor, Tensor]]:
    """Shuffled batches; the last incomplete one is dropped, since batch normalisation dislikes it."""
    return DataLoader(dataset, batch_size=min(batch, len(dataset)), shuffle=True, drop_last=True)
