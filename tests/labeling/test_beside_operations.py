"""Levels that lie beside an operation: no grade is of those that were operated.

Crossed are the operation, the words for the place and the sentence; every text says the same of one level.
"""

from __future__ import annotations

from itertools import product

import pytest
from graded import misread

OPERATIONS = (
    *("an old fusion from L3 to S1", "the L3-S1 fusion", "the previous L3 to L5 fixation"),
    *("the instrumented segments L3-S1", "the instrumentation (L3-S1)", "the laminectomy at L3-4 and L4-5"),
    *("the screws at L3 and L4", "the decompression at L3-4", "the interbody cages at L3-4 and L4-5"),
)
BESIDE = ("just above", "adjacent to", "next to", "cephalad to", "one level above", "at the top of")
SENTENCES = (
    "The trouble sits at L2-3, {place}, with severe canal stenosis.",
    "At L2-3, {place}, there is severe canal stenosis.",
    "There is severe canal stenosis at L2-3, {place}.",
    "L2-3 ({place}): severe canal stenosis.",
    "L2-3, {place}, shows severe canal stenosis.",
    "The canal at L2-3, {place}, is severely narrowed.",
    "L2-3 lies {place} and has severe canal stenosis.",
)
BELOW = "L2-3 with {operation} below it: severe canal stenosis."
NAMED = ("segment above", "the level above", "level below", "one level up", "the segment below")


def test_level_beside_an_operation() -> None:
    places = [f"{beside} {operation}" for beside, operation in product(BESIDE, OPERATIONS)]
    texts = [sentence.format(place=place) for sentence, place in product(SENTENCES, places)]
    texts += [BELOW.format(operation=operation) for operation in OPERATIONS]
    assert misread((text, {("L2-L3", "SCS"): 3}) for text in texts) == []


@pytest.mark.parametrize("name", NAMED)
def test_level_with_a_name_is_no_other(name: str) -> None:
    cells = {("L4-L5", "SCS"): 2, ("L4-L5", "RFS"): 1, ("L4-L5", "LFS"): 1}
    told = "moderate canal stenosis. Both foramina are mildly narrowed."
    forms = (f"L4/L5 ({name}): {told}", f"L4/L5, {name}: {told}", f"L4/L5 - {name}: {told}")
    assert misread((form, cells) for form in forms) == []


WHAT = (
    "the fusion",
    "the laminectomy",
    "the metalwork",
    "the slip of L4 on L5",
    "the disc that was operated",
)


@pytest.mark.parametrize("what", WHAT)
def test_level_that_lies_beside_something_has_its_own_name(what: str) -> None:
    told = "moderate canal stenosis, foramina mildly narrowed"
    cells = {("L3-L4", "SCS"): 2, ("L3-L4", "RFS"): 1, ("L3-L4", "LFS"): 1}
    forms = (
        "L3/4, the level immediately above {}: {}.",
        "L3/4 (segment above {}): {}.",
        "At L3/4, the next level above {}, {}.",
        "L3/4, the level directly above {}, has {}.",
        "L3/4 - the level above {} - {}.",
    )
    assert misread((form.format(what, told), cells) for form in forms) == []


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("L1/2 and L2/3, the segments above the fusion: mild canal stenosis.", {"L1-L2": 1, "L2-L3": 1}),
        ("L3/4: severe canal stenosis, the level below mild.", {"L3-L4": 3, "L4-L5": 1}),
        (
            "L4/5 fused. L3/4, the level above the fusion, has severe canal stenosis, and L2/3, the level "
            "above that, mild.",
            {"L3-L4": 3, "L2-L3": 1},
        ),
    ],
)
def test_levels_beside_something_and_beside_a_level(text: str, cells: dict[str, int]) -> None:
    assert misread([(text, {(level, "SCS"): grade for level, grade in cells.items()})]) == []


