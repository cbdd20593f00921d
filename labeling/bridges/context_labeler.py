"""A second reader: the same lexicons under medspaCy's ConText.

It shares with the labelling engine how levels and headings are read, and nothing of how words become grades.
Structures are targets; grades, normal words, negation, doubt, earlier times and sides modify them within
their sentence (Harkema et al. 2009, Journal of Biomedical Informatics 42:839-851). Each target takes the
nearest grade. It is the baseline, and a voter: where it and the engine differ, a person should look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

# The quiet import comes first.
# isort: off
from labeling.bridges.context_pipeline import ContextPipeline
from spacy.tokens import Doc, Span as Tokens
# isort: on

from labeling.dictation import Dictation
from labeling.levels import LevelNotation, notation_of
from labeling.normalise import Folded
from labeling.policies import find_policy, regrade
from labeling.report import Evidence, LevelGrade, Report, ReportLabels, Span
from labeling.sections import COUNTED, Headings
from lexicons.findings import CODES, FINDINGS, PLACES, Finding
from lexicons.lexicon import Rule
from lexicons.load import load_lexicon
from lexicons.meanings import MEANINGS
from lexicons.vocabulary import LEVELS, Basis, Certainty, Interval, Level, Side

_ROLES = {
    "GRADE": "grade",
    "NORMAL": "grade",
    "HEAD": "head",
    "SIDE": "side",
    "NEGATED_EXISTENCE": "negation",
}
_SHORT = 9
_LEAD = 8
"""Characters that may stand before a level which begins its sentence: a bullet, "At the"."""


@dataclass(frozen=True, slots=True)
class _Claim:
    interval: Interval
    basis: Basis
    uncertain: bool
    flags: frozenset[str]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Mention:
    """Levels, and the characters of the document that name them."""

    start: int
    end: int
    levels: tuple[Level, ...]


@dataclass(slots=True)
class _Place:
    """Where the reading stands: the section, and the levels that hold until the next ones."""

    section: str = "findings"
    levels: tuple[Level, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def enter(self, section: str) -> None:
        """A heading: no level is in force under it."""
        self.section, self.levels, self.evidence = section, (), ()

    def leave(self, *, blank_line: bool) -> None:
        """What is neither findings nor impression ends with its paragraph."""
        if blank_line and self.section not in COUNTED:
            self.enter("findings")

    def stand(self, mention: _Mention, folded: Folded) -> None:
        """The levels of `mention` hold from here on."""
        self.levels = mention.levels
        span = Span(*folded.original(mention.start, mention.end))
        self.evidence = (Evidence(span, "level", "levels/expression"),)


@dataclass(slots=True)
class _Cells:
    claims: dict[tuple[Level, str], _Claim] = field(default_factory=dict)

    def add(self, level: Level, code: str, claim: _Claim) -> None:
        """The stated wins over the rest; of two that differ the higher stays, flagged."""
        old = self.claims.get((level, code))
        if old is None or (old.basis is not Basis.STATED and claim.basis is Basis.STATED):
            self.claims[level, code] = claim
        elif old.interval != claim.interval and old.basis is claim.basis:
            high = max(old, claim, key=lambda c: (c.interval.high, c.interval.low))
            self.claims[level, code] = replace(high, flags=high.flags | {"conflict"})


class ContextLabeler:
    """Labels reports as `labeling.labeler.Labeler` does, through a medspaCy pipeline."""

    def __init__(self, policy: str = "deepspine", language: str = "en", site: Path | None = None) -> None:
        self._policy = find_policy(policy)
        self._lexicon = load_lexicon(language, site=site)
        self._dictation = Dictation(self._lexicon)
        self._headings = Headings(self._lexicon)
        self._levels = notation_of(self._lexicon)
        self._pipeline = ContextPipeline(self._lexicon)

    @property
    def lexicon_hash(self) -> str:
        """Content hash of every lexicon file in use."""
        return self._lexicon.hash

    def label(self, report: Report) -> ReportLabels:
        """What `report` says of a cell, as far as ConText can tell; spans point into ``report.text``."""
        folded = self._dictation.fold(report.text)
        doc = self._pipeline.read(folded.text)
        place, cells = _Place(), _Cells()
        for sentence in doc.sents:
            self._read(sentence, folded, place, cells)
        found = sorted(cells.claims.items(), key=lambda item: (item[0][0], PLACES[item[0][1]]))
        return ReportLabels(
            report.id, tuple(self._grade(level, code, claim) for (level, code), claim in found)
        )

    def _read(self, sentence: Tokens, folded: Folded, place: _Place, cells: _Cells) -> None:
        words = sentence.text.lower()
        if not words.strip():
            place.leave(blank_line=words.count("\n") > 1)
            return
        mentions = _mentions(sentence, words, self._levels)
        section, _ = self._headings.read(words.strip())
        if section:
            place.enter(section)
        elif mentions and mentions[0].start == sentence.start_char:
            place.leave(blank_line=True)  # the heading of a level ends the history
        if place.section not in COUNTED:
            return
        if mentions:
            place.stand(mentions[0], folded)
        targets = list(sentence.ents)
        for target in targets:
            if mentions:
                place.stand(_mention_of(target, mentions, sentence), folded)
            for side, claim in _claims(target, folded):
                self._place(place, _finding(target).codes[side], claim, cells)
        if mentions and not targets and (normal := _normal_level(sentence, folded)) is not None:
            for code in CODES:
                self._place(place, code, normal, cells)

    def _place(self, place: _Place, code: str, claim: _Claim, cells: _Cells) -> None:
        """The claim at the levels in force; a negative under none of them goes for all six."""
        everywhere = not place.levels and claim.interval.high == 0
        basis = Basis.INHERITED if everywhere else claim.basis
        for level in LEVELS if everywhere else place.levels:
            evidence = (*place.evidence, *claim.evidence)
            cells.add(level, code, replace(claim, basis=basis, evidence=evidence))

    def _grade(self, level: Level, code: str, claim: _Claim) -> LevelGrade:
        finding, side = CODES[code]
        return LevelGrade(
            level=level,
            finding=finding,
            side=side,
            interval=claim.interval,
            grade=regrade(claim.interval, claim.flags, self._policy),
            certainty=Certainty.UNCERTAIN if claim.uncertain else Certainty.AFFIRMED,
            basis=claim.basis,
            flags=claim.flags,
            evidence=tuple(sorted(claim.evidence, key=lambda evidence: evidence.span)),
        )


def _mentions(sentence: Tokens, words: str, levels: LevelNotation) -> list[_Mention]:
    """The levels that a sentence names, in its order."""
    offset = sentence.start_char
    return [
        _Mention(m.start() + offset, m.end() + offset, found)
        for m in levels.apart.finditer(words)
        if (found := levels.parse(m[0]).levels)
    ]


def _mention_of(target: Tokens, mentions: list[_Mention], sentence: Tokens) -> _Mention:
    """The levels of a target: those before it where the sentence begins with levels, else those after it."""
    before = [one for one in mentions if one.start < target.start_char]
    after = [one for one in mentions if one.start > target.start_char]
    leads = mentions[0].start - sentence.start_char < _LEAD
    return before[-1] if before and (leads or not after) else after[0]


def _finding(target: Tokens) -> Finding:
    return FINDINGS[target._.target_rule.metadata["rule"].file.removeprefix("findings/")]


def _claims(target: Tokens, folded: Folded) -> Iterator[tuple[Side | None, _Claim]]:
    """What the modifiers of a target say of each side of its finding."""
    modifiers = sorted(target._.modifiers, key=lambda modifier: _distance(target, modifier))
    by_kind: dict[str, Any] = {}
    for modifier in modifiers:
        by_kind.setdefault(modifier.category, modifier)
    interval = _interval(target, by_kind)
    if interval is None or "HISTORICAL" in by_kind:
        return
    rule: Rule = target._.target_rule.metadata["rule"]
    evidence = [Evidence(Span(*folded.original(target.start_char, target.end_char)), "structure", rule.name)]
    evidence += [_evidence(by_kind[kind], target.doc, folded) for kind in _ROLES if kind in by_kind]
    sides, flags = _sides(target, by_kind)
    for side in sides:
        yield side, _Claim(interval, Basis.STATED, "POSSIBLE_EXISTENCE" in by_kind, flags, tuple(evidence))


def _interval(target: Tokens, by_kind: dict[str, Any]) -> Interval | None:
    grade, normal = by_kind.get("GRADE"), by_kind.get("NORMAL")
    if normal is not None and (grade is None or _distance(target, normal) < _distance(target, grade)):
        return Interval(0, 0)
    negated = "NEGATED_EXISTENCE" in by_kind
    if grade is not None:
        meaning = MEANINGS["grades"](_rule(grade).means)
        if not negated:
            return Interval(meaning.low, meaning.high)
        return Interval(0, 0 if meaning.phrase == "ungraded" else max(meaning.low - 1, 0))
    shorthand = target._.target_rule.metadata["rule"].means.startswith("stenosis")
    if "HEAD" in by_kind or shorthand:
        return Interval(0, 0) if negated else Interval(1, 3)
    return None


def _sides(target: Tokens, by_kind: dict[str, Any]) -> tuple[tuple[Side | None, ...], frozenset[str]]:
    finding = _finding(target)
    if None in finding.codes:
        return (None,), frozenset()
    own = target._.target_rule.metadata["rule"].means.rpartition(" ")[2]
    said = _rule(by_kind["SIDE"]).means if "SIDE" in by_kind else own
    if said in {"right", "left"}:
        return (Side(said),), frozenset()
    return tuple(finding.codes), frozenset() if said in {"both", "structures"} else frozenset(
        {"side_unspecified"}
    )


def _normal_level(sentence: Tokens, folded: Folded) -> _Claim | None:
    """A short sentence under a level that names no structure and only calls it normal: "L1-L2: Normal."."""
    if len(sentence) > _SHORT:
        return None
    for modifier in sentence.doc._.context_graph.modifiers:
        start, end = modifier.modifier_span
        if modifier.category == "NORMAL" and sentence.start <= start < end <= sentence.end:
            found = _evidence(modifier, sentence.doc, folded)
            return _Claim(Interval(0, 0), Basis.IMPLIED, False, frozenset(), (found,))
    return None


def _rule(modifier: Any) -> Rule:
    rule: Rule = modifier.rule.metadata["rule"]
    return rule


def _distance(target: Tokens, modifier: Any) -> int:
    """Tokens between the two."""
    start, end = modifier.modifier_span
    return int(max(start - target.end, target.start - end, 0))


def _evidence(modifier: Any, doc: Doc, folded: Folded) -> Evidence:
    start, end = modifier.modifier_span
    span = doc[start:end]
    return Evidence(
        Span(*folded.original(span.start_char, span.end_char)),
        _ROLES[modifier.category],
        _rule(modifier).name,
    )
