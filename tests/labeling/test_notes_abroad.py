"""Short notes as they are written abroad: rows in one line, sides as keys, brackets, legends of one sign.

Every note says one thing in many forms; a form that is read otherwise than the others is a misread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from graded import Intervals, intervals, misread_intervals

Note = tuple[str, Intervals]

SAID = {
    **{"patent": (0, 0), "no stenosis": (0, 0), "mild stenosis": (1, 1), "moderate narrowing": (2, 2)},
    **{"severe stenosis": (3, 3)},
}
LEVELS = ("L2-L3", "L3-L4", "L4-L5", "L5-S1")
WRITTEN = (
    ("L2/3", "L3/4", "L4/5", "L5/S1"),
    ("L2-3", "L3-4", "L4-5", "L5-S1"),
    ("L2/3", "L3/4", "L4/5", "L5/S"),
)
WORDS = {"none": (0, 0), "mild": (1, 1), "moderate": (2, 2), "severe": (3, 3)}
LEVEL_CODES = ("SCS", "RFS", "LFS", "RRS", "LRS", "RFA", "LFA")


def sides_as_keys() -> Iterator[Note]:
    foramina = ("neuroforamen", "foramina")
    marks = (("R", "L"), ("right", "left"))
    for noun, (right, left), sign, (one, low), (two, high) in product(
        foramina, marks, (": ", " - "), SAID.items(), SAID.items()
    ):
        if sign == " - " and two == "no stenosis":
            continue
        said = {"L4-L5 SCS": (2, 2), "L4-L5 RFS": low, "L4-L5 LFS": high}
        yield f"L4/5: canal: moderate stenosis; {noun} {right}{sign}{one} {left}{sign}{two}", said


def rows_in_a_line() -> Iterator[Note]:
    heads = ("", "[Level] ", "[level]", "(Level) ", "<Level> ", "Level: ", "[Disc] ", "-> ", "> ", "# ", "@")
    canals = (
        ("canal stenosis grade: {}", "foraminal stenosis: nil"),
        ("{} canal stenosis", "foramina patent"),
        ("canal {}", "no foraminal stenosis"),
    )
    for head, (_, one, two, three), (canal, patent) in product(heads, WRITTEN, canals):
        text = (
            f"MRI. {head}{one}: bulge; {canal.format('mild')}; {patent} {head}{two}: bulge; "
            f"{canal.format('severe')}; foraminal stenosis: rt mild lt moderate {head}{three}: WNL"
        )
        said = {"L3-L4 SCS": (1, 1), "L3-L4 RFS": (0, 0), "L3-L4 LFS": (0, 0)}
        said |= {"L4-L5 SCS": (3, 3), "L4-L5 RFS": (1, 1), "L4-L5 LFS": (2, 2)}
        yield text, said | {f"L5-S1 {code}": (0, 0) for code in LEVEL_CODES}


def entries_of_a_key() -> Iterator[Note]:
    keys = {"Canal stenosis: ": "SCS", "Right foraminal stenosis: ": "RFS", "Left foramen - ": "LFS"}
    signs = ("{} {}", "{{{} {}}}", "({} {})", "<{} {}>", "{}={}", "{{{}-{}}}")
    orders = (("none", "none", "mild", "severe"), ("mild", "severe", "none", "moderate"))
    for (key, code), sign, levels, words in product(keys.items(), signs, WRITTEN[:2], orders):
        entries = " ".join(sign.format(level, word) for level, word in zip(levels, words, strict=True))
        said = {f"{level} {code}": WORDS[word] for level, word in zip(LEVELS, words, strict=True)}
        yield f"{key}{entries}", said


def arthropathy_before_stenosis() -> Iterator[Note]:
    facets = ("facet OA {}", "bilateral facet arthropathy {}")
    stenoses = {"{} central stenosis": ("SCS",), "{} left foraminal narrowing": ("LFS",), "{} CCS": ("SCS",)}
    frames = ("L4-5 {}, {}.", "L4-5: bulge, {}, {}", "L4/5: yellow ligament thick, {}, {}")
    for facet, (stenosis, codes), frame, one, two in product(
        facets, stenoses.items(), frames, ("mild", "mod", "severe"), ("mild", "moderate")
    ):
        grade = WORDS["moderate" if one == "mod" else one]
        said = {f"L4-L5 {code}": grade for code in ("RFA", "LFA")}
        yield (
            frame.format(facet.format(one), stenosis.format(two)),
            said | {f"L4-L5 {code}": WORDS[two] for code in codes},
        )


def last_of_a_list() -> Iterator[Note]:
    values = {"mild": (1, 1), "moderate": (2, 2), "none": (0, 0), "is severe": (3, 3)}
    firsts = {
        "severe canal stenosis {}": (3, 3),
        "moderate central stenosis at {}": (2, 2),
        "mild CS {}": (1, 1),
    }
    lists = {
        "L2-3, {} {}": (("L2-L3",), "L4-5", ("L4-L5",)),
        "L2/3 and L3/4, {} {}": (("L2-L3", "L3-L4"), "L4/5", ("L4-L5",)),
        "L2-3, L3-4, {} {}": (("L2-L3", "L3-L4"), "L5-S1", ("L5-S1",)),
        "L2-3, {} {}.": (("L2-L3",), "L4-5 and L5-S1", ("L4-L5", "L5-S1")),
    }
    for (first, low), (listed, (before, level, behind)), (value, high) in product(
        firsts.items(), lists.items(), values.items()
    ):
        if value == "is severe" and " and " in level:
            continue
        said = {f"{one} SCS": low for one in before} | {f"{one} SCS": high for one in behind}
        yield first.format(listed.format(level, value)), said


@pytest.mark.parametrize(
    "notes",
    [sides_as_keys, rows_in_a_line, entries_of_a_key, arthropathy_before_stenosis, last_of_a_list],
)
def test_every_form_says_the_same(notes: Callable[[], Iterator[Note]]) -> None:
    assert misread_intervals(notes()) == []


WHOLE = "SCS=0 RFS=0 LFS=0 RRS=0 LRS=0 RFA=0 LFA=0"
ALL = ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the region, and no left side
        ("MRI ( L/S ): stenosis L2-3, L3-4.", "L2-L3 SCS=1-3; L3-L4 SCS=1-3"),
        ("LUMBAR MRI (L/S)\nStenosis at L4-5, severe.", "L4-L5 SCS=3"),
        # the last disc by the letter of the sacrum alone
        ("L5/S foramina: right narrowed.", "L5-S1 RFS=1-3"),
        ("L4/5 moderate canal stenosis; L5/S none.", "L4-L5 SCS=2; L5-S1 SCS=0"),
        ("L3/4 - L5/S: facets mildly arthritic.", "; ".join(f"{one} RFA=1 LFA=1" for one in ALL[3:])),
        # what is not abnormal is another noun
        ("L4-5: mild canal stenosis. No abn. marrow signal.", "L4-L5 SCS=1"),
        ("L4-5: mild canal stenosis. No abn enhancement.", "L4-L5 SCS=1"),
        ("L3-4: no abn. seen. L4-5: mild CS", f"L3-L4 {WHOLE}; L4-L5 SCS=1"),
        ("L3-4: no abn. detected.", f"L3-L4 {WHOLE}"),
        # short words and what they stand for
        (
            "L4-5: mild CS.\nL5-S1: normal.\n(CS central stenosis, NF neural foramen)",
            f"L4-L5 SCS=1; L5-S1 {WHOLE}",
        ),
        ("L4-5: mild CS.\nAbbr: CS central stenosis; LR lateral recess; NF foramen", "L4-L5 SCS=1"),
        # a table and its only sign
        (
            "Level | Canal | Right NF | Left NF | Remark\nL3-4 | - | - | - |\n"
            "L4-5 | mild | - | severe | bulge\n"
            "Key: - = none",
            "L3-L4 SCS=0 RFS=0 LFS=0; L4-L5 SCS=1 RFS=0 LFS=3",
        ),
        (
            "Level | Canal | Right NF | Left NF | Remark\nL3-4 | none | none | mild |\n"
            "L4-5 | mild | none | none | slip",
            "L3-L4 SCS=0 RFS=0 LFS=1; L4-L5 SCS=1 RFS=0 LFS=0",
        ),
        # a thick ligament is no cause, and its neighbour keeps its grade
        ("L3-4: severe canal stenosis, yellow ligament thick, facet OA bil mild.", "L3-L4 SCS=3 RFA=1 LFA=1"),
        # all, clean and open
        (
            "Foramina, all patent except Rt L4/5 (mild).",
            "; ".join(f"{one} RFS={int(one == 'L4-L5')} LFS=0" for one in ALL),
        ),
        ("NF's patent everywhere.", "; ".join(f"{one} RFS=0 LFS=0" for one in ALL)),
        ("Canal of good width at all stages.", "; ".join(f"{one} SCS=0" for one in ALL)),
        ("Mod canal stenosis L3-4 w/ L cyst, L5-S1 clean.", f"L3-L4 SCS=2; L5-S1 {WHOLE}"),
        ("L4-5 severe stenosis. L5-S1: clean", f"L4-L5 SCS=3; L5-S1 {WHOLE}"),
        ("L5-S1 clean margins", ""),
        ("L3/4 moderate central stenosis with a slip, L4/5 open.", "L3-L4 SCS=2; L4-L5 SCS=0"),
        # nothing happens to the canal
        ("L2-L3: bulging, no repercussion over the canal nor the foramina.", "L2-L3 SCS=0 RFS=0 LFS=0"),
        ("L3-L4 hernia, conflict with the right L4 root in the lateral recess.", "L3-L4 RRS=1-3"),
        ("Left L4/5 foramen infiltrated by tumour, severely narrowed.", "L4-L5 LFS=3"),
        # one more level with no grade
        ("Severe narrowing of the canal at L4/5, with some narrowing at L3/4.", "L3-L4 SCS=1-3; L4-L5 SCS=3"),
        ("Moderate left foraminal stenosis at L4-5 and narrowing at L5-S1.", "L4-L5 LFS=2; L5-S1 LFS=1-3"),
        ("No stenosis at L3-4, mild at L4-5.", "L3-L4 SCS=0 RFS=0 LFS=0; L4-L5 SCS=1"),
        # a key of its own below the levels, whose lines name levels
        (
            "L3/4: canal mild stenosis.\nL4/5: canal patent.\n[Foramen]\n Rt: L3/4 severe, L4/5 mild.\n"
            " Lt: L4/5 moderate.",
            "L3-L4 SCS=1 RFS=3; L4-L5 SCS=0 RFS=1 LFS=2",
        ),
        (
            "L3/4: canal mild stenosis.\nL4/5: canal patent.\nFacets\nMild at L3/4, severe at L4/5.",
            "L3-L4 SCS=1 RFA=1 LFA=1; L4-L5 SCS=0 RFA=3 LFA=3",
        ),
        # each side has its grade before the next noun
        (
            "L4-5: foraminal stenosis right severe, left mild, moderate canal stenosis.",
            "L4-L5 SCS=2 RFS=3 LFS=1",
        ),
        ("L3-4: NF narrowing mild left and severe right, mild CS.", "L3-L4 SCS=1 RFS=3 LFS=1"),
        ("Canal stenosis at L3-4, L4-5 normal.", "L3-L4 SCS=1-3; L4-L5 SCS=0"),
        ("Severe stenosis L2-3, L4-5 moderate foraminal stenosis", "L2-L3 SCS=3; L4-L5 RFS=2 LFS=2"),
        # a level that was operated on is no more about the foramina
        (
            "L3-4 mild canal stenosis, bilat moderate NF stenosis, L4-5 postop discectomy, no stenosis.",
            "L3-L4 SCS=1 RFS=2 LFS=2; L4-L5 SCS=0 RFS=0 LFS=0",
        ),
        # what is above on the page
        (
            "L4/5: severe canal stenosis, facets mild\nL3/4: same as above but moderate canal stenosis",
            "L3-L4 SCS=2 RFA=1 LFA=1; L4-L5 SCS=3 RFA=1 LFA=1",
        ),
        # a place is left out of all that is open, behind the level of another sentence
        (
            "Severe stenosis at L3/4. Foramina: all patent but L3/4 left (moderate).",
            "T12-L1 RFS=0 LFS=0; L1-L2 RFS=0 LFS=0; L2-L3 RFS=0 LFS=0; L3-L4 SCS=3 RFS=0 LFS=2; "
            "L4-L5 RFS=0 LFS=0; L5-S1 RFS=0 LFS=0",
        ),
        # a short form with its stop before its value
        ("L4/5 : canal mildly narrow , foram. N , facets N", "L4-L5 SCS=1 RFS=0 LFS=0 RFA=0 LFA=0"),
        ("bulge L3-4 indenting ant. theca & bil. foraminal narrowing , mod.", "L3-L4 RFS=2 LFS=2"),
        # numbers with a dash
        (
            "1- dry discs .\n2- L3-4 : Rt foramen moderate narrowing .\n3-L4-5 : same as L3-4 .\n"
            "4- no canal stenosis .",
            "T12-L1 SCS=0; L1-L2 SCS=0; L2-L3 SCS=0; L3-L4 SCS=0 RFS=2; L4-L5 SCS=0 RFS=2; L5-S1 SCS=0",
        ),
        ("L4-5:\n1- bulge\n2- canal mildly narrow", "L4-L5 SCS=1"),
        # what is open again is what was narrow
        ("Severe canal stenosis at L3/4. Wide again at L4/5.", "L3-L4 SCS=3; L4-L5 SCS=0"),
        ("Mild left foraminal narrowing at L3-4. Free again at L4-5.", "L3-L4 LFS=1; L4-L5 LFS=0"),
        # one space, told of again
        ("Old MRI showed Rt exit canal compression at L4/5, now the exit canal is adequate.", "L4-L5 RFS=0"),
        ("Right foramen at L4-5 narrowed. Now the foramen is free.", "L4-L5 RFS=0"),
        ("Right foramen at L3-4 was severely narrowed, now the foramina are free.", "L3-L4 RFS=0 LFS=0"),
        (
            "Right foramen narrowed at L3-4, now the foramen at L4-5 is mildly narrowed.",
            "L3-L4 RFS=1-3; L4-L5 RFS=1 LFS=1",
        ),
        # the other side, behind a doubt
        ("Rt exit canal compressed at L4/5 , ? also the Lt exit canal", "L4-L5 RFS=1-3 LFS=1-3"),
        ("L5-S1: left foramen mildly narrowed (possibly also the right).", "L5-S1 RFS=1-3 LFS=1"),
        # causes joined by "n"; a grade behind them is of what they narrow
        (
            "Mild canal stenosis at L4-5 by bulge n facet hypertrophy , at L3-4 severe.",
            "L3-L4 SCS=3; L4-L5 SCS=1 RFA=1-3 LFA=1-3",
        ),
        ("Narrow canal L3/4 due to bulge + facet hypertrophy, moderate.", "L3-L4 SCS=2 RFA=1-3 LFA=1-3"),
        ("L4-5: canal 'tight' but not critical, I'd grade it mild.", "L4-L5 SCS=1"),
        ("Phys. exam, MRI: L3-4 mild stenosis, none at 4-5.", "L3-L4 SCS=1; L4-L5 SCS=0"),
    ],
)
def test_note(text: str, expected: str) -> None:
    said: Intervals = {}
    for part in filter(None, expected.split("; ")):
        level, *told = part.split(" ")
        for one in told:
            code, _, grades = one.partition("=")
            low, _, high = grades.partition("-")
            said[f"{level} {code}"] = (int(low), int(high or low))
    assert intervals(text) == said
