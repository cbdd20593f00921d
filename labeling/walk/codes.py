"""Which findings and sides a statement speaks of, standing where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.statements import DISCS, Statement
from labeling.walk.place import Place
from lexicons.findings import CODES, FINDINGS, MIRRORED, PLACES
from lexicons.vocabulary import Level

NUMBERS: dict[str, int] = PLACES
"""A cell is ``level * 16 + number``: comparing and hashing plain integers is what makes the walk cheap."""
OTHER_LEVELS = "other levels"
"""Levels at which neither side is graded: "severe on the left at L5-S1, no stenosis at the other levels"."""
LATE = frozenset({"remaining", "elsewhere", OTHER_LEVELS})
"""References that only the rest of the report can settle."""


class Codes(Place):
    """Finds the codes of a statement."""

    __slots__ = ()

    def _codes(self, statement: Statement) -> tuple[str, ...]:
        of_discs = self.topic == DISCS and self.chapter
        if of_discs and (statement.implied or statement.bare or not statement.codes):
            return ()  # "Discs:", then "L3-4 normal. L5-S1 severe narrowing."
        if statement.implied:
            return self._implied_codes(statement)
        if not statement.codes:
            codes = self._codes_of_last(statement)
            return tuple(filter(self._narrows, codes)) if statement.narrowed else codes
        if statement.bare and self._topical(statement):
            if len(statement.codes) == 1 and (side := CODES[statement.codes[0]][1]) is not None:
                code = FINDINGS[self.topic].codes.get(side)
                return () if code is None else (code,)
            return self._topic_codes()
        return self._beside_side(statement.codes) if statement.relative else statement.codes

    def _codes_of_last(self, statement: Statement) -> tuple[str, ...]:
        """The cells of a statement that names no structure.

        "Foramina: left - L3-4 mild. L1-2 both clear." is of both sides there.
        """
        named = self._side_meant(statement)
        if named == "both" and self.chapter and _is_of_one_level(statement):
            return tuple(FINDINGS[self.topic].codes.values())
        return self._last_codes(named, rest=statement.level.reference in LATE)

    def _narrows(self, code: str) -> bool:
        """Whether a cell is that of a space, which narrows."""
        return "narrowing" in self.readings[CODES[code][0].key].heads

    def _implied_codes(self, statement: Statement) -> tuple[str, ...]:
        """The cells of a level that is called normal: those of the key in force, or all."""
        keyed = self.topic in self.readings and bool(self.chapter or self.first)
        if keyed and statement.phrase in {"normal", "otherwise"}:
            return self._topic_codes()
        return self._whole_codes("study" if statement.phrase == "study" else "level")

    def _beside_side(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """The codes of the side named last, or of the other one: "on that side", "the other foramen"."""
        if not self.side:
            return ()
        return codes if self.side == "right" else tuple(MIRRORED[code] for code in codes)

    def _side_meant(self, statement: Statement) -> str:
        """The side that a statement names; by reference it is that of the side named last, or the other."""
        if not statement.relative or self.side != "left":
            return statement.side
        return {"right": "left", "left": "right"}.get(statement.side, statement.side)

    def _topic_codes(self) -> tuple[str, ...]:
        """The cells of the key in force, of one side only where it or a heading above it names one."""
        wanted = self.topic_side or self.sided
        return tuple(
            code
            for side, code in FINDINGS[self.topic].codes.items()
            if wanted in {"", "both", str(side)} or side is None or "/" in wanted
        )

    def _topical(self, statement: Statement) -> bool:
        """Whether a stenosis with no structure is that of the key it stands under ("Foramina: ...")."""
        if self.topic not in self.readings:
            return False
        if (self.chapter or self.first) and not statement.topic:
            return True
        sided = len(statement.codes) == 1 and CODES[statement.codes[0]][1] is not None
        narrows = "narrowing" in self.readings[self.topic].heads
        if sided:
            return narrows and None not in FINDINGS[self.topic].codes
        return len(statement.codes) > 1 or (narrows and statement.low > 0)

    def _late_codes(self, statement: Statement) -> tuple[str, ...]:
        if statement.level.reference != "remaining" and statement.implied and self.topic in self.readings:
            return self._topic_codes()
        return self._codes(statement)

    def _whole_codes(self, extent: str) -> tuple[str, ...]:
        """The cells that a level, or the whole study, called normal speaks of."""
        return tuple(
            code
            for key, reading in self.readings.items()
            if extent == "level" or reading.normal == "study"
            for code in FINDINGS[key].codes.values()
        )

    def _last_codes(self, side: str, *, rest: bool = False) -> tuple[str, ...]:
        """The cells of the finding spoken of last: "Left is mildly narrowed.", "At L4-5 this is mild.".

        Of both sides where the `rest` is meant: "The left L4-5 foramen is narrow. The rest are patent."
        """
        if side == "both":
            side, rest = "", True
        if self.chapter and not side:
            return self._topic_codes()
        if self.chapter:
            keys = {self.topic}
        elif self.last is not None and len(self.last.codes) == 1 and not (side or rest):
            return self.last.codes  # "The left foramen is not patent. It is severely narrowed."
        else:
            keys = {CODES[code][0].key for code in self.last.codes} if self.last else set()
        return tuple(
            code for code, (finding, of) in CODES.items() if finding.key in keys and (not side or of == side)
        )

    def _is_narrow(self, level: Level, codes: Sequence[str]) -> bool:
        """Whether one of `codes` at `level` was found narrow until now."""
        cells = [level * 16 + NUMBERS[code] for code in codes]
        return any(claim.statement.low for cell in cells for claim in self.cells.get(cell, ()))

    def _is_called_normal(self, level: Level) -> bool:
        """Whether `level` as a whole was called normal until now."""
        cells = [level * 16 + NUMBERS[code] for code in self._whole_codes("study")]
        return all(any(claim.statement.implied for claim in self.cells.get(cell, ())) for cell in cells)


def _is_of_one_level(statement: Statement) -> bool:
    """Whether a statement names one level: in "L1-2 and L2-3 both clear" it is both of these."""
    mention = statement.level.mention
    return mention is not None and len(mention.levels) == 1
