"""What was before x whose it is, two sides with a verb each, lists under a title and the rest of a list."""

from __future__ import annotations

from itertools import product

from labeling.labeler import label_text

GRADES = {"mild": 1, "moderate": 2, "severe": 3}
LEVELS = {"L3-4": "L3-L4", "L4-5": "L4-L5", "L5-S1": "L5-S1"}


def cells(text: str) -> dict[str, int | None]:
    return {f"{grade.level} {grade.code}": grade.grade for grade in label_text(text).grades}


def misread(cases: dict[str, dict[str, int | None]]) -> list[str]:
    return [f"{text!r}: {cells(text)}" for text, told in cases.items() if cells(text) != told]


BEFORE = (
    *(
        ", formerly open,",
        ", once normal,",
        ", previously moderate,",
        ", hitherto patent,",
        ", mild in 2018,",
    ),
    *(" (patent before)", " (severe in 2020)", " - previously patent -", ", which had been moderate,"),
    *(", patent a year ago,", ", not narrowed before,", ", until recently normal,", ", normal until 2021,"),
)
SUBJECTS = {
    "L4-5: The left foramen is patent and the right": ({"L4-L5 LFS": 0}, "L4-L5 RFS"),
    "L4-5: The right recess is moderately narrowed, the left": ({"L4-L5 RRS": 2}, "L4-L5 LRS"),
    "L4-5: The canal is mildly narrowed and the left foramen": ({"L4-L5 SCS": 1}, "L4-L5 LFS"),
    "The canal at L3-4 is patent, and the canal at L4-5": ({"L3-L4 SCS": 0}, "L4-L5 SCS"),
}
NOW = {" is severely narrowed.": 3, " is now patent.": 0, " has become mildly narrowed.": 1}


def test_what_was_stands_between_subject_and_verb():
    assert not misread(
        {
            f"{subject}{before}{now}": {**told, cell: grade}
            for (subject, (told, cell)), before, (now, grade) in product(
                SUBJECTS.items(), BEFORE, NOW.items()
            )
        }
    )


def test_two_sides_joined_by_and_have_a_verb_each():
    joints = (" and on the ", " and the ", " and ", ", and on the ")
    nouns = {"Foraminal stenosis": "FS", "Facet arthropathy": "FA", "Lateral recess stenosis": "RS"}
    cases = {}
    for (noun, code), joint, verb in product(nouns.items(), joints, ("is", "it is", "appears")):
        for first, second in (("right", "left"), ("left", "right")):
            told: dict[str, int | None] = {
                f"L4-L5 {first[0].upper()}{code}": 1,
                f"L4-L5 {second[0].upper()}{code}": 3,
            }
            cases[f"L4-5: {noun} is mild on the {first}{joint}{second} {verb} severe."] = told
    assert not misread(cases)


def test_what_follows_is_listed():
    nouns = {
        "There is multilevel canal stenosis": ("SCS",),
        "The canal is narrowed": ("SCS",),
        "Facet arthropathy bilaterally": ("RFA", "LFA"),
        "Narrowing of both foramina": ("RFS", "LFS"),
    }
    leads = (
        ", as follows:",
        " as follows:",
        ", graded as follows:",
        ", as below:",
        ", by level:",
        ", namely",
    )
    lists = (" mild at L3-4 and severe at L4-5.", " L3-4 mild, L4-5 severe.", "\nL3-4: mild\nL4-5: severe")
    cases = {}
    for (noun, codes), lead, listed in product(nouns.items(), leads, lists):
        if lead.endswith(":") or "\n" not in listed:
            told = {"L3-L4": 1, "L4-L5": 3}
            cases[noun + lead + listed] = {f"{level} {code}": told[level] for level in told for code in codes}
    assert not misread(cases)


def test_otherwise_is_of_the_list_before_it():
    nouns = {
        "canal stenosis": ("SCS",),
        "facet arthropathy": ("RFA", "LFA"),
        "foraminal stenosis": ("RFS", "LFS"),
    }
    forms = (
        *(
            ", severe at L4-5 and otherwise {g}.",
            ", severe at L4-5, otherwise {g}.",
            ". It is severe at L4-5, {g} elsewhere.",
        ),
        *(", otherwise {g} but severe at L4-5.", ", severe at L4-5 and {g} at the other levels."),
    )
    cases = {}
    for (noun, codes), form, grade in product(nouns.items(), forms, ("mild", "moderate")):
        told = {"L3-L4": GRADES[grade], "L4-L5": 3, "L5-S1": GRADES[grade]}
        for place in ("at L3-4, L4-5 and L5-S1", "from L3 to S1"):
            text = f"There is {noun} {place}{form.format(g=grade)}"
            cases[text] = {f"{level} {code}": told[level] for level in told for code in codes}
    assert not misread(cases)


