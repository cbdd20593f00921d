"""What is denied, or was, of one thing of two: spaces without stenosis, exceptions, what was said before."""

from __future__ import annotations

from itertools import product

from graded import Cells, misread

FREE = ("without stenosis", "with no narrowing", "free of stenosis", "not showing stenosis", "not narrowed")
SPACES = (("both foramina", ("RFS", "LFS")), ("lateral recesses", ("RRS", "LRS")))
SAID = ("was said to be", "was reported as", "had been called", "has been described as", "was thought to be")
THEN = (
    "{n} {s} now, which was moderate",
    "There is now {n} {s}, which was moderate",
    "now {n} {s}, where it was moderate",
)


def test_a_space_without_stenosis_ends_a_narrowing() -> None:
    notes: list[tuple[str, Cells]] = []
    for (space, codes), free, joint in product(SPACES, FREE, (", and ", " and ", ", ")):
        text = f"L3-4: Severe stenosis of the canal{joint}{space} {free}."
        notes.append((text, {("L3-L4", "SCS"): 3, **{("L3-L4", code): 0 for code in codes}}))
    assert misread(notes) == []


def test_what_was_gives_way_to_what_is() -> None:
    notes: list[tuple[str, Cells]] = []
    for said, then, joint in product(
        SAID, ("normal", "mildly stenotic"), (", but is", " but it is", "; it is")
    ):
        notes.append((f"L3-4 {said} {then}{joint} severely stenotic.", {("L3-L4", "SCS"): 3}))
    for form, (now, grade) in product(THEN, (("mild", 1), ("severe", 3))):
        notes.append((f"At L3-4, {form.format(n=now, s='canal stenosis')}.", {("L3-L4", "SCS"): grade}))
    assert misread(notes) == []


def test_exceptions_in_a_sentence_of_their_own() -> None:
    notes: list[tuple[str, Cells]] = []
    rest: Cells = {(level, "SCS"): 0 for level in ("T12-L1", "L1-L2", "L4-L5", "L5-S1")}
    rest |= {("L2-L3", "SCS"): 1, ("L3-L4", "SCS"): 2}
    for heads, told in product(
        ("There are two exceptions: ", "The exceptions are ", "Exceptions: "),
        ("L2-3 (mild) and L3-4 (moderate)", "L2-3 mild, L3-4 moderate", "L2-3, mild, and L3-4, moderate"),
    ):
        notes.append((f"The canal is patent at all levels. {heads}{told}.", rest))
    assert misread(notes) == []


def test_what_cannot_be_assessed_is_not_called_normal_with_the_rest() -> None:
    notes: list[tuple[str, Cells]] = []
    for (space, hidden), unseen, denied in product(
        (
            ("left foramen", ("LFS",)),
            ("right neural foramen", ("RFS",)),
            ("foramina", ("LFS", "RFS")),
            ("canal", ("SCS",)),
        ),
        ("cannot be assessed", "could not be evaluated", "not visualised because of metal"),
        ("No stenosis", "There is no significant stenosis", "Otherwise no stenosis"),
    ):
        open_at: Cells = {("L3-L4", code): 0 for code in ("SCS", "LFS", "RFS") if code not in hidden}
        notes += [
            (f"L3-4: The {space} {unseen}. {denied}.", open_at),
            (f"L3-4: {denied}. The {space} {unseen}.", open_at),
            (f"L3-4:\n- {denied}.\n- The {space} {unseen}.", open_at),
        ]
    assert misread(notes) == []


ORGANS = (
    "the aorta",
    "the urinary bladder",
    "the iliac arteries",
    "the left ureter",
    "the SI joints",
    "the conus",
)
OF_ORGANS = (
    "No narrowing of {organ}.",
    "No stenosis or occlusion of {organ}.",
    "No mass or stenosis of {organ}.",
    "Note that {organ} shows no stenosis.",
    "Note {organ} without stenosis.",
)


def test_a_stenosis_of_an_organ_is_none_of_the_level() -> None:
    notes: list[tuple[str, Cells]] = []
    for form, organ, before in product(OF_ORGANS, ORGANS, ("L2-3: Mild canal stenosis. ", "L2-3: ", "")):
        graded: Cells = {("L2-L3", "SCS"): 1} if "Mild" in before else {}
        notes.append((f"{before}{form.format(organ=organ)}", graded))
    assert misread(notes) == []


