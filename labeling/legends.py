"""Signs that stand for words: the legend of a table, and the brackets that a macro leaves around words.

``0 = none, 1 = mild, 2 = moderate, 3 = severe`` anywhere in a report gives its numbers a meaning; without a
legend they say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from labeling.grids.words import in_full
from lexicons.lexicon import Lexicon
from lexicons.patterns import any_of

Edit = tuple[int, int, int, int]
"""Characters ``start..end`` of the words as written, and ``start..end`` of what is read in their place."""

_STEPS = ("0", "1", "2", "3")
_SIGN = r"[0-5]|[+]{1,4}|-"
_KEY = rf"{_SIGN}|[a-z]{{1,3}}"
_PARTED = r"[,;./| \n]{1,3}(?:[a-z]{2,3} )?"
_NEAR = 80
"""Characters between the word by which a legend is found and its beginning."""
_FILLED = re.compile(r"\[(?P<words> ?(?:(?P<level>[LTDltd]-?\d)|(?P<small>[a-z])|[A-Z])[^\[\]\n]{1,60})\]")
_LEAST_FILLED = 3
"""One pair of brackets or two may hold an aside: "mild [see below] narrowing"."""
_STANDS_ALONE = re.compile(r"(?<![^\s(/,;:|-])(?P<sign>\d|[+]+|-|[a-z]{1,3})(?![^\s)/,;:|.]|[.](?!\s*$))")
_IN_PROSE = re.compile(
    r"(?:(?<=\()(?=[+-]{1,4}\))|(?<![^\s,;:|])(?=[+])|(?:(?<=[-/][1-5])|(?<=[-/](?:s1|l[1-5])))[ :=]{1,3}"
    r"|(?:(?<=[ ,;:(][rl] )|(?<=[ ,;:(][rl]t ))(?=[+-]{1,4}(?: [rl]t? [+-]{1,4})?[ .]*(?:[,;]|$)))"
    r"(?P<sign>[+]{1,4}|-|\d)(?=[])]|[ .]*(?:[,;]|$)|(?<=\d) {1,3}[dlt]\d|(?<=[+-]) [rl]t? [+-])"
)
"""``canal (++)``, ``L3-4 +, L4-5 ++``, ``L3-4: 1, L4-5: 2``, ``R + L ++``; but no ``L4-5: 2 mm slip``."""

_SCORE = re.compile(r"(?<![\w/.-])[0-3]/(?P<of>[0-3])(?![\w/-]|[.]\d)")
_LEAST_SCORES = 3
"""Of two, both may be a pair of sides: "foramina 1/3, recesses 2/3"."""


class Legend(NamedTuple):
    """What each key stands for, and the characters of the report that say so."""

    words: Mapping[str, str]
    spans: tuple[tuple[int, int], ...]


NO_LEGEND = Legend({}, ())


class Legends:
    """Finds the legends of reports in the language of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._scale = [lexicon.words("tables", step) for step in _STEPS]
        self._none = in_full(lexicon, "none")
        self._found: list[tuple[Sequence[str], re.Pattern[str]]] | None = None
        self.known = all(self._scale)
        """Whether the lexicon has the words of a scale; without them no legend is found."""
        self._steps = [any_of(sorted(said, reverse=True)) for said in self._scale]
        self._step = f"(?:{'|'.join(self._steps)})"
        self._to_words = lexicon.words("tables", "to")
        self._to = any_of(self._to_words)
        self._word = rf"{self._step}(?:[ /-](?:[a-z]{{2}}[ -])?{self._step}| [a-z]+)?"

    def find(self, text: str) -> Legend:
        """The legend of a folded lower-case text; a key that is given two meanings has none."""
        words: dict[str, str] = {}
        spans: list[tuple[int, int]] = []
        for signs, hints in self._hints if self.known else ():
            for hint in hints.finditer(text) if any(sign in text for sign in signs) else ():
                if not any(start <= hint.start() < end for start, end in spans):
                    self._read(text, hint.start(), words, spans)
        if self.known and ("- =" in text or "-=" in text):
            for match in self._dash.finditer(text):
                spans.append(match.span())
                words.setdefault("-", match["word"])
        found = {key: word for key, word in words.items() if word}
        if found.get("1") in self._scale[1]:
            found.setdefault("0", self._none)  # "1 mild, 2 moderate, 3 severe": below it is none
        if "3" in found and "/3" in text:
            spans += _out_of_three(text)
        return Legend(found, tuple(_with_brackets(text, *span) for span in spans)) if spans else NO_LEGEND

    def _read(self, text: str, hint: int, words: dict[str, str], spans: list[tuple[int, int]]) -> None:
        """Adds the legend around offset `hint`, if there is one."""
        begin = max([hint - _NEAR, *(end for _, end in spans if end <= hint)])
        for match in self._legend.finditer(text, begin, hint + 2 * _NEAR):
            spans.append(match.span())
            for pair in self._pair.finditer(match[0]):
                key, word = (pair["key"], pair["word"]) if pair["key"] else (pair["after"], pair["late"])
                words[key] = word if words.get(key, word) == word else ""
        for match in self._ranged.finditer(text, begin, hint + 2 * _NEAR):
            spans.append(match.span())
            scale = re.split(r"[,/;] ?(?:[a-z]{2,3} )?", match["words"])
            if len(scale) == int(match["last"]) + 1:
                words |= {str(at): word for at, word in enumerate(scale)}

    @property
    def _hints(self) -> list[tuple[Sequence[str], re.Pattern[str]]]:
        if self._found is None:
            self._found = self._looks()
        return self._found

    def _looks(self) -> list[tuple[Sequence[str], re.Pattern[str]]]:
        """What no legend goes without, and what to look for before it; most reports have none.

        That is its second step beside a number, or a range of numbers that begins at 0.
        """
        steps = [([step], re.compile(_beside_number(re.escape(step)))) for step in reversed(self._scale[1])]
        to = [f" {word} " for word in self._to_words]
        ranged = re.compile(rf"0(?:-|{any_of(to)})[2-5][^0-9]")
        return [*steps, ([f"0{sign}" for sign in ("-", *to)], ranged)]

    @cached_property
    def _legend(self) -> re.Pattern[str]:
        sign = rf"(?:[a-z]+ )?(?:{_SIGN})\)? ?[=:-]? ?|\((?:{_SIGN})\) ?[=:-]? ?"
        keyed = rf"(?:{sign}|[a-z]{{1,3}} ?= ?)(?:{self._word})"
        worded = rf"(?:{self._word}) ?(?:= ?|\()(?:{_KEY})\)?"
        rows = [rf"{one}(?:{_PARTED}{one}){{2,5}}" for one in (keyed, worded)]
        return re.compile(rf"(?<![a-z0-9.])(?:{'|'.join(rows)})(?![a-z0-9])")

    @cached_property
    def _dash(self) -> re.Pattern[str]:
        """``Key: - = none``, a legend of one sign."""
        return re.compile(rf"(?:(?<=[\n(,;:.])|(?<=[\n(,;:.] ))- ?= ?(?P<word>{self._steps[0]})(?![a-z])")

    @cached_property
    def _pair(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?<![a-z0-9+])(?:\(?(?P<key>{_KEY})\)? ?[=:-]? ?(?P<word>{self._word})(?![a-z])"
            rf"|(?P<late>{self._word}) ?(?:= ?|\()(?P<after>{_KEY}))"
        )

    @cached_property
    def _ranged(self) -> re.Pattern[str]:
        """``0-3 (none, mild, moderate, severe)``."""
        word = self._word
        return re.compile(
            rf"(?<![a-z0-9.])0 ?(?:-|{self._to}) ?(?P<last>[2-5])(?: [a-z]+)? ?[(:=,] ?"
            rf"(?P<words>(?:{word})(?:[,/;] ?(?:[a-z]{{2,3}} )?(?:{word})(?![a-z])){{2,5}})"
        )


