"""What a clause takes from the one before it x the structures and sides that it is of.

Cells are written short: "4 side 1" is a mild narrowing at L4-L5 of the foramen or recess whose side is named
first, "4 other 3" a severe one of its fellow, "5 canal 0" a patent canal at L5-S1, "* canal 0" one anywhere.
"""

from __future__ import annotations

from itertools import product

import pytest
from graded import graded

from labeling.labeler import label_text

SPACES = (("foramen", "foramina", "foraminal", "FS"), ("lateral recess", "lateral recesses", "recess", "RS"))
SIDES = (("left", "right"), ("right", "left"))
LEVELS = {"3": "L3-L4", "4": "L4-L5", "5": "L5-S1"}

NARROW = (
    "the {s} {x} is mildly narrowed",
    "there is mild {s} {xa} stenosis",
    "there is mild narrowing of the {s} {x}",
    "the {s} {x} shows mild narrowing",
    "a bulge mildly narrows the {s} {x}",
    "a bulge narrows the {s} {x} mildly",
    "bulge with mild {s} {xa} stenosis",
)
WIDE = (
    "the {s} {x} is not narrowed",
    "there is no {s} {xa} stenosis",
    "no narrowing of the {s} {x}",
    "the {s} {x} shows no narrowing",
)
PLACES = ("At L4-5, {}", "L4-5: {}", "L4-5. {}")
SAME = (
    "; likewise on the {o}",
    ". Likewise on the {o}",
    ", the {o} likewise",
    ", and the same on the {o}",
    "; the same on the {o}",
    ". Same on the {o}",
    "; the same applies to the {o}",
    "; the same holds for the {o}",
    "; the same is true of the {o}",
    ". The same is seen on the {o}",
    ". The same applies to the {o} {x}",
    ", and also on the {o}",
    ", and on the {o} as well",
    ", the {o} too",
)
DENIED = (
    ", nor on the {o}",
    "; neither is the {o}",
    ", nor is the {o}",
    ". Nor is the {o}",
    ". Neither is the {o}",
    "; the same on the {o}",
    "; the same applies to the {o}",
)
OTHER = (
    "; the {o} is severely narrowed",
    ". The {o} {x} is severely narrowed",
    ". The contralateral {x} is severely narrowed",
    ". The other {x} is severely narrowed",
    ". The other side is severely narrowed",
    ". Its fellow is severely narrowed",
    ", with severe narrowing on the {o}",
)


def expected(short: str, side: str, other: str, suffix: str) -> dict[tuple[str, str], int]:
    """The cells that `short` stands for."""
    cells = {}
    for one in short.split(", "):
        level, place, grade = one.split()
        codes = {
            "canal": ["SCS"],
            "both": ["R" + suffix, "L" + suffix],
            "side": [side[0].upper() + suffix],
            "other": [other[0].upper() + suffix],
            "foramen": [side[0].upper() + "FS"],
            "recess": [side[0].upper() + "RS"],
        }[place]
        for at in LEVELS.values() if level == "*" else [LEVELS[level]]:
            cells |= {(at, code): int(grade) for code in codes}
    return cells


def misread(text: str, short: str) -> list[str]:
    """The texts that `text` makes with each space and side of which not the cells of `short` are read."""
    wrong = []
    for single, plural, adjective, suffix in SPACES if "{x" in text else SPACES[:1]:
        for side, other in SIDES if "{s}" in text else SIDES[:1]:
            told = text.format(x=single, xs=plural, xa=adjective, s=side, o=other)
            told = told[0].upper() + told[1:] + "."
            found = {
                (str(one.level), one.code): one.grade
                for one in label_text(told).grades
                if str(one.level) in LEVELS.values()
            }
            if found != expected(short, side, other, suffix):
                wrong.append(told)
    return wrong


@pytest.mark.parametrize(("echo", "grade"), [*((echo, 1) for echo in SAME), *((echo, 0) for echo in DENIED)])
def test_other_side_is_as_the_first(echo: str, grade: int) -> None:
    wide = WIDE[:1] if "is the {o}" in echo else WIDE
    assert not [
        text
        for place in PLACES
        for first in (NARROW if grade else wide)
        for text in misread(place.format(first) + echo, f"4 both {grade}")
    ]


@pytest.mark.parametrize("echo", OTHER)
def test_other_side_has_its_own_grade(echo: str) -> None:
    assert not [
        text
        for place in PLACES
        for firsts, grade in ((NARROW, 1), (WIDE, 0))
        for first in firsts
        if grade or not echo.startswith(", with")
        for text in misread(place.format(first) + echo, f"4 side {grade}, 4 other 3")
    ]


