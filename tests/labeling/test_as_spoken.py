"""Sentences as a letter or a dictation has them: exceptions first, pairs, levels and sides pointed at."""

from __future__ import annotations

from itertools import product

from graded import Cells, misread

GRADES = {"mild": 1, "severe": 3}
CORE = ("SCS", "RFS", "LFS")
WHOLE = (*CORE, "RRS", "LRS", "RFA", "LFA")


def test_what_is_excepted_may_stand_first() -> None:
    exceptions = (
        ("mild left facet arthrosis", {"LFA": 1}),
        ("a shallow protrusion", {}),
        ("severe right foraminal stenosis", {"RFS": 3}),
        ("the canal, which is mildly narrowed", {"SCS": 1}),
    )
    forms = (
        *(
            "At L2-3, {x} {y}, the level is unremarkable.",
            "L2-3: {X} {y}, normal.",
            "{X} {y}, L2-3 is normal.",
        ),
        *("At L2-3, {x} {y}, there is no abnormality.", "At L2-3, {x} {y}, everything is normal."),
    )
    notes: list[tuple[str, Cells]] = []
    for word, (noun, said), form in product(("other than", "aside from", "save for"), exceptions, forms):
        expected: Cells = {("L2-L3", code): said.get(code, 0) for code in WHOLE}
        notes.append((form.format(x=word, X=word.capitalize(), y=noun), expected))
    assert misread(notes) == []


def test_both_are_of_two_nouns_where_the_last_has_one_side() -> None:
    nouns = (
        ("right recess stenosis", "RRS"),
        ("right foraminal stenosis", "RFS"),
        ("spinal canal narrowing", "SCS"),
    )
    ends = (
        ", both {g}",
        " (both {g})",
        ", both being {g}",
        ", which are both {g}",
        ", both {g} by my reading",
    )
    notes: list[tuple[str, Cells]] = []
    for first, last, end, grade in product(nouns, nouns[:2], ends, GRADES):
        if first != last:
            text = f"The protrusion at L3-4 causes {first[0]} and {last[0]}{end.format(g=grade)}."
            notes.append((text, {("L3-L4", code): GRADES[grade] for code in (first[1], last[1])}))
    notes.append(("L4-5: A bulge and right foraminal stenosis, both mild.", {("L4-L5", "RFS"): 1}))
    notes.append(
        ("L4-5: Bilateral foraminal stenosis, both mild.", {("L4-L5", c): 1 for c in ("RFS", "LFS")})
    )
    assert misread(notes) == []


def test_both_are_of_the_two_sides_told_before() -> None:
    told = (
        "At L2-3 the left foramen is patent and the right mildly narrowed",
        "At L2-3 there is mild right and no left foraminal narrowing",
    )
    notes: list[tuple[str, Cells]] = []
    for first, join, then in product(
        told,
        ("; at L3-4 ", ", and at L3-4 ", ". At L3-4 "),
        ("both are severely narrowed", "each is severely narrowed", "both are severely narrowed by bone"),
    ):
        severe: Cells = {("L3-L4", "RFS"): 3, ("L3-L4", "LFS"): 3}
        notes.append((f"{first}{join}{then}.", {("L2-L3", "RFS"): 1, ("L2-L3", "LFS"): 0, **severe}))
    assert misread(notes) == []


def test_levels_beyond_the_one_spoken_of() -> None:
    notes: list[tuple[str, Cells]] = []
    denials: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("there is no stenosis", CORE),
        ("the canal is patent", CORE[:1]),
        ("no foraminal narrowing is seen", CORE[1:]),
    )
    above, below = ("T12-L1", "L1-L2", "L2-L3"), ("L4-L5", "L5-S1")
    places = (
        *(("more cephalad", above), ("farther up", above), ("higher up", above), ("above this", above)),
        *(("more caudally", below), ("lower down", below), ("further down than this", below)),
    )
    for (said, codes), (where, levels) in product(denials, places):
        expected: Cells = {("L3-L4", "SCS"): 3, **{(level, code): 0 for level in levels for code in codes}}
        texts = (f"{said.capitalize()} {where}.", f"{where.capitalize()}, {said}.")
        notes += [(f"At L3-4 the canal is severely narrowed. {text}", expected) for text in texts]
    for where in ("farther up", "more caudally"):
        text = f"At L3-4 the canal is severely narrowed. The canal is mildly narrowed {where}."
        notes.append((text, {("L3-L4", "SCS"): 3}))
        notes.append((f"At L3-4 a fragment went {where}, no canal stenosis.", {("L3-L4", "SCS"): 0}))
    notes.append(
        (
            "At L4-5 there is severe stenosis. At L5-S1 the canal is mildly narrowed. No stenosis higher up.",
            {
                **{(level, code): 0 for level in (*above, "L3-L4") for code in CORE},
                **{("L4-L5", "SCS"): 3, ("L5-S1", "SCS"): 1},
            },
        )
    )
    for join in (" and at L4-5", " and L4-5", ", and at L4-5"):
        text = f"Mildly narrow left L3-4 foramen. Canal and foramina are patent at the levels above{join}."
        notes.append(
            (
                text,
                {("L3-L4", "LFS"): 1, **{(level, code): 0 for level in (*above, "L4-L5") for code in CORE}},
            )
        )
    assert misread(notes) == []


