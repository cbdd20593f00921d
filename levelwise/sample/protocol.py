"""Which series a study has and where the technologist laid them: sagittal T2 and T1, oblique axial T2.

The choices that differ between studies (matrix, field of view, number and order of slices) are drawn from the
generator that is passed in, in a fixed order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from levelwise.sample.anatomy import Spine
from levelwise.sample.contrast import T1, T2, Contrast
from levelwise.sample.grid import Prescription
from levelwise.sample.scanner import Quality
from lexicons.vocabulary import LEVELS, Level

_X, _Y, _Z = np.eye(3)


@dataclass(frozen=True, slots=True)
class Protocol:
    """What the site scans. `scale` multiplies every matrix (0.25 makes a study small enough for a test).

    `t1_share` and `localizer_share` are the shares of studies with a sagittal T1 and with a localizer.
    """

    scale: float = 1.0
    t1_share: float = 0.6
    localizer_share: float = 0.3

    def matrix(self, pixels: int) -> int:
        """A matrix of the site, an even number of pixels."""
        return max(2 * round(pixels * self.scale / 2), 16)


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """One series to scan: its stacks in the order of acquisition, and how its images look."""

    number: int
    description: str
    plane: str
    contrast: Contrast
    quality: Quality
    stacks: tuple[Prescription, ...]


def plan_study(spine: Spine, protocol: Protocol, rng: np.random.Generator) -> tuple[SeriesPlan, ...]:
    """The series of one study, in the order of acquisition."""
    field_strength = rng.choice([1.5, 3.0])
    noise = (0.026 if field_strength < 2 else 0.016) * rng.uniform(0.8, 1.3)
    quality = Quality(noise=noise, blur_px=rng.uniform(0.45, 0.75), reach_mm=rng.uniform(90, 150))
    tilt = _turn(rng.normal(0, np.radians(1.5), 3))
    has_t1, has_localizer = rng.random() < protocol.t1_share, rng.random() < protocol.localizer_share
    t2 = SeriesPlan(
        2, "SAG T2 TSE", "sagittal", T2.varied(rng), quality, (_sagittal(spine, protocol, tilt, rng),)
    )
    t1_stack = replace(_sagittal(spine, protocol, tilt, rng, matrices=(256, 288)))
    t1 = SeriesPlan(
        3, "SAG T1 TSE", "sagittal", T1.varied(rng), replace(quality, noise=noise * 1.2), (t1_stack,)
    )
    even = replace(quality, reach_mm=rng.uniform(120, 180))
    axial = SeriesPlan(4, "AX T2 TSE", "axial", T2.varied(rng), even, _axial(spine, protocol, rng))
    localizer = SeriesPlan(
        1, "LOCALIZER", "mixed", T1.varied(rng), replace(quality, blur_px=0.9), _localizer(spine, protocol)
    )
    wanted = ((localizer, has_localizer), (t2, True), (t1, has_t1), (axial, True))
    return tuple(series for series, keep in wanted if keep)


def _turn(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """A small rotation about x, y and z, radians; columns are the turned axes."""
    a, b, c = angles
    about_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    about_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y @ about_x, dtype=np.float64)


def _sagittal(
    spine: Spine,
    protocol: Protocol,
    tilt: NDArray[np.float64],
    rng: np.random.Generator,
    matrices: tuple[int, ...] = (288, 320, 320, 384),
) -> Prescription:
    """Slices from side to side, centred on the lower lumbar spine; half of the sites start at the left."""
    x, y, z = tilt.T
    centre = 0.5 * (spine.disc_centre(Level.L1_L2) + spine.disc_centre(Level.L3_L4)) + 14 * y
    centre = centre + rng.normal(0, 2, 3)
    gap = rng.choice([4.0, 4.4, 4.4, 4.8])
    start = rng.choice([-1.0, 1.0])
    return Prescription.around(
        centre,
        y,
        -z,
        start * gap * x,
        field_mm=float(rng.choice([260.0, 270.0, 280.0, 300.0])),
        matrix=protocol.matrix(int(rng.choice(matrices))),
        slices=int(rng.choice([13, 15, 15, 17])),
        thickness_mm=4.0,
    )


def _axial(spine: Spine, protocol: Protocol, rng: np.random.Generator) -> tuple[Prescription, ...]:
    """One stack per disc, head first, each angled to its disc with a small error, all in one series."""
    first = Level.T12_L1 if rng.random() < 0.35 else Level.L1_L2
    slices, gap = int(rng.choice([3, 4, 4, 5])), float(rng.choice([3.8, 4.0, 4.4]))
    field, matrix = float(rng.choice([160.0, 180.0, 200.0])), int(rng.choice([256, 256, 288, 320]))
    stacks = []
    for level in LEVELS[first:]:
        entry = spine.curve.at(spine.disc_s(level))
        error = _turn(np.radians(rng.normal(0, (2.0, 1.5, 1.0))))
        normal = error @ spine.curve.tangent[entry]
        # Technologists tilt the slices in the sagittal plane; rows stay level with the table, nearly.
        right = _X - (_X @ normal) * normal
        right /= np.linalg.norm(right)
        down = np.cross(normal, right)
        centre = spine.disc_centre(level) + 18 * down + rng.normal(0, (2.0, 3.0, 1.2))
        stacks.append(
            Prescription.around(
                centre,
                right,
                down,
                -gap * normal,
                field_mm=field,
                matrix=protocol.matrix(matrix),
                slices=slices,
                thickness_mm=gap - 0.3,
            )
        )
    return tuple(stacks)


def _localizer(spine: Spine, protocol: Protocol) -> tuple[Prescription, ...]:
    """Three thick slices of three planes, one slice each."""
    centre = spine.disc_centre(Level.L3_L4)
    planes = ((_Y, -_Z, _X), (_X, -_Z, _Y), (_X, _Y, -_Z))
    return tuple(
        Prescription.around(
            centre,
            right,
            down,
            10 * step,
            field_mm=400,
            matrix=protocol.matrix(160),
            slices=1,
            thickness_mm=8,
        )
        for right, down, step in planes
    )