@pytest.mark.parametrize(
    "text",
    [
        "Severe canal stenosis above the fusion from L4 to S1.",
        "Adjacent to the L4-5 fusion there is severe canal stenosis.",
    ],
)
def test_level_that_has_no_name_is_not_that_of_the_operation(text: str) -> None:
    assert misread([(text, {})]) == []


def test_levels_of_the_operation_are_spoken_of() -> None:
    text = "L2-3, above the L3-S1 fusion, shows severe canal stenosis. No stenosis at the remaining levels."
    spared = {(level, code): 0 for level in ("T12-L1", "L1-L2") for code in ("SCS", "RFS", "LFS")}
    assert misread([(text, {("L2-L3", "SCS"): 3, **spared})]) == []


RANGES = (("L4 to S1", "L3-L4", ""), ("L3-L5", "L2-L3", "L5-S1"), ("T12 to L2", "", "L2-L3"))
DONE = ("Fusion from {}.", "{} laminectomy.", "Posterior fusion of {}.\n\n")
TOLD = (
    "The level {} shows {} canal stenosis.",
    "At the level {}, {} canal stenosis.",
    "Level {}: {} canal stenosis.",
)
TOGETHER = (
    "The level above shows mild canal stenosis and the level below severe canal stenosis.",
    "Mild canal stenosis at the level above; severe canal stenosis at the level below.",
)


def test_the_levels_beyond_an_operation() -> None:
    notes = []
    for done, (levels, above, below) in product(DONE, RANGES):
        told = [(form.format("above", "mild"), form.format("below", "severe")) for form in TOLD]
        cells = {(above, "SCS"): 1, (below, "SCS"): 3}
        cells = {cell: grade for cell, grade in cells.items() if cell[0]}
        texts = [*TOGETHER, *(f"{first} {second}" for first, second in told)]
        notes += [(f"{done.format(levels)} {text}", cells) for text in texts]
    notes += [
        (
            "L5-S1 and L4-5 are fused. The adjacent level above shows mild canal stenosis.",
            {("L3-L4", "SCS"): 1},
        ),
        ("Fusion from L4 to S1, with mild canal stenosis at the level above.", {("L3-L4", "SCS"): 1}),
        ("Fusion from L4 to S1 with mild canal stenosis above.", {}),
        ("L4 to S1 fusion. At the level below, the disc is dry. The canal is narrowed there.", {}),
    ]
    assert misread(notes) == []


NAMES = ("at {}", ", at {}", ", {}", " ({})", ", namely {}", ", that is {}", ", i.e. {}", " - {}")
PLACES = (
    *(("one level up", "L2-3"), ("at the level above", "L2-3"), ("one level higher", "L2-3")),
    *(("at the segment below", "L4-5"), ("one level down", "L4-5"), ("just below", "L4-5")),
)
TELLING = (
    "Severe canal stenosis at L3-4. There is mild canal stenosis {}{}.",
    "Slip at L3-4, severe canal stenosis there, and mild canal stenosis {}{}.",
)


def test_a_level_named_beside_its_place_is_the_one_meant() -> None:
    """No other one above it: "severe at L3-4, mild one level up at L2-3"."""
    notes = []
    for form, (place, level), name in product(TELLING, PLACES, NAMES):
        beside = (" " if name[0] == "a" else "") + name.format(level)
        told = {("L3-L4", "SCS"): 3, ("L2-L3" if level == "L2-3" else "L4-L5", "SCS"): 1}
        if not (place == "just below" and "i.e." in name):
            notes.append((form.format(place, beside), told))
    notes += [
        ("Mild canal stenosis one level above L3-4.", {("L2-L3", "SCS"): 1}),
        (
            "Severe canal stenosis at L3-4, mild one level up at L2-3 and moderate one level down at L4-5.",
            {("L3-L4", "SCS"): 3, ("L2-L3", "SCS"): 1, ("L4-L5", "SCS"): 2},
        ),
    ]
    assert misread(notes) == []