EXCEPT = ("except {}", ", except {}", "other than {}", "apart from {}", " save {}")
LEFT_OUT = ("the left", "the left one", "on the left", "left")


def test_a_side_that_is_excepted_is_not_what_both_are() -> None:
    notes: list[tuple[str, Cells]] = []
    for said, but, left in product(
        ("foramina are patent", "foramina show no stenosis", "foramina are free of narrowing"),
        EXCEPT,
        LEFT_OUT,
    ):
        notes.append((f"L2-3: The {said} {but.format(left)}.", {("L2-L3", "RFS"): 0}))
    for but in (", but not {}", " but not {}"):
        notes += [
            (f"L2-3: Foramina patent{but.format(side)}.", {("L2-L3", "RFS"): 0}) for side in LEFT_OUT[::2]
        ]
    for but, space in product(EXCEPT, ("the left foramen", "in the left foramen")):
        rest: Cells = {("L2-L3", "SCS"): 0, ("L2-L3", "RFS"): 0}
        notes.append((f"L2-3: No stenosis {but.format(space)}.", rest))
        whole: Cells = {("L2-L3", code): 0 for code in ("RRS", "LRS", "RFA", "LFA")}
        notes.append((f"L2-3: Normal {but.format(space)}.", {**rest, **whole}))
    assert misread(notes) == []


EARLIER = (
    "was graded as",
    "has been graded as",
    "was thought to be",
    "was deemed",
    "was judged",
    "has been reported as",
)
MINE = ("I find it {}", "it is {}", "I think it is {}", "I see it as {}", "in my view it is {}")
OWN = (*MINE[:1], *MINE[2:], "I judge it {}", "my own reading is {}", "to my eye it is {}")


def test_what_it_was_called_gives_way_to_what_the_reader_finds() -> None:
    notes: list[tuple[str, Cells]] = []
    for was, mine, joint, (old, space) in product(
        EARLIER,
        MINE,
        (", but", ", though", " but", "; however,"),
        (("patent", "canal"), ("severely narrowed", "left foramen")),
    ):
        now = mine.format("moderately narrowed")
        code = "SCS" if space == "canal" else "LFS"
        notes.append((f"L3-4: The {space} {was} {old}{joint} {now}.", {("L3-L4", code): 2}))
    beside = "L3-4: The canal is mildly narrowed, with a severely narrowed disc space."
    notes.append((beside, {("L3-L4", "SCS"): 1}))
    assert misread(notes) == []


def test_what_the_reader_finds_is_what_counts() -> None:
    notes: list[tuple[str, Cells]] = []
    new = {"narrow": None, "moderately narrowed": 2, "patent": 0}
    for was, own, joint, (old, found) in product(
        (*EARLIER[:2], "was rated", "was said to be"),
        OWN,
        (", but ", "; ", ". "),
        product(("normal", "mild", "severely narrowed"), new),
    ):
        mine = own.format(found)
        mine = mine[0].upper() + mine[1:] if joint == ". " else mine
        if not (old == "normal" and found == "patent"):
            notes.append(
                (f"L2-3: The left foramen {was} {old}{joint}{mine}.", {("L2-L3", "LFS"): new[found]})
            )
    assert misread(notes) == []


def test_what_is_open_and_narrow_at_one_level_is_open_at_the_others() -> None:
    notes: list[tuple[str, Cells]] = []
    levels = ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
    for (space, codes), free, joint, (narrow, grade), where in product(
        (("canal", ("SCS",)), ("left neural foramina", ("LFS",))),
        ("roomy", "patent", "widely patent"),
        (" and ", ", ", ", but "),
        (("mildly narrowed", 1), ("severely stenotic", 3), ("narrowed", None)),
        ("only at L2-3", "at L2-3 only", "at L2-3"),
    ):
        verb = "is" if space == "canal" else "are"
        cells: Cells = {(level, code): grade if level == "L2-L3" else 0 for level in levels for code in codes}
        notes.append((f"The {space} {verb} {free}{joint}{narrow} {where}.", cells))
    assert misread(notes) == []
