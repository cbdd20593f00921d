"""What goes into the labeler and what comes out: reports, evidence and the grades of one report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Self

from lexicons.findings import CODES, Finding
from lexicons.vocabulary import Basis, Certainty, Interval, Level, Side


@dataclass(frozen=True, slots=True)
class Report:
    """One report as its source gave it. `text` is never altered: every span points into it.

    `flags` are those that the source sets, not the words: ``draft`` where its status says preliminary,
    ``addendum`` where it says so.
    """

    id: str
    text: str
    study: str | None = None
    patient: str | None = None
    reader: str | None = None
    date: date | None = None
    modality: str | None = None
    language: str = "en"
    site: str | None = None
    flags: frozenset[str] = frozenset()


class _Offsets(NamedTuple):
    start: int
    end: int


class Span(_Offsets):
    """Characters ``start`` up to, not including, ``end`` of the original text."""

    __slots__ = ()

    def __new__(cls, start: int, end: int) -> Self:
        """Raises `ValueError` unless ``0 <= start < end``."""
        if not 0 <= start < end:
            raise ValueError(f"span: expected 0 <= start < end; got {start}..{end}")
        return super().__new__(cls, start, end)

    def of(self, text: str) -> str:
        """The words under the span."""
        return text[self.start : self.end]


class Evidence(NamedTuple):
    """Words that a grade rests on: where they stand, the part they play, the rule that read them.

    `role` is one of level, grade, structure, head, side, negation, uncertainty, scope, reference, measure.
    `rule` is ``<lexicon file>/<rule id>``, as in ``grades/mild-to-moderate``.
    """

    span: Span
    role: str
    rule: str


class LevelGrade(NamedTuple):
    """What a report says of one cell. A cell that it never speaks of has no `LevelGrade` at all.

    `grade` is the training label that the policy drew from `interval`; `None` where it gives none.
    """

    level: Level
    finding: Finding
    side: Side | None
    interval: Interval
    grade: int | None
    certainty: Certainty
    basis: Basis
    flags: frozenset[str] = frozenset()
    evidence: tuple[Evidence, ...] = ()

    @property
    def code(self) -> str:
        """The code of the cell, as in ``RFS``."""
        return self.finding.codes[self.side]

    def __str__(self) -> str:
        """One line, as in ``L4-L5 SCS mild..moderate (stated)``; ``?`` marks an uncertain one."""
        doubt = "?" if self.certainty is Certainty.UNCERTAIN else ""
        return f"{self.level} {self.code} {self.interval}{doubt} ({self.basis})"

    @classmethod
    def parse(cls, line: str) -> LevelGrade:
        """The cell that prints as `line`; grade, flags and evidence are not in the line and stay empty."""
        try:
            level, code, words, basis = line.split()
            finding, side = CODES[code]
            return cls(
                level=Level.parse(level),
                finding=finding,
                side=side,
                interval=Interval.parse(words.rstrip("?")),
                grade=None,
                certainty=Certainty.UNCERTAIN if words.endswith("?") else Certainty.AFFIRMED,
                basis=Basis(basis.strip("()")),
            )
        except (KeyError, ValueError) as error:
            raise ValueError(
                f"cell: expected a line like 'L4-L5 SCS mild..moderate (stated)'; got {line!r} ({error})"
            ) from None


@dataclass(frozen=True, slots=True)
class ReportLabels:
    """Everything the labeler read in one report.

    `grades` is ordered by level, then by the order of `CODES`. `flags` are of the whole report
    (transitional, postoperative, other_region, draft, addendum). `unread` counts grade and pathology words
    that no rule consumed. `error` says why a report was quarantined; then `grades` is empty.
    """

    report_id: str
    grades: tuple[LevelGrade, ...]
    flags: frozenset[str] = frozenset()
    unread: int = 0
    error: str | None = None

    @property
    def cells(self) -> dict[tuple[Level, str], LevelGrade]:
        """The grades by level and code, as in ``cells[Level.L4_L5, "SCS"]``.

        What the report does not speak of is not there.
        """
        return {(grade.level, grade.code): grade for grade in self.grades}

    @property
    def complete(self) -> bool:
        """Whether all six levels have a grade for every core finding (SCS, RFS and LFS)."""
        graded = {(g.level, g.code) for g in self.grades if g.grade is not None}
        return all((level, code) in graded for level in Level for code, (f, _) in CODES.items() if f.core)
