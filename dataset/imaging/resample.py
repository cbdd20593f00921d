"""Oblique views of one disc, cut from a stack along the disc's own plane.

Both views are centred on the disc. Axial: slices towards the head, rows to the back, columns to the
patient's left, as a radiologist sees it. Sagittal: slices to the patient's left, rows towards the feet,
columns to the back. Shapes and sizes after Lu et al. 2018 (DeepSPINE), section 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import SimpleITK

from dataset.imaging.spine import Plane
from dataset.imaging.volume import Array, Points, Volume

sitk: Any = SimpleITK  # it carries no types

Size = Literal["paper", "half"]

COVERAGE_STEP = 6
"""Coverage is counted on every sixth row and column: exact to about a percent."""


@dataclass(frozen=True, slots=True)
class View:
    """How a disc is cut. `axes` names the directions of slices, rows and columns, as in ``+n``.

    n is the disc normal towards the head, p the back, l the patient's left.
    """

    name: str
    shape: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    axes: tuple[str, str, str]

    def affine(self, plane: Plane) -> Points:
        """4 x 4 matrix from voxel (slice, row, column) of this view to LPS mm, centred on the disc."""
        directions = disc_axes(plane.normal)
        affine = np.eye(4)
        for axis, (name, spacing) in enumerate(zip(self.axes, self.spacing_mm, strict=True)):
            affine[:3, axis] = directions[name[1]] * (spacing if name[0] == "+" else -spacing)
        affine[:3, 3] = plane.centre - affine[:3, :3] @ ((np.array(self.shape) - 1) / 2)
        return affine

    def halved(self) -> View:
        """Half as many rows and columns over the same millimetres."""
        (slices, rows, columns), (gap, high, wide) = self.shape, self.spacing_mm
        return replace(self, shape=(slices, rows // 2, columns // 2), spacing_mm=(gap, 2 * high, 2 * wide))


AXIAL = View("axial", (8, 360, 360), (2.0, 0.25, 0.25), ("+n", "+p", "+l"))
SAGITTAL = View("sagittal", (25, 160, 320), (2.0, 0.25, 0.25), ("+l", "-n", "+p"))

VIEWS: dict[Size, tuple[View, View]] = {
    "paper": (AXIAL, SAGITTAL),
    "half": (AXIAL.halved(), SAGITTAL.halved()),
}
"""Axial and sagittal view of each size: as in the paper, or with half the in-plane resolution."""


def disc_axes(normal: Points) -> dict[str, Points]:
    """Directions of a disc: ``n`` its normal, ``p`` the back within its plane, ``l`` the patient's left."""
    back = np.array([0.0, 1.0, 0.0]) - normal[1] * normal
    back /= np.linalg.norm(back)
    return {"n": normal, "p": back, "l": np.cross(back, normal)}


class Cutter:
    """A stack ready to be cut many times: its voxels as a SimpleITK image in voxel coordinates."""

    def __init__(self, volume: Volume) -> None:
        self._to_voxel = np.linalg.inv(volume.affine)
        # In float32 the cut is rounded, where ITK would cut integers off, and no slower.
        self._image = sitk.GetImageFromArray(volume.voxels.astype(np.float32))

    def cut(self, affine: Points, shape: tuple[int, int, int]) -> Array:
        """Voxels of `shape`, int16, on the grid of `affine`: linear between the source's, 0 outside of it."""
        # Everything in voxel units: a sheared or flipped stack needs no direction matrix, which ITK may
        # refuse.
        matrix = (self._to_voxel @ affine)[:3]
        transform = sitk.AffineTransform(3)
        transform.SetMatrix(matrix[::-1, 2::-1].ravel().tolist())
        transform.SetTranslation(matrix[::-1, 3].tolist())
        resampler = sitk.ResampleImageFilter()
        resampler.SetNumberOfThreads(1)  # the workers of a stage are processes
        resampler.SetSize(shape[::-1])
        resampler.SetInterpolator(sitk.sitkLinear)
        resampler.SetTransform(transform)
        cut = resampler.Execute(self._image)
        voxels: Array = np.rint(sitk.GetArrayViewFromImage(cut)).astype(np.int16)
        return voxels


def coverage(source_shape: tuple[int, int, int], source_affine: Points, view: View, plane: Plane) -> float:
    """Share 0..1 of the view that lies inside the source, the half-voxel rim of the source included."""
    matrix = np.linalg.inv(source_affine) @ view.affine(plane)
    slices, rows, columns = (np.arange(size, dtype=np.float64) for size in view.shape)
    middle = (COVERAGE_STEP - 1) / 2
    rows, columns = rows[::COVERAGE_STEP] + middle, columns[::COVERAGE_STEP] + middle
    within = np.ones((len(slices), len(rows), len(columns)), dtype=bool)
    for size, (per_slice, per_row, per_column, start) in zip(source_shape, matrix[:3], strict=True):
        rest = (start + per_row * rows)[:, None] + per_column * columns
        place = (per_slice * slices)[:, None, None] + rest
        within &= (place >= -0.5) & (place <= size - 0.5)
    return float(within.mean())


def angle_deg(source_affine: Points, view: View, plane: Plane) -> float:
    """Angle 0..90 between the slices of the source and those of the view, degrees."""
    normal = np.cross(source_affine[:3, 1], source_affine[:3, 2])
    wanted = disc_axes(plane.normal)[view.axes[0][1]]
    cosine = float(abs(normal @ wanted) / np.linalg.norm(normal))
    return float(np.degrees(np.arccos(min(1.0, cosine))))
