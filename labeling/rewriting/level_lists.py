"""Levels said one by one that are one list, a list that is two, and a level that belongs elsewhere.

"Narrowed at L3-4, also at L4-5" and "bulges at L3-4 (mild), L4-5 (severe)" name two levels of one list; in
"the canal is normal at L3-4 and L4-5 is severely narrow" the list ends before its last level.
"""

from __future__ import annotations

import re

from labeling.levels import mention_of
from labeling.rewriting.line import Line
from labeling.rule_names import ALSO_AT, RANKS, THOSE_OF, WORSE
from labeling.speech.parts import AND, COMMA, DOUBT, EXCEPT, LEVEL, NONE, PRESENT, SAME, UNGRADED
from lexicons.meanings import Meaning

_LEVELS_JOINED = re.compile(
    # At L1-2 and at L2-3, there is no stenosis; bulges at L3-4 and at L4-5, mildly encroaching on the canal
    r"(?:^[\u2022-]*|(?<=[dehHtx]))(?P<first>l),?c(?P<second>l)(?=,?[gz]{0,2}[iB]|,W|W(?!v)|(?<=^lcl)(?:,|b)|(?<=^l,cl)(?:,|b))"
)
"""Levels that a clause might begin between, had it anything to say of the first."""
_GRADED_DISC = r"l\([gz]{1,3}\)(?:(?:,?c|,)l\([gz]{1,3}\)){1,4}"
_NOT_PARTED = re.compile(r"(?<=l\([gzo])\)(?=l\([gzo]{1,2}\))|(?<=l\([gzo][gzo])\)(?=l\([gzo]{1,2}\))")
"""The end of a level's own bracket right before the next level: "L4-5 (severe) > L3-4 (mild)"."""
_GRADED_DISCS = re.compile(
    rf"(?:(?<=[de])|(?<=[de][p,])){_GRADED_DISC}(?=,?[gz]{{0,2}}[iBW]|,?b[nrgz]{{0,3}}[sfk]|$)"
    rf"|(?:^|(?<=\u2022)){_GRADED_DISC}(?=[gz]{{0,2}}d)"
)
_SIDED = r"(?:[gz]{1,2}r|r[gz]{1,2})"
_AT_ONE = (
    re.compile(
        r"[de]p?(?P<all>l)(?:,[^,;:l]*)?,?[bB](?P<what>[gz]{0,2}r?[sf][^l,;:bB]*h(?:,[^l,;:bB]*)?,?c[^l,;:bB]*h)(?P<one>l)"
        r"(?=$|,?c[gzo]{1,2}l$)"
    ),
    re.compile(rf"(?P<all>l),(?P<what>{_SIDED}(?:,?c|,){_SIDED})(?P<one>l)"),
)
"""What a disc at several levels causes, or what each side of a list is, and the one level where it does."""
_THOSE_TOO = re.compile(
    r"(?P<first>l)\)?(?:s?v[^,;:lqc]*)?(?P<those>[;,]?c?AWl|[;,]c?WlK)(?=$|[;,)])"
    r"|(?<=s)(?P<list>l)(?P<with>,?cWl)(?=v)|^(?P<next>AW)l(?=$|[;,)])"
)
"""The structures of one more level: "the foramina at L5-S1 are patent, as are those at L4-5"."""
_SAME_AT = re.compile(
    r"(?:(?<=[gzohHtxrsde])(?P<first>l)(?:w[gz]?[de]{1,2})?|(?<=[hHtxsgo]))(?P<join>[;,]c?|c)(?P<same>K)"
    r"(?=l(?:$|[;)]|,(?!n?[gzor]{0,4}[sfxhHtgzo])))"
)
"""One more level: "moderate canal stenosis at L3-4; the same at L4-5", "narrowed at L3-4, also at L4-5"."""
_SAYS = r"(?:v[gz]{0,2}[ogzH]|v[gz]{1,2}H|[gz]{1,2}[sf]h)"
_SAYS_NOW = r"(?:vX?[gz]{0,2}[ogzH]|vX?[gz]{1,2}H|(?<![fh])[sf]:?[gz]{1,2}|h:[gz]{1,2})"
_ONCE = r"(?:,W?[PD]?[vPXwnzgoHD]{2,7},|\([vPXwngzoHD]{2,7}\))"
"""What is set off behind the last level, of an earlier time: ", formerly patent,", "(normal in 2019)"."""
_SECOND_CLAUSE = re.compile(
    rf"{_SAYS}(?P<list>l)(?=v(?:[gz]|o$)|[gz]{{1,2}}h$|[gz]{{1,2}}h[,;)])"
    # mild at L4-5 and L2-3 is now severe
    rf"|(?<!W){_SAYS_NOW}(?P<now>l)(?=(?:v|vX|Xv?)[gz])"
    # mild at L4-5 and L2-3, previously normal, is now moderate
    rf"|(?:{_SAYS_NOW}|{_SAYS}|h[gz]{{1,2}})(?P<once>l)(?=(?=[,(][^,)]{{0,6}}[PD]){_ONCE}(?<=[gzoHD][,)])v?X?v?[gzo])"
)
"""The last of two levels has a verb of its own: "the canal is normal at L3-4 and L4-5 is severely narrow"."""


