"""Words that call something normal, deny it or doubt it, by the words beside them.

"Large" before a canal calls it normal; "nil" before a stenosis denies it; a wound that is
"clean" is no level.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.speech.neighbours import OF_STUDY, beside, is_called, is_space
from labeling.speech.other_nouns import is_of_kind
from labeling.speech.parts import ANATOMY, AND, DOUBT, IS, NO, NONE, NORMAL, SILENT, Decisions
from labeling.tagging import WORD, Tag, speech_of
from lexicons.findings import CANAL, FACET
from lexicons.meanings import Meaning

_NARROWING_AFTER = re.compile(r"g|(?:r?[sf](?:,?cr?[sf])?)?h|x")
_STENOSIS_AFTER = re.compile(r"z?h|z[rsf]|[gz]?H|p[lq]v$|pq[bgzsfxh]|p{1,2}r?sv|b[gz]{1,2}[sfh]")
_STENOSIS_SUPPOSED = re.compile(r"[^,;]*?[hHsfxt]")
_AFTER_LETTER = frozenset({"", ",", ";", ")", "c", "s", "l", "q"})
_OTHER_SIDE = re.compile(r"p{0,2}r(?:$|[,;)])")
_SIDED_BEFORE = re.compile(r"r[^;:]*[sfx][^;:]*$|[sfx][^;:]*r[^;:]*$")
_OF_SPACE = re.compile(r"s[lq]?v?$")
_SPACE_ITSELF = re.compile(r"s[lqr]{0,2}v?z?$")
_SPACE_NEXT = re.compile(r"r?s(?!w?[htHd])")
"""The space itself behind the word: "absent right facet"."""
_ENDS = frozenset({"", ",", ";", ")"})
_REST_HAS = re.compile(r"(?:^|[,;])[\u2022bc-]*q[v:-]?$")
_ONLY_REST = re.compile(r"p?q[,;]?")
_JOINTS_BEHIND = re.compile(r"p{0,2}s")
_JOINTS_BEFORE = re.compile(r"s[lq]?v?$")
_VALUE_BEFORE = re.compile(r"(?:[gz]r|r[gz]|[gz]l)$")
_VALUE_NEXT = re.compile(r"r[gzo]|[gz][rl]")
_OF_A_LEVEL = re.compile(r"v?(?:$|[,;)c])|v?p{0,2}[lq](?:W$|(?![>WBidew]))")


def all_denied(tags: Sequence[Tag], at: int) -> Meaning | None:
    """What "nothing" is, that of a level apart: "nothing severe in the way of stenosis" denies a grade."""
    if is_all_denied(tags, at) and not is_of_kind(tags, at):
        return None
    if _OTHER_SIDE.match(speech_of(tags[at + 1 : at + 6])) and _SIDED_BEFORE.search(speech_of(tags[:at])):
        return NONE  # "mild left foraminal narrowing, nothing on the right"
    return NO if _NARROWING_AFTER.match(speech_of(tags[at + 1 : at + 7])) else WORD


_PATHOLOGY = Meaning("d", "pathology")


def denied_thing(tags: Sequence[Tag], at: int) -> Meaning | None:
    """What "anything" or "a problem" is: a word, unless it is denied, and all that is."""
    return None if at and tags[at - 1].meaning.speech == "n" and is_all_denied(tags, at) else WORD


def hedges_value(tags: Sequence[Tag], at: int) -> bool:
    """Whether a doubt is of the value that follows: "the canal is likely mildly narrowed"."""
    return beside(tags, at)[1] in {"g", "z", "H", "o"}


def is_behind_normal(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word for the study stands between a normal word and a stop: no noun that is normal."""
    end = next((i for i in range(at, len(tags)) if tags[i].rule not in OF_STUDY), len(tags))
    start = next((i for i in range(at, -1, -1) if tags[i].rule not in OF_STUDY), -1)
    after = tags[end].meaning.speech if end < len(tags) else ""
    return start >= 0 and tags[start].meaning.speech in "oO-" and after in {"", ",", ";", ")"}


def answers(tags: Sequence[Tag], at: int) -> bool:
    """Whether a letter stands between what it is of and a stop, or on a line of its own."""
    if len(tags) == 1:
        return True
    before, after = beside(tags, at)
    if after == "p":  # "canal natural in the remaining segments"
        after = speech_of(tags[at + 2 : at + 3]) or "p"
    said = before in {":", "-", "l", "q", "s", "r", "("} and tags[at - 1].rule != "references/every"
    return said and after in _AFTER_LETTER


