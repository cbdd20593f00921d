"""Blocks of a level, however the level heads them and however the block is written: the cells are the same.

`make test` writes the headings with every body once; `make prove` in two notations, with and without a blank
line between the blocks.
"""

from __future__ import annotations

from itertools import product

import pytest

from labeling.labeler import label_text

HEADINGS = [
    *(
        "{}:",
        "{} -",
        "{} \N{EN DASH}",
        "{}",
        "{}.",
        "{};",
        "{} :",
        "{} -->",
        "[{}]",
        "({})",
        "# {}",
        "== {} ==",
    ),
    *(
        "\N{BULLET} {}:",
        "\N{BULLET} {}",
        "* {}:",
        "- {}:",
        "> {}:",
        "o {}:",
        "1. {}:",
        "2) {}",
        "a. {}:",
        "**{}**",
    ),
    *("At {}:", "At {},", "AT {}:", "@ {}:", "Level {}:", "Level: {}", "LEVEL {}", "{} level:", "{} LEVEL:"),
    *(
        "The {} level:",
        "At the {} level:",
        "At the level of {}:",
        "Findings at {}:",
        "Lumbar {}:",
        "Axial {}:",
    ),
    *("Disc {}:", "{} disc:", "{} disc space:", "Disc space {}", "Disc level {}:", "Intervertebral disc {}:"),
    *("Segment {}:", "{} segment:", "Interspace {}:", "{} interspace:", "{} (axial images 12-15):"),
]
"""How a level may head its block."""

BODIES = {
    "keys": (
        "Disc: normal\nLigamentum flavum: normal\nCentral canal: patent\nRight neural foramen: patent\n"
        "Left neural foramen: patent",
        "Disc: broad-based bulge\nLigamentum flavum: thickened\nCentral canal: severe stenosis\n"
        "Right neural foramen: moderate stenosis\nLeft neural foramen: patent",
    ),
    "capitals": (
        "DISC: Normal. CANAL: Patent. FORAMINA: Patent.",
        "DISC: Bulge. CANAL: Severe stenosis. RIGHT FORAMEN: Moderate stenosis. LEFT FORAMEN: Patent.",
    ),
    "dashes": (
        "Disc - normal\nCanal - patent\nForamina - patent",
        "Disc - bulge\nCanal - severe stenosis\nForamina - moderate right, patent left",
    ),
    "bullets": (
        "- Disc: normal\n- Canal: patent\n- Foramina: patent",
        "- Disc: bulge\n- Canal: severe stenosis\n- Foramina: right moderate, left patent",
    ),
    "semicolons": (
        "disc normal; canal patent; foramina patent",
        "disc bulge; canal severe; right foramen moderate; left foramen patent",
    ),
    "sentences": (
        "The disc is normal. No canal stenosis. No foraminal stenosis.",
        "There is a broad-based disc bulge. Severe canal stenosis. Moderate right foraminal stenosis. "
        "The left foramen is patent.",
    ),
    "commas": (
        "no disc bulge, no canal stenosis, no foraminal stenosis",
        "disc bulge with severe canal stenosis, moderate right foraminal stenosis, no left foraminal "
        "stenosis",
    ),
    "verbs": (
        "The canal and foramina are clear.",
        "A bulge severely narrows the canal and moderately narrows the right foramen. Left foramen is clear.",
    ),
    "short": ("No CCS, no NFS", "Severe CCS, mod R NFS, no L NFS"),
}
"""A block with nothing in it, and one with a severe canal, a moderate right and a normal left foramen."""

CELLS = {(level, code): 0 for level in ("L3-L4", "L4-L5", "L5-S1") for code in ("SCS", "RFS", "LFS")} | {
    ("L4-L5", "SCS"): 3,
    ("L4-L5", "RFS"): 2,
}


def report(heading: str, body: str, notation: str = "{}-{}", *, beside: bool, apart: str = "\n") -> str:
    """Three blocks; with `beside` the text begins on the line of the heading."""
    normal, narrow = BODIES[body]
    levels = [notation.format(*pair) for pair in (("L3", "L4"), ("L4", "L5"), ("L5", "S1"))]
    blocks = [
        heading.format(level) + (" " if beside else "\n") + text
        for level, text in zip(levels, (normal, narrow, normal), strict=True)
    ]
    return "FINDINGS:\n" + apart.join(blocks)


def read(text: str) -> dict[tuple[str, str], int | None]:
    return {(str(one.level), one.code): one.grade for one in label_text(text).grades if one.finding.core}


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_block_in_every_form(heading: str) -> None:
    for body, beside in product(BODIES, (True, False)):
        if not (beside and "\n" in BODIES[body][0]):
            assert read(report(heading, body, beside=beside)) == CELLS, body


@pytest.mark.prove
@pytest.mark.parametrize("notation", ["{}/{}", "{}{}", "{} - {}"])
@pytest.mark.parametrize("heading", HEADINGS)
def test_a_block_in_every_notation(heading: str, notation: str) -> None:
    for body, beside, apart in product(BODIES, (True, False), ("\n", "\n\n")):
        if not (beside and "\n" in BODIES[body][0]):
            assert read(report(heading, body, notation, beside=beside, apart=apart)) == CELLS, (body, apart)
