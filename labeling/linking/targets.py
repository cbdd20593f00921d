"""Targets: the structures of a phrase, the values before them, and heads with no structure."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from labeling.linking.drafts import BOTH, SIDES, Draft, Member, Value, hull, qualified
from labeling.linking.values import ValueLinks
from labeling.statements import LevelRef
from lexicons.findings import FINDINGS

_INSIDE = re.compile(r"r[jwe]+(?:v?[gz]*[hHi])?p+[wlj]*$")
"""A side that stands with the content of a structure: "the left L5 root in the lateral recess"."""


class TargetLinks(ValueLinks):
    """A target opens its structures; it takes the values before it, a negation, or its head alone."""

    def _take(self, start: int, end: int, values: list[Value], head: int | None) -> None:
        """Reads a target or an object: its members, each with its values, and the head they share."""
        members, own, level, heads = self._members(start, end, values, head)
        self.used.update(range(start, end))
        real = [member for member in members if member is not None]
        if not any(self.speech[i] in "sfekxd" for i in range(start, end)):
            self._bare(start, end, own[0] if own else values, heads, level)
            return
        if not real:
            if self.speech[start - 1 : start] == "W" and self.noun == "structure":
                self._contents(start, end, heads)
            self.noun = "other"
            self.negation_fresh = False
            return
        for before, after in pairwise(real):
            if after.named == "" and before.named in {"right", "left"} and None not in after.sides:
                after.named, after.sides = before.named, before.sides
        self.noun = "structure"
        self.negation_fresh, fresh = False, self.negation_fresh
        self.open, self.open_drafts, self.run_of_values = [], [], []
        if self.copy is not None and not heads:
            self.copy.only += real
            return
        last_values = values
        for member, member_values in zip(members, own, strict=True):
            last_values = member_values or last_values
            if member is not None and self._fits(member, heads):
                self.open.append(member)
                self._grade(member, last_values, heads, level, fresh)
        self.side = None

    def _contents(self, start: int, end: int, heads: list[int]) -> None:
        """Narrows a structure by its content: "in the lateral recess, where it compresses the L5 root"."""
        sides = [i for i in range(start, end) if self.speech[i] == "r"]
        for member in self.open:
            if None not in member.sides and self._fits(member, heads) and not self.open_drafts:
                if sides and not member.named:
                    self._side_of(member, sides)
                self._draft(member, Value(1, 3, "ungraded", []), member.sides, graded=False, heads=heads)

    def _members(
        self, start: int, end: int, values: list[Value], head: int | None
    ) -> tuple[list[Member | None], list[list[Value]], LevelRef | None, list[int]]:
        members: list[Member | None] = []
        own: list[list[Value]] = []
        heads = [] if head is None else [head]
        level: LevelRef | None = None
        vertebra: int | None = None
        begun = start if head is None else head + 1
        sides: list[int] = []
        for at in range(begun, end):
            sign = self.speech[at]
            if sign in "ly" or sign == "q":
                level = self.current = self._ref(at)
            elif sign == "j":
                vertebra = at
            elif sign in "hHti":
                heads.append(at)
                if not members:
                    values = values or self._values(begun, at)
                    begun = at + 1
            elif sign in "sfekxd":
                before = self._values(begun, at)
                sides = [i for i in range(begun, at) if self.speech[i] in "ra"]
                member = self._member(at, sides, before)
                pairs = [m.start() + begun for m in re.finditer("rl", self.speech[begun:at])]
                if member is not None and len(pairs) > 1:
                    member.pairs = [(pair, pair + 1) for pair in pairs]
                if member is not None and vertebra is not None and self.readings[member.finding].vertebra:
                    level = level or self._ref(vertebra)
                members.append(member)
                own.append(before or (values if len(members) == 1 else []))
                if sign == "x":
                    heads.append(at)
                begun = at + 1
        if members and (tail := [i for i in range(begun, end) if self.speech[i] in "ra"]):
            for member in members:
                if member is not None and member.named in {"", "both"}:
                    self._side_of(member, tail)
        if not members and not own:
            stop = heads[0] if heads else end
            own = [values or self._values(start, stop)]
        return members, own, level, heads

    def _member(self, at: int, sides: list[int], values: list[Value]) -> Member | None:
        tag = self.tags[at]
        if not tag.finding:
            return None
        finding = FINDINGS[tag.finding]
        if None in finding.codes:
            return Member(tag.finding, (None,), "none", [at], weak=tag.meaning.value == "weak")
        words = tag.meaning.value
        named = "both" if words in {"structures", "stenosis both"} else ""
        member = Member(tag.finding, BOTH, named, [at], weak=words == "weak")
        if words.startswith("structure "):
            member.named = words.removeprefix("structure ")
            member.sides = SIDES[member.named]
            return member
        loose = [i for i in sides if not any(i in value.tags for value in values)]
        if loose:
            self._side_of(member, loose)
        elif self.side is not None and not any(value.sides for value in values):
            self._side_of(member, [self.side])
        elif (inside := _INSIDE.search(self.speech, 0, at)) is not None:
            self._side_of(member, [inside.start()])
        return member

    def _side_of(self, member: Member, at: list[int]) -> None:
        if None in FINDINGS[member.finding].codes:
            return
        for i in at:
            words = self.tags[i].meaning.value
            if self.speech[i] == "a":
                member.named = member.named or "both"
                member.tags.append(i)
                continue
            found = SIDES[words]
            member.sides = found if member.named in {"", "both"} or member.sides == found else BOTH
            member.named = words
            member.tags.append(i)

    def _grade(
        self, member: Member, values: list[Value], heads: list[int], level: LevelRef | None, fresh: bool
    ) -> None:
        """Drafts for one member from the values before it, the negation in force, or its head alone."""
        plain = [value for value in values if not value.sides or (value.sides == BOTH and len(values) > 1)]
        sided = [value for value in values if value not in plain]
        if self.void or self.foreign:
            return
        for side, at in member.pairs:
            # "Right L4-5 and left L5-S1 foraminal stenosis": each side has its level.
            named = self.tags[side].meaning.value
            each = replace(member, sides=SIDES[named], named=named, pairs=[], tags=[*member.tags, side])
            self._grade(each, values, heads, self._ref(at), fresh)
        if member.pairs:
            self.open.remove(member)
            self.open += [draft.member for draft in self.open_drafts[-len(member.pairs) :]]
            return
        if self.negation is not None and values and not any(value.negated for value in values):
            if fresh:
                plain = [qualified(plain or sided, self.negation)]
                sided = []
            elif all(value.phrase != "ungraded" for value in values):
                self.negation = None
            else:
                plain, sided = [], []
        if plain and plain[0].negated and self.negation is None:
            self.negation = next(i for i in plain[0].tags if self.speech[i] == "n")
        if plain:
            value = plain[0]
            for more in plain[1:]:
                value = hull(value, more)
            self._draft(member, value, member.sides, graded=True, level=level, heads=heads)
            if len(plain) > 1:
                self.drafts[-1].value.phrase = self.drafts[-1].value.phrase or "several"
                self.run_of_values = [
                    Draft(member, each, member.sides, None, False, True, tags=list(heads)) for each in plain
                ]
        for value in sided:
            self._draft(member, value, value.sides, graded=True, level=level, heads=heads)
        if plain or sided:
            return
        if self.negation is not None and heads:
            value = Value(0, 0, "", [self.negation], negated=True)
            self._draft(member, value, member.sides, graded=True, level=level, heads=heads)
        elif heads:
            value = self._ungraded(heads)
            self._draft(member, value, member.sides, graded=value.low == 3, level=level, heads=heads)

    def _bare(
        self, start: int, end: int, values: list[Value], heads: list[int], level: LevelRef | None
    ) -> None:
        """A head with no structure: a value for what is open, else the finding that bare heads mean."""
        sides = [i for i in range(start, end) if self.speech[i] == "r"]
        fitting = [member for member in self.open if self._fits(member, heads)]
        settled = any(
            draft.graded and draft.value.phrase != "ungraded" and not draft.value.sides
            for draft in self.open_drafts
        )
        given = [value for value in values if value.sides]
        idle = self.noun == "other" and not any(self.tags[i].meaning.value == "narrowing" for i in heads)
        if idle and self.speech[start - 1 : start] != ":":
            return
        if fitting and not (settled and not sides and self.side is None and self.noun == "other"):
            self._bare_value(values, sides, heads)
            return
        special = next((self.tags[i].finding for i in heads if self.tags[i].finding), "")
        if (
            not self.open
            and values
            and self.speech[start - 1 : start] == "v"
            and not any(self.tags[i].meaning.value == "narrowing" for i in heads)
        ):
            self._without_structure(values[0], start, "v")
            return
        if not special and not any(self.tags[i].meaning.value == "narrowing" for i in heads):
            self.noun = "other"
            return
        negated = (self.negation is not None or any(v.negated for v in values)) and not given
        loose = [i for i in sides if not any(i in value.tags for value in values)]
        if not loose and self.side is not None and not given:
            loose = [self.side]
        wanted = "with side" if (loose or given) else "without side"
        self.noun = "structure"
        self.open, self.open_drafts = [], []
        for key, reading in self.readings.items():
            if special and key != special:
                continue
            if (
                special
                or (negated and not (loose or given) and reading.bare_negated)
                or reading.bare_head == wanted
            ):
                sided = None not in FINDINGS[key].codes
                member = Member(
                    key,
                    BOTH if sided else (None,),
                    "both" if sided and negated else "",
                    [],
                    bare=True,
                    topic=special,
                )
                if loose:
                    self._side_of(member, loose)
                self.open.append(member)
                self._grade(member, values, heads, level, self.negation_fresh)
        self.negation_fresh = False
        self.side = None

    def _bare_value(self, values: list[Value], sides: list[int], heads: list[int]) -> None:
        if not values and self.negation is not None and self.negation not in self.used:
            values = [Value(0, 0, "", [self.negation], negated=True)]
        self.noun = "structure"
        if not values:
            if self.speech[heads[-1] + 1 : heads[-1] + 2] == "v" and self.open_drafts:
                return
            if not self.open_drafts or sides or self.side is not None:
                values = [self._ungraded(heads)]
            else:
                return
        for value in values:
            loose = [i for i in sides if not any(i in v.tags for v in values)]
            if loose and not value.sides:
                value.sides = SIDES[self.tags[loose[-1]].meaning.value]
                value.tags += loose
            value.tags += heads
            self._give(value)
