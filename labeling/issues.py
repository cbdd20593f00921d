"""Data problems as values: collected, shown together, written to a quarantine table; never raised.

Code errors raise. Bad input costs one row here with its reason and its cure, and the run goes on.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that was wrong with the input.

    `where` is a path as the user gave it, with a row, field or key after it: ``reports.csv > row 12 > text``.
    It never holds words of a report or of a header. `reason` is a stable kebab-case code for counting,
    `message` says what was expected and got, `cure` what to do.
    """

    where: str
    reason: str
    message: str
    cure: str
    severity: str = "error"

    def __str__(self) -> str:
        return f"{self.where}: {self.message} {self.cure}"


class InputError(Exception):
    """Input that a stage cannot start or go on with: the command ends with the issue and exit code 2.

    Everything that concerns one file, row or study is an `Issue` in the quarantine table instead.
    """

    def __init__(self, issue: Issue) -> None:
        super().__init__(str(issue))
        self.issue = issue

    def __reduce__(self) -> tuple[type[InputError], tuple[Issue]]:
        return type(self), (self.issue,)  # worker processes send it; an exception sends its text alone
