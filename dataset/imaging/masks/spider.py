"""SPIDER: whole vertebrae and discs, numbered from the lowest lumbar one up.

van der Graaf et al. 2024, Scientific Data 11, 264. Vertebrae 1..25 from L5 up (S1 is not labelled), those
cut off by the edge of the image plus 100; spinal canal 100; discs 201..225 from L5-S1 up. The numbers count,
they do not identify: L5 is 1 only where the lowest labelled vertebra is L5.
"""

from __future__ import annotations

from dataset.imaging.masks.scheme import Scheme

_VERTEBRAE = ("L5", "L4", "L3", "L2", "L1", "T12", "T11")
_DISCS = ("L5-S1", "L4-L5", "L3-L4", "L2-L3", "L1-L2", "T12-L1", "T11-T12")

SCHEME = Scheme(
    name="spider",
    source="van der Graaf et al. 2024, https://doi.org/10.1038/s41597-024-03090-w",
    vertebrae=dict(enumerate(_VERTEBRAE, start=1)),
    bodies=False,
    discs=dict(enumerate(_DISCS, start=201)),
    other={
        100: "spinal canal",
        **dict.fromkeys(range(8, 26), "vertebra above T11"),
        **dict.fromkeys(range(101, 126), "vertebra cut off by the edge"),
        **dict.fromkeys(range(208, 226), "disc above T11-T12"),
    },
)
