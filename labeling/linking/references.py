"""Which levels a word names: "L4-5", "these levels", "the lower two", "otherwise"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from labeling.levels import LevelMention, mention_of, union_of
from labeling.linking.state import State
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
_TELLING_MORE = frozenset(f"references/{rule}" for rule in ("former", "latter", "other-two", "other-three"))
"""Rules whose name says more than what they mean."""
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
        words = tag.meaning.value
        mentions = [levels for t in self.tags[:at] if t.meaning.speech == "l" and (levels := t.levels)]
        among = next((mention for mention in reversed(mentions) if len(mention.levels) > 1), None)
        union = union_of(mentions) if words in {"these", "both levels"} else ()
        three = tag.rule == _THESE_THREE and 0 < len(union) < 3  # those of an earlier sentence
        if three or len(union) > 1:
            mention = None if three else LevelMention(union, "list")
            return LevelRef(mention=mention, reference=words if three else "", mark=mark)
        if words == "every" or (words == "each level" and among is None):
            words = "all"
        if words == "these" and not mentions:
            words = next((t.meaning.value for t in self.tags[:at] if t.meaning.value in _GROUPS), words)
        chosen = words in CHOICES and not (words == "others" and among and self._graded(among, tag))
        if chosen and words in {"upper", "lower"}:
            chosen = tag.rule.endswith("-two") and among is not None and len(among.levels) > 2
        if chosen and among is not None:
            return LevelRef(mention=self._chosen(words, among, mentions), mark=mark)
        last = mentions[-1] if mentions else None
        if words in {"each level", "kind"}:
            # "laminectomy at L4-5, with no stenosis at the operated level"
            told = None if any(draft.value.low for draft in self.drafts) else last
            return LevelRef(mention=told if words == "kind" else among, reference=words, mark=mark)
        if tag.rule in _TELLING_MORE:
            words = tag.rule.removeprefix("references/")
        if words == "otherwise normal":
            words = "otherwise"
        if words == "otherwise" and not re.match("[-\u2022]*l", self.speech):
            words, last = "elsewhere" if mentions else words, None
        return LevelRef(reference=words, among=last, mark=mark)

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
