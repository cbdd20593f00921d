"""Which level a draft belongs to: the one it stands under, or the one that follows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from labeling.levels import LevelMention, union_of
from labeling.linking.drafts import BOTH, SIDES, Draft
from labeling.linking.pairing import PairLinks
from labeling.linking.references import CHOICES
from labeling.rewriting.clauses import ANEW
from labeling.rewriting.picks import is_picked
from labeling.statements import LevelRef

_PARTS_OF_SPINE = frozenset({"upper", "lower", "upper three", "upper three lumbar", "lower three"})
_OF_THESE = frozenset({"negation/none-of-all", "negation/none-of-these-levels"})
_SIDED = re.compile(r"[hHxtgzo](l)r(?:[,c]{1,2}lr){0,5}[,c]{1,2}$")
_SIDE_ENDS = re.compile(r"lr(?:$|[,;)bBE]|c)")
"""A list of levels with their sides: "narrowing at L2-3 on the left, L3-4 bilaterally"."""
_IN_BRACKET = re.compile(r"[hHtx]\(r?$")
_COMMA_LEVEL_LAST = re.compile(r"(?:^|;)[^l;:]*,l$")
_COMMA_LEVEL_NEXT = re.compile(r"[^l;:]{2,24},l(?=[;)]|$)")
"""Parts with a comma before their level: "mild canal stenosis, L3-4; severe foraminal stenosis, L4-5"."""
_CLAUSE_WITH = re.compile(
    r"l(?:,?c|;c?|,)(?P<own>r?[gz]{1,3}(?:(?:r?[sf])?[hHx])?)(?:,?[bn])[^,;:lqbn]{1,12},?$"
)
_BEGUN_LAST = r"w?(?:n?u?[gz]{1,3}r?|r[gz]{1,3}|nr?)w?(?:[sfx]|hp|[hHb]|,?c[gzr]{2,3}w?[sfx])"
_CLAUSE_LAST = re.compile(
    rf"[lq]r?(?:(?:,?c|;c?|,)(?P<own>{_BEGUN_LAST}[^,;:lq]{{0,40}})|;c?(?P<listed>{_BEGUN_LAST}[^;:lq]{{0,60}})"
    r"|(?:,?c|;c?|,)b?(?P<said>r?[sf](?:cr?s)?h?v[^,;:lqdE]{0,30}[gzoHhr]))$"
)
"""Findings whose level stands last: "mild at L3-4, and severe canal and mild foraminal stenosis at L4-5"."""
_CLAUSE_OF_PAIR = re.compile(r"l(?:,?c|;c?|,)(?P<own>z?g(?:,?c|,)gM?)$")
"""A grade for each side, in order: "respectively mild and moderate at L3-4, and severe and mild at L4-5"."""
_SIDED_GRADE = r"(?:[gzo]{1,2}r|r[gzo]{1,2})"
_CLAUSE_OF_SIDES = re.compile(rf"l(?:,?[cb]|;c?|,)(?P<own>{_SIDED_GRADE}(?:,?c|,){_SIDED_GRADE},?)$")
"""A grade for each side: "mild at L4-5 but severe on the right, moderate on the left at L5-S1"."""
_CLAUSES = (_CLAUSE_WITH, _CLAUSE_LAST, _CLAUSE_OF_SIDES, _CLAUSE_OF_PAIR)
_CALLED_NORMAL = re.compile(r",[cb]?r?s(?:,?cr?s)?v?o(?=$|[,c])")
"""A clause that calls a space normal: "worse at L5-S1, canal patent"."""
_DASHED = re.compile(r"[\u2022-]*l-")
"""Headings with a dash, one after the other: "L4-5 - canal mildly narrowed L5-S1 - no canal stenosis"."""
_OF_IT = re.compile(r",?W")
_GRADE_BEHIND = re.compile(r",(?:[gz]{1,2}r?|r[gz]{1,2})(?:(?:,?c|,)(?:[gz]{1,2}r|r[gz]{1,2}))?(?:$|[;)])")
"""The grade of what is at levels by reference: "facet arthropathy at the lower three levels, moderate"."""


class LevelLinks(PairLinks):
    """Levels work backwards when they follow a statement, forwards when they begin a clause."""

    def _on_level(self, at: int) -> None:
        before = self.speech[at - 1] if at else ""
        after = self.speech[at + 1 : at + 2]
        stressed = self._stressed(at)
        ref = self._ref(at)._replace(reference="mainly") if stressed else self._ref(at)
        told = stressed and (self._of_current_list(at) or self._worse_at(at))
        if told or at == self.copied or self._sided(at, ref):
            return
        if self.tags[at].rule.endswith("-disc"):
            self.noun = "other"
        excepted, self.exception = self.exception, -1
        if excepted == len(self.drafts):
            last = self._exclude(at)
            if self.drafts or self.current is None or _OF_IT.match(self.speech, at + 1):
                self.current = last
            else:
                self.excluding.append(at)  # "all levels except L4-5 are normal"
            return
        follows = bool(before) and before not in ",;:cbBWE(-|" and not self._begins(at)
        closing = after in {"", ";", ")"} or (after == "," and self.speech[at + 2 : at + 3] == "")
        waiting = self._of_this_level(at, self._waiting(at, ref, follows, closing))
        for draft in waiting:
            draft.level, draft.own_level = ref, True
        if follows and self.side == at - 1 and self.drafts and self._ends_with_side(at):
            self._repeat(ref, waiting)
        chosen = (
            self.tags[at].meaning.value in CHOICES if self.speech[at] == "q" else is_picked(self.tags[at])
        )
        if not (waiting and follows and chosen) or _GRADE_BEHIND.match(self.speech, at + 1):
            self.current = ref
        self.batch = []
        self.foreign = False
        self.level_after_negation = self.negation is not None
        if self.negation in self.used and (not self.drafts or not follows):
            self.negation = None

    def _waiting(self, at: int, ref: LevelRef, follows: bool, closing: bool) -> list[Draft]:
        """The drafts that take the level at `at`; one more level of a list copies what was said before it.

        `follows` where it stands behind what is of it, `closing` where its clause ends with it.
        """
        before, after = self.speech[at - 1 : at], self.speech[at + 1 : at + 2]
        link = self.speech[self.last_draft_at : at] if self.drafts else ""
        waiting: list[Draft] = []
        if closing and self.drafts and "c" in link and not link.strip("c,wglq>-"):
            self._extend(ref)
        elif follows or closing or self._apposed(at) or not self.speech[at + 1 :].strip("ra,"):
            waiting = [d for d in self.drafts if d.level is None and not self._is_of_others(d, at)]
            if not waiting and follows and before != "d" and after != ":":
                mainly = self._word_before(at).endswith("mainly")  # "bulges at L3-4 and L4-5, mainly at L4-5"
                waiting = [d for d in self.batch if not (d.own_level or mainly)]
            waiting += self._of_clause(at) if follows or closing else []
        return waiting or self._of_bracket(at)

    def _apposed(self, at: int) -> bool:
        """Whether the first level of a sentence stands between commas behind what is found there.

        As in "Moderate canal stenosis, L4-5, with patent foramina." and "Arthropathy, lower lumbar spine,
        with foraminal narrowing at L5-S1.".
        """
        return (
            self.speech[at - 1 : at + 2] in {",l,", ",q,"}
            and (self.speech[at] == "l" or self.tags[at].meaning.value in _PARTS_OF_SPINE)
            and set(self.speech[:at]).isdisjoint("lq")
            and all(draft.value.low for draft in self.drafts)
        )

    def _ends_with_side(self, at: int) -> bool:
        """Whether a side and its level add to what was said: "and on the right at L5-S1"."""
        before, after = self.speech[max(at - 3, 0) : at - 1], self.speech[at + 1 : at + 2]
        if after in {"", ";", ")"} or before in {"lc", "qc"}:
            return True
        return after in {",", "c"} and self.speech[at + 2 : at + 3] not in {"g", "z", "o"}

    def _of_bracket(self, at: int) -> list[Draft]:
        """What a bracket with a level is of: "facet hypertrophy (L4-5), canal stenosis (L3-4)"."""
        head = _IN_BRACKET.search(self.speech, 0, at)
        return [] if head is None else [d for d in self.open_drafts if head.start() in d.tags]

    def _is_of_others(self, draft: Draft, at: int) -> bool:
        """Whether a draft is of all levels, or of some not named, and its clause ends before that of `at`.

        As in "no canal stenosis, with mild foraminal stenosis at L4-5" and "multilevel canal stenosis, and
        mild foraminal stenosis at L4-5".
        """
        told = max(draft.value.tags, default=0)
        if draft.value.negated and not draft.value.high:
            begun = self.speech.find(",b", told, at)
            next_told = (min(d.value.tags, default=0) for d in self.drafts if d.value.low)
        elif self.untold >= 0 and not draft.value.negated:
            joined = "c" if self.untold > max(draft.member.tags, default=0) else ",c"
            begun = self.speech.find(joined, max(told, self.untold), at)
            next_told = (min(d.member.tags, default=0) for d in self.drafts)
        else:
            return False
        return begun > 0 and any(place > begun for place in next_told)

    def _of_clause(self, at: int) -> list[Draft]:
        """What began its clause before `at`: "mild at L3-4, and severe with crowding at L4-5"."""
        clauses = [clause.search(self.speech, 0, at) for clause in _CLAUSES]
        clause = next(filter(None, clauses), None)
        if clause is None or not any(draft.own_level for draft in self.drafts):
            return []
        begun = clause.start(clause.lastgroup or 0)
        return [
            draft
            for draft in self.drafts
            if not draft.own_level and min(draft.value.tags, default=0) >= begun
        ]

    def _unplaced(self, at: int) -> list[Draft]:
        """What waits for a level in the clause before `at`: "severe stenosis with crowded roots at L4-5"."""
        begun = self.speech.rfind(";", 0, at)
        return [
            d
            for d in self.drafts
            if d.level is None and max([*d.value.tags, *d.member.tags], default=0) > begun
        ]

    def _word_before(self, at: int) -> str:
        """The rule of the word before a level and its side; empty at the start."""
        at -= self.speech[at - 1 : at] == "r"
        return self.tags[at - 1].rule if at else ""

    def _stressed(self, at: int) -> bool:
        """Whether a level, behind a word like "mainly", has no grade after it.

        Not so one that a clause is of alone: "mainly at L4-5, where they narrow both recesses".
        """
        if self.tags[at].levels is None or not self._word_before(at).endswith("mainly"):
            return False
        if any(tag.rule == "connectors/where" for tag in self.tags[at + 1 : at + 3]):
            return False
        told = _CALLED_NORMAL.split(self.speech[at:].partition(";")[0], 1)[0]
        return not set(told) & set("gzo")

    def _of_current_list(self, at: int) -> bool:
        """Whether it is one of those in force: "L3-4, L4-5: bulges, mainly at L4-5, narrowing the canal"."""
        mention = self.current.mention if self.current is not None else None
        return mention is not None and set(self._mention(at)) < set(mention.levels)

    def _sided(self, at: int, ref: LevelRef) -> bool:
        """Says the same of a further level of the list and of the side that follows it."""
        listed = _SIDED.search(self.speech, 0, at) if _SIDE_ENDS.match(self.speech, at) else None
        if listed is None:
            return False
        sides = SIDES[self.tags[at + 1].meaning.value]
        for draft in list(self.drafts):
            if draft.level is not None and draft.level.mark == listed.start(1) and None not in draft.sides:
                again = replace(draft, sides=sides, level=ref, own_level=True, flags=set(draft.flags))
                again.tags = [tag for tag in draft.tags if self.speech[tag] != "r"] + [at + 1]
                self.drafts.append(again)
                self.side_by_side += [again] if self.side_by_side else [draft, again]
        self.used.add(at + 1)
        self.current, self.batch, self.skip = ref, [], at + 2
        return True

    def _begins(self, at: int) -> bool:
        """Whether a clause begins here without a stop: "mild canal stenosis at L4-5 there is ..."."""
        begins = self.speech[at + 1 : at + 2] == "b" and self.tags[at + 1].rule.endswith("/there-is")
        begins |= self.speech[at + 1 : at + 2] == "-" and _DASHED.match(self.speech) is not None
        if begins and self.drafts and self.drafts[-1].level is not None:
            self._on_break(at)
            self.noun, self.open, self.open_drafts = "", [], []
            return True
        return False

    def _extend(self, ref: LevelRef) -> None:
        """Says the same of one more level: "stenosis at L4-5, and to a lesser degree at L3-4"."""
        last = self.drafts[-1]
        said = (last.value.tags, last.tags, last.level)  # of the canal and the foramina, in one word
        together = [draft for draft in self.drafts if (draft.value.tags, draft.tags, draft.level) == said]
        for draft in list(self.batch or together):
            self.drafts.append(
                replace(draft, level=ref, own_level=True, flags=set(draft.flags), tags=list(draft.tags))
            )

    def _repeat(self, ref: LevelRef, waiting: Sequence[Draft]) -> None:
        """Repeats a value for a second side: "moderate on the left at L4-5 and on the right at L5-S1".

        One that was `waiting` for a level and names no side takes the first: "stenosis, left at L4-5,
        right at L5-S1".
        """
        last = self.drafts[-1]
        if self.side is None or last.level is None or None in last.sides:
            return
        if self.speech[self.side - 1] == ";" and not last.value.high:
            return  # "none at L3-4; right L4-5"
        sides = SIDES.get(self.tags[self.side].meaning.value)
        if sides is not None and last in waiting and self._unsided(last):
            last.sides, last.tags = sides, [*last.tags, self.side]
            self.side = None
        elif sides is not None:
            again = replace(
                last,
                sides=sides,
                level=ref,
                own_level=True,
                flags=set(last.flags),
                tags=[*last.tags, self.side],
            )
            again.member = replace(last.member, named=self.tags[self.side].meaning.value)
            self.drafts.append(again)
            self.side = None

    def _unsided(self, draft: Draft) -> bool:
        """Whether no word has given `draft` a side; a plural alone gives none."""
        tags = {*draft.member.tags, *draft.tags, *draft.value.tags}
        return draft.sides == BOTH and not draft.implied and not any(self.speech[i] in "ra" for i in tags)

    def _open_level(self, at: int) -> None:
        self.current = self._ref(at)

    def _on_opened(self, at: int) -> None:
        self.outside = (self.current, self.noun)
        self._on_break(at)

    def _on_closed(self, at: int) -> None:
        if self.outside is not None:
            level, self.noun = self.outside
            self.current = self.current if self.speech[at + 1 : at + 2] == ":" or level is None else level
        self.outside = None

    def _on_exception(self, at: int) -> None:
        """What is denied before an exception with a level is denied of all: "patent except at L4-5".

        Such a sentence leaves no level open; nor does "patent at all levels except at L4-5".
        """
        self.exception = len(self.drafts)
        if "l" in self.speech[at:].partition(";")[0]:
            for draft in self.drafts:
                if draft.implied or not (draft.value.negated or draft.value.high == 0):
                    continue
                if draft.level is None and self.current is None:
                    draft.level, draft.own_level = LevelRef(reference=self._denied_of(draft)), True
                self.excepts |= draft.level is not None and draft.level.reference == "all"
            self._exclude_space(at)
        self._on_break(at)

    def _denied_of(self, draft: Draft) -> str:
        """What a denial with an exception is of: "none of these", "they do not", are those told of before."""
        of_these = any(self.tags[at].rule in _OF_THESE for at in draft.value.tags)
        of_these |= self.speech[0] == "n" and self.tags[0].meaning.value == "not"
        return "these" if of_these else "all"

    def _on_semicolon(self, at: int) -> None:
        """Ends a clause; where its values stand before their level, the next level is not yet in force."""
        self._on_break(at)
        self.value_side = None
        if self.tags[at].meaning.value == ANEW:
            self._begin()
        elif _COMMA_LEVEL_NEXT.match(self.speech, at + 1) and _COMMA_LEVEL_LAST.search(self.speech, 0, at):
            self.current = None

    def _on_break(self, at: int) -> None:
        self.negation = None
        self.doubt = None
        self.void = False
        self.past = self.past and self.speech[at] != ";" and self.tags[at].meaning.value != "but"
        self.also = None
        self.foreign = False
        self.copy = None
        if self.tags[at].meaning.value == "due to":
            self._join_levels(at)

    def _on_all_named(self, at: int) -> None:
        """What comes next is of all levels named before: "L3-4 and L4-5 bulges, both of which narrow ..."."""
        mentions = [tag.levels for tag in self.tags[:at] if tag.meaning.speech == "l" and tag.levels]
        union = union_of(mentions)
        if len(mentions) > 1 and len(union) > 1:
            self.current = LevelRef(mention=LevelMention(union, "list"), mark=self.speech.rindex("l", 0, at))

    def _join_levels(self, cause: int = 0) -> None:
        """After stenosis at several levels "due to facet hypertrophy" is about all of them.

        Not of those that are open, nor of what stands before "whereas": then `cause` is where it begins.
        """
        turned = [i for i in range(cause) if self.tags[i].meaning.value == "but"]
        begun = turned[-1] if turned else -1
        narrow = [
            draft for draft in self.drafts if draft.value.low and max(draft.value.tags, default=0) > begun
        ]
        refs = [draft.level for draft in narrow if draft.level is not None]
        mentions = [ref.mention for ref in refs if ref.mention is not None]
        union = union_of(mentions)
        if len(union) > 1 and len(mentions) == len(refs):
            self.current = LevelRef(mention=LevelMention(union, "list"), mark=refs[-1].mark)
