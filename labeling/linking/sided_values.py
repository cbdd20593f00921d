"""Values read one word after another, each with the side that belongs to it."""

from __future__ import annotations

from labeling.linking.drafts import Value, negate
from lexicons.meanings import Meaning
from lexicons.vocabulary import Side


class SidedValues:
    """Reads values and their sides; `open` while the last value may still take a side or another word."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self.open = False
        self.negation: int | None = None
        self._side: tuple[int, tuple[Side, ...]] | None = None

    def grade(self, at: int, words: Meaning, scale: bool) -> None:
        """Reads the grade at tag `at`, as a value of its own or as more of the last one."""
        if self.open:
            last = self.values[-1]
            if words.phrase == "ungraded" and not scale:
                last.tags.append(at)  # "mild to a lesser extent": the grade word says it
                return
            if last.phrase == "ungraded":
                last.low, last.high, last.phrase = words.low, words.high, words.phrase
                last.tags.append(at)
                return
            if not scale and last.scale:  # "Schizas A3 (mild)": the word says it
                last.low, last.high, last.phrase, last.scale = words.low, words.high, words.phrase, False
            elif not scale:
                last.low, last.high = min(last.low, words.low), max(last.high, words.high)
            if not scale or last.scale:
                last.tags.append(at)
            return
        value = Value(words.low, words.high, words.phrase, [at], scale=scale)
        if self._side is not None:
            value.tags.append(self._side[0])
            value.sides = self._side[1]
        if self.negation is not None:
            value.negated = True
            value.tags.append(self.negation)
            negate(value)
        self.values.append(value)
        self._side, self.negation, self.open = None, None, True

    def side(self, at: int, sides: tuple[Side, ...]) -> None:
        """Reads the side at tag `at`: of the last value, of a denial, or of the value that follows."""
        if self.open and not self.values[-1].sides:
            self.values[-1].sides = sides
            self.values[-1].tags.append(at)
            self.open = False
        elif self.negation is not None:
            self.values.append(Value(0, 0, "", [self.negation, at], sides, negated=True))
            self.negation = None
        else:
            self._side = (at, sides)
