"""What was found before x the times it is said of: no grade of an earlier time is one of today."""

from __future__ import annotations

import pytest

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
