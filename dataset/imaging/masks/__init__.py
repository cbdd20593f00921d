"""What the labels of a mask mean: one scheme per file, registered by name.

A new source of masks is one file here with its table and where the table comes from, and one line below.
"""

from __future__ import annotations

from dataset.imaging.masks import dicomseg, levelwise, spider, spineps, totalsegmentator, totalspineseg
from dataset.imaging.masks.scheme import Scheme

SCHEMES: dict[str, Scheme] = {
    module.SCHEME.name: module.SCHEME
    for module in (levelwise, totalspineseg, spider, spineps, totalsegmentator, dicomseg)
}
"""Every scheme by name."""

__all__ = ["SCHEMES", "Scheme"]
