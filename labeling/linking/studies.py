"""A sentence that names a study and calls it normal: "MRI of the lumbar spine, dated 6/12, was normal"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.rule_names import DONE, LUMBAR_FILMS, LUMBAR_SCANS, STUDY
from labeling.tagging import Tag

EXCEPTED = r"[bc,]{0,2}E[wcWvpb,:(]{0,5}l[)]?"
"""A level that is excepted: "... is normal with one exception, and that is L5-S1"."""
_NOTHING = rf"(?:[,;]|,?b?n[dehHsfxcwpkitrj,]{{1,20}}|{EXCEPTED})?"
"""What else may be said: "... is normal, with no disc herniation or stenosis"."""
_STUDY = re.compile(rf"[\u2022-]*w?R[v:-]{{0,2}}([oO]){_NOTHING}")
_STUDY_DATED = re.compile(rf"[wpcr]{{0,3}}R[wcXKDPpjqW;,()-]{{0,16}}[v:]?[wv>]{{0,3}}([oO]){_NOTHING}")
"""The study and nothing else: "MRI of the lumbar spine, dated 6/12/2003, was normal"."""
_ASIDE = re.compile(r"(?<=R)[XpqD]{0,2}w?,(?P<begun>[wW])[wcXKDPpquv-]{0,12},(?=v)")
"""When and where it was made, or by whom it was seen: "Lumbar MRI, done at her local clinic, was normal"."""
_DONE = frozenset(
    {DONE, "distractors/unenhanced", STUDY, "change/as", "change/was-said", "change/was-reported"}
)
"""Words that say when it was done, and how."""


def normal_study(speech: str, tags: Sequence[Tag]) -> int | None:
    """The word that calls a study of the lumbar spine normal, where the sentence says nothing else."""
    rules = {tag.rule for tag in tags if tag.meaning.speech == "R"}
    aside = _ASIDE.search(speech) if rules & LUMBAR_SCANS else None
    if aside is not None and (aside["begun"] == "W" or tags[aside.start("begun")].rule == DONE):
        rest = normal_study(speech[: aside.start()] + speech[aside.end() :], _without(tags, *aside.span()))
        return rest + len(aside[0]) if rest is not None else None
    pattern = _STUDY_DATED if rules & LUMBAR_SCANS else _STUDY
    found = pattern.fullmatch(speech)
    if found is None or any(tag.meaning.value == "other" for tag in tags) or LUMBAR_FILMS in rules:
        return None  # films that are normal say nothing of the canal
    at = found.start(1)
    between = tags[speech.index("R") : at]
    if any(tag.meaning.speech == "w" and tag.rule not in _DONE for tag in between):
        return None  # "Lumbar MRI: alignment is normal"
    return at if tags[at].meaning.value in {"normal", "level normal"} else None


def _without(tags: Sequence[Tag], start: int, end: int) -> Sequence[Tag]:
    return [*tags[:start], *tags[end:]]
