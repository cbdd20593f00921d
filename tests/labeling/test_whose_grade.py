"""Whose a grade or a normal word is: a disc's, that of its own noun, or of all that a stenosis involves."""

from __future__ import annotations

from itertools import product

import pytest

from labeling.labeler import label_text

GRADES = {"mild": 1, "moderate": 2, "severe": 3}
OF_DISC = (
    *(
        "{} pinching of the disc",
        "{} pinching",
        "pinching, {}",
        "{} disc pinching",
        "{} pinching of the last one",
    ),
    *(
        "discopathy with {} pinching",
        "{} pinching of the disc space",
        "{} narrowing of the intersomatic space",
    ),
    *("wide-range disc protrusion, {}", "wide-necked {} disc protrusion", "free-lying disc fragment"),
)
INVOLVING = (
    *("spinal stenosis, {} degree, involving {}", "{} spinal stenosis involving {}"),
    *("spinal stenosis of {} degree involving {}", "mixed type spinal stenosis, {} degree, involving {}"),
    *("spinal stenosis, {}, involving {}", "spinal stenosis, {} grade, of {}", "{} stenosis involving {}"),
    *("spinal stenosis ({}) involving {}", "combined spinal stenosis, {} degree, including {}"),
)
INVOLVED = {
    "central canal and bilateral lateral recesses": ("SCS", "RRS", "LRS"),
    "the central canal and both foramina": ("SCS", "RFS", "LFS"),
    "central canal and left lateral recess": ("SCS", "LRS"),
    "the canal, both recesses and the left foramen": ("SCS", "RRS", "LRS", "LFS"),
    "the spinal canal": ("SCS",),
}
NARROWED_BY = (
    ("{are} narrowed {2}ly by {cause} at L4-5", {"L4-L5": 2}),
    ("{are} mildly narrowed {due} {cause} at L3-4, and {3}ly at L4-5", {"L3-L4": 1, "L4-L5": 3}),
    ("{are} mildly narrowed at L3-4 {due} {cause}, {2}ly at L4-5", {"L3-L4": 1, "L4-L5": 2}),
    ("stenosis {due} {cause}: mild at L3-4, {2} at L4-5", {"L3-L4": 1, "L4-L5": 2}),
    ("stenosis {due} {cause} at L3-4, mild, and L4-5, {2}", {"L3-L4": 1, "L4-L5": 2}),
    ("mild stenosis {due} {cause} at L3-4 and {3} at L4-5", {"L3-L4": 1, "L4-L5": 3}),
    ("mild stenosis at L3-4 {due} {cause}, and {3} at L4-5", {"L3-L4": 1, "L4-L5": 3}),
)
"""What is narrow, why, and a grade behind that: `{2}` is the word of the grade."""
CAUSES = (
    *("facet hypertrophy", "hypertrophied facets", "hypertrophy of the facets", "a spur", "a disc bulge"),
    *("thickened ligaments and facet arthropathy", "facet arthropathy and a disc bulge"),
    *("a disc bulge and thickened ligamentum flavum", "ligamentum and facet hypertrophy"),
)
NARROW_SPACES = (
    ("the canal is", "canal", ("SCS",)),
    ("both foramina are", "bilateral foraminal", ("RFS", "LFS")),
    ("the left recess is", "left recess", ("LRS",)),
)
LISTED_BY_CAUSE = (
    "Spinal stenosis due to {cause} at L2-3 (mild), L3-4 (moderate), L4-5 (severe).",
    "Spinal stenosis due to {cause}, mild at L2-3, moderate at L3-4 and severe at L4-5.",
)
LESS = (
    *(
        "work restriction",
        "restriction of motion",
        "weight reduction",
        "reduction in signal",
        "medication reduction",
    ),
    *("hamstring tightness", "attenuation of the ligament", "venous occlusion", "diminution of the reflexes"),
    *("crowding of the roots", "urethral stricture", "decrease in size of the hematoma"),
)
"""What is lessened is named by another word than a space of the spine."""
ONE_SIDE = {
    "slight narrowing of the {side} {name}": 1,
    "the {side} {name} is moderately narrowed": 2,
    "severe narrowing of the {side} {name}": 3,
}
OTHER_SIDE = {
    **dict.fromkeys(("while the {side} one is free", "the {side} is free", "the {side} one being free"), 0),
    **dict.fromkeys(("whereas the {side} one is normal", "the other one is free", "{side} free"), 0),
    **dict.fromkeys(
        ("whilst the {side} one remains free", "on the {side} side free", "not on the {side}"), 0
    ),
    **dict.fromkeys(("that on the {side} is free", "the contralateral one is free", "{side} one free"), 0),
    **dict.fromkeys(("the {side} one of regular width", "the {side} one shows no narrowing"), 0),
    **dict.fromkeys(("and the {side} one is mildly narrowed", "the {side} {name} mildly stenotic"), 1),
}
BEFORE = ("", "wide-range disc protrusion which marks the dural sac; no stenosis of the canal; ")
FORMS = (
    *("L4-5: {}.", "At L4-5 there is {}.", "Disc bulge at L4-5 with {}."),
    "Grade I degenerative spondylolisthesis of L4 on L5 with {}.",
)


def graded(text: str) -> dict[str, int | None]:
    """The grade of each cell at L4-L5; any other level fails."""
    grades = label_text(text).grades
    assert {str(grade.level) for grade in grades} <= {"L4-L5"}
    return {grade.code: grade.grade for grade in grades}


@pytest.mark.parametrize("words", OF_DISC)
def test_grade_of_a_disc_fills_no_cell(words: str) -> None:
    for grade in GRADES:
        for form in ("At L4-5, {}.", "L4-5: {}.", "L4-5 {}.", "Discs: discopathy at L3-4, with {} at L4-5."):
            assert not graded(form.format(words.format(grade)))


