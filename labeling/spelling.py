"""Typos in load-bearing long words: bounded edit distance, and only for words that nothing else explains."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

from lexicons.lexicon import Lexicon

_WORD = re.compile(r"(?<![a-z])(?=([a-z]+(?:['-][a-z]+)*))")
"""Every word that the scanner may stop at because it does not know it: a phrase may end before a hyphen."""

_VOWEL = re.compile(r"[aeiou]")


class Speller:
    """Mends words of seven letters or more that are one edit from a listed word, two from ten letters on.

    Of six letters and less, which may be another word, those with two neighbours swapped ("patnet", "letf")
    or a letter twice ("reccess"), and those one letter missing from seven ("cental"). A listed word of six
    letters has few neighbours: any edit is mended that leaves five or six of them ("sevre", "patint").

    One of four letters and more that leaves out the vowels of a single listed word stands for it ("lvls").

    Two listed words that no blank parts are parted ("canalstenosis"), and one that a blank parts is made
    whole ("lateral re cesses"), unless one of its halves is a word.

    A word that the lexicon knows is never touched, the first letter must be right, and a word that two
    different corrections fit equally well is left alone.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._phrases = lexicon.phrases
        self._words = f" {' '.join(lexicon.phrases).replace('-', ' ')} "
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        self._listed = frozenset(lexicon.spellings)
        for word in lexicon.spellings:
            self._by_letter[word[0]].append(word)
        self._keys: dict[str, list[str]] = defaultdict(list)
        for word in self._listed:
            self._keys[_VOWEL.sub("", word)].append(word)
        whole = [word for word in self._listed if len(word) > 5]
        self._halves = {
            half for word in whole for i in range(2, len(word) - 1) for half in (word[:i], word[i:])
        }
        self._seen: dict[str, str | None] = {}

    def is_half(self, word: str) -> bool:
        """Whether `word` begins or ends a listed word."""
        return word in self._halves

    def whole(self, first: str, second: str) -> str:
        """The listed word that a blank parts into two, empty if there is none: "re cesses"."""
        return word if len(word := first + second) > 5 and word in self._listed else ""

    def correct(self, word: str) -> str | None:
        """The word that `word` is a typo of, or `None`."""
        if len(word) < 4:
            return None
        if word not in self._seen:
            if len(self._seen) > 100_000:
                self._seen.clear()
            self._seen[word] = self._correction(word)
        return self._seen[word]

    def corrections(self, text: str) -> list[str]:
        """What the words of a lower-case `text` that are typos stand for."""
        words = _WORD.findall(text)
        wholes = [self.whole(*pair) for pair in pairwise(words) if self._halves.issuperset(pair)]
        return [*filter(None, wholes), *filter(None, map(self.correct, words))]

    def forget(self) -> None:
        """Drops the words that were looked at before."""
        self._seen.clear()

    def _correction(self, word: str) -> str | None:
        near = None if word in self._phrases else self._nearest(word)
        # One long text is searched for the few words that look like a typo, not for every word.
        return None if near is None or f" {word} " in self._words else near

    def _slip(self, word: str) -> str | None:
        near = [other for other in self._by_letter[word[0]] if _is_slip(word, other)]
        return near[0] if len(near) == 1 else None

    def _apart(self, word: str) -> str | None:
        """The two words that `word` is, which no blank parts: "canalstenosis"."""
        begun = ((one, word[len(one) :]) for one in self._by_letter[word[0]] if word.startswith(one))
        return next((f"{one} {rest}" for one, rest in begun if rest in self._listed), None)

    def _nearest(self, word: str) -> str | None:
        if len(meant := self._keys.get(word, [])) == 1:
            return meant[0]
        if len(word) <= 6:
            return self._slip(word)
        limit = 1 if len(word) < 10 else 2
        distances = [
            (distance(word, other, limit), other)
            for other in self._by_letter[word[0]]
            if abs(len(other) - len(word)) <= limit
        ]
        near = sorted(pair for pair in distances if pair[0] <= limit)
        if not near or (len(near) > 1 and near[0][0] == near[1][0]):
            return self._apart(word)
        return near[0][1]


def _is_slip(word: str, other: str) -> bool:
    """Whether the short `word` is `other` with one slip that makes no other word of it."""
    if sorted(set(word)) == sorted(set(other)) and len(word) in {len(other), len(other) + 1}:
        return distance(word, other, 1) == 1  # neighbours swapped, a letter twice
    edited = len(word) > 4 and (len(other) == 6 or len(word) < len(other) == 7)
    return edited and distance(word, other, 1) == 1


def distance(first: str, second: str, limit: int) -> int:
    """Edits (insert, delete, replace, swap neighbours) between two words; any number above `limit`."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, sign in enumerate(first, 1):
        new = [i]
        for j, other in enumerate(second, 1):
            cost = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (sign != other))
            if i > 1 and j > 1 and sign == second[j - 2] and first[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            new.append(cost)
        if min(new) > limit:
            return limit + 1
        before, row = row, new
    return row[-1]
