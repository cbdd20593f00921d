"""The words of the domain as values: levels, sides, grades and intervals of grades.

Standard library only. Every value parses from the text it prints::

    >>> str(Level.L4_L5), str(Interval(1, 2)), Interval.parse("mild..moderate")
    ('L4-L5', 'mild..moderate', Interval(low=1, high=2))

Source of the definitions: the project's annotation guideline and Lu et al. 2018, DeepSPINE, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """One of the six disc levels of a lumbar study, ordered from the head down."""

    T12_L1 = 0
    L1_L2 = 1
    L2_L3 = 2
    L3_L4 = 3
    L4_L5 = 4
    L5_S1 = 5

    def __str__(self) -> str:
        return self.name.replace("_", "-")

    @property
    def upper(self) -> str:
        """The vertebra above the disc, as in ``L4``."""
        return self.name.split("_")[0]

    @property
    def lower(self) -> str:
        """The vertebra below the disc, as in ``L5``."""
        return self.name.split("_")[1]

    @classmethod
    def parse(cls, text: str) -> Level:
        """The level that prints as `text` (``"L4-L5"``); `ValueError` names the six choices.

        This reads the project's own notation. Reports say it in many more ways; those are read by
        `labeling.levels`.
        """
        try:
            return cls[text.strip().upper().replace("-", "_")]
        except KeyError:
            choices = ", ".join(map(str, cls))
            raise ValueError(f"level: expected one of {choices}; got {text!r}") from None


LEVELS: tuple[Level, ...] = tuple(Level)


class Side(StrEnum):
    """The patient's side. A finding without sides has the side `None`, never a third member."""

    RIGHT = "right"
    LEFT = "left"


class Grade(IntEnum):
    """The four ranks of every severity scale of the paper."""

    NORMAL = 0
    MILD = 1
    MODERATE = 2
    SEVERE = 3

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def parse(cls, text: str) -> Grade:
        """The grade that prints as `text`; `ValueError` names the four choices."""
        try:
            return cls[text.strip().upper()]
        except KeyError:
            choices = ", ".join(map(str, cls))
            raise ValueError(f"grade: expected one of {choices}; got {text!r}") from None


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A closed interval of ranks, ``low <= grade <= high``: what the words allow.

    ``moderate`` is 2..2, ``mild to moderate`` 1..2, ``no severe stenosis`` 0..2 and ``stenosis`` with
    no grade word 1..3. A point label comes from it by a named policy, never here.
    """

    low: int
    high: int

    def __post_init__(self) -> None:
        if not Grade.NORMAL <= self.low <= self.high <= Grade.SEVERE:
            raise ValueError(f"interval: expected 0 <= low <= high <= 3; got {self.low}..{self.high}")

    def __str__(self) -> str:
        low, high = str(Grade(self.low)), str(Grade(self.high))
        return low if self.low == self.high else f"{low}..{high}"

    @classmethod
    def parse(cls, text: str) -> Interval:
        """``"mild"`` or ``"mild..moderate"``; `ValueError` when it is neither."""
        low, dots, high = text.partition("..")
        return cls(Grade.parse(low), Grade.parse(high if dots else low))


class Certainty(StrEnum):
    """Whether the report commits itself to what it says."""

    AFFIRMED = "affirmed"
    UNCERTAIN = "uncertain"


class Basis(StrEnum):
    """How a cell came by its grade."""

    STATED = "stated"  # said of this level
    INHERITED = "inherited"  # said of all, the remaining or a range of levels
    IMPLIED = "implied"  # the level was called normal as a whole
