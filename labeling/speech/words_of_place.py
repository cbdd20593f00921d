"""Words for where: levels, sides, regions and what is left of them, by the words beside them.

"All" between a verb and its value is of all levels; "the level above the fusion" only tells where a level
lies that was named; "the rest of the canal" is of no other level.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.rule_names import DONE, PRONOUNS
from labeling.speech.neighbours import are_several, beside, ends_conus, goes_on, stands_between
from labeling.speech.other_nouns import leads_noun, names_another, owns
from labeling.speech.parts import ANATOMY, BOTH, IS, OF, SILENT, THESE, WHICH, Decisions
from labeling.tagging import WORD, Tag, speech_of
from lexicons.findings import CANAL
from lexicons.meanings import Meaning

_BOTH_LEVELS = Meaning("q", "both levels")
_ALL = Meaning("q", "all")
_OTHERS = Meaning("q", "others")
_IS_NORMAL = re.compile(r"l?(?:vo|[vb]?O)(?:$|[,;p])")
_NORMAL_LAST = re.compile(r"[oO](?:$|[,;])")
_JOINS = frozenset("v:,-")
_CLOSED = frozenset({"", ",", ";", ")", "c", "b"})
"""What may stand behind a word with which a clause ends."""
_BEGUN = frozenset(",nsrfgbo")
"""What goes on behind levels at the head of a sentence, which are no key there."""
_SAID_BEFORE = frozenset({"t", "s", "f", "h", "H", "x", "o", "g"})
_PART_OF_SPINE = re.compile(r"wq?R")
_OF_RANGE = re.compile(r"q?X?(?:l|ql)")
_OF_ONE_SIDE = re.compile(r"r(?:l,?)?(?:s|f)(?:,?c?[sf])*l?v$")
# the canal, right foramen and left foramen are all patent
_SEVERAL = re.compile(r"s[rl]?(?:,?c|,)r?s[rl]?v$")
_OF_NARROWING = re.compile(r"[hH](?:,?c[wdhH])?p$")
"""Before what has the narrowing: "no narrowing of the conus"."""
_REGARDED = re.compile(r"r?s(?:,?cr?s){0,2}vo(?:$|[,;)bcE])")
_DOCUMENT = frozenset({DONE, "distractors/document"})


def denies(tags: Sequence[Tag], at: int) -> bool:
    """Whether words before `at` deny, or those after a structure: "canals of the lumbar spine are patent"."""
    before = speech_of(tags[:at])
    return "n" in before or (before[-1:] in set("sfhxo") and any(t.meaning.speech == "o" for t in tags))


def quantifies(tags: Sequence[Tag], at: int) -> bool:
    """Whether "all" is of all levels: between a verb and its value, or before a structure."""
    before, after = beside(tags, at)
    if before == "v" and after in {"o", "g", "H"}:
        if tags[at - 1].rule in PRONOUNS and (after == "g" or "l" in speech_of(tags[:at])):
            return False  # "narrowing at L3-4 and L4-5; it is all mild"
        return _SEVERAL.search(speech_of(tags[:at])) is None
    return after in {"s", "f"}


def of_both(after: Sequence[Tag]) -> Meaning | None:
    """What "at both" is before levels, and before one level: "at both L4-5 foramina"."""
    if speech_of(after) != "l":
        return None
    return BOTH if after[0].meaning.value == "one" else OF


def heads_all_else(tags: Sequence[Tag], at: int) -> bool:
    """Whether a sentence is a key and no more than that it is normal."""
    return not at and speech_of(tags) == "q:o" and tags[-1].rule == "normal/normal"


def are_two(tags: Sequence[Tag], at: int) -> bool:
    """Whether two structures follow, each named once: "both the foramen and the recess"."""
    named = tags[at : at + 3]
    return speech_of(named) == "scs" and all(tag.meaning.value == "structure" for tag in named[::2])


def is_of_two_levels(tags: Sequence[Tag], at: int) -> bool:
    """Whether two levels are called normal: "L1-2 and L2-3 are both normal"."""
    named = tags[at - 1 - (speech_of(tags[at - 1 : at]) in _JOINS)] if at else None
    if named is None or named.levels is None or named.levels.span == "one":
        return False
    before = speech_of(tags[:at]).strip("\u2022v:,-")
    return before == "l" and _NORMAL_LAST.match(speech_of(tags), at + 1) is not None


def is_of_document(tags: Sequence[Tag], at: int) -> bool:
    """Whether it is the report that is spoken of: "otherwise the table is fine"."""
    subject = next((tag for tag in tags[at : at + 3] if tag.meaning.speech not in ",p"), None)
    return subject is not None and subject.rule in _DOCUMENT


def is_of_levels(tags: Sequence[Tag], at: int) -> bool:
    """Whether two levels follow, and no side of one: "either at L3-4 or at L4-5"."""
    after = speech_of(tags[at + 1 : at + 4])
    return after == "lcl" or (after[:1] == "l" and tags[at + 1].meaning.value != "one")


def is_said_beyond(tags: Sequence[Tag], at: int) -> bool:
    """Whether "farther up" tells where something is denied, or begins a clause that names no level.

    Before a lesion it is its direction: "an extrusion with cephalad migration".
    """
    before, after = speech_of(tags[:at]), speech_of(tags[at + 1 : at + 4])
    if before[-2:] == "Ov":
        return True  # "Nothing of note is seen farther up."
    if before[-1:] == "n":
        return after[:1] in _CLOSED  # "mild at L3-4 and not higher up"
    if before[-1:] == "s" and after[:1] == "v":
        return True  # "The foramina further up are patent."
    if before[-1:] in set("hHxtosgO"):
        return not set("noO").isdisjoint(before)
    if before[-2:] == "qc" and tags[at - 2].rule.startswith("references/further-"):
        return is_said_beyond(tags, at - 2)  # "no stenosis farther up or farther down"
    return before[-1:] in {"", ";", ",", "c", "b"} and not (
        after[:1] in {"d", "e", "w"} or after.lstrip(",")[:1] in {"", "l", "j"}
    )


def is_beside_fusion(tags: Sequence[Tag], at: int) -> bool:
    """Whether it only tells where a level lies that stands before it: "L3-4 above the fusion"."""
    before, after = (tags[i].meaning if 0 <= i < len(tags) else SILENT for i in (at - 1, at + 1))
    return at > 0 and before.speech == "l" and after.value == "postoperative"


def leads_on(tags: Sequence[Tag], at: int) -> bool:
    """Whether a disc beside the one spoken of begins a clause: "At the disc below, the canal is open"."""
    after = tags[at + 1].meaning if at + 1 < len(tags) else SILENT
    begins = not speech_of(tags[:at]).rpartition(";")[2].strip("bcp,-\u2022")
    return begins and after.speech not in {"l", "j", "p"} and after.value != "postoperative"


def names_level(tags: Sequence[Tag], at: int) -> bool:
    """Whether a disc space stands behind a level that begins a clause, with a break after it."""
    before = speech_of(tags[max(at - 2, 0) : at])
    after = tags[at + 1].meaning.speech if at + 1 < len(tags) else ""
    return (
        before[-1:] == "l" and (before[:-1] in set(",;:\u2022-") or at == 1) and after in {":", "-", ",", "b"}
    )


def is_of_noun(tags: Sequence[Tag], at: int) -> bool:
    """Whether a region stands between a grade and its noun: "severe lumbar stenosis"."""
    before, after = beside(tags, at)
    return before in {"g", "z", "n"} and after in {"h", "f", "s", "x"}


def is_of_one_space(tags: Sequence[Tag], at: int) -> bool:
    """Whether it is the canal, which has no sides, that a word for both sides is said of."""
    space = at - 2 if at > 1 and tags[at - 1].meaning.speech == "v" else at + 1
    return space < len(tags) and tags[space].finding == CANAL


def is_of_whole(tags: Sequence[Tag], at: int) -> bool:
    """Whether the lumbar spine as a whole stands behind a structure or what is denied of it."""
    before, after = speech_of(tags[:at]), speech_of(tags[at + 1 : at + 3]).lstrip("w")
    if before[-2:-1] in {"h", "x"} and after[:1] != ":" and "n" not in before:
        return False  # "spinal stenosis of the lumbar spine": at no level in particular
    return before[-1:] == "p" and before[-2:-1] in set("sfxhH") and after[:1] in {"", ":", ",", ";", "b"}


def is_regarded(tags: Sequence[Tag], at: int) -> bool:
    """Whether the lumbar spine is called normal as regards a structure, which stands behind it when read."""
    before = speech_of(tags[:at]).lstrip("\u2022-")
    return not before.strip("w") and _REGARDED.match(speech_of(tags[at + 1 : at + 9])) is not None


def is_heard_as_side(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word stands where a side does: "lift foraminal", "right and lift recess", "on the lift"."""
    before, after = beside(tags, at)
    return after in {"s", "f", "x"} or (before == "p" and after in {"", ",", ";", "c"})


