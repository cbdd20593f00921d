"""Sentences that the level named before does not reach: of all levels again, of the study, of another."""

from __future__ import annotations

from itertools import product

from graded import Cells, graded, misread

from lexicons.vocabulary import LEVELS

ALL = tuple(map(str, LEVELS))
CODES = ("SCS", "RFS", "LFS", "RRS", "LRS", "RFA", "LFA")
EVERYWHERE = (
    *(
        "The foramina are open at all levels",
        "The foramina are normal in size throughout",
        "The foramina are open",
    ),
    *("There is no foraminal stenosis at any level", "No foraminal narrowing throughout the lumbar spine"),
)
EXCEPT = (
    *(
        " except on the right at L2-3",
        ", except at L2-3 on the right",
        " apart from mild right narrowing at L2-3",
    ),
    *(
        ", but for mild narrowing on the right at L2-3",
        " save for the right at L2-3, which is mildly narrowed",
    ),
    *(" except on the right at L2-3, where a bulge causes mild narrowing", " other than at L2-3"),
)
DENIED = {
    **dict.fromkeys(("The lateral recesses are spacious.", "No recess stenosis."), ("RRS", "LRS")),
    **dict.fromkeys(("The spinal canal is capacious.", "There is no canal stenosis."), ("SCS",)),
    "The facet joints are normal.": ("RFA", "LFA"),
}
NOTHING_ELSE = (
    *(
        "nil else of note",
        "nothing else of note",
        "no other findings",
        "there is nothing else",
        "otherwise nil",
    ),
    *("otherwise normal", "otherwise unremarkable", "all else normal", "nothing else to report", "nil else"),
)
DESCRIBED = (
    "{}: Protrusion with mild canal stenosis. ",
    "The {} disc bulges, with moderate facet arthropathy. ",
)
COUNTED = {
    **dict.fromkeys(("The two levels above", "The two levels higher up", "Both levels above"), (2, -1)),
    **dict.fromkeys(
        ("The three levels above", "All three levels above", "The three lumbar levels above"), (3, -1)
    ),
    **dict.fromkeys(("The two levels below", "The next two levels down"), (2, 1)),
}
SLIPS = (
    "Slip of L4 on L5.",
    "There is anterolisthesis at L4-5.",
    "L4-5: Grade 1 retrolisthesis.",
    "L4-5:\nA slip.",
)
AT_SLIP = ("At the level of the slip", "At the slipped level", "At the level of the degenerative listhesis")
SAID_THERE = (" there is severe canal stenosis.", " the disc is uncovered. The canal is severely narrowed.")
LISTS = (
    "- L5-S1 small bulge\n- L3-4 mild canal stenosis\n- ",
    "L5-S1: small bulge.\nL3-4: mild canal stenosis.\n",
)


def test_the_level_of_an_exception_ends_with_its_sentence() -> None:
    said = [
        (f"{all_of_them}{exception}. {denied}", dict.fromkeys(product(ALL, codes), 0))
        for all_of_them, exception, (denied, codes) in product(EVERYWHERE, EXCEPT, DENIED.items())
    ]
    assert [text for text, wanted in said if not wanted.items() <= graded(text).items()] == []


def test_a_line_that_closes_a_list_of_levels_calls_none_of_them_normal() -> None:
    wanted: Cells = {("L3-L4", "SCS"): 1}
    assert misread((above + line, wanted) for above, line in product(LISTS, NOTHING_ELSE)) == []


def test_a_line_below_a_heading_is_of_its_level() -> None:
    texts = [f"L3-4:\n- mild canal stenosis\n- {line}" for line in NOTHING_ELSE]
    assert [text for text in texts if graded(text).get(("L3-L4", "LFS")) != 0] == []


def test_nothing_else_in_running_prose_is_of_the_study() -> None:
    heads = ("At {} there is", "{} shows", "{}", "Now to {}. There is")
    prose: list[tuple[str, Cells]] = []
    for head, line in product(heads, NOTHING_ELSE):
        two = [
            f"{head.format(level)} {grade} canal stenosis"
            for level, grade in (("L2-3", "mild"), ("L3-4", "severe"))
        ]
        prose.append((f"{two[0]}. {line.capitalize()}.", {("L2-L3", "SCS"): 1}))
        prose.append(
            (f"{two[0]}. {two[1]}. {line.capitalize()}.", {("L2-L3", "SCS"): 1, ("L3-L4", "SCS"): 3})
        )
    assert misread(prose) == []
    lines = [
        "\n".join(f"{head.format(x)} mild canal stenosis. {line}." for x in ("L2-3", "L3-4"))
        for head, line in product(heads[:3], NOTHING_ELSE)
    ]
    assert [text for text in lines if graded(text).get(("L3-L4", "LFS")) != 0] == []


