"""What part of the body a sentence is about, and whether it tells of a study."""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.rule_names import LUMBAR_FILMS, LUMBAR_SCANS, STUDY
from labeling.tagging import Tag

_STUDIES = LUMBAR_SCANS | {LUMBAR_FILMS, "regions/other-study"}
"""A study that a sentence begins with: "MRI of the cervical spine shows no stenosis"."""

_TITLE_OF_REGION = re.compile(r"[\u2022-]*w?(?:pr?)?(R)(?:\([^)]{0,6}\))?:")
"""A region that heads a sentence: "CERVICAL SPINE: No canal stenosis.", "MRI OF THE LEFT KNEE: ..."."""
_ELSEWHERE = frozenset({"regions/upper-spine", "regions/other"})
_UPPER_SPINE, _IN_UPPER_SPINE = "regions/upper-spine", "regions/in-upper-spine"

_VESSEL = "regions/vessel"
"""It has a stenosis of its own, and is no region."""

_ADVICE = "distractors/recommended"
"""A study that is yet to be done: "CT of the abdomen is recommended"."""

_IMAGING = LUMBAR_SCANS | {STUDY}


def is_of_upper_spine(tags: Sequence[Tag]) -> bool:
    """Whether a sentence speaks of another part of the spine alone: "no thoracic stenosis"."""
    rules = {tag.rule for tag in tags if tag.meaning.speech == "R"}
    if not rules & {_UPPER_SPINE, _IN_UPPER_SPINE}:
        return False
    return not any(
        tag.meaning.value == "lumbar" or (tag.meaning.speech == "q" and tag.meaning.value != "all")
        for tag in tags
    )


def _opens_upper_spine(speech: str, tags: list[Tag], regions: list[str]) -> bool:
    """Whether another part of the spine heads the sentence: "CERVICAL SPINE: no stenosis", "In the ..."."""
    title = _TITLE_OF_REGION.match(speech)
    if title is not None and tags[title.start(1)].rule in _ELSEWHERE:
        return True
    return tags[0].rule == _IN_UPPER_SPINE and "l" not in speech and "lumbar" not in regions


def region_of(speech: str, tags: list[Tag]) -> str:
    """The region that a sentence is a title of, ``lumbar`` or ``other``; empty where it is none."""
    if "R" not in speech:
        return ""
    regions = [tag.meaning.value for tag in tags if tag.meaning.speech == "R" and tag.rule != _VESSEL]
    if _opens_upper_spine(speech, tags, regions):
        return "other"
    if not regions or any(tag.rule == _ADVICE for tag in tags):
        return ""
    if any(tag.rule in _STUDIES for tag in tags[:4]) and (regions[0] == "other" or "l" not in speech):
        return "lumbar" if "lumbar" in regions else "other"
    if len(speech) > 14 or set(speech) & set("gsxhHlqvoedn"):
        return ""
    return "lumbar" if "lumbar" in regions else "other"


def tells_of_imaging(tags: list[Tag]) -> bool:
    """Whether a study is the first thing that the sentence names: "He had an MRI that showed stenosis"."""
    for tag in tags[:12]:
        if tag.rule in _IMAGING:
            return True
        if tag.meaning.speech not in "wvedpcbBW,:":
            return False
    return False
