"""What stands beside a word: the questions that `labeling.linking.words` asks of its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.linking.parts import BOTH, OF, SILENT
from labeling.rule_names import DONE, LUMBAR_SCANS, PLANE, STUDY
from labeling.tagging import Tag, speech_of
from lexicons.meanings import Meaning

_STUDIES = LUMBAR_SCANS | {STUDY, DONE}
OF_STUDY = frozenset({STUDY, DONE, PLANE})
"""Rules of words for the study, and for when it was made."""
_SIDE_IS = re.compile(r"rs?v")
_IS_GRADED = re.compile(r"v[gz]{0,3}$")
_NARROWING = frozenset({"heads/narrowing-it", "heads/compromise-it", "heads/obliteration-it"})
_GRADED = re.compile(r"[gzo][^;:l]{0,10}[,(;]$")
_OF_BEFORE = re.compile(r"[gzo]{1,3}[hHt]?r?(?:$|[,;)D])")
_AGAINST = re.compile(r"[gz]{0,2}[hHx]")
_OF_KEY = re.compile(r"[\u2022-]*(?:r?Hr?[lq]|[lq][:-]?r?H(?:$|[r,;c]))[lqrcgzo,;()-]*$")
_AFTER_LETTER = frozenset({"", ",", ";", ")", "c", "s", "l", "q"})
# the canal, right foramen and left foramen are all patent
_SEVERAL = re.compile(r"s[rl]?(?:,?c|,)r?s[rl]?v$")
_SPACE_BEFORE = re.compile(r"[sfk][lrvgz:(-]{0,6}$")
_SPACE_AFTER = re.compile(r"[lr]{0,2}p{1,2}[rl]?[sk]")
_GRADE_AND_PLACE = re.compile(r"[gz]{1,2}[Hh]?[rl]")
_SPACE = re.compile(r"r?s(?![wrl]{0,3}[hHtxf])")
_ONE_MORE = re.compile(r"r(?=$|[,;)lqc])|r?s(?![wrl]{0,3}[hHtxf]|v?[gzo])")
_GRADED_SPACE = re.compile(r"r?s[rlq]{0,3},?(?:b|[uXwv]{0,3}v)?[wX]?[un]?[gz]{0,3}[gzoH]")
_OF_STRUCTURE = re.compile(r"[sk][lrq]{0,3}[v:-]?$")
_OF_LESION = re.compile(r"[\u2022-]*l[:-][wdepgzrc]*,")
_STENOTIC_LEVEL = re.compile(
    r"(?:^[\u2022-]*|[;:,]c?)(?:[wbc],?)?(?:(?:[no]p)?[lq]|(?P<none>n))vn?[gz]{0,3}$"
)
_DOCUMENT = frozenset({DONE, "distractors/document"})
_VALUE_AT_END = re.compile(r"w?[KXv]|[gz]{1,3}(?:$|[,;)PDX])|o(?:$|[,;)])")
_OF_A_LEVEL = re.compile(r"v?(?:$|[,;)c])|v?p{0,2}[lq](?![>WBidew])")
_NO_LEVEL = frozenset({"negation/none-of-these-levels", "negation/nowhere"})


def beside(tags: Sequence[Tag], at: int) -> tuple[str, str]:
    """The parts of speech before and after a word, each empty where nothing stands there."""
    before = tags[at - 1].meaning.speech if at else ""
    return before, tags[at + 1].meaning.speech if at + 1 < len(tags) else ""


def is_space(tags: Sequence[Tag], at: int) -> bool:
    """Whether a space itself follows, and no narrowing of it."""
    after = speech_of(tags[at : at + 6])
    return _SPACE.match(after) is not None and not any(tag.finding == "facet" for tag in tags[at : at + 2])


def is_one_more(tags: Sequence[Tag], at: int) -> bool:
    """Whether a structure or a side follows of which nothing is said: "the same applies to the right"."""
    return _ONE_MORE.match(speech_of(tags[at : at + 6])) is not None


def is_graded_anew(tags: Sequence[Tag], at: int) -> bool:
    """Whether the structure behind "same" has a grade of its own: "the same foramen is mildly narrowed"."""
    before, after = speech_of(tags[max(at - 1, 0) : at]), speech_of(tags[at + 1 : at + 9])
    return _GRADED_SPACE.match(after) is not None or (before == "p" and after[:1] == "s")


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


def hedges_value(tags: Sequence[Tag], at: int) -> bool:
    """Whether a doubt is of the value that follows: "the canal is likely mildly narrowed"."""
    return beside(tags, at)[1] in {"g", "z", "H", "o"}


def parts_places(tags: Sequence[Tag], at: int) -> bool:
    """Whether a grade and another side or level follow: "severe at L4-5, compared with mild at L3-4"."""
    held = _GRADE_AND_PLACE.match(speech_of(tags[at + 1 : at + 5]))
    if held is None:
        return False
    place = tags[at + held.end()]
    before = [(tag.meaning, tag.levels) for tag in tags[:at] if tag.meaning.speech == place.meaning.speech]
    return bool(before) and before[-1] != (place.meaning, place.levels)


def is_asked(tags: Sequence[Tag], at: int) -> bool:
    """Whether a doubt stands behind its noun and an answer behind it: "Canal stenosis? No."."""
    after = speech_of(tags[at + 1 :]).rstrip(";)")
    return at > 0 and tags[at - 1].meaning.speech in "hxl" and after in {"n", "o"}


def goes_on(tags: Sequence[Tag], at: int) -> bool:
    """Whether the clause goes on behind a word."""
    return at + 1 < len(tags) and tags[at + 1].meaning.speech not in ",;)"


def denies(tags: Sequence[Tag], at: int) -> bool:
    """Whether words before `at` deny, or those after a structure: "canals of the lumbar spine are patent"."""
    before = speech_of(tags[:at])
    return "n" in before or (before[-1:] in set("sfhxo") and any(t.meaning.speech == "o" for t in tags))


def quantifies(tags: Sequence[Tag], at: int) -> bool:
    """Whether "all" is of all levels: between a verb and its value, or before a structure."""
    before, after = beside(tags, at)
    if before == "v" and after in {"o", "g", "H"}:
        return _SEVERAL.search(speech_of(tags[:at])) is None
    return after in {"s", "f"}


def denies_narrowing(tags: Sequence[Tag], at: int) -> bool:
    """Whether a narrowing is what "rather than" takes back, and no grade: "moderate rather than mild"."""
    speech = speech_of(tags)
    return _AGAINST.match(speech, at + 1) is not None and speech[at - 1 : at] in {"w", "o"}


def is_behind_normal(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word for the study stands between a normal word and a stop: no noun that is normal."""
    end = next((i for i in range(at, len(tags)) if tags[i].rule not in OF_STUDY), len(tags))
    start = next((i for i in range(at, -1, -1) if tags[i].rule not in OF_STUDY), -1)
    after = tags[end].meaning.speech if end < len(tags) else ""
    return start >= 0 and tags[start].meaning.speech in "oO-" and after in {"", ",", ";", ")"}


