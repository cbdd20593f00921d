"""Heads with no structure: "stenosis", "narrowed", "compression" alone, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from labeling.linking.drafts import BOTH, SIDES, Member, Value
from labeling.linking.groups import GroupLinks
from labeling.rule_names import LUMBAR_FILMS, LUMBAR_SCANS, PRONOUNS, STUDY, THERE_IS
from labeling.statements import LevelRef
from lexicons.findings import FINDINGS

_BEGUN = re.compile(r"vX*$|^[\u2022-]*r[:-]$")
"""What a value stands after that goes on about an earlier finding: "the left is", "left - "."""
_LEFT_IS_NARROWED = re.compile(r"[b\u2022-]?rvH")
_LEVEL_LEADS = re.compile(r"[,;]c?ln$")
_ANSWERED = re.compile(r"[:v(-]?l?[:v-]?o(?:$|[;)])|vo[lq](?:$|[,;c])")
"""A key and its answer: "Stenosis: none", "L1-2 stenosis absent"."""
_KEYED_HEADS = re.compile(r"[\u2022-]*[lq][:-](?:(?:[gz]{1,3}[hH]?r?|r[gz]{1,3}[hH]?|r?o)(?:[;,]|,?c))*$")
"""A level, and grades of the chapter that it stands in: "L4-5: marked compromise, left"."""
_OF_DISC = re.compile(r"(?:^|[l:;,\u2022-])w?ew?:(?:[gznr]{0,3}[hH]p?[lq](?:,?c|,))*$")
"""A key of other anatomy: "Disc height: severe narrowing at L4-5" is no stenosis."""
_ONE_OF_SPACES = re.compile(r"h(?:p?l(?:,?c|,)[gz]{0,2}hp?){1,4}p?le(?!p)")
"""Narrowings that share a noun: "narrowing of the L4-5 and severe narrowing of the L5-S1 disc spaces"."""
_NOUNS = frozenset("sfxkedt")
_DISC_SPACE = frozenset(
    {
        f"distractors/{rule}"
        for rule in ("disc", "interspace", "vertebral-space", "disc-dryness", "disc-height")
    }
)
"""What may be narrow itself, and narrows nothing."""
_ORGANS = frozenset(
    {"distractors/organ", "distractors/elsewhere-in-the-body", "distractors/conus", "regions/vessel"}
)
"""Organs and vessels, which have a stenosis of their own."""
_OF_ORGAN = re.compile(r"(?:,?c[wd]){1,2}p{1,2}[wr]{0,2}(?P<noun>[eRwd])|p{1,2}[wr]{0,2}(?P<own>[Rw])")
"""A head shared with a word before an organ: "no stenosis or aneurysm of the aorta"."""
_ORGAN_HAS = re.compile(r"(?P<noun>[eRwd])[vWb]{0,2}n?[gz]{0,2}$")
"""An organ, and what is said of it: "the iliac arteries show no stenosis"."""
_FILMS = frozenset({"distractors/films", LUMBAR_FILMS})
_TOLD_BY = _FILMS | LUMBAR_SCANS | {STUDY}
_STENOSIS = "heads/narrowing"
_LESSENING = "heads/lessening"
_MORE_AT = re.compile(r"(?:l,|.l)[bc]hl(?:$|[,;)])")
"""One more level of what is open, with no grade: "moderate at L3-4 and L4-5, with some narrowing at L2-3"."""
_JOINED = re.compile(r"[,;c]")
_CAUSED = re.compile(r"[de]v?B[gzn]*$")
_SAYS_NOTHING = re.compile(r"Nw?$")
"""What no stenosis is told behind: "mild canal stenosis, and no new severe stenosis"."""
_JUDGED = re.compile(r"Xw?$")
"""What a stenosis stands behind that is judged anew: "and I would now consider the narrowing mild"."""


class BareHeadLinks(GroupLinks):
    """A head with no structure is of what is open, of the chapter, or of what bare heads mean."""

    def _bare(
        self, start: int, end: int, values: list[Value], heads: list[int], level: LevelRef | None
    ) -> None:
        """A head with no structure: a value for what is open, else the finding that bare heads mean."""
        sides = [i for i in range(start, end) if self.speech[i] == "r"]
        fitting = [m for m in self.open if self._fits(m, heads) and not (sides and None in m.sides)]
        settled = any(
            draft.graded and draft.value.phrase != "ungraded" and len(draft.value.sides) != 1
            for draft in self.open_drafts
        )
        given = [value for value in values if value.sides]
        other = self._is_of_organ(heads) or self._is_of_other(start, sides, heads)
        other |= self.void and _SAYS_NOTHING.search(self.speech, 0, start) is not None
        if other or _OF_DISC.search(self.speech, 0, start) or (not fitting and self._of_disc_space(heads)):
            return
        denied = self.negation is not None or any(value.negated for value in values)
        if denied and not sides and not any(v.high for v in values) and self._is_of_nerves(start, end, heads):
            self.used.update(() if self.negation is None else (self.negation,))
            self.noun, self.negation_fresh = "other", False
            return
        anew = denied and (self._leads_level(start) or self._denied_at_level(fitting, heads))
        apart = settled and not sides and self.side is None and self.noun == "other"
        if fitting and not (anew or (apart and not self._points_back(heads))):
            self.open = fitting
            self._bare_value(values, sides, heads)
            return
        stenosis = any(
            self.tags[i].meaning.value == "narrowing" and self.tags[i].rule != _LESSENING for i in heads
        )
        if (
            values
            and (_BEGUN.search(self.speech, 0, start) or (given and not start))  # "Left mildly narrowed."
            and not stenosis
        ):
            self._without_structure(values[0], start, "v")
            return
        if self._narrowed_too(heads):
            value = replace(self._ungraded(heads), tags=[*heads, *sides])
            value.sides = SIDES[self.tags[sides[-1]].meaning.value] if sides else ()
            self._without_structure(value, start, "v")
            return
        if not stenosis and not any(self.tags[i].finding for i in heads):
            self._of_chapter(start, values, sides)
            return
        self._open_bare(start, end, values, heads, level)

    def _open_bare(
        self, start: int, end: int, values: list[Value], heads: list[int], level: LevelRef | None
    ) -> None:
        """Opens what bare heads mean: the finding that has such a head of its own, or those of any head."""
        special = self.tags[heads[0]].finding
        given = any(value.sides for value in values)
        sides = [i for i in range(start, end) if self.speech[i] == "r"]
        loose = [i for i in sides if not any(i in value.tags for value in values)]
        if not loose and self.side is not None and not given:
            loose = [self.side]
        sided = given or bool(loose)
        negated = self._is_denied(end, values)
        wanted = "with side" if sided else "without side"
        self.noun = "structure"
        self.open, self.open_drafts = [], []
        for key, reading in self.readings.items():
            bare = (negated and not sided and reading.bare_negated) or reading.bare_head == wanted
            if key == special or (bare and not special):
                member = self._bare_member(key, special, negated)
                if loose:
                    self._side_of(member, loose)
                self.open.append(member)
                for listed, at in self.listed:  # "L3-4 mild, L4-5 severe stenosis"
                    if all(bool(value.sides) == given for value in listed):
                        self._grade(member, listed, heads, at, self.negation_fresh)
                self._narrow(member, values)
                self._grade(member, values, heads, level, self.negation_fresh)
        self.listed = []
        self.negation_fresh = False
        self.side = None

    def _is_denied(self, end: int, values: list[Value]) -> bool:
        """Whether a bare head up to `end` is denied, before it or in the answer behind it."""
        sized = all(value.phrase == "ungraded" for value in values)  # no herniation or significant stenosis
        in_force = self.negation is not None and (self.negation_fresh or sized)
        return in_force or any(value.negated for value in values) or self._is_answered(end)

    @staticmethod
    def _narrow(member: Member, values: list[Value]) -> None:
        """After "severe right foraminal stenosis at L4-5", "moderate at L5-S1" is on the right as well."""
        sides = {value.sides for value in values}
        if member.named == "" and None not in member.sides and len(sides) == 1:
            member.sides = next(iter(sides)) or member.sides

    @staticmethod
    def _bare_member(key: str, special: str, negated: bool) -> Member:
        sided = None not in FINDINGS[key].codes
        named = "both" if sided and negated else ""
        return Member(key, BOTH if sided else (None,), named, [], bare=True, topic=special)

    def _of_chapter(self, start: int, values: list[Value], sides: list[int]) -> None:
        """Leaves "L4-5: marked compromise, left" to the key of the chapter: "Foramina:"."""
        if not values and self.negation is not None and self.negation_fresh:
            values = [Value(0, 0, "", [self.negation], negated=True)]
            start = self.negation
        if not values or _KEYED_HEADS.match(self.speech, 0, start) is None:
            self.noun = "other"
            return
        for value in values:
            if sides and not value.sides:
                value.sides, value.tags = SIDES[self.tags[sides[-1]].meaning.value], [*value.tags, *sides]
            self._to_earlier_finding(value, topic="any")
        self.open = []

    def _is_of_other(self, start: int, sides: list[int], heads: list[int]) -> bool:
        """Whether a bare head is of the noun before it, and not of the other side of what is open.

        As in "right foramen narrowed, with contact of the root, and the left mildly narrowed".
        """
        if self.noun != "other" or any(self.tags[i].meaning.value == "narrowing" for i in heads):
            return False
        joined = sides[:1] == [start] and _JOINED.match(self.speech, start - 1)
        if joined and self._opposite(SIDES[self.tags[start].meaning.value], start - 1):
            self.noun = "structure"
        return self.noun == "other" and self.speech[start - 1 : start] != ":"

    def _is_answered(self, end: int) -> bool:
        """Whether the answer to a stenosis is that there is none; one that has resolved had a place."""
        found = _ANSWERED.match(self.speech, end)
        if found is None:
            return False
        return any(tag.meaning.value in {"none", "not seen"} for tag in self.tags[end : found.end()])

    def _narrowed_too(self, heads: list[int]) -> bool:
        """Whether a participle goes on about an earlier finding: "left is narrowed", "they are narrowed"."""
        if _LEFT_IS_NARROWED.fullmatch(self.speech):
            return True
        before = self.speech[: heads[0]]
        goes_on = before.endswith("v") and not before.strip("blcq,v")
        return goes_on and self.tags[heads[0] - 1].rule in PRONOUNS

    def _is_of_organ(self, heads: Sequence[int]) -> bool:
        """Whether a bare stenosis is that of an organ or a vessel, before it or behind."""
        after = _OF_ORGAN.match(self.speech, heads[-1] + 1)
        before = _ORGAN_HAS.search(self.speech, 0, heads[0])
        nouns = [found.start(found.lastgroup or 0) for found in (after, before) if found is not None]
        return any(self.tags[at].rule in _ORGANS for at in nouns)

    def _is_of_nerves(self, start: int, end: int, heads: Sequence[int]) -> bool:
        """Whether a compression denied is not of what was told: "narrows the canal, without compression"."""
        told = any(draft.value.low and not draft.dropped for draft in self.open_drafts)
        if not told or any(self.tags[i].meaning.value.startswith("narrow") for i in heads):
            return False
        keyed = set(":-(") & set(self.speech[self.last_draft_at : start])
        return not keyed and self.speech[end : end + 1] not in {"l", "q", "r"}

    def _of_disc_space(self, heads: Sequence[int]) -> bool:
        """Whether a bare narrowing is a disc's: "discs are preserved but for narrowing at L5-S1"."""
        if any(self.tags[i].rule != "heads/narrowing-noun" for i in heads):
            return False
        told = next((tag.rule for tag in reversed(self.tags[: heads[0]]) if tag.rule in _TOLD_BY), "")
        if told in _FILMS:
            return True
        space = _ONE_OF_SPACES.match(self.speech, heads[-1])
        if space is not None and self.tags[space.end() - 1].rule in _DISC_SPACE:
            return True
        if _CAUSED.search(self.speech, 0, heads[0]):
            return False  # "loss of disc height causes severe narrowing on the left"
        nouns = [tag.rule for tag in self.tags[: heads[0]] if tag.meaning.speech in _NOUNS]
        if nouns[-1:] == ["distractors/disc-height"]:
            return True
        return bool(nouns) and _DISC_SPACE.issuperset(nouns) and "r" not in self.speech

    def _points_back(self, heads: list[int]) -> bool:
        """Whether a stenosis is the one spoken of: "I regard the stenosis there as mild"."""
        there = self.tags[heads[-1] + 1 : heads[-1] + 2]
        return _JUDGED.search(self.speech, 0, heads[0]) is not None or any(
            tag.rule == THERE_IS and tag.meaning.speech == "v" for tag in there
        )

    def _leads_level(self, start: int) -> bool:
        """Whether a level of its own leads the clause: "canal stenosis, and L5-S1 without stenosis"."""
        drafts = self.open_drafts
        return (
            bool(drafts)
            and _LEVEL_LEADS.search(self.speech, 0, start) is not None
            and not any(map(self._of_current, drafts))
        )

    def _denied_at_level(self, fitting: Sequence[Member], heads: Sequence[int]) -> bool:
        """Whether no structure is named on either side: "severe stenosis at L4-5, no stenosis at L5-S1".

        Nor is one meant in a clause that could stand alone: "..., and there is no stenosis at L5-S1". So too
        with no level behind a sac of which no stenosis is told: "the sac is full and there is no stenosis".
        """
        end = heads[-1] + 1
        alone = self.negation is not None and self.tags[max(self.negation - 1, 0)].rule == THERE_IS
        alone &= self.tags[heads[0]].rule == _STENOSIS and self.speech[end + 1 : end + 2] != "r"
        if self.speech[end : end + 1] != "l":
            return alone and not self.open_drafts and all(member.weak for member in fitting)
        return alone or all(member.bare for member in fitting)

    def _bare_value(self, values: list[Value], sides: list[int], heads: list[int]) -> None:
        self._end_negation(heads[0])
        if not values and self.negation is not None and self.negation not in self.used:
            values = [Value(0, 0, "", [self.negation], negated=True)]
        self.noun, self.negation_fresh = "structure", False
        if not values:
            if self.speech[heads[-1] + 1 : heads[-1] + 2] == "v" and self.open_drafts:
                return
            anew = _MORE_AT.match(self.speech, heads[0] - 3) and not self._at_one_of(heads[-1] + 1)
            if all(draft.dropped for draft in self.open_drafts) or sides or self.side is not None or anew:
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