def is_behind_level(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word stands between a level and a stop: "L5-S1 clean."."""
    before, after = beside(tags, at)
    return (
        before in {":", "-", "l"} and "l" in speech_of(tags[max(at - 2, 0) : at]) and after in _AFTER_LETTER
    )


def answers_level(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word stands between a level, or its sign, and a stop: "L1-2: w/o changes."."""
    before, after = beside(tags, at)
    return before in {"l", ":", "-"} and after in {"", ",", ";"}


def unchanged(tags: Sequence[Tag], at: int) -> Meaning | None:
    """What "without changes" is: the rest is normal, and so are joints; a level may be the same as it was."""
    said, after = speech_of(tags[:at]), beside(tags, at)[1]
    if any(tag.rule.startswith("change/") or tag.rule in OF_STUDY for tag in tags):
        return SILENT
    if _REST_HAS.search(said) is not None and after in _ENDS:
        return None
    if not said.strip("b\u2022-") and _ONLY_REST.fullmatch(speech_of(tags[at + 1 :])) is not None:
        return None
    return _of_joints(tags, at)


def _of_joints(tags: Sequence[Tag], at: int) -> Meaning:
    """What changes that are denied are beside joints, whose disease they are; of nothing else they tell."""
    before, after = speech_of(tags[:at]), speech_of(tags[at + 1 : at + 4])
    behind = _JOINTS_BEHIND.match(after)
    if behind is not None and tags[at + behind.end()].finding == FACET:
        return NORMAL
    joint = _JOINTS_BEFORE.search(before)
    return NORMAL if joint is not None and tags[joint.start()].finding == FACET else SILENT


def is_said(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word ends what is said of something: "the canal is good"."""
    before, after = beside(tags, at)
    return before == "v" and (after in _AFTER_LETTER or after == "b")


def is_of_canal(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word ends what is said of the canal: "the canal is widened here"."""
    said = _OF_SPACE.search(speech_of(tags[:at]))
    return (
        said is not None
        and tags[said.start()].finding == CANAL
        and beside(tags, at)[1] not in {"s", "d", "e", "w", "h", "m"}
    )


def leads_levels(tags: Sequence[Tag], at: int) -> bool:
    """Whether a letter begins a sentence, before its levels: "Canal: mild L3/4. N L5/S1."."""
    return not at and len(tags) > 1 and tags[1].meaning.speech == "l"


def letter(tags: Sequence[Tag], at: int) -> Meaning | None:
    """What an "n" is: normal where it answers, "and" between values that have a side or a level each."""
    said, after = speech_of(tags[:at]), speech_of(tags[at + 1 : at + 3])
    if _VALUE_BEFORE.search(said) and _VALUE_NEXT.match(after):
        return AND
    if said[-1:] == "d" and after == "st":
        return AND  # "by disc bulge n facet hypertrophy"
    return None if answers(tags, at) or leads_levels(tags, at) else ANATOMY


def is_all_denied(tags: Sequence[Tag], at: int) -> bool:
    """Whether "nothing" ends what is said, or a level does: not so in "nothing at L4-5 to operate on"."""
    after = [tag for tag in tags[at + 1 : at + 6] if tag.rule != "sides/either"]
    return _OF_A_LEVEL.match(speech_of(after)) is not None


def is_of_degree(tags: Sequence[Tag], at: int) -> bool:
    """Whether a degree stands at `at`, which a denial before it denies: "none of severe degree"."""
    at += tags[at : at + 1] != [] and tags[at].meaning.speech == "p"
    return (
        at < len(tags)
        and tags[at].meaning.speech == "g"
        and (tags[at].rule.endswith(("-degree", "-or-worse")) or tags[at - 1].meaning.speech == "p")
    )


def is_of_joint(tags: Sequence[Tag], at: int) -> bool:
    """Whether a joint itself is not there, and no disease of it: "the right facet is absent"."""
    found = _SPACE_ITSELF.search(speech_of(tags[:at]))
    if found is None and (found := _SPACE_NEXT.match(speech_of(tags), at + 1)) is not None:
        return tags[found.end() - 1].finding == FACET
    return found is not None and tags[found.start()].finding == FACET


def none_of_degree(tags: Sequence[Tag], at: int) -> Meaning | None:
    """What "none" is: a denial of the narrowing or the degree behind it."""
    denies = _STENOSIS_AFTER.match(speech_of(tags[at + 1 : at + 4])) is not None
    return NO if denies or is_of_degree(tags, at + 1) else None


VERDICTS: Decisions = {
    # "L1-2: normal on MRI", "normal on the current study"
    "distractors/study": lambda tags, at: SILENT if is_behind_normal(tags, at) else None,
    # "canal stenosis, considered mild"
    "distractors/done": lambda tags, at: (
        SILENT if is_behind_normal(tags, at) else IS if is_called(tags, at) else None
    ),
    # "L5-S1: R/O mild foraminal stenosis"
    "negation/ruled-out": lambda tags, at: (
        DOUBT
        if speech_of(tags[at + 1 : at + 2]) == "g" and speech_of(tags[:at]).strip("-\u2022") in {"l", "l:"}
        else None
    ),
    # "If she has leg pain, the severe stenosis at L4-5 explains it": no stenosis is supposed
    "negation/supposed": lambda tags, at: (
        None if _STENOSIS_SUPPOSED.match(speech_of(tags[at + 1 :])) is not None else WORD
    ),
    # "canal stenosis: none of severe degree", "foramina: not narrowed to a severe degree"
    # "none of the other levels shows canal stenosis"
    "normal/none": none_of_degree,
    # "the right facet is absent", but "facet arthropathy is absent"
    "normal/absent": lambda tags, at: WORD if is_of_joint(tags, at) else none_of_degree(tags, at),
    "normal/not-narrowed-level": lambda tags, at: NO if is_of_degree(tags, at + 1) else None,
    "normal/not-narrowed": lambda tags, at: NO if is_of_degree(tags, at + 1) else None,
    # "Nil stenosis"
    "normal/nil": lambda tags, at: NO if speech_of(tags[at + 1 : at + 2]) == "h" else None,
    # "large canal"
    "grades/large": lambda tags, at: NORMAL if is_space(tags, at + 1) else None,
    # "canal within limits", but "within the limits of the artefact"
    "normal/limits": lambda tags, at: None if speech_of(tags[at + 1 : at + 2]) not in {"p", "w"} else WORD,
    # "L1-2: n.p."
    "normal/short": lambda tags, at: None if answers(tags, at) else WORD,
    # "L5-S1 clean."
    "normal/clean-alone": lambda tags, at: None if is_behind_level(tags, at) else WORD,
    # "L1/L2: N", "canal N, foramina N"; "the L5 n." is a nerve
    # "mild on the right n moderate on the left"
    "normal/letter": letter,
    # "on neither side is the foramen narrowed"
    "normal/neither-side": lambda tags, at: (
        None if any(tag.meaning.speech in "hHxt" for tag in tags[:at]) else NO
    ),
    # "Nothing that needs surgery.", "nothing severe in the way of stenosis"
    "normal/nothing": all_denied,
    "normal/there-is-nothing": all_denied,
    # "no problems with the cage at L4-5"
    "normal/no-problem": lambda tags, at: None if is_all_denied(tags, at) else NO,
    # "I do not see anything at L1-2", but "I would not do anything at L4-5"
    "normal/anything": denied_thing,
    # "the scan shows a problem at L4-5", and the next sentence is of that level
    "normal/a-problem": lambda tags, at: _PATHOLOGY if denied_thing(tags, at) is WORD else None,
    # "L1-2 is clean", "the left side is clean", but not the incision
    "normal/clean": lambda tags, at: (
        WORD
        if not at
        else NORMAL
        if tags[at - 1].meaning.speech in "rs"
        else None
        if tags[at - 1].meaning.speech in "lq)" or speech_of(tags[:at]) == "qW"
        else WORD
    ),
    # "Canal good. Foramina all right."
    "normal/good": lambda tags, at: None if answers(tags, at) or is_said(tags, at) else WORD,
    # "the canal is widened", but not the joints
    "normal/widened": lambda tags, at: None if is_of_canal(tags, at) else WORD,
    # "right foramen patient"
    "normal/dictated": lambda tags, at: None if answers(tags, at) or is_said(tags, at) else WORD,
    # "the foramina are free from L1-2 to L4-5"
    "negation/free-from": lambda tags, at: NORMAL if "l" in speech_of(tags[at + 1 : at + 2]) else None,
    "negation/spares": lambda tags, at: NORMAL if is_space(tags, at + 1) else None,
    # "a bulge which does nothing to the canal", "does nothing to narrow it"
    "negation/does-nothing": lambda tags, at: (
        NORMAL if is_space(tags, at + 1) else NO if speech_of(tags[at + 1 : at + 2]) == "i" else WORD
    ),
    # "L1/2: w/o changes", but not "moderate stenosis, w/o changes" and "L4-5 w/o changes since 2019"
    "normal/no-changes": unchanged,
    "normal/without-changes": lambda tags, at: None if answers_level(tags, at) else SILENT,
    # "average canal diameter is 13 mm"
    "normal/average": lambda tags, at: WORD if any(t.meaning.speech == "m" for t in tags[at:]) else None,
}