def is_behind_study(tags: Sequence[Tag], at: int) -> bool:
    """Whether it is the study that is otherwise normal, which says nothing of a level."""
    behind = [tag for tag in tags[max(at - 2, 0) : at] if tag.meaning.speech != "v"]
    return bool(behind) and behind[-1].rule in _STUDIES


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


def are_several(tags: Sequence[Tag], at: int) -> bool:
    """Whether structures of more than one level stand there: "the foramina on the right"."""
    return at < len(tags) and tags[at].meaning.speech == "s" and tags[at].meaning.value == "structures"


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


def is_said(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word ends what is said of something: "the canal is good"."""
    before, after = beside(tags, at)
    return before == "v" and (after in _AFTER_LETTER or after == "b")


def is_of_document(tags: Sequence[Tag], at: int) -> bool:
    """Whether it is the report that is spoken of: "otherwise the table is fine"."""
    subject = next((tag for tag in tags[at : at + 3] if tag.meaning.speech not in ",p"), None)
    return subject is not None and subject.rule in _DOCUMENT


def is_all_said(tags: Sequence[Tag], at: int) -> bool:
    """Whether "narrowed" and levels are all that a sentence says, under the key of a structure."""
    return at < 4 and _OF_KEY.match(speech_of(tags)) is not None


def is_of_level(tags: Sequence[Tag], at: int) -> bool:
    """Whether a level is called stenotic, and no structure of it."""
    speech = speech_of(tags)
    found = _STENOTIC_LEVEL.search(speech[:at])
    if found is None:
        return False
    clause = speech[found.start() :] if speech[found.start()] in ";:" else speech
    if not set("sfxk").isdisjoint(clause):
        return False
    return found["none"] is None or tags[found.start("none")].rule in _NO_LEVEL


def is_of_levels(tags: Sequence[Tag], at: int) -> bool:
    """Whether two levels follow, and no side of one: "either at L3-4 or at L4-5"."""
    after = speech_of(tags[at + 1 : at + 4])
    return after == "lcl" or (after[:1] == "l" and tags[at + 1].meaning.value != "one")


def leads_levels(tags: Sequence[Tag], at: int) -> bool:
    """Whether a letter begins a sentence, before its levels: "Canal: mild L3/4. N L5/S1."."""
    return not at and len(tags) > 1 and tags[1].meaning.speech == "l"


def is_all_denied(tags: Sequence[Tag], at: int) -> bool:
    """Whether "nothing" ends what is said, or a level does: not so in "nothing at L4-5 to operate on"."""
    after = [tag for tag in tags[at + 1 : at + 6] if tag.rule != "sides/either"]
    return _OF_A_LEVEL.match(speech_of(after)) is not None


def stands_between(tags: Sequence[Tag], at: int, before: str, after: str) -> bool:
    """Whether the word before is one of the parts `before`, the one after of `after`; of any, if empty."""
    if not 0 < at < len(tags) - 1 or tags[at - 1].meaning.speech not in before:
        return False
    return not after or tags[at + 1].meaning.speech in after


def acts(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word for narrowing is said of what comes before it: "a bulge, narrowing exit canals"."""
    before = speech_of(tags[max(at - 6, 0) : at]).rstrip("gz")
    return before[-1:] in set(",dtevlb") and is_space(tags, at + 1)


def is_of_space(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word for narrowing stands right beside a structure: "pinching of the canal"."""
    before, after = speech_of(tags[max(at - 8, 0) : at]), speech_of(tags[at + 1 : at + 6])
    return _SPACE_BEFORE.search(before) is not None or _SPACE_AFTER.match(after) is not None


def is_said_beyond(tags: Sequence[Tag], at: int) -> bool:
    """Whether "farther up" tells where something is denied, or begins a clause that names no level.

    Before a lesion it is its direction: "an extrusion with cephalad migration".
    """
    before, after = speech_of(tags[:at]), speech_of(tags[at + 1 : at + 4])
    if before[-1:] in set("hHxtosg"):
        return not set("no").isdisjoint(before)
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


def ends_clause(tags: Sequence[Tag], at: int) -> bool:
    """Whether the other side begins a clause behind a participle: "is narrowed the right one is not"."""
    follows = _SIDE_IS.match(speech_of(tags[at + 1 : at + 4])) is not None
    return follows and _IS_GRADED.search(speech_of(tags[max(at - 4, 0) : at])) is not None


def is_of_degree(tags: Sequence[Tag], at: int) -> bool:
    """Whether a degree stands at `at`, which a denial before it denies: "none of severe degree"."""
    at += tags[at : at + 1] != [] and tags[at].meaning.speech == "p"
    return (
        at < len(tags)
        and tags[at].meaning.speech == "g"
        and (tags[at].rule.endswith(("-degree", "-or-worse")) or tags[at - 1].meaning.speech == "p")
    )


def is_apart(tags: Sequence[Tag], at: int) -> bool:
    """Whether it is a space alone that is spared, or its other side: "a bulge sparing the canal"."""
    behind = speech_of(tags[at + 1 :]).rstrip(";)")
    return at > 0 and (is_space(tags, at + 1) or behind == "r")


def names_level(tags: Sequence[Tag], at: int) -> bool:
    """Whether a disc space stands behind a level that begins a clause, with a break after it."""
    before = speech_of(tags[max(at - 2, 0) : at])
    after = tags[at + 1].meaning.speech if at + 1 < len(tags) else ""
    return (
        before[-1:] == "l" and (before[:-1] in set(",;:\u2022-") or at == 1) and after in {":", "-", ",", "b"}
    )


def is_narrowing(tags: Sequence[Tag], at: int) -> bool:
    """Whether a verb that narrows its object stands at `at`, or behind an adverb there."""
    after = next((tag for tag in tags[at : at + 3] if tag.meaning.speech not in "gzn"), None)
    return after is not None and after.rule in _NARROWING


def is_dated_behind(tags: Sequence[Tag], at: int) -> bool:
    """Whether "previously" stands behind what was found, with nothing after it but a level or "and ..."."""
    before, after = beside(tags, at)
    return before in {"l", "H", "h", "g"} and (
        after in {"", ",", ";", ")"}
        or (after == "l" and before in {"H", "h"})
        or (after == "c" and before == "g")
    )


def tells_of_before(tags: Sequence[Tag], at: int) -> bool:
    """Whether "was" and a grade stand behind a grade, with nothing after them: "now mild, was severe"."""
    speech = speech_of(tags)
    return _GRADED.search(speech, 0, at) is not None and _OF_BEFORE.match(speech, at + 1) is not None


def points_at(tags: Sequence[Tag], at: int) -> bool:
    """Whether "this" or "that" stands between a verb or "of" and a structure."""
    before, after = beside(tags, at)
    return before in {"p", "i"} and after == "s"


def tells_of_study(before: Sequence[Tag]) -> bool:
    """Whether a study is what shows something: "MRI shows a bulge at L4-5 and nothing else"."""
    return any(tag.rule in _STUDIES for tag in before)


def is_of_study(before: Sequence[Tag]) -> bool:
    """Whether a study is what is spoken of, and nothing in it yet."""
    return tells_of_study(before) and not any(tag.meaning.speech in "sfhHxlkP" for tag in before)


def is_of_noun(tags: Sequence[Tag], at: int) -> bool:
    """Whether a region stands between a grade and its noun: "severe lumbar stenosis"."""
    before, after = beside(tags, at)
    return before in {"g", "z", "n"} and after in {"h", "f", "s", "x"}


def is_of_one_space(tags: Sequence[Tag], at: int) -> bool:
    """Whether it is the canal, which has no sides, that a word for both sides is said of."""
    space = at - 2 if at > 1 and tags[at - 1].meaning.speech == "v" else at + 1
    return space < len(tags) and tags[space].finding == "canal"


def is_of_place(tags: Sequence[Tag], at: int) -> bool:
    """Whether "there" is where a stenosis is, and begins no clause: "the stenosis there is mild"."""
    before = tags[at - 1].meaning.speech if at else ""
    return before in {"h", "H", "x"} and _VALUE_AT_END.match(speech_of(tags[at + 1 : at + 8])) is not None


def is_of_whole(tags: Sequence[Tag], at: int) -> bool:
    """Whether the lumbar spine as a whole stands behind a structure or what is denied of it."""
    before, after = speech_of(tags[:at]), speech_of(tags[at + 1 : at + 3]).lstrip("w")
    if before[-2:-1] in {"h", "x"} and after[:1] != ":" and "n" not in before:
        return False  # "spinal stenosis of the lumbar spine": at no level in particular
    return before[-1:] == "p" and before[-2:-1] in set("sfxhH") and after[:1] in {"", ":", ",", ";", "b"}


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


def causes(tags: Sequence[Tag], at: int) -> bool:
    """Whether a verb follows that only a level or a lesion can have: "Both result in mild stenosis."."""
    return at < len(tags) and tags[at].meaning.speech in "Bi"


def is_pressed(tags: Sequence[Tag], at: int) -> bool:
    """Whether what presses on the thecal sac stands right before it: no narrowing of it."""
    before = tags[at - 1].meaning if at else SILENT
    return before.speech == "h" and before.value == "compromise"


def copies(tags: Sequence[Tag], at: int) -> bool:
    """Whether "as" stands between a level and another one: "L3/4: as L4/5", "L3/4: dry disc, as L4/5"."""
    before, after = beside(tags, at)
    behind_disc = before == "," and _OF_LESION.fullmatch(speech_of(tags[:at])) is not None
    return (before in {"", "l", ":", "-", "v"} or behind_disc) and after == "l"
