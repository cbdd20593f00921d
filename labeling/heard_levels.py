"""Discs as speech recognition writes them: "L for five", "L4 to five", "L 45", "L five as one"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from lexicons.lexicon import Lexicon
from lexicons.patterns import any_of

_PAIRS = ("12", "23", "34", "45", "51")
_TOGETHER = ("23", "34", "45")
_HEARD = ("1", "4", "5", *_TOGETHER)


class HeardLevels:
    """Finds such discs in the texts of one language, and leaves those in a form that all reports have."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._heard = {number: lexicon.words("dictation", f"number {number}") for number in _HEARD}
        self._spoken = {number: lexicon.words("levels", number) for number in "12345"}
        self._letters = ["l", *lexicon.words("dictation", "letter")]
        self._sacral = ["s", *lexicon.words("dictation", "sacral")]
        to = [word for word in lexicon.words("levels", "to") if word.isalpha()]
        self._to = any_of([*to, *lexicon.words("dictation", "dash")])
        self._units = any_of([*lexicon.words("dictation", "unit"), "deg"])

    @cached_property
    def pattern(self) -> str:
        """The expression of a disc; its two numbers follow each other, whatever was heard for them."""
        spoken = any_of([word for words in self._spoken.values() for word in words])
        plain = (
            r"l[ -]?[1-5] ?- ?[ls]?[ -]?[1-5](?!\w)|l[1-5] [1-5](?!\w)"
            rf"|l[ -]?5[ -]s[ -]?(?:1|{spoken})(?!\w)|l[ -]{spoken}[ -](?:[sl][ -])?{spoken}(?!\w)"
        )
        forms = [f"(?P<of{pair}>{self._form(pair)})" for pair in _PAIRS]
        return (
            rf"(?i:(?<![\w-])(?!{plain})(?:{'|'.join(forms)})"
            rf"(?![\w%\u00b0]|[-.,/]\d| ?(?:{self._units}|[x\u00b0%])(?![a-z])))"
        )

    def _form(self, pair: str) -> str:
        letters = any_of(self._letters)
        first, second = (any_of([n, *self._spoken[n], *self._heard.get(n, ())]) for n in pair)
        if pair == "51":
            return rf"{letters}[ -]?{first}[ -]{any_of(self._sacral)}[ -]?{second}(?! of\b)"
        together = rf"|{letters}[ -]{any_of([pair, *self._heard[pair]])}" if pair in _TOGETHER else ""
        return rf"{letters}[ -]?{first}(?:[ -]| {self._to} ){second}{together}"

    @cached_property
    def _looks(self) -> tuple[re.Pattern[str], ...]:
        """Looks for the letter and what follows it, and for the words for it: most reports need no more.

        Each begins with a few signs in both cases: the matcher skips to those, and to none where case is of
        no account.
        """
        said = [word for words in (*self._spoken.values(), *self._heard.values()) for word in words]
        number, sacral = any_of(said), any_of(self._sacral)
        letter = (
            rf"[lL](?<![a-zA-Z].)(?i:[ -]?[1-5] (?:{self._to} )?(?:[1-5]|{number}|{sacral}(?!\w))"
            rf"|[ -](?:{number}(?!\w)|[2-5]))"
        )
        return re.compile(letter), re.compile(rf"[ \n](?i:{any_of(self._letters[1:])}) ")

    @cached_property
    def _found(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def in_text(self, text: str) -> Mapping[str, str]:
        """Each disc that `text` has in such a form, in lower case, and its plain form."""
        if not any(look.search(f" {text}") for look in self._looks):
            return {}
        return {
            match[0].lower(): "L5-S1" if match["of51"] else "L{}-{}".format(*(match.lastgroup or "")[2:])
            for match in self._found.finditer(text)
        }

    def words_in(self, text: str) -> list[str]:
        """The words of the lexicon in those discs."""
        known = [*self._letters[1:], *self._sacral[1:]]
        known += [word for words in self._heard.values() for word in words]
        return [
            word for disc in self.in_text(text) for word in known if re.search(rf"(?<!\w){word}(?!\w)", disc)
        ]
