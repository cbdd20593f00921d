"""The structures of one phrase, each with its side, its values and its level: what a target opens."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from labeling.linking.drafts import BOTH, SIDES, Member, Value
from labeling.linking.grading import GradeLinks
from labeling.rule_names import LEADING_SIDES
from labeling.statements import LevelRef
from labeling.tagging import Tag
from lexicons.findings import FACET, FINDINGS

_SIDE_BEHIND = re.compile(r"w?[hHtx]{1,2}(?:v[gz]{1,3}|p)?r")
"""A side that stands behind the head of a structure."""
_INSIDE = re.compile(r"r[jwe]+(?:v?[gz]*[hHi])?p*[wlj]*(?:[gz]+H[wlj]*)?$")
"""A side that stands with the content of a structure: "the left L5 root in the lateral recess"."""

_ONE = frozenset({"structure", "adjective"})
_LESION_SIDE = re.compile(
    r"(?:[de][lwv]{0,4}(?P<a>r)|(?P<b>r)[wlf]{0,3}d)(?:[lw]|le)?(?:,?m)?,?"
    r"(?:[WBb]?[gzw]{0,2}(?:p?ib?|H|hp?)|c[gzw]{0,2}i)(?:p?[rje]{1,3}p?)?p?w?$"
    r"|(?P<c>r)l,W(?:se)?[gzwedbBi]{0,6}p?$"
)
"""The side of a lesion that narrows a structure: "a right L5-S1 prolapse that narrows the lateral recess".

