"""Words whose part depends on their neighbours, settled before a sentence is cut into items.

"The other foramen" is the other side, "the other foramina" are elsewhere; "all" between a verb and its value,
or before a structure, is of all levels; "central" after "Stenosis:" is a structure and no adjective.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from labeling.tagging import Tag
from lexicons.findings import FINDINGS
from lexicons.meanings import Meaning

_STRUCTURE = Meaning("s", "structure")
_SILENT = Meaning("-")
_WORD = Meaning("w", "word")
_MIRRORED = {"right": "left", "left": "right"}
_RELATIVE = {"same side": "right", "other side": "left"}
"""What a side by reference stands for when the sentence names none: `Statement.relative` says so."""

_ALONE = r"f(?![wrlcf,]*[hHtxsk])"
# Stenosis: central mild, right foraminal moderate; the narrowing is central and moderate
_KEY = re.compile(rf"^[l:(),-]*(h):(?=[lrq]*f)(?!.*[hHx])|^[blq,]*(h)[lq]*v(?=r?{_ALONE})")
_BARE_ADJECTIVE = re.compile(rf"(?<=[:v;,lrc]){_ALONE}")
_BARE_VERB = re.compile(rf"^[lqWb,]*v(?=r?{_ALONE})")


def settle_parts(tags: Sequence[Tag]) -> tuple[list[Tag], frozenset[int]]:
    """`tags` with the parts that neighbours decide, and which of them name a side by reference."""
    settled = list(tags)
    relative: set[int] = set()
    side = ""
    for at, tag in enumerate(tags):
        words = tag.meaning.value
        if tag.meaning.speech == "r" and words in _MIRRORED:
            side = words
        elif words == "the other" and tag.meaning.speech == "q":
            if not _is_one(tags, at + 1):
                settled[at] = replace(tag, meaning=Meaning("q", "elsewhere"))
                continue
            words = "other side"
        elif words == "every" and not _quantifies(tags, at):
            settled[at] = replace(tag, meaning=_WORD)
        if words in _RELATIVE:
            named = (_MIRRORED[side] if words == "other side" else side) if side else _RELATIVE[words]
            settled[at] = replace(tag, meaning=Meaning("r", named))
            if not side:
                relative.add(at)
    _settle_adjectives(settled)
    return settled, frozenset(relative)


def _is_one(tags: Sequence[Tag], at: int) -> bool:
    """Whether a single structure that has sides follows ("the other foramen")."""
    if at >= len(tags) or tags[at].meaning.value != "structure":
        return False
    return None not in FINDINGS[tags[at].finding].codes


def _quantifies(tags: Sequence[Tag], at: int) -> bool:
    before = tags[at - 1].meaning.speech if at else ""
    after = tags[at + 1].meaning.speech if at + 1 < len(tags) else ""
    return (before == "v" and after in set("ogH")) or after in {"s", "f"}


def _settle_adjectives(tags: list[Tag]) -> None:
    speech = "".join(tag.meaning.speech for tag in tags)
    if "f" not in speech:
        return
    key = _KEY.match(speech)
    if key is not None:
        at = key.start(key.lastindex or 1)
        tags[at] = replace(tags[at], meaning=_SILENT)
    elif not _BARE_VERB.match(speech):
        return
    for match in _BARE_ADJECTIVE.finditer(speech):
        tags[match.start()] = replace(tags[match.start()], meaning=_STRUCTURE)
