"""The pen that writes one synthetic report and keeps the gold of every cell that it puts into words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from levelwise.sample.truth import StudyTruth
from levelwise.sample.words import ADJECTIVES, ADVERBS, expand
from lexicons.findings import CODES, CORE_CODES
from lexicons.vocabulary import LEVELS, Level

NOTATIONS = ("L4-L5", "L4-5", "L4/5", "L4/L5")


class Pen:
    """Draws words from one generator, reads grades from one truth and marks what it has said.

    `cells` maps level and code to the gold value of the words: ``"0"`` to ``"3"``, ``P`` (affirmed, no
    grade), ``N`` (only "no severe" said), with a ``?`` after an uncertain one. `doubt` is the share of
    clauses that hedge; `notation` is how the report writes L4-L5; `thoracic` is T or D for the twelfth
    thoracic vertebra. `avoid` holds the cells that no impression may repeat.
    """

    def __init__(
        self, truth: StudyTruth, rng: np.random.Generator, *, notation: str | None = None, doubt: float = 0.0
    ) -> None:
        self.truth = truth
        self.rng = rng
        self.doubt = doubt
        self.notation = notation or self.pick(NOTATIONS)
        self.thoracic = "T"
        self.cells: dict[Level, dict[str, str]] = {}
        self.avoid: set[tuple[Level, str]] = set()

    def pick(self, options: Sequence[str]) -> str:
        """One of `options`."""
        return options[int(self.rng.integers(len(options)))]

    def chance(self, share: float) -> bool:
        """True in `share` of the draws."""
        return bool(self.rng.random() < share)

    def say(self, grammar: str, **slots: str) -> str:
        """One sentence of a grammar, with its slots filled."""
        return expand(self.rng, grammar, **slots)

    def sentence(self, grammar: str, **slots: str) -> str:
        """The same with a capital letter in front and a full stop behind."""
        return close(self.say(grammar, **slots))

    def grade(self, level: Level, code: str) -> int:
        """The true grade of a cell."""
        return self.truth.grade(level, code)

    def adjective(self, grade: int) -> str:
        """A word for grade 1..3 that stands before a noun."""
        return self.say(ADJECTIVES[grade])

    def adverb(self, grade: int) -> str:
        """A word for grade 1..3 that stands before "narrowed"."""
        return self.say(ADVERBS[grade])

    def level(self, level: Level) -> str:
        """The level in the report's own notation."""
        upper, lower = level.upper.replace("T", self.thoracic), level.lower
        joint = "/" if "/" in self.notation else "-"
        short = self.notation in ("L4-5", "L4/5") and upper[0] == lower[0]
        return f"{upper}{joint}{lower[1:] if short else lower}"

    def mark(self, level: Level, *codes: str, value: str | None = None) -> None:
        """Note that the words say `value` (None: the true grade) of these cells; the first word stands."""
        row = self.cells.setdefault(level, {})
        for code in codes:
            row.setdefault(code, str(self.grade(level, code)) if value is None else value)

    def normal(self, level: Level) -> bool:
        """Whether every finding of the level is normal."""
        return not any(self.grade(level, code) for code in CODES)

    def core_normal(self, level: Level) -> bool:
        """Whether canal and foramina of the level are normal."""
        return not any(self.grade(level, code) for code in CORE_CODES)

    def levels_from_top(self, share_without_first: float = 0.4) -> tuple[Level, ...]:
        """The levels that this report goes through: all six, or without T12-L1, which many readers skip."""
        return LEVELS[1:] if self.chance(share_without_first) else LEVELS

    def listed(self, levels: Sequence[Level]) -> str:
        """``L2-3, L3-4 and L4-5``."""
        return enumerate_words([self.level(level) for level in levels])

    def spanned(self, levels: Sequence[Level]) -> str:
        """Neighbouring levels as a range (``L1-2 through L3-4``, ``L1 to L4``) or as a list."""
        first, last = levels[0], levels[-1]
        if len(levels) < 3 or len(levels) != last - first + 1 or self.chance(0.4):
            return self.listed(levels)
        return self.say(
            "{<first> through <last>|<first> to <last>|<upper> through <lower>}",
            first=self.level(first),
            last=self.level(last),
            upper=first.upper.replace("T", self.thoracic),
            lower=last.lower,
        )


def close(text: str) -> str:
    """`text` as a sentence: a capital letter in front, a full stop behind."""
    return text[:1].upper() + text[1:] + "."


def enumerate_words(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
