"""What a table leaves to the reader: a noun after "foraminal", sides as ``R/L``, short words in its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from labeling.tagging import Tag
from lexicons.lexicon import Lexicon
from lexicons.patterns import any_of, expand

_LISTED_ABOVE = re.compile(
    r"(?:^|\n)[^\n\d.;,]*(?:[;,][^\n\d.;,]+){2,12}[.]?\n{1,2}\W{0,4}[A-Za-z]{1,3}-?\d[^\n;,]*(?:[;,][^\n;,]+){2}"
)
"""Words in a row, below them a level with its values: "disc; canal; foramina\nL4-5: bulge; mild; none"."""


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
    `same` gives the short words of cells in full; `none` is what a 0 stands for beside words. `keyed` is a
    ``key`` with a number for its ``value``, as in "canal 0", but not the size or the beginning of a range.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        rights, lefts = lexicon.words("tables", "right"), lexicon.words("tables", "left")
        right, left, either = any_of(rights), any_of(lefts), any_of([*rights, *lefts])
        self.right, self.left = "".join(rights[:1]), "".join(lefts[:1])
        self.sides = re.compile(
            rf"(?<![a-z])(?P<a>{right}) ?[/,] ?{left}(?![a-z])|(?<![a-z]){left} ?[/,] ?{right}(?![a-z])"
        )
        self.side = re.compile(rf"[ (,.-]*(?<![a-z]){either}[).]?$|^{either}[. ]+")
        self.midline = re.compile(any_of(lexicon.words("tables", "midline")))
        surely = lexicon.words("tables", "level column")
        self.first_column = re.compile(rf"{any_of([*surely, *lexicon.words('tables', 'first column')])}\b")
        self.none, normal = (in_full(lexicon, means) for means in ("none", "normal"))
        self.same: Mapping[str, str] = dict.fromkeys(
            lexicon.words("tables", "none"), self.none
        ) | dict.fromkeys(lexicon.words("tables", "normal"), normal)
        self.order = re.compile(
            rf"(?:{self.sides.pattern})[^.\n]{{0,40}}{any_of(lexicon.words('tables', 'order'))}"
        )
        self.keyed = re.compile(
            r"\s*(?P<key>[a-z][a-z ./()'-]{0,40}?[a-z.)])\s*[:=-]?\s*"
            r"(?P<value>[0-9+-]+(?: ?/ ?[0-9+-]+)?)(?=$|[\s,;|)])"
            rf"(?!\s*(?:mm|cm|%|x\b|{any_of(lexicon.words('tables', 'to'))}\b))"
        )
        pairs = [f"{rights[-1]}/{lefts[-1]}", f"{lefts[-1]}/{rights[-1]}"] if rights and lefts else []
        self._pairs = tuple(form for pair in pairs for form in _written(pair))
        columns = [form for word in surely for form in _written(word)]
        self._column_first = re.compile(any_of(columns)).match
        self._column_in_line = re.compile(f"\n{any_of(columns)}").search
        self._order_words = tuple(lexicon.words("tables", "order"))
        self._sign_of_grid = re.compile(
            rf" / [^\n/]* / | : [^\n:]* : |(?:^|\n){any_of(surely)}(?: ?[,;]|  | [a-z]+ [a-z]+\n)"
            rf"|{any_of(pairs)}[^.\n]{{0,40}}{any_of(lexicon.words('tables', 'order'))}",
            re.IGNORECASE,
        )
        self.signs = (self.none, self.right, self.left, *self.same.values())
        """Words that a cell may be read with and that stand in no cell."""

    def may_hold_grids(self, text: str) -> bool:
        """Whether a folded text has a sign of a table: most reports have none."""
        if "|" in text or "\t" in text or "   " in text or "] [" in text:
            return True
        if text.count(":0") > 1 or text.count(": 0") > 1 or ("==" not in text and text.count("=") > 3):
            return True  # "canal:0 RF:0", "canal=mild RF=none"
        maybe = text.count(" / ") > 1 or text.count(" : ") > 2 or self._names_columns(text)
        if maybe and self._sign_of_grid.search(text) is not None:
            return True
        if text.count(",") + text.count(";") > 3 and _LISTED_ABOVE.search(text) is not None:
            return True
        return text.count("/") > 3 and _lists_words(text)

    def _names_columns(self, text: str) -> bool:
        """Whether a line begins with the name of the column of levels, or ``R/L`` stands anywhere."""
        if self._column_first(text) or self._column_in_line(text):
            return True
        return any(pair in text for pair in self._pairs)

    def order_of(self, text: str) -> re.Match[str] | None:
        """Where a lower-case text says in which order grades stand for the sides; most say nothing of it."""
        for word in self._order_words:
            if word in text:
                return self.order.search(text)
        return None


def _lists_words(text: str) -> bool:
    """Whether words stand between two slashes: ``right foramen/canal/left foramen``, ``mild/severe/none``."""
    return any(2 < len(part) < 31 and part.replace(" ", "").isalpha() for part in text.split("/")[1:-1])


def _written(word: str) -> dict[str, None]:
    """`word` as it may stand in a report: lower case, as a noun or a heading, in capitals."""
    return dict.fromkeys((word, word.title(), word.upper()))


def in_full(lexicon: Lexicon, means: str) -> str:
    """The shortest word of the first rule of ``normal.toml`` that means this; empty if there is none."""
    rules = (rule for rule in lexicon.rules if (rule.file, rule.means) == ("normal", means))
    return next((min(expand(rule.pattern), key=lambda word: (len(word), word)) for rule in rules), "")
