"""Grades in turn of places that are excepted: each is put in a bracket behind its own place.

"Patent except on the left at L3-4 and L4-5, mild and severe" becomes "patent except left L3-4 (mild), left
L4-5 (severe)". Where there are not as many grades as places, which is of which cannot be told: the grades are
left out, the places are excepted, and nothing is told of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.rewriting.line import Line
from labeling.rewriting.turns import SLASH, grades_of, one_level
from labeling.rewriting.two_sides import SIDE_AND_SIDE
from labeling.rule_names import FORMER_LATTER
from labeling.speech.parts import COMMA
from labeling.tagging import Tag
from lexicons.meanings import Meaning
from lexicons.vocabulary import Level

_BEFORE = r"(?:r?s?p{0,2}ls?)"
_BEHIND = r"(?:l(?:,?p?r|\(r\))?s?)"
_AND = r"(?:,?c|,)p?"
_PLACES = rf"(?:r(?=s?p{{0,2}}l){_BEFORE}(?:{_AND}{_BEFORE}){{0,4}}|{_BEHIND}(?:{_AND}{_BEHIND}){{0,4}})"
_JOINT = r"(?:,?c?[Wwbv]{0,3}|(?:[(:;]|,?-)v?)M?,?"
_EXCEPTED = re.compile(
    rf"E[p,:]{{0,2}}(?P<places>{_PLACES}){_JOINT}"
    r"(?:(?P<run>u?g(?:,u?g){0,3},?cu?g|g)[hH]?,?M?\)?|(?P<two>u?g[hH]?p?q(?:,?c|,)u?g[hH]?p?q))(?=$|[;,)cb])"
)
"""Places and grades: "except left L4-5 and left L5-S1, which are mildly and severely narrowed".

Or the grades of two of them: "mildly narrowed at the former and severely narrowed at the latter".
"""
_OPENED, _CLOSED = Meaning("("), Meaning(")")

_Place = tuple[int, Level, Tag | None]
"""The place of a tag for levels, one of its levels, and the side that is meant there."""


def except_in_turn(line: Line) -> None:
    """Grades each of the places that an exception names, if there are as many grades."""
    found = _EXCEPTED.search(line.speech)
    if found is None or not _names_no_other(line.tags, found):
        return
    run = [(at, line.tags[at]) for at in range(*found.span("run" if found["run"] else "two"))]
    if found["two"] and not (run := _in_order(run)):
        return
    grades = [
        (at, told)
        for at, tag in run
        if tag.meaning.speech == "g"
        for told in grades_of(tag) or (tag.meaning,)
    ]
    places = _places(line.tags, found)
    if len(grades) < 2 or len(places) < 2:
        return
    start, end = found.start("places"), found.end()
    if len(places) != len(grades) or any(t.meaning.value == "or" and t.rule != SLASH for _, t in run):
        line.put(start, end, range(*found.span("places")))
        return
    told: list[tuple[int, Tag]] = []
    for (at, level, side), (grade, meaning) in zip(places, grades, strict=True):
        listed, tag = line.tags[at], line.tags[grade]
        doubted = grade - 1 if line.speech[grade - 1] == "u" else None
        entry: list[tuple[int, Tag | None]] = [
            (at, side),
            (at, one_level(listed, level)),
            (grade, tag._replace(meaning=_OPENED, rule="")),
            (grade - 1, None if doubted is None else line.tags[doubted]),
            (grade, tag._replace(meaning=meaning)),
            (grade, tag._replace(meaning=_CLOSED, rule="")),
            (grade, tag._replace(meaning=COMMA, rule="")),
        ]
        told += [(of, one) for of, one in entry if one is not None]
    line.write(start, end, told[:-1])


def _in_order(run: list[tuple[int, Tag]]) -> list[tuple[int, Tag]]:
    """The grades of "the former" and "the latter", in this order; none where other words pick the places."""
    picks = [tag.rule for _, tag in run if tag.meaning.speech == "q"]
    if set(picks) != FORMER_LATTER:
        return []
    joint = next(i for i, (_, tag) in enumerate(run) if tag.meaning.speech == "q") + 1
    return run if picks == sorted(picks) else [*run[joint:], *run[:joint]]


def _names_no_other(tags: Sequence[Tag], found: re.Match[str]) -> bool:
    """Whether the spaces among the places are those that the sentence is about."""
    places = range(*found.span("places"))
    spaces = {tags[at].finding for at in places if tags[at].meaning.speech == "s"}
    return not spaces or spaces == {tag.finding for tag in tags[: places.start] if tag.finding}


def _places(tags: Sequence[Tag], found: re.Match[str]) -> list[_Place]:
    """The levels one by one, or the two sides of one; a side before the first is of all up to the next."""
    start, places = found.start("places"), found["places"]
    levels = [at for at, sign in enumerate(places) if sign == "l"]
    ends = [*levels[1:], len(places)]
    told: list[_Place] = []
    for at, end in zip(levels, ends, strict=True):
        beside = places.rfind("r", 0, at) if places[0] == "r" else places.find("r", at, end)
        side = tags[start + beside] if beside >= 0 else None
        mention = tags[start + at].levels
        told += [(start + at, level, side) for level in (mention.levels if mention is not None else ())]
    both = told[0][2] if len(told) == 1 else None
    if both is None:
        return told
    at, level, _ = told[0]
    return [(at, level, both._replace(meaning=Meaning("r", s))) for s in SIDE_AND_SIDE.get(both.rule, ())]
