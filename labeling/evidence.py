"""Grades with their evidence, built from verdicts: each piece of evidence once for all its cells."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.consensus import Claim, Verdict
from labeling.normalise import Folded
from labeling.policies import Policy, regrade
from labeling.report import Evidence, LevelGrade, Span
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS, Certainty, Interval

# The constructors of the frozen dataclasses cost a third of the time of a report, so their slots are set
# directly. The offsets come from the scanner: the checks of `Span` cannot fail, and tests hold every span
# to the text.
_NEW = object.__new__
_START, _END = (vars(Span)[name].__set__ for name in ("start", "end"))
_SPAN, _ROLE, _RULE = (vars(Evidence)[name].__set__ for name in ("span", "role", "rule"))
_LEVEL, _FINDING, _SIDE, _INTERVAL, _GRADE, _CERTAINTY, _BASIS, _FLAGS, _EVIDENCE = (
    vars(LevelGrade)[name].__set__
    for name in ("level", "finding", "side", "interval", "grade", "certainty", "basis", "flags", "evidence")
)
_INTERVALS = {(low, high): Interval(low, high) for low in range(4) for high in range(low, 4)}
_CODES = tuple(CODES.values())
Key = tuple[int, int, str, str]


class GradeBuilder:
    """Builds the grades of one report."""

    def __init__(self, folded: Folded, policy: Policy) -> None:
        self._folded = folded
        self._policy = policy
        self._made: dict[tuple[int, ...], tuple[Evidence, ...]] = {}
        self._objects: dict[Key, Evidence] = {}

    def grade(self, cell: int, verdict: Verdict) -> LevelGrade:
        """The grade of ``cell`` (level * 16 + number of its code) that `verdict` comes to."""
        low, high, flags = verdict.low, verdict.high, verdict.flags
        interval = _INTERVALS[low, high]
        finding, side = _CODES[cell & 15]
        grade = _NEW(LevelGrade)
        _LEVEL(grade, LEVELS[cell >> 4])
        _FINDING(grade, finding)
        _SIDE(grade, side)
        _INTERVAL(grade, interval)
        _GRADE(grade, low if low == high else regrade(interval, flags, self._policy))
        _CERTAINTY(grade, Certainty.UNCERTAIN if verdict.uncertain else Certainty.AFFIRMED)
        _BASIS(grade, verdict.basis)
        _FLAGS(grade, flags)
        _EVIDENCE(grade, self._evidence(verdict.claims))
        return grade

    def _evidence(self, claims: Sequence[Claim]) -> tuple[Evidence, ...]:
        """The evidence of `claims` in the order of the text, no words twice for the same rule."""
        ids = tuple(map(id, claims))
        made = self._made.get(ids)
        if made is None:
            keys = (
                _keys(claims[0])
                if len(claims) == 1
                else sorted({key for claim in claims for key in _keys(claim)})
            )
            objects, build = self._objects, self._built
            made = self._made[ids] = tuple([objects.get(key) or build(key) for key in keys])
        return made

    def _built(self, key: Key) -> Evidence:
        start, end, role, rule = key
        if self._folded.breaks:
            start, end = self._folded.original(start, end)
        span = _NEW(Span)
        _START(span, start)
        _END(span, end)
        evidence = self._objects[key] = _NEW(Evidence)
        _SPAN(evidence, span)
        _ROLE(evidence, role)
        _RULE(evidence, rule)
        return evidence


def _keys(claim: Claim) -> list[Key]:
    """What `claim` rests on, in the order of the text: its own words and those that name its level."""
    offset, (template, spans, _) = claim.place
    words = template.words
    keys = []
    for i in claim.marks:
        start, end = spans[i]
        if start >= 0:  # words of a table's heading stand before its cell and are no evidence of it
            keys.append((offset + start, offset + end, *words[i]))
    if claim.level_mark >= 0:
        offset, (template, spans, _) = claim.level_place
        start, end = spans[claim.level_mark]
        level = (offset + start, offset + end, *template.words[claim.level_mark])
        if start < 0:
            return keys
        if not keys or level < keys[0]:
            keys.insert(0, level)
        elif level not in keys:
            keys.append(level)
            keys.sort()
    return keys
