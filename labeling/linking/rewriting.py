"""Punctuation styles brought to one form before a sentence is cut into items.

A report may part a value from its side or level by a comma ("severe, right; mild, left"), or say a grade
twice, in words and on a scale ("Lee 3 (severe)"). The rules here drop such tags; each tag that stays keeps
the number it had, because evidence rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.tagging import Tag

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    # Lee 3 (severe); mild (Lee 1): the word of judgement counts
    ("G", re.compile(r"G\(([go])\)|([go])\(G\)")),
    # severe narrowing, right; none, left
    (",r", re.compile(r"(?<=[:;,vhx])([gzGon]+[hHx]?),(r)(?=[;)]|,?c[gzon]|$)")),
    # Spinal stenosis, mild, L2-3; bilateral, L4-5
    (",l", re.compile(r"(?<=[:;,chHx])([gzGo]{1,3}r?|r),(l)(?=;|,?c[gzor]|$)")),
)
"""A sign that a sentence must have, and the pattern whose groups are kept of what it matches."""


def rewrite(tags: Sequence[Tag]) -> tuple[list[Tag], list[int]]:
    """The tags that are read, and the number that each of them has in `tags`."""
    numbers = list(range(len(tags)))
    speech = "".join(tag.meaning.speech for tag in tags)
    for sign, pattern in _RULES:
        if sign not in speech:
            continue
        kept: list[int] = []
        done = 0
        for match in pattern.finditer(speech):
            kept += range(done, match.start())
            for group in range(1, pattern.groups + 1):
                kept += range(*match.span(group)) if match[group] is not None else ()
            done = match.end()
        kept += range(done, len(speech))
        numbers = [numbers[at] for at in kept]
        speech = "".join(speech[at] for at in kept)
    return [tags[number] for number in numbers], numbers
