"""From the items of a sentence to statements: which grade belongs to which structure, side and level.

A trace of ``There is foraminal narrowing, moderate on the right and mild at L4-5 on the left``::

    tags    b f h , g r c g l r
    items   b | target(f h) | , | value(g r) | c | value(g) | l | r
    drafts  target   foramen, both sides, 1..3 ungraded                       open
            value    foramen right 2..2; the ungraded draft gives way
            value    foramen, 1..1
            level    all drafts without a level take L4-5
            side     the last draft was given no side and takes the left

A target opens its structures; values that follow are given to what is open. Values before a target belong
to it. Levels work backwards when they follow a statement ("stenosis at L4-5"), forwards when they begin a
clause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from labeling.grammar import items
from labeling.linking.drafts import BOTH, SIDES, Draft, Value
from labeling.linking.signs import BESIDE, SignLinks
from labeling.linking.studies import normal_study
from labeling.statements import SCOPE, LevelRef, Statement
from lexicons.vocabulary import Side

_SLASHED_KEY = re.compile(r"r?[sfx](?:cr?[sfx]){1,3}[hx]?\)?:(?P<values>[gzo](?:c[gzo])*)")
"""Structures and grades in the same order: "canal/right foramen: moderate/none"."""
_EXCEPTED_FIRST = re.compile(r"[b,]?E[^;:]{0,20}l[^;:]{0,20}?,(?=[^,;:l]{1,16}$)")
"""An exception before its rule: "apart from L4-5, where it is narrow, the canal is normal"."""
_GRADES = re.compile(r"g(?:,g){0,4},?cg(?!r)")
"""Several grades in a row, with no sides."""
_IN_BRACKET = re.compile(r"(?<=l\()g(?:,g){1,4}(?=\))")
"""Grades in a bracket behind the levels that they are of: "canal stenosis: L3-4, L4-5 (mild, moderate)"."""
_PLACED = re.compile(r"[gz]+p")
_SECOND_SIDE = re.compile(r"[,c]{0,2}?c(?P<grade>[gzo])(?!r)[hH]?")
_SIDE_ALONE = re.compile(r"[,;c](?:(?P<first>r)[gzo]+|[gzo]+(?P<last>r))(?=$|[,;)])")
_ACCOMPANIED = re.compile(
    r"[lqrgo],?b[gzwrfhpj]{0,6}(?:et|[de]{1,2})r?(?:,?c|,)$|[hHx],?b[gzwrfhpj]{0,6}[de]{1,2}h?l(?:[,;]c?|c)$"
)
"""Something named in passing: "severe at L4-5 with effusions and moderate at the other levels"."""

_CAUSED = re.compile(r"[hHxtsf](?P<level>l),?(?P<due>[bBwX])[gzrdewcp]{1,12}(?:[,;][bc]?|c)$")
_GRADE_OF_NEXT = re.compile(r"g{1,2}l(?:$|[,;)c])")
_GRADE_KEY = re.compile(r"[\u2022-]*([goO])[:-](?=r?[lsfx])")
"""A grade that heads a list of what has it."""

_NEXT_SUBJECT = re.compile(r"[rlhHgo]r?sv")
"""A clause begins with no sign before it: "possible stenosis on the right the left foramen is patent"."""
_RUN_ON = re.compile(r"[sk]r?sv")
"""The same after an object: "compressing the exit canals the spinal canal is narrowed at L4-5"."""

_SIDE_FIRST = re.compile(r"(?<=[;:,(b])r[gz]{1,3}l(?:(?:,?c|,)[gz]{1,3}l)+(?=$|[;)])")
"""A side that leads a list of grades and their levels."""

_SUBJECT = re.compile(
    r"(?:l[:-])?[\u2022,bcplq-]{0,4}(?:w{1,4}p{0,2}l?)?r?l?s(?:(?:,?c|,)r?s){0,2}[lq]?r?(?:,b|b)?,?[vwPVD]"
)
"""Structures that a sentence begins with, and a verb: "the foramina, however, are another matter".

