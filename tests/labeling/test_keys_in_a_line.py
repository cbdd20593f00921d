"""Several keys in one line, and what is like another level for one of them: no grade goes astray.

Each test writes a cross of forms and lists all that are misread.
"""

from __future__ import annotations

from itertools import permutations, product

from graded import Cells, graded, misread

LEADS = ("Level: {}{}", "{}{}", "{}: ", "Disc level: {}{}", "Level {}: ")
PARTED = ("    ", "  ", "\t", " | ", " || ", " / ", "; ", ". ", " - ", ", ")
VALUES = (
    ("Canal: Moderate", {"SCS": 2}),
    ("Neural foramina: Mild stenosis on right", {"RFS": 1}),
    ("Recesses: Right mild, left severe", {"RRS": 1, "LRS": 3}),
    ("Facet joints: Mild arthropathy, right only", {"RFA": 1}),
)

OPENINGS = (
    *(
        "In the examination made with T1 and T2 sequences; lordosis is flattened.",
        "Vertebral heights are normal.",
    ),
    *("On the images obtained, alignment is normal.", "Lumbar MRI was performed in two planes."),
)
HISTORIES = (
    "Clinical preliminary diagnosis: severe canal stenosis L3-4.",
    "Reason: leg pain",
    "Question: narrow canal?",
)
RESULTS = (
    "RESULT: Mild narrowing of the left foramen at L2-3.",
    "Results:\nMild narrowing of the left foramen at L2-3.",
)

LIKE = (
    *(
        "As at the level above for {}.",
        "As at the level above as regards {}.",
        "Same as the level above for {}.",
    ),
    *("As above for {}.", "The same as above with regard to {}.", "As at L3/4 for {}.", "Ditto for {}."),
    "As at the level above in terms of {}, and the discs are dry.",
)
ALIKE = (
    ("the canal", {"SCS": 1}),
    ("the left foramen", {"LFS": 0}),
    ("the canal and foramina", {"SCS": 1, "RFS": 2, "LFS": 0}),
    ("the recesses", {"RRS": 3, "LRS": 3}),
)
ABOVE = "L3/4: Right foramen moderately narrowed, left patent. Severe recess stenosis. Mild canal stenosis."
ABOVE_IS = {"RFS": 2, "LFS": 0, "RRS": 3, "LRS": 3, "SCS": 1}

WHERE = (
    "is of",
    "is in",
    "is that of",
    "concerns",
    "affects",
    "lies in",
    "is located in",
    "is at",
    "regards",
)
SPACES = (("the left foramen", "LFS"), ("the right recess", "RRS"), ("the spinal canal", "SCS"))


def _at(level: str, said: dict[str, int]) -> Cells:
    return {(level, code): grade for code, grade in said.items()}


def test_no_side_or_grade_of_a_key_meets_the_next_key() -> None:
    told = []
    for lead, sign, keys in product(LEADS, PARTED, permutations(VALUES, 2)):
        text = lead.format("L4-L5", sign) + sign.join([key for key, _ in keys])
        told.append((text, _at("L4-L5", {code: grade for _, said in keys for code, grade in said.items()})))
    assert misread(told) == []


def test_a_key_behind_a_row_of_values_is_of_its_own_row() -> None:
    text = (
        "L3-L4    Recesses: Normal    Canal: Mild\nL4-L5    Recesses: Severe left stenosis    Canal: Moderate"
    )
    above = _at("L3-L4", {"RRS": 0, "LRS": 0, "SCS": 1})
    assert graded(text) == above | _at("L4-L5", {"LRS": 3, "SCS": 2})


def test_findings_begin_without_a_heading_though_a_result_stands_below() -> None:
    body = "Canal is severely narrowed at L4-5 level. At L3-4 both foramina are open. Canal is wide at L5-S1."
    wanted = _at("L4-L5", {"SCS": 3}) | _at("L3-L4", {"RFS": 0, "LFS": 0}) | _at("L5-S1", {"SCS": 0})
    wanted |= _at("L2-L3", {"LFS": 1})
    crossed = product(HISTORIES, OPENINGS, RESULTS, ("\n", "\n\n"))
    texts = [
        f"LUMBAR MRI\n\n{history}{gap}{opening} {body}{gap}{result}"
        for history, opening, result, gap in crossed
    ]
    assert misread([(text, wanted) for text in texts]) == []


def test_what_is_like_the_level_above_for_one_structure_copies_that_alone() -> None:
    told = [
        (f"{ABOVE}\nL4/5: {like.format(spaces)}", _at("L3-L4", ABOVE_IS) | _at("L4-L5", said))
        for like, (spaces, said) in product(LIKE, ALIKE)
    ]
    assert misread(told) == []


def test_narrowing_is_of_the_structure_that_a_verb_gives_it_to() -> None:
    told = [
        (
            f"L4-5: The severe {head} {where} {space}, and the facets are normal.",
            _at("L4-L5", {code: 3, "RFA": 0, "LFA": 0}),
        )
        for where, (space, code), head in product(WHERE, SPACES, ("narrowing", "stenosis"))
    ]
    assert misread(told) == []
