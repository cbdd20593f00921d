"""Blocks of a level, however the level heads them and however the block is written: the cells are the same.

`make test` writes the headings with every body once; `make prove` in two notations, with and without a blank
line between the blocks.
"""

from __future__ import annotations

import re
from itertools import product

import pytest
from graded import graded, graded_core

from lexicons.vocabulary import LEVELS

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


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_block_in_every_form(heading: str) -> None:
    for body, beside in product(BODIES, (True, False)):
        if not (beside and "\n" in BODIES[body][0]):
            assert graded_core(report(heading, body, beside=beside)) == CELLS, body


@pytest.mark.prove
@pytest.mark.parametrize("notation", ["{}/{}", "{}{}", "{} - {}"])
@pytest.mark.parametrize("heading", HEADINGS)
def test_a_block_in_every_notation(heading: str, notation: str) -> None:
    for body, beside, apart in product(BODIES, (True, False), ("\n", "\n\n")):
        if not (beside and "\n" in BODIES[body][0]):
            assert graded_core(report(heading, body, notation, beside=beside, apart=apart)) == CELLS, (
                body,
                apart,
            )


def spoken(text: str, dash: str) -> str:
    """`text` as it is dictated, with every sign in words; it has two full stops or more."""
    if "." not in text:
        text = text.replace("\n", ".\n") + "."
    text = re.sub(r"(?<=\d)-(?=[LS]?\d)", f" {dash} ", text)
    text = re.sub(r"(?<= )-(?= )", dash, text)
    for sign, word in ((".", "period"), (",", "comma"), (";", "semicolon"), (":", "colon")):
        text = text.replace(sign, f" {word}")
    return text.replace("\n", " new line ")


@pytest.mark.parametrize("heading", ["{}:", "{} -", "{}", "At {},", "At the {} level:", "Disc {}:"])
@pytest.mark.parametrize("dash", ["dash", "hyphen"])
def test_a_block_in_words_for_signs(heading: str, dash: str) -> None:
    for body, beside, low in product(BODIES.keys() - {"bullets"}, (True, False), (False, True)):
        text = spoken(report(heading, body, beside=beside), dash)
        assert graded_core(text.lower() if low else text) == CELLS, text


SIDE_HEADINGS = (
    *("{}", "{}:", "{} side", "{} side:", "{} side -", "{}-sided findings:", "{} hemispine:", "- {} side"),
    *("## {} side", "On the {}:", "The {} side", "{} hand side:"),
)
ON_SIDES = {
    "right": {"Foramina": "T12-L1 to L3-L4 normal, L4-L5 moderate, L5-S1 mild", "Facets": "L4-L5 severe"},
    "left": {
        "Foramina": "T12-L1 to L2-L3 normal. L3-L4 mild stenosis. L4-L5 and L5-S1 normal",
        "Facets": "mild at L4-L5",
    },
}
"""The keys of one side, each with its levels."""
OF_SIDES = dict.fromkeys(((level, "RFS") for level in ("T12-L1", "L1-L2", "L2-L3", "L3-L4")), 0)
OF_SIDES |= dict.fromkeys(((level, "LFS") for level in ("T12-L1", "L1-L2", "L2-L3", "L4-L5", "L5-S1")), 0)
OF_SIDES |= {("L4-L5", "RFS"): 2, ("L5-S1", "RFS"): 1, ("L3-L4", "LFS"): 1, ("L3-L4", "SCS"): 1}
OF_SIDES |= {("L4-L5", "RFA"): 3, ("L4-L5", "LFA"): 1}


def headed(heading: str, side: str) -> str:
    return heading.format(side if "he {}" in heading else side.title())


@pytest.mark.parametrize("heading", SIDE_HEADINGS)
def test_a_side_that_heads_a_chapter(heading: str) -> None:
    for apart, indent in product(("\n", "\n\n"), ("", "  ", "- ")):
        lines = ["FINDINGS:\nCanal: L3-L4 mild."]
        for side, keys in ON_SIDES.items():
            said = [f"\n{indent}{key}: {words}." for key, words in keys.items()]
            lines.append(headed(heading, side) + "".join(said))
        assert graded(apart.join([*lines, "Other: Left kidney absent."])) == OF_SIDES, (apart, indent)


