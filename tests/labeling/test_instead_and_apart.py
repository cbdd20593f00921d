"""What is there instead of what is denied, levels excepted with a clause of their own, a side at the head."""

from __future__ import annotations

from itertools import product

from graded import Cells, misread

LEVELS = ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
ADVERB = {1: "mildly", 2: "moderately", 3: "severely"}
WORD = {1: "mild", 2: "moderate", 3: "severe"}
EXCEPTED = (
    *("{l}, where it is {a} narrowed", "{l} where it is {a} narrowed", "{l} (where it is {a} narrowed)"),
    *("{l} ({g})", "{l}, which is {a} narrowed", "{l}, where the narrowing is {g}"),
    *("{l}, where it is {a} narrowed and the roots are crowded", "{l}, where a bulge narrows it {a}"),
)
EXCEPT = ("Apart from", "Except at", "With the exception of", "Other than at", "Aside from")
RULES = (
    *("the canal is capacious at every level", "the spinal canal is patent", "there is no canal stenosis"),
    "the canal is not narrowed",
)


def _excepted(form: str, level: str, grade: int) -> str:
    return form.format(l=level, a=ADVERB[grade], g=WORD[grade])


def test_exceptions_with_their_clauses_stand_before_or_behind_their_rule() -> None:
    notes: list[tuple[str, Cells]] = []
    canal: Cells = {(level, "SCS"): 0 for level in LEVELS}
    for word, first, rule in product(EXCEPT, EXCEPTED, RULES):
        second = EXCEPTED[len(notes) % len(EXCEPTED)]
        one, two = _excepted(first, "L3-4", 2), _excepted(second, "L4-5", 3)
        both: Cells = {**canal, ("L3-L4", "SCS"): 2, ("L4-L5", "SCS"): 3}
        notes.append((f"{word} {one}, {rule}.", {**canal, ("L3-L4", "SCS"): 2}))
        notes.append((f"{word} {one}, and {two}, {rule}.", both))
        notes.append((f"{rule.capitalize()}, {word.lower()} {one}, and {two}.", both))
    assert misread(notes) == []


def _but_for(*places: tuple[str, str]) -> Cells:
    return {
        (level, code): 0 for level, code in product(LEVELS, ("RFS", "LFS")) if (level, code) not in places
    }


def test_levels_excepted_have_sides_of_their_own() -> None:
    notes: list[tuple[str, Cells]] = []
    left, right, other = ("L3-L4", "LFS"), ("L5-S1", "RFS"), ("L5-S1", "LFS")
    rules = ("There is no foraminal stenosis", "The foramina are open", "The foramina are not narrowed")
    places = (
        "on the left at L3-4 and on both sides at L5-S1",
        "on both sides at L5-S1 and on the left at L3-4",
        "at L3-4 on the left and at L5-S1 bilaterally",
        "at L3-4 (left) and L5-S1 (both sides)",
    )
    ends: tuple[tuple[str, int | None], ...] = (
        ("", None),
        (", and in neither place is it more than mild", 1),
        (", mild at both levels", 1),
    )
    for rule, word, place, (end, grade) in product(rules, ("except", "other than"), places, ends):
        told: Cells = {} if grade is None else dict.fromkeys((left, right, other), grade)
        notes.append((f"{rule} {word} {place}{end}.", {**_but_for(left, right, other), **told}))
    for rule in rules:
        both: Cells = _but_for(left, right)
        notes.append((f"{rule} except on the left at L3-4 and on the right at L5-S1.", both))
        notes.append((f"{rule} apart from the left L3-4 foramen.", _but_for(left)))
        notes.append(
            (f"{rule} apart from the left L3-4 and both L5-S1 foramina.", _but_for(left, right, other))
        )
        one: Cells = {**_but_for(left, right, other), right: 2, other: 2}
        notes.append((f"{rule} except {places[0]}, where it is moderate.", one))
    canal: Cells = {(level, "SCS"): int(level == "L3-L4") for level in LEVELS}
    notes.append(("No canal stenosis other than at L3-4, where it is no more than mild.", canal))
    assert misread(notes) == []


def test_what_is_just_there_is_not_denied() -> None:
    notes: list[tuple[str, Cells]] = []
    denials = (
        "L5-S1: No canal stenosis",
        "At L5-S1 the canal is not narrowed",
        "No central stenosis at L5-S1",
    )
    there: tuple[tuple[str, Cells], ...] = (
        ("foraminal narrowing", {("L5-S1", "RFS"): None, ("L5-S1", "LFS"): None}),
        ("mild left foraminal stenosis", {("L5-S1", "LFS"): 1}),
        ("narrowing of the right foramen", {("L5-S1", "RFS"): None}),
        ("narrowing of the lateral recesses", {("L5-S1", "RRS"): None, ("L5-S1", "LRS"): None}),
    )
    for denied, joint, word, (said, cells) in product(
        denials, (", ", " - "), ("just", "only", "merely", "just some", "only some", "rather"), there
    ):
        notes.append((f"{denied}{joint}{word} {said}.", {("L5-S1", "SCS"): 0, **cells}))
    notes.append(
        ("L5-S1: The foramina are narrowed, only mildly.", {("L5-S1", "RFS"): 1, ("L5-S1", "LFS"): 1})
    )
    assert misread(notes) == []


