"""What a report calls a space, and what the reader finds in the next sentence."""

from __future__ import annotations

from itertools import product

from labeling.labeler import label_text

_SPACES = (("canal", "SCS"), ("left foramen", "LFS"), ("right lateral recess", "RRS"))
_GRADES = (("mildly", "mild", 1), ("moderately", "moderate", 2), ("severely", "severe", 3))
_TOLD = (
    "The report has the {space} at L4-5 {was} narrowed.",
    "The formal report describes {grade} narrowing of the {space} at L4-5.",
)
_FOUND = (
    "In my view it is {now}.",
    "To me it is only {now}.",
    "It looks {now} to us.",
    "On my own reading the {space} is {how} narrowed.",
    "I went through the pictures with her. To my eye the {space} there is {how} narrowed.",
    "Having been over the axial images I would regard it as {now}, as there is little fluid.",
    "I measure it as {now}.",
)
_DENIED = (
    "I do not find that the {space} is narrowed.",
    "We do not think the {space} is narrowed at all.",
    "To me the {space} looks normal.",
)
_NOT_SHARED = ("I cannot see this.", "I am afraid I do not agree.")


def _misread(found: tuple[str, ...], grades: tuple[tuple[str, str, int | None], ...]) -> list[str]:
    misread = []
    for told, second, (space, code), (was, grade, _), (how, now, meant) in product(
        _TOLD, found, _SPACES, _GRADES, grades
    ):
        text = f"{told} {second}".format(space=space, was=was, grade=grade, how=how, now=now)
        cells = [(str(one.level), one.code, one.grade) for one in label_text(text).grades]
        if cells != ([] if meant is None else [("L4-L5", code, meant)]):
            misread.append(f"{text} {cells}")
    return misread


def test_what_the_reader_finds_wins_over_what_was_reported() -> None:
    assert _misread(_FOUND, _GRADES) == []


def test_what_the_reader_does_not_find_is_not_there() -> None:
    assert _misread(_DENIED, (("", "", 0),)) == []


def test_what_the_reader_does_not_share_has_no_grade() -> None:
    assert _misread(_NOT_SHARED, (("", "", None),)) == []