@pytest.mark.parametrize("heading", SIDE_HEADINGS)
def test_a_side_that_heads_part_of_a_block(heading: str) -> None:
    for canal, last in product(("Canal: severe\nFacets: mild", "Severe canal stenosis."), ("Normal.", None)):
        rest = last or "Canal: patent\nForamina: patent"
        sides = [
            f"{headed(heading, side)}\nForamen: {foramen}\nLateral recess: {recess}"
            for side, foramen, recess in (("right", "moderate", "severe"), ("left", "patent", "mild"))
        ]
        text = "\n".join(["FINDINGS:", f"L3-4:\n{rest}", f"L4-5:\n{canal}", *sides, f"L5-S1:\n{rest}"])
        said = graded(text)
        assert {cell: said.get(cell) for cell in CELLS} == CELLS
        assert (said["L4-L5", "RRS"], said["L4-L5", "LRS"]) == (3, 1)


LABELS = (
    ("Worst level", "Next worst", "Minor"),
    ("Index level", "Adjacent level", "Other level"),
    ("Most affected", "Next", "Clean"),
    ("Severe", "Moderate", "Mild"),
    ("Symptomatic level", "Asymptomatic level", "Normal level"),
    ("Operated level", "Level above", "Level below"),
)


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("form", ["{}: {}", "{} - {}", "{}: {}:", "{} \N{EN DASH} {}:", "{}: {} disc"])
def test_a_level_behind_a_name_of_its_own(labels: tuple[str, ...], form: str) -> None:
    blocks = {
        "L4-L5": "canal: severe\nR foramen: moderate\nL foramen: patent",
        "L3-L4": "disc: bulge\ncanal: no narrowing\nforamina: none, both",
        "L5-S1": "Canal and foramina are patent.",
    }
    for bullet, indent, apart in product(("", "* ", "#. "), ("", "   - "), ("\n", "\n\n")):
        text = apart.join(
            bullet.replace("#", str(number))
            + form.format(label, level)
            + "".join(f"\n{indent}{line}" for line in words.split("\n"))
            for number, (label, (level, words)) in enumerate(zip(labels, blocks.items(), strict=True), 1)
        )
        if not (form == "{}: {}:" and labels[-1] == "Normal level"):
            assert graded_core(text) == CELLS, text


GRADED_TITLES = (
    ("CENTRAL CANAL STENOSIS", "FORAMINAL STENOSIS, RIGHT", "FORAMINAL STENOSIS, LEFT"),
    ("Canal:", "Right foramen:", "Left foramen:"),
    ("CANAL", "FORAMINA - RIGHT", "FORAMINA - LEFT"),
    ("Canal stenosis:", "Foraminal stenosis: right", "Foraminal stenosis: left"),
)
AT_LEVELS = {"SCS": (0, 1, 2, 3, 2, 0), "RFS": (0, 0, 0, 1, 2, 1), "LFS": (0, 0, 0, 2, 2, 3)}
"""From T12-L1 to L5-S1."""


@pytest.mark.parametrize("titles", GRADED_TITLES)
@pytest.mark.parametrize("rest", ["all remaining levels", "all other levels", "the rest", "elsewhere", ""])
def test_grades_that_list_their_levels(titles: tuple[str, ...], rest: str) -> None:
    for none, sign, apart in product(("nil", "none", "-", ""), (": ", " - "), ("\n", "\n\n")):
        chapters = []
        for title, grades in zip(titles, AT_LEVELS.values(), strict=True):
            lines = [title]
            for grade, word in ((3, "Severe"), (2, "Moderate"), (1, "Mild"), (0, "None")):
                named = [str(level) for level in LEVELS if grades[level] == grade]
                value = rest if rest and not grade else ", ".join(named) or none
                lines += [f"{word}{sign}{value}"] if value else []
            chapters.append("\n".join(lines))
        said = graded_core("LUMBAR MRI\n\n" + apart.join(chapters))
        assert said == {
            (str(level), code): grades[level] for code, grades in AT_LEVELS.items() for level in LEVELS
        }


@pytest.mark.parametrize("prose", ["There is a hemilaminotomy defect at L4-5.", "Broad-based bulge at L4-5."])
def test_keys_of_the_level_named_before_them(prose: str) -> None:
    keys = "Central canal: mildly narrowed. Right foramen: moderate stenosis. Left foramen: normal."
    assert graded_core(f"{prose} {keys}") == {("L4-L5", "SCS"): 1, ("L4-L5", "RFS"): 2, ("L4-L5", "LFS"): 0}
