"""Words that stand between what belongs together and say nothing there: they are passed over.

An adverb between a verb and its value ("is clearly patent", "is felt to be narrowed"), "for" before a level,
"resultant" between a grade and its noun, the adjective of a canal before another space ("spinal foramina").
What is passed over is told by the signs around it and by the rule that read the word; a word of another rule,
and one at another place, keeps its part. Two levels that nothing parts but an "and" become one list, and a
denial behind several nouns goes before them ("canal and foraminal stenosis are not seen").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from labeling.levels import mention_of
from labeling.linking.asides import one_list
from labeling.linking.parts import AND, COMMA, NO, NONE, signs_of
from labeling.tagging import Tag, speech_of
from lexicons.meanings import Meaning

_UNKNOWN = "?"
_SIGN_OF_RULE = {
    "": _UNKNOWN,
    "distractors/done": _UNKNOWN,
    "distractors/extent": _UNKNOWN,
    "distractors/tells": _UNKNOWN,
    "distractors/overlooks": _UNKNOWN,
    "distractors/at-first": _UNKNOWN,
    "distractors/for": "4",
    "connectors/resultant": "<",
    "distractors/interspace": "_",
    "distractors/disc": "=",
    "connectors/of": "0",
    "distractors/by": "@",
    "change/changed-to": "!",
    "change/as": "~",
    "references/both-levels": "2",
    "references/kind": "8",
    "references/every": "3",
    "normal/nothing-wrong": "&",
    "references/all-imaged": "$",
    "distractors/versus": "^",
    "connectors/arising-from": "^",
    "change/then": "5",
    "negation/resolution-of": "6",
    "distractors/counterpart": "%",
    "distractors/concave": "7",
    "distractors/convex": "7",
    "references/at-both": "9",
    "connectors/exception-is": "Z",
    "connectors/renders-it": "J",
    "distractors/operated-for": "F",
    "distractors/not-as": "I",
}
"""A sign of its own for a word that may be passed over, by the rule that read it."""
_MARKS = frozenset(_SIGN_OF_RULE.values())
_SPOKEN = frozenset("weBpXKqDnEvo")
"""Parts of speech of such words."""

_DOER = r"@[gz]?[de]{1,2}"
_AND = r"(?:,?c|[,;])"
_OTHERS = rf"(?:[e=]{{1,2}}{_AND}){{1,4}}"
_SPACES = rf"r?s(?:{_AND}r?[s=e]){{0,4}}"
_PASSED = (
    # What stands in the group "kept" stays.
    # the foramina, unlike the canal, are narrowed
    re.compile(r"(?<=[sfx]),\^r?s,(?=v)"),
    # the left foramen is clearly patent; is, in their opinion, moderately narrowed
    re.compile(r"(?<=v)(?:\?{1,3}|,[?b]{1,4},)(?=n?[gz]{0,2}[gzoH])"),
    # the left is now patent, with no word of what it was before
    re.compile(r"(?P<kept>^[^gzoGXPD!;]{0,30}v)!(?=[gz]{0,2}[oOH])"),
    # the left recess, which harbours severe narrowing
    re.compile(r"(?<=[skx],W)\?{1,2}(?=[gz]{1,2}h)"),
    # the left recess that we cleaned out is open
    re.compile(r"(?<=s)W\?{2,4}(?=v[gz]{0,2}[oH])"),
    # canal and bony foramina; both bony foramina
    re.compile(r"(?:^|(?<=[^\?de<!vHhxlB]))\?{1,2}(?=s)|(?<=[sfk]c)\?{1,2}(?=rs)"),
    # Then, at L4-5 there is
    re.compile(r"(?:^|(?<=[;\u2022]))5,"),
    # complete resolution of the severe stenosis
    re.compile(r"(?<=6)[gz]{1,2}"),
    # at the fused levels L3-4 and L4-5; at L3-4 and L4-5, the fused levels
    re.compile(r"8(?:,(?=l(?:$|[,;)]))|-?(?=l))|(?<=l),\??8(?=$|[,;)v])"),
    # the levels above are all normal; L1-2 and L2-3: all normal
    re.compile(r"(?:(?<=[lq]v)|(?<=[lq]Wv))3(?=[oO])|(?:(?<=[lqW])|(?<=[lqW][:-]))3(?=[oO](?:$|[,;)]))"),
    # no pathology of the disc, canal and foramina; nothing wrong with disc or canal
    re.compile(rf"(?P<kept>O[0pi]{{1,2}}|&){_OTHERS}(?={_SPACES}(?:v\??)?(?:$|[;)l]))"),
    # At the disc levels: L1-2: ...
    re.compile(r"(?:^|(?<=\u2022))\$:(?=l)"),
    # on the concave left side
    re.compile(r"7(?=r)"),
    # Their right-sided counterparts are patent, of the levels of the sentence before
    re.compile(r"^\?(?=r%)"),
    re.compile(r"(?P<kept>^\??r)%"),
    # mild left and no relevant right foraminal stenosis
    re.compile(r"(?<=n)\?(?=r[sf])"),
    # mild stenosis, more severe than at L4-5, where it is severe
    re.compile(r"z(?=\^)"),
    # mild for L3-4, for L4-5 severe
    re.compile(r"(?:^|(?<=[gzoHhtxrsf,;c\u2022(-]))4(?=[lq])"),
    # mild in L3-4, narrowed in L4-5 by a bulge; but "narrowing of L4-5 disc space"
    re.compile(r"(?:(?<=[gzHhxtorfcuUKO;])|(?<=[gzr],))0(?=[lq](?:$|[^resfkjd_=]))"),
    # mild resultant canal stenosis
    re.compile(r"(?<=[gznr])<(?=r?[?fshx])"),
    # moderate canal stenosis at the L4-5 interspace; moderate at the L3-4 disc and severe at the L4-5 disc
    re.compile(
        r"(?:(?<=[sf]hl)|(?<=xl)|(?<=[sf]Hl)|(?<=gl)|(?<=[gr],l))[_=](?=$|[,;)vW]|,?c[gzor]{1,3}l)|(?<=[sk]l)[_=](?=v)"
    ),
    # at both levels, L3-4 and L4-5; both at L3-4 and at L4-5 there is
    re.compile(r"2,?(?=l)|9(?=l,?cl)"),
    # the foramina are, with one exception, patent; that exception is the left, moderately narrowed
    re.compile(r"(?<=v),b?Z,(?=[oO])|[bWE](?=Z)|(?<=Z)[,:0p]"),
    # The only exception is L5-S1
    re.compile(r"(?:^|(?<=\u2022))[cbW?]{0,3}Z(?=[,:]?[gz]{0,2}r?[sl])"),
    # mild canal narrowing after decompression of severe stenosis: what was there before
    re.compile(r"F(?:[gz]{0,3}r?(?:[sf](?:,?cr?[sf])?)?h|r?s(?!v))?"),
    # it is the right foramen which is narrowed and the left which is not
    re.compile(r"(?<=[cb]r)W(?=vn(?:$|[,;)]))"),
    # the right is not so bad, mild
    re.compile(r"(?<=v)I[?w]?,?(?=[gz]{1,2}(?:$|[,;)rl]))"),
    # the canal is small; a bulge renders it severely stenotic
    re.compile(r"(?:^|(?<=[,;:cW\u2022]))[gz]?[dew?]{1,3}(?=J[gz]{0,2}H)"),
    # rated as mild on the right and as moderate on the left
    re.compile(r"(?<=[cv:,hHx-])~(?=[gz])"),
    # a cyst arising from the right facet joint narrows the right recess
    re.compile(r"(?<=[de])\^r?s[lq]?(?=,?W?[gz]{0,2}i)"),
    # narrowing by fat is mild; the left narrowed by bone, the right patent
    re.compile(r"(?<=[hH])[?@]e(?=v[gz]|,r[gzo])"),
    # narrowed at L3-4 by a bulge and mildly at L4-5 by a spur; narrowed by a spur, right mildly by a bulge
    re.compile(rf"(?<=[Hhgz]l){_DOER}(?={_AND}[gzo]{{1,2}}l)|(?<=[Hhgz]){_DOER}(?={_AND}r[gzo])"),
    re.compile(rf"(?:(?<=[,;c][gz]l)|(?<=[,;c]r[gz])){_DOER}(?=$|[,;)lc])"),
)


_LEVELS_JOINED = re.compile(
    # At L1-2 and at L2-3, there is no stenosis; bulges at L3-4 and at L4-5, mildly encroaching on the canal
    r"(?:^[\u2022-]*|(?<=[dehHtx]))(?P<first>l),?c(?P<second>l)(?=,?[gz]{0,2}[iB]|,W|W(?!v)|(?<=^lcl)(?:,|b)|(?<=^l,cl)(?:,|b))"
)
"""Levels that a clause might begin between, had it anything to say of the first."""


_GRADED_DISC = r"l\([gz]{1,3}\)(?:(?:,?c|,)l\([gz]{1,3}\)){1,4}"
_GRADED_DISCS = re.compile(
    rf"(?:(?<=[de])|(?<=[de][p,])){_GRADED_DISC}(?=,?[gz]{{0,2}}[iBW]|,?b[nrgz]{{0,3}}[sfk]|$)"
    rf"|(?:^|(?<=\u2022)){_GRADED_DISC}(?=[gz]{{0,2}}d)"
)
_NOUNS_DENIED = r"(?=[sfrc,]*h)r?[sf]h?(?:(?:,?c|,)r?[sf]h?){1,3}|hp{1,2}r?s(?:,?cp{0,2}r?s){1,3}"
_NARROWING = r"[gz]{0,2}(?:r?[sf](?:,?cr?[sf]){0,3})?h(?:p{1,2}r?s(?:,?cp{0,2}r?s){0,3})?(?:p?g)?"
_DENIED_BEHIND = re.compile(
    r"(?:^[\u2022-]*(?:l[:-]?)?|(?<=[;:,b-]))(?P<what>"
    # canal stenosis or foraminal narrowing is not seen
    rf"z?(?:{_NOUNS_DENIED})(?=v.(?:$|[,;)lq]|p{{1,2}}r?s))"
    # stenosis is absent in the canal or foramina; stenosis of severe degree is not found in the canal
    r"|[gz]{0,2}h(?:p?g)?(?=v?.p{1,2}r?s)"
    # severe stenosis not present; narrowing of the canal of severe degree is not seen
    rf"|(?=[zsfrhcp,]*g){_NARROWING}(?=[v:]?.(?:$|[,;)lqc])))"
    r"(?P<is>[v:]?)(?P<none>[on])"
)
_BUT_NOT = re.compile(r"(?:(?<=[gzhHxtr]l)|(?<=,l)|(?<=[lr],[gz]))(?:,?[bc]|,)(?P<not>n)(?=l(?:$|[,;)]))")
"""A level after others: "narrowed at L3-4 but not at L4-5"."""
_NOT_AT = re.compile(r"(?:^|(?<=\u2022))l,?(?P<not>[cb]nl),?(?P<what>[^;:l]*[gzohH][^;:l]*)$")
"""The same before what is said: "at L3-4 and not at L4-5 the canal is narrowed"."""
_SECOND_CLAUSE = re.compile(
    r"(?:v[gz]{0,2}[ogzH]|v[gz]{1,2}H|[gz]{1,2}[sf]h)(?P<list>l)(?=v(?:[gz]|o$)|[gz]{1,2}h$|[gz]{1,2}h[,;)])"
)
"""The last of two levels has a verb of its own: "the canal is normal at L3-4 and L4-5 is severely narrow"."""
_NEITHER_LEVEL = re.compile(
    r"(?P<what>[gz]{0,2}(?:r?[sf](?:,?cr?[sf]){0,3})?[hHx](?:p{1,2}r?s(?:,?cp{0,2}r?s){0,3})?)?"
    r"(?P<levels>nl,?(?P<nor>c)l)"
)
_STOPS = frozenset({"", ",", ";", ")"})
_OTHERWISE = "references/otherwise"
_AT_REST = "references/at-remaining"
_NORMAL_REST = re.compile(r"[\u2022-]*(?P<normal>o)q(?=$|[;,)])")
_WHOLE = frozenset({"normal/normal", "normal/good"})
"""Words that call a level normal as a whole, as "patent" does not: "otherwise okay", "regular otherwise"."""
_ALONE = re.compile(r"[\u2022-]*(?:q,?[oQ]|oq)[,;]?")
"""Nothing else is said: "Otherwise adequate."; "Otherwise none." is of what was told last."""
_NONE = "normal/none"
_OTHERWISE_NORMAL = Meaning("Q", "otherwise normal")
_NOT_THERE = frozenset({"normal/none", "normal/not-seen", "normal/neither-side"})
_AT_ONE = re.compile(
    r"[de](?P<all>l)(?:,[^,;:l]*)?,?[bB](?P<what>[gz]{0,2}r?[sf][^l,;:bB]*h(?:,[^l,;:bB]*)?,?c[^l,;:bB]*h)(?P<one>l)$"
)
"""What a disc at several levels causes, and the one level where it does."""
_SAME_AT = re.compile(
    r"(?:(?<=[gzohHtxrsde])(?P<first>l)(?:w[gz]?[de]{1,2})?|(?<=[hHtxsg]))(?P<join>[;,]c?|c)(?P<same>K)"
    r"(?=l(?:$|[;)]|,(?!n?[gzor]{0,4}[sfxhHtgzo])))"
)
"""One more level: "moderate canal stenosis at L3-4; the same at L4-5", "narrowed at L3-4, also at L4-5"."""
_SAME_ON = re.compile(r"(?<=[gzhHx])r(?:[;,]c?|c)Kr(?=$|[,;)lq])")
_BOTH_SIDES = Meaning("r", "both")
_ALSO_AT = "change/also-at"
_SAME = Meaning("K", "same")
_THOSE = "connectors/those-of"
_THOSE_TOO = re.compile(
    r"(?P<first>l)\)?(?:v[^,;:lqc]*)?(?P<those>[;,]?c?AWl|[;,]c?WlK)(?=$|[;,)])"
    r"|(?<=s)(?P<list>l)(?P<with>,?cWl)(?=v)|^(?P<next>AW)l(?=$|[;,)])"
)
"""The structures of one more level: "the foramina at L5-S1 are patent, as are those at L4-5"."""
_BOTH_ARE = "connectors/both-they-are"
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
_OR_WORSE = re.compile(
    r"n(?P<what>z?(?:r?[sf](?:(?:,?c|,)r?[sf]){0,3})?h(?:p{1,2}r?s(?:,?cp{0,2}r?s){0,3})?)"
    r"(?P<between>l?(?:[pv,]|W?v)|l)?(?P<grade>g)(?=$|[,;)lqbw])"
)
"""A grade and all above it behind the noun that is denied: "no stenosis of moderate degree or worse"."""


def passed(tags: Sequence[Tag]) -> tuple[list[Tag], list[int]]:
    """The tags that are left, and the number of each in `tags`."""
    signs = signs_of(tags, _SIGN_OF_RULE, _SPOKEN)
    none = _MARKS.isdisjoint(signs) and "v," not in signs and "Wvn" not in signs
    left = list(range(len(tags))) if none else list(numbers_left(signs))
    kept = [tags[number] for number in left]
    joined = _LEVELS_JOINED.search(speech_of(kept)) if "l" in signs else None
    if joined is not None:
        first, second = joined.start("first"), joined.start("second")
        kept[first] = one_list(kept[first], kept[second])
        del kept[first + 1 : second + 1], left[first + 1 : second + 1]
    if "l(" in signs:
        _join_graded_discs(kept, left)
    if signs.endswith("hl") and signs.count("l") > 1:
        _put_level_first(kept, left)
    if "g" in signs:
        _end_degrees(kept, left)
    if "q" in signs:
        _put_rest_first(kept, left)
        _call_rest_normal(kept, left)
    if "r" in signs:
        _part_sides(kept, left)
        _name_both_sides(kept, left)
    if "Kr" in signs:
        _same_side(kept, left)
    if "Wl" in signs:
        _join_those(kept, left)
    if "nl" in signs:
        _put_denied_last(kept, left)
        _deny_level(kept)
        _deny_both_levels(kept, left)
    if "lv" in signs or "lg" in signs:
        _part_levels(kept, left)
    if "Kl" in signs:
        _say_again(kept, left)
    if "n" in signs and any(tag.rule.endswith("-or-worse") for tag in kept):
        _deny_or_worse(kept, left)
    return _denied_first(kept, left)


def _join_graded_discs(tags: list[Tag], numbers: list[int]) -> None:
    """Makes one list of levels whose discs have a grade each: "bulges at L3-4 (mild), L4-5 (severe)"."""
    found = _GRADED_DISCS.search(speech_of(tags))
    if found is None:
        return
    start, end = found.span()
    levels = [tag for tag in tags[start:end] if tag.meaning.speech == "l"]
    for other in levels[1:]:
        levels[0] = one_list(levels[0], other)
    tags[start:end] = levels[:1]
    del numbers[start + 1 : end]


def _say_again(tags: list[Tag], numbers: list[int]) -> None:
    """Joins one more level to the one before, or to what was said before it: "the same at L4-5"."""
    same = _SAME_AT.search(speech_of(tags))
    if same is not None and tags[same.start("same")].meaning.value == "as at":
        same = None  # "L5-S1: mild arthropathy, as at L4-5"
    if same is not None and same["first"]:
        first, at = same.start("first"), same.start("same")
        tags[first] = one_list(tags[first], tags[at + 1])
        del tags[same.start("join") : at + 2], numbers[same.start("join") : at + 2]
    elif same is not None:
        at = same.start("same")
        tags[at] = replace(tags[at], meaning=AND, rule="connectors/and")
        del tags[same.start("join") : at], numbers[same.start("join") : at]
    for at in range(len(tags) - 1, 0, -1):  # "mild canal stenosis, also at L4-5 a bulge": a mere "at"
        if tags[at].rule == _ALSO_AT:
            del tags[at], numbers[at]


def _same_side(tags: list[Tag], numbers: list[int]) -> None:
    """Joins the other side to the one before: "moderate on the right and to the same degree on the left"."""
    found = _SAME_ON.search(speech_of(tags))
    if found is not None:
        first, end = found.span()
        tags[first:end] = [replace(tags[first], meaning=_BOTH_SIDES)]
        del numbers[first + 1 : end]


def _put_level_first(tags: list[Tag], numbers: list[int]) -> None:
    """Makes a level of all before it: "bulges at L3-4 and L4-5 with canal and foraminal stenosis at L4-5"."""
    found = _AT_ONE.search(speech_of(tags))
    if found is None:
        return
    first, start, at = found.start("all"), found.start("what"), found.start("one")
    every, one = tags[first].levels, tags[at].levels
    if every and one and set(one.levels) < set(every.levels):
        tags[start : at + 1] = [tags[at], *tags[start:at]]
        numbers[start : at + 1] = [numbers[at], *numbers[start:at]]


def _end_degrees(tags: list[Tag], numbers: list[int]) -> None:
    """Parts a degree, which is of what stands before it, from another noun: "to a mild degree by a bulge"."""
    for behind in range(len(tags) - 1, 0, -1):
        if tags[behind - 1].rule.endswith("-degree"):
            at = behind + (tags[behind].meaning.speech == "l")
            if at < len(tags) and tags[at].meaning.speech in {"w", "d", "e"}:
                tags.insert(at, replace(tags[at], meaning=COMMA))
                numbers.insert(at, numbers[at])


def _put_rest_first(tags: list[Tag], numbers: list[int]) -> None:
    """Puts the remaining levels before the word that a sentence begins with: "Regular the other levels."."""
    found = _NORMAL_REST.match(speech_of(tags))
    if found is None:
        return
    at = found.start("normal")
    rest = tags[at + 1]
    if tags[at].rule in _WHOLE and rest.meaning.value == "remaining" and rest.rule != _AT_REST:
        tags[at], tags[at + 1] = tags[at + 1], tags[at]
        numbers[at], numbers[at + 1] = numbers[at + 1], numbers[at]


def _call_rest_normal(tags: list[Tag], numbers: list[int]) -> None:
    """Makes one of "otherwise" and a word of normality beside it that a stop parts from any noun."""
    at = next((i for i, tag in enumerate(tags) if tag.rule == _OTHERWISE), -1)
    if at < 0:
        return
    alone = _ALONE.fullmatch(speech_of(tags)) is not None and not any(tag.rule == _NONE for tag in tags)
    behind = at + 1 + (speech_of(tags[at + 1 : at + 2]) == ",")
    first, last, normal = at, behind, behind
    if not _is_whole(tags, behind, alone):
        first, last, normal = at - 1, at, at - 1
    if normal >= 0 and _is_whole(tags, normal, alone) and speech_of(tags[last + 1 : last + 2]) in _STOPS:
        tags[first : last + 1] = [replace(tags[normal], meaning=_OTHERWISE_NORMAL)]
        numbers[first : last + 1] = [numbers[normal]]


def _is_whole(tags: Sequence[Tag], at: int, alone: bool) -> bool:
    """Whether a word is one that calls a level normal; `alone`, with no noun, any word of normality does."""
    said = tags[at : at + 1]
    return bool(said) and (said[0].meaning.speech in ("oOQ" if alone else "OQ") or said[0].rule in _WHOLE)


def _part_sides(tags: list[Tag], numbers: list[int]) -> None:
    """Parts "the stenosis is mild on the left and the right foramen is patent" before the second side."""
    at = next((i for i, tag in enumerate(tags) if tag.rule in _SIDE_AND_SIDE), 0)
    parts = _SIDES_PART if "-and-the-" in tags[at].rule else _SIDE_IS_TOLD
    if at and parts.search(speech_of(tags[max(at - 2, 0) : at + 3])):
        first, second = (
            replace(tags[at], meaning=Meaning("r", side)) for side in _SIDE_AND_SIDE[tags[at].rule]
        )
        tags[at : at + 1] = [first, replace(tags[at], meaning=COMMA), second]
        numbers[at : at + 1] = [numbers[at]] * 3


def _join_those(tags: list[Tag], numbers: list[int]) -> None:
    """Joins the level of "as are those at" to the one before; with none before it is that of an "also at"."""
    found = _THOSE_TOO.search(speech_of(tags))
    if found is None or not any(tag.rule == _THOSE for tag in tags[found.start() : found.end()]):
        return
    if found["next"]:
        tags[:2] = [replace(tags[0], meaning=_SAME, rule=_ALSO_AT)]
        del numbers[1]
        return
    at, those = ("first", "those") if found["first"] else ("list", "with")
    first, (begun, end) = found.start(at), found.span(those)
    second = next(tag for tag in tags[begun:end] if tag.levels is not None)
    tags[first] = one_list(tags[first], second)
    del tags[begun:end], numbers[begun:end]


def _put_denied_last(tags: list[Tag], numbers: list[int]) -> None:
    """Moves two levels of which the second is denied behind what is said of the first."""
    found = _NOT_AT.search(speech_of(tags))
    if found is not None:
        begun, end = found.span("not")
        order = (*range(*found.span("what")), found.start(), *range(begun, end))
        tags[found.start() :] = [tags[at] for at in order]
        numbers[found.start() :] = [numbers[at] for at in order]


def _part_levels(tags: list[Tag], numbers: list[int]) -> None:
    """Ends a list of levels before its last, which begins a clause without a stop."""
    found = _SECOND_CLAUSE.search(speech_of(tags))
    at = found.start("list") if found is not None else 0
    levels = tags[at].levels
    if found is None or levels is None or levels.span != "list":
        return
    first, last = (mention_of(part) for part in (levels.levels[:-1], levels.levels[-1:]))
    tags[at : at + 1] = [
        replace(tags[at], meaning=Meaning("l", first.span), levels=first),
        replace(tags[at], meaning=COMMA, rule="", levels=None),
        replace(tags[at], meaning=AND, rule="connectors/and", levels=None),
        replace(tags[at], meaning=Meaning("l", last.span), levels=last),
    ]
    numbers[at : at + 1] = [numbers[at]] * 4


def _name_both_sides(tags: list[Tag], numbers: list[int]) -> None:
    """Says "both sides are" behind two sides of one structure: "and at L5-S1 both are narrow"."""
    at = next((i for i, tag in enumerate(tags) if tag.rule == _BOTH_ARE), 0)
    findings = {tag.finding for tag in tags[:at] if tag.meaning.speech in "sfx" and tag.finding != "facet"}
    sides = {tag.meaning.value for tag in tags[:at] if tag.meaning.speech == "r"}
    if len(findings) == 1 and "canal" not in findings and sides >= {"right", "left"}:
        tags[at : at + 1] = [replace(tags[at], meaning=_BOTH_SIDES), tags[at]]
        numbers[at : at + 1] = [numbers[at]] * 2


def _deny_level(tags: list[Tag]) -> None:
    for match in _BUT_NOT.finditer(speech_of(tags)):
        at = match.start("not")
        if tags[at].meaning.value == "not":
            tags[at] = replace(tags[at], meaning=NONE)


def _deny_both_levels(tags: list[Tag], numbers: list[int]) -> None:
    """Makes a denial of one list of "neither L2-3 nor L5-S1 shows stenosis", before what it denies."""
    speech = speech_of(tags)
    found = _NEITHER_LEVEL.search(speech) if "c" in speech else None
    if found is None or tags[found.start("nor")].meaning.value != "nor":
        return
    start, end = found.span("levels")
    denied = found.start("what") if found["what"] else start
    if not found["what"] and speech[:start].strip("\u2022-b,;"):
        return
    levels = one_list(tags[start + 1], tags[end - 1])
    if found["what"]:  # "There is stenosis neither at L2-3 nor at L3-4"
        order = [start, *range(denied, start), start + 1]
    else:
        is_ = (
            [end] if speech[end : end + 1] == "v" and speech[end + 1 : end + 2] not in {"s", "f", "r"} else []
        )
        order = [start + 1, *is_, start]
        end += speech[end : end + 1] == "v"
    kept = [levels if at == start + 1 else tags[at] for at in order]
    tags[denied:end], numbers[denied:end] = kept, [numbers[at] for at in order]


def _deny_or_worse(tags: list[Tag], numbers: list[int]) -> None:
    """Moves "moderate or worse" behind its noun between the denial and the noun."""
    found = _OR_WORSE.search(speech_of(tags))
    if found is not None and tags[at := found.start("grade")].rule.endswith("-or-worse"):
        begun, end = found.span("what")
        kept = [*range(begun, end), *(i for i in range(end, at) if tags[i].levels is not None)]
        tags[begun : at + 1] = [tags[at], *(tags[i] for i in kept)]
        numbers[begun : at + 1] = [numbers[at], *(numbers[i] for i in kept)]


def _denied_first(tags: list[Tag], numbers: list[int]) -> tuple[list[Tag], list[int]]:
    """A denial behind several nouns goes before them, where it reaches all."""
    speech = speech_of(tags)
    found = _DENIED_BEHIND.search(speech) if "n" in speech or "o" in speech else None
    if found is None:
        return tags, numbers
    begun, end, at = found.start("what"), found.end("what"), found.start("none")
    if tags[at].rule not in _NOT_THERE and (found["is"] != ":" or tags[at].meaning.value != "no"):
        return tags, numbers
    if found["is"] == ":" and begun > 1 and tags[begun - 2].meaning.speech in "hx":
        return tags, numbers  # "Canal stenosis: mild Foraminal stenosis: none"
    no = replace(tags[at], meaning=NO)
    tags = [*tags[:begun], no, *tags[begun:end], *tags[at + 1 :]]
    return tags, [*numbers[:begun], numbers[at], *numbers[begun:end], *numbers[at + 1 :]]


@lru_cache(maxsize=50_000)
def numbers_left(signs: str) -> tuple[int, ...]:
    """The numbers of the tags with these signs that are not passed over."""
    dropped: set[int] = set()
    for pattern in _PASSED:
        for match in pattern.finditer(signs):
            dropped.update(range(match.start() + len(match.groupdict().get("kept") or ""), match.end()))
    return tuple(at for at in range(len(signs)) if at not in dropped)
