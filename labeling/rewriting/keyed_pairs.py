"""Values with a slash under a key of several structures: each value is of its own structure.

"Canal/foramina: L3-4 (-/mild), L4-5 (mild/-)" becomes "L3-4: canal none, foramina mild; L4-5: canal mild,
foramina none". Where an entry has not as many values as the key has structures, or all are pairs of grades
("mild/moderate") that may be one grade as well, nothing is told of any.
"""

from __future__ import annotations

import re

from labeling.rewriting.line import Line
from labeling.rewriting.turns import SLASH, grades_of
from labeling.speech.parts import COLON, COMMA, NONE, SEMICOLON
from labeling.tagging import Tag

_VALUES = r"[go-](?:c[go-]){0,3}"
_ENTRY = re.compile(rf"(?P<level>l):?\(?(?P<values>(?:{_VALUES})?)\)?(?:[;,]?c?|$)")
_LISTED = rf"l(?:\((?:{_VALUES})?\)|:?(?:{_VALUES})?)"
_KEYED = re.compile(
    rf"[\u2022-]*(?P<key>r?[sf](?:cr?[sf]){{1,3}})h?:(?P<entries>{_LISTED}(?:(?:[;,]c?|c){_LISTED}){{0,5}});?"
)
"""A key of several structures, and the levels with as many values each."""


def part_keyed(line: Line) -> None:
    """Says of each level what each structure of the key is."""
    found = _KEYED.fullmatch(line.speech)
    if found is None or all(tag.rule != SLASH for tag in line.tags[: found.end("key")]):
        return
    structures: list[list[int]] = [[]]
    for at in range(*found.span("key")):
        if line.speech[at] == "c":
            structures.append([])
        else:
            structures[-1].append(at)
    entries = [
        (entry.start("level"), _values(line, entry.span("values")))
        for entry in _ENTRY.finditer(line.speech, *found.span("entries"))
    ]
    if all(len(values) < 2 for _, values in entries):
        return  # "canal/foramina: L3-4 mild"
    told_apart = all(
        tag.meaning.value != "or" or tag.rule == SLASH for tag in line.tags[found.start("entries") :]
    )
    told_apart &= "c" in found["entries"].replace(",c", "").replace(")c", "")
    if not told_apart or any(len(values) != len(structures) for _, values in entries):
        line.put(0, len(line.tags))
        return
    colon = found.end("key") + (line.speech[found.end("key")] == "h")
    told: list[tuple[int, Tag]] = []
    ends, goes_on, parts = ((colon, line.tags[colon]._replace(meaning=m)) for m in (COLON, COMMA, SEMICOLON))
    for level, values in entries:
        told += [(level, line.tags[level]), ends]
        for places, value in zip(structures, values, strict=True):
            told += [*((place, line.tags[place]) for place in places), value, goes_on]
        told[-1] = parts
    line.write(0, len(line.tags), told[:-1])


def _values(line: Line, span: tuple[int, int]) -> list[tuple[int, Tag]]:
    """The values of an entry: a dash is none, and a pair of grades in one word is two."""
    values: list[tuple[int, Tag]] = []
    for at in range(*span):
        tag = line.tags[at]
        if tag.meaning.speech == "-":
            values.append((at, tag._replace(meaning=NONE, rule="normal/none")))
        elif tag.meaning.speech != "c":
            values += [(at, tag._replace(meaning=one)) for one in grades_of(tag) or (tag.meaning,)]
    return values