_ENTRY = re.compile(r"(?P<level>l)(?:\((?P<in>g{1,2})\)|(?:,?p?W)?v(?P<is>g{1,2})|,?(?P<grade>g{1,2})(?!l))")
_GRADED = r"l(?:\(g{1,2}\)|(?:,?p?W)?vg{1,2}|,?g{1,2})"
_ENTRIES = rf"{_GRADED}(?:(?:,?c|[,;])[zwD]{{0,2}}{_GRADED}){{0,4}}"
_EXCEPTED = re.compile(_ENTRIES)
"""Exceptions from what the sentence before says, and their grades."""
_SHOWS = re.compile(r"l(?:,?b|,?Ww?)(?P<grade>g{1,2})h(?=$|[,;)]|c[wDgb])")
"""What a level of a ranking shows: "followed by L3-4 with moderate stenosis"."""
_RANKED = re.compile(rf"[\u2022-]*[zw]{_ENTRIES}(?:(?:,?c|[,;])D?gl)?")
"""What comes next in a ranking: "Next worst is L3-4 (moderate), then L2-3, where it is mild."."""
_EXCEPTED_THERE = r"p{0,2}(?:r?l|lr),?W"
_FIRST_EXCEPTED = re.compile(rf"E{_EXCEPTED_THERE}")
_NEXT_EXCEPTED = re.compile(rf"(?<=[,;])(?P<and>c)w?(?={_EXCEPTED_THERE})")
"""A level left out with a clause of its own, and one more: "patent except at L5-S1, where it is mildly
narrowed, and on the left at L4-5, where it is severely so"."""
_EXTENT = "distractors/extent"
_NEXT_CLAUSE = re.compile(r"(?<!W)v[gz]{1,3}[hH]?(?P<list>l)(?:v|(?P<reaches>w))(?=[gz]{1,3}(?:H|$|[,;)])|o)")
_SLIPS = re.compile(r"dp(?P<levels>l)(?:,?cpl)+(?=,?[bn])")
"""Slips told one after the other, and what goes with them."""
_LEVEL_IS_WORSE = re.compile(r"[\u2022-]*lv(?P<worse>w?(?:,?cv?|[,:;(-])X?)(?=[gz]{1,2}(?P<close>\)?))")
"""A level that is worse than the one told of, and its grade: "L4-5 is worse, I would call it severe"."""
_MARKED = re.compile(r"(?<=[hxt])\([c-]\)l(?:(?:,?c|[,;])\([c-]\)l)+(?=$|[,;)])")
_MARK = re.compile(r"\((?P<mark>[c-])\)(?=l)")
"""A sign in brackets before each level: "canal stenosis (+) at L3-4, (-) at L4-5"."""
_DOUBTED = re.compile(r"(?<=[gzo]l)(?:,?c|,)(?P<doubt>[uU])(?=l(?:$|[,;)]))")
"""A level behind others of which a finding is no more than doubted: "mild at L3-4, questionable at L4-5"."""


