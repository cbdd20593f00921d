"""Which of several reports of one study stands: the newest final one, and the addenda that came after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

DRAFT, OTHER_REGION, ADDENDUM = "draft", "other_region", "addendum"
"""Flags of a report that decide whether it stands."""

_Report = TypeVar("_Report")


class Standing(NamedTuple):
    """What decides on a report: its date, None where the source does not say; its flags; its id."""

    date: dt.date | None
    flags: frozenset[str]
    id: str

    @property
    def age(self) -> tuple[dt.date, bool, str]:
        """A report without a date is the oldest, an addendum without one the newest."""
        adds = ADDENDUM in self.flags
        return self.date or (dt.date.max if adds else dt.date.min), adds, self.id


def choose_standing(
    reports: Iterable[_Report], about: Callable[[_Report], Standing]
) -> tuple[list[_Report], list[_Report]]:
    """The reports of one study that stand, in order of time, and those that they replace.

    The first that stands is the newest that is no addendum; the others are addenda to it. Where a study has
    addenda alone, the first stands for the report. Drafts are for the caller to leave out.
    """
    ordered = sorted(reports, key=lambda report: about(report).age)
    newest = max(
        (place for place, report in enumerate(ordered) if ADDENDUM not in about(report).flags), default=0
    )
    return ordered[newest:], ordered[:newest]
