"""Levels named by their place beside another: "L3-4 and below", "above L4-5", "narrower than at L3-4".

Levels in a row before a colon are one heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.levels import COUNTED_RANGES, NEIGHBOURS, LevelMention, counted_beside, mention_of, union_of
from labeling.rule_names import THERE_IS
from labeling.speech.parts import AND, COLON, COMMA, LEVEL, SILENT
from labeling.tagging import WORD, Tag, speech_of
from lexicons.meanings import Meaning
from lexicons.vocabulary import LEVELS, Level

_OF_SOME = Meaning("q", "kind")
_BEGIN_OWN = frozenset("sfrgno")
_NONE_TOLD = Meaning("q", "levels upwards")
"""Levels that cannot be told where something is found there."""
_HELD_AGAINST = re.compile(r"(?:W[wv]{0,2})?p{0,2}(?:q|y|l(?:[,c]+l(?=$|[,;)]))*(?!,?W))")
"""Levels that another one is only held against, behind a word for it: "more than at L3-4", "than others"."""
OPEN_RANGES = frozenset(
    {"upwards", "downwards", "down to", "and upwards", "and downwards", "levels upwards", "levels downwards"}
)
ABOVE_AND_BELOW = "above and below"
_LEVELS_BESIDE = "references/levels-above-and-below"
_NEXT_TO_IT = Meaning("q", NEIGHBOURS)
RANGES = frozenset({*OPEN_RANGES, *COUNTED_RANGES, ABOVE_AND_BELOW})
_REST = frozenset({"otherwise", "elsewhere", "remaining", "the rest", "others"})
_IS_SUBJECT = re.compile(r"[,;cb\u2022-][v:oOB]")
"""A word for what lies above that begins a clause, and a verb or a value."""
_ENDS_CLAUSE = re.compile(r"[hHx]q(?:[,;)bc][^l]?)?")
"""A narrowing, a word for what lies above, and the end of the clause."""
_CLOSES = re.compile(r"$|[,;)]")
_NOTHING = re.compile(r"[\u2022bc]*n?Ov?q[qW]?(?:$|[,;)])")
"""A sentence that begins with nothing to be seen there: "There is nothing of note above."."""
_LIES = frozenset({"d", "e", "j", "w"})
_BEGINS = frozenset({"", ";", ",", "c", "b", ":"})
_GOES_ON = frozenset({"", *",;:)bcvnsoOh"})
"""What stands before "above and below" where something only lies there, and behind it where levels do."""
_ROW = re.compile(r"^(?:[p\u2022-]*|[scfhe,]{1,8}:)l,?cl")
_DISC_KEY = re.compile(r"[\u2022-]*(?P<bone>j)e[:-]")
"""The disc of a vertebra that heads a line."""
_OF_DISC = ("/disc", "/interspace", "/vertebral-space")
_HEADING = re.compile(r"^[\u2022-]*(?:l(?:[;,c]*l){1,6}(?=:)|l(?:,c?l){1,3}(?=[no]|e?d)|l{2,6})")


def settle_range(tags: list[Tag], at: int) -> None:
    """Both tags of "above L4-5" or "L3-4 and below" come to name all those levels."""
    words = tags[at].meaning.value
    if words in COUNTED_RANGES:
        _settle_counted(tags, at)
        return
    if (around := _around(tags, at)) is not None:
        tags[at] = tags[at]._replace(meaning=Meaning("l", around.span), levels=around)
        return
    if words == ABOVE_AND_BELOW:
        _settle_both(tags, at)
    else:
        _settle_open(tags, at, words)


def _settle_open(tags: list[Tag], at: int, words: str) -> None:
    """The same of one direction: "above L4-5", "L3-4 and below", "down to L3-4"."""
    last = words == "down to"
    inclusive = last or words.startswith("and ")
    beside = at + 1 if last or not inclusive else at - 1
    levels = tags[beside].levels if 0 <= beside < len(tags) else None
    if levels is None and _points_back(tags, at, words):
        return
    if last and tags[beside : beside + 1] and tags[beside].meaning.speech in "gzo":
        tags[at] = tags[at]._replace(meaning=SILENT)  # "moderate at L3-4, down to mild at L4-5"
        return
    begins = not speech_of(tags[:at]).strip("\u2022-")  # "Going down to L5-S1, the canal is open."
    if (
        levels is None
        or len(levels.levels) != 1
        or (last and not (_is_normal(tags[:at]) or (begins and _is_normal_behind(tags, at))))
    ):
        joins = inclusive and not last and levels is None and speech_of(tags[at + 1 : at + 2]) == "l"
        tags[at] = tags[at]._replace(meaning=AND if joins else WORD)  # "mild, and below it L5-S1 severe"
        return
    # "mild at every level below L2-3"
    each = at - 1 if at and not inclusive and tags[at - 1].meaning.value == "each level" else at
    if each == at and not inclusive and not any(tag.meaning.speech in "noOQ" for tag in tags):
        for place in (at, beside):  # "severe stenosis above L4-5": how far up cannot be told
            tags[place] = tags[place]._replace(meaning=WORD, levels=None)
        tags[at] = tags[at]._replace(meaning=_NONE_TOLD)  # nor is it of the levels in force
        _drop_rest(tags, beside + 1)
        return
    apart = last and speech_of(tags[beside + 1 : beside + 3]).startswith((",W", "W"))
    found = _beyond(levels.levels[0], last or "up" in words, inclusive and not apart)
    mention = LevelMention(found, "one" if len(found) == 1 else "range")
    for place in (at,) if apart else (each, at, beside):  # "patent down to L4-5, where it is narrow"
        tags[place] = tags[place]._replace(meaning=Meaning("l", mention.span), levels=mention)


def _drop_rest(tags: list[Tag], start: int) -> None:
    """Takes the grade of the others from levels not known: "narrow below L2-3, severe at L4-5, else mild"."""
    for at in range(start, len(tags) - 1):
        if tags[at].meaning.value in _REST and tags[at + 1].meaning.speech == "g":
            for place in (at, at + 1):
                tags[place] = tags[place]._replace(meaning=WORD)


def _settle_counted(tags: list[Tag], at: int) -> None:
    """Both tags of "the two levels above L4-5" come to name those levels."""
    beside = tags[at + 1].levels if at + 1 < len(tags) else None
    if beside is None or len(beside.levels) != 1:
        return
    mention = LevelMention(counted_beside(tags[at].meaning.value, beside.levels), "list")
    for place in (at, at + 1):
        tags[place] = tags[place]._replace(meaning=Meaning("l", mention.span), levels=mention)


def _settle_both(tags: list[Tag], at: int) -> None:
    """What "above and below" is of: all levels but the one it stands before, or those told of before.

    As in "no stenosis above or below L4-5" and "the canal is patent above and below these levels"; not so in
    "a fragment above and below the disc".
    """
    named = tags[at + 1].levels if at + 1 < len(tags) else None
    beside = (at, at + 1) if named is not None else (at,)
    before, after = speech_of(tags[:at])[-1:], speech_of(tags[at + 1 : at + 2])
    begun = at if before in _BEGINS else 0  # "narrow at L4-5; above and below it is open"
    if not _is_normal(tags[:at]) and not _is_normal_behind(tags[begun:], at - begun):
        # how far up it is mild cannot be told
        meaning, mention = _NEXT_TO_IT if tags[at].rule == _LEVELS_BESIDE and named is None else WORD, None
    elif named is not None:
        mention = mention_of(tuple([level for level in LEVELS if level not in named.levels]))
        meaning = Meaning("l", mention.span)
    else:
        of_levels = before not in _LIES and after in _GOES_ON
        meaning, mention = Meaning("q", "remaining") if of_levels else WORD, None
    for place in beside:
        tags[place] = tags[place]._replace(meaning=meaning, levels=mention)


def _is_normal(tags: Sequence[Tag]) -> bool:
    """Whether the last value is that of something normal: "severe down to L4-5" tells not how far up."""
    values = [tag.meaning.speech for tag in tags if tag.meaning.speech in "gznoO"]
    return bool(values) and values[-1] in "noO"


def _is_normal_behind(tags: Sequence[Tag], at: int) -> bool:
    """Whether what follows is normal, and nothing was said before: "Down to L3-4 the canal is patent."."""
    said = [(i, tag.meaning.speech) for i, tag in enumerate(tags) if tag.meaning.speech in "gznoO"]
    return bool(said) and said[0][0] > at and said[0][1] in "noO"


def _points_back(tags: list[Tag], at: int, words: str) -> bool:
    """Whether no level is named: "the levels above", "above this" are beyond the one spoken of last."""
    this = bool(tags[at + 1 : at + 2]) and tags[at + 1].meaning.value in {"this", "these", "which"}
    beside = speech_of((*tags[at - 1 : at], *tags[at + 1 : at + 2]))
    # "the facets above are normal"; "Above: normal", "..., above is normal"
    # or: "mild canal stenosis above", whatever level that is, is not of the one in force
    of_these = beside == "sv" or _IS_SUBJECT.fullmatch(beside if at else f",{beside}") is not None
    of_these |= _ENDS_CLAUSE.fullmatch(speech_of(tags[max(at - 1, 0) : at + 3])) is not None
    # "Below it, the canal is mildly narrowed."; not "above, the sac is pressed upon", which goes on about it
    of_these |= not at and beside in {",", "b"}
    of_these |= (
        not at and beside in _BEGIN_OWN and tags[at].rule.endswith("-of-it")
    )  # "Above it mild stenosis"
    of_these |= at < 5 and _NOTHING.match(speech_of(tags[: at + 3])) is not None
    # "mild at L3-4 and L4-5, and at no level above"
    # or: "arthropathy at the lower three levels, none above"
    denied = beside[:1] == "n" or (at > 0 and tags[at - 1].meaning.value == "none")
    of_these |= denied and at > 1 and _CLOSES.match(speech_of(tags), at + 1 + this) is not None
    if words.startswith("and ") or not (this or of_these or words.startswith("levels ")):
        return False
    values = [tag.meaning.speech for tag in tags[:at] if tag.meaning.speech in "gznoO"]
    behind = at + 1 + this
    behind += behind < len(tags) and tags[behind].rule == THERE_IS
    follows = tags[behind].meaning.speech if behind < len(tags) else ""
    if this and values and values[-1] in "gz" and follows not in {"o", "O", "v", ":", "n"}:
        return False  # "severe stenosis with redundant roots above this level"
    tags[at] = tags[at]._replace(meaning=Meaning("q", f"levels {words.removeprefix('levels ')}"))
    if this:
        tags[at + 1] = tags[at + 1]._replace(meaning=SILENT)
    return True


def settle_versus(tags: list[Tag], at: int) -> None:
    """The levels of "narrower than at L3-4 or L4-5" are spoken of no more."""
    if not at and tags[1:] and tags[1].meaning.value == "list" and speech_of(tags).count("l") == 1:
        tags[1] = tags[1]._replace(meaning=_OF_SOME, levels=None)  # "Unlike L4-5, L3-4 has no stenosis"
        return
    held = _HELD_AGAINST.match(speech_of(tags[at + 1 : at + 9]))
    for place in range(at, at + 1 + held.end()) if held else ():
        tags[place] = tags[place]._replace(meaning=WORD, levels=None)


def _around(tags: Sequence[Tag], at: int) -> LevelMention | None:
    """The levels of "severe at L4-5 and patent above", or "above and below this": beyond the one named.

    Of a list named before, only its levels: "at L3-4, L4-5 and L5-S1, mild at L3-4 and severe below".
    """
    words = tags[at].meaning.value
    following = tags[at + 1].meaning if at + 1 < len(tags) else COMMA
    both = words == ABOVE_AND_BELOW or (following.value in OPEN_RANGES and following.value.startswith("and "))
    ends = both or following.speech in ",;)cbW" or following.value == "this"
    mentions = [tag.levels for tag in tags[:at] if tag.levels is not None and tag.meaning.speech == "l"]
    if not (ends and at and mentions and tags[at - 1].meaning.speech in "gzo") or words.startswith("and "):
        return None
    if len(mentions[-1].levels) != 1:
        if both or tags[at - 1].meaning.speech != "o":
            return None
        level = (min if "up" in words else max)(mentions[-1].levels)  # "mild at L3-4 and L4-5, none above"
        return mention_of(beyond) if (beyond := _beyond(level, "up" in words, False)) else None
    level = mentions[-1].levels[0]
    found = _beyond(level, "up" in words, False) + (_beyond(level, "up" not in words, False) if both else ())
    listed = {one for mention in mentions[:-1] if len(mention.levels) > 1 for one in mention.levels}
    if not listed and tags[at - 1].meaning.speech != "o":
        return None  # how far up it is mild cannot be told
    levels = tuple(one for one in sorted(found) if not listed or one in listed)
    return mention_of(levels) if levels else None


def _beyond(level: Level, up: bool, inclusive: bool) -> tuple[Level, ...]:
    return tuple(
        other
        for other in LEVELS
        if (other < level if up else other > level) or (inclusive and other is level)
    )


def settle_disc_key(tags: list[Tag], speech: str) -> None:
    """A line about the disc of a vertebra is of the level below it: "L4 disc: mild canal stenosis"."""
    found = _DISC_KEY.match(speech)
    if found is None or not tags[found.end() - 2].rule.endswith(_OF_DISC):
        return
    at = found.start("bone")
    named = tags[at].levels
    if named is not None and named.levels:
        tags[at] = tags[at]._replace(meaning=LEVEL, levels=mention_of(named.levels))


def settle_heading(tags: list[Tag], speech: str) -> None:
    """Levels in a row before a colon are one heading: "D12/L1 ; L1/2 ; L2/3 : unremarkable".

    So are those that a sentence begins with: "at L3-4 and at L4-5 there is".
    """
    if speech[:2] == "l;":
        tags[1] = tags[1]._replace(meaning=COLON)
    if speech.count("l") < 2:
        return
    match = _HEADING.match(speech) or _ROW.match(speech)
    if match is None:
        return
    mentions = [tag.levels for tag in tags[: match.end()] if tag.levels is not None]
    heading = LevelMention(union_of(mentions), "list")
    for at in range(match.end()):
        if tags[at].levels is not None:
            tags[at] = tags[at]._replace(levels=heading)
        elif tags[at].meaning.speech == ";":
            tags[at] = tags[at]._replace(meaning=COMMA)