def join_leading(line: Line) -> None:
    """Joins levels that lead what is said of them all: "At L1-2 and at L2-3, there is no stenosis"."""
    found = _LEVELS_JOINED.search(line.speech)
    if found is not None:
        line.join_levels(found.start("first"), found.end("first"), found.end("second"))


def join_graded_discs(line: Line) -> None:
    """Makes one list of levels whose discs have a grade each: "bulges at L3-4 (mild), L4-5 (severe)"."""
    found = _GRADED_DISCS.search(line.speech)
    if found is not None:
        line.join_levels(found.start(), found.start() + 1, found.end())


def part_graded(line: Line) -> None:
    """Puts a comma between levels with a grade in brackets each: "L4-5 (severe) > L3-4 (mild)"."""
    for found in reversed([*_NOT_PARTED.finditer(line.speech)]):
        line.turn(
            found.start(), line.tags[found.start()], line.tags[found.start()]._replace(meaning=COMMA, rule="")
        )


def grade_exceptions(line: Line) -> None:
    """Puts each grade before its level: "There are two exceptions: L3-4 (mild) and L4-5 (moderate).".

    So it is of what the sentence before has denied, or, in a ranking, of what is worse elsewhere.
    """
    if _EXCEPTED.fullmatch(line.speech) is None and _RANKED.fullmatch(line.speech) is None:
        return
    order: list[int] = []
    done = 0
    for entry in _ENTRY.finditer(line.speech):
        order += [
            *range(done, entry.start()),
            *range(*entry.span(entry.lastgroup or 0)),
            entry.start("level"),
        ]
        done = entry.end()
    order += range(done, len(line.tags))
    line.keep([at for at in order if line.speech[at] not in "zwD"])


def part_ranks(line: Line) -> None:
    """Puts a comma before what comes next in a ranking: "where it is severe followed by L3-4, moderate".

    "Followed by L3-4 with moderate stenosis" is of what is ranked, as "followed by L3-4 moderate" is.
    """
    for at in range(len(line.tags) - 1, -1, -1):
        if line.tags[at].rule not in RANKS:
            continue
        if (shown := _SHOWS.match(line.speech, at + 1)) is not None:
            line.put(at + 2, shown.end(), range(*shown.span("grade")))
        if at and line.speech[at - 1] in "gzlrhHxt)":
            line.turn(at, line.tags[at]._replace(meaning=COMMA, rule=""), line.tags[at])


def except_once_more(line: Line) -> None:
    """Leaves out each level that "where" tells of: "except at L5-S1, where ..., and at L4-5, where ..."."""
    first = _FIRST_EXCEPTED.search(line.speech)
    for found in _NEXT_EXCEPTED.finditer(line.speech, first.end()) if first is not None else ():
        line.turn(found.start(), line.tags[found.start()]._replace(meaning=EXCEPT))


def read_marks(line: Line) -> None:
    """Makes grades of the signs before levels: "canal stenosis (+) at L3-4, (-) at L4-5"."""
    listed = _MARKED.search(line.speech)
    for mark in reversed([*_MARK.finditer(line.speech, *listed.span())]) if listed is not None else ():
        at = mark.start("mark")
        there = NONE if line.speech[at] == "-" else PRESENT
        line.turn(at, line.tags[at]._replace(meaning=there))
        line.put(*mark.span(), [at])


def doubt_level(line: Line) -> None:
    """Says that something is there behind a doubt alone: "mild at L3-4, questionable at L4-5"."""
    found = _DOUBTED.search(line.speech)
    if found is not None:
        tag = line.tags[at := found.start("doubt")]
        line.turn(at, tag._replace(meaning=DOUBT), tag._replace(meaning=UNGRADED))


