"""Asides behind a level or a side, which interrupt what is said there and say nothing of a cell.

"severe at L3-4, where the root is flattened, and L4-5" says no more than "severe at L3-4 and L4-5". An aside
stands between commas, in brackets or between dashes, and holds nothing but other anatomy, other pathology,
the study and unknown words. Two levels that nothing but an aside parts are one list again. What finds
diseased facets ("mild at L3-4, due to a bulge and facet hypertrophy, and L4-5") is told behind the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from labeling.rewriting.line import Line
from labeling.speech.parts import SEMICOLON
from labeling.tagging import Tag
from lexicons.findings import FACET

_SIGN_OF_RULE = {"heads/contact-it": "&", "connectors/there-is": "!", "distractors/extent": "$"}
"""A sign of its own for what presses on something and narrows nothing, for what begins a clause, for how far
a lesion goes."""
_NOUN = r"(?:[gzm]{0,2}w{0,2}r?w?j?)?[de](?:w?pm)?(?:[vw]{0,2}[&i]!?)?"
"""Other anatomy or pathology, with its size and side, and what presses on it."""
_PRESSED = r"[&ihH]{1,2}p{0,2}w?r?w?j?e|&p?k"
"""A root that something presses on, or the sac that it touches."""
_SILENT = rf"(?>{_PRESSED}|{_NOUN}|W!|KD|wq|rw|nwD?|O(?=vw)|[$wvpcj>WbBX]){{1,12}}+"
"""What an aside may hold. Nothing is tried twice: a text made to be hard to read takes no longer."""
_OPENED = r"(?=[WbBKp]|w{1,3}[bBX]|w,|c?j?ev[^,;)])"
_NAMED = r"(?!w?[de]v,)(?=[de]|[wq][,dpw]|pd)"
_BRACKET = rf"\((?![wc]*\)){_SILENT}\)"
_SET_OFF = rf"(?:,{_SILENT},|-{_SILENT}-|{_BRACKET})"
_HIDDEN = r"[Wbpvwz]{0,5}V[Vwpde]{0,6}"
_HIDDEN_OFF = rf"(?:,{_HIDDEN},|-{_HIDDEN}-|\({_HIDDEN}\))"
"""That it was hardly seen, of what is graded all the same: "the left, which is partly obscured, mildly"."""
_REACHES = r"(?:\$[wpq>XD]{0,4}(?:j[wpq>]{0,2})?|&)l"
"""How far a lesion goes, which says nothing of the level that it reaches: "migrated up to L3-4"."""
_NOT_DONE = r",(?:W[vw]{0,3})?n[vw]{0,2}[dw&]{1,3},"
"""What was not done there: "the right recess, which we did not touch, is still narrow"."""
_IN_CHAIN = (
    rf"(?:(?<=[gH],lg)|(?<=[gH],clg)|(?<=lvgH)|(?<=lvg)),?(?=[bBw])(?>{_PRESSED}|e[hH]|{_NOUN}|fd|[wvpjbB]){{1,8}}+,?"
    r"(?=(?:,?c|[,;])lv?[gz]{1,2}(?:$|[,;)wH]))"
)
"""What comes with one grade of a list that has its verb once: "L2-3 is mildly narrowed, L3-4 severely with
contact of the root, and L4-5 moderately"."""
_ASIDE = re.compile(
    # an extrusion, which has migrated up to L3-4, narrows the canal; a cyst at L4-5 reaching up to L3-4
    rf"(?:(?<=[de])|(?<=[de][pl])|(?<=[de][wp]l)),?[Wc]?[vw]{{0,2}}{_REACHES}(?=$|[cbiv;)]|,(?!W))"
    # It extends as far as L3-4.
    rf"|(?:^|(?<=[\u2022;]))[wWvpqc]{{0,4}}{_REACHES}(?=$|[;)])|"
    # the right foramen is narrowed, the left, where the spur is, probably mildly
    rf"(?:(?<=[,;c]r)|(?<=rs))(?:{_SET_OFF}|{_HIDDEN_OFF})(?=vo|v?u?[gz]{{1,2}}(?:$|[wrHh,;()]))"
    # severe at L3-4, where the root is flattened, and mild at L4-5
    rf"|(?:(?<=[lr]),{_OPENED}|(?<=l),{_NAMED})(?:{_SILENT}|q)(?:(?P<comma>,)|(?=[;)]|$))"
    # but "L4-5, bulge, mild,": the grade is of the bulge; "due to a bulge, a spur & arthropathy" is one list
    r"(?!,[gzoO]{1,2}(?:[,;)]|$)|[gz]?[de]{1,2}(?:,?c|,)[gz]{0,2}e?t)"
    # the canal, where the slip crosses it, is narrowed; it is (owing to the slip) narrowed
    rf"|(?<=[skxhHtlr])(?:{_SET_OFF}|{_HIDDEN_OFF})(?=v)|(?<=[skr]v){_SET_OFF}(?=n?[gzoHP])"
    # the right recess, which had not been operated on, is still narrow; shows moderate narrowing
    rf"|(?<=[sk]){_NOT_DONE}(?=v|[gz]{{1,2}}[hHtr]|o)"
    # severe stenosis, owing to the slip, at L3-4; stenosis, as expected at this age, mild at L4-5
    rf"|(?<=[hHxt]),{_OPENED}{_SILENT}"
    r"(?:,(?=[lq])|(?=,(?:g{1,2}(?:$|[rl,;(])|o(?:$|[;,])|r[gz:,]|Wv|c|a)))"
    # mild at L3-4 (a shallow bulge) and at L4-5; mild at L3-4 - the level of the slip -
    rf"|(?<=[lr]){_BRACKET}|(?<=[lrhHxt])-{_SILENT}-"
    # mild at L3-4, due to a bulge and facet hypertrophy, and at L4-5
    rf"|(?<=l),w{{0,2}}[bB](?P<told>(?:(?:{_SILENT})?t){{1,2}}(?:{_SILENT})?)(?=,c?[lgzo])|{_IN_CHAIN}"
)
_LIST_GOES_ON = re.compile(r",?c?l(?=$|[,;.)bpBWwe]|c[gz]|r(?![gzo])|(?P<is>v))")
_VALUE = re.compile(r"[gzohHxt][^;:]*$")


