"""Sides: those that belong to what stands before them, and those that begin a clause."""

from __future__ import annotations

import re
from dataclasses import replace

from labeling.linking.drafts import BOTH, SIDES, Draft, Value
from labeling.linking.targets import TargetLinks
from labeling.rule_names import THERE_IS
from lexicons.vocabulary import Side

_OF_OTHER = re.compile(r"[de][wj]*l$")
_DISC = "distractors/disc"
_DISC_ALONE = re.compile(r"re(?=[,;])")
"""A disc called by its side, and a stop: "small left disc, canal and foramina fine"."""
_LEVEL_AND_SIDE = re.compile(r"l,?r$")
_LEADS = re.compile(r"r(?:,|,?b(?=(?:[gz]{1,3}|nz?)[hHt]))")
"""A side at the head of a clause: ": on the left there is moderate narrowing at L4-5 and severe at L5-S1"."""
SIDE_LAST = re.compile(r"r(?=$|[,;)])")
"""A side and the end of its clause."""
_LAST_SIDE = re.compile(r"[lq]?(?:$|[;)]|[,-](?=r?[sfx]h?:))")
"""What may follow a side that stands behind a comma and still belongs to what was said before it.

The key of another structure is such an end: "Facets: arthrosis, left only, canal: patent".
"""


