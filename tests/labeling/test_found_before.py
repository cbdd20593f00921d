"""What was found before x the times it is said of: no grade of an earlier time is one of today."""

from __future__ import annotations

from itertools import product

import pytest
from graded import Cells, misread

from labeling.labeler import label_text

FOUND = (
    "severe canal stenosis at L4-5 {when}",
    "there was severe canal stenosis at L4-5 {when}",
    "the canal was severely narrowed at L4-5 {when}",
    "at L4-5 there was severe canal stenosis {when}",
    "at L4-5 the canal was severely narrowed {when}",
    "L4-5: severe canal stenosis {when}",
    "L4-5: {when}, severe canal stenosis",
    "L4-5: {when} the canal was severely narrowed",
    "severe canal stenosis {when} at L4-5",
    "{when}, there was severe canal stenosis at L4-5",
    "{when} there was severe canal stenosis at L4-5",
    "{when} the canal was severely narrowed at L4-5",
    "canal stenosis was severe at L4-5 {when}",
    "canal stenosis at L4-5 was severe {when}",
    "severe canal stenosis was seen at L4-5 {when}",
    "severe canal stenosis had been present at L4-5 {when}",
)
WHEN = (
    "in 2019",
    "in 2019 and 2021",
    "in March 2019",
    "in 9/2020",
    "on the 2019 MRI",
    "on the prior study",
    "on the prior MRI",
    "on prior exam",
    "on the previous examination",
    "on the earlier scan",
    "on the outside study",
    "on the comparison study",
    "on the preoperative MRI",
    "at the last examination",
    "at the time of the last study",
    "at baseline",
    "preoperatively",
    "before surgery",
    "before the operation",
    "prior to surgery",
    "two years ago",
    "a year ago",
    "last year",
    "in the past",
)
TODAY = ("", ". It is mild today", ". The canal is now mildly narrowed", ", now mild")


@pytest.mark.parametrize("when", WHEN)
def test_earlier_grade_is_none_of_today(when: str) -> None:
    texts = [f"{found.format(when=when)}{today}." for found in FOUND for today in TODAY]
    severe = [
        text
        for text in (text[0].upper() + text[1:] for text in texts)
        if any(grade.interval.low > 1 for grade in label_text(text).grades)
    ]
    assert not severe


NOW = (
    ("The lateral recesses are {value}, right and left", "they were", "they had been"),
    ("The lateral recesses are {value} on both sides", "they were", "they had been"),
    ("Both lateral recesses are {value} by bone", "they were", "they had been"),
)
WAS = (
    ", where {when} {it} {was}",
    ", where {it} {was} {when}",
    ", whereas {when} {it} {was}",
    ", whereas {had} {was}",
    ", having been {was} {when}",
    ", but {when} {it} {was}",
    ", though {it} {was} {when}",
    ", which {when} were {was}",
    "; {when} {it} {was}",
    "; {it} {was} {when}",
    ", as against {was} {when}",
)
FORMER = ("obliterated", "effaced", "moderately narrowed", "patent")
AS_THEN = ("as {when}", "just as {when}", "much as {when}", "as it was {when}", "as was the case {when}")


def _recesses(text: str) -> set[tuple[str, int | None]]:
    return {(grade.code, grade.grade) for grade in label_text(text).grades}


def test_what_was_changes_nothing_of_what_is() -> None:
    cases = {
        f"L4-5: {now.format(value=value)}{form.format(when=when, it=it, had=had, was=was)}.": grade
        for value, grade in (("mildly narrowed", 1), ("patent", 0), ("narrowed", None))
        for now, it, had in NOW
        for at, form in enumerate(WAS)
        for was in FORMER
        for when in (WHEN[(at + len(was)) % len(WHEN)],)
    }
    assert not [text for text, grade in cases.items() if _recesses(text) != {("RRS", grade), ("LRS", grade)}]


