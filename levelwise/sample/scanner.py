"""A scanner for phantoms: slices of a spine on any grid, with partial volume, coil shading, blur and noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from dataset.imaging.volume import Volume
from levelwise.sample.anatomy import Spine
from levelwise.sample.body import Back, Texture, paint_body
from levelwise.sample.contrast import Contrast
from levelwise.sample.curve import Floats
from levelwise.sample.tissue import Points, body_distance, paint_spine, sac_distance

_NODE_MM = 6.0  # spine coordinates are straight enough to be found every 6 mm and interpolated
_BODY_MM = 1.6  # fat and muscle have soft edges and are painted on a coarser grid
_FULL_SCALE = 1000.0  # stored value of the brightest tissue


@dataclass(frozen=True, slots=True)
class Prescription:
    """Where a stack of slices lies: LPS mm.

    `corner` is the centre of the first voxel of the first slice, `right` and `down` unit vectors along growing
    columns and rows, `step` the vector from one slice to the next (its length is the distance between slices).
    """

    corner: NDArray[np.float64]
    right: NDArray[np.float64]
    down: NDArray[np.float64]
    step: NDArray[np.float64]
    pixel_mm: float
    thickness_mm: float
    rows: int
    columns: int
    slices: int

    @classmethod
    def around(
        cls,
        centre: NDArray[np.float64],
        right: NDArray[np.float64],
        down: NDArray[np.float64],
        step: NDArray[np.float64],
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

    @property
    def affine(self) -> NDArray[np.float64]:
        """Voxel (slice, row, column) to LPS mm, 4 x 4."""
        affine = np.eye(4)
        affine[:3, 0], affine[:3, 3] = self.step, self.corner
        affine[:3, 1], affine[:3, 2] = self.down * self.pixel_mm, self.right * self.pixel_mm
        return affine


@dataclass(frozen=True, slots=True)
class Quality:
    """What the scanner adds: noise and coil shading relative to the brightest tissue, blur in pixels.

    `reach_mm` is the distance over which a spine coil loses two thirds of its signal; None is even.
    """

    noise: float = 0.02
    blur_px: float = 0.6
    reach_mm: float | None = 110.0


class Scanner:
    """Scans one spine; keeps what all of its series share."""

    def __init__(self, spine: Spine) -> None:
        self.spine = spine
        self.back = Back.of(spine)
        self.texture = Texture.of(spine.texture)

    def scan(
        self, where: Prescription, contrast: Contrast, quality: Quality, rng: np.random.Generator
    ) -> NDArray[np.uint16]:
        """Stored values of a stack, (slices, rows, columns). Draws from `rng` in slice order."""
        stack = np.empty((where.slices, where.rows, where.columns), dtype=np.uint16)
        gain = _FULL_SCALE * rng.uniform(0.7, 1.4)
        for number in range(where.slices):
            image = self._slice(where, number, contrast)
            image *= self._shading(where, number, quality)
            image = gaussian_filter(image, quality.blur_px)
            noise = rng.standard_normal((2, *image.shape), dtype=np.float32) * np.float32(quality.noise)
            stack[number] = np.rint(np.hypot(image + noise[0], noise[1]) * gain).clip(0, 4095)
        return stack

    def vertebra_labels(self, volume: Volume) -> NDArray[np.uint8]:
        """Vertebral bodies on the grid of `volume`: 1 is S1, 8 is T11, 9 and 10 are T10 and T9; 0 elsewhere."""
        labels = np.zeros(volume.shape, dtype=np.uint8)
        for number in range(volume.shape[0]):
            points, keep = self._near(_of_volume(volume), number, 0.0)
            body = (body_distance(self.spine, points) < 0) & (self.spine.profile.vertebra[points.entry] > 0)
            labels[number].ravel()[keep[body]] = self.spine.profile.vertebra[points.entry[body]]
        return labels

    def sac_labels(self, volume: Volume) -> NDArray[np.uint8]:
        """The dural sac on the grid of `volume`: 1 inside, 0 outside."""
        labels = np.zeros(volume.shape, dtype=np.uint8)
        for number in range(volume.shape[0]):
            points, keep = self._near(_of_volume(volume), number, 0.0)
            labels[number].ravel()[keep[sac_distance(self.spine, points) < 0]] = 1
        return labels

    def _slice(self, where: Prescription, number: int, contrast: Contrast) -> Floats:
        """One slice without noise: the mean of two planes, a quarter of its thickness above and below."""
        body = self._background(where, number, contrast)
        total = np.zeros_like(body)
        for offset in (-0.25, 0.25):
            image = body.copy()
            points, keep = self._near(where, number, offset * where.thickness_mm)
            points.signal[:] = image.ravel()[keep]
            paint_spine(self.spine, points, contrast)
            image.ravel()[keep] = points.signal
            total += image
        return total * np.float32(0.5)

    def _background(self, where: Prescription, number: int, contrast: Contrast) -> Floats:
        rows, columns, grid = _nodes(where, number, 0.0, _BODY_MM)
        near_rows, near_columns, coarse = _nodes(where, number, 0.0, _NODE_MM)
        place = self.spine.curve.locate(coarse.reshape(-1, 3)).reshape(coarse.shape)
        at_rows = _weights(rows, near_rows)
        at_columns = _weights(columns, near_columns)
        place = np.einsum("ij,jkc,lk->ilc", at_rows, place, at_columns, optimize=True)
        image = paint_body(self.spine, self.back, self.texture, contrast, grid, place)
        return _spread(image, rows, columns, where)

    def _near(self, where: Prescription, number: int, offset: float) -> tuple[Points, NDArray[np.intp]]:
        """The points of a slice that can lie in the spine, and their flat indices in the slice."""
        rows, columns, coarse = _nodes(where, number, offset, _NODE_MM)
        place = self.spine.curve.locate(coarse.reshape(-1, 3)).reshape(coarse.shape)
        s, u, v = (_spread(place[..., i].astype(np.float32), rows, columns, where).ravel() for i in range(3))
        keep = np.flatnonzero((np.abs(v) < 54) & (u > -24) & (u < 80))
        s, u, v = s[keep], u[keep], v[keep]
        return Points.of(s, u, v, self._marrow(where, number, offset, keep), np.zeros_like(s)), keep

    def _marrow(self, where: Prescription, number: int, offset: float, keep: NDArray[np.intp]) -> Floats:
        start = where.corner + where.step * (number + offset / np.linalg.norm(where.step))
        row, column = np.divmod(keep, where.columns)
        down, right = (np.float32(axis * where.pixel_mm) for axis in (where.down, where.right))
        points = np.float32(start) + row[:, None] * down + column[:, None] * right
        return Texture.look_up(self.texture.fine, points.astype(np.float32), 1.1)

    def _shading(self, where: Prescription, number: int, quality: Quality) -> Floats:
        if quality.reach_mm is None:
            return np.ones((where.rows, where.columns), dtype=np.float32)
        rows, columns, grid = _nodes(where, number, 0.0, 12.0)
        depth = np.clip(self.back.depth(grid), 0, None)
        shade = 1.25 * np.exp(-((depth / quality.reach_mm) ** 1.6)) + 0.12
        return _spread(shade.astype(np.float32), rows, columns, where)


def _of_volume(volume: Volume) -> Prescription:
    gap, row, column = volume.spacing_mm
    if abs(row - column) > 1e-4 * row:
        raise ValueError(f"phantom labels: expected square pixels; got {row} x {column} mm")
    columns = volume.affine[:3, :3] / np.array([1.0, row, column])
    return Prescription(
        volume.affine[:3, 3],
        columns[:, 2],
        columns[:, 1],
        columns[:, 0],
        row,
        gap,
        *volume.shape[1:],
        volume.shape[0],
    )


def _nodes(
    where: Prescription, number: int, offset: float, every_mm: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Fractional rows and columns of a coarser grid over a slice, and its patient points (rows, columns, 3)."""
    count = [max(int(np.ceil(n * where.pixel_mm / every_mm)) + 1, 2) for n in (where.rows, where.columns)]
    rows, columns = np.linspace(0, where.rows - 1, count[0]), np.linspace(0, where.columns - 1, count[1])
    start = where.corner + where.step * (number + offset / np.linalg.norm(where.step))
    points = (
        start
        + rows[:, None, None] * where.pixel_mm * where.down
        + columns[None, :, None] * where.pixel_mm * where.right
    )
    return rows, columns, points


def _weights(wanted: NDArray[np.float64], nodes: NDArray[np.float64]) -> NDArray[np.float32]:
    """The matrix of linear interpolation from values at `nodes` to values at `wanted`."""
    low = np.clip(np.searchsorted(nodes, wanted, side="right") - 1, 0, len(nodes) - 2)
    share = (wanted - nodes[low]) / (nodes[low + 1] - nodes[low])
    matrix = np.zeros((len(wanted), len(nodes)), dtype=np.float32)
    matrix[np.arange(len(wanted)), low] = 1 - share
    matrix[np.arange(len(wanted)), low + 1] = share
    return matrix


def _spread(
    image: Floats, rows: NDArray[np.float64], columns: NDArray[np.float64], where: Prescription
) -> Floats:
    """A coarse image interpolated to every pixel of the slice."""
    to_rows = _weights(np.arange(where.rows, dtype=np.float64), rows)
    to_columns = _weights(np.arange(where.columns, dtype=np.float64), columns)
    return np.asarray(to_rows @ image @ to_columns.T, dtype=np.float32)
