"""Evidence of a verdict: spans of the original text, built once for all cells that rest on the same words."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.consensus import Claim
from labeling.normalise import Folded
from labeling.report import Evidence, Span

Key = tuple[int, int, str, str]

# The constructors of the frozen dataclasses cost half the time of a report. Their slots are set directly
# here: the offsets come from the scanner, so the checks of `Span` cannot fail, and tests hold every span to
# the text.
_NEW = object.__new__
_SET_START, _SET_END = vars(Span)["start"].__set__, vars(Span)["end"].__set__
_SET_SPAN, _SET_ROLE, _SET_RULE = (vars(Evidence)[name].__set__ for name in ("span", "role", "rule"))


class EvidenceBuilder:
    """Builds the evidence of one report."""

    def __init__(self, folded: Folded) -> None:
        self._folded = folded
        self._made: dict[tuple[int, ...], tuple[Evidence, ...]] = {}

    def of(self, claims: Sequence[Claim]) -> tuple[Evidence, ...]:
        """The evidence of `claims` in the order of the text, no words twice for the same rule."""
        key = tuple(map(id, claims))
        made = self._made.get(key)
        if made is None:
            keys = _keys(claims[0]) if len(claims) == 1 else [k for claim in claims for k in _keys(claim)]
            made = self._made[key] = tuple([self._evidence(k) for k in sorted(set(keys))])
        return made

    def _evidence(self, key: Key) -> Evidence:
        start, end, role, rule = key
        if self._folded.breaks:
            start, end = self._folded.original(start, end)
        span = _NEW(Span)
        _SET_START(span, start)
        _SET_END(span, end)
        evidence = _NEW(Evidence)
        _SET_SPAN(evidence, span)
        _SET_ROLE(evidence, role)
        _SET_RULE(evidence, rule)
        return evidence


def _keys(claim: Claim) -> list[Key]:
    offset, parsed = claim.place
    spans, words = parsed.spans, parsed.template.words
    # Words of a table's heading stand before its cell and are no evidence of it: they have negative offsets.
    keys = [(offset + spans[i][0], offset + spans[i][1], *words[i]) for i in claim.marks if spans[i][0] >= 0]
    if claim.level_mark >= 0:
        offset, parsed = claim.level_place
        start, end = parsed.spans[claim.level_mark]
        keys.append((offset + start, offset + end, *parsed.template.words[claim.level_mark]))
    return keys
