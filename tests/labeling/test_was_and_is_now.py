"""What was and what is now, a denial left short, and grades that stand in the order of their places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from labeling.labeler import label_text

_GRADES = (("mildly", 1), ("moderately", 2), ("severely", 3))
_SPACES = (("canal", "SCS"), ("left foramen", "LFS"), ("right lateral recess", "RRS"))
_BEFORE_AND_NOW = (
    "Where the {space} at L4-5 was {was} narrowed, it is now only {now} so.",
    "Whereas the {space} at L4-5 was {was} narrowed, it is now {now} narrowed.",
    "The {space} at L4-5 was {was} narrowed; it is now {now} narrowed.",
    "The {space} at L4-5 was {was} narrowed and now is {now} so.",
    "The {space} at L4-5 was {was} narrowed and is {now} narrowed now.",
    "The {space} at L4-5 was {was} narrowed. It is now only {now} narrowed.",
    "At L4-5, where the {space} was {was} narrowed, it is now {now} narrowed.",
)
_LEFT_SHORT = (
    "At L4-5 the facets are normal, but the {space} is not, being {now} narrowed.",
    "At L4-5 the facets are normal but the {space} is not, it is {now} narrowed.",
    "At L4-5 the facets are normal; the {space} is not and is {now} narrowed.",
)
_IN_ORDER = (
    "The {space} at L3-4 and the {space} at L4-5 are narrowed, {was} and {now} respectively.",
    "The {space} at L3-4 and the {space} at L4-5 are {was} and {now} narrowed, respectively.",
    "The {space} at L3-4 and the {space} at L4-5 are narrowed, the former {was} and the latter {now}.",
)


def _cross(forms: tuple[str, ...]) -> Iterator[tuple[str, str, int, int]]:
    for form, (space, code), (was, first), (now, last) in product(forms, _SPACES, _GRADES, _GRADES):
        yield form.format(space=space, was=was, now=now), code, first, last


def _graded(text: str, code: str) -> dict[str, int | None]:
    found = label_text(text).grades
    return {str(one.level): one.grade for one in found if one.code == code and not one.flags & {"conflict"}}


def test_what_was_gives_way_to_what_is_now() -> None:
    told = {text: (_graded(text, code), {"L4-L5": now}) for text, code, _, now in _cross(_BEFORE_AND_NOW)}
    assert [text for text, (found, meant) in told.items() if found != meant] == []


def test_a_denial_left_short_denies_that_it_is_normal() -> None:
    told = {text: (_graded(text, code), {"L4-L5": now}) for text, code, _, now in _cross(_LEFT_SHORT)}
    assert [text for text, (found, meant) in told.items() if found != meant] == []


def test_each_place_has_the_grade_of_its_turn() -> None:
    told = {
        text: (_graded(text, code), {"L3-L4": first, "L4-L5": last})
        for text, code, first, last in _cross(_IN_ORDER)
    }
    assert [text for text, (found, meant) in told.items() if found != meant] == []
