"""Reports of questions and answers: a question is the key of its answer.

``Q. Foraminal stenosis?`` above ``A. Yes. L4-L5: moderate right.`` reads as ``Foraminal stenosis:``. One that
asks for what is normal goes on where the answer is yes. What nobody answers, or holds a level, is left.
"""

from __future__ import annotations

import re
from functools import cached_property

from lexicons.lexicon import Lexicon
from lexicons.patterns import any_of

_MEANS = ("question", "answer", "asks", "asked", "yes")
_VALUES = frozenset({"normal", "negation", "grades", "uncertainty"})
_BULLET = r"[ \t]*(?:[-*>\u2022+][ \t]*)?"


class Questions:
    """Finds the questions of a report, in the words of one language."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def plain(self, text: str) -> str:
        """`text` of the same length, with keys in place of its questions."""
        found = self._found(text)
        parts: list[str] = []
        at = 0
        for one in found:
            begun = one.start("mark" if one["mark"] else "asks")
            before = " " * (one.start("words") - begun)
            parts += [text[at:begun], before, one["words"], self._joined(text, one)]
            at = one.end()
        return "".join([*parts, text[at:]]) if found else text

    def heard(self, text: str) -> list[str]:
        """The words of the lexicon that count in `text`."""
        groups = ("mark", "asks", "asked", "reply", "yes")
        said = [one[group].lower() for one in self._found(text) for group in groups if one[group]]
        counts = re.compile("|".join(self._words.values()))
        return [word for words in said for word in counts.findall(words)]

    def _found(self, text: str) -> list[re.Match[str]]:
        """The questions that are answered, if several or with a sign: "Q1 Is there stenosis?"."""
        if "?" not in text:
            return []
        found = [one for one in self._question.finditer(text) if self._is_answered(text, one)]
        return found if len(found) > 1 or any(one["mark"] for one in found) else []

    def _is_answered(self, text: str, one: re.Match[str]) -> bool:
        if self._polar.search(one["words"]):
            return one["yes"] is not None
        return bool(one["reply"] or one["yes"]) or self._answer.match(text, one.end()) is not None

    def _joined(self, text: str, one: re.Match[str]) -> str:
        """What stands between the words of a question and what is told in answer to them.

        "Conus normal? Yes, at L1." goes on, and a mere "No." stands on the line of its question.
        """
        if self._polar.search(one["words"]) or self._no.match(text, one.end()):
            return ("," if one["yes"] else ":").ljust(one.end() - one.start("asked"))
        return ":".ljust(len(one["asked"])) + one["gap"] + " " * (one.end() - one.end("gap"))

    # compiled for the first text that asks

    @cached_property
    def _words(self) -> dict[str, str]:
        return {means: any_of(self._lexicon.words("tables", means)) for means in _MEANS}

    @cached_property
    def _question(self) -> re.Pattern[str]:
        words, number = self._words, r"(?:[ ]?\d{0,2}[ ]?[:.)-]|[ ]?\d{1,2})(?=[ \t])"
        return re.compile(
            rf"(?im)^{_BULLET}(?P<mark>{words['question']}{number}[ \t]*)?(?P<asks>(?:{words['asks']} )*)"
            rf"(?P<words>[a-z][a-z /,()'-]{{2,60}}?)(?P<asked>(?: {words['asked']})*(?: ?[?]))"
            rf"(?=\s)(?P<gap>[ \t]*\r?\n?{_BULLET})(?P<reply>{words['answer']}{number}[ \t]*)?"
            rf"(?P<yes>{words['yes']}(?:[.,;:](?=\s)|(?=\s)))?"
        )

    @cached_property
    def _answer(self) -> re.Pattern[str]:
        return re.compile(rf"(?i)(?:(?:{self._words['yes']}|{self._values()})(?![a-z])|[ltd]\d)")

    @cached_property
    def _no(self) -> re.Pattern[str]:
        return re.compile(rf"(?i){self._values('no', 'none')}(?=[.;!]?[ \t]*(?:\r?\n|$))")

    @cached_property
    def _polar(self) -> re.Pattern[str]:
        """A word of judgement, which a question may hold: "Canal patent?"."""
        return re.compile(rf"(?i)\b{self._values()}(?![a-z])")

    def _values(self, *means: str) -> str:
        """The words for a grade or for none; where `means` are given, those alone."""
        return any_of(
            [
                phrase
                for phrase, rule in self._lexicon.phrases.items()
                if rule.file in _VALUES and (rule.means in means or not means)
            ]
        )