def test_what_is_as_it_was_is() -> None:
    texts = [
        text
        for at, when in enumerate(WHEN)
        for then in (AS_THEN[at % len(AS_THEN)].format(when=when),)
        for text in (
            f"L4-5: The left recess is mildly narrowed {then}, the right moderately.",
            f"L4-5: Left recess mildly narrowed, {then}; right recess moderately narrowed.",
        )
    ]
    assert not [text for text in texts if _recesses(text) != {("RRS", 2), ("LRS", 1)}]


RELIEVED = ("has been relieved", "has been corrected by surgery", "is gone since surgery", "no longer exists")
SEEN = (
    "",
    "of 2020 ",
    "of the preoperative study ",
    "seen in 2020 ",
    "noted previously ",
    "present before surgery ",
)


def test_what_is_relieved_is_no_more() -> None:
    texts = [
        f"L4-5: The severe left recess stenosis {seen}{relieved}{then}."
        for seen in SEEN
        for relieved in RELIEVED
        for then in ("", ", and there is no recurrent recess stenosis on the left")
    ]
    assert not [text for text in texts if _recesses(text) != {("LRS", 0)}]


def test_a_grade_that_one_side_had_is_of_neither_now() -> None:
    changes = (
        "unchanged on the left and increased from mild on the right",
        "increased from mild on the right and unchanged on the left",
        "stable on the left but up from mild on the right",
        "not changed on the left, increased from mild on the right",
        "new on the left and decreased from severe on the right",
    )
    texts = [
        f"L4-5: {said}, {change}."
        for change in changes
        for said in ("Recess stenosis moderate bilaterally", "Moderate bilateral recess narrowing")
    ]
    assert not [text for text in texts if _recesses(text) != {("RRS", 2), ("LRS", 2)}]


STUDIES = ("MRI ({})", "MRI {}", "MRI of {}", "Lumbar MRI ({})", "CT (03/{})", "In {}", "{}")
OLDER = ("L4-5 severe stenosis", "severe canal stenosis at L4-5", "moderate left foraminal stenosis at L3-4")
BEGINS = (" RESULT: ", " FINDINGS: ", "\n\nFINDINGS:\n")


def test_older_studies_before_the_findings() -> None:
    wrong = []
    for study, older, begins, sign in product(STUDIES, OLDER, BEGINS, (": ", " - ", " showed ")):
        told = [f"{study.format(year)}{sign}{older}." for year in (2015, 2019)]
        for history in (told[0], " ".join(told)):
            text = f"{history}{begins}L4-5 mild canal stenosis."
            grades = [str(grade) for grade in label_text(text).grades]
            if grades != ["L4-L5 SCS mild (stated)"]:
                wrong.append((text, grades))
    assert wrong == []


def test_the_study_itself_has_its_day_or_no_summary_by_levels() -> None:
    texts = (
        "MRI lumbar spine 12.03.2019: L3-4 mild canal stenosis. RESULT: no disc prolapse.",
        "MRI 2019: L3-4 mild canal stenosis. Bottom line: no operation.",
    )
    for text in texts:
        assert [str(grade) for grade in label_text(text).grades] == ["L3-L4 SCS mild (stated)"]


OF_YEARS = (
    ("{y} MRI: {s}.", True),
    ("MRI {y}: {s}.", True),
    ("MRI of {y}: {s}.", True),
    ("{y}: {s}.", True),
    ("MRI ({y}): {s}.", True),
    ("Lumbar MRI, May {y}, showed {s}.", True),
    ("IMAGING: MRI {y}: {s}.", False),
)


def test_of_studies_of_several_years_the_last_one_counts() -> None:
    notes: list[tuple[str, Cells]] = []
    for (form, again), joint, (first, last) in product(
        OF_YEARS, (" ", "\n", " The foramina are patent. "), (("2011", "2018"), ("2018", "2011"))
    ):
        old = form.format(y=first, s="moderate canal stenosis at L3-4")
        new = (form if again else "MRI {y}: {s}.").format(y=last, s="severe canal stenosis at L3-4")
        graded: Cells = {("L3-L4", "SCS"): 3 if last > first else 2}
        if "foramina" in joint and first > last:
            graded |= {("L3-L4", code): 0 for code in ("RFS", "LFS")}
        notes.append((f"{old}{joint}{new}", graded))
    assert misread(notes) == []
