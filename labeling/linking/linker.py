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
from labeling.linking.drafts import BOTH, SIDES, Value
from labeling.linking.studies import normal_study
from labeling.linking.value_items import ValueItemLinks
from labeling.statements import SCOPE, LevelRef, Statement
from lexicons.vocabulary import Side

_SLASHED_KEY = re.compile(r"r?[sfx](?:cr?[sfx]){1,3}[hx]?\)?:(?P<values>[gzo](?:c[gzo])*)")
"""Structures and grades in the same order: "canal/right foramen: moderate/none"."""
_PLACED = re.compile(r"[gz]+p")
_LESION_IN = re.compile(r"[de][pw]{0,2}$")
_ITS_GRADE = re.compile(r"[,(]g{1,2}r?(?:$|[,;)])")
"""A lesion, and its grade behind the space it lies in: "effusion of the left facet joint, moderate"."""
_GRADE_KEY = re.compile(r"[\u2022-]*([goO])[:-](?=r?[lsfx])")
"""A grade that heads a list of what has it."""
_NEXT_SUBJECT = re.compile(r"[rlhHgo]r?sv")
"""A clause begins with no sign before it: "possible stenosis on the right the left foramen is patent"."""
_RUN_ON = re.compile(r"[sk]r?sv")
"""The same after an object: "compressing the exit canals the spinal canal is narrowed at L4-5"."""
_KEPT = frozenset({"at_least", "at_most", "ungraded"})
"""Phrases of a grade that is more than one number, whatever it was before."""
_FOR = frozenset({"distractors/for", "connectors/of", "connectors/of-the"})
_REASON = re.compile(r"d[plrDqwc]{0,5}(?P<for>[wp])(?:[gz]?d,?c){0,2}[gzu]{0,2}(?:r?[sf][wrl]?)?[hHt]")
"""Why it was operated: "laminectomy for", "decompression of severe stenosis" say nothing of one now."""


class Linker(ValueItemLinks):
    """Reads the tags of one sentence; `used` then holds the numbers of the tags that ended in a statement."""

    def run(self) -> tuple[Statement, ...]:
        """The statements of the sentence, in the order of the text."""
        if "R" in self.speech and (normal := normal_study(self.speech, self.tags)) is not None:
            self._whole(normal, "study", LevelRef(reference="all"))
            self._except_named()
            return tuple([self._statement(draft) for draft in self.drafts])
        if (key := _GRADE_KEY.match(self.speech)) is not None:
            self._head_with_grade(key.start(1))
            if key[1] in "oO" and self.speech[key.end()] != "l":
                self.skip = max(self.skip, key.end())  # it goes on about nothing told before
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
        self._leave_out_sides()
        self._leave_what_was()
        for draft in self.drafts:
            self._finish(draft)
        self._name_earlier()
        self.used = {self.numbers[at] for at in self.used} | set(range(self.count)) - set(self.numbers)
        if any(draft.cause for draft in self.drafts):
            self.drafts.sort(key=lambda draft: not draft.cause)  # the next sentence is about what it narrows
        return tuple([self._statement(draft) for draft in self.drafts if not draft.dropped])

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

    def _prior(self, start: int, end: int) -> None:
        self.used.update(range(start, end))

    def _change(self, start: int, end: int) -> None:
        # "from mild degree to moderate degree": the word between them is one with the last
        two = self.speech.startswith("gg", start + 1) and self.tags[start + 2].rule.endswith("-degree")
        if self.tags[start].meaning.value == "change" and not (two or ">" in self.speech[start : end + 1]):
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
        kept = two or self.speech[at - 1] == ">" or last.phrase in _KEPT  # "now at least moderate"
        grade, phrase = (last.low, last.phrase) if kept else (last.high, "")
        value = Value(grade, last.high, phrase, [at], tuple([one for one in side if one and len(side) == 1]))
        if at < end - 1:
            value.sides = SIDES[self.tags[end - 1].meaning.value]
            value.tags.append(end - 1)
        self._give(value)

    def _swallow(self, start: int, end: int) -> None:
        self._deny_inside(start, end)
        self.used.update(range(start, end))
        self._levels_inside(start, end)
        self.noun = self._after_noun(end)
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
        self.noun = self._after_noun(end)
        self.negation_fresh = False

    def _object(self, start: int, end: int) -> None:
        at = next(i for i in range(start, end) if self.speech[i] == "i")
        values = self._values(start, at)
        self._take(start, end, values, head=at)

    def _target(self, start: int, end: int) -> None:
        if self.noun == "other" and _PLACED.match(self.speech, start):
            self.used.update(range(start, end))  # "disc bulge, moderate in the left foramen"
            return
        if self.noun == "other" and self._is_place_of_lesion(start, end):
            self.used.update(range(start, end))
            return
        if self.doubt in self.used and _NEXT_SUBJECT.match(self.speech, start - 1):
            self.doubt = None
        if _RUN_ON.match(self.speech, start - 1):
            for draft in self.drafts:
                draft.level = draft.level or SCOPE
            self.batch = []
        self._take(start, end, [], head=None)

    def _is_place_of_lesion(self, start: int, end: int) -> bool:
        """Whether a space is where a lesion lies, whose grade stands behind it."""
        return (
            _ITS_GRADE.match(self.speech, end) is not None
            and set(self.speech[start:end]) <= set("rscwpl,")
            and _LESION_IN.search(self.speech, 0, start) is not None
        )

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
