"""Spoken prose that leaves half unsaid: exceptions told behind their rule, levels told behind each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from graded import Cells, misread

SPACES = {"foramina": ("RFS", "LFS"), "recesses": ("RRS", "LRS")}
GRADES = {"mild": 1, "moderate": 2, "severe": 3}
ALL = ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")

RULES = (
    "The {space} are patent, {exception}",
    "All {space} are patent, {exception}",
    "The {space} are, with a single exception, patent; that exception is {place}, {grade}ly narrowed.",
    "With one exception the {space} are patent. The exception is {place}, which is {grade}ly narrowed.",
    "There is no narrowing of the {space}. {Exception}",
)
EXCEPTIONS = (
    "with one exception: {place} is {grade}ly narrowed.",
    "the only exception being {place}, which is {grade}ly narrowed.",
    "with the sole exception of {place}, which is {grade}ly narrowed.",
    "but with a single exception, {place}, {grade}ly narrowed.",
)
SENTENCES = (
    "The one exception is {place}, {grade}ly narrowed.",
    "There is one exception to this: {place} is {grade}ly narrowed.",
    "The main exception is {place}, which is {grade}ly narrowed.",
)
PLACES = ("the {side} at {level}", "the {side} one at {level}", "{level} on the {side}")


def exceptions() -> Iterator[tuple[str, Cells]]:
    """Rules and their exceptions, with the cells that they fill."""
    forms = {rule.replace("{exception}", words) for rule, words in product(RULES[:4], EXCEPTIONS)}
    forms |= {RULES[4].replace("{Exception}", words) for words in SENTENCES}
    for form, place, (space, codes) in product(sorted(forms), PLACES, SPACES.items()):
        for side, level, grade in (("left", "L5-S1", "moderate"), ("right", "L3-L4", "severe")):
            text = form.replace("{place}", place).format(space=space, side=side, level=level, grade=grade)
            cells: Cells = {(one, code): 0 for one in ALL for code in codes}
            yield text, cells | {(level, codes[side == "left"]): GRADES[grade]}


def test_the_exception_is_told_behind_its_rule() -> None:
    assert misread(exceptions()) == []


LISTS = {
    "The canal is moderately narrowed at L2-3 and L3-4, and at L4-5 {adverb} {grade}.": "only|just|still",
    "Canal: moderate at L2-3 and L3-4, {adverb} {grade} at L4-5.": "only|back to|down to|falling back to",
    "Canal stenosis is moderate at L2-3 and L3-4 and at L4-5 {adverb} {grade}.": "only|merely|again",
}
"""How the last level of a list is told, and the words before its grade."""


def test_a_word_before_the_next_grade_ends_no_list() -> None:
    notes: list[tuple[str, Cells]] = []
    for form, adverbs in LISTS.items():
        for adverb, (grade, value) in product(adverbs.split("|"), GRADES.items()):
            text = form.format(adverb=adverb, grade=grade)
            notes.append((text, {("L2-L3", "SCS"): 2, ("L3-L4", "SCS"): 2, ("L4-L5", "SCS"): value}))
    assert misread(notes) == []


FIRST = (
    "The canal is mildly narrowed at L2-3",
    "There is mild canal stenosis at L2-3",
    "Canal stenosis is mild at L2-3",
)
SECOND = (
    "L4-5 is severe",
    "L4-5 is severely narrowed",
    "L4-5 demonstrates severe narrowing",
    "at L4-5 it is severe",
)


def test_a_second_level_with_its_verb_begins_a_clause() -> None:
    texts = [f"{first} and {second}." for first, second in product(FIRST, SECOND)]
    assert misread((text, {("L2-L3", "SCS"): 1, ("L4-L5", "SCS"): 3}) for text in texts) == []


NOT_AT = (
    "At L3-4 and not at L4-5",
    "At L3-4, but not at L4-5,",
    "At L3-4 but not L4-5",
    "At L3-4 though not at L4-5,",
)
SAID = {
    "there is moderate canal stenosis": {"SCS": 2},
    "the canal is moderately narrowed": {"SCS": 2},
    "both foramina are mildly narrowed": {"RFS": 1, "LFS": 1},
    "the left recess is severely narrowed": {"LRS": 3},
}


def test_a_level_is_denied_before_what_is_said() -> None:
    notes: list[tuple[str, Cells]] = []
    for lead, (said, codes) in product(NOT_AT, SAID.items()):
        cells: Cells = {("L3-L4", code): grade for code, grade in codes.items()}
        cells |= {("L4-L5", code): 0 for code in codes}
        notes.append((f"{lead} {said}.", cells))
    assert misread(notes) == []


THOSE = (
    "The {space} at L5-S1 are {said}, as are those at L3-4.",
    "The {space} at L5-S1 are {said}, and so are those at L3-4.",
    "The {space} of the lumbosacral junction (L5-S1) are {said}, as are those at L3-4.",
    "The {space} at L5-S1 are {said}; those at L3-4 likewise.",
    "The {space} at L5-S1 and those at L3-4 are {said}.",
    "The {space} at L5-S1 are {said}. So are those at L3-4.",
    "The {space} are {said} at L5-S1, as are the ones at L3-4.",
)


def test_those_of_one_more_level() -> None:
    values = {"patent": 0, "mildly narrowed": 1, "severely narrowed": 3}
    notes: list[tuple[str, Cells]] = []
    for form, (space, codes), (said, value) in product(THOSE, SPACES.items(), values.items()):
        text = form.format(space=space, said=said)
        notes.append((text, {(level, code): value for level in ("L3-L4", "L5-S1") for code in codes}))
    assert misread(notes) == []


HIDDEN = (
    "The left foramen at L5-S1 {unseen}.",
    "At L5-S1 the left foramen {unseen}.",
    "L5-S1: The right foramen is patent, the left {unseen}.",
)
UNSEEN = ("cannot be assessed", "is poorly seen", "is obscured", "cannot be evaluated")
OTHERS = (
    "Other foramina are patent.",
    "The remaining foramina are patent.",
    "No foraminal narrowing elsewhere.",
)


def test_what_cannot_be_assessed_is_none_of_the_others() -> None:
    cells: Cells = {(level, code): 0 for level in ALL for code in ("RFS", "LFS")}
    del cells[("L5-S1", "LFS")]
    texts = [f"{form.format(unseen=words)} {rest}" for form, words, rest in product(HIDDEN, UNSEEN, OTHERS)]
    assert misread((text, cells) for text in texts) == []


BEFORE = ("severe stenosis", "severe canal stenosis", "high-grade narrowing")
OPERATED = (
    "after decompression of",
    "following laminectomy for",
    "after surgery for",
    "after the decompression for",
)
NOW = (
    "L4-5: residual mild canal narrowing {}.",
    "There is mild canal stenosis at L4-5 {}.",
    "L4-5: {}, the canal is mildly narrowed.",
)


def test_what_it_was_operated_for_is_no_more() -> None:
    texts = [now.format(f"{how} {what}") for now, how, what in product(NOW, OPERATED, BEFORE)]
    assert misread((text, {("L4-L5", "SCS"): 1}) for text in texts) == []


@pytest.mark.parametrize("doer", ["a bulge", "a large extrusion", "thickened ligament"])
def test_what_renders_it_narrow(doer: str) -> None:
    joints = ("; {} {} it {}.", ". {} {} it {}.", ", and {} {} it {}.")
    texts = [
        "At L4-5 the canal is small" + joint.format(doer, verb, narrow)
        for joint, verb, narrow in product(
            joints, ("renders", "makes"), ("severely stenotic", "severely narrowed")
        )
    ]
    assert misread((text, {("L4-L5", "SCS"): 3}) for text in texts) == []


NARROW = ("foraminal stenosis", "lateral recess narrowing", "neuroforaminal narrowing")
TURNS = (
    ("right", "right", "left", "left"),
    ("right", "left", "left", "right"),
    ("left", "left", "right", "left"),
)


def test_places_and_the_grade_behind_them() -> None:
    told = []
    for noun, join, and_, sep, sides in product(
        NARROW, (": ", ", ", " - "), (", ", " and "), (": ", " - ", ", "), TURNS
    ):
        levels = ("L1-2", "L2-3", "L4-5", "L5-S1")
        a, b, c, d = (f"{side} {level}" for side, level in zip(sides, levels, strict=True))
        text = f"{noun.capitalize()}{join}{a}{and_}{b}{sep}mild; {c}{and_}{d}{sep}severe."
        code = "RS" if "recess" in noun else "FS"
        cells = ("L1-L2", "L2-L3", "L4-L5", "L5-S1")
        told.append(
            (
                text,
                {
                    (cell, side[0].upper() + code): 1 + 2 * (at > 1)
                    for at, (cell, side) in enumerate(zip(cells, sides, strict=True))
                },
            )
        )
    assert misread(told) == []
