"""The levels that a sentence speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.levels import LevelMention
from labeling.tagging import Tag
from lexicons.vocabulary import Level

_DOWN_TO = "references/down-to"
_OPEN_RANGES = frozenset(
    f"references/{beyond}" for beyond in ("upwards", "downwards", "levels-upwards", "levels-downwards")
)


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


def spread_of(named: Sequence[LevelMention]) -> LevelMention | None:
    """All levels of a sentence that names several in turn: a denial after it is of each of them."""
    if len(named) < 2:
        return None
    levels = tuple(dict.fromkeys([level for mention in named for level in mention.levels]))
    return LevelMention(levels, "list") if len(levels) > 1 else None


def spoken_last(named: Sequence[LevelMention]) -> tuple[Level, ...]:
    """The last two levels that the sentence speaks of, the last one first."""
    levels = [level for mention in named for level in mention.levels]
    return tuple(dict.fromkeys(levels[::-1]))[:2]
