"""What a speaker takes back in the same sentence: "mild stenosis at L3-4, sorry, at L4-5"."""

from __future__ import annotations

import re

from labeling.rewriting.line import Line
from labeling.rule_names import MISSPOKE

_IN_ERROR = re.compile(r"(?P<said>l|[gz]{1,2}|r)[,;(-]{0,2}w$")
_INSTEAD = re.compile(r"[,:]?p?(?P<instead>[lgzr])")
"""Before and behind a word that takes back what was said: "at L3-4 (correction: L4-5)"."""


def take_back(line: Line) -> None:
    """Drops what was said in error: "at L3-4, correction, at L4-5", "mild, sorry, moderate"."""
    for at in [at for at, tag in enumerate(line.tags) if tag.rule == MISSPOKE][::-1]:
        found = _IN_ERROR.search(line.speech, 0, at + 1)
        said = _INSTEAD.match(line.speech, at + 1)
        if said is None:
            continue
        if found is None or said["instead"] not in found["said"]:
            _put_right(line, at, said.end())
            continue
        if "(" in found[0] and line.speech[said.end() : said.end() + 1] == ")":
            line.put(said.end(), said.end() + 1)
        line.put(found.start(), said.start("instead"))


def _put_right(line: Line, at: int, end: int) -> None:
    """Puts it where the only word of its kind stood: "At L3-4 there is mild stenosis, sorry, L4-5"."""
    before = line.speech[:at].rstrip(",;(-")
    if line.speech[end:].strip(",;)") or before.count(line.speech[end - 1]) != 1:
        return
    there = before.index(line.speech[end - 1])
    line.put(there, len(line.tags), [end - 1, *range(there + 1, len(before))])
