"""A contact sheet: one self-contained HTML page with every study of a cohort, the worst covered first.

A page for the eye of one who has a thousand studies and ten minutes: the studies in which a view is missing
or cut stand on top, each with its picture, its levels and what is flagged. No header value is on it.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import jinja2
from PIL import Image

from dataset.keys import file_key
from dataset.shards import write_bytes
from lexicons.vocabulary import LEVELS

THUMBNAIL_PX = 620
"""Width of a thumbnail; as JPEG some 40 kB, so a hundred studies make a page of 6 MB."""
GOOD, FAIR = 0.95, 0.6
"""Coverage from which a level is drawn as whole, and as partly seen."""


@dataclass(frozen=True, slots=True)
class LevelCover:
    """How much of the axial and of the sagittal view of a level lies in its images, 0..1; 0 for no view."""

    level: str
    axial: float
    sagittal: float
    flags: tuple[str, ...]

    @property
    def worst(self) -> float:
        """The smaller of the two."""
        return min(self.axial, self.sagittal)

    @property
    def grade(self) -> str:
        """Word for the style of its mark."""
        return "good" if self.worst >= GOOD else "fair" if self.worst >= FAIR else "poor"


@dataclass(frozen=True, slots=True)
class StudyCover:
    """One study of the sheet: its key, its levels from the head down, and those that were not cut."""

    key: str
    levels: tuple[LevelCover, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Lumbar levels without a disc."""
        return tuple(str(level) for level in LEVELS if str(level) not in {one.level for one in self.levels})

    @property
    def worst(self) -> float:
        """Coverage of its worst level."""
        return min(level.worst for level in self.levels)

    @property
    def rank(self) -> tuple[float, float, int, str]:
        """Worst first: worst level, mean, number of flags, key."""
        mean = sum(level.worst for level in self.levels) / len(LEVELS)
        return round(self.worst, 3), round(mean, 3), -sum(len(level.flags) for level in self.levels), self.key


def covers(rows: Iterable[Mapping[str, Any]]) -> list[StudyCover]:
    """The studies of rows of the discs table, the worst covered first."""
    by_study: dict[str, list[LevelCover]] = defaultdict(list)
    for row in rows:
        coverage = (row["axial_coverage"] or 0.0, row["sagittal_coverage"] or 0.0)
        by_study[row["study"]].append(LevelCover(row["level"], *coverage, tuple(row["flags"])))
    order = [str(level) for level in LEVELS]
    studies = [
        StudyCover(file_key(study), tuple(sorted(levels, key=lambda one: order.index(one.level))))
        for study, levels in by_study.items()
    ]
    return sorted(studies, key=lambda study: study.rank)


def write_sheet(rows: Iterable[Mapping[str, Any]], pictures: Path) -> Path:
    """Write ``index.html`` into `pictures`, the folder of ``<key>.png`` of `draw_study`; returns its path.

    `rows` hold study, level, axial_coverage, sagittal_coverage and flags. A study whose picture is missing
    has an entry without one.
    """
    studies = covers(rows)
    images = {study.key: _thumbnail(pictures / f"{study.key}.png") for study in studies}
    page = _template().render(studies=studies, images=images, counts=_counts(studies))
    path = pictures / "index.html"
    write_bytes(page.encode(), path)
    return path


def _counts(studies: Sequence[StudyCover]) -> dict[str, int]:
    levels = [level for study in studies for level in study.levels]
    return {
        "studies": len(studies),
        "discs": len(levels),
        "discs with a cut or missing view": sum(level.worst < GOOD for level in levels),
        "studies without all six levels": sum(bool(study.missing) for study in studies),
    }


def _thumbnail(path: Path) -> str | None:
    """The picture as a small JPEG in a data URL; None where there is none."""
    if not path.is_file():
        return None
    buffer = BytesIO()
    with Image.open(path) as picture:
        small = picture.convert("RGB")
        small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
        small.save(buffer, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True).get_template("sheet.html.j2")
