"""Asides x the places where they interrupt: what says nothing of a cell changes none."""

from __future__ import annotations

from itertools import product

import pytest
from graded import Cells, misread

from labeling.labeler import label_text

CLAUSES = (
    "where the L4 root is flattened",
    "where there is a shallow bulge",
    "where a synovial cyst of 9 mm arises from the facet joint",
    "where the disc has collapsed",
    "where a fragment has migrated upwards",
    "where bony spurs meet the bulge",
    "which flattens the thecal sac",
    "which contacts the root",
    "owing to a bulge and thick ligaments",
    "because of short pedicles",
    "on account of the slip",
    "secondary to a large extrusion",
    "caused by a synovial cyst",
    "from a broad-based protrusion",
    "with contact of the descending root",
    "in part because of epidural fat",
    "as expected at this age",
    "as on the last study",
    "best seen on image 9",
)
NAMES = ("the level of the slip", "the apex of the curve", "the root being displaced", "mostly by disc")
BRACKETS = ("(image 9 of series 4)", "(bulge and thick ligament)", "(with a 9 mm synovial cyst)")
ASIDES = (
    *(f", {words}," for words in (*CLAUSES, *NAMES)),
    *(f" {words}" for words in BRACKETS),
    " - owing to the slip -",
)
PLACES = {
    "Canal stenosis is mild at L3-4{} and severe at L4-5.": "L3-4 SCS 1, L4-5 SCS 3",
    "Canal stenosis is mild at L3-4{} and L4-5.": "L3-4 SCS 1, L4-5 SCS 1",
    "The canal is mildly narrowed at L2-3{} and L3-4 and severely at L4-5.": (
        "L2-3 SCS 1, L3-4 SCS 1, L4-5 SCS 3"
    ),
    "The foramina at L3-4{} and L4-5 are patent.": "L3-4 RFS 0, L3-4 LFS 0, L4-5 RFS 0, L4-5 LFS 0",
    "There is severe canal stenosis at L3-4{} and the foramina are patent.": (
        "L3-4 SCS 3, L3-4 RFS 0, L3-4 LFS 0"
    ),
    "Mild facet arthropathy at L3-4{} and L4-5 on both sides.": (
        "L3-4 RFA 1, L3-4 LFA 1, L4-5 RFA 1, L4-5 LFA 1"
    ),
    "At L4-5 the canal{} is severely narrowed.": "L4-5 SCS 3",
    "At L4-5 the canal is{} severely narrowed.": "L4-5 SCS 3",
    "At L4-5 the right foramen{} is patent and the left is{} mildly narrowed.": "L4-5 RFS 0, L4-5 LFS 1",
}
"""Where an aside may stand, and the cells of the sentence without it."""
BEHIND_NOUNS = {
    "There is mild canal stenosis at L3-4 and severe canal stenosis{} at L4-5.": "L3-4 SCS 1, L4-5 SCS 3",
    "L4-5: Canal stenosis{} mild.": "L4-5 SCS 1",
    "L4-5: Foraminal narrowing{} which is moderate.": "L4-5 RFS 2, L4-5 LFS 2",
}
"""The same behind the noun of a narrowing, where a bare name would be one more finding."""


def cells(text: str) -> str:
    """The grades of `text` in the form of this file, as in ``L4-5 SCS 3``."""
    grades = label_text(text).grades
    return ", ".join(f"{str(g.level).replace('-L', '-')} {g.code} {g.grade}" for g in grades)


@pytest.mark.parametrize("place", PLACES)
def test_an_aside_changes_no_cell(place: str) -> None:
    texts = [place.format(*[aside] * place.count("{}")) for aside in ASIDES]
    assert [text for text in texts if cells(text) != PLACES[place]] == []


@pytest.mark.parametrize("place", BEHIND_NOUNS)
def test_an_aside_behind_a_narrowing_changes_no_cell(place: str) -> None:
    texts = [place.format(f", {words},") for words in CLAUSES]
    assert [text for text in texts if cells(text) != BEHIND_NOUNS[place]] == []


def test_a_cause_that_is_a_finding_is_told_as_well() -> None:
    text = "Canal stenosis is mild at L3-4, due to a bulge and facet hypertrophy, and severe at L4-5."
    assert cells(text) == "L3-4 SCS 1, L3-4 RFA None, L3-4 LFA None, L4-5 SCS 3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Canal stenosis is mild at L3-4, where the root is flattened, and L4-5 is normal.", "L4-5 SCS 0"),
        ("L3-4: canal stenosis, mild; L4-5, bulge, mild, and patent foramina.", "L4-5 RFS 0"),
        ("At L4-5, the canal (AP 9 mm) is severely narrowed.", "L4-5 SCS 3"),
    ],
)
def test_what_is_no_aside_is_read(text: str, said: str) -> None:
    assert said in cells(text)


def test_what_comes_with_one_grade_of_a_list_does_not_end_it() -> None:
    beside = (
        *("with contact of the exiting root", "with flattening of the left L3 root", "by a foraminal spur"),
        *(
            "owing to a bulge",
            ", with the ganglion deformed",
            "with effacement of the fat",
            "as a result of a slip",
        ),
    )
    joined = (", and L4-5 mildly.", " and L4-5 mildly.", "; L4-5 mildly so.", ", L4-5 is mildly narrowed.")
    keys = ("The left foramina: ", "On the left the foramina are narrow: ")
    wanted: Cells = {("L2-L3", "LFS"): 2, ("L3-L4", "LFS"): 3, ("L4-L5", "LFS"): 1}
    said = product(keys, beside, joined)
    told = [
        f"{key}L2-3 is moderately narrowed, L3-4 severely {aside}{last}".replace(" ,", ",")
        for key, aside, last in said
    ]
    assert misread((text, wanted) for text in told) == []


def test_what_an_aside_denies_is_denied_no_further() -> None:
    wanted: Cells = {("L3-L4", "SCS"): 3, ("L4-L5", "SCS"): 1}
    asides = ("(no fracture)", "(no disc herniation)", "(without slip)", "(no definite bone lesion)")
    first = (
        "Severe stenosis at L3-4 {}",
        "L3-4: severe spinal stenosis {}",
        "Spinal stenosis at L3-4, severe {}",
    )
    last = (" and mild at L4-5.", ", mild at L4-5.", ", L4-5 mild.")
    told = [one.format(aside) + other for one, aside, other in product(first, asides, last)]
    assert misread((text, wanted) for text in told) == []
