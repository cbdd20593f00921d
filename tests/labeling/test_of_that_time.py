"""Sentences of an earlier time, and what the next one says of today."""

from __future__ import annotations

from itertools import product

from graded import Cells, graded, misread

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
READER = (
    *(
        "The accompanying report",
        "The outside radiologist",
        "The submitted interpretation",
        "The body of the report",
    ),
    *("The outside report, dictated in May,", "The original report (Dr. Ames)", "The preliminary reading"),
)
TELLS = ("describes", "states that there is", "lists", "mentions", "had described", "concludes that there is")
EARLIER = (
    *("Her scan of 2017 had shown", "As you know her scan of 2017 had shown", "Last year's scan showed"),
    *("You may recall that her first MRI demonstrated", "The baseline MRI revealed", "The old films showed"),
    *(
        "Comparison is made with the MRI of 2019, when there was",
        "Compared with the study of 2019, which showed",
    ),
    *("The study is compared with that of 2019, on which there was", "His previous MRI had demonstrated"),
)
FORMERLY = (
    *("there was a large extrusion at L4-5, with severe canal stenosis", "L4-5 had severe canal stenosis"),
    *(
        "she had a fragment at L4-5 causing severe canal stenosis",
        "the L4-5 disc was out, the canal severely narrow",
    ),
)
MILD = {("L4-L5", "SCS"): 1}


def test_what_was_then_is_not_today_and_names_what_the_next_sentence_is_of() -> None:
    then = [f"{when} {said}." for when, said in product(WHEN, SAID)] + [f"{said}." for said in OTHERWISE]
    assert misread((text, {}) for text in then) == []
    assert misread((f"{text} {now}", MILD) for text, now in product(then, TODAY)) == []


def test_what_that_study_showed_is_of_its_time() -> None:
    earlier = [f"{compared} {showed}" for compared, showed in product(COMPARED, THAT_STUDY)]
    assert misread((text, {}) for text in earlier) == []
    today = " There is now mild canal stenosis at L4-5."
    assert misread((text + today, MILD) for text in earlier) == []


def test_what_a_study_showed_that_is_compared_with_none_counts() -> None:
    assert graded("MRI was performed. That study showed severe canal stenosis at L4-5.") == {
        ("L4-L5", "SCS"): 3
    }


def test_what_another_report_tells_is_not_of_this_one() -> None:
    said = ("severe stenosis at L4-5", "severe canal stenosis at L4-5 and mild canal stenosis at L3-4")
    told = [f"{reader} {tells} {what}." for reader, tells, what in product(READER, TELLS, said)]
    told += [f"{earlier} {what}." for earlier, what in product(EARLIER, said)]
    told += [f"{when} {was}." for when, was in product(("Previously", "Formerly,", "Initially"), FORMERLY)]
    assert misread((text, {}) for text in told) == []
    today = " At L4-5 there is mild canal stenosis."
    assert misread((text + today, MILD) for text in told) == []


def test_what_another_report_missed_is_of_this_one() -> None:
    for missed in ("overlooked the", "failed to mention the", "does not mention the", "should read"):
        text = f"The outside report {missed} severe canal stenosis at L4-5."
        assert graded(text) == {("L4-L5", "SCS"): 3}, text
    text = "On the last MRI L4-5 stenosis was severe, it is now mild, with mild left foraminal stenosis."
    assert graded(text) == MILD | {("L4-L5", "LFS"): 1}


NOT_AGREED = (
    *("I disagree that there is severe", "I cannot agree that there is severe", "I dispute the severe"),
    *(
        "I am not convinced that there is severe",
        "I cannot confirm the severe",
        "I would not call this severe",
    ),
)


def test_what_is_not_agreed_with_is_no_finding() -> None:
    for said, stenosis in product(NOT_AGREED, ("stenosis", "central canal stenosis")):
        text = f"L5-S1: Disc bulge. {said} {stenosis}. The canal is normal."
        assert graded(text)["L5-S1", "SCS"] == 0, text


