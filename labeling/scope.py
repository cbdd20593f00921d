"""The walk over a report's sentences: sections, the level in force, and every statement applied to its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from labeling.consensus import SECTION_RANK, Claim, Place
from labeling.levels import LevelMention
from labeling.sections import COUNTED, Sentence
from labeling.statements import NOTHING, LevelRef, ParsedSentence, Statement, Template
from lexicons.findings import CODES, FINDINGS
from lexicons.lexicon import Reading
from lexicons.vocabulary import LEVELS, Basis, Level

_ALL = tuple(LEVELS)
_SPAN_REACH = {"one": 0, "vertebra": 0, "list": 1, "range": 2}
_UPPER = (Level.L1_L2, Level.L2_L3)
_LOWER = (Level.L4_L5, Level.L5_S1)
_NOWHERE = Place(0, ParsedSentence(NOTHING, ()))
Cells = dict[tuple[Level, str], list[Claim]]


@dataclass(slots=True)
class _Late:
    """A statement about the remaining levels: applied when the others are known."""

    statement: Statement
    section: int
    place: Place
    codes: tuple[str, ...]


@dataclass(slots=True)
class Walk:
    """State of the walk. `cells` collects the claims, `described` the levels that the report speaks of."""

    readings: Mapping[str, Reading]
    cells: Cells = field(default_factory=dict)
    described: set[Level] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)
    late: list[_Late] = field(default_factory=list)
    section: str = "findings"
    scope: LevelMention | None = None
    scope_mark: int = -1
    scope_place: Place = _NOWHERE
    scope_heading: bool = False
    closed: bool = False
    region: str = ""
    topic: str = ""
    last_codes: tuple[str, ...] = ()
    last_value: Statement | None = None
    positive: tuple[Level, ...] = ()
    previous: list[Level] = field(default_factory=list)
    unread: int = 0

    def run(self, sentences: Sequence[Sentence], parsed: Sequence[ParsedSentence]) -> None:
        """Applies every sentence, then what was said of the remaining levels."""
        last_findings = max((i for i, p in enumerate(parsed) if p.section == "findings"), default=-1)
        for at, (sentence, one) in enumerate(zip(sentences, parsed, strict=True)):
            self._enter(sentence, one, at < last_findings)
            if self.section in COUNTED:
                self._apply(Place(sentence.start, one))
        for late in self.late:
            self._apply_late(late)

    # Where a sentence stands ------------------------------------------------------------------------------------

    def _enter(self, sentence: Sentence, parsed: ParsedSentence, more_headings: bool) -> None:
        one = parsed.template
        if parsed.section:
            self.section = parsed.section
            self.topic = ""
            self._clear()
            if parsed.section == "addendum":
                self.flags.add("addendum")
            self.region = "" if parsed.section in COUNTED else self.region
        elif self.section not in COUNTED and not more_headings and _leaves(sentence, one):
            self.section = "findings"
        if sentence.after == "blank":
            self.topic = ""
            if not self.scope_heading:
                self._clear()
        if sentence.numbered:
            self._clear()
        if one.region:
            self.region = one.region
            self._clear()
        elif one.mentions and self.region == "other":
            self.region = ""
        if one.topic:
            self.topic = one.topic

    def _clear(self) -> None:
        self.scope, self.scope_mark, self.scope_heading, self.closed = None, -1, False, False

    # What it says -----------------------------------------------------------------------------------------------

    def _apply(self, place: Place) -> None:
        one = place.parsed.template
        self.flags |= one.flags
        self.unread += one.unread
        section = SECTION_RANK[self.section]
        for mention in one.mentions:
            self.described.update(mention.levels)
        if self.region != "other":
            positive: list[Level] = []
            for statement in one.statements:
                self._state(statement, section, place, positive)
            if positive:
                self.positive = tuple(dict.fromkeys(positive))
        if one.closes:
            self._clear()
            self.closed = True
        elif one.opens is not None:
            self.scope, self.scope_mark, self.scope_place = one.opens, one.opens_mark, place
            self.scope_heading, self.closed = one.heading_only, False
        elif one.statements:
            self.scope_heading = self.scope_heading and self.scope is not None

    def _state(self, statement: Statement, section: int, place: Place, positive: list[Level]) -> None:
        if statement.topic and statement.topic != self.topic:
            return
        reference = statement.level.reference
        if reference in {"remaining", "elsewhere"}:
            codes = self._codes(statement)
            if reference == "elsewhere" and statement.implied and self.topic in self.readings:
                codes = tuple(FINDINGS[self.topic].codes.values())
            self.late.append(_Late(statement, section, place, codes))
            return
        levels, reach, mark, level_place = self._levels(statement, place)
        if not levels:
            return
        levels = [level for level in levels if not any(level in mention.levels for mention in statement.excluded)]
        if statement.phrase in {"ditto", "as at", "same"}:
            self._copy(statement, levels, section, place)
            return
        for codes, claim in self._claims(statement, section, reach, mark, place, level_place):
            for level in levels:
                for code in codes:
                    self._claim(level, code, claim)
        if statement.low > 0:
            positive += levels
        if statement.codes and statement.phrase != "measure":
            self.last_codes, self.last_value = statement.codes, statement

    def _claims(
        self, statement: Statement, section: int, reach: int, mark: int, place: Place, level_place: Place
    ) -> Iterable[tuple[tuple[str, ...], Claim]]:
        codes = self._codes(statement)
        basis = Basis.STATED if reach <= 1 else Basis.INHERITED
        if statement.implied:
            basis, reach = Basis.IMPLIED, 9 if statement.phrase == "otherwise" else 8
        yield codes, Claim(
            statement.low, statement.high, statement.phrase, statement.uncertain, section, reach, statement.rank, basis,
            statement.flags, statement.marks, place, mark, level_place,
        )

    def _codes(self, statement: Statement) -> tuple[str, ...]:
        if statement.implied:
            wanted = {"study"} if statement.phrase == "study" else {"study", "level"}
            return tuple(
                code for key, r in self.readings.items() if r.normal in wanted for code in FINDINGS[key].codes.values()
            )
        if not statement.codes:
            return self._topic_codes(statement.side)
        if statement.bare and self.topic in self.readings and statement.codes:
            return tuple(FINDINGS[self.topic].codes.values()) if len(statement.codes) != 1 else statement.codes
        return statement.codes

    def _topic_codes(self, side: str) -> tuple[str, ...]:
        keys = {CODES[code][0].key for code in self.last_codes}
        return tuple(
            code
            for code, (finding, of) in CODES.items()
            if finding.key in keys and (not side or (of is not None and of.value == side))
        )

    def _levels(self, statement: Statement, place: Place) -> tuple[list[Level], int, int, Place]:
        """The levels of a statement, how far it reaches, and the words that name them."""
        ref = statement.level
        if ref.mention is not None:
            levels = ref.mention.levels
            if ref.element >= 0:
                return [levels[ref.element]], 0, ref.mark, place
            return list(levels), _SPAN_REACH.get(ref.mention.span, 0), ref.mark, place
        if ref.reference in {"scope", "local", "this", "these", "heading"}:
            return self._in_force(statement, place)
        return *self._referred(ref), ref.mark, place

    def _in_force(self, statement: Statement, place: Place) -> tuple[list[Level], int, int, Place]:
        ref = statement.level
        if ref.reference not in {"scope", "local"} and ref.among is not None and ref.reference != "heading":
            return list(ref.among.levels), _SPAN_REACH.get(ref.among.span, 0), ref.mark, place
        if ref.reference == "these" and self.positive:
            return list(self.positive), 1, ref.mark, place
        if self.scope is not None and (ref.reference != "heading" or self.scope_heading):
            return list(self.scope.levels), _SPAN_REACH.get(self.scope.span, 0), self.scope_mark, self.scope_place
        negative = statement.high <= 2 and statement.low == 0 and not statement.implied and not statement.uncertain
        if ref.reference == "scope" and negative and not self.closed and statement.phrase not in {"measure", "same"}:
            return list(_ALL), 4, -1, place
        return [], 0, -1, place

    def _referred(self, ref: LevelRef) -> tuple[list[Level], int]:
        current = self.scope.levels if self.scope is not None else ()
        match ref.reference:
            case "all":
                return list(_ALL), 4
            case "upper":
                return list(_UPPER), 3
            case "lower":
                return list(_LOWER), 3
            case "above":
                return [LEVELS[level - 1] for level in current[:1] if level > 0], 0
            case "below":
                return [LEVELS[level + 1] for level in current[:1] if level < len(LEVELS) - 1], 0
        return [], 0

    def _copy(self, statement: Statement, levels: list[Level], section: int, place: Place) -> None:
        """Copies the cells of the level named, or the value given last."""
        source: Sequence[Level]
        if statement.phrase == "same":
            if self.last_value is None:
                return
            value = self.last_value
            for level in levels:
                for code in self._codes(statement):
                    claim = Claim(
                        value.low, value.high, value.phrase, value.uncertain, section, 0, 2, Basis.STATED,
                        value.flags, statement.marks, place, -1, place,
                    )
                    self._claim(level, code, claim)
            return
        targets = levels
        if statement.source is not None:
            source = statement.source.mention.levels if statement.source.mention else self._referred(statement.source)[0]
        elif statement.level.reference == "above":
            source, targets = levels, list(self.scope.levels) if self.scope is not None else []
        else:
            source = [level for level in self.previous if level not in levels][-1:]
        for level in targets:
            for origin in source:
                for code in statement.codes or tuple(CODES):
                    for claim in list(self.cells.get((origin, code), ())):
                        if origin is not level:
                            self._claim(level, code, claim)

    def _apply_late(self, late: _Late) -> None:
        statement = late.statement
        whole = statement.level.reference == "remaining"
        reach = 8 if statement.implied else 3
        basis = Basis.IMPLIED if statement.implied else Basis.INHERITED
        for level in _ALL:
            if whole and level in self.described:
                continue
            for code in late.codes:
                if any(claim.phrase != "measure" and claim.reach < 4 for claim in self.cells.get((level, code), ())):
                    continue
                self._claim(
                    level,
                    code,
                    Claim(
                        statement.low, statement.high, statement.phrase, statement.uncertain, late.section, reach,
                        statement.rank, basis, statement.flags, statement.marks, late.place, statement.level.mark,
                        late.place,
                    ),
                )

    def _claim(self, level: Level, code: str, claim: Claim) -> None:
        if claim.reach <= 1 and (not self.previous or self.previous[-1] is not level):
            self.previous.append(level)
        self.cells.setdefault((level, code), []).append(claim)


def _leaves(sentence: Sentence, one: Template) -> bool:
    """Whether a sentence ends a section that does not count: a new paragraph, or a line that begins with a level."""
    return sentence.after == "blank" or (sentence.after == "line" and one.opens is not None)
