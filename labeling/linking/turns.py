"""Grades in turn, told again of the other side: of the same levels in the same order.

"The right foramina at L4-5 and L5-S1 are mildly and severely narrowed respectively; the left are severely and
mildly narrowed" says its levels once. The second time each of the grades gets its level here.
A pair of grades in one word ("canal stenosis at L3-4 and L4-5, moderate/severe respectively") is two of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from labeling.levels import mention_of
from labeling.linking.parts import AND, COMMA, SEMICOLON
from labeling.tagging import Tag, speech_of
from lexicons.meanings import Meaning

_RUN = r"[go](?:,[go]){0,3},?c[go]"
_AGAIN = re.compile(
    rf"[;,]?c?[wpb]{{0,2}}(?P<side>r)s?,?v?(?P<run>{_RUN})H?,?M?(?=$|[;,)])"
    rf"|[;,]?c?v?(?P<runs>{_RUN})H?,?M?(?P<last>r)(?=$|[;,)])"
)
_LEVEL = Meaning("l", "one")
_MILD, _MODERATE, _SEVERE = (
    Meaning("g", word, low, low) for low, word in enumerate(("mild", "moderate", "severe"), 1)
)
_GRADES = {1: (_MILD, _MODERATE), 2: (_MODERATE, _SEVERE)}
"""Lower bound of a pair of grades in one word ("mild/moderate") to the two of them."""


def grades_of(pair: Tag) -> tuple[Meaning, ...]:
    """The two grades of one word, in the order of the text; none where it is no pair."""
    if "-paired" not in pair.rule:
        return ()
    grades = _GRADES[pair.meaning.low]
    return grades[::-1] if pair.rule.endswith("-down") else grades


def pairs_apart(tags: Sequence[Tag], numbers: list[int]) -> tuple[Sequence[Tag], list[int]]:
    """`tags` with the two grades of a pair in its place, if levels as many as the grades are then listed."""
    told: list[Tag] = []
    kept: list[int] = []
    for tag, number in zip(tags, numbers, strict=True):
        grades = grades_of(tag)
        parts = [replace(tag, meaning=part) for part in (*grades[:1], AND, *grades[1:])] if grades else [tag]
        told += parts
        kept += [number] * len(parts)
    grades_told = sum(tag.meaning.speech in "go" for tag in told)
    counts = {len(tag.levels.levels) for tag in tags if tag.levels is not None}
    return (told, kept) if grades_told in counts else (tags, numbers)


def in_turn(tags: Sequence[Tag], numbers: list[int]) -> tuple[Sequence[Tag], list[int]]:
    """`tags` with a level for each grade that has its level by its place, and the number of each."""
    speech = speech_of(tags)
    word = speech.find("M")
    listed = speech.find("l")
    if listed < 0 or speech.count("l") > 1 or (again := _AGAIN.search(speech, word + 1)) is None:
        return tags, numbers
    levels = tags[listed].levels
    begun, end = again.span("run" if again["run"] else "runs")
    grades = [at for at in range(begun, end) if speech[at] in "go"]
    side = again.start("side" if again["run"] else "last")
    sided = [tags[at].meaning for at in range(again.start()) if speech[at] == "r"]
    if levels is None or len(levels.levels) != len(grades) or sided[-1:] == [tags[side].meaning]:
        return tags, numbers
    told: list[tuple[Tag, int]] = []
    for grade, level in zip(grades, levels.levels, strict=True):
        told += [(replace(tags[grade], meaning=COMMA if told else SEMICOLON), grade)]
        told += [(tags[side], side), (tags[grade], grade)]
        told += [(replace(tags[listed], meaning=_LEVEL, levels=mention_of((level,))), listed)]
    kept = [*zip(tags, range(len(tags)), strict=True)]
    kept[again.start() : again.end()] = told
    return [tag for tag, _ in kept], [numbers[at] for _, at in kept]
