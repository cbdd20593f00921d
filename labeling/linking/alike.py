"""What is the same as said before: "as are the foramina", "the left likewise", "L5-S1: ditto"."""

from __future__ import annotations

import re
from dataclasses import replace

from labeling.linking.drafts import SIDES, Draft, Value
from labeling.linking.sides import SideLinks
from labeling.rule_names import ALSO_AT, WORSE
from labeling.statements import LevelRef

_SAME_BUT = re.compile(r"[\u2022(-]*(?:l\)?[:,v-]{0,2})?K(?:,?(?:[bE]|c(?!l))|;)")
"""A level that is like the one before but for what follows: "L5-S1: Same, but no canal stenosis"."""
_AMENDED = re.compile(r"K[lq]?,?[bE],?(?P<grade>[gz]{1,2}r?|w)(?=$|[,;)])")
"""A level that is like another but for its grade: "L5-S1: as above but severe", "similar but worse"."""
_SAME_ON_SIDE = re.compile(
    r"[\u2022(-]*l\)?[:,v-]{0,2}[AK],?[bc]?p?"
    r"(?:(?P<side>r)(?:(?:,?[bc]|,)v?(?P<grade>[gz]{1,2}|w))?"
    r"|(?P<first>[gz]{1,2}|w)(?:,?[bc]|,)p?(?P<last>r))(?:[,;)]?$|(?=,?[bc][^r]))"
)
"""A level that is like the one before, on a side: "ditto on the right", "same but on the left and milder"."""
_OTHER_NORMAL = re.compile(r"(?:e[we]{0,3}|^[\u2022-]*(?P<discs>q))v?w?(?P<normal>o)[pwed]{0,4},?c?$")
"""Something else called normal: "the disc is unremarkable, as are the canal and foramina".

So are "the upper two discs", whose name tells the levels as well.
"""
_NEXT_LEVEL = re.compile(r"[\u2022-]*(?:Kl[;)]?|Al(?:$|[;)]|,b))")
"""What the sentence before said is said of one more level: "Also at L5-S1.", "So does L5-S1, but ..."."""
_OF_STRUCTURE = re.compile(r"[pw]{1,2}r?[sfx]")
"""What alone is like that of another level: "As at the level above as regards the canal"."""
_OF_OTHER = re.compile(r"K[lq]p{1,2}[gzw]?[de]{1,2}w?(?:$|[,;)b])")
"""What alone is like it is no space: "as at L3-4 with respect to the disc", of which no cell is told."""
_TOO = frozenset({"change/is-too", "change/too"})
_AS_TOLD = "change/as-told"
_LIKEWISE = frozenset({*_TOO, "change/likewise"})
_DITTO = "connectors/ditto"
_DEGREE = "change/same-degree"
_COMPARED = re.compile(r"[^,;c)]")
"""What it is like follows, or there is no end of the clause: "to the same degree as at L3-4"."""
_PRESSED = re.compile(r"kv?(?P<grade>g?)(?P<head>[hH])(?:[wpb]{1,2}[de])?[,;]?c?$")
"""The thecal sac pressed upon, which narrows no canal: "sac compressed and so are the exit foramina"."""
_LESION_ALIKE = re.compile(r"[de]$|^[^l]*[de],$|[de]t?vw?$")
"""What is like that of another level: "A bulge, as at L3-4"; but "L3-4: dry disc, as at L4-5" is not.

So is "the disc is as at L3-4".
"""
_SIDE_NEXT = re.compile(r"r(?=$|[,;)])")
_LEVEL_ALIKE = re.compile(r"[,;]c?lv?K$")
"""A clause of a level that is like the one before: "the canal is fine at L2-3; L3-4 likewise"."""


