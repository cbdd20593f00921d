"""Level points of the RSNA 2024 Lumbar Spine Degenerative Classification challenge, as a CSV.

One row per point: ``study_id, series_id, instance_number, condition, level, x, y``; x is the column and y
the row, in pixels of that instance. The spinal canal points on the sagittal T2 give the levels. Ids are
those of the challenge: whole UIDs, their last part, or the name of the folder that the series lies in.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dataset.imaging.spine import Plane, SpineCurve
from dataset.imaging.stacks import Stack
from dataset.imaging.volume import Points
from labeling.issues import InputError, Issue
from lexicons.vocabulary import Level

COLUMNS = ("study_id", "series_id", "instance_number", "condition", "level", "x", "y")
CANAL = "spinal_canal_stenosis"

CANAL_TO_DISC_MM: dict[Level, float] = {
    Level.T12_L1: 25.0,
    Level.L1_L2: 26.0,
    Level.L2_L3: 27.5,
    Level.L3_L4: 27.5,
    Level.L4_L5: 27.5,
    Level.L5_S1: 30.0,
}
"""From the middle of the canal to the centre of the disc, forwards within the disc plane. Medians of 28
patients of SPIDER (van der Graaf et al. 2024), mid-sagittal masks; standard deviation 3 to 4 mm."""


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """One point of the file: ids as they stand, level, column `x` and row `y` in pixels, line number."""

    study: str
    series: str
    instance: int
    level: Level
    x: float
    y: float
    line: int


def read_points(path: Path) -> tuple[list[LevelPoint], list[Issue]]:
    """The canal points of the file, and an issue for each line of them that cannot be read.

    Other conditions are passed by. `InputError` when the file is missing or lacks a column.
    """
    points: list[LevelPoint] = []
    issues: list[Issue] = []
    for line, row in _rows(path):
        if _word(row["condition"]) != CANAL:
            continue
        try:
            points.append(_parse(row, line))
        except ValueError:
            message = (
                "expected numbers in instance_number, x and y and a level like l4_l5; got something else."
            )
            issues.append(Issue(f"{path} > line {line}", "unreadable-point", message, "Correct the line."))
    return points, issues


def belongs(identifier: str, uid: str) -> bool:
    """Whether an id of the challenge names this UID: all of it or its last part."""
    return uid == identifier or uid.endswith(f".{identifier}")


def point_lps(point: LevelPoint, stacks: Iterable[Stack]) -> Points | None:
    """Where the point lies, LPS mm; None when no stack holds its series and instance."""
    for stack in stacks:
        folder = Path(stack.paths[0]).parent.name
        if (
            belongs(point.series, stack.series) or folder == point.series
        ) and point.instance in stack.instances:
            voxel = (stack.instances.index(point.instance), point.y, point.x)
            lps: Points = stack.affine[:3, :3] @ np.array(voxel) + stack.affine[:3, 3]
            return lps
    return None


def planes_from_canal(canal: dict[Level, Points]) -> dict[Level, Plane]:
    """Disc planes from one canal point per level: perpendicular to the curve of the canal, moved to the disc.

    The centre is the canal point moved forwards, within the plane, by the usual distance of its level
    (`CANAL_TO_DISC_MM`). Against the disc masks of SPIDER such a plane leans by a median of 1 to 4 degrees
    and such a centre is 3 mm off; at L5-S1, where the canal bends less than the discs do, 10 degrees and
    7 mm (`python benchmarks/spine.py`). Empty with fewer than two points.
    """
    levels = sorted(canal, reverse=True)  # from the feet to the head
    if len(levels) < 2:
        return {}
    curve = SpineCurve.fit([canal[level] for level in levels])
    planes = {}
    for level, position in zip(levels, curve.positions, strict=True):
        normal = curve.tangent(position)
        forwards = np.array([0.0, -1.0, 0.0]) + normal[1] * normal
        forwards /= np.linalg.norm(forwards)
        planes[level] = Plane(canal[level] + CANAL_TO_DISC_MM[level] * forwards, normal)
    return planes


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    if not path.is_file():
        raise InputError(
            Issue(str(path), "no-points", "expected a CSV of points; there is none.", "Check the path.")
        )
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            message = f"expected the columns {', '.join(COLUMNS)}; {', '.join(missing)} missing."
            raise InputError(Issue(str(path), "points-columns", message, "Rename the columns of the file."))
        for row in reader:
            yield reader.line_num, {name: value or "" for name, value in row.items() if isinstance(name, str)}


def _parse(row: dict[str, str], line: int) -> LevelPoint:
    return LevelPoint(
        study=row["study_id"].strip(),
        series=row["series_id"].strip(),
        instance=int(row["instance_number"]),
        level=Level.parse(_word(row["level"])),
        x=float(row["x"]),
        y=float(row["y"]),
        line=line,
    )


def _word(text: str) -> str:
    """``Spinal Canal Stenosis`` and ``L4/L5`` as the words of code."""
    return re.sub(r"[^a-z0-9]+", "_", text.strip().lower())
