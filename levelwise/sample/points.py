"""Points near a phantom spine and the strokes that paint them: signed distances with soft edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelwise.sample.body import Texture
from levelwise.sample.curve import Floats, table_index

Number = Floats | float


@dataclass(slots=True)
class Points:
    """Scattered points in spine coordinates, mm, with the signal that painters build up.

    `across` is the distance from the midline, `entry` the table entry of each point, `grain` the texture of
    bone and fat in the patient, about -1..1.
    """

    s: Floats
    u: Floats
    v: Floats
    across: Floats
    entry: NDArray[np.intp]
    grain: Floats
    signal: Floats

    @classmethod
    def of(cls, s: Floats, u: Floats, v: Floats, grain: Floats | None = None) -> Points:
        """Points from their spine coordinates, without signal."""
        zeros = np.zeros_like(s)
        return cls(s, u, v, np.abs(v), table_index(s), zeros if grain is None else grain, zeros.copy())

    def part(self, where: NDArray[np.intp]) -> Points:
        """A copy of some of the points; painting it leaves these untouched."""
        return Points(*(getattr(self, name)[where] for name in Points.__slots__))

    def over(self, distance: Floats, value: Number, edge: float = 0.9) -> None:
        """Lay `value` over the points where `distance` is negative; `edge` is the width of the border, mm."""
        alpha = np.clip(0.5 - distance * np.float32(1 / edge), 0, 1)
        self.signal += alpha * (value - self.signal)

    def strands(self, texture: Texture) -> Floats:
        """Texture drawn out along the spine, as nerve roots are, about -1..1."""
        return texture.look_up(texture.fine, self.u, self.v, self.s * np.float32(0.07), 0.75)


def ellipse(a: Floats, half_a: Number, b: Floats, half_b: Number) -> Floats:
    """Distance, to first order, from an ellipse with these half axes; never a half axis under 0.3 mm."""
    half_a, half_b = np.maximum(half_a, 0.3), np.maximum(half_b, 0.3)
    ratio = np.sqrt((a / half_a) ** 2 + (b / half_b) ** 2)
    return np.asarray((ratio - 1) * np.minimum(half_a, half_b), dtype=np.float32)


def slab(a: Floats, half_a: Number, b: Floats, half_b: Number, round_mm: float = 2.0) -> Floats:
    """Distance from a rectangle whose corners are rounded."""
    x, y = np.abs(a) - half_a + round_mm, np.abs(b) - half_b + round_mm
    outside = np.sqrt(np.maximum(x, 0) ** 2 + np.maximum(y, 0) ** 2)
    return np.asarray(outside + np.minimum(np.maximum(x, y), 0) - round_mm, dtype=np.float32)


def both(*distances: Floats) -> Floats:
    """Distance from what is inside of every one of these shapes."""
    result = distances[0]
    for distance in distances[1:]:
        result = np.maximum(result, distance)
    return result


def ramp(value: Floats, start: float, end: float) -> Floats:
    """0 below `start`, 1 above `end`, straight between them."""
    return np.asarray(np.clip((value - start) * np.float32(1 / (end - start)), 0, 1), dtype=np.float32)
