"""Reports without full stops: where a line, a heading or a level begins a sentence.

``FINDINGS L2-3 normal L3-4 mild canal stenosis L4-5 moderate canal stenosis`` is four sentences: nothing but
the levels parts them, and those are headings because words come after the last one. In ``moderate stenosis
L4-5 mild stenosis L3-4`` each level ends its clause, and the whole is left to `labeling.linking`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from labeling.clause_starts import ClauseStarts
from labeling.rule_names import THERE_IS
from labeling.tagging import Tag
from lexicons.lexicon import Lexicon
from lexicons.patterns import any_of, as_phrase

_STOP = re.compile(r"[a-zA-Z\d)][.;](?:\s|$)")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_SIGN = re.compile(r"[,;:.](?=\s)|,(?=[A-Za-z]{3})")
_BRACKET = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]|\{[^{}]{0,80}\}")
_CAPITALS = re.compile(r"[A-Z]{4,}(?: [A-Z]{2,}){0,3}(?= +(?:[A-Z]?[a-z]|[LTD]\d))")
_LEVEL = re.compile(
    r"(?<![\w-])(?:[LTDltd]|Th|th)\d{1,2}(?: ?[-/] ?| )(?:[LSTlst] ?)?\d{1,2}(?![\w/-])(?:[ \t]+levels?\b)?"
)
_ON_SIDE = re.compile(r"(?i)(?: the \w+|ally|ides?)$")
_NARROW = frozenset({"narrowing", "narrowed", "compromise"})
SHORT, WIDEST = 25, 140
"""Characters of a line that is wrapped: no fewer, and no more."""
_LEAST = 12
"""What a line holds at least that has two clauses."""
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

    def __init__(
        self, lexicon: Lexicon, goes_on: Callable[[str], bool], tag: Callable[[str], list[Tag]]
    ) -> None:
        """`goes_on` tells whether words end in one that no sentence ends with; `tag` reads small letters."""
        narrow = [
            phrase
            for phrase, rule in lexicon.phrases.items()
            if rule.file == "heads" and rule.means in _NARROW
        ]
        self._headings = lexicon.headings.keys()
        self._phrases = lexicon.phrases
        self._goes_on = goes_on
        self._tag = tag
        self._starts = ClauseStarts(lexicon, goes_on)
        there = [phrase for phrase, rule in lexicon.phrases.items() if rule.name == THERE_IS]
        self._subject = re.compile(rf"(?i){any_of(lexicon.words('levels', 'verb'))}\b").match
        self._there = re.compile(rf"(?i) {any_of(there)}\b").match
        self._at = re.compile(rf"(?i)\b{any_of(lexicon.words('levels', 'at'))}$").search
        self._narrows = re.compile(rf"(?i)\b{any_of(narrow)}\b").search

    def cuts(self, text: str, start: int, end: int, cased: bool) -> list[tuple[int, str]]:
        """Where the sentence ``start..end`` is cut, and what comes before each part: ``stop`` or ``line``.

        `cased` is set where the text has small letters and capitals.
        """
        found: dict[int, str] = {}
        heading = _CAPITALS.match(text, start, end)
        if heading is not None and as_phrase(heading[0].lower()) in self._headings:
            start = heading.end() + 1
            found[start] = "stop"
        if end - start >= _LEAST:
            self._headed(text, start, end, cased, found)
            self._signed(text, start, end, found)
            if not cased or (end - start >= WIDEST and _SIGN.search(text, start, end) is None):
                self._told(text, start, end, found)
        return sorted(found.items())

    def _headed(self, text: str, start: int, end: int, cased: bool, found: dict[int, str]) -> None:
        """Adds where a section or one of its numbers begins."""
        found |= dict.fromkeys(self._starts.sections(text, start, end, cased), "stop")
        for begun, ends in _between(start, end, found):
            if begun in found and text[begun : begun + 2] in {"1 ", "1)"}:
                found |= dict.fromkeys(self._starts.numbers(text, begun, ends), "line")

    def _signed(self, text: str, start: int, end: int, found: dict[int, str]) -> None:
        """Adds where a capital or a level shows that a clause begins."""
        for begun, ends in _between(start, end, found):
            found |= dict.fromkeys(self._capitals(text, begun, ends), "stop")
            found |= dict.fromkeys(self._heads(text, begun, ends), "line")

    def _told(self, text: str, start: int, end: int, found: dict[int, str]) -> None:
        """Adds where nothing but grammar does."""
        for begun, ends in _between(start, end, found):
            if ends - begun >= _LEAST:
                words = text[begun:ends].lower()
                found |= {begun + at: "stop" for at in self._starts.grammar(words, self._tag(words))}

    def _capitals(self, text: str, start: int, end: int) -> Iterator[int]:
        """Capitals that begin a clause, and no words under the level before them: "L4-5 Mild bulge"."""
        begun = start
        for at in self._starts.capitals(text, start, end):
            words = text[begun:at].strip()
            level = _LEVEL.match(words)
            if level is None or words[level.end() :].strip(" :-"):
                yield at
                begun = at

    def _leads_to(self, words: str) -> bool:
        """Whether the words before a level belong to it: "at", "mild", "right", but not "on the right"."""
        last = as_phrase(words.rpartition(" ")[2].lower())
        rule = self._phrases.get(last)
        if rule is not None and rule.file in {"grades", "sides"}:
            return rule.file == "grades" or _ON_SIDE.search(words) is None
        return self._goes_on(words)

    def _heads(self, text: str, start: int, end: int) -> list[int]:
        """The levels that head a clause each; none where they may as well end one."""
        words = _BRACKET.sub(lambda match: "(" * len(match[0]), text[start:end])
        levels = [match.span() for match in _LEVEL.finditer(words)]
        if not levels:
            return []
        ends = [0, *(after for _, after in levels)]
        free: list[int] = []
        keys: list[int] = []
        for (at, after), before in zip(levels, ends, strict=False):
            told = words[before:at].strip(" -")
            placed = self._at(told) if self._there(words, after) else None
            if placed is not None:
                clause = told[: placed.start()].strip()
                # "mild narrowing of the right foramen at l5 s1 there is no canal stenosis": its only level
                whole = clause and (before or not self._narrows(clause))
                keys += [before + words[before:at].rfind(placed[0])] if whole else []
                continue
            if self._is_key(words, told, after):
                keys.append(at)
            listed = not told.strip(",&+/~")  # "L3/4,L4/5 disc bulges"
            if at == 0 or not (
                listed or (self._leads_to(told) and not self._ends_valued(told, words[after:]))
            ):
                free.append(at)
        keys += [at for at in free if self._is_head(words, free, ends)]
        return sorted({start + at for at in keys if at})

    def _ends_valued(self, told: str, then: str) -> bool:
        """Whether a grade ends the clause before a level, and another noun comes after: "facets mild"."""
        noun, _, grade = told.lower().rpartition(" ")
        rules = [
            self._phrases.get(word) for word in (grade, noun.rpartition(" ")[2], *then.lower().split()[:1])
        ]
        files = [rule.file.partition("/")[0] if rule else "" for rule in rules]
        return files == ["grades", "findings", "distractors"]

    def _is_key(self, words: str, told: str, after: int) -> bool:
        """Whether a sign or a verb stands behind a level, and before it no list of levels goes on."""
        if not words.startswith((":", " - ", " | "), after) and not self._subject(words, after + 1):
            return False
        return told.strip(" 0123456789")[-1:] not in {*",&+/~(", ""} and not self._goes_on(told)

    def _is_head(self, words: str, free: Sequence[int], ends: Sequence[int]) -> bool:
        """Whether levels in a row head their clauses: what comes after the last tells a finding."""
        if len(free) < 2 or not words[ends[-1] :].strip() or _SIGN.search(words) is not None:
            return False
        told = max([before for before in ends if before <= free[0]])
        if not self._narrows(words, told, free[0]):
            return True  # "severe stenosis L4-5 moderate stenosis L3-4 unchanged"
        near = (" ".join(words[:at].split()[-2:]) for at in free[:-2])
        if all(map(self._narrows, near)):
            return False
        then = self._phrases.get(words[ends[-1] :].split(maxsplit=1)[0].lower())
        return self._narrows(words, ends[-1]) is not None or (then is not None and then.file == "normal")


def _between(start: int, end: int, found: Mapping[int, str]) -> list[tuple[int, int]]:
    """The parts of ``start..end`` that the cuts found until now leave."""
    return list(pairwise([start, *sorted(found.keys() - {start}), end]))
