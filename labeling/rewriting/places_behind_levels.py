"""Places as adjectives behind each level of a list: "stenosis: L3-4 - central, mild; L5-S1 - foraminal".

The head of such a list is of all its places, whatever space it names: what is foraminal is no canal. So
the list becomes "L3-4: central stenosis, mild; L5-S1: foraminal stenosis".
"""

from __future__ import annotations

import re

from labeling.rewriting.line import Line
from labeling.speech.parts import COLON, COMMA, SEMICOLON
from labeling.tagging import Tag
from lexicons.findings import CANAL

_PLACES = r"r?[sf](?:(?:,?c|,)r?[sf]){0,3}"
_ENTRY = rf"l(?:[:,-]?{_PLACES}(?:[,:-]?g{{1,2}}|\(g{{1,2}}\))?|\({_PLACES},?g{{1,2}}\))"
_LIST = re.compile(
    rf"[\u2022w-]*(?P<canal>f?)(?P<head>h)(?:\(\))?:(?P<entries>{_ENTRY}(?:(?:[;,]c?|c){_ENTRY}){{1,5}});?$"
)
_PARTS = re.compile(rf"(?P<level>l)[:,(-]?(?P<places>{_PLACES})(?:[,:(-]?(?P<grade>g{{1,2}}))?")


def name_places(line: Line) -> None:
    """Gives each level of the list the head that all share, behind its places."""
    found = _LIST.match(line.speech)
    if found is None or (found["canal"] and line.tags[found.start("canal")].finding != CANAL):
        return
    head, stop = found.start("head"), found.start("entries") - 1
    colon, comma, end = ((stop, line.tags[stop]._replace(meaning=m)) for m in (COLON, COMMA, SEMICOLON))
    told: list[tuple[int, Tag]] = []
    for entry in _PARTS.finditer(line.speech, *found.span("entries")):
        places, grades = (
            [(at, line.tags[at]) for at in range(*entry.span(part))] for part in ("places", "grade")
        )
        level = entry.start("level")
        told += [(level, line.tags[level]), colon, *places, (head, line.tags[head])]
        told += [comma, *grades, end] if grades else [end]
    line.write(0, len(line.tags), told[:-1])
