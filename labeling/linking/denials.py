"""Denials apart from their grade: "no stenosis of severe degree", "severe stenosis is not seen"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.linking.drafts import Draft, Value, qualified
from labeling.linking.earlier import EarlierLinks

OTHER_NOUNS = r"[nc][^sfxHtvo,c;dewk]*[dewk](?:[^sfxHtvo,c;]|(?:,?c|,)(?=[^sfxhHtvo,c;]*[dewk]))*(?:vh?)?"
"""A denial of other nouns, whatever their number: "no bulge, protrusion or contact with the root"."""
DENIED_ASIDE = re.compile(r"n[^()sfxhHtgzo]{0,9}[dew]{1,2}[^()sfxhHtgzo]{0,9}\)")
"""A denial of another noun up to the end of its bracket: "severe at L4-5 (no fracture) and mild at L5-S1"."""
_DENIED_AFTER = re.compile(r"(?:[ps]|[wlq](?=[wlq]{0,3}v))*[rv:(-]?")
"""Between a grade's noun and its denial: "severe narrowing of the canal is not seen"."""
_OF_OTHER = re.compile(r"[wpb]{0,2}[PD]|p{1,2}r?s")
"""What is not seen in another structure is there, and what was not seen before is there now."""


class DenialLinks(EarlierLinks):
    """Denies the grade alone of what has one: what is less severe may be there."""

    def _denies_grade(self, value: Value) -> bool:
        """Whether `value` only says which grade is denied, or denies the grade that was given."""
        if value.sides:
            return False
        start, end = min(value.tags), max(value.tags) + 1
        if value.low and not value.negated:
            degree = self._is_degree(start) and not self._since_told(start).strip("psrl")
            return degree and self._deny_degree(value)
        words = {self.tags[i].meaning.value for i in value.tags}
        if words.isdisjoint({"none", "not seen", "level normal"}) or _OF_OTHER.match(self.speech, end):
            return False
        graded = [draft for draft in self.open_drafts if draft.value.low and draft.value.phrase != "ungraded"]
        if not graded or not _DENIED_AFTER.fullmatch(self._since_told(start)):
            return False
        self._deny_graded(value, graded)
        return True

    def _since_told(self, start: int) -> str:
        """The parts of speech between what is open and a value that starts there."""
        tags = [at for one in self.open_drafts for at in (*one.value.tags, *one.tags, *one.member.tags)]
        return self.speech[max([at for at in tags if at < start], default=0) + 1 : start]

    def _deny_degree(self, value: Value) -> bool:
        """Denies no more than a degree of what was denied: "no canal stenosis of severe degree"."""
        denied: list[Draft] = []
        for draft in reversed(self.drafts):
            if not draft.value.negated:
                break
            denied.append(draft)
        for draft in denied:
            draft.value = qualified([value], min(draft.value.tags))
        self.used.update(value.tags if denied else ())
        return bool(denied)

    def _deny_graded(self, value: Value, graded: Sequence[Draft]) -> None:
        """Denies the grade that stands before: "severe narrowing is not seen"."""
        for draft in graded:
            draft.value = qualified([draft.value], min(value.tags))
        self.used.update(value.tags)

    def _is_degree(self, at: int) -> bool:
        """Whether the grade at `at` stands behind its noun and no comma: "stenosis of severe degree"."""
        tag = self.tags[at]
        behind = tag.rule.endswith(("-degree", "-or-worse")) or tag.meaning.phrase == "at_least"
        return behind or self.speech[at - 1] == "p"
