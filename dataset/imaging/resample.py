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
from dataset.imaging.volume import Array, Points, Volume, apply_affine, inside

sitk: Any = SimpleITK  # it carries no types

Size = Literal["paper", "half"]

COVERAGE_STEP = 4
"""Coverage is counted on every fourth row and column: exact to about a percent."""


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
        self._image = sitk.GetImageFromArray(volume.voxels)

    def cut(self, affine: Points, shape: tuple[int, int, int]) -> Array:
        """Voxels of `shape` on the grid of `affine`, linear between the source's; 0 outside the source."""
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
        voxels: Array = sitk.GetArrayFromImage(resampler.Execute(self._image))
        return voxels


def coverage(source_shape: tuple[int, int, int], source_affine: Points, view: View, plane: Plane) -> float:
    """Share 0..1 of the view that lies inside the source, the half-voxel rim of the source included."""
    slices, rows, columns = (np.arange(size, dtype=np.float64) for size in view.shape)
    middle = (COVERAGE_STEP - 1) / 2
    axes = slices, rows[::COVERAGE_STEP] + middle, columns[::COVERAGE_STEP] + middle
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    voxels = apply_affine(np.linalg.inv(source_affine) @ view.affine(plane), grid)
    return float(inside(source_shape, voxels).mean())


def angle_deg(source_affine: Points, view: View, plane: Plane) -> float:
    """Angle 0..90 between the slices of the source and those of the view, degrees."""
    normal = np.cross(source_affine[:3, 1], source_affine[:3, 2])
    wanted = disc_axes(plane.normal)[view.axes[0][1]]
    cosine = float(abs(normal @ wanted) / np.linalg.norm(normal))
    return float(np.degrees(np.arccos(min(1.0, cosine))))
