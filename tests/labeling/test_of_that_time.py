"""Sentences of an earlier time, and what the next one says of today."""

from __future__ import annotations

from itertools import product

from graded import graded

WHEN = (
    *("On the study of 3/2019", "On last year's examination", "On the scan from 2018", "On her last MRI"),
    *("At presentation", "When last imaged", "As of 2018", "Earlier this year", "By comparison, in 2019"),
    *("On the earlier images", "On the exam of last year", "In the spring of 2018", "Before surgery"),
)
SAID = (
    *("there was severe canal stenosis at L4-5", "the canal was severely narrowed at L4-5"),
    *("canal stenosis at L4-5 was severe", "the L4-5 canal was severely narrowed"),
)
OTHERWISE = (
    *(
        "Previously the canal was severely narrowed at L4-5",
        "Formerly there was severe canal stenosis at L4-5",
    ),
    *("Severe canal stenosis at L4-5 was reported in 2019", "Formerly the L4-5 canal was severely narrowed"),
    "Severe canal stenosis at L4-5 was seen on the previous examination",
)
TODAY = (
    *(
        "It is now mild.",
        "Today it is mild.",
        "On the present study it is mild.",
        "There is now mild stenosis.",
    ),
    *("This has improved and is mild.", "The canal stenosis at L4-5 is now mild."),
)
COMPARED = (
    *("Comparison is made with the MRI of 2019.", "The previous study has been reviewed."),
    *("An outside MRI of 2018 is available for comparison.", "I compared the images with those of 2019."),
)
THAT_STUDY = (
    *("That study showed severe canal stenosis at L4-5.", "It showed severe canal stenosis at L4-5."),
    *(
        "On those images the canal at L4-5 was severely narrowed.",
        "There, severe canal stenosis was seen at L4-5.",
    ),
    "That MRI had shown severe stenosis of the canal at L4-5.",
)
MILD = {("L4-L5", "SCS"): 1}


def test_what_was_then_is_not_today_and_names_what_the_next_sentence_is_of() -> None:
    then = [f"{when} {said}." for when, said in product(WHEN, SAID)] + [f"{said}." for said in OTHERWISE]
    assert [text for text in then if graded(text)] == []
    assert [f"{text} {now}" for text, now in product(then, TODAY) if graded(f"{text} {now}") != MILD] == []


def test_what_that_study_showed_is_of_its_time() -> None:
    earlier = [f"{compared} {showed}" for compared, showed in product(COMPARED, THAT_STUDY)]
    assert [text for text in earlier if graded(text)] == []
    today = " There is now mild canal stenosis at L4-5."
    assert [text for text in earlier if graded(text + today) != MILD] == []


def test_what_a_study_showed_that_is_compared_with_none_counts() -> None:
    assert graded("MRI was performed. That study showed severe canal stenosis at L4-5.") == {
        ("L4-L5", "SCS"): 3
    }
