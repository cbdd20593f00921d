"""Sentences that go on about what the one before names: "It is narrowed.", "So is the canal."."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from labeling.discourse.restating import NO_GRADE, is_bare, of_past, of_structure, restated
from labeling.rule_names import AGAIN_SO, ARE_NOW, BOTH_ARE, NOW, PRONOUNS, THOSE_OF, WAS
from labeling.statements import SCOPE, LevelRef, ParsedSentence, Statement, Template
from lexicons.findings import CODES, FACET, MIRRORED

_CALLED = frozenset({"change/called", "change/was-said"})
"""Rules of words for what was said of something before."""
_EXCEPTION, _EXCEPT = "connectors/exception-is", "connectors/except"
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
        if told and after.words and after.words[0][3] == NOW and _is_of_space(said[0], told[-1]):
            parsed[at - 1] = restated(before, (*told[:-1], of_past(told[-1])))
            parsed[at] = restated(after, (_of_same_side(said[0], told[-1]), *said[1:]))
            continue
        said = after.template.statements
        if before.template.statements:
            asked = before.template.statements[-1]
            unseen = before.template.hidden and not said[0].low  # "It cannot be assessed. No stenosis."
            if asked.phrase == "past" and not unseen and all(is_bare(one) for one in said):
                parsed[at] = restated(after, tuple([of_structure(one, asked.codes) for one in said]))
            elif after.words and _was_so(before, after.words[0][3]) and _is_graded(said):
                parsed[at - 1] = restated(before, tuple([of_past(one) for one in before.template.statements]))
            elif after.words and _tells_exception(after) and (codes := _only_finding(told)):
                parsed[at] = restated(after, tuple([_of_denied(one, codes) for one in said]))
            elif _are_both_sides(before.template.statements, said, after):
                parsed[at] = restated(after, (said[0]._replace(side="both"), *said[1:]))
            continue
        if _names_study(before.template) and len(said) == 1 and _is_normal(said[0]):
            normal = said[0]._replace(implied=True, phrase="study", level=_ALL)
            parsed[at] = restated(after, (normal,))
        elif before.template.named and _points_back(said[0]):
            level = SCOPE if said[0].level.reference == "latter" else said[0].level
            flags = said[0].flags - {"structure_unspecified"}
            it = said[0]._replace(codes=before.template.named, level=level, bare=False, flags=flags)
            parsed[at] = restated(after, (it, *said[1:]))
        elif said[0].phrase == "also" and (before.template.other_normal or before.template.pressed):
            so = _of_normal if before.template.other_normal else _of_pressed
            parsed[at] = restated(after, tuple([so(one) if one.phrase == "also" else one for one in said]))
        elif said[0].phrase == "also" and not said[0].codes:
            parsed[at] = restated(after, ())  # "L4-5 bulges. Also at L5-S1."


def _of_several(told: Sequence[Statement], after: ParsedSentence) -> ParsedSentence:
    """A sentence as it is behind one that `told` of several: "those at L3-4", "the foramina opposite"."""
    said = after.template.statements
    if told and after.words and after.words[0][3] == THOSE_OF:
        return restated(after, tuple([_of_those(one, told[-1].codes) for one in said]))
    if len(said) == 1 and said[0].implied and (codes := _again_so(told, after)):
        return restated(after, (said[0]._replace(codes=codes, implied=False, phrase=""),))
    opposite = _opposite(told, said[0]) if said[0].relative else ()
    return _for_each(after, opposite) if opposite else after


def _is_of_space(said: Statement, told: Statement) -> bool:
    """Whether a space with no side and no level is the one that was told of last."""
    return said.one and said.level == SCOPE and len(told.codes) == 1 and told.codes[0] in said.codes


def _of_same_side(said: Statement, told: Statement) -> Statement:
    """`said` of the one space that was `told`: "Left foramen narrowed at L4-5. Now the foramen is free."."""
    flags, level = said.flags - {"side_unspecified"}, told.level._replace(mark=-1)
    return said._replace(codes=told.codes, level=level, one=False, rank=2, flags=flags)


def _again_so(told: Sequence[Statement], after: ParsedSentence) -> tuple[str, ...]:
    """The cells that are open again at a level: "Mild canal stenosis at L4-5. Adequate again at L5-S1."."""
    codes = told[-1].codes if told and told[-1].low else ()
    one = len({CODES[code][0].key for code in codes}) == 1
    return codes if one and after.words and after.words[0][3] == AGAIN_SO else ()


def _of_those(said: Statement, codes: tuple[str, ...]) -> Statement:
    """`said` of the structures of the sentence before, of which those of `codes` were told."""
    if said.codes or said.implied or said.phrase in NO_GRADE or not codes:
        return said
    keys = {CODES[code][0].key for code in codes}
    if said.side == "both":
        sides = set()
    else:
        sides = {said.side} - {""} or {str(CODES[code][1]) for code in codes if len(codes) == 1}
    same = [code for code, (finding, _) in CODES.items() if finding.key in keys]
    meant = tuple([code for code in same if not sides or str(CODES[code][1]) in sides])
    return said._replace(codes=meant, side="", rank=2 if sides else 0)


def _opposite(told: Sequence[Statement], said: Statement) -> tuple[Statement, ...]:
    """`said` of the other side of each of several that the sentence before told, at their own levels.

    None of the joints, and none where all are of one side: then `said` is of that side's other one.
    """
    if said.level.mention is not None or said.phrase in NO_GRADE or (len(said.codes) > 1):
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


def _for_each(one: ParsedSentence, first: tuple[Statement, ...]) -> ParsedSentence:
    """The sentence with `first` for its first statement, each with the evidence of that one."""
    evidence = (one.evidence[0],) * len(first) + one.evidence[1:]
    return restated(one, (*first, *one.template.statements[1:]))._replace(evidence=evidence)


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
    return codes if denied and len(keys) == 1 and keys != {FACET} else ()


def _of_denied(said: Statement, codes: tuple[str, ...]) -> Statement:
    """A stenosis with no structure, as of the finding with these `codes`."""
    if not (said.bare and said.low):
        return said
    sides = {CODES[code][1] for code in said.codes} - {None}
    meant = tuple([code for code in codes if not sides or CODES[code][1] in sides])
    return of_structure(said, meant) if meant else said


def _of_normal(also: Statement) -> Statement:
    return also._replace(high=0, phrase="")


def _of_pressed(also: Statement) -> Statement:
    return also._replace(low=1, phrase="ungraded", flags=also.flags | {"ungraded"})


def _names_study(one: Template) -> bool:
    """Whether a sentence says that the lumbar spine was imaged, and no more."""
    return one.region == "lumbar" and one.imaging and not one.described


def _points_back(said: Statement) -> bool:
    """Whether a space is graded that stands at the end of the sentence before: "the latter is narrowed"."""
    if (said.codes and not said.bare) or said.side or said.implied or said.topic or said.phrase in NO_GRADE:
        return False
    return said.level.reference == "latter" or (said.narrowed and said.level.mention is None)


def _is_normal(said: Statement) -> bool:
    """Whether something that the sentence does not name is called normal."""
    return not (said.codes or said.high or said.side or said.topic) and (
        said.level.reference in {"scope", "heading"} and said.phrase in {"", "normal"} and not said.uncertain
    )
