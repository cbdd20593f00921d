"""Sizes of an average adult lumbar spine and what each grade narrows them to: the numbers of the phantom.

Bodies and discs after Panjabi et al. 1992 (Spine 17:299), canal widths after Steurer et al. 2011 (BMC
Musculoskelet Disord 12:175: under 12 mm is relative, under 10 mm absolute stenosis), rounded. Millimetres.
"""

from __future__ import annotations

from lexicons.vocabulary import Level

LABELS = tuple(range(-2, 11))
"""Vertebrae from S4 to T9 by label: 1 is S1 and numbers grow to the head, as in the levelwise scheme."""
NAMES: dict[int, str] = {1: "S1", 2: "L5", 3: "L4", 4: "L3", 5: "L2", 6: "L1", 7: "T12", 8: "T11"}
"""The vertebrae that the levelwise scheme knows."""

# One number per vertebra of LABELS, S4 to T9. A disc is listed with the vertebra below it.
HEIGHT = (18, 20, 23, 29, 27, 27.5, 27.5, 27, 26, 24.5, 23, 22, 21)
DISC = (1.5, 2, 3, 10.5, 11.5, 10.5, 9.5, 8, 7, 5.5, 5, 4.5, 4)
HALF_AP = (5, 7, 10, 15.5, 17, 17, 16.5, 16, 15.5, 15, 14.5, 14, 13.5)
HALF_WIDTH = (14, 16, 20, 26, 25.5, 24, 22.5, 21.5, 20.5, 19.5, 18, 17, 16)
SAC_AP = (0.1, 1, 5, 11, 14, 14.5, 14.5, 15, 15, 15, 14.5, 14, 14)
SAC_HALF_WIDTH = (0.1, 1, 3, 7.5, 9.5, 9.7, 9.5, 9.3, 9.3, 9, 8.5, 8, 8)
SAC_GAP = (6, 6, 6, 4.5, 2.2, 1.0, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8)
"""Distance from the back of the body to the sac."""
LEAN_DEG = (0, -20, -37, -38, -22, -9.5, 0, 6, 10, 10, 7, 4, 1)
"""Angle of each vertebra from the long axis towards the back, with average lordosis."""

# By grade 0..3. Neighbouring grades overlap a little because a jitter is added to each.
CANAL_AP = (13.8, 10.8, 8.4, 5.2)
"""Depth of the sac at the disc, by SCS."""
CANAL_WIDTH = (1.0, 0.93, 0.83, 0.68)
"""Width of the sac relative to normal, by SCS."""
FORAMEN = (1.0, 0.76, 0.52, 0.25)
"""Size of the fat around the root relative to normal, by RFS and LFS."""
RECESS = (1.0, 0.95, 0.89, 0.82)
"""Width of that half of the sac relative to normal, by RRS and LRS."""
FACET = (1.0, 1.08, 1.18, 1.3)
"""Size of the facets relative to normal, by RFA and LFA."""
ROOTS_MM2 = 48.0
"""Cross-section of the cauda equina: it does not shrink, so it fills what is left of a narrow sac."""


def disc_number(level: Level) -> int:
    """Where the disc of a level stands in an array with one entry per vertebra of `LABELS`."""
    return (6 - level) - LABELS[0]
