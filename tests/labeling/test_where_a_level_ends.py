"""Sentences that a level named before does not reach: of all levels again, of the study, of a lesion's level."""

from __future__ import annotations

from itertools import product

from graded import Cells, graded, misread

from lexicons.vocabulary import LEVELS

ALL = tuple(map(str, LEVELS))
EVERYWHERE = (
    *("The foramina are open at all levels", "The foramina are normal in size throughout", "The foramina are open"),
    *("There is no foraminal stenosis at any level", "No foraminal narrowing throughout the lumbar spine"),
)
EXCEPT = (
    *(" except on the right at L2-3", ", except at L2-3 on the right", " apart from mild right narrowing at L2-3"),
    *(", but for mild narrowing on the right at L2-3", " save for the right at L2-3, which is mildly narrowed"),
    *(" except on the right at L2-3, where a bulge causes mild narrowing", " other than at L2-3"),
)
DENIED = {
    **dict.fromkeys(("The lateral recesses are spacious.", "No recess stenosis."), ("RRS", "LRS")),
    **dict.fromkeys(("The spinal canal is capacious.", "There is no canal stenosis."), ("SCS",)),
    "The facet joints are normal.": ("RFA", "LFA"),
}
NOTHING_ELSE = (
    *("nil else of note", "nothing else of note", "no other findings", "there is nothing else", "otherwise nil"),
    *("otherwise normal", "otherwise unremarkable", "all else normal", "nothing else to report", "nil else"),
)
LISTS = ("- L5-S1 small bulge\n- L3-4 mild canal stenosis\n- ", "L5-S1: small bulge.\nL3-4: mild canal stenosis.\n")


def test_the_level_of_an_exception_ends_with_its_sentence() -> None:
    said = [
        (f"{all_of_them}{exception}. {denied}", dict.fromkeys(product(ALL, codes), 0))
        for all_of_them, exception, (denied, codes) in product(EVERYWHERE, EXCEPT, DENIED.items())
    ]
    assert [text for text, wanted in said if not wanted.items() <= graded(text).items()] == []


def test_a_line_that_closes_a_list_of_levels_calls_none_of_them_normal() -> None:
    wanted: Cells = {("L3-L4", "SCS"): 1}
    assert misread((above + line, wanted) for above, line in product(LISTS, NOTHING_ELSE)) == []


def test_a_line_below_a_heading_is_of_its_level() -> None:
    texts = [f"L3-4:\n- mild canal stenosis\n- {line}" for line in NOTHING_ELSE]
    assert [text for text in texts if graded(text).get(("L3-L4", "LFS")) != 0] == []
