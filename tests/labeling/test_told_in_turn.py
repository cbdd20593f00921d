"""Values told in turn, or behind their levels: each goes to its own side, level and noun."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from labeling.labeler import label_text

GRADES = {"mild": 1, "moderate": 2, "severe": 3}
CANALS = {"no canal stenosis": 0, "mild central stenosis": 1}
BOTH_SIDES = (
    ("{0} right and {1} left foraminal stenosis", "RFS", "LFS"),
    ("{0} left, {1} right neural foraminal narrowing", "LFS", "RFS"),
    ("{0} left and {1} right recess stenosis", "LRS", "RRS"),
)
LOWER = {"L4-L5", "L5-S1"}
OF_LEVELS = {
    "at the lower levels": LOWER,
    "at the lower two levels": LOWER,
    "at the three lower levels": {"L3-L4", *LOWER},
    "at the upper lumbar levels": {"L1-L2", "L2-L3"},
    "at all levels": {"T12-L1", "L1-L2", "L2-L3", "L3-L4", *LOWER},
}
NOUNS = {
    "Canal stenosis": ("SCS",),
    "There is foraminal narrowing": ("RFS", "LFS"),
    "Facet arthropathy is present": ("RFA", "LFA"),
}
SPACES = {"recess": "RS", "foramen": "FS"}
FILLED = (
    *("a {side} disc protrusion fills the {side} {space}.", "disc material lies in the {side} {space}."),
    *(
        "a cyst occupies the {side} {space} and displaces the root;",
        "the {side} {space} is occupied by scar.",
    ),
)
NARROW_ONE = ("The {space} is {grade}ly narrowed", "the {space} shows {grade} stenosis")
BULGES = "Bulges at L1-2, L2-3 and L3-4"

Case = tuple[str, dict[str, int | None]]


def _told(text: str) -> dict[str, int | None]:
    return {f"{cell.level} {cell.code}": cell.grade for cell in label_text(text).grades}


def _behind_canal() -> Iterator[Case]:
    """A noun of two sides behind the canal, with no sign between, or a letter in brackets."""
    for (canal, low), (sides, first, second), (one, other), sign in product(
        CANALS.items(), BOTH_SIDES, product(["mild", "severe"], ["moderate", "no"]), [" ", " (c) "]
    ):
        text = f"L4-5: {canal}{sign}{sides.format(one, other)}."
        grades = {first: GRADES[one], second: GRADES.get(other, 0)}
        yield text, {f"L4-L5 {code}": grade for code, grade in {"SCS": low, **grades}.items()}


def _behind_reference() -> Iterator[Case]:
    """A grade behind levels that are named by a word for several of them."""
    for (noun, codes), (levels, named), (word, grade) in product(
        NOUNS.items(), OF_LEVELS.items(), GRADES.items()
    ):
        text = f"L2-3 is dry. {noun} {levels}, {word}."
        yield text, {f"{level} {code}": grade for level in named for code in codes}


def _in_bracket() -> Iterator[Case]:
    """Levels, and as many entries in a bracket."""
    for first, second, third in product(GRADES, repeat=3):
        listed = f"(bil., {first}; {second} left; {third}, both sides)"
        cells = {"L3-L4 RFS": first, "L3-L4 LFS": first, "L4-L5 LFS": second}
        cells |= {"L5-S1 RFS": third, "L5-S1 LFS": third}
        yield f"Foraminal stenosis: L3-4, L4-5, L5-S1 {listed}.", {at: GRADES[x] for at, x in cells.items()}
        yield (
            f"Spinal stenosis: L3-4, L4-5 ({first}; {second}).",
            {
                "L3-L4 SCS": GRADES[first],
                "L4-L5 SCS": GRADES[second],
            },
        )


def _on_scale() -> Iterator[Case]:
    """The grade of each side in words and on a scale."""
    for (right, r), (left, l_), joint in product(GRADES.items(), GRADES.items(), (" and", ",")):
        text = f"L4-5: {right} right (Lee {r}){joint} {left} left (Lee {l_}) foraminal stenosis."
        yield text, {"L4-L5 RFS": r, "L4-L5 LFS": l_}


def _one_space() -> Iterator[Case]:
    """A space that is named with its side, and again without it."""
    for filled, (space, code), side, narrow, (grade, high) in product(
        FILLED, SPACES.items(), ("left", "right"), NARROW_ONE, [*GRADES.items()][1:]
    ):
        words = {"side": side, "space": space, "grade": grade}
        text = f"At L5-S1 {filled.format(**words)} {narrow.format(**words)}."
        told = {f"L5-S1 {side[0].upper()}{code}": high}
        yield text.replace("; The", "; the"), told


def _there() -> Iterator[Case]:
    """What is normal "there" is so at the levels told of, and at no other."""
    levels = ("L1-L2", "L2-L3", "L3-L4")
    for noun, code in (("canal", ("SCS",)), ("foramina", ("RFS", "LFS")), ("facet joints", ("RFA", "LFA"))):
        verb = "is" if noun == "canal" else "are"
        cells: dict[str, int | None] = {f"{level} {one}": 0 for level in levels for one in code}
        yield f"{BULGES}. The {noun} there {verb} normal.", cells
        yield f"The discs from L1-2 to L3-4 are dry. The {noun} there {verb} normal.", cells


def _out_of_three() -> Iterator[Case]:
    """Scores that are told with the highest there is."""
    key = "0 none, 1 mild, 2 moderate, 3 severe"
    for canal, right, left in product(range(4), range(1, 4), range(2)):
        scores = f"canal {canal}/3, right foramen {right}/3, left foramen {left}/3"
        cells: dict[str, int | None] = {"L4-L5 SCS": canal, "L4-L5 RFS": right, "L4-L5 LFS": left}
        yield f"L4-5: {scores}.\nKey: {key}.", cells
        yield f"L4-5: {scores.replace('/3', '')}.\nKey: {key}.", cells


def _misread(cases: Iterator[Case]) -> list[str]:
    return [f"{text} -> {told}" for text, cells in cases if (told := _told(text)) != cells]


def test_two_sides_behind_the_canal() -> None:
    assert not _misread(_behind_canal())


def test_a_grade_behind_levels_by_reference() -> None:
    assert not _misread(_behind_reference())


def test_a_bracket_tells_of_each_level() -> None:
    assert not _misread(_in_bracket())


def test_each_side_on_a_scale() -> None:
    assert not _misread(_on_scale())


def test_the_space_named_before() -> None:
    assert not _misread(_one_space())


def test_what_is_normal_there() -> None:
    assert not _misread(_there())


def test_scores_out_of_three() -> None:
    assert not _misread(_out_of_three())


def _keyed_pairs() -> Iterator[Case]:
    """Values with a slash under a key of two or three structures; where one is missing, nothing is told."""
    values = {"-": 0, "none": 0, "mild": 1, "severe": 3}
    for (first, a), (second, b) in product(values.items(), repeat=2):
        entry, other = f"({first}/{second})", "(moderate/-)"
        cells: dict[str, int | None] = {"L2-L3 SCS": a, "L2-L3 RFS": b, "L2-L3 LFS": b}
        cells |= {"L3-L4 SCS": 2, "L3-L4 RFS": 0, "L3-L4 LFS": 0}
        yield f"Canal/foramina: L2/3 {entry}, L3/4 {other}", cells
        cells = {"L2-L3 RFS": a, "L2-L3 LFS": b, "L3-L4 RFS": 2, "L3-L4 LFS": 0}
        yield f"Right foramen/left foramen: L2-3 {entry}; L3-4 {other}.", cells
        yield f"Canal/foramina: L2/3 {entry}, L3/4 (mild)", {}


def test_each_value_of_its_structure() -> None:
    assert not _misread(_keyed_pairs())