ITEMS = (
    "{a} at {l} on the {s}",
    "{a} on the {s} at {l}",
    "at {l} {a} on the {s}",
    "at {l} on the {s} {a}",
    "on the {s} {a} at {l}",
    "{l} {s} {a}",
    "{a} {s} {l}",
    "{s} {l} ({a})",
    "{l} ({a}, {s})",
    "{l}: {a} {s}",
)


@pytest.mark.parametrize("item", ITEMS)
@pytest.mark.parametrize("joint", [", ", "; ", " and "])
def test_a_list_is_told_in_any_order(item: str, joint: str) -> None:
    clauses = [
        item.replace("{l}", level).replace("{a}", grade).replace("{s}", side)
        for level, grade, side in (
            ("L3-4", "mild", "{s}"),
            ("L4-5", "severe", "{o}"),
            ("L5-S1", "mild", "{s}"),
        )
    ]
    heads = ["{xa} stenosis: "] if item[0] in "{l}" and " on " not in item else ["there is {xa} stenosis, "]
    if heads[0].startswith("there"):
        clauses = [clause.replace("mild", "mildly").replace("severe", "severely") for clause in clauses]
        heads = ["the {xs} are narrowed, ", "the {xs} are narrowed: "]
    told = [head + clauses[0] + joint + clauses[1] + ", " + clauses[2] for head in heads]
    assert not [text for one in told for text in misread(one, "3 side 1, 4 other 3, 5 side 1")]


