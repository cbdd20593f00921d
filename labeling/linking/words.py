"""Single words whose part the words beside them decide.

"All" between a verb and its value, or before a structure, is of all levels; "large" before a canal calls it
normal; "narrowing" behind a bulge and before a recess is a verb; "nil significant" before a noun denies it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from labeling.linking.other_nouns import before_noun, calls_other_normal, names_another, owns, speech_of
from labeling.tagging import Tag
from lexicons.findings import FINDINGS
from lexicons.meanings import Meaning

_SILENT = Meaning("-")
_WORD = Meaning("w", "word")
ANATOMY = Meaning("e", "anatomy")
_THESE = Meaning("q", "these")
_OF = Meaning("p", "of")
_BOTH = Meaning("r", "both")
_DUE_TO = Meaning("b", "due to")
_STUDIES = frozenset({"distractors/study", "distractors/done", "regions/lumbar-study", "regions/lumbar-scan"})
OF_STUDY = frozenset({"distractors/study", "distractors/done", "distractors/plane"})
"""Rules of words for the study, and for when it was made."""
_NARROWING = frozenset({"heads/narrowing-it", "heads/compromise-it", "heads/obliteration-it"})
_GRADED = re.compile(r"[gzo][^;:l]{0,10}[,(;]$")
_OF_BEFORE = re.compile(r"[gzo]{1,3}[hHt]?r?(?:$|[,;)D])")
_PRIOR = Meaning("P", "prior")
_NO = Meaning("n", "no")
_NORMAL = Meaning("o", "normal")
_ALL = Meaning("q", "all")
_UNGRADED = Meaning("z", "compared", 1, 3, "ungraded")
_LESION = re.compile(r"[bcwgz]{0,4}[de]")
_AGAINST = re.compile(r"[gz]{0,2}[hHx]")
_IS_NORMAL = re.compile(r"l?(?:vo|[vb]?O)(?:$|[,;p])")
_OF_KEY = re.compile(r"[\u2022-]*(?:r?Hr?[lq]|[lq][:-]?r?H(?:$|[r,;c]))[lqrcgzo,;()-]*$")
_DOUBTED = Meaning("U", "after")
_AFTER_LETTER = frozenset({"", ",", ";", ")", "c", "s", "l", "q"})
_STENOSIS_AFTER = re.compile(r"z?h|z[rsf]")
# the canal, right foramen and left foramen are all patent
_SEVERAL = re.compile(r"s[rl]?(?:,?c|,)r?s[rl]?v$")
_SPACE = re.compile(r"r?s(?![wrl]{0,3}[hHtxf])")
_NARROWS = Meaning("i", "narrowing it")
_COLON, _IS = Meaning(":"), Meaning("v", "is")
_STENOSIS = Meaning("h", "narrowing")
_CALLED = re.compile(r"(?<=[sfhHx]),P[gz]{1,3}[^,;:sfhHx]{0,8},v")
_IS_NARROW = Meaning("H", "narrowed")
_SAID_OF = re.compile(r"sv[gz]{0,3}$")
_STENOTIC_LEVEL = re.compile(r"[\u2022-]*(?:[wbc],?)?[lq]v[gz]{0,3}$")


def part_of(tags: Sequence[Tag], at: int) -> Meaning | None:
    """The part that the neighbours of a word give it, if it is one of those that they decide."""
    tag = tags[at]
    decide = _BY_RULE.get(tag.rule)
    if decide is not None:
        return decide(tags, at)
    if tag.meaning.speech == "u":
        return _DOUBTED if _hedges_back(tags, at) else None
    if tag.meaning.speech == "Q":
        return _WORD if calls_other_normal(tags, at) else None
    return before_noun(tags, at) if tag.meaning.value == "level normal" else None


def is_one(tags: Sequence[Tag], at: int) -> bool:
    """Whether a single structure that has sides follows ("the other foramen")."""
    if at >= len(tags) or tags[at].meaning.value != "structure":
        return False
    return None not in FINDINGS[tags[at].finding].codes


def _is_space(tags: Sequence[Tag], at: int) -> bool:
    """Whether a space itself follows, and no narrowing of it."""
    after = "".join(tag.meaning.speech for tag in tags[at : at + 6])
    return _SPACE.match(after) is not None and not any(tag.finding == "facet" for tag in tags[at : at + 2])


def _hedges_back(tags: Sequence[Tag], at: int) -> bool:
    """Whether a doubt stands behind its noun, with nothing but a level after it."""
    after = tags[at + 1].meaning.speech if at + 1 < len(tags) else ""
    return at > 0 and tags[at - 1].meaning.speech in "hx" and after in {"", "l", "q", ",", ";", ")"}


def _goes_on(tags: Sequence[Tag], at: int) -> bool:
    return at + 1 < len(tags) and tags[at + 1].meaning.speech not in ",;)"


def _denies(tags: Sequence[Tag], at: int) -> bool:
    """Whether words before `at` deny, or those after a structure: "canals of the lumbar spine are patent"."""
    before = "".join(tag.meaning.speech for tag in tags[:at])
    return "n" in before or (before[-1:] in set("sfhxo") and any(t.meaning.speech == "o" for t in tags))


def _quantifies(tags: Sequence[Tag], at: int) -> bool:
    before = tags[at - 1].meaning.speech if at else ""
    after = tags[at + 1].meaning.speech if at + 1 < len(tags) else ""
    if before == "v" and after in {"o", "g", "H"}:
        return _SEVERAL.search(speech_of(tags[:at])) is None
    return after in {"s", "f"}


_BY_RULE: Mapping[str, Callable[[Sequence[Tag], int], Meaning | None]] = {
    # "L1-2: normal on MRI", "normal on the current study"
    "distractors/study": lambda tags, at: _SILENT if _is_behind_normal(tags, at) else None,
    "distractors/done": lambda tags, at: _SILENT if _is_behind_normal(tags, at) else None,
    # "The canal is widened rather than narrowed"
    "change/rather-than": lambda tags, at: _NO if _denies_narrowing(tags, at) else None,
    # "no canal stenosis at any level from disc bulges"
    "change/changed-from": lambda tags, at: (
        _DUE_TO if at and speech_of(tags[at + 1 : at + 2]) in {"d", "e"} else None
    ),
    # "no fluid margin remaining"
    "references/the-rest": lambda tags, at: (
        None if _goes_on(tags, at) and not names_another(tags, at + 1) else _WORD
    ),
    # "severe at L4-5 and mild at the other"
    # and "Other: unremarkable", of other organs
    "references/other": lambda tags, at: (
        ANATOMY
        if tags[at + 1 : at + 2] and tags[at + 1].meaning.speech == ":"
        else None
        if _goes_on(tags, at)
        else Meaning("q", "others")
    ),
    # "MRI of the lumbar spine shows canal stenosis"
    "references/of-the-spine": lambda tags, at: None if _denies(tags, at) else _WORD,
    # "at both L3-4 and L4-5"
    "references/at-both": lambda tags, at: _of_both(tags[at + 1 : at + 2]),
    # "Others: unremarkable.", of what is not spine
    "references/others": lambda tags, at: _WORD if _heads_all_else(tags, at) else None,
    # "Nil stenosis"
    # "absent significant stenosis"
    "normal/none": lambda tags, at: _NO if _STENOSIS_AFTER.match(speech_of(tags[at + 1 : at + 4])) else None,
    "normal/nil": lambda tags, at: _NO if speech_of(tags[at + 1 : at + 2]) == "h" else None,
    "references/every": lambda tags, at: None if _quantifies(tags, at) else _WORD,
    # "large canal"
    "grades/large": lambda tags, at: _NORMAL if _is_space(tags, at + 1) else None,
    # "compression to the roots"
    "connectors/to": lambda tags, at: _OF if at and tags[at - 1].meaning.speech == "h" else None,
    # "L1/L2: N", "canal N, foramina N"; "the L5 n." is a nerve
    "normal/letter": lambda tags, at: None if _answers(tags, at) or _leads_levels(tags, at) else ANATOMY,
    # "a similar but smaller bulge"
    "change/likewise": lambda tags, at: _WORD if _LESION.match(speech_of(tags[at + 1 :])) else None,
    # "Nothing that needs surgery."
    "normal/nothing": lambda tags, at: (
        None if speech_of(tags[at + 1 : at + 2]) in {"", ",", ";", ".", ")", "l", "q", "c"} else _WORD
    ),
    # "L1-2 is clean", but not the incision
    "normal/clean": lambda tags, at: None if at and tags[at - 1].meaning.speech in "lq)" else _WORD,
    # "Canal good. Foramina all right."
    "normal/good": lambda tags, at: None if _answers(tags, at) or _is_said(tags, at) else _WORD,
    # "right foramen patient"
    "normal/dictated": lambda tags, at: None if _answers(tags, at) else _WORD,
    # "narrowing the right foramen, sparing the canal"
    "connectors/sparing": lambda tags, at: _NORMAL if _is_apart(tags, at) else None,
    # "the foramina are free from L1-2 to L4-5"
    "negation/free-from": lambda tags, at: _NORMAL if "l" in speech_of(tags[at + 1 : at + 2]) else None,
    "negation/spares": lambda tags, at: _NORMAL if _is_space(tags, at + 1) else None,
    # "Foramina:", then "L4-5 narrowed on the right"
    "heads/narrowed": lambda tags, at: _UNGRADED if _is_all_said(tags, at) else None,
    # "L3-4 remains mildly stenotic"
    "heads/stenotic": lambda tags, at: _STENOSIS if _is_of_level(tags, at) else None,
    # "the left foramen is mildly flattened"
    "heads/flattened": lambda tags, at: _IS_NARROW if _SAID_OF.search(speech_of(tags[:at])) else None,
    # "protrusion narrowing lateral recesses"
    "heads/narrowing-noun": lambda tags, at: _NARROWS if _acts(tags, at) else None,
    # "those of L5-S1 are normal", after the structures that it stands for
    "connectors/those-of": lambda tags, at: (
        None
        if not at or tags[at - 1].meaning.value == "word"
        else _OF
        if tags[at - 1].meaning.speech == "g"
        else _SILENT
    ),
    # "L1/2: w/o changes", but not "moderate stenosis, w/o changes"
    "normal/without-changes": lambda tags, at: (
        None if at and tags[at - 1].meaning.speech in {"l", ":", "-", "v"} else _SILENT
    ),
    # "L1-2 -> normal; canal -> patent"
    "connectors/arrow": lambda tags, at: (
        _COLON
        if _stands_between(tags, at, "l", "")
        else _IS
        if _stands_between(tags, at, "sfxh", "gzo")
        else None
    ),
    # "average canal diameter is 13 mm"
    "normal/average": lambda tags, at: _WORD if any(t.meaning.speech == "m" for t in tags[at:]) else None,
    # "indentation on the thecal sac and foraminal narrowing"
    "findings/canal/sac": lambda tags, at: ANATOMY if _is_pressed(tags, at) else None,
    # "Both of these result in", "Both cause", of the levels of the sentence before
    "connectors/which-all": lambda _tags, at: None if at else _THESE,
    "sides/both": lambda tags, at: _THESE if not at and _causes(tags, 1) else None,
    "sides/either": lambda tags, at: _WORD if speech_of(tags[:at])[-1:] == "l" else None,
    # "moderate narrowing of this foramen"
    "connectors/which": lambda tags, at: _WORD if _points_at(tags, at) else None,
    "connectors/that": lambda tags, at: _WORD if _points_at(tags, at) else None,
    # "The MRI was interpreted as showing moderate stenosis"
    "change/was-said": lambda tags, at: _WORD if _is_of_study(tags[:at]) else None,
    # "the narrowing, called severe in May, is moderate"
    "change/called": lambda tags, at: None if _CALLED.match(speech_of(tags), at - 1) else _WORD,
    # "A bulge is mildly narrowing the left foramen"
    "connectors/is": lambda tags, at: _WORD if _is_narrowing(tags, at + 1) else None,
    # "and it is compromising both foramina"
    "connectors/they-are": lambda tags, at: _WORD if _is_narrowing(tags, at + 1) else None,
    # "mild stenosis (was severe)"
    "connectors/was": lambda tags, at: (
        _PRIOR if _tells_of_before(tags, at) else _WORD if _is_narrowing(tags, at + 1) else None
    ),
    "regions/vessel": lambda tags, at: (
        ANATOMY if owns(tags, at) else _WORD if any(t.meaning.speech in "sfxl" for t in tags) else None
    ),
    # "severe hip arthropathy", "no abnormality of the pelvis"
    "regions/other": lambda tags, at: ANATOMY if owns(tags, at) else None,
    # "No stenosis in the lumbar region", "Foramina of L-spine: patent"
    "regions/lumbar": lambda tags, at: (
        _ALL if _is_of_whole(tags, at) else _WORD if _is_of_noun(tags, at) else None
    ),
    # "canal patent, foramina clear, conus at L1-2"
    "distractors/conus": lambda tags, at: (
        ANATOMY if any(tag.meaning.speech in "sfx" for tag in tags[:at]) else None
    ),
    "levels/expression": lambda tags, at: _WORD if at > 1 and _ends_conus(tags, at) else None,
    "heads/involving-it": lambda tags, at: _OF if at and tags[at - 1].meaning.speech in "hHt" else None,
    # "At the L4-5 interspace, there is", where nothing narrows it
    # and in "The L1-2 and L2-3 interspaces are normal"
    "distractors/interspace": lambda tags, at: (
        _SILENT if _names_level(tags, at) or _IS_NORMAL.match(speech_of(tags), at + 1) else None
    ),
    "distractors/vertebral-space": lambda tags, at: _SILENT if _names_level(tags, at) else None,
    # "L3/4: as L4/5 as regards the canal"
    "change/as": lambda tags, at: None if _copies(tags, at) else _WORD,
}
"""Rule of a word whose part depends on its neighbours to the function that tells it, `None` for no change."""


def _denies_narrowing(tags: Sequence[Tag], at: int) -> bool:
    """Whether a narrowing is what "rather than" takes back, and no grade: "moderate rather than mild"."""
    speech = speech_of(tags)
    return _AGAINST.match(speech, at + 1) is not None and speech[at - 1 : at] in {"w", "o"}


def _is_behind_normal(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word for the study stands between a normal word and a stop: no noun that is normal."""
    end = next((i for i in range(at, len(tags)) if tags[i].rule not in OF_STUDY), len(tags))
    start = next((i for i in range(at, -1, -1) if tags[i].rule not in OF_STUDY), -1)
    after = tags[end].meaning.speech if end < len(tags) else ""
    return start >= 0 and tags[start].meaning.speech in "oO-" and after in {"", ",", ";", ")"}


