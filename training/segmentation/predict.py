"""From a sagittal stack to numbered vertebrae: orientation, central slices, probabilities, label map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor, nn

from dataset.imaging.volume import Array, Volume
from training.segmentation.numbering import Numbering, between, number
from training.segmentation.picture import padded, prepared
from training.segmentation.regions import Maps, Regions, find_regions, likely
from training.segmentation.unet import Segmenter

SEARCHED = 0.6
"""Share of a stack, around its middle slice, in which the midline is looked for."""

SLAB_MM = 6.0
"""Slices up to this far from the midline are averaged and labelled, at least one on either side."""

MOST_SLICES = 5
ZOOMS = (1.0, 1.2)
"""The slices are seen at these sizes and the probabilities averaged: discs are thin. Dice of discs on the
seven held-out patients 0.860 instead of 0.856, of the others the same."""

DISC = 10
"""The disc above vertebra n of the label map has the value n plus this."""

FOLLOW_MM = 4.0
"""A pixel of a single slice takes the number of a vertebra of the average that is this near."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """How to turn stored slices so that rows run to the feet and columns to the back, and back again."""

    transposed: bool
    flipped: tuple[int, ...]

    @classmethod
    def of(cls, affine: NDArray[np.float64]) -> Orientation:
        """The orientation of a sagittal stack from its affine (slice, row, column) to LPS."""
        rows, columns = affine[:3, 1], affine[:3, 2]
        transposed = abs(rows[2]) < abs(columns[2])
        down, back = (columns, rows) if transposed else (rows, columns)
        return cls(transposed, tuple(axis for axis, turn in ((1, down[2] > 0), (2, back[1] < 0)) if turn))

    def turn(self, slices: Array) -> Array:
        """(slices, rows, columns) as stored to (slices, towards feet, towards back)."""
        return np.flip(slices.swapaxes(1, 2) if self.transposed else slices, self.flipped)

    def restore(self, slices: Array) -> Array:
        """The inverse of `turn`."""
        slices = np.flip(slices, self.flipped)
        return slices.swapaxes(1, 2) if self.transposed else slices

    def spacing(self, volume: Volume) -> tuple[float, float]:
        """Distance in mm along the turned rows and columns."""
        _, rows, columns = volume.spacing_mm
        return (columns, rows) if self.transposed else (rows, columns)


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """Numbered vertebrae of one stack.

    `labels` is uint8 of the volume's shape, 1 S1 ... 8 T11, and 11 L5-S1 ... 17 T11-T12 where the network
    looks for discs; all zero when the numbering was refused. `slices` are the slices that were used,
    `certainty` the mean probability of the labelled pixels. `maps` and `plane` are the averaged
    probabilities and their regions on the midline, turned as in `Orientation`, for pictures and measures.
    """

    labels: NDArray[np.uint8]
    numbering: Numbering
    slices: tuple[int, ...]
    certainty: float
    maps: Maps
    plane: Regions


def probabilities(images: Tensor, network: Segmenter, zooms: Sequence[float] = ZOOMS) -> Tensor:
    """Probabilities (slices, structure, rows, columns) of prepared slices (slices, 1, rows, columns).

    The mean over the `zooms` at which the slices are seen.
    """
    seen = [torch.cat([_at_size(image[None], network, zoom) for zoom in zooms]) for image in images]
    return torch.stack([sizes.mean(0) for sizes in seen])


def _at_size(image: Tensor, network: Segmenter, zoom: float) -> Tensor:
    """Probabilities of one slice (1, 1, rows, columns), seen `zoom` times as large, at its own size."""
    shape = image.shape[-2:]
    larger = (round(shape[0] * zoom), round(shape[1] * zoom))
    with torch.inference_mode():
        logits = network(padded(_resized(image, larger), 2**network.config.depth))
        return _resized(logits.sigmoid()[..., : larger[0], : larger[1]], shape)


def _resized(picture: Tensor, shape: Sequence[int]) -> Tensor:
    """`picture` (..., rows, columns) of another size, linear and without aliasing."""
    if picture.shape[-2:] == tuple(shape):
        return picture
    return nn.functional.interpolate(picture, list(shape), mode="bilinear", antialias=True)


def as_maps(probability: Tensor, network: Segmenter) -> Maps:
    """Probabilities (structure, rows, columns) by the name of the structure."""
    return {name: probability[k].numpy() for k, name in enumerate(network.config.structures)}


def segment_volume(volume: Volume, network: Segmenter) -> Segmentation:
    """Find and number the vertebrae of a sagittal T2 stack; see `Segmentation`."""
    orientation = Orientation.of(volume.affine)
    spacing = orientation.spacing(volume)
    candidates = central(volume.shape[0])
    turned = orientation.turn(volume.voxels[candidates])
    images = torch.stack([prepared(image, spacing, network.config.spacing_mm) for image in turned])
    used = around_midline(probabilities(images, network, (1.0,)), network, volume.spacing_mm[0])
    chosen = probabilities(images[used], network)
    maps = as_maps(chosen.mean(0), network)
    plane = find_regions(maps, network.config.spacing_mm)
    numbering = number(plane.found)
    numbered, discs = numbered_picture(plane, numbering), numbered_discs(plane, numbering)
    labels = np.zeros(volume.shape, np.uint8)
    for k, place in enumerate(used):
        drawn = follow(numbered, discs, as_maps(chosen[k], network), network.config.spacing_mm)
        whole = _enlarged(drawn, (turned.shape[1], turned.shape[2]))
        labels[candidates[place]] = orientation.restore(whole[None])[0]
    marked = numbered > 0
    likely = np.maximum(maps["body"], maps["sacrum"])[marked]
    return Segmentation(
        labels,
        numbering,
        tuple(int(candidates[place]) for place in used),
        float(likely.mean()) if marked.any() else 0.0,
        maps,
        plane,
    )


def central(slices: int) -> NDArray[np.int64]:
    """The slices in the central `SEARCHED` share of a stack, three at least where there are three."""
    half = max(1, round(slices * SEARCHED / 2))
    middle = slices // 2
    return np.arange(max(0, middle - half), min(slices, middle + half + 1))


def around_midline(probability: Tensor, network: Segmenter, gap_mm: float) -> list[int]:
    """Places of the slices around the one with most canal, or most body where no canal is looked for."""
    structures = network.config.structures
    guide = structures.index("canal" if "canal" in structures else "body")
    area = (probability[:, guide] > 0.5).sum((1, 2)).float()
    smooth = nn.functional.avg_pool1d(area[None], 3, 1, 1, count_include_pad=False)[0]
    middle = int(smooth.argmax())
    reach = max(1, int(SLAB_MM / gap_mm))
    offsets = np.unique(np.rint(np.linspace(-reach, reach, min(MOST_SLICES, 2 * reach + 1))).astype(int))
    return [middle + int(k) for k in offsets if 0 <= middle + k < len(probability)]


def numbered_picture(plane: Regions, numbering: Numbering) -> NDArray[np.uint8]:
    """The regions of `plane` with the values of the label map, 0 elsewhere."""
    picture = np.zeros(plane.bodies.shape, np.uint8)
    for value, region in numbering.vertebrae.items():
        regions = plane.sacrum if value == 1 else plane.bodies
        picture[regions == region.index] = value
    return picture


def numbered_discs(plane: Regions, numbering: Numbering) -> NDArray[np.uint8]:
    """The largest disc between each two numbered neighbours with its value of the label map, 0 elsewhere."""
    picture = np.zeros(plane.discs.shape, np.uint8)
    for value, low in numbering.vertebrae.items():
        high = numbering.vertebrae.get(value + 1)
        if high is not None and (discs := between(low, high, plane.found.discs or ())):
            picture[plane.discs == max(discs, key=lambda disc: disc.area_mm2).index] = DISC + value
    return picture


def follow(
    numbered: NDArray[np.uint8], discs: NDArray[np.uint8], maps: Maps, spacing_mm: float
) -> NDArray[np.uint8]:
    """One slice's own outlines, each pixel with the number of the nearest vertebra or disc of the average."""
    body = likely(maps, "body") & (maps["body"] >= maps.get("disc", np.float32(0)))
    drawn = _nearest(numbered, body | likely(maps, "sacrum"), spacing_mm)
    if "disc" not in maps:
        return drawn
    return np.where(drawn == 0, _nearest(discs, likely(maps, "disc"), spacing_mm), drawn)


def _nearest(numbered: NDArray[np.uint8], inside: NDArray[np.bool_], spacing_mm: float) -> NDArray[np.uint8]:
    """The pixels `inside`, each with the nearest value of `numbered` where that is within `FOLLOW_MM`."""
    if not numbered.any():
        return numbered
    distance, nearest = ndimage.distance_transform_edt(numbered == 0, return_indices=True)
    drawn = np.where(inside & (distance * spacing_mm <= FOLLOW_MM), numbered[tuple(nearest)], 0)
    return drawn.astype(np.uint8)


def _enlarged(picture: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Nearest-neighbour resampling back to the rows and columns of the turned slice."""
    tensor = torch.from_numpy(picture)[None, None].float()
    return nn.functional.interpolate(tensor, shape, mode="nearest-exact")[0, 0].numpy().astype(np.uint8)
