"""A volume of voxels that knows where it lies in the patient.

The affine is the one geometry that counts: it maps a voxel (slice, row, column) to LPS millimetres, for any
axis order, flip or shear, so no code downstream needs to know how the scanner laid its slices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Points = npt.NDArray[np.float64]

SPACING_TOLERANCE_MM = 1e-3


@dataclass(frozen=True, eq=False)
class Volume:
    """Voxels with their place in the patient.

    `voxels` has the shape (slices, rows, columns). `spacing_mm` is the distance between slices, rows and
    columns. `affine`, 4 x 4, maps a voxel index (slice, row, column, 1) to LPS mm; it points at voxel
    centres.

    `ValueError` when the array is not three-dimensional, the affine is not an invertible 4 x 4 matrix, or its
    columns disagree with `spacing_mm`.
    """

    voxels: Array
    spacing_mm: tuple[float, float, float]
    affine: Points

    def __post_init__(self) -> None:
        if self.voxels.ndim != 3:
            raise ValueError(
                f"volume: expected voxels (slices, rows, columns); got shape {self.voxels.shape}"
            )
        if self.affine.shape != (4, 4) or abs(np.linalg.det(self.affine)) < 1e-9:
            raise ValueError(f"volume: expected an invertible 4 x 4 affine; got shape {self.affine.shape}")
        expected = spacing_of(self.affine)
        if not np.allclose(expected, self.spacing_mm, atol=SPACING_TOLERANCE_MM):
            raise ValueError(f"volume: expected the spacing of the affine, {expected}; got {self.spacing_mm}")

    @classmethod
    def from_affine(cls, voxels: Array, affine: Points) -> Volume:
        """A volume whose spacing is read off its affine."""
        affine = np.asarray(affine, dtype=np.float64)
        return cls(voxels=voxels, spacing_mm=spacing_of(affine), affine=affine)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Slices, rows, columns."""
        slices, rows, columns = self.voxels.shape
        return slices, rows, columns

    def to_lps(self, voxels: npt.ArrayLike) -> Points:
        """LPS mm of voxel indices (..., 3); fractions are allowed."""
        return apply_affine(self.affine, voxels)

    def to_voxel(self, points: npt.ArrayLike) -> Points:
        """Fractional voxel indices (slice, row, column) of LPS points (..., 3); may lie outside the array."""
        return apply_affine(np.linalg.inv(self.affine), points)


def apply_affine(affine: Points, points: npt.ArrayLike) -> Points:
    """`points` (..., 3) mapped by a 4 x 4 matrix."""
    result: Points = np.asarray(points, dtype=np.float64) @ affine[:3, :3].T + affine[:3, 3]
    return result


def spacing_of(affine: Points) -> tuple[float, float, float]:
    """Distance in mm between slices, rows and columns: the lengths of the first three columns."""
    slices, rows, columns = np.linalg.norm(affine[:3, :3], axis=0)
    return float(slices), float(rows), float(columns)


def inside(shape: tuple[int, int, int], voxels: Points) -> npt.NDArray[np.bool_]:
    """Which fractional voxel indices (..., 3) lie in an array of `shape`, its half-voxel rim included."""
    result: npt.NDArray[np.bool_] = ((voxels >= -0.5) & (voxels <= np.asarray(shape) - 0.5)).all(axis=-1)
    return result
