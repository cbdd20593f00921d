"""What a text says of each cell, for the tests that compare whole reports."""

from __future__ import annotations

from labeling.labeler import label_text

Cells = dict[tuple[str, str], int | None]
"""The grade of each cell by level and code, ``("L4-L5", "SCS")``; `None` where the words allow several."""


def graded(text: str) -> Cells:
    """The grade of every cell of `text`."""
    return {(str(one.level), one.code): one.grade for one in label_text(text).grades}


def graded_core(text: str) -> Cells:
    """The same for the canal and the foramina alone."""
    return {(str(one.level), one.code): one.grade for one in label_text(text).grades if one.finding.core}
