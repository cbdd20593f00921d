"""Levels with a side each, behind the head that they share, in one form: "stenosis: right L3-4, left L4-5".

So a grade behind them is of all, and each is of its own side: "foraminal stenosis of L3-4 on both sides and
L4-5 on the left side, mild" is "foraminal stenosis: both L3-4 and left L4-5, mild".
"""

from __future__ import annotations

import re

from labeling.rewriting.line import Line
from labeling.rule_names import OF_BOTH
from labeling.speech.parts import BOTH, COLON

_HEAD = r"(?:(?<=[sf][ht])|(?<=x)|(?<=ps))"
_PLACES = r"(?:rl(?:(?:,?c|,)rl)+|lr(?:(?:,?c|,)lr)+(?=:))"
_SIDED_LIST = re.compile(
    rf"(?<=[hx])[,-](?={_PLACES}(?:[v:-]?g{{1,2}}(?:$|[;,)])|,g{{1,2}}(?:$|;))|g{{1,2}}{_PLACES}(?:$|;))"
    # foraminal stenosis of both L3-4 and left L4-5(, mild)
    rf"|{_HEAD}(?:,?W?p|[,-])?(?={_PLACES}(?:,?v?g{{1,2}})?(?:$|;|,?b))"
)
"""What stands for a colon: the comma or dash in "foraminal stenosis, mild left L3-4, left L4-5"."""
_SET_OFF = re.compile(
    r"(?:(?<=[hxt])|(?<=[hxt],g)),(?P<of>W?p)(?=r[lq])|(?<=ps)(?P<behind>,?W?p|,)(?=r[lq])"
    r"|(?P<single>(?<=st)p(?=r[lq])|(?<=[sf]h)p(?=rl,g))"
)
"""A level set off from its head: "foraminal stenosis, involving left L4-5"."""
_LEVELS_FIRST = re.compile(
    rf"{_HEAD}(?:,?W?p|[,:-])?(?:(?P<one>lpr|(?:(?<=ps)|(?<=psp))lr)(?=$|;|,?b|,?v?g{{1,2}}(?:$|;|,?b)|\(g{{1,2}}\)$)"
    # but which grade is of the first in "stenosis at L3-4 on the right and at L4-5 on the left, severe"?
    r"|(?!(?<=[sf][ht])lrclr,g)(?P<list>lp?r(?:(?:,?c|,)lp?r)+)(?=$|;|,?b|,?v?g{1,2}(?:$|;|,?b)))"
)
_LEVEL_FIRST = re.compile(r"lp?(?P<side>r)")
_BOTH_OF_ONE = re.compile(r"(?:(?<=[hxts])|(?<=[hxts],))[pq](?=l(?:,?c|,)[rq]l)|(?<=[c,])q(?=l)")
"""Words for both sides, or for two discs named next, before one disc of a list."""
_BOTH_BEFORE_NOUN = re.compile(r"(?<=[hxt])p(?=l(?:(?:,?c|,)r?l){0,3}(?:,?c|,)rlw?s)")
"""Words for both sides before a list that ends with its noun: "of both L3-4 and left L5-S1 foramina"."""
_BOTH_WORDS = frozenset({OF_BOTH, "references/at-both", "references/both-levels"})
_WORST_SIDE = re.compile(r",w(?P<side>r)(?P<level>l)(?:,(?P<behind>g{1,2})|\((?P<aside>g{1,2})\))(?=$|;)")
"""Where it is worst, and the grade there: "moderate, especially right L5-S1 (severe)"."""
_MAINLY = "distractors/mainly"


def open_sided_list(line: Line) -> None:
    """Puts a colon behind the head of a list: "foraminal stenosis, left L3-4, left L4-5: mild"."""
    _name_both(line)
    _grade_worst_side(line)
    _put_sides_first(line)
    found = _SIDED_LIST.search(line.speech)
    if found is not None:
        head = line.tags[found.start() - 1]
        line.put(*found.span())
        line.turn(found.start() - 1, head, head._replace(meaning=COLON))
    for found in reversed([*_SET_OFF.finditer(line.speech)]):
        line.put(*found.span(found.lastgroup or 0))


def _grade_worst_side(line: Line) -> None:
    """Puts the worst side behind its grade: "especially L5-S1 severe right"; the other keeps its own."""
    found = _WORST_SIDE.search(line.speech)
    if found is None or line.tags[found.start() + 1].rule != _MAINLY:
        return
    grade = range(*found.span("behind" if found["behind"] else "aside"))
    line.put(found.start("side"), found.end(), [found.start("level"), *grade, found.start("side")])


def _name_both(line: Line) -> None:
    """Makes a side of "both" before one level of a list: "stenosis of both L3-4 and left L4-5"."""
    found = _BOTH_BEFORE_NOUN.search(line.speech)
    if found is not None and line.tags[found.start()].rule == OF_BOTH:
        of = line.tags[found.start()]
        line.turn(found.start(), of, of._replace(meaning=BOTH))
    for found in reversed([*_BOTH_OF_ONE.finditer(line.speech)]):
        at, levels = found.start(), line.tags[found.end()].levels
        if line.tags[at].rule in _BOTH_WORDS and levels is not None and len(levels.levels) == 1:
            line.turn(at, line.tags[at]._replace(meaning=BOTH))


def _put_sides_first(line: Line) -> None:
    """Puts each side before its level: "stenosis of L3-4 on both sides and L4-5 on the left side"."""
    found = _LEVELS_FIRST.search(line.speech)
    if found is None:
        return
    start, end = found.span("one" if found["one"] else "list")
    order = [*range(start, end)]
    for pair in _LEVEL_FIRST.finditer(line.speech, start, end):
        at = order.index(pair.start())
        order[at : at + len(pair[0])] = [pair.start("side"), pair.start()]
    line.put(start, end, order)
