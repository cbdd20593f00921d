"""An impression that names no side x findings that do: it sums up, and finds nothing on the other side."""

from __future__ import annotations

import pytest

from labeling.labeler import label_text

FOUND = {
    "RS": ("The {side} lateral recess is {grade}ly narrowed", "{grade} {side} subarticular stenosis"),
    "FS": ("The {side} neural foramen is {grade}ly narrowed", "{grade} {side} foraminal stenosis"),
    "FA": ("{grade} {side} facet arthropathy",),
}
SUMMED_UP = {
    "RS": ("Lateral recess stenosis at L4-5", "{grade} lateral recess stenosis L4-5"),
    "FS": ("Disc protrusion at L4-5 with foraminal stenosis", "L4-5: {grade} foraminal narrowing"),
    "FA": ("Facet arthropathy at L4-5", "{grade} facet arthropathy L4-5"),
}
GRADES = {"mild": 1, "moderate": 2, "severe": 3}


@pytest.mark.parametrize("finding", FOUND)
def test_side_is_that_of_the_findings(finding: str) -> None:
    for found in FOUND[finding]:
        for summed_up in SUMMED_UP[finding]:
            for grade, rank in GRADES.items():
                for side in ("left", "right"):
                    text = f"L4-5: Disc bulge. {found}.\n\nImpression: {summed_up}.".format(
                        side=side, grade=grade
                    )
                    grades = label_text(text).grades
                    assert [(one.code, one.grade) for one in grades] == [(side[0].upper() + finding, rank)]


@pytest.mark.parametrize("finding", FOUND)
def test_impression_of_both_sides_stands(finding: str) -> None:
    for summed_up in SUMMED_UP[finding]:
        text = f"L4-5: Disc bulge.\n\nImpression: {summed_up.format(grade='severe')}."
        assert {one.code for one in label_text(text).grades} == {f"R{finding}", f"L{finding}"}


def test_impression_with_a_lesion_on_the_other_side_stands() -> None:
    text = (
        "L5-S1: Mild lateral recess stenosis on the right.\n\n"
        "Impression: Protrusion at L5-S1, on the left, causing lateral recess stenosis."
    )
    assert {one.code for one in label_text(text).grades} == {"RRS", "LRS"}
