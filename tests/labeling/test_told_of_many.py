"""What one statement says of many levels, in crosses of the ways to say it."""

from __future__ import annotations

from itertools import product

from labeling.labeler import label_text
from lexicons.vocabulary import LEVELS, Level

_FORAMINA = ("RFS", "LFS")
_GRADES = {"mild": 1, "moderate": 2, "severe": 3}


def _cells(text: str) -> dict[tuple[Level, str], int | None]:
    return {
        (one.level, one.code): None if one.grade is None else int(one.grade)
        for one in label_text(text).grades
    }


def _all_but(
    level: Level, grade: int, codes: tuple[str, ...] = ("SCS",)
) -> dict[tuple[Level, str], int | None]:
    """`grade` of the canal at `level`, and `codes` called normal at all other levels."""
    return {
        (level, "SCS"): grade,
        **{(other, code): 0 for other in LEVELS if other != level for code in codes},
    }


def test_denied_of_the_other_levels() -> None:
    at = (
        "at the other levels",
        "at the remaining segments",
        "elsewhere",
        "in other places",
        "at any other site",
    )
    first = [
        f"{who} {where}."
        for who, where in product(("No foraminal stenosis", "There is no narrowing of the foramina"), at)
    ]
    last = [
        f"Foraminal {noun} {verb} {where}."
        for noun, verb, where in product(
            ("stenosis", "narrowing"), ("is absent", "is not seen", "is not present"), at[:4]
        )
    ]
    inverted = [
        f"{where} is there {what}."
        for where, what in product(
            ("At no other level", "At none of the other levels", "In none of the remaining segments"),
            ("foraminal stenosis", "significant compromise of the foramina", "any narrowing of the foramina"),
        )
    ]
    before = "Severe canal stenosis at L4-5. "
    wrong = []
    for text in (*first, *last, *inverted):
        found = _cells(before + text)
        told = {code for level, code in found if level == Level.L3_L4}
        narrow = {level for (level, code), grade in found.items() if code in _FORAMINA and grade != 0}
        if told != set(_FORAMINA) or narrow or found[Level.L4_L5, "SCS"] != 3:
            wrong.append(text)
    assert not wrong


def test_above_and_below() -> None:
    told = ("above or below", "above or below this", "above or below that level", "either above or below it")
    open_ = (
        "above and below",
        "above and below this level",
        "below and above it",
        "at levels above and below",
    )
    wrong = []
    for (level, name), word in product(((Level.L2_L3, "L2-3"), (Level.L4_L5, "L4-5")), _GRADES):
        texts = [
            *(f"No canal stenosis {where}." for where in told),
            *(f"The canal is patent {where}." for where in open_),
            f"There is no stenosis of the canal above or below {name}.",
            "Neither above nor below is there canal stenosis.",
        ]
        wrong += [
            (word, name, text)
            for text in texts
            if _cells(f"{word.capitalize()} canal stenosis at {name}. {text}")
            != _all_but(level, _GRADES[word])
        ]
    assert not wrong


def test_what_narrows_a_space_told_before() -> None:
    what = ("a bulge", "epidural fat", "facet hypertrophy", "a broad disc bulge and thick ligaments")
    at = ("At L4-5", "At L4-5,", "At L4-5 only,", "But at L4-5")
    wrong = []
    for where, cause, word, leads in product(at, what, _GRADES, (True, False)):
        verb = "narrow" if cause.endswith("ligaments") else "narrows"
        how = {"mild": "mildly", "moderate": "moderately", "severe": "severely"}[word]
        said = f"{how} {verb} it" if leads else f"{verb} it {how}"
        text = f"The canal is of good width. {where} {cause} {said}."
        found = {cell: grade for cell, grade in _cells(text).items() if cell[1] == "SCS"}
        if found != _all_but(Level.L4_L5, _GRADES[word]):
            wrong.append(text)
    assert not wrong


def test_structure_set_off_behind_its_head() -> None:
    kinds = {"central": ("SCS",), "foraminal": _FORAMINA}
    wrong = []
    for noun, (kind, codes), word in product(("Stenosis", "Narrowing"), kinds.items(), _GRADES):
        text = f"{noun}, {kind}, {word} at L4-5 and mild at L3-4."
        meant = {(Level.L4_L5, code): _GRADES[word] for code in codes}
        if _cells(text) != {**meant, **{(Level.L3_L4, code): 1 for code in codes}}:
            wrong.append(text)
    assert not wrong
