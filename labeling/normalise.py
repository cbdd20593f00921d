r"""Original text to the folded text that the rules read, and offsets back.

Folding is character by character: dashes, slashes, quotes, blanks and accented letters of every kind become
their ASCII form, so an offset into the folded text is an offset into the original. Only these change the
length: ligatures, accents that stand after their letter, words broken over a line ("mod-\nerate", "L5-\nS1"),
line ends of two characters and blanks before them, leaders ("canal ..... normal"), the letters that a bare
pair of discs lacks ("at 4-5") and signs that a dictation spells out (`labeling.dictation`). Then, and only
then, a `Folded` carries a map of offsets.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lexicons.letters import LONGER, MARKS, PLAIN

_SAME_LENGTH = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u00ad", "-"),
    **dict.fromkeys("\u2044\u2215\u29f8\uff0f", "/"),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`\uff07", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"'),
    **dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
        "\u200b\u200c\u200d\u2060\ufeff\x0b\x0c\x1c\x1d\x1e\x1f",
        " ",
    ),
    **dict.fromkeys("\r\u0085\u2028\u2029", "\n"),
    **dict.fromkeys(
        "\u2022\u2023\u25aa\u25ab\u25cf\u25cb\u25e6\u2043\u00b7\u25a0\u25ba\u2666\u27a2\u2713"
        "\u2219\u22c5\u2027\u25b6\u25b8\u25b9\u25fe\u25fc\u2605\u2714\u2717\u2718",
        "\u2022",
    ),
    "\u203a": "-",
    "\u2265": ">",
    "\u226b": ">",
    "\uff1a": ":",
    "\uff0c": ",",
    "\uff1b": ";",
    "\u3002": ".",
    **dict.fromkeys("\u3010\u3014\uff3b\u3008\u300a\u300c\u300e", "["),
    **dict.fromkeys("\u3011\u3015\uff3d\u3009\u300b\u300d\u300f", "]"),
    "\uff1c": "<",
    "\uff1e": ">",
    **PLAIN,
}
_FOLD = str.maketrans(_SAME_LENGTH)
_FOLD_BUT_RETURNS = str.maketrans({sign: plain for sign, plain in _SAME_LENGTH.items() if sign != "\r"})
_TILDE = re.compile(r"(?<=[LlTt]\d)~(?=\d(?!\d))")
"""A wave between the numbers of a disc, as East Asian reports write it: "L2~3"."""
_ZERO = re.compile("(?<!\\w)[\u00d8\u00f8](?!\\w)")
"""A letter that stands alone for "no": "\u00d8 stenosis"."""
_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    **LONGER,
}
# A hyphen that parts a word or a level from the next line, but not the second one of "-do-"; then blanks at
# the end of a line, which would hide its full stop, the first half of a line end of Windows, and a leader:
# "CONUS ........ T12-L1, normal".
OTHER_LENGTH = re.compile(
    rf"[{''.join(_LIGATURES)}{MARKS}]"
    r"|(?<=[A-Za-z0-9])(?<!-[dD][oO])-[ \t]*\r?\n[ \t]*(?=[A-Za-z0-9])|(?<![ \t])[ \t]+(?=\r*\n)|\r+(?=\n)"
    r"|(?<=\w) ?[.]{4,}[ \t]*(?=\S)"
)
_NAME = r"[A-Za-z][A-Za-z0-9 /&.,'-]{0,36}[A-Za-z0-9.]"
_DECORATED = re.compile(
    r"^(?=[ \t]*[\[<*_~|=-])[ \t]*(?:"
    # [Facets] mild, <FINDINGS>; but no list to choose from: [Mild] [canal stenosis]
    rf"[\[<] ?(?P<bracketed>{_NAME}):? ?[\]>]:?(?![\]>)\w]|[ \t]*\[)"
    # **Canal:** mild, __FINDINGS__
    rf"|(?P<sign>[*_~])(?P=sign)* ?(?P<starred>{_NAME}):? ?(?P=sign)+:?(?=[ \t]|$)"
    # == FINDINGS ==, | Canal |
    rf"|[|=-]+[ \t]*(?P<ruled>{_NAME}):? ?(?:[=-]{{2,}}|\|):?(?=[ \t]*$))",
    re.M,
)
_SHORTENED = ("\r", "-\n", " \n", "\t\n", "....")
_DECORATIONS = ("[", "<", "*", "_", "~", "==", "--", "|\n")
_BROKEN_WORD = re.compile(
    r"(?<=[a-z])-[ \t]*\r?\n[ \t]*(?=[a-z])|(?<=[A-Z]{2})-[ \t]*\r?\n[ \t]*(?=[A-Z]{2})"
)
_HALVES = re.compile(r"[A-Za-z]*$"), re.compile(r"[A-Za-z]*")
"""The last word before a line end, the first behind it."""
_COMMA_KEY = re.compile(r"(?<=:) {0,2},")
_COMMA_END = re.compile(
    r"(?<=[.!?)]),(?= {0,2}(?:[A-Z]|\d+[.)]))|,(?= ?[A-Z][A-Z /&-]{3,40}:)|,(?= ?\d{1,2}[.)] {1,3}[A-Z])"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """The folded `text`. `breaks` and `shifts` are empty when its offsets are those of the original.

    From ``breaks[i]`` on, the original stands ``shifts[i]`` characters further on.
    """

    text: str
    breaks: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the original that the folded span ``start..end`` stands for."""
        if not self.breaks:
            return start, end
        last = end - 1
        return start + self._shift(start), last + self._shift(last) + 1

    def _shift(self, offset: int) -> int:
        at = bisect_right(self.breaks, offset) - 1
        return self.shifts[at] if at >= 0 else 0