def test_the_same_space_on_the_other_side_has_its_own_grade() -> None:
    forms = (
        *("On the {o} the same {x} is {g}ly narrowed", "The same {x} on the {o} is {g}ly narrowed"),
        *("On the {o}, the same {x} shows {g} narrowing", "The same {x} is {g}ly narrowed on the {o}"),
        *(
            "There is {g} narrowing of the same {x} on the {o}",
            "There is {g} narrowing of that {x} on the {o}",
        ),
    )
    notes: list[tuple[str, Cells]] = []
    for (side, other), (noun, code), form in product(
        (("right", "left"), ("left", "right")), (("foramen", "FS"), ("lateral recess", "RS")), forms
    ):
        expected: Cells = {("L3-L4", side[0].upper() + code): 2, ("L3-L4", other[0].upper() + code): 1}
        text = f"At L3-4 the {side} {noun} is moderately narrowed. {form.format(o=other, x=noun, g='mild')}."
        notes.append((text, expected))
    assert misread(notes) == []


def test_a_level_like_another_keeps_what_it_says_of_itself() -> None:
    copies = ("As at L2-3", "The same as L2-3", "Same", "Same as the level above")
    own = (
        *(
            "the canal stenosis here is mild",
            "here the canal stenosis is mild",
            "the canal is only mildly narrowed",
        ),
        *("the narrowing of the canal at this level is mild", "canal stenosis here is mild and not severe"),
    )
    notes: list[tuple[str, Cells]] = []
    for copy, join, said in product(copies, (", although ", ", but ", "; however, "), own):
        first: Cells = {("L2-L3", "SCS"): 3, ("L2-L3", "RFS"): 2, ("L2-L3", "LFS"): 2}
        second: Cells = {("L3-L4", "SCS"): 1, ("L3-L4", "RFS"): 2, ("L3-L4", "LFS"): 2}
        text = (
            f"L2-3: Severe canal stenosis, moderate bilateral foraminal narrowing. L3-4: {copy}{join}{said}."
        )
        notes.append((text, {**first, **second}))
    notes.append(("L2-3: The canal stenosis should be considered severe.", {("L2-L3", "SCS"): 3}))
    notes.append(("L2-3: Moderate, though not severe, spinal stenosis.", {("L2-L3", "SCS"): 2}))
    assert misread(notes) == []


def test_two_subjects_share_a_verb() -> None:
    firsts: tuple[tuple[str, Cells], ...] = (
        ("the left foramina at L2-3 and L3-4", {("L2-L3", "LFS"): 0, ("L3-L4", "LFS"): 0}),
        ("both foramina at L3-4", {("L3-L4", "RFS"): 0, ("L3-L4", "LFS"): 0}),
    )
    notes: list[tuple[str, Cells]] = []
    for (first, cells), join, (verb, grade) in product(
        firsts,
        (", and the right at L4-5, ", " and the right at L4-5 ", " and the right foramen at L4-5 "),
        (("are open", 0), ("are mildly narrowed", 1), ("show severe narrowing", 3)),
    ):
        expected: Cells = {**dict.fromkeys(cells, grade), ("L4-L5", "RFS"): grade}
        notes.append((f"{first.capitalize()}{join}{verb}.", expected))
        text = f"Foraminal narrowing is moderate on the left at L5-S1; {first}{join}{verb}."
        notes.append((text, {**expected, ("L5-S1", "LFS"): 2}))
    three = ("L2-L3", "L3-L4", "L4-L5")
    notes.append(
        (
            "From L2-L3 to L4-L5 the canal is patent. Foraminal narrowing is mild on the right at L2-L3 and "
            "severe on the right at L4-L5; all the left-sided foramina at these three levels, and the right "
            "at L3-L4, are open.",
            {
                **{(level, code): 0 for level in three for code in ("SCS", "LFS")},
                **{("L2-L3", "RFS"): 1, ("L3-L4", "RFS"): 0, ("L4-L5", "RFS"): 3},
            },
        )
    )
    assert misread(notes) == []


def test_a_space_is_of_the_side_of_the_lesion_that_narrows_it() -> None:
    lesions = (
        "{s} sided L3/4 disc prolapse",
        "{s} paracentral L3-4 extrusion",
        "L3-4 extrusion on the {s} side",
    )
    verbs = (" which narrows the ", ", narrowing the ", " with narrowing of the ", " and narrows the ")
    notes: list[tuple[str, Cells]] = []
    for side, lesion, verb, (noun, code) in product(
        ("right", "left"), lesions, verbs, (("lateral recess", "RS"), ("exit foramen", "FS"))
    ):
        text = f"The scan shows a {lesion.format(s=side)}{verb}{noun}."
        notes.append((text, {("L3-L4", side[0].upper() + code): None}))
    assert misread(notes) == []


def test_words_that_say_less_or_nothing() -> None:
    notes: list[tuple[str, Cells]] = []
    for word, form in product(
        ("capacious", "roomy", "wide"), ("The L3-4 level was {w}.", "The L3-4 segment is {w} throughout.")
    ):
        notes.append((form.format(w=word), {("L3-L4", "SCS"): 0}))
    for form in ("on the left this time, {g}", "left-sided this time and {g}", "on the left, {g} on my read"):
        for grade, low in GRADES.items():
            text = f"L3-4: Foraminal stenosis is {form.format(g=grade)}."
            notes.append((text, {("L3-L4", "LFS"): low}))
    assert misread(notes) == []
