"""Fields below a question: what they hold belongs to the question that was answered with yes.

``Spinal stenosis: yes`` above ``level: L4-5   degree: moderate`` becomes ``Spinal stenosis: L4-5 moderate``.
"""

from __future__ import annotations

import re

from lexicons.lexicon import Lexicon
from lexicons.patterns import any_of


class Fields:
    """Joins such fields with their question, in the words of one language."""

    def __init__(self, lexicon: Lexicon) -> None:
        levels, others = lexicon.words("tables", "level column"), lexicon.words("tables", "field")
        fields, yes = [*levels, *others], lexicon.words("tables", "yes")
        key = rf"(?<![A-Za-z]){any_of(fields)}[ \t]*:"
        self._signs = tuple(f"{field}{colon}" for field in fields for colon in (":", " :"))
        self._key = re.compile(key, re.IGNORECASE)
        self._question = re.compile(
            rf"(?<=:)(?P<yes>[ \t]*{any_of(yes)}[ \t,;.]*)(?P<fields>(?:\n?[ \t]*{key}[^\n]*){{1,8}})",
            re.IGNORECASE,
        )

    def joined(self, text: str) -> str:
        """`text` of the same length, with such fields in the line of their question."""
        lower = text.lower()
        if not any(sign in lower for sign in self._signs):
            return text
        return self._question.sub(self._in_line, text)

    def heard(self, text: str) -> list[str]:
        """The words of the lexicon that name such fields in a lower-case `text`."""
        found = self._question.finditer(text)
        return [key.rstrip(" \t:") for one in found for key in self._key.findall(one["fields"])]

    def _in_line(self, found: re.Match[str]) -> str:
        pieces: list[str] = []
        seen: set[str] = set()
        lines = found["fields"].lstrip("\n")
        for line in lines.split("\n"):
            keys = {key.rstrip(" \t:").lower() for key in self._key.findall(line)}
            pieces += [";" if keys & seen else " ", self._key.sub(lambda key: " " * len(key[0]), line)]
            seen = keys if keys & seen else seen | keys
        told = "".join(pieces[1:])
        return " " * (found.end() - found.start() - len(told)) + told
