"""The state of reading one sentence, and the steps that every layer above needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from labeling.lesions import beside_bone, beside_lesion
from labeling.linking.drafts import Draft, Member, Value
from labeling.rewriting.rewrite import rewrite, title_of_study
from labeling.rule_names import AS_TOLD, OTHERS, SEVERAL_LEVELS, THERE_IS
from labeling.speech.context import settle_parts
from labeling.speech.parts import IS
from labeling.statements import LevelRef, Statement
from labeling.tagging import Tag, speech_of
from lexicons.lexicon import Reading
from lexicons.vocabulary import Level, Side

_UNTOLD = AS_TOLD | {"distractors/multilevel", SEVERAL_LEVELS}
"""Words that say so: "multilevel stenosis", "stenosis, as described", but not "As described, there is"."""
_TURNS = re.compile(r"[\u2022-]*[bwvpcWX,]{1,8}q(?:W[wv]{1,3})?[:;,]?")
"""Nothing is named but a level by its place: "The trouble lies one level up."."""
_FAT_WITHIN = re.compile(r"e(?:v?[hiH])?p+r?$|[hHi]p?e|fe$")
"""What is obliterated is the content of a space: "the fat within the foramen is obliterated"."""


NOT_TOLD = OTHERS | {"otherwise"}
"""Words for what was not told of: what is said of it is not said of what was."""


def _beside(speech: str, tags: Sequence[Tag]) -> str:
    """``above`` or ``below`` where that level begins the sentence: "The level above: mild stenosis.".

    Or where it is all that the sentence names: "The problem is at the level above.".
    What comes next is of it too: "The disc below is dry. The canal is open there.".
    """
    at = 0 if speech[:1] == "q" and not set("lqyj") & set(speech[1:]) else -1
    if at and _TURNS.fullmatch(speech) is not None:
        at = speech.index("q")
    words = tags[at].meaning.value if at >= 0 else ""
    return words if words in {"above", "below"} else ""


class State:
    """What is known while the tags are read from left to right.

    `tags` are those that are read, `numbers` the places they had in the sentence, of which the first `title`
    name the study. `open` are the structures that values are given to; `batch` the drafts since the last
    separator, which a side or a level that follows still belongs to; `noun` whether the last noun was a
    structure or another; `lesions` are the places of words for a lesion, `slashed` of sides in an order
    ("R/L"), `there` whether it says "there is" behind its first word, `broken` the discs beside a vertebra
    that has one or that narrows something, `untold` the last word for levels that are not named; `current`
    the level in force; `negation` and `doubt` the tags that deny or hedge what follows.
    """

    def __init__(self, tags: Sequence[Tag], readings: Mapping[str, Reading]) -> None:
        self.count = len(tags)
        self.title = title_of_study(tags)
        line = rewrite(tags, self.title)
        self.numbers = line.numbers
        self.apart = line.apart
        self.tags, self.relative = settle_parts(line.tags)
        self.speech = speech_of(self.tags)
        self.readings = readings
        self.beside = _beside(self.speech, self.tags)
        self.there = any(tag.rule == THERE_IS and tag.meaning is IS for tag in self.tags[1:])
        self.slashed = [at for at, tag in enumerate(self.tags) if tag.rule.endswith("-slash")]
        self.lesions = [at for at, tag in enumerate(self.tags) if tag.meaning.value == "aside"]
        self.broken = beside_lesion(self.speech, self.tags) or beside_bone(self.speech, self.tags)
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
        self.side_by_side: list[Draft] = []  # "at L3-4 on the right and at L4-5 on the left"

    # Levels

    def _mention(self, at: int) -> tuple[Level, ...]:
        levels = self.tags[at].levels
        return levels.levels if levels else ()

    def _of_current(self, draft: Draft) -> bool:
        """Whether `draft` is of the level in force; in "mild at L3-4; at L4-5 now severe" it is not."""
        here, there = self.current, draft.level
        if here is not None and here.reference in NOT_TOLD:
            return here == there  # "canal stenosis at L4-5, other levels normal"
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

    # Statements

    def _numbered(self, ref: LevelRef | None) -> LevelRef | None:
        if ref is None or ref.mark < 0 or self.numbers[ref.mark] == ref.mark:
            return ref
        return ref._replace(mark=self.numbers[ref.mark])
