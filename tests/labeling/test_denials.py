"""Ways to deny a grade x structures x grades x forms: nothing that a text denies is ever a finding.

"No severe stenosis" leaves 0..2, "no moderate or severe" 0..1. Where the narrowing itself is taken as there
("the stenosis is not severe") the lower bound may be 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

import pytest

from labeling.labeler import label_text
from lexicons.vocabulary import Interval


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
SAID_OTHERWISE = (
    ("{s} {is} far from severely narrowed", 2),
    ("{s} {is} anything but severely narrowed", 2),
    ("{n}stenosis is far from severe", 2),
    ("{n}stenosis is anything but severe", 2),
    ("{s} {is} less than severely narrowed", 2),
    ("{n}stenosis, less than severe", 2),
    ("{s} {is} not quite severely narrowed", 2),
    ("{n}stenosis not amounting to severe", 2),
    ("{s} {is} hardly narrowed", 1),
    ("{s} {is} hardly severely narrowed", 2),
    ("{s} {is} barely narrowed", 1),
    ("absence of severe {n}stenosis", 2),
    ("in the absence of severe {n}stenosis", 2),
    ("lack of severe {n}stenosis", 2),
    ("freedom from severe {n}stenosis", 2),
    ("a lack of {n}stenosis", 0),
    ("the absence of {n}stenosis", 0),
    ("neither moderate nor severe {n}stenosis", 1),
    ("neither severe nor moderate {n}stenosis is seen", 1),
    ("no moderate, let alone severe, {n}stenosis", 1),
    ("no mild, moderate or severe {n}stenosis", 0),
    ("no {n}stenosis, neither mild nor severe", 0),
    ("{n}stenosis is neither moderate nor severe", 1),
    ("{s} {is} neither moderately nor severely narrowed", 1),
    ("{n}stenosis does not qualify as severe", 2),
    ("{n}stenosis does not meet criteria for severe", 2),
    ("{n}stenosis cannot be called severe", 2),
    ("{s} cannot be called severely narrowed", 2),
    ("severe {n}stenosis was suspected but is not present", 2),
    ("suspected severe {n}stenosis is not confirmed", 2),
    ("the suspected severe {n}stenosis is not there", 2),
    ("severe {n}stenosis as queried is not present", 2),
    ("the outside read of severe {n}stenosis is not supported", 2),
    ("severe {n}stenosis, as asked, is not found", 2),
    ("there is no support for severe {n}stenosis", 2),
    ("severe {n}stenosis is no longer seen", 2),
    ("severe {n}stenosis is no longer present", 2),
    ("the previous severe {n}stenosis is gone", 2),
    ("the severe {n}stenosis has gone", 2),
    ("the severe {n}stenosis has disappeared", 2),
    ("the severe {n}stenosis has cleared", 2),
    ("the severe {n}stenosis is not seen any more", 2),
    ("severe {n}stenosis no longer exists", 2),
    ("{s} {is} no longer severely narrowed", 2),
    ("{s} {is} no longer narrowed", 0),
    ("{n}stenosis is no longer severe", 2),
    ("the formerly severe {n}stenosis is no more", 2),
    ("the severe {n}stenosis reported before is not reproduced", 2),
    ("severe {n}stenosis cannot be confirmed", 2),
    ("severe {n}stenosis is not evident today", 2),
    ("severe {n}stenosis was not confirmed", 2),
    ("there is little to suggest severe {n}stenosis", 2),
    ("nothing points to severe {n}stenosis", 2),
    ("nothing speaks for severe {n}stenosis", 2),
    ("nothing suggests severe {n}stenosis", 2),
    ("there is nothing resembling severe {n}stenosis", 2),
    ("no sign of {n}stenosis, severe or otherwise", 0),
    ("no {n}stenosis whatsoever", 0),
    ("no {n}stenosis at all", 0),
    ("{n}stenosis: not at all", 0),
    ("not a trace of {n}stenosis", 0),
    ("not the slightest {n}stenosis", 0),
    ("no hint of moderate {n}stenosis", 1),
    ("without so much as mild {n}stenosis", 0),
    ("not even mild {n}stenosis", 0),
    ("{s} {is} not even mildly narrowed", 0),
    ("there is not even a hint of {n}stenosis", 0),
    ("{n}stenosis fails to reach moderate degree", 1),
    ("{s} {is} without severe or moderate narrowing", 1),
    ("{s} {is} not narrowed in the least", 0),
    ("{s} {is} not severely narrowed", 2),
    ("{s} {is} not in any way narrowed", 0),
    ("{s} {is} in no way narrowed", 0),
    ("{s} {is} by no means severely narrowed", 2),
    ("{s} {is} not at all narrowed", 0),
    ("{s} {is} never severely narrowed", 2),
    ("{s} {is} at no point severely narrowed", 2),
    ("{s} {is} nowhere near severely narrowed", 2),
    ("{s} {is} not narrowed, let alone severely", 0),
    ("severe {n}stenosis would be needed to explain this, and is not present", 2),
    ("{s} {is} not moderately, still less severely, narrowed", 1),
    ("what looks like severe {n}stenosis is an artifact", 2),
    ("apparent severe {n}stenosis is artifactual", 2),
    ("the severe {n}stenosis seen on the sagittal images is not borne out on the axial images", 2),
    ("I cannot see severe {n}stenosis", 2),
    ("one cannot speak of severe {n}stenosis", 2),
    ("there is no question of severe {n}stenosis", 2),
    ("severe {n}stenosis does not exist here", 2),
    ("severe {n}stenosis has been excluded", 2),
    ("severe {n}stenosis can safely be excluded", 2),
    ("severe {n}stenosis is lacking", 2),
    ("severe {n}stenosis is missing", 2),
    ("severe {n}stenosis is not a feature", 2),
    ("severe {n}stenosis is not part of the picture", 2),
    ("severe {n}stenosis does not occur", 2),
    ("severe {n}stenosis is not demonstrable", 2),
    ("severe {n}stenosis was sought and not found", 2),
    ("severe {n}stenosis was looked for but not seen", 2),
)
"""Turns of phrase, each with the highest grade that it leaves open."""
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


@pytest.mark.parametrize(("way", "high"), SAID_OTHERWISE)
def test_denied_by_a_turn_of_phrase(way: str, high: int) -> None:
    texts = [f"L4-5: Disc bulge. {fill(way, one, {}).capitalize()}." for one in STRUCTURES if one.subject]
    found = [(text, grade) for text in texts for grade in label_text(text).grades]
    assert not [
        text
        for text, grade in found
        if grade.interval.high > high or (grade.interval.low and grade.interval != Interval(1, high))
    ]


SIDED_NOUNS = (("Foraminal stenosis", "FS"), ("Recess narrowing", "RS"), ("Stenosis", "FS"))
GONE = ("is absent", "is not seen", "is not present", "was not found", "has resolved", "is nil")
ON_ONE_SIDE = (
    ("L4-5: {noun} {gone} on the left.", None),
    ("{noun} {gone} on the left at L4-5.", None),
    ("{noun} {gone} at L4-5 on the left.", None),
    ("L4-5: {noun} {gone} on the left and mild on the right.", 1),
    ("L4-5: {noun} {gone} on the left, moderate on the right. A bulge.", 2),
)


def test_a_stenosis_that_is_absent_on_one_side() -> None:
    wrong = []
    for (noun, code), gone, (form, right) in product(SIDED_NOUNS, GONE, ON_ONE_SIDE):
        text = form.format(noun=noun, gone=gone)
        told = {f"L{code}": 0} if right is None else {f"L{code}": 0, f"R{code}": right}
        grades = label_text(text).grades
        if {grade.code: grade.grade for grade in grades} != told or any(
            grade.flags & {"conflict"} for grade in grades
        ):
            wrong.append(text)
    assert not wrong
