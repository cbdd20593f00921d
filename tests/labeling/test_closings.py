"""How a report closes: ways to name the levels not described, crossed with ways to call them normal.

No annotation is needed, because what a crossed sentence means is known from its parts. Most of what unseen
reports lost stood in such sentences: one that is not read leaves up to forty cells empty.
"""

from __future__ import annotations

import pytest

from labeling.labeler import label_text
from lexicons.vocabulary import LEVELS

FINDINGS = ("SCS", "RFS", "LFS", "RRS", "LRS", "RFA", "LFA")
ALL = tuple(map(str, LEVELS))
REST = tuple(level for level in ALL if level != "L4-L5")
SPACES = ("SCS", "RFS", "LFS")

ONE = {"L1-2", "The L1-2 level", "The level above", "The level below", "Every other level"}
NAMED = {
    "L1-2": ALL[1:2],
    "The L1-2 level": ALL[1:2],
    "L1-2 and L2-3": ALL[1:3],
    "The L1-2 and L2-3 interspaces": ALL[1:3],
    "L1-2 through L3-4": ALL[1:4],
    "Levels T12-L1 to L2-3": ALL[:3],
    "The levels above L4-5": ALL[:4],
    "The level above": ALL[3:4],
    "The level below": ALL[5:],
    **dict.fromkeys(
        ("The remaining levels", "Other levels", "All other levels", "All remaining levels"), REST
    ),
    **dict.fromkeys(("Remaining lumbar levels", "The other lumbar levels", "The other segments"), REST),
    **dict.fromkeys(
        ("The rest of the levels", "The remainder of the lumbar levels", "Every other level"), REST
    ),
    **dict.fromkeys(("The remaining disc levels", "The remaining imaged levels", "The others"), REST),
    **dict.fromkeys(("The rest of the intervertebral disc levels", "All the other lumbar disc levels"), REST),
    **dict.fromkeys(("The remaining intervertebral disc levels", "Other vertebral levels"), REST),
    **dict.fromkeys(("All other intervertebral levels", "The remainder of the disc space levels"), REST),
}
NORMAL = (
    *("are normal", "appear normal", "are entirely normal", "are unremarkable", "look normal"),
    *(
        "are also unremarkable",
        "are within normal limits",
        "are essentially normal",
        "are normal in appearance",
    ),
    *(
        "have a normal appearance",
        "show no abnormality",
        "show no significant abnormality",
        "are not remarkable",
    ),
    *("are without abnormality", "are without significant findings", "have no abnormality", "are negative"),
    *(
        "do not show any abnormality",
        "show nothing of note",
        "are free of abnormality",
        "are free of disease",
    ),
    *("are without alterations", "reveal no pathology", "are normal for age", "were normal", "remain normal"),
    *(
        "continue to be normal",
        "are again normal",
        "are likewise normal",
        "are normal as well",
        "are regular",
    ),
    *("are normal on today's study", "are unremarkable on MRI", "are normal for this patient"),
)
OPEN = (
    *("show no stenosis", "show no canal or foraminal stenosis", "have no stenosis", "are without stenosis"),
    *("are free of stenosis", "do not show canal or foraminal stenosis", "have a patent canal and foramina"),
    *(
        "show patent canal and foramina",
        "exhibit neither canal nor foraminal stenosis",
        "do not have stenosis",
    ),
    *("show no significant stenosis", "present no stenosis of the canal or the foramina"),
    *("demonstrate a normal canal and foramina", "have a normal canal with patent foramina"),
    *("show no narrowing of the canal or foramina", "show no evidence of canal or foraminal stenosis"),
)
VERBS = {"are": "is", "were": "was", "have": "has", "do": "does"}