def test_what_has_changed_is_what_it_has_become() -> None:
    nouns = ("progression", "an interval worsening", "deterioration", "aggravation", "increase")
    said = [f", {noun} from mild to severe" for noun in nouns] + [" (progression from mild to severe)"]
    verbs = ("has increased", "has progressed", "is worse")
    now = ("must now be called", "has to be called", "now ranks as", "should now be called")
    said += [f" {verb} and {become} severe" for verb, become in product(verbs, now)]
    texts = [f"L3-4: The canal stenosis{what}." for what in said]
    assert misread((text, {("L3-L4", "SCS"): 3}) for text in texts) == []
    still = ("has not budged from mild", "has not changed from mild", "is unchanged from mild")
    texts = [f"The left L5-S1 foramen {what}." for what in still]
    arrows = ("->", "-->", "=>")
    texts += [f"Foraminal stenosis, left L5-S1: severe {arrow} mild, improved." for arrow in arrows]
    assert misread((text, {("L5-S1", "LFS"): 1}) for text in texts) == []


def test_a_doubt_within_what_was_told_says_no_more() -> None:
    doubts = (", could well be severe", " and possibly severe", "; maybe severe", " (perhaps severe)")
    told = ("canal at least moderately narrowed", "at least moderate canal stenosis")
    for narrow, doubt in product(told, doubts):
        text = f"L4-5: {narrow}{doubt}."
        assert graded(text) == {("L4-L5", "SCS"): 2}, text


def test_an_addendum_above_its_report_quotes_it() -> None:
    quoted = "Addendum: The body of the report lists mild left foraminal stenosis at L4-5."
    quoted += " On a closer look it is severe."
    report = "MRI LUMBAR SPINE\n\nL4-5: Mild left foraminal stenosis."
    assert graded(f"{quoted}\n\n{report}")["L4-L5", "LFS"] == 3


FIRST = (
    ("The canal is moderately narrowed at L4-5", 2),
    ("Canal stenosis: mild at L4-5", 1),
    ("The canal is mild at L4-5", 1),
)
ONCE = ("", ", previously normal,", " (previously normal)", ", which was formerly mild,", ", patent in 2019,")
NOW = ("is now severe", "is severe", "has become severe", "is now severely narrowed", "now is severe")


def test_a_level_with_a_verb_of_its_own_ends_the_list() -> None:
    notes = []
    for (first, grade), joint, once, now in product(FIRST, (" and ", ", and "), ONCE, NOW):
        cells = {("L4-L5", "SCS"): grade, ("L2-L3", "SCS"): 3}
        notes.append((f"{first}{joint}L2-3{once} {now}.", cells))
    assert misread(notes) == []


def test_a_list_that_a_change_is_of_is_not_parted() -> None:
    both = {("L3-L4", "SCS"): 1, ("L4-L5", "SCS"): 1}
    notes = [
        "The canal which was severe at L3-4 and L4-5 is now mild.",
        "The canal stenosis that was severe at L3-4 and L4-5 is now mild.",
        "Severe canal stenosis at L3-4 and L4-5 has improved to mild.",
        "Previously severe canal stenosis at L3-4 and L4-5 is now mild.",
    ]
    assert misread((note, both) for note in notes) == []


CALLED = ("has been described as", "was described as", "had been reported as", "has been called")
BUT_IS = (" and is ", ", but is ", "; it is ", " but appears ", ", whereas it is now ", ". It is ")


def test_the_grade_of_today_counts_beside_what_it_was_called() -> None:
    subjects = ("The canal at L4-5", "At L4-5 the canal", "L4-5: the canal")
    grades = ("severely stenotic", "severe", "markedly narrowed")
    said = product(subjects, CALLED, grades, BUT_IS, ("moderately narrowed", "moderate"))
    notes = [f"{subject} {called} {grade}{but}{now}." for subject, called, grade, but, now in said]
    assert misread((note, {("L4-L5", "SCS"): 2}) for note in notes) == []


def test_an_earlier_time_set_apart_beside_its_verb() -> None:
    notes: list[tuple[str, Cells]] = []
    times = ("initially", "originally", "to begin with", "formerly", "in 2019", "before surgery")
    for time, (old, new, grade) in product(
        times, (("severely narrowed", "mildly narrowed", 1), ("moderately stenotic", "patent", 0))
    ):
        now: Cells = {("L3-L4", "SCS"): grade}
        for was in (f"was, {time}, {old}", f"was {old}, {time}", f"was ({time}) {old}"):
            notes += [
                (f"The canal at L3-4 {was}.", {}),
                (f"L3-4: The canal {was}; it is {new} now.", now),
                (f"L3-4: The canal {was} but is now {new}.", now),
                (f"L3-4: The canal {was}. It is {new} now.", now),
            ]
        notes.append((f"L3-4: The canal, {time} {old}, is now {new}.", now))
    assert misread(notes) == []