def causes(tags: Sequence[Tag], at: int) -> bool:
    """Whether a verb follows that only a level or a lesion can have: "Both result in mild stenosis."."""
    return at < len(tags) and tags[at].meaning.speech in "Bi"


PLACES: Decisions = {
    # "hypertrophy at L3-4 through L5-S1, moderate throughout"
    # and "The L4-5 level is capacious throughout", but "at L4-5 and the canal is patent throughout"
    # and "throughout the lower lumbar spine", "patent throughout the operated segment"
    # but "throughout the mid and lower lumbar spine": which levels is not told
    "references/throughout": lambda tags, at: (
        OF
        if speech_of(tags[at + 1 : at + 2]) == "q"
        else WORD
        if _PART_OF_SPINE.match(speech_of(tags[at + 1 : at + 4]))
        else SILENT
        if (tags[at - 1].meaning.speech == "g" and any(tag.levels for tag in tags[:at]))
        or speech_of(tags[max(at - 3, 0) : at]) == "lvo"
        else None
    ),
    # "no fluid margin remaining", and "mild canal stenosis, the foramina remaining patent"
    "references/the-rest": lambda tags, at: (
        IS
        if stands_between(tags, at, "s", "ognH")
        else None
        if goes_on(tags, at) and not names_another(tags, at + 1)
        else WORD
    ),
    # "At the imaged levels:", but "At the imaged levels no canal stenosis"
    "references/all-imaged": lambda tags, at: (
        None if speech_of(tags[at + 1 : at + 2]) in (_CLOSED if at else _BEGUN) else WORD
    ),
    # "moderate facet arthrosis of the whole lumbar spine", but "MRI of the whole lumbar spine"
    "references/of-the-whole-spine": lambda tags, at: (
        None if beside(tags, at)[0] in _SAID_BEFORE or denies(tags, at) else WORD
    ),
    # "The rest of the table is correct", but "the rest of the canal"
    "references/the-rest-alone": lambda tags, at: WORD if names_another(tags, at + 1) else None,
    "references/rest-of-the": lambda tags, at: WORD if names_another(tags, at + 1) else None,
    # "severe at L4-5 and mild at the other"
    # and "Other: unremarkable", of other organs
    "references/other": lambda tags, at: (
        ANATOMY
        if tags[at + 1 : at + 2] and tags[at + 1].meaning.speech == ":"
        else WORD
        if names_another(tags, at + 1)
        else None
        if goes_on(tags, at)
        else _OTHERS
    ),
    # "first degree listhesis", "the first sacral root"
    "references/first-alone": lambda tags, at: WORD if leads_noun(tags, at + 1) else None,
    # "MRI of the lumbar spine shows canal stenosis"
    "references/of-the-spine": lambda tags, at: None if denies(tags, at) else WORD,
    # "at both L3-4 and L4-5"
    "references/at-both": lambda tags, at: of_both(tags[at + 1 : at + 2]),
    # "Bulges at L2-3 and L3-4, no stenosis at either", but "no narrowing at either foramen"
    "references/at-either": lambda tags, at: BOTH if beside(tags, at)[1] not in _CLOSED else None,
    # "Others: unremarkable.", of what is not spine
    "references/others": lambda tags, at: WORD if heads_all_else(tags, at) else None,
    # "the L3-4 segment above the fusion"
    "references/upwards": lambda tags, at: WORD if is_beside_fusion(tags, at) else None,
    "references/downwards": lambda tags, at: WORD if is_beside_fusion(tags, at) else None,
    "references/above": lambda tags, at: WORD if is_beside_fusion(tags, at) else None,
    "references/below": lambda tags, at: WORD if is_beside_fusion(tags, at) else None,
    # "above it L3-4: mild stenosis", but "Above it, the canal is patent"
    **dict.fromkeys(
        ("references/upwards-of-it", "references/downwards-of-it"),
        lambda tags, at: WORD if beside(tags, at)[1] == "l" else None,
    ),
    # "no stenosis farther up", "Lower down, the canal is patent", but "a fragment migrated more caudally"
    "references/further-up": lambda tags, at: None if is_said_beyond(tags, at) else WORD,
    "references/further-down": lambda tags, at: None if is_said_beyond(tags, at) else WORD,
    # "At the level of the slip the canal is narrow", but "at L4-5, the level of the slip, it is narrow"
    **dict.fromkeys(
        ("references/slip-level", "references/protrusion-level", "references/lesion-level"),
        lambda tags, _at: OF if any(tag.meaning.speech == "l" for tag in tags) else None,
    ),
    # "The disc above is dry, the canal open", but "a fragment from the disc above", "the disc above L4-5"
    "references/above-disc": lambda tags, at: None if leads_on(tags, at) else ANATOMY,
    "references/below-disc": lambda tags, at: None if leads_on(tags, at) else ANATOMY,
    # "the canal is symmetrically narrowed"
    "sides/symmetric": lambda tags, at: WORD if is_of_one_space(tags, at) else None,
    # "everything else at L3-4 and above is normal"
    "references/everything": lambda tags, at: (
        None
        if stands_between(tags, at, ":", "v")
        else SILENT
        if _OF_RANGE.match(speech_of(tags[at + 1 : at + 4]))
        else WORD
    ),
    "references/elsewhere": lambda tags, at: (
        SILENT
        if at and tags[at - 1].rule == "references/everything" and stands_between(tags, at, "q", "lq")
        else None
    ),
    # and "narrowing at L3-4 and L4-5; all of it mild"
    "references/every": lambda tags, at: (
        None
        if quantifies(tags, at)
        else IS
        if stands_between(tags, at, "v", "g")
        else SILENT
        if stands_between(tags, at, ";(", "g")
        else WORD
    ),
    # "on the right the same two are patent"
    "references/same-ones": lambda tags, at: (
        None if are_several(tags, at + 1) or stands_between(tags, at, "r", "v") else WORD
    ),
    # "Otherwise the report is fine", which is of no level
    "references/otherwise": lambda tags, at: WORD if is_of_document(tags, at + 1) else None,
    # "both the foramen and the recess", "the left foramina are each narrow": of one side
    # and "on the right both foramina are patent", at two levels
    # "L2-3 and L3-4 follow, each being moderate"
    "sides/both": lambda tags, at: (
        THESE
        if not at and causes(tags, 1)
        else WHICH
        if at > 2 and tags[at - 2].rule == "distractors/comes-next" and stands_between(tags, at, ",", "vgz")
        else _BOTH_LEVELS
        if stands_between(tags, at, "r", "s") and are_several(tags, at + 1)
        else SILENT
        if are_two(tags, at + 1) or is_of_two_levels(tags, at) or _OF_ONE_SIDE.search(speech_of(tags[:at]))
        else None
    ),
    # "moderate lift foraminal narrowing", but "unable to lift"
    "sides/dictated-lift": lambda tags, at: None if is_heard_as_side(tags, at) else WORD,
    # "no stenosis either at L3-4 or at L4-5"
    "sides/either": lambda tags, at: (
        OF if is_of_levels(tags, at) else WORD if speech_of(tags[:at])[-1:] in {"l", "V"} else None
    ),
    "regions/vessel": lambda tags, at: (
        ANATOMY if owns(tags, at) else WORD if any(t.meaning.speech in "sfxl" for t in tags) else None
    ),
    # "severe hip arthropathy", "no abnormality of the pelvis"
    "regions/other": lambda tags, at: ANATOMY if owns(tags, at) else None,
    # "No stenosis in the lumbar region", "Foramina of L-spine: patent"
    # and "The lumbar spine is normal as regards the canal"
    "regions/lumbar": lambda tags, at: (
        _ALL if is_of_whole(tags, at) or is_regarded(tags, at) else WORD if is_of_noun(tags, at) else None
    ),
    # "canal patent, foramina clear, conus at L1-2"
    "distractors/conus": lambda tags, at: (
        ANATOMY
        if any(tag.meaning.speech in "sfx" for tag in tags[:at]) or _OF_NARROWING.search(speech_of(tags[:at]))
        else None
    ),
    "levels/expression": lambda tags, at: WORD if ends_conus(tags, at) else None,
    # "At the L4-5 interspace, there is", where nothing narrows it
    # and in "The L1-2 and L2-3 interspaces are normal"
    "distractors/interspace": lambda tags, at: (
        SILENT if names_level(tags, at) or _IS_NORMAL.match(speech_of(tags), at + 1) else None
    ),
    "distractors/vertebral-space": lambda tags, at: SILENT if names_level(tags, at) else None,
}
