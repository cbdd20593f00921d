"""Finite domains, exhaustively: notations x levels, constructions x findings x sides x grades."""

from __future__ import annotations

from itertools import product

import pytest

from labeling.labeler import label_text
from labeling.levels import notation_of
from lexicons.findings import CODES, FINDINGS
from lexicons.load import load_lexicon
from lexicons.vocabulary import LEVELS, Level, Side

LEVEL_NOTATION = notation_of(load_lexicon("en"))
GRADES = {
    "mild": (1, 1, 1),
    "mild to moderate": (1, 2, 2),
    "moderate": (2, 2, 2),
    "moderate to severe": (2, 3, 3),
    "severe": (3, 3, 3),
}
HEADS = {
    "canal": "spinal canal stenosis",
    "foramen": "neural foraminal narrowing",
    "recess": "lateral recess stenosis",
    "facet": "facet arthropathy",
}
SIDED = [key for key, finding in FINDINGS.items() if None not in finding.codes]


def notations(level: Level) -> list[str]:
    """Every way of writing one disc that the guideline names."""
    upper, lower = level.upper, level.lower
    short = lower[1:]
    ways = [f"{upper}-{lower}", f"{upper}/{lower}", f"{upper}{lower}", f"{upper} {lower}", f"{upper}_{lower}"]
    ways += [f"{upper} - {lower}", f"{upper}\u2013{lower}", f"{upper}\u2011{lower}", f"{upper}-\n{lower}"]
    ways += [
        f"{upper[0]}-{upper[1:]} {lower[0]}-{short}",
        f"{upper.lower()}-{lower.lower()}",
        f"{upper} on {lower}",
    ]
    ways += [f"{upper}-{short}", f"{upper}/{short}"]
    if level is Level.L5_S1:
        ways += ["L5-SI", "L5/Sl", "L five S one"]
    elif level is Level.T12_L1:
        ways += ["D12-L1", "Th12/L1", "D12/L1", "T12/1"]
    else:
        words = ["", "one", "two", "three", "four", "five"]
        ways += [f"L {words[int(upper[1])]} {words[int(short)]}", f"l{upper[1]} {short}"]
    return ways


NOTATIONS = [(level, way) for level in LEVELS for way in notations(level)]


@pytest.mark.parametrize(("level", "way"), NOTATIONS, ids=[repr(way) for _, way in NOTATIONS])
@pytest.mark.parametrize(
    "template", ["{}: mild canal stenosis.", "There is mild canal stenosis at {}.", "{} mild canal stenosis"]
)
def test_every_notation_of_a_level(level: Level, way: str, template: str) -> None:
    grades = label_text(template.format(way)).grades
    assert [(grade.level, grade.code, grade.grade) for grade in grades] == [(level, "SCS", 1)]


RANGES = [(first, last) for first in range(12, 18) for last in range(first + 2, 19)]
NAMES = {number: f"T{number}" if number == 12 else f"L{number - 12}" for number in range(12, 18)} | {18: "S1"}


@pytest.mark.parametrize(("first", "last"), RANGES)
@pytest.mark.parametrize("to", ["-", "/", " to ", " through ", " thru "])
def test_every_range_of_vertebrae(first: int, last: int, to: str) -> None:
    words = f"{NAMES[first]}{to}{NAMES[last]}".lower()
    assert LEVEL_NOTATION.whole.fullmatch(words)
    assert LEVEL_NOTATION.parse(words).levels == tuple(LEVELS[first - 12 : last - 12])


@pytest.mark.parametrize("words", ["c5-6", "c6-t1", "t11-t12", "t10-11", "l5-l6", "l6-s1", "s1-s2"])
def test_levels_of_no_lumbar_disc(words: str) -> None:
    assert LEVEL_NOTATION.whole.fullmatch(words)
    assert LEVEL_NOTATION.parse(words).levels == ()


