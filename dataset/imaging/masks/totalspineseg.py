"""TotalSpineSeg, final output (``step2_output``): whole vertebrae, discs, cord and canal.

Warszawer et al. 2025; label table of the project's README, release of 2024-10 and later. The numbers of
earlier releases were others (L5 18, discs from 202), and such a mask is refused by its unknown labels.
"""

from __future__ import annotations

from dataset.imaging.masks.scheme import Scheme

SCHEME = Scheme(
    name="totalspineseg",
    source="https://github.com/neuropoly/totalspineseg, list of classes",
    vertebrae={31: "T11", 32: "T12", 41: "L1", 42: "L2", 43: "L3", 44: "L4", 45: "L5", 50: "S1"},
    bodies=False,
    discs={
        82: "T11-T12", 91: "T12-L1", 92: "L1-L2", 93: "L2-L3", 94: "L3-L4", 95: "L4-L5", 100: "L5-S1",
    },
    other={
        1: "spinal cord",
        2: "spinal canal",
        **dict.fromkeys(range(11, 18), "cervical vertebra"),
        **dict.fromkeys(range(21, 31), "thoracic vertebra above T11"),
        **dict.fromkeys((*range(63, 68), *range(71, 82)), "disc above T11-T12"),
    },
)  # fmt: skip
