"""Single words whose part the words beside them decide.

"All" between a verb and its value, or before a structure, is of all levels; "large" before a canal calls it
normal; "narrowing" behind a bulge and before a recess is a verb; "nil significant" before a noun denies it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from labeling.linking.neighbours import (
    acts,
    answers,
    are_several,
    are_two,
    causes,
    copies,
    denies,
    denies_narrowing,
    ends_clause,
    ends_conus,
    goes_on,
    heads_all_else,
    hedges_back,
    hedges_value,
    is_all_denied,
    is_all_said,
    is_apart,
    is_asked,
    is_behind_level,
    is_behind_normal,
    is_behind_study,
    is_beside_fusion,
    is_dated_behind,
    is_graded_anew,
    is_narrowing,
    is_of_conus,
    is_of_degree,
    is_of_document,
    is_of_level,
    is_of_levels,
    is_of_noun,
    is_of_one_space,
    is_of_place,
    is_of_space,
    is_of_study,
    is_of_whole,
    is_one_more,
    is_pressed,
    is_said,
    is_said_beyond,
    is_space,
    leads_levels,
    leads_on,
    names_level,
    of_both,
    parts_places,
    points_at,
    quantifies,
    stands_between,
    tells_of_before,
)
from labeling.linking.other_nouns import (
    before_noun,
    calls_other_normal,
    is_of_kind,
    is_under_other_key,
    leads_noun,
    names_another,
    owns,
)
from labeling.linking.parts import ANATOMY, AND, COLON, NO, NORMAL, OF, SILENT
from labeling.tagging import WORD, Tag, speech_of
from lexicons.findings import FINDINGS
from lexicons.meanings import Meaning

_THESE = Meaning("q", "these")
THIS = Meaning("q", "this")
_BOTH_LEVELS = Meaning("q", "both levels")
_DUE_TO = Meaning("b", "due to")
_PRIOR = Meaning("P", "prior")
_BEFORE = Meaning("D", "prior after")
_ALL = Meaning("q", "all")
_UNGRADED = Meaning("z", "compared", 1, 3, "ungraded")
_PATHOLOGY = Meaning("d", "pathology")
_LESION = re.compile(r"[bcwgz]{0,4}[de]")
_IS_NORMAL = re.compile(r"l?(?:vo|[vb]?O)(?:$|[,;p])")
_DOUBTED = Meaning("U", "after")
_NOW = Meaning("X", "changed to")
_DOUBT = Meaning("u", "before")
_NARROWING_AFTER = re.compile(r"g|(?:r?[sf](?:,?cr?[sf])?)?h|x")
_COPULA = "connectors/is"
_OF_RANGE = re.compile(r"q?X?(?:l|ql)")
_OF_ONE_SIDE = re.compile(r"r(?:l,?)?(?:s|f)(?:,?c?[sf])*l?v$")
_SAID = re.compile(r"s[lqrv]{0,3}[hH]r?$")
_STENOSIS_AFTER = re.compile(r"z?h|z[rsf]|[gz]?H|p[lq]v$|pq[bgzsfxh]|p{1,2}r?sv|b[gz]{1,2}[sfh]")
_DENIED_LEVELS = re.compile(r"(?:^|[,;:b\u2022-])(?:n[qlR]?|[on]pq)v?$")
"""No other level is | with stenosis."""
_NARROWS = Meaning("i", "narrowing it")
_ALSO = Meaning("A", "also")
_WHICH = Meaning("W", "which")
_IS = Meaning("v", "is")
_NOR = Meaning("c", "nor")
_SAME = Meaning("K", "same")
_WHICH = Meaning("W", "which")
_STENOSIS = Meaning("h", "narrowing")
_CALLED = re.compile(
    r"(?:(?<=[sfhHxl])|(?<=[sfhHxl],))P[gz]{1,3}[^,;:sfhHx]{0,8}(?:,v|v[wpX]{0,3}[gz]{1,3}(?![sf]))"
)
_IS_NARROW = Meaning("H", "narrowed")
_SAID_THERE = re.compile(r"sb(?:[gz]{0,3}[oH](?!p?[rl]?[sfxhHd])|[gz]{1,3}(?:$|[,;)]))")
_NARROW_THEN = re.compile(r"[gz]{0,2}H")
_SAID_OF = re.compile(r"sv[gz]{0,3}$")
_STRUCTURES = Meaning("s", "structures")
_SPACES_BEFORE = re.compile(r"(?:(?<!n)o|[hH]p|i)r?(?:s(?:,?c|,)r?)?$|(?P<joined>s(?:,?c|,)r?)$")
_SAID_OF_SPACES = re.compile(r"[lq]?v?[gz]{0,2}[oH]")


def part_of(tags: Sequence[Tag], at: int) -> Meaning | None:
    """The part that the neighbours of a word give it, if it is one of those that they decide."""
    tag = tags[at]
    decide = _BY_RULE.get(tag.rule)
    if decide is not None:
        return decide(tags, at)
    if tag.meaning.speech == "u":
        if is_asked(tags, at):
            return COLON
        return _DOUBTED if hedges_back(tags, at) else None
    if tag.meaning.speech == "Q":
        other = calls_other_normal(tags, at) or is_under_other_key(tags, at) or is_behind_study(tags, at)
        return WORD if other else None
    if tag.meaning.speech == "o":
        return WORD if is_of_conus(tags, at) else None
    return before_noun(tags, at) if tag.meaning.value == "level normal" else None


def is_one(tags: Sequence[Tag], at: int) -> bool:
    """Whether a single structure that has sides follows ("the other foramen")."""
    if at >= len(tags) or tags[at].meaning.value != "structure":
        return False
    return None not in FINDINGS[tags[at].finding].codes


def all_denied(tags: Sequence[Tag], at: int) -> Meaning | None:
    """What "nothing" is, that of a level apart: "nothing severe in the way of stenosis" denies a grade."""
    if is_all_denied(tags, at) and not is_of_kind(tags, at):
        return None
    return NO if _NARROWING_AFTER.match(speech_of(tags[at + 1 : at + 7])) else WORD


def are_spaces(tags: Sequence[Tag], at: int) -> bool:
    """Whether a short form is that of the foramina, and not of their stenosis.

    As in "adequate canal and NFs", "narrowing of the NFs", "canal and NFs are patent".
    """
    before = _SPACES_BEFORE.search(speech_of(tags[max(at - 6, 0) : at]))
    if before is None or before["joined"] is None:
        return before is not None
    return _SAID_OF_SPACES.match(speech_of(tags[at + 1 : at + 6])) is not None


_BY_RULE: Mapping[str, Callable[[Sequence[Tag], int], Meaning | None]] = {
    # "L1-2: normal on MRI", "normal on the current study"
    "distractors/study": lambda tags, at: SILENT if is_behind_normal(tags, at) else None,
    "distractors/done": lambda tags, at: SILENT if is_behind_normal(tags, at) else None,
    # "the canal is likely mildly narrowed"
    # "L5-S1: R/O mild foraminal stenosis"
    "negation/ruled-out": lambda tags, at: (
        _DOUBT
        if speech_of(tags[at + 1 : at + 2]) == "g" and speech_of(tags[:at]).strip("-\u2022") in {"l", "l:"}
        else None
    ),
    "uncertainty/not-excluded": lambda tags, at: _DOUBT if hedges_value(tags, at) else None,
    # "severe on the left versus mild on the right", "severe at L4-5, compared with mild at L3-4"
    "change/versus": lambda tags, at: AND if parts_places(tags, at) else None,
    "change/compared": lambda tags, at: AND if parts_places(tags, at) else None,
    # "The canal is widened rather than narrowed"
    "change/rather-than": lambda tags, at: NO if denies_narrowing(tags, at) else None,
    # "no canal stenosis at any level from disc bulges"
    "change/changed-from": lambda tags, at: (
        _DUE_TO if at and speech_of(tags[at + 1 : at + 2]) in {"d", "e"} else None
    ),
    # "hypertrophy at L3-4 through L5-S1, moderate throughout"
    # and "The L4-5 level is capacious throughout", but "at L4-5 and the canal is patent throughout"
    "references/throughout": lambda tags, at: (
        SILENT
        if (tags[at - 1].meaning.speech == "g" and any(tag.levels for tag in tags[:at]))
        or speech_of(tags[max(at - 3, 0) : at]) == "lvo"
        else None
    ),
    # "no fluid margin remaining", and "mild canal stenosis, the foramina remaining patent"
    "references/the-rest": lambda tags, at: (
        _IS
        if stands_between(tags, at, "s", "ognH")
        else None
        if goes_on(tags, at) and not names_another(tags, at + 1)
        else WORD
    ),
    # "At the imaged levels:"
    "references/all-imaged": lambda tags, at: (
        None if at and speech_of(tags[at + 1 : at + 2]) in {"", ",", ";", ")", "c", "b"} else WORD
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
        else Meaning("q", "others")
    ),
    # "first degree listhesis", "the first sacral root"
    "references/first-alone": lambda tags, at: WORD if leads_noun(tags, at + 1) else None,
    # "MRI of the lumbar spine shows canal stenosis"
    "references/of-the-spine": lambda tags, at: None if denies(tags, at) else WORD,
    # "at both L3-4 and L4-5"
    "references/at-both": lambda tags, at: of_both(tags[at + 1 : at + 2]),
    # "Others: unremarkable.", of what is not spine
    "references/others": lambda tags, at: WORD if heads_all_else(tags, at) else None,
    # "the L3-4 segment above the fusion"
    "references/upwards": lambda tags, at: WORD if is_beside_fusion(tags, at) else None,
    "references/downwards": lambda tags, at: WORD if is_beside_fusion(tags, at) else None,
    "references/above": lambda tags, at: WORD if is_beside_fusion(tags, at) else None,
    "references/below": lambda tags, at: WORD if is_beside_fusion(tags, at) else None,
    # "no stenosis farther up", "Lower down, the canal is patent", but "a fragment migrated more caudally"
    "references/further-up": lambda tags, at: None if is_said_beyond(tags, at) else WORD,
    "references/further-down": lambda tags, at: None if is_said_beyond(tags, at) else WORD,
    # "The disc above is dry, the canal open", but "a fragment from the disc above", "the disc above L4-5"
    "references/above-disc": lambda tags, at: None if leads_on(tags, at) else ANATOMY,
    "references/below-disc": lambda tags, at: None if leads_on(tags, at) else ANATOMY,
    # "the left foramen is mildly narrowed the right one is not"
    "heads/narrowed-it": lambda tags, at: _IS_NARROW if ends_clause(tags, at) else None,
    # "canal stenosis: none of severe degree", "foramina: not narrowed to a severe degree"
    # "none of the other levels shows canal stenosis"
    "normal/none": lambda tags, at: (
        NO if _STENOSIS_AFTER.match(speech_of(tags[at + 1 : at + 4])) or is_of_degree(tags, at + 1) else None
    ),
    "normal/not-narrowed-level": lambda tags, at: NO if is_of_degree(tags, at + 1) else None,
    "normal/not-narrowed": lambda tags, at: NO if is_of_degree(tags, at + 1) else None,
    # "Nil stenosis"
    "normal/nil": lambda tags, at: NO if speech_of(tags[at + 1 : at + 2]) == "h" else None,
    # "the canal is symmetrically narrowed"
    "sides/symmetric": lambda tags, at: WORD if is_of_one_space(tags, at) else None,
    # and "everything else at L3-4 and above is normal"
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
    "references/every": lambda tags, at: None if quantifies(tags, at) else WORD,
    # "large canal"
    "grades/large": lambda tags, at: NORMAL if is_space(tags, at + 1) else None,
    # "compression to the roots"
    "connectors/to": lambda tags, at: OF if at and tags[at - 1].meaning.speech == "h" else None,
    # "L1/L2: N", "canal N, foramina N"; "the L5 n." is a nerve
    # "canal within limits", but "within the limits of the artefact"
    "normal/limits": lambda tags, at: None if speech_of(tags[at + 1 : at + 2]) not in {"p", "w"} else WORD,
    # and "L1-2: n.p."
    "normal/short": lambda tags, at: None if answers(tags, at) else WORD,
    "normal/clean-alone": lambda tags, at: None if is_behind_level(tags, at) else WORD,
    "normal/letter": lambda tags, at: None if answers(tags, at) or leads_levels(tags, at) else ANATOMY,
    # "a similar but smaller bulge"
    # and "likewise on the right", of one more side
    "change/likewise": lambda tags, at: (
        WORD if _LESION.match(speech_of(tags[at + 1 :])) else _ALSO if is_one_more(tags, at + 1) else None
    ),
    # and "the same foramina are patent on the right", at the levels named before
    # and "on the right the same foramen is narrow", at the level named before
    "change/same": lambda tags, at: (
        _THESE
        if are_several(tags, at + 1)
        else WORD
        if is_graded_anew(tags, at)
        else _ALSO
        if is_one_more(tags, at + 1)
        else None
    ),
    # "on the right the same two are patent"
    "references/same-ones": lambda tags, at: (
        None if are_several(tags, at + 1) or stands_between(tags, at, "r", "v") else WORD
    ),
    # "the right too", but "too small" and "foramina compromised bilaterally too"
    "change/too": lambda tags, at: (
        None
        if at and tags[at - 1].meaning.speech in "rs" and not _SAID.search(speech_of(tags[:at]))
        else WORD
    ),
    # "scar tissue is seen there, narrowing the left foramen", at the level spoken of last
    # "I regard the stenosis there as mild", and "the canal there is open", which has a verb
    "connectors/there-is": lambda tags, at: (
        _IS
        if is_of_place(tags, at)
        else None
        if not at
        else THIS
        if not goes_on(tags, at)
        else _IS
        if _SAID_THERE.match(speech_of(tags[at - 1 : at + 6]))
        else None
    ),
    # "compresses the root as it descends in the recess", but "the canal is narrow where it passes the spur"
    "connectors/as-it-passes": lambda tags, at: None if stands_between(tags, at, "e", "") else _WHICH,
    # "As for L3-4, the canal is patent", but "L2-3: as for L3-4"
    "change/as-for": lambda _tags, at: None if at else OF,
    # "narrowing of its right counterpart": see `labeling.linking.context`
    "distractors/counterpart": lambda _tags, _at: _SAME,
    # "the foramina are too", but "are too narrow"
    "change/is-too": lambda tags, at: _IS if goes_on(tags, at) else None,
    # "and the same goes for the foramina"
    "change/same-applies": lambda tags, at: _ALSO if is_one_more(tags, at + 1) else None,
    "connectors/nor-is": lambda tags, at: None if is_one_more(tags, at + 1) else _NOR,
    "connectors/neither-is": lambda tags, at: None if is_one_more(tags, at + 1) else NO,
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
    "normal/anything": lambda tags, at: (
        None if at and tags[at - 1].meaning.speech == "n" and is_all_denied(tags, at) else WORD
    ),
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
    # "Otherwise the report is fine", which is of no level
    "references/otherwise": lambda tags, at: WORD if is_of_document(tags, at + 1) else None,
    # "right foramen patient"
    "normal/dictated": lambda tags, at: None if answers(tags, at) or is_said(tags, at) else WORD,
    # "narrowing the right foramen, sparing the canal"
    "connectors/sparing": lambda tags, at: NORMAL if is_apart(tags, at) else None,
    # "the foramina are free from L1-2 to L4-5"
    "negation/free-from": lambda tags, at: NORMAL if "l" in speech_of(tags[at + 1 : at + 2]) else None,
    "negation/spares": lambda tags, at: NORMAL if is_space(tags, at + 1) else None,
    # "a bulge which does nothing to the canal", "does nothing to narrow it"
    "negation/does-nothing": lambda tags, at: (
        NORMAL if is_space(tags, at + 1) else NO if speech_of(tags[at + 1 : at + 2]) == "i" else WORD
    ),
    # "Foramina:", then "L4-5 narrowed on the right"
    "heads/narrowed": lambda tags, at: _UNGRADED if is_all_said(tags, at) else None,
    # "L3-4 remains mildly stenotic"
    "heads/stenotic": lambda tags, at: _STENOSIS if is_of_level(tags, at) else None,
    # "adequate canal and NFs", whose short form is that of the stenosis
    "findings/foramen/short": lambda tags, at: _STRUCTURES if are_spaces(tags, at) else None,
    # "the left foramen is mildly flattened"
    "heads/flattened": lambda tags, at: _IS_NARROW if _SAID_OF.search(speech_of(tags[:at])) else None,
    # "discopathy with severe pinching"
    "heads/pinching": lambda tags, at: None if is_of_space(tags, at) else _PATHOLOGY,
    # "protrusion narrowing lateral recesses"
    "heads/narrowing-noun": lambda tags, at: _NARROWS if acts(tags, at) else None,
    # "those of L5-S1 are normal", after the structures that it stands for
    "connectors/those-of": lambda tags, at: (
        None
        if not at or tags[at - 1].meaning.value == "word"
        else OF
        if tags[at - 1].meaning.speech == "g"
        else SILENT
    ),
    # "L1/2: w/o changes", but not "moderate stenosis, w/o changes"
    "normal/without-changes": lambda tags, at: (
        None if at and tags[at - 1].meaning.speech in {"l", ":", "-", "v"} else SILENT
    ),
    # "L1-2 -> normal; canal -> patent; canal: mild -> moderate"
    "connectors/arrow": lambda tags, at: (
        COLON
        if stands_between(tags, at, "lqW", "")
        else _NOW
        if stands_between(tags, at, "g", "go")
        else _IS
        if stands_between(tags, at, "sfxh", "gzo")
        else None
    ),
    # "no other level with canal stenosis", "no level with it"
    "connectors/with": lambda tags, at: (
        SILENT if at and _DENIED_LEVELS.search(speech_of(tags[max(at - 4, 0) : at])) else None
    ),
    # "average canal diameter is 13 mm"
    "normal/average": lambda tags, at: WORD if any(t.meaning.speech == "m" for t in tags[at:]) else None,
    # "indentation on the thecal sac and foraminal narrowing"
    "findings/canal/sac": lambda tags, at: ANATOMY if is_pressed(tags, at) else None,
    # "Both of these result in", "Both cause", of the levels of the sentence before
    "connectors/which-all": lambda _tags, at: None if at else _THESE,
    # and "both the foramen and the recess", "the left foramina are each narrow": of one side
    # and "on the right both foramina are patent", at two levels
    # "L2-3 and L3-4 follow, each being moderate"
    "sides/both": lambda tags, at: (
        _THESE
        if not at and causes(tags, 1)
        else _WHICH
        if at > 2 and tags[at - 2].rule == "distractors/comes-next" and stands_between(tags, at, ",", "vgz")
        else _BOTH_LEVELS
        if stands_between(tags, at, "r", "s") and are_several(tags, at + 1)
        else SILENT
        if are_two(tags, at + 1) or _OF_ONE_SIDE.search(speech_of(tags[:at]))
        else None
    ),
    # "L3-4 follows, being moderate", but "as follows", "follow up"
    "distractors/comes-next": lambda tags, at: _IS if stands_between(tags, at, "lq", ",b;") else None,
    # "no stenosis either at L3-4 or at L4-5"
    "sides/either": lambda tags, at: (
        OF if is_of_levels(tags, at) else WORD if speech_of(tags[:at])[-1:] in {"l", "V"} else None
    ),
    # "moderate narrowing of this foramen"
    "connectors/which": lambda tags, at: WORD if points_at(tags, at) else None,
    "connectors/this": lambda tags, at: WORD if points_at(tags, at) else None,
    "connectors/that": lambda tags, at: WORD if points_at(tags, at) else None,
    # "severe stenosis was seen at L4-5 previously", "mild previously, now severe"
    "change/formerly": lambda tags, at: _BEFORE if is_dated_behind(tags, at) else None,
    "change/prior": lambda tags, at: _BEFORE if is_dated_behind(tags, at) else None,
    # "The MRI was interpreted as showing moderate stenosis"
    "change/was-said": lambda tags, at: WORD if is_of_study(tags[:at]) else None,
    # "the narrowing, called severe in May, is moderate"
    # and "L3-4 is said to be normal"
    "change/called": lambda tags, at: (
        SILENT
        if speech_of(tags[max(at - 2, 0) : at + 2]) in {"lvPo", "qvPo"} and tags[at - 1].rule == _COPULA
        else None
        if _CALLED.match(speech_of(tags), at)
        else WORD
    ),
    # "a bulge renders it severely stenotic", but "makes it hard to see"
    "connectors/renders-it": lambda tags, at: (
        None if _NARROW_THEN.match(speech_of(tags[at + 1 : at + 4])) else WORD
    ),
    # "A bulge is mildly narrowing the left foramen"
    "connectors/is": lambda tags, at: WORD if is_narrowing(tags, at + 1) else None,
    # "this should be considered severe", but "surgery should be considered, severe stenosis"
    "distractors/recommended": lambda tags, at: _IS if stands_between(tags, at, "Wsfhxlr", "g") else None,
    # "and it is compromising both foramina"
    "connectors/they-are": lambda tags, at: WORD if is_narrowing(tags, at + 1) else None,
    "connectors/they-were": lambda tags, at: WORD if is_narrowing(tags, at + 1) else None,
    "connectors/both-they-are": lambda tags, at: WORD if is_narrowing(tags, at + 1) else None,
    # "mild stenosis (was severe)"
    "connectors/was": lambda tags, at: (
        _PRIOR if tells_of_before(tags, at) else WORD if is_narrowing(tags, at + 1) else None
    ),
    "regions/vessel": lambda tags, at: (
        ANATOMY if owns(tags, at) else WORD if any(t.meaning.speech in "sfxl" for t in tags) else None
    ),
    # "severe hip arthropathy", "no abnormality of the pelvis"
    "regions/other": lambda tags, at: ANATOMY if owns(tags, at) else None,
    # "No stenosis in the lumbar region", "Foramina of L-spine: patent"
    "regions/lumbar": lambda tags, at: (
        _ALL if is_of_whole(tags, at) else WORD if is_of_noun(tags, at) else None
    ),
    # "canal patent, foramina clear, conus at L1-2"
    "distractors/conus": lambda tags, at: (
        ANATOMY if any(tag.meaning.speech in "sfx" for tag in tags[:at]) else None
    ),
    "levels/expression": lambda tags, at: WORD if ends_conus(tags, at) else None,
    "heads/involving-it": lambda tags, at: OF if at and tags[at - 1].meaning.speech in "hHtO" else None,
    "connectors/concerns": lambda tags, at: None if at and tags[at - 1].meaning.speech == "h" else WORD,
    # "At the L4-5 interspace, there is", where nothing narrows it
    # and in "The L1-2 and L2-3 interspaces are normal"
    "distractors/interspace": lambda tags, at: (
        SILENT if names_level(tags, at) or _IS_NORMAL.match(speech_of(tags), at + 1) else None
    ),
    "distractors/vertebral-space": lambda tags, at: SILENT if names_level(tags, at) else None,
    # "L3/4: as L4/5 as regards the canal"
    "change/as": lambda tags, at: None if copies(tags, at) else WORD,
}
"""Rule of a word whose part depends on its neighbours to the function that tells it, `None` for no change."""
