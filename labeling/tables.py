"""What a table leaves to the reader: a noun after "foraminal"."""

from __future__ import annotations

from collections.abc import Iterable

from labeling.tagging import Tag
from lexicons.lexicon import Lexicon


def lacks_head(heading: Iterable[Tag]) -> bool:
    """Whether the heading of a row or column is an adjective that has lost its noun."""
    speech = {tag.meaning.speech for tag in heading}
    return "f" in speech and not speech & set("sxh")


def head_of(lexicon: Lexicon) -> str:
    """The noun of a heading that lacks one, with the blank before it; empty where the language has none."""
    return "".join(f" {word}" for word in lexicon.words("tables", "head")[-1:])
