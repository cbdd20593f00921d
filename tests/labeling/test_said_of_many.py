"""What one statement says of many levels, and the levels that it leaves out."""

from __future__ import annotations

from graded import Cells, misread

from lexicons.vocabulary import LEVELS

NAMES = tuple(map(str, LEVELS))
SPACES = (("canal", "is", ("SCS",)), ("foramina", "are", ("RFS", "LFS")))
EXCEPTS = ("except", "save", "bar", "apart from", "with the exception of", "but")


def of(codes: tuple[str, ...], grades: dict[str, int]) -> Cells:
    """The cells of these codes at levels with their grades."""
    return {(level, code): grade for level, grade in grades.items() for code in codes}


def test_a_level_left_out_never_has_the_value_of_the_rest() -> None:
    notes: dict[str, Cells] = {}
    for space, verb, codes in SPACES:
        for word in EXCEPTS:
            rest = of(codes, {level: 0 for level in NAMES if level != "L4-L5"})
            graded = rest | of(codes, {"L4-L5": 3})
            for levels in ("all levels", "every level"):
                notes[f"At {levels} {word} L4-L5 the {space} {verb} open."] = rest
                notes[f"The {space} {verb} open at {levels} {word} L4-L5, where stenosis is severe."] = graded
            if word != "but":
                notes[f"The {space} {verb} narrowed at no level {word} L4-L5 (severely)."] = graded
    assert misread(notes.items()) == []


def test_levels_beyond_and_beside_those_graded() -> None:
    notes: dict[str, Cells] = {}
    for noun, codes in (("canal stenosis", ("SCS",)), ("facet arthropathy", ("RFA", "LFA"))):
        said = of(codes, {"L3-L4": 2, "L4-L5": 2})
        for words in ("and at no level above", "but not higher up", "and nowhere above"):
            notes[f"Moderate {noun} at L3-L4 and L4-L5, {words}."] = said | of(
                codes, dict.fromkeys(NAMES[:3], 0)
            )
        for words in ("and at no level below", "but not further down"):
            notes[f"Moderate {noun} at L3-L4 and L4-L5, {words}."] = said | of(codes, {"L5-S1": 0})
        beside = of(codes, {"L2-L3": 1, "L3-L4": 3, "L4-L5": 1})
        for words in (
            "the two neighbouring levels",
            "both adjacent levels",
            "the levels on either side",
            "the levels above and below",
        ):
            notes[f"Severe {noun} at L3-L4 and mild {noun} at {words}."] = beside
        for words in ("neither here nor higher up", "neither here nor at the levels above"):
            notes[f"At L4-L5 there is a bulge. No {noun}, {words}."] = of(codes, dict.fromkeys(NAMES[:5], 0))
    assert misread(notes.items()) == []


def test_the_rest_by_other_nouns() -> None:
    notes: dict[str, Cells] = {}
    for space, verb, codes in SPACES:
        told = of(codes, {level: 3 if level == "L4-L5" else 0 for level in NAMES})
        first = f"The {space} {verb} severely narrowed at L4-L5."
        for noun in ("levels", "tracts", "sites", "places", "disc spaces", "segments of the lumbar tract"):
            for other in ("remaining", "other"):
                notes[f"{first} At the {other} {noun} the {space} {verb} open."] = told
                notes[f"{first} The {space} {verb} open at the {other} {noun}."] = told
    assert misread(notes.items()) == []
