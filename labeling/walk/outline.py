"""Where the findings of a report stand: what its headings and paragraphs tell before it is walked through."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.sections import OPENED, OPENING, Sentence
from labeling.statements import NOTHING, SCOPE, LevelRef, ParsedSentence, parsed_sentence

_UNPLACED = frozenset({SCOPE, LevelRef(reference="otherwise")})
"""The level of what names none: "Normal.", "Otherwise unremarkable."."""


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


def is_spaced(sentences: Sequence[Sentence], parsed: Sequence[ParsedSentence]) -> bool:
    """Whether blank lines part the paragraphs.

    A heading, a signature or another key ("DOSE: ...") stands apart in any report.
    """
    return any(
        sentence.after == "blank"
        and not one.section
        and one.template is not NOTHING
        and one.template.topic != "-"
        for sentence, one in zip(sentences[1:], parsed[1:], strict=True)
    )


def is_by_lines(sentences: Sequence[Sentence], parsed: Sequence[ParsedSentence]) -> bool:
    """Whether levels head lines of their own, two at least: "At L3-4 ...", then "At L4-5 ..."."""
    heads = [one.template.heading and at.after != "stop" for at, one in zip(sentences, parsed, strict=True)]
    return sum(heads) > 1


def lists_levels(sentences: Sequence[Sentence], parsed: Sequence[ParsedSentence], at: int) -> bool:
    """Whether the line `at` is nothing but a level."""
    return at < len(parsed) and sentences[at].after == "line" and parsed[at].template.heading_only


def is_told_below(sentences: Sequence[Sentence], parsed: Sequence[ParsedSentence], at: int) -> bool:
    """Whether the line `at` begins what is told of a level that the line above only names."""
    apart = {"blank", "stop"}
    for below in range(at, min(at + 2, len(parsed))):
        one, after = parsed[below].template, sentences[below].after
        if parsed[below].section or one.described or one.region or after in apart:
            return False
        apart = {"blank"}
        if one.topic or one.statements:
            return True
    return False


def closes_list(sentences: Sequence[Sentence], parsed: Sequence[ParsedSentence], at: int) -> bool:
    """Whether the line `at` calls normal what it does not name, below the last line of a list of levels.

    As "- nothing else of note" below "- L4-5: mild facet arthropathy": that may be of the study.
    """
    if any(not said.implied or said.level not in _UNPLACED for said in parsed[at].template.statements):
        return False
    goes_on = at + 1 < len(parsed) and sentences[at + 1].after == "line" and parsed[at + 1].template.heading
    above = at - 1
    while above > 0 and sentences[above].after == "stop":
        above -= 1
    if goes_on or above < 0 or (above and sentences[above].after == "blank"):
        return False  # a paragraph of one level may end so
    return parsed[above].template.opens is not None and not parsed[above].template.heading_only


def headed(one: ParsedSentence) -> ParsedSentence:
    """`one`, which does no more than name a level ("Worst level: L3-4"), as the heading of a block."""
    said = tuple([said for said in one.template.statements if not said.topic])
    mark = next((at for at, words in enumerate(one.words) if words[2] == "level"), -1)
    template = one.template._replace(
        statements=said,
        opens=one.template.label,
        opens_mark=mark,
        heading=True,
        heading_only=True,
        keyed=True,
    )
    return parsed_sentence(template, one.words, one.section)


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