Or what lies in one: "a left hernia, 7 mm, in conflict with the S1 root in the lateral recess".
So too the side of which its clause is: "it is worse on the right at L4-5, where the foramen is narrow".
"""
_LESION_FROM = re.compile(
    r"(?P<a>r)[wlf]{0,3}d(?=[wpejXs])[wpejX]{0,6}s?,?(?:[WBb][gzw]{0,2}(?:hp?|Hp?|p?i)|[gz]{0,2}i)[gzp]{0,2}$"
)
"""The same of a lesion, and where it comes from: "on the left a spur off the facet narrows the foramen"."""
_SPACE_BEFORE = re.compile(r"[^sfknNoOE]*?(?P<side>r)(?P<space>s)[^rsfknNoOE]*;[bw]{0,2}")
"""One space with its side, and the clause after it: "occupies the left recess; the recess is narrow"."""
_BESIDE_LESION = re.compile(r"(?:d[lwv]{0,4}(?P<a>r)|(?P<b>r)[wlf]{0,3}d)l?,?[bB][gzw]{0,2}$")
"""The same before a recess with a head of its own: "a left L4-5 prolapse with recess stenosis"."""


@dataclass(slots=True)
class Group:
    """The structures of one phrase: values before each in `own`, values before a head in `values`.

    A member that is no finding (a disc, a nerve root) is `None`: it takes its values with it. `begun` is
    where the words of the next member begin.
    """

    values: list[Value]
    heads: list[int]
    begun: int
    members: list[Member | None] = field(default_factory=list)
    own: list[list[Value]] = field(default_factory=list)
    level: LevelRef | None = None
    vertebra: int | None = None
    before_level: int = 0  # members that stand before the first level
    sides: list[int] = field(default_factory=list)  # "left narrowing of the foramen"


class GroupLinks(GradeLinks):
    """Cuts a phrase into its structures."""

    def _group(self, start: int, end: int, values: list[Value], head: int | None) -> Group:
        group = Group(values, [] if head is None else [head], start if head is None else head + 1)
        for at in range(group.begun, end):
            sign = self.speech[at]
            if sign in "lyq":
                self._place_members(group, more=re.search("[sfekxd]", self.speech[at:end]) is not None)
                group.level = self.current = self._ref(at)
            elif sign == "j":
                group.vertebra = at
            elif sign in "hHti":
                self._add_head(group, at)
            elif sign in "sfekxd":
                self._add_noun(group, at)
            elif sign == "r" and self.speech[at - 1] == "s" and self.speech[at + 1 : at + 2] in {",", "c"}:
                self._side_behind(group, at)
        tail = [i for i in range(group.begun, end) if self.speech[i] in "ra"]
        for member in group.members if tail else ():
            if member is not None and member.named in {"", "both"}:
                self._side_of(member, tail)
        if not group.members and not group.values:
            group.values = self._values(start, group.heads[0] if group.heads else end)
        return group

    def _side_behind(self, group: Group, at: int) -> None:
        """Gives a side to the noun before it: "the foramen on the right and the recess on the left"."""
        last = group.members[-1] if group.members else None
        if last is not None and last.named in {"", "both"} and any(s == "s" for s in self.speech[at + 1 :]):
            self._side_of(last, [at])
            group.begun = at + 1

    @staticmethod
    def _place_members(group: Group, *, more: bool) -> None:
        """Members keep the level behind them, or the one before: "L4-5 recess and L5-S1 foramen"."""
        if group.level is None:
            group.before_level = len(group.members)
            return
        for member in group.members[: group.before_level or (len(group.members) if more else 0)]:
            if member is not None and member.level is None:
                member.level = group.level

    def _add_head(self, group: Group, at: int) -> None:
        group.heads.append(at)
        if not group.members:
            group.values = group.values or self._values(group.begun, at)
            if not group.values:
                group.sides = [i for i in range(group.begun, at) if self.speech[i] == "r"]
            group.begun = at + 1

    def _add_noun(self, group: Group, at: int) -> None:
        begun = group.begun
        own = self._values(begun, at)
        sides = [i for i in range(begun, at) if self.speech[i] in "ra"]
        member = self._member(at, sides or group.sides, own)
        if member is not None:
            pairs = [found.start() + begun for found in re.finditer("r[lq]", self.speech[begun:at])]
            if len(pairs) > 1 and None not in member.sides:
                member.pairs = [(pair, pair + 1) for pair in pairs]
            if group.vertebra is not None and self.readings[member.finding].vertebra:
                member.level = self._ref(group.vertebra)
        elif self.speech[at] == "e":
            group.vertebra = None  # "compressing the S1 nerve root and the left foramen"
        group.members.append(member)
        group.own.append(own)
        if self.speech[at] == "x":
            group.heads.append(at)
        group.begun = at + 1

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
        one_side = words.partition(" ")[2]
        if one_side in {"right", "left"}:
            member.named, member.sides = one_side, SIDES[one_side]
            return member
        loose = [i for i in sides if not any(i in value.tags for value in values)]
        inside = _INSIDE.search(self.speech, 0, at)
        if loose:
            self._side_of(member, loose)
            self.lead = loose[-1] if self.tags[loose[-1]].rule in LEADING_SIDES else None
        elif inside is not None and self.side is not None and self.speech[self.side] == "a":
            self._side_of(member, [inside.start()])  # "more to the left, touching the left root in the canal"
        elif self.side is not None and not (any(value.sides for value in values) or self._is_past(tag, at)):
            self._side_of(member, [self.side])
        elif self.key_side is not None and not any(value.sides for value in values):
            self._side_of(member, [self.key_side])
        elif _SIDE_BEHIND.match(self.speech, at + 1):
            return member  # "right foraminal osteophyte, mild foraminal stenosis on the left"
        elif self.placed is not None and self.placed[0] == tag.finding and words in _ONE:
            if self.negation is None:  # "right foraminal extrusion, no foraminal stenosis" denies both sides
                self._side_of(member, [self.placed[1]])
        elif words in _ONE and (lesion := self._lesion_side(tag, at)) is not None:
            self.lead = lesion.start(lesion.lastgroup or 0)
            self._side_of(member, [self.lead])
        elif (told := inside.start() if inside else self._side_told(tag, at)) is not None:
            self._side_of(member, [told])
        return member

    def _side_told(self, tag: Tag, at: int) -> int | None:
        """The side of the one space that the clause before names, else the one that leads the sentence.

        As in "a protrusion occupies the left recess; the recess is severely narrowed".
        """
        if tag.meaning.value not in _ONE:
            return None
        found = _SPACE_BEFORE.fullmatch(self.speech, 0, at) if tag.meaning.value == "structure" else None
        if found is None or "r" in self.speech[at:].partition(";")[0]:
            return self.lead
        sides = {told.meaning.value for told in self.tags[:at] if told.meaning.speech == "r"}
        same = self.tags[found.start("space")].finding == tag.finding and len(sides) == 1
        return found.start("side") if same else self.lead

    def _lesion_side(self, tag: Tag, at: int) -> re.Match[str] | None:
        """The side of the lesion that the sentence calls the cause of a narrow space, where it does."""
        found = _LESION_SIDE.search(self.speech, 0, at) if tag.meaning.value == "structure" else None
        if found is None and tag.finding == "recess":
            found = _BESIDE_LESION.search(self.speech, 0, at)
        if found is None and tag.meaning.value == "structure":
            found = _LESION_FROM.search(self.speech, 0, at)
            if found is not None and not self._names_joints_alone(found.start(), at):
                return None
        return found

    def _names_joints_alone(self, start: int, end: int) -> bool:
        """Whether no space is named there, as the facet joints are none."""
        return all(self.tags[at].finding == FACET for at in range(start, end) if self.speech[at] == "s")

    def _is_past(self, tag: Tag, at: int) -> bool:
        """Whether the side is a lesion's, and no facet's: "protrudes to the left; facet arthropathy"."""
        behind = self.speech.rfind(";", 0, at)
        return tag.finding == FACET and self.side is not None and self.side < behind and self.noun == "other"

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