def join_those(line: Line) -> None:
    """Joins the level of "as are those at" to the one before; with none before it is that of an "also at"."""
    found = _THOSE_TOO.search(line.speech)
    if found is None or not any(tag.rule == THOSE_OF for tag in line.tags[found.start() : found.end()]):
        return
    if found["next"]:
        line.turn(0, line.tags[0]._replace(meaning=SAME, rule=ALSO_AT))
        line.put(1, 2)
    elif found["first"]:
        line.join_levels(found.start("first"), *found.span("those"))
    else:
        line.join_levels(found.start("list"), *found.span("with"))


def say_again(line: Line) -> None:
    """Joins one more level to the one before, or to what was said before it: "the same at L4-5"."""
    same = _SAME_AT.search(line.speech)
    at = same.start("same") if same is not None else 0
    if same is None or line.tags[at].meaning.value == "as at":
        pass  # "L5-S1: mild arthropathy, as at L4-5"
    elif same["first"]:
        line.join_levels(same.start("first"), same.start("join"), at + 2)
    else:
        line.turn(at, line.tags[at]._replace(meaning=AND, rule="connectors/and"))
        line.put(same.start("join"), at)
    for at in range(len(line.tags) - 1, 0, -1):  # "mild canal stenosis, also at L4-5 a bulge": a mere "at"
        if line.tags[at].rule == ALSO_AT:
            line.put(at, at + 1)


def part_last(line: Line) -> None:
    """Ends a list of levels before its last, which begins a clause without a stop."""
    found = _SECOND_CLAUSE.search(line.speech)
    at = found.start(found.lastgroup or 0) if found is not None else 0
    listed = line.tags[at]
    if found is None or listed.levels is None or listed.levels.span != "list":
        return
    levels = listed.levels.levels
    first, last = mention_of(levels[:-1]), mention_of(levels[-1:])
    line.turn(
        at,
        listed._replace(meaning=Meaning("l", first.span), levels=first),
        listed._replace(meaning=COMMA, rule="", levels=None),
        listed._replace(meaning=AND, rule="connectors/and", levels=None),
        listed._replace(meaning=Meaning("l", last.span), levels=last),
    )


def put_level_first(line: Line) -> None:
    """Makes a level of all before it: "bulges at L3-4 and L4-5 with canal and foraminal stenosis at L4-5".

    So is one in "narrowing at L3-4 and L4-5, severe on the right and mild on the left at L4-5".
    """
    for form in _AT_ONE:
        if (found := form.search(line.speech)) is None:
            continue
        start, at = found.start("what"), found.start("one")
        every, one = line.tags[found.start("all")].levels, line.tags[at].levels
        if every and one and set(one.levels) < set(every.levels):
            line.put(start, at + 1, [at, *range(start, at)])


def part_joined(line: Line) -> None:
    """Parts levels of which the last begins a clause: "It is mild at L2-3 and at L4-5 is severe."."""
    for match in reversed([*_NEXT_CLAUSE.finditer(line.speech)]):
        at = match.start("list")
        tag = line.tags[at]
        if tag.levels is None or tag.levels.span != "list":
            continue
        if match["reaches"] and line.tags[at + 1].rule != _EXTENT:
            continue
        *rest, last = tag.levels.levels
        one = tag._replace(levels=mention_of((last,)), meaning=LEVEL)
        others = mention_of(tuple(rest))
        before = tag._replace(levels=others, meaning=Meaning("l", others.span))
        line.turn(at, before, tag._replace(meaning=AND, levels=None), one)


def join_slips(line: Line) -> None:
    """Joins the levels of several slips: "retrolisthesis of L2 on L3 and of L3 on L4 without stenosis"."""
    found = _SLIPS.search(line.speech) if "cpl" in line.speech else None
    if found is not None and line.tags[found.start()].meaning.value == "slip":
        first = found.start("levels")
        line.join_levels(first, first + 1, found.end())


def leave_worse(line: Line) -> None:
    """Drops that a level is worse, where its grade comes next: "L4-5 is worse, I would call it severe"."""
    found = _LEVEL_IS_WORSE.match(line.speech) if "lv" in line.speech[:4] else None
    if found is None or (found["worse"][0] == "w" and line.tags[found.start("worse")].rule != WORSE):
        return
    if found["close"]:
        line.put(*found.span("close"))
    line.put(*found.span("worse"))
