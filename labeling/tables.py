"""What a table leaves to the reader: a noun after "foraminal", sides as ``R/L``, short words in its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from labeling.tagging import Tag
from lexicons.lexicon import Lexicon
from lexicons.patterns import expand


def lacks_head(heading: Iterable[Tag]) -> bool:
    """Whether the heading of a row or column is an adjective that has lost its noun."""
    speech = {tag.meaning.speech for tag in heading}
    return "f" in speech and not speech & set("sxh")


def head_of(lexicon: Lexicon) -> str:
    """The noun of a heading that lacks one, with the blank before it; empty where the language has none."""
    return "".join(f" {word}" for word in lexicon.words("tables", "head")[-1:])


class TableWords:
    """The words of tables in one language.

    `sides` finds ``R/L`` in the name of a column, with the group ``a`` where the right side comes first;
    `side` a side at the end or the beginning of a name; `midline` a structure that has no sides;
    `first_column` the name of the column of levels. `right` and `left` are the words for a column that holds
    both, and `order` says that grades stand in pairs, one for each side: "R/L in that order throughout".
    `same` gives the short words of cells in full; `none` is what a 0 stands for beside words.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        rights, lefts = lexicon.words("tables", "right"), lexicon.words("tables", "left")
        right, left, either = _any(rights), _any(lefts), _any([*rights, *lefts])
        self.right, self.left = "".join(rights[:1]), "".join(lefts[:1])
        self.sides = re.compile(
            rf"(?<![a-z])(?P<a>{right}) ?/ ?{left}(?![a-z])|(?<![a-z]){left} ?/ ?{right}(?![a-z])"
        )
        self.side = re.compile(rf"[ (,.-]*(?<![a-z]){either}[).]?$|^{either}[. ]+")
        self.midline = re.compile(_any(lexicon.words("tables", "midline")))
        self.first_column = re.compile(rf"{_any(lexicon.words('tables', 'first column'))}\b")
        self.none, normal = (_in_full(lexicon, means) for means in ("none", "normal"))
        self.same: Mapping[str, str] = dict.fromkeys(
            lexicon.words("tables", "none"), self.none
        ) | dict.fromkeys(lexicon.words("tables", "normal"), normal)
        self.order = re.compile(
            rf"(?:{self.sides.pattern})[^.\n]{{0,40}}{_any(lexicon.words('tables', 'order'))}"
        )
        self.signs = (self.none, self.right, self.left, *self.same.values())
        """Words that a cell may be read with and that stand in no cell."""


def _in_full(lexicon: Lexicon, means: str) -> str:
    """The shortest word of the first rule of ``normal.toml`` that means this; empty if there is none."""
    rules = (rule for rule in lexicon.rules if (rule.file, rule.means) == ("normal", means))
    return next((min(expand(rule.pattern), key=lambda word: (len(word), word)) for rule in rules), "")


def _any(words: Sequence[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})" if words else "(?!)"
