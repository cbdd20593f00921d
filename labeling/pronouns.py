"""Sentences that call normal what the one before names, or say that something else is so too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from labeling.rule_names import (
    ARE_NOW,
    BOTH_ARE,
    COMPARES,
    DONE,
    LUMBAR_SCANS,
    OWN_OPINION,
    PRONOUNS,
    STUDY,
    THOSE_OF,
    WAS,
)
from labeling.sections import COUNTED, Sentence
from labeling.statements import NOTHING, SCOPE, LevelRef, ParsedSentence, Statement, Template
from lexicons.findings import CODES, MIRRORED

_NO_GRADE = frozenset({"past", "not", "same", "also"})
_CALLED = frozenset({"change/called", "change/was-said"})
"""Rules of words for what was said of something before."""
_NOT_AGREED, _NOT_SEEN = "change/not-agreed", "negation/not-seen-by"
_OWN = frozenset({OWN_OPINION, "change/own-estimate", _NOT_AGREED, _NOT_SEEN})
"""Rules of words for what the reader finds: "I would call it", "I do not find", "I do not agree"."""
_ONLY_DENIED = ("connectors/", _NOT_AGREED, _NOT_SEEN)
_SHORT = 8
_HERE = frozenset({"scope", "this", "there", "latter"})
_EXCEPTION, _EXCEPT = "connectors/exception-is", "connectors/except"
_BEGINS = frozenset({"findings", "digest"})
_STUDIES = LUMBAR_SCANS | {STUDY, DONE}
_ANY_YEAR = re.compile(r"(?:19|20)(?<!\w..)\d\d\b")
_YEAR = re.compile(
    r"\W*(?:[a-z]{1,3} )?(?P<study>(?:[a-z][^:;]{1,30}?)?)\W*(?P<day>\d\d?[./-]\d\d?[./-])?\b(?:19|20)\d\d\b"
)
"""The year of a study at the head of a sentence, its day, and the words for the study, if there are any."""
_BULLET = re.compile(r"[ \t]*(?:([-*\u2022+>])|\(?\d{1,2}([.)])(?=\s))")
_TOLD_BEFORE = "change/prior-after"
_OF_EARLIER = frozenset({"change/compared", "change/versus", "change/prior", COMPARES, _TOLD_BEFORE})
_TOLD_THEN = frozenset(
    {"connectors/which", "connectors/that", _TOLD_BEFORE}
    | {f"distractors/{word}" for word in ("had-told", "told-of", "tells")}
)
"""Words for an earlier study, and words that tell of it: "compared with the study of 2019, which showed:"."""
_OF_BEFORE = frozenset({"history", "comparison"})
_JOINT = "facet"
"""What no narrowing is of."""
_WAS_REPORTED = "change/was-reported"
_ALL = LevelRef(reference="all")


def settle_pronouns(parsed: list[ParsedSentence]) -> None:
    """Lets a sentence stand for what the one before names.

    "An MRI of the lumbar spine was obtained. It was normal." is said of all levels, "The disc is normal. So
    is the canal." of a canal that is normal too, "The sac is indented. So are the foramina." of narrow ones.
    "A spur reaches the left foramen. It is mildly narrowed." is of that foramen.
    "At L5-S1 both are patent." is of both sides behind "The right foramen is patent, the left narrowed.".
    "Those at L3-4 are patent." is of the foramina behind "The foramina at L4-5 are narrowed.", under any key.
    What has no structure after "I was asked about the left foramen." is of that: "There is mild narrowing.".
    So is the exception from what is denied: "No foraminal stenosis. One exception: mild narrowing at L4-5.".
    "The foramina opposite these are patent." is of each, behind two of different sides and levels.
    What something was called is of an earlier time: "The L4-5 canal was called narrow. It is patent.". So is
    what it was and no longer is: "The L4-5 canal was severely narrowed. It is now mildly narrowed.".
    """
    for at, (before, after) in enumerate(pairwise(parsed), 1):
        said = after.template.statements
        if not said or after.section:
            continue
        told = parsed[at - 1].template.statements
        after = parsed[at] = _of_several(told, after)  # noqa: PLW2901
        said = after.template.statements
        if before.template.statements:
            asked = before.template.statements[-1]
            unseen = before.template.hidden and not said[0].low  # "It cannot be assessed. No stenosis."
            if asked.phrase == "past" and not unseen and all(_is_bare(one) for one in said):
                parsed[at] = _with(after, tuple([_of_structure(one, asked.codes) for one in said]))
            elif after.words and _was_so(before, after.words[0][3]) and _is_graded(said):
                parsed[at - 1] = _with(before, tuple([_past(one) for one in before.template.statements]))
            elif after.words and _tells_exception(after) and (codes := _only_finding(told)):
                parsed[at] = _with(after, tuple([_of_denied(one, codes) for one in said]))
            elif _are_both_sides(before.template.statements, said, after):
                parsed[at] = _with(after, (said[0]._replace(side="both"), *said[1:]))
            continue
        if _names_study(before.template) and len(said) == 1 and _is_normal(said[0]):
            normal = said[0]._replace(implied=True, phrase="study", level=_ALL)
            parsed[at] = _with(after, (normal,))
        elif before.template.named and _points_back(said[0]):
            level = SCOPE if said[0].level.reference == "latter" else said[0].level
            flags = said[0].flags - {"structure_unspecified"}
            it = said[0]._replace(codes=before.template.named, level=level, bare=False, flags=flags)
            parsed[at] = _with(after, (it, *said[1:]))
        elif said[0].phrase == "also" and (before.template.other_normal or before.template.pressed):
            so = _of_normal if before.template.other_normal else _of_pressed
            parsed[at] = _with(after, tuple([so(one) if one.phrase == "also" else one for one in said]))
        elif said[0].phrase == "also" and not said[0].codes:
            parsed[at] = _with(after, ())  # "L4-5 bulges. Also at L5-S1."


def settle_opinions(parsed: list[ParsedSentence]) -> None:
    """Takes what a report says for past where its reader finds it otherwise in a sentence of its own.

    As in "It reports a narrow canal at L4-5. I do not find that it is narrowed.".
    """
    for at, one in enumerate(parsed):
        if at and not one.section and not _OWN.isdisjoint([word[3] for word in one.words]):
            _overrule(parsed, at)


def settle_earlier(parsed: list[ParsedSentence]) -> None:
    """Takes the grades of an earlier study for those of its time.

    "The MRI of 2019 is available for comparison. It showed severe stenosis at L4-5. There was no slip." names
    the canal, of which the next sentence may tell.
    """
    told = False
    for at, one in enumerate(parsed):
        said = one.template
        of_that = said.of_earlier or (told and any(word[3] == _WAS_REPORTED for word in one.words))
        if told and of_that and not one.section:
            parsed[at] = _with(one, tuple([_past(statement) for statement in said.statements]))
        else:
            told = said.compares


def settle_earlier_studies(sentences: Sequence[Sentence], parsed: list[ParsedSentence], lower: str) -> None:
    """Takes what is told of older studies, each with its year, before the findings begin for no finding.

    As in "MRI (2015): moderate stenosis at L4-5. MRI (2019): severe stenosis at L4-5. RESULT: ...". A single
    one that has its day, or that a mere summary without a level follows, may be the study itself.
    """
    end = next((at for at, one in enumerate(parsed) if one.section in _BEGINS), 0)
    if not end or _ANY_YEAR.search(lower, 0, sentences[end].start) is None:
        return
    older = parsed[end].section == "findings"
    retold = any(one.template.described for one in parsed[end:])
    told: list[int] = []
    for at in range(end):
        one, (start, stop, after, _) = parsed[at], sentences[at]
        if one.section in COUNTED:
            return
        dated = _YEAR.match(lower, start, stop)
        studies = {word[3] for word in one.words[:3]} & _STUDIES
        if dated is not None and one.template.described and (studies or not dated["study"]):
            older |= bool(told) or (retold and not dated["day"])
            told.append(at)
        elif told and told[-1] == at - 1 and after != "blank":
            told.append(at)
    for at in told if older else ():
        flags = parsed[at].template.flags
        parsed[at] = parsed[at]._replace(template=NOTHING._replace(flags=flags), evidence=())


def settle_lists_of_before(sentences: Sequence[Sentence], parsed: list[ParsedSentence], lower: str) -> None:
    """Takes the items of a list under the heading of what was before for no finding, the last one too.

    As in "Previous MRI 2019:" or "History:", and below it "- severe stenosis at L4-5" and "- mild ...".
    An item that has a level for its key may be a finding all the same.
    """
    bullet, begins = "", False
    for at, one in enumerate(parsed):
        start, stop, after, _ = sentences[at]
        if _heads_list_of_before(one, lower[start:stop]):
            begins = True
            continue
        if begins or after != "stop":
            found = "" if one.section or after != "line" else _bullet_of(one, lower, start)
            bullet = found if begins or found == bullet else ""
            begins = False
        if bullet:
            parsed[at] = one._replace(template=NOTHING._replace(flags=one.template.flags), evidence=())


def _heads_list_of_before(one: ParsedSentence, text: str) -> bool:
    """Whether a sentence heads what was: "History:", "Prior MRI (2019) findings:", "the scan had shown:"."""
    if one.untold or one.section:
        return one.section in _OF_BEFORE and (one.untold or text.endswith(":"))
    if not text.endswith(":") or one.template.statements:
        return False
    rules = [rule for *_, rule in one.words if rule]
    return bool(rules) and rules[-1] in _TOLD_THEN and not _OF_EARLIER.isdisjoint(rules)


def _bullet_of(one: ParsedSentence, lower: str, start: int) -> str:
    """The bullet of the line that a sentence begins; of one that heads others, none."""
    found = _BULLET.match(lower, lower.rfind("\n", 0, start) + 1, start)
    return "" if found is None or one.template.keyed or one.template.heading else found[1] or found[2]


def settle_older_years(sentences: Sequence[Sentence], parsed: list[ParsedSentence], lower: str) -> None:
    """Takes what is told under older years for findings of their time.

    As in "2015 MRI: moderate canal stenosis at L4-5. 2021 MRI: severe." and "MRI 2015: ... MRI 2021: ...",
    where the last year counts. What an older one names the next sentence may go on about.
    """
    if len(_ANY_YEAR.findall(lower)) < 2:
        return
    block: list[tuple[int, list[int]]] = []
    alone = False  # "2015", and a heading: "2015 MRI: ..."
    for at, one in enumerate(parsed):
        start, stop, after, _ = sentences[at]
        if one.section and not alone:
            _date_back(parsed, block)
            block = []
            start = max(start, lower.find(":", start, stop))
        head = _YEAR.match(lower, start, stop)
        goes_on = bool(block) and at == block[-1][1][-1] + 1 and (alone or after != "blank")
        alone = head is not None and not lower[head.end() : stop].strip()
        if head is not None and (alone or not head["study"] or _heads_with_study(one)):
            block.append((int(lower[head.end() - 4 : head.end()]), [at]))
        elif goes_on:
            block[-1][1].append(at)
    _date_back(parsed, block)


def _heads_with_study(one: ParsedSentence) -> bool:
    return any(word[3] in _STUDIES for word in one.words[:3])


def _date_back(parsed: list[ParsedSentence], block: Sequence[tuple[int, Sequence[int]]]) -> None:
    """Takes what stands under all years but the last one for past."""
    templates = [(year, parsed[at].template) for year, told in block for at in told]
    last = max([year for year, one in templates if one.statements or one.unread], default=0)
    for year, told in block:
        for at in told if year < last else ():
            one = parsed[at]
            parsed[at] = _with(one, tuple([_past(said) for said in one.template.statements]))


def _past(said: Statement) -> Statement:
    return said._replace(low=0, high=3, phrase="past", uncertain=False, flags=frozenset())


def _with(one: ParsedSentence, statements: tuple[Statement, ...]) -> ParsedSentence:
    return one._replace(template=one.template._replace(statements=statements))


def _is_bare(said: Statement) -> bool:
    """Whether a stenosis is told of no structure, no side and no level of its own."""
    sided = len(said.codes) == 1 and CODES[said.codes[0]][1] is not None
    return said.bare and not sided and said.level.reference == "scope"


def _opposite(told: Sequence[Statement], said: Statement) -> tuple[Statement, ...]:
    """`said` of the other side of each of several that the sentence before told, at their own levels.

    None of the joints, and none where all are of one side: then `said` is of that side's other one.
    """
    if said.level.mention is not None or said.phrase in _NO_GRADE or (len(said.codes) > 1):
        return ()
    if any(len(one.codes) != 1 or one.level.mention is None or not one.low for one in told):
        return ()
    sides = {CODES[one.codes[0]][1] for one in told}
    keys = {CODES[one.codes[0]][0].key for one in told}
    meant = {CODES[code][0].key for code in said.codes} or keys
    if len(keys) > 1 or keys != meant or len(sides) < 2 or None in sides:
        return ()
    mirrored = [(MIRRORED[one.codes[0]], one.level._replace(mark=-1)) for one in told]
    it = said._replace(relative=False, side="")
    return tuple([it._replace(codes=(code,), level=level) for code, level in mirrored])


def _of_several(told: Sequence[Statement], after: ParsedSentence) -> ParsedSentence:
    """A sentence as it is behind one that `told` of several: "those at L3-4", "the foramina opposite"."""
    said = after.template.statements
    if told and after.words and after.words[0][3] == THOSE_OF:
        return _with(after, tuple([_of_those(one, told[-1].codes) for one in said]))
    opposite = _opposite(told, said[0]) if said[0].relative else ()
    return _for_each(after, opposite) if opposite else after


def _for_each(one: ParsedSentence, first: tuple[Statement, ...]) -> ParsedSentence:
    """The sentence with `first` for its first statement, each with the evidence of that one."""
    evidence = (one.evidence[0],) * len(first) + one.evidence[1:]
    return _with(one, (*first, *one.template.statements[1:]))._replace(evidence=evidence)


def _are_both_sides(before: Sequence[Statement], said: Sequence[Statement], after: ParsedSentence) -> bool:
    """Whether "both are" is of the two sides that the sentence before told one by one."""
    two = [one.codes[0] for one in before[-2:] if len(one.codes) == 1]
    if said[0].codes or said[0].side or len(two) < 2 or two[0] == two[1]:
        return False
    return CODES[two[0]][0] is CODES[two[1]][0] and any(word[3] == BOTH_ARE for word in after.words)


def _was_so(before: ParsedSentence, pronoun: str) -> bool:
    """Whether a sentence tells what something was called, or was: "The canal was described as narrow."."""
    if pronoun == ARE_NOW and any(word[3] == WAS for word in before.words):
        return True
    return pronoun in PRONOUNS and any(word[3] in _CALLED for word in before.words)


def _overrule(parsed: list[ParsedSentence], at: int) -> None:
    """Takes what was told of the space that the reader's own sentence is about for what it was called.

    Nothing may be told of a level or a space between. What is only denied ("I do not agree.") has no grade.
    """
    first = at - 1
    while first and not (parsed[first].template.described or parsed[first].template.statements):
        if parsed[first].section:
            return
        first -= 1
    before, after = parsed[first], parsed[at]
    told, said = before.template.statements, after.template.statements
    rules = [word[3] for word in after.words if word[3]]
    only_denied = len(after.words) <= _SHORT and all(rule.startswith(_ONLY_DENIED) for rule in rules)
    if not said and first == at - 1 and only_denied:
        parsed[first] = _with(before, tuple([_past(one) for one in told]))
    elif told and said and not (before.section and first < at - 1):
        said = tuple([_of_one_told(one, told[-1]) for one in said])
        parsed[at] = _with(after, said)
        for one in said:
            told = tuple([_but_for(was, one, told[-1]) for was in told])
        parsed[first] = _with(before, told)


def _of_one_told(said: Statement, told: Statement) -> Statement:
    """`said` of the one space of its kind that was `told`: "severe on the left. To my eye the foramen is"."""
    if not told.codes or said.level.reference not in _HERE or said.topic or said.phrase in _NO_GRADE:
        return said
    one = told.codes[0] if len(told.codes) == 1 else ""
    if one and said.relative and CODES[one][0] is CODES[(said.codes or told.codes)[0]][0]:
        side = said.side or (CODES[said.codes[0]][1] if said.codes else None)
        return said._replace(codes=(one if side == "right" else MIRRORED[one],), side="", relative=False)
    if one in said.codes and said.one:
        return said._replace(codes=told.codes, rank=2, flags=said.flags - {"side_unspecified"})
    return _of_structure(said, told.codes) if _is_bare(said) and said.low else said


def _but_for(told: Statement, said: Statement, last: Statement) -> Statement:
    """What was `told` without the cells that the reader's own statement grades; past if none is left."""
    if told.phrase == "measure" or said.topic or (said.codes and not told.codes):
        return told
    if said.implied or said.phrase in _NO_GRADE | {"measure"} or (said.phrase == "ungraded" and told.high):
        return told
    if said.high and not said.low and said.high >= told.low:
        return told  # "No severe stenosis."
    mention = said.level.mention
    if told.level.mention is None or said.level.reference in _HERE:
        if (mention is not None) or told.level.mention != last.level.mention:
            return told
    elif mention is None or mention.levels != told.level.mention.levels:
        return told
    left = [code for code in told.codes if code not in said.codes]
    if not said.codes:
        keys = {CODES[code][0].key for code in last.codes}
        left = [c for c in left if CODES[c][0].key not in keys or said.side not in {"", CODES[c][1]}]
    return told._replace(codes=tuple(left)) if left else _past(told)


