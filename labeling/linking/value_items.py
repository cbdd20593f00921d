"""Values that stand apart from a structure: "severe at L4-5" behind a cause, "left mildly so", "mild/severe".

What was named last may be another noun; the side, the level or the words before a value tell that it is of
the structure all the same.
"""

from __future__ import annotations

import re

from labeling.linking.drafts import SIDES, Value
from labeling.linking.finishing import FinishLinks
from labeling.linking.normals import BESIDE

_SECOND_SIDE = re.compile(r"[,c]{0,2}?c(?P<grade>[gzo])(?!r)[hH]?")
_SIDE_ALONE = re.compile(r"[,;c](?:(?P<first>r)[gzo]+|[gzo]+(?P<last>r))(?=$|[,;)])")
_ACCOMPANIED = re.compile(
    r"[lqrgo],?b[gzwrfhpj]{0,6}(?:et|[de]{1,2})r?(?:,?c|,)$"
    r"|(?:[hHx]|(?<=g)s?t|(?<=gr)s?t),?b[gzwrfhpj]{0,6}[de]{1,2}h?r?lr?(?:[,;]c?|c)$"
)
"""Something named in passing: "severe at L4-5 with effusions and moderate at the other levels"."""
_CAUSED = re.compile(r"[hHxtsf](?P<level>l),?(?P<due>[bBwX])[gzrdewcp]{1,12}(?:[,;][bc]?|c)$")
_GRADE_OF_NEXT = re.compile(r"g{1,2}l(?:$|[,;)c])")
_SIDE_FIRST = re.compile(r"(?<=[;:,(b])r[gz]{1,3}l(?:(?:,?c|,)[gz]{1,3}l)+(?=$|[;)])")
"""A side that leads a list of grades and their levels."""


class ValueItemLinks(FinishLinks):
    """Reads the items that are values, and tells what they are not of."""

    def _value(self, start: int, end: int) -> None:
        if (
            self.noun == "other"
            and self.open_drafts
            and (
                _ACCOMPANIED.search(self.speech, 0, start)
                or self._is_other_side(start, end)
                or self._is_next_level(start, end)
                or (self.speech[start] == "o" and BESIDE.search(self.speech, 0, start))
            )
        ) or (self.open and self.tags[start].rule.startswith("normal/not-narrowed")):
            self.noun = "structure"
        if _SIDE_FIRST.match(self.speech, start):
            self.value_side = start  # "on the left mild at L4-5, moderate at L5-S1"
        values = self._values(start, end)
        if not values or self._slashed(start, end, values[0]) or self._is_of_pressure(end):
            return
        if self._denies_grade(values[0]) or self._doubts_more(values[0], start):
            return
        if values[0].scale:
            self._open_scale(values[0])
        if (each := self._of_each(start)) != []:
            self._give_each(values[0], each)
        elif (second := self._parted(values[0], end)) is None:
            self._give(values[0])
        else:
            self.skip = second  # which side is which cannot be told

    def _doubts_more(self, value: Value, start: int) -> bool:
        """Whether a doubt lies within what was told: "at least moderately narrowed, could well be severe"."""
        told = self.open_drafts[-1].value if self.open_drafts else None
        if told is None or told.phrase != "at_least" or value.sides or value.low < told.low:
            return False
        if "l" in self.speech[max(told.tags) : start]:
            return False  # "at L3-4 it is at least moderate, and at L4-5 it is probably severe"
        if self.speech[start] != "u" and self.doubt not in {start - 1, start - 2}:
            return False
        self.used.update(value.tags)
        self.doubt = None
        return True

    def _is_of_pressure(self, end: int) -> bool:
        """Whether a grade is of pressure on the sac, no stenosis: "thecal sac mildly compressed"."""
        if self.speech[end : end + 1] not in {"h", "H"} or not self.open:
            return False
        return not any(not member.weak or self._fits(member, [end]) for member in self.open)

    def _parted(self, value: Value, end: int) -> int | None:
        """Where the second of two grades ends that seem to be of a side each: "foramina: mild/severe"."""
        second = _SECOND_SIDE.match(self.speech, end)
        if second is None or value.sides or "M" in self.speech:
            return None
        at = second.start("grade")
        if self.tags[at - 1].rule != "connectors/slash":
            return None
        sided = bool(self.open) and not any(None in member.sides for member in self.open)
        other = self.tags[at].meaning
        one_side = any(member.named in {"right", "left"} for member in self.open)
        return (
            second.end()
            if sided and not one_side and (other.low, other.high) != (value.low, value.high)
            else None
        )

    def _is_next_level(self, start: int, end: int) -> bool:
        """Whether a grade is of another level, behind a cause: "mild L3-4 due to bulges, severe at L4-5"."""
        caused = _CAUSED.search(self.speech, 0, start)
        if caused is None or _GRADE_OF_NEXT.match(self.speech, start) is None:
            return False
        cause = self.tags[caused.start("due")]
        if cause.meaning.value not in {"due to", "cause", "change"} and cause.rule != "distractors/by":
            return False
        return set(self._mention(caused.start("level"))).isdisjoint(self._mention(end))

    def _is_other_side(self, start: int, end: int) -> bool:
        """Whether a clause is of the side not graded yet: "right narrowed by a ridge, left mildly so"."""
        found = _SIDE_ALONE.match(self.speech, start - 1)
        if found is None or found.end() != end:
            return False
        sides = SIDES[self.tags[max(found.start("first"), found.start("last"))].meaning.value]
        return len(sides) == 1 and any(len(d.sides) == 1 and d.sides != sides for d in self.open_drafts)
