"""Vertebral bodies and discs numbered from the sacrum up, as `levelwise segment` writes them.

The disc above vertebra n is 10 + n: 11 is L5-S1, 16 is T12-L1.
"""

from __future__ import annotations

from itertools import pairwise

from dataset.imaging.masks.scheme import Scheme
from dataset.imaging.spine import VERTEBRAE

SCHEME = Scheme(
    name="levelwise",
    source="this project",
    vertebrae=dict(enumerate(VERTEBRAE, start=1)),
    bodies=True,
    discs={10 + n: f"{upper}-{lower}" for n, (lower, upper) in enumerate(pairwise(VERTEBRAE), start=1)},
)
