"""Every way a report writes disc levels, read into `LevelMention`.

One mention is one whole expression, lists and ranges included: ``L4-5``, ``L4/L5``, ``L-4 L-5``, ``L5-SI``,
``Th12/L1``, ``L1-L4``, ``L4 through S1``, ``L2/L3,L3/L4&L5/S1``, ``L3-4, L4-5 and L5-S1``, ``L4 on L5``.
Its value keeps the order of the text, so that "moderate, severe and mild respectively" can be paired with
it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lexicons.vocabulary import LEVELS, Level

_DIGITS = r"(?:1[0-2]|[1-9])"
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "twelve": 12}
_WORD = f"(?:{'|'.join(_WORDS)})"
_VERTEBRA = rf"(?:(?:th|[ctdl])(?:[ .]?-?{_DIGITS}|[ -]{_WORD})|s(?:[ -]?[12]|i|l|[ -]one))(?![0-9a-z])"
_LOOSE = rf"(?:(?:th|[ctdl])[ .]?-?{_DIGITS}|s[12])(?![0-9])"
_TO = r"(?: ?(?:through|thru|to|down to|until|till) ?)"
_PAIR = (
    rf"(?:{_LOOSE}(?: ?[-/_] ?| )?{_VERTEBRA}(?: ?[-/_] ?{_VERTEBRA}){{0,3}}"
    rf"|{_LOOSE} ?[-/_] ?{_DIGITS}(?:[-/]{_DIGITS}){{0,3}}(?![0-9a-z]|[.][0-9])|l(?:23|34|45)(?![0-9a-z])"
    rf"|[tdl][ -]{_WORD}[ -](?:[sl][ -])?{_WORD}(?![a-z])"
    rf"|(?:l1 2|l2 3|l3 4|l4 5|[td]12 1|l5 1)(?! ?(?:mm|cm|x|/|[0-9]|[.][0-9]))"
    rf"|{_VERTEBRA} (?:on|over|upon) {_VERTEBRA}|between {_VERTEBRA} and {_VERTEBRA})"
)
_BARE_PAIR = rf"(?:{_DIGITS} ?[-/] ?(?:{_DIGITS}|s1)(?![0-9a-z]|[.][0-9]))"
# L1/2-L3/4, where the slash parts the vertebrae and the dash the discs
_SLASHED = rf"(?:{_LOOSE} ?/ ?(?:{_DIGITS}|{_VERTEBRA}))(?![0-9])"
# L1-2/L2-3, where the dash parts the vertebrae and the slash the discs
_DASHED = rf"(?:{_LOOSE} ?- ?(?:{_DIGITS}|{_VERTEBRA}))(?= ?/ ?{_LOOSE} ?- ?[0-9ls])"
_ITEM = rf"(?:{_DASHED}|{_SLASHED} ?- ?{_SLASHED}|{_PAIR}{_TO}{_PAIR}|{_PAIR}|{_VERTEBRA}{_TO}{_VERTEBRA})"
_JOIN = r"(?: levels?)? ?(?:[,&+/>](?: ?(?:and|or|&))?|and|or|as well as) ?(?:at )?(?:the )?"

EXPRESSION = rf"(?:{_ITEM}(?:{_JOIN}(?:{_ITEM}|{_BARE_PAIR}))*|{_VERTEBRA})"
"""Regular expression of one mention, for folded lower-case text with single blanks."""

_ITEMS = re.compile(rf"(?<![a-z])(?:{_ITEM}|{_BARE_PAIR}|{_VERTEBRA})")
_TO_SPLIT = re.compile(
    rf"{_TO}|(?<=/.)(?<=\d) ?- ?(?=[a-z][ .]?-?\d\d? ?/)|(?<=/..)(?<=\d) ?- ?(?=[a-z][ .]?-?\d\d? ?/)"
)
_NAMED = re.compile(
    rf"(th|[ctdl]|s(?=[il]\b))[ .]?-?({_DIGITS}|{_WORD}|(?<=s)[il])|(s)?[ .]?-?({_DIGITS}|{_WORD})(?![0-9])"
)
_SEPARATOR = re.compile(r"[-/_]")
_SIXTH = re.compile(r"l[ .]?-?6|\d ?[-/_] ?6")
_BASE = {"c": -7, "t": 0, "th": 0, "d": 0, "l": 12, "s": 17}


@dataclass(frozen=True)
class LevelMention:
    """The discs of one expression, in the order of the text.

    `span` is ``one``, ``list`` or ``range``; ``transitional`` for a disc of a sixth lumbar vertebra;
    ``vertebra`` for a single vertebra, whose own disc below is in `levels` for the findings that are named
    so; ``foreign`` where no lumbar disc is meant.
    """

    levels: tuple[Level, ...]
    span: str

    @cached_property
    def mask(self) -> int:
        """The levels as bits."""
        return sum(1 << level for level in self.levels)


@lru_cache(maxsize=20_000)
def parse_levels(words: str) -> LevelMention:
    """The mention that `words` (one match of `EXPRESSION`) stands for."""
    items = [match[0] for match in _ITEMS.finditer(words)]
    discs: list[int] = []
    ranged = False
    for item in items:
        found, is_range = _discs(item)
        ranged |= is_range
        discs += [disc for disc in found if disc not in discs]
    levels = tuple(LEVELS[disc - 12] for disc in discs if 12 <= disc <= 17)
    if len(items) == 1 and not _is_pair(items[0]):
        below = _vertebrae(items[0])[0]
        return LevelMention((LEVELS[below - 12],) if 12 <= below <= 17 else (), "vertebra")
    if not levels:
        return LevelMention((), "transitional" if _SIXTH.search(words) else "foreign")
    if ranged:
        return LevelMention(levels, "range")
    return LevelMention(levels, "one" if len(levels) == 1 else "list")


def _is_pair(item: str) -> bool:
    return len(_vertebrae(item)) > 1


def _discs(item: str) -> tuple[list[int], bool]:
    """Discs by the number of the vertebra above them (T12 is 12), and whether the item is a range."""
    if "6" in item and _SIXTH.search(item):
        return [], False
    sides = _TO_SPLIT.split(item)
    numbers = [number for side in sides for number in _vertebrae(side)]
    if len(numbers) < 2:
        return [], False
    first, last = min(numbers), max(numbers)
    if len(sides) == 1 and numbers == list(range(first, last + 1)):
        return list(range(first, last)), False
    if len(sides) == 2 and len(numbers) == 4:
        last = max(_vertebrae(sides[1]))
    if len(sides) == 1 and last - first > 1 and not _SEPARATOR.search(item):
        return [], False  # "the left L4 S1 roots" names vertebrae, not a range
    return list(range(first, last)), last - first > 1


def _vertebrae(text: str) -> list[int]:
    """Vertebrae as numbers counted from T1 = 1; a number without its letter continues the one before."""
    numbers: list[int] = []
    base = 12
    for letter, digits, letter2, digits2 in _NAMED.findall(text):
        name, value = letter or letter2, digits or digits2
        number = _WORDS.get(value) or (1 if value in {"i", "l"} else int(value))
        if name:
            base = _BASE[name]
            numbers.append(base + number)
        elif numbers and number == 1 and numbers[-1] in {12, 17}:
            numbers.append(numbers[-1] + 1)  # L5-1 is L5-S1, T12-1 is T12-L1
        else:
            numbers.append(base + number)
    return numbers
