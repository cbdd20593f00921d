"""Values with no structure: of the whole level, or of the finding that an earlier sentence was about."""

from __future__ import annotations

import re
from collections.abc import Callable

from labeling.lesions import OPERATED
from labeling.linking.drafts import BOTH, SIDES, Member, Value
from labeling.linking.levels import LevelLinks
from labeling.rewriting.picks import is_picked
from labeling.rule_names import BOTH_ARE, CHANGED_FROM, DONE, PRONOUNS
from labeling.statements import GRADED, LevelRef
from lexicons.findings import FINDINGS
from lexicons.lexicon import Reading

_BARE_LEVELS = re.compile(r"[gzG]+r?,?l(?:[,;c]+[gzG]+r?,?l)*")
"""A sentence of grades and levels alone ("Mild at L2-3.", "There is some at L2-3.") goes on about the finding
before it."""
_LEVELS_GRADED = re.compile(r"lu?[gz]{1,2}(?:[,;]?c?lu?[gz]{1,2}){0,4}[,;]?")
"""The same with the level first: "L3-4 severe. L4-5 probably moderate."."""
_SIDE_LAST = re.compile(r"[gzG]{1,2}lr[,;]?")
_UNDER_LEVEL = re.compile(r"(?:[r:,\u2022-]*[lq][lqr:,\u2022-]*o,)*[r:,\u2022-]*[lq][lqr:,\u2022-]*")
"""What stands before a grade under a key of several levels: "L3-4: mild"."""
_OF_LEVELS = re.compile(r"[\u2022-]*[gzo]{1,2}r?[lq]")
"""The same with the grade first: "Patent at T12-L1 and L5-S1."."""
_NOT_STENOTIC = "normal/not-narrowed-level"
_ROOMY = "normal/roomy"
_OF_SPACE = frozenset({"normal/patent", _ROOMY})
_OF_LEVEL = re.compile(r"[\u2022-]*(?:[wbc],?)?[lq]v")
_NIL = re.compile(r"[\u2022-]*[lq][:,-]*(?:o|\(o\))[,;]?")
_OTHERS_KEY = re.compile(r"[\u2022-]*q[:-]+o$")
REST = frozenset({"the rest", "others", "other-two", "other-three"})
_NO_LEVELS = REST | {"elsewhere", "otherwise"}
_OTHERS = frozenset({"references/others", "references/other", "references/elsewhere"})
"""A key that ends many a report: other organs, or no other finding of any kind."""
_LISTED = re.compile(r"[\u2022-]*l[:-]+o(?:[c,)]\(?[gzo]){1,4}\)?")
"""The first of several grades with no structure: of what "L4-5: normal / mild" speaks cannot be told."""
_FROM = re.compile(r"(?<=X)[gGo]{1,3}>$")
_NOTHING_NEW = re.compile(r"^n?w{1,2}(?=l,Wv?$)|^l?P[gz]{1,2}H?l?D?(?:,?[bc]|[,;])(?=v$)")
"""Before a grade: "no progression at L4-5, where it is severe", "called mild then, and it is severe"."""
_NOT_SEEN_AT = re.compile(r"vol[,;]?")
_OF_PROPERTY = re.compile(r"p[wed]")
"""It is normal | in alignment."""
_OF_LESION = re.compile(r"o(?:-?w{1,2}|d)d")
"""Of another noun: "wide-radius disc protrusion", "clear fluid collection"."""
_READ_AS = frozenset({DONE, "change/called", "change/as"})
_NORMAL_BUT = re.compile(r"[\u2022-]*o,?E")
"""Under the key of a structure: "Normal, other than mild arthropathy at L5-S1"."""
_NEXT_CLAUSE = re.compile(r"[,;]c?lv$")