Words may stand before it, and its level behind it: "the entry for the canal at L4-5 is wrong".
"""

_RESTS = frozenset({"elsewhere", "otherwise", "others", "remaining", "the rest"})

_ALONE = frozenset({"others", "the rest"})

_IS_NOT = re.compile(r"(?:b|b,|[\u2022-])?(?:r|r?s)vn")
_FOR = frozenset({"distractors/for", "connectors/of", "connectors/of-the"})
_REASON = re.compile(r"d[plrDqwc]{0,5}(?P<for>[wp])(?:[gz]?d,?c){0,2}[gzu]{0,2}(?:r?[sf][wrl]?)?[hHt]")
"""Why it was operated: "laminectomy for", "decompression of severe stenosis" say nothing of one now."""


class Linker(SignLinks):
    """Reads the tags of one sentence; `used` then holds the numbers of the tags that ended in a statement."""

    def run(self) -> tuple[Statement, ...]:
        """The statements of the sentence, in the order of the text."""
        if "R" in self.speech and (normal := normal_study(self.speech, self.tags)) is not None:
            self._whole(normal, "study", LevelRef(reference="all"))
            return tuple([self._statement(draft) for draft in self.drafts])
        if (key := _GRADE_KEY.match(self.speech)) is not None:
            self._head_with_grade(key.start(1))
        for kind, start, end in items(self.speech):
            if start < self.skip:
                self.used.update(range(start, end))
            else:
                _READ[kind](self, start, end)
        if self.respectively or self._in_order():
            self._pair()
        if all(draft.dropped for draft in self.drafts):
            self._name_subject()
        if self.speech[:2].strip("b,")[:1] == "E":
            self._rule_after_exception()
        if (key := _SLASHED_KEY.search(self.speech)) is not None and not self._answers(key):
            self.drafts.clear()  # "canal/foramina: moderate/mild/none": which is which cannot be told
        for draft in self.drafts:
            self._finish(draft)
        self._name_earlier()
        self.used = {self.numbers[at] for at in self.used} | set(range(self.count)) - set(self.numbers)
        if any(draft.cause for draft in self.drafts):
            self.drafts.sort(key=lambda draft: not draft.cause)  # the next sentence is about what it narrows
        return tuple([self._statement(draft) for draft in self.drafts if not draft.dropped])

    def _finish(self, draft: Draft) -> None:
        """Takes back what the rest of the sentence says better."""
        keyed = not draft.graded and ":" in {self.speech[i + 1 : i + 2] for i in draft.tags}
        if keyed and (draft.given or (draft.member.bare and len(self.drafts) > 1)):
            draft.dropped = True  # a key ("Foraminal stenosis: right - mild L4-5") is no finding
        if draft.given and (draft.member.named == "" or self._is_key(draft) or self._is_spread(draft)):
            # "Narrowing, moderate on the right": the bare word said no more than the grades after it.
            # Nor did "Foramina: narrowing is moderate on the right at L3-4".
            beside = self._given_beside(draft)
            if beside or not self._is_placed_before(draft):
                draft.sides = tuple(side for side in draft.sides if side in beside)
        if draft.level is not None and draft.level.reference in _RESTS:
            if draft.value.low:
                draft.excluded += self._stressed_levels()
            if draft.level.reference in _ALONE and self._is_of_finding(draft):
                draft.level = draft.level._replace(reference="elsewhere")

    def _is_of_finding(self, draft: Draft) -> bool:
        """Whether the sentence has graded the same finding: "L4-5 severe, both L5-S1 mild, rest open"."""
        return not draft.implied and any(
            other.graded and other.level is not None and other.level.mention is not None
            for other in self.drafts
            if other is not draft and other.member.finding == draft.member.finding
        )

    def _is_spread(self, draft: Draft) -> bool:
        """Whether it only names what is told level by level.

        As in "the foramina are narrowed, mildly on the left at L3-4 and severely on the right at L4-5".
        """
        finding = draft.member.finding
        told = [other for other in self.drafts if other.graded and other.member.finding == finding]
        if draft.graded or draft.level is None or len({other.level for other in told}) < 2:
            return False
        return min(told[0].value.tags) < draft.level.mark

    def _is_key(self, draft: Draft) -> bool:
        """Whether its structure heads the sentence: "Facets: ..."."""
        return any(self.speech[at + 1 : at + 2] == ":" for at in draft.member.tags)

    def _name_subject(self) -> None:
        """Notes what a sentence is about that gives it no grade: the next one may go on about it.

        One that ends in "not" is the opposite of what was told last: "The left is narrow. The right is not.".
        """
        at = len(self.tags) - 1
        if _IS_NOT.fullmatch(self.speech) and self.tags[at].meaning.value == "not":
            value = Value(0, 3, "not", [at])
        elif _SUBJECT.match(self.speech):
            value = Value(0, 3, "past", [])
        else:
            return
        for member in self.open or self.unseen:
            self._draft(member, value, member.sides, graded=value.phrase == "not")
        if not self.open and value.tags:
            side = self.speech.index("r")
            value = replace(value, sides=SIDES[self.tags[side].meaning.value], tags=[side, at])
            self._to_earlier_finding(value)

    def _name_earlier(self) -> None:
        """Where all was of an earlier time it names what the next sentence may go on about."""
        if all(draft.dropped for draft in self.drafts):
            for draft in self.earlier:
                draft.value, draft.graded, draft.dropped = Value(0, 3, "past", []), False, False

    def _head_with_grade(self, at: int) -> None:
        """Reads a list under its grade: "Severe: L4-5 canal; L5-S1 left foramen.", "Normal: L1-2."."""
        said = self.tags[at].meaning
        self.key_grade = Value(said.low, said.high, said.phrase, [at])
        listed = self.speech[at + 2 :]
        if "r" in listed and not listed.strip("lr,;c"):
            self.skip = len(self.speech)  # "Moderate: left L5-S1": no more than that
        for level in range(at + 2, len(self.speech)) if not listed.strip("lr,;c") else ():
            if self.speech[level] != "l":
                continue
            self.current = self._ref(level)
            if said.value in {"normal", "level normal"} and "r" not in listed:
                self._whole(at, "normal")
            else:
                beside = [i for i in (level + 1, level - 1) if self.speech[i : i + 1] == "r"]
                sides = SIDES[self.tags[beside[0]].meaning.value] if beside else ()
                value = replace(self.key_grade, sides=sides, tags=[at, *beside[:1]])
                self._to_earlier_finding(value, topic="any")

    def _given_beside(self, draft: Draft) -> set[Side | None]:
        """The sides that got a value of their own at the level of `draft`."""
        return {
            side
            for other in self.drafts
            if other is not draft and other.member is draft.member and other.level == draft.level
            for side in other.sides
        }

    def _is_placed_before(self, draft: Draft) -> bool:
        """Whether its levels stand before the grades: "narrowing at L3-4 and L4-5, severe right L4-5"."""
        ref = draft.level
        told = [other for other in self.drafts if other is not draft and other.member is draft.member]
        if ref is None or not draft.own_level or not told:
            return False
        return ref.mark < min(min(other.value.tags, default=0) for other in told)

    def _stressed_levels(self) -> list[int]:
        """Levels that no grade is of: "narrowing at L3-4 and L4-5, worst at L4-5, otherwise mild"."""
        marks = {draft.level.mark for draft in self.drafts if draft.level is not None}
        of = [self._mention(at) for at in marks if self.speech[at] == "l"]  # "L3-4 and below" is two tags
        return [at for at, sign in enumerate(self.speech) if sign == "l" and self._mention(at) not in of]

    def _answers(self, key: re.Match[str]) -> bool:
        """Whether it can be told what a key of several structures says of each."""
        values = range(*key.span("values"))
        if any("-paired" in self.tags[at].rule for at in values):
            return False
        return len(values) == 1 or self._pair_members()

    def _in_order(self) -> bool:
        """Whether as many grades as levels are listed: "mild and severe canal stenosis at L3-4 and L4-5"."""
        if self.speech.count("l") != 1:
            return False
        listed = _IN_BRACKET.search(self.speech)
        if listed is None:
            listed = _GRADES.search(self.speech)
            if listed is None or self.tags[listed.end() - 2].meaning.value != "and":
                return False
        return len(self._mention(self.speech.index("l"))) == listed[0].count("g") == self.speech.count("g")

    def _rule_after_exception(self) -> None:
        """What is denied after an exception is denied of all levels, or of all but those with no grade."""
        found = _EXCEPTED_FIRST.match(self.speech)
        if found is None:
            return
        graded = any(draft.value.low for draft in self.drafts)
        named = [] if graded else [i for i in range(found.end()) if self.speech[i] == "l"]
        for draft in self.drafts:
            if not (draft.value.high or draft.own_level):
                draft.level, draft.own_level, self.excepts = LevelRef(reference="all"), True, True
                draft.excluded += named

    def _prior(self, start: int, end: int) -> None:
        self.used.update(range(start, end))

    def _change(self, start: int, end: int) -> None:
        if self.tags[start].meaning.value == "change" and ">" not in self.speech[start : end + 1]:
            before = self.tags[start + 1].meaning
            if before.low == before.high:
                # "increased from moderate on the right": the grade of an earlier time, and its side
                self.used.update(range(start + 1, end))
                return
        self.void = self.past = False
        at = end - 1 if self.speech[end - 1] != "r" else end - 2
        last = self.tags[at].meaning
        side: tuple[Side | None, ...] = BOTH
        if self.side is not None:
            side = SIDES.get(self.tags[self.side].meaning.value, BOTH)
        elif self.speech[start - 1 : start] in {"c", "g"} and self.open_drafts:
            # "and the left is mild to moderate and I would call it mild", "left: severe -> mild"
            side = self.open_drafts[-1].sides
        for draft in self.open_drafts:
            # "moderate stenosis, now mild": what was is no longer; the other side, or another level, still is
            draft.dropped |= (
                self._of_current(draft)
                and draft.graded
                and (None in draft.sides or bool(set(side) & set(draft.sides)))
            )
        grade = last.high if self.speech[at - 1] != ">" else last.low
        value = Value(grade, last.high, "", [at], tuple([one for one in side if one and len(side) == 1]))
        if at < end - 1:
            value.sides = SIDES[self.tags[end - 1].meaning.value]
            value.tags.append(end - 1)
        self._give(value)

    def _swallow(self, start: int, end: int) -> None:
        self._deny_inside(start, end)
        self.used.update(range(start, end))
        self._levels_inside(start, end)
        caused = self._is_of_narrowing(end - 1)
        self.noun = "structure" if caused and self._is_cause(end) else "other"
        self.doubt = None
        self.negation_fresh = False
        self._place(start, end)
        pathology = self.tags[end - 1].meaning.value
        operated = pathology == "postoperative" or self.tags[end - 1].rule == "distractors/operation"
        reason = _REASON.match(self.speech, end - 1) if operated else None
        if reason is not None and self.tags[reason.start("for")].rule in _FOR:
            self.skip = reason.end()
        if pathology == "slip":
            for at in range(start, end):
                if self.speech[at] == "j":
                    self._open_level(at)

    def _place(self, start: int, end: int) -> None:
        """Notes where a lesion lies: after "a left foraminal extrusion", "the foramen" is the left one."""
        sides = [i for i in range(start, end) if self.speech[i] == "r"]
        places = [self.tags[i].finding for i in range(start, end) if self.speech[i] == "f"]
        self.placed = (places[0], sides[0]) if len(sides) == 1 and places else self.placed

    def _stray(self, start: int, end: int) -> None:
        stop = start
        while self.speech[stop] not in "wej":
            stop += 1
        before = self.speech[start - 1] if start else ""
        if self.open and self.noun != "other" and before and before in "v:skxhHt)lqDX":
            self._value(start, stop)
            return
        self._deny_inside(start, end)
        self.used.update(range(start, end))
        self.noun = "other"
        self.negation_fresh = False

    def _object(self, start: int, end: int) -> None:
        at = next(i for i in range(start, end) if self.speech[i] == "i")
        values = self._values(start, at)
        self._take(start, end, values, head=at)

    def _target(self, start: int, end: int) -> None:
        if self.noun == "other" and _PLACED.match(self.speech, start):
            self.used.update(range(start, end))  # "disc bulge, moderate in the left foramen"
            return
        if self.doubt in self.used and _NEXT_SUBJECT.match(self.speech, start - 1):
            self.doubt = None
        if _RUN_ON.match(self.speech, start - 1):
            for draft in self.drafts:
                draft.level = draft.level or SCOPE
            self.batch = []
        self._take(start, end, [], head=None)

    def _listed(self, start: int, end: int) -> None:
        begun = start
        for at in range(start, end):
            if self.speech[at] == "l":
                self.listed.append((self._values(begun, at), self._ref(at)))
                begun = at + 1
        self.used.update(range(start, end))

    def _leading(self, start: int, end: int) -> None:
        """As in "at L2-3 there is mild and at L4-5 severe canal stenosis"."""
        self.listed.append((self._values(start + 1, end), self._ref(start)))
        self.used.update(range(start, end))

    def _level(self, at: int, _end: int) -> None:
        self._on_level(at)

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


_READ: Mapping[str, Callable[[Linker, int, int], None]] = {
    "level": Linker._level,
    "leading": Linker._leading,
    "prior": Linker._prior,
    "change": Linker._change,
    "swallow": Linker._swallow,
    "answer": Linker._value,
    "object": Linker._object,
    "listed": Linker._listed,
    "target": Linker._target,
    "stray": Linker._stray,
    "value": Linker._value,
    "other": Linker._other,
}
"""What is done with each kind of item."""
