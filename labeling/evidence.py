"""Grades with their evidence, from the claims of their cells: once for all cells with the same claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from labeling.consensus import Claim, settle
from labeling.normalise import Folded
from labeling.policies import Policy, regrade
from labeling.report import Evidence, LevelGrade, Span
from labeling.statements import Words
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS, Basis, Certainty, Interval

# The bare constructor of tuples takes half of the time of the named ones. The offsets come from the scanner:
# the check of `Span` cannot fail, and tests hold every span to the text.
_SPAN: Callable[[tuple[int, int]], Span] = partial(tuple.__new__, Span)
_EVIDENCE: Callable[[tuple[Span, str, str]], Evidence] = partial(tuple.__new__, Evidence)
_GRADE: Callable[[tuple[object, ...]], LevelGrade] = partial(tuple.__new__, LevelGrade)
_INTERVALS = {(low, high): Interval(low, high) for low in range(4) for high in range(low, 4)}
_CERTAINTY = (Certainty.AFFIRMED, Certainty.UNCERTAIN)
_CELLS = {
    level * 16 + number: (level, finding, side)
    for level in LEVELS
    for number, (finding, side) in enumerate(CODES.values())
}
_Said = tuple[Interval, int | None, Certainty, Basis, frozenset[str], tuple[Evidence, ...]]
"""What a `LevelGrade` says of its cell, in the order of its fields."""


class GradeBuilder:
    """Builds the grades of one report."""

    def __init__(self, folded: Folded, policy: Policy) -> None:
        self._folded = folded
        self._policy = policy
        self._of_claims: dict[int, list[Evidence]] = {}
        self._of_levels: dict[tuple[int, Words], Evidence] = {}

    def grades(self, cells: Mapping[int, Sequence[Claim]]) -> tuple[LevelGrade, ...]:
        """The grades of `cells` (level * 16 + number of its code); none for one that is only measured."""
        grades = []
        known: dict[int | tuple[int, ...], _Said | None] = {}  # by the claims: both sides often share theirs
        for cell, claims in sorted(cells.items()):
            key = id(claims[0]) if len(claims) == 1 else tuple(map(id, claims))
            if key in known:
                said = known[key]
            else:
                said = known[key] = self._said(claims)
            if said is not None:
                grades.append(_GRADE(_CELLS[cell] + said))
        return tuple(grades)

    def _said(self, claims: Sequence[Claim]) -> _Said | None:
        only = claims[0].statement
        if len(claims) == 1 and only.phrase != "measure":
            low, high, uncertain, flags = only.low, only.high, only.uncertain, only.flags
            basis, resting = claims[0].basis, claims
        elif (verdict := settle(claims)) is not None:
            low, high, uncertain, flags = verdict.low, verdict.high, verdict.uncertain, verdict.flags
            basis, resting = verdict.basis, verdict.claims
        else:
            return None
        interval = _INTERVALS[low, high]
        grade = low if low == high else regrade(interval, flags, self._policy)
        return interval, grade, _CERTAINTY[uncertain], basis, flags, self._evidence(resting)

    def _evidence(self, claims: Sequence[Claim]) -> tuple[Evidence, ...]:
        """The evidence of `claims` in the order of the text, no words twice for the same rule."""
        if len(claims) == 1:
            return tuple(self._of(claims[0]))
        found = dict.fromkeys([found for claim in claims for found in self._of(claim)])
        return tuple(sorted(found))  # in order but for a few: a set would shuffle it first

    def _of(self, claim: Claim) -> list[Evidence]:
        """What `claim` rests on, in the order of the text: its own words and those that name its level."""
        found = self._of_claims.get(id(claim))
        if found is None:
            found = self._of_claims[id(claim)] = self._placed(claim.offset, claim.words)
            if claim.level_words is not None:
                level = self._level(claim.level_offset, claim.level_words)
                if not found or level < found[0]:
                    found.insert(0, level)
                elif level not in found:
                    found.append(level)
                    found.sort()
        return found

    def _level(self, offset: int, words: Words) -> Evidence:
        found = self._of_levels.get((offset, words))
        if found is None:
            found = self._of_levels[offset, words] = self._placed(offset, (words,))[0]
        return found

    def _placed(self, offset: int, words: Sequence[Words]) -> list[Evidence]:
        if not self._folded.breaks:
            return [
                _EVIDENCE((_SPAN((offset + start, offset + end)), role, rule))
                for start, end, role, rule in words
            ]
        original = self._folded.original
        return [
            _EVIDENCE((_SPAN(original(offset + start, offset + end)), role, rule))
            for start, end, role, rule in words
        ]
