"""The curve of a phantom spine and the coordinates along it.

Patient frame: LPS mm. A point near the spine has three coordinates: ``s``, the arc length along the curve
towards the head (0 at the upper endplate of S1), ``u``, mm behind the curve, and ``v``, mm to the patient's
left of it. Every structure of the phantom is a function of (s, u, v).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]
"""An array of float32. numpy's types lose the width at the first power or product, so they do not say it."""

STEP_MM = 0.25
"""Distance between two entries of every table along the curve."""
S_MIN, S_MAX = -120.0, 330.0
FAR_MM = 400.0
"""Size of ``u`` of a point that has no place along the curve."""


def table_positions() -> NDArray[np.float64]:
    """Arc length of every entry of a table along the curve, mm."""
    return np.arange(S_MIN, S_MAX + STEP_MM / 2, STEP_MM)


def table_index(s: Floats) -> NDArray[np.intp]:
    """The entry of a table along the curve that is nearest to each arc length."""
    index = (s - (S_MIN - STEP_MM / 2)) * (1 / STEP_MM)
    return np.clip(index.astype(np.intp), 0, round((S_MAX - S_MIN) / STEP_MM))


@dataclass(frozen=True, slots=True)
class Curve:
    """The curve and its frame at the positions of `table_positions`; each array is (n, 3), LPS.

    `tangent` points to the head, `behind` to the patient's back, `left` to the patient's left; they are
    orthonormal, and the plane of a disc is the plane of `behind` and `left` at its arc length.
    """

    points: NDArray[np.float64]
    tangent: NDArray[np.float64]
    behind: NDArray[np.float64]
    left: NDArray[np.float64]

    @classmethod
    def bend(
        cls,
        sagittal: NDArray[np.float64],
        coronal: NDArray[np.float64],
        rotation: NDArray[np.float64],
        through: NDArray[np.float64],
        at: float,
    ) -> Curve:
        """The curve whose tangent has these angles (radians, one per table position).

        `sagittal` is the angle from the table's long axis towards the back, `coronal` towards the patient's
        left, `rotation` the turn of the vertebrae about the curve. The curve passes `through` a point at arc
        length `at`.
        """
        tangent = np.stack(
            [np.sin(coronal), np.sin(sagittal) * np.cos(coronal), np.cos(sagittal) * np.cos(coronal)], axis=1
        )
        points = np.cumsum(tangent, axis=0) * STEP_MM
        points += through - points[round((at - S_MIN) / STEP_MM)]
        back = np.array([0.0, 1.0, 0.0]) - tangent[:, 1:2] * tangent
        back /= np.linalg.norm(back, axis=1, keepdims=True)
        side = np.cross(back, tangent)
        turn = rotation[:, None]
        behind = np.cos(turn) * back + np.sin(turn) * side
        return cls(points, tangent, behind, np.cross(behind, tangent))

    def at(self, s: float) -> int:
        """The table entry nearest to arc length `s`."""
        return round((s - S_MIN) / STEP_MM)

    def locate(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(s, u, v) of each of (n, 3) patient points, as (n, 3): the foot of the normal from the curve.

        Newton steps on the arc length from a start at the same height. Good to 0.01 mm within 70 mm of the
        curve. Further out the planes of neighbouring arc lengths may cross: there ``u`` is `FAR_MM` or its
        negative.
        """
        s = np.interp(points[:, 2], self.points[:, 2], table_positions())
        for _ in range(4):
            index = table_index(s.astype(np.float32))
            away = points - self.points[index]
            along = np.einsum("ij,ij->i", away, self.tangent[index])
            ahead = np.minimum(index + 8, len(self.points) - 1)
            bend = (self.tangent[ahead] - self.tangent[index]) / (8 * STEP_MM)
            slope = np.clip(1 - np.einsum("ij,ij->i", away, bend), 0.35, 3.0)
            s = np.clip(table_positions()[index] + along / slope, S_MIN, S_MAX)
        index = table_index(s.astype(np.float32))
        away = points - self.points[index]
        along = np.einsum("ij,ij->i", away, self.tangent[index])
        u = np.einsum("ij,ij->i", away, self.behind[index])
        v = np.einsum("ij,ij->i", away, self.left[index])
        # Where the planes of the curve cross there is no foot: such points lie far from every structure.
        u = np.where(np.abs(along) < 3.0, u, np.copysign(FAR_MM, u))
        return np.stack([table_positions()[index] + along, u, v], axis=1)
