"""What is known once a sentence is read to its end: what the rest of it said better, and what it was about.

"Narrowing, moderate on the right and mild on the left": the bare word said no more than the grades after it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from labeling.linking.drafts import SIDES, Draft, Value
from labeling.linking.telling import TellLinks
from labeling.rule_names import LUMBAR_SPACES, NOW
from labeling.statements import LevelRef
from lexicons.vocabulary import Side

_EXCEPTED_FIRST = re.compile(r"[b,]?E[^;:]{0,20}l[^;:]{0,20}?,(?=[^,;:l]{1,16}$)")
"""An exception before its rule: "apart from L4-5, where it is narrow, the canal is normal"."""
_GRADES = re.compile(r"g(?:,g){0,4},?cg(?!r)")
"""Several grades in a row, with no sides."""
_IN_BRACKET = re.compile(r"(?<=l\()g(?:,g){1,4}(?=\))")
"""Grades in a bracket behind the levels that they are of: "canal stenosis: L3-4, L4-5 (mild, moderate)"."""
_SUBJECT = re.compile(
    r"(?:l[:-])?[\u2022,bcplq-]{0,4}(?:w{1,4}p{0,2}l?)?r?l?s(?:(?:,?c|,)r?s){0,2}[lq]?r?(?:,b|b)?,?[vwPVD]"
)
"""Structures that a sentence begins with, and a verb: "the foramina, however, are another matter".

Words may stand before it, and its level behind it: "the entry for the canal at L4-5 is wrong".
"""
_RESTS = frozenset({"elsewhere", "otherwise", "others", "remaining", "the rest"})
_ALONE = frozenset({"others", "the rest"})
_NOT_AT = re.compile(r"[\u2022-]*(?:[cb],?)?nl")
_NOT = "negation/not"
_IS_NOT = re.compile(r"(?:b|b,|[\u2022-])?(?:r|r?s)vn")


class FinishLinks(TellLinks):
    """Takes drafts back, and names what the next sentence may go on about."""

    def _finish(self, draft: Draft) -> None:
        """Takes back what the rest of the sentence says better."""
        keyed = not draft.graded and ":" in {self.speech[i + 1 : i + 2] for i in draft.tags}
        if keyed and (draft.given or (draft.member.bare and len(self.drafts) > 1)):
            draft.dropped = True  # a key ("Foraminal stenosis: right - mild L4-5") is no finding
        draft.dropped |= draft.excepted and not draft.graded
        if draft.given and (draft.member.named == "" or self._is_key(draft) or self._is_spread(draft)):
            # "Narrowing, moderate on the right": the bare word said no more than the grades after it.
            # Nor did "Foramina: narrowing is moderate on the right at L3-4".
            beside, denied = self._given_beside(draft), self._given_beside(draft, denied=True)
            if beside or not self._is_placed_before(draft):
                draft.sides = tuple(side for side in draft.sides if side in beside - denied)
                draft.dropped |= not draft.sides  # "foraminal stenosis is absent on the left"
        if draft.level is None and not draft.value.high and self._is_of_all_lumbar(draft):
            draft.level = LevelRef(reference="all")
        if draft.level is not None and draft.level.reference in _RESTS:
            if draft.value.low:
                draft.excluded += self._stressed_levels()
            if draft.level.reference in _ALONE and self._is_of_finding(draft):
                draft.level = draft.level._replace(reference="elsewhere")

    def _is_of_all_lumbar(self, draft: Draft) -> bool:
        """Whether what is denied is of the whole lumbar spine: "There is no lumbar canal stenosis."."""
        return any(self.tags[at].rule in LUMBAR_SPACES for at in draft.member.tags) and not (
            set("lqy") & set(self.speech)
        )

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

    def _given_beside(self, draft: Draft, *, denied: bool = False) -> set[Side | None]:
        """The sides that got a value of their own at the level of `draft`, or those where it was `denied`."""
        return {
            side
            for other in self.drafts
            if other is not draft and other.member is draft.member and other.level == draft.level
            if not (denied and other.value.high)
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

    def _answers(self, key: re.Match[str]) -> bool:
        """Whether it can be told what a key of several structures says of each."""
        values = range(*key.span("values"))
        if any("-paired" in self.tags[at].rule for at in values):
            return False
        return len(values) == 1 or self._pair_members()

    def _leave_what_was(self) -> None:
        """Drops what a space was and is no longer: "the right foramen was narrow, now both are free"."""
        if "X" not in self.speech:
            return
        at = max(self.speech.rfind(",X"), self.speech.rfind(";X")) + 1
        if not at or self.tags[at].rule != NOW:
            return
        for now in self.drafts:
            if min(now.member.tags, default=0) < at:
                continue
            for was in self.drafts:
                same = was.level is None or now.level is None or was.level.mention == now.level.mention
                earlier = was.member.tags and max(*was.member.tags, *was.value.tags, 0) < at
                if same and earlier and was.member.finding == now.member.finding:
                    was.sides = tuple([side for side in was.sides if side not in now.sides])
                    was.dropped |= not was.sides

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

    def _name_subject(self) -> None:
        """Notes what a sentence is about that gives it no grade: the next one may go on about it.

        One that ends in "not" is the opposite of what was told last: "The left is narrow. The right is not.".
        So is one that denies it at a level: "Not at L1-2 or L5-S1.".
        """
        at = len(self.tags) - 1
        if _NOT_AT.fullmatch(self.speech) and self.tags[at - 1].rule == _NOT:
            self._to_earlier_finding(Value(0, 3, "not", [at - 1]))
            return
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