TOLD = (
    # A side that leads its clause.
    ("on the {s} the L3-4 {x} is patent and the L4-5 {x} is mildly narrowed", "3 side 0, 4 side 1"),
    (
        "L4-5: on the {s} the lateral recess is mildly narrowed and the foramen patent",
        "4 recess 1, 4 foramen 0",
    ),
    ("L4-5: on the {s}, the foramen is severely narrowed; the recess is patent", "4 foramen 3, 4 recess 0"),
    (
        "L4-5: on the {s} there is mild narrowing of the recess and severe narrowing of the foramen",
        "4 recess 1, 4 foramen 3",
    ),
    ("L4-5: on the {s} both the foramen and the recess are mildly narrowed", "4 foramen 1, 4 recess 1"),
    # The side of a lesion.
    (
        "L4-5: {s} protrusion narrows the foramen mildly and the lateral recess severely",
        "4 foramen 1, 4 recess 3",
    ),
    ("L4-5: a {s} foraminal extrusion is seen. The foramen is severely narrowed", "4 foramen 3"),
    ("L4-5: a {s} subarticular extrusion is seen. The recess is severely narrowed", "4 recess 3"),
    ("L4-5: a {s} foraminal extrusion. L5-S1: The canal is patent", "5 canal 0"),
    # In turn.
    ("L4-5: mild and severe canal and {s} {xa} stenosis, respectively", "4 canal 1, 4 side 3"),
    ("L4-5: mild and severe narrowing of the canal and {xs}, respectively", "4 canal 1, 4 both 3"),
    ("L4-5: canal stenosis and {s} {xa} stenosis, mild and severe respectively", "4 canal 1, 4 side 3"),
    ("canal and {xa} stenosis at L4-5 are mild and severe, respectively", "4 canal 1, 4 both 3"),
    ("mild {s} and severe {o} {xa} stenosis at L3-4 and L4-5, respectively", "3 side 1, 4 other 3"),
    ("mild {s} and {o} {xa} stenosis at L3-4 and L4-5, respectively", "3 side 1, 4 other 1"),
    ("L4-5: canal and {s} {xa} stenosis, the former mild and the latter severe", "4 canal 1, 4 side 3"),
    ("L4-5: canal and {s} {xa} stenosis, the former is mild, the latter is severe", "4 canal 1, 4 side 3"),
    # One more level.
    ("the canal is mildly narrowed at L3-4, as it is at L4-5", "3 canal 1, 4 canal 1"),
    ("the canal is not narrowed at L3-4, nor is it at L4-5", "3 canal 0, 4 canal 0"),
    ("the {xs} are mildly narrowed at L3-4 and severely, again on both sides, at L4-5", "3 both 1, 4 both 3"),
    # One more structure.
    ("L4-5: the canal is mildly narrowed, the {xs} too", "4 canal 1, 4 both 1"),
    ("L4-5: the canal is mildly narrowed and, to a severe degree, the {xs}", "4 canal 1, 4 both 3"),
    ("L4-5: the canal is not narrowed. Neither is the {s} {x}", "4 canal 0, 4 side 0"),
    ("L4-5: the canal is not narrowed, nor is the {s} {x} narrowed", "4 canal 0, 4 side 0"),
    # What narrows it, and how.
    (
        "the canal is mildly narrowed at L3-4 by a bulge and severely at L4-5 by a spur",
        "3 canal 1, 4 canal 3",
    ),
    (
        "the canal is mildly narrowed at L3-4 because of flavum hypertrophy and severely at L4-5",
        "3 canal 1, 4 canal 3",
    ),
    (
        "canal stenosis is mild at L3-4, where there is a bulge, and severe at L4-5, where there is a spur",
        "3 canal 1, 4 canal 3",
    ),
    ("L4-5: the {s} {x} is mildly narrowed by a spur, the {o} severely by a bulge", "4 side 1, 4 other 3"),
    ("L4-5: a bulge extends into the {s} {x}, leaving it mildly narrowed", "4 side 1"),
    ("L4-5: a bulge extends into the {s} {x}, which it narrows mildly", "4 side 1"),
    ("L4-5: a bulge extends into the {s} {x} causing mild narrowing there", "4 side 1"),
    (
        "L4-5: bulge encroaching on the {xs}, leaving the {s} mildly and the {o} severely narrowed",
        "4 side 1, 4 other 3",
    ),
    # Two of a kind.
    (
        "L4-5: both {xs} are narrowed. That on the {s} is mildly, that on the {o} severely narrowed",
        "4 side 1, 4 other 3",
    ),
    ("L4-5: mildly narrowed {s} and severely narrowed {o} {x}", "4 side 1, 4 other 3"),
    ("L4-5: mild narrowing of the {s} and severe of the {o} {x}", "4 side 1, 4 other 3"),
    ("L4-5: mild narrowing of the {s} {x} but not of the {o}", "4 side 1, 4 other 0"),
    ("L4-5: the canal is mildly narrowed, {xs} not", "4 canal 1, 4 both 0"),
    ("mild narrowing of the {s} {x} at L3-4 and of the {o} at L4-5", "3 side 1, 4 other 1"),
    ("L4-5: mild narrowing of the canal and, severely, of the {s} {x}", "4 canal 1, 4 side 3"),
    # Exceptions.
    ("the canal is patent save at L4-5, where the extrusion narrows it mildly", "* canal 0, 4 canal 1"),
    ("apart from L4-5, where it is mildly narrowed, the canal is patent", "* canal 0, 4 canal 1"),
    (
        "with the exception of L4-5, where it is severely narrowed, the canal is patent",
        "* canal 0, 4 canal 3",
    ),
)


@pytest.mark.parametrize(("text", "short"), TOLD)
def test_what_goes_on_from_clause_to_clause(text: str, short: str) -> None:
    assert not misread(text, short)


NAMED = (
    *(
        "A cyst reaches {s}.",
        "A bulge meets the root in {s}.",
        "A fragment lies in {s}.",
        "A spur meets {s}.",
    ),
    *("{s} was opened at surgery.", "{s} is crossed by a cyst.", "{s} is worth a look."),
    *("{s} was decompressed in 2019.", "{s} is obscured in part by motion.", "{s} at L4-5 is of note."),
)
POINTED = ("It is", "This is", "It remains", "The latter is")


@pytest.mark.parametrize("named", NAMED)
def test_what_the_sentence_before_names_is_what_is_narrowed(named: str) -> None:
    """It was given to the facets, which the sentence before that one was about."""
    for space, code in (("the canal", "SCS"), ("the left foramen", "LFS"), ("the right recess", "RRS")):
        for pointed in POINTED if "cyst r" in named or "meets" in named else POINTED[:3]:
            for narrowed, grade in (("mildly narrowed", "mild"), ("severely stenotic", "severe")):
                said = named.format(s=space).removeprefix("the ")
                text = f"L4-5: Facets moderate. {said[0].upper()}{said[1:]} {pointed} {narrowed}."
                found = {str(cell).split(" (")[0] for cell in label_text(text).grades}
                facets = {f"L4-L5 {one} moderate" for one in ("RFA", "LFA")}
                assert found == {*facets, f"L4-L5 {code} {grade}"}, text