class AlikeLinks(SideLinks):
    """Gives one more structure, side or level what another was given."""

    def _on_also(self, at: int) -> None:
        """As in "as is the left foramen": what was said last is said of one more structure."""
        if self._same_on_side(at):
            return
        if _NEXT_LEVEL.match(self.speech):
            self._to_earlier_finding(Value(0, 3, "also", [at]))
            return
        given = self._pressed(at) or (self.open_drafts[-1].value if self.open_drafts else None)
        of_other = _OTHER_NORMAL.search(self.speech, 0, at)
        if of_other is not None and of_other["discs"]:
            of_other = of_other if self.tags[of_other.start("discs")].rule.endswith("-disc") else None
        if given is None and of_other is not None:
            self.also = Value(0, 0, "", [of_other.start("normal"), at])
        elif given is None:
            # "L5-S1: annular tear, ditto re canal", but not "it looks odd, and so is the canal"
            passed = "blqr,;:\u2022-" + "wde" * (self.tags[at].rule == _DITTO)
            begins = not self.speech[:at].strip(passed)
            self.also = Value(0, 3, "also", [at]) if begins and not self.drafts else None
        else:
            self.also = replace(given, sides=(), tags=[*given.tags, at])

    def _pressed(self, at: int) -> Value | None:
        """What is said of the thecal sac before "and so are the foramina": no narrowing until then."""
        found = _PRESSED.search(self.speech, 0, at)
        if found is None:
            return None
        grade = self.tags[found.start("grade")].meaning if found["grade"] else None
        tags = [i for i in range(found.start() + 1, found.end("head")) if self.speech[i] != "v"]
        if grade is None:
            return Value(1, 3, "ungraded", tags)
        return Value(grade.low, grade.high, grade.phrase, tags)

    def _on_same(self, at: int) -> None:
        words = self.tags[at].meaning.value
        if self._same_on_side(at):
            return
        if self.tags[at].rule.endswith("/same-applies"):
            if self.speech[at + 1 :].strip(",;)") == "l" and not self.speech[:at].strip("b,\u2022-"):
                self._whole(at, "ditto", self._ref(at + 1))
        elif words == "same":
            self._on_alike(at)
        elif self.speech[at - 1 : at] == "n":
            self.copied = at + 1  # "The canal is not the same as at L3-4"
        elif _OF_OTHER.match(self.speech, at) or (
            self.noun == "other" and _LESION_ALIKE.search(self.speech, 0, at)
        ):
            self.copied = at + 1  # "Disc bulge as at L3-4" is of no cell
        elif words == "level above":
            self._whole(at, "ditto")
            self.drafts[-1].source = LevelRef(reference="above")
            if self.noun == "structure" and self.speech[at - 1 : at] in set("shxt:-v"):
                self.drafts[-1].only += self.open  # "Facets: same as the level above"
            elif _OF_STRUCTURE.match(self.speech, at + 1):
                self.copy = self.drafts[-1]  # "As at the level above for the canal"
            else:
                self._amend(at)
        else:
            follows = self.speech[at + 1 : at + 2]
            if follows and follows in "lq":
                source = self._ref(at + 1)
                self._whole(at, "as at")
                like = self.drafts[-1]
                like.source = source
                like.only += self.open if self.noun == "structure" else []
                self.copy = None if like.only else like  # not in "facets as at L3-4, canal patent"
                self.copied = at + 1
                self._amend(at)

    def _same_on_side(self, at: int) -> bool:
        """Copies to one side what the level before has on a side, and nothing of what has none."""
        found = _SAME_ON_SIDE.match(self.speech)
        if found is None:
            return False
        graded, sided = ("grade", "side") if found["side"] else ("first", "last")
        grade = self._amendment(*found.span(graded)) if found[graded] else None
        if found[graded] and grade is None:
            return False
        side = found.start(sided)
        self._whole(at, "ditto" if grade is None else "moved")
        self.drafts[-1].tags.append(side)
        self.drafts[-1].sides = SIDES[self.tags[side].meaning.value]
        if grade is not None:
            self._regrade(self.drafts[-1], grade)
        self.skip = found.end()
        if self.tags[at].meaning.value == "level above":
            self.drafts[-1].source = LevelRef(reference="above")
        return True

    def _on_alike(self, at: int) -> None:
        if self.speech[at + 1 : at + 2] in {"g", "z", "o", "H"}:
            return  # "is likewise marked"
        if self.tags[at].rule == _DEGREE and self._same_degree(at):
            return
        if self.tags[at].rule == _AS_TOLD and _OF_STRUCTURE.match(self.speech, at + 1):
            self._whole(at, "ditto")
            self.copy = self.drafts[-1]  # "As above with regard to the foramina"
            return
        if self.tags[at].rule == ALSO_AT and _NEXT_LEVEL.fullmatch(self.speech):
            self._to_earlier_finding(Value(0, 3, "also", [at]))
            return
        if self.speech[at - 1 : at] == "s":
            given, side = self._said_last(at), _SIDE_NEXT.match(self.speech, at + 1)
            if side is not None:  # "the recesses likewise on both sides"
                given = replace(given, sides=SIDES[self.tags[at + 1].meaning.value])
                given.tags.append(at + 1)
                self.skip = at + 2
            self._give(given)
        elif self.open and self.speech[at - 1] in ":v-,r":
            # "Canal: normal. Foramina: ditto." is of this level, "Foramina: as above" of the one before
            self._give(Value(0, 3, "same" if self.tags[at].rule == _AS_TOLD else "also", [at]))
        elif "r" in self.speech[:at] and not self.speech[:at].strip("r:-v"):
            sides = SIDES[self.tags[self.speech.index("r")].meaning.value]
            self._to_earlier_finding(Value(0, 3, "same", [at], sides))
        elif self._alone(at) or self._same_but(at) or _LEVEL_ALIKE.search(self.speech, 0, at + 1):
            self._whole(at, "ditto")
            self._amend(at)

    def _amend(self, at: int) -> None:
        """Gives the copy that begins at `at` the grade that it has in the place of what is copied."""
        found = _AMENDED.match(self.speech, at)
        if found is None or not self.drafts or not self.drafts[-1].implied:
            return
        grade = self._amendment(*found.span("grade"))
        if grade is None:
            return
        copy = self.drafts[-1]
        copy.sides = grade.sides
        self._regrade(copy, grade)
        self.skip = found.end()

    def _amendment(self, start: int, end: int) -> Value | None:
        """What a copy has in the place of the grade that is copied."""
        if self.tags[start].rule == WORSE:
            return Value(1, 3, "ungraded", [start])
        return self._values(start, end)[0] if self.speech[start] != "w" else None

    def _regrade(self, copy: Draft, grade: Value) -> None:
        copy.value.low, copy.value.high = grade.low, grade.high
        copy.value.tags += grade.tags
        copy.flags |= {grade.phrase} & {"ungraded"}
        self.used.update(grade.tags)

    def _same_degree(self, at: int) -> bool:
        """Gives a structure the grade that the sentence gave the one before, where it gave but one."""
        anew = [id(draft) for draft in self.open_drafts]
        before = [one for one in self.drafts if one.graded and not one.dropped and id(one) not in anew]
        if not before or not self.open or _COMPARED.match(self.speech, at + 1):
            return False
        if any(self.tags[i].meaning.value == "both" for one in self.open for i in one.tags):
            return False  # "bilateral foraminal stenosis of equal degree": each side as the other
        last = before[-1]
        alike = [one for one in before if one.member.finding == last.member.finding]
        if any((one.value.low, one.value.high) != (last.value.low, last.value.high) for one in alike):
            return False
        self._give(replace(last.value, sides=(), tags=[*last.value.tags, at]))
        for draft in self.open_drafts:
            draft.uncertain |= last.uncertain
        return True

    def _same_but(self, at: int) -> bool:
        """Whether a level is like the one before but for what follows; "similar but milder" is not."""
        found = _SAME_BUT.match(self.speech)
        return found is not None and (
            "l" in self.speech[:at] or "/same" in self.tags[at].rule or self.tags[at].rule == _AS_TOLD
        )

    def _said_last(self, at: int) -> Value:
        """The value before "the left foramen likewise"; "foramina as above" is the same as a level above."""
        if self.drafts and self.tags[at].rule in _LIKEWISE:
            given = self.drafts[-1].value
            return replace(given, sides=(), tags=[*given.tags, at])
        return Value(0, 3, "also" if self.tags[at].rule in _TOO else "same", [at])
