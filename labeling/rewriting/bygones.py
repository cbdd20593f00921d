"""Clauses that tell of an earlier time only, and say nothing of a cell: they are not read.

"The recesses are mildly narrowed, left and right alike, where before surgery they were obliterated" says no
more than its first half, and "mildly narrowed as in 2018" no more than "mildly narrowed". A clause of what
was stands behind something that is; it begins or ends with a time, gives a value, and goes on to no "now".
A comparison is "as" and a time.
"""

from __future__ import annotations

import re
from functools import lru_cache

from labeling.rewriting.line import Line
from labeling.rule_names import DONE, HELD_AGAINST, OPINIONS, STUDY, WAS
from labeling.speech.parts import THEN, signs_of
from lexicons.meanings import Meaning

_SIGN_OF_RULE = {
    "change/then": "5",
    "change/as": "=",
    "connectors/as-is": "=",
    "distractors/as-told": "=",
    "change/once": "6",
    "change/prior": "6",
    "change/formerly": "6",
    "change/versus": "7",
    "change/compared": "7",
    **dict.fromkeys(HELD_AGAINST, "^"),
}
"""A sign of its own for "then", which may go on in a list, for "as", "previously", "versus", "than" ..."""
_SPOKEN = frozenset("DPKAw")
"""Parts of speech of such words."""
_TIMES = frozenset("DP")
_TIME = r"(?:[D56](?:c(?=$|[,;)]))?)"
"""A year, and the next one: "in 2019 and 2021"."""
_SAID = r"(?:[wpfsrhHgzoGiden6D]|c(?=r?[gzhHo]))"
_BODY = rf"(?=[^,;:)]*[gzohHG])(?:{_SAID}|v){{1,12}}"
"""A clause with a value."""
_NO_VERB = rf"(?=[^,;:)]*[gzohHG]){_SAID}{{1,12}}"
_JOINT = r"(?:[,;]c?|[c(])w?"
_BEFORE_IT = r"D,?(?=[rs]{0,2}[v6])"
"""Before surgery they were."""
_WAS = re.compile(
    r"(?<=[^,;:(])(?:"
    # narrowed on both sides, where before surgery they were obliterated
    rf"(?:{_JOINT}[bW]?|[bW]){_BEFORE_IT}{_BODY}"
    # whereas they had been obliterated; having been narrow; but "previously noted stenosis is gone"
    rf"|(?:{_JOINT})?[bW]6{{1,2}}(?:r?s)?v?{_NO_VERB}|{_JOINT}6{{1,2}}v?(?![gz]*[sf]?h[pvl]){_NO_VERB}"
    # as against patent in 2019
    rf"|,?7[gz]{{0,2}}[gzhHo]r?{_TIME}"
    # though it was patent at baseline; but "wider than in 2019"
    rf"|(?:{_JOINT}[bW]?|[bW])(?=r?[sr]?h?v){_BODY}(?<![\^K=]){_TIME}"
    # but not: the canal, which was narrow in 2019, is now patent
    # or: the canal at L2-3 (formerly patent) is now narrow
    r")(?=$|;|\)(?![vX])|,(?!c?b?v)[^;X]*(?:$|;))"
)
_SEEN = re.compile(
    # the severe stenosis seen before surgery has been relieved; the one of 2020 is gone
    # the severe stenosis of the preoperative study has been relieved; but not: was said to be normal
    rf"(?<=[hxlr])(?:,?Wvw?)?(?:p(?=v?o)|pw?(?:{_TIME}w?){{1,2}},?(?=v?o)"
    rf"|w?(?:{_TIME}w?){{1,2}},?(?=vo|(?<!6)o))"
)
_CALLED = r"v?[6P]{1,2}v?(?:[gz]{1,2}[hH]|o)"
_IS_NOW = r"(?=w{0,2}X?w?v?[w=]?X?(?:g{1,2}H(?!p?[lr]|w?[sedkfxt])|g{1,2}(?:$|[,;)])))"
"""What is so: "but is severely stenotic", ", but today it is mild", "but I see it as moderately narrowed"."""
_SUBJECT = r"(?:^|(?<=[;\u2022]))(?:l:)?[lrsp]{1,4}h?l?"
_SAID_BEFORE = re.compile(
    # L4-5 was said to be normal, but is severely stenotic; L4-5, which was called mildly stenotic, is ...
    rf"{_SUBJECT}(?P<was>,?W?(?:{_CALLED}|v?6?Pg{{1,2}}|v?w?o|v?[w=]?g{{1,2}}H)"
    rf"(?:(?:,?c|[,;])(?=w?v)|[,;]?b,?){_IS_NOW})"
    # L4-5 was reported as normal, but there is severe canal stenosis
    rf"|(?:^|(?<=[;\u2022]))[lrsp]{{1,4}}(?P<then>{_CALLED})(?=,?bX?b?X?g{{1,2}}(?:r?[sf])?h)"
)
_AS_THEN = rf"w?=[vwbe]{{0,4}}6?{_TIME}{{1,2}}"
_AS = re.compile(
    # narrowed as in 2018; mild, much as it was on the last study
    rf"(?<=[gzohHxtrlq]),?{_AS_THEN}(?=$|[,;)cblrq(-])"
    # as seen before, the left foramen is narrow
    rf"|(?:^|(?<=[:;\u2022-])){_AS_THEN},"
)
_ONCE = r"W?v?(?:[PD]{1,2}n?[gzo]{0,2}[hH]?D?|n?[gzoO]{1,2}[hH]?[PD])"
"""What was: formerly patent, which was once narrow, severe in 2020, not narrowed before."""
ONCE_BEFORE_VERB = rf"(?<=[rsfkhHtxlq])(?:,{_ONCE}(?:,?[cb]{_ONCE})?,|\({_ONCE}\)|-{_ONCE}-)(?=X?v|X[gzoH])"
"""The same set off before a verb, once the rest is in order: "the left, formerly patent, is now narrowed"."""

