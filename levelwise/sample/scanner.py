"""A scanner for phantoms: slices on any grid, with partial volume, coil shading, blur and noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from dataset.imaging.volume import Volume
from levelwise.sample.anatomy import Spine
from levelwise.sample.body import Back, Texture, paint_body
from levelwise.sample.column import body_distance
from levelwise.sample.contrast import Contrast
from levelwise.sample.curve import Floats
from levelwise.sample.grid import Nodes, Prescription
from levelwise.sample.painter import paint_spine
from levelwise.sample.points import Points

_NODE_MM = 6.0  # spine coordinates are straight enough to be found every 6 mm and interpolated
_BODY_MM = 1.2  # fat and muscle have soft edges and are painted on a coarser grid
_WAVE_MM = 3.0  # gut and fat
_SHADE_MM = 12.0
_FULL_SCALE = 1000.0  # stored value of the brightest tissue
_MAX_VALUE = 4095  # 12 bits


@dataclass(frozen=True, slots=True)
class Quality:
    """What the scanner adds: `noise` relative to the brightest tissue, blur in pixels (standard deviation).

    `reach_mm` is the depth under the skin at which the spine coil has lost two thirds of its signal.
    """

    noise: float = 0.02
    blur_px: float = 0.6
    reach_mm: float = 110.0


class Scanner:
    """Scans one spine; keeps what all of its series share."""

    def __init__(self, spine: Spine) -> None:
        self.spine = spine
        self.back = Back.of(spine)
        self.texture = Texture.of(spine.texture)

    def scan(
        self, where: Prescription, contrast: Contrast, quality: Quality, rng: np.random.Generator
    ) -> NDArray[np.uint16]:
        """Stored values of a stack, (slices, rows, columns), 0..4095. Draws from `rng` in slice order."""
        stack = np.empty((where.slices, where.rows, where.columns), dtype=np.uint16)
        gain = np.float32(_FULL_SCALE * rng.uniform(0.7, 1.4))
        pixels = where.rows * where.columns
        static = rng.standard_normal(3 * pixels, dtype=np.float32) * np.float32(quality.noise)
        for number in range(where.slices):
            image = self._slice(where, number, contrast) * self._shading(where.plane(number), quality)
            image = gaussian_filter(image, quality.blur_px, truncate=3.0)
            # Every slice starts elsewhere in one long draw of noise: quicker than a draw for each.
            real, other = (
                static[at : at + pixels].reshape(image.shape) for at in rng.integers(2 * pixels, size=2)
            )
            stack[number] = np.rint(np.hypot(image + real, other) * gain).clip(0, _MAX_VALUE)
        return stack

    def vertebra_labels(self, volume: Volume) -> NDArray[np.uint8]:
        """Vertebral bodies on the grid of `volume`: 1 is S1, 8 T11, 9 and 10 T10 and T9; 0 elsewhere."""
        vertebra = self.spine.profile.vertebra
        where = Prescription.of_volume(volume)
        labels = np.zeros(volume.shape, dtype=np.uint8)
        for number in range(where.slices):
            points, keep = self._near(where.plane(number))
            inside = body_distance(self.spine, points) < 0
            labels[number][keep] = np.where(inside, np.maximum(vertebra[points.entry], 0), 0)
        return labels

    def _slice(self, where: Prescription, number: int, contrast: Contrast) -> Floats:
        """One slice without noise: the mean of two planes, a quarter of its thickness to either side."""
        body = self._background(where.plane(number), contrast)
        total = np.zeros_like(body)
        for offset in (-0.25, 0.25):
            image = body.copy()
            points, keep = self._near(where.plane(number, offset * where.thickness_mm))
            points.signal[:] = image[keep]
            paint_spine(self.spine, points, contrast, self.texture)
            image[keep] = points.signal
            total += image
        return total * np.float32(0.5)

    def _background(self, plane: Prescription, contrast: Contrast) -> Floats:
        coarse, fine = Nodes(plane, _NODE_MM), Nodes(plane, max(_BODY_MM, plane.pixel_mm))
        place = np.stack([coarse.to_nodes(axis, fine) for axis in self._locate(coarse)], axis=-1)
        middle = Nodes(plane, _WAVE_MM)
        x, y, z = np.moveaxis(middle.points.astype(np.float32), -1, 0)
        waves = self.texture.look_up(self.texture.coarse, x, y, z, _WAVE_MM)
        waves = middle.to_nodes(waves, fine)
        image = paint_body(self.spine, self.back, self.texture, contrast, fine.points, place, waves)
        return fine.to_pixels(image)

    def _near(self, plane: Prescription) -> tuple[Points, tuple[NDArray[np.intp], ...]]:
        """The points of a slice that can lie in the spine, and their rows and columns."""
        nodes = Nodes(plane, _NODE_MM)
        s, u, v = (nodes.to_pixels(axis) for axis in self._locate(nodes))
        keep = ((np.abs(v) < 54) & (u > -24) & (u < 80)).nonzero()
        s, u, v = s[keep], u[keep], v[keep]
        grain = self.texture.look_up(self.texture.fine, s, u, v, 1.1)
        return Points.of(s, u, v, grain), keep

    def _locate(self, nodes: Nodes) -> NDArray[np.float64]:
        """Spine coordinates of the nodes, (3, n, m)."""
        place = self.spine.curve.locate(nodes.points.reshape(-1, 3))
        return np.moveaxis(place.reshape(nodes.points.shape), -1, 0)

    def _shading(self, plane: Prescription, quality: Quality) -> Floats:
        nodes = Nodes(plane, _SHADE_MM)
        depth = np.clip(self.back.depth(nodes.points), 0, None)
        return nodes.to_pixels(1.25 * np.exp(-((depth / quality.reach_mm) ** 1.6)) + 0.12)
