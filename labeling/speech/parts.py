"""The parts that words are given by their neighbours, and signs for their rules, in more than one module."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeAlias

from labeling.tagging import Tag
from lexicons.meanings import Meaning

ANATOMY = Meaning("e", "anatomy")
AND = Meaning("c", "and")
AS_AT = Meaning("K", "as at")
BOTH = Meaning("r", "both")
COLON = Meaning(":")
COMMA = Meaning(",")
DOUBT = Meaning("u", "before")
EXCEPT = Meaning("E", "except")
IS = Meaning("v", "is")
LEVEL = Meaning("l", "one")
NO = Meaning("n", "no")
NONE = Meaning("o", "none")
NORMAL = Meaning("o", "normal")
OF = Meaning("p", "of")
PRESENT = Meaning("z", "present", 1, 3, "ungraded")
SAME = Meaning("K", "same")
SEMICOLON = Meaning(";")
SILENT = Meaning("-")
STENOSIS = Meaning("x", "stenosis")
STRUCTURE = Meaning("s", "structure")
THEN = Meaning("D", "prior after")
THESE = Meaning("q", "these")
THIS = Meaning("q", "this")
UNGRADED = Meaning("z", "compared", 1, 3, "ungraded")
WHICH = Meaning("W", "which")

Decisions: TypeAlias = Mapping[str, Callable[[Sequence[Tag], int], Meaning | None]]
"""Rule of a word to the function that tells its part by its neighbours: `None` for no change."""


def signs_of(tags: Sequence[Tag], by_rule: Mapping[str, str], spoken: Collection[str]) -> str:
    """The parts of speech of `tags`; those among `spoken` have the sign of their rule, where it has one."""
    return "".join(
        [
            by_rule.get(tag.rule, tag.meaning.speech) if tag.meaning.speech in spoken else tag.meaning.speech
            for tag in tags
        ]
    )
