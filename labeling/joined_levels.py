"""Levels that a letter joins, as some write "and": "L3/4 n L4/5: bulges".

The same letter calls a level normal in a terse list ("L3-4 n, L4-5 mild"): it joins only where no grade
comes behind the last level, or a place leads to the first.
"""

from __future__ import annotations

import re

from lexicons.lexicon import Lexicon
from lexicons.patterns import any_of

_LEVEL = r"(?:[ltd] ?)?\d\d? ?[-/] ?[ls]? ?\d"
_LETTER = re.compile(r"(?i)(?<=\d )n(?= [ltd\d])")


class JoinedLevels:
    """Finds such levels with the words of one language."""

    def __init__(self, lexicon: Lexicon) -> None:
        at = any_of(lexicon.words("levels", "at"))
        self._lists = re.compile(
            rf"(?i)(?P<at>\b{at} )?\b{_LEVEL}(?: n {_LEVEL}){{1,5}}\b"
            r"(?: ?(?P<key>[:&,] ?)?(?P<next>[a-z][a-z/]*))?"
        )
        self._grades = frozenset(
            phrase.partition(" ")[0] for phrase, rule in lexicon.phrases.items() if rule.file == "grades"
        )

    def plain(self, text: str) -> str:
        """`text` with an "&" for each letter that joins levels."""
        return self._lists.sub(self._joined, text)

    def _joined(self, levels: re.Match[str]) -> str:
        if levels["at"] or (levels["key"] or "").startswith(":") or self._tells(levels["next"]):
            return _LETTER.sub("&", levels[0])
        return levels[0]

    def _tells(self, word: str | None) -> bool:
        """Whether a word that is no grade goes on behind the levels."""
        return word is not None and word.lower() not in self._grades
