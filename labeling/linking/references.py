"""Which levels a word names: "L4-5", "these levels", "the lower two", "otherwise"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from labeling.lesions import OPERATED
from labeling.levels import NEIGHBOURS, LevelMention, mention_of, neighbours_of, union_of
from labeling.linking.state import State
from labeling.rule_names import FORMER_LATTER, OPERATED_LEVELS
from labeling.statements import LevelRef
from labeling.tagging import Tag
from lexicons.vocabulary import Level

CHOICES: Mapping[str, Callable[[tuple[Level, ...]], tuple[Level, ...]]] = {
    "first": lambda levels: levels[:1],
    "second": lambda levels: levels[1:2],
    "third": lambda levels: levels[2:3],
    "last": lambda levels: levels[-1:],
    "others": lambda levels: levels,
    "upper": lambda levels: levels[:2],
    "lower": lambda levels: levels[-2:],
    "lower three": lambda levels: levels[-3:],
}
"""Discs chosen from a list that the sentence named before, as in "mild at the first of these"."""
_GROUPS = frozenset(
    {"upper", "higher", "lower", "upper three", "lower three", "upper three lumbar", "remaining"}
)
"""What "these levels" points back to: "the upper two discs are dry, with no stenosis at these levels"."""
_LATTER_TWO = "references/latter-two"
_OF_TWO = FORMER_LATTER | {_LATTER_TWO}
"""What points back to one of the last two levels named: never to one that is named behind it."""
_LOWER_TWO = frozenset({"references/lower-two", "references/lower-disc"})
"""What the upper three levels end above: "mild at the lower two levels, the upper three being normal"."""
_COUNTED_OTHERS = frozenset({"references/other-two"})
_OF_THREE = {
    "lower three": LevelMention((Level.L3_L4, Level.L4_L5, Level.L5_S1), "list"),
    "upper three lumbar": LevelMention((Level.L1_L2, Level.L2_L3, Level.L3_L4), "list"),
}
"""What "the other two" are of: "at the lower three levels, moderate at L4-5 and mild at the other two"."""
_LAST_TOLD = _OF_THREE | {"lower": LevelMention((Level.L4_L5, Level.L5_S1), "list")}
"""What levels lie above: "facet arthropathy at the lower two levels, none above"."""
_TELLING_MORE = frozenset({"references/other-two", "references/other-three"})
"""Rules whose name says more than what they mean."""
_ADJACENT = "references/adjacent"
_OPERATED = frozenset({"distractors/operation", "distractors/operated", "distractors/implant"})
_THE_OTHERS = "references/others"
_THESE_THREE = "references/these-three"


class ReferenceLinks(State):
    """Reads level expressions and what points back to one."""

    def _ref(self, at: int) -> LevelRef:
        tag = self.tags[at]
        mark = at
        here = self.current if tag.meaning.value == "this" else None
        if not at and self.beside:
            here = LevelRef(reference="this")  # "At the level above the canal is narrow."
        if here is not None:
            return here._replace(mark=mark)
        if tag.levels is not None:
            return LevelRef(mention=tag.levels, mark=mark)
        words = self._words_of(tag)
        mentions = [levels for t in self.tags[:at] if t.meaning.speech == "l" and (levels := t.levels)]
        if (back := self._pointed_back(at, mentions)) is not None:
            return back
        among = self._listed_before(tag, mentions, at)
        if words == "every" or (words == "each level" and among is None):
            words = "all"
        if words == "these" and not mentions:
            words = next((t.meaning.value for t in self.tags[:at] if t.meaning.value in _GROUPS), words)
        chosen = words in CHOICES and not (words == "others" and among and self._graded(among, tag))
        if chosen and words in {"upper", "lower"}:
            chosen = tag.rule.endswith("-two") and among is not None and len(among.levels) > 2
        if chosen and among is not None:
            return LevelRef(mention=self._chosen(words, among, mentions), mark=mark)
        last = mentions[-1] if mentions else self._group_before(words, at)
        if words == "each level":
            return LevelRef(mention=among, reference=words, mark=mark)
        if tag.rule in _TELLING_MORE:
            words = tag.rule.removeprefix("references/")
        if words == "otherwise normal":
            words = "otherwise"
        if words == "otherwise" and not re.match("[-\u2022]*l", self.speech):
            words, last = "elsewhere" if mentions else words, None
        return LevelRef(reference=words, among=last, mark=mark)

    def _words_of(self, tag: Tag) -> str:
        """What a word for levels means; the upper three end where the lower two begin."""
        words = tag.meaning.value
        beneath = words == "upper three" and any(one.rule in _LOWER_TWO for one in self.tags)
        return "upper three lumbar" if beneath else words

    def _listed_before(self, tag: Tag, mentions: Sequence[LevelMention], at: int) -> LevelMention | None:
        """The last list of levels before a word; for "the other two" the lower three are one as well."""
        among = next((mention for mention in reversed(mentions) if len(mention.levels) > 1), None)
        if among is not None or tag.rule not in _COUNTED_OTHERS:
            return among
        words = (one.meaning.value for one in self.tags[:at])
        return next((_OF_THREE[word] for word in words if word in _OF_THREE), None)

    def _group_before(self, words: str, at: int) -> LevelMention | None:
        """The lower levels that others lie above: "at the lower three levels, none above"."""
        groups = (one.meaning.value for one in self.tags[:at]) if words == "levels upwards" else ()
        return next((_LAST_TOLD[group] for group in groups if group in _LAST_TOLD), None)

    def _pointed_back(self, at: int, mentions: Sequence[LevelMention]) -> LevelRef | None:
        """What a word points back to, of its sentence or an earlier one: "the latter", "all three levels"."""
        tag, before = self.tags[at], self.tags[:at]
        if tag.rule in _OF_TWO:
            return self._of_last_two(at, mentions)
        union = union_of(mentions) if tag.meaning.value in {"these", "both levels"} else ()
        if tag.rule == _THESE_THREE and len(union) < 3:
            grouped = not mentions and any(t.meaning.value in _GROUPS for t in before)
            return None if grouped else LevelRef(reference="these three", mark=at)
        if len(union) > 1:
            return LevelRef(mention=LevelMention(union, "list"), mark=at)
        if tag.meaning.value != "kind":
            return self._of_neighbours(at, mentions) if tag.meaning.value == NEIGHBOURS else None
        # "laminectomy at L4-5, with no stenosis at the operated level"
        told = mentions[-1] if mentions and not any(draft.value.low for draft in self.drafts) else None
        if tag.rule != _ADJACENT:
            words = OPERATED if tag.rule == OPERATED_LEVELS else "kind"
            return LevelRef(mention=told, reference=words, mark=at)
        # "fusion of L4-5, with stenosis of the adjacent segment"
        operated = any(t.meaning.value == "postoperative" or t.rule in _OPERATED for t in before)
        return LevelRef(mention=None if operated else told, reference="adjacent", mark=at)

    def _of_neighbours(self, at: int, mentions: Sequence[LevelMention]) -> LevelRef:
        """The levels beside the last one named; which lie beside an operation is not told."""
        if any(t.meaning.value == "postoperative" or t.rule in _OPERATED for t in self.tags):
            return LevelRef(reference="adjacent", mark=at)
        beside = neighbours_of(mentions[-1].levels) if mentions else ()
        if beside:
            return LevelRef(mention=mention_of(beside), mark=at)
        return LevelRef(reference="adjacent" if mentions else NEIGHBOURS, mark=at)

    def _of_last_two(self, at: int, mentions: Sequence[LevelMention]) -> LevelRef:
        """One of the last two levels named, or both: "the latter", "the latter two levels"."""
        rule = self.tags[at].rule
        levels = [level for mention in mentions for level in mention.levels]
        two = tuple(dict.fromkeys(levels[::-1]))[1::-1]
        among = mention_of(two) if two else None
        if rule != _LATTER_TWO:
            return LevelRef(reference=rule.removeprefix("references/"), among=among, mark=at)
        if len(two) < 2:
            return LevelRef(reference="both levels", mark=at)
        return LevelRef(mention=among, mark=at)

    def _graded(self, among: LevelMention, others: Tag) -> bool:
        """Whether all of `among` have their grade: "mild at L3-4 and L4-5; the others are normal".

        Of two there is but one other: "stenosis at L3-4 and L4-5, the others are normal" is of all others.
        """
        of_two = others.rule == _THE_OTHERS and len(among.levels) == 2
        waiting = {id(draft) for draft in self.batch if not draft.own_level}
        refs = [draft.level for draft in self.drafts if (draft.graded or of_two) and id(draft) not in waiting]
        return any(ref is not None and ref.mention is among and ref.element < 0 for ref in refs)

    @staticmethod
    def _chosen(words: str, among: LevelMention, mentions: Sequence[LevelMention]) -> LevelMention:
        """The discs of `among` that "the first of these" or "the other two" names."""
        chosen = CHOICES[words](among.levels)
        if words == "others":
            taken = set(union_of(m for m in mentions if m is not among))
            taken |= set(among.levels[:1]) if not taken else set()
            chosen = tuple(level for level in among.levels if level not in taken)
        return mention_of(chosen)

    def _levels_inside(self, start: int, end: int) -> LevelRef | None:
        found = None
        for at in range(start, end):
            if self.speech[at] in "ly":
                found = self._ref(at)
                self.current = found
        return found
