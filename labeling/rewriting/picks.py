"""Discs picked out of a list by their place in it: "moderate at the upper and severe at the lower one".

Behind the list such a word is read as the name of its disc, so that all that is told of discs by their names
is told of them by their places too. What is left when others are picked is "the other" ("severe in the last
one and none in the first two", "moderate at the middle level, mild at the other two"). Where the list stands
in the sentence before, the walk picks from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from labeling.levels import LevelMention, mention_of, union_of
from labeling.rewriting.line import Line
from labeling.tagging import WORD, Tag
from lexicons.meanings import Meaning
from lexicons.vocabulary import Level

_Levels = tuple[Level, ...]
_FIRST, _LAST = (2, slice(0, 1)), (2, slice(-1, None))
_BY_PLACE: Mapping[str, tuple[int, slice]] = {
    "distractors/upper": _FIRST,
    "distractors/upper-one": _FIRST,
    "distractors/lower": _LAST,
    "distractors/lower-one": _LAST,
    "distractors/middle": (3, slice(1, -1)),
    "distractors/middle-one": (3, slice(1, -1)),
    "references/first": _FIRST,
    "references/first-alone": _FIRST,
    "references/second": (2, slice(1, 2)),
    "distractors/second": (2, slice(1, 2)),
    "references/last": _LAST,
    "references/lowest": _LAST,
    "references/upper-two": (3, slice(0, 2)),
    "references/lower-two": (3, slice(-2, None)),
}
"""Rules of words for a place in a list, how long it is at least, and the discs at that place from above."""
_THE_OTHER = "references/the-other"
_OTHERS: Mapping[str, int] = {
    "references/other": 1,
    "references/others": 0,
    _THE_OTHER: 1,
    "references/other-two": 2,
    "references/other-three": 3,
}
"""Rules of words for those that are left, and how many they are; 0 for any number."""
_IN_TURN = frozenset(
    {"references/first", "references/first-alone", "references/second", "distractors/second"}
    | {"references/last"}
)
"""Words that count in the order of the text."""
_ADJECTIVES = frozenset(
    {
        "distractors/upper",
        "distractors/lower",
        "distractors/middle",
        "distractors/second",
        "references/first-alone",
        "references/last",
    }
)
"""Words that may be of any noun: "the upper and lower end plates", "the last examination"."""
_ALONE = re.compile(r"(?:$|[,;:()vbW]|-?[gzon]|,?c[gzonbrp])")
_ENDS: Mapping[str, str] = {
    "grades/upper-mild": "distractors/upper",
    "grades/upper-moderate": "distractors/upper",
    "grades/lower-mild": "distractors/lower",
    "grades/lower-moderate": "distractors/lower",
}
"""Rules of words for the end of a grade that may be a place and a grade: "at the upper mild"."""
_PAIR = re.compile(
    r"(?:1|2v?[gzo])(?:,?c|[,;])(?:1|2v?[gzo]|[gzo]2)(?=$|[,;)]|,?c)|[gzo]w{0,2}2(?:,?c|[,;])1(?=$|[,;)])"
)
"""Two of those, or one and a word for a place with its grade, side by side."""
_IN_WALK = {
    "distractors/upper": "upper one",
    "distractors/upper-one": "upper one",
    "distractors/lower": "lower one",
    "distractors/lower-one": "lower one",
    "distractors/second": "second",
    "distractors/middle": "middle",
    "distractors/middle-one": "middle",
    "references/lowest": "lower one",
    "references/upper-two": "first two",
    "references/lower-two": "last two",
}
"""What they mean to the walk, where no list stands before them."""
_BEYOND = {"distractors/upper": Meaning("q", "upwards"), "distractors/lower": Meaning("q", "downwards")}
"""Alone behind "none" they are of the levels beyond: "moderate at L4-5, none higher"."""
_LEVELS = frozenset(
    {
        "distractors/upper-one",
        "distractors/lower-one",
        "distractors/middle-one",
        "references/upper-two",
        "references/lower-two",
    }
)
"""Words that mean it alone too: "At the upper level the canal is patent."."""
_WHERE = frozenset({"connectors/of", "connectors/of-the"})


def pick_levels(line: Line) -> None:
    """Gives such words the levels that they mean."""
    if any(tag.rule in _ENDS for tag in line.tags):
        _part_ends(line)
    found = [
        at
        for at, tag in enumerate(line.tags)
        if is_picked(tag) and (tag.rule not in _ADJECTIVES or _ALONE.match(line.speech, at + 1))
    ]
    if not found:
        return
    at, way = found[0], _BEYOND.get(line.tags[found[0]].rule)
    if len(found) == 1 and at and way and line.tags[at - 1].rule == "normal/none":
        line.turn(at, line.tags[at]._replace(meaning=way, rule=f"references/{way.value}"))
        return
    listed = _list_before(line.tags, found[0])
    if listed:
        for at, levels in _picked(line.tags, found, listed).items():
            mention = mention_of(levels)
            line.turn(at, line.tags[at]._replace(meaning=Meaning("l", mention.span), levels=mention))
    else:
        against = len({line.tags[at].rule for at in found}) > 1  # "mild at the upper and severe at the lower"
        for at in found:
            words = _in_walk(line.tags, found, at)
            if words and (against or line.tags[at].rule in _LEVELS):
                rule = _THE_OTHER if line.tags[at].rule in _OTHERS else line.tags[at].rule
                line.turn(at, line.tags[at]._replace(meaning=Meaning("q", words), rule=rule))
    for at in reversed(found):
        if at > 0 and line.speech[at] in "lq" and line.tags[at - 1].rule in _WHERE:
            line.put(at - 1, at)


def _part_ends(line: Line) -> None:
    """Makes a place and a grade of each of two ends: "at the upper mild and at the lower moderate"."""
    signs = "".join(
        ["1" if t.rule in _ENDS else "2" if is_picked(t) else t.meaning.speech for t in line.tags]
    )
    for found in reversed([*_PAIR.finditer(signs)]):
        both = [at for at in range(*found.span()) if signs[at] in "12"]
        if len({_ENDS.get(line.tags[at].rule, line.tags[at].rule).split("-")[0] for at in both}) < 2:
            continue  # "upper mild at L3-4, upper moderate at L4-5"
        for at in reversed(both):
            tag = line.tags[at]
            if tag.rule in _ENDS:
                grade = tag._replace(rule=f"grades/{tag.meaning.value}")
                line.turn(at, tag._replace(meaning=WORD, rule=_ENDS[tag.rule]), grade)


def _in_walk(tags: Sequence[Tag], found: Sequence[int], at: int) -> str:
    """What the word at `at` means to the walk; "the other" is the opposite of the one word beside it."""
    if _OTHERS.get(tags[at].rule) != 1:
        return _IN_WALK.get(tags[at].rule, "")
    beside = {tags[other].rule for other in found if other != at}
    if len(beside) != 1 or (rule := min(beside)) not in _BY_PLACE:
        return ""
    return {0: "lower one", -1: "upper one"}.get(_BY_PLACE[rule][1].start, "")


def _picked(tags: Sequence[Tag], found: Sequence[int], listed: _Levels) -> dict[int, _Levels]:
    """The levels of the words at the places `found`; "the other" are those that no word has picked."""
    picked: dict[int, _Levels] = {}
    for at in found:
        if tags[at].rule not in _BY_PLACE:
            continue
        least, place = _BY_PLACE[tags[at].rule]
        if len(listed) >= least:
            picked[at] = (listed if tags[at].rule in _IN_TURN else tuple(sorted(listed)))[place]
    taken = union_of(mention_of(levels) for levels in picked.values())
    left = tuple([level for level in listed if level not in taken])
    for at in found:
        if taken and left and _OTHERS.get(tags[at].rule, -1) in {0, len(left)}:
            picked[at] = left
    return picked


def is_picked(tag: Tag) -> bool:
    """Whether the level of `tag` was picked out of a list."""
    return tag.rule in _BY_PLACE or tag.rule in _OTHERS


def _list_before(tags: Sequence[Tag], end: int) -> _Levels:
    """The list of levels that the words from `end` on pick from: the last one, or all that are named."""
    named = [tag.levels for tag in tags[:end] if tag.meaning.speech == "l" and tag.levels is not None]
    lists = [one.levels for one in named if _is_list(one)]
    levels = lists[-1] if lists else union_of(named)
    return levels if len(levels) > 1 else ()


def _is_list(mention: LevelMention) -> bool:
    return len(mention.levels) > 1 and mention.span in {"list", "range"}
