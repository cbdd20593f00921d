"""The state of reading one sentence, and the steps that every layer above needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from labeling.levels import LevelMention, mention_of, union_of
from labeling.linking.context import settle_parts
from labeling.linking.drafts import Draft, Member, Value
from labeling.linking.rewriting import rewrite
from labeling.statements import LOCAL, SCOPE, LevelRef, Statement
from labeling.tagging import Tag, speech_of
from lexicons.findings import FINDINGS
from lexicons.lexicon import Reading
from lexicons.vocabulary import Level, Side

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

_GROUPS = frozenset({"upper", "lower", "upper three", "lower three", "upper three lumbar", "remaining"})
"""What "these levels" points back to: "the upper two discs are dry, with no stenosis at these levels"."""


_SEVERAL = LevelRef(reference="several")
"""Levels that are not named: "multilevel facet arthropathy" fills nothing, under a level either."""
_TELLING_MORE = frozenset(f"references/{rule}" for rule in ("former", "latter", "other-two", "other-three"))
"""Rules whose name says more than what they mean."""
_AS_TOLD = frozenset({"distractors/as-told", "change/as-told"})
_THESE_THREE = "references/these-three"
_NARROW = frozenset({"narrowed", "narrowing"})
_UNTOLD = _AS_TOLD | {"distractors/multilevel"}
"""Words that say so: "multilevel stenosis", "stenosis, as described", but not "As described, there is"."""
_OF_SPINE = "findings/facet/spondylarthrosis"
"""A diagnosis of the spine, unless a level is named with it."""
_FAT_WITHIN = re.compile(r"e(?:v?[hiH])?p+r?$|[hHi]p?e|fe$")
"""What is obliterated is the content of a space: "the fat within the foramen is obliterated"."""


def _beside(speech: str, tags: Sequence[Tag]) -> str:
    """``above`` or ``below`` where that level begins the sentence: "The level above: mild stenosis.".

    What comes next is of it too: "The disc below is dry. The canal is open there.".
    """
    words = tags[0].meaning.value if speech[:1] == "q" and not set("lqyj") & set(speech[1:]) else ""
    return words if words in {"above", "below"} else ""


class State:
    """What is known while the tags are read from left to right.

    `tags` are those that are read, `numbers` the places they had in the sentence. `open` are the
    structures that values are given to; `batch` the drafts since the last separator, which a side or a
    level that follows still belongs to; `noun` whether the last noun was a structure or another;
    `lesions` are the places of words for a lesion, `untold` the last one for levels that are not named;
    `current` the level in force; `negation` and `doubt` the tags that deny or hedge what follows.
    """

    def __init__(self, tags: Sequence[Tag], readings: Mapping[str, Reading]) -> None:
        self.count = len(tags)
        tags, self.numbers = rewrite(tags)
        self.tags, self.relative = settle_parts(tags)
        self.speech = speech_of(self.tags)
        self.readings = readings
        self.beside = _beside(self.speech, self.tags)
        self.lesions = [at for at, tag in enumerate(self.tags) if tag.meaning.value == "aside"]
        self.untold = max([at for at, tag in enumerate(self.tags) if tag.rule in _UNTOLD], default=-1)
        self.drafts: list[Draft] = []
        self.earlier: list[Draft] = []  # of an earlier time: the next sentence may go on about them
        self.used: set[int] = set()
        self.outside: tuple[LevelRef | None, str] | None = None
        self.copied = -1
        self.last_draft_at = 0
        self.respectively = False
        self.skip = 0
        self.excepts = False
        self.hidden: list[Statement] = []  # what cannot be assessed
        self._begin()

    def _begin(self) -> None:
        """Nothing is known yet of this clause, or of this sentence."""
        self.batch: list[Draft] = []
        self.run_of_values: list[Draft] = []
        self.open: list[Member] = []
        self.unseen: list[Member] = []  # what cannot be assessed, and is spoken of nonetheless
        self.open_drafts: list[Draft] = []
        self.current: LevelRef | None = None
        self.copy: Draft | None = None
        self.negation: int | None = None
        self.negation_fresh = False
        self.level_after_negation = False
        self.doubt: int | None = None
        self.void = False
        self.past = False
        self.also: Value | None = None
        self.foreign = False
        self.noun = ""
        self.side: int | None = None
        self.key_side: int | None = None  # "Right: ...", which the whole clause is about
        self.value_side: int | None = None  # "foramina: right - mild L4-5, ...", up to the semicolon
        self.key_grade: Value | None = None  # "Severe: ...", of all that is listed
        self.exception = -1
        self.excluding: list[int] = []
        self.two: list[Member] = []  # the structures that "the former" and "the latter" choose from
        self.lead: int | None = None  # "On the left the foramen is ... and the recess is ..."
        self.placed: tuple[str, int] | None = None
        self.listed: list[tuple[list[Value], LevelRef]] = []

    # Levels

    def _ref(self, at: int) -> LevelRef:
        tag = self.tags[at]
        mark = at
        if tag.meaning.value == "this" and self.current is not None:
            return self.current._replace(mark=mark)
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
        chosen = words in CHOICES and not (words == "others" and among and self._graded(among))
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

    def _graded(self, among: LevelMention) -> bool:
        """Whether all of `among` have their grade: "mild at L3-4 and L4-5; the others are normal"."""
        waiting = {id(draft) for draft in self.batch if not draft.own_level}
        refs = [draft.level for draft in self.drafts if draft.graded and id(draft) not in waiting]
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

    def _mention(self, at: int) -> tuple[Level, ...]:
        levels = self.tags[at].levels
        return levels.levels if levels else ()

    def _of_current(self, draft: Draft) -> bool:
        """Whether `draft` is of the level in force; in "mild at L3-4; at L4-5 now severe" it is not."""
        here, there = self.current, draft.level
        return here is None or there is None or here.mention is None or here.mention == there.mention

    # Drafts

    def _draft(
        self,
        member: Member,
        value: Value,
        sides: tuple[Side | None, ...],
        *,
        graded: bool,
        level: LevelRef | None = None,
        heads: Sequence[int] = (),
    ) -> None:
        doubt = None if value.sure else self.doubt
        draft = Draft(
            member,
            value,
            sides,
            level or member.level or self.current,
            level is not None or member.level is not None,
            graded,
            doubt is not None,
            excluded=list(self.excluding),
            tags=[*heads, *([doubt] if doubt is not None else [])],
        )
        if doubt is not None:
            self.used.add(doubt)
        if self.negation is not None:
            self.used.add(self.negation)
        if "a" in self.speech and any(self.speech[i] == "a" for i in member.tags):
            draft.flags.add("asymmetric")
        self.drafts.append(draft)
        self.batch.append(draft)
        self.open_drafts.append(draft)
        self.last_draft_at = max([*value.tags, *draft.tags, *member.tags, 0]) + 1

    def _fits(self, member: Member, heads: list[int]) -> bool:
        reading = self.readings.get(member.finding)
        if reading is None:
            return False  # the finding of an earlier sentence, not known here
        wanted = reading.weak_heads if member.weak else reading.heads
        return not heads or any(
            self.speech[i] == "x" or self.tags[i].meaning.value.removesuffix(" it") in wanted for i in heads
        )

    def _ungraded(self, heads: Sequence[int], noun: int = 0) -> Value:
        """What a head says with no grade word: some narrowing; an obliterated space is severe.

        The fat obliterated within a space, which is the tag `noun`, is some narrowing of it.
        """
        obliterated = any("obliteration" in self.tags[i].meaning.value for i in heads)
        end = noun + 2 if self.speech[noun : noun + 2] == "fe" else noun
        if obliterated and not _FAT_WITHIN.search(self.speech, max(heads[0] - 2, 0), end):
            return Value(3, 3, "", [])
        return Value(1, 3, "ungraded", [])

    def _whole(self, at: int, phrase: str, level: LevelRef | None = None) -> None:
        """A word about a whole level or study: one draft that stands for every finding."""
        if self.noun == "other" and phrase == "normal":
            return
        self.used.add(at)
        member = Member("*", (), "", [])
        draft = Draft(
            member,
            Value(0, 0, phrase, [at]),
            (),
            level or self.current,
            level is not None,
            True,
            implied=True,
            excluded=list(self.excluding),
        )
        self.drafts.append(draft)
        self.batch.append(draft)

    def _alone(self, at: int) -> bool:
        return not self.speech[:at].strip("lqr:-\u2022v,p()") and not self.speech[at + 1 :].strip(",;)")

    def _is_local(self, value: Value) -> bool:
        """Whether a vertebra is spoken of, or a lesion; where a structure is normal, in the same clause."""
        if "j" in self.speech or not self.lesions:
            return "j" in self.speech
        start, end = 0, len(self.tags)
        if value.high == 0 and value.tags:  # "no focal lesion, canal and foramina patent"
            parts = [i for i, sign in enumerate(self.speech) if sign in ",;"]
            start = max([i for i in parts if i < min(value.tags)], default=0)
            end = min([i for i in parts if i > max(value.tags)], default=end)
        return any(start <= at < end and not self._is_denied_with(value, at) for at in self.lesions)

    def _is_denied_with(self, value: Value, at: int) -> bool:
        """Whether the noun at `at` is denied as well: "no marrow edema or canal stenosis"."""
        before = self.speech[:at].rstrip("wgzrjed")[-1:]
        return value.negated and (before == "n" or (before in {"c", ","} and min(value.tags) < at))

    # Statements

    def _unnamed(self, value: Value) -> LevelRef:
        """What a statement stands under whose sentence names no level."""
        if value.low and self.untold >= (self.tags[0].rule in _AS_TOLD):
            return _SEVERAL
        if value.low and self.tags[-1].rule == _OF_SPINE and not self.speech[:-1].strip("\u2022-wdR:"):
            return _SEVERAL
        return LOCAL if self._is_local(value) else SCOPE

    def _numbered(self, ref: LevelRef | None) -> LevelRef | None:
        if ref is None or ref.mark < 0 or self.numbers[ref.mark] == ref.mark:
            return ref
        return ref._replace(mark=self.numbers[ref.mark])

    def _named_side(self, draft: Draft, order: Sequence[int]) -> str:
        """The side that is named of a structure of an earlier sentence: "those at L3-4 on both sides"."""
        if len(draft.sides) == 1 and draft.sides[0]:
            return str(draft.sides[0])
        both = any(self.speech[i] == "r" and self.tags[i].meaning.value == "both" for i in order)
        return "both" if both else ""

    def _is_narrowed(self, value: Value) -> bool:
        """Whether a space is what is graded, and no joint: "it is mildly narrowed"."""
        return any(tag.meaning.value in _NARROW for at in value.tags for tag in self.tags[at + 1 : at + 2])

    def _statement(self, draft: Draft) -> Statement:
        member, value = draft.member, draft.value
        order = sorted({*value.tags, *draft.tags, *member.tags})
        flags = set(draft.flags)
        for i in order:
            if self.tags[i].flags:
                flags |= self.tags[i].flags
        if member.bare:
            flags.add("structure_unspecified")
        if value.phrase in {"at_least", "ungraded", "scale", "at_most"}:
            flags.add(value.phrase)
        if value.negated and value.high == 2:
            flags.add("not_severe")
        codes = tuple([FINDINGS[m.finding].codes[side] for m in draft.only for side in m.sides])
        if member.finding not in {"", "*"}:
            finding = FINDINGS[member.finding]
            sides = (None,) if None in finding.codes else draft.sides
            codes = tuple([finding.codes[side] for side in sides])
            if len(codes) == 2 and member.named == "" and not value.sides:
                flags.add("side_unspecified")
        sided = [i for i in value.tags if self.speech[i] == "r"] or order
        level = self._numbered(draft.level) or self._unnamed(value)
        return Statement(
            codes=codes,
            low=value.low,
            high=value.high,
            phrase=value.phrase,
            level=level,
            uncertain=draft.uncertain,
            implied=draft.implied,
            bare=member.bare,
            topic=member.topic,
            side="" if codes else self._named_side(draft, order),
            rank=2 if len(codes) == 1 else 1 if member.named or value.sides else 0,
            flags=frozenset(flags),
            marks=tuple([self.numbers[i] for i in order]),
            source=self._numbered(draft.source),
            relative=not self.relative.isdisjoint(sided),
            narrowed=not codes and self._is_narrowed(value),
            one="side_unspecified" in flags
            and any(self.tags[i].meaning.value == "structure" for i in member.tags),
            excluded=tuple([m for i in draft.excluded if (m := self.tags[i].levels)]),
        )
