"""Values in order: "mild and severe at L3-4 and L4-5, respectively".

They are of levels, of sides, or of structures: "canal and foraminal stenosis, mild and moderate in turn".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from labeling.linking.drafts import BOTH, Draft, Value
from labeling.linking.exceptions import ExceptionLinks
from labeling.rewriting.two_sides import SIDE_AND_SIDE
from lexicons.vocabulary import Side

_OF_TWO = frozenset({"these", "both levels"})


class PairLinks(ExceptionLinks):
    """Pairs a run of values with the levels, the sides or the structures of a sentence."""

    def _pair(self, word: int | None = None) -> bool:
        """Pairs a run of values with the sides or the levels of the sentence, in order ("respectively").

        The levels are those named last before the `word` that says so, else the first after it.
        """
        if self._pair_excepted() or self._pair_members():
            return True
        run = [draft for draft in self.run_of_values if len(draft.value.sides) != 1]
        if not run:  # "mild left and severe right foraminal stenosis at L3-4 and L4-5, respectively"
            run = [draft for draft in self.open_drafts if draft.graded and len(draft.value.sides) == 1]
        lists = self._lists(len(run))
        if len(run) < 2:
            return self._pair_sides()
        if lists:
            self._pair_levels(run, lists, len(self.speech) if word is None else word)
        elif len(run[0].value.sides) != 1 and None not in run[0].sides and (pairs := self._twos(run)):
            both = [
                i
                for i, sign in enumerate(self.speech)
                if sign == "r" and self.tags[i].meaning.value == "both"
            ]
            left_first = bool(both) and self.tags[both[-1]].rule.startswith("sides/left-")
            left_first |= any(tag.meaning.value == "left more" for tag in self.tags)
            order = (Side.LEFT, Side.RIGHT) if left_first else (Side.RIGHT, Side.LEFT)
            for side, draft in zip(order * pairs, run, strict=True):
                draft.sides = (side,)
                draft.level = draft.level or self.current
        elif len(run) == 2 and self.current is not None and self.current.reference in _OF_TWO:
            # "At these levels stenosis is mild and moderate respectively."
            for element, draft in enumerate(run):
                draft.level, draft.own_level = self.current._replace(element=element), True
        else:
            return False
        known = {id(draft) for draft in self.drafts}
        for draft in self.drafts:
            draft.dropped |= draft.value.phrase == "several"
        self.drafts += [draft for draft in run if id(draft) not in known]
        self.run_of_values = []
        return True

    def _pair_levels(self, run: Sequence[Draft], lists: Sequence[int], word: int) -> None:
        """Gives each value of a run its level.

        Where two sides are listed as well, "L4-5 and L5-S1: mild and severe narrowing on the right and left
        respectively", which of the four is mild cannot be told.
        """
        told = [i for draft in run for i in (*draft.tags, *draft.member.tags, *draft.value.tags)]
        if len(run) == 2 and any(self.tags[i].rule in SIDE_AND_SIDE for i in told):
            for draft in run:
                draft.dropped = True
            return
        at = max((at for at in lists if at < word), default=lists[0])
        for element, draft in enumerate(run):
            draft.level, draft.own_level = self._ref(at)._replace(element=element), True

    def _pair_excepted(self) -> bool:
        """Pairs values with places excepted: "none except at L4-5 left and L5-S1 left, mild and severe"."""
        values = list({tuple(draft.value.tags): draft.value for draft in self.run_of_values}.values())
        places = [draft for draft in self.drafts if draft.excepted]
        if len(values) < 2 or len(values) != len(places):
            return False
        for draft in self.run_of_values:
            draft.dropped |= not draft.excepted
        for draft, value in zip(places, values, strict=True):
            draft.value, draft.graded, draft.dropped = replace(value, sides=()), True, False
        return True

    def _pair_members(self) -> bool:
        """Pairs values with structures: "canal and foraminal narrowing, mild and moderate respectively"."""
        values = list({tuple(draft.value.tags): draft.value for draft in self.run_of_values}.values())
        if len(values) < 2:
            return False
        if len(values) != len(self.open):
            return self._pair_targets(values)
        for draft in self.run_of_values:
            at = next(i for i, member in enumerate(self.open) if member is draft.member)
            draft.dropped |= values[at].tags != draft.value.tags
        return True

    def _pair_targets(self, values: Sequence[Value]) -> bool:
        """The same where each has a head: "canal stenosis and foraminal stenosis, mild and moderate"."""
        members = list({id(draft.member): draft.member for draft in self.drafts}.values())
        waiting = [draft for draft in self.drafts if draft.member is not self.drafts[-1].member]
        if len(members) != len(values) or any(draft.graded for draft in waiting) or self._lists(len(values)):
            return False
        first = {id(draft.member): draft for draft in reversed(self.drafts)}
        for draft in self.drafts:
            draft.dropped |= draft is not first[id(draft.member)]
        for member, value in zip(members, values, strict=True):
            first[id(member)].value, first[id(member)].graded = replace(value, sides=()), True
        return True

    def _pair_sides(self) -> bool:
        """Gives two sides a level each: "mild left and right stenosis at L3-4 and L4-5, respectively"."""
        lists = self._lists(2)
        if len(self.drafts) != 1 or not lists or self.drafts[0].sides != BOTH or not self.drafts[0].graded:
            return False
        both = self.drafts[0]
        words = (*both.member.tags, *both.value.tags, *both.tags)
        left_first = any(self.tags[i].rule.startswith("sides/left-") for i in words)
        for element, side in enumerate(reversed(BOTH) if left_first else BOTH):
            level = self._ref(lists[-1])._replace(element=element)
            self.drafts.append(replace(both, sides=(side,), level=level, own_level=True))
        both.dropped = True
        return True

    def _lists(self, count: int) -> list[int]:
        """The level expressions that name so many discs."""
        return [i for i, sign in enumerate(self.speech) if sign == "l" and len(self._mention(i)) == count]

    @staticmethod
    def _twos(run: Sequence[Draft]) -> int:
        """How many pairs a run of values is, one for each side: two values at every level."""
        levels = [draft.level.mark if draft.level is not None else -1 for draft in run]
        return len(run) // 2 if len(run) == 2 or levels[::2] == levels[1::2] else 0
