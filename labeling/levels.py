"""Every way a report writes disc levels, read into `LevelMention`.

One mention is one whole expression, lists and ranges included: ``L4-5``, ``L4/L5``, ``L-4 L-5``, ``L5-SI``,
``Th12/L1``, ``L1-L4``, ``L4 through S1``, ``L2/L3,L3/L4&L5/S1``, ``L3-4, L4-5 and L5-S1``, ``L4 on L5``.
Its value keeps the order of the text, so that "moderate, severe and mild respectively" can be paired with
it. The notation in letters and digits is the same in all languages and stands here; the words inside it
("through", "and", "four") are those of ``levels.toml`` of the language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lexicons.lexicon import Lexicon
from lexicons.vocabulary import LEVELS, Level

_DIGITS = r"(?:1[0-2]|[1-9])"
_BARE_PAIR = rf"(?:{_DIGITS} ?[-/\\] ?(?:{_DIGITS}|s1)(?![0-9a-z]|[.][0-9]))"
_GLUED = r"(?=[a-z]{3})"
"""A word that no blank parts from its level: "L4-5mild"."""
_SEQUENCE = r"(?!t[12](?:w|wi|fs)?[ ,]{1,2}(?:and )?l\d)"
"""An image and no vertebra: "axial T2 L3-S1"."""
_SEPARATOR = re.compile(r"[-/_\\]")
_BASE = {"c": -7, "t": 0, "th": 0, "d": 0, "l": 12, "s": 17}
_REGIONS = {"cervical": "c", "thoracic": "t", "lumbar": "l", "sacral": "s"}
"""The letter that a name of a vertebra in another language stands for."""
_NUMBERS = ("1", "2", "3", "4", "5", "12")

COUNTED_RANGES = {
    f"{word} {way}": (count, way == "upwards")
    for count, word in enumerate(("two", "three", "four"), 2)
    for way in ("upwards", "downwards")
}
"""How many levels "the three levels above" are, and whether they are above."""


NEIGHBOURS = "neighbours"
"""The levels on both sides: "severe at L4-5, mild at the two neighbouring levels"."""


@dataclass(frozen=True)
class LevelMention:
    """The discs of one expression, in the order of the text.

    `span` is ``one``, ``list`` or ``range``; ``transitional`` for a disc of a sixth lumbar vertebra;
    ``vertebra`` for a single vertebra, whose own disc below is in `levels` for the findings that are named
    so; ``foreign`` where no lumbar disc is meant. `tail` counts the discs behind the last comma of a list,
    where no "and" joins them to the rest: those may be of the next clause. `again` are discs of a range told
    once more behind its comma, which are of the next clause: "dry discs L2 to S1, L3-4 bulge".
    """

    levels: tuple[Level, ...]
    span: str
    tail: int = 0
    again: tuple[Level, ...] = ()

    @cached_property
    def mask(self) -> int:
        """The levels as bits."""
        return sum(1 << level for level in self.levels)


def union_of(mentions: Iterable[LevelMention]) -> tuple[Level, ...]:
    """The discs of several expressions, in order, each once."""
    return tuple(dict.fromkeys([level for mention in mentions for level in mention.levels]))


def mention_of(levels: tuple[Level, ...]) -> LevelMention:
    """Discs that are named one by one."""
    return LevelMention(levels, "one" if len(levels) == 1 else "list")


def counted_beside(words: str, levels: Sequence[Level], passed: Sequence[Level] = ()) -> tuple[Level, ...]:
    """As many levels as `words` of `COUNTED_RANGES` tell, above the first of `levels` or below the last.

    Those `passed` that come next do not count; if some do, and fewer are left than told, there are none.
    """
    count, up = COUNTED_RANGES[words]
    if not levels:
        return ()
    start: int = min(levels) if up else max(levels)
    last = start
    step = -1 if up else 1
    while last + step in passed:
        last += step
    found = LEVELS[max(last - count, 0) : last] if up else LEVELS[last + 1 :][:count]
    return found if last == start or len(found) == count else ()


def neighbours_of(levels: Sequence[Level]) -> tuple[Level, ...]:
    """The levels on both sides of one; none where it is the first or the last, or there are several."""
    if len(levels) != 1 or not LEVELS[0] < levels[0] < LEVELS[-1]:
        return ()
    return LEVELS[levels[0] - 1], LEVELS[levels[0] + 1]


class LevelNotation:
    """The level expressions of one language; from `notation_of`.

    `expression` is the regular expression of one mention, for folded lower-case text with single blanks;
    `first_letters` are those that it may begin with; `misread` are mentions with a letter for their digit,
    `nouns` the words for a level and a disc.
    """

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        """`words` are the phrases of each meaning of ``levels.toml``."""
        self._words = words
        self.nouns = frozenset(word for means in ("level", "disc") for word in words.get(means, ()))
        self._made: dict[str, re.Pattern[str]] = {}
        self._numbers = {word: int(number) for number in _NUMBERS for word in words.get(number, ())}
        names = {name: _BASE[sign] for means, sign in _REGIONS.items() for name in words.get(means, ())}
        self._base = _BASE | names
        self._number = _any(self._numbers)
        self._sacral = _any(name for name, base in self._base.items() if base == _BASE["s"])
        self._others = _any(name for name, base in self._base.items() if base != _BASE["s"])
        self._lumbar = _any(name for name, base in self._base.items() if base == _BASE["l"])
        # mild at L3-4 and at L4-5 it is severe; and at L4-5 the canal is patent: clauses of their own
        at, level, clause = self._say("at"), self._say("level"), self._say("clause")
        disc = r"[a-z]{1,3}[ .-]?\d{1,2} ?[-/]? ?[a-z]?\d?"
        # but mild at L2-3 and at L3-4, moderate at L4-5
        graded = rf"(?!, (?:[a-z]+ ){{1,7}}{at} {disc})"
        subject = rf"(?:{self._say('article')}|{self._say('subject')})"
        # and at L4-5 only mild
        adverbs = rf"(?:{self._say('adverb')} ){{0,2}}"
        begun = rf"(?:,? (?:{at} {disc}|{adverbs}{clause}(?![a-z]))| {adverbs}{subject}(?![a-z]))"
        self.anew = rf"{at} {disc}(?: {level})?{graded}{begun}"
        vertebra, item = self._vertebra(), self._item()
        # moderate at L4-5, and L5-S1 is normal: two clauses, where a list of two has no comma
        # mild at L4-5 and the L5-S1 foramen is narrow
        noun = rf"{self._say('article')} {disc} (?!(?:{level}|{self._say('disc')})s?(?![a-z]))[a-z]"
        self.parted = (
            rf" ?, {self._say('and')} (?:{at} )?{disc}(?: {level})? {adverbs}{self._say('verb')}(?![a-z])"
            rf"| ?(?:,? ?{self._say('and')}|,) {noun}"
            # moderate at L4-5, L5-S1 is spared
            rf"| ?, {disc}(?: {level})? {self._say('normal')}(?![a-z])"
        )
        more = self._more(rf"(?:{item}|{_BARE_PAIR})")
        self.expression = rf"{_SEQUENCE}(?:{item}(?:(?!{self.parted}){more})?|{vertebra})"
        self.misread = frozenset(
            name + sign for name, base in self._base.items() if base == _BASE["s"] for sign in "il"
        )
        self.first_letters = "".join(sorted({word[0] for word in [*self._base, *words.get("between", ())]}))
        self._sacrum = re.compile(rf"(?<=[-/ ])s$|{self._say('sacrum')}$")  # "L5/S", "L3 to the sacrum"
        self._items = re.compile(rf"(?<![a-z])(?:{item}|{_BARE_PAIR}|{vertebra})")
        self._joined = re.compile(rf" ?(?:{self._say('and')}(?![a-z])|[&+])")
        self._to_split = self._compiled_split()
        self._named = self._compiled_names()
        self._sixth = re.compile(rf"{self._lumbar}[ .]?-?(?:6|\d ?[-/_] ?6)|^\d ?[-/_] ?6")
        self.parse = lru_cache(maxsize=20_000)(self._parse)

    def _once(self, name: str, pattern: Callable[[], str]) -> re.Pattern[str]:
        """An expression that is compiled when it is first wanted, in a compiled engine as well."""
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = re.compile(pattern())
        return found

    def _say(self, means: str) -> str:
        return _any(self._words.get(means, ()))

    def _where(self, means: str, pattern: str) -> str:
        """`pattern` where the language has words for `means`, else empty."""
        return pattern if self._words.get(means) else ""

    def _vertebra(self) -> str:
        digits = _either(rf"[ .]?-?{_DIGITS}", rf"[ -]{self._number}" if self._numbers else "")
        first = _either("[ -]?[12]|i|l", self._where("1", rf"[ -]{self._say('1')}"))
        return rf"(?:{self._others}{digits}|{self._sacral}{first})(?![0-9a-z])"

    def _loose(self) -> str:
        """A vertebra, whatever follows it."""
        return rf"(?:{self._others}[ .]?-?{_DIGITS}|{self._sacral}[12])(?![0-9])"

    def _to(self) -> str:
        return rf"(?:(?: {{1,2}}|-)?{self._say('to')}(?: {{1,2}}|-)?)"

    def _pair(self) -> str:
        """The two vertebrae of a disc, or several in a row."""
        loose, vertebra, number = self._loose(), self._vertebra(), self._number
        on, between, joined = self._say("on"), self._say("between"), self._say("and")
        return _either(
            rf"{loose}(?:(?: ?(?:--|[-/_\\]) ?| )?{vertebra}(?: ?[-/_\\] ?{vertebra}(?![-/]\d)){{0,3}}"
            rf"| ?[-/_\\] ?{_DIGITS}(?:[-/\\]{_DIGITS}){{0,3}}(?:[-/\\]{self._sacral}1)?"
            rf"(?:{_GLUED}|(?![0-9a-z]|[.][0-9]))|[-/]?{loose}{_GLUED})",
            rf"{self._lumbar}[ .]?5 ?[-/] ?s(?![a-z0-9'-]| ?[12](?![0-9])|[.][a-z0-9])",
            r"l(?:12(?! ?[-/_\\])|23|34|45|51)(?![0-9a-z])",
            rf"[tdl][ -] ?{number}[ -] ?(?:[sl][ -] ?)?{number}(?![a-z])" if self._numbers else "",
            r"(?:l1 2|l2 3|l3 4|l4 5|[td]12 1|l5 1)(?! ?(?:mm|cm|x|/|[0-9]|[.][0-9]))",
            self._where("on", rf"{vertebra} {on} {vertebra}"),
            self._where("between", rf"{between} {vertebra} {joined} {vertebra}"),
        )

    def _item(self) -> str:
        """One member of a list: a disc or a range."""
        loose, vertebra, pair, to = self._loose(), self._vertebra(), self._pair(), self._to()
        below, between = rf"(?:{_DIGITS}|{vertebra}|s(?![a-z0-9]))", self._say("between")
        # the L1-2 level through the L3-4 level
        onward = rf"(?: {self._say('level')})?{to}(?:{self._say('article')} )?"
        return _either(
            # L1-2/L2-3, where the dash parts the vertebrae and the slash the discs; L1/2-L3/4, the other way
            rf"{loose}(?: ?- ?{below}(?= ?/ ?{loose} ?- ?[0-9ls])"
            rf"| ?/ ?{below}(?![0-9]) ?- ?{loose} ?/ ?{below}(?![0-9]))",
            self._where("sacrum", rf"(?:{pair}|{vertebra}){onward}{self._say('sacrum')}(?![a-z])"),
            rf"{pair}(?:{onward}{pair})?",
            self._where("between", rf"{between} {pair} {self._say('and')} {pair}"),
            rf"{vertebra}{to}{vertebra}",
        )

    def _more(self, item: str) -> str:
        """Further members; behind "and" a comma ends the list: "at L3-4 and L4-5, L4-5 stenosis"."""
        join, level = self._say("and"), rf"(?: {self._say('level')})?"
        at = _any([*self._words.get("at", ()), *self._words.get("article", ())])
        member = rf" {{0,2}}(?:(?!{self.anew}){at} )?{item}"
        comma = rf"{level} ?[,/>](?! {{0,2}}(?:{join}|&)){member}"
        last = rf"[,&+/>] ?(?:{join}|&)|{join}|[&+]"
        loose = rf"{comma}(?=[.;:)]|$)"  # L3-4 and L4-5, L5-S1.
        more = rf"{level} ?(?:[/>](?! ?(?:{join}|&))|{last}){member}"
        return rf"(?:{comma}|{self._beside()})*(?:{level} {{0,2}}(?:{last}){member}(?:{more}|{loose})*)?"

    def _beside(self) -> str:
        """A further member with no sign before it, which begins no clause: "L3-L4 L4-L5 and L5-S1"."""
        pair = rf"{self._others}[ .]?{_DIGITS} ?[-/\\] ?(?:{self._vertebra()}|{_DIGITS}(?![0-9a-z]))"
        clause = rf" ?(?:[:=]|(?:{self._say('verb')}|{self._say('clause')})(?![a-z]))"
        return rf" {pair}(?!(?: {self._say('level')})?{clause})"

    def _compiled_split(self) -> re.Pattern[str]:
        later = rf"(?={_any(self._base.keys() - {'s'})}[ .]?-?\d\d? ?/)"
        return re.compile(rf"{self._to()}|(?<=/.)(?<=\d) ?- ?{later}|(?<=/..)(?<=\d) ?- ?{later}")

    def _compiled_names(self) -> re.Pattern[str]:
        named, number = _any(self._base.keys() - {"s"}), rf"{_DIGITS}|{self._number}"
        return re.compile(
            rf"({named}|s(?=[il]\b))[ .]?-?({number}|(?<=s)[il])|(s)?[ .]?-?({number})(?![0-9])"
        )

    @property
    def anywhere(self) -> re.Pattern[str]:
        """A level anywhere; compiled for the first sentence that needs it."""
        return self._once("anywhere", lambda: rf"(?<![a-z]){self.expression}")

    @property
    def apart(self) -> re.Pattern[str]:
        """A level that touches no other word or number."""
        return self._once("apart", lambda: rf"(?<![a-z0-9]){self.expression}(?![a-z0-9])")

    @property
    def row(self) -> re.Pattern[str]:
        """The level that a row or column of a table begins with; compiled for the first table."""
        return self._once(
            "row", lambda: rf"{self.expression}(?: (?:{self._say('level')}|{self._say('disc')}))?(?![a-z0-9])"
        )

    @property
    def numbered(self) -> re.Pattern[str]:
        """A letter or name of a vertebra and a digit: a line without two of them names no two levels."""
        return self._once(
            "numbered", lambda: rf"{_any(name for name in self._base if name not in {'c', 's'})}[ .]?-?\d"
        )

    @property
    def whole(self) -> re.Pattern[str]:
        """A mention and nothing else, for `fullmatch`."""
        return self._once("whole", lambda: self.expression)

    def _parse(self, words: str) -> LevelMention:
        """The mention that `words` (one match of `expression`) stands for."""
        items = [match[0] for match in self._items.finditer(words)]
        discs: list[int] = []
        ranged = False
        for item in items:
            found, is_range = self._discs(item)
            ranged |= is_range
            discs += [disc for disc in found if disc not in discs]
        levels = tuple(LEVELS[disc - 12] for disc in discs if 12 <= disc <= 17)
        if len(items) == 1 and len(vertebrae := self._vertebrae(items[0])) == 1:
            below = vertebrae[0]
            return LevelMention((LEVELS[below - 12],) if 12 <= below <= 17 else (), "vertebra")
        if not levels:
            return LevelMention((), "transitional" if self._sixth.search(words) else "foreign")
        before, behind = self._behind_comma(words) if len(items) > 1 else (frozenset(), frozenset())
        told = [LEVELS[disc - 12] for disc in sorted(behind) if 12 <= disc <= 17]
        tail = len(told) if len(told) < len(levels) and not before & behind else 0
        if ranged or tail:
            again = tuple(told) if ranged and behind < before else ()
            return LevelMention(levels, "range" if ranged else "list", tail, again)
        return mention_of(levels)

    def _behind_comma(self, words: str) -> tuple[frozenset[int], frozenset[int]]:
        """The discs before the last comma and behind it, none of both where an "and" joins them."""
        first, comma, last = words.rpartition(",")
        if not comma or self._joined.match(last) is not None:
            return frozenset(), frozenset()
        before, behind = (
            frozenset([disc for item in self._items.finditer(part) for disc in self._discs(item[0])[0]])
            for part in (first, last)
        )
        return before, behind

    def _discs(self, item: str) -> tuple[list[int], bool]:
        """Discs by the number of the vertebra above them (T12 is 12), and whether the item is a range."""
        if "6" in item and self._sixth.search(item):
            return [], False
        sides = self._to_split.split(item)
        numbers = [number for side in sides for number in self._vertebrae(side)]
        if len(numbers) < 2:
            return [], False
        first, last = min(numbers), max(numbers)
        if len(sides) == 1 and numbers == list(range(first, last + 1)):
            return list(range(first, last)), False
        if len(sides) == 1 and last - first > 1 and not _SEPARATOR.search(item):
            if self._words.get("between") and item.startswith(tuple(self._words["between"])):
                return list(range(first, last)), True  # "the facets between L1 and L4"
            return [], False  # "the left L4 S1 roots" names vertebrae, not a range
        return list(range(first, last)), last - first > 1

    def _vertebrae(self, text: str) -> list[int]:
        """Vertebrae as numbers counted from T1 = 1; a number without its letter continues the one before."""
        numbers: list[int] = []
        base = 12
        for letter, digits, letter2, digits2 in self._named.findall(self._sacrum.sub("s1", text)):
            name, value = letter or letter2, digits or digits2
            number = self._numbers.get(value) or (1 if value in {"i", "l"} else int(value))
            if name:
                base = self._base[name]
                twelfth = base == _BASE["l"] and number == 12  # L12 as L23; but L12-L1 is a slip for T12-L1
                joined = [base + 1, base + 2] if text == "l12" else [number]
                numbers += joined if twelfth else [base + number]
            elif numbers and number == 1 and numbers[-1] in {12, 17}:
                numbers.append(numbers[-1] + 1)  # L5-1 is L5-S1, T12-1 is T12-L1
            else:
                numbers.append(base + number)
        return numbers


def notation_of(lexicon: Lexicon) -> LevelNotation:
    """The level expressions of `lexicon`; the same for all lexicons with the same words in them."""
    return _notation(frozenset((rule.means, phrase) for phrase, rule in lexicon.phrases_of("levels").items()))


@lru_cache(maxsize=8)
def _notation(words: frozenset[tuple[str, str]]) -> LevelNotation:
    by_meaning: dict[str, list[str]] = {}
    for means, phrase in words:
        by_meaning.setdefault(means, []).append(phrase)
    return LevelNotation(by_meaning)


def _any(words: Iterable[str]) -> str:
    """One of `words`, the longest first; of none, nothing."""
    several = sorted(words, key=lambda word: (-len(word), word))
    long = [re.escape(word) for word in several if len(word) > 1]
    letters = "".join(word for word in several if len(word) == 1)
    choices = [*long, f"[{letters}]"] if letters else long
    return f"(?:{'|'.join(choices)})" if choices else "(?!)"


def _either(*choices: str) -> str:
    """The first of `choices` that matches; empty ones, whose words the language lacks, are left out."""
    return f"(?:{'|'.join(filter(None, choices))})"
