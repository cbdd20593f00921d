"""What letters and clinic notes say: kinds denied, levels counted, words of width."""

from __future__ import annotations

from itertools import product

from graded import Cells, misread

DENIED = ("no finding", "no abnormality", "nothing", "no pathology", "no significant finding")
PLACES = ("", " here", " at this level", " at L5-S1", " on this study")
OF_KIND = (
    *(" that would explain the weakness", " which explains his pain", " to account for the numbness"),
    *(
        " requiring surgery",
        " suggestive of infection",
        " responsible for his pain",
        " that can be dated to it",
    ),
    *(" related to the injury", " by which to date it", " to suggest infection", " amenable to surgery"),
)
WIDTH_NARROW = ("reduced", "decreased", "diminished", "restricted")
WIDTHS = ("amplitude", "calibre", "size", "width", "diameter")
SPACES = {
    "both foramina": ("RFS", "LFS"),
    "the spinal canal": ("SCS",),
    "the right foramen": ("RFS",),
    "the lateral recesses": ("RRS", "LRS"),
}
NARROW = (
    "{g}{w} of {s}",
    "bulging, with {g}{w} of {s}",
    "{s} of {g}{w}",
    "{s} with {g}{w}",
    "there is {g}{w} of {s}",
)
WIDE = ("wide", "capacious", "roomy", "generous", "adequate in size")
WIDE_LEVEL = (
    *("L5-S1 is {}.", "The segment L5/S1 is {}.", "The L5-S1 level was {} and was left alone."),
    *(
        "Severe stenosis at L4-5, whereas the segment L5/S1 is {}.",
        "Severe canal stenosis at L4-5; L5-S1 {}.",
    ),
)
ALONE = {
    2: (
        "The disc at L3-4 is intact. The disc at L4-5 is intact.",
        "The L3-4 disc is dry. At L4-5 the disc bulges.",
    ),
    3: (
        "The disc at L3-4 is dry. The disc at L4-5 bulges. The disc at L5-S1 is narrow.",
        "There is a bulge at L3-4. There is a small protrusion at L4-5. There is a spur at L5-S1.",
    ),
}
POINTING = {
    2: ("At these two levels", "At both levels", "At each of these two levels", "At these levels"),
    3: ("At these three levels", "At all three levels", "At each of the three levels"),
}
NOT_DONE = (
    *(", which had not been operated on,", ", which we did not touch,", ", not operated on,"),
    *(" that we cleaned out", " that the surgeon undercut", ", which was not explored,"),
)
STATES = {"is still moderately stenotic": 2, "is open": 0, "shows moderate stenosis": 2, "looks patent": 0}
SOME = (
    *(", and some at {}", " and some at {}", ", with some at {}", ", and there is also some at {}"),
    *(". There is some at {}", "; there is some at {}"),
)
FIRST = {
    "There is severe canal stenosis at L4-5": ({"SCS": 3}),
    "The canal is severely narrowed at L4-5": ({"SCS": 3}),
    "There is moderate foraminal narrowing at L4-5": ({"RFS": 2, "LFS": 2}),
    "Both foramina are moderately narrowed at L4-5": ({"RFS": 2, "LFS": 2}),
}
PRESSED = ("compresses the left L5 nerve root", "impinges on the traversing left L5 root")
PASSING = (
    *("as it descends in the lateral recess", "as it passes through the lateral recess"),
    *("where it lies in the lateral recess", "as it enters the lateral recess"),
)
CHIEF = (
    "main pathology",
    "most significant pathology",
    "most important finding",
    "most relevant abnormality",
)
THERE = (
    "There, the right foramen is severely stenotic.",
    "There is severe stenosis of the right foramen.",
    "There, a right foraminal herniation fills the foramen, which is severely narrow, and lifts the nerve.",
)
IN_TURN = (
    *(", severe at the first and moderate at the second", ": severe at the first, moderate at the second"),
    *(
        " (severe at the first and moderate at the second)",
        ", being severe at the first, moderate at the second",
    ),
)


def at(level: str, **grades: int | None) -> Cells:
    return {(level, code): grade for code, grade in grades.items()}


def test_an_abnormality_of_one_kind_is_all_that_is_denied() -> None:
    notes: list[tuple[str, Cells]] = []
    for denied, place, kind in product(DENIED, PLACES, OF_KIND):
        text = f"At L5-S1 there is no canal stenosis. There is {denied}{place}{kind}."
        notes.append((text, at("L5-S1", SCS=0)))
    assert misread(notes) == []


def test_an_abnormality_of_any_kind_is_denied_of_the_level() -> None:
    notes: list[tuple[str, Cells]] = []
    for denied, behind in product(DENIED, ("", ", which is reassuring", " here", " at this level")):
        text = f"L5-S1: There is {denied}{behind}."
        notes.append((text, at("L5-S1", SCS=0, RFS=0, LFS=0, RRS=0, LRS=0, RFA=0, LFA=0)))
    assert misread(notes) == []


