"""What the linker builds: values, the structures they are given to, and drafts of statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from labeling.statements import LevelRef
from lexicons.vocabulary import Side

SIDES: Mapping[str, tuple[Side, ...]] = {
    "right": (Side.RIGHT,),
    "left": (Side.LEFT,),
    "both": (Side.RIGHT, Side.LEFT),
}
BOTH = (Side.RIGHT, Side.LEFT)


@dataclass(slots=True)
class Value:
    """An interval under construction: its words, and the side they gave."""

    low: int
    high: int
    phrase: str
    tags: list[int]
    sides: tuple[Side, ...] = ()
    negated: bool = False
    scale: bool = False
    sure: bool = False  # said before the doubt of the next one: "mild right and possible mild left"


@dataclass(slots=True)
class Member:
    """A structure of a target: the finding, the sides named with it, and the tags that name it."""

    finding: str
    sides: tuple[Side | None, ...]
    named: str
    tags: list[int]
    weak: bool = False
    level: LevelRef | None = None
    bare: bool = False
    topic: str = ""
    pairs: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """A statement under construction. `graded` is false while only a head ("narrowing") was read."""

    member: Member
    value: Value
    sides: tuple[Side | None, ...]
    level: LevelRef | None
    own_level: bool
    graded: bool
    uncertain: bool = False
    implied: bool = False
    lent: bool = False  # its sides are those of the structure, its own words named none
    dropped: bool = False
    cause: bool = False  # arthropathy that is only why something else is narrow
    excepted: bool = False  # a place that something is not denied of: told if it is graded
    flags: set[str] = field(default_factory=set)
    tags: list[int] = field(default_factory=list)
    excluded: list[int] = field(default_factory=list)
    given: set[Side] = field(default_factory=set)
    only: list[Member] = field(default_factory=list)
    source: LevelRef | None = None


def negate(value: Value) -> None:
    """Denies a value: no mild is normal, no moderate at most mild; a size word adds nothing."""
    high = 0 if value.phrase == "ungraded" else max(value.low - 1, 0)
    value.low, value.high = 0, high
    value.phrase = "at_most" if high == 1 else ""


def qualified(values: list[Value], negation: int) -> Value:
    """The values denied by the tag `negation`: "no moderate or severe" is at most mild."""
    low = min(value.low for value in values)
    size = all(value.phrase == "ungraded" for value in values)
    tags = [negation, *(i for value in values for i in value.tags)]
    value = Value(low, low, "ungraded" if size else "", tags, negated=True)
    negate(value)
    return value


def hull(first: Value, second: Value) -> Value:
    """One value for two that stand side by side; of denied ones the stricter."""
    if first.negated:
        low = min(first.high, max(second.low - 1, 0))
        return Value(0, low, "at_most" if low == 1 else "", [*first.tags, *second.tags], negated=True)
    return Value(
        min(first.low, second.low),
        max(first.high, second.high),
        first.phrase,
        [*first.tags, *second.tags],
        first.sides,
    )
