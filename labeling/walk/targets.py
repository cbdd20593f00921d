"""Which levels a statement speaks of, standing where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from labeling.lesions import LESION_LEVELS, OPERATED
from labeling.levels import COUNTED_RANGES, NEIGHBOURS, LevelMention, counted_beside, neighbours_of
from labeling.statements import LevelRef, Statement, Words
from labeling.walk.codes import NUMBERS, Codes
from labeling.walk.place import WordsOfTags
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS, Level

_REFERRED: Mapping[str, tuple[tuple[Level, ...], int]] = {
    "all": (LEVELS, 4),
    "all five lumbar": (LEVELS[1:], 4),
    "upper": ((Level.L1_L2, Level.L2_L3), 3),
    "lower": ((Level.L4_L5, Level.L5_S1), 3),
    "upper three lumbar": (LEVELS[1:4], 3),
    "lower three": ((Level.L3_L4, Level.L4_L5, Level.L5_S1), 3),
}
_PICKED = {
    "first": (1, slice(0, 1)),
    "second": (2, slice(1, 2)),
    "upper one": (2, slice(0, 1)),
    "middle": (3, slice(1, -1)),
    "lower one": (2, slice(-1, None)),
    "last": (1, slice(-1, None)),
    "first two": (3, slice(0, 2)),
    "last two": (3, slice(-2, None)),
}
"""Discs by their place in the list that was named before, and how long that is at least.