def _is_graded(said: Sequence[Statement]) -> bool:
    """Whether it is said of what an earlier sentence names, and of no other level: "It is mild."."""
    one = said[0]
    return not (one.codes or one.side or one.phrase or one.level.mention or one.implied)


def _tells_exception(after: ParsedSentence) -> bool:
    """Whether a sentence says what is not so: "The only exception is L4-5, with mild narrowing."."""
    return any(word[3] == _EXCEPTION for word in after.words) or after.words[0][3] == _EXCEPT


def _only_finding(told: Sequence[Statement]) -> tuple[str, ...]:
    """The cells of the one finding that a sentence calls normal everywhere; none of several."""
    codes = tuple(dict.fromkeys([code for one in told for code in one.codes]))
    denied = all(one.codes and not (one.low or one.high or one.implied or one.phrase) for one in told)
    keys = {CODES[code][0].key for code in codes}
    return codes if denied and len(keys) == 1 and keys != {_JOINT} else ()


def _of_denied(said: Statement, codes: tuple[str, ...]) -> Statement:
    """A stenosis with no structure, as of the finding with these `codes`."""
    if not (said.bare and said.low):
        return said
    sides = {CODES[code][1] for code in said.codes} - {None}
    meant = tuple([code for code in codes if not sides or CODES[code][1] in sides])
    return _of_structure(said, meant) if meant else said


