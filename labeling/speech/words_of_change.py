"""Words for what was, what changed and what is the same, by the words beside them.

"Previously" behind a finding and before a stop dates it; "the same foramina" are those at the levels named
before; "too" is one more structure but for "too small".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.speech.neighbours import are_several, beside, goes_on, is_called, is_of_study, is_one_more
from labeling.speech.parts import AND, AS_AT, IS, NO, OF, SILENT, THEN, THESE, Decisions
from labeling.tagging import WORD, Tag, speech_of
from lexicons.meanings import Meaning

_DUE_TO = Meaning("b", "due to")
_LESION = re.compile(r"[bcwgz]{0,4}[de]")
_COPULA = "connectors/is"
_SAID = re.compile(r"s[lqrv]{0,3}[hH]r?$")
_ALSO = Meaning("A", "also")
_CALLED = re.compile(
    r"(?:(?<=[sfhHxl])|(?<=[sfhHxl],))P[gz]{1,3}[^,;:sfhHx]{0,8}(?:,v|v[wpX]{0,3}[gz]{1,3}(?![sf]))"
)
_AGAINST = re.compile(r"[gz]{0,2}[hHx]")
_GRADE_AND_PLACE = re.compile(r"[gz]{1,2}[Hh]?[rl]")
_GRADED_SPACE = re.compile(r"r?s[rlq]{0,3},?(?:b|[uXwv]{0,3}v)?[wX]?[un]?[gz]{0,3}[gzoH]")
_TOLD_NORMAL = re.compile(r"[sl]Po[pqlr]{0,5}$")
_UNGRADED = re.compile(r"(?:^|[,;\u2022-]|l[:-]?)b?r?(?:s[hHt]?|fh|x)[:v]?$")
_LEVEL_LAST = re.compile(r"[lq](?:$|[,;)])")
_LEVEL_FIRST = re.compile(r"[\u2022-]*(?:l[v:,-]{0,2})?")
_AS_REGARDS = re.compile(r"lp{1,2}r?s(?:cr?s)?(?:$|[,;)])")
_LEVEL_THERE = re.compile(r"[lq](?!,?W)")
_INSIDE = frozenset({"connectors/of", "connectors/of-the"})
_LIKE_ANOTHER = re.compile(r"r?(?:s[hHt]?|fh|x)Kp?[lq]")
"""Behind "same": "the same facet arthrosis as at L3-4"."""
_OF_LESION = re.compile(r"[\u2022-]*l[:-][wdepgzrc]*,|.*[sxhHt],")


def is_graded_anew(tags: Sequence[Tag], at: int) -> bool:
    """Whether the structure behind "same" has a grade of its own: "the same foramen is mildly narrowed"."""
    before, after = speech_of(tags[max(at - 1, 0) : at]), speech_of(tags[at + 1 : at + 9])
    return _GRADED_SPACE.match(after) is not None or (before == "p" and after[:1] == "s")


def parts_places(tags: Sequence[Tag], at: int) -> bool:
    """Whether a grade and another side or level follow: "severe at L4-5, compared with mild at L3-4"."""
    held = _GRADE_AND_PLACE.match(speech_of(tags[at + 1 : at + 5]))
    if held is None:
        return False
    place = tags[at + held.end()]
    before = [(tag.meaning, tag.levels) for tag in tags[:at] if tag.meaning.speech == place.meaning.speech]
    return bool(before) and before[-1] != (place.meaning, place.levels)


def denies_narrowing(tags: Sequence[Tag], at: int) -> bool:
    """Whether a narrowing is what "rather than" takes back, and no grade: "moderate rather than mild"."""
    speech = speech_of(tags)
    return _AGAINST.match(speech, at + 1) is not None and speech[at - 1 : at] in {"w", "o"}


def names_level(tags: Sequence[Tag], at: int) -> bool:
    """Whether a level follows, or the one above or below: "Canal as in L3-4."; not "L3-4, where ..."."""
    if _LEVEL_THERE.match(speech_of(tags[at + 1 : at + 4])) is None:
        return False
    return tags[at + 1].meaning.speech == "l" or tags[at + 1].meaning.value in {"above", "below"}


def is_like(tags: Sequence[Tag], at: int) -> bool:
    """Whether a structure with no grade of its own is like that of a level: "Foramina similar to L3-4."."""
    speech = speech_of(tags)
    if _AS_REGARDS.match(speech, at + 1) is not None and _LEVEL_FIRST.fullmatch(speech, 0, at):
        return names_level(tags, at)  # "L5-S1: similar to L4-5 as regards the canal"
    return (
        names_level(tags, at)
        and _UNGRADED.search(speech, 0, at) is not None
        and (_LEVEL_LAST.match(speech, at + 1) is not None)
    )


def is_dated_behind(tags: Sequence[Tag], at: int) -> bool:
    """Whether "previously" stands behind what was found, with nothing after it but a level or "and ..."."""
    before, after = beside(tags, at)
    return before in {"l", "H", "h", "g"} and (
        after in {"", ",", ";", ")"}
        or (after == "l" and before in {"H", "h"})
        or (after == "c" and before == "g")
    )


def copies(tags: Sequence[Tag], at: int) -> bool:
    """Whether "as" stands between a level and another one: "L3/4: as L4/5", "L3/4: dry disc, as L4/5".

    Or between a structure and a level: "facets as L4/5", "facets as in L4/5".
    """
    before = beside(tags, at)[0]
    inside = at + 1 < len(tags) and tags[at + 1].rule in _INSIDE
    behind_disc = before == "," and _OF_LESION.fullmatch(speech_of(tags[:at])) is not None
    return (before in {"", "l", ":", "-", "v", "s", "h", "t", "x"} or behind_disc) and names_level(
        tags, at + inside
    )


CHANGES: Decisions = {
    # "severe on the left versus mild on the right", "severe at L4-5, compared with mild at L3-4"
    "change/versus": lambda tags, at: AND if parts_places(tags, at) else None,
    "change/compared": lambda tags, at: AND if parts_places(tags, at) else None,
    # "The canal is widened rather than narrowed"
    "change/rather-than": lambda tags, at: NO if denies_narrowing(tags, at) else None,
    # "no canal stenosis at any level from disc bulges"
    "change/changed-from": lambda tags, at: (
        _DUE_TO if at and speech_of(tags[at + 1 : at + 2]) in {"d", "e"} else None
    ),
    # "a similar but smaller bulge"
    # and "likewise on the right", of one more side, but "the recesses likewise on both sides"
    "change/likewise": lambda tags, at: (
        WORD
        if _LESION.match(speech_of(tags[at + 1 :]))
        else _ALSO
        if is_one_more(tags, at + 1) and speech_of(tags[max(at - 1, 0) : at]) != "s"
        else None
    ),
    # "the same foramina are patent on the right", at the levels named before
    # and "on the right the same foramen is narrow", at the level named before
    # and "the same facet arthrosis as at L3-4"
    "change/same": lambda tags, at: (
        WORD
        if _LIKE_ANOTHER.match(speech_of(tags[at + 1 : at + 6]))
        else THESE
        if are_several(tags, at + 1)
        else WORD
        if is_graded_anew(tags, at)
        else _ALSO
        if is_one_more(tags, at + 1)
        else None
    ),
    # "the right too", but "too small" and "foramina compromised bilaterally too"
    "change/too": lambda tags, at: (
        None
        if at and tags[at - 1].meaning.speech in "rs" and not _SAID.search(speech_of(tags[:at]))
        else WORD
    ),
    # "As for L3-4, the canal is patent", but "L2-3: as for L3-4"
    "change/as-for": lambda _tags, at: None if at else OF,
    # "the foramina are too", but "are too narrow"
    "change/is-too": lambda tags, at: IS if goes_on(tags, at) else None,
    # "and the same goes for the foramina"
    "change/same-applies": lambda tags, at: _ALSO if is_one_more(tags, at + 1) else None,
    # "severe stenosis was seen at L4-5 previously", "mild previously, now severe"
    "change/formerly": lambda tags, at: THEN if is_dated_behind(tags, at) else None,
    "change/prior": lambda tags, at: THEN if is_dated_behind(tags, at) else None,
    # "The MRI was interpreted as showing moderate stenosis"
    "change/was-said": lambda tags, at: WORD if is_of_study(tags[:at]) else None,
    # "the canal was reported as patent at all levels"
    "change/was-reported": lambda tags, at: (
        WORD if is_of_study(tags[:at]) or _TOLD_NORMAL.match(speech_of(tags), at - 1) is not None else None
    ),
    # "the narrowing, called severe in May, is moderate"
    # and "L3-4 is said to be normal"
    "change/called": lambda tags, at: (
        SILENT
        if speech_of(tags[max(at - 2, 0) : at + 2]) in {"lvPo", "qvPo"} and tags[at - 1].rule == _COPULA
        else None
        if _CALLED.match(speech_of(tags), at)
        else IS
        if is_called(tags, at)
        else WORD
    ),
    # "narrowing of the canal, to be called mild"
    "distractors/deemed": lambda tags, at: IS if is_called(tags, at) else None,
    # "L3/4: as L4/5 as regards the canal"
    # "Foramina similar to L3-4", but "severe narrowing, similar to L3-4"
    "distractors/similar-versus": lambda tags, at: AS_AT if is_like(tags, at) else None,
    "change/as": lambda tags, at: None if copies(tags, at) else WORD,
}
