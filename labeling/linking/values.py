"""Values: reading them, and giving them to the structures that are open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from labeling.linking.denials import DENIED_ASIDE, OTHER_NOUNS
from labeling.linking.drafts import BOTH, SIDES, Draft, Member, Value, hull, qualified
from labeling.linking.sided_values import SidedValues
from labeling.linking.state import NOT_TOLD
from labeling.linking.value_scopes import ValueScopeLinks
from labeling.rule_names import NOWHERE_ELSE, OTHERS
from labeling.statements import LevelRef
from lexicons.vocabulary import Side

_SECOND = re.compile(r"c[gzo]|,[gzo](?=$|[;)])")
_WORSE = re.compile(r"W|l\($")
"""Between the worse side and its grade: "worse on the left, where it is mild", "at L4-5 (mild)"."""
_SIDE_GOES_ON = re.compile(r"(?<!s)(?<!f)rv[gz]{1,3}H?l(?:,?c|,)$")
"""A side that the next grade is of as well: "the right is narrow at L3-4 and moderately so at L2-3"."""
_OF_ANOTHER = re.compile(rf"{OTHER_NOUNS}(?:,c?|(c))r?(?:s|fh)")
"""A negation of another noun: in "no disc lesion, canal patent" the structure begins a clause of its own."""
_OF_TWO = frozenset({"former", "latter"})
_RUN_ON = re.compile(r"n[^sfxhHtvo,c;]*[dew]r?s(?:cr?s){0,2}v?[gz]{0,2}$")
"""The same in a dictation with no stops: "no fracture canal is patent"."""
_CONTRAST = re.compile(r"(?<=[gzr])(?:,b?n[gz]+,|P[gz]+|(?<=g)b?ng)(?=r?$)")
"""What a grade is set against: "mild, not severe, canal stenosis"."""


class ValueLinks(ValueScopeLinks):
    """A value goes to what is open, else to the whole level or to an earlier sentence's finding."""

    def _values(self, start: int, end: int) -> list[Value]:
        """The sided values of ``start..end``; a side binds to the value before it, else to the one after."""
        reader = SidedValues()
        contrast = _CONTRAST.search(self.speech, start, end)
        set_against = range(*contrast.span()) if contrast else ()
        for at in range(start, end):
            if at in set_against:
                continue
            sign = self.speech[at]
            if sign in "gzGo":
                reader.grade(at, self.tags[at].meaning, sign == "G")
            elif sign == "r":
                reader.side(at, SIDES[self.tags[at].meaning.value])
            elif sign == "n":
                reader.negation, reader.open = at, False
                if self.current is None:
                    self._of_no_level(at)
            elif sign in ",c":
                reader.open = False
            elif sign == "u":
                for value in reader.values if self.doubt is None else ():
                    value.sure = True
                self.doubt = at
        return self._denied_together(reader.values) if reader.values[1:] else reader.values

    def _of_no_level(self, at: int) -> None:
        """Puts all levels in force, or all others, for a denial: "At no other level is there stenosis."."""
        if self.tags[at].meaning.value == "nowhere":
            others = self.tags[at].rule == NOWHERE_ELSE
            self.current = LevelRef(reference="remaining" if others else "all", mark=at)

    def _denied_together(self, values: list[Value]) -> list[Value]:
        """One value for a denial and what an "or" adds to it: "neither moderately nor severely narrowed"."""
        first, last = values[0], values[-1]
        if not first.negated or first.sides or any(value.negated for value in values[1:]):
            return values
        joint = self.tags[min(last.tags) - 1].meaning.value
        several = joint == "" and last.low < last.high  # no mild, moderate or severe narrowing
        if (joint not in {"or", "nor"} and not several) or any(value.sides for value in values[:-1]):
            return values
        for value in values[1:]:
            first = hull(first, value)
        first.sides = last.sides
        return [first]

    def _give(self, value: Value) -> None:
        """Gives a value to the structures that are open; with none open see `_without_structure`."""
        start = min(value.tags)
        before = self.speech[start - 1] if start else ""
        if self.noun == "other" or self.past or (self.void and not self.open):
            return
        if not self.open or self._of_level(value, start):
            self._without_structure(value, start, before)
            return
        self._side_bare(value)
        self._end_negation(start)
        if self.negation is not None and not value.negated and self.negation not in self.used:
            value = qualified([value], self.negation) if value.low else value
            if not value.negated:
                return
        if value.negated and any(self.tags[i].meaning.value == "normal" for i in value.tags):
            return  # "the canal is not normal" gives no grade
        value = self._of_exception(value) if value.high and not value.low else value
        self.used.update(value.tags)
        if self.side is not None and not value.sides:
            self._take_side(value, self.side, start)
        elif not value.sides and _SIDE_GOES_ON.search(self.speech, 0, start) and self.open_drafts:
            last = self.open_drafts[-1].sides
            value.sides = tuple([one for one in last if one]) if len(last) == 1 else ()
        if self._grade_paired(value) or (self.side_by_side and self._grade_place(value)):
            return
        self._key(value)
        self._resolve(value, start)
        self._own_clause(value, before)
        if not self.open_drafts and any(self.tags[i].meaning.value == "not seen" for i in value.tags):
            self.open = []  # "right foramen not seen"
            return
        sided = len(value.sides) == 1 and any(None not in member.sides for member in self.open)
        for member in self.open:
            if not ((sided and None in member.sides) or self._was_denied_alone(member, value)):
                self._give_to(member, value)

    def _grade_paired(self, value: Value) -> bool:
        """Grades all that has a side and a level: "right L4-5 and left L5-S1 stenosis, both moderate"."""
        paired = [d for d in self.open_drafts if not (d.graded or self._leaves(d, value)) and d.own_level]
        if len(paired) < 2 or len({draft.sides for draft in paired}) < 2 or len(value.sides) == 1:
            return False
        for draft in paired:
            draft.value, draft.graded = replace(value, sides=()), value.phrase != "ungraded"
        self.run_of_values += paired  # "canal and foraminal stenosis at L4-5, mild and severe in turn"
        return True

    def _of_exception(self, value: Value) -> Value:
        """What is no more than a grade where something is: "none except at L4-5, and not more than mild"."""
        at = self.current.mark if self.current is not None else -1
        if at < 0 or not any(at in draft.excluded or draft.excepted for draft in self.open_drafts):
            return value
        return replace(value, low=1, phrase="ungraded" if value.high > 1 else "")

    def _end_negation(self, start: int) -> None:
        """A denied noun before the structure that a value is given to has kept its negation."""
        if self.negation is None:
            return
        if _RUN_ON.match(self.speech, self.negation, start) or DENIED_ASIDE.match(self.speech, self.negation):
            self.negation = None
            return
        found = _OF_ANOTHER.match(self.speech, self.negation, start)
        if found is not None and (found[1] is None or self.tags[found.start(1)].meaning.value == "and"):
            self.negation = None

    def _take_side(self, value: Value, side: int, start: int) -> None:
        words = self.tags[side].meaning.value
        value.sides = SIDES.get(words) or ((Side.RIGHT,) if words.startswith("right") else (Side.LEFT,))
        in_bracket = self.speech[side + 1 : side + 2] == "(" and "/worse-on-" in self.tags[side].rule
        if self.speech[side] == "a" and not (in_bracket or _WORSE.search(self.speech, side, start)):
            value.sides = ()  # "left greater than right, moderate" grades both
        else:
            value.tags.append(side)
        self.side = None

    def _resolve(self, value: Value, start: int) -> None:
        """What has resolved loses the grade it had: "severe stenosis at L4-5 has resolved".

        So does what is "significant" and not seen.
        """
        words = {self.tags[i].meaning.value for i in value.tags}
        if not words.isdisjoint({"resolved", "not seen", "none"}):
            for draft in self.open_drafts:
                if "resolved" not in words and draft.value.phrase != "ungraded":
                    continue
                if "none" in words and not draft.value.tags:
                    continue  # "stenosis at L4-5, none at L5-S1"
                if self._leaves(draft, value):
                    continue
                between = self.speech[max([*draft.value.tags, *draft.tags], default=start) : start]
                and_now = "resolved" in words and not between[1:].strip("c,")
                own = and_now or not set(between) & set(",;c")  # "was severe and has resolved"
                draft.dropped |= (draft.graded or draft.own_level) and own

    def _own_clause(self, value: Value, before: str) -> None:
        """After "no canal stenosis, foraminal narrowing is moderate" the negation was of the canal alone."""
        for draft in self.open_drafts if value.low and before == "v" else ():
            begun = min((i for i in draft.value.tags if self.speech[i] == "n"), default=None)
            if draft.value.negated and begun is not None:
                between = self.tags[begun : min(draft.member.tags, default=begun)]
                draft.dropped |= any(
                    tag.meaning.speech == "," or tag.meaning.value == "and" for tag in between
                )

    def _key(self, value: Value) -> None:
        """Gives the side of a key to the values after it: "right: mild at L3-4, moderate at L4-5"."""
        key = self.value_side if self.value_side is not None else self.key_side
        if key is None or value.sides or all(None in member.sides for member in self.open):
            return
        value.sides = SIDES[self.tags[key].meaning.value]
        value.tags.append(key)

    def _give_to(self, member: Member, value: Value) -> None:
        mine = [draft for draft in self.open_drafts if draft.member is member and not draft.dropped]
        told = (d.sides for d in reversed(mine) if not (d.graded or self._leaves(d, value)))
        said = next(told, member.sides)
        said = self._sides_of_two(member) or said
        sides: tuple[Side | None, ...] = said if self._both_structures(value) else value.sides or said
        anew = self.speech[min(value.tags) - 1 : min(value.tags)] in {"c", "l"}  # "C at L4-5 and B at L3-4"
        known = any(d.graded and set(value.sides or d.sides) <= set(d.sides) for d in mine)
        if value.scale and known and not anew:
            for draft in mine:
                draft.tags += value.tags
            return
        if self._goes_beyond(value, mine):
            return
        waiting = [draft for draft in mine if not (draft.graded or draft.value.sides)]
        aside = not value.low and self.speech[min(value.tags) - 1] == ","
        key = any(self.speech[i + 1 : i + 2] in {":", "-"} for i in waiting[0].tags) if waiting else True
        if not key and value.high and (value.negated or aside):
            # "Stenosis, not severe": affirmed, and less than the grade denied. A key affirms nothing.
            value = Value(1, value.high, "ungraded" if value.high > 1 else "", value.tags, value.sides)
        compared = value.phrase == "ungraded" and value.low < 2  # of one more level or side
        denied = not value.low and self.speech[max(value.tags) + 1 :][:1] not in {"l", "q"}
        fresh = waiting and (denied or not waiting[0].own_level) and not waiting[0].given and not compared
        fresh = fresh and not self._at_one_of(max(value.tags) + 1) and self._of_current(waiting[0])
        fresh = fresh and not self._leaves(waiting[0], value)
        if fresh and (not value.sides or value.sides == member.sides):
            for draft in waiting:
                draft.value, draft.graded = value, value.phrase != "ungraded"
                self._hedge(draft)
                draft.level = draft.level or self.current
                self.batch.append(draft)
                if draft.graded:
                    self.run_of_values.append(draft)
            return
        for draft in waiting:
            draft.given |= set(value.sides)
        heads = mine[0].tags if mine else []
        self._draft(member, value, sides, graded=value.phrase != "ungraded", heads=heads)
        self.drafts[-1].lent = not value.sides
        if self.speech[max(value.tags) + 1 :][:1] not in {"l", "q"}:  # "possible stenosis at L4-5, moderate"
            self.drafts[-1].uncertain |= any(draft.uncertain for draft in waiting)
        if self.drafts[-1].graded:
            self.run_of_values.append(self.drafts[-1])

    def _sides_of_two(self, member: Member) -> tuple[Side | None, ...]:
        """The side told at one of two levels: "right L3-4 and left L4-5 narrowed, the latter severely"."""
        ref = self.current
        if ref is None or ref.reference not in _OF_TWO or ref.among is None:
            return ()
        meant = ref.among.levels[-1] if ref.reference == "latter" else ref.among.levels[0]
        for draft in self.drafts:
            mention = draft.level.mention if draft.level is not None else None
            if mention is not None and mention.levels == (meant,) and draft.member.finding == member.finding:
                return draft.sides
        return ()

    def _leaves(self, draft: Draft, value: Value) -> bool:
        """Whether a value is of levels not told, and a draft of one told: "L4-5 is narrow, others patent"."""
        if draft.level is not None and draft.level.reference in NOT_TOLD:
            return False
        told = max([*draft.value.tags, *draft.tags, *draft.member.tags], default=-1)
        if (
            value.high == 0
            and draft.level is None
            and not self.speech[told + 1 : min(value.tags)].strip("vw")
        ):
            return False  # "Canal stenosis is absent at the other levels."
        behind = self.tags[max(value.tags) + 1 :][:1]
        return (self.current is not None and self.current.reference in NOT_TOLD) or (
            bool(behind) and behind[0].meaning.speech == "q" and behind[0].meaning.value in OTHERS
        )

    def _hedge(self, draft: Draft) -> None:
        """Notes the doubt of a value that came after its structure: "the stenosis may be mild"."""
        if self.doubt is not None and not draft.uncertain:
            draft.uncertain, draft.tags = True, [*draft.tags, self.doubt]
            self.used.add(self.doubt)

    def _goes_beyond(self, value: Value, mine: Sequence[Draft]) -> bool:
        """Widens a grade to the one that it borders on: "mild stenosis, bordering on moderate"."""
        near = self.tags[value.tags[0]].rule.startswith("grades/nearly-")
        near = near and self.speech[max(value.tags) + 1 :][:1] not in {"l", "q"}
        before = mine[-1].value if near and mine and mine[-1].graded else None
        if before is None or before.high != value.low:
            return False
        mine[-1].value = replace(before, high=value.high, tags=[*before.tags, *value.tags])
        return True

    def _slashed(self, start: int, end: int, value: Value) -> bool:
        """Pairs grades with sides in their order: "R/L: mild/moderate"."""
        if len(value.sides) == 1 or (not self.open and self.speech[:start].strip("lr:,-\u2022v")):
            return False
        before = [at for at in self.slashed if at <= start]
        if not before:
            return False
        sides = self.tags[before[-1]].rule
        rule = self.tags[value.tags[0]].rule
        if value.low != value.high and "-paired" not in rule:
            return False  # "R/L: mild to moderate" is one grade for both
        second = Value(value.high, value.high, "", list(value.tags))
        first = Value(value.low, value.low, "", list(value.tags))
        if value.low == value.high:
            follows = _SECOND.match(self.speech, end)
            if follows is None:
                return False
            meaning = self.tags[follows.end() - 1].meaning
            second = Value(meaning.low, meaning.high, meaning.phrase, [follows.end() - 1])
            self.skip = follows.end()
        elif rule.endswith("-down"):
            first, second = second, first
        order = (Side.LEFT, Side.RIGHT) if sides.endswith("left-right-slash") else BOTH
        for side, one in zip(order, (first, second), strict=True):
            one.sides = (side,)
            self._give(one)
        return True
