"""Who has the last word x how that is headed x what is corrected: an addendum wins over the report above it.

What it only repeats, with no grade, leaves the report as it is; a whole second report replaces the first.
"""

from __future__ import annotations

import pytest
from graded import graded

from labeling.labeler import label_text

FINDINGS = (
    "L3-4: Mild canal stenosis. Foramina patent.\n"
    "L4-5: Moderate canal stenosis. Mild narrowing of both foramina.\n"
    "L5-S1: No canal stenosis. Moderate bilateral foraminal narrowing.\n\n"
    "Impression: Canal stenosis at L4-5.\n\n"
)
REPORT = f"MRI LUMBAR SPINE\n\n{FINDINGS}"
SAID = {
    ("L3-L4", "SCS"): 1,
    ("L3-L4", "RFS"): 0,
    ("L3-L4", "LFS"): 0,
    ("L4-L5", "SCS"): 2,
    ("L4-L5", "RFS"): 1,
    ("L4-L5", "LFS"): 1,
    ("L5-S1", "SCS"): 0,
    ("L5-S1", "RFS"): 2,
    ("L5-S1", "LFS"): 2,
}
HEADINGS = (
    *("Addendum", "Consultant addendum", "Senior addendum", "Addendum by the consultant", "Addendum #2"),
    *("Supervisor's addendum", "Neuroradiology addendum", "Report addendum", "Staff radiologist addendum"),
    *("Consultant's comment", "Consultant review", "Attending read", "Attending's comments", "Attending"),
    *("Final, attending", "Attending final", "Final read", "Final attending read", "Consultant radiologist"),
    *("Attending over-read", "Overread by attending", "Second look", "Second reading", "Second opinion"),
    *("Double reading", "Re-read", "Discrepancies", "Discrepancies with the preliminary report", "Revision"),
    *("Amendments", "Corrections", "Correction to the report", "Corrected", "Peer review", "MDT review"),
    *("Changes to the preliminary report", "Final report (attending)", "Comment of the attending", "P.S."),
    *("Teaching physician note", "Consultant verification", "Reviewed at neuroradiology meeting"),
)
FORMS = (
    *("{head}: {said}", "{head}\n{said}", "{head}\n\n{said}", "** {capitals} **\n{said}"),
    *(
        "{capitals}: {said}",
        "{head} - {said}",
        "{head} (12.03.2021, 14:30): {said}",
        "{head}, Dr. Smith: {said}",
    ),
)
CORRECTED = {
    "The L4/5 canal stenosis is severe.": {("L4-L5", "SCS"): 3},
    "Images reviewed with the trainee. The left L4-5 foramen is moderately narrowed.": {("L4-L5", "LFS"): 2},
    "Agree with the fracture. At L5-S1 the left foramen is severely narrowed.": {("L5-S1", "LFS"): 3},
    "(1) L4-L5 canal narrowing is mild only. (2) L5-S1 canal narrowing is mild.": {
        ("L4-L5", "SCS"): 1,
        ("L5-S1", "SCS"): 1,
    },
}
REWORDED = (
    *("{} is in my opinion {grade}", "{} is {grade} rather than moderate", "{} is not moderate but {grade}"),
    *("{} should read {grade}", "{} should have been graded {grade}", "{} is changed to {grade}"),
    *("{} was described as moderate but is {grade}", "I would call {} {grade}", "I regard {} as {grade}"),
    *("agree, but {} is {grade}", "{} is {grade}, with no CSF visible between the roots"),
    *("{} has been changed from moderate to {grade}", "{}, described as moderate, is {grade}"),
    *("{} described as moderate is in fact {grade}", "{}, called moderate above, is {grade}"),
)
REPEATED = (
    "The L4-5 canal stenosis is unchanged from 2019.",
    "I agree that there is canal stenosis at L4-5 and foraminal narrowing at L5-S1.",
    "The canal stenosis at L4-5 was discussed with Dr. Smith by telephone.",
    "The foraminal narrowing at L5-S1 may explain the symptoms.",
    "There is spinal stenosis at L4-5 which explains the claudication.",
)


@pytest.mark.parametrize("head", HEADINGS)
def test_addendum_wins(head: str) -> None:
    for form in FORMS:
        for said, corrected in CORRECTED.items():
            text = REPORT + form.format(head=head, capitals=head.upper(), said=said)
            assert graded(text) == SAID | corrected, text


@pytest.mark.parametrize("said", REWORDED)
def test_correction_in_words(said: str) -> None:
    for name in ("the L4-5 canal stenosis", "the canal stenosis at L4/5"):
        for grade, rank in {"mild": 1, "severe": 3}.items():
            for head in ("Addendum: ", "Discrepancies: (1) "):
                text = f"{REPORT}{head}{said.format(name, grade=grade)}."
                assert graded(text) == SAID | {("L4-L5", "SCS"): rank}, text


