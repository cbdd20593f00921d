"""What a table leaves to the reader: a noun after "foraminal", and words for its numbers by a legend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from labeling.tagging import Tag
from lexicons.lexicon import Lexicon

_NUMBERS = ("0", "1", "2", "3")


def lacks_head(heading: Iterable[Tag]) -> bool:
    """Whether the heading of a row or column is an adjective that has lost its noun."""
    speech = {tag.meaning.speech for tag in heading}
    return "f" in speech and not speech & set("sxh")


class TableWords:
    """The words that tables of one language go without.

    `head` is the noun of a heading that lacks one, with the blank before it; `numbers` gives every number of
    a legend the word that a cell with it is read as. Both are empty where the language does not say.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.head = "".join(f" {word}" for word in lexicon.words("tables", "head")[-1:])
        self._legend = {number: lexicon.words("tables", number) for number in _NUMBERS}
        known = all(self._legend.values())
        self.numbers = {number: said[-1] for number, said in self._legend.items()} if known else {}

    def numbers_in(self, text: str) -> Mapping[str, str]:
        """`numbers` when a folded lower-case text has a legend; if not, none: a number says nothing."""
        return self.numbers if self.numbers and self.legend.search(text) else {}

    @cached_property
    def legend(self) -> re.Pattern[str]:
        """The legend of a table; compiled for the first table."""
        entries = (
            rf"{number} ?[=:-] ?(?:{'|'.join(map(re.escape, said))})" for number, said in self._legend.items()
        )
        return re.compile(r"\b" + r"[,;. \n]{1,3}".join(entries))
