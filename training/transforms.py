"""One disc as tensors, and what is done to it: normalisation, motion, contrast, mirror, a hidden view.

Orientation of the voxels, from the `discs` table: axial (slice to the head, row to the back, column to the
patient's left), sagittal (slice to the patient's left, row to the feet, column to the back).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.config import VIEWS, AugmentConfig, InputConfig, Size, mirrored
from training.prepare import PreparedDisc


class Discs(NamedTuple):
    """One disc, or with a leading batch axis many.

    `axial` (slices, rows, columns) and `sagittal` (1, slices, rows, columns) float32, zeros where absent;
    `present` (2,) bool in the order of `VIEWS`; `grades` (heads,) int64, -1 where absent.
    """

    axial: Tensor
    sagittal: Tensor
    present: Tensor
    grades: Tensor


def to_tensors(disc: PreparedDisc, inputs: InputConfig) -> Discs:
    """A prepared disc as normalised tensors."""
    return Discs(
        axial=normalise(disc.axial, inputs.axial, unit_variance=inputs.unit_variance),
        sagittal=normalise(disc.sagittal, inputs.sagittal, unit_variance=inputs.unit_variance)[None],
        present=torch.tensor([getattr(disc, view) is not None for view in VIEWS]),
        grades=torch.tensor(disc.grades, dtype=torch.int64),
    )


def normalise(data: bytes | None, size: Size, *, unit_variance: bool) -> Tensor:
    """int16 voxels as float32 with mean 0 (Lu et al. 2018, section 3.1) and, if asked, variance 1.

    An absent volume, and one of a single value, is all zeros.
    """
    if data is None:
        return torch.zeros(size)
    voxels = torch.from_numpy(np.frombuffer(data, np.int16).reshape(size).astype(np.float32))
    voxels -= voxels.mean()
    spread = float(voxels.std(correction=0))
    return voxels / spread if unit_variance and spread > 0 else voxels


def augment(disc: Discs, config: AugmentConfig, heads: Sequence[str], generator: torch.Generator) -> Discs:
    """A random variant of one disc; `generator` alone decides which."""
    axial, sagittal = (_vary(volume, config, generator) for volume in (disc.axial, disc.sagittal[0]))
    moved = disc._replace(axial=axial, sagittal=sagittal[None])
    if _chance(config.mirror, generator):
        moved = mirror(moved, heads)
    if bool(disc.present.all()) and _chance(config.drop_view, generator):
        moved = hide(moved, "axial" if _chance(0.5, generator) else "sagittal")
    return moved


def mirror(disc: Discs, heads: Sequence[str]) -> Discs:
    """The disc with left and right exchanged: in both volumes, and between the grades of paired findings."""
    partner = [heads.index(mirrored(code)) for code in heads]
    return disc._replace(
        axial=disc.axial.flip(-1), sagittal=disc.sagittal.flip(-3), grades=disc.grades[..., partner]
    )


def hide(disc: Discs, view: str) -> Discs:
    """The disc as if `view` had never been acquired."""
    present = disc.present.clone()
    present[VIEWS.index(view)] = False
    hidden = {view: torch.zeros_like(getattr(disc, view))}
    return disc._replace(present=present, **hidden)


def move(volume: Tensor, angle_deg: float, shift: tuple[float, float]) -> Tensor:
    """Every slice of (slices, rows, columns) turned about its centre and moved by (rows, columns) / size.

    Pixels are square; what comes from outside is 0, the mean of the volume.
    """
    rows, columns = volume.shape[-2:]
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    down, right = (-2 * share for share in shift)
    theta = torch.tensor([[[cos, -sin * rows / columns, right], [sin * columns / rows, cos, down]]])
    grid = F.affine_grid(theta, [1, 1, rows, columns], align_corners=False)
    return F.grid_sample(volume[None], grid, align_corners=False)[0]


def _vary(volume: Tensor, config: AugmentConfig, generator: torch.Generator) -> Tensor:
    turn, down, right = (2 * torch.rand(3, generator=generator) - 1).tolist()
    if config.rotate_deg or config.shift:
        volume = move(volume, turn * config.rotate_deg, (down * config.shift, right * config.shift))
    scale = float(volume.std(correction=0))
    volume = volume * (1 + config.gain * float(torch.randn((), generator=generator)))
    if config.noise:
        volume = volume + config.noise * scale * torch.randn(volume.shape, generator=generator)
    return volume


def _chance(probability: float, generator: torch.Generator) -> bool:
    return float(torch.rand((), generator=generator)) < probability