EVERYWHERE = (
    *("at all levels", "throughout", "at every level", "at each level", "throughout the lumbar spine"),
    *("at all lumbar levels", "at all imaged levels", "at all of the levels", "in the lumbar spine"),
    *("at all levels imaged", "at all disc levels", "from T12-L1 through L5-S1", "from T12 to S1"),
    *("along its whole length", "across all levels", "in the entire lumbar spine"),
)
ELSEWHERE = (
    *(
        "at the remaining levels",
        "elsewhere",
        "at the other levels",
        "at all other levels",
        "at other levels",
    ),
    *("at all remaining levels", "in the remainder of the lumbar spine", "in the rest of the lumbar spine"),
    *("at every other level", "at the rest of the levels", "at each of the remaining levels"),
    *("at the other segments", "at all the other levels", "elsewhere in the lumbar spine"),
)
SAID = {
    **dict.fromkeys(("The canal is patent", "There is no canal stenosis", "Canal adequate"), ("SCS",)),
    **dict.fromkeys(("The foramina are patent", "No foraminal stenosis is seen"), ("RFS", "LFS")),
    **dict.fromkeys(("The canal and foramina are patent", "No canal or foraminal stenosis"), SPACES),
    **dict.fromkeys(("Neither canal nor foraminal stenosis is present", "Normal canal and foramina"), SPACES),
    "The spinal canal is normal in caliber": ("SCS",),
    "Lateral recesses are clear": ("RRS", "LRS"),
    "Facet joints are normal": ("RFA", "LFA"),
    "Canal, recesses and foramina are patent": ("SCS", "RRS", "LRS", "RFS", "LFS"),
}


def normal_cells(text: str, but: str = "") -> set[tuple[str, str]]:
    """The cells called normal; any other one fails."""
    grades = [grade for grade in label_text(text).grades if str(grade.level) != but]
    assert all(grade.interval.high == 0 for grade in grades), text
    return {(str(grade.level), grade.code) for grade in grades}


def agreeing(predicate: str, named: str) -> str:
    """The predicate in the number of its subject."""
    verb, _, rest = predicate.partition(" ")
    return f"{VERBS.get(verb, verb + 's')} {rest}" if named in ONE else predicate


@pytest.mark.parametrize("predicate", NORMAL)
def test_levels_called_normal(predicate: str) -> None:
    for named, levels in NAMED.items():
        text = f"L4-5: moderate canal stenosis. {named} {agreeing(predicate, named)}."
        assert normal_cells(text, "L4-L5") == {(level, code) for level in levels for code in FINDINGS}, text


@pytest.mark.parametrize("predicate", OPEN)
def test_levels_with_no_stenosis(predicate: str) -> None:
    for named, levels in NAMED.items():
        text = f"L4-5: moderate canal stenosis. {named} {agreeing(predicate, named)}."
        assert normal_cells(text, "L4-L5") == {(level, code) for level in levels for code in SPACES}, text


@pytest.mark.parametrize("where", [*EVERYWHERE, *ELSEWHERE])
def test_structures_called_normal_at_many_levels(where: str) -> None:
    levels = REST if where in ELSEWHERE else ALL
    described = (
        "L4-5: Severe canal, foraminal and recess stenosis on both sides; moderate facet arthropathy.\n\n"
    )
    for said, codes in SAID.items():
        expected = {(level, code) for level in levels for code in codes if level != "L4-L5"}
        for text in (f"{said} {where}.", f"{where[0].upper()}{where[1:]}, {said[0].lower()}{said[1:]}."):
            assert normal_cells(described + text, "L4-L5") == expected, text


OF_WHOLE = (
    "normal",
    "unremarkable",
    "age appropriate",
    "normal for age",
    "okay",
    "fine",
    "regular",
    "nad",
    "wnl",
)
"""Words that call a level normal as a whole."""
ALONE = (
    *OF_WHOLE,
    "within normal limits",
    "intact",
    "satisfactory",
    "adequate",
    "patent",
    "of normal appearance",
)


def test_otherwise_is_of_the_block_and_not_of_the_whole_study() -> None:
    for word in ALONE:
        for otherwise in (f"Otherwise {word}.", f"Otherwise, {word}."):
            text = f"Small protrusion, L3-4, touching the left L4 root. {otherwise}"
            assert normal_cells(text, "L4-L5") == set(), text
            text = f"The canal is mildly narrowed at L4-5. {otherwise}"
            assert normal_cells(text, "L4-L5") == set(), text
    for word in OF_WHOLE:
        assert (
            normal_cells(f"MRI showed mild stenosis at L4-5 but was otherwise {word}.", "L4-L5") == set()
        ), word
        rest = {("L3-L4", code): 0 for code in FINDINGS} | {("L3-L4", "SCS"): 1}
        for said in (
            f"stenosis. Otherwise {word}.",
            f"stenosis, otherwise {word}.",
            f"stenosis; {word} otherwise.",
        ):
            text = f"L3-4: Bulge with mild canal {said}"
            assert {(str(one.level), one.code): one.grade for one in label_text(text).grades} == rest, text
