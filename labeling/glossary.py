"""Short words that a report explains itself: "(C = canal stenosis, re. = right)", at its head or its end.

What is explained must be a side or a structure of the lexicon. Where the lexicon has all of the short words
for such already nothing is changed, nor where they head columns, which `labeling.grids.cells` explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lexicons.lexicon import Lexicon
from lexicons.patterns import any_of

_DEFINED = re.compile(
    r"(?<![\w.=/-])(?P<short>[A-Za-z]{1,5}(?:/[A-Za-z]{1,5})?[.]?) ?= ?(?P<words>[A-Za-z][A-Za-z /-]{2,50}?)"
    r"(?= *(?:[;,.)\]\n]|$))"
)
_EMPTIED = re.compile(r"[(\[][ ,;]*[)\]]")
_BEFORE_VALUE = r"(?= ?[:=] ?[\w+-])"
"""One letter stands for a structure before its value alone: "C: mild"."""
_STOP = r"(?:[.](?![ \t]+[A-Z]|\s*(?:\n|$)))?"
"""The stop of a short word is its own, unless a sentence may end there."""


class Glossary:
    """Finds what the short words of a report stand for, in the language of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._phrases = lexicon.phrases

    def find(self, text: str) -> tuple[str, str, dict[str, str]]:
        """`text` without its explanations, an expression for the short words, and what each stands for.

        The expression is empty where there is nothing to replace; `text` is then what it was.
        """
        words: dict[str, str] = {}
        spans: list[tuple[int, int]] = []
        for match in _DEFINED.finditer(text):
            meant = dict(self._meanings(match["short"], match["words"].lower().strip()))
            if meant:
                spans.append(match.span())
                words |= meant
        heads = any_of([short.rstrip(".") for short in words])
        if all(self._is_place(short.rstrip(".").lower()) for short in words) or re.search(
            rf"(?:  |[|\t]) ?{heads}[.]?[ \t]*(?:[|\t\n]|  |$)", text
        ):
            return text, "", {}
        for start, end in spans:
            text = text[:start] + " " * (end - start) + text[end:]
        text = _EMPTIED.sub(lambda match: " " * len(match[0]), text)
        letters = any_of([short for short in words if len(short) == 1])
        longer = [
            re.escape(short.rstrip(".")) + (_STOP if short[-1] == "." else "") for short in words if short[1:]
        ]
        pattern = rf"(?<![\w./-])(?:{letters}{_BEFORE_VALUE}|(?:{'|'.join(longer) or '(?!)'})(?!\w))"
        return text, pattern, {short.rstrip(".").lower(): said for short, said in words.items()}

    def _meanings(self, short: str, words: str) -> Iterator[tuple[str, str]]:
        """Each short word and its meaning: "RC/LC = right/left recess" explains two of them."""
        first, _, rest = words.partition(" ")
        shorts, firsts = short.split("/"), first.split("/")
        if len(shorts) == 1:
            pairs = [(short, words)]
        elif len(shorts) == len(firsts):
            pairs = [(one, f"{side} {rest}".strip()) for one, side in zip(shorts, firsts, strict=True)]
        else:
            pairs = []
        if pairs and all(self._is_known(said) for _, said in pairs):
            yield from pairs

    def _is_place(self, words: str) -> bool:
        """Whether the lexicon has `words` for a side or a structure."""
        rule = self._phrases.get(words)
        return rule is not None and (rule.file == "sides" or rule.file.startswith("findings/"))

    def _is_known(self, words: str) -> bool:
        """Whether `words` are sides and structures of the lexicon, and nothing else."""
        rule = self._phrases.get(words)
        if self._is_place(words) or (rule is not None and (rule.file == "heads" or rule.means == "of")):
            return True
        parts = [at for at, sign in enumerate(words) if sign == " "]
        return any(self._is_known(words[:at]) and self._is_known(words[at + 1 :]) for at in reversed(parts))
