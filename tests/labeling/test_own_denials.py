"""What is denied, or was, of one thing of two: spaces without stenosis, exceptions, what was said before."""

from __future__ import annotations

from itertools import product

from graded import Cells, misread

FREE = ("without stenosis", "with no narrowing", "free of stenosis", "not showing stenosis", "not narrowed")
SPACES = (("both foramina", ("RFS", "LFS")), ("lateral recesses", ("RRS", "LRS")))
SAID = ("was said to be", "was reported as", "had been called", "has been described as", "was thought to be")
THEN = (
    "{n} {s} now, which was moderate",
    "There is now {n} {s}, which was moderate",
    "now {n} {s}, where it was moderate",
)


def test_a_space_without_stenosis_ends_a_narrowing() -> None:
    notes: list[tuple[str, Cells]] = []
    for (space, codes), free, joint in product(SPACES, FREE, (", and ", " and ", ", ")):
        text = f"L3-4: Severe stenosis of the canal{joint}{space} {free}."
        notes.append((text, {("L3-L4", "SCS"): 3, **{("L3-L4", code): 0 for code in codes}}))
    assert misread(notes) == []


def test_what_was_gives_way_to_what_is() -> None:
    notes: list[tuple[str, Cells]] = []
    for said, then, joint in product(
        SAID, ("normal", "mildly stenotic"), (", but is", " but it is", "; it is")
    ):
        notes.append((f"L3-4 {said} {then}{joint} severely stenotic.", {("L3-L4", "SCS"): 3}))
    for form, (now, grade) in product(THEN, (("mild", 1), ("severe", 3))):
        notes.append((f"At L3-4, {form.format(n=now, s='canal stenosis')}.", {("L3-L4", "SCS"): grade}))
    assert misread(notes) == []


def test_exceptions_in_a_sentence_of_their_own() -> None:
    notes: list[tuple[str, Cells]] = []
    rest: Cells = {(level, "SCS"): 0 for level in ("T12-L1", "L1-L2", "L4-L5", "L5-S1")}
    rest |= {("L2-L3", "SCS"): 1, ("L3-L4", "SCS"): 2}
    for heads, told in product(
        ("There are two exceptions: ", "The exceptions are ", "Exceptions: "),
        ("L2-3 (mild) and L3-4 (moderate)", "L2-3 mild, L3-4 moderate", "L2-3, mild, and L3-4, moderate"),
    ):
        notes.append((f"The canal is patent at all levels. {heads}{told}.", rest))
    assert misread(notes) == []
