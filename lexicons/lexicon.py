"""What a language can say, as values: rules with their examples, and how each finding is spoken of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lexicons.patterns import phrases_in


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of saying one thing.

    `file` is the lexicon file without its suffix (``grades``, ``findings/canal``), `id` is unique in it.
    `means` is read by the parser of that file: an interval, a side, a part of speech. `flags` are given to
    every cell that rests on the rule.
    """

    file: str
    id: str
    pattern: str
    means: str
    flags: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """``<file>/<id>``, as it stands in `Evidence.rule`."""
        return f"{self.file}/{self.id}"


@dataclass(frozen=True, slots=True)
class Example:
    """A text of a lexicon file. `means` is what a rule of that file must read in it, `None` nothing."""

    file: str
    text: str
    means: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a language speaks of one finding beyond its words; from ``[reading]`` of its lexicon file.

    `heads`: the kinds of head noun that grade it (``narrowing``, ``compromise``, ``arthropathy``).
    `weak_heads`: the kinds that grade a structure which only stands in for it, as the thecal sac does.
    `bare_head`: a head with no structure named means this finding ``with side``, ``without side`` or
    ``never``; `bare_negated`: so does a negated one. `normal`: ``level`` when a level called normal implies
    grade 0, ``study`` when a study called normal does so too. `vertebra`: "the left L4 foramen" names
    L4-L5.
    """

    finding: str
    heads: frozenset[str]
    weak_heads: frozenset[str]
    bare_head: str
    bare_negated: bool
    normal: str
    vertebra: bool


@dataclass(frozen=True)
class Lexicon:
    """Everything one language has to say of lumbar MRI reports.

    `phrases` maps every phrase of every rule to its rule; no phrase has two. `apart` does the same, file by
    file, for those whose words count only at a place of their own: headings of sections, words inside a
    level, abbreviations before their full stop, words at the end of a line, endings of words, what a table
    leaves out, signs in words. `spellings` are the load-bearing long words that a typo is corrected to.
    `hash` is the SHA-256 of all the files read, and travels with every label.
    """

    language: str
    rules: tuple[Rule, ...]
    phrases: Mapping[str, Rule]
    apart: Mapping[str, Mapping[str, Rule]]
    readings: Mapping[str, Reading]
    examples: tuple[Example, ...]
    known_failures: tuple[Example, ...]
    spellings: tuple[str, ...]
    hash: str

    @property
    def headings(self) -> Mapping[str, Rule]:
        """The headings of sections."""
        return self.apart["sections"]

    def phrases_of(self, file: str) -> Mapping[str, Rule]:
        """The phrases that the rules of `file` share one table with."""
        return self.apart.get(file, self.phrases)

    def within(self, text: str) -> Lexicon:
        """The same without the phrases that a lower-case `text` does not hold every word of."""
        apart: dict[str, Mapping[str, Rule]] = {
            file: _within(text, phrases) for file, phrases in self.apart.items()
        }
        apart["endings"] = self.apart["endings"]  # which are no words
        return replace(self, phrases=_within(text, self.phrases), apart=apart)

    def words(self, file: str, means: str) -> list[str]:
        """The phrases of a file apart that mean `means`, the longest first."""
        found = [phrase for phrase, rule in self.apart[file].items() if rule.means == means]
        return sorted(found, key=lambda phrase: (-len(phrase), phrase))


def _within(text: str, phrases: Mapping[str, Rule]) -> dict[str, Rule]:
    return {phrase: phrases[phrase] for phrase in phrases_in(text, phrases)}
