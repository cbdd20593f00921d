"""Short notes as they are written abroad: rows in one line, sides as keys, brackets, legends of one sign.

Every note says one thing in many forms; a form that is read otherwise than the others is a misread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest

from labeling.labeler import label_text

Note = tuple[str, dict[str, tuple[int, int]]]

SAID = {
    **{"patent": (0, 0), "no stenosis": (0, 0), "mild stenosis": (1, 1), "moderate narrowing": (2, 2)},
    **{"severe stenosis": (3, 3)},
}
LEVELS = ("L2-L3", "L3-L4", "L4-L5", "L5-S1")
WRITTEN = (("L2/3", "L3/4", "L4/5", "L5/S1"), ("L2-3", "L3-4", "L4-5", "L5-S1"), ("L2/3", "L3/4", "L4/5", "L5/S"))
WORDS = {"none": (0, 0), "mild": (1, 1), "moderate": (2, 2), "severe": (3, 3)}
LEVEL_CODES = ("SCS", "RFS", "LFS", "RRS", "LRS", "RFA", "LFA")


def cells(text: str) -> dict[str, tuple[int, int]]:
    """The cells of `text`, as ``L4-L5 RFS``, and the interval of each."""
    return {
        f"{one.level} {one.code}": (one.interval.low, one.interval.high) for one in label_text(text).grades
    }


def misread(notes: Iterator[Note]) -> list[tuple[str, dict[str, tuple[int, int]]]]:
    return [(text, got) for text, said in notes if (got := cells(text)) != said]


def sides_as_keys() -> Iterator[Note]:
    foramina = ("neuroforamen", "foramina")
    marks = (("R", "L"), ("right", "left"))
    for noun, (right, left), sign, (one, low), (two, high) in product(
        foramina, marks, (": ", " - "), SAID.items(), SAID.items()
    ):
        if sign == " - " and two == "no stenosis":
            continue
        said = {"L4-L5 SCS": (2, 2), "L4-L5 RFS": low, "L4-L5 LFS": high}
        yield f"L4/5: canal: moderate stenosis; {noun} {right}{sign}{one} {left}{sign}{two}", said


def rows_in_a_line() -> Iterator[Note]:
    heads = ("", "[Level] ", "[level]", "(Level) ", "<Level> ", "Level: ", "[Disc] ", "-> ", "> ", "# ", "@")
    canals = (
        ("canal stenosis grade: {}", "foraminal stenosis: nil"),
        ("{} canal stenosis", "foramina patent"),
        ("canal {}", "no foraminal stenosis"),
    )
    for head, (_, one, two, three), (canal, patent) in product(heads, WRITTEN, canals):
        text = (
            f"MRI. {head}{one}: bulge; {canal.format('mild')}; {patent} {head}{two}: bulge; "
            f"{canal.format('severe')}; foraminal stenosis: rt mild lt moderate {head}{three}: WNL"
        )
        said = {"L3-L4 SCS": (1, 1), "L3-L4 RFS": (0, 0), "L3-L4 LFS": (0, 0)}
        said |= {"L4-L5 SCS": (3, 3), "L4-L5 RFS": (1, 1), "L4-L5 LFS": (2, 2)}
        yield text, said | {f"L5-S1 {code}": (0, 0) for code in LEVEL_CODES}


def entries_of_a_key() -> Iterator[Note]:
    keys = {"Canal stenosis: ": "SCS", "Right foraminal stenosis: ": "RFS", "Left foramen - ": "LFS"}
    signs = ("{} {}", "{{{} {}}}", "({} {})", "<{} {}>", "{}={}", "{{{}-{}}}")
    orders = (("none", "none", "mild", "severe"), ("mild", "severe", "none", "moderate"))
    for (key, code), sign, levels, words in product(keys.items(), signs, WRITTEN[:2], orders):
        entries = " ".join(sign.format(level, word) for level, word in zip(levels, words, strict=True))
        said = {f"{level} {code}": WORDS[word] for level, word in zip(LEVELS, words, strict=True)}
        yield f"{key}{entries}", said


def arthropathy_before_stenosis() -> Iterator[Note]:
    facets = ("facet OA {}", "bilateral facet arthropathy {}")
    stenoses = {"{} central stenosis": ("SCS",), "{} left foraminal narrowing": ("LFS",), "{} CCS": ("SCS",)}
    frames = ("L4-5 {}, {}.", "L4-5: bulge, {}, {}", "L4/5: yellow ligament thick, {}, {}")
    for facet, (stenosis, codes), frame, one, two in product(
        facets, stenoses.items(), frames, ("mild", "mod", "severe"), ("mild", "moderate")
    ):
        grade = WORDS["moderate" if one == "mod" else one]
        said = {f"L4-L5 {code}": grade for code in ("RFA", "LFA")}
        yield (
            frame.format(facet.format(one), stenosis.format(two)),
            said | {f"L4-L5 {code}": WORDS[two] for code in codes},
        )


@pytest.mark.parametrize(
    "notes", [sides_as_keys, rows_in_a_line, entries_of_a_key, arthropathy_before_stenosis]
)
def test_every_form_says_the_same(notes: Callable[[], Iterator[Note]]) -> None:
    assert not misread(notes())