def test_what_is_narrowed_is_no_joint() -> None:
    for said in ("A cyst is seen. It is severely narrowed.", "They are moderately narrowed on the left."):
        found = {str(cell).split(" (")[0] for cell in label_text(f"L4-5: Facets mild. {said}").grades}
        assert found == {"L4-L5 RFA mild", "L4-L5 LFA mild"}, said


RESPECTIVELY = "at L3-4 and L4-5 are mildly and severely narrowed"
IN_TURN = (
    f"On the {{s}} the foramina {RESPECTIVELY} respectively; on the {{o}} severely and moderately narrowed",
    f"The {{s}} foramina {RESPECTIVELY}, respectively, and the {{o}} severely and moderately",
    f"The {{s}} foramina {RESPECTIVELY} respectively, those on the {{o}} severely and moderately",
    "At L3-4 and L4-5 the foramina are mildly and severely narrowed respectively on the {s}, "
    "and severely and moderately narrowed on the {o}",
    # a level of its own, whatever the scale
    "Foraminal stenosis is grade 1 (mild) on the {s} at L3-4, grade 3 (severe) on the {s} at L4-5, "
    "grade 3 (severe) on the {o} at L3-4, and at L4-5 grade 2 (moderate) on the {o}",
    "Foraminal stenosis is mild on the {s} at L3-4, severe on the {s} at L4-5, "
    "severe on the {o} at L3-4, and at L4-5 is moderate on the {o}",
)
ASIDES = (
    *(
        "which is obscured in part by artefact",
        "partly obscured",
        "though poorly seen",
        "where a spur projects",
    ),
    *("which is crossed by a cyst", "despite the artefact", "seen only in part"),
)


@pytest.mark.parametrize("said", IN_TURN)
def test_other_side_in_the_same_turn(said: str) -> None:
    for side, other in SIDES:
        found = {str(cell).split(" (")[0] for cell in label_text(said.format(s=side, o=other) + ".").grades}
        first, second = f"{side[0].upper()}FS", f"{other[0].upper()}FS"
        assert found == {
            *(f"L3-L4 {first} mild", f"L4-L5 {first} severe"),
            *(f"L3-L4 {second} severe", f"L4-L5 {second} moderate"),
        }


@pytest.mark.parametrize("aside", ASIDES)
def test_side_and_its_grade_around_an_aside(aside: str) -> None:
    for doubt, sign in (("", ""), ("probably ", "?")):
        for told in (
            "The left foramen is moderately stenotic, and the right, {a}, {d}mildly",
            "The left foramen is moderately stenotic (Lee 2); the right, {a}, {d}mildly (Lee 1)",
            "The left foramen is moderately narrowed and the right, {a}, is {d}mildly narrowed",
        ):
            text = f"L5-S1: {told.format(a=aside, d=doubt)}."
            found = {str(cell).split(" (")[0] for cell in label_text(text).grades}
            assert found == {"L5-S1 LFS moderate", f"L5-S1 RFS mild{sign}"}, text


OTHER_ONES = (
    "Their {o}-sided counterparts are {v}",
    "Their {o} counterparts are {v}",
    "The counterparts on the {o} are {v}",
    "Their fellows on the {o} are {v}",
    "Their contralateral counterparts are {v}",
    "Their opposite numbers are {v}",
    "On the {o} the same two {p} are {v}",
    "On the {o} the same {p} are {v}",
    "The same {p} on the {o} are {v}",
    "The same two {p} are {v} on the {o}",
    "On the {o} both {p} are {v}",
    "On the {o} these two {p} are {v}",
)


def _graded(text: str) -> set[tuple[str, str, int | None]]:
    return {(str(grade.level), grade.code, grade.grade) for grade in label_text(text).grades}


def test_same_ones_and_counterparts_are_those_of_the_other_side() -> None:
    wrong = []
    for _, plural, _, code in SPACES:
        for side, other in SIDES:
            for at, ones in enumerate(OTHER_ONES):
                value, grade = (("patent", 0), ("mildly narrowed", 1))[at % 2]
                text = f"The {side} {plural} are moderately narrowed at L3-4 and L4-5. "
                text += ones.format(o=other, v=value, p=plural) + "."
                mine, its = side[0].upper() + code, other[0].upper() + code
                expected = {(level, mine, 2) for level in ("L3-L4", "L4-L5")}
                expected |= {(level, its, grade) for level in ("L3-L4", "L4-L5")}
                if _graded(text) != expected:
                    wrong.append(text)
    assert not wrong