class SideLinks(TargetLinks):
    """A side goes to the drafts before it that have none, else to the value that follows."""

    def _on_side(self, at: int) -> None:
        before = self.speech[at - 1] if at else ""
        if before in {":", ";"} and _LEADS.match(self.speech, at):
            self._lead_with_side(at)
        sides = SIDES[self.tags[at].meaning.value]
        opposite = before in {",", "c", "b"} and self._opposite(sides, at - 1)
        anew = opposite or (before == ";" and bool(self.open))  # "the left by a cyst; the right is narrowed"
        after = self.speech[at + 1 : at + 2]
        key = after == ":" or (after == "-" and (not before or before in ":;,"))
        key &= before != "," or after != "-" or _LAST_SIDE.match(self.speech, at + 1) is None
        leads = after == "," and not self.speech[:at].strip("l:,\u2022-") and self.speech.count("r") == 1
        key |= leads
        if (after == "v" or key) and (self.noun != "other" or anew):
            self.noun = "structure" if anew else self.noun
            self.side = at  # "the left is patent", "L: mild": a clause of its own
            if key:
                if self.speech[:at].strip("\u2022-") and not leads:
                    self.value_side = at
                else:
                    self.key_side = at
            return
        if _DISC_ALONE.match(self.speech, at) is not None and self.tags[at + 1].rule == _DISC:
            return
        clause = self.speech[:at].rpartition(";")[2]
        self.lead = at if after in {",", "b"} and not clause.strip("l:,-\u2022b") else None
        self._side_behind_level(at)
        if loose := self._loose(at, before):
            self._give_side(loose, at)
            return
        if _OF_OTHER.search(self.speech[max(at - 6, 0) : at]):
            return  # "a herniation at L5-S1 on the left": the side is that of the other noun
        if self._adds_side(at, before, sides):
            self.also = self.open_drafts[-1].value
        if before in {"A", "c", "v"} and self.also is not None and self.open:
            self._give(replace(self.also, sides=sides, tags=[*self.also.tags, at]))  # "as is the left"
            self.also = None
        elif before == "A" and self.also is not None and self.also.phrase == "also":
            self._to_earlier_finding(Value(0, 3, "same", [*self.also.tags, at], sides))  # "So is the left."
            self.also = None
        elif not before or before in ",;cbBWv():lEq-":
            self.side = at

    def _adds_side(self, at: int, before: str, sides: tuple[Side, ...]) -> bool:
        """Whether a clause is nothing but the other side: "narrowed on the left, and also on the right"."""
        if before != "c" or self.also is not None or not SIDE_LAST.match(self.speech, at):
            return False
        joint = at - 2 if self.speech[at - 2] == "," else at - 1
        return self.noun == "structure" and self._opposite(sides, joint)

    def _lead_with_side(self, at: int) -> None:
        """A side that leads a clause holds for it: "on the right, moderate at L4-5 and severe at L5-S1"."""
        for member in self.open:
            if None not in member.sides:
                member.sides, member.named = SIDES[self.tags[at].meaning.value], "both"

    def _loose(self, at: int, before: str) -> list[Draft]:
        """The drafts that a side takes which stands behind them."""
        if (
            before == ","
            and (_LAST_SIDE.match(self.speech, at + 1) or self._is_set_off(at))
            and self.speech[at - 2 : at - 1] not in {"r", "d", "e"}
            and self.noun != "other"
        ):
            # "mild, right"; "mild and severe narrowing at L3-4 and L4-5, respectively, on the left"
            key = self.speech.rfind(":", 0, at)  # "Recesses: patent, facets: arthrosis, left only"
            told = [draft for draft in self.drafts if max(draft.value.tags + draft.tags, default=at) > key]
            return [draft for draft in told if self._unsided(draft)]
        if not before or before not in "lqhHtxU":
            return []
        return [
            draft
            for draft in self.batch or (self.drafts[-1:] if before in "lqU" else [])
            if (draft.sides == BOTH and draft.member.named == "" and not draft.implied)
            or (
                (draft.lent or (self._unsided(draft) and self.speech[at + 1 : at + 2] in {"", ",", ";"}))
                and draft.level is not None
                and draft.level.mark == at - 1
            )
        ]

    def _is_set_off(self, at: int) -> bool:
        """Whether a side stands between what it is of and "with": "arthropathy, right, with no stenosis"."""
        if self.speech[at + 1 : at + 3] != ",b" or not self.open_drafts:
            return False
        return self.tags[at + 2].meaning.value in {"with", "but"} and self.tags[at + 2].rule != THERE_IS

    def _side_behind_level(self, at: int) -> None:
        """A stenosis of no structure is foraminal if a side ends it: "mild stenosis at L3-4 on the left"."""
        level = _LEVEL_AND_SIDE.search(self.speech, 0, at + 1)
        if level is None or self.speech[at + 1 : at + 2] not in {"", ",", ";", ")", "c"}:
            return
        drafts = [draft for draft in self.open_drafts if draft.level and draft.level.mark == level.start()]
        bare = all(d.member.bare and not d.member.topic and None in d.sides for d in drafts)
        if drafts and bare and (key := self._sided_key()):
            self.open = [replace(drafts[0].member, finding=key, sides=BOTH)]
            for draft in drafts:
                draft.member, draft.sides = self.open[0], BOTH

    def _give_side(self, loose: list[Draft], at: int) -> None:
        words = self.tags[at].meaning.value
        for draft in loose:
            draft.sides, draft.lent = SIDES[words], False
            draft.tags.append(at)
            draft.member = replace(draft.member, sides=SIDES[words], named=words)
        for member in self.open:
            if member.named == "" and None not in member.sides:
                member.sides, member.named = SIDES[words], words
        self.used.add(at)

    def _asymmetric_at(self, draft: Draft, at: int) -> bool:
        """Repeats what is of several levels at the one where it differs: "worse on the right at L5-S1"."""
        listed = draft.level.mention if draft.level is not None else None
        if (
            listed is None
            or self.speech[at : at + 1] != "l"
            or not set(self._mention(at)) < set(listed.levels)
        ):
            return False
        again = replace(draft, level=self._ref(at), own_level=True, tags=[*draft.tags, at - 1])
        again.flags = {*draft.flags, "asymmetric"}
        again.member, draft.member = draft.member, replace(draft.member)
        self.drafts.append(again)
        return True

    def _on_asymmetry(self, at: int) -> None:
        for draft in self.open_drafts or self.batch:
            if None in draft.member.sides:
                continue  # the canal has no sides to differ
            if self._asymmetric_at(draft, at + 1):
                continue
            draft.flags.add("asymmetric")
            if draft.member.named == "":
                draft.member = replace(draft.member, named="both")
        for member in self.open:
            member.named = member.named or "both"
        self.side = at
