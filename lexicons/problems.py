"""What is wrong with the files of a lexicon, in words."""

from __future__ import annotations

from collections.abc import Iterable


class LexiconError(ValueError):
    """What is wrong with a lexicon; one line per problem, each with its file, rule and field."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))
