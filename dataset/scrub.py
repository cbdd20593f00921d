"""Report text without identifiers: what the patterns find and what the archive knows becomes ``[KIND]``.

Rules, not a model: plain to read, the same everywhere, and 2 ms a report. Two nets: patterns for what stands
in a form or behind a word that announces it (`dataset.identifiers`), and the vocabulary of lumbar reports
(report_words.txt), where any other word with a capital counts as a name. A name that is a word of reports too
(Long, Young) is missed in running text; `dataset.scrub_measured` says how much was found of what was planted.
Scrubbed text is still to be handled as patient data.

The vocabulary was collected from the lexicons, the corpus of the tests, the public sample reports and the
writer of synthetic reports: every word that stands there in small letters, and some more added by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import regex

from dataset.identifiers import PATTERNS

KINDS = tuple(dict.fromkeys(kind for kind, _ in PATTERNS))
"""Every kind; where two meet, the one that starts first names what is masked."""

KNOWN = "known"
"""Kind of what the archive itself says of the report: ids, patient, reader."""

_SHORTEST_KNOWN = 4
_SHORTEST_CAPITALS = 4
"""An unknown word of three capitals or fewer is an abbreviation."""

_ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly", "al", "ally", "ic", "ity", "ness", "ion", "ization")
_BEFORE = regex.compile(
    r"(?:(?<![\w'’])(?:\p{Lu}\.?|(?i:van|von|de|der|den|la|le|da|di|del|bin|al|el|ter))[ \t]+)*$"
)
_AFTER = regex.compile(r"(?:,?[ \t]+\p{Lu}(?![\w'’])\.?)?")
_CAPITALISED = regex.compile(r"(?<![\w'’])\p{Lu}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*(?!\w)")
_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True, order=True)
class Masked:
    """Characters ``start`` up to, not including, ``end`` of the original text, and what they are."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """The text with ``[KIND]`` in place of every span."""

    text: str
    spans: tuple[Masked, ...]


def scrub(text: str, known: Sequence[str] = ()) -> Scrubbed:
    """The text without identifiers. `known` are values that must not stand in it, whatever they look like.

    A known value of fewer than 4 characters is not looked for. A text that a pattern spends more than 2 s
    on is masked whole.
    """
    try:
        found = [*_known(text, known), *_found(text), *_unknown_words(text)]
        spans = tuple(_merged(sorted(found)))
    except TimeoutError:
        spans = (Masked(0, len(text), "text"),)
    parts, end = [], 0
    for span in spans:
        parts += [text[end : span.start], f"[{span.kind.upper()}]"]
        end = span.end
    return Scrubbed("".join([*parts, text[end:]]), spans)


def _found(text: str) -> Iterator[Masked]:
    for kind, pattern in _compiled():
        group = "x" if "x" in pattern.groupindex else 0
        for match in pattern.finditer(text, timeout=_TIMEOUT_S):
            yield Masked(*match.span(group), kind)


def _unknown_words(text: str) -> Iterator[Masked]:
    """Words with a capital that reports are not written in, with the initials and particles beside them."""
    for match in _CAPITALISED.finditer(text):
        parts = [part for part in regex.split(r"['’-]", match[0].removesuffix("'s")) if len(part) > 1]
        shouted = match[0].isupper() and len(match[0]) < _SHORTEST_CAPITALS
        if not shouted and any(not _is_report_word(part.lower()) for part in parts):
            yield Masked(*_with_initials(text, *match.span()), "name")


def _with_initials(text: str, start: int, end: int) -> tuple[int, int]:
    before = _BEFORE.search(text[max(0, start - 30) : start])
    after = _AFTER.match(text, end)
    return start - len(before[0] if before else ""), after.end() if after else end


def _is_report_word(word: str) -> bool:
    stems = (word[: len(word) - len(ending)] for ending in _ENDINGS if word.endswith(ending))
    return any(stem in _vocabulary() or f"{stem}e" in _vocabulary() for stem in stems)


def _known(text: str, known: Iterable[str]) -> Iterator[Masked]:
    values = {part for value in known for part in (value.strip(), *_words(value))}
    for value in sorted(value for value in values if len(value) >= _SHORTEST_KNOWN):
        for match in regex.finditer(rf"(?i)(?<!\w){regex.escape(value)}(?!\w)", text):
            yield Masked(*match.span(), KNOWN)


def _words(value: str) -> list[str]:
    """The words of a value that reads as a name, which the text may hold in another order."""
    words = regex.split(r"[\s,^.]+", value)
    return words if all(regex.fullmatch(r"[\p{L}'’-]*", word) for word in words) else []


def _merged(spans: Iterable[Masked]) -> Iterator[Masked]:
    """Spans that overlap become one, of the kind of the first."""
    last: Masked | None = None
    for span in spans:
        if last is not None and span.start < last.end:
            last = Masked(last.start, max(last.end, span.end), last.kind)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "report_words.txt").read_text("utf-8").split())


@cache
def _compiled() -> tuple[tuple[str, regex.Pattern[str]], ...]:
    return tuple((kind, regex.compile(pattern)) for kind, pattern in PATTERNS)
