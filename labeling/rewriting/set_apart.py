"""Words of value set apart from a noun beside them that they are not of, or put behind what they are of.

"Otherwise normal" before a stop is of a level; a degree is of what stands before it: "to a mild degree by a
bulge".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.grammar import TOLD_OF_OTHERS
from labeling.rewriting.clauses import ANEW
from labeling.rewriting.line import Line
from labeling.rule_names import LUMBAR_SCANS, OTHERS
from labeling.speech.parts import COMMA, NONE, SEMICOLON
from labeling.tagging import Tag
from lexicons.meanings import Meaning

_STOPS = frozenset({"", ",", ";", ")"})
_OTHERWISE = "references/otherwise"
_WHOLE = frozenset({"normal/normal", "normal/good"})
"""Words that call a level normal as a whole, as "patent" does not: "otherwise okay", "regular otherwise"."""
_ALONE = re.compile(r"[\u2022-]*(?:q,?[oQ]|oq)[,;]?")
"""Nothing else is said: "Otherwise adequate."; "Otherwise none." is of what was told last."""
_NONE = "normal/none"
_AT_REST = "references/at-remaining"
_NORMAL_REST = re.compile(r"[\u2022-]*(?P<normal>o)q(?=$|[;,)])")
_OTHERS_TOLD = re.compile(rf"(?<=[hHxtdogrl]){TOLD_OF_OTHERS}")
_ALL_THERE = re.compile(r"(?<=l)(?P<all>w)v?[oO](?=$|[,;)])")
_STUDY_AT = re.compile(
    r"(?:^[\u2022-]*|[;,][cb]?)w?(?P<scan>R)?(?(scan)v(?P<told>o)|(?P<study>Y))"
    r"(?:p{0,2}(?P<levels>[lq])(?:,?cl|,l)*(?=$|[,;)EbW])|(?=,?[cb]?E[pb,:]{0,2}l(?:,?cl)*,?W))"
)
"""A study that is normal at some levels, or but for one of which more is told: "normal at L1-2 and L2-3"."""
_SUBJECT_ELSEWHERE = re.compile(
    r"[\u2022-]*r?s(?:l(?:,?cl)*)?[wv]{0,2}(?:[gz]{0,2}[hH]|g)(?:p{0,2}l(?:,?cl)*|r){0,2},?[cb](?P<nothing>O)q(?=$|[,;])"
)
"""A space that a sentence begins with, and nothing elsewhere: "The canal is narrow at L3-4 but ..."."""
_HERE_AND_OTHERS = "references/here-and-the-others"
_NOT_HERE = re.compile(r"(?P<denied>bn[^;,:bn]{0,8}h)qv?[oO](?=$|[,;)])")
_ANEW = Meaning(";", ANEW)
_REMAINING = Meaning("q", "remaining")
_OF_SPINE = "references/of-the-spine"
_ALL_OF_LEVEL = "distractors/whole"
_LEVEL_NORMAL = Meaning("O", "level normal")
_OTHERWISE_NORMAL = Meaning("Q", "otherwise normal")
_STUDY_NORMAL = Meaning("Y", "study normal")


def end_degrees(line: Line) -> None:
    """Parts a degree, which is of what stands before it, from another noun: "to a mild degree by a bulge"."""
    tags = line.tags
    for behind in range(len(tags) - 1, 0, -1):
        if tags[behind - 1].rule.endswith("-degree"):
            at = behind + (tags[behind].meaning.speech == "l")
            if at < len(tags) and tags[at].meaning.speech in {"w", "d", "e"}:
                line.turn(at, tags[at]._replace(meaning=COMMA), tags[at])


def call_whole_normal(line: Line) -> None:
    """Calls a level normal where all that there is at it is: "and at L2-3 the spine looks normal"."""
    for found in reversed([*_ALL_THERE.finditer(line.speech)]):
        at, normal = found.start("all"), found.end() - 1
        if line.tags[at].rule == _ALL_OF_LEVEL:
            line.turn(normal, line.tags[normal]._replace(meaning=_LEVEL_NORMAL))
            line.put(at, normal)


def call_study_normal(line: Line) -> None:
    """Calls the levels at which a study is normal so, or all: "The scan was normal at L1-2 and L2-3."."""
    found = _STUDY_AT.search(line.speech)
    if found is None or (found["scan"] and line.tags[found.start("scan")].rule not in LUMBAR_SCANS):
        return
    normal = found.start("told" if found["scan"] else "study")
    if found["levels"] and line.tags[found.start("levels")].rule == _OF_SPINE:
        return
    if found["study"] or line.tags[normal].rule in _WHOLE:
        meaning = _LEVEL_NORMAL if found["levels"] else _STUDY_NORMAL
        line.turn(normal, line.tags[normal]._replace(meaning=meaning))


def deny_of_subject(line: Line) -> None:
    """Takes "but nothing elsewhere" for a word on the space that the sentence is about."""
    found = _SUBJECT_ELSEWHERE.match(line.speech) if line.speech.find("Oq") > 0 else None
    if found is not None:
        line.turn(found.start("nothing"), line.tags[found.start("nothing")]._replace(meaning=NONE))


def put_rest_first(line: Line) -> None:
    """Puts the remaining levels before the word that a sentence begins with: "Regular the other levels."."""
    found = _NORMAL_REST.match(line.speech)
    if found is None:
        return
    at = found.start("normal")
    normal, rest = line.tags[at : at + 2]
    if normal.rule in _WHOLE and rest.meaning.value == "remaining" and rest.rule != _AT_REST:
        line.put(at, at + 2, (at + 1, at))


def part_others(line: Line) -> None:
    """Parts the other levels and what they are from the words before: "no stenosis other levels normal"."""
    for found in reversed([*_OTHERS_TOLD.finditer(line.speech)]):
        others = line.tags[found.start()]
        if others.meaning.value in OTHERS and others.rule != _AT_REST:
            line.turn(found.start(), others._replace(meaning=SEMICOLON), others)


def part_here_from_others(line: Line) -> None:
    """Parts the other levels from the one in force: "there is no stenosis here and the others are normal"."""
    found = _NOT_HERE.search(line.speech) if "hq" in line.speech else None
    if found is not None and line.tags[found.end("denied")].rule == _HERE_AND_OTHERS:
        at = found.end("denied")
        others = line.tags[at]
        line.turn(at, others._replace(meaning=_ANEW), others._replace(meaning=_REMAINING))


def call_rest_normal(line: Line) -> None:
    """Makes one of "otherwise" and a word of normality beside it that a stop parts from any noun."""
    tags = line.tags
    at = next((i for i, tag in enumerate(tags) if tag.rule == _OTHERWISE), -1)
    if at < 0:
        return
    alone = _ALONE.fullmatch(line.speech) is not None and not any(tag.rule == _NONE for tag in tags)
    behind = at + 1 + (line.speech[at + 1 : at + 2] == ",")
    first, last, normal = at, behind, behind
    if not _is_whole(tags, behind, alone):
        first, last, normal = at - 1, at, at - 1
    if normal >= 0 and _is_whole(tags, normal, alone) and line.speech[last + 1 : last + 2] in _STOPS:
        line.turn(normal, tags[normal]._replace(meaning=_OTHERWISE_NORMAL))
        line.put(first, last + 1, [normal])


def _is_whole(tags: Sequence[Tag], at: int, alone: bool) -> bool:
    """Whether a word is one that calls a level normal; `alone`, with no noun, any word of normality does."""
    said = tags[at : at + 1]
    return bool(said) and (said[0].meaning.speech in ("oOQ" if alone else "OQ") or said[0].rule in _WHOLE)
