"""What is said of the remaining levels, applied when what the report says of the others is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from labeling.consensus import SECTION_RANK, Claim
from labeling.levels import LevelMention, union_of
from labeling.statements import LevelRef, Statement, Words
from labeling.walk.codes import NUMBERS, OTHER_LEVELS
from labeling.walk.place import Late, WordsOfTags
from labeling.walk.targets import IMPLIED_REACH, OTHERWISE_REACH, Targets, is_denial
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS, Basis, Level

_STATED, _INHERITED, _IMPLIED = Basis  # a name costs a fifth of an attribute of an enum
_ONE_SIDE = frozenset({"right", "left"})
_CLAIM: Callable[[tuple[object, ...]], Claim] = partial(tuple.__new__, Claim)  # half of the time of `Claim`

_SUMMARY = SECTION_RANK["impression"]

WIDEST = 99
"""More than any levels and sides of one structure; see `_width`."""
_LUMBAR = sum(1 << level for level in LEVELS[1:])
"""Where all of these were described, the remaining ones can only be those not graded for a finding."""
OTHERS_COUNTED = {"other-two": 2, "other-three": 3}


class Remaining(Targets):
    """Counts the remaining levels, for the report as a whole or for each finding."""

    __slots__ = ()

    def _rest(self, statement: Statement) -> str:
        """Whether "the rest" is counted for each finding or for the report as a whole.

        For each finding where the report goes by findings: under a key, after a pronoun ("It is normal at the
        remaining levels."), or after the same finding in a report whose sentences no level has headed.
        """
        reference = statement.level.reference
        others = reference == "others"
        listed = self.chapter == "title" and (others or reference == "the rest")
        if listed or (self.chapter and reference == "remaining"):
            # "Foraminal stenosis, left": "None: all remaining levels", whatever is on the right there
            # "Foramina:", then "- L3-4: mild left", "- others: no stenosis", which is not of its right
            return "elsewhere" if self.topic_side in _ONE_SIDE or self.sided else OTHER_LEVELS
        if self.chapter or (not statement.implied and (others or not statement.codes)):
            return "elsewhere"
        if self.blocks or self.last is None or not statement.codes:
            return "remaining"
        if set(statement.codes) <= set(self.last.codes):
            return "elsewhere"
        keys = {CODES[code][0].key for code in self.last.codes}
        # "The right foramen is narrow at L4-5. No foraminal narrowing at the remaining levels."
        return OTHER_LEVELS if all(CODES[code][0].key in keys for code in statement.codes) else "remaining"

    def _counted(self, statement: Statement) -> LevelRef | None:
        """The levels of "the other two": those spoken of and not graded yet, if they are as many.

        Behind a list they are those of the list: "stenosis at L2-3, L3-4 and L4-5. It is mild at L2-3, ...".
        Where which they are cannot be told, what is denied of them is denied of all others, and `None` is
        returned of what is narrow.
        """
        ref = statement.level
        codes = self._codes(statement)
        listed = self.affirmed[1] if codes and set(codes) <= set(self.affirmed[0]) else ()
        among = listed or [level for level in LEVELS if self.described >> level & 1]
        levels = tuple([level for level in among if not self._is_graded(level, codes)])
        if len(levels) != OTHERS_COUNTED[ref.reference]:
            return None if statement.low else ref._replace(reference="others")
        return LevelRef(mention=LevelMention(levels, "list"), mark=ref.mark)

    def _is_graded(self, level: Level, codes: Sequence[str]) -> bool:
        """Whether one of `codes` at `level` has more than the word that it is narrow."""
        told = [claim for code in codes for claim in self.cells.get(level * 16 + NUMBERS[code], ())]
        return any(claim.statement.phrase != "ungraded" for claim in told)

    def _hide(self, levels: Sequence[Level], hidden: Statement, reach: int) -> None:
        """Keeps cells that cannot be assessed from what is denied of more: "No stenosis." before or after."""
        width = _width(reach, hidden)
        for cell in [level * 16 + NUMBERS[code] for level in levels for code in hidden.codes]:
            self.hidden[cell] = width
            if cell in self.cells:
                self.cells[cell] = [one for one in self.cells[cell] if not _passes_over(one, width)]
                if not self.cells[cell]:
                    del self.cells[cell]

    def _add(self, levels: Sequence[Level], codes: Iterable[str], claim: Claim) -> None:
        cells = self.cells
        added = False
        for code in codes:
            number = NUMBERS[code]
            for level in levels:
                cell = level * 16 + number
                if cell in self.hidden and _passes_over(claim, self.hidden[cell]):
                    continue  # "L4-5: normal except for the left foramen"
                cells[cell].append(claim)
            added = True
        told = added and (claim.reach <= 1 or claim.basis is _IMPLIED)
        if told and (not self.previous or self.previous[-1] is not levels[-1]):
            self.previous += levels

    def _apply_put_off(self) -> None:
        """Applies what was kept for the end. A statement repeated word for word says no more than once."""
        if not self.late:
            return
        settled = {cell for cell, said in self.cells.items() if any(map(settles, said))} | self.hidden.keys()
        summed = {cell for cell, said in self.cells.items() if all(map(_sums_up_range, said))}
        for late in {(id(late.statement), late.section, late.codes): late for late in self.late}.values():
            if late.section < _SUMMARY and summed:
                settled -= summed  # "mild at L4-5, nowhere else", then "Mild lower lumbar canal stenosis"
                summed = set()
            self._apply_late(late, settled)

    def _apply_late(self, late: Late, settled: set[int]) -> None:
        """Remaining levels are those that nothing was said of; elsewhere is counted for each finding.

        `settled` are the cells that something else was said of, and grow with what is added here.
        """
        statement = late.statement
        reach = IMPLIED_REACH if statement.implied else 3
        claim = claim_of(
            statement, late.section, reach, late.offset, late.words, late.offset, late.level_words
        )
        if late.among:
            self._grade_rest(late, claim)
            return
        left_out = {-1: self.described, -2: self.told}.get(late.described, late.described)
        remaining = statement.level.reference == "remaining"
        if remaining and late.described != -1 and left_out & _LUMBAR == _LUMBAR:
            # "L1-2 to L5-S1: Bulging discs. The canal is narrow at L4-5, not at the remaining levels."
            told = {level for level in LEVELS for code in late.codes if level * 16 + NUMBERS[code] in settled}
            left_out = sum(1 << level for level in told)
        for level in LEVELS:
            if remaining and left_out >> level & 1:
                continue
            for code in _open_codes(level, late, settled):
                self._add((level,), (code,), claim)
                if settles(claim):
                    settled.add(level * 16 + NUMBERS[code])

    def _grade_rest(self, late: Late, claim: Claim) -> None:
        """Grades the cells of a list that have none: "facet disease at L3-4 and L4-5, otherwise mild"."""
        left_out = union_of(late.statement.excluded)
        for level in late.among:
            if level in left_out:
                continue
            for code in late.codes:
                said = self.cells.get(level * 16 + NUMBERS[code], ())
                if said and all(one.statement.phrase == "ungraded" for one in said):
                    reach = min(one.reach for one in said)
                    self._add((level,), (code,), claim._replace(reach=reach))


def _open_codes(level: Level, late: Late, settled: set[int]) -> list[str]:
    """The codes of `late` that nothing was said of at `level`; of other levels not of either side."""
    codes = [code for code in late.codes if level * 16 + NUMBERS[code] not in settled]
    if late.statement.level.reference != OTHER_LEVELS:
        return codes
    sides = {code: CODES[code][0].codes.values() for code in codes}
    return [code for code in codes if all(level * 16 + NUMBERS[one] not in settled for one in sides[code])]


def settles(claim: Claim) -> bool:
    """Whether a claim is of this level, or of few: what is said of the rest does not touch it."""
    return claim.reach < 4 and claim.statement.phrase != "measure"


def _sums_up_range(claim: Claim) -> bool:
    """Whether an impression tells of a region, and names no level: what the findings deny there stands."""
    return claim.section == _SUMMARY and claim.reach == 3


def _passes_over(claim: Claim, width: int) -> bool:
    """Whether a claim calls more normal than the cell that was said not to be assessed, `width` wide."""
    said = claim.statement
    if claim.basis is _IMPLIED:
        return True
    return is_denial(said) and _width(claim.reach, said) > width


def _width(reach: int, said: Statement) -> int:
    """How much a statement is of: all structures, else a level or a list, a range, all; one side or both."""
    return WIDEST if said.bare else 2 * reach + (len(said.codes) > 1)


def claim_of(
    statement: Statement,
    section: int,
    reach: int,
    offset: int,
    words: WordsOfTags,
    level_offset: int,
    level_words: Words | None,
) -> Claim:
    """What `statement` says of a cell, with how far it reaches."""
    basis = _STATED if reach <= 1 else _INHERITED
    if statement.implied:
        basis = _IMPLIED
        reach = OTHERWISE_REACH if statement.phrase == "otherwise" else IMPLIED_REACH
    return _CLAIM((statement, section, reach, basis, offset, words, level_offset, level_words))
