"""Discs picked out of a list by their place in it, in the same sentence or in the next one."""

from __future__ import annotations

from itertools import product

from graded import Cells, misread

TWO = (
    *(("the upper", "the lower one"), ("the upper level", "the lower level"), ("the first", "the second")),
    *(("the higher", "the lower"), ("the first one", "the last one"), ("the upper", "the other")),
)
OF_TWO = (
    "There is {s} at L2-3 and L3-4, severe at {a} and moderate at {b}.",
    "{s} at L2-3 and L3-4. It is severe at {a} and moderate at {b}.",
    "{s} at L2-3 and L3-4; at {a} it is severe, at {b} it is moderate.",
    "Discs bulge at L2-3 and L3-4, with severe {s} in {a} and moderate in {b}.",
)
THREE = (
    *(("the last one", "the first two", "L4-L5"), ("the lowest level", "the others", "L4-L5")),
    *(("the middle one", "the other two", "L3-L4"), ("the first", "the last two", "L2-L3")),
    *(("the upper one", "the lower two", "L2-L3"), ("the last of these", "the other two levels", "L4-L5")),
)
OF_THREE = (
    ("Bulges of L2-3, L3-4 and L4-5, with moderate {s} at {a} and none at {b}.", 0),
    ("There is {s} at L2-3, L3-4 and L4-5, moderate in {a} and mild in {b}.", 1),
)
SPACES = (("canal stenosis", ("SCS",)), ("left foraminal narrowing", ("LFS",)))


def test_one_of_two() -> None:
    notes: list[tuple[str, Cells]] = []
    for form, (a, b), (space, codes) in product(OF_TWO, TWO, SPACES):
        first: Cells = {("L2-L3", code): 3 for code in codes}
        notes.append((form.format(s=space, a=a, b=b), first | {("L3-L4", code): 2 for code in codes}))
    assert misread(notes) == []


def test_one_or_two_of_three() -> None:
    notes: list[tuple[str, Cells]] = []
    for (form, left), (a, b, level), (space, codes) in product(OF_THREE, THREE, SPACES):
        cells: Cells = {(one, code): left for one in ("L2-L3", "L3-L4", "L4-L5") for code in codes}
        notes.append((form.format(s=space, a=a, b=b), cells | {(level, code): 2 for code in codes}))
    assert misread(notes) == []


def test_a_level_of_a_list_in_a_sentence_of_its_own() -> None:
    two = "The L2-3 and L3-4 discs bulge. "
    each = "At the upper level the canal is mildly narrowed. At the lower level it is severely so."
    notes: list[tuple[str, Cells]] = [
        (f"{two}{each}", {("L2-L3", "SCS"): 1, ("L3-L4", "SCS"): 3}),
        (f"{two}The lower one mildly narrows the canal.", {("L3-L4", "SCS"): 1}),
        (
            "L2-3, L3-4 and L4-5 bulge. The upper two levels have mild canal stenosis.",
            {("L2-L3", "SCS"): 1, ("L3-L4", "SCS"): 1},
        ),
    ]
    assert misread(notes) == []


PLACE_FIRST = (
    *("at {a} mild and at {b} moderate", "at {a} mild, at {b} moderate", "{a} mild, {b} moderate"),
    *("at {b} moderate and at {a} mild", "{a} is mild, {b} is moderate"),
)
AROUND = (
    "The L2-3 and L3-4 discs bulge. The canal is narrowed at two levels: {}.",
    "The canal is narrowed at L2-3 and L3-4: {}.",
    "Canal stenosis at L2-3 and L3-4. {}.",
)


def test_the_place_before_its_grade() -> None:
    two = (*TWO[:2], ("the upper", "the lower"), ("the higher", "the lower"))
    notes: list[tuple[str, Cells]] = []
    for around, form, (a, b) in product(AROUND, PLACE_FIRST, two):
        notes.append((around.format(form.format(a=a, b=b)), {("L2-L3", "SCS"): 1, ("L3-L4", "SCS"): 2}))
    assert misread(notes) == []


def test_the_end_of_a_grade_is_no_place() -> None:
    cells: Cells = {("L3-L4", "SCS"): 2, ("L4-L5", "SCS"): 1}
    notes = (
        "Upper moderate canal stenosis at L3-4; lower mild canal stenosis at L4-5.",
        "The canal stenosis is lower moderate at L3-4 and upper mild at L4-5.",
    )
    assert misread((note, cells) for note in notes) == []
