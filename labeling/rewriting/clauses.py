"""Clauses that say everything themselves, which are read as sentences of their own.

In ``Canal stenosis at L3-4 is moderate, and severe right foraminal stenosis at L4-5`` each clause has its
level, its structure and its grade, so nothing goes from one to the other: the second grade is not of the
first structure, the first level not of the second. The joint between them, be it a word, a comma or a dash,
becomes a semicolon after which all begins anew. Where a clause lacks one of the three (``mild canal stenosis
at L3-4 and moderate at L4-5``) it leans on its neighbour, and the whole is left to the cascade of
`labeling.linking.linker`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from labeling.grammar import SIDED
from labeling.rewriting.line import Line
from labeling.rule_names import LEADING_SIDES
from labeling.tagging import Tag
from lexicons.meanings import Meaning

ANEW = "anew"
_SEMICOLON = Meaning(";", ANEW)
_JOINT = re.compile(r";c?|,?[cb]|,|-")
_OPEN = re.compile(r"[gzGosfkxhHtilrcbvpdewBaj,;:()\u2022nW-]*")
"""What a sentence that is parted may hold: no time, doubt, reference or copy that goes beyond its clause."""
_OTHER_JOINT = "~"
"""An "or", a slash or another joint that does not part."""
_LEADING = "^"
"""A side at the head of the sentence, which goes beyond its clause."""
_HEADED = re.compile(r"[bv\u2022-]*\(?l")
_SIDED = re.compile(r"[bvw\u2022-]*r[:,b-]")
"""A side that a sentence begins with is of all its clauses: "On the right, mild", "On the left is ..."."""
_SIDED_GRADE = re.compile(SIDED)
_LEANING = re.compile(rf"[,;cb]{SIDED}$")
"""The first of two sides before their noun: "at L2-3, severe right and mild left foraminal stenosis"."""
_NEXT = re.compile(r";|,?c?b?[vW\u2022-]*l[^,;)]|,?cb?l,|(?:,?c|,)b?[^,;cbsfkxhHt]*[de]")
"""What a clause does not go on beyond: a semicolon, a level with something after it, another noun."""
_LEANS = re.compile(
    r"(?:[gz]{1,3}r?|r[gz]{1,3})\(?l|\([gz]{1,3}\)l(?=[,c])|l\([gz]{1,3}r?\)|l[gz]{1,3}r?(?=,[cbl]|;|$)"
    r"|l\((?:[gz]{1,3}r|r[gz]{1,3})(?:(?:,?c|,)(?:[gz]{1,3}r|r[gz]{1,3}))?\)(?=[,;bc~]|$)"
)
"""A grade and its level, of the structure before: "and moderate at L4-5, with no foraminal stenosis".

