"""The words that a form lets choose from, and the key before them."""

from __future__ import annotations

import re
from collections.abc import Callable

from lexicons.lexicon import Lexicon
from lexicons.patterns import any_of

_KEY = re.compile(r"(?<![A-Za-z])[A-Za-z][A-Za-z ,/()-]{0,60}:[ \t]*$")
_LONGEST_KEY = 80


class Options:
    """The steps of the scale in one language, from none to severe, as expressions.

    `known` is false where the lexicon has no words for them. `keys` tells words that begin something new, and
    so are no part of an option: "[ ] severe NF right [x] mild".
    """

    def __init__(self, lexicon: Lexicon, speech: Callable[[str], str]) -> None:
        said = [lexicon.words("tables", step) for step in ("0", "1", "2", "3")]
        self.known = all(said)
        self.between = (*said[1], *said[2])
        zero = [*said[0], *lexicon.words("tables", "none"), *lexicon.words("tables", "normal")]
        self.none, self.mild, self.moderate, self.severe = (
            any_of(sorted(words, reverse=True)) for words in (zero, *said[1:])
        )
        self.graded = rf"(?:{self.mild}|{self.moderate}|{self.severe})"
        one = rf"(?:{self.none}|{self.graded})"
        self.one = rf"{one}(?: ?(?:-|{any_of(lexicon.words('tables', 'to'))}) ?{self.graded})?(?![A-Za-z])"
        self.answer = re.compile(
            rf"\s*(?:(?P<scale>{self.one})|{any_of(lexicon.words('tables', 'yes'))}(?![a-z]))", re.IGNORECASE
        )
        """An option that begins a label."""
        self.last = re.compile(rf"(?<![A-Za-z]){self.one}\s*$", re.IGNORECASE)
        self._speech = speech

    def is_step(self, label: str) -> bool:
        """Whether `label` is a step of the scale and nothing else."""
        found = self.answer.match(label)
        return found is not None and found["scale"] is not None and not label[found.end() :].strip(" \t,.;")

    def keys(self, words: str) -> bool:
        """Whether `words` name a structure, a side or a level."""
        return ":" in words or bool(set("sflr") & set(self._speech(words.strip().lower()[:_LONGEST_KEY])))


def key_before(text: str, at: int) -> int:
    """Where the key that ends at offset `at` begins, behind its level; `at` where there is none."""
    found = _KEY.search(text, max(at - _LONGEST_KEY, text.rfind("\n", 0, at) + 1), at)
    return found.start() if found else at