KINDS = ("fused levels", "operated levels", "instrumented segments", "two symptomatic levels")
KIND_AND_NAMES = (
    "the {k} L3-4 and L4-5",
    "the {k}, L3-4 and L4-5",
    "the {k} (L3-4 and L4-5)",
    "L3-4 and L4-5, the {k}",
)


def test_levels_of_a_kind_are_those_named_with_it() -> None:
    wrong = []
    for kind in KINDS:
        for names in KIND_AND_NAMES:
            levels = names.format(k=kind)
            for text, low in (
                (f"The canal is patent at {levels}.", 0),
                (f"There is moderate canal stenosis at {levels}.", 2),
                (f"The canal is patent at {levels}, and patent again at L5-S1.", 0),
            ):
                more = {("L5-S1", "SCS", 0)} if "again" in text else set()
                if _graded(text) != {("L3-L4", "SCS", low), ("L4-L5", "SCS", low), *more}:
                    wrong.append(text)
    assert not wrong


CAUSES = (
    *(
        " by spurs",
        " from spurs",
        " from a bulge of the disc",
        " due to loss of disc height",
        " by thick ligaments",
    ),
    *(" on the basis of a worn disc", " from facet hypertrophy", ""),
)
AT_NEXT = (", and at L5-S1 {they} {said}", "; at L5-S1 {they} {said}", ", and {they} {said} at L5-S1")


def test_pronouns_are_of_the_space_and_not_of_what_narrows_it() -> None:
    for (space, verb, they, codes), cause, after, (said, grade) in product(
        (
            ("the canal", "is", "it is", {"SCS"}),
            ("both foramina", "are", "they are", {"RFS", "LFS"}),
            ("the left foramen", "is", "it is", {"LFS"}),
        ),
        CAUSES,
        AT_NEXT,
        (("moderately narrowed", 2), ("widely patent", 0)),
    ):
        text = f"At L4-5 {space} {verb} severely narrowed{cause}{after.format(they=they, said=said)}."
        found = {(str(one.level), one.code): one.grade for one in label_text(text).grades if one.finding.core}
        told = {(level, code): rank for code in codes for level, rank in (("L4-L5", 3), ("L5-S1", grade))}
        assert found == told, text


def test_there_is_a_place_behind_its_space() -> None:
    for (space, verb, codes), (said, grade), join in product(
        (
            ("the canal", "is", {"SCS"}),
            ("the right foramen", "is", {"RFS"}),
            ("the recesses", "are", {"RRS", "LRS"}),
        ),
        (
            ("open", 0),
            ("patent without stenosis", 0),
            ("moderately narrowed", 2),
            ("mildly stenotic by spurs", 1),
        ),
        (", and ", "; ", " but "),
    ):
        text = f"At L4-5 there is severe narrowing of the left foramen{join}{space} there {verb} {said}."
        found = {one.code: one.grade for one in label_text(text).grades}
        assert found == {"LFS": 3} | dict.fromkeys(codes, grade), text


def test_a_structure_is_as_at_another_level() -> None:
    before = (
        "L2-3: The canal is moderately narrowed. Mild right and severe left foraminal narrowing."
        " Moderate right and mild left facet arthropathy."
    )
    said = {"SCS": 2, "RFS": 1, "LFS": 3, "RFA": 2, "LFA": 1}
    nouns = {
        "Canal": ("SCS",),
        "Foraminal stenosis": ("RFS", "LFS"),
        "Facet arthrosis": ("RFA", "LFA"),
        "Facet joints": ("RFA", "LFA"),
    }
    forms = ("{} as in L2-3.", "{}: as at L2-3.", "{} as L2-3.", "{} as seen at L2-3.", "{}, as in L2-3.")
    forms += ("{} similar to L2-3.", "{} similar to that at L2-3.", "{} just as in L2-3.")
    forms += ("{} as at the level above.", "{} as in the level above.", "Same {} as in L2-3.")
    wrong = []
    for (noun, codes), form in product(nouns.items(), forms):
        text = (
            f"{before}\nL3-4: Dry disc. {form.format(noun if form[0] == '{' else noun.lower())} Small bulge."
        )
        told = {("L2-L3", code): grade for code, grade in said.items()}
        if graded(text) != told | {("L3-L4", code): said[code] for code in codes}:
            wrong.append(text)
    assert not wrong, "\n\n".join(wrong[:3])
