"""Where the findings of a report stand: what its headings and paragraphs tell before it is walked through."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.sections import OPENED, OPENING, Sentence
from labeling.statements import ParsedSentence


def run_on(sentences: Sequence[Sentence], parsed: Sequence[ParsedSentence]) -> Sequence[bool]:
    """For each sentence: whether no line or heading of findings comes after it and before an impression."""
    found = []
    ends, told = True, False
    for sentence, one in zip(reversed(sentences), reversed(parsed), strict=True):
        found.append(ends)
        told = told or bool(one.template.statements or one.template.described)
        if one.section not in OPENING:
            ends = bool(one.section) or (ends and (sentence.after == "stop" or not told))
        elif one.section == "findings" and told:
            ends = False
    return found[::-1]


def lists_levels(sentences: Sequence[Sentence], parsed: Sequence[ParsedSentence], at: int) -> bool:
    """Whether the line `at` is nothing but a level."""
    return at < len(parsed) and sentences[at].after == "line" and parsed[at].template.heading_only


def last_findings(parsed: Sequence[ParsedSentence], headings: Sequence[tuple[int, str]]) -> int:
    """Where the last heading of findings stands, -1 for none.

    One with no level below it and several above it heads a conclusion ("Result: no stenosis."), or nothing
    at all ("FINAL REPORT").
    """
    ends = [*[at for at, section in headings if section not in OPENED], len(parsed)]
    for last, section in reversed(headings):
        if section not in {"findings", "digest"}:
            continue
        if last < 1 or not _heads_conclusion(parsed, last, min(at for at in ends if at > last), section):
            return last
    return -1


def _heads_conclusion(parsed: Sequence[ParsedSentence], at: int, end: int, section: str) -> bool:
    """Whether the section ``at..end`` says little, and the findings stand above it."""
    above = [one.template for one in parsed[:at]]
    told = sum(bool(one.statements) for one in above)
    if told > 2 and section == "digest":
        return True
    if told > 1 and not any(one.template.statements or one.template.described for one in parsed[at:end]):
        return True
    if any(one.template.heading for one in parsed[at:]):
        return False
    return sum(one.keyed for one in above) > 1
