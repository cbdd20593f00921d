"""Signs that a dictation spells out: "mild canal stenosis period" ends as a sentence does.

A report counts as dictated when it says two stops that are no nouns; "the postoperative period" is one. Then
every sign in words is read as the sign, and in no other report any. Levels may be spoken without letters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from labeling.glossary import Glossary
from labeling.heard_levels import HeardLevels
from labeling.joined_levels import JoinedLevels
from labeling.normalise import (
    OTHER_LENGTH,
    Folded,
    lines_of_commas,
    plain_headings,
    plain_signs,
    shorten,
)
from labeling.questions import Questions
from lexicons.lexicon import Lexicon
from lexicons.patterns import any_of

_SIGNS = {
    **{"stop": ".", "comma": ",", "semicolon": ";", "colon": ":", "line": "\n", "paragraph": "\n\n"},
    **{"dash": "-", "slash": "/", "open": "(", "close": ")"},
}
_BARE_PAIRS = (" 3-4", " 4-5", " 5-1", "\n4-5", "\n5-1", "5, S1")
_SPOKEN_LEVEL = {"": "L", ",": "-"}
_NO_WORDS: Mapping[str, str] = {}
_LUMBAR = re.compile(r"(?i)\bl[ -]?[1-5]|\bl-?s?[ /-]?spine|lumb")
_CERVICAL = re.compile(r"(?i)\bc[ -]?[2-7](?!\d)|cervic")
_PLACES = {
    "organ after": r"\b{word}[ \t]+{colon}(?![a-z])",
    "organ before": r"{colon} {word}\b",
    "noun after": r"\b{word}[ \t]+{stop}(?![a-z])",
    "noun after ending": r"{word}[ \t]+{stop}(?![a-z])",
    "noun before": r"{stop} {word}\b",
    "unit": r"\d-\d {word}(?![a-z])",
}


_QUOTED = r'{word}:?[ \t\n]+"(?=[^"\n]{{2,200}}(?:\n[^"\n]{{1,200}}){{0,2}}")'
"""What stands in quotes behind such a word is told, and no earlier report: should read "mild stenosis"."""


class Dictation:
    """Folds reports, in the language of one lexicon: the one door by which a report is read."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = {means: lexicon.words("dictation", means) for means in (*_SIGNS, *_PLACES, "told")}
        self._written = {word: sign for means, sign in _SIGNS.items() for word in self._words[means]}
        means = ("at", "article", "and", "to", "level", "disc", "verb", "clause")
        self._nouns = {sign: any_of(self._words[sign]) for sign in ("stop", "colon")}
        self._levels = {word: lexicon.words("levels", word) for word in means}
        self._heard_levels = HeardLevels(lexicon)
        self._joined_levels = JoinedLevels(lexicon)
        self._questions = Questions(lexicon)
        self._glossary = Glossary(lexicon)
        self._phrases = lexicon.phrases
        self._hints = tuple(
            form for stop in self._words["stop"] for form in (stop, stop.capitalize(), stop.upper())
        )

    def fold(self, text: str) -> Folded:
        """`text` with every sign in its plain form, also one in words; upper and lower case kept."""
        plain = plain_headings(lines_of_commas(plain_signs(text)))
        if "?" in plain:
            plain = self._questions.plain(plain)
        if " n " in plain:
            plain = self._joined_levels.plain(plain)
        if '"' in plain:
            plain = self._told.sub(lambda match: f"{match[0][:-1]} ", plain)
        pattern, words = None, _NO_WORDS
        if self._is_dictated(plain):
            pattern, words = self._spoken, self._written
        elif self._lacks_letters(plain):
            pattern, words = self._bare, _SPOKEN_LEVEL
        elif "=" in plain:
            plain, short, words = self._glossary.find(plain)
            pattern = re.compile(f"{short}|{OTHER_LENGTH.pattern}") if short else None
        if levels := self._heard_levels.in_text(plain):
            pattern = re.compile(f"{self._heard_levels.pattern}|{(pattern or OTHER_LENGTH).pattern}")
            words = {**words, **levels}
        return shorten(plain, pattern, words, self._are_two)

    def heard(self, text: str) -> list[str]:
        """The words of the lexicon that count in `text`: signs, or else what makes a stop a noun."""
        plain = plain_signs(text)
        if self._is_dictated(plain):
            found = (match[0].strip(" \t.").lower() for match in self._spoken.finditer(plain))
            return [word for word in found if word in self._written]
        lower = plain.lower()
        told = [match[0].split('"')[0].strip(" :\t\n") for match in self._told.finditer(lower)]
        told += self._heard_levels.words_in(plain)
        return told + [
            word
            for means, place in _PLACES.items()
            for word in self._words[means]
            if re.search(place.format(word=re.escape(word), **self._nouns), lower)
        ]

    def _is_dictated(self, text: str) -> bool:
        for hint in self._hints:  # most reports need no more than these looks
            if hint in text:
                return len(self._sure_stop.findall(text)) > 1
        return False

    @staticmethod
    def _lacks_letters(text: str) -> bool:
        """Whether a lumbar report has discs as they are spoken: "moderate at 4-5 and 5-1", "at L5, S1"."""
        if not any(pair in text for pair in _BARE_PAIRS):
            return False
        return _LUMBAR.search(text) is not None and _CERVICAL.search(text) is None

    def _are_two(self, first: str, second: str) -> bool:
        """Whether the halves of a word are words of their own, and no word together: "right", "sided"."""
        known = self._known
        return first in known and second in known and first + second not in known

    @cached_property
    def _known(self) -> frozenset[str]:
        """Every word of the lexicon; few reports have a word that a line end parts."""
        return frozenset(re.findall("[a-z]+", " ".join(self._phrases)))

    @cached_property
    def _bare(self) -> re.Pattern[str]:
        """The place before a disc without its letter, the comma within a disc; and what is shortened.

        Both are told by the words around them: "at 4-5 there", "the L5, S1 disc".
        """
        words = self._levels
        before = [word for means in ("at", "article", "and", "to", "level") for word in words[means]]
        places = [rf"(?<=\b{re.escape(word)} )" for word in before] + [r"(?<=[,;:.(] )", r"(?<=[(\n])", r"\A"]
        units = any_of(self._words["unit"])
        pair = rf"(?:1-2|2-3|3-4|4-5|5-1|5-s1)(?![\w/%+-]|[.,]\d| ?(?:[/%+x]|{units}(?![a-z])))"
        first = [rf"(?<=\b{re.escape(word)} l[1-5])" for word in before] + [r"(?<=[,;:.(\n] l[1-5])"]
        nouns = any_of([word for means, said in words.items() for word in said if means not in {"and", "to"}])
        comma = rf"(?= (?:l[2-5]|s1)(?:[:.;]| {nouns}(?![a-z])| {any_of(words['and'])} l[1-5], ))"
        return re.compile(
            rf"(?i:(?:{'|'.join(places)})(?={pair})|(?:{'|'.join(first)}),{comma})|{OTHER_LENGTH.pattern}"
        )

    @cached_property
    def _told(self) -> re.Pattern[str]:
        return re.compile(f"(?i){_QUOTED.format(word=any_of(self._words['told']))}")

    @cached_property
    def _stop(self) -> str:
        stop, nouns = any_of(self._words["stop"]), any_of(self._words["noun before"])
        return rf"[ \t]+{stop}(?=[.]?\s|[.]?$)(?! {nouns}\b)"

    @cached_property
    def _sure_stop(self) -> re.Pattern[str]:
        """A stop that is no noun. A dictation has some of these; the rest of its stops are then taken too."""
        endings = "".join(rf"(?<!{re.escape(word)})" for word in self._words["noun after ending"])
        return re.compile(f"(?i){self._behind_no('noun after')}{endings}{self._stop}")

    def _behind_no(self, *means: str) -> str:
        """Looks back: none of the words that make a noun of what comes next stands there."""
        return "".join(rf"(?<!\b{re.escape(word)})" for one in means for word in self._words[one])

    @cached_property
    def _spoken(self) -> re.Pattern[str]:
        """Signs in words, and what else has another length; "the sigmoid colon" is an organ."""
        marks = any_of([*self._words["comma"], *self._words["semicolon"]])
        lines = any_of([*self._words["paragraph"], *self._words["line"]])
        dash, slash, opening, closing = (any_of(self._words[m]) for m in ("dash", "slash", "open", "close"))
        no_organ, organs = self._behind_no("noun after", "organ after"), any_of(self._words["organ before"])
        signs = (
            rf"{self._stop}[.]?|[ \t]+{marks}(?![a-z])"
            rf"|(?:(?<=\d)|{no_organ})[ \t]+{self._nouns['colon']}(?![a-z])(?! {organs}\b)"
            rf"|[ \t]*(?<![a-z]){lines}(?![a-z])[ \t]*"
            # within a level, and between words
            rf"|(?<=\d)[ \t]+{dash}[ \t]+(?=[ls]? ?\d)|(?<![\w-]){dash}(?![\w-])"
            rf"|[ \t]+{slash}[ \t]+|(?<![a-z]){opening}[ \t]+|[ \t]+{closing}(?![a-z])"
        )
        return re.compile(f"(?i:{signs})|{OTHER_LENGTH.pattern}")
