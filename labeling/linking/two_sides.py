"""Two sides told one after the other: where they part, and where they are one.

"The stenosis is mild on the left and the right foramen is patent" parts before its second side; "moderate on
the right and to the same degree on the left" is of both.
"""

from __future__ import annotations

import re
from dataclasses import replace

from labeling.linking.line import Line
from labeling.linking.parts import BOTH, COMMA
from labeling.rule_names import BOTH_ARE
from labeling.tagging import speech_of
from lexicons.meanings import Meaning

_SIDE_AND_SIDE = {
    "sides/left-and-the-right": ("left", "right"),
    "sides/right-and-the-left": ("right", "left"),
    "sides/left-right": ("left", "right"),
    "sides/right-left": ("right", "left"),
}
_SIDE_IS_TOLD = re.compile(r"(?:[gzo]|[vgz]H)rv[XnugzoH]")
"""The second of two sides has a verb of its own: "it is mild on the right and on the left it is severe"."""
_SIDES_PART = re.compile(rf"{_SIDE_IS_TOLD.pattern}|[vhHg]rs[vgoH]")
"""Or a structure: "the stenosis is mild on the left and the right foramen is patent"."""
_SAME_ON = re.compile(r"(?<=[gzhHx])r(?:[;,]c?|c)Kr(?=$|[,;)lq])")

_MORE_THAN = re.compile(
    r"(?:(?P<more>a)|(?P<side>r)(?=\(g{1,2}\)[wP]))(?P<open>\()(?P<first>g{1,2})(?P<close>\))[wP]{0,3}"
    r"(?P<other>r)\((?P<last>g{1,2})\)"
)
"""A grade in brackets for each of two sides: "worse on the left (severe) than on the right (moderate)"."""


def grade_each_side(line: Line) -> None:
    """Makes a list of two sides that are held against each other: "left severe, right moderate"."""
    found = _MORE_THAN.search(line.speech)
    if found is None:
        return
    start, end = found.span()
    if found["more"]:
        side = line.tags[start]
        line.turn(start, replace(side, meaning=Meaning("r", side.meaning.value.removesuffix(" more"))))
    for bracket in ("open", "close"):
        line.turn(found.start(bracket), replace(line.tags[found.start(bracket)], meaning=COMMA, rule=""))
    parted = line.speech[start - 1 : start] == ","
    order = [] if parted else [found.start("open")]
    order += [start, *range(*found.span("first")), found.start("close")]
    line.put(start, end, [*order, found.start("other"), *range(*found.span("last"))])


def part_sides(line: Line) -> None:
    """Parts "the stenosis is mild on the left and the right foramen is patent" before the second side."""
    tags = line.tags
    at = next((i for i, tag in enumerate(tags) if tag.rule in _SIDE_AND_SIDE), 0)
    parts = _SIDES_PART if "-and-the-" in tags[at].rule else _SIDE_IS_TOLD
    if at and parts.search(speech_of(tags[max(at - 2, 0) : at + 3])):
        both = tags[at]
        first, second = (replace(both, meaning=Meaning("r", side)) for side in _SIDE_AND_SIDE[both.rule])
        line.turn(at, first, replace(both, meaning=COMMA), second)


def name_both_sides(line: Line) -> None:
    """Says "both sides are" behind two sides of one structure: "and at L5-S1 both are narrow"."""
    tags = line.tags
    at = next((i for i, tag in enumerate(tags) if tag.rule == BOTH_ARE), 0)
    findings = {tag.finding for tag in tags[:at] if tag.meaning.speech in "sfx" and tag.finding != "facet"}
    sides = {tag.meaning.value for tag in tags[:at] if tag.meaning.speech == "r"}
    if len(findings) == 1 and "canal" not in findings and sides >= {"right", "left"}:
        line.turn(at, replace(tags[at], meaning=BOTH), tags[at])


def join_same_side(line: Line) -> None:
    """Joins the other side to the one before: "moderate on the right and to the same degree on the left"."""
    found = _SAME_ON.search(line.speech)
    if found is not None:
        first, end = found.span()
        line.turn(first, replace(line.tags[first], meaning=BOTH))
        line.put(first + 1, end)
