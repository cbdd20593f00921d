"""Cells that are told by those of another level or side: "L4-5: ditto", "Left: same"."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.consensus import Claim
from labeling.statements import Statement
from labeling.walk.codes import NUMBERS
from labeling.walk.place import WordsOfTags
from labeling.walk.remaining import Remaining, claim_of
from lexicons.findings import CODES, MIRRORED
from lexicons.vocabulary import Level


class Copies(Remaining):
    """Copies what was said last, or the cells of another level."""

    __slots__ = ()

    def _goes_on(self, statement: Statement, levels: Sequence[Level]) -> bool:
        """Whether "same" is of what was said last; else it is of the level before: "Canal: ditto"."""
        keys = {CODES[code][0].key for code in statement.codes}
        last = self.last.codes if self.last is not None else ()
        if keys <= {CODES[code][0].key for code in last}:
            return True
        before = self.previous[: self.known]  # "Ditto for the canal and foramina" is of another level
        return statement.phrase in {"also", "not"} and before[-1:] == list(levels[-1:])

    def _copy(
        self, statement: Statement, levels: Sequence[Level], section: int, offset: int, words: WordsOfTags
    ) -> None:
        """Copies the value given last ("Left: same.") or the cells of another level ("ditto")."""
        if statement.phrase in {"same", "also", "not"} and self._goes_on(statement, levels):
            if self.last is not None:
                said, codes = self.last, self._codes(statement)
                if statement.phrase == "not":
                    said = self.last = _opposite(said)._replace(codes=codes)  # "It is severely narrowed."
                self._add(levels, codes, claim_of(said._replace(rank=2), section, 0, offset, words, 0, None))
            return
        if statement.source is not None:
            mention = statement.source.mention
            source = mention.levels if mention else self._beside(statement.source.reference, levels)
        else:
            source = [level for level in self.previous if level not in levels][-1:]
        if statement.high and statement.implied:
            phrase = "ungraded" if "ungraded" in statement.flags else ""
            own = statement._replace(phrase=phrase, implied=False)
            copy = self._copy_moved if statement.phrase == "moved" else self._copy_amended
            copy(own, levels, source, claim_of(own, section, 0, offset, words, 0, None))
            return
        for level in levels:
            for origin in source:
                for code in statement.codes or NUMBERS:
                    for claim in tuple(self.cells.get(origin * 16 + NUMBERS[code], ())):
                        if origin is not level:  # what the level says itself wins: "Same, but mild"
                            copied = claim._replace(statement=claim.statement._replace(rank=-1))
                            self._add((level,), self._onto(code, statement, origin), copied)

    def _copy_amended(
        self, statement: Statement, levels: Sequence[Level], source: Sequence[Level], claim: Claim
    ) -> None:
        """Copies another level but for the grade of what is narrow there: "as above but moderate".

        Where more than one finding is, or where it is not on the side named, what is meant cannot be told.
        """
        for origin in source:
            told = {code: self.cells.get(origin * 16 + NUMBERS[code], []) for code in NUMBERS}
            narrow = [code for code, said in told.items() if any(one.statement.low for one in said)]
            meant = [code for code in narrow if statement.side in {"", CODES[code][1]}]
            known = bool(meant) and (
                statement.phrase == "ungraded" or len({CODES[code][0].key for code in narrow}) == 1
            )
            for code, said in told.items():
                if code in narrow and not known:
                    continue
                for one in [claim] if code in meant else tuple(said):
                    copied = one._replace(statement=one.statement._replace(rank=-1))
                    self._add([level for level in levels if level != origin], (code,), copied)

    def _copy_moved(
        self, statement: Statement, levels: Sequence[Level], source: Sequence[Level], claim: Claim
    ) -> None:
        """Copies what is narrow on one side to another, in its own grade: "same but right and milder"."""
        for origin in source:
            told = [(code, self.cells.get(origin * 16 + NUMBERS[code], [])) for code in NUMBERS]
            narrow = [code for code, said in told if any(one.statement.low for one in said)]
            if statement.phrase != "ungraded" and len({CODES[code][0].key for code in narrow}) > 1:
                continue
            copied = claim._replace(statement=statement._replace(rank=-1))
            for code in narrow:
                self._add(
                    [one for one in levels if one != origin], self._onto(code, statement, origin), copied
                )

    def _onto(self, code: str, statement: Statement, origin: Level) -> tuple[str, ...]:
        """The cells that one of the level `origin` is copied to: "ditto on the right" is of no canal.

        A side with a value of its own there takes no other.
        """
        of, side = CODES[code][1], statement.side
        if not side:
            return (code,)
        if of is None:
            return ()
        kept = side == "right" if statement.relative else of == side  # the same side, or the other
        wanted = (code, MIRRORED[code]) if side == "both" else (code if kept else MIRRORED[code],)
        return tuple([one for one in wanted if one == code or not self.cells.get(origin * 16 + NUMBERS[one])])


def _opposite(said: Statement) -> Statement:
    """That it is not so: what is not narrow is normal, what is not patent narrow."""
    if said.low:
        return said._replace(low=0, high=0, phrase="", flags=frozenset())
    return said._replace(low=1, high=3, phrase="ungraded", flags=frozenset({"ungraded"}))
