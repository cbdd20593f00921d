"""Words that stand between what belongs together and say nothing there: they are passed over.

An adverb between a verb and its value ("is clearly patent", "is felt to be narrowed"), "for" before a level,
"resultant" between a grade and its noun, the adjective of a canal before another space ("spinal foramina").
What is passed over is told by the signs around it and by the rule that read the word; a word of another rule,
and one at another place, keeps its part. What is left is then brought to one order, a step at a time:
`labeling.rewriting.level_lists` joins and parts levels, `two_sides` sides, `roots` puts a space behind its
root, `denial_reach` moves denials before what they deny, `set_apart` parts words of value from a noun beside
them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from labeling.rewriting.denial_reach import (
    deny_abnormality,
    deny_all_before,
    deny_both_levels,
    deny_level,
    deny_or_worse,
    end_denial,
    put_denied_last,
)
from labeling.rewriting.level_lists import (
    doubt_level,
    except_once_more,
    grade_exceptions,
    join_graded_discs,
    join_leading,
    join_those,
    part_graded,
    part_last,
    part_ranks,
    put_level_first,
    read_marks,
    say_again,
)
from labeling.rewriting.line import Line
from labeling.rewriting.roots import put_space_behind_root
from labeling.rewriting.set_apart import (
    call_rest_normal,
    call_study_normal,
    call_whole_normal,
    deny_of_subject,
    end_degrees,
    part_here_from_others,
    part_others,
    put_rest_first,
)
from labeling.rewriting.sided_lists import open_sided_list
from labeling.rewriting.two_sides import (
    grade_each_side,
    join_same_side,
    name_both_sides,
    part_sides,
    put_level_behind_side,
)
from labeling.rule_names import HELD_AGAINST, OPERATED_LEVELS, OPINIONS, RANKS
from labeling.speech.parts import signs_of

_UNKNOWN = "?"
_SIGN_OF_RULE = {
    "": _UNKNOWN,
    "distractors/done": _UNKNOWN,
    "distractors/she": "C",
    "distractors/extent": _UNKNOWN,
    "distractors/tells": _UNKNOWN,
    "distractors/told-of": _UNKNOWN,
    "distractors/overlooks": _UNKNOWN,
    "distractors/at-first": _UNKNOWN,
    "distractors/for": "4",
    "connectors/resultant": "<",
    "distractors/interspace": "_",
    "distractors/disc": "=",
    "connectors/of": "0",
    "distractors/by": "@",
    "change/changed-to": "!",
    **dict.fromkeys(OPINIONS, "!"),
    "change/as": "~",
    "references/both-levels": "2",
    "references/kind": "8",
    OPERATED_LEVELS: "8",
    "references/adjacent": "8",
    "references/every": "3",
    "normal/nothing-wrong": "&",
    "references/all-imaged": "$",
    **dict.fromkeys(HELD_AGAINST, "^"),
    "connectors/arising-from": "1",
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
    "distractors/counted-in": "#",
    **dict.fromkeys(RANKS, "T"),
}
"""A sign of its own for a word that may be passed over, by the rule that read it."""
_MARKS = frozenset(_SIGN_OF_RULE.values())
_SPOKEN = frozenset("weBpXKqDnEvo")
"""Parts of speech of such words."""

_LAST_PARTED = re.compile(r"l[vgX,(]")
"""What a list may be parted before, whose last level begins a clause."""
_DOER = r"@[gz]?[de]{1,2}"
_BESIDE = (
    r"(?:[bBX@0p]|\?(?=[0p]))[gzp?w0]{0,4}(?:et|[de?]|h[p0]{1,2}e)(?:,?[pc0]?[gzw?]{0,2}(?:et|[de])){0,2}"
)
"""What comes with a narrowing at its level: "mild at L4-5 with short pedicles"."""
_AND = r"(?:,?c|[,;])"
_OTHERS = rf"(?:[e=]{{1,2}}{_AND}){{1,4}}"
_COUNTED = r"(?:l(?:,?cl){0,3}#|c?W?[#0]l(?:,?cl){0,3})"
"""Levels that are counted among others: "T12-L1 included", "and that includes T12-L1"."""
_SPACES = rf"r?s(?:{_AND}r?[s=e]){{0,4}}"
_PASSED = (
    # What stands in the group "kept" stays.
    # As for the foramina, she is open on the right
    re.compile(r"(?<=Ks,)C(?=v)"),
    # the foramina, unlike the canal, are narrowed
    re.compile(r"(?<=[sfx]),\^r?s,(?=v)"),
    # the left foramen is clearly patent; is, in their opinion, moderately narrowed
    re.compile(r"(?<=v)(?:\?{1,3}|,[?b!>0~@43]{1,6},)(?=n?[gz]{0,2}[gzoH])"),
    # the left is now patent, with no word of what it was before
    re.compile(r"(?P<kept>^[^gzoGXPD!;]{0,30}v)!(?=[gz]{0,2}[oOH])"),
    # the left recess, which harbours severe narrowing
    re.compile(r"(?<=[skx],W)\?{1,2}(?=[gz]{1,2}h)"),
    # it is the left foramen that suffers, this being severely narrowed
    re.compile(r"(?<=[skx])W\?{1,2}(?=,W?v[gz]{0,2}[HoO])"),
    # the left recess that we cleaned out is open
    re.compile(r"(?<=s)W\?{2,4}(?=v[gz]{0,2}[oH])"),
    # canal and bony foramina; both bony foramina
    re.compile(r"(?:^|(?<=[^\?de<!vHhxlB]))\?{1,2}(?=s)|(?<=[sfk]c)\?{1,2}(?=rs)"),
    # the foramina strike nobody as bad anywhere but at L4-5, where they are moderately narrowed
    re.compile(r"(?<=s)(?=[nvK~]{0,3}[?w])[nvK~?w]{1,6}q?,?E(?=[0p]?l,?Wv(?:[gz]{0,2}H|[gz]))"),
    # the spine looks normal to me
    re.compile(r"(?<=[oO])!(?=$|[,;)])"),
    # On that side I would put it at moderate
    re.compile(r"(?:^|(?<=[,;]))(?P<kept>r)!(?=[gz]{1,2}(?:$|[,;)]))"),
    # Then, at L4-5 there is
    re.compile(r"(?:^|(?<=[;\u2022]))5,"),
    # severe at L4-5, then mild at L3-4
    re.compile(
        r"(?:(?<=[l)],)|(?<=[l)];)|(?<=[lg)]c)|(?<=[^,]g,)|(?<=[l)],c)|(?<=[^,]g,c))5(?=g{1,2}l(?:$|[,;)c]))"
    ),
    # complete resolution of the severe stenosis
    re.compile(r"(?<=6)[gz]{1,2}"),
    # at the fused levels L3-4 and L4-5; at L3-4 and L4-5, the fused levels
    # mild adjacent segment foraminal stenosis on the left at L3-4
    re.compile(
        r"8(?:,(?=l(?:$|[,;)]))|-?(?=l)|(?=[sf]{0,2}(?:c[sf]{1,2})?[dhHtx]{1,2}(?:[bgpwz?]|r(?!v)){0,3}l))|(?<=l),\??8(?=$|[,;)v])"
    ),
    # mild at L4-5, and none at all at L5-S1
    re.compile(r"(?<=o)3(?=l|$|[,;)])"),
    # the levels above are all normal; L1-2 and L2-3: all normal
    re.compile(r"(?:(?<=[lq]v)|(?<=[lq]Wv))3(?=[oO])|(?:(?<=[lqW])|(?<=[lqW][:-]))3(?=[oO](?:$|[,;)]))"),
    # no pathology of the disc, canal and foramina; nothing wrong with disc or canal
    re.compile(rf"(?P<kept>O[0pi]{{1,2}}|&){_OTHERS}(?={_SPACES}(?:v\??)?(?:$|[;)l]))"),
    # every other level, T12-L1 included, is normal; elsewhere, including T12-L1, no stenosis
    re.compile(rf"(?<=[q3$])(?:,{_COUNTED}(?:,(?=[vo])|(?=,))|\({_COUNTED}\))"),
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
    # canal as in L3-4, as in the level above
    re.compile(r"(?<=[shtx:v,][~K])[0p](?=[lq](?!,?W))"),
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
    # it is only at L4-5 that it is narrowed, to a moderate degree
    re.compile(r"(?:^|(?<=[,;cb\u2022]))v(?=lWv[gz]{0,2}H)|(?<=vl)W(?=v[gz]{0,2}H)"),
    # facet arthropathy, not as bad as at L4-5, mild; though not as bad as at L4-5, but still moderate
    re.compile(r"(?<=[hHtx],)b?(?:I|[z?]\^)l,(?:b|cv)?(?=g{1,2}(?:$|[,;)]))"),
    # the right is not so bad, mild
    re.compile(r"(?<=v)I[?wb]?,?(?=[gz]{1,2}(?:$|[,;)rl]))"),
    # the canal is small; a bulge renders it severely stenotic
    re.compile(r"(?:^|(?<=[,;:cW\u2022]))[gz]?[dew?]{1,3}(?=J[gz]{0,2}H)"),
    # rated as mild on the right and as moderate on the left
    re.compile(r"(?<=[cv:,hHx-])~(?=[gz])"),
    # a cyst arising from the right facet joint narrows the right recess
    re.compile(r"(?<=[de])1r?s[lq]?(?=,?W?[gz]{0,2}i)"),
    # narrowing by fat is mild; the left narrowed by bone, the right patent
    re.compile(r"(?<=[hH])[?@]e(?=v[gz]|,r[gzo])"),
    # narrowed at L3-4 by a bulge and mildly at L4-5 by a spur; narrowed by a spur, right mildly by a bulge
    re.compile(rf"(?<=[Hhgz]l){_DOER}(?={_AND}[gzo]{{1,2}}l)|(?<=[Hhgz]){_DOER}(?={_AND}r[gzo])"),
    # filling of the left foramen by the tumour, which is severely narrowed
    re.compile(rf"(?<=s)(?:{_DOER})(?=,W[vX]{{1,2}}[gz]{{1,2}}H(?:$|[,;)wK]))"),
    # canal: mild stenosis at L4-5 with short pedicles, otherwise adequate
    re.compile(rf"(?<=[Hhgzr]l){_BESIDE}(?=,?[bc]?q(?:[noO]|po))"),
    re.compile(rf"(?:(?<=[,;c][gz]l)|(?<=[,;c]r[gz])){_DOER}(?=$|[,;)lc])"),
)


def pass_over(line: Line) -> None:
    """Drops what is passed over, and brings what is left to one order."""
    signs = signs_of(line.tags, _SIGN_OF_RULE, _SPOKEN)
    if not _MARKS.isdisjoint(signs) or "v," in signs or "Wv" in signs or "q" in signs:
        line.keep(numbers_left(signs))
    _bring_to_order(line, signs)


def _bring_to_order(line: Line, signs: str) -> None:
    """Joins, parts and moves what is left, a step at a time; `signs` tell which steps may have work."""
    if "l" in signs:
        _order_levels(line, signs)
    if "g" in signs:
        end_degrees(line)
    if "s" in signs and "e" in signs:
        put_space_behind_root(line)
    if "lw" in signs or "Rvo" in signs or "Y" in signs:
        call_whole_normal(line)
        call_study_normal(line)
    if "q" in signs:
        deny_of_subject(line)
        put_rest_first(line)
        part_others(line)
        part_here_from_others(line)
        call_rest_normal(line)
    if "r" in signs:
        _order_sides(line, signs)
    if "Wl" in signs:
        join_those(line)
    if "nl" in signs:
        put_denied_last(line)
        deny_both_levels(line)
    if "nl" in signs or "nq" in signs:
        deny_level(line)
    if _LAST_PARTED.search(line.speech) is not None:
        part_last(line)
    if "Kl" in signs:
        say_again(line)
    if "n" in signs:
        deny_abnormality(line)
        deny_or_worse(line)
        end_denial(line)
    deny_all_before(line)


def _order_sides(line: Line, signs: str) -> None:
    """Parts and joins sides, and what grades them."""
    if "a(" in signs or "r(" in signs:
        grade_each_side(line)
    part_sides(line)
    put_level_behind_side(line)
    name_both_sides(line)
    if "Kr" in signs:
        join_same_side(line)


def _order_levels(line: Line, signs: str) -> None:
    """Joins and moves levels, and what grades or doubts them."""
    join_leading(line)
    if "rl" in signs or "lr" in signs or "lpr" in line.speech:
        open_sided_list(line)
    if ")l" in signs:
        read_marks(line)
        part_graded(line)
    if "ul" in signs or "Ul" in signs:
        doubt_level(line)
    if "T" in signs:
        part_ranks(line)
    if "Z" in signs or signs.lstrip("\u2022-")[:2] in {"zl", "Tl"}:
        grade_exceptions(line)
    if "E" in signs and "W" in signs:
        except_once_more(line)
    if "l(" in signs:
        join_graded_discs(line)
    if signs.count("l") > 1 and ("hl" in signs or "l," in signs):
        put_level_first(line)


@lru_cache(maxsize=50_000)
def numbers_left(signs: str) -> tuple[int, ...]:
    """The numbers of the tags with these signs that are not passed over."""
    dropped: set[int] = set()
    for pattern in _PASSED:
        for match in pattern.finditer(signs):
            dropped.update(range(match.start() + len(match.groupdict().get("kept") or ""), match.end()))
    return tuple(at for at in range(len(signs)) if at not in dropped)
