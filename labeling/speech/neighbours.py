"""What stands beside a word: the questions that more than one table of words asks of its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.rule_names import DONE, LUMBAR_SCANS, PLANE, STUDY, THAT_STUDY, THERE_IS
from labeling.tagging import Tag, speech_of
from lexicons.findings import FACET

_STUDIES = LUMBAR_SCANS | {STUDY, DONE}
OF_STUDY = frozenset({STUDY, DONE, PLANE})
"""Rules of words for the study, and for when it was made."""
_NARROWING_BEFORE = re.compile(r"[hxt](?:p{1,2}r?s)?[lr]{0,2},?$")
_GRADE_ENDS = re.compile(r"g{1,2}(?:$|[;)])")
_SPACE = re.compile(r"r?s(?![wrl]{0,3}[hHtxf])")
_ONE_MORE = re.compile(r"r(?=$|[,;)lqc])|r?s(?![wrl]{0,3}[hHtxf]|v?[gzo])")


def beside(tags: Sequence[Tag], at: int) -> tuple[str, str]:
    """The parts of speech before and after a word, each empty where nothing stands there."""
    before = tags[at - 1].meaning.speech if at else ""
    return before, tags[at + 1].meaning.speech if at + 1 < len(tags) else ""


def is_space(tags: Sequence[Tag], at: int) -> bool:
    """Whether a space itself follows, and no narrowing of it."""
    after = speech_of(tags[at : at + 6])
    return _SPACE.match(after) is not None and not any(tag.finding == FACET for tag in tags[at : at + 2])


def is_one_more(tags: Sequence[Tag], at: int) -> bool:
    """Whether a structure or a side follows of which nothing is said: "the same applies to the right"."""
    return _ONE_MORE.match(speech_of(tags[at : at + 6])) is not None


def begins_with_study(tags: Sequence[Tag]) -> int:
    """How many words name an earlier study that was told of: "That study showed ...", "There, ..."."""
    if len(tags) > 1 and tags[0].rule == THERE_IS and tags[1].meaning.speech == ",":
        return 2
    return int(bool(tags) and tags[0].rule == THAT_STUDY)


def goes_on(tags: Sequence[Tag], at: int) -> bool:
    """Whether the clause goes on behind a word."""
    return at + 1 < len(tags) and tags[at + 1].meaning.speech not in ",;)"


def are_several(tags: Sequence[Tag], at: int) -> bool:
    """Whether structures of more than one level stand there: "the foramina on the right"."""
    return at < len(tags) and tags[at].meaning.speech == "s" and tags[at].meaning.value == "structures"


def stands_between(tags: Sequence[Tag], at: int, before: str, after: str) -> bool:
    """Whether the word before is one of the parts `before`, the one after of `after`; of any, if empty."""
    if not 0 < at < len(tags) - 1 or tags[at - 1].meaning.speech not in before:
        return False
    return not after or tags[at + 1].meaning.speech in after


def is_called(tags: Sequence[Tag], at: int) -> bool:
    """Whether a grade ends the clause that a narrowing stands before: "canal stenosis, called mild"."""
    speech = speech_of(tags)
    return (
        _NARROWING_BEFORE.search(speech, 0, at) is not None and _GRADE_ENDS.match(speech, at + 1) is not None
    )


def tells_of_study(before: Sequence[Tag]) -> bool:
    """Whether a study is what shows something: "MRI shows a bulge at L4-5 and nothing else"."""
    return any(tag.rule in _STUDIES for tag in before)


def is_of_study(before: Sequence[Tag]) -> bool:
    """Whether a study is what is spoken of, and nothing in it yet."""
    return tells_of_study(before) and not any(tag.meaning.speech in "sfhHxlkP" for tag in before)


def _conus_of(tags: Sequence[Tag], at: int) -> int:
    """Where the conus stands that ends at the level `at`, -1 where none does."""
    start = at - 1
    while start > 0 and tags[start].meaning.speech in "wvp":
        start -= 1
    return start if start >= 0 and tags[start].rule == "distractors/conus" else -1


def ends_conus(tags: Sequence[Tag], at: int) -> bool:
    """Whether a level is where the conus ends, in a sentence about a structure as well."""
    return any(tag.meaning.speech in "sfx" for tag in tags[: max(_conus_of(tags, at), 0)])


def is_of_conus(tags: Sequence[Tag], at: int) -> bool:
    """Whether it is the conus that is normal, and no level: "conus at L1-2 normal", with no stop behind."""
    level = at - 2 if speech_of(tags[at - 1 : at]) == "v" else at - 1
    return level > 0 and tags[level].meaning.speech in "lj" and _conus_of(tags, level) >= 0