def sided_sentences(head: str, side: str, grade: str) -> list[str]:
    structure = {
        "neural foraminal narrowing": "neural foramen",
        "lateral recess stenosis": "lateral recess",
    }.get(head)
    sentences = [
        f"L4-5: {grade} {side} {head}.",
        f"L4-5: {side} {head} is {grade}.",
        f"L4-5: {side} {head}: {grade}.",
        f"L4-5: {side} {head}, {grade}.",
        f"L4-5: There is {grade} {head} on the {side}.",
        f"L4-5: {grade} {side}-sided {head}.",
        f"There is {grade} {side} {head} at L4-5.",
        f"L4-5: disc bulge causing {grade} {side} {head}.",
        f"At the L4-L5 level, {head} is {grade} on the {side}.",
        f"L4-5: {head}: {grade} on the {side}.",
    ]
    if structure:
        sentences += [
            f"L4-5: {grade} narrowing of the {side} {structure}.",
            f"L4-5: the {side} {structure} is {grade} narrowed.".replace("mild ", "mildly ")
            .replace("moderate ", "moderately ")
            .replace("severe ", "severely "),
            f"L4-5: {side} {structure}: {grade}.",
            f"L4-5: {side} {structure} - {grade}",
        ]
    return sentences


SIDED_SENTENCES = [
    (sentence, key, side, grade)
    for key, side, grade in product(SIDED, Side, GRADES)
    for sentence in sided_sentences(HEADS[key], side.value, grade)
]


@pytest.mark.parametrize(("key", "side", "grade"), list(product(SIDED, Side, GRADES)))
def test_every_sided_construction(key: str, side: Side, grade: str) -> None:
    low, high, label = GRADES[grade]
    for sentence in sided_sentences(HEADS[key], side.value, grade):
        grades = label_text(sentence).grades
        found = [(g.level, g.code, g.interval.low, g.interval.high, g.grade) for g in grades]
        assert found == [(Level.L4_L5, FINDINGS[key].codes[side], low, high, label)], sentence


@pytest.mark.parametrize(("right", "left"), list(product(GRADES, GRADES)))
@pytest.mark.parametrize("key", SIDED)
def test_both_sides_with_a_grade_each(key: str, right: str, left: str) -> None:
    head = HEADS[key]
    codes = FINDINGS[key].codes
    for sentence in (
        f"L4-5: {right} right and {left} left {head}.",
        f"L4-5: {left} left and {right} right {head}.",
        f"L4-5: right {right} and left {left} {head}.",
        f"L4-5: {head}, {right} on the right and {left} on the left.",
        f"L4-5: {head} is {right} on the right and {left} on the left.",
        f"L4-5: {head}: {right} right, {left} left.",
        f"L4-5: {head}: right {right}, left {left}.",
        f"L4-5: {right} right {head}, {left} left {head}.",
    ):
        found = {(g.code, g.grade) for g in label_text(sentence).grades}
        assert found == {(codes[Side.RIGHT], GRADES[right][2]), (codes[Side.LEFT], GRADES[left][2])}, sentence


@pytest.mark.parametrize(("first", "second"), [(a, b) for a, b in product(HEADS, HEADS) if a != b])
def test_negation_reaches_every_member_of_a_list(first: str, second: str) -> None:
    codes = {code for key in (first, second) for code in FINDINGS[key].codes.values()}
    for sentence in (
        f"L4-5: no {HEADS[first]} or {HEADS[second]}.",
        f"L4-5: No significant {HEADS[first]} or {HEADS[second]}.",
        f"L4-5: without {HEADS[first]} or {HEADS[second]}.",
        f"L4-5: no disc herniation, {HEADS[first]} or {HEADS[second]}.",
        f"L4-5: There is no evidence of {HEADS[first]} or {HEADS[second]}.",
        f"L4-5: no {HEADS[first]}. No {HEADS[second]}.",
    ):
        found = {(g.code, g.grade) for g in label_text(sentence).grades}
        assert found == {(code, 0) for code in codes}, sentence


@pytest.mark.parametrize(
    "noun",
    ["disc bulge", "ligamentum flavum thickening", "disc space narrowing", "disc height loss", "spondylosis"],
)
@pytest.mark.parametrize("grade", GRADES)
@pytest.mark.parametrize("key", HEADS)
def test_a_grade_belongs_to_its_own_noun(noun: str, grade: str, key: str) -> None:
    codes = set(FINDINGS[key].codes.values())
    other = {(g.code, g.grade) for g in label_text(f"L4-5: {grade} {noun}, no {HEADS[key]}.").grades}
    assert other == {(code, 0) for code in codes}
    alone = label_text(f"L4-5: {grade} {noun}.").grades
    assert alone == ()


def test_every_code_is_reached() -> None:
    reached = {FINDINGS[key].codes[side] for key in HEADS for side in FINDINGS[key].codes}
    assert reached == set(CODES)
