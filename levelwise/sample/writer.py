"""Writes the report of a synthetic study in one of many styles, and says what a reader would learn from it.

>>> rng = np.random.default_rng(7)
>>> report = write_report(draw_study(rng, "P1", "S1"), rng, style="terse")
>>> report.style, str(report.cells[0])
('terse', 'T12-L1 SCS 0')
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from levelwise.sample import lists, notes, prose, tables
from levelwise.sample.pen import Pen
from levelwise.sample.truth import StudyTruth
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS, Level

_WRITERS: dict[str, Callable[[Pen], str]] = {
    "template": prose.template,
    "headed-blocks": prose.headed_blocks,
    "running-text": prose.running_text,
    "capitals": prose.capitals,
    "unpunctuated": prose.unpunctuated,
    "terse": prose.terse,
    "remaining-levels": prose.remaining,
    "addendum": prose.addendum,
    "impression-only": lists.impression_only,
    "by-structure": lists.by_structure,
    "respectively": lists.respectively,
    "bullets": notes.bullets,
    "short-note": notes.short_note,
    "follow-up": notes.follow_up,
    "letter": notes.letter,
    "key-value": tables.key_value,
    "flat-fields": tables.flat_fields,
    "grid": tables.grid,
    "columns": tables.columns,
    "tabbed": tables.tabbed,
    "telegraphic": tables.telegraphic,
}

STYLES: tuple[str, ...] = tuple(_WRITERS)
"""The names of every style."""

# Clauses that hedge: enough that a cohort of forty holds each kind, too few to thin out the labels.
_DOUBT = 0.04


@dataclass(frozen=True, slots=True)
class Cell:
    """What the words say of one cell.

    `value` is ``"0"`` to ``"3"`` (always the true grade), ``"P"`` (affirmed with no grade) or ``"N"`` (only
    "no severe" said), with a ``?`` behind a grade or P that the words leave in doubt.
    """

    level: Level
    code: str
    value: str

    def __str__(self) -> str:
        """One line, as in ``L4-L5 SCS 2``."""
        return f"{self.level} {self.code} {self.value}"

    @classmethod
    def parse(cls, line: str) -> Cell:
        """The cell that prints as `line`; `ValueError` says what was expected."""
        match line.split():
            case [level, code, value] if code in CODES and value.rstrip("?") in {*"0123", "P", "N"}:
                return cls(Level.parse(level), code, value)
        raise ValueError(f"cell: expected a line like 'L4-L5 SCS 2'; got {line!r}")


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report, its style, and the gold of every cell that it speaks of, ordered by level and code.

    A cell that is not in `cells` is absent: the style left that level or side out.
    """

    text: str
    style: str
    cells: tuple[Cell, ...]

    def gold(self) -> dict[str, dict[str, str]]:
        """The cells as the gold files hold them: {``"L4-L5"``: {``"SCS"``: ``"2"``}}."""
        rows: dict[str, dict[str, str]] = {}
        for cell in self.cells:
            rows.setdefault(str(cell.level), {})[cell.code] = cell.value
        return rows


def write_report(truth: StudyTruth, rng: np.random.Generator, style: str | None = None) -> WrittenReport:
    """The report of `truth` in `style` (None: drawn from `rng`); the same generator state, the same text.

    `ValueError` when `style` is none of `STYLES`.
    """
    drawn = STYLES[int(rng.integers(len(STYLES)))] if style is None else style
    if drawn not in _WRITERS:
        raise ValueError(f"write_report > style: expected one of {', '.join(STYLES)}; got {style!r}")
    pen = Pen(truth, rng, doubt=_DOUBT)
    text = _WRITERS[drawn](pen)
    cells = tuple(
        Cell(level, code, pen.cells[level][code])
        for level in LEVELS
        for code in CODES
        if code in pen.cells.get(level, {})
    )
    return WrittenReport(text, drawn, cells)
