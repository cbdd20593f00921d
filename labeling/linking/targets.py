"""Targets: the structures of a phrase, and the values before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from labeling.grammar import ITEM
from labeling.linking.bare_heads import BareHeadLinks
from labeling.linking.drafts import Member, Value
from labeling.linking.groups import Group
from lexicons.findings import FACET

_GRADED_AFTER = re.compile(r"(?:r?l|l?r)?,?Wv[gz]{0,3}[HhgoO]")
"""What is told of a structure that something touches: "reaches the foramina at L3-4, which are narrowed"."""
_NARROWED_AFTER = re.compile(
    r"[rl]{0,2},?(?:c?[Bb]|,?c|W)(?:w{0,3}Xw{0,2})?u?r?[gz]{0,3}[hH](?:pr?)?(?=$|[gz,;)bcBWqv])"
)
"""What its contact does to a structure: "extends into the left foramen, causing moderate narrowing"."""
_CAUSE = r"[gzrw]{0,3}(?:[dew]{1,2}(?:p{1,2}w?e|t)?|s?t|tp{1,2}s|Hs)"
_CAUSED = re.compile(
    r"(?:[hHx]|Hr?s|hp{1,2}r?[sk](?:cp?r?[sk])?)[lrgz]{0,4},?(?:(?P<due>b)|(?P<by>Bp|B?w)|X)"
    rf"(?:{_CAUSE}(?:,?c|,)){{0,3}}[gzrwe]{{0,3}}(?:[td]p{{1,2}}w?|H)?$"
)
"""What stands between a narrowing and its cause: "foraminal narrowing due to a bulge and", "narrowed by"."""
_AFTER_CAUSE = re.compile(rf"(?:(?:,?c|,){_CAUSE}){{0,3}}[lq]?(?:,?c|[,(:])?(?:[Wc]?v)?(?=[gzrao])")
_NEXT_LEVEL = re.compile(rf"(?:(?:,?c|,){_CAUSE}){{0,3}}[;,]c?l[:-]?g{{1,2}}(?=$|[,;])")
"""The grade of another level behind the cause: "due to a bulge and facet wear; L3-4 moderate"."""
"""What may stand before the grade of what it narrows: "due to a spur at L3-4 | (mild)", ", and | mild"."""
_FROM_A = "connectors/from-a"
_OTHER_SIDE = re.compile(
    r"(?:,?c[gzw]{0,2}[de]{1,2}(?=[;,cb]))?(?:,cr?j?ev?[hHiw](?=[;,]))?(?:[;,]c?|[cb])?rv?(?:[wp]{1,4}c?v)?[gz]{0,2}[gzoH](?![sfx])"
)
"""The side that is not narrowed, behind another cause or what follows: "and a bulge; the left is clear"."""
_OWN_VERB = re.compile(r"[rl]?v[gz]{0,3}[gzoH]")
_JOINED_HEAD = re.compile(r"ch(?!p{1,2}[rw]{0,2}[edR])")
"""One more head, and no noun of its own: "no root impingement or stenosis", "no mass or stenosis of it"."""
_LAST_LEVEL = re.compile(r"[lq]r?\)?$")


class TargetLinks(BareHeadLinks):
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
            caused = self._is_of_narrowing(real[0].tags[0], real)
            known = len(self.drafts)
            if caused and self._is_cause(end):
                self._open_cause(group, real)
            else:
                self._open_group(group, real)
            for draft in self.drafts[known:] if caused else ():
                draft.cause = True
            if not self.open:
                self._deny_inside(start, end)  # "no significant sac compression or foraminal stenosis"
            self._level_behind(group, start, end)
            return
        self._deny_inside(start, end)
        self._level_behind(group, start, end)
        if self.speech[start - 1 : start] == "W" and self.noun == "structure":
            self._contents(start, end, group.heads)
        if self.negation is not None:
            self.used.add(self.negation)  # "no compression of the roots, canal adequate"
        self.noun = self._after_noun(end)
        self.negation_fresh = False
        self.doubt = self.doubt if self.doubt in self.used else None  # "likely compression of the root, ..."
        joined = [at for at in group.heads if _JOINED_HEAD.match(self.speech, at - 1)]
        if joined:
            self._bare(joined[0], end, [], joined, group.level)  # "no root impingement or stenosis"

    def _deny_inside(self, start: int, end: int) -> None:
        """Notes a denial that goes on behind another noun: "no significant scalloping or canal stenosis"."""
        for at in range(start, end):
            if self.speech[at] == "n":
                self.negation = at

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

    def _is_of_narrowing(self, at: int, real: Sequence[Member] = ()) -> bool:
        """Whether the noun at `at` is the cause of a narrowing before it."""
        if any(member.finding != FACET for member in real) or not self.open_drafts:
            return False
        caused = _CAUSED.search(self.speech, 0, at)
        if caused is None:
            return False
        if caused["by"] and self.speech[caused.start("by") - 1] == ",":
            return self.tags[caused.end("by") - 1].rule != ""  # "canal stenosis, yellow ligament thick, ..."
        if not caused["due"]:
            return True
        due = self.tags[caused.start("due")]
        return due.meaning.value == "due to" or due.rule == _FROM_A

    def _is_cause(self, end: int) -> bool:
        """Whether the noun before `end` only says why a structure is narrow whose grade comes after it."""
        if _OTHER_SIDE.match(self.speech, end) and any(len(d.sides) == 1 for d in self.open_drafts):
            return True  # "the right foramen is narrowed by facet hypertrophy, the left is patent"
        if _NEXT_LEVEL.match(self.speech, end) and "l" in self.speech[:end]:
            return True
        follows = _AFTER_CAUSE.match(self.speech, end)
        item = ITEM.match(self.speech, follows.end()) if follows is not None else None
        if item is None or not (item.lastgroup == "value" or self.speech[item.start()] == "a"):
            return False
        if "r" in item[0] and all(None in member.sides for member in self.open):
            return False  # "moderate canal stenosis due to facet arthropathy, severe on the right"
        told = [at for at in range(item.start()) if self.speech[at] in "lq"][-1:]
        if told and self.speech[item.end() : item.end() + 1] in {"l", "q"}:
            # "severely narrowed at L4-5 by facet hypertrophy, mildly at L3-4"
            return self._mention(told[0]) != self._mention(item.end())
        return not any(draft.graded for draft in self.open_drafts)

    def _after_noun(self, end: int) -> str:
        """What a value is of behind another noun that ends at `end`: of the structure, where it is a cause.

        Which of the two a grade in brackets is of cannot be told: "due to bulges at L3-4 (mild)".
        """
        caused = self._is_of_narrowing(end - 1) and self.speech[end : end + 2] not in {"l(", "q("}
        return "structure" if caused and self._is_cause(end) else "other"

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
        self._grade_in_turn(group)
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
                self._grade(member, values, group.heads, member.level or group.level, fresh)
            elif member is not None and _GRADED_AFTER.match(self.speech, member.tags[0] + 1):
                self.open.append(member)  # "touches the root in the recess, which is mildly narrowed"
        if not self.open and _NARROWED_AFTER.match(self.speech, real[-1].tags[0] + 1):
            self.open += [member for member in real if not member.weak]
        self.listed = []
        self.side = None

    def _grade_in_turn(self, group: Group) -> None:
        """Gives each structure its own of as many grades, unless as many levels are listed.

        As in "mild and severe canal and foraminal stenosis, respectively".
        """
        listed = group.own[0] or group.values
        if "M" not in self.speech or len(listed) < 2 or len(listed) != len(group.members):
            return
        if any(value.sides for value in listed) or any(group.own[1:]):
            return
        if not self._lists(len(listed)):
            group.own, group.values = [[value] for value in listed], []

    def _leave_first(self, values: list[Value]) -> None:
        """Leaves a grade to what stands before it: "foraminal stenosis, mild left, severe right recess"."""
        waits = bool(self.open_drafts) and not any(d.graded or None in d.sides for d in self.open_drafts)
        if not waits or len(values) < 2 or not values[0].sides or self.speech[min(values[0].tags) - 1] != ",":
            return
        if values[0].sides == values[1].sides or self.speech[max(values[0].tags) + 1] == ",":
            self._give(values.pop(0))

    def _copied(self, group: Group, real: list[Member]) -> bool:
        """Whether it is what a level has like another: "L4-5: same as L3-4 as regards the canal".

        What has a verb of its own is not: "foramina as at L3-4, and the canal is moderately narrowed", "as at
        L3-4 for the facets and the canal is patent".
        """
        if self.copy is None or group.heads:
            return False
        if _OWN_VERB.match(self.speech, max(real[-1].tags) + 1) is not None:
            copy, self.copy = self.copy, None
            if len(real) < 2 or self.speech[min(real[0].tags) - 1] not in {"p", "w"}:
                return False
            copy.only += real[:-1]
            self.open += [member for member in real[-1:] if not member.weak]
            return True
        self.copy.only += real
        return True

    def _contents(self, start: int, end: int, heads: list[int]) -> None:
        """Narrows a structure by its content: "in the lateral recess, where it compresses the L5 root"."""
        sides = [i for i in range(start, end) if self.speech[i] == "r"]
        for member in self.open:
            if None not in member.sides and self._fits(member, heads) and not self.open_drafts:
                if sides and not member.named:
                    self._side_of(member, sides)
                self._draft(member, Value(1, 3, "ungraded", []), member.sides, graded=False, heads=heads)
