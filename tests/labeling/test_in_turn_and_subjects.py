"""What is said of one thing only x the words that say it.

A structure that is "no problem" is no whole level, "either" of two levels is neither a side nor all of them,
and as many grades as levels go with them in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from graded import Cells, misread

LEVELS = ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
GRADES = {"mild": 1, "moderate": 2, "severe": 3}
SUBJECTS: dict[str, tuple[str, ...]] = {
    "The central canal {be}": ("SCS",),
    "The canal itself {be}": ("SCS",),
    "Canal stenosis {be}": ("SCS",),
    "The canal and both foramina {are}": ("SCS", "RFS", "LFS"),
    "The neural foramina {are}": ("RFS", "LFS"),
    "The lateral recesses {are}": ("RRS", "LRS"),
    "The right foramen {be}": ("RFS",),
}
NO_PROBLEM = (
    *(
        "{is} not a problem",
        "{is} not an issue",
        "{is} not a concern",
        "{is} no problem",
        "{do} not show anything",
    ),
    *(
        "{pose} no problem",
        "{is} without any problem",
        "{do} not appear to be a problem",
        "{is} of no concern",
    ),
)
PLACES: dict[str, tuple[str, ...]] = {
    " at any level": LEVELS,
    " at any of the levels": LEVELS,
    ", at all levels": LEVELS,
    " at L3-4": ("L3-L4",),
}
_ONE = {"is": "is", "do": "does", "pose": "poses"}
_SEVERAL = {"is": "are", "do": "do", "pose": "pose"}


def at(levels: tuple[str, ...], codes: tuple[str, ...], grade: int) -> Cells:
    """The cells of the findings `codes` at `levels`."""
    return {(level, code): grade for level in levels for code in codes}


def test_a_structure_that_is_no_problem_is_no_whole_level() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for (subject, codes), said, (place, levels) in product(SUBJECTS.items(), NO_PROBLEM, PLACES.items()):
            verb = said.format(**(_ONE if "{be}" in subject else _SEVERAL))
            yield f"{subject.format(be='', are='').strip()} {verb}{place}.", at(levels, codes, 0)
        for said, grade in product(("is not a problem", "poses no problem"), GRADES):
            stenosis = at(("L3-L4",), ("SCS",), GRADES[grade])
            yield f"The {grade} canal stenosis at L3-4 {said}.", stenosis
            yield f"{grade.capitalize()} canal stenosis {said} at L3-4.", stenosis

    assert not misread(told())


TWO = (
    *(
        "Bulges at L2-3 and L3-4, {}.",
        "Mild disc bulging at L2-3 and at L3-4, {}.",
        "L2-3 and L3-4: bulges, {}.",
    ),
    *("Small annular tears at L2-3 and L3-4. There is {}.", "Small protrusions at L2-3 and L3-4; {}."),
    "The MRI shows degenerative changes at L2-3 and L3-4, a small annular tear at L3-4 and {}.",
)
DENIED = {
    "no stenosis": ("SCS", "RFS", "LFS"),
    "no significant canal stenosis": ("SCS",),
    "no foraminal narrowing": ("RFS", "LFS"),
}
EITHER = (
    *("either", "either level", "either of these", "either of them", "either one", "either of the two"),
    *("either of the two levels", "either of the levels", "both"),
)


def test_either_of_two_levels() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for text, (denied, codes), either in product(TWO, DENIED.items(), EITHER):
            yield text.format(f"{denied} at {either}"), at(("L2-L3", "L3-L4"), codes, 0)
        for text in ("L4-5: no narrowing at either foramen.", "L4-5: no foraminal narrowing at either side."):
            yield text, at(("L4-L5",), ("RFS", "LFS"), 0)

    assert not misread(told())


LISTS = {
    "L1-2, L2-3, L3-4, L4-5": LEVELS[1:5],
    "L2-3, L3-4, L4-5": LEVELS[2:5],
    "L3-4/L4-5/L5-S1": LEVELS[3:],
    "L3-4 and L4-5": LEVELS[3:5],
}
STENOSES: dict[str, tuple[str, ...]] = {
    "central spinal stenosis": ("SCS",),
    "narrowing of the canal": ("SCS",),
    "left foraminal narrowing": ("LFS",),
    "bilateral foraminal stenosis": ("RFS", "LFS"),
}
IN_TURN = (
    *(
        "{levels}: bulges causing {name} ({grades}).",
        "{levels}: {name} ({grades}).",
        "{levels}: {name}, {grades}.",
    ),
    *("{name} at {levels} ({grades}).", "{name} at {levels}: {grades}.", "{levels}: {name} - {grades}."),
)
RUNS = (("mild", "mild", "moderate", "severe"), ("severe", "moderate", "severe", "mild"))


def test_as_many_grades_as_levels_are_in_order() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for text, (levels, named), (name, codes) in product(IN_TURN, LISTS.items(), STENOSES.items()):
            if len(named) == 2 and codes != ("SCS",):
                continue  # two grades of the foramina may be those of two sides
            for run, sign in product(RUNS, (", ", "; ")):
                grades = run[: len(named)]
                cells = {
                    (level, code): GRADES[one]
                    for level, one in zip(named, grades, strict=True)
                    for code in codes
                }
                told = text.format(levels=levels, name=name, grades=sign.join(grades))
                yield told[0].upper() + told[1:], cells

    assert not misread(told())


def test_the_canal_and_the_other_side() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for (space, codes), (side, other), grade in product(
            {"foraminal": ("RFS", "LFS"), "recess": ("RRS", "LRS")}.items(),
            (("left", "right"), ("right", "left")),
            GRADES,
        ):
            here, there = codes if side == "right" else codes[::-1]
            cells = {("L2-L3", here): GRADES[grade], ("L2-L3", there): 0, ("L2-L3", "SCS"): 0}
            for one, said in product((other, "contralateral", "other"), ("are clear", "are both patent")):
                yield f"L2-3: {grade} {side} {space} narrowing. The canal and {one} side {said}.", cells
                yield f"L2-3: {grade} {side} {space} narrowing. The {one} side and the canal {said}.", cells
                yield f"L2-3: {grade} {side} {space} narrowing; canal and {one} side {said}.", cells

    assert not misread(told())


def test_what_is_reached_and_then_called_narrow() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for verb, (grade, value), which in product(
            ("extends into", "reaches", "abuts", "encroaches upon"),
            GRADES.items(),
            ("which are", "both of which are"),
        ):
            cells = at(("L4-L5",), ("RFS", "LFS"), value)
            yield f"Tissue {verb} the foramina at L4-5, {which} {grade}ly narrowed.", cells

    assert not misread(told())


def test_significant_and_a_grade_of_the_same_bounds() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for (name, codes), grade in product(STENOSES.items(), ("moderate to severe", "moderately severe")):
            yield f"Significant {name} at L5-S1, {grade}.", at(("L5-S1",), codes, 3)
            yield f"The only significant {name} is at L5-S1, {grade}.", at(("L5-S1",), codes, 3)

    assert not misread(told())


def test_a_normal_study_and_when_it_was_made() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        every = at(LEVELS, ("SCS", "RFS", "LFS"), 0)
        for study, aside, normal in product(
            ("Her lumbar MRI", "An MRI of the lumbar spine"),
            ("performed on 06/11/2009 at the hospital", "done at another clinic", "which I reviewed today"),
            ("was entirely normal", "is normal"),
        ):
            yield f"{study}, {aside}, {normal}.", every
            yield f"{study}, {aside}, was delayed.", {}

    assert not misread(told())


WORSE = (
    *(
        "is worse, {}",
        "is worse, I would call it {}",
        "is worse and I would call that one {}",
        "is worse: {}",
    ),
    *("is worse ({})", "is worse and is {}", "is worst, {}", "is the worst - {}"),
)


def test_a_stenosis_with_no_level_and_the_levels_behind_it() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for first, (a, mild), (b, severe), worse in product(
            ("He has stenosis at two places.", "There is some stenosis.", "Multilevel canal stenosis."),
            GRADES.items(),
            GRADES.items(),
            WORSE,
        ):
            cells = {("L3-L4", "SCS"): mild, ("L4-L5", "SCS"): severe}
            yield f"{first} At L3-4 it is {a}. L4-5 {worse.format(b)}.", cells
        for worse in WORSE:
            yield f"The L3-4 disc is dry. L4-5 {worse.format('severe')}.", {}

    assert not misread(told())


def test_an_earlier_study_counts_where_there_is_no_later_one() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for heading, shows in product(
            ("PREOPERATIVE IMAGING", "PRE-OP MRI", "Preoperative studies"),
            ("The MRI shows severe canal stenosis at L4-5", "Severe canal stenosis at L4-5"),
        ):
            yield f"{heading}: {shows}. L1-2: Canal patent.", {("L4-L5", "SCS"): 3, ("L1-L2", "SCS"): 0}
            yield f"{heading}: {shows}.\n\nFINDINGS:\nL4-5: Canal patent.", {("L4-L5", "SCS"): 0}

    assert not misread(told())


def test_what_was_imaged_of_a_level_opens_its_block() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for seen in (
            "Only seen on sagittal.",
            "Sagittal views only.",
            "Imaged in the sagittal plane.",
            "Seen on sagittal.",
        ):
            cells = {**at(("T12-L1",), ("SCS", "RFS", "LFS"), 0), ("L3-L4", "LFS"): 1}
            yield f"T12-L1: {seen} No stenosis.\nL3-4: Mild left foraminal stenosis.", cells

    assert not misread(told())


def test_what_a_report_does_not_speak_of_is_not_there_nor_denied() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        canal = {("L4-L5", "SCS"): 1}
        for name, verb, said in product(
            ("Foraminal narrowing", "Left foraminal stenosis"),
            ("is", "was"),
            ("mentioned", "described", "listed"),
        ):
            yield f"L4-5: mild canal stenosis. {name} {verb} not {said}.", canal
            yield f"Mild canal stenosis at L4-5. {name} at L4-5 {verb} not {said}.", canal
            yield f"At L4-5 there is mild canal stenosis that {verb} not {said}.", canal

    assert not misread(told())
