"""Targets: the structures of a phrase, the values before them, and heads with no structure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from labeling.grammar import ITEM
from labeling.linking.drafts import BOTH, SIDES, Member, Value
from labeling.linking.groups import Group, GroupLinks
from labeling.rule_names import LUMBAR_FILMS, LUMBAR_SCANS, STUDY
from labeling.statements import LevelRef
from lexicons.findings import FINDINGS

_BEGUN = re.compile(r"vX*$|^[\u2022-]*r[:-]$")
"""What a value stands after that goes on about an earlier finding: "the left is", "left - "."""

_LEFT_IS_NARROWED = re.compile(r"[b\u2022-]?rvH")

_GRADED_AFTER = re.compile(r",?Wv[gz]{0,3}[HhgoO]")
_NARROWED_AFTER = re.compile(r"r?,?(?:c?[Bb]|,?c)u?[gz]{0,3}h(?:pr?)?(?=$|[gz,;)bcBW])")
"""What its contact does to a structure: "extends into the left foramen, causing moderate narrowing"."""
_LEVEL_LEADS = re.compile(r"[,;]c?ln$")

_ANSWERED = re.compile(r"[:v(-]?l?[:v-]?o(?:$|[;)])|vo[lq](?:$|[,;c])")
_KEYED_HEADS = re.compile(r"[\u2022-]*[lq][:-](?:(?:[gz]{1,3}[hH]?r?|r[gz]{1,3}[hH]?|r?o)(?:[;,]|,?c))*$")
"""A level, and grades of the chapter that it stands in: "L4-5: marked compromise, left"."""
"""A key and its answer: "Stenosis: none", "L1-2 stenosis absent"."""
_OF_DISC = re.compile(r"(?:^|[l:;,\u2022-])w?ew?:(?:[gznr]{0,3}[hH]p?[lq](?:,?c|,))*$")
"""A key of other anatomy: "Disc height: severe narrowing at L4-5" is no stenosis."""

_CAUSED = re.compile(
    r"(?:[hHx]|hp{1,2}r?[sk](?:cp?r?[sk])?)[lr]{0,2},?(?:(?P<due>b)|B?w|X)"
    r"(?:[gzr]{0,2}[dew]{1,2}(?:,?c|,)){0,3}[gzrwe]{0,2}$"
)
"""What stands between a narrowing and its cause: "foraminal narrowing due to a bulge and", "narrowed by"."""
_AFTER_CAUSE = re.compile(r"[,(]?(?:[Wc]?v)?(?=[gzrao])")
_OTHER_SIDE = re.compile(r",?c?rv?[gz]{0,2}[gzoH](?![sfx])")

_ONE_OF_SPACES = re.compile(r"h(?:p?l(?:,?c|,)[gz]{0,2}hp?){1,4}p?le(?!p)")
"""Narrowings that share a noun: "narrowing of the L4-5 and severe narrowing of the L5-S1 disc spaces"."""
_OWN_VERB = re.compile(r"[rl]?v[gz]{0,3}[gzoH]")
_NOUNS = frozenset("sfxkedt")
_DISC_SPACE = frozenset(
    {
        f"distractors/{rule}"
        for rule in ("disc", "interspace", "vertebral-space", "disc-dryness", "disc-height")
    }
)
"""What may be narrow itself, and narrows nothing."""

_FILMS = frozenset({"distractors/films", LUMBAR_FILMS})
_TOLD_BY = _FILMS | LUMBAR_SCANS | {STUDY}
_JOINED = re.compile(r"[,;c]")
_LAST_LEVEL = re.compile(r"[lq]r?\)?$")


class TargetLinks(GroupLinks):
    """A target opens its structures; it takes the values before it, a negation, or its head alone."""

    def _take(self, start: int, end: int, values: list[Value], head: int | None) -> None:
        """Reads a target or an object: its members, each with its values, and the head they share."""
        self.used.update(range(start, end))
        group = self._group(start, end, values, head)
        if not group.members:
            self._bare(start, end, group.values, group.heads, group.level)
            return
        real = [member for member in group.members if member is not None]
        if real:
            (self._open_cause if self._is_cause(real[0].tags[0], end, real) else self._open_group)(
                group, real
            )
            self._level_behind(group, start, end)
            return
        self._level_behind(group, start, end)
        if self.speech[start - 1 : start] == "W" and self.noun == "structure":
            self._contents(start, end, group.heads)
        if self.negation is not None:
            self.used.add(self.negation)  # "no compression of the roots, canal adequate"
        self.noun = "other"
        self.negation_fresh = False
        joined = [at for at in group.heads if self.speech[at - 1] == "c" and self.speech[at] == "h"]
        if joined:
            self._bare(joined[0], end, [], joined, group.level)  # "no root impingement or stenosis"

    def _level_behind(self, group: Group, start: int, end: int) -> None:
        """The level at the end of a phrase is that of its clause: "narrow canal and foramina at L4-5"."""
        found = _LAST_LEVEL.search(self.speech, start, end)
        if found is None or group.level is None or self.speech[end : end + 1] not in set(",;)cbBXp") | {""}:
            return
        for draft in self._of_clause(found.start()) or self._unplaced(start):
            draft.level, draft.own_level = group.level, True

    def _open_cause(self, group: Group, real: list[Member]) -> None:
        """A cause with a finding of its own: the grades after it are of what it narrows.

        As in "foraminal narrowing due to facet arthropathy, mild on the right and severe on the left".
        """
        before = self.open, self.open_drafts, self.run_of_values
        self._open_group(group, real)
        self.open, self.open_drafts, self.run_of_values = before

    def _is_cause(self, at: int, end: int, real: Sequence[Member] = ()) -> bool:
        """Whether the noun at `at` only says why a structure is narrow whose grade comes after it."""
        if any(member.finding != "facet" for member in real) or not self.open_drafts:
            return False
        if any(draft.member.finding == "facet" for draft in self.open_drafts):
            return False
        caused = _CAUSED.search(self.speech, 0, at)
        if caused is None or (caused["due"] and self.tags[caused.start("due")].meaning.value != "due to"):
            return False
        if _OTHER_SIDE.match(self.speech, end) and any(len(d.sides) == 1 for d in self.open_drafts):
            return True  # "the right foramen is narrowed by facet hypertrophy, the left is patent"
        follows = _AFTER_CAUSE.match(self.speech, end)
        item = ITEM.match(self.speech, follows.end()) if follows is not None else None
        if item is None or not (item.lastgroup == "value" or self.speech[item.start()] == "a"):
            return False
        # "severely narrowed at L4-5 by facet hypertrophy, mildly at L3-4"
        elsewhere = self.speech[item.end() : item.end() + 1] in {"l", "q"}
        return elsewhere or not any(draft.graded for draft in self.open_drafts)

    def _open_group(self, group: Group, real: list[Member]) -> None:
        self._leave_first(group.own[0])
        for before, after in pairwise(real):
            if after.named == "" and before.named in {"right", "left"} and None not in after.sides:
                after.named, after.sides = before.named, before.sides
        self.noun = "structure"
        self.negation_fresh, fresh = False, self.negation_fresh
        self.open, self.open_drafts, self.run_of_values = [], [], []
        self.value_side = None
        if self._copied(group, real):
            return
        values = group.values
        if self.also is not None and not values:
            values, self.also = [self.also], None
        if self.key_grade is not None and not values and self.negation is None:
            values = [replace(self.key_grade)]
        for member, own in zip(group.members, group.own, strict=True):
            values = own or self._shared(member, values)
            if member is not None and member.weak and not group.heads and values and values[0].negated:
                continue  # "no thecal sac or root compressing"
            if member is not None and self._fits(member, group.heads):
                self._narrow(member, values)
                self.open.append(member)
                for listed, level in self.listed:
                    self._grade(member, listed, group.heads, level, fresh)
                if own and len(self.open) > 1 and self.speech[min(own[0].tags) - 1] == ",":
                    # "no central, moderate left foraminal stenosis": the negation was the first one's
                    self.negation = None if own[0].phrase != "ungraded" else self.negation
                self._grade(member, values, group.heads, member.level or group.level, fresh)
            elif member is not None and _GRADED_AFTER.match(self.speech, member.tags[0] + 1):
                self.open.append(member)  # "touches the root in the recess, which is mildly narrowed"
        if not self.open and _NARROWED_AFTER.match(self.speech, real[-1].tags[0] + 1):
            self.open += [member for member in real if not member.weak]
        self.listed = []
        self.side = None

    def _leave_first(self, values: list[Value]) -> None:
        """Leaves a grade to what stands before it: "foraminal stenosis, mild left, severe right recess"."""
        waits = bool(self.open_drafts) and not any(d.graded or None in d.sides for d in self.open_drafts)
        if not waits or len(values) < 2 or not values[0].sides or self.speech[min(values[0].tags) - 1] != ",":
            return
        if values[0].sides == values[1].sides or self.speech[max(values[0].tags) + 1] == ",":
            self._give(values.pop(0))

    def _copied(self, group: Group, real: list[Member]) -> bool:
        """Whether it is what a level has like another: "L4-5: same as L3-4 as regards the canal".

        What has a verb of its own is not: "foramina as at L3-4, and the canal is moderately narrowed".
        """
        if self.copy is None or group.heads:
            return False
        if _OWN_VERB.match(self.speech, max(real[-1].tags) + 1) is not None:
            self.copy = None
            return False
        self.copy.only += real
        return True

    @staticmethod
    def _narrow(member: Member, values: list[Value]) -> None:
        """After "severe right foraminal stenosis at L4-5", "moderate at L5-S1" is on the right as well."""
        sides = {value.sides for value in values}
        if member.named == "" and None not in member.sides and len(sides) == 1:
            member.sides = next(iter(sides)) or member.sides

    def _contents(self, start: int, end: int, heads: list[int]) -> None:
        """Narrows a structure by its content: "in the lateral recess, where it compresses the L5 root"."""
        sides = [i for i in range(start, end) if self.speech[i] == "r"]
        for member in self.open:
            if None not in member.sides and self._fits(member, heads) and not self.open_drafts:
                if sides and not member.named:
                    self._side_of(member, sides)
                self._draft(member, Value(1, 3, "ungraded", []), member.sides, graded=False, heads=heads)

    def _bare(
        self, start: int, end: int, values: list[Value], heads: list[int], level: LevelRef | None
    ) -> None:
        """A head with no structure: a value for what is open, else the finding that bare heads mean."""
        sides = [i for i in range(start, end) if self.speech[i] == "r"]
        fitting = [m for m in self.open if self._fits(m, heads) and not (sides and None in m.sides)]
        settled = any(
            draft.graded and draft.value.phrase != "ungraded" and not draft.value.sides
            for draft in self.open_drafts
        )
        given = [value for value in values if value.sides]
        if self._is_of_other(start, sides, heads) or _OF_DISC.search(self.speech, 0, start):
            return
        if not fitting and self._of_disc_space(heads):
            return
        denied = self.negation is not None or any(value.negated for value in values)
        anew = denied and (self._leads_level(start) or self._denied_at_level(fitting, end))
        if fitting and not (anew or (settled and not sides and self.side is None and self.noun == "other")):
            self.open = fitting
            self._bare_value(values, sides, heads)
            return
        special = next((self.tags[i].finding for i in heads if self.tags[i].finding), "")
        if (
            not any(member.finding for member in self.open)
            and values
            and (_BEGUN.search(self.speech, 0, start) or (given and not start))  # "Left mildly narrowed."
            and not any(self.tags[i].meaning.value == "narrowing" for i in heads)
        ):
            self._without_structure(values[0], start, "v")
            return
        if not self.open and not values and self._narrowed_too(heads):
            value = replace(self._ungraded(heads), tags=[*heads, *sides])
            value.sides = SIDES[self.tags[sides[-1]].meaning.value] if sides else ()
            self._without_structure(value, start, "v")
            return
        if not special and not any(self.tags[i].meaning.value == "narrowing" for i in heads):
            self._of_chapter(start, values, sides)
            return
        sized = all(value.phrase == "ungraded" for value in values)  # no herniation or significant stenosis
        in_force = self.negation is not None and (self.negation_fresh or sized)
        denied = in_force or any(v.negated for v in values)
        negated = (denied or self._is_answered(end)) and not given
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
        return goes_on and self.tags[heads[0] - 1].rule.endswith("/they-are")

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
        nouns = [tag.rule for tag in self.tags[: heads[0]] if tag.meaning.speech in _NOUNS]
        if nouns[-1:] == ["distractors/disc-height"]:
            return True
        return bool(nouns) and _DISC_SPACE.issuperset(nouns) and "r" not in self.speech

    def _leads_level(self, start: int) -> bool:
        """Whether a level of its own leads the clause: "canal stenosis, and L5-S1 without stenosis"."""
        drafts = self.open_drafts
        return (
            bool(drafts)
            and _LEVEL_LEADS.search(self.speech, 0, start) is not None
            and not any(map(self._of_current, drafts))
        )

    def _denied_at_level(self, fitting: Sequence[Member], end: int) -> bool:
        """Whether no structure is named on either side: "severe stenosis at L4-5, no stenosis at L5-S1"."""
        return self.speech[end : end + 1] == "l" and all(member.bare for member in fitting)

    def _bare_value(self, values: list[Value], sides: list[int], heads: list[int]) -> None:
        self._end_negation(heads[0])
        if not values and self.negation is not None and self.negation not in self.used:
            values = [Value(0, 0, "", [self.negation], negated=True)]
        self.noun, self.negation_fresh = "structure", False
        if not values:
            if self.speech[heads[-1] + 1 : heads[-1] + 2] == "v" and self.open_drafts:
                return
            anew = heads[0] and self.speech[heads[0] - 1] == "c" and self.speech[heads[0]] == "H"
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
