"""How bright each tissue is on each kind of image, 0..1 of the brightest."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np


@dataclass(frozen=True, slots=True)
class Contrast:
    """The signal of every tissue on one kind of image, and the tags that say which kind it is.

    `echo_ms` and `repetition_ms` go into the header. `degenerate` is a disc that lost its nucleus.
    """

    weighting: str
    echo_ms: float
    repetition_ms: float
    fluid: float
    fat: float
    marrow: float
    cortex: float
    annulus: float
    nucleus: float
    degenerate: float
    muscle: float
    root: float
    cord: float
    ligament: float
    soft: float
    vessel: float
    organ: float
    skin: float

    def varied(self, rng: np.random.Generator, spread: float = 0.07) -> Contrast:
        """The same kind of image from another patient and scanner: each tissue off by about `spread`."""
        tissues = [f.name for f in fields(self) if f.name not in {"weighting", "echo_ms", "repetition_ms"}]
        return replace(self, **{name: getattr(self, name) * rng.normal(1, spread) for name in tissues})


T2 = Contrast(
    weighting="T2",
    echo_ms=102.0,
    repetition_ms=3500.0,
    fluid=1.0,
    fat=0.78,
    marrow=0.40,
    cortex=0.05,
    annulus=0.09,
    nucleus=0.68,
    degenerate=0.15,
    muscle=0.16,
    root=0.30,
    cord=0.42,
    ligament=0.07,
    soft=0.20,
    vessel=0.03,
    organ=0.45,
    skin=0.35,
)
T1 = Contrast(
    weighting="T1",
    echo_ms=11.0,
    repetition_ms=560.0,
    fluid=0.20,
    fat=0.95,
    marrow=0.52,
    cortex=0.05,
    annulus=0.19,
    nucleus=0.27,
    degenerate=0.22,
    muscle=0.26,
    root=0.30,
    cord=0.34,
    ligament=0.10,
    soft=0.24,
    vessel=0.04,
    organ=0.32,
    skin=0.40,
)
