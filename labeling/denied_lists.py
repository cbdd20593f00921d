"""A denial over a list, brought into one sentence: "No evidence of:" and a line for each thing denied.

Every change keeps the length of the text, so that offsets stay those of the report.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from labeling.normalise import lowered

_BULLET = r"[ \t]*(?:[\u2022*>+-]|\d{1,2}[.)])[ \t]*"
_LIST = re.compile(rf":[ \t]*(?P<items>(?:\n{_BULLET}[^\n:]{{2,80}}(?=\n|$)){{1,20}})")
_MARK = re.compile(rf"[.;,]?\n{_BULLET}")
_DENIES = re.compile(r"n[zupg]*$")


def denied_in_line(text: str, speech: Callable[[str], str]) -> str:
    """`text` with such lists as one sentence each; `speech` reads the parts of speech of lower-case words."""
    pieces: list[str] = []
    done = 0
    for match in _LIST.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if _DENIES.search(speech(lowered(line))):
            items = _MARK.sub(lambda mark: ",".ljust(len(mark[0])), match["items"])
            pieces += [text[done : match.start()], items.replace(",", " ", 1).rjust(len(match[0]))]
            done = match.end()
    return "".join([*pieces, text[done:]])
