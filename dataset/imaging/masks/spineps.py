"""SPINEPS, instance output (``seg-vert``) with its vertebrae labelled: whole vertebrae, discs, endplates.

Moeller et al. 2024, Eur Radiol. Vertebrae C1 1 ... C7 7, T1 8 ... T12 19, L1 20 ... L6 25, S1 26, T13 28;
100 more is the disc below a vertebra, 200 and 300 more its endplates. The semantic output (``seg-spine``:
disc 100, corpus 49) does not tell one disc from the next, and is refused.
"""

from __future__ import annotations

from dataset.imaging.masks.scheme import Scheme

_LUMBAR = {18: "T11", 19: "T12", 20: "L1", 21: "L2", 22: "L3", 23: "L4", 24: "L5", 26: "S1"}
_DISCS = ("T11-T12", "T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
_OTHERS = (*range(1, 18), 25, *range(27, 34))

SCHEME = Scheme(
    name="spineps",
    source="https://github.com/Hendrik-code/spineps, labels; TPTBox vert_constants.py, Vertebra_Instance",
    vertebrae=_LUMBAR,
    bodies=False,
    discs=dict(enumerate(_DISCS, start=118)),
    other={
        **dict.fromkeys(_OTHERS, "other vertebra"),
        **{100 + value: "disc below another vertebra" for value in (*_OTHERS, 26)},
        **{base + value: "endplate" for base in (200, 300) for value in range(1, 34)},
    },
)
