"""Whether a line end is a break or a mere wrap.

It is a wrap when the sentence cannot end there: the line ends in a word that goes on ("no stenosis at"), or
the next one goes on in small letters. It is one, too, when the text was wrapped at a width and the next word
would not have fitted. A line that begins like a list item or a key is a line of its own. Getting this wrong
in one direction turns "no / foraminal stenosis" around, so a doubtful end of a long line is taken for a wrap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from labeling.grammar import TOLD_OF_OTHERS
from labeling.rule_names import OTHERS
from labeling.run_ons import SHORT, WIDEST, room, without_stops
from labeling.tagging import Tag
from lexicons.lexicon import Lexicon
from lexicons.patterns import any_of

_REGIONS = ("cervical", "thoracic", "lumbar", "sacral")
LETTER_BULLET = (
    r"(?:(?:o|Q:|(?:(?<=[?] )|(?<=[?]  )|(?<=[?]\n))A:)[ \t]+(?=[A-Z\d])|\(?[a-kA-K]\)[ \t]+(?=[A-Za-z\d]))"
)
"""A bullet that some writers leave as a letter, the signs of a question and its answer, and "a)"."""
_ITEM = rf"[ \t]*(?:[-\u2022*>+]|{LETTER_BULLET}|\(?\d+[.)]\s|\(?[a-z]\)\s"
_LISTED = (
    rf"{_ITEM}|(?:[LTDltd]|Th|th)[ .]?-?\d{{1,2}}(?:[ ]?[-/_\\]|[LlSs ]|:)"
    # a level in brackets, on a line of its own
    r"|\((?:[LTDltd]|Th|th)[ .]?-?\d{1,2}[^()\n]{0,8}\)[ \t]*(?=\n)"
    r"|[A-Za-z][A-Za-z /&,()-]{0,38}:)"
)
_ITEM_OR_KEY = re.compile(rf"{_ITEM}|[A-Za-z][A-Za-z /&,()-]{{0,38}}:|\n)").match
_ITEM_OR_ANY_KEY = re.compile(rf"{_ITEM}|[^\n.;,]{{0,38}}?:|\n)").match
_FULL = 40
_TAIL = 16
"""Characters that the longest words take that no sentence ends with: no more are looked at."""
_STOPS = ".:;|!?"
_TOLD = 80
"""How many characters of a line are read to tell whether it has a verb of its own."""
_OF_OTHERS = re.compile(TOLD_OF_OTHERS)
_LIST = 64
"""How many characters of a line are read to tell whether its last side is of a level."""
_GOES_ON = re.compile(
    r"(?:r[sp]{0,2}l(?:\([gz]{1,3}\)|[gz]{1,2})?,|[gz]rl,[gz]{1,2}|l(?:\)|\([gz]{1,3}\))?s?,?c[gz]{0,2})r$"
)
"""A list of places that goes on with a side, whose level comes next: "left L3-4 (mild) and left"."""
_NORMAL = re.compile(r"l[:v-]?[oO]")
_SIDES = frozenset({"right", "left", "both"})


class Shape(NamedTuple):
    """The width that a text was wrapped at, 0 if it was not, whether it has capitals, and its `room`."""

    width: int
    cased: bool
    room: int


class Lines:
    """Tells wraps from breaks, with the words and the names of levels of one language."""

    def __init__(self, lexicon: Lexicon, tag: Callable[[str], list[Tag]]) -> None:
        """`tag` reads words in small letters."""
        self._tag = tag
        others = {
            phrase.partition(" ")[0]
            for phrase, rule in lexicon.phrases.items()
            if rule.file == "references" and rule.means in OTHERS
        }
        self._others = others.difference(lexicon.words("levels", "at"))
        self._sides = {
            phrase.rpartition(" ")[2]
            for phrase, rule in lexicon.phrases.items()
            if rule.file == "sides" and rule.means in _SIDES
        }
        names = [re.escape(name) for means in _REGIONS for name in lexicon.words("levels", means)]
        self._listed = re.compile(_LISTED + "".join(rf"|[ \t]*(?i:{name})[ .]?\d" for name in names)).match
        going_on = any_of(lexicon.words("lines", "goes on"))
        self._goes_on = re.compile(rf"(?i)(?:(?<![\w-])(?<![:=/-] ){going_on}|[(&+])$").search
        words = [word for means in ("small", "any") for word in lexicon.words("abbreviations", means)]
        self._short = re.compile(rf"(?i)\b{any_of(words)}[.]$").search

    def goes_on(self, words: str) -> bool:
        """Whether `words` end in one that no sentence ends with: "no stenosis at"."""
        return self._goes_on(words[-_TAIL:]) is not None

    def shape(self, text: str) -> Shape:
        """What the line ends of a whole text tell of each of them."""
        lines = text.split("\n")
        longest = max(map(len, lines))
        body = without_stops(text)
        small = (body or text).islower()
        cased = not (small or text.isupper())
        filled = _FULL <= longest <= WIDEST and self._is_filled(lines, longest, cased)
        return Shape(longest if filled else 0, not small, room(body))

    def is_wrap(self, text: str, start: int, end: int, following: int, shape: Shape) -> bool:
        """Whether the line ``start..end`` of `text` goes on at `following`; `shape` is that of the text."""
        if following >= len(text) or end == start:
            return False
        length, first = end - start, text[following]
        small = shape.cased and first.islower()
        full = bool(shape.width) and not _fits(length, text[following : following + 24], shape.width)
        if text[end - 1] in _STOPS:
            return small and self._is_open(text[start:end], full)
        if self._goes_on(text[max(start, end - _TAIL) : end]):
            return not _ITEM_OR_KEY(text, following)
        if self._listed(text, following):
            longer = full or (text[end - 1] == "," and length >= _FULL)  # a long list goes on with a level
            longer = longer or self._ends_on_side(text, start, end, following)
            return longer and not _ITEM_OR_ANY_KEY(text, following)
        if length < SHORT or (first == "(" and text[start] == "("):
            return False
        if small and shape.room and text[following - 1] not in " \t":
            small = not _fits(length, text[following : following + 24], shape.room + 4)
        own = small and text[end - 1] != "," and self._is_of_others(text, following)
        return not own and (full or small or first == "(")

    def _ends_on_side(self, text: str, start: int, end: int, following: int) -> bool:
        """Whether a line ends on the side of one more place: "left L3-4 (mild) and left", then "L4-5".

        A level that is called normal begins a line of its own.
        """
        line = text[max(start, end - _LIST) : end].lower()
        if line.rpartition(" ")[2] not in self._sides:
            return False
        after = text[following : following + _LIST].partition("\n")[0].lower()
        before, after = ("".join([tag.meaning.speech for tag in self._tag(one)]) for one in (line, after))
        return _GOES_ON.search(before) is not None and _NORMAL.match(after) is None

    def _is_of_others(self, text: str, at: int) -> bool:
        """Whether a line says of other levels what they are: "no stenosis", then "rest of discs normal"."""
        line = text[at : at + _TOLD].partition("\n")[0]
        if line.partition(" ")[0] not in self._others:
            return False
        tags = self._tag(line)
        named = next((tag.meaning.value for tag in tags if tag.meaning.speech == "q"), "")
        return named in OTHERS and _OF_OTHERS.match("".join([tag.meaning.speech for tag in tags])) is not None

    def _is_open(self, line: str, full: bool) -> bool:
        """Whether a line that ends in a stop may go on: after an abbreviation, or a key within it.

        The stop of a list number ("1. Worst level: L4-5:") is none within it.
        """
        if line[-1] == ".":
            return self._short(line[-_TAIL:]) is not None
        return (line[-1] == ";" and full) or (
            line[-1] == ":" and any(map(line.lstrip()[3:].__contains__, ".;"))
        )

    def _is_filled(self, lines: list[str], width: int, cased: bool) -> bool:
        """Whether nearly all lines that end in no stop are full.

        Where there are capitals, few of them go on with a capital letter and a small one.
        """
        ends = list(self._open_ends(lines))
        full = [after for length, after in ends if not _fits(length, after, width)]
        anew = sum([after[:1].isupper() and after[1:2].islower() for after in full])
        return len(full) > 1 and len(full) * 4 >= len(ends) * 3 and not (cased and anew * 2 > len(full))

    def _open_ends(self, lines: Iterable[str]) -> Iterator[tuple[int, str]]:
        """The length of each line that ends in no stop, and the line after it that is no item of a list."""
        before = ""
        for line in lines:
            after = line.strip()
            if before and after and before[-1] not in _STOPS and not self._listed(line):
                yield len(before), after
            before = line.rstrip()


def _fits(length: int, following: str, width: int) -> bool:
    """Whether the first word of the next line had room on this one."""
    return length + 1 + len(following.split(None, 1)[0]) <= width - 4
