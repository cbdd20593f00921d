"""TotalSegmentator MR, task ``vertebrae_mr``: whole vertebrae, and the sacrum in one piece.

Akinci D'Antonoli et al. 2025, Radiology. Sacrum 1, then L5 2 up to C1 25. Arches are part of a vertebra; its
body is the part that is deepest inside. No S1 is told apart from the sacrum, so L5-S1 is not cut. The task
``total_mr`` gives all vertebrae one value and all discs another, and is refused.
"""

from __future__ import annotations

from dataset.imaging.masks.scheme import Scheme

SCHEME = Scheme(
    name="totalsegmentator",
    source="https://github.com/wasserth/TotalSegmentator, map_to_binary.py, vertebrae_mr",
    vertebrae=dict(enumerate(("L5", "L4", "L3", "L2", "L1", "T12", "T11"), start=2)),
    bodies=True,
    arches=True,
    other={1: "sacrum", **dict.fromkeys(range(9, 26), "vertebra above T11")},
)