def test_reduced_width_is_narrowing() -> None:
    notes: list[tuple[str, Cells]] = []
    for reduced, width, (space, codes), form in product(WIDTH_NARROW, WIDTHS, SPACES.items(), NARROW):
        for words, grade in (("", None), ("moderately ", 2)):
            text = f"L4-L5: {form.format(g=words, w=f'{reduced} {width}', s=space)}."
            notes.append((text, {("L4-L5", code): grade for code in codes}))
    assert misread(notes) == []


def test_a_wide_level_has_a_wide_canal() -> None:
    notes: list[tuple[str, Cells]] = []
    for words, form in product(WIDE, WIDE_LEVEL):
        severe = at("L4-L5", SCS=3) if "L4-5" in form else {}
        notes.append((form.format(words), severe | at("L5-S1", SCS=0)))
    assert misread(notes) == []


def test_levels_pointed_back_to_are_all_that_were_named() -> None:
    notes: list[tuple[str, Cells]] = []
    for count, levels in ((2, ("L3-L4", "L4-L5")), (3, ("L3-L4", "L4-L5", "L5-S1"))):
        for named, pointing in product(ALONE[count], POINTING[count]):
            normal = {(level, code): 0 for level in levels for code in ("SCS", "RFS", "LFS")}
            notes.append((f"{named} {pointing}, the canal and foramina are of normal calibre.", normal))
            mild = {(level, "SCS"): 1 for level in levels}
            notes.append((f"{named} The canal is mildly narrowed {pointing.lower()}.", mild))
    assert misread(notes) == []


def test_what_was_not_operated_on_is_graded_all_the_same() -> None:
    notes: list[tuple[str, Cells]] = []
    for (name, code), aside, (state, grade) in product(
        (("right lateral recess", "RRS"), ("canal", "SCS"), ("left foramen", "LFS")), NOT_DONE, STATES.items()
    ):
        notes.append((f"L4-5: The {name}{aside} {state}.", at("L4-L5", **{code: grade})))
    assert misread(notes) == []


def test_some_at_one_more_level_has_no_grade() -> None:
    notes: list[tuple[str, Cells]] = []
    for (first, cells), some in product(FIRST.items(), SOME):
        told = at("L4-L5", **cells)
        notes.append((f"{first}{some.format('L3-4')}.", told | at("L3-L4", **dict.fromkeys(cells))))
        if "LFS" in cells:
            notes.append((f"{first}{some.format('L5-S1 on the left')}.", told | at("L5-S1", LFS=None)))
    assert misread(notes) == []


def test_a_root_is_pressed_upon_as_it_passes_a_recess() -> None:
    notes: list[tuple[str, Cells]] = []
    for pressed, passing in product(PRESSED, PASSING):
        text = f"The disc at L4-5 is herniated. This {pressed} {passing}, and there is mild central stenosis."
        notes.append((text, at("L4-L5", LRS=None, SCS=1)))
    assert misread(notes) == []


def test_the_next_sentence_is_about_the_level_of_the_chief_finding() -> None:
    notes: list[tuple[str, Cells]] = []
    for chief, there in product(CHIEF, THERE):
        notes.append((f"The {chief} is at L3-L4. {there}", at("L3-L4", RFS=3)))
    assert misread(notes) == []


def test_the_first_and_the_second_of_two_levels() -> None:
    notes: list[tuple[str, Cells]] = []
    for lead, turn in product(("There is canal stenosis at", "Canal stenosis is found at"), IN_TURN):
        text = f"{lead} L2-3 and L3-4{turn}."
        notes.append((text, at("L2-L3", SCS=3) | at("L3-L4", SCS=2)))
    assert misread(notes) == []


def test_sentences() -> None:
    sentences: dict[str, Cells] = {
        "L5-S1 central fine, facets moderate.": at("L5-S1", SCS=0, RFA=2, LFA=2),
        "L4-L5: Discal overflow, severe posterior articular arthrosis.": at("L4-L5", RFA=3, LFA=3),
        "L4-5: There is mild face it arthropathy.": at("L4-L5", RFA=1, LFA=1),
        "L4-5: The canal is mildly narrow where it crosses the disc.": at("L4-L5", SCS=1),
        "Severe foraminal stenosis at L4-5 on the right. Mild at L5-S1 on the left.": (
            at("L4-L5", RFS=3) | at("L5-S1", LFS=1)
        ),
        "L4-5: moderate canal stenosis. Canal of correct calibre at the superior stages.": (
            at("L4-L5", SCS=2) | at("L1-L2", SCS=0) | at("L2-L3", SCS=0)
        ),
    }
    assert misread(sentences.items()) == []
