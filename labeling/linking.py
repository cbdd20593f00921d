"""From the items of a sentence to statements: which grade belongs to which structure, side and level.

A trace of ``There is foraminal narrowing, moderate on the right and mild at L4-5 on the left``::

    tags    b f h , g r c g l r
    items   b | target(f h) | , | value(g r) | c | value(g) | l | r
    drafts  target   foramen, both sides, 1..3 ungraded                       open
            value    foramen right 2..2; the ungraded draft gives way
            value    foramen, 1..1
            level    all drafts without a level take L4-5
            side     the last draft was given no side and takes the left

A target opens its structures; values that follow are given to what is open. Values before a target belong to it.
Levels work backwards when they follow a statement ("stenosis at L4-5"), forwards when they begin a clause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from labeling.grammar import ITEM
from labeling.levels import LevelMention
from labeling.statements import LOCAL, SCOPE, LevelRef, Statement
from labeling.tagging import Tag
from lexicons.findings import FINDINGS
from lexicons.lexicon import Reading
from lexicons.vocabulary import Level, Side

_SEPARATORS = frozenset(",;cbBWE(")
_INSIDE = re.compile(r"r[jwe]+(?:v?[gz]*[hHi])?p+[wlj]*$")
"""A side that stands with the content of a structure: "the left L5 root in the lateral recess"."""
_ACCOMPANIED = re.compile(r"[lqrgo]b[gzw]*[de]c$")
"""Something named in passing: "severe at L4-5 with effusions and moderate at the other levels"."""
_SECOND = re.compile(r"c[gzo]")
_SIDES: Mapping[str, tuple[Side, ...]] = {
    "right": (Side.RIGHT,),
    "left": (Side.LEFT,),
    "both": (Side.RIGHT, Side.LEFT),
}
_BOTH = (Side.RIGHT, Side.LEFT)
_CHOICES: Mapping[str, Callable[[tuple[Level, ...]], tuple[Level, ...]]] = {
    "first": lambda levels: levels[:1],
    "second": lambda levels: levels[1:2],
    "third": lambda levels: levels[2:3],
    "last": lambda levels: levels[-1:],
    "others": lambda levels: levels,
}
"""Discs chosen from a list that the sentence named before, as in "mild at the first of these"."""


@dataclass(slots=True)
class _Value:
    """An interval under construction: its words, and the side they gave."""

    low: int
    high: int
    phrase: str
    tags: list[int]
    sides: tuple[Side, ...] = ()
    negated: bool = False
    scale: bool = False


@dataclass(slots=True)
class _Member:
    """A structure of a target: the finding, the sides named with it, and the tags that name it."""

    finding: str
    sides: tuple[Side | None, ...]
    named: str
    tags: list[int]
    weak: bool = False
    bare: bool = False
    topic: str = ""
    pairs: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """A statement under construction. `graded` is false while only a head ("narrowing") was read."""

    member: _Member
    value: _Value
    sides: tuple[Side | None, ...]
    level: LevelRef | None
    own_level: bool
    graded: bool
    uncertain: bool = False
    implied: bool = False
    dropped: bool = False
    flags: set[str] = field(default_factory=set)
    tags: list[int] = field(default_factory=list)
    excluded: list[int] = field(default_factory=list)
    given: set[Side] = field(default_factory=set)
    only: list[_Member] = field(default_factory=list)
    source: LevelRef | None = None


class Linker:
    """Reads the tags of one sentence; `statements` holds the result after `run`."""

    def __init__(self, tags: Sequence[Tag], readings: Mapping[str, Reading]) -> None:
        self.tags = tags
        self.speech = "".join(tag.meaning.speech for tag in tags)
        self.readings = readings
        self.drafts: list[_Draft] = []
        self.batch: list[_Draft] = []
        self.run_of_values: list[_Draft] = []
        self.open: list[_Member] = []
        self.open_drafts: list[_Draft] = []
        self.current: LevelRef | None = None
        self.outside: tuple[LevelRef | None, str] | None = None
        self.copy: _Draft | None = None
        self.copied = -1
        self.used: set[int] = set()
        self.negation: int | None = None
        self.negation_fresh = False
        self.level_after_negation = False
        self.doubt: int | None = None
        self.last_draft_at = 0
        self.void = False
        self.foreign = False
        self.noun = ""
        self.side: int | None = None
        self.respectively = False
        self.skip = 0
        self.exception = False

    def run(self) -> tuple[Statement, ...]:
        """The statements of the sentence, in the order of the text."""
        for match in ITEM.finditer(self.speech):
            kind = match.lastgroup or "other"
            if match.start() < self.skip:
                self.used.update(range(match.start(), match.end()))
                continue
            getattr(self, f"_{kind}")(match.start(), match.end())
        if self.respectively:
            self._pair()
        for draft in self.drafts:
            if draft.given and draft.member.named == "":
                # "Narrowing, moderate on the right": the bare word said no more than the grades after it.
                draft.sides = tuple(side for side in draft.sides if side in draft.given)
        return tuple(
            statement for draft in self.drafts if not draft.dropped for statement in self._statements(draft)
        )

    # Items ------------------------------------------------------------------------------------------------------

    def _prior(self, start: int, end: int) -> None:
        self.used.update(range(start, end))

    def _change(self, start: int, end: int) -> None:
        last = self.tags[end - 1].meaning
        grade = last.high if self.speech[end - 2] != ">" else last.low
        self._give(_Value(grade, last.high, "", [end - 1]), end)

    def _swallow(self, start: int, end: int) -> None:
        for at in range(start, end):
            if self.speech[at] == "n":
                self.negation = at
        self.used.update(range(start, end))
        self._levels_inside(start, end)
        self.noun = "other"
        self.doubt = None
        self.negation_fresh = False
        pathology = self.tags[end - 1].meaning.value
        if pathology == "slip":
            for at in range(start, end):
                if self.speech[at] == "j":
                    self._open_level(at)

    def _stray(self, start: int, end: int) -> None:
        stop = start
        while self.speech[stop] not in "wej":
            stop += 1
        before = self.speech[start - 1] if start else ""
        if self.open and self.noun != "other" and before and before in "v:skxhHt)lq":
            self._value(start, stop)
            return
        self.used.update(range(start, end))
        self.noun = "other"
        self.negation_fresh = False

    def _object(self, start: int, end: int) -> None:
        at = next(i for i in range(start, end) if self.speech[i] == "i")
        values = self._values(start, at)
        self._take(start, end, values, head=at)

    def _target(self, start: int, end: int) -> None:
        self._take(start, end, [], head=None)

    def _level(self, at: int, end: int) -> None:
        self._on_level(at)

    def _value(self, start: int, end: int) -> None:
        if self.noun == "other" and self.open_drafts and _ACCOMPANIED.search(self.speech, 0, start):
            self.noun = "structure"
        values = self._values(start, end)
        if values and not self._slashed(start, end, values[0]):
            self._give(values[0], end)

    def _slashed(self, start: int, end: int, value: _Value) -> bool:
        """"R/L: mild/moderate": the first grade is for the first side named."""
        sides = next((t.rule for t in reversed(self.tags[:start]) if t.rule.endswith("-slash")), "")
        if not sides or not self.open or value.sides:
            return False
        rule = self.tags[value.tags[0]].rule
        second = _Value(value.high, value.high, "", list(value.tags))
        first = _Value(value.low, value.low, "", list(value.tags))
        if value.low == value.high:
            follows = _SECOND.match(self.speech, end)
            if follows is None:
                return False
            meaning = self.tags[follows.end() - 1].meaning
            second = _Value(meaning.low, meaning.high, meaning.phrase, [follows.end() - 1])
            self.skip = follows.end()
        elif rule.endswith("-down"):
            first, second = second, first
        order = (Side.LEFT, Side.RIGHT) if sides.endswith("left-right-slash") else _BOTH
        for side, one in zip(order, (first, second), strict=True):
            one.sides = (side,)
            self._give(one, end)
        return True

    def _other(self, at: int, end: int) -> None:
        sign = self.speech[at]
        handler = _HANDLERS.get(sign)
        if handler is not None:
            handler(self, at)
        if sign == "c" and self.tags[at].meaning.value == "nor":
            self._on_negation(at)
        if sign == "c" and self.level_after_negation and self.tags[at].meaning.value == "and":
            self.negation = None
        if sign in _SEPARATORS:
            self.batch = []
            if sign in ",c" and self.doubt is not None and self.doubt in self.used:
                self.doubt = None

    # Single tags ------------------------------------------------------------------------------------------------

    def _on_negation(self, at: int) -> None:
        self.negation, self.negation_fresh = at, True

    def _on_void(self, at: int) -> None:
        self.void = True

    def _on_doubt(self, at: int) -> None:
        self.doubt = at

    def _on_doubt_after(self, at: int) -> None:
        for draft in self.open_drafts or self.drafts[-1:]:
            draft.uncertain = True
            draft.tags.append(at)
        self.used.add(at)

    def _on_not_assessed(self, at: int) -> None:
        for draft in self.open_drafts:
            draft.dropped |= not draft.graded
        self.open = []

    def _on_break(self, at: int) -> None:
        self.negation = None
        self.doubt = None
        self.void = False
        self.foreign = False
        self.copy = None

    def _on_cause(self, at: int) -> None:
        self.doubt = None

    def _on_word(self, at: int) -> None:
        before = self.speech[at - 1] if at else ""
        if not before or before in ",;cbBW(-":
            self.noun = "other"
        self.negation_fresh = False

    def _on_noun(self, at: int) -> None:
        self.noun = "other"
        self.negation_fresh = False

    def _on_side(self, at: int) -> None:
        before = self.speech[at - 1] if at else ""
        sides = _SIDES[self.tags[at].meaning.value]
        recent = self.batch or (self.drafts[-1:] if before in "lq)U" else [])
        loose = [draft for draft in recent if draft.sides == _BOTH and draft.member.named == "" and not draft.implied]
        if before and before in "lqhHtxU" and loose:
            for draft in loose:
                draft.sides = sides
                draft.tags.append(at)
                draft.member = replace(draft.member, named=self.tags[at].meaning.value)
            self.used.add(at)
            return
        if before == "l" and self.noun == "other":
            return  # "a herniation at L5-S1 on the left": the side is that of the other noun
        if not before or before in ",;cbBWv(:lEq-" or self.speech[at + 1 : at + 2] == ":":
            self.side = at

    def _on_asymmetry(self, at: int) -> None:
        for draft in self.open_drafts or self.batch:
            draft.flags.add("asymmetric")
            if draft.member.named == "":
                draft.member = replace(draft.member, named="both")
        for member in self.open:
            member.named = member.named or "both"
        self.side = at

    def _on_region(self, at: int) -> None:
        self.foreign = self.tags[at].meaning.value == "other"

    def _on_prior(self, at: int) -> None:
        if self.tags[at].meaning.value == "prior after":
            for draft in self.batch[-1:]:
                draft.dropped = True
        else:
            self.void = True

    def _on_measure(self, at: int) -> None:
        member = next((m for m in self.open if not m.weak or True), None)
        if member is not None and self.noun != "other":
            value = _Value(0, 3, "measure", [at])
            self._draft(member, value, member.sides, graded=True)
            self.drafts[-1].flags.add("measured")
        self.used.add(at)

    def _on_same(self, at: int) -> None:
        words = self.tags[at].meaning.value
        if words == "same":
            if self.open and self.noun != "other" and at and self.speech[at - 1] in ":v-,r":
                self._give(_Value(0, 3, "same", [at]), at + 1)
            elif self._alone(at):
                self._whole(at, "ditto")
        elif words == "level above":
            self._whole(at, "ditto")
            self.drafts[-1].source = LevelRef(reference="above")
        else:
            follows = self.speech[at + 1 : at + 2]
            if follows and follows in "lq":
                source = self._ref(at + 1)
                self._whole(at, "as at")
                self.copy = self.drafts[-1]
                self.copy.source = source
                self.copy.only += self.open if self.noun == "structure" else []
                self.copied = at + 1

    def _on_level_normal(self, at: int) -> None:
        self._whole(at, "normal")

    def _on_otherwise(self, at: int) -> None:
        self._whole(at, "otherwise")

    def _on_study_normal(self, at: int) -> None:
        self._whole(at, "study", LevelRef(reference="all"))

    def _on_respectively(self, at: int) -> None:
        self.respectively = True
        self.used.add(at)

    def _on_exception(self, at: int) -> None:
        self.exception = True
        self._on_break(at)

    def _on_level(self, at: int) -> None:
        before = self.speech[at - 1] if at else ""
        after = self.speech[at + 1 : at + 2]
        if at == self.copied:
            return
        ref = self._ref(at)
        if self.exception:
            self.exception = False
            for draft in self.drafts:
                draft.excluded.append(at)
            self.current = ref
            return
        follows = bool(before) and before not in ",;:cbBWE(-|"
        closing = after in {"", ";", ")"} or (after == "," and self.speech[at + 2 : at + 3] == "")
        link = self.speech[self.last_draft_at : at] if self.drafts else ""
        if closing and self.drafts and "c" in link and not link.strip("c,wgl>"):
            self._extend(ref)
        elif follows or closing:
            waiting = [draft for draft in self.drafts if draft.level is None]
            if not waiting and follows:
                waiting = [draft for draft in self.batch if not draft.own_level]
            for draft in waiting:
                draft.level, draft.own_level = ref, True
        if follows and self.side == at - 1 and self.drafts and (
            after in {"", ";", ")"} or (after in {",", "c"} and self.speech[at + 2 : at + 3] not in {"g", "z", "o"})
        ):
            self._repeat(ref)
        if not (follows and self.speech[at] == "q" and self.tags[at].meaning.value in _CHOICES):
            self.current = ref
        self.batch = []
        self.foreign = False
        self.level_after_negation = self.negation is not None
        if not self.drafts or not follows:
            self.negation = None if self.negation in self.used else self.negation

    def _on_opened(self, at: int) -> None:
        self.outside = (self.current, self.noun)
        self._on_break(at)

    def _on_closed(self, at: int) -> None:
        if self.outside is not None:
            level, self.noun = self.outside
            self.current = self.current if self.speech[at + 1 : at + 2] == ":" or level is None else level
        self.outside = None

    def _extend(self, ref: LevelRef) -> None:
        """"Stenosis at L4-5, and to a lesser degree at L3-4": what was said is said of one more level."""
        for draft in list(self.batch or self.drafts[-1:]):
            self.drafts.append(replace(draft, level=ref, own_level=True, flags=set(draft.flags), tags=list(draft.tags)))

    def _repeat(self, ref: LevelRef) -> None:
        """"Moderate on the left at L4-5 and on the right at L5-S1": the value holds for the second side too."""
        last = self.drafts[-1]
        if self.side is None or last.level is None or None in last.sides:
            return
        sides = _SIDES.get(self.tags[self.side].meaning.value)
        if sides is not None:
            again = replace(last, sides=sides, level=ref, own_level=True, flags=set(last.flags), tags=[*last.tags, self.side])
            again.member = replace(last.member, named=self.tags[self.side].meaning.value)
            self.drafts.append(again)
            self.side = None

    def _open_level(self, at: int) -> None:
        self.current = self._ref(at)

    # Building ---------------------------------------------------------------------------------------------------

    def _ref(self, at: int) -> LevelRef:
        tag = self.tags[at]
        mark = at
        if tag.meaning.value == "this" and self.current is not None:
            return replace(self.current, mark=mark)
        if tag.levels is not None:
            return LevelRef(mention=tag.levels, mark=mark)
        words = tag.meaning.value
        mentions = [levels for t in self.tags[:at] if t.meaning.speech == "l" and (levels := t.levels)]
        among = next((mention for mention in reversed(mentions) if len(mention.levels) > 1), None)
        if words == "these" and len(union := tuple(dict.fromkeys(l for m in mentions for l in m.levels))) > 1:
            return LevelRef(mention=LevelMention(union, "list"), mark=mark)
        if words in _CHOICES and among is not None:
            chosen = _CHOICES[words](among.levels)
            if words == "others":
                taken = {level for m in mentions if m is not among for level in m.levels}
                taken |= set(among.levels[:1]) if not taken else set()
                chosen = tuple(level for level in among.levels if level not in taken)
            return LevelRef(mention=LevelMention(chosen, "one" if len(chosen) == 1 else "list"), mark=mark)
        if words == "others":
            words = "elsewhere"
        return LevelRef(reference=words, among=mentions[-1] if mentions else None, mark=mark)

    def _levels_inside(self, start: int, end: int) -> LevelRef | None:
        found = None
        for at in range(start, end):
            if self.speech[at] in "ly":
                found = self._ref(at)
                self.current = found
        return found

    def _values(self, start: int, end: int) -> list[_Value]:
        """The sided values of ``start..end``; a side binds to the value before it, else to the one after."""
        values: list[_Value] = []
        side: tuple[Side, ...] = ()
        side_tag: int | None = None
        negated: int | None = None
        opened = False
        for at in range(start, end):
            sign, meaning = self.speech[at], self.tags[at].meaning
            if sign in "gzGo":
                if opened and not (sign == "G"):
                    values[-1].low, values[-1].high = self._joined(values[-1], meaning.low, meaning.high)
                    values[-1].tags.append(at)
                    continue
                if opened:
                    continue
                value = _Value(meaning.low, meaning.high, meaning.phrase, [at], side, scale=sign == "G")
                if side_tag is not None:
                    value.tags.append(side_tag)
                if negated is not None:
                    value.negated = True
                    value.tags.append(negated)
                    _negate(value)
                values.append(value)
                side, side_tag, negated, opened = (), None, None, True
            elif sign == "r":
                found = _SIDES[meaning.value]
                if opened and not values[-1].sides:
                    values[-1].sides = found
                    values[-1].tags.append(at)
                    opened = False
                elif negated is not None:
                    values.append(_Value(0, 0, "", [negated, at], found, negated=True))
                    negated = None
                else:
                    side, side_tag = found, at
            elif sign == "n":
                negated = at
                opened = False
            elif sign in ",c":
                opened = False
            elif sign == "u":
                self.doubt = at
        return values

    @staticmethod
    def _joined(value: _Value, low: int, high: int) -> tuple[int, int]:
        return min(value.low, low), max(value.high, high)

    def _take(self, start: int, end: int, values: list[_Value], head: int | None) -> None:
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
        """"In the lateral recess, where it compresses the left L5 root": the structure is narrowed, grade unknown."""
        sides = [i for i in range(start, end) if self.speech[i] == "r"]
        for member in self.open:
            if None not in member.sides and self._fits(member, heads) and not self.open_drafts:
                if sides and not member.named:
                    self._side_of(member, sides)
                self._draft(member, _Value(1, 3, "ungraded", []), member.sides, graded=False, heads=heads)

    def _members(
        self, start: int, end: int, values: list[_Value], head: int | None
    ) -> tuple[list[_Member | None], list[list[_Value]], LevelRef | None, list[int]]:
        members: list[_Member | None] = []
        own: list[list[_Value]] = []
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

    def _member(self, at: int, sides: list[int], values: list[_Value]) -> _Member | None:
        tag = self.tags[at]
        if not tag.finding:
            return None
        finding = FINDINGS[tag.finding]
        if None in finding.codes:
            return _Member(tag.finding, (None,), "none", [at], weak=tag.meaning.value == "weak")
        words = tag.meaning.value
        named = "both" if words in {"structures", "stenosis both"} else ""
        member = _Member(tag.finding, _BOTH, named, [at], weak=words == "weak")
        if words.startswith("structure "):
            member.named = words.removeprefix("structure ")
            member.sides = _SIDES[member.named]
            return member
        loose = [i for i in sides if not any(i in value.tags for value in values)]
        if loose:
            self._side_of(member, loose)
        elif self.side is not None and not any(value.sides for value in values):
            self._side_of(member, [self.side])
        elif (inside := _INSIDE.search(self.speech, 0, at)) is not None:
            self._side_of(member, [inside.start()])
        return member

    def _side_of(self, member: _Member, at: list[int]) -> None:
        if None in FINDINGS[member.finding].codes:
            return
        for i in at:
            words = self.tags[i].meaning.value
            if self.speech[i] == "a":
                member.named = member.named or "both"
                member.tags.append(i)
                continue
            found = _SIDES[words]
            member.sides = found if member.named in {"", "both"} or member.sides == found else _BOTH
            member.named = words
            member.tags.append(i)

    def _fits(self, member: _Member, heads: list[int]) -> bool:
        reading = self.readings[member.finding]
        wanted = reading.weak_heads if member.weak else reading.heads
        return not heads or any(
            self.speech[i] == "x" or self.tags[i].meaning.value.removesuffix(" it") in wanted for i in heads
        )

    def _grade(self, member: _Member, values: list[_Value], heads: list[int], level: LevelRef | None, fresh: bool) -> None:
        """Drafts for one member from the values before it, the negation in force, or its head alone."""
        plain = [value for value in values if not value.sides or (value.sides == _BOTH and len(values) > 1)]
        sided = [value for value in values if value not in plain]
        if self.void or self.foreign:
            return
        for side, at in member.pairs:
            # "Right L4-5 and left L5-S1 foraminal stenosis": each side has its level.
            named = self.tags[side].meaning.value
            each = replace(member, sides=_SIDES[named], named=named, pairs=[], tags=[*member.tags, side])
            self._grade(each, values, heads, self._ref(at), fresh)
        if member.pairs:
            self.open.remove(member)
            self.open += [draft.member for draft in self.open_drafts[-len(member.pairs) :]]
            return
        if self.negation is not None and values and not any(value.negated for value in values):
            if fresh:
                plain = [_qualified(plain or sided, self.negation)]
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
                value = _hull(value, more)
            self._draft(member, value, member.sides, graded=True, level=level, heads=heads)
            if len(plain) > 1:
                self.drafts[-1].value.phrase = self.drafts[-1].value.phrase or "several"
                self.run_of_values = [
                    _Draft(member, each, member.sides, None, False, True, tags=list(heads)) for each in plain
                ]
        for value in sided:
            self._draft(member, value, value.sides, graded=True, level=level, heads=heads)
        if plain or sided:
            return
        if self.negation is not None and heads:
            value = _Value(0, 0, "", [self.negation], negated=True)
            self._draft(member, value, member.sides, graded=True, level=level, heads=heads)
        elif heads:
            value = self._ungraded(heads)
            self._draft(member, value, member.sides, graded=value.low == 3, level=level, heads=heads)

    def _ungraded(self, heads: Sequence[int]) -> _Value:
        """What a head says with no grade word: some narrowing; an obliterated space is severe."""
        if any("obliteration" in self.tags[i].meaning.value for i in heads):
            return _Value(3, 3, "", [])
        return _Value(1, 3, "ungraded", [])

    def _draft(
        self,
        member: _Member,
        value: _Value,
        sides: tuple[Side | None, ...],
        *,
        graded: bool,
        level: LevelRef | None = None,
        heads: Sequence[int] = (),
    ) -> None:
        if None in member.sides:
            sides = member.sides
        draft = _Draft(
            member, value, sides, level or self.current, level is not None, graded, self.doubt is not None,
            tags=[*heads, *([self.doubt] if self.doubt is not None else [])],
        )
        if self.doubt is not None:
            self.used.add(self.doubt)
        if self.negation is not None:
            self.used.add(self.negation)
        if any(self.speech[i] == "a" for i in member.tags):
            draft.flags.add("asymmetric")
        self.drafts.append(draft)
        self.batch.append(draft)
        self.open_drafts.append(draft)
        self.last_draft_at = max([*value.tags, *draft.tags, *member.tags, 0]) + 1

    def _bare(
        self, start: int, end: int, values: list[_Value], heads: list[int], level: LevelRef | None
    ) -> None:
        """A head with no structure: a value for what is open, else the finding that bare heads mean."""
        sides = [i for i in range(start, end) if self.speech[i] == "r"]
        fitting = [member for member in self.open if self._fits(member, heads)]
        settled = any(draft.graded and draft.value.phrase != "ungraded" and not draft.value.sides for draft in self.open_drafts)
        given = [value for value in values if value.sides]
        idle = self.noun == "other" and not any(self.tags[i].meaning.value == "narrowing" for i in heads)
        if idle and not self.speech[start - 1 : start] == ":":
            return
        if fitting and not (settled and not sides and self.side is None and self.noun == "other"):
            self._bare_value(values, sides, heads)
            return
        special = next((self.tags[i].finding for i in heads if self.tags[i].finding), "")
        if not self.open and values and self.speech[start - 1 : start] == "v" and not any(
            self.tags[i].meaning.value == "narrowing" for i in heads
        ):
            self._without_structure(values[0], start, end, "v")
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
            if special or (negated and not (loose or given) and reading.bare_negated) or reading.bare_head == wanted:
                sided = None not in FINDINGS[key].codes
                member = _Member(key, _BOTH if sided else (None,), "both" if sided and negated else "", [], bare=True, topic=special)
                if loose:
                    self._side_of(member, loose)
                self.open.append(member)
                self._grade(member, values, heads, level, self.negation_fresh)
        self.negation_fresh = False
        self.side = None

    def _bare_value(self, values: list[_Value], sides: list[int], heads: list[int]) -> None:
        if not values and self.negation is not None and self.negation not in self.used:
            values = [_Value(0, 0, "", [self.negation], negated=True)]
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
                value.sides = _SIDES[self.tags[loose[-1]].meaning.value]
                value.tags += loose
            value.tags += heads
            self._give(value, 0)

    def _give(self, value: _Value, end: int) -> None:
        """Gives a value to the structures that are open, or to the level as a whole, or to an earlier topic."""
        start = min(value.tags)
        before = self.speech[start - 1] if start else ""
        if self.noun == "other" or self.void and not self.open:
            return
        if not self.open:
            self._without_structure(value, start, end, before)
            return
        if self.negation is not None and not value.negated and self.negation not in self.used:
            value = _qualified([value], self.negation) if value.low else value
            if not value.negated:
                return
        self.used.update(value.tags)
        if self.side is not None and not value.sides:
            words = self.tags[self.side].meaning.value
            value.sides = _SIDES.get(words) or ((Side.RIGHT,) if words.startswith("right") else (Side.LEFT,))
            if self.speech[self.side] == "a" and not self.speech[self.side : start].strip("ac,WBvr").startswith(""):
                value.sides = ()
            value.tags.append(self.side)
            self.side = None
        sided = len(value.sides) == 1 and any(None not in member.sides for member in self.open)
        for member in self.open:
            if not (sided and None in member.sides):
                self._give_to(member, value)

    def _give_to(self, member: _Member, value: _Value) -> None:
        mine = [draft for draft in self.open_drafts if draft.member is member and not draft.dropped]
        said = next((draft.sides for draft in reversed(mine) if not draft.graded), member.sides)
        sides: tuple[Side | None, ...] = value.sides or said
        if value.scale and any(draft.graded for draft in mine):
            for draft in mine:
                draft.tags += value.tags
            return
        waiting = [draft for draft in mine if not draft.graded]
        if waiting and not waiting[0].own_level and (not value.sides or value.sides == member.sides):
            for draft in waiting:
                draft.value, draft.graded = value, value.phrase != "ungraded"
                draft.level = draft.level or self.current
                self.batch.append(draft)
                if draft.graded:
                    self.run_of_values.append(draft)
            return
        for draft in waiting:
            draft.given |= set(value.sides)
        heads = mine[0].tags if mine else []
        self._draft(member, value, sides, graded=value.phrase != "ungraded", heads=heads)
        if self.drafts[-1].graded:
            self.run_of_values.append(self.drafts[-1])

    def _without_structure(self, value: _Value, start: int, end: int, before: str) -> None:
        if self.side is not None and not value.sides and self.speech[self.side] == "r":
            value.sides = _SIDES[self.tags[self.side].meaning.value]
            value.tags.append(self.side)
        normal = all(self.speech[i] in "or" for i in value.tags) and "o" in {self.speech[i] for i in value.tags}
        if value.sides:
            if not self.speech[:start].strip("lr:,-\u2022v"):
                self.used.update(value.tags)
                member = _Member("", (), "", [])
                self._draft(member, value, value.sides, graded=True)
                self.open = [member]
        elif not self.drafts and (before == "v" or any(self.tags[i].meaning.value == "none" for i in value.tags)) and not self.speech[:start].strip("lv,:Wq") and (
            "W" in self.speech[:start] or not normal or before != "v"
        ):
            self.used.update(value.tags)
            member = _Member("", (), "", [])
            self._draft(member, value, (), graded=True)
            self.open = [member]
        elif normal and self.current is not None and set(before) <= set(":v,-lq)"):
            self._whole(start, "normal")
        elif normal and self.speech.strip("\u2022-:") == "o":
            self._whole(start, "normal", LevelRef(reference="heading"))

    def _whole(self, at: int, phrase: str, level: LevelRef | None = None) -> None:
        """A word about a whole level or study: one draft that stands for every finding."""
        if self.noun == "other" and phrase == "normal":
            return
        self.used.add(at)
        member = _Member("*", (), "", [])
        draft = _Draft(member, _Value(0, 0, phrase, [at]), (), level or self.current, level is not None, True, implied=True)
        self.drafts.append(draft)
        self.batch.append(draft)

    def _alone(self, at: int) -> bool:
        return not self.speech[:at].strip("lqr:-\u2022v,") and not self.speech[at + 1 :].strip(",;)")

    def _pair(self) -> None:
        """Pairs a run of values with the sides or the levels of the sentence, in order ("respectively")."""
        run = [draft for draft in self.run_of_values if len(draft.value.sides) != 1]
        lists = [i for i, sign in enumerate(self.speech) if sign == "l" and len(self._mention(i)) == len(run)]
        if len(run) < 2:
            return
        if lists:
            at = lists[-1]
            for element, draft in enumerate(run):
                draft.level, draft.own_level = replace(self._ref(at), element=element), True
        elif len(run) == 2 and None not in run[0].sides:
            both = [i for i, sign in enumerate(self.speech) if sign == "r" and self.tags[i].meaning.value == "both"]
            left_first = bool(both) and self.tags[both[-1]].rule.endswith("left-right")
            order = (Side.LEFT, Side.RIGHT) if left_first else (Side.RIGHT, Side.LEFT)
            for side, draft in zip(order, run, strict=True):
                draft.sides = (side,)
                draft.level = draft.level or self.current
        else:
            return
        known = {id(draft) for draft in self.drafts}
        for draft in self.drafts:
            draft.dropped |= draft.value.phrase == "several"
        self.drafts += [draft for draft in run if id(draft) not in known]

    def _aside(self) -> bool:
        return any(tag.meaning.value == "aside" for tag in self.tags)

    def _mention(self, at: int) -> tuple[object, ...]:
        levels = self.tags[at].levels
        return levels.levels if levels else ()

    def _statements(self, draft: _Draft) -> list[Statement]:
        member, value = draft.member, draft.value
        flags = set(draft.flags)
        for i in {*value.tags, *draft.tags, *member.tags}:
            flags |= self.tags[i].flags
        if member.bare:
            flags.add("structure_unspecified")
        if value.phrase in {"at_least", "ungraded", "scale", "at_most"}:
            flags.add(value.phrase)
        if value.negated and value.high == 2:
            flags.add("not_severe")
        codes: tuple[str, ...] = tuple(FINDINGS[m.finding].codes[side] for m in draft.only for side in m.sides)
        if member.finding not in {"", "*"}:
            finding = FINDINGS[member.finding]
            codes = tuple(finding.codes[side] for side in draft.sides)
            if len(codes) == 2 and member.named == "" and not value.sides:
                flags.add("side_unspecified")
        order = sorted({*value.tags, *draft.tags, *member.tags})
        level = draft.level or (LOCAL if "j" in self.speech or self._aside() else SCOPE)
        return [
            Statement(
                codes=codes,
                low=value.low,
                high=value.high,
                phrase=value.phrase,
                level=level,
                uncertain=draft.uncertain,
                implied=draft.implied,
                bare=member.bare,
                topic=member.topic,
                side=str(draft.sides[0]) if len(draft.sides) == 1 and draft.sides[0] and not codes else "",
                rank=2 if len(codes) == 1 else 1 if member.named or value.sides else 0,
                flags=frozenset(flags),
                marks=tuple(order),
                source=draft.source,
                excluded=tuple(m for i in draft.excluded if (m := self.tags[i].levels)),
            )
        ]


def _negate(value: _Value) -> None:
    """"No mild" is normal, "no moderate" at most mild, "no severe" anything below; a size word adds nothing."""
    high = 0 if value.phrase == "ungraded" else max(value.low - 1, 0)
    value.low, value.high = 0, high
    value.phrase = "at_most" if high == 1 else ""


def _qualified(values: list[_Value], negation: int) -> _Value:
    low = min(value.low for value in values)
    size = all(value.phrase == "ungraded" for value in values)
    tags = [negation, *(i for value in values for i in value.tags)]
    value = _Value(low, low, "ungraded" if size else "", tags, negated=True)
    _negate(value)
    return value


def _hull(first: _Value, second: _Value) -> _Value:
    if first.negated:
        low = min(first.high, max(second.low - 1, 0))
        return _Value(0, low, "at_most" if low == 1 else "", [*first.tags, *second.tags], negated=True)
    return _Value(
        min(first.low, second.low), max(first.high, second.high), first.phrase, [*first.tags, *second.tags], first.sides
    )


_HANDLERS: Mapping[str, Callable[[Linker, int], None]] = {
    "n": Linker._on_negation,
    "N": Linker._on_void,
    "u": Linker._on_doubt,
    "U": Linker._on_doubt_after,
    "V": Linker._on_not_assessed,
    "b": Linker._on_break,
    ";": Linker._on_break,
    "(": Linker._on_opened,
    ")": Linker._on_closed,
    "B": Linker._on_cause,
    "w": Linker._on_word,
    "e": Linker._on_noun,
    "d": Linker._on_noun,
    "f": Linker._on_noun,
    "r": Linker._on_side,
    "a": Linker._on_asymmetry,
    "R": Linker._on_region,
    "P": Linker._on_prior,
    "m": Linker._on_measure,
    "K": Linker._on_same,
    "O": Linker._on_level_normal,
    "Q": Linker._on_otherwise,
    "Y": Linker._on_study_normal,
    "M": Linker._on_respectively,
    "E": Linker._on_exception,
    "l": Linker._on_level,
    "q": Linker._on_level,
    "y": Linker._on_level,
}