def test_a_side_at_the_head_holds_to_the_end() -> None:
    notes: list[tuple[str, Cells]] = []
    firsts = ("there is moderate foraminal stenosis at L4-5", "the L4-5 foramen is moderately narrowed")
    seconds = (
        *("mild stenosis of the L5-S1 foramen", "the L5-S1 foramen is mildly narrowed"),
        *("mild foraminal stenosis at L5-S1", "there is mild narrowing of the L5-S1 foramen"),
    )
    for lead, first, joint, second in product(
        ("On the left ", "The right foramina are patent at L4-5; on the left "),
        firsts,
        (", and ", " and "),
        seconds,
    ):
        cells: Cells = {("L4-L5", "LFS"): 2, ("L5-S1", "LFS"): 1}
        if ";" in lead:
            cells[("L4-L5", "RFS")] = 0
        notes.append((f"{lead}{first}{joint}{second}.", cells))
    assert misread(notes) == []


def test_what_has_gone_with_what_has_resolved_is_gone() -> None:
    notes: list[tuple[str, Cells]] = []
    for gone, joint, (said, code) in product(
        ("has resolved", "has completely gone away", "is no longer seen", "has disappeared"),
        (
            " and with it the",
            ", taking with it the",
            ", as has the",
            ", and so has the",
            ", together with the",
        ),
        (
            ("left recess stenosis", "LRS"),
            ("canal stenosis", "SCS"),
            ("narrowing of the left foramen", "LFS"),
        ),
    ):
        notes.append((f"The protrusion at L4-5 {gone}{joint} {said}.", {("L4-L5", code): 0}))
    notes += [
        (f"The canal stenosis at L4-5 {kept}.", {("L4-L5", "SCS"): None})
        for kept in ("has partially resolved", "has not resolved", "has not completely gone away")
    ]
    assert misread(notes) == []


def test_a_verb_reaches_the_space_named_before_it() -> None:
    notes: list[tuple[str, Cells]] = []
    for verb, (space, code), (ends, grade) in product(
        ("extends into", "fills", "lies in"),
        (("the left L2-3 foramen", "LFS"), ("the right recess at L2-3", "RRS"), ("the canal at L2-3", "SCS")),
        (
            *((", severely narrowing it", 3), (", narrowing it mildly", 1), (", narrowing it", None)),
            *((", completely obliterating it", 3), (" and obliterates it", 3)),
        ),
    ):
        notes.append((f"An extradural tumour {verb} {space}{ends}.", {("L2-L3", code): grade}))
    notes.append(
        (
            "L4-5: A bulge reaches both foramina without narrowing them.",
            {("L4-L5", "RFS"): 0, ("L4-L5", "LFS"): 0},
        )
    )
    assert misread(notes) == []


def test_a_level_keeps_the_grade_behind_its_comma() -> None:
    notes: list[tuple[str, Cells]] = []
    heads = (
        ("Canal stenosis", "SCS"),
        ("There is left foraminal narrowing", "LFS"),
        ("Narrowing of the right recess", "RRS"),
    )
    for (head, code), joint, tail in product(
        heads,
        (", and ", ", ", ", but "),
        ("mild at L3-4", "only mild at L3-4", "mild at L3-4 and mild at L2-3"),
    ):
        cells: Cells = {("L4-L5", code): 3, ("L3-L4", code): 1}
        if "L2-3" in tail:
            cells[("L2-L3", code)] = 1
        notes.append((f"{head} at L4-5, severe{joint}{tail}.", cells))
    assert misread(notes) == []


DENIED = (
    ("No foraminal stenosis.", ("RFS", "LFS")),
    ("The lateral recesses are patent at all levels.", ("RRS", "LRS")),
    ("The left foramina are patent.", ("LFS",)),
    ("There is no canal stenosis.", ("SCS",)),
)
EXCEPTION = (
    *("The one exception is L4-5, with moderate stenosis.", "One exception: moderate narrowing at L4-5."),
    *(
        "The only exception is L4-5, where there is moderate stenosis.",
        "The exception is L4-5: moderate stenosis.",
    ),
    *("Only L4-5 is an exception, with moderate stenosis.", "Except at L4-5, with moderate stenosis."),
)


def test_the_exception_is_from_what_was_denied() -> None:
    notes = []
    for (denied, codes), exception in product(DENIED, EXCEPTION):
        cells: Cells = {(level, code): 0 for level in LEVELS for code in codes}
        notes.append((f"{denied} {exception}", cells | {("L4-L5", code): 2 for code in codes}))
    assert misread(notes) == []
