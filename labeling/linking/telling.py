"""From a draft to its statement: the codes it is of, its level, its flags and the words that it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.linking.drafts import Draft, Value
from labeling.linking.signs import SignLinks
from labeling.rule_names import AS_TOLD
from labeling.statements import LOCAL, SCOPE, LevelRef, Statement
from lexicons.findings import FINDINGS

_SEVERAL = LevelRef(reference="several")
"""Levels that are not named: "multilevel facet arthropathy" fills nothing, under a level either."""
_THERE = LevelRef(reference="there")
"""What "the canal there is open" is of: the levels told of before, never all of them."""
_NARROW = frozenset({"narrowed", "narrowing"})
_OF_SPINE = "findings/facet/spondylarthrosis"
"""A diagnosis of the spine, unless a level is named with it."""


class TellLinks(SignLinks):
    """Makes statements of what was drafted."""

    def _statement(self, draft: Draft) -> Statement:
        member, value = draft.member, draft.value
        order = sorted({*value.tags, *draft.tags, *member.tags})
        flags = set(draft.flags)
        for i in order:
            if self.tags[i].flags:
                flags |= self.tags[i].flags
        if member.bare:
            flags.add("structure_unspecified")
        if value.phrase in {"at_least", "ungraded", "scale", "at_most"}:
            flags.add(value.phrase)
        if value.negated and value.high == 2:
            flags.add("not_severe")
        codes = tuple([FINDINGS[m.finding].codes[side] for m in draft.only for side in m.sides])
        if member.finding not in {"", "*"}:
            finding = FINDINGS[member.finding]
            sides = (None,) if None in finding.codes else draft.sides
            codes = tuple([finding.codes[side] for side in sides])
            if len(codes) == 2 and member.named == "" and not value.sides:
                flags.add("side_unspecified")
        sided = [i for i in value.tags if self.speech[i] == "r"] or order
        level = self._numbered(draft.level) or self._unnamed(value)
        if self.broken is not None and level.reference == "this":
            level = self._unnamed(value)  # "a fracture of L1 with moderate canal stenosis at this level"
        return Statement(
            codes=codes,
            low=value.low,
            high=value.high,
            phrase=value.phrase,
            level=level,
            uncertain=draft.uncertain,
            implied=draft.implied,
            bare=member.bare,
            topic=member.topic,
            side="" if codes else self._named_side(draft, order),
            rank=2 if len(codes) == 1 else 1 if member.named or value.sides else 0,
            flags=frozenset(flags),
            marks=tuple([self.numbers[i] for i in order]),
            source=self._numbered(draft.source),
            relative=not self.relative.isdisjoint(sided)
            or (None not in draft.sides and len(codes) == 1 and self._are_relative()),
            narrowed=not codes and self._is_narrowed(value),
            one="side_unspecified" in flags
            and any(self.tags[i].meaning.value == "structure" for i in member.tags),
            excluded=tuple([m for i in draft.excluded if (m := self.tags[i].levels)]),
        )

    def _are_relative(self) -> bool:
        """Whether all its sides are by reference: "narrows the recess on that side severely"."""
        return bool(self.relative) and self.speech.count("r") == len(self.relative)

    def _unnamed(self, value: Value) -> LevelRef:
        """What a statement stands under whose sentence names no level."""
        if value.low and self.untold >= (self.tags[0].rule in AS_TOLD):
            return _SEVERAL
        if value.low and self.tags[-1].rule == _OF_SPINE and not self.speech[:-1].strip("\u2022-wdR:"):
            return _SEVERAL
        if not self._is_local(value):
            return _THERE if not value.high and self.there else SCOPE
        return LOCAL if self.broken is None else LOCAL._replace(among=self.broken)

    def _is_local(self, value: Value) -> bool:
        """Whether a vertebra is spoken of, or a lesion; where a structure is normal, in the same clause."""
        if "j" in self.speech or not self.lesions:
            return "j" in self.speech
        start, end = 0, len(self.tags)
        if value.high == 0 and value.tags:  # "no focal lesion, canal and foramina patent"
            parts = [i for i, sign in enumerate(self.speech) if sign in ",;"]
            start = max([i for i in parts if i < min(value.tags)], default=0)
            end = min([i for i in parts if i > max(value.tags)], default=end)
        return any(start <= at < end and not self._is_denied_with(value, at) for at in self.lesions)

    def _is_denied_with(self, value: Value, at: int) -> bool:
        """Whether the noun at `at` is denied as well: "no marrow edema or canal stenosis"."""
        before = self.speech[:at].rstrip("wgzrjed")[-1:]
        return value.negated and (before == "n" or (before in {"c", ","} and min(value.tags) < at))

    def _named_side(self, draft: Draft, order: Sequence[int]) -> str:
        """The side that is named of a structure of an earlier sentence: "those at L3-4 on both sides"."""
        if len(draft.sides) == 1 and draft.sides[0]:
            return str(draft.sides[0])
        both = any(self.speech[i] == "r" and self.tags[i].meaning.value == "both" for i in order)
        return "both" if both else ""

    def _is_narrowed(self, value: Value) -> bool:
        """Whether a space is what is graded, and no joint: "it is mildly narrowed"."""
        return any(tag.meaning.value in _NARROW for at in value.tags for tag in self.tags[at + 1 : at + 2])
