"""What a clause takes from the one before it x the structures and sides that it is of.

Cells are written short: "4 side 1" is a mild narrowing at L4-L5 of the foramen or recess whose side is named
first, "4 other 3" a severe one of its fellow, "5 canal 0" a patent canal at L5-S1, "* canal 0" one anywhere.
"""

from __future__ import annotations

from itertools import product

import pytest

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