class _Aside(NamedTuple):
    """Tags ``start..end``. `level` is the place of one that the list goes on with behind it, 0 for none.

    `told` is the number of tags at its end that are to be read behind the rest.
    """

    start: int
    end: int
    level: int
    told: int


def drop_asides(line: Line) -> None:
    """Drops the asides; a level behind one goes on with the list before it."""
    asides = asides_in(_signs(line.tags))
    for start, end, _, told in asides:
        if told:
            last = len(line.tags)
            line.put(last, last, [start, start - 1, *range(end - told, end)])
            line.turn(last, line.tags[last]._replace(meaning=SEMICOLON))
    for start, end, level, _ in reversed(asides):
        if level:
            line.join_levels(start - 1, level, level + 1)
        line.put(start, level if level else end)


@lru_cache(maxsize=50_000)
def asides_in(signs: str) -> tuple[_Aside, ...]:
    """Where the asides of a sentence with these signs stand."""
    asides = []
    for match in _ASIDE.finditer(signs):
        start, end = match.span()
        end -= match["comma"] is not None and signs[end : end + 1] != "c"
        more = _LIST_GOES_ON.match(signs, end) if signs[start - 1] == "l" else None
        if more is not None and more["is"] is not None and _VALUE.search(signs, 0, start):
            more = None  # "mild at L3-4, where the root is flattened, and L4-5 is normal"
        level = more.end() - 1 if more is not None else 0
        asides.append(_Aside(start, end, level, len(match["told"] or "")))
    return tuple(asides)


def _signs(tags: Sequence[Tag]) -> str:
    """The parts of speech; a facet joint of which no disease is told is other anatomy."""
    signs = [_SIGN_OF_RULE.get(tag.rule, tag.meaning.speech) for tag in tags]
    for at, tag in enumerate(tags):
        told = at > 0 and signs[at - 1] == "H" and tags[at - 1].finding == FACET
        told = told and (at + 1 == len(tags) or signs[at + 1] in ";)")  # and no list goes on behind it
        if signs[at] == "s" and tag.finding == FACET and not told:  # not so "due to hypertrophic facets"
            signs[at] = "e"
    return "".join(signs)
