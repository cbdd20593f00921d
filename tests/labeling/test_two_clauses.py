"""Two clauses of one sentence, each with a level and a grade of its own, and lists that are no clauses."""

from __future__ import annotations

from itertools import product

from graded import Cells, misread

FIRST = (
    *("There is {g} canal stenosis at L3-4", "The canal is {g}ly narrowed at L3-4"),
    *(
        "Canal stenosis is {g} at L3-4",
        "He has {g} spinal stenosis at L3-4",
        "{g} stenosis of the canal at L3-4",
    ),
)
JOINS = (", and at L4-5 ", " and at L4-5 ", ", and at the L4-5 level ", ", but at L4-5 ", ", while at L4-5 ")
SECOND = (
    *("the stenosis is {g}", "the narrowing is {g}", "it is {g}", "the canal is {g}ly narrowed", "a {g} one"),
    *("canal stenosis is {g}", "there is {g} canal stenosis", "this is {g}", "{g} stenosis is present"),
    *("the spinal canal shows {g} narrowing", "the degree is {g}", "stenosis is {g}", "{g} canal stenosis"),
)
OF_FORAMINA = (
    *(
        "the foramina are {g}ly narrowed",
        "foraminal narrowing is {g}",
        "there is {g} bilateral foraminal stenosis",
    ),
    *("both foramina show {g} narrowing", "bilateral foraminal stenosis is {g}"),
)
LEADING = ("At L3-4 and at L4-5 ", "At L3-4, and at L4-5, ", "At the L3-4 level and at the L4-5 level ")
LIST_ENDS = (
    *("", " with bulges", " due to bulges", ", the latter with a protrusion", " on the axial images"),
    *(
        ", the levels above the fusion",
        ", where discs bulge",
        ", a consequence of bulges",
        " in this patient",
    ),
)


def test_each_clause_keeps_its_grade() -> None:
    notes: list[tuple[str, Cells]] = []
    for first, join, second in product(FIRST, JOINS, SECOND):
        text = f"{first.format(g='mild')}{join}{second.format(g='severe')}."
        notes.append((text, {("L3-L4", "SCS"): 1, ("L4-L5", "SCS"): 3}))
    assert misread(notes) == []


def test_each_clause_keeps_its_structure() -> None:
    notes: list[tuple[str, Cells]] = []
    for first, join, second in product(FIRST, JOINS, OF_FORAMINA):
        text = f"{first.format(g='severe')}{join}{second.format(g='moderate')}."
        notes.append((text, {("L3-L4", "SCS"): 3, ("L4-L5", "RFS"): 2, ("L4-L5", "LFS"): 2}))
    assert misread(notes) == []


def test_a_dash_or_a_comma_parts_clauses_that_say_all() -> None:
    own = ("the L4-5 canal is {g}ly narrowed", "the canal at L4-5 shows {g} stenosis")
    notes: list[tuple[str, Cells]] = []
    for first, join, second in product(FIRST, (" - ", ", ", "; "), own):
        text = f"{first.format(g='mild')}{join}{second.format(g='severe')}."
        notes.append((text, {("L3-L4", "SCS"): 1, ("L4-L5", "SCS"): 3}))
    assert misread(notes) == []


def test_levels_of_a_list_share_what_is_said() -> None:
    both: Cells = {("L3-L4", "SCS"): 1, ("L4-L5", "SCS"): 1}
    notes: list[tuple[str, Cells]] = []
    for lead, said in product(LEADING, (*SECOND[3:4], *SECOND[5:7], SECOND[9])):
        notes.append((f"{lead}{said.format(g='mild')}.", both))
    for first, end in product(FIRST, LIST_ENDS):
        notes.append((f"{first.format(g='mild')} and at L4-5{end}.", both))
    assert misread(notes) == []


def test_doubt_and_grade_before_a_noun_that_has_an_object_are_of_it() -> None:
    notes: list[tuple[str, Cells]] = []
    for doubt, grade, side in product(
        ("possible", "probable", "questionable"), ("mild", "severe"), ("R", "L")
    ):
        name = {"R": "right", "L": "left"}[side]
        text = f"L4-5: Facet hypertrophy and {doubt} {grade} encroachment upon the {name} foramen."
        expected: Cells = {
            ("L4-L5", f"{side}FS"): {"mild": 1, "severe": 3}[grade],
            ("L4-L5", "RFA"): None,
            ("L4-L5", "LFA"): None,
        }
        notes.append((text, expected))
    assert misread(notes) == []


def test_what_is_new_since_an_earlier_study_is_of_today() -> None:
    notes: list[tuple[str, Cells]] = []
    for word, since, study in product(
        ("New", "Worse", "Unchanged"),
        ("since the earlier", "compared with the prior", "relative to her previous"),
        ("study", "MRI", "examination"),
    ):
        notes += [
            (f"{word} {since} {study}{verb} moderate canal stenosis at L2-3.", {("L2-L3", "SCS"): 2})
            for verb in (" is", ":")
        ]
    notes.append(("From the prior report: severe canal stenosis at L2-3.", {}))
    assert misread(notes) == []


def test_a_structure_its_level_and_its_grade_set_off_and_the_next_with_its_own_level() -> None:
    foramina: Cells = {("L5-S1", "RFS"): 2, ("L5-S1", "LFS"): 2}
    right: Cells = {("L5-S1", "RFS"): 2}
    first = (
        *((f"Foraminal narrowing{at} L5-S1, moderate degree", foramina) for at in (",", " of", " at")),
        *((f"Foraminal narrowing{at} right L5-S1, moderate", right) for at in (",", " of", " at")),
        ("Right neuroforaminal stenosis, L5-S1, moderate degree", right),
    )
    second: tuple[tuple[str, Cells], ...] = (
        ("spinal stenosis, L3-4", {("L3-L4", "SCS"): None}),
        ("spinal stenosis at L3-4", {("L3-L4", "SCS"): None}),
        ("spinal stenosis, L3-4, severe degree", {("L3-L4", "SCS"): 3}),
        ("left foraminal stenosis, L3-4, mild", {("L3-L4", "LFS"): 1}),
    )
    joins = (", with ", ", and ", " and ")
    notes = [
        (f"{one}{join}{other}.", cells | more)
        for (one, cells), join, (other, more) in product(first, joins, second)
    ]
    assert misread(notes) == []


def test_a_structure_with_no_level_is_of_the_level_before() -> None:
    wanted: Cells = {("L4-L5", "SCS"): 1, ("L4-L5", "LFS"): 3}
    notes = [
        (f"Spinal stenosis{at} L4-5, mild degree, with {last}.", wanted)
        for at, last in product(
            (",", " of", " at"),
            ("severe left foraminal stenosis", "left foraminal stenosis, severe degree"),
        )
    ]
    assert misread(notes) == []