def without_fields(text: str, lower: str) -> str:
    """A text in lower case, as it is read: without the brackets that a macro has left around its fields.

    As in "No [canal stenosis] at [L4-5].": a bracket begins an aside, a brace is passed over.
    """
    if text.count("[") < _LEAST_FILLED:
        return lower
    fields = [*_FILLED.finditer(text)]
    # "[Canal] mild [Foramina] patent": names with capitals are headings within the line
    if len(fields) < _LEAST_FILLED or sum(bool(one["level"] or one["small"]) for one in fields) < 2:
        return lower
    return _FILLED.sub(_unbracketed, lower)


def _unbracketed(field: re.Match[str]) -> str:
    return f" {field['words']} " if field["level"] else f"{{{field['words']}}}"


def _with_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of a legend with the brackets around it, which would stand empty behind its key."""
    bracketed = text[start - 1 : start] == "(" and text[end : end + 1] == ")"
    return (start - 1, end + 1) if bracketed else (start, end)


def _out_of_three(text: str) -> list[tuple[int, int]]:
    """Where the scores of a text are told to be out of three: "canal 2/3, right foramen 1/3"."""
    scores = [*_SCORE.finditer(text)]
    if len(scores) < _LEAST_SCORES or any(score["of"] != "3" for score in scores):
        return []
    return [(score.start("of") - 1, score.end()) for score in scores]


def _beside_number(step: str) -> str:
    return (
        rf"{step}(?:(?<=[0-9+][ =]{step})|(?<== {step})|(?<=[0-9+a-z]={step})|(?<=[^-/s][0-9]: {step})"
        rf"|(?<=[0-9)+:] - {step})|(?<=[0-9]-{step})|(?<=[0-9+][)] {step})|(?= ?[=(] ?[0-9+]))"
    )


def without(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """`text` with `spans` blanked out, of the same length."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def spelt_out(words: str, legend: Mapping[str, str]) -> tuple[str, tuple[Edit, ...]]:
    """The `words` of a cell with every key of the legend in words, and where that was done."""
    return _spelt_out(words, legend, _STANDS_ALONE) if legend else (words, ())


def spelt_out_in_prose(words: str, legend: Mapping[str, str]) -> tuple[str, tuple[Edit, ...]]:
    """The same for a sentence, where a number is one of the legend behind a level and in a list alone."""
    return _spelt_out(words, legend, _IN_PROSE)


def _spelt_out(words: str, legend: Mapping[str, str], signs: re.Pattern[str]) -> tuple[str, tuple[Edit, ...]]:
    pieces: list[str] = []
    edits: list[Edit] = []
    done = length = 0
    for match in signs.finditer(words):
        start, end = match.span("sign")
        word = legend.get(match["sign"])
        if word is None:
            continue
        pieces += [words[done:start], word]
        length += start - done
        edits.append((start, end, length, length + len(word)))
        done, length = end, length + len(word)
    return "".join([*pieces, words[done:]]), tuple(edits)
