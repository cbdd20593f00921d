"""Punctuation styles brought to one form before a sentence is cut into items.

A report may part a value from its side or level by a comma ("severe, right; mild, left"), or say a grade
twice, in words and on a scale ("Lee 3 (severe)"). The rules of `labeling.linking.punctuation` and
`orders` drop or move such tags; each tag that stays keeps the number it had, because evidence rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from labeling.linking.asides import without_asides
from labeling.linking.bygones import without_bygones
from labeling.linking.clauses import part
from labeling.linking.neighbours import OF_STUDY
from labeling.linking.orders import ORDERS
from labeling.linking.others import without_others
from labeling.linking.parts import COMMA, NO
from labeling.linking.passing import passed
from labeling.linking.punctuation import ASIDES
from labeling.linking.rows import in_rows
from labeling.linking.turns import grades_of, in_turn, pairs_apart
from labeling.rule_names import LUMBAR_SCANS, STUDY, THAT_STUDY
from labeling.tagging import Tag, speech_of
from lexicons.meanings import Meaning

_RULES = (*ASIDES, *ORDERS)
_STUDIES = LUMBAR_SCANS | {STUDY}
_STUDY_TITLE = re.compile(r"[\u2022-]*(?=[^:]*[wR])[wRcpb,()-]{1,20}[:-](?=l)")
_SLASHED = re.compile(
    r"(?:(?P<both>g)|(?P<first>[gzo])c(?P<second>[gzo]))[(]?(?P<sides>r)[)]?(?=w?[fsx]|[,;]|$)"
)
_PARTING = re.compile(r"(?<=[gz])r(?=[sf]h?[gzo](?:$|[,;)]))")
"""A slash between two clauses: "foramina severe R, mild L / R lateral recess moderate"."""
_CLOSING = Meaning(")")
_SIDE_RULE = {"right": "sides/right", "left": "sides/left"}


def rewrite(tags: Sequence[Tag]) -> tuple[list[Tag], list[int]]:
    """The tags that are read, and the number that each of them has in `tags`."""
    tags, before = _said(tags)
    tags, named = without_others(tags)
    tags, rows = in_rows(tags)
    tags, told = without_asides(tags)
    told = [rows[number] for number in told]
    tags, left = without_bygones(tags)
    told = [named[told[number]] for number in left]
    tags, left = passed(tags)
    if "M" in [tag.meaning.speech for tag in tags]:
        tags, left = in_turn(*pairs_apart(tags, left))
    tags, parted = part(tags)
    parted = [told[left[number]] for number in parted]
    sides = [tag.rule for tag in tags if tag.meaning.speech == "r"]
    if any(rule.endswith("-bracket") for rule in sides):
        tags, closed = _closed(tags)
        parted = [parted[number] for number in closed]
    if any(rule.endswith("-slash") for rule in sides):
        tags, unfolded = _unfolded(tags)
        parted = [parted[number] for number in unfolded]
    tags, numbers = _rewritten(tags)
    return tags, [parted[number] + before for number in numbers]


def _said(tags: Sequence[Tag]) -> tuple[Sequence[Tag], int]:
    """The tags without the words for the study around them, and how many were before.

    As in "The images show that L4-5 is normal", "L4-5 canal stenosis, severe on today's exam" and "MRI lumbar
    spine, Valley Imaging: L4-5, normal".
    """
    subject = int(tags[0].rule == THAT_STUDY) if tags else 0
    start, end = max(subject, title_of_study(tags)), len(tags)
    while start < end and tags[start].rule in OF_STUDY:
        start += 1
    start += start < end and tags[start].rule == "connectors/that"
    if start == end or tags[start].meaning.speech not in "lqb":
        start = subject
    while end and tags[end - 1].rule in OF_STUDY:
        end -= 1
    if end < len(tags):
        end -= end > 0 and tags[end - 1].meaning.speech == "W"  # this study
    return tags[start:end], start


def title_of_study(tags: Sequence[Tag]) -> int:
    """How many tags are a title of the study, before its first level."""
    title = _STUDY_TITLE.match(speech_of(tags)) if any(tag.rule in _STUDIES for tag in tags[:12]) else None
    if title is None or any(tag.meaning.value == "other" for tag in tags[: title.end()]):
        return 0
    return title.end()


def _closed(tags: Sequence[Tag]) -> tuple[list[Tag], list[int]]:
    """Tags in which a side that ends an aside closes its bracket: "stenosis (moderate R, mild L)"."""
    kept: list[Tag] = []
    numbers: list[int] = []
    depth = 0
    for number, tag in enumerate(tags):
        kept.append(tag)
        numbers.append(number)
        depth += {"(": 1, ")": -1}.get(tag.meaning.speech, 0)
        if depth > 0 and tag.rule.endswith("-bracket"):
            kept.append(replace(tag, meaning=_CLOSING))
            numbers.append(number)
            depth -= 1
    return kept, numbers


def _unfolded(tags: Sequence[Tag]) -> tuple[list[Tag], list[int]]:
    """Tags in which a pair of grades before its noun has its sides: "mild/moderate R/L foraminal"."""
    kept: list[Tag] = []
    numbers: list[int] = []
    done = 0
    parting = _PARTING.search(speech_of(tags))
    if parting is not None and tags[parting.start()].rule.endswith("-slash"):
        return _parted(tags, parting.start())
    for match in _SLASHED.finditer(speech_of(tags)):
        sides = match.start("sides")
        pair = _pair(tags, match)
        if not pair or not tags[sides].rule.endswith("-slash"):
            continue
        order = _order(tags[sides])
        kept += tags[done : match.start()]
        numbers += range(done, match.start())
        for (grade, at), side in zip(pair, order, strict=True):
            kept += [grade, replace(tags[sides], meaning=Meaning("r", side), rule=_SIDE_RULE[side])]
            numbers += [at, sides]
        done = match.end()
    return [*kept, *tags[done:]], [*numbers, *range(done, len(tags))]


def _parted(tags: Sequence[Tag], at: int) -> tuple[list[Tag], list[int]]:
    """Tags in which each of the sides at `at` is of a clause of its own."""
    first, second = (replace(tags[at], meaning=Meaning("r", s), rule=_SIDE_RULE[s]) for s in _order(tags[at]))
    comma = replace(tags[at], meaning=COMMA)
    return [*tags[:at], first, comma, second, *tags[at + 1 :]], [*range(at), at, at, *range(at, len(tags))]


def _order(slashed: Tag) -> tuple[str, str]:
    """The two sides that a tag of both names, in the order of the text."""
    return ("left", "right") if slashed.rule.endswith("left-right-slash") else ("right", "left")


def _pair(tags: Sequence[Tag], match: re.Match[str]) -> list[tuple[Tag, int]]:
    """The two grades of `match` and the places of their words; none where it is one grade for both sides."""
    if match["both"] is None:
        words = [(tags[at], at) for at in (match.start("first"), match.start("second"))]
        return [(tag if tag.meaning.speech != "o" else replace(tag, meaning=NO), at) for tag, at in words]
    at = match.start("both")
    return [(replace(tags[at], meaning=grade), at) for grade in grades_of(tags[at])]


def _rewritten(tags: Sequence[Tag]) -> tuple[list[Tag], list[int]]:
    kept = numbers_read(speech_of(tags))
    return [tags[number] for number in kept], list(kept)


@lru_cache(maxsize=50_000)
def numbers_read(speech: str) -> tuple[int, ...]:
    """The numbers of the tags that are read, in the order in which they are read."""
    numbers = list(range(len(speech)))
    for sign, pattern in _RULES:
        if sign not in speech or pattern.search(speech) is None:
            continue
        kept: list[int] = []
        done = 0
        for match in pattern.finditer(speech):
            kept += range(done, match.start())
            for group in sorted(pattern.groupindex):
                kept += range(*match.span(group)) if match[group] is not None else ()
            done = match.end()
        kept += range(done, len(speech))
        numbers = [numbers[at] for at in kept]
        speech = "".join(speech[at] for at in kept)
    return tuple(numbers)