@pytest.mark.parametrize("name", ["canal", "left foramen"])
def test_pinching_of_a_space_is_narrowing(name: str) -> None:
    code = {"canal": "SCS", "left foramen": "LFS"}[name]
    for form in ("At L4-5, severe pinching of the {}.", "L4-5: The {} is severely pinched."):
        assert graded(form.format(name)) == {code: 3}


@pytest.mark.parametrize("words", INVOLVING)
def test_stenosis_is_of_all_that_it_involves(words: str) -> None:
    for grade, rank in GRADES.items():
        for name, codes in INVOLVED.items():
            for form in FORMS:
                text = form.format(words.format(grade, name))
                assert graded(text) == dict.fromkeys(codes, rank), text
                if "LFS" not in codes:
                    text = form.format(
                        words.format(grade, name) + ", and with mild stenosis of both foramina"
                    )
                    assert graded(text) == dict.fromkeys(codes, rank) | {"RFS": 1, "LFS": 1}, text


@pytest.mark.parametrize("second", OTHER_SIDE)
def test_other_side_has_its_own(second: str) -> None:
    for name, code in {"foramen": "FS", "lateral recess": "RS"}.items():
        for first, rank in ONE_SIDE.items():
            for side, other in (("left", "right"), ("right", "left")):
                for before in BEFORE:
                    said = f"{first.format(side=side, name=name)}, {second.format(side=other, name=name)}"
                    expected = {side[0].upper() + code: rank, other[0].upper() + code: OTHER_SIDE[second]}
                    text = f"At L4-L5 {before}{said}."
                    assert graded(text) == expected | ({"SCS": 0} if before else {}), text


def test_grade_before_what_it_is_of() -> None:
    text = "At L4-L5 stenosis of slight degree of the spinal canal and of the left foramen."
    assert graded(text) == {"SCS": 1, "LFS": 1}


def test_doubt_of_a_root_is_none_of_the_next_structure() -> None:
    text = "L4-5: Likely compression of the L4 nerve, left foramen shows no significant narrowing."
    assert [str(one.certainty) for one in label_text(text).grades] == ["affirmed"]


def test_what_is_less_is_no_stenosis_of_a_level() -> None:
    for less in LESS:
        for said in (f"L4-5 is dry. There is {less}.", f"At L4-5 a bulge with severe {less}.", f"No {less}."):
            assert not label_text(said).grades, said


def test_grade_behind_a_cause_is_of_what_it_narrows() -> None:
    words = {f"{{{rank}}}": word for word, rank in GRADES.items()}
    misread = []
    for (form, ranks), (space, noun, codes) in product(NARROWED_BY, NARROW_SPACES):
        said = form
        for mark, word in (words | {"{are}": space, "stenosis": f"{noun} stenosis"}).items():
            said = said.replace(mark, word)
        for cause, due in product(CAUSES, ("by", "due to", "from")):
            text = f"{said.format(cause=cause, due=due)}."
            told = {(str(one.level), one.code): one.grade for one in label_text(text).grades}
            told = {cell: grade for cell, grade in told.items() if grade is not None}
            if told != {(level, code): rank for level, rank in ranks.items() for code in codes}:
                misread.append(text)
    for form, cause in product(LISTED_BY_CAUSE, CAUSES[:3]):
        text = form.format(cause=cause)
        if [one.grade for one in label_text(text).grades if one.code == "SCS"] != [1, 2, 3]:
            misread.append(text)
    assert not misread


def test_grade_of_the_cause_itself() -> None:
    for said in ("{}, severe on the right, at L4-5", "{} at L4-5, which is severe", "severe {} at L4-5"):
        told = graded(f"Moderate canal stenosis due to {said.format('facet arthropathy')}.")
        assert (told["SCS"], told["RFA"]) == (2, 3), said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("{} facet joints {}ly narrow both foramina", "RFS LFS"),
        ("Spurs of {} facets {}ly narrow both foramina", "RFS LFS"),
        ("Bulging disc, {} facets {}ly narrowing the canal", "SCS"),
        ("{} facets {}ly narrow the canal", "SCS"),
    ],
)
@pytest.mark.parametrize("grade", GRADES)
def test_grade_of_what_joints_do_is_none_of_theirs(words: str, told: str, grade: str) -> None:
    found = graded(f"L4-5: {words.format('the', 'slight' if grade == 'mild' else grade)}.")
    assert found == dict.fromkeys(told.split(), GRADES[grade])


def test_joints_have_the_grade_that_is_parted_from_what_they_do() -> None:
    found = graded("L4-5: Facets severe, mildly narrowing the canal.")
    assert (found["SCS"], found["RFA"]) == (1, 3)
    assert graded("L4-5: Canal mildly narrow both foramina patent.") == {"SCS": 1, "RFS": 0, "LFS": 0}


@pytest.mark.parametrize("joint", [" and", ", and"])
def test_what_is_suspected_behind_a_denial_is_not_denied(joint: str) -> None:
    for said in ("right foraminal stenosis is suspected", "possible right foraminal stenosis"):
        found = graded(f"L4-5: No canal stenosis{joint} {said}.")
        assert found == {"SCS": 0, "RFS": None}, said


@pytest.mark.parametrize("noun", ["L4-5 and L5-S1: {} on the right and left respectively.", "{}"])
def test_which_side_of_two_levels_cannot_be_told(noun: str) -> None:
    sided = "Mild and severe foraminal narrowing"
    if noun == "{}":
        noun = "{} on the left and right respectively at L4-5 and L5-S1."
    assert not label_text(noun.format(sided)).grades
