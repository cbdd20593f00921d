"""What surrounds the spine: muscles, fat, vessels, the skin of the back and the air behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from levelwise.sample.anatomy import Spine
from levelwise.sample.contrast import Contrast
from levelwise.sample.curve import Floats, table_index

_CUBE = 64
_FIBRE = np.array([[0.8, 0.3, 0.0], [0.3, 0.45, 0.1], [0.0, 0.1, 0.3]], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Texture:
    """Random texture about -1..1 that repeats every 64 steps: `fine` for marrow, `coarse` for muscle, gut."""

    fine: Floats
    coarse: Floats

    @classmethod
    def of(cls, seed: int) -> Texture:
        """The texture of one patient."""
        rng = np.random.default_rng(seed)
        cubes = [gaussian_filter(rng.normal(size=(_CUBE,) * 3), width, mode="wrap") for width in (0.8, 2.2)]
        return cls(*(np.float32(cube / (2 * cube.std())).ravel() for cube in cubes))

    @staticmethod
    def look_up(table: Floats, x: Floats, y: Floats, z: Floats, step_mm: float) -> Floats:
        """The texture at points given by three coordinates in mm, one texture voxel per `step_mm`."""
        scale, shift = np.float32(1 / step_mm), np.float32(64 * _CUBE)  # shifted, so that zero is no seam
        i, j, k = ((axis * scale + shift).astype(np.int32) & (_CUBE - 1) for axis in (x, y, z))
        found: Floats = table[(i * _CUBE + j) * _CUBE + k]
        return found


@dataclass(frozen=True, slots=True)
class Back:
    """The skin of the back in the midline: its y (mm, LPS) as a function of z."""

    z: NDArray[np.float64]
    skin: NDArray[np.float64]
    centre_x: NDArray[np.float64]

    @classmethod
    def of(cls, spine: Spine) -> Back:
        """A smooth back, 48 mm of spinous process and ligament and the patient's fat behind the bodies."""
        at = slice(None, None, 40)
        curve, roof = spine.curve, spine.profile.roof[at, None]
        tips = curve.points[at] + curve.behind[at] * (roof + 37 * spine.size)
        order = np.argsort(tips[:, 2])
        tips = tips[order]
        height = (tips[:, 2] - tips[:, 2].mean()) / 100  # decimetres, so that the fit is well scaled
        smooth = np.polyval(np.polyfit(height, tips[:, 1], 4), height)
        return cls(tips[:, 2], smooth + spine.fat_mm, tips[:, 0])

    def depth(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Distance in front of the skin of patient points (..., 3), mm; negative in the air."""
        z = points[..., 2]
        x = points[..., 0] - np.interp(z, self.z, self.centre_x)
        skin = np.interp(z, self.z, self.skin) - 0.0016 * x * x + 5 * (1 - np.exp(-((x / 22) ** 2)))
        return np.asarray(skin - points[..., 1], dtype=np.float64)


def paint_body(
    spine: Spine,
    back: Back,
    texture: Texture,
    contrast: Contrast,
    points: NDArray[np.float64],
    place: Floats,
    coarse: Floats,
) -> Floats:
    """Background signal at patient points (..., 3).

    `place` holds their (s, u, v) and `coarse` the coarse texture there.
    """
    s, u, v = (place[..., i] for i in range(3))
    depth = np.asarray(back.depth(points), dtype=np.float32)
    # Streaks of fat are long and run backwards and outwards, as the fibres of the muscle do.
    x, y, z = np.moveaxis(points.astype(np.float32) @ _FIBRE, -1, 0)
    streak = texture.look_up(texture.coarse, x, y, z, 0.9)
    across = np.abs(v)
    image = contrast.fat * (0.85 + 0.1 * coarse)
    _abdomen(image, contrast, s, u, v, coarse)
    _muscles(image, contrast, spine, s, u, across, streak, coarse, depth)
    _over(image, depth - 1.8, contrast.skin, 1.5)
    _over(image, depth, 0.0, 1.2)
    return np.asarray(image, dtype=np.float32)


def _over(image: Floats, distance: Floats, value: Floats | float, edge: float) -> None:
    image += np.clip(0.5 - distance * np.float32(1 / edge), 0, 1) * (value - image)


def _abdomen(image: Floats, contrast: Contrast, s: Floats, u: Floats, v: Floats, coarse: Floats) -> None:
    """Gut, kidneys, psoas, aorta and vena cava, all in front of the transverse processes."""
    gut = np.clip(coarse * 2.5, -1, 1)
    _over(image, 45 + u + 6 * coarse, contrast.organ * (0.8 + 0.5 * gut), 6.0)
    across = np.abs(v)
    kidney = _round(across - 68, 26, u + 4, 24, s - 175, 48)
    _over(image, kidney, contrast.organ * 1.25, 2.0)
    low = np.clip((190 - s) / 190, 0, 1.05)  # psoas grows from T12 to L5, and moves forward there
    psoas = _round(
        across - 30 - 12 * low, 4 + 16 * low, u + 1 + 8 * np.clip(low - 0.7, 0, 1), 5 + 16 * low, s, 1e6
    )
    _over(image, np.where(s > 185, 9, psoas), contrast.muscle * (1 + 0.15 * coarse), 1.5)
    for side, size, shift in ((1.0, 8.5, 8.0), (-1.0, 9.5, -14.0)):
        fork = np.clip((58 - s) * 0.35, 0, 26)  # both vessels fork at L4
        vessel = _round(
            v - shift - side * fork, size - 0.1 * fork, u + 28 - 0.15 * fork, size - 0.1 * fork, s, 1e6
        )
        _over(image, vessel, contrast.vessel, 1.5)
        _over(image, np.abs(vessel) - 0.7, contrast.soft, 1.2)


def _round(
    a: Floats, half_a: Floats | float, b: Floats, half_b: Floats | float, c: Floats, half_c: float
) -> Floats:
    ratio = np.sqrt((a / half_a) ** 2 + (b / half_b) ** 2 + (c / half_c) ** 2)
    return np.asarray((ratio - 1) * np.minimum(half_a, half_b), dtype=np.float32)


def _muscles(
    image: Floats,
    contrast: Contrast,
    spine: Spine,
    s: Floats,
    u: Floats,
    across: Floats,
    streak: Floats,
    coarse: Floats,
    depth: Floats,
) -> None:
    """Erector spinae and multifidus on both sides, with streaks of fat that grow with age and downwards."""
    middle = spine.profile.roof[table_index(s)] + 11
    muscle = _round(across - 33, 34.0, u - middle, 25.0, s, 1e6)
    muscle = np.maximum(muscle, spine.fat_mm * 0.8 + 2 - depth)
    fatty = spine.streaks * (1 + np.clip((60 - s) / 60, 0, 1.5))
    # Thin sheets of fat where the texture changes sign, and more of it where its wider waves are high.
    sheet = np.clip(1.1 - np.abs(streak) / (0.06 + 0.45 * fatty), 0, 1)
    share = sheet * np.clip(0.2 + coarse + 1.5 * fatty, 0, 1)
    cleft = np.clip(1 - np.abs(across - 17 - 0.25 * (u - middle)) / 1.2, 0, 1)  # between both muscles
    share = np.maximum(share, 0.5 * cleft * (coarse > -0.3))
    _over(image, muscle, contrast.muscle + share * (contrast.fat * 0.8 - contrast.muscle), 2.0)
    _over(image, np.abs(muscle) - 0.5, contrast.soft, 1.2)
