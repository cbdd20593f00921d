"""Grading a structure: from the values before it, the negation in force, or its head alone."""

from __future__ import annotations

from dataclasses import replace

from labeling.linking.drafts import BOTH, SIDES, Draft, Member, Value, hull, qualified
from labeling.linking.values import ValueLinks
from labeling.statements import LevelRef
from lexicons.findings import FACET


class GradeLinks(ValueLinks):
    """What a structure is given before any value follows it."""

    def _grade(
        self, member: Member, values: list[Value], heads: list[int], level: LevelRef | None, fresh: bool
    ) -> None:
        """Drafts for one member; `fresh` when a negation stands directly before the values."""
        if self.void or self.foreign:
            return
        if self.past:
            self._draft(member, Value(0, 3, "past", []), member.sides, graded=False, level=level)
            return
        if member.pairs:
            self._grade_pairs(member, values, heads, fresh)
            return
        if "M" in self.speech and len(values) > 1 and not any(value.sides for value in values[:-1]):
            last = values[-1]  # "mild, moderate and severe right foraminal stenosis at ..., respectively"
            member.sides, last.sides = last.sides or member.sides, ()
        if None in member.sides and any(not value.sides for value in values):
            values = [value for value in values if not value.sides]  # the sided ones are of another noun
        if member.finding == FACET and not heads:
            values = [value for value in values if not self._is_of_joint(value)]
        plain, sided = self._denied(values, fresh)
        if plain:
            self._grade_plain(member, plain, heads, level)
        for value in sided:
            self._draft(member, value, value.sides, graded=True, level=level, heads=heads)
        if plain or sided or not heads:
            return
        if self.negation is not None:
            if self._unclosed(member, heads[0]):
                return
            value = Value(0, 0, "", [self.negation], negated=True)
            self._draft(member, value, member.sides, graded=True, level=level, heads=heads)
        else:
            value = self._ungraded(heads, next(iter(member.tags), 0))
            self._draft(member, value, member.sides, graded=value.low == 3, level=level, heads=heads)

    def _is_of_joint(self, value: Value) -> bool:
        """Whether a joint itself is denied, and no disease of it: "absence of the right facet joint"."""
        return value.negated and {self.speech[at] for at in value.tags} == {"n", "r"}

    def _unclosed(self, member: Member, head: int) -> bool:
        """Whether it cannot be told what a denial reaches: "no canal stenosis, left foraminal narrowing"."""
        begun = self.negation if self.negation is not None else head
        if "," not in self.speech[begun:head]:
            return False
        closed = any(
            tag.rule == "sides/right-or-left"
            or (tag.meaning.speech == "c" and tag.meaning.value in {"or", "nor", "and/or"})
            for tag in self.tags[begun:]
        )
        sided = any(self.speech[tag] == "r" for tag in member.tags)
        return not closed and (self.speech[head] in "tH" or sided)

    def _grade_pairs(self, member: Member, values: list[Value], heads: list[int], fresh: bool) -> None:
        """Grades sides that have a level each: "right L4-5 and left L5-S1 foraminal stenosis"."""
        self.open.remove(member)
        for side, at in member.pairs:
            named = self.tags[side].meaning.value
            each = replace(member, sides=SIDES[named], named=named, pairs=[], tags=[*member.tags, side])
            each.level = self._ref(at)
            self.open.append(each)
            self._grade(each, values, heads, each.level, fresh)

    def _denied(self, values: list[Value], fresh: bool) -> tuple[list[Value], list[Value]]:
        """The values without and with a side, after the negation in force has had its say.

        "No moderate stenosis" denies the grade; in "no stenosis, mild narrowing" the grade ends the
        negation; in "no herniation or significant stenosis" the size word does not.
        """
        plain = [value for value in values if not value.sides or (value.sides == BOTH and len(values) > 1)]
        sided = [value for value in values if value not in plain]
        if self.negation is not None and values and not any(value.negated for value in values):
            if fresh:
                return [qualified(plain or sided, self.negation)], []
            if any(value.phrase == "ungraded" for value in values):
                return [], []
            self.negation = None
        if plain and plain[0].negated and self.negation is None:
            self.negation = next((i for i in plain[0].tags if self.speech[i] == "n"), None)
        return plain, sided

    def _grade_plain(
        self, member: Member, plain: list[Value], heads: list[int], level: LevelRef | None
    ) -> None:
        value = plain[0]
        for more in plain[1:]:
            value = hull(value, more)
        self._draft(member, value, member.sides, graded=True, level=level, heads=heads)
        if len(plain) > 1:
            # Kept apart as well, in case "respectively" follows.
            value.phrase = value.phrase or "several"
            self.run_of_values = [
                Draft(member, each, member.sides, None, False, True, tags=list(heads)) for each in plain
            ]

    def _shared(self, member: Member | None, values: list[Value]) -> list[Value]:
        """The one grade before several structures, each with a side of its own.

        As in "mild right foraminal and left recess stenosis", "mild right foraminal and canal stenosis".
        """
        if member is None or len(values) != 1 or not values[0].sides:
            return values
        own = None in member.sides or any(self.speech[at] == "r" for at in member.tags)
        return [replace(values[0], sides=())] if own else values