def plain_signs(text: str) -> str:
    """`text` with the signs that have a plain form of the same length in it."""
    if "~" in text or "\uff5e" in text:
        text = _TILDE.sub("-", text.replace("\uff5e", "~"))
    if text.isascii() and "\r" not in text:
        return text
    if "\u00bb" in text and "\u00ab" not in text:
        text = text.replace("\u00bb", "-")  # an arrow, and no quote: "L1-2 » normal"
    if "\u00d8" in text or "\u00f8" in text:
        text = _ZERO.sub("\u2205", text)
    # A line end of Windows is one, not two: a blank line would close the block of a level.
    return text.translate(_FOLD_BUT_RETURNS if "\r\n" in text else _FOLD)


def lines_of_commas(text: str) -> str:
    """`text`, in which a transcription service has put commas for line ends, with its line ends again.

    "HISTORY:, Back pain.,IMAGING:, MRI of ..." gives it away: no sentence has such a comma.
    """
    if ":," not in text and ": ," not in text:
        return text
    return _COMMA_END.sub("\n", _COMMA_KEY.sub(lambda key: " " * len(key[0]), text))


def plain_headings(text: str) -> str:
    """`text` of the same length, its headings with a colon: "[Facets]", "== FINDINGS ==", "**Canal**"."""
    if not any(sign in text for sign in _DECORATIONS):
        return text
    return _DECORATED.sub(_plain_heading, text)


def _plain_heading(match: re.Match[str]) -> str:
    shape = next(name for name in ("bracketed", "starred", "ruled") if match[name] is not None)
    before = match.start(shape) - match.start()
    return f"{' ' * before}{match[shape]}:".ljust(len(match[0]))


def _one_word(_first: str, _second: str) -> bool:
    return False


def shorten(
    text: str,
    pattern: re.Pattern[str] | None = None,
    signs: Mapping[str, str] = MappingProxyType({}),
    are_two: Callable[[str, str], bool] = _one_word,
) -> Folded:
    """`text`, of plain signs, with those in it whose plain form has another length.

    With a `pattern` of words, what it finds is read as the sign that `signs` has for it, in lower case.
    `are_two` tells of the halves of a word that a line end parts whether the hyphen is their own.
    """
    if pattern is not None:
        return _shortened(text, pattern, signs, are_two)
    if not text.isascii() or any(sign in text for sign in _SHORTENED):
        return _shortened(text, OTHER_LENGTH, signs, are_two)
    return Folded(text)


def _hyphen(text: str, match: re.Match[str], are_two: Callable[[str, str], bool]) -> str:
    """What is left of a hyphen at the end of a line: kept in "mild-/to-moderate", not in "mod-/erate"."""
    if not _BROKEN_WORD.match(text, match.start()):
        return "-"
    first, second = (
        _HALVES[0].search(text, max(match.start() - 40, 0), match.start()),
        _HALVES[1].match(text, match.end()),
    )
    return "-" if first and second and are_two(first[0].lower(), second[0].lower()) else ""


def _shortened(
    text: str, pattern: re.Pattern[str], signs: Mapping[str, str], are_two: Callable[[str, str], bool]
) -> Folded:
    pieces: list[str] = []
    breaks: list[int] = []
    shifts: list[int] = []
    done = length = 0
    for match in pattern.finditer(text):
        new = _LIGATURES.get(match[0]) or signs.get(
            match[0].strip(" \t.").lower() or match[0]  # blanks and leaders are no sign in words
        )
        if new is None:
            new = _hyphen(text, match, are_two) if match[0][0] == "-" else ""
            new = ": " if "...." in match[0] else new
        pieces += [text[done : match.start()], new]
        length += match.start() - done
        done = match.end()
        for inner in range(1, len(new)):  # what is read for it stands for the whole of it
            breaks.append(length + inner)
            shifts.append((match.start() if inner < len(new) - 1 else done - 1) - length - inner)
        length += len(new)
        breaks.append(length)
        shifts.append(done - length)
    if not breaks:
        return Folded(text)
    pieces.append(text[done:])
    return Folded("".join(pieces).replace("\r", "\n"), tuple(breaks), tuple(shifts))


def lowered(text: str) -> str:
    """Lower case of the same length: the few letters whose lower case is longer stay as they are."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
