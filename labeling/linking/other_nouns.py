"""What is said of an organ, a root or a vessel, and of no level: "the aorta is otherwise normal"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.tagging import Tag

_OF_BODY = re.compile(r"[hHtOQo]p[rw]{0,2}$")
# no abnormality of the discs, of the left L5 root, of the common iliac artery
_OF_NOUN = re.compile(r"p+[gzrlj]{0,3}(?:[ed]|w{0,2}R)")
_OF_UNKNOWN = re.compile(r"pr?w")
_SUBJECT = re.compile(r"[edwR]r?v$")
# otherwise unremarkable aorta
_BEFORE_NOUN = re.compile(r"[rlj]{0,2}w{0,2}[edR]{1,2}(?:$|[,;)])")


def speech_of(tags: Sequence[Tag]) -> str:
    """The parts of speech of `tags`, one character each."""
    return "".join([tag.meaning.speech for tag in tags])


def is_of_other(tags: Sequence[Tag], at: int) -> bool:
    """Whether "no abnormality" is one of another noun; with an article, of one that is not known as well."""
    after = speech_of(tags[at + 1 : at + 12])
    found = _OF_NOUN.match(after)
    if found is not None and not ("R" in found[0] and _names_lumbar(tags)):
        return True
    return _OF_UNKNOWN.match(after) is not None and tags[at + 1].rule == "connectors/of-the"


def calls_other_normal(tags: Sequence[Tag], at: int) -> bool:
    """Whether another noun is called otherwise normal: "the aorta is otherwise normal"."""
    before, after = speech_of(tags[:at]), speech_of(tags[at + 1 : at + 6])
    found = _SUBJECT.search(before) or _BEFORE_NOUN.match(after)
    return found is not None and not ("R" in found[0] and _names_lumbar(tags))


def owns(tags: Sequence[Tag], at: int) -> bool:
    """Whether another part of the body has what is named beside it: "hip arthropathy"."""
    before, after = speech_of(tags[max(at - 4, 0) : at]), speech_of(tags[at + 1 : at + 2])
    return (
        _OF_BODY.search(before) is not None or after in set("thHv") or (before[-1:] == "r" and after == "w")
    )


def _names_lumbar(tags: Sequence[Tag]) -> bool:
    return any(tag.meaning.value == "lumbar" for tag in tags)