So is "L4-5 (severe)", or "L4-5 (right severe, left mild)", in "canal stenosis, L3-4 (mild), L4-5 (severe),
and foraminal stenosis, L5-S1 (mild)".
"""
_OF_NEXT = re.compile(r"[^l;]*[hHxt]r?(?:,?c|,)[gzo]{1,2}r?l")
"""A level that only the value before it is of: "at L4-5 canal and foraminal stenosis and none at L2-3"."""
_FACET = re.compile(r"[gzr]{0,2}s?t")
_CAUSE = re.compile(r"[hHx]l,?[w~](?:[gzr]{0,2}[de]{1,2}(?:,?c|,)){0,2}[gzr]{0,2}[de]{1,2}$")
"""What narrows a structure, up to its joint: "narrowed at L4-5 by a bulge and hypertrophy, mildly ..."."""
_CAUSED = re.compile(
    r"(?<=[hHxlr])(?:,?[~w]|,B)(?:[gzr]{0,2}[de]{1,2}(?:,?c|,)){0,2}"
    r"[gzr]{0,2}(?:st|tp{1,2}r?s)(?:,?c[gz]{0,2}[de]{1,2})?$"
)
"""Facets that narrow what was named before: "whereas at L4-5 it is severely narrowed by facet arthrosis"."""
_LISTED = re.compile(r"(?<=[sk])c(?=w{0,2}r?w?[sfk],)")
"""Within a list of structures: "stenosis of the canal and recesses, and the left L4-5 foramen is open"."""

_NAMED = r"r?(?:[sf](?:,?cr?[sf])?w?[hHt]|x)r?(?:,?p?r?l|,r?l)"
_TOLD = re.compile(rf"[bv\u2022-]{{0,2}}[gz]{{0,2}}{_NAMED},[gz]{{1,2}}r?$")
"""A structure, its level and, set off, its grade: "foraminal stenosis, L5-S1, mild degree"."""
_NEXT_TOLD = re.compile(rf"[gz]{{0,2}}{_NAMED}(?:,[gz]{{1,2}}r?)?(?=$|;)")
"""The last structure with its level, graded or not, behind such a one: "with spinal stenosis, L4-5"."""

_JOINTS_OF = {"and": "c", "but": "c", "with": "b"}


def part_clauses(line: Line) -> None:
    """Puts a semicolon for each joint between such clauses."""
    if line.speech.count("l") < 2:
        return
    for start, end in reversed(clause_joints("".join([_sign(tag) for tag in line.tags]))):
        line.turn(start, line.tags[start]._replace(meaning=_SEMICOLON))
        line.put(start + 1, end)


def _sign(tag: Tag) -> str:
    """The part of speech of `tag`, but ``c`` for "but" as for "and", which leaves ``b`` to "with"."""
    if tag.meaning.speech in "cb":
        return _JOINTS_OF.get(tag.meaning.value, _OTHER_JOINT)
    if tag.rule in LEADING_SIDES:
        return _LEADING  # of all its clauses
    return tag.meaning.speech


@lru_cache(maxsize=50_000)
def clause_joints(speech: str) -> tuple[tuple[int, int], ...]:
    """Where the clauses of a sentence with these parts of speech are parted."""
    if not _OPEN.fullmatch(speech.replace(_OTHER_JOINT, "c")):
        return ()
    found: list[tuple[int, int]] = []
    begun = 0
    places = [match.span() for match in _JOINT.finditer(speech)]
    for at, (start, end) in enumerate(places):
        left = speech[begun:start].rpartition(";")[2]
        ends = [*(stop for stop, _ in places[at + 1 :]), len(speech)]
        if "b" in speech[start:end]:
            ends = ends[:1]  # "mild at L3-4, with mild narrowing of the foramina, and severe at L4-5"
        if _LISTED.match(speech, start) or not _is_whole(left) or _SIDED.match(left):
            continue
        told = _NEXT_TOLD.match(speech, end) is not None and _TOLD.match(left) is not None
        if told or _goes_on(left, speech, end, ends):
            found.append((start, end))
            begun = end
    return tuple(found)


def _goes_on(left: str, speech: str, start: int, ends: Sequence[int]) -> bool:
    """Whether a clause that is whole begins at `start`; after one that its level heads, it does so too."""
    if speech[start : start + 1] == _OTHER_JOINT or _LEANS.match(speech, start):
        return False
    if (_LEANING.search(left) and _SIDED_GRADE.match(speech, start)) or (
        _CAUSE.search(left) and _FACET.match(speech, start)
    ):
        return False
    for end in ends:
        right = speech[start:end]
        if right.count("l") > 1:
            return False
        if _is_whole(right):
            headed = _HEADED.match(right) is not None
            last = end == len(speech) or speech[end] == ";"
            of_next = not left.endswith("l") and _OF_NEXT.fullmatch(right) is not None
            return not of_next and (headed or last or not _HEADED.match(left))
        if _NEXT.match(speech, end):
            return False
    return False


def _is_whole(clause: str) -> bool:
    """Whether a clause names a level and a structure and says what is the matter."""
    if "l" not in clause or clause.count("(") != clause.count(")"):
        return False
    clause = _CAUSED.sub("", clause)
    return not set("sfkx").isdisjoint(clause) and not set("gzGon").isdisjoint(clause)