See `labeling.rewriting.picks`.
"""
_OF_SPINE = {"first two": "upper", "last two": "lower"}
"""What else such words mean: "the upper two levels"."""
_BEYOND: Mapping[str, Callable[[Sequence[Level]], tuple[Level, ...]]] = {
    "higher": lambda beside: LEVELS[1 : min(beside, default=3)],  # T12-L1 may be meant or not
    "levels upwards": lambda beside: LEVELS[: min(beside, default=0)],
    "levels downwards": lambda beside: LEVELS[max(beside, default=len(LEVELS)) + 1 :],
    "this and upwards": lambda beside: LEVELS[: max(beside, default=-1) + 1],
    "this and downwards": lambda beside: LEVELS[min(beside, default=len(LEVELS)) :],
}
_ALL_IMAGED = "references/all-imaged"
_BENEATH = 1 << Level.L3_L4 | 1 << Level.L4_L5
_IN_FORCE = frozenset(
    {"scope", "local", "this", "these", "there", "both levels", "heading", "kind", OPERATED, "these three"}
)
_REACH = {"one": 0, "vertebra": 0, "list": 1, "range": 2}
IMPLIED_REACH, OTHERWISE_REACH = 8, 9
_Target = tuple[Sequence[Level], int, int, Words | None]
"""Levels, how far the statement reaches, offset of the sentence that names the levels, words that do."""
_NO_TARGET: _Target = ((), 0, 0, None)


class Targets(Codes):
    """Finds the levels of a statement."""

    __slots__ = ()

    def _levels(self, statement: Statement, offset: int, tags: WordsOfTags) -> _Target:
        ref = statement.level
        if ref.mention is not None:
            if ref.reference == "mainly" and self.scope is not None and self._within_block(ref.mention):
                return self.scope.levels, 1, self.scope_offset, self.scope_words
            if ref.element >= 0:
                return (ref.mention.levels[ref.element],), 0, offset, named(tags, ref.mark)
            return ref.mention.levels, _REACH.get(ref.mention.span, 0), offset, named(tags, ref.mark)
        if ref.reference in _IN_FORCE:
            return _one_of_two(self._in_force(statement, offset, tags), ref.element)
        if (block := self._block(statement)) is not None:
            return block.levels, OTHERWISE_REACH, offset, named(tags, ref.mark)
        levels, reach = self._referred(statement)
        words = named(tags, ref.mark)
        if self.imaged and words is not None and words[3] == _ALL_IMAGED:
            levels = [level for level in levels if self.imaged >> level & 1]
        return levels, reach, offset, words

    def _within_block(self, mention: LevelMention) -> bool:
        """Whether `mention` is one of several levels that head the block."""
        return self.in_block and self.scope is not None and set(mention.levels) < set(self.scope.levels)

    def _block(self, statement: Statement) -> LevelMention | None:
        """The level that "otherwise" speaks of: its own heading, or that of the block it stands in."""
        if statement.level.reference != "otherwise":
            return None
        if statement.level.among is not None or not self.in_block or self.scope is None:
            return statement.level.among
        said = all(
            self.cells.get(level * 16 + NUMBERS[code])
            for level in self.scope.levels
            for code in self._codes(statement)
        )
        return None if said and not self.keyed else self.scope

    def _in_force(self, statement: Statement, offset: int, tags: WordsOfTags) -> _Target:
        ref = statement.level
        if ref.reference in {"this", "these", "both levels"} and ref.among is not None:
            return ref.among.levels, _REACH.get(ref.among.span, 0), offset, named(tags, ref.mark)
        if these := self._operated(statement) if ref.reference == OPERATED else self._these(ref.reference):
            return these, 0 if ref.reference == "this" else 1, offset, named(tags, ref.mark)
        if self._is_elsewhere(statement) or self._is_of_study(statement):
            return _NO_TARGET
        in_scope = ref.reference != "heading" or self.scope_heading or self.first
        if self.scope is not None and in_scope and not self._is_of_other_key(statement):
            spread = ref.reference in {"these", "these three", "both levels"} or is_denial(statement)
            scope = self.spread if self.spread is not None and spread else self.scope
            return scope.levels, _REACH.get(scope.span, 0), self.scope_offset, self.scope_words
        told = bool(statement.codes) or self.topic in self.readings  # "ADDENDUM: None." denies nothing
        titled = ref.reference == "heading" and self.first  # "Foramina", and below it "Normal."
        of_all = ref.reference == "scope" or (ref.reference == "there" and not self.described)
        if (titled or (of_all and is_denial(statement))) and told and not self.closed:
            return LEVELS, 4, 0, None
        return _NO_TARGET

    def _is_elsewhere(self, statement: Statement) -> bool:
        """Whether it is of what lies away from the level in force; what is denied there is denied here too.

        As in "L5-S1: Disc bulge. Burst fracture of L1 with moderate canal stenosis.".
        """
        ref = statement.level
        if ref.reference != "local" or ref.among is None or self.scope is None:
            return self.passed and not is_denial(statement)
        return not self.scope.mask & ref.among.mask

    def _is_of_other_key(self, statement: Statement) -> bool:
        """Whether a finding is told with no level behind the levels of another, under the key of that one.

        As in "Foramina: mild narrowing at L3-4 and moderate at L4-5. The facets are diseased.".
        """
        if self.spread is None or not self.chapter or self.topic not in self.readings:
            return False
        return bool(statement.codes) and all(CODES[code][0].key != self.topic for code in statement.codes)

    def _is_of_study(self, statement: Statement) -> bool:
        """Whether it is not of the level spoken of last, where no block tells the level.

        "Otherwise unremarkable" is of the whole study, unless the level has a key or a line of its own; in
        "Mild stenosis at L3-4. The canal is patent at the operated levels." those are others.
        """
        ref = statement.level.reference
        if statement.phrase == "otherwise":
            own = self.keyed or (self.by_lines and self.scope_offset == self.line)
            return ref != "this" and not (own and self.in_block)
        return not self.in_block and ref in {"kind", OPERATED} and bool(self.positive)

    def _these(self, reference: str) -> tuple[Level, ...]:
        """The levels that "these levels" points back to; empty where the level in force is meant."""
        if reference == "both levels" and len(self.positive) != 2:
            return self.spoken
        if reference == "this" and self.scope is not None:
            return ()
        if reference == "these three" and self.named.bit_count() == 3:
            return tuple([level for level in LEVELS if self.named >> level & 1])
        if reference in {"these", "these three"} or (reference == "there" and self.scope is None):
            return self._several()
        if reference == "this" and (len(self.positive) != 1 or self.spoken[:1] != self.positive):
            return self.spoken[:1]  # "Modic change at L3-4. Mild canal stenosis at this level."
        return self.positive if reference in {"this", "both levels"} else ()

    def _operated(self, statement: Statement) -> tuple[Level, ...]:
        """The levels of the operation that was told of; empty within the block of one of them.

        "Operated levels remain open." is no word for a whole level.
        """
        told = self.lesions.get(OPERATED, 0) if statement.codes else 0
        own = self.in_block and self.scope is not None and self.scope.mask & told
        return () if own else tuple([level for level in LEVELS if told >> level & 1])

    def _several(self) -> tuple[Level, ...]:
        """The levels of "these levels": those just found narrow, or all spoken of where that is only one."""
        of_one = self.scope is not None and len(self.scope.levels) == 1
        if self.scope is not None and not of_one and set(self.positive) < set(self.scope.levels):
            return ()  # "mild, moderate and no stenosis at L3-4, L4-5 and L5-S1": all three
        told = 0
        several = (of_one and self.in_block) or len(self.positive) == 1
        if several and self.positive and self.named & (self.named - 1):
            told = self.named  # "Narrow at L4-5, wide at L5-S1. At these levels ..."
        elif several:
            # "- L1-2 is normal. - Protrusion at L2-3. - Narrow canal at L4-5. - At these levels ..."
            normal = [one for one in LEVELS if self.described >> one & 1 and self._is_called_normal(one)]
            found = self.described & ~sum([1 << level for level in normal])
            told = found if found & (found - 1) else self.described
        elif of_one and not self.positive:
            # "The L1-2 disc is dry. The L2-3 disc bulges. At these levels ..."
            told = self.described & ~sum({1 << level for level in self.previous[: self.known]})
        elif self.scope is None and not self.positive:
            told = self.named
        if of_one and not self.positive and not told & (told - 1):
            return ()
        if told & (told - 1) or not self.positive:
            return tuple(level for level in LEVELS if told >> level & 1)
        return self.positive

    def _referred(self, statement: Statement) -> tuple[Sequence[Level], int]:
        ref = statement.level
        if ref.reference in _BEYOND:
            return self._beyond(statement), 3
        if ref.reference in COUNTED_RANGES:
            return self._counted_on(statement), 1
        if ref.reference == NEIGHBOURS and self.lesions.get(OPERATED, 0):
            return (), 0  # which levels lie beside an operation is not told
        if ref.reference == NEIGHBOURS:
            return neighbours_of(ref.among.levels if ref.among is not None else self._last_levels()), 1
        if ref.reference in LESION_LEVELS:
            return self._level_of(ref.reference), 0
        return self._named_by_place(ref)

    def _level_of(self, lesion: str) -> tuple[Level, ...]:
        """The level of "at the level of the slip": that where one was told, if it is only one."""
        told = self.lesions.get(lesion, 0)
        levels = tuple([level for level in LEVELS if told >> level & 1])
        return levels if len(levels) == 1 else ()

    def _named_by_place(self, ref: LevelRef) -> tuple[Sequence[Level], int]:
        """The levels of words that need nothing but what was told before them."""
        if ref.reference in {"above", "below"}:
            beside = ref.among.levels if ref.among is not None else self._last_levels()
            return self._beside(ref.reference, beside), 0
        if ref.reference in {"former", "latter"}:
            within = ref.among.levels[::-1] if ref.among is not None else ()
            last = tuple(dict.fromkeys((*within, *self.spoken_before)))[:2]
            return last[1:] if ref.reference == "former" else last[:1], 0
        if ref.reference in _PICKED:
            block = self.scope.levels if self.scope is not None else ()
            two = ref.reference in _OF_SPINE
            several = sorted(block if len(block) > 1 or two else self._several())
            least, picked = _PICKED[ref.reference]
            if len(several) >= least:
                return several[picked], 0
            return _REFERRED.get(_OF_SPINE.get(ref.reference, ""), ((), 0))
        if ref.reference == "upper three":
            return self._upper_three(), 3
        return _REFERRED.get(ref.reference, ((), 0))

    def _upper_three(self) -> Sequence[Level]:
        """From L1-2 down where L4-5 is told before or after and L3-4 not; otherwise from T12-L1."""
        beneath = [told for told in (self.told, self.foretold) if (told & _BENEATH) == 1 << Level.L4_L5]
        return LEVELS[1:4] if beneath else LEVELS[:3]

    def _beyond(self, statement: Statement) -> Sequence[Level]:
        """All levels above, or below, the one spoken of last; for a level called normal the undescribed."""
        ref = statement.level
        beside = ref.among.levels if ref.among is not None else self._last_levels()
        if statement.high:
            # how far up it is narrow cannot be told; below L4-5 there is but one level
            one = ref.reference == "levels downwards" and max(beside, default=0) == Level.L4_L5
            return LEVELS[-1:] if one else ()
        if ref.reference == "higher":
            beside = [*beside, *self._differing(statement)]
        levels = _BEYOND[ref.reference](beside)
        if ref.among is None and not statement.implied and not ref.reference.startswith("this "):
            # "Severe at L4-5. Also narrow at L5-S1. No stenosis farther up.": above both
            codes = self._whole_codes("study") if statement.bare else self._codes(statement)
            return [level for level in levels if not self._is_narrow(level, codes)]
        return [level for level in levels if not (statement.implied and self.described >> level & 1)]

    def _differing(self, statement: Statement) -> list[Level]:
        """The levels that higher ones lie above: those found narrow, or not called normal as a whole."""
        if statement.implied:
            told = [level for level in LEVELS if self.told >> level & 1]
            return [level for level in told if not self._is_called_normal(level)]
        codes = self._whole_codes("study") if statement.bare else self._codes(statement)
        return [level for level in LEVELS if self._is_narrow(level, codes)]

    def _counted_on(self, statement: Statement) -> Sequence[Level]:
        """The levels of "the three levels above", beyond those beside the last one that were told before.

        In "L4-5: Protrusion. L5-S1: Mild narrowing. The two levels above are normal." L4-5 is none of them.
        Where they may be among those told ("L3-4: normal. L4-5: ..."), only what is meant either way counts.
        """
        ref = statement.level
        if ref.among is not None:
            return counted_beside(ref.reference, ref.among.levels)
        beside, codes = self._last_levels(), self._codes(statement)
        told = [level for level in LEVELS if self.told >> level & 1]
        differ = told if not statement.high else []
        if statement.implied:
            differ = [level for level in told if not self._is_called_normal(level)]
        elif codes:
            differ = [level for level in differ if self._is_narrow(level, codes)]
        after_all = counted_beside(ref.reference, beside, told)
        return [level for level in counted_beside(ref.reference, beside, differ) if level in after_all]

    def _last_levels(self) -> Sequence[Level]:
        """The level in force, or else the one spoken of last."""
        return self.scope.levels if self.scope is not None else self.spoken[:1]

    def _beside(self, reference: str, levels: Sequence[Level]) -> Sequence[Level]:
        """The level above the first of `levels`, or below the last.

        It is none that the same sentence names: "Fusion of L4-5 and L5-S1. The level above is normal.".
        """
        if not levels:
            return []
        step = -1 if reference == "above" else 1
        at = (min if step < 0 else max)(levels) + step
        if any(self.named >> level & 1 for level in levels):
            while at in LEVELS and self.named >> at & 1:
                at += step
        return [LEVELS[at]] if at in LEVELS else []

    def _described_for(self, statement: Statement) -> int:
        """The levels that "remaining" leaves out, as bits: for a named finding those spoken of until then.

        -1, all of the report's, where it is said of a level as a whole; -2, all but
        those of worn discs, of any stenosis.
        """
        if statement.implied or statement.phrase in {"same", "not", "measure"}:
            return -1
        return -2 if statement.bare or not statement.codes else self.told or -2


def _one_of_two(target: _Target, element: int) -> _Target:
    """One of two levels pointed to: "At these levels it is mild and moderate respectively."."""
    if element < 0:
        return target
    levels, _, offset, words = target
    return (levels[element : element + 1], 0, offset, words) if len(levels) == 2 else _NO_TARGET


def named(tags: WordsOfTags, mark: int) -> Words | None:
    """The words of tag number `mark`, if there is one that stands in the sentence itself."""
    return tags[mark] if mark >= 0 and tags[mark][0] >= 0 else None


def is_denial(statement: Statement) -> bool:
    """Whether a statement with no level speaks of all: a certain negative, or a structure called normal."""
    denies = statement.low == 0 and statement.high <= 2
    return denies and not (
        statement.implied or statement.uncertain or statement.phrase in {"measure", "same", "also", "not"}
    )
