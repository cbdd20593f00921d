"""Ways to deny a grade x structures x grades x forms: nothing that a text denies is ever a finding.

"No severe stenosis" leaves 0..2, "no moderate or severe" 0..1. Where the narrowing itself is taken as there
("the stenosis is not severe") the lower bound may be 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest

from labeling.labeler import label_text


class Structure(NamedTuple):
    """How a structure is named before a noun, after one and as a subject, and the cells that it has."""

    noun: str
    of: str
    subject: str
    codes: tuple[str, ...]


STRUCTURES = (
    Structure("canal ", " of the canal", "the canal", ("SCS",)),
    Structure("foraminal ", " of the foramina", "the foramina", ("RFS", "LFS")),
    Structure(
        "canal or foraminal ",
        " of the canal or the foramina",
        "the canal and foramina",
        ("SCS", "RFS", "LFS"),
    ),
    Structure("left foraminal ", " of the left foramen", "the left foramen", ("LFS",)),
    Structure("", "", "", ("SCS", "RFS", "LFS")),
)

GRADES: tuple[tuple[Mapping[str, str], int], ...] = (
    ({"g": "severe", "ly": "severely", "d": "severe degree", "h": "high-grade"}, 2),
    ({"g": "high-grade", "ly": "severely", "d": "high degree", "h": "high-grade"}, 2),
    (
        {
            "g": "moderate or severe",
            "ly": "moderately or severely",
            "d": "moderate or severe degree",
            "h": "moderate or high-grade",
        },
        1,
    ),
    (
        {
            "g": "moderate or high-grade",
            "ly": "moderately or severely",
            "d": "moderate or high grade",
            "h": "moderate or high-grade",
        },
        1,
    ),
)

OF_GRADE = (
    "there is no {g} {n}stenosis",
    "there is no {g} narrowing{of}",
    "no {n}stenosis of {d}",
    "there is no stenosis{of} of {d}",
    "{n}stenosis of {d} is not seen",
    "{n}narrowing of {d} is not present",
    "{n}stenosis of {d} is absent",
    "{n}stenosis of {d} is not found",
    "{n}stenosis of {d} cannot be shown",
    "stenosis{of} of {d} is not demonstrated",
    "{g} {n}stenosis is not present",
    "{g} {n}stenosis is not seen",
    "{g} narrowing{of} is not found",
    "{g} {n}stenosis is absent",
    "{h} {n}stenosis not present",
    "{h} {n}narrowing absent",
    "without {n}stenosis of {d}",
    "mild bulge without {g} {n}stenosis",
    "nothing {g} in the way of {n}narrowing",
    "nothing of {d} in the way of {n}stenosis",
    "we do not see {g} {n}stenosis",
    "I see no {n}stenosis of {d}",
    "{n}stenosis: none of {d}",
    "no evidence of {n}stenosis of {d}",
    "neither {n}stenosis of {d} nor a fracture is seen",
    "{g} {n}stenosis is excluded",
    "{n}stenosis of {d} can be ruled out",
    "{n}stenosis never reaches {d}",
    "{n}stenosis does not reach {d}",
    "{n}stenosis, if any, is not {g}",
)
OF_SUBJECT = (
    "{s} {is} free of {g} stenosis",
    "{s} {is} free of narrowing of {d}",
    "{s} {show} no stenosis of {d}",
    "{s} {show} nothing of {d} in the way of stenosis",
    "{s} {show} nothing {g} in the way of stenosis",
    "{s} without stenosis of {d}",
    "{s} {is} not {ly} narrowed",
    "{s} {is} not narrowed to a {d}",
    "{s} {is} nowhere {ly} stenosed",
    "nothing {g} as far as {s} {is} concerned",
    "in {s} there is no stenosis of {d}",
    "{s} {do} not show {g} stenosis",
    "{g} narrowing is not seen in {s}",
    "stenosis of {d} is not found in {s}",
)
OF_BOTH = (
    "neither the canal nor the foramina show narrowing of {d}",
    "neither the canal nor the foramina are {ly} narrowed",
    "stenosis of {d} is found neither in the canal nor in the foramina",
    "{g} narrowing is present neither in the canal nor in the foramina",
    "neither canal stenosis nor foraminal stenosis of {d} is seen",
)
OF_ALL = (
    "no {n}stenosis of any degree",
    "{n}stenosis of any degree is not seen",
    "{n}stenosis of whatever degree is absent",
    "{n}stenosis is not found",
    "{n}stenosis cannot be shown",
    "{n}stenosis is excluded",
    "nothing in the way of {n}stenosis",
)
MORE_THAN_MILD = (
    "{n}stenosis of more than mild degree is not seen",
    "more than mild {n}stenosis is not seen",
    "no {n}stenosis of more than mild degree",
    "no {n}stenosis beyond mild degree",
    "no {n}stenosis exceeding mild degree",
    "no {n}stenosis greater than mild",
    "{n}stenosis greater than mild is absent",
    "{n}stenosis does not exceed a mild degree",
)
KEYED = (
    "no stenosis of {d}",
    "none of {d}",
    "no {g} stenosis",
    "not {ly} narrowed",
    "{h} stenosis not present",
    "stenosis of {d} not seen",
    "stenosis of {d} is absent",
    "without stenosis of {d}",
    "nothing of {d}",
    "nothing {g}",
    "free of {g} stenosis",
    "not {g}",
    "{g} stenosis: no",
    "{g} stenosis: none",
    "not stenosed to a {d}",
)
KEYS = {
    "canal": ("SCS",),
    "foramina": ("RFS", "LFS"),
    "canal and foramina": ("SCS", "RFS", "LFS"),
    "left foramen": ("LFS",),
    "canal stenosis": ("SCS",),
    "foraminal narrowing": ("RFS", "LFS"),
}


def forms(words: str) -> Iterator[str]:
    """One clause as a report may set it."""
    clause = words[0].upper() + words[1:]
    yield f"At L4-L5, {words}."
    yield f"L4-L5: {clause}."
    yield f"L4-5: DISC BULGE. {words.upper()}."
    yield f"L4-5\n{clause}.\n"
    yield f"{clause} at L4-5."


def keyed_forms(key: str, value: str) -> Iterator[str]:
    """One key and its value as a report may set them."""
    name = key.capitalize()
    yield f"L4-5: Disc bulge. {name} - {value}."
    yield f"L4-5: Disc bulge. {name}: {value}."
    yield f"L4-5\n{key.upper()} - {value.upper()}. DISC - BULGE, MILD."
    yield f"L4-5:\n{name}: {value}\nDisc: mild bulge\n"


def affirmed(text: str, codes: tuple[str, ...], high: int) -> bool:
    """Whether a cell of `text` is a finding, or another grade than `high` is left open."""
    found = {grade.code: grade.interval for grade in label_text(text).grades}
    narrow = {code: interval for code, interval in found.items() if code in {"SCS", "RFS", "LFS"}}
    taken_as_there = high and all(interval.low == 1 for interval in narrow.values())
    wrong = any(interval.low for interval in narrow.values()) and not taken_as_there
    return wrong or any(interval.high != high for code, interval in narrow.items() if code in codes)


def fill(way: str, structure: Structure, grade: Mapping[str, str]) -> str:
    """The words of one way to deny `grade` of `structure`."""
    several = len(structure.codes) > 1
    verbs = (
        {"is": "are", "show": "show", "do": "do"} if several else {"is": "is", "show": "shows", "do": "does"}
    )
    return way.format(n=structure.noun, of=structure.of, s=structure.subject, **verbs, **grade)


@pytest.mark.parametrize("way", [*OF_GRADE, *OF_SUBJECT])
def test_denied_grade_is_no_finding(way: str) -> None:
    wrong = [
        text
        for structure in STRUCTURES
        if structure.subject or way in OF_GRADE
        for grade, high in GRADES
        for text in forms(fill(way, structure, grade))
        if affirmed(text, structure.codes, high)
    ]
    assert not wrong


@pytest.mark.parametrize("way", OF_BOTH)
def test_denied_of_both_structures(way: str) -> None:
    codes = ("SCS", "RFS", "LFS")
    texts = [(text, high) for grade, high in GRADES for text in forms(way.format(**grade))]
    assert not [text for text, high in texts if affirmed(text, codes, high)]


@pytest.mark.parametrize(
    ("way", "high"), [*((way, 0) for way in OF_ALL), *((way, 1) for way in MORE_THAN_MILD)]
)
def test_denied_beyond_a_grade(way: str, high: int) -> None:
    texts = [(text, one) for one in STRUCTURES for text in forms(way.format(n=one.noun))]
    assert not [text for text, one in texts if affirmed(text, one.codes, high)]


@pytest.mark.parametrize("value", KEYED)
def test_denied_under_a_key(value: str) -> None:
    wrong = [
        text
        for key, codes in KEYS.items()
        for grade, high in GRADES
        for text in keyed_forms(key, value.format(**grade))
        if affirmed(text, codes, high)
    ]
    assert not wrong
