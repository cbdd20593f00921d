"""Ways to call a level or a structure normal, many of them those of reporters with another mother tongue.

Crossed with levels and structures, and with what is told of the disc in the same sentence before them: a list
of clauses under one level is read to its end. What is said of a noun that is not known is said of no level.
"""

from __future__ import annotations

import pytest
from graded import graded

SPACES = ("SCS", "RFS", "LFS")
ALL = (*SPACES, "RRS", "LRS", "RFA", "LFA")
WITHOUT = (
    *("without remark", "without particularities", "without peculiarity", "without any particularity"),
    *("without special features", "without pathological findings", "without finding", "without pathology"),
    *("without abnormality", "without anomaly", "without deviations", "without visible changes"),
    *("without pathological change", "without specific findings", "without abnormal finding"),
)
NOTHING = (
    *("no particularities", "no peculiarity", "no special features", "no abnormality", "nothing particular"),
    *("nothing special", "nothing of note", "nothing to report", "nothing to remark", "no remarks"),
    *("with normal appearance", "with regular morphology", "with normal findings"),
)
CALLED = (
    *("unremarkable", "inconspicuous", "unsuspicious", "regular", "natural", "normal", "free", "correct"),
    *("within normal", "within the norm", "in the norm", "within the limits of normal", "bland", "ordinary"),
    *("of normal appearance", "of regular aspect", "of normal morphology", "as usual", "age-adequate"),
    *("appropriate for age", "corresponding to age", "within normal range"),
)
LEVELS = {
    "L1-L2 {}": ("L1-L2",),
    "At L1-L2 {}.": ("L1-L2",),
    "L1-L2: {}.": ("L1-L2",),
    "Segment L1/2 {}.": ("L1-L2",),
    "Th12-L1 and L1-L2 {}.": ("T12-L1", "L1-L2"),
    "L1-L2, L2-L3: {}.": ("L1-L2", "L2-L3"),
}
LEVELS_ARE = {"L1/2 is {}.": ("L1-L2",), "The levels Th12/L1 and L1/L2 are {}.": ("T12-L1", "L1-L2")}
STRUCTURES = {
    "spinal canal": ("SCS",),
    "neural foramina": ("RFS", "LFS"),
    "spinal canal and foramina": SPACES,
    "lateral recesses": ("RRS", "LRS"),
    "left foramen": ("LFS",),
}
FORMS = (
    *("L3-4: Disc bulge. The {name} {said}.", "L3-4: Disc bulge. {name}: {said}.", "At L3-4 {name} {said}."),
    "At L3-4, disc bulge, {name} {said}.",
)
DISC = (
    *("disc heights are natural", "disc height is preserved", "discs of normal height", "regular discs"),
    *("no hernia was observed", "no disc hernia", "discs without visible changes", "disc inconspicuous"),
    *("no disc herniation or protrusion", "disc heights are natural, no hernia was observed"),
    *("disc heights are natural and no hernia was observed", "bulging of disc up to 3 mm", "disc normal"),
    *("disc lowered and dehydrated", "vertebral heights are natural", "disc shows no hernia"),
    *("no signal change of the end plates", "ligamenta flava of normal thickness", "annular bulging"),
)
SPACES_SAID = {
    "spinal canal and neural foramina are open": dict.fromkeys(SPACES, 0),
    "spinal canal and intervertebral foramina not narrowed": dict.fromkeys(SPACES, 0),
    "spinal canal and foramina of correct width": dict.fromkeys(SPACES, 0),
    "the spinal canal is of normal width": {"SCS": 0},
    "spinal canal normally wide, neuroforamina free on both sides": dict.fromkeys(SPACES, 0),
    "spinal canal and bilateral neural foramina are of natural width": dict.fromkeys(SPACES, 0),
    "spinal canal and recesses free": dict.fromkeys(("SCS", "RRS", "LRS"), 0),
    "no stenosis of the canal, foramina free": dict.fromkeys(SPACES, 0),
    "spinal canal open, left foramen mildly narrowed": {"SCS": 0, "LFS": 1},
}
HEADS = {
    "At the level of L1-2 and L2-3, {}.": ("L1-L2", "L2-L3"),
    "On the level Th12/L1 and L1/L2 {}.": ("T12-L1", "L1-L2"),
    "L1/2: {}.": ("L1-L2",),
    "In the segments L1/2 and L2/3 {}.": ("L1-L2", "L2-L3"),
}


REST = ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5")
SEVERE = "L5-S1: Severe canal, foraminal and recess stenosis on both sides.\n\n"
ELSEWHERE = (
    *("at the other levels", "in the remaining segments", "on the other levels", "in all other segments"),
    *("in the whole lumbar spine", "over the whole lumbar spine", "in the rest of the segments", "elsewhere"),
)


@pytest.mark.parametrize("words", [*WITHOUT, *NOTHING, *CALLED])
def test_level_called_normal(words: str) -> None:
    forms = LEVELS if words in NOTHING else LEVELS | LEVELS_ARE
    for form, levels in forms.items():
        text = form.format(words)
        assert graded(text) == {(level, code): 0 for level in levels for code in ALL}, text


@pytest.mark.parametrize("words", [*WITHOUT, *NOTHING, *CALLED, "conserved", "respected"])
def test_structure_called_normal(words: str) -> None:
    for name, codes in STRUCTURES.items():
        for form in FORMS:
            text = form.format(name=name, said=words)
            assert graded(text) == {("L3-L4", code): 0 for code in codes}, text


@pytest.mark.parametrize("disc", DISC)
def test_list_of_clauses_under_a_level(disc: str) -> None:
    for said, cells in SPACES_SAID.items():
        for head, levels in HEADS.items():
            for join in (", ", "; ", ", and "):
                text = head.format(disc + join + said)
                expected = {(level, code): grade for level in levels for code, grade in cells.items()}
                assert graded(text) == expected, text


@pytest.mark.parametrize("noun", ["vertebral heights are", "the cage is", "contours of the ligament are"])
def test_noun_that_is_not_known_is_no_level(noun: str) -> None:
    assert not graded(f"L4-5: {noun} normal.")
    assert not graded(f"At L4-5 {noun} normal.")


@pytest.mark.parametrize("words", [*WITHOUT, *CALLED])
def test_other_levels_called_normal(words: str) -> None:
    if words == "free":
        return
    rest = {(level, code): 0 for level in REST for code in ALL}
    for named in ("The other levels", "The remaining segments", "The rest of the levels"):
        for form in ("{} {}.", "{}: {}.", "{} are {}."):
            text = "L5-S1: Mild canal stenosis.\n\n" + form.format(named, words)
            assert graded(text) == rest | {("L5-S1", "SCS"): 1}, text


@pytest.mark.parametrize("where", ELSEWHERE)
def test_structures_called_normal_elsewhere(where: str) -> None:
    for name, codes in STRUCTURES.items():
        if len(codes) > 1 or codes == ("SCS",):
            for words in ("of regular width", "natural", "without remark", "normally wide", "free"):
                text = f"{SEVERE}The {name} {words} {where}."
                found = {cell: grade for cell, grade in graded(text).items() if cell[0] != "L5-S1"}
                assert found == {(level, code): 0 for level in REST for code in codes}, text
