"""Where a stack of slices lies, and interpolation from a coarser grid over a slice to its pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataset.imaging.volume import Volume
from levelwise.sample.curve import Floats

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prescription:
    """Where a stack of slices lies: LPS mm.

    `corner` is the centre of the first voxel of the first slice, `right` and `down` are unit vectors along
    growing columns and rows, `step` the vector from one slice to the next; its length is their distance.
    """

    corner: Vector
    right: Vector
    down: Vector
    step: Vector
    pixel_mm: float
    thickness_mm: float
    rows: int
    columns: int
    slices: int

    @classmethod
    def around(
        cls,
        centre: Vector,
        right: Vector,
        down: Vector,
        step: Vector,
        *,
        field_mm: float,
        matrix: int,
        slices: int,
        thickness_mm: float,
    ) -> Prescription:
        """A square stack of `slices` whose middle is `centre`."""
        pixel = field_mm / matrix
        half = (matrix - 1) / 2 * pixel
        corner = centre - half * right - half * down - (slices - 1) / 2 * step
        return cls(corner, right, down, step, pixel, thickness_mm, matrix, matrix, slices)

    @classmethod
    def of_volume(cls, volume: Volume) -> Prescription:
        """The grid of a volume; `ValueError` when its pixels are not square."""
        gap, row, column = volume.spacing_mm
        if abs(row - column) > 1e-4 * row:
            raise ValueError(
                f"phantom labels > volume: expected square pixels; got {row:.4f} x {column:.4f} mm"
            )
        axes = volume.affine[:3, :3]
        slices, rows, columns = volume.shape
        return cls(
            volume.affine[:3, 3],
            axes[:, 2] / column,
            axes[:, 1] / row,
            axes[:, 0],
            row,
            gap,
            rows,
            columns,
            slices,
        )

    @property
    def affine(self) -> Vector:
        """Voxel (slice, row, column) to LPS mm, 4 x 4."""
        affine = np.eye(4)
        affine[:3, 0], affine[:3, 3] = self.step, self.corner
        affine[:3, 1], affine[:3, 2] = self.down * self.pixel_mm, self.right * self.pixel_mm
        return affine

    def plane(self, number: int, offset_mm: float = 0.0) -> Prescription:
        """The single slice `number`, shifted by `offset_mm` along the step."""
        start = self.corner + self.step * (number + offset_mm / np.linalg.norm(self.step))
        return Prescription(
            start,
            self.right,
            self.down,
            self.step,
            self.pixel_mm,
            self.thickness_mm,
            self.rows,
            self.columns,
            1,
        )

    def points(self, rows: Vector, columns: Vector) -> Vector:
        """Patient points (rows, columns, 3) of the first slice at these fractional rows and columns."""
        along = columns[None, :, None] * self.pixel_mm * self.right
        return np.asarray(
            self.corner + rows[:, None, None] * self.pixel_mm * self.down + along, dtype=np.float64
        )


class Nodes:
    """A coarser grid over a slice: `points` (n, m, 3) of its nodes about every `every_mm`."""

    def __init__(self, plane: Prescription, every_mm: float) -> None:
        self.rows, self.columns = (
            np.linspace(0, n - 1, max(int(np.ceil(n * plane.pixel_mm / every_mm)) + 1, 2))
            for n in (plane.rows, plane.columns)
        )
        self.points = plane.points(self.rows, self.columns)
        self._pixels = (np.arange(plane.rows, dtype=np.float64), np.arange(plane.columns, dtype=np.float64))

    def to_pixels(self, values: Floats) -> Floats:
        """Values at the nodes (n, m), interpolated to every pixel of the slice."""
        return self._interpolate(values, *self._pixels)

    def to_nodes(self, values: Floats, finer: Nodes) -> Floats:
        """Values at the nodes (n, m), interpolated to the nodes of a finer grid over the same slice."""
        return self._interpolate(values, finer.rows, finer.columns)

    def _interpolate(self, values: Floats, rows: Vector, columns: Vector) -> Floats:
        wide = _between(values.astype(np.float32).T, columns, self.columns)
        return _between(np.ascontiguousarray(wide.T), rows, self.rows)


def _between(values: Floats, wanted: Vector, nodes: Vector) -> Floats:
    """Rows of `values`, known at `nodes`, interpolated linearly to `wanted`: whole rows, so it is quick."""
    low = np.clip(np.searchsorted(nodes, wanted, side="right") - 1, 0, len(nodes) - 2)
    share = ((wanted - nodes[low]) / (nodes[low + 1] - nodes[low])).astype(np.float32)[:, None]
    result = values[low]
    result += share * (values[low + 1] - result)
    return result
