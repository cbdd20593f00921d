"""Terse notes: levels, structures, sides and grades in short, lists of what is denied, slips of the keyboard.

Every note says one thing in many forms; a form that is read otherwise than the others is a misread.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

import pytest

from labeling.labeler import label_text

LEVELS = {
    "L4-L5": (
        *("L4-5", "L4/5", "L4-L5", "L4/L5", "L4L5", "L4_5", "L4 - 5", "L4 / 5", "L4 L5", "L-4-5", "L 4/5"),
        *("l4-5", "L45", "LV4-5", "LV4-LV5", "L4--L5", "L.4-5", "L4 5"),
    ),
    "L5-S1": (
        *("L5-S1", "L5/S1", "L5S1", "L5 S1", "L5_S1", "L5 - S1", "L5-1", "L5-SI", "L-5/S-1", "L51"),
        *("lumbosacral level", "LV5-SV1", "L5--S1"),
    ),
}
AT_A_LEVEL = (
    *("{l}: {x}", "{l} {x}", "{l} - {x}", "{l}:{x}", "{l}\n{x}", "{x} at {l}", "{x} {l}", "({l}) {x}"),
    *("{l} level : {x}", "-{l}: {x}", "1. {l}: {x}.", "{l}: bulge,{x}", "Disc bulge noted at {l} ,with {x}"),
)
GRADES = {
    **{"no": (0, 0), "mild": (1, 1), "min": (1, 1), "sl": (1, 1), "sl.": (1, 1), "slt": (1, 1)},
    **{"mod": (2, 2), "mod.": (2, 2), "sev": (3, 3), "sev.": (3, 3), "mkd": (3, 3)},
    **{"mild-mod": (1, 2), "mod-sev": (2, 3)},
}
SHORT = {
    "SCS": ("CCS", "CS", "canal sten", "c canal stenosis", "central sten", "SC stenosis"),
    "RFS": (
        *("RNFN", "R NFN", "Rt NFN", "(R) NFN", "RFS", "R-sided NFN", "NFN on R", "NFN (R)"),
        *("R foram stenosis", "Rt. foraminal narrowing"),
    ),
    "LFS": ("LNFN", "L NFN", "lt. foraminal narrowing", "LFS", "L-sided NFN", "NF stenosis L"),
    "RFS LFS": (
        *("BNFN", "bil NFN", "bilat. foram. narrowing", "B/L NFN", "BL NFN", "R+L NFN", "Rt & Lt NFN"),
        *("NFN b/l", "foraminal narrowing (bilat)", "biforaminal stenosis"),
    ),
    "RRS": ("R LRS", "rt lat. recess stenosis", "R lat rec sten", "R subart recess stenosis", "LRS on R"),
    "RFA LFA": ("bilat FA", "facet OA", "facet degen", "FJ arthropathy", "bil facet hyp"),
}
FRAMES = (
    *("L4-5: {x}", "L4-5 {x}.", "L4-5-{x}", "L4-5: bulge w/ {x}", "L4-5: bulge,{x}", "L4-5: bulge.  {x}"),
    *("{x} at L4-5", "- {x} at L4/5.", "L4-5: HNP. {x}. no root compression", "L4-5- bulge + {x}"),
)
PLACED = (
    *("foramina R-mild L-mod", "foramina right-mild left-mod", "NFN: R - mild L - mod", "NF R=mild L=mod"),
    *("NF R mild L mod", "mild R & mod L NFN", "NFN (R mild, L mod)", "R NF mild/L NF mod"),
)

OTHERS = (
    *("fracture", "mass", "disc bulge", "cord compression", "nerve impingement", "thecal sac compression"),
    *("marrow edema", "compression fracture", "scalloping", "cord signal change", "scoliosis"),
)
DENIED = (
    *("No {o} or {s}.", "No significant {o} or {s}.", "no sig {o}, {s}", "No {s} or {o}.", "no {o}, no {s}"),
    *("No evidence of {o}, subluxation or {s}.", "no {o} nor {s}", "Negative for {s}, {o}", "no {s}/{o}"),
    *("No evidence of:\n- {o}\n- {s}", "There is no:\n1. {s}\n2. {o}.", "No signs of:\n• {o};\n• {s};\n"),
)
STENOSES = {
    "canal stenosis": {"SCS"},
    "neural foraminal narrowing": {"RFS", "LFS"},
    "canal or foraminal stenosis": {"SCS", "RFS", "LFS"},
}

GLUED = (
    *("L4-5mild canal stenosis", "L4/5mild canal stenosis", "mild canal stenosis atL4/L5 level"),
    *("mild canal stenosis noted at L4/L5level", "L4-5bulge, mild canal stenosis"),
    *(
        "L4-5: mild canalstenosis",
        "L4-5: mildcanal stenosis",
        "L4-5: thecalsac mildly narrowed",
        "L4-5: spinalcanal mildly narrowed",
    ),
)
SLIPS = {
    "severe": ("sevre", "seere", "svere", "sveere", "severre", "sebere", "severs"),
    "recess": ("reccess", "reces", "rcess", "recses", "receas", "reecss"),
    "patent": ("patnt", "patint", "pattent", "pateent", "patemt"),
    "right": ("rigth", "rihgt", "rgiht", "righht", "rght", "rigt"),
    "left": ("letf", "lfet", "lefft", "leftt", "lef"),
    "mild": ("midl", "mlid", "miild", "mildd", "mld"),
    "canal": ("caanl", "cannal", "canaal", "canla"),
    "facet": ("faect", "faccet", "facte"),
}
SLIPPED = (
    *("L4-5: severe left foraminal stenosis", "L4-5: mild right lateral recess stenosis"),
    *("L4-5: the canal is patent", "L4-5: mild canal stenosis, the left foramen is patent"),
    *("L4-5: severe facet arthropathy", "L4-5: mild right foraminal narrowing, left foramen patent"),
)

Cells = dict[tuple[str, str], tuple[int, int]]


def read(text: str) -> Cells:
    return {
        (str(one.level), one.code): (int(one.interval.low), int(one.interval.high))
        for one in label_text(text).grades
    }


@pytest.mark.parametrize(("level", "name"), [(level, name) for level in LEVELS for name in LEVELS[level]])
def test_a_level_in_every_notation(level: str, name: str) -> None:
    for form, (grade, low) in product(AT_A_LEVEL, (("mild", 1), ("severe", 3))):
        text = form.format(l=name, x=f"{grade} canal stenosis")
        assert read(text) == {(level, "SCS"): (low, low)}, text


def shorthand() -> Iterator[tuple[str, Cells]]:
    rng = random.Random(0)
    for codes, names in SHORT.items():
        for name, (grade, bounds) in product(names, GRADES.items()):
            for frame in rng.sample(FRAMES, 4):
                cells = {("L4-L5", code): bounds for code in codes.split()}
                yield frame.format(x=f"{grade} {name}"), cells


def test_structures_sides_and_grades_in_short() -> None:
    assert not [text for text, cells in shorthand() if read(text) != cells]


@pytest.mark.parametrize("words", PLACED)
def test_a_grade_beside_its_side(words: str) -> None:
    assert read(f"L4-5: {words}") == {("L4-L5", "RFS"): (1, 1), ("L4-L5", "LFS"): (2, 2)}


@pytest.mark.parametrize("form", DENIED)
def test_a_denial_that_other_nouns_share(form: str) -> None:
    for other, (words, codes) in product(OTHERS, STENOSES.items()):
        text = form.format(o=other, s=words)
        assert read(f"L4-5: {text}") == {("L4-L5", code): (0, 0) for code in codes}, text
        said = read(f"MRI LSS :\n{text}")
        assert {code for _, code in said} == codes, text
        assert set(said.values()) == {(0, 0)}, text
        assert len(said) == 6 * len(codes), text


@pytest.mark.parametrize("text", GLUED)
def test_words_that_no_blank_parts(text: str) -> None:
    assert read(text) == {("L4-L5", "SCS"): (1, 1)}


@pytest.mark.parametrize("word", SLIPS)
def test_a_slip_in_a_short_word(word: str) -> None:
    for text, slip in product(SLIPPED, SLIPS[word]):
        assert read(text.replace(f" {word} ", f" {slip} ", 1)) == read(text), slip
