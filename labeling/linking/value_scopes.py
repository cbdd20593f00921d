"""What a value is of where that is not just what is open: all that a clause lists, the level, another side.

"A bulge and stenosis, all mild" grades each; "L4-5: moderate canal stenosis, L5-S1 normal" is of a level, and
"Schizas D" of the canal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from labeling.linking.denials import DenialLinks
from labeling.linking.drafts import BOTH, Draft, Member, Value
from lexicons.findings import FINDINGS
from lexicons.vocabulary import Side

_BOTH_OF = re.compile(r"[,(-](?:W?v?(?P<both>r)v?[gz]|(?P<all>W)v?[gz])$")
"""Before a grade of two things: ", both mild", "(both mild)", ", both of which are mild"."""
_ASIDE = re.compile(r"[hHt]?,?[bwi](?:[^,;:sfxhHtl]|f(?=[wj]?[de])){0,12},?")
"""What goes with it between commas: "severely narrowed, with contact of the root, and the left mildly so"."""
_SIDE_OF_HEAD = re.compile(r"hrv")
"""A stenosis with a side, and a verb: "the stenosis on the left is"."""
_MORE_GRADES = re.compile(r"(?:(?:,?c|,)g){1,4}M?(?=$|[;)])")
"""Grades behind a grade, up to the end of their clause."""
_THAT = "connectors/that"
_OF_SCALE = {"scales/schizas": "canal", "scales/lee": "foramen"}
"""What a scale is of, by the name of its rules."""


class ValueScopeLinks(DenialLinks):
    """Tells which structures, sides and levels a value reaches."""

    def _was_denied_alone(self, member: Member, value: Value) -> bool:
        """Whether a bare stenosis was of this structure while denied: "no stenosis at L3-4, mild at L4-5"."""
        canal = any(other.bare and None in other.sides for other in self.open)
        return canal and value.low > 0 and not value.sides and member.bare and None not in member.sides

    def _of_each(self, start: int) -> list[Draft]:
        """What a grade is of that is of all that its clause lists: "a bulge and stenosis, all mild".

        So is "both" of two structures where the last one has no two sides: "left recess stenosis and left
        foraminal narrowing, both mild".
        """
        if self.speech[start - 2 : start] == ",w":
            return self._ungraded_until(start) if self.tags[start - 1].rule == "references/every" else []
        word = _BOTH_OF.search(self.speech, 0, start + 1 + (self.speech[start] == "r"))
        if word is None or not self.open:
            return []
        drafts = self._ungraded_until(start)
        members = list(dict.fromkeys([id(draft.member) for draft in drafts]))
        if word["all"]:
            two = self.tags[word.start("all")].rule.endswith("-all") and len(members) > 1
        else:
            both = self.tags[word.start("both")].meaning.value == "both"
            two = both and all(len(member.sides) == 1 for member in self.open)
        return [draft for draft in drafts if two and id(draft.member) in members[-2:]]

    def _ungraded_until(self, start: int) -> list[Draft]:
        """What the clause of a grade at `start` names and has not graded."""
        begun = self.speech.rfind(";", 0, start)
        return [
            draft
            for draft in self.drafts
            if not draft.graded
            and draft.value.phrase == "ungraded"
            and min([*draft.member.tags, *draft.tags], default=-1) > begun
        ]

    def _give_each(self, value: Value, drafts: Sequence[Draft]) -> None:
        self.used.update(value.tags)
        for draft in drafts:
            draft.value, draft.graded = replace(value, sides=()), True

    def _of_level(self, value: Value, start: int) -> bool:
        """Whether a level is called normal after a bare stenosis: "no stenosis; L5-S1 is unremarkable".

        So is one after levels with findings of their own: "L4-5: moderate canal stenosis, L5-S1 normal", and
        one that is told apart: "that the canal is narrow at L4-5, and that L5-S1 is normal".
        """
        if any(self.tags[i].meaning.value != "normal" for i in value.tags):
            return False
        if self._of_pronoun(start):
            return False
        if self.speech[start - 2 : start] == "lv" and all(member.bare for member in self.open):
            return True
        before = self.speech[:start].rstrip("v:-")
        if not before.endswith("l") or any(self.tags[i].rule != "normal/normal" for i in value.tags):
            return False
        if before.endswith("cWl") and [tag.rule for tag in self.tags[:start]].count(_THAT) > 1:
            return self.tags[len(before) - 2].rule == _THAT
        first, *between, _ = before.split("l")
        return (
            not first.strip("\u2022-p")
            and len(between) > 0
            and all(set(part) & set("sfx") or part in {"o,", "vo,"} for part in between)
            and any(set(part) & set("sfx") for part in between)
        )

    def _grade_place(self, value: Value) -> bool:
        """Grades one of the places that a list gives with their sides, where its grade stands behind them.

        The last one, unless a level stands behind the grade, or a side, or "both": "narrowing at L3-4 on the
        right and at L4-5 on the left, moderate".
        """
        findings = {member.finding for member in self.open}
        places = [draft for draft in self.side_by_side if draft.member.finding in findings]
        if not places or not value.low:
            return False
        behind = max(value.tags) + 1
        if self.speech[behind : behind + 1] == "l":
            places = [one for one in places if one.level and one.level.mention == self.tags[behind].levels]
        elif len(value.sides) == 1:
            places = [one for one in places if one.sides == value.sides]
        elif not value.sides:
            places = self._place_in_turn(places, behind)
        several = value.sides != BOTH and len({id(one.level) for one in places}) > 1
        if not places or several or any(one.graded for one in places):
            return False
        self.used.update(value.tags)
        for draft in places:
            draft.value, draft.graded = replace(value, sides=()), value.phrase != "ungraded"
        return True

    def _place_in_turn(self, places: Sequence[Draft], behind: int) -> list[Draft]:
        """The first place that has no grade where as many grades stand behind as are left, else the last."""
        waiting = list(dict.fromkeys([id(one.level) for one in places if not one.graded]))
        more = _MORE_GRADES.match(self.speech, behind)
        in_turn = more is not None and more[0].count("g") + 1 == len(waiting) > 1
        meant = waiting[0] if in_turn else id(places[-1].level)
        return [one for one in places if id(one.level) == meant]

    def _open_scale(self, value: Value) -> None:
        """Opens what a scale is of, where another structure or none is open: "L4-5: Schizas D, Lee 1"."""
        rules = [self.tags[at].rule for at in value.tags if self.speech[at] == "G"]
        key = next((key for scale, key in _OF_SCALE.items() if rules and rules[0].startswith(scale)), "")
        if key not in self.readings or self.noun == "other":
            return
        self.open = [member for member in self.open if member.finding == key]
        if not self.open:
            self.open_drafts = []
            self.open.append(Member(key, tuple(FINDINGS[key].codes), "", []))

    def _side_bare(self, value: Value) -> None:
        """A stenosis with no structure is of the foramen whose side it is given: "it is mild on the left".

        So is "the stenosis on the left is mild".
        """
        behind = self.side is not None and _SIDE_OF_HEAD.match(self.speech, self.side - 1) is not None
        if not (value.sides or behind) or not all(
            member.bare and None in member.sides for member in self.open
        ):
            return
        key = self._sided_key()
        if not key or any(member.topic for member in self.open):
            return
        if any(draft.graded for draft in self.open_drafts):
            self.open, self.open_drafts = [Member(key, BOTH, "", [], bare=True)], []
        for member in self.open:
            member.finding, member.sides = key, BOTH
        for draft in self.open_drafts:
            draft.sides = BOTH

    def _sided_key(self) -> str:
        """What a stenosis with a side and no structure is of."""
        return next((key for key, reading in self.readings.items() if reading.bare_head == "with side"), "")

    def _opposite(self, sides: Sequence[Side], at: int) -> bool:
        """Whether the clause before graded what is open on the side opposite to `sides` only."""
        between = self.speech[self.last_draft_at : at]
        if "," in between and not _ASIDE.fullmatch(between):
            return False
        said = {side for draft in self.open_drafts for side in draft.sides}
        return len(sides) == 1 and len(said) == 1 and None not in said and said.isdisjoint(sides)

    def _both_structures(self, value: Value) -> bool:
        """Whether "both" is of two structures: "left foraminal and recess stenosis, both severe"."""
        one_side = {member.sides for member in self.open}
        return value.sides == BOTH and len(self.open) == 2 and len(one_side) == 1 and len(one_side.pop()) == 1

    def _at_one_of(self, at: int) -> bool:
        """Whether a value is of one of several: "at L3-4 and L4-5 canal stenosis, severe at L4-5"."""
        mention = self.current.mention if self.current is not None else None
        if mention is None or self.speech[at : at + 1] != "l":
            return False
        return set(self._mention(at)) < set(mention.levels)