@pytest.mark.parametrize("said", REPEATED)
def test_addendum_without_grade_keeps_that_of_the_report(said: str) -> None:
    for head in ("Addendum: ", "** FINAL, ATTENDING **\n", "Peer review: ", "Attestation: "):
        assert graded(REPORT + head + said) == SAID


@pytest.mark.parametrize("above", ["ADDENDUM: {}\n\n", "ADDENDUM\n\n{}\n\n", "AMENDED REPORT. {}\n\n"])
def test_addendum_above_its_report(above: str) -> None:
    for title in ("MRI LUMBAR SPINE\n\n", "EXAM: MRI LUMBAR SPINE\n\nFINDINGS:\n"):
        text = above.format("The L4-5 canal stenosis is mild.") + title + FINDINGS
        assert graded(text) == SAID | {("L4-L5", "SCS"): 1}


@pytest.mark.parametrize("head", ["** FINAL, ATTENDING **\n", "FINAL REPORT\n\n", "Final read:\n"])
def test_second_report_replaces_the_first(head: str) -> None:
    again = FINDINGS.replace("Moderate canal", "Mild canal").replace("Moderate bi", "Severe bi")
    changed = {("L4-L5", "SCS"): 1, ("L5-S1", "RFS"): 3, ("L5-S1", "LFS"): 3}
    for begun in ("", "FINDINGS:\n"):
        text = f"PRELIMINARY REPORT\n{begun}{FINDINGS}{head}{begun}{again}"
        assert graded(text) == SAID | changed


def test_name_of_the_attending_is_no_addendum() -> None:
    text = f"Attending: Dr. Smith\n\n{REPORT}Consultant: Dr. Jones\n"
    assert "addendum" not in label_text(text).flags
    assert graded(text) == SAID


WRONG = (
    *(
        "The L4-5 canal was entered in error.",
        "The canal at L4-5 is wrong.",
        "At L4-5 the canal was misread.",
    ),
    *("The entry for the canal at L4-5 is incorrect.", "Table entry for the L4-5 canal was put in wrongly."),
    *("The grade of the canal at L4-5 was reported in error.", "The L4-5 canal is not what I meant to say."),
)
RIGHT = ("It should read", "This should be", "It is in fact", "The correct grade is", "It should have read")
OF_THE_REPORT = ("report", "table", "text of the report", "dictation", "entries", "study", "document")
STANDS = ("correct", "fine", "OK", "accurate", "good", "not affected", "otherwise correct", "unchanged")


@pytest.mark.parametrize("wrong", WRONG)
def test_what_was_wrong_is_what_is_put_right(wrong: str) -> None:
    above = "MRI LUMBAR SPINE\n\nL4-5: Severe canal stenosis. Mild facet arthropathy.\n{}Addendum: "
    for last in ("", "L5-S1: Canal patent. Severe facet arthropathy.\n"):
        said = graded(above.format(last))
        for right in RIGHT:
            text = f"{above.format(last)}{wrong} {right} moderate."
            assert graded(text) == said | {("L4-L5", "SCS"): 2}, text


def test_rest_of_the_report_is_no_level() -> None:
    for noun in OF_THE_REPORT:
        for stands in STANDS:
            verb = "are" if noun.endswith("ies") else "is"
            for rest in ("The rest of the", "Remainder of the", "The balance of the", "Otherwise the"):
                text = f"{REPORT}Addendum: {rest} {noun} {verb} {stands}."
                assert graded(text) == SAID, text
    for rest in ("The remaining entries are correct.", "The rest stands."):
        assert graded(f"{REPORT}Addendum: {rest}") == SAID, rest


ASKED = (
    "The surgeon has called to ask about the left {level} recess, which was left out.",
    "I was asked about the left {level} recess.",
    "The left recess at {level} was not described.",
    "By request the left {level} recess was reviewed.",
    "Attention is drawn to the left recess of {level}.",
)
TOLD = ("It is moderately narrowed.", "There is moderate narrowing.", "The stenosis there is moderate.")


def test_what_is_only_named_is_what_the_next_sentence_is_about() -> None:
    wrong = []
    for asked in ASKED:
        for told in TOLD:
            text = f"L5-S1: No canal stenosis.\nAddendum: {asked.format(level='L5-S1')} {told}"
            found = {(grade.code, grade.grade) for grade in label_text(text).grades}
            if found != {("SCS", 0), ("LRS", 2)}:
                wrong.append(text)
    assert not wrong
