"""A report cut where evidence begins and ends: what every rendering of an explanation is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from labeling.report import Evidence, LevelGrade, ReportLabels
from lexicons.vocabulary import Basis, Certainty

# What a reader looks for, and the parts that evidence plays in it. Where two overlap, the first one colours.
KINDS: Mapping[str, tuple[str, ...]] = {
    "grade": ("grade", "negation", "measure"),
    "doubt": ("uncertainty",),
    "what": ("structure", "head", "side"),
    "where": ("level", "scope", "reference"),
}
KIND_NAMES: Mapping[str, str] = {
    "grade": "how much",
    "doubt": "how sure",
    "what": "which structure and side",
    "where": "which level",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters ``start`` up to ``end`` of the text that the same evidence covers; `kind` is of `KINDS`."""

    start: int
    end: int
    evidence: tuple[Evidence, ...]
    kind: str | None


def segments(text: str, labels: ReportLabels) -> Iterator[Segment]:
    """The whole of `text`, in order and without gaps. Evidence beyond the end of the text is cut there."""
    evidence = sorted({e for grade in labels.grades for e in grade.evidence}, key=lambda e: (e.span, e.rule))
    borders = sorted(
        {0, len(text), *(p for e in evidence for p in (e.span.start, e.span.end) if p < len(text))}
    )
    open_from = 0
    for start, end in pairwise(borders):
        while open_from < len(evidence) and evidence[open_from].span.end <= start:
            open_from += 1
        here = []
        for found in evidence[open_from:]:
            if found.span.start >= end:
                break
            if found.span.end > start:
                here.append(found)
        yield Segment(start, end, tuple(here), _kind(here))


def kind_of(role: str) -> str:
    """The kind that a role of evidence belongs to; a role that is new counts as ``what``."""
    return next((kind for kind, roles in KINDS.items() if role in roles), "what")


def _kind(evidence: list[Evidence]) -> str | None:
    found = {kind_of(e.role) for e in evidence}
    return next((kind for kind in KINDS if kind in found), None)


def grade_words(grade: LevelGrade) -> str:
    """The grade in a word, as in ``moderate``; the interval, as in ``mild..severe``, where there is none."""
    return str(grade.interval) if grade.grade is None else grade.finding.scale[grade.grade]


def cell_marks(grade: LevelGrade) -> str:
    """``?`` uncertain, ``*`` inherited, ``~`` implied, ``!`` flagged: what a grid shows behind the word."""
    return (
        ("?" if grade.certainty is Certainty.UNCERTAIN else "")
        + {Basis.INHERITED: "*", Basis.IMPLIED: "~"}.get(grade.basis, "")
        + ("!" if grade.flags else "")
    )


def quoted(evidence: Evidence, text: str) -> str:
    """The words under the evidence in quotes, on one line."""
    return f"“{' '.join(evidence.span.of(text).split())}”"


def verdict(labels: ReportLabels) -> str:
    """The report in one line: its cells and grades, whether it is complete, flags, what went unread."""
    if labels.error is not None:
        return f"set aside ({labels.error})"
    graded = sum(grade.grade is not None for grade in labels.grades)
    parts = [
        f"{len(labels.grades)} cell{'s' if len(labels.grades) != 1 else ''}, {graded} graded",
        "complete" if labels.complete else "not complete",
    ]
    parts += sorted(labels.flags)
    if labels.unread:
        parts.append(f"{labels.unread} grade or pathology word{'s' if labels.unread > 1 else ''} not read")
    return ", ".join(parts)
