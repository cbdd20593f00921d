"""Levels taken out of what is said: "no stenosis except at L4-5", "narrow at L4-5, but at no other level"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from labeling.levels import LevelMention, union_of
from labeling.linking.drafts import BOTH, SIDES, Draft, Value
from labeling.linking.references import ReferenceLinks
from labeling.rule_names import WORSE
from labeling.statements import SCOPE, LevelRef, Statement
from lexicons.findings import FINDINGS
from lexicons.vocabulary import Side

Place = tuple[int, tuple[Side | None, ...]]
"""The tag of a level, and the sides that are meant there."""

_OWN_STATEMENT = re.compile(r"(?<![sf])(?<![sf],)(?:,?c|;c?|,)(?:bn|r?s(?:cr?s)?v)[^;]*$")
"""The clause that an exception ends: "the canal is wide and there is no foraminal stenosis except ..."."""
_SPACE_AT_LEVEL = re.compile(r"E[p,:]{0,2}r?l(?:(?:,?c|,)r?l)*(?P<space>[sf])")
"""A space with its level: "patent apart from the left L4-5 foramen"."""
_OF_LAST = re.compile(r",?W")
_NOWHERE_ELSE = re.compile(r"(?<=[bc,])n(?P<others>q?)(?=$|[,;)])")
"""A denial that ends a clause: "but at no other level", "but nowhere else"."""
_SPACE_LEFT_OUT = re.compile(r"E[p,]{0,2}(?:r(?P<sided>[sf]?)|(?P<space>s))(?!p{0,2}[lq])")
"""An exception of one side, or of one space: "both are patent except on the left", "all but the canal"."""
_SIDED_LEVEL = r"(?:rl|l(?:,?r|\(r\)))"
_SIDED_LEVELS = re.compile(rf"E[p,:]{{0,2}}{_SIDED_LEVEL}(?:(?:,?c|,)p?(?:{_SIDED_LEVEL}|l(?![rg])))+")
"""Levels with sides of their own: "except on the left at L3-4 and on both sides at L4-5"."""
_SAYS_NO_MORE = re.compile(r"(?:\(w{1,3}\))?(?:$|;)")
_NOT_NARROWED = "normal/not-narrowed"
_OTHERS = frozenset({"nowhere", "remaining", "elsewhere"})
_BEYOND = frozenset({"higher", "levels upwards", "levels downwards"})
"""Words for levels that lie beyond those named: "mild at L3-4 and L4-5 and at no level above"."""


class ExceptionLinks(ReferenceLinks):
    """What one level is excepted from, and what is said of it alone."""

    def _exclude(self, at: int) -> LevelRef:
        """Takes a level out of what was said; of the other side only where one is named.

        Gives the level that is then in force: of several with sides of their own the last.
        """
        told = self._told_before(at)
        listed = (
            _SIDED_LEVELS.match(self.speech, self.speech.rfind("E", 0, at)) if "E" in self.speech else None
        )
        if listed is not None and at < listed.end():
            self.side, self.skip = None, listed.end()
            places = self._places(listed)
            self.drafts += _take_out(places, told)
            self._open_excepted(places[-1:] if _OF_LAST.match(self.speech, self.skip) else places, told)
            return self._ref(places[-1][0])
        if self.speech[at + 1 : at + 3] in {"r", "r,", "r;", "r(", "rv"}:
            self.side, self.skip = at + 1, at + 2  # "except at L5-S1 on the left, where it is mild"
        beside = self.side if self.side in {at - 1, at + 1} else None
        sides = SIDES.get(self.tags[beside].meaning.value, ()) if beside is not None else ()
        if self.noun == "structure" and _SAYS_NO_MORE.match(self.speech, at + 1) is not None:
            for draft in told:
                self._say_opposite(draft, at, sides)
        self.drafts += _take_out([(at, sides or BOTH)], told)
        return self._ref(at)

    def _exclude_space(self, at: int) -> None:
        """Takes a space named with its level out of what was said: "none but for the left L4-5 foramen"."""
        listed = _SPACE_AT_LEVEL.match(self.speech, at)
        if listed is None:
            return
        finding = self.tags[listed.start("space")].finding
        told = [one for one in self._told_before(at) if one.implied or one.member.finding == finding]
        self.drafts += _take_out(self._places(listed), told)

    def _told_before(self, at: int) -> list[Draft]:
        """What an exception at `at` is taken out of."""
        own = _OWN_STATEMENT.search(self.speech, 0, at)
        begun = own.start() if own is not None else 0
        return [draft for draft in self.drafts if min([*draft.member.tags, *draft.tags, at]) >= begun]

    def _places(self, listed: re.Match[str]) -> list[Place]:
        """The levels of a list, each with its side: before it where the list begins with one, else behind."""
        levels = [at for at in range(*listed.span()) if self.speech[at] == "l"]
        before = "r" in self.speech[listed.start() : levels[0]]
        starts = [listed.start(), *levels] if before else [*levels, listed.end()]
        places: list[Place] = []
        for level, start, end in zip(levels, starts, starts[1:], strict=False):
            side = self.speech.find("r", start, end)
            places.append((level, SIDES.get(self.tags[side].meaning.value, BOTH) if side >= 0 else BOTH))
        return places

    def _open_excepted(self, places: Sequence[Place], told: Sequence[Draft]) -> None:
        """Makes ready for a grade behind exceptions: "..., and in neither place is it more than mild"."""
        members = {id(draft.member): draft.member for draft in told if not draft.implied}
        for member in members.values():
            for level, sides in places if None not in member.sides else ():
                some = Value(1, 3, "ungraded", [level])
                self._draft(member, some, sides, graded=False, level=self._ref(level))
                self.drafts[-1].excepted = True

    def _say_opposite(self, draft: Draft, at: int, sides: Sequence[Side | None]) -> None:
        """Says of a level excepted what its rule denies: "not narrowed except at L4-5", "narrowed save at".

        Which of two sides is narrow there is not told.
        """
        value, told = draft.value, tuple(sides) or draft.sides
        if draft.implied or draft.uncertain or draft.dropped or self.tags[at].levels is None:
            return
        if sides and None in draft.sides:
            return  # "no canal or foraminal stenosis except on the left at L4-5"
        denied = value.negated or any(self.tags[i].rule.startswith(_NOT_NARROWED) for i in value.tags)
        if value.phrase == "ungraded":
            opposite = Value(0, 0, "", [at - 1], negated=True)
        elif denied and not value.high and len(told) == 1:
            opposite = Value(1, 3, "ungraded", [at - 1])
        else:
            return
        level = LevelRef(mention=self.tags[at].levels, mark=at)
        self._draft(draft.member, opposite, told, graded=True, level=level)

    def _except_named(self) -> None:
        """Takes the levels that a sentence names out of all it says: "The spine is normal but for L5-S1."."""
        named = [at for at, sign in enumerate(self.speech) if sign == "l"]
        for draft in self.drafts:
            draft.excluded += named

    def _leave_out_sides(self) -> None:
        """Takes a side or a space out of what was said before it.

        As in "no stenosis except in the left foramen" and "the canal is narrow, foramina open except left".
        """
        if "E" not in self.speech:
            return
        for found in _SPACE_LEFT_OUT.finditer(self.speech):
            at, last = found.start(), found.end() - 1
            begun = self.speech.rfind(";", 0, at)
            named = self.tags[last].finding
            told = [draft for draft in self.drafts if begun < min(_words(draft), default=-1)]
            told = [draft for draft in told if max(_words(draft)) < at]
            side = next((i for i in range(at, last + 1) if self.speech[i] == "r"), -1)
            sides = SIDES.get(self.tags[side].meaning.value, ()) if side >= 0 else BOTH
            if named and told and told[-1].implied:
                codes = FINDINGS[named].codes
                meant = tuple([code for one, code in codes.items() if one is None or one in sides])
                self.hidden.append(Statement(meant, 0, 0, "hidden", self._numbered(told[-1].level) or SCOPE))
            told = [draft for draft in told if not draft.implied]
            if not named and told:  # what the last word said
                told = [draft for draft in told if draft.value.tags == told[-1].value.tags]
            for draft in told:
                if None in draft.sides:
                    draft.dropped |= named == draft.member.finding
                elif not named or named == draft.member.finding:
                    draft.sides = tuple([one for one in draft.sides if one not in sides])
                    draft.dropped |= not draft.sides

    def _nowhere_else(self, at: int) -> bool:
        """Denies elsewhere what was found at the levels named: "narrow at L4-5, but at no other level"."""
        found = _NOWHERE_ELSE.match(self.speech, at)
        last = self.tags[at + 1 if found and found["others"] else at].meaning.value
        beyond = last in _BEYOND
        if (
            found is None
            or not (beyond or last in _OTHERS)
            or not any(draft.value.low for draft in self.open_drafts)
        ):
            return False
        for member in {id(draft.member): draft.member for draft in self.open_drafts}.values():
            value = Value(0, 0, "", [at], negated=True)
            level = self._ref(at + 1) if beyond else LevelRef(reference="elsewhere", mark=found.end() - 1)
            self._draft(member, value, member.sides, graded=True, level=level)
        self.skip = found.end()
        return True

    def _of_this_level(self, at: int, waiting: list[Draft]) -> list[Draft]:
        """What waits for the level at `at` but is not open at all others: "generous, and narrow at L4-5"."""
        if "M" in self.speech:
            return waiting
        here = []
        for number, draft in enumerate(waiting):
            if _is_open_elsewhere(draft, waiting[number + 1 :]):
                draft.level = SCOPE
                draft.excluded.append(at)
            else:
                here.append(draft)
        return here

    def _worse_at(self, at: int) -> bool:
        """Affirms what was found at a level named with "worse": "mild at L3-4, worse at L4-5"."""
        if at == 0 or self.tags[at - 1].rule != WORSE:
            return False
        if self.speech[at + 1 : at + 2] == "r" and self.tags[at + 1].meaning.value != "both":
            return False
        mentions = [draft.level.mention for draft in self.open_drafts if draft.level is not None]
        meant = union_of(mention for mention in mentions if mention is not None)
        beyond = tuple([level for level in self._mention(at) if level not in meant])
        if not (meant and beyond):
            return False
        ref = LevelRef(mention=LevelMention(beyond, "list"), mark=at)
        for member in {id(draft.member): draft.member for draft in self.open_drafts}.values():
            self._draft(member, Value(1, 3, "ungraded", [at - 1]), member.sides, graded=True, level=ref)
        self.current = ref._replace(mention=LevelMention((*meant, *beyond), "list"))
        return True


def _take_out(places: Sequence[Place], told: Sequence[Draft]) -> list[Draft]:
    """Takes levels out of what was said, each of its sides alone; gives what is new, of the other side."""
    apart: list[Draft] = []
    for draft in told:
        taken: dict[tuple[int, ...], list[Side | None]] = {}
        for side in draft.sides:
            key = tuple([level for level, sides in places if side is None or side in sides])
            taken.setdefault(key, []).append(side)
        for key, sides in [*taken.items()][1:]:
            other = replace(draft, excluded=[*draft.excluded, *key], tags=list(draft.tags))
            other.sides = tuple(sides)
            apart.append(other)
        key, sides = next(iter(taken.items()), (tuple([level for level, _ in places]), []))
        draft.excluded += key
        draft.sides = tuple(sides)
    return apart


def _words(draft: Draft) -> list[int]:
    """The places of the words that a draft rests on."""
    return [*draft.value.tags, *draft.tags, *draft.member.tags]


def _is_open_elsewhere(draft: Draft, after: Sequence[Draft]) -> bool:
    """Whether a structure called open is narrow at one level: "generous, and moderately narrowed at L4-5"."""
    value = draft.value
    if value.high or value.negated or value.phrase or draft.implied or draft.level is not None:
        return False
    return any(
        other.value.low
        and other.member.finding == draft.member.finding
        and set(other.sides) & set(draft.sides)
        for other in after
    )
