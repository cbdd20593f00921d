"""Two sides told one after the other: where they part, and where they are one.

"The stenosis is mild on the left and the right foramen is patent" parts before its second side; "moderate on
the right and to the same degree on the left" is of both.
"""

from __future__ import annotations

import re

from labeling.rewriting.line import Line
from labeling.rule_names import BOTH_ARE
from labeling.speech.parts import BOTH, COMMA, SEMICOLON
from labeling.tagging import speech_of
from lexicons.findings import CANAL, FACET
from lexicons.meanings import Meaning

SIDE_AND_SIDE = {
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

_SIDE_THERE = re.compile(r"[\u2022-]*r(?P<there>q)v?(?P<said>g{1,2}|o)[hH]?(?=$|[,;)])")
"""A side, "at this level", and what it is: "Right side at that level mild"."""
_MORE_THAN = re.compile(
    r"(?:(?P<more>a)|(?P<side>r)(?=\(g{1,2}\)[wP]))(?P<open>\()(?P<first>g{1,2})(?P<close>\))[wP]{0,3}"
    r"(?P<other>r)\((?P<last>g{1,2})\)"
)
"""A grade in brackets for each of two sides: "worse on the left (severe) than on the right (moderate)"."""

_NEXT_SIDES = re.compile(r"[sf](?P<head>h)(?:\(w?\))?(?=[ngz]{1,3}r(?:(?:,?c|,)[ngz]{1,3}r){1,2}w?[fsx])")
"""Two sides of a noun that has them, behind one that has none: "no canal stenosis mild left and ..."."""
_SIDE_OF_CURVE = re.compile(r"[\u2022-]*(?P<words>w{1,2}\()r(?P<close>\)),?(?=l)")
"""The side that a clause is of, in a bracket: "On the concavity (right), the L2-3 foramen is narrow"."""
_CANAL_AND_SIDE = re.compile(
    r"(?:^|(?<=[,;:l\u2022-]))(?:(?P<canal>s),?c(?P<side>r)|(?P<first>r),?c(?P<last>s))"
    r"[v:-]?(?P<both>r)?(?P<said>[gz]{0,2}[oH])(?=$|[,;)])"
)
"""The canal and a side, of what was found on the other: "Canal and right side clear"."""

_NAMED_NOW = re.compile(r"(?<=[sHhxl])[,;]c?X(?:w{0,2}[de]v?[wgzH]{0,3},?c)?(?P<space>s)(?=v?[gz]{0,2}[oHx])")
"""What a space is by now, with no word for its side: "the left foramen was narrowed, now the foramen is"."""
_DOUBTED_TOO = re.compile(
    r"(?P<side>r)(?P<space>s)v?[gz]{0,2}(?P<head>[hH])[gz]{0,2}(?P<level>p?l)?"
    r"(?:,?c|,|(?P<open>\())(?P<doubt>u)(?P<other>r)(?P<again>s)?(?(open)\))$"
)
"""The other side behind a doubt, with nothing told of it: "the left foramen is narrow, ? also the right"."""


def grade_each_side(line: Line) -> None:
    """Makes a list of two sides that are held against each other: "left severe, right moderate"."""
    found = _MORE_THAN.search(line.speech)
    if found is None:
        return
    start, end = found.span()
    if found["more"]:
        side = line.tags[start]
        line.turn(start, side._replace(meaning=Meaning("r", side.meaning.value.removesuffix(" more"))))
    for bracket in ("open", "close"):
        line.turn(found.start(bracket), line.tags[found.start(bracket)]._replace(meaning=COMMA, rule=""))
    parted = line.speech[start - 1 : start] == ","
    order = [] if parted else [found.start("open")]
    order += [start, *range(*found.span("first")), found.start("close")]
    line.put(start, end, [*order, found.start("other"), *range(*found.span("last"))])


def part_sides(line: Line) -> None:
    """Parts "the stenosis is mild on the left and the right foramen is patent" before the second side."""
    tags = line.tags
    at = next((i for i, tag in enumerate(tags) if tag.rule in SIDE_AND_SIDE), 0)
    parts = _SIDES_PART if "-and-the-" in tags[at].rule else _SIDE_IS_TOLD
    if at and parts.search(speech_of(tags[max(at - 2, 0) : at + 3])):
        both = tags[at]
        first, second = (both._replace(meaning=Meaning("r", side)) for side in SIDE_AND_SIDE[both.rule])
        line.turn(at, first, both._replace(meaning=COMMA), second)


def put_level_behind_side(line: Line) -> None:
    """Puts "at this level" behind what is said of a side there: "the right at that level is mild"."""
    found = _SIDE_THERE.match(line.speech) if "rq" in line.speech else None
    if found is not None and line.tags[found.start("there")].meaning.value == "this":
        at = found.start("there")
        line.put(at, found.end(), [*range(at + 1, found.end()), at])


def name_both_sides(line: Line) -> None:
    """Says "both sides are" behind two sides of one structure: "and at L5-S1 both are narrow"."""
    tags = line.tags
    at = next((i for i, tag in enumerate(tags) if tag.rule == BOTH_ARE), 0)
    findings = {tag.finding for tag in tags[:at] if tag.meaning.speech in "sfx" and tag.finding != FACET}
    sides = {tag.meaning.value for tag in tags[:at] if tag.meaning.speech == "r"}
    if len(findings) == 1 and "canal" not in findings and sides >= {"right", "left"}:
        line.turn(at, tags[at]._replace(meaning=BOTH), tags[at])


def join_same_side(line: Line) -> None:
    """Joins the other side to the one before: "moderate on the right and to the same degree on the left"."""
    found = _SAME_ON.search(line.speech)
    if found is not None:
        first, end = found.span()
        line.turn(first, line.tags[first]._replace(meaning=BOTH))
        line.put(first + 1, end)


def begin_sides(line: Line) -> None:
    """Puts a semicolon behind the canal: "canal stenosis moderate right and mild left foraminal stenosis"."""
    if "r" not in line.speech or not ("hn" in line.speech or "hg" in line.speech or "h(" in line.speech):
        return
    for match in reversed([*_NEXT_SIDES.finditer(line.speech)]):
        head = match.start("head")
        if line.tags[match.start()].finding == CANAL:
            line.turn(head, line.tags[head], line.tags[head]._replace(meaning=SEMICOLON))


def lead_with_side(line: Line) -> None:
    """Takes the side of a curve out of its bracket: "on the right, the L2-3 foramen"."""
    found = _SIDE_OF_CURVE.match(line.speech) if "(r)" in line.speech else None
    if found is not None:
        close = found.start("close")
        line.turn(close, line.tags[close]._replace(meaning=COMMA))
        line.put(*found.span(), [close - 1, close])


def tell_side_too(line: Line) -> None:
    """Says of a side, then of the canal, what is said of both: "the canal and right side are clear"."""
    found = _CANAL_AND_SIDE.search(line.speech) if "cr" in line.speech or "rc" in line.speech else None
    if found is None:
        return
    canal, side = (found.start(one) for one in (("canal", "side") if found["canal"] else ("last", "first")))
    words = {tag.meaning.value for tag in line.tags[found.start() : found.end()] if tag.meaning.speech == "r"}
    if line.tags[canal].finding != CANAL or ("both" in words) != (found["both"] is not None):
        return
    said = range(*found.span("said"))
    line.put(*found.span(), [side, *said, min(canal, side) + 1, canal, *said])
    joint = found.start() + 1 + len(said)
    line.turn(joint, line.tags[joint]._replace(meaning=SEMICOLON))


def name_same_side(line: Line) -> None:
    """Names the side of a space that is told of again: "left foramen narrowed, now the foramen is free"."""
    found = _NAMED_NOW.search(line.speech) if line.speech.count("r") == 1 else None
    if found is None:
        return
    side, at = line.speech.index("r"), found.start("space")
    named, again = line.tags[side + 1], line.tags[at]
    if side < at and named.rule == again.rule and again.meaning.value == "structure":
        line.write(at, at + 1, [(side, line.tags[side]), (at, again)])


def narrow_other_side(line: Line) -> None:
    """Says of the other side, behind a doubt, what is said of one: "and possibly the right foramen"."""
    found = _DOUBTED_TOO.search(line.speech) if "ur" in line.speech else None
    if found is None:
        return
    sides = {line.tags[found.start(one)].meaning.value for one in ("side", "other")}
    if sides != {"right", "left"}:
        return
    parts = ("doubt", "other", "again" if found["again"] else "space", "head", "level")
    told = [at for part in parts for at in range(*found.span(part))]
    line.put(found.start("doubt"), found.end(), told)
