"""The walk over a report's sentences: sections, the level in force, statements applied to cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from labeling.consensus import SECTION_RANK, Claim
from labeling.levels import LevelMention
from labeling.sections import COUNTED, Sentence
from labeling.statements import NOTHING, LevelRef, ParsedSentence, Statement, Template, Words
from lexicons.findings import CODES, FINDINGS
from lexicons.lexicon import Reading
from lexicons.vocabulary import LEVELS, Basis, Level

NUMBERS: dict[str, int] = {code: number for number, code in enumerate(CODES)}
"""Every cell code by its place in `CODES`. A cell is ``level * 16 + number``: comparing and hashing plain
integers is what makes the walk cheap."""

MIRRORED: dict[str, str] = {
    code: next(other for side, other in finding.codes.items() if side != of or of is None)
    for code, (finding, of) in CODES.items()
}
"""The code of the other side; of a finding without sides the code itself."""

_ALL = tuple(LEVELS)
_REFERRED: Mapping[str, tuple[tuple[Level, ...], int]] = {
    "all": (_ALL, 4),
    "upper": ((Level.L1_L2, Level.L2_L3), 3),
    "lower": ((Level.L4_L5, Level.L5_S1), 3),
    "upper three": (tuple(LEVELS[:3]), 3),
    "lower three": ((Level.L3_L4, Level.L4_L5, Level.L5_S1), 3),
}
_IN_FORCE = frozenset({"scope", "local", "this", "these", "both levels", "heading"})
_COPIES = frozenset({"ditto", "as at", "same"})
_REACH = {"one": 0, "vertebra": 0, "list": 1, "range": 2}
_IMPLIED_REACH, _OTHERWISE_REACH = 8, 9
_Target = tuple[Sequence[Level], int, int, Words | None]
"""Levels, how far the statement reaches, offset of the sentence that names the levels, words that do."""
_Words = tuple[Words, ...]
_STATED, _INHERITED, _IMPLIED = Basis  # a name costs a fifth of an attribute of an enum
_CLAIM: Callable[[tuple[object, ...]], Claim] = partial(tuple.__new__, Claim)  # half of the time of `Claim`
_NO_TARGET: _Target = ((), 0, 0, None)


@dataclass(slots=True)
class _Late:
    """A statement about the remaining levels: applied when the others are known."""

    statement: Statement
    section: int
    offset: int
    words: _Words
    level_words: Words | None
    codes: tuple[str, ...]
    described: int  # bit per level that "remaining" leaves out; -1 for all that the report speaks of


@dataclass(slots=True)
class Walk:
    """State of the walk: `cells` collects the claims of every cell, `flags` those of the report."""

    readings: Mapping[str, Reading]
    cells: defaultdict[int, list[Claim]] = field(default_factory=lambda: defaultdict(list))
    flags: set[str] = field(default_factory=set)
    unread: int = 0
    described: int = 0  # bit per level that the report speaks of
    late: list[_Late] = field(default_factory=list)
    section: str = "findings"
    region: str = ""
    topic: str = ""
    topic_side: str = ""
    chapter: str = ""  # the key in force holds several levels: `line` to the end of its line, `title` beyond
    titled: bool = False
    side: str = ""
    scope: LevelMention | None = None
    spread: LevelMention | None = None
    scope_offset: int = 0
    scope_words: Words | None = None
    scope_heading: bool = False
    in_block: bool = False
    keyed: bool = False
    closed: bool = False
    last: Statement | None = None
    positive: tuple[Level, ...] = ()
    spoken: tuple[Level, ...] = ()  # the last two levels spoken of, the last one first
    previous: list[Level] = field(default_factory=list)

    def run(self, sentences: Sequence[Sentence], parsed: Sequence[ParsedSentence]) -> None:
        """Applies every sentence, then what was said of the remaining levels."""
        last_findings = max([i for i, one in enumerate(parsed) if one.section == "findings"], default=-1)
        counted, astray = self.section in COUNTED, False
        for at, (sentence, one) in enumerate(zip(sentences, parsed, strict=True)):
            start, _, after, numbered = sentence
            template = one.template
            # Most sentences stand where the one before stood, and change nothing before they are read.
            if astray or after == "blank" or numbered or one.section or template.region or template.topic:
                self._enter(sentence, one, at < last_findings)
                counted = self.section in COUNTED
                astray = not counted or self.region != "" or self.topic != ""
            if counted and template is not NOTHING:
                self._apply(start, one)
        # A statement repeated word for word says no more than once.
        for late in {(id(late.statement), late.section): late for late in self.late}.values():
            self._apply_late(late)

    # Where a sentence stands
    # ------------------------------------------------------------------------------------

    def _enter(self, sentence: Sentence, parsed: ParsedSentence, more_headings: bool) -> None:
        one = parsed.template
        if parsed.section:
            self.section = parsed.section
            self.topic = self.chapter = ""
            self._clear()
            if parsed.section == "addendum":
                self.flags.add("addendum")
            if parsed.section in COUNTED:
                self.region = ""
        elif self.section not in COUNTED and not more_headings and _leaves(sentence, one):
            self.section = "findings"
        titled, self.titled = self.titled, False
        if sentence.after == "blank":
            if not titled:
                self.topic = self.chapter = ""
            if not self.scope_heading:
                self._clear()
        if sentence.numbered:
            self._clear()
        if one.region:
            self.region = one.region
            self._clear()
        elif one.described and self.region == "other":
            self.region = ""
        self._enter_topic(sentence, one, titled)

    def _enter_topic(self, sentence: Sentence, one: Template, titled: bool) -> None:
        """A key ends with the block of its level; a chapter, outside of any block, holds several levels."""
        if titled and self.in_block and not one.heading:
            self.chapter = ""
        if one.heading and self.chapter != "title" and (not self.chapter or sentence.after != "stop"):
            self.topic = self.chapter = ""
        if one.topic and self.chapter:
            self._clear()
        if one.topic:
            if self.chapter and not self.in_block:
                self._clear()  # "Canal: severe at L4-5. Foramina: patent."
            self.topic, self.topic_side, self.titled = one.topic, one.topic_side, one.title
            self.chapter = "title" if one.title else "" if self.in_block else "line"
            if self.topic not in self.readings:
                self.chapter, self.titled = "", False
        elif one.topic_side and self.topic:
            self.topic_side = one.topic_side

    def _clear(self) -> None:
        self.scope, self.scope_words, self.scope_heading, self.closed = None, None, False, False
        self.in_block = False

    # What it says
    # -----------------------------------------------------------------------------------------------

    def _apply(self, offset: int, parsed: ParsedSentence) -> None:
        one = parsed.template
        if one.flags or one.unread:
            self.flags |= one.flags
            self.unread += one.unread
        if one.described:
            self.described |= one.described
            self.spoken = tuple(dict.fromkeys((*one.spoken, *self.spoken)))[:2]
        if one.statements and self.region != "other":
            positive: list[Level] = []
            for statement, words in zip(one.statements, parsed.evidence, strict=True):
                self._state(statement, offset, words, parsed.words, positive)
            if positive:
                self.positive = tuple(positive)
        self.side = one.last_side or self.side
        if one.clears:
            self._clear()
        elif one.closes:
            self._clear()
            self.closed = True
        elif one.opens is not None:
            self.scope, self.scope_offset, self.spread = one.opens, offset, one.spread
            self.scope_words = _named(parsed.words, one.opens_mark)
            self.scope_heading, self.closed = one.heading_only, False
            self.in_block, self.keyed = one.heading, one.keyed

    def _state(
        self, statement: Statement, offset: int, words: _Words, tags: _Words, positive: list[Level]
    ) -> None:
        if (
            statement.topic
            and statement.topic != self.topic
            and not (statement.topic == "any" and self.chapter)
        ):
            self.unread += statement.topic == "any"  # "L4-5: severe", with nothing that says what is
            return
        if statement.phrase == "past":
            self.last = statement
            return
        if self.chapter and statement.level.reference == "remaining":
            statement = replace(statement, level=replace(statement.level, reference="elsewhere"))
        ref, section = statement.level, SECTION_RANK[self.section]
        if ref.reference in {"remaining", "elsewhere"} or (
            ref.reference == "otherwise" and self._block(statement) is None
        ):
            codes = self._late_codes(statement)
            self.late.append(
                _Late(
                    statement,
                    section,
                    offset,
                    words,
                    _named(tags, ref.mark),
                    codes,
                    self._described_for(statement),
                )
            )
            return
        levels, reach, level_offset, level_words = self._levels(statement, offset, tags)
        if statement.excluded:
            levels = [
                level
                for level in levels
                if not any(level in mention.levels for mention in statement.excluded)
            ]
        if not levels:
            return
        if statement.phrase in _COPIES:
            self._copy(statement, levels, section, offset, words)
            return
        claim = _claim(statement, section, reach, offset, words, level_offset, level_words)
        self._add(levels, self._codes(statement), claim)
        if statement.low > 0 and statement.phrase != "measure":
            positive += [level for level in levels if level not in positive]
        foramina = statement.bare and not statement.high and len(statement.codes) > 1
        if statement.codes and statement.phrase != "measure" and not foramina:
            self.last = statement  # "No stenosis at L1-2. Mild at L3-4." goes on about the canal

    def _add(self, levels: Sequence[Level], codes: Iterable[str], claim: Claim) -> None:
        cells = self.cells
        added = False
        for code in codes:
            number = NUMBERS[code]
            for level in levels:
                cells[level * 16 + number].append(claim)
            added = True
        told = added and (claim.reach <= 1 or claim.basis is _IMPLIED)
        if told and (not self.previous or self.previous[-1] is not levels[-1]):
            self.previous += levels

    # Which cells
    # ------------------------------------------------------------------------------------------------

    def _codes(self, statement: Statement) -> tuple[str, ...]:
        if statement.implied and self.chapter and statement.phrase in {"normal", "otherwise"}:
            return self._topic_codes()
        if statement.implied:
            return self._whole_codes("study" if statement.phrase == "study" else "level")
        if not statement.codes:
            return self._last_codes(statement.side)
        if statement.bare and self._topical(statement):
            if len(statement.codes) == 1 and (side := CODES[statement.codes[0]][1]) is not None:
                code = FINDINGS[self.topic].codes.get(side)
                return () if code is None else (code,)
            return self._topic_codes()
        return self._beside_side(statement.codes) if statement.relative else statement.codes

    def _beside_side(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """The codes of the side named last, or of the other one: "on that side", "the other foramen"."""
        if not self.side:
            return ()
        return codes if self.side == "right" else tuple(MIRRORED[code] for code in codes)

    def _topic_codes(self) -> tuple[str, ...]:
        """The cells of the key in force, of its side only where it names one."""
        return tuple(
            code
            for side, code in FINDINGS[self.topic].codes.items()
            if self.topic_side in {"", "both", str(side)} or side is None
        )

    def _topical(self, statement: Statement) -> bool:
        """Whether a stenosis with no structure is that of the key it stands under ("Foramina: ...")."""
        if self.topic not in self.readings:
            return False
        if self.chapter and not statement.topic:
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

    def _last_codes(self, side: str) -> tuple[str, ...]:
        """The cells of the finding spoken of last: "Left is mildly narrowed.", "At L4-5 this is mild."."""
        if self.chapter and not side:
            return self._topic_codes()
        if self.chapter:
            keys = {self.topic}
        else:
            keys = {CODES[code][0].key for code in self.last.codes} if self.last else set()
        return tuple(
            code for code, (finding, of) in CODES.items() if finding.key in keys and (not side or of == side)
        )

    # Which levels
    # -----------------------------------------------------------------------------------------------

    def _levels(self, statement: Statement, offset: int, tags: _Words) -> _Target:
        ref = statement.level
        if ref.mention is not None:
            if ref.element >= 0:
                return (ref.mention.levels[ref.element],), 0, offset, _named(tags, ref.mark)
            return ref.mention.levels, _REACH.get(ref.mention.span, 0), offset, _named(tags, ref.mark)
        if ref.reference in _IN_FORCE:
            return self._in_force(statement, offset, tags)
        if (block := self._block(statement)) is not None:
            return block.levels, _OTHERWISE_REACH, offset, _named(tags, ref.mark)
        levels, reach = self._referred(ref)
        return levels, reach, offset, _named(tags, ref.mark)

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

    def _in_force(self, statement: Statement, offset: int, tags: _Words) -> _Target:
        ref = statement.level
        if ref.reference in {"this", "these", "both levels"} and ref.among is not None:
            return ref.among.levels, _REACH.get(ref.among.span, 0), offset, _named(tags, ref.mark)
        if these := self._these(ref.reference):
            return these, 0 if ref.reference == "this" else 1, offset, _named(tags, ref.mark)
        if statement.phrase == "otherwise" and not self.in_block:
            return _NO_TARGET  # "otherwise unremarkable" of the whole study fills nothing
        if self.scope is not None and (ref.reference != "heading" or self.scope_heading):
            scope = self.spread if self.spread is not None and _is_denial(statement) else self.scope
            return scope.levels, _REACH.get(scope.span, 0), self.scope_offset, self.scope_words
        if ref.reference == "scope" and not self.closed and _is_denial(statement):
            return _ALL, 4, 0, None
        return _NO_TARGET

    def _these(self, reference: str) -> tuple[Level, ...]:
        """The levels that "these levels" points back to; empty where the level in force is meant."""
        if reference == "both levels" and len(self.positive) != 2:
            return self.spoken
        if reference == "this" and (self.scope is not None or len(self.positive) != 1):
            return ()
        return self.positive if reference in {"this", "these", "both levels"} else ()

    def _referred(self, ref: LevelRef) -> tuple[Sequence[Level], int]:
        if ref.reference in {"above", "below"}:
            return self._beside(ref.reference, self.scope.levels if self.scope is not None else ()), 0
        return _REFERRED.get(ref.reference, ((), 0))

    @staticmethod
    def _beside(reference: str, levels: Sequence[Level]) -> Sequence[Level]:
        """The level above the first of `levels`, or below the last."""
        if reference == "above":
            return [LEVELS[level - 1] for level in levels[:1] if level > 0]
        return [LEVELS[level + 1] for level in levels[-1:] if level + 1 < len(LEVELS)]

    # Copies and the rest
    # ----------------------------------------------------------------------------------------

    def _copy(
        self, statement: Statement, levels: Sequence[Level], section: int, offset: int, words: _Words
    ) -> None:
        """Copies the value given last ("Left: same.") or the cells of another level ("ditto")."""
        if statement.phrase == "same":
            if self.last is not None:
                claim = _claim(replace(self.last, rank=2), section, 0, offset, words, 0, None)
                self._add(levels, self._codes(statement), claim)
            return
        if statement.source is not None:
            mention = statement.source.mention
            source = mention.levels if mention else self._beside(statement.source.reference, levels)
        else:
            source = [level for level in self.previous if level not in levels][-1:]
        for level in levels:
            for origin in source:
                for code in statement.codes or NUMBERS:
                    for claim in tuple(self.cells.get(origin * 16 + NUMBERS[code], ())):
                        if origin is not level:
                            self._add((level,), (code,), claim)

    def _described_for(self, statement: Statement) -> int:
        """The levels that "remaining" leaves out, as bits: for a named finding those spoken of until then.

        -1, all of the report's, where it is said of a level as a whole.
        """
        return (self.described or -1) if statement.codes and not statement.bare else -1

    def _apply_late(self, late: _Late) -> None:
        """Remaining levels are those that nothing was said of; elsewhere is counted for each finding."""
        statement = late.statement
        reach = _IMPLIED_REACH if statement.implied else 3
        claim = _claim(statement, late.section, reach, late.offset, late.words, late.offset, late.level_words)
        for level in _ALL:
            if (
                statement.level.reference == "remaining"
                and (late.described if late.described >= 0 else self.described) >> level & 1
            ):
                continue
            for code in late.codes:
                said = self.cells.get(level * 16 + NUMBERS[code], ())
                if not any(other.statement.phrase != "measure" and other.reach < 4 for other in said):
                    self._add((level,), (code,), claim)


def _claim(
    statement: Statement,
    section: int,
    reach: int,
    offset: int,
    words: _Words,
    level_offset: int,
    level_words: Words | None,
) -> Claim:
    basis = _STATED if reach <= 1 else _INHERITED
    if statement.implied:
        basis = _IMPLIED
        reach = _OTHERWISE_REACH if statement.phrase == "otherwise" else _IMPLIED_REACH
    return _CLAIM((statement, section, reach, basis, offset, words, level_offset, level_words))


def _named(tags: _Words, mark: int) -> Words | None:
    """The words of tag number `mark`, if there is one that stands in the sentence itself."""
    return tags[mark] if mark >= 0 and tags[mark][0] >= 0 else None


def _is_denial(statement: Statement) -> bool:
    """Whether a statement with no level speaks of all: a certain negative, or a structure called normal."""
    denies = statement.low == 0 and statement.high <= 2
    return denies and not (
        statement.implied or statement.uncertain or statement.phrase in {"measure", "same"}
    )


def _leaves(sentence: Sentence, one: Template) -> bool:
    """Whether a sentence ends a section that does not count: a new paragraph, or a level heading."""
    return sentence.after == "blank" or (sentence.after == "line" and one.opens is not None)
