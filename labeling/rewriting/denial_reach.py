"""Denials put where they reach what they deny: before several nouns, behind what is said of another level.

"Canal and foraminal stenosis are not seen" denies both, "at L3-4 and not at L4-5 the canal is narrowed" but
one of two levels, and "no stenosis of moderate degree or worse" no more than a grade.
"""

from __future__ import annotations

import re

from labeling.rewriting.line import Line, one_list
from labeling.speech.parts import NO, NONE, SEMICOLON
from lexicons.meanings import Meaning

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
_NOT_THERE = frozenset({"normal/none", "normal/absent", "normal/not-seen", "normal/neither-side"})
_BUT_NOT = re.compile(
    r"(?:(?<=[gzhHxtr][lq])|(?<=,[lq])|(?<=[lqr],[gz])|(?<=[lq][gz]))(?:,?[bc]|,)(?P<not>n)(?=[lq](?:$|[,;)]))"
)
"""A level after others: "narrowed at L3-4 but not at L4-5", "mild at the first but not at the second"."""
_NOT_AT = re.compile(r"(?:^|(?<=\u2022))l,?(?P<not>[cb]nl),?(?P<what>[^;:l]*[gzohH][^;:l]*)$")
"""The same before what is said: "at L3-4 and not at L4-5 the canal is narrowed"."""
_NEITHER_LEVEL = re.compile(
    r"(?P<what>[gz]{0,2}(?:r?[sf](?:,?cr?[sf]){0,3})?[hHx](?:p{1,2}r?s(?:,?cp{0,2}r?s){0,3})?)?"
    r"(?P<levels>nl,?(?P<nor>c)l)"
)
_OR_WORSE = re.compile(
    r"n(?P<what>z?(?:r?[sf](?:(?:,?c|,)r?[sf]){0,3})?h(?:p{1,2}r?s(?:,?cp{0,2}r?s){0,3})?)"
    r"(?P<between>l?(?:[pv,]|W?v)|l)?(?P<grade>g)(?=$|[,;)lqbw])"
)
"""A grade and all above it behind the noun that is denied: "no stenosis of moderate degree or worse"."""

_OWN_DOUBT = re.compile(r"nz?[sf]h,?(?P<joint>c)(?=ur?[sf]h|r[sf]hU)")
"""What is doubted behind what is denied: "no canal stenosis and left foraminal stenosis is suspected"."""

_ABNORMALITY = "distractors/abnormality"
_NOTHING_OF = re.compile(
    r"n[gz]?(?:[ed]{1,2}(?:,?c|,)){0,4}r?[sf](?:(?:,?c|,)r?[sf]){0,4}(?P<what>w)(?=$|[,;)lqbv])"
)
"""Spaces of which an abnormality is denied: "no disc, canal or foraminal abnormality"."""
_NARROWING_OF = Meaning("h", "narrowing")


def deny_abnormality(line: Line) -> None:
    """Takes an abnormality of a space for a narrowing where it is denied, as that is denied with it."""
    found = _NOTHING_OF.search(line.speech) if "fw" in line.speech or "sw" in line.speech else None
    if found is not None and line.tags[found.start("what")].rule == _ABNORMALITY:
        at = found.start("what")
        line.turn(at, line.tags[at]._replace(meaning=_NARROWING_OF))


def end_denial(line: Line) -> None:
    """Ends a denial before what is suspected, as that is not denied: "and possible foraminal stenosis"."""
    found = _OWN_DOUBT.search(line.speech) if "hc" in line.speech or "h,c" in line.speech else None
    if found is not None and line.tags[found.start("joint")].meaning.value == "and":
        at = found.start("joint")
        line.turn(at, line.tags[at]._replace(meaning=SEMICOLON))


def put_denied_last(line: Line) -> None:
    """Moves two levels of which the second is denied behind what is said of the first."""
    found = _NOT_AT.search(line.speech)
    if found is not None:
        level = found.start()
        line.put(level, found.end(), [*range(*found.span("what")), level, *range(*found.span("not"))])


def deny_level(line: Line) -> None:
    """Makes a denial of "not" behind a level and before another: "narrowed at L3-4 but not at L4-5"."""
    for match in _BUT_NOT.finditer(line.speech):
        at = match.start("not")
        if line.tags[at].meaning.value == "not":
            line.turn(at, line.tags[at]._replace(meaning=NONE))


def deny_both_levels(line: Line) -> None:
    """Makes a denial of one list of "neither L2-3 nor L5-S1 shows stenosis", before what it denies."""
    speech = line.speech
    found = _NEITHER_LEVEL.search(speech) if "c" in speech else None
    if found is None or line.tags[found.start("nor")].meaning.value != "nor":
        return
    no, end = found.span("levels")
    first = no + 1
    begun = found.start("what") if found["what"] else no
    if not found["what"] and speech[:no].strip("\u2022-b,;"):
        return
    line.tags[first] = one_list(line.tags[first], line.tags[end - 1])
    if found["what"]:  # "There is stenosis neither at L2-3 nor at L3-4"
        line.put(begun, end, [no, *range(begun, no), first])
    elif speech[end : end + 1] != "v":
        line.put(begun, end, [first, no])
    else:
        keeps_verb = speech[end + 1 : end + 2] not in {"s", "f", "r"}
        line.put(begun, end + 1, [first, end, no] if keeps_verb else [first, no])


def deny_or_worse(line: Line) -> None:
    """Moves "moderate or worse" behind its noun between the denial and the noun."""
    worse = any(tag.rule.endswith("-or-worse") for tag in line.tags)
    found = _OR_WORSE.search(line.speech) if worse else None
    if found is not None and line.tags[at := found.start("grade")].rule.endswith("-or-worse"):
        begun, end = found.span("what")
        levels = [i for i in range(end, at) if line.tags[i].levels is not None]
        line.put(begun, at + 1, [at, *range(begun, end), *levels])


def deny_all_before(line: Line) -> None:
    """Moves a denial behind several nouns before them, where it reaches all."""
    speech, tags = line.speech, line.tags
    found = _DENIED_BEHIND.search(speech) if "n" in speech or "o" in speech else None
    if found is None:
        return
    begun, end, at = found.start("what"), found.end("what"), found.start("none")
    if tags[at].rule not in _NOT_THERE and (found["is"] != ":" or tags[at].meaning.value != "no"):
        return
    if found["is"] == ":" and begun > 1 and tags[begun - 2].meaning.speech in "hx":
        return  # "Canal stenosis: mild Foraminal stenosis: none"
    line.turn(at, tags[at]._replace(meaning=NO))
    line.put(begun, at + 1, [at, *range(begun, end)])
