"""Vertebral bodies numbered from the sacrum up, as `levelwise segment` writes them."""

from __future__ import annotations

from dataset.imaging.masks.scheme import Scheme
from dataset.imaging.spine import VERTEBRAE

SCHEME = Scheme(
    name="levelwise",
    source="this project",
    vertebrae=dict(enumerate(VERTEBRAE, start=1)),
    bodies=True,
)
