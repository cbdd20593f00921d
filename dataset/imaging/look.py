"""One picture of one study, to check with the eye that every disc is where it should be.

Left: the mid-sagittal slice with the spine curve, the disc planes and their names. Right: each disc as the
grader sees it, axial and mid-sagittal, and the slices through both foramina. Everything is drawn to one
scale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from matplotlib.axes import Axes

from dataset.imaging.page import (
    CURVE,
    DISC,
    FAINT,
    HALO,
    INK,
    Page,
    Size,
    chips,
    mark_sides,
    scale_bar,
    show,
    window_of,
)
from dataset.imaging.resample import SAGITTAL, Cutter, disc_axes
from dataset.imaging.series import choose_sagittal
from dataset.imaging.spine import Plane, SpineCurve
from dataset.imaging.stacks import Stack, load_stack, read_stacks
from dataset.imaging.volume import Array, Points, Volume, apply_affine
from dataset.keys import file_key
from dataset.shards import write_bytes
from dataset.stage import table_files
from labeling.issues import InputError, Issue
from lexicons.vocabulary import Grade, Level

Grades = Mapping[Level, Mapping[str, int]]
"""Grade 0..3 of each finding code (SCS, RFS, ...) at each level."""

COLUMNS = 2
GAP, HEAD_ROOM, BASELINE, CAPTION = 5.0, 13.0, 8.5, 8.0
OVERVIEW = (150.0, 300.0)
AXIAL_MM, SAGITTAL_MM, FORAMEN_MM = (90.0, 90.0), (80.0, 40.0), (38.5, 40.0)
FORAMEN_OFFSET = 8
"""Slices from the middle of the sagittal view to a foramen: 16 mm."""
FORAMEN_BACK = slice(142, 296)
"""Columns of the sagittal view around a foramen, at full size: 4.5 mm before to 34 mm behind the centre."""


@dataclass(frozen=True, eq=False)
class Disc:
    """One row of the discs table as a picture needs it; a view is None where the study has none."""

    level: Level
    plane: Plane
    axial: Array | None
    sagittal: Array | None
    flags: tuple[str, ...]


def draw_study(index: Path, discs: Path, study: str, path: Path, grades: Grades | None = None) -> Path:
    """Draw the discs of `study` (a StudyInstanceUID) as a PNG at `path`, which is returned.

    `index` and `discs` are folders of those stages. `grades`, where given, are shown as coloured chips. The
    picture holds no header value: the study goes by its `file_key`. `InputError` when the study has no discs
    or no sagittal stack.
    """
    rows = _discs(discs, study)
    stack = choose_sagittal(read_stacks(index).get(study, []))
    if not rows or stack is None:
        what = "disc" if not rows else "sagittal stack"
        message = f"expected the study to draw; found no {what} of it."
        raise InputError(Issue(str(discs), "nothing-to-draw", message, "Cut its discs first."))
    height = HEAD_ROOM + max(OVERVIEW[1], -(-len(rows) // COLUMNS) * (AXIAL_MM[1] + CAPTION + GAP)) + GAP
    block = AXIAL_MM[0] + GAP + SAGITTAL_MM[0]
    page = Page(OVERVIEW[0] + 2 * GAP + COLUMNS * (block + 2 * GAP), height)
    page.text(GAP, BASELINE, f"study {file_key(study)}", fontsize=14, weight="bold")
    page.text(GAP + 75, BASELINE, f"{len(rows)} discs", color=FAINT)
    if grades:
        page.chips(OVERVIEW[0] + 3 * GAP, BASELINE, {str(grade): grade for grade in Grade}, step=22)
    _overview(page, stack, rows, grades or {})
    for number, disc in enumerate(rows):
        left = OVERVIEW[0] + 3 * GAP + (number % COLUMNS) * (block + 2 * GAP)
        top = HEAD_ROOM + (number // COLUMNS) * (AXIAL_MM[1] + CAPTION + GAP)
        _block(page, left, top, disc, (grades or {}).get(disc.level, {}))
    write_bytes(page.png(), path)
    return path


def _discs(folder: Path, study: str) -> list[Disc]:
    wanted = [("study", "=", study)]
    files = table_files(folder, "discs")
    rows = [
        row for file in files for row in pq.read_table(file, filters=wanted, partitioning=None).to_pylist()
    ]
    found = [
        Disc(
            level=Level.parse(row["level"]),
            plane=Plane(np.array(row["centre"]), np.array(row["normal"])),
            axial=_voxels(row["axial"], row["axial_shape"]),
            sagittal=_voxels(row["sagittal"], row["sagittal_shape"]),
            flags=tuple(row["flags"]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda disc: disc.level)


def _voxels(data: bytes | None, shape: Sequence[int] | None) -> Array | None:
    return None if data is None or shape is None else np.frombuffer(data, dtype=np.int16).reshape(shape)


def _overview(page: Page, stack: Stack, discs: Sequence[Disc], grades: Grades) -> None:
    """The mid-sagittal slice, turned so that the head is up and the front is left."""
    axes = page.panel(GAP, HEAD_ROOM, OVERVIEW)
    volume = load_stack(stack)
    frame = _frame(volume, np.mean([disc.plane.centre for disc in discs], axis=0))
    image = Cutter(volume).cut(frame, (1, int(OVERVIEW[1] * 2), int(OVERVIEW[0] * 2)))[0]
    show(axes, image, OVERVIEW, window_of(image))
    place = partial(_place, np.linalg.inv(frame))
    centres = np.array([disc.plane.centre for disc in reversed(discs)])
    if len(discs) > 1:
        curve = SpineCurve.fit(centres)
        line = place(curve.at(np.linspace(-20, curve.positions[-1] + 20, 200)))
        axes.plot(*line.T, color=CURVE, linewidth=1.2, alpha=0.9)
    for disc in discs:
        _mark_disc(axes, disc, place, grades.get(disc.level, {}))
    scale_bar(axes, OVERVIEW, 50)


def _place(to_grid: Points, points: Points) -> Points:
    """Column and row, mm on the panel, of LPS points; `to_grid` maps LPS to the half-millimetre grid."""
    spots: Points = (apply_affine(to_grid, points)[..., :0:-1] + 0.5) / 2
    return spots


def _mark_disc(axes: Axes, disc: Disc, place: Callable[[Points], Points], grades: Mapping[str, int]) -> None:
    """The plane of a disc as a line from front to back, its name before it, its grades behind it."""
    back = disc_axes(disc.plane.normal)["p"]
    front, behind = place(disc.plane.centre + np.outer([-24, 24], back))
    axes.plot(*zip(front, behind, strict=True), color=DISC, linewidth=1.4)
    axes.plot(*place(disc.plane.centre), "o", color=CURVE, markersize=4)
    axes.text(front[0] - 2, front[1], str(disc.level), color=INK, fontsize=11, ha="right", va="center")
    chips(axes, behind[0] + 3, behind[1], grades)


def _frame(volume: Volume, centre: Points) -> Points:
    """Affine of a half-millimetre grid in the plane of the slices through `centre`: rows down, columns back.

    Where the slices end below or above the panel, the panel moves to where there is image.
    """
    across = np.cross(volume.affine[:3, 1], volume.affine[:3, 2])
    across /= np.linalg.norm(across)
    down = np.array([0.0, 0.0, -1.0]) + across[2] * across
    down /= np.linalg.norm(down)
    back = np.cross(down, across)
    back *= np.sign(back[1])
    frame = np.eye(4)
    frame[:3, :3] = np.stack([across, down / 2, back / 2], axis=1)
    ends = [volume.to_lps(corner) @ down for corner in product(*((0, size - 1) for size in volume.shape))]
    top = centre @ down - OVERVIEW[1] / 2
    top = min(max(top, min(ends)), max(min(ends), max(ends) - OVERVIEW[1]))
    frame[:3, 3] = centre + (top - centre @ down) * down - (OVERVIEW[0] / 2) * back
    return frame


def _block(page: Page, left: float, top: float, disc: Disc, grades: Mapping[str, int]) -> None:
    page.text(left, top + CAPTION - 2.5, str(disc.level), fontsize=13, weight="bold", color=DISC)
    notes = [flag.replace("_", " ") for flag in disc.flags]
    page.text(left + AXIAL_MM[0] + GAP, top + CAPTION - 2.5, ", ".join(notes), color=FAINT, fontsize=9)
    page.chips(left + 24, top + CAPTION - 2.5, grades)
    top += CAPTION
    axes = page.panel(left, top, AXIAL_MM)
    middle = None if disc.axial is None else disc.axial[len(disc.axial) // 2]
    show(axes, middle, AXIAL_MM, window_of(middle))
    mark_sides(axes, AXIAL_MM, west="R", east="L")
    scale_bar(axes, AXIAL_MM, 20)
    left += AXIAL_MM[0] + GAP
    for name, offset, spot, size in _sagittal_panels(left, top):
        axes = page.panel(*spot, size)
        show(axes, _sagittal(disc.sagittal, offset), size, window_of(disc.sagittal))
        axes.text(2, 4, name, color=INK, fontsize=9, va="center", path_effects=HALO)
        mark_sides(axes, size, west="A", east="P")
    scale_bar(axes, size, 20)


def _sagittal_panels(left: float, top: float) -> Iterator[tuple[str, int, Size, Size]]:
    """Name, slices from the middle, corner and size of the three sagittal panels of a disc."""
    below = top + AXIAL_MM[1] - FORAMEN_MM[1]
    yield "middle", 0, (left, top), SAGITTAL_MM
    yield "right", -FORAMEN_OFFSET, (left, below), FORAMEN_MM
    yield "left", FORAMEN_OFFSET, (left + SAGITTAL_MM[0] - FORAMEN_MM[0], below), FORAMEN_MM


def _sagittal(voxels: Array | None, offset: int) -> Array | None:
    """One slice of the sagittal view; away from the middle only the part around the foramen."""
    if voxels is None:
        return None
    image: Array = voxels[len(voxels) // 2 + offset]
    step = SAGITTAL.shape[2] // image.shape[1]
    return image[:, FORAMEN_BACK.start // step : FORAMEN_BACK.stop // step] if offset else image
