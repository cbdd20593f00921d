"""One report from wherever the user points: a text file, an archive, standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from labeling.issues import InputError, Issue
from labeling.report import Report
from labeling.sources import read_reports


def one_report(source: Path, report_id: str | None, language: str) -> Report:
    """The report of that id in `source`, the first one when no id is given; ``-`` reads standard input.

    `InputError` when there is no such report.
    """
    if str(source) == "-":
        return Report("standard input", sys.stdin.read(), language=language)
    for item in read_reports(source, language=language):
        if isinstance(item, Report) and report_id in {None, item.id}:
            return item
    what = "a report" if report_id is None else "a report of that id"
    raise InputError(
        Issue(str(source), "no-report", f"expected {what}; found none.", "Name another file or --id.")
    )
