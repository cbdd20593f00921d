"""Whether a lexicon is sound: every example reads what it says, no rule is slow on text made to slow it.

The tests of the shipped lexicons and `levelwise lexicon check` for a site's own folder call the same code.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from labeling.dictation import Dictation
from labeling.lexicon_places import Places
from labeling.sections import Headings
from labeling.tagging import Tagger
from lexicons.lexicon import Example, Lexicon, Rule
from lexicons.load import APART, load_lexicon
from lexicons.problems import LexiconError

SLOW_S = 0.05
"""A rule that needs longer on `HOSTILE` characters is a fault."""

HOSTILE = 20_000


@dataclass(frozen=True, slots=True)
class LexiconCheck:
    """What a check found.

    `faults`, `replaced` and `changed` are lines of ``file > rule > what``. `replaced` lists rules of a site
    that stand in place of a shipped one, `changed` examples of the shipped lexicon that a site's rules make
    read otherwise: meant, perhaps, but to be known. `rules` and `examples`
    count what was checked: those of the site, or all without one. `slowest` is the rule that took longest,
    with its seconds on hostile text; `None` when the lexicon could not be loaded or has no rule.
    """

    rules: int
    examples: int
    faults: tuple[str, ...]
    replaced: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    slowest: tuple[str, float] | None = None

    def lines(self) -> list[str]:
        """The check in words: every fault, what changed, and the slowest rule."""
        told = {"fault": self.faults, "replaced": self.replaced, "changed": self.changed}
        lines = [f"{what}: {line}" for what, found in told.items() for line in found]
        if self.slowest is not None:
            name, seconds = self.slowest
            lines.append(f"slowest on {HOSTILE // 1000} kB of hostile text: {name}, {1000 * seconds:.1f} ms")
        lines.append(
            f"{self.rules:,} rules, {self.examples:,} examples: "
            f"{len(self.faults):,} faults, {len(self.changed):,} shipped examples read otherwise"
        )
        return lines


class ExampleReader:
    """Reads the examples of a lexicon, each with the rules of its own file."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._means = {rule.name: rule.means for rule in lexicon.rules}
        self._tagger = Tagger(lexicon)
        self._headings = Headings(lexicon)
        self._dictation = Dictation(lexicon)
        self._places = Places(lexicon, self._tagger, self._dictation)

    def rules_hit(self, example: Example) -> set[str]:
        """Names of the rules of the example's file that read some of its words."""
        if example.file in APART and example.file != "sections":
            return self._places.rules_hit(example.file, example.text)
        lower = self._dictation.fold(example.text).text.lower()
        if example.file == "sections":
            section, length = self._headings.read(lower)
            return {self._headings.rule(lower)} - {""} if section and length else set()
        return {
            tag.rule for tag in self._tagger.tag_all(lower) if tag.rule.rpartition("/")[0] == example.file
        }

    def read(self, example: Example) -> set[str]:
        """What those rules mean."""
        return {self._means[name] for name in self.rules_hit(example)}

    def holds(self, example: Example) -> bool:
        """Whether the example reads what it says; one that means `None` must read nothing."""
        found = self.read(example)
        return not found if example.means is None else example.means in found

    def shown(self, rule: Rule) -> bool:
        """Whether some example of what `rule` means is read by it."""
        same = (e for e in self._lexicon.examples if (e.file, e.means) == (rule.file, rule.means))
        return any(rule.name in self.rules_hit(example) for example in same)

    def seconds_on_hostile_text(self, rule: Rule) -> float:
        """Processor time, the least of three, for `HOSTILE` characters of its longest phrase.

        The phrase lacks its last sign each time, so that the scanner has to turn back.
        """
        table = self._lexicon.phrases_of(rule.file)
        longest = max((phrase for phrase, owner in table.items() if owner == rule), key=len, default="")
        once = longest.replace("#", "77")[:-1] + "\u00a4 "
        return min(_seconds(self._tagger.key, once * (HOSTILE // len(once))) for _ in range(3))


def _seconds(work: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    work(text)
    return time.process_time() - started


def check_lexicon(site: Path | None = None, language: str = "en") -> LexiconCheck:
    """Check the folder `site` as it lies over the shipped lexicon of `language`; `None`: the shipped one."""
    try:
        lexicon = load_lexicon(language, site=site)
    except LexiconError as error:
        return LexiconCheck(0, 0, error.problems)
    shipped = load_lexicon(language) if site is not None else None
    known, old, old_failures = (
        (set(shipped.rules), len(shipped.examples), len(shipped.known_failures)) if shipped else (set(), 0, 0)
    )
    rules = [rule for rule in lexicon.rules if rule not in known]
    # The examples of a site come after the shipped ones.
    examples, failures = lexicon.examples[old:], lexicon.known_failures[old_failures:]
    reader = ExampleReader(lexicon)
    times = {rule.name: reader.seconds_on_hostile_text(rule) for rule in rules}
    return LexiconCheck(
        rules=len(rules),
        examples=len(examples) + len(failures),
        faults=(*_example_faults(reader, examples, failures), *_rule_faults(reader, rules, times)),
        replaced=tuple(_replaced(rules, known)),
        changed=tuple(_misread(reader, lexicon.examples[:old])),
        slowest=max(times.items(), key=lambda item: item[1], default=None),
    )


def _replaced(rules: list[Rule], known: set[Rule]) -> Iterator[str]:
    names = {rule.name for rule in known}
    for rule in rules:
        if rule.name in names:
            yield f"{rule.file}.toml > {rule.id}: in place of the shipped rule; another id adds to it"


def _example_faults(
    reader: ExampleReader, examples: tuple[Example, ...], failures: tuple[Example, ...]
) -> Iterator[str]:
    yield from _misread(reader, examples)
    for failure in failures:
        if reader.holds(failure):
            yield (
                f"{failure.file}.toml > known_failures > {failure.text!r}: it reads {failure.means!r} now; "
                "move it to [[examples]]"
            )


def _misread(reader: ExampleReader, examples: tuple[Example, ...]) -> Iterator[str]:
    for example in examples:
        if not reader.holds(example):
            table = "examples" if example.means is not None else "counterexamples"
            expected = "nothing" if example.means is None else repr(example.means)
            got = ", ".join(map(repr, sorted(reader.read(example)))) or "nothing"
            yield f"{example.file}.toml > {table} > {example.text!r}: expected {expected}; read {got}"


def _rule_faults(reader: ExampleReader, rules: list[Rule], times: Mapping[str, float]) -> Iterator[str]:
    for rule in rules:
        where = f"{rule.file}.toml > {rule.id}"
        if not reader.shown(rule):
            yield f"{where} > means: no example of {rule.means!r} is read by this rule; add one"
        if times[rule.name] > SLOW_S:
            yield (
                f"{where} > pattern: {1000 * times[rule.name]:.0f} ms on hostile text, expected at most "
                f"{1000 * SLOW_S:.0f}; make its phrases shorter or fewer"
            )
