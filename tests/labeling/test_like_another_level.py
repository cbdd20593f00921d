"""Levels held against another, left out or named in passing, and a side that cannot be seen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from graded import Cells, misread

LEVELS = ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
ALL_NORMAL = ("SCS", "RFS", "LFS", "RRS", "LRS", "RFA", "LFA")

SAME_DISC = (
    "the changes are essentially those of L1-2 with regard to the disc",
    "appearances are those of L1-2 as far as the disc is concerned",
    "the findings are as at L1-2 as regards the disc",
    "the disc is like that at L1-2",
    "the disc changes are those of L1-2",
    "the disc looks the same as at L1-2",
    "the disc changes mirror those at L1-2",
)
TOLD_BESIDE: dict[str, dict[str, int]] = {
    ", but the canal is moderately narrowed": {"SCS": 2},
    ", with severe left foraminal narrowing": {"LFS": 3},
    "; the right recess is mildly narrowed": {"RRS": 1},
    ". The canal is wide, both foramina are mildly narrowed": {"SCS": 0, "RFS": 1, "LFS": 1},
}


def discs_alike() -> Iterator[tuple[str, Cells]]:
    """A disc that is like the one of another level, whose canal and foramina are its own."""
    first: Cells = {("L1-L2", "SCS"): 3, ("L1-L2", "LFS"): 1}
    for lead, like, (more, cells) in product(("At L3-4, ", "L3-4: "), SAME_DISC, TOLD_BESIDE.items()):
        told = "At L1-2 there is severe canal stenosis and mild left foraminal stenosis."
        yield f"{told} {lead}{like}{more}.", first | {("L3-L4", code): low for code, low in cells.items()}


def test_what_a_disc_is_like_takes_no_cells() -> None:
    assert misread(discs_alike()) == []


FIRST: dict[str, tuple[int, int]] = {
    "at L4-5, where there is severe narrowing on the right and mild narrowing on the left": (3, 1),
    "on the left at L4-5, where there is severe narrowing": (0, 3),
    "at L4-5 where both are moderately narrowed": (2, 2),
}
NEXT: dict[str, tuple[int, int]] = {
    "and on the right at L3-4, where there is mild narrowing": (1, 0),
    "and at L3-4 on the right, where it is mildly narrowed": (1, 0),
    "and at L3-4, where both are severely narrowed": (3, 3),
    "and also on the left at L3-4 where there is moderate narrowing": (0, 2),
}


def exceptions() -> Iterator[tuple[str, Cells]]:
    """Two levels left out of one rule, each with what is so there."""
    rules = ("The foramina are open", "There is no foraminal stenosis")
    for rule, word, (one, low), (two, high), link in product(
        rules, ("except", "save", "other than"), FIRST.items(), NEXT.items(), (", ", "; ")
    ):
        cells: Cells = {(level, code): 0 for level in LEVELS for code in ("RFS", "LFS")}
        for level, (right, left) in (("L4-L5", low), ("L3-L4", high)):
            cells |= {(level, "RFS"): right, (level, "LFS"): left}
        yield f"{rule} {word} {one}{link}{two}.", cells


def test_a_second_exception_is_one_too() -> None:
    assert misread(exceptions()) == []


NOTHING = ("I do not see anything of note", "There is nothing of importance", "Nothing significant is seen")
ABOVE = ("higher up", "more cephalad", "above", "above this", "at any level above", "at the levels above")
BELOW = ("further down", "below this level", "at any level further down")


def nothing_beyond() -> Iterator[tuple[str, Cells]]:
    """Nothing above or below the level in force, of which it says nothing."""
    told = "At L3-4 the left foramen is mildly narrowed."
    for words, where in product(NOTHING, (*ABOVE, *BELOW)):
        levels = LEVELS[:3] if where in ABOVE else LEVELS[4:]
        cells: Cells = {(level, code): 0 for level in levels for code in ALL_NORMAL}
        yield f"{told} {words} {where}.", cells | {("L3-L4", "LFS"): 1}


def test_nothing_farther_up_is_not_of_the_level_in_force() -> None:
    assert misread(nothing_beyond()) == []


PARTS = {
    "lower lumbar spine": ("L4-L5", "L5-S1"),
    "upper lumbar levels": ("L1-L2", "L2-L3"),
    "lower three levels": ("L3-L4", "L4-L5", "L5-S1"),
}


def parts_of_the_spine() -> Iterator[tuple[str, Cells]]:
    """A part of the spine set off by commas, and one level of it that has something more."""
    for (part, levels), link, (words, code, low) in product(
        PARTS.items(),
        (", with ", ", plus ", ", and "),
        (("mild canal stenosis", "SCS", 1), ("severe left recess stenosis", "LRS", 3)),
    ):
        for level in levels:
            cells: Cells = {(one, side): 2 for one in levels for side in ("RFA", "LFA")}
            yield f"Moderate facet arthropathy, {part}{link}{words} at {level}.", cells | {(level, code): low}


def test_a_part_of_the_spine_between_commas_is_of_what_stands_before_it() -> None:
    assert misread(parts_of_the_spine()) == []


UNSEEN = ("could not be judged", "cannot be assessed", "not assessable")
TOLD_OF_OTHER = {
    ", mildly narrowed on the {}": 1,
    "; normal on the {}": 0,
    ", the {} is severely narrowed": 3,
}


def one_side_unseen() -> Iterator[tuple[str, Cells]]:
    """One side that cannot be assessed, and a grade for the other."""
    spaces = {"Foramina": ("RFS", "LFS"), "Lateral recesses": ("RRS", "LRS")}
    for (space, codes), words, why, (told, low), seen in product(
        spaces.items(), UNSEEN, ("", " (motion)", " owing to metal"), TOLD_OF_OTHER.items(), (0, 1)
    ):
        sides = ("right", "left")
        text = f"L2-3: Canal wide. {space}: {words} on the {sides[1 - seen]}{why}{told.format(sides[seen])}."
        yield text, {("L2-L3", "SCS"): 0, ("L2-L3", codes[seen]): low}


def test_a_side_that_cannot_be_assessed_leaves_the_other_its_grade() -> None:
    assert misread(one_side_unseen()) == []


STRESSED = ("mainly at", "most at", "especially", "notably at")
THERE = {
    "where it encroaches upon both recesses": ("RRS", "LRS"),
    "where there is narrowing of the canal": ("SCS",),
    "where the disc narrows both foramina": ("RFS", "LFS"),
}


def stressed_levels() -> Iterator[tuple[str, Cells]]:
    """Bulging discs at several levels, and what is so at one of them alone."""
    for listed, words, level, (there, codes), sign in product(
        ("L2-3, L3-4 and L4-5", "L2-L3 to L4-L5"), STRESSED, ("L2-L3", "L4-L5"), THERE.items(), (", ", " ")
    ):
        text = f"There are bulging discs at {listed}, {words} {level}{sign}{there}."
        yield text, {(level, code): None for code in codes}


def test_what_is_so_where_a_level_is_stressed_is_of_that_one_alone() -> None:
    assert misread(stressed_levels()) == []


GRADES = {"mild": 1, "moderate": 2, "severe": 3}
FINDINGS = {"facet arthropathy": "FA", "foraminal stenosis": "FS", "recess narrowing": "RS"}
MORE = (
    "{} worse on the {} ({}) than {} ({})",
    "{}, worse on the {} ({}) than on the {} ({})",
    "{} greater on the {} ({}) than the {} ({})",
    "{}, {} ({}) greater than {} ({})",
)


def worse_on_one_side() -> Iterator[tuple[str, Cells]]:
    """A grade in brackets behind each of two sides."""
    for (words, code), form, sides, (more, less), lead in product(
        FINDINGS.items(),
        MORE,
        (("left", "right"), ("right", "left")),
        (("severe", "moderate"), ("moderate", "mild")),
        ("", "left-sided collapse and "),
    ):
        told = form.format(f"{lead}{words}", sides[0], more, sides[1], less)
        one, other = (f"{side[0].upper()}{code}" for side in sides)
        yield f"L2-3: {told}.", {("L2-L3", one): GRADES[more], ("L2-L3", other): GRADES[less]}


def test_each_side_has_the_grade_in_its_bracket() -> None:
    assert misread(worse_on_one_side()) == []


SET_OFF = ("left side only", "on the left", "left")
WITH: dict[str, dict[str, int]] = {
    "with no narrowing of the canal": {"SCS": 0},
    "with mild canal stenosis": {"SCS": 1},
    "but the canal is patent": {"SCS": 0},
}


def sides_set_off() -> Iterator[tuple[str, Cells]]:
    """A side between commas, and what comes with the finding that it is of."""
    for (words, code), side, (more, cells), (grade, low) in product(
        FINDINGS.items(), SET_OFF, WITH.items(), GRADES.items()
    ):
        told = {("L3-L4", one): value for one, value in cells.items()}
        yield f"At L3-4 {grade} {words}, {side}, {more}.", {**told, ("L3-L4", f"L{code}"): low}
        if code != "FS":
            both = {("L3-L4", "RFS"): 0, ("L3-L4", "LFS"): 0, ("L3-L4", f"L{code}"): low}
            yield f"At L3-4 {grade} {words}, {side}, with no foraminal narrowing.", both


def test_a_side_between_commas_is_of_what_stands_before_it() -> None:
    assert misread(sides_set_off()) == []