class EarlierLinks(LevelLinks):
    """Gives a value that nothing is open for to what was said before."""

    def _without_structure(self, value: Value, start: int, before: str) -> None:
        self._take_clause_side(value, start)
        words = {self.tags[i].meaning.value for i in value.tags if self.speech[i] != "r"}
        normal = words == {"normal"}
        denied = value.negated and "normal" in words  # "It is not normal."
        denied |= normal and _OF_PROPERTY.match(self.speech, max(value.tags) + 1) is not None
        if words == {"not seen"} and _NOT_SEEN_AT.fullmatch(self.speech) and self.tags[0].rule in PRONOUNS:
            self._to_earlier_finding(value)  # "It is not seen at L2-3."
            return
        if denied or "not seen" in words or _LISTED.fullmatch(self.speech) or self._of_others(words, start):
            return
        if self.tags[start].rule == _NOT_STENOTIC and _OF_LEVEL.fullmatch(self.speech, 0, start):
            self._deny_stenosis(value)
            return
        if value.sides:
            begun = self._clause_before(start)
            if not begun.strip("lr:,-\u2022vWX"):
                self._to_earlier_finding(value)
        elif _NIL.fullmatch(self.speech) and self._nil(value):
            self._whole(start, "normal")
        elif self._next_clause(start) or (not self.drafts and self._continues(value, start, before, normal)):
            self._to_earlier_finding(value)
        elif words <= {"normal", "none"} and self._is_of_it(start):
            self._to_earlier_finding(value)  # "It is otherwise of normal width.", "It is absent at L5-S1."
        elif normal and self.current is not None and set(before) <= set(":v,-|lq)"):
            self._level_normal(value, start)
        elif normal and self.speech.strip("\u2022-:") == "o":
            self._whole(start, "normal", LevelRef(reference="heading"))
        elif (normal and _NORMAL_BUT.match(self.speech)) or self._lists_levels(start):
            self._to_earlier_finding(
                value, topic=GRADED if _LEVELS_GRADED.fullmatch(self._levels_said()) else "any"
            )

    def _lists_levels(self, start: int) -> bool:
        """Whether a sentence gives levels values and names no structure: that of the key it stands under."""
        if not all(draft.implied for draft in self.drafts):
            return False
        listed = _UNDER_LEVEL.fullmatch(self.speech, 0, start) or _OF_LEVELS.match(self.speech)
        return listed is not None or _LEVELS_GRADED.fullmatch(self._levels_said()) is not None

    def _levels_said(self) -> str:
        """The speech with a level for each word that picks one: "at the upper mild, at the lower severe"."""
        if "q" not in self.speech:
            return self.speech
        return "".join(["l" if is_picked(tag) else tag.meaning.speech for tag in self.tags])

    def _clause_before(self, start: int) -> str:
        """What stands in its clause before a sided value: "There on the left is", "the left is worst (".

        In a sentence that goes on, the other side has a clause of its own: "The left at L5-S1 is severely
        narrowed, the right at the same level is mildly narrowed.".
        """
        begun = self.speech[self.speech.rfind(";", 0, start) + 1 : start]
        if begun.endswith("v("):
            begun = begun[:-1]
        if self.drafts and not any(draft.member.finding for draft in self.drafts):
            begun = begun[begun.rfind(",") + 1 :].replace("q", "l")
        for at in (0, 1):  # "There on the left is ...", "On the right there is none."
            if begun[at : at + 1] == "b" and self.tags[at].rule.endswith("/there-is"):
                begun = begun[:at] + begun[at + 1 :]
        return begun

    def _take_clause_side(self, value: Value, start: int) -> None:
        """Gives a value the side that begins its clause, or that ends it: "Mild at L4-5 on the left."."""
        if not value.sides and _SIDE_LAST.fullmatch(self.speech, start) is not None:
            at = self.speech.rindex("r")
            value.sides = SIDES.get(self.tags[at].meaning.value, ())
            value.tags.append(at)
        elif self.side is not None and not value.sides and self.speech[self.side] == "r":
            value.sides = SIDES[self.tags[self.side].meaning.value]
            value.tags.append(self.side)

    def _deny_stenosis(self, value: Value) -> None:
        """Denies at a level what "no stenosis" denies: "L2-3 is not stenotic"."""
        self._of_bare(value, lambda reading: reading.bare_negated)

    def _of_bare(self, value: Value, means: Callable[[Reading], bool]) -> None:
        """Gives a value to what words with no structure mean."""
        self.used.update(value.tags)
        for key, reading in self.readings.items():
            if means(reading):
                codes = FINDINGS[key].codes
                sides = (None,) if None in codes else BOTH
                self._draft(Member(key, sides, "both", [], bare=True), value, sides, graded=True)

    def _is_of_it(self, start: int) -> bool:
        """Whether nothing is named before a word that calls it normal: "It was read as normal"."""
        if self.speech[:1] not in {"v", "W"} or self.speech[:start].strip("Wvqw"):
            return False
        return all(tag.rule in _READ_AS for tag in self.tags[:start] if tag.meaning.speech == "w")

    def _of_others(self, words: set[str], start: int) -> bool:
        """Whether a report ends on "Others: nil": it does not say of what."""
        return (
            words == {"none"}
            and _OTHERS_KEY.match(self.speech) is not None
            and self.tags[start - 2].rule in _OTHERS
        )

    def _nil(self, value: Value) -> bool:
        """Whether a word or a minus sign in brackets says that there is nothing: "L1-2 nil", "L1-2 (-)".

        Not so of what may be no level: "The rest nil", "Elsewhere nil".
        """
        if self.current is None or self.current.reference in _NO_LEVELS:
            return False
        return all(self.tags[i].rule in {"normal/nil", ""} for i in value.tags)

    def _level_normal(self, value: Value, start: int) -> None:
        """Calls a level normal; but "the left foramen is narrow; the rest are patent" is of spaces only.

        A level called wide has a wide canal: "L5-S1 is capacious".
        """
        rest = self.current is not None and self.current.reference in REST
        if _OF_LESION.match(self.speech, max(value.tags)) is not None:
            return
        of_space = all(self.tags[i].rule in _OF_SPACE for i in value.tags)
        if of_space and self.current is not None and self.current.reference == OPERATED:
            return  # "The fused segment looks good.", of which more may be told
        if rest and of_space:
            self._to_earlier_finding(value)
        elif all(self.tags[i].rule == _ROOMY for i in value.tags):
            self._of_bare(value, lambda reading: reading.bare_head == "without side")
        else:
            self._whole(start, "normal")

    def _continues(self, value: Value, start: int, before: str, normal: bool) -> bool:
        """Whether the sentence goes on about the finding of an earlier one: "At L4-5 this is mild."."""
        begins = start == self.tags[0].rule.endswith("/there-is")
        if begins and not normal and _BARE_LEVELS.fullmatch(self._levels_said(), start):
            return True
        begun = _NOTHING_NEW.sub("", _FROM.sub("", self.speech[:start]).replace("X", ""))
        before = "X" if before == ">" else before
        if begun == "l" and before == "X" and self.tags[1].rule == CHANGED_FROM:
            return True  # "The L3-4 level has progressed from mild to moderate."
        before = "v" if before == "X" and (begun[:1] in {"", "W"} or begun.endswith("v")) else before
        none = any(self.tags[i].meaning.value == "none" for i in value.tags)
        normal = normal or all(self.speech[i] in "or" for i in value.tags)
        if begun.strip("lv,:Wqb") or not (before == "v" or none):
            return False
        return none or "W" in begun or not normal or before != "v" or self._of_pronoun(start)

    def _next_clause(self, start: int) -> bool:
        """Whether it goes on at another level: "..., and at L4-5 they are severely narrowed"."""
        if not self.drafts or _NEXT_CLAUSE.search(self.speech, 0, start) is None:
            return False
        return self._of_pronoun(start) and not any(draft.member.finding for draft in self.drafts)

    def _of_pronoun(self, start: int) -> bool:
        """Whether a value is said of structures named before: "at L4-5 they are normal"."""
        return start > 0 and self.tags[start - 1].rule in PRONOUNS and not self._are_levels(start)

    def _are_levels(self, start: int) -> bool:
        """Whether the levels are both normal, and no structures: "L4-5 and L5-S1 both are normal"."""
        levels = self.tags[0].levels
        if self.speech != "lvo" or levels is None or levels.span == "one":
            return False
        return not self.tags[0].start and self.tags[start - 1].rule == BOTH_ARE

    def _to_earlier_finding(self, value: Value, topic: str = "") -> None:
        self.used.update(value.tags)
        member = Member("", (), "", [], topic=topic)
        self._draft(member, value, value.sides, graded=True)
        self.open = [member]
