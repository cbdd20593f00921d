"""Sentences that only put right the one before, brought into it: "Mild stenosis at L3-4. Sorry, L4-5.".

Every change keeps the length of the text, so that offsets stay those of the report.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from labeling.normalise import lowered
from labeling.rule_names import MISSPOKE, OPINIONS
from lexicons.lexicon import Lexicon
from lexicons.patterns import trie_regex

_INSTEAD = re.compile(r"p?(?:l|r|[gz]{1,2})")
"""What is said instead: a level, a side or a grade, and nothing else."""
_FOUND = re.compile(r"n?(?:[gz]{0,3}[oH]|[gz]{1,3})|vn?H")
"""What the reader finds: "The canal was called patent. I find it | severely narrowed."."""
_SIGNS = {MISSPOKE: (_INSTEAD, ","), **dict.fromkeys(OPINIONS, (_FOUND, ";"))}
"""What stands behind such words, and the sign in place of the full stop before them."""
_LONGEST_LEAD = 100
_SAYS_NOTHING = frozenset("wWvbBcpPXm,;")
"""Parts of speech of what may stand before an opinion: "Having looked again, | I think it is severe"."""


class SecondThoughts:
    """Finds such sentences by the words that they begin with in one language."""

    def __init__(self, lexicon: Lexicon, speech: Callable[[str], str]) -> None:
        """`speech` reads the parts of speech of lower-case words."""
        self._rules = {phrase: rule.name for phrase, rule in lexicon.phrases.items() if rule.name in _SIGNS}
        words = trie_regex(sorted(self._rules)) if self._rules else "(?!)"
        said = r"(?P<said>[^.,;:\n]{1,40})[.]?(?=[\s,;]|$)"
        self._sub = re.compile(rf"[.](?<=[\w)][.]) *(?:\n *)?(?=(?i:(?P<words>{words}))[,:;]? {said})").sub
        opinions = [phrase for phrase, rule in self._rules.items() if rule in OPINIONS]
        words = trie_regex(sorted(opinions)) if opinions else "(?!)"
        self._led = re.compile(rf" (?<=[\w,;] )(?P<own>(?i:{words}))(?=[,:;]? {said})").finditer
        self._speech = speech

    def joined(self, text: str) -> str:
        """`text` with such sentences as clauses of the ones before."""
        for led in [*self._led(text)]:
            text = self._without_lead(text, led)
        return self._sub(self._join, text)

    def _without_lead(self, text: str, led: re.Match[str]) -> str:
        """`text` with blanks for what stands between a full stop and the opinion that a sentence ends in."""
        begun = text.rfind(". ", max(led.start("own") - _LONGEST_LEAD, 0), led.start("own")) + 1
        lead = text[begun : led.start("own")]
        if not begun or "\n\n" in lead or _FOUND.fullmatch(self._speech(lowered(led["said"]))) is None:
            return text
        if not set(self._speech(lowered(lead.strip()))) <= _SAYS_NOTHING:
            return text
        return text[:begun] + " " * len(lead) + text[led.start("own") :]

    def _join(self, found: re.Match[str]) -> str:
        said, sign = _SIGNS[self._rules[" ".join(lowered(found["words"]).split())]]
        if said.fullmatch(self._speech(lowered(found["said"]))) is None:
            return found[0]
        return sign.ljust(len(found[0]))
