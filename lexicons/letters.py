"""Letters with accents as the plain letters that rules and reports are compared in.

A report may say ``Höhe`` or, from a system that lost its accents, ``Hohe``; a rule may be written either way.
Both sides are folded with the tables here, so they meet. A spelling in two letters (``Hoehe``) is another
phrase and stands in the rule: ``h(ö|oe)he``.
"""

from __future__ import annotations

import re
from unicodedata import normalize

PLAIN: dict[str, str] = {
    letter: base
    for letter in map(chr, range(0xC0, 0x250))
    if (base := normalize("NFD", letter)[0]).isascii() and base.isalpha()
} | {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"}
"""Latin letters whose plain form is one letter: folding them moves nothing."""

LONGER: dict[str, str] = {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
"""Letters whose plain form is two."""

MARKS = "\u0300-\u036f"
"""Accents that stand as characters of their own, after their letter; a class of a regular expression."""

_PLAIN = str.maketrans(PLAIN | LONGER)
_MARK = re.compile(f"[{MARKS}]")


def plain(words: str) -> str:
    """`words` without accents, as the folded text of a report has them."""
    return words if words.isascii() else _MARK.sub("", words.translate(_PLAIN))
