"""A dark page measured in the patient's millimetres: panels, marks, scale bars and chips."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from dataset.imaging.volume import Array
from lexicons.vocabulary import Grade

Size = tuple[float, float]
"""Width and height, mm."""

GROUND, INK, FAINT, CURVE, DISC = "#0d1117", "#e6edf3", "#7d8590", "#f2cc60", "#58a6ff"
CHIP: dict[int, str] = {
    Grade.NORMAL: "#3d444d",
    Grade.MILD: "#9a7a1e",
    Grade.MODERATE: "#c4611d",
    Grade.SEVERE: "#c93c37",
}
DPI = 100
MM_PER_INCH = 26.0
"""Scale of the picture: 0.26 mm a pixel, about what the views are cut at."""
CHIP_STEP = 12.0
HALO = [withStroke(linewidth=2.5, foreground=GROUND)]
"""A dark rim that keeps letters readable over bright tissue."""


class Page:
    """A figure measured in millimetres of the patient, from its upper left corner."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / MM_PER_INCH, height / MM_PER_INCH), dpi=DPI, facecolor=GROUND)

    def panel(self, left: float, top: float, size: Size) -> Axes:
        """Axes in which one unit is one millimetre and rows grow downwards."""
        wide, high = size
        bottom = self.height - top - high
        axes = self.figure.add_axes(
            (left / self.width, bottom / self.height, wide / self.width, high / self.height)
        )
        axes.set(xlim=(0, wide), ylim=(high, 0), xticks=[], yticks=[], facecolor="black")
        axes.spines[:].set_color("#30363d")
        return axes

    def text(self, left: float, top: float, words: str, **style: Any) -> None:
        """Words with their baseline on `top`."""
        self.figure.text(
            left / self.width, 1 - top / self.height, words, **{"color": INK, "fontsize": 11, **style}
        )

    def chips(self, left: float, top: float, grades: Mapping[str, int], step: float = CHIP_STEP) -> None:
        """One chip per finding code, coloured by its grade."""
        for code, grade in grades.items():
            self.text(left, top, code, color="white", fontsize=9, bbox=chip_box(grade))
            left += step

    def png(self) -> bytes:
        """The page as the bytes of a PNG file."""
        buffer = BytesIO()
        self.figure.savefig(buffer, format="png", facecolor=GROUND, metadata={"Software": None})
        return buffer.getvalue()


def window_of(voxels: Array | None) -> tuple[float, float]:
    """Black and white of a picture: the darkest and brightest hundredth of the voxels, zeros left out."""
    inside = np.zeros(0) if voxels is None else voxels[voxels != 0]
    low, high = np.percentile(inside, (1, 99)) if inside.size else (0.0, 1.0)
    return float(low), float(max(high, low + 1))


def show(axes: Axes, image: Array | None, size: Size, window: tuple[float, float]) -> None:
    """The image over the whole panel, from black to white in the `window`, the dark end lifted."""
    if image is None or not image.any():
        axes.text(size[0] / 2, size[1] / 3, "not covered", color=FAINT, fontsize=10, ha="center")
        return
    norm = PowerNorm(0.8, *window, clip=True)
    axes.imshow(image, cmap="gray", norm=norm, extent=(0, size[0], size[1], 0), interpolation="bilinear")


def mark_sides(axes: Axes, size: Size, *, west: str, east: str) -> None:
    """Letters for the patient's sides at the left and right edge of a panel."""
    style: dict[str, Any] = {
        "color": CURVE,
        "fontsize": 10,
        "va": "center",
        "weight": "bold",
        "path_effects": HALO,
    }
    axes.text(2, size[1] / 2, west, ha="left", **style)
    axes.text(size[0] - 2, size[1] / 2, east, ha="right", **style)


def scale_bar(axes: Axes, size: Size, length: float) -> None:
    """A bar of `length` mm in the lower right corner of a panel."""
    right, low = size[0] - 3, size[1] - 3
    axes.plot([right - length, right], [low, low], color=INK, linewidth=2, solid_capstyle="butt")
    style: dict[str, Any] = {"color": INK, "fontsize": 8, "va": "bottom", "path_effects": HALO}
    axes.text(right - length / 2, low - 1, f"{length:.0f} mm", ha="center", **style)


def chips(axes: Axes, left: float, middle: float, grades: Mapping[str, int]) -> None:
    """One chip per finding code, coloured by its grade."""
    for code, grade in grades.items():
        axes.text(left, middle, code, color="white", fontsize=9, va="center", bbox=chip_box(grade))
        left += CHIP_STEP


def chip_box(grade: int) -> dict[str, Any]:
    """The box behind a chip of this grade."""
    return {"boxstyle": "round,pad=0.25", "facecolor": CHIP[grade], "edgecolor": "none"}