def _of_structure(bare: Statement, codes: tuple[str, ...]) -> Statement:
    rank = 2 if len(codes) == 1 else 0
    return bare._replace(codes=codes, bare=False, rank=rank, flags=bare.flags - {"structure_unspecified"})


def _of_those(said: Statement, codes: tuple[str, ...]) -> Statement:
    """`said` of the structures of the sentence before, of which those of `codes` were told."""
    if said.codes or said.implied or said.phrase in _NO_GRADE or not codes:
        return said
    keys = {CODES[code][0].key for code in codes}
    if said.side == "both":
        sides = set()
    else:
        sides = {said.side} - {""} or {str(CODES[code][1]) for code in codes if len(codes) == 1}
    same = [code for code, (finding, _) in CODES.items() if finding.key in keys]
    meant = tuple([code for code in same if not sides or str(CODES[code][1]) in sides])
    return said._replace(codes=meant, side="", rank=2 if sides else 0)


def _of_normal(also: Statement) -> Statement:
    return also._replace(high=0, phrase="")


def _of_pressed(also: Statement) -> Statement:
    return also._replace(low=1, phrase="ungraded", flags=also.flags | {"ungraded"})


def _names_study(one: Template) -> bool:
    """Whether a sentence says that the lumbar spine was imaged, and no more."""
    return one.region == "lumbar" and one.imaging and not one.described


def _points_back(said: Statement) -> bool:
    """Whether a space is graded that stands at the end of the sentence before: "the latter is narrowed"."""
    if (said.codes and not said.bare) or said.side or said.implied or said.topic or said.phrase in _NO_GRADE:
        return False
    return said.level.reference == "latter" or (said.narrowed and said.level.mention is None)


def _is_normal(said: Statement) -> bool:
    """Whether something that the sentence does not name is called normal."""
    return not (said.codes or said.high or said.side or said.topic) and (
        said.level.reference in {"scope", "heading"} and said.phrase in {"", "normal"} and not said.uncertain
    )
