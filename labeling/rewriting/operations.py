"""Levels of an operation or its hardware that tells where a level lies: no grade is of them.

In "at L2-3, just above the fusion from L3 to S1, with severe stenosis" the grade is of L2-3, and so it is in
"L2-3 (adjacent to the screws at L3 and L4): severe stenosis". What is dropped is the word for the place, the
operation and its levels; those levels count as spoken of. "The level above" beside a level that has a name
("L3-4 (segment above): ...", "stenosis one level up, at L3-4") only tells the same, and is dropped as well.
"""

from __future__ import annotations

import re
from functools import lru_cache

from labeling.rewriting.line import Line
from labeling.rule_names import OPERATED_LEVELS
from labeling.speech.parts import signs_of
from labeling.tagging import Tag

_SIGN_OF_RULE = {
    "references/above": "A",
    "references/below": "A",
    "references/above-disc": "A",
    "references/below-disc": "A",
    "references/above-named": "@",
    "references/below-named": "@",
    "references/levels-upwards": "Q",
    "references/levels-downwards": "Q",
    "references/upwards": "U",
    "references/downwards": "U",
    "references/upwards-of-it": "U",
    "references/downwards-of-it": "U",
    "distractors/next-to": "U",
    "references/kind": "&",
    OPERATED_LEVELS: "&",
    "references/adjacent": "&",
    "flags/postoperative": "&",
    "distractors/operation": "&",
    "distractors/operated": "&",
    "distractors/implant": "&",
    "connectors/of": "0",
    "connectors/of-the": "0",
}
"""A sign of its own for a word that says beside what, for an operation and for "of" and "in"."""
_SPOKEN = frozenset("qdwp")
_LEVEL = r"(?:l|j(?:[,c>-]{1,2}j){0,3})"
_NAME = r"&[w&]{0,2}"
_BEFORE_IT = rf"{_LEVEL}w{{0,2}}{_NAME}"
"""The L3-S1 fusion."""
_OWN = rf"{_NAME}(?:\({_LEVEL}\)|(?:[0pw]{{0,2}}|X){_LEVEL})"
"""The fusion from L3 to S1, of L3-S1, at L3-4: the last may as well be the place of what is beside it."""
_WORDS = r"[wP]{0,3}"
_WHAT = r"(?:[wWv0&de]{0,5}[&d][p0]?l|[wWv0&de]{0,6})"
"""What a level lies above: the fusion, the slip, the prosthesis."""
_SET_OFF = rf"[wP0]{{0,3}}(?:{_BEFORE_IT}|{_OWN})"
_BESIDE = re.compile(
    # above the fusion from L3 to S1
    rf"w{{0,2}}[AU]{_WORDS}(?:(?P<sure>{_BEFORE_IT}|{_NAME}X{_LEVEL})|{_OWN})"
    # with the L3-S1 fusion below it
    rf"|[bc,]{_WORDS}(?:{_BEFORE_IT}|{_OWN})[AU]w?(?=[,:;)]|$)"
    # L2-3, status post laminectomy at L3-4, is narrowed
    rf"|(?<=l,){_SET_OFF}(?=,)|(?<=l\(){_SET_OFF}(?=\))"
    # L3-4 (segment above): ...; L3-4, the level above, shows ...; L3-4, the level above the fusion: ...;
    # L2-3 and L3-4, the levels above the fusion: ...
    rf"|(?<=l\()w?A{_WHAT}(?=\))|(?<=l[,-])w?A(?:(?=,[vgbw])|{_WHAT}(?=[:-])|{_WHAT}(?=,[^wWdlqA]))"
    rf"|(?<=l,)Q(?=[wWv0de]{{0,4}}&){_WHAT}(?=[:-]|,[^wWdlqA])"
    # moderate stenosis one level up, at L3-4; just above, that is L3-4
    r"|(?<=[hHtxgors])w?(?:@,?|[AU]W?(?:[,-]|,?Wv))(?=l(?:$|[,;)c-]))"
)


def drop_operations(line: Line) -> list[Tag]:
    """Drops what only tells where a level lies; returns its tags."""
    signs = signs_of(line.tags, _SIGN_OF_RULE, _SPOKEN)
    if {"&", "A", "U", "@"}.isdisjoint(signs):
        return []
    found = places_in(signs)
    within = sum(sign == "l" for start, end, _ in found for sign in signs[start:end])
    alone = signs.count("l") == within
    dropped: list[Tag] = []
    for start, end, sure in reversed(found):
        named = [tag.levels for tag in line.tags[start:end] if tag.levels is not None]
        one_disc = all(levels.span == "one" for levels in named) and not sure
        if named and one_disc and (alone or signs[end - 1] == ")"):
            continue  # "severe stenosis above the fusion at L3-4", "above the fusion (L3-4)"
        dropped += line.tags[start:end]
        before, after = signs[start - 1 : start], signs[end : end + 1]
        closed = before + after in {",,", "()"}
        whole = before == "(" or signs[end : end + 2] == ",v"  # the canal at L2-3, ..., is narrowed
        begins = after == "," and not signs[:start].strip("\u2022-")
        line.put(start - closed, end + (begins or (closed and whole)))
    return dropped


@lru_cache(maxsize=50_000)
def places_in(signs: str) -> tuple[tuple[int, int, bool], ...]:
    """Where a sentence with these signs says beside which operation a level lies, and if that is sure."""
    return tuple([(*match.span(), match["sure"] is not None) for match in _BESIDE.finditer(signs)])
