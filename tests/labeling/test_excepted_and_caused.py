"""Exceptions with no structure, causes behind another level, compression that is of the nerves."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle, product

from graded import Cells, misread

EXCEPT = ("Apart from", "Except for", "Other than", "With the exception of")
GRADES = {"slight": 1, "moderate": 2, "severe": 3}
NARROWING = (
    "{g} {s}-sided narrowing",
    "{g} encroachment on the {s}",
    "{g} {s} stenosis",
    "{g} narrowing of the {s} one",
)
SPACES = (("foramina", "FS"), ("lateral recesses", "RS"))
CAUSES = (
    "due to facet hypertrophy",
    "by a bulge and facet arthropathy",
    "owing to hypertrophy of the facets",
)
BEFORE = (("The {s} is patent at L2-3", 0), ("The {s} is mildly narrowed at L2-3", 1))
DENIED = (", without radicular compression", " and without neural impingement", ", but no compression")
LEVELS = ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
RULES = (
    ("The foramina are patent", "FS"),
    ("No foraminal stenosis", "FS"),
    ("The lateral recesses are clear", "RS"),
    ("The spinal canal is wide", "SCS"),
)
OF_SIDES = (
    ("on the {0} at {a} and {b}", "same"),
    ("{0} {a} and {0} {b}", "same"),
    ("at {a} and {b} on the {0}", "same"),
    ("{0} {a} and {1} {b}", "other"),
    ("at {a} on the {0} and at {b} on the {1}", "other"),
    ("at {a} and {b}", "both"),
)
IN_TURN = (
    ", {0} and {1} respectively",
    " ({0} and {1} respectively)",
    ", where there is {0} and {1} narrowing",
    ", which are {0}ly and {1}ly narrowed",
    ", which are respectively {0} and {1}",
)
PAIRS = (("mild", "severe"), ("moderate", "mild"), ("severe", "moderate"))


def test_an_exception_before_its_rule_is_of_the_structure_behind_it() -> None:
    notes: list[tuple[str, Cells]] = []
    for word, (grade, low), form, (space, code) in product(EXCEPT, GRADES.items(), NARROWING, SPACES):
        side, other = ("left", "R") if len(notes) % 2 else ("right", "L")
        sign = "," if len(notes) % 3 else ""
        text = f"L3-4: {word} {form.format(g=grade, s=side)}{sign} the {space} are patent."
        notes.append((text, {("L3-L4", side[0].upper() + code): low, ("L3-L4", other + code): 0}))
    assert misread(notes) == []


def test_a_cause_is_of_the_level_that_it_narrows() -> None:
    notes: list[tuple[str, Cells]] = []
    for (first, grade), joint, cause in product(BEFORE, (", whereas ", ", while ", ", but "), CAUSES):
        for second in ("at L4-5 it is severely stenotic", "severely narrowed at L4-5"):
            text = f"{first.format(s='spinal canal')}{joint}{second} {cause}."
            told: Cells = {("L2-L3", "SCS"): grade, ("L4-L5", "SCS"): 3}
            notes.append((text, {**told, ("L4-L5", "RFA"): None, ("L4-L5", "LFA"): None}))
    assert misread(notes) == []


def test_a_compression_denied_leaves_a_narrowing() -> None:
    notes: list[tuple[str, Cells]] = []
    for (space, code), denied in product(SPACES, DENIED):
        told: Cells = {("L4-L5", side + code): None for side in "RL"}
        notes.append((f"L4-5: Disc bulge which reduces the {space}{denied}.", told))
        notes.append((f"At L4-5 the {space} are narrowed{denied}.", told))
    assert misread(notes) == []


def test_what_an_exception_leaves_unsaid_is_the_opposite_of_its_rule() -> None:
    notes: list[tuple[str, Cells]] = []
    for word, (space, code) in product(("except at", "apart from", "save at", "other than at"), SPACES):
        told: Cells = {(level, side + code): None for level in LEVELS[2:] for side in "RL"}
        told |= {("L2-L3", side + code): 0 for side in "RL"}
        notes.append((f"Bulges from L2-3 to L5-S1, narrowing the {space} {word} L2-3.", told))
        canal: Cells = {(level, "SCS"): 0 for level in LEVELS if level != "L3-L4"}
        notes.append((f"The canal is not narrowed {word} L3-4.", {**canal, ("L3-L4", "SCS"): None}))
    assert misread(notes) == []


def test_grades_in_turn_are_of_the_places_excepted() -> None:
    notes: list[tuple[str, Cells]] = []
    pairs = cycle(product(PAIRS, ((3, 4), (4, 5), (2, 5)), (("left", "right"), ("right", "left"))))
    for (rule, code), (places, meant), tail in product(RULES, OF_SIDES, IN_TURN):
        if code == "SCS" and meant != "both":
            continue
        grades, levels, sides = next(pairs)
        a, b = (LEVELS[at].replace("-L", "-").replace("-", "/", 1) for at in levels)
        second = {"same": sides[:1], "other": sides[1:], "both": sides}[meant]
        told: Cells = {(level, one): 0 for level in LEVELS for one in _codes(code, sides)}
        for at, grade, of in zip(
            levels, grades, (sides if meant == "both" else sides[:1], second), strict=True
        ):
            told |= {
                (LEVELS[at], one): {"mild": 1, "moderate": 2, "severe": 3}[grade] for one in _codes(code, of)
            }
        notes.append((f"{rule} except {places.format(*sides, a=a, b=b)}{tail.format(*grades)}.", told))
    assert misread(notes) == []


def _codes(code: str, sides: Iterable[str]) -> list[str]:
    """The codes of the cells of `sides`."""
    return [code] if code == "SCS" else [side[0].upper() + code for side in sides]