_SO = r"(?P<said>n?[gz]{0,2}[hHo]|[gz]{1,2}(?=$|[,;)(lrpbcDP-]))"
_SET_IN = re.compile(
    rf"(?P<was>[vP])(?:(?P<sign>[,(-])?(?P<then>[DP])(?(sign)[,)-]){_SO}"
    r"|(?P<before>n?[gz]{0,2}[hHo]|[gz]{1,2})[,(-](?P<behind>[DP])[)-]?(?=$|[,;bc]))"
)
"""An earlier time set apart beside its verb: "was, before surgery, narrow", "was narrow, formerly"."""
_FIRST = "distractors/at-first"
_WAS_BESIDE = re.compile(r"v(?:n?[gz]{0,2}[hHo]|[gz]{1,2})?[,(-]?$")
_IN_ASIDE = re.compile(r"(?<=[,(])w(?=[gz]{0,2}[gzHo][,)])")
"""The canal, initially severely narrowed, is now patent."""
_ENDS_ASIDE = re.compile(r"[,(][gz]{0,2}[gzHo]w(?=[,)])")
"""The canal, severely narrowed at first, is now patent."""
_PRIOR = Meaning("P", "prior")

_CALLED_SO = re.compile(
    r"(?<=[sfxhH])(?:[rlp]{0,3}(?<=[rl]))?(?P<was>,?W?(?P<verb>v?)[vPKw]{0,3}n?(?:[gz]{0,3}[oH]|[gz]{1,3}))"
    r"w{0,3}[,;]?[bc]?,?$"
)
"""What it was called, behind its name: "the canal was graded as patent, but | I find it narrow"."""
_TOLD_AS = "change/told-as"
_ANOTHER_SAYS = re.compile(r"Xn?[gz]{0,3}[ogzH][lqr]?w{0,3},?[bc;]?,?$")
"""What another reader says: "the radiologist calls it mild, but | I would call it severe"."""
_MY_VALUE = re.compile(r"w{0,2}v?(?=n?(?:[gz]{0,3}[oH]|[gz]{1,3})(?![gzhsfkxedt]))")

