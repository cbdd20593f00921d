"""Rows of levels under the name of a structure, whatever parts the name and the values.

Crossed are the names, the sign between values, what stands behind the name and the order within a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from graded import Cells, misread

NAMES = (
    (("CANAL", ("SCS",)), ("FORAMINA R", ("RFS",)), ("FORAMINA L", ("LFS",)), ("FACETS", ("RFA", "LFA"))),
    (("Spinal canal", ("SCS",)), ("Right foramina", ("RFS",)), ("Recesses", ("RRS", "LRS"))),
)
LEVELS = {"L2/3": "L2-L3", "L3/4": "L3-L4", "L4/5": "L4-L5", "L5/S1": "L5-S1"}
GRADES = ("ok", "mild", "severe", "normal", "moderate")
SIGNS = ("; ", ", ", " | ", "  ", "\t")
GAPS = ("  ", " ", ": ", "\t", "pad")


def rows() -> Iterator[tuple[str, Cells]]:
    """Every report, and the cells that it tells."""
    for names, sign, gap, graded_first in product(NAMES, SIGNS, GAPS, (False, True)):
        cells: Cells = {}
        lines: list[str] = []
        for shift, (name, codes) in enumerate(names):
            values: list[str] = []
            for at, (said, level) in enumerate(LEVELS.items()):
                grade = GRADES[(at + 2 * shift) % len(GRADES)]
                values.append(f"{grade} {said}" if graded_first else f"{said} {grade}")
                number = ("ok", "mild", "moderate", "severe").index(grade.replace("normal", "ok"))
                cells |= {(level, code): number for code in codes}
            lines.append((name.ljust(16) if gap == "pad" else name + gap) + sign.join(values))
        yield "MRI L/SPINE\n\n" + "\n".join(lines) + "\n\nConus: normal.\n", cells


def test_rows_of_levels() -> None:
    assert misread(rows()) == []


def test_a_remark_in_brackets_ends_a_row() -> None:
    text = "FACETS     L3/4 mild; L4/5 moderate; L5/S1 moderate (R = L)\nCANAL      L3/4 ok; L4/5 mild"
    told = {"L3-L4": 1, "L4-L5": 2, "L5-S1": 2}
    facets = {(level, code): grade for level, grade in told.items() for code in ("RFA", "LFA")}
    assert misread([(text, {**facets, ("L3-L4", "SCS"): 0, ("L4-L5", "SCS"): 1})]) == []


FIELDS = (
    ("Canal: {}", "SCS"),
    ("Right foramen: {}", "RFS"),
    ("Disc: bulge, {}", ""),
    ("Left foramen: {}", "LFS"),
)
LEADS = ("Level: {}", "{}", "Disc level: {}", "LEVEL = {}")
ORDERS = ((0, -1, 1), (0, 1, -1, 3), (2, -1, 0, 3), (1, -1), (2, 0, 3, -1))


def fields() -> Iterator[tuple[str, Cells]]:
    """Every report whose rows name their level behind their first key, and the cells that it tells."""
    for sign, lead, order in product(("  ", "\t", " | ", "|"), LEADS, ORDERS):
        cells: Cells = {}
        lines: list[str] = []
        for shift, level in enumerate(("L4-5", "L3-4")):
            row = [lead.format(level) if at < 0 else FIELDS[at][0].format(GRADES[at + shift]) for at in order]
            told = {
                FIELDS[at][1]: ("ok", "mild", "severe", "normal", "moderate")[at + shift]
                for at in order
                if at >= 0
            }
            number = {"ok": 0, "mild": 1, "severe": 3, "normal": 0, "moderate": 2}
            full = {"L4-5": "L4-L5", "L3-4": "L3-L4"}[level]
            cells |= {(full, code): number[grade] for code, grade in told.items() if code}
            lines.append(sign.join(row))
        yield "\n".join(lines) + "\n\nConus: normal.\n", cells


def test_rows_with_their_level_behind_a_key() -> None:
    assert misread(fields()) == []
