"""What a training slice is put through, so that the segmenter holds on scanners it never saw.

The training pictures come from one sequence of one scanner family. Ordinary fast spin echo differs in the
brightness of marrow, discs and fluid, in coil shading, in resolution and in the field of view; each of
those is drawn at random here. Front and back are never mirrored and contrast is never inverted: neither
occurs. Random numbers come from torch's global generator.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Ranges of the random changes: lengths in mm, angles in degrees, intensities on the 0..1 scale."""

    zoom: tuple[float, float] = (0.7, 1.3)
    rotation_deg: float = 15.0
    shift_mm: float = 35.0
    tissue: float = 0.5
    gamma: float = 0.5
    bias: float = 0.6
    noise: float = 0.08
    coarsest: float = 0.4
    crop: float = 0.4
    lower_cut: float = 0.3


def uniform(low: float, high: float) -> float:
    """One number from `low` up to `high`."""
    return float(torch.empty(()).uniform_(low, high))


def chance(probability: float) -> bool:
    """True as often as `probability` says."""
    return uniform(0, 1) < probability


def augmented(
    image: Tensor, masks: Tensor, spacing_mm: float, size: tuple[int, int], to_mm: float, how: Augmentation
) -> tuple[Tensor, Tensor]:
    """A random view of a slice; `field_of_view` then says where it ends.

    `image` (1, rows, columns) 0..1 and `masks` (structure, rows, columns) 0/1 at `spacing_mm`; out come the
    same two at `to_mm` with rows and columns of `size`, float32.
    """
    grid = random_grid(masks, spacing_mm, size, to_mm, how)
    view = nn.functional.grid_sample(torch.cat([image, masks])[None].float(), grid, align_corners=False)[0]
    picture, truth = view[:1], (view[1:] > 0.5).float()
    picture = recoloured(picture, truth, how)
    picture = coarsened(picture, how)
    picture = (picture + uniform(0, how.noise) * torch.randn_like(picture)).clamp(0, 1)
    return picture, truth


def random_grid(
    masks: Tensor, spacing_mm: float, size: tuple[int, int], to_mm: float, how: Augmentation
) -> Tensor:
    """Sampling grid (1, rows, columns, 2) around the middle of the annotated region, for grid_sample."""
    rows, columns = masks.shape[1:]
    marked = masks.amax(0).nonzero().float()
    middle = marked.mean(0) if len(marked) else torch.tensor([rows / 2, columns / 2])
    zoom, angle = (
        uniform(*how.zoom),
        torch.deg2rad(torch.tensor(uniform(-how.rotation_deg, how.rotation_deg))),
    )
    y = (torch.arange(size[0]) - (size[0] - 1) / 2) * to_mm / zoom + uniform(-how.shift_mm, how.shift_mm)
    x = (torch.arange(size[1]) - (size[1] - 1) / 2) * to_mm / zoom + uniform(-how.shift_mm, how.shift_mm)
    down, across = torch.meshgrid(y, x, indexing="ij")
    source_row = middle[0] + (down * angle.cos() + across * angle.sin()) / spacing_mm
    source_column = middle[1] + (across * angle.cos() - down * angle.sin()) / spacing_mm
    return torch.stack([(2 * source_column + 1) / columns - 1, (2 * source_row + 1) / rows - 1], dim=-1)[None]


def recoloured(picture: Tensor, truth: Tensor, how: Augmentation) -> Tensor:
    """Brightness of each tissue, then a rising curve over all of it, then coil shading."""
    soft = nn.functional.avg_pool2d(truth, 3, 1, 1)
    for tissue in soft:
        if chance(0.6):
            picture = picture * (1 + (uniform(-how.tissue, how.tissue) * tissue))
    picture = picture.clamp(0, 1) ** float(torch.tensor(uniform(-how.gamma, how.gamma)).exp())
    if chance(0.5):
        picture = rising_curve(picture)
    shading = nn.functional.interpolate(
        torch.randn(1, 1, 4, 4) * uniform(0, how.bias), picture.shape[1:], mode="bicubic", align_corners=True
    )[0]
    return (picture * shading.exp() * uniform(0.7, 1.5)).clamp(0, 1)


def rising_curve(picture: Tensor, knots: int = 7) -> Tensor:
    """`picture` 0..1 through a random curve that never falls, so that dark stays darker than bright."""
    heights = torch.cat([torch.zeros(1), (torch.rand(knots - 1) + 0.15).cumsum(0)])
    heights = heights / heights[-1]
    place = picture * (knots - 1)
    left = place.floor().clamp(max=knots - 2).long()
    return heights[left] + (heights[left + 1] - heights[left]) * (place - left)


def coarsened(picture: Tensor, how: Augmentation) -> Tensor:
    """Half of the time the resolution of a coarser matrix, different in rows and columns."""
    if chance(0.5):
        return picture
    shape = picture.shape[1:]
    coarse = [max(8, round(side * uniform(how.coarsest, 1))) for side in shape]
    small = nn.functional.interpolate(picture[None], coarse, mode="bilinear", antialias=True)
    return nn.functional.interpolate(small, shape, mode="bilinear")[0]


def field_of_view(truth: Tensor, how: Augmentation) -> Tensor:
    """Ones inside a random field of view, zeros outside; (1, rows, columns).

    `truth` (structure, rows, columns) is what is marked. With the probability `crop` any edge may lie up to
    three tenths inside; with `lower_cut` the lower edge lies somewhere in the lower third of what is
    marked, so that the last body in sight is often not S1.
    """
    rows, columns = truth.shape[1:]
    inside = torch.ones(1, rows, columns)
    if chance(how.crop):
        top, bottom, left, right = (uniform(0, 0.3) * chance(0.5) for _ in range(4))
        inside[:, : int(top * rows)] = 0
        inside[:, rows - int(bottom * rows) :] = 0
        inside[:, :, : int(left * columns)] = 0
        inside[:, :, columns - int(right * columns / 2) :] = 0
    marked = truth.amax(dim=(0, 2)).nonzero().flatten()
    if len(marked) and chance(how.lower_cut):
        first, last = int(marked[0]), int(marked[-1])
        inside[:, int(uniform(last - (last - first) / 3, last)) :] = 0
    return inside
