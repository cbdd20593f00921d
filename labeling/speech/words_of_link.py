"""Verbs, pronouns and joints, by the words beside them.

"There" behind a stenosis is where it is, and begins a clause elsewhere; an arrow is a colon behind a level,
"now" between two grades and a verb behind a structure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.rule_names import ARE_NOW, NEXT_IS, OF_BOTH, RANKS, THEY_ARE, WAS
from labeling.speech.neighbours import beside, is_one_more, is_space, stands_between
from labeling.speech.parts import (
    AS_AT,
    BOTH,
    COLON,
    COMMA,
    EXCEPT,
    IS,
    NO,
    NORMAL,
    OF,
    SAME,
    SILENT,
    THESE,
    THIS,
    UNGRADED,
    WHICH,
    Decisions,
)
from labeling.tagging import WORD, Tag, speech_of
from lexicons.meanings import Meaning

_PRIOR = Meaning("P", "prior")
_NOW = Meaning("X", "changed to")
_DENIED_LEVELS = re.compile(r"(?:^|[,;:b\u2022-])(?:n[qlR]?|[on]pq)v?$")
"""No other level is | with stenosis."""
_NOR = Meaning("c", "nor")
_SAID_THERE = re.compile(r"sb(?:[gz]{0,3}[oH](?!p?[rl]?[sfxhHd])|[gz]{1,3}(?:$|[,;)]))")
_NARROW_THEN = re.compile(r"[gz]{0,2}H")
_NARROWING = frozenset({"heads/narrowing-it", "heads/compromise-it", "heads/obliteration-it"})
_GRADED = re.compile(r"[gzo][^;:l]{0,10}[,(;]$")
_OF_BEFORE = re.compile(r"[gzo]{1,3}[hHt]?r?(?:$|[,;)D])")
_BARE_HEAD = re.compile(r"(?<![sf])[gz]{0,2}h$")
_CLAUSE_END = re.compile(r"l?(?:$|[,;)])")
_TWO_SPACES = re.compile(r"[sf]h?,?cr?[sf]")
_RESOLVED = "normal/resolved"
_AFTER_DENIAL = re.compile(r"n[^;:ogH]{1,8}[hH][lqw]{0,2}$")
_IS_THERE = re.compile(r"[gz]{0,2}(?:r?(?:[sf](?:,?c[sf])?[hH]|[sf]$)|hp)")
_GRADED_NOUN = re.compile(
    r"(?:(?P<of>[gz]{1,2})r?(?:[sf](?:,?c?r?[sf]){0,3})?[hHxt](?:p{1,2}r?s)?|[hx][lr]?(?:v?X|v)(?P<is>[gz]{1,2}))"
    r"r?(?P<place>l?)X?,?[Wbc]$"
)
"""A narrowing with its grade, and a joint: "there is now severe stenosis, which"."""
_WAS_SO = re.compile(
    r"(?:n?[gz]{1,3}(?:(?:r?s|f)?h|H|(?=[,;bcrlv]))|[Ho])(?:p{1,2}r?s)?(?P<place>[rl]{0,2})(?:[,;][bc]?|[bc])?"
    r"(?:v?[gz]{1,3}[hH]?(?P<last>X)(?:$|[,;)])"
    r"|(?:[vb]?(?P<now>X)v?|(?P<again>[vb]))(?=n?(?:[gz]{1,3}(?:[hH]|$|[,;)(rlbc])|o)))(?P<next>[^,;]*)"
)
"""What was, and then what is: "was severely narrowed; it is now mild", ", and now is mild"."""
_GRADE_ALONE = re.compile(r"g{1,2}(?:$|[,;)rlbc])")
_CHANGED_TO, _WHERE = "change/changed-to", "connectors/where"
_DUE_TO = Meaning("b", "due to")
_NARROWED_SO = re.compile(r"[hH](?:[^;:sfxvd]{0,12}[lrqc,])?[gz]{1,2}r?[lq]?,?$")
"""A narrowing and its grade, behind it: "the canal is narrowed moderately | by facet hypertrophy"."""
_CAUSE = re.compile(r"[gzrw]{0,3}(?:[de]|st|tp{1,2}s|Hs)")
_LEFT_OUT = re.compile(r"l(?:$|[,;):(W])|[:,(]l|$")
_ONE_LEFT_OUT = re.compile("l")
_PLACE_LEFT_OUT = re.compile(r"(?:r?l|lr)(?:$|[,;):(W])")
_ALL_CALLED_SO = re.compile(r"[:,s]qv?o$")
_BUT = ("connectors/but", "connectors/but-counted")
_ALL_LEVELS = frozenset({"all", "each level", "every"})
LOWEST = "references/lowest"
LAST = frozenset({"references/last", LOWEST, "distractors/lower", "distractors/lower-one"})
_AFTER_LAST = frozenset({"", *",;).(W"})
_RANKED = re.compile(r"l(?:$|[,;)c(g](?!b)|p?W(?=v))(?![bW]?[gzn]{0,3}r?[sfhxtd])")
"""A level of a ranking, with no finding of its own: "followed by L3-4, where it is moderate"."""
_ARE_LIKE = re.compile(r"(?:^|[;\u2022])b?l[:,-]?[wdet]{0,3}v[wz]?$")
_ANOTHER = re.compile(r"[lq](?!,?[Wv])")
"""A level and its verb, and the level that it is like: "at L4-5 the changes are | those of L3-4"."""
_VALUE_AT_END = re.compile(r"w?[KXv]|[gz]{1,3}(?:$|[,;)PDX])|o(?:$|[,;)])")


def is_apart(tags: Sequence[Tag], at: int) -> bool:
    """Whether it is a space alone that is spared, or its other side: "a bulge sparing the canal"."""
    behind = speech_of(tags[at + 1 :]).rstrip(";)")
    return at > 0 and (is_space(tags, at + 1) or behind == "r")


def is_narrowing(tags: Sequence[Tag], at: int) -> bool:
    """Whether a verb that narrows its object stands at `at`, or behind an adverb there."""
    after = next((tag for tag in tags[at : at + 3] if tag.meaning.speech not in "gzn"), None)
    return after is not None and after.rule in _NARROWING


def tells_of_before(tags: Sequence[Tag], at: int) -> bool:
    """Whether "was" and a grade stand behind a grade, with nothing after them: "now mild, was severe".

    So they do behind a narrowing that has another grade: "there is now severe stenosis, which was moderate".
    """
    speech = speech_of(tags)
    then = _OF_BEFORE.match(speech, at + 1)
    if then is None or _GRADED.search(speech, 0, at) is not None:
        return then is not None and tags[at].rule == WAS
    found = _GRADED_NOUN.search(speech, 0, at)
    if found is None or ("r" in then[0] and "X" not in speech[:at]):
        return False  # "mild narrowing of both foramina, which was severe on the left"
    if found["place"] and tags[at].rule != WAS:
        return False  # "mild stenosis at L3-4 and L4-5, where it was severe"
    now = tags[found.start("of" if found["of"] else "is")].meaning
    return (now.low, now.high) != (tags[at + 1].meaning.low, tags[at + 1].meaning.high)


def is_no_longer(tags: Sequence[Tag], at: int) -> bool:
    """Whether what was so is told anew: "the canal was severely narrowed; it is now only mildly so".

    Where a clause of what was leads, what is needs no "now": "where they were narrow, they are patent".
    """
    found = _WAS_SO.match(speech_of(tags[at + 1 : at + 17]))
    if found is None or set(found["place"]) & set(found["next"]):
        return False  # "there was mild stenosis at L4-5, and there is now moderate stenosis at L3-4"
    said = "last" if found["last"] else "now" if found["now"] else "again"
    then = tags[at + 1 + found.start(said)].rule
    if said != "again":
        return then == _CHANGED_TO
    leads = any(tag.rule == _WHERE for tag in tags[max(at - 6, 0) : at])
    return then == ARE_NOW or (leads and then == THEY_ARE)


def next_in_rank(tags: Sequence[Tag], at: int) -> Meaning | None:
    """Says that what is worse elsewhere is there too: "followed by L3-4 (moderate) and by L2-3 (mild)"."""
    if tags[at].rule not in RANKS and all(tag.rule != NEXT_IS for tag in tags[:at]):
        return None
    return UNGRADED if _RANKED.match(speech_of(tags[at + 1 : at + 9])) is not None else None


def points_at(tags: Sequence[Tag], at: int) -> bool:
    """Whether "this" or "that" stands between a verb or "of" and a structure."""
    before, after = beside(tags, at)
    return before in {"p", "i"} and after == "s"


def is_of_place(tags: Sequence[Tag], at: int) -> bool:
    """Whether "there" is where a stenosis is, and begins no clause: "the stenosis there is mild"."""
    before = tags[at - 1].meaning.speech if at else ""
    return before in {"h", "H", "x"} and _VALUE_AT_END.match(speech_of(tags[at + 1 : at + 8])) is not None


def where_it_is(tags: Sequence[Tag], at: int) -> Meaning | None:
    """What "there" is: a place, nothing between subject and verb, or the beginning of a clause.

    A clause ends with the place: "no stenosis there, nor above", "mild there and none elsewhere".
    """
    before, after = beside(tags, at)
    if is_of_place(tags, at):
        return IS
    joined = after == "c" or (after == "b" and tags[at + 1].meaning.value == "but")
    if at and (after in {"", ";", ")"} or ((joined or after == ",") and before in {*"hHxsotg"})):
        return THIS
    if at and after == ",":
        return WORD  # "the right side is not too bad there, mild I would say"
    return IS if at and _SAID_THERE.match(speech_of(tags[at - 1 : at + 6])) else None


def says_what_there_is(tags: Sequence[Tag], at: int) -> bool:
    """Whether "just" stands between a stenosis denied and another: "no canal stenosis, just foraminal"."""
    speech = speech_of(tags)
    return _AFTER_DENIAL.search(speech, 0, at) is not None and _IS_THERE.match(speech, at + 1) is not None


def is_gone(tags: Sequence[Tag], at: int) -> bool:
    """Whether what stands before has resolved: "the extrusion has resolved, and with it the stenosis"."""
    said = [tag for tag in tags[max(at - 4, 0) : at] if tag.meaning.speech != ","]
    return said[-1:] != [] and said[-1].rule == _RESOLVED and all(tag.meaning.speech != "n" for tag in said)


def are_both_sides(tags: Sequence[Tag], at: int) -> bool:
    """Whether "of both" ends its clause: "L5-S1: mild narrowing of both"; two spaces or discs are none."""
    speech = speech_of(tags)
    named = tags[at + 1].levels if at + 1 < len(tags) else None
    if named is not None and len(named.levels) > 1:
        return False  # "stenosis of both L3-4 and L4-5"
    return (
        _CLAUSE_END.match(speech, at + 1) is not None
        and _BARE_HEAD.search(speech, 0, at) is not None
        and _TWO_SPACES.search(speech, 0, at) is None
    )


def is_held_against(tags: Sequence[Tag], at: int) -> bool:
    """Whether a level is like another one: "at L4-5 the changes are those of L3-4".

    Not so in "the narrow foramina are those at L4-5", which names no level before it.
    """
    speech = speech_of(tags)
    return _ARE_LIKE.search(speech, 0, at) is not None and _ANOTHER.match(speech, at + 1) is not None


def is_of_cause(tags: Sequence[Tag], at: int) -> bool:
    """Whether "by" parts a grade from the cause: "the canal is narrowed moderately by facet hypertrophy"."""
    speech = speech_of(tags)
    return _NARROWED_SO.search(speech, 0, at) is not None and _CAUSE.match(speech, at + 1) is not None


def is_degree(tags: Sequence[Tag], at: int) -> bool:
    """Whether a grade is what is reached, and nothing else: "at L4-5 the narrowing reaches severe"."""
    before = tags[at - 1].meaning.speech if at else ""
    return before not in set("dewg") and _GRADE_ALONE.match(speech_of(tags[at + 1 : at + 5])) is not None


def excepts(tags: Sequence[Tag], at: int) -> bool:
    """Whether "but" behind all levels leaves some out: "at all levels but L4-5 the canal is wide"."""
    before = speech_of(tags[max(at - 4, 0) : at])
    if _ALL_CALLED_SO.search(before) and tags[at - before[::-1].index("q") - 1].meaning.value in _ALL_LEVELS:
        # "exit canals: all adequate but L4-5 right (mild)"
        return _PLACE_LEFT_OUT.match(speech_of(tags[at + 1 : at + 4])) is not None
    if at == 0 or tags[at - 1].meaning.value not in _ALL_LEVELS:
        return False
    if is_last_of_all(tags, at + 1):
        return True
    leads = not speech_of(tags[: at - 1]).strip("bc\u2022-")
    return (_ONE_LEFT_OUT if leads else _LEFT_OUT).match(speech_of(tags[at + 1 : at + 4])) is not None


def is_last_of_all(tags: Sequence[Tag], at: int) -> bool:
    """Whether the last of all levels is left out: "the foramina are patent at all levels but the last"."""
    if at < 2 or at == len(tags) or tags[at].rule not in LAST:
        return False
    left_out = tags[at - 1].meaning.speech == "E" or tags[at - 1].rule in _BUT
    all_named = left_out and tags[at - 2].meaning.value in _ALL_LEVELS
    return all_named and speech_of(tags[at + 1 : at + 2]) in _AFTER_LAST


LINKS: Decisions = {
    # "at L4-5 it reaches severe", but "the fragment extends mildly into the recess"
    "distractors/extent": lambda tags, at: IS if is_degree(tags, at) else None,
    # "at all levels but L4-5 the canal is wide", but "wide at all levels, but L4-5 is worn"
    **dict.fromkeys(
        _BUT,
        lambda tags, at: EXCEPT if excepts(tags, at) else None,
    ),
    # "narrowed moderately by facet hypertrophy"; "followed by L3-4 (moderate) and by L2-3 (mild)"
    "distractors/by": lambda tags, at: _DUE_TO if is_of_cause(tags, at) else next_in_rank(tags, at),
    # "moderate narrowing of the left foramen, and at L5-S1 mild narrowing of both"
    OF_BOTH: lambda tags, at: BOTH if are_both_sides(tags, at) else None,
    # "the extrusion has resolved, and with it the canal stenosis"
    **dict.fromkeys(
        ("connectors/gone-with", "connectors/along-with", "connectors/together-with", "change/as-has"),
        lambda tags, at: NO if is_gone(tags, at) else None,
    ),
    # "no canal stenosis, just some foraminal narrowing", but "narrowed, only mildly"
    "connectors/just-some": lambda tags, at: None if says_what_there_is(tags, at) else COMMA,
    "connectors/dash-just-some": lambda tags, at: None if says_what_there_is(tags, at) else SILENT,
    # "compression to the roots"
    "connectors/to": lambda tags, at: OF if at and tags[at - 1].meaning.speech == "h" else None,
    # "scar tissue is seen there, narrowing the left foramen", at the level spoken of last
    # "I regard the stenosis there as mild", and "the canal there is open", which has a verb
    "connectors/there-is": where_it_is,
    # "compresses the root as it descends in the recess", but "the canal is narrow where it passes the spur"
    "connectors/as-it-passes": lambda tags, at: None if stands_between(tags, at, "e", "") else WHICH,
    # "narrowing of its right counterpart": see `labeling.speech.context`
    "distractors/counterpart": lambda _tags, _at: SAME,
    # "nor is the left foramen" adds one more, "nor is it narrow" denies
    "connectors/nor-is": lambda tags, at: None if is_one_more(tags, at + 1) else _NOR,
    "connectors/neither-is": lambda tags, at: None if is_one_more(tags, at + 1) else NO,
    # "narrowing the right foramen, sparing the canal"
    "connectors/sparing": lambda tags, at: NORMAL if is_apart(tags, at) else None,
    # "those of L5-S1 are normal", after the structures that it stands for
    # and "at L4-5 the changes are those of L3-4", which are no more than like them
    "connectors/those-of": lambda tags, at: (
        AS_AT
        if is_held_against(tags, at)
        else None
        if not at or tags[at - 1].meaning.value == "word"
        else OF
        if tags[at - 1].meaning.speech == "g"
        else SILENT
    ),
    # "L1-2 -> normal; canal -> patent; canal: mild -> moderate"
    "connectors/arrow": lambda tags, at: (
        COLON
        if stands_between(tags, at, "lqW", "")
        else _NOW
        if stands_between(tags, at, "g", "go")
        else IS
        if stands_between(tags, at, "sfxh", "gzo")
        else None
    ),
    # "no other level with canal stenosis", "no level with it"
    "connectors/with": lambda tags, at: (
        SILENT if at and _DENIED_LEVELS.search(speech_of(tags[max(at - 4, 0) : at])) else None
    ),
    # "Both of these result in", "Both cause", of the levels of the sentence before
    "connectors/which-all": lambda _tags, at: None if at else THESE,
    # "L3-4 follows, being moderate", but "as follows", "follow up"
    "distractors/comes-next": lambda tags, at: IS if stands_between(tags, at, "lq", ",b;") else None,
    # "worst at L4-5, followed by L3-4 (moderate)", but "followed by L3-4 with moderate recess stenosis"
    **dict.fromkeys(RANKS, next_in_rank),
    # "moderate narrowing of this foramen"
    "connectors/which": lambda tags, at: WORD if points_at(tags, at) else None,
    "connectors/this": lambda tags, at: WORD if points_at(tags, at) else None,
    "connectors/that": lambda tags, at: WORD if points_at(tags, at) else None,
    # "a bulge renders it severely stenotic", but "makes it hard to see"
    "connectors/renders-it": lambda tags, at: (
        None if _NARROW_THEN.match(speech_of(tags[at + 1 : at + 4])) else WORD
    ),
    # "A bulge is mildly narrowing the left foramen"
    "connectors/is": lambda tags, at: WORD if is_narrowing(tags, at + 1) else None,
    # "this should be considered severe", but "surgery should be considered, severe stenosis"
    "distractors/recommended": lambda tags, at: IS if stands_between(tags, at, "Wsfhxlr", "g") else None,
    # "and it is compromising both foramina"
    "connectors/they-are": lambda tags, at: WORD if is_narrowing(tags, at + 1) else None,
    "connectors/they-are-now": lambda tags, at: WORD if is_narrowing(tags, at + 1) else None,
    "connectors/they-were": lambda tags, at: (
        _PRIOR
        if tells_of_before(tags, at) or is_no_longer(tags, at)
        else WORD
        if is_narrowing(tags, at + 1)
        else None
    ),
    "connectors/both-they-are": lambda tags, at: WORD if is_narrowing(tags, at + 1) else None,
    # "mild stenosis (was severe)"
    "connectors/was": lambda tags, at: (
        _PRIOR
        if tells_of_before(tags, at) or is_no_longer(tags, at)
        else WORD
        if is_narrowing(tags, at + 1)
        else None
    ),
}
