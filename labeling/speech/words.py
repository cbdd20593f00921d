"""Single words whose part the words beside them decide.

"All" between a verb and its value, or before a structure, is of all levels; "large" before a canal calls it
normal; "narrowing" behind a bulge and before a recess is a verb; "nil significant" before a noun denies it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.speech.neighbours import beside, is_of_conus, tells_of_study
from labeling.speech.other_nouns import before_noun, calls_other_normal, is_under_other_key
from labeling.speech.parts import COLON, DOUBT, SILENT, Decisions
from labeling.speech.words_of_change import CHANGES
from labeling.speech.words_of_link import LINKS
from labeling.speech.words_of_narrowing import NARROWINGS
from labeling.speech.words_of_place import PLACES
from labeling.speech.words_of_verdict import VERDICTS, hedges_value
from labeling.tagging import WORD, Tag, speech_of
from lexicons.findings import FINDINGS
from lexicons.meanings import Meaning

_DOUBTED = Meaning("U", "after")
_SUSPECTED = frozenset({"uncertainty/suspected", "uncertainty/is-suspected"})
_DENIED_BEFORE = re.compile(r"nw?[gz]{0,2}(?:(?:r?[sfx](?:,?c|,)){0,3}r?[sf])?[hHx](?:p{0,2}[lrq]){0,2}$")
"""A narrowing that is denied: "no canal or foraminal stenosis"."""
_BY_RULE: Decisions = {**PLACES, **VERDICTS, **CHANGES, **LINKS, **NARROWINGS}
"""Rule of a word whose part depends on its neighbours to the function that tells it, `None` for no change."""


def part_of(tags: Sequence[Tag], at: int) -> Meaning | None:
    """The part that the neighbours of a word give it, if it is one of those that they decide."""
    tag = tags[at]
    decide = _BY_RULE.get(tag.rule)
    if decide is not None:
        return decide(tags, at)
    if tag.meaning.speech in "uU":
        return part_of_doubt(tags, at)
    if tag.meaning.speech == "Q":
        other = calls_other_normal(tags, at) or is_under_other_key(tags, at) or is_behind_study(tags, at)
        return WORD if other else None
    if tag.meaning.speech == "o":
        return WORD if is_of_conus(tags, at) else None
    return before_noun(tags, at) if tag.meaning.value == "level normal" else None


def part_of_doubt(tags: Sequence[Tag], at: int) -> Meaning | None:
    """What a word of doubt is: of what stands before it, a question, or nothing behind a denial."""
    if tags[at].rule in _SUSPECTED and is_denied_before(tags, at):
        return SILENT
    if tags[at].meaning.speech == "U":
        return DOUBT if hedges_value(tags, at) else None  # "the canal is likely mildly narrowed"
    if is_asked(tags, at):
        return COLON
    return _DOUBTED if hedges_back(tags, at) else None


def is_one(tags: Sequence[Tag], at: int) -> bool:
    """Whether a single structure that has sides follows ("the other foramen")."""
    if at >= len(tags) or tags[at].meaning.value != "structure":
        return False
    return None not in FINDINGS[tags[at].finding].codes


def hedges_back(tags: Sequence[Tag], at: int) -> bool:
    """Whether a doubt stands behind its noun, with nothing but a level after it."""
    before, after = beside(tags, at)
    if before in {",", "("}:  # "mild canal stenosis, suspected"
        before = tags[at - 2].meaning.speech if at > 1 else ""
    if before == "g":  # "Canal: mild?"
        return after in {"", ";", ")"}
    if before == "l":
        return after in {"", ",", ";", ")"}
    return before in set("hxts") and after in {"", "l", "q", ",", ";", ")"}


def is_denied_before(tags: Sequence[Tag], at: int) -> bool:
    """Whether what stands right before a word is denied: "no stenosis suspected" leaves no doubt."""
    return _DENIED_BEFORE.search(speech_of(tags[max(at - 12, 0) : at])) is not None


def is_asked(tags: Sequence[Tag], at: int) -> bool:
    """Whether a doubt stands behind its noun and an answer behind it: "Canal stenosis? No."."""
    after = speech_of(tags[at + 1 :]).rstrip(";)")
    return at > 0 and tags[at - 1].meaning.speech in "hxl" and after in {"n", "o"}


def is_behind_study(tags: Sequence[Tag], at: int) -> bool:
    """Whether it is the study that is otherwise normal, which says nothing of a level."""
    behind = [tag for tag in tags[max(at - 2, 0) : at] if tag.meaning.speech != "v"]
    return tells_of_study(behind[-1:])
