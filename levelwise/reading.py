"""Reports from wherever the user points: how archives are read, one report, what was set aside."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labeling.issues import InputError, Issue
from labeling.report import Report
from labeling.sources import Columns, Reading, read_reports
from labeling.sources.columns import FIELDS


def columns_of(named: Sequence[str] = (), dates: str | None = None, **given: str | None) -> Columns:
    """The columns that ``field=name`` and the options of a command name; `InputError` for anything else.

    Names of the text joined by ``+`` are several columns.
    """
    found: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    for one in named:
        name, sign, column = one.partition("=")
        if name.strip() not in FIELDS or not sign or not column:
            message = f"expected field=column, with a field of {', '.join(FIELDS)}; got {one!r}."
            raise InputError(
                Issue("column", "unknown-field", message, "Write as in --column date=Befunddatum.")
            )
        found[name.strip()] = column
    if "text" in found:
        found["text"] = tuple(found["text"].split("+"))
    return Columns(**found, day_first=None if dates is None else dates == "day-first")


@dataclass(slots=True)
class Archive:
    """The reports of `source`, and the issues met on the way, as they are read."""

    source: Path
    columns: Columns
    language: str
    issues: list[Issue] = field(default_factory=list)
    _reading: Reading | None = None

    def expected(self) -> int | None:
        """About how many reports and issues there will be in all; None before some of them are read."""
        return None if self._reading is None else self._reading.expected()

    def __iter__(self) -> Iterator[Report]:
        self._reading = read_reports(self.source, self.columns, language=self.language)
        for item in self._reading:
            if isinstance(item, Report):
                yield item
            else:
                self.issues.append(item)

    def first_issue(self) -> str:
        """Why rows were set aside, in words: the first reason and the number of others."""
        others = f" (and {len(self.issues) - 1:,} more)" if len(self.issues) > 1 else ""
        return f"{self.issues[0]}{others}" if self.issues else "Name another file."


def read_json(path: Path) -> dict[str, Any]:
    """The object that a JSON file holds; `InputError` for any other file."""
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    message = "expected a JSON file with one object; got another."
    raise InputError(Issue(str(path), "broken-json", message, "Name another file."))


def one_report(source: Path, report_id: str | None, language: str, columns: Columns | None = None) -> Report:
    """The report of that id in `source`, the first one when no id is given; ``-`` reads standard input.

    `InputError` when there is no such report, with the reason why rows of the archive were set aside.
    """
    if str(source) == "-":
        return Report("standard input", sys.stdin.read(), language=language)
    archive, others, zeros = Archive(source, columns or Columns(), language), 0, False
    for report in archive:
        if report_id in {None, report.id}:
            return report
        others += 1
        zeros = zeros or report.id.lstrip("0") == (report_id or "").lstrip("0")
    what = "a report" if report_id is None else "a report of that id"
    got = f"got {others:,} others" if others else "none could be read"
    cure = archive.first_issue() if archive.issues else "Check --id against the ids in the archive."
    if zeros:
        cure = "One differs in its leading zeros alone: an id is text, so write them too."
    raise InputError(Issue(str(source), "no-report", f"expected {what}; {got}.", cure))
