"""One table in every form: names of columns x words in cells x signs between them; the cells are the same."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from graded import graded, graded_core

LEVELS = ("L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
GRADES = ((0, 0, 0), (0, 1, 1), (1, 0, 2), (3, 2, 1), (0, 3, 0))
"""Canal, right and left foramen of each level."""
DISCS = ("normal", "bulge", "bulge", "protrusion", "desiccation")

NAMES = [
    ("Level", "Canal", "Right foramen", "Left foramen"),
    ("Level", "CCS", "R NFS", "L NFS"),
    ("Level", "SCS", "RFS", "LFS"),
    ("LEVEL", "CENTRAL CANAL", "RIGHT FORAMEN", "LEFT FORAMEN"),
    ("Level", "Central canal stenosis", "Right foraminal stenosis", "Left foraminal stenosis"),
    ("Level", "Central", "R NF", "L NF"),
    ("Level", "Canal", "Rt foramen", "Lt foramen"),
    ("Level", "Canal", "Right foraminal", "Left foraminal"),
    ("Level", "Canal narrowing", "Rt NF narrowing", "Lt NF narrowing"),
    ("Level", "Spinal canal", "Right exit foramen", "Left exit foramen"),
    ("Segment", "Spinal canal", "Foramen R", "Foramen L"),
    ("Disc level", "Canal", "Foramen (R)", "Foramen (L)"),
    ("Disc", "Canal", "Right foramen", "Left foramen"),
    ("", "Canal", "Right neural foramina", "Left neural foramina"),
]
WORDS = [
    ("none", "mild", "moderate", "severe"),
    ("Normal", "Minimal", "Moderate", "Marked"),
    ("NONE", "MILD", "MODERATE", "SEVERE"),
    ("No", "Mild", "Mod", "Sev"),
    ("patent", "mild narrowing", "moderate narrowing", "severe narrowing"),
    ("no stenosis", "mild stenosis", "moderate stenosis", "severe stenosis"),
    ("nil", "mild", "moderate", "severe"),
    ("WNL", "Mild", "Moderate", "Severe"),
    ("OK", "mild", "mod", "sev"),
    ("-", "mild", "moderate", "severe"),
]
"""What stands for the four grades; a dash says nothing."""
SURE = ("|", " | ", "\t", "columns")
LOOSE = (", ", "; ", " / ")

Rows = Sequence[Sequence[str]]


def drawn(rows: Rows, between: str) -> list[str]:
    """The lines of a table; with ``columns`` blanks bring the columns under each other."""
    if between != "columns":
        return [between.join(row) for row in rows]
    widths = [max(map(len, column)) + 3 for column in zip(*rows, strict=True)]
    return [
        "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def report(names: Sequence[str], words: Sequence[str], between: str, *, discs: bool, ruler: bool) -> str:
    rows = [
        [level, *(words[grade] for grade in grades)] for level, grades in zip(LEVELS, GRADES, strict=True)
    ]
    heads = list(names)
    if discs:
        heads.insert(1, "Disc")
        for row, disc in zip(rows, DISCS, strict=True):
            row.insert(1, disc)
    lines = drawn([heads, *rows], between)
    if ruler:
        lines.insert(1, "-" * 40)
    return "\n".join(["FINDINGS:", *lines, "", "IMPRESSION: See table."])


def cells(words: Sequence[str]) -> dict[tuple[str, str], int]:
    return {
        (level, code): grade
        for level, grades in zip(LEVELS, GRADES, strict=True)
        for code, grade in zip(("SCS", "RFS", "LFS"), grades, strict=True)
        if words[grade] != "-"
    }


@pytest.mark.parametrize("between", SURE)
@pytest.mark.parametrize("names", NAMES, ids=" ".join)
def test_columns_between_sure_signs(names: Sequence[str], between: str) -> None:
    for words, discs, ruler in product(WORDS, (False, True), (False, True)):
        if not (discs and names[0] == "Disc"):
            text = report(names, words, between, discs=discs, ruler=ruler)
            assert graded_core(text) == cells(words), (words, discs, ruler)


@pytest.mark.parametrize("between", LOOSE)
@pytest.mark.parametrize("names", NAMES[:11], ids=" ".join)
def test_columns_between_signs_of_prose(names: Sequence[str], between: str) -> None:
    for words, discs in product(WORDS, (False, True)):
        assert graded_core(report(names, words, between, discs=discs, ruler=False)) == cells(words), (
            words,
            discs,
        )


LEADS = ("", "Format: ", "Columns: ", "Each level: ", "Listed as: ", "Layout - ", "Sequence = ", "Given as ")
LISTS = (
    ("disc", "canal", "R foramen", "L foramen"),
    ("Slip", "disc", "canal", "foramen R", "foramen L"),
    ("canal", "right foramen", "left foramen", "disc"),
    ("disc", "left NF", "right NF", "canal"),
)
"""Names of columns, none of them that of the levels."""
ZEROS = (("none", "mild", "moderate", "severe"), ("0", "mild", "mod", "severe"), ("nl", "min", "mod", "sev"))


def value(name: str, row: int, words: Sequence[str]) -> str:
    """What stands under `name`; what is said of the disc is normal in one row, and 0 of the slip."""
    if name.lower() in {"disc", "slip"}:
        return DISCS[row] if name == "disc" else "0"
    side = {"r": 1, "l": 2}["r" if name.startswith("R ") or name.endswith(" R") or "right" in name else "l"]
    return words[GRADES[row][0 if name == "canal" else side]]


@pytest.mark.parametrize("between", [" / ", " | ", "; ", ", ", "\t", " : ", "/"])
def test_rows_under_a_line_that_lists_the_columns(between: str) -> None:
    misread = []
    for lead, names, words, behind in product(LEADS, LISTS, ZEROS, (": ", " ")):
        rows = [
            level + behind + between.join(value(name, row, words) for name in names)
            for row, level in enumerate(LEVELS)
        ]
        text = "\n".join(["The conus is normal.", "", lead + between.join(names), *rows])
        if graded_core(text) != cells(words):
            misread.append(text)
    assert not misread, "\n\n".join([str(len(misread)), *misread[:3]])


REMARKS: tuple[tuple[str, dict[str, int]], ...] = (
    ("", {}),
    ("-", {}),
    ("dry", {}),
    ("broad protrusion, annular tear", {}),
    ("wide-based protrusion with a cleft in the posterior annulus", {}),
    ("slip of 4 mm; facets moderate R, mild L", {"RFA": 2, "LFA": 1}),
    (
        "slip, cyst; recesses mild R and severe L; severe bilateral facet arthropathy",
        {"RRS": 1, "LRS": 3, "RFA": 3, "LFA": 3},
    ),
    ("spur / tear / mild bilateral facet arthrosis", {"RFA": 1, "LFA": 1}),
    ("Broad protrusion. Mild facet arthrosis on both sides.", {"RFA": 1, "LFA": 1}),
)
"""What stands in a column for remarks, and the cells that it fills."""


@pytest.mark.parametrize("between", ["/", "|", ";", ",", "\t"])
def test_remarks_hold_any_sign(between: str) -> None:
    misread = []
    sign = between if between == "\t" else f"{between} " if between in ";," else f" {between} "
    heads = [("Level", "Canal", "R foramen", "L foramen"), ("Segment", "SCS", "RFS", "LFS")]
    for names, title, behind, begin in product(heads, ("Remarks", "Other", "Disc"), (sign, ": "), range(9)):
        lines, told = [sign.join((*names, title))], {}
        for row, (level, grades) in enumerate(zip(LEVELS, GRADES, strict=True)):
            remark, cells_told = REMARKS[(begin + row * (begin % 2 + 1)) % len(REMARKS)]
            lines.append(
                level + behind + sign.join([*(ZEROS[0][grade] for grade in grades), remark]).rstrip(" ")
            )
            told |= {(level, code): grade for code, grade in cells_told.items()}
        text = "\n".join(["The conus is normal.", "", *lines, "", "Normal marrow."])
        if graded(text) != cells(ZEROS[0]) | told:
            misread.append(text)
    assert not misread, "\n\n".join([str(len(misread)), *misread[:3]])