def test_levels_are_counted_beyond_those_told_beside_the_last() -> None:
    told: list[tuple[str, Cells]] = []
    for (words, (count, step)), last, block in product(COUNTED.items(), range(6), (2, 3)):
        beside = [last + step * i for i in range(block)]
        counted = [beside[-1] + step * i for i in range(1, count + 1)]
        if not 0 <= beside[-1] < 6:
            continue
        above = "".join(DESCRIBED[i % 2].format(ALL[at]) for i, at in enumerate([*beside[1:], last]))
        normal = {(ALL[at], code): 0 for at in counted for code in CODES} if 0 <= counted[-1] < 6 else {}
        told.append((f"{above}{words} are normal.", {**graded(above), **normal}))
    assert misread(told) == []


def test_levels_that_may_be_those_told_are_not_counted() -> None:
    told = "L4-5: Disc bulge. L5-S1: Severe canal stenosis. "
    either: Cells = {("L3-L4", "SCS"): 0, ("L5-S1", "SCS"): 3}
    assert graded(told + "The canal is patent at the two levels above.") == either
    assert graded("L4-5: Mild facet arthropathy. L5-S1: Disc bulge. The level above is normal.") == {
        ("L4-L5", code): 1 for code in ("RFA", "LFA")
    }
    told = "L2-3: Mild canal stenosis. L3-4: Mild canal stenosis. L4-5: Severe canal stenosis. "
    assert graded(told + "Moderate foraminal stenosis at the two levels above.") == graded(told)


def test_the_upper_three_levels_are_those_above_the_levels_told() -> None:
    for told, levels in {"L3-4": ALL[:3], "L4-5": ALL[1:4]}.items():
        above = f"{told}: Disc bulge, mild canal stenosis. "
        normal = {(level, code): 0 for level in levels for code in CODES}
        assert graded(f"{above}The upper three levels are normal.") == {**graded(above), **normal}


def test_the_level_of_a_slip_is_where_it_was_told() -> None:
    above, mild = "L2-3: Mild canal stenosis. ", {("L2-L3", "SCS"): 1}
    told: list[tuple[str, Cells]] = []
    for slip, at, said in product(SLIPS, AT_SLIP, SAID_THERE):
        told.append((f"{slip}\n{above}{at}{said}", {**mild, ("L4-L5", "SCS"): 3}))
    for none, at, said in product(
        ("", "No slip at L4-5.", "Slip of L4 on L5 and of L3 on L4."), AT_SLIP, SAID_THERE
    ):
        told.append((f"{none}\n{above}{at}{said} The recesses are clear.", {**mild}))
    extrusion = (
        "L4-5: Extrusion. L3-4: Mild canal stenosis. At the level of the extrusion it is severely narrowed."
    )
    told.append((extrusion, {("L3-L4", "SCS"): 1, ("L4-L5", "SCS"): 3}))
    told.append((f"{above}At the level of the cyst the canal is severely narrowed.", {**mild}))
    assert misread(told) == []


def test_the_level_of_a_slip_is_told_anew_in_each_report() -> None:
    for level in ALL[::-1]:
        for slip in (f"There is a slip at {level}.", f"{level}: Grade 1 listhesis, mild facet arthropathy."):
            found = graded(f"{slip}\n\nAt the level of the slip there is severe canal stenosis.")
            assert {of for of, grade in found.items() if grade == 3} == {(level, "SCS")}


def test_other_levels_with_a_verb_begin_a_sentence_with_no_stop_before_them() -> None:
    told = (
        ("L3-L4 broad bulge, moderate canal stenosis", {("L3-L4", "SCS"): 2}),
        (
            "L3-L4 broad bulge without any stenosis",
            {("L3-L4", "SCS"): 0, ("L3-L4", "RFS"): 0, ("L3-L4", "LFS"): 0},
        ),
        ("L3-L4 broad bulge, severe left foraminal stenosis", {("L3-L4", "LFS"): 3}),
    )
    others = ("rest of discs", "other discs", "remainder of levels", "other segments", "all other levels")
    whole = {(level, code): 0 for level in ALL if level != "L3-L4" for code in CODES}
    cases: list[tuple[str, Cells]] = []
    for (said, cells), other, verb in product(told, others, ("normal", "are normal", "unremarkable")):
        rest = {} if "discs" in other else whole
        cases.append((f"Pain in the rt. leg.\n{said}\n{other} {verb}", {**rest, **cells}))
    for said, cells in told:
        cases.append((f"{said}\nother discs show mild bulges", {**cells}))
        cases.append((f"Seen today. {said} rest of discs normal", {**cells}))
    assert misread(cases) == []