_KEY = r"P{1,3}[PwcpRDm-]{0,8}(?<=[wDc-])(?:\([wD]{0,3}\))?:"
_TOLD_THEN = r"(?:[gzonrlsfxhHtdepbB,c-]|\([gzolr]{1,2}\))"
_KEYED = re.compile(
    # mild (prior MRI: severe); (compared with the MRI of 2017: severe); but not "(...: improved, mild)"
    rf"(?P<aside>\((?:{_KEY}|D:){_TOLD_THEN}{{1,60}}(?:\)|$))"
    # canal stenosis (prior MRI: severe, now: mild); prior MRI: severe, | this MRI: mild
    rf"|(?<=[(,;:])(?P<then>{_KEY}{_TOLD_THEN}{{1,9}}[,;]c?(?=X|(?P<now>[Ww]{{0,2}}w:)))"
    # mild stenosis, prior MRI: severe
    rf"|(?P<behind>[,;]{_KEY}{_TOLD_THEN}{{1,30}}(?=$|;|,[wed]{{1,3}}:))"
)
"""What an earlier study showed, behind its name and a colon."""
_COMPARED = "change/compared"
_THIS_STUDY = frozenset({STUDY, DONE})


def drop_keyed(line: Line) -> None:
    """Drops what an earlier study showed, told behind its name: "mild (prior MRI: severe)".

    Out of brackets "compared with the prior study:" begins what is found now.
    """
    if "P" not in line.speech and "(D" not in line.speech:
        return
    for found in reversed([*_KEYED.finditer(line.speech)]):
        start, end = found.span(found.lastgroup or 0)
        if found["now"] is not None and line.tags[found.end("now") - 2].rule in _THIS_STUDY:
            end = found.end("now")
        if found["aside"] is not None or all(tag.rule != _COMPARED for tag in line.tags[start:end]):
            line.put(start, end)


def drop_overruled(line: Line) -> None:
    """Drops what something was called where the reader finds it otherwise: "I find it narrow"."""
    for at in [at for at, tag in enumerate(line.tags) if tag.rule in OPINIONS][::-1]:
        another = _ANOTHER_SAYS.search(line.speech, 0, at)
        if another is not None and line.tags[another.start()].rule == _TOLD_AS:
            line.put(*another.span())
            continue
        called = _CALLED_SO.search(line.speech, 0, at)
        found = _MY_VALUE.match(line.speech, at + 1)
        if called is not None and found is not None:
            line.put(called.start("was"), found.end(), range(*called.span("verb")))


def drop_bygones(line: Line) -> None:
    """Drops what tells of an earlier time only."""
    speech = line.speech
    called = "gH" in speech and ("l" in speech or "b" in speech)
    if not called and _TIMES.isdisjoint(speech) and "po" not in speech and "pvo" not in speech:
        return
    if not _TIMES.isdisjoint(speech):
        _date_what_was(line)
    left = still_said(signs_of(line.tags, _SIGN_OF_RULE, _SPOKEN))
    if len(left) < len(speech):
        line.keep(left)


def date_first(line: Line) -> None:
    """Takes "initially" beside "was", or before a value set apart, for an earlier time."""
    for at in [at for at, tag in enumerate(line.tags) if tag.rule == _FIRST]:
        was = _WAS_BESIDE.search(line.speech, 0, at)
        ends = any(found.end() == at + 1 for found in _ENDS_ASIDE.finditer(line.speech))
        if ends or (was is not None and line.tags[was.start()].rule == WAS):
            line.turn(at, line.tags[at]._replace(meaning=THEN))
        elif _IN_ASIDE.match(line.speech, at) is not None:
            line.turn(at, line.tags[at]._replace(meaning=_PRIOR))


def _date_what_was(line: Line) -> None:
    """Puts an earlier time behind what was so then: "was, before surgery, severely narrowed"."""
    found = _SET_IN.search(line.speech)
    if found is None or (found["was"] == "v" and line.tags[found.start()].rule != WAS):
        return  # "the canal is, in 2024, severely narrowed"
    then, said = ("then", "said") if found["said"] else ("behind", "before")
    at = found.start(then)
    if found[then] == "P":
        if then == "then" and not found["sign"]:
            return  # "was formerly severely narrowed"
        line.turn(at, line.tags[at]._replace(meaning=THEN))
    line.put(found.start() + 1, found.end(), [*range(*found.span(said)), at])


@lru_cache(maxsize=50_000)
def still_said(signs: str) -> tuple[int, ...]:
    """The numbers of the tags with these signs that are read."""
    dropped: set[int] = set()
    for pattern in (_AS, _WAS, _SEEN, _SAID_BEFORE):
        for match in pattern.finditer(signs):
            dropped.update(range(*match.span(match.lastgroup or 0)))
    return tuple([at for at in range(len(signs)) if at not in dropped])
