"""Lists to pick from: ``none / mild / *moderate* / severe``, where the one between the signs is chosen.

A scale in which more than one step is marked says nothing, nor does a whole one in which nothing is; their
keys say nothing either.
"""

from __future__ import annotations

import re
from functools import cached_property

from labeling.forms.options import Options, key_before

_PAIRS = {"[": "]", "(": ")", "<": ">", ">": "<", "{": "}", '"': '"'}
_TICK = r"\u2022|[(\[][xvXV][)\]]"
_OPEN = rf"(?:(?:[*_]{{1,3}}|[\[(<>{{\"]|{_TICK}) ?|[xXvV] )"
_CLOSE = rf" ?(?:[*_]{{1,3}}|[\])<>}}\"]|{_TICK})(?![A-Za-z*_])"
_BARS = ("/", " /", "|", " |", "*")
_WHOLE = 4
"""Steps of a scale that stand for no values of several columns, whatever their key."""
_RANGE = re.compile(r"(?<!\d)0 ?(?:-|[a-z]{1,3}) ?[2-5](?: [a-z]+)? ?[(:=,] ?$", re.IGNORECASE)
"""The numbers that a legend gives the steps behind it: "0-3: none/mild/moderate/severe"."""
_WORDS = r"[A-Za-z][A-Za-z-]*(?: [A-Za-z-]+){0,2}"
_STARRED = re.compile(
    rf"(?<=:)[ \t]*(?:\*?{_WORDS}\*? ?/ ?){{0,6}}\*{_WORDS}\*(?: ?/ ?\*?{_WORDS}\*?){{0,6}}"
    r"(?=[ \t]*(?:$|[\n;.])|[ \t]{2})"
)
"""Words of any kind behind a key, with stars around some of them: "side: right / *left* / both"."""


class Picks:
    """Finds such lists, in the words of one language."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def chosen(self, text: str) -> str:
        """`text` with nothing left of such a list but what is marked, of the same length."""
        if "*" in text and "/" in text:
            text = _STARRED.sub(self._starred, text)
        if not self._may_hold_scale(text):
            return text
        for scale in reversed([*self._marked.finditer(text)]):
            text = self._picked(text, scale)
        for scale in reversed([*self._unfilled.finditer(text)]):
            if not _RANGE.search(text, max(scale.start() - 20, 0), scale.start()):
                text = _blank(text, key_before(text, scale.start()), scale.end())
        return text

    def _picked(self, text: str, scale: re.Match[str]) -> str:
        steps = [*self._step.finditer(text, *scale.span())]
        marked = [step for step in steps if _is_marked(step, len(steps))]
        begin = key_before(text, scale.start())
        key = text[begin : scale.start()]
        if not marked or len(marked) == len(steps) or "/" in key or not (key or len(steps) >= _WHOLE):
            return text
        if len({step["word"].lower() for step in steps}) < len(steps):
            return text
        if len(marked) > 1:
            return _blank(text, begin, scale.end())
        start, end = marked[0].span("word")
        return _blank(_blank(text, end, scale.end()), scale.start(), start)

    def _starred(self, found: re.Match[str]) -> str:
        begin = key_before(found.string, found.start())
        words = found[0].split("/")
        kept = [word for word in words if word.strip()[:1] == "*"]
        steps = [word for word in kept if self._options.is_step(word.replace("*", " "))]
        if len(kept) == len(words) or len(steps) > 1 or "/" in found.string[begin : found.start()]:
            return found[0]
        return " ".join(word.replace("*", " ") if word in kept else " " * len(word) for word in words)

    def _may_hold_scale(self, text: str) -> bool:
        """Whether a step of the scale stands before a bar or a star: most reports need no more than this."""
        if not self._options.known or not ("/" in text or "|" in text or "*" in text):
            return False
        lower = text.lower()
        return any(f"{step}{bar}" in lower for step in self._options.between for bar in _BARS)

    @cached_property
    def _step(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?P<open>{_OPEN})?(?P<word>{self._options.one})(?P<close>{_CLOSE})?", re.IGNORECASE
        )

    @cached_property
    def _marked(self) -> re.Pattern[str]:
        """Steps with bars between them, but not in the row of a table, or with commas or blanks and stars."""
        step = rf"(?:{_OPEN})?{self._options.one}(?:{_CLOSE})?"
        starred = rf"\*{{0,2}}{self._options.one}\*{{0,2}}"
        return re.compile(
            rf"(?<![A-Za-z/|*])(?<![/|] )(?:{step}(?: ?[/|] ?{step}){{1,6}}"
            rf"|{starred}(?:(?:, ?| {{1,3}}){starred}){{2,6}})(?![A-Za-z*]| ?[/|])",
            re.IGNORECASE,
        )

    @cached_property
    def _unfilled(self) -> re.Pattern[str]:
        """A scale in which nothing is marked: ``[normal / mild / moderate / severe]``."""
        said = self._options
        word = rf"(?:{said.none}|{said.graded})"
        bar = " ?[/|] ?"
        between = rf"(?:{said.one}{bar})?"
        steps = [said.none, said.mild, said.moderate, said.severe]
        whole = f"{bar}{between}".join(steps)
        return re.compile(
            rf"[\[{{(<] ?{word}(?: ?[/|] ?(?:[a-z]{{2}} )?{word}){{2,5}} ?[\]}})>]"
            rf"|(?<![a-z/|])(?<![|] ){whole}(?![a-z/]| ?[|])",  # but not the row of a table
            re.IGNORECASE,
        )


def _is_marked(step: re.Match[str], steps: int) -> bool:
    """Whether a step is marked: by a pair of brackets, or by a star or a tick, on one side if of several."""
    before, after = (step["open"] or "").strip(), (step["close"] or "").strip()
    if before in _PAIRS or after in _PAIRS.values():
        return _PAIRS.get(before) == after
    return bool(before and after) or (bool(before or after) and steps > 2)


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]
