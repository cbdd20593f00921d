"""Reports without full stops: where a line, a heading or a level begins a sentence.

``FINDINGS L2-3 normal L3-4 mild canal stenosis L4-5 moderate canal stenosis`` is four sentences: nothing but
the levels parts them, and those are headings because words come after the last one. In ``moderate stenosis
L4-5 mild stenosis L3-4`` each level ends its clause, and the whole is left to `labeling.linking`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from lexicons.lexicon import Lexicon
from lexicons.patterns import any_of, as_phrase

_STOP = re.compile(r"[a-zA-Z\d)][.;](?:\s|$)")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_SIGN = re.compile(r"[,;:.()]")
_CAPITALS = re.compile(r"[A-Z]{4,}(?: [A-Z]{2,}){0,3}(?= +(?:[A-Z]?[a-z]|[LTD]\d))")
_LEVEL = re.compile(
    r"(?<![\w-])(?:[LTDltd]|Th|th)\d{1,2}(?: ?[-/] ?| )(?:[LSls] ?)?\d(?![\w-])(?:[ \t]+levels?\b)?"
)
_ON_SIDE = re.compile(r"(?i)(?: the \w+|ally|ides?)$")
_NARROW = frozenset({"narrowing", "narrowed", "compromise"})
SHORT, WIDEST = 25, 140
"""Characters of a line that is wrapped: no fewer, and no more."""
_FEW = 4
"""Full stops of the longest signature or disclaimer below a text that has none."""


def without_stops(text: str) -> str:
    """A text without full stops, or most of one: a signature or a disclaimer may have them. Empty if none."""
    if _STOP.search(text) is None:
        return text
    if text.count(". ") + text.count(".\n") > _FEW:
        return ""  # most reports, at no cost
    body = "\n\n".join(part for part in _PARAGRAPH.split(text) if _STOP.search(part) is None)
    return body if len(body) * 3 >= len(text) * 2 else ""


def room(body: str) -> int:
    """What a line holds before it is wrapped, in a text without full stops; 0 in a text that has them.

    Where a line goes on in small letters though the next word would have fitted, no line is wrapped and
    each is a sentence: the number is greater than any.
    """
    if not body:
        return 0
    lines = body.split("\n")
    longest = max(map(len, lines))
    fitted = any(
        after[:1].islower() and SHORT <= len(line) < longest - len(after.split(None, 1)[0])
        for line, after in pairwise(lines)
    )
    return 2 * len(body) + 1 if fitted or longest > WIDEST else longest


class RunOns:
    """Cuts the sentences of such reports, with the headings and the words of one language."""

    def __init__(self, lexicon: Lexicon, goes_on: Callable[[str], bool]) -> None:
        """`goes_on` tells whether words end in one that no sentence ends with."""
        narrow = [
            phrase
            for phrase, rule in lexicon.phrases.items()
            if rule.file == "heads" and rule.means in _NARROW
        ]
        self._headings = lexicon.headings.keys()
        self._phrases = lexicon.phrases
        self._goes_on = goes_on
        self._narrows = re.compile(rf"(?i)\b{any_of(narrow)}\b").search

    def cuts(self, text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
        """Where the sentence ``start..end`` is cut, and what comes before each part: ``stop`` or ``line``."""
        heading = _CAPITALS.match(text, start, end)
        if heading is not None and as_phrase(heading[0].lower()) in self._headings:
            start = heading.end() + 1
            yield start, "stop"
        if _SIGN.search(text, start, end) is None:
            for head in self._heads(text, start, end):
                yield head, "line"

    def _leads_to(self, words: str) -> bool:
        """Whether the words before a level belong to it: "at", "mild", "right", but not "on the right"."""
        last = as_phrase(words.rpartition(" ")[2].lower())
        rule = self._phrases.get(last)
        if rule is not None and rule.file in {"grades", "sides"}:
            return rule.file == "grades" or _ON_SIDE.search(words) is None
        return self._goes_on(words)

    def _heads(self, text: str, start: int, end: int) -> list[int]:
        """The levels that head a clause each; none where they may as well end one."""
        levels = [match.span() for match in _LEVEL.finditer(text, start, end)]
        ends = [start, *(after for _, after in levels)]
        heads = [
            at
            for (at, _), before in zip(levels, ends, strict=False)
            if at == start or (text[before:at].strip() and not self._leads_to(text[before:at].strip()))
        ]
        if len(heads) < 2 or not text[ends[-1] : end].strip():
            return []
        told = max([before for before in ends if before <= heads[0]])
        if self._narrows(text, told, heads[0]):
            return []  # "severe stenosis L4-5 moderate stenosis L3-4 unchanged"
        return [at for at in heads if at > start]