def test_what_comes_with_a_narrowing_leaves_the_rest_its_own():
    nouns = {
        "Spinal canal: mild narrowing at L3-4": ("L3-L4", "SCS", 1),
        "The canal is moderately narrowed at L4-5": ("L4-L5", "SCS", 2),
        "Right foramen: severe stenosis at L4-5": ("L4-L5", "RFS", 3),
    }
    beside = (
        "with stocky pedicles",
        "due to a broad bulge",
        "from ligamentum flavum hypertrophy",
        "by a spur",
    )
    beside += ("with crowding of the roots", "with a small cyst", "on a basis of short pedicles")
    rests = (", otherwise adequate at all levels.", ", otherwise patent.", " but otherwise of normal width.")
    rests += (" and otherwise adequate throughout.", ", otherwise no stenosis.")
    cases: dict[str, dict[str, int | None]] = {}
    for (noun, (at, code, grade)), cause, rest in product(nouns.items(), beside, rests):
        levels = ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
        cases[f"{noun} {cause}{rest}"] = {f"{level} {code}": grade if level == at else 0 for level in levels}
    assert not misread(cases)


def test_a_hyphen_of_its_own_stays_at_the_end_of_a_line():
    for text in (
        "L4-5: There is mild-to-moderate canal stenosis, with right-sided high-grade foraminal stenosis.",
        "L4-5: Broad-based bulge. Moderate-to-severe left-sided foraminal narrowing, low-grade stenosis.",
    ):
        told = cells(text)
        hyphens = [at for at, sign in enumerate(text) if sign == "-"]
        assert not misread({f"{text[: at + 1]}\n{text[at + 1 :]}": told for at in hyphens})
        parts = [at for at in range(8, len(text) - 2, 5) if text[at - 2 : at + 2].isalpha()]
        assert not misread({f"{text[:at]}-\n{text[at:]}": told for at in parts})


def test_what_others_are_is_not_said_of_what_was_told_with_no_grade():
    told = {
        "Canal stenosis at L4-5": {"L4-L5 SCS": None},
        "The canal is narrowed at L3-4": {"L3-L4 SCS": None},
        "L4-5: canal stenosis": {"L4-L5 SCS": None},
        "Canal: narrowed at L4-5": {"L4-L5 SCS": None},
        "Canal stenosis at L3-4 and L4-5": {"L3-L4 SCS": None, "L4-L5 SCS": None},
        "Right foramen narrow at L3-4, left narrow at L4-5": {"L3-L4 RFS": None, "L4-L5 LFS": None},
        "Left foraminal narrowing at L5-S1": {"L5-S1 LFS": None},
    }
    others = (
        "other levels normal",
        "others patent",
        "the rest are normal",
        "patent elsewhere",
        "otherwise patent",
    )
    for (said, narrow), joint, rest in product(told.items(), (", ", "; ", " but "), others):
        found = cells(f"{said}{joint}{rest}.")
        assert {cell: found.get(cell, 0) for cell in narrow} == narrow, f"{said}{joint}{rest}."


def test_a_ranking_goes_on_to_the_next_level():
    nouns = {
        "canal stenosis": ("SCS",),
        "left foraminal stenosis": ("LFS",),
        "facet arthropathy": ("RFA", "LFA"),
    }
    worst = (
        "{} is worst at L4-5, where it is severe",
        "Severe {} at L4-5",
        "The worst level is L4-5 with severe {}",
        "There is {}, most marked at L4-5 (severe)",
    )
    ranked = (
        ", followed by L3-4, where it is moderate",
        " followed by L3-4 (moderate)",
        "; next worst is L3-4, moderate",
        ". The second most affected level is L3-4 (moderate)",
        ". Next is L3-4, in which it is moderate",
        ", least so at L3-4 (moderate)",
    )
    last = {"": False, " and then L2-3 (mild)": True, ", then L2-3, where it is mild": True}
    cases = {}
    for (noun, codes), first, then, (end, told) in product(nouns.items(), worst, ranked, last.items()):
        grades = {"L4-L5": 3, "L3-L4": 2} | ({"L2-L3": 1} if told else {})
        text = first.format(noun)
        cases[f"{text[0].upper()}{text[1:]}{then}{end}."] = {
            f"{level} {code}": grade for level, grade in grades.items() for code in codes
        }
    assert not misread(cases)


def test_the_side_in_brackets_is_of_the_level_before_it():
    nouns = {"Foraminal stenosis": "FS", "Recess stenosis": "RS", "Facet arthropathy": "FA"}
    sides = {"left": "L", "right": "R", "bilateral": "RL"}
    cases = {}
    for (noun, code), (first, a), (second, b), key, joint in product(
        nouns.items(), sides.items(), sides.items(), (", ", ": ", " is "), (", ", " and ", "; ")
    ):
        text = f"{noun}{key}mild at L3-4 ({first}){joint}severe at L4-5 ({second})."
        cases[text] = {f"L3-L4 {side}{code}": 1 for side in a} | {f"L4-L5 {side}{code}": 3 for side in b}
    assert not misread(cases)