def _of_both(after: Sequence[Tag]) -> Meaning | None:
    """What "at both" is before levels, and before one level: "at both L4-5 foramina"."""
    if speech_of(after) != "l":
        return None
    return _BOTH if after[0].meaning.value == "one" else _OF


def _heads_all_else(tags: Sequence[Tag], at: int) -> bool:
    """Whether a sentence is a key and no more than that it is normal."""
    return not at and speech_of(tags) == "q:o" and tags[-1].rule == "normal/normal"


def _answers(tags: Sequence[Tag], at: int) -> bool:
    """Whether a letter stands between what it is of and a stop, or on a line of its own."""
    if len(tags) == 1:
        return True
    before, after = (tags[i].meaning.speech if 0 <= i < len(tags) else "" for i in (at - 1, at + 1))
    return before in {":", "-", "l", "s", "r", "("} and at > 0 and after in _AFTER_LETTER


def _is_said(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word ends what is said of something: "the canal is good"."""
    said = at > 0 and tags[at - 1].meaning.speech == "v"
    return said and (at + 1 == len(tags) or tags[at + 1].meaning.speech in _AFTER_LETTER)


def _is_all_said(tags: Sequence[Tag], at: int) -> bool:
    """Whether "narrowed" and levels are all that a sentence says, under the key of a structure."""
    return at < 4 and _OF_KEY.match(speech_of(tags)) is not None


def _is_of_level(tags: Sequence[Tag], at: int) -> bool:
    """Whether a level is called stenotic, and no structure of it."""
    speech = speech_of(tags)
    return _STENOTIC_LEVEL.match(speech[:at]) is not None and not set(speech) & set("sfxk")


def _leads_levels(tags: Sequence[Tag], at: int) -> bool:
    """Whether a letter begins a sentence, before its levels: "Canal: mild L3/4. N L5/S1."."""
    return not at and tags[1:2] != [] and tags[1].meaning.speech == "l"


def _stands_between(tags: Sequence[Tag], at: int, before: str, after: str) -> bool:
    """Whether the word before is one of the parts `before`, the one after of `after`; of any, if empty."""
    if not 0 < at < len(tags) - 1 or tags[at - 1].meaning.speech not in before:
        return False
    return not after or tags[at + 1].meaning.speech in after


def _acts(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word for narrowing is said of what comes before it: "a bulge, narrowing exit canals"."""
    before = speech_of(tags[max(at - 6, 0) : at]).rstrip("gz")
    return before[-1:] in set(",dtevlb") and _is_space(tags, at + 1)


def _is_apart(tags: Sequence[Tag], at: int) -> bool:
    """Whether a clause about a space alone begins: "narrowing the right foramen, sparing the canal"."""
    return at > 0 and tags[at - 1].meaning.speech in ",;bc" and _is_space(tags, at + 1)


def _names_level(tags: Sequence[Tag], at: int) -> bool:
    """Whether a disc space stands behind a level that begins a clause, with a break after it."""
    before = "".join(tag.meaning.speech for tag in tags[max(at - 2, 0) : at])
    after = tags[at + 1].meaning.speech if at + 1 < len(tags) else ""
    return (
        before[-1:] == "l" and (before[:-1] in set(",;:\u2022-") or at == 1) and after in {":", "-", ",", "b"}
    )


def _is_narrowing(tags: Sequence[Tag], at: int) -> bool:
    """Whether a verb that narrows its object stands at `at`, or behind an adverb there."""
    after = next((tag for tag in tags[at : at + 3] if tag.meaning.speech not in "gzn"), None)
    return after is not None and after.rule in _NARROWING


def _tells_of_before(tags: Sequence[Tag], at: int) -> bool:
    """Whether "was" and a grade stand behind a grade, with nothing after them: "now mild, was severe"."""
    speech = speech_of(tags)
    return _GRADED.search(speech, 0, at) is not None and _OF_BEFORE.match(speech, at + 1) is not None


def _points_at(tags: Sequence[Tag], at: int) -> bool:
    """Whether "this" or "that" stands between a verb or "of" and a structure."""
    before, after = (tags[i].meaning.speech if 0 <= i < len(tags) else "" for i in (at - 1, at + 1))
    return before in {"p", "i"} and after == "s"


def _is_of_study(before: Sequence[Tag]) -> bool:
    """Whether a study is what is spoken of, and nothing in it yet."""
    return any(tag.rule in _STUDIES for tag in before) and not any(
        tag.meaning.speech in "sfhHxlkP" for tag in before
    )


def _is_of_noun(tags: Sequence[Tag], at: int) -> bool:
    """Whether a region stands between a grade and its noun: "severe lumbar stenosis"."""
    before, after = (tags[i].meaning.speech if 0 <= i < len(tags) else "" for i in (at - 1, at + 1))
    return before in {"g", "z", "n"} and after in {"h", "f", "s", "x"}


def _is_of_whole(tags: Sequence[Tag], at: int) -> bool:
    """Whether the lumbar spine as a whole stands behind a structure or what is denied of it."""
    before, after = speech_of(tags[:at]), speech_of(tags[at + 1 : at + 3]).lstrip("w")
    return before[-1:] == "p" and before[-2:-1] in set("sfxhH") and after[:1] in {"", ":", ",", ";", "b"}


def _ends_conus(tags: Sequence[Tag], at: int) -> bool:
    """Whether a level is where the conus ends, in a sentence about a structure as well."""
    start = at - 1
    while start > 0 and tags[start].meaning.speech in "wvp":
        start -= 1
    of_conus = tags[start].rule == "distractors/conus"
    return of_conus and any(tag.meaning.speech in "sfx" for tag in tags[:start])


def _causes(tags: Sequence[Tag], at: int) -> bool:
    """Whether a verb follows that only a level or a lesion can have: "Both result in mild stenosis."."""
    return at < len(tags) and tags[at].meaning.speech in "Bi"


def _is_pressed(tags: Sequence[Tag], at: int) -> bool:
    """Whether what presses on the thecal sac stands right before it: no narrowing of it."""
    before = tags[at - 1].meaning if at else _SILENT
    return before.speech == "h" and before.value == "compromise"


def _copies(tags: Sequence[Tag], at: int) -> bool:
    """Whether "as" stands between a level and another one: "L3/4: as L4/5"."""
    before = tags[at - 1].meaning.speech if at else ""
    return before in {"", "l", ":", "-", "v"} and at + 1 < len(tags) and tags[at + 1].meaning.speech == "l"
