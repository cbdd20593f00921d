"""Where a lesion lies: the level that "the level of the slip" is, and what is named only in passing.

What narrows the canal at a fractured vertebra narrows it at no disc that was spoken of before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.levels import LevelMention, union_of
from labeling.tagging import Tag
from lexicons.vocabulary import LEVELS, Level

_LEVELS_OF = {"distractors/slip": "slip level", "distractors/disc-pathology": "protrusion level"}
LESION_LEVELS = frozenset({"lesion level", *_LEVELS_OF.values()})
"""Words for the level of a lesion; which one it is, an earlier sentence has told."""
OPERATED = "operated"
"""Word for the levels of an operation; "laminectomy of L5" names no disc."""
_OPERATION = "distractors/operation"
_OPERATED_AT = re.compile(r"d[wpX]{0,2}l")
_BESIDE = re.compile(r"[dq]p?[lj](?![,c]{1,2}p?[lj])")
"""A lesion, and the one level that stands beside it."""
_DENIED = re.compile(r"n[^,;:]*$")
_LESION_OF_BONE = re.compile(r"(?P<lesion>d)[wepb,]{0,4}(?P<bone>j)|(?P<in>j)[wev]{0,3}(?P<of>d)")
"""A vertebra and its lesion: "burst fracture of L1", "L3 metastasis", "the L2 body is collapsed"."""
_BONE_NARROWS = re.compile(
    r"[\u2022wdep-]{0,6}(?P<bone>j)(?P<noun>[wed]{0,3})(?:v[wd](?:,?c|,))?[gzu]{0,2}i[gz]{0,2}r?s"
)
"""A vertebra that narrows a space: "the collapsed L1 vertebra narrows the canal", not so "the L5 root"."""
_FRAME = "distractors/frame"
_COLLAPSE = "distractors/disc-height"
"""What a vertebra and a disc can suffer alike: "collapse of L3"."""
_BONE_LESIONS = frozenset({"distractors/bone-lesion", _COLLAPSE})


def lesions_of(speech: str, tags: Sequence[Tag]) -> tuple[tuple[str, int], ...]:
    """The lesions that a sentence tells of, by the words for their level, each with the levels as bits.

    Several levels are those of a lesion unless one stands beside it: "a slip of L4 on L5".
    """
    if "d" not in speech and "q" not in speech:
        return ()
    told: dict[str, int] = {}
    named = sum({1 << level for tag in tags if tag.levels for level in tag.levels.levels})
    for at, sign in enumerate(speech):
        word = tags[at].meaning.value
        operated = sign == "d" and (word == "postoperative" or tags[at].rule == _OPERATION)
        if (
            operated
            and "j" not in speech
            and "n" not in speech
            and (levels := _operated_at(speech, tags, at))
        ):
            told[OPERATED] = told.get(OPERATED, 0) | levels
        if sign == "d" and _DENIED.search(speech, 0, at) is None:
            word = _LEVELS_OF.get(tags[at].rule, "lesion level")
        if word in LESION_LEVELS and (named or sign == "d"):
            beside = _BESIDE.match(speech, at)
            mention = tags[beside.end() - 1].levels if beside is not None else None
            told[word] = told.get(word, 0) | (named if mention is None else _place_of(mention))
    return tuple(told.items())


def _operated_at(speech: str, tags: Sequence[Tag], at: int) -> int:
    """The levels beside an operation as bits: "laminectomy from L3 to L5", "the L4-5 fusion"."""
    after = _OPERATED_AT.match(speech, at)
    levels = tags[after.end() - 1 if after is not None else max(at - 1, 0)].levels
    return 0 if levels is None else levels.mask


def _place_of(mention: LevelMention) -> int:
    """The levels of a lesion as bits: of a vertebra all, since it lies at none of them."""
    return sum([1 << level for level in LEVELS]) if mention.span == "vertebra" else mention.mask


def beside_lesion(speech: str, tags: Sequence[Tag]) -> LevelMention | None:
    """The discs beside a vertebra with a lesion: what narrows the canal there narrows it at no other disc."""
    found = _LESION_OF_BONE.search(speech) if "j" in speech and "d" in speech else None
    if found is None:
        return None
    lesion = tags[found.start("lesion" if found["lesion"] else "of")]
    if lesion.meaning.value != "aside" and lesion.rule != _COLLAPSE:
        return None
    return LevelMention(_at_or_beside([tags[found.start("bone" if found["bone"] else "in")]]), "vertebra")


def beside_bone(speech: str, tags: Sequence[Tag]) -> LevelMention | None:
    """The discs beside a vertebra that narrows something itself: "L3 is wedged and narrows the canal"."""
    found = _BONE_NARROWS.match(speech) if "j" in speech and "i" in speech else None
    if found is None:
        return None
    if any(tag.meaning.speech == "e" and tag.rule != _FRAME for tag in tags[slice(*found.span("noun"))]):
        return None
    return LevelMention(_at_or_beside([tags[found.start("bone")]]), "vertebra")


def passing_mention(speech: str, tags: Sequence[Tag]) -> LevelMention | None:
    """The discs at or beside what is named in passing: of span ``vertebra`` where it is a lesion of bone."""
    lesions = any(tag.rule in _BONE_LESIONS for tag in tags) and "n" not in speech
    if lesions and (beside := beside_lesion(speech, tags)) is not None and beside.levels:
        return beside
    named = _at_or_beside([tag for tag in tags if tag.levels is not None])
    return LevelMention(named, "list") if named else None


def _at_or_beside(tags: Sequence[Tag]) -> tuple[Level, ...]:
    """The discs that are named, and the two of each vertebra."""
    named = union_of([tag.levels for tag in tags if tag.levels is not None])
    bones = union_of([tag.levels for tag in tags if tag.levels is not None and tag.meaning.speech == "j"])
    return tuple([level for level in LEVELS if level in named or level + 1 in bones])
