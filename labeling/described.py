"""The levels that a sentence speaks of, and the same sentence said of another level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from labeling.levels import LevelMention, union_of
from labeling.speech.ranges import ABOVE_AND_BELOW, OPEN_RANGES
from labeling.statements import LevelRef, Statement, Template
from labeling.tagging import Tag
from lexicons.vocabulary import LEVELS, Level

_DOWN_TO = "references/down-to"
_OPEN_RANGES = frozenset(
    f"references/{beyond}{what}" for beyond in ("upwards", "downwards") for what in ("", "-of-it")
) | {"references/levels-upwards", "references/levels-downwards"}

_TELLING = OPEN_RANGES | {ABOVE_AND_BELOW} | {str(level) for level in LEVELS}
"""Words that name a level, or levels beside one: "L4-5 and below" is of others than "L3-4 and below"."""


def described_by(tags: list[Tag], named: Sequence[LevelMention], says: bool) -> int:
    """The levels spoken of. Redundant roots "above L4-5" are at no level in particular."""
    described = 0
    for mention in named:
        described |= mention.mask
    if not described or (not says and any(tag.rule in _OPEN_RANGES for tag in tags)):
        return 0
    if any(tag.rule == _DOWN_TO for tag in tags):
        return 0  # "patent down to L4-5" tells of no level in particular
    first = next((tag.rule for tag in tags if tag.meaning.speech in "sfxhtked"), "")
    # "The marrow is normal from L1 to L5."
    return 0 if first.endswith("/conus") or (first.endswith("/frame") and not says) else described


def spread_of(named: Sequence[LevelMention], statements: Sequence[Statement]) -> LevelMention | None:
    """All levels of a sentence that names several in turn: a denial after it is of each of them.

    Not so behind "Dry discs from L2 to S1, at L4-5 the canal is narrow.", which tells nothing of the range.
    """
    if len(named) < 2:
        return None
    if named[0].span == "range" and set(named[-1].levels) < set(named[0].levels):
        told = [said.level.mention for said in statements]
        if named[0] not in told and named[-1] in told:
            return None
    levels = union_of(named)
    return LevelMention(levels, "list") if len(levels) > 1 else None


def spoken_last(named: Sequence[LevelMention]) -> tuple[Level, ...]:
    """The last two levels that the sentence speaks of, the last one first."""
    levels = [level for mention in named for level in mention.levels]
    return tuple(dict.fromkeys(levels[::-1]))[:2]


def only_level(tags: Sequence[Tag]) -> LevelMention | None:
    """The disc of a sentence that names no other: what it says, it says of any in the same way."""
    only: LevelMention | None = None
    for tag in tags:
        level = tag.levels
        if level is not None:
            if level.span != "one" or (only is not None and level != only):
                return None
            only = level
        elif tag.meaning.value in _TELLING:
            return None
    return only


def said_of(other: LevelMention, level: LevelMention, template: Template) -> Template:
    """What the sentence of `template`, which names `level` alone, says when it names `other` in its place."""

    def moved(mention: LevelMention | None) -> LevelMention | None:
        return other if mention == level else mention

    def placed(ref: LevelRef) -> LevelRef:
        return ref._replace(mention=moved(ref.mention), among=moved(ref.among))

    def said(statements: Sequence[Statement]) -> tuple[Statement, ...]:
        return tuple(
            [
                one._replace(
                    level=placed(one.level),
                    source=one.source and placed(one.source),
                    excluded=tuple([other if mention == level else mention for mention in one.excluded]),
                )
                for one in statements
            ]
        )

    return template._replace(
        statements=said(template.statements),
        pair=said(template.pair),
        hidden=said(template.hidden),
        opens=moved(template.opens),
        label=moved(template.label),
        described=other.mask if template.described else 0,
        spoken=other.levels if template.spoken else (),
        elsewhere=template.elsewhere and replace(template.elsewhere, levels=other.levels),
        lesions=tuple([(word, other.mask if told else 0) for word, told in template.lesions]),
    )
