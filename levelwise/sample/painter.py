"""The order in which the parts of a spine are painted, each only where it can lie."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from levelwise.sample.anatomy import Spine
from levelwise.sample.arches import paint_arches, paint_sides
from levelwise.sample.body import Texture
from levelwise.sample.canal import paint_canal
from levelwise.sample.column import paint_column
from levelwise.sample.contrast import Contrast
from levelwise.sample.points import Points


def paint_spine(spine: Spine, points: Points, contrast: Contrast, texture: Texture) -> None:
    """Every structure of the spine over the background signal of `points`, in place; later ones on top."""
    across, u = points.across, points.u
    behind = u - spine.profile.roof[points.entry]
    parts: tuple[tuple[NDArray[np.bool_], Callable[[Points], None]], ...] = (
        ((across > 6) & (across < 34) & (u > 2) & (behind < 4), lambda p: paint_sides(spine, p, contrast)),
        ((behind > -12) & (behind < 44) & (across < 34), lambda p: paint_arches(spine, p, contrast, texture)),
        ((across < 17) & (u > 0) & (behind < 6), lambda p: paint_canal(spine, p, contrast, texture)),
        ((across < 54) & (u < 24) & (u > -24), lambda p: paint_column(spine, p, contrast)),
    )
    for near, paint in parts:
        where = np.flatnonzero(near)
        part = points.part(where)
        paint(part)
        points.signal[where] = part.signal
