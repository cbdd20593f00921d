"""What a report says, where its reader finds it otherwise."""

from __future__ import annotations

from labeling.discourse.restating import NO_GRADE, is_bare, of_past, of_structure, restated
from labeling.rule_names import OWN_OPINION
from labeling.statements import ParsedSentence, Statement
from lexicons.findings import CODES, MIRRORED

_NOT_AGREED, _NOT_SEEN = "change/not-agreed", "negation/not-seen-by"
_OWN = frozenset({OWN_OPINION, "change/own-estimate", _NOT_AGREED, _NOT_SEEN})
"""Rules of words for what the reader finds: "I would call it", "I do not find", "I do not agree"."""
_ONLY_DENIED = ("connectors/", _NOT_AGREED, _NOT_SEEN)
_SHORT = 8
_HERE = frozenset({"scope", "this", "there", "latter"})


def settle_opinions(parsed: list[ParsedSentence]) -> None:
    """Takes what a report says for past where its reader finds it otherwise in a sentence of its own.

    As in "It reports a narrow canal at L4-5. I do not find that it is narrowed.".
    """
    for at, one in enumerate(parsed):
        if at and not one.section and not _OWN.isdisjoint([word[3] for word in one.words]):
            _overrule(parsed, at)


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
        parsed[first] = restated(before, tuple([of_past(one) for one in told]))
    elif told and said and not (before.section and first < at - 1):
        said = tuple([_of_one_told(one, told[-1]) for one in said])
        parsed[at] = restated(after, said)
        for one in said:
            told = tuple([_but_for(was, one, told[-1]) for was in told])
        parsed[first] = restated(before, told)


def _of_one_told(said: Statement, told: Statement) -> Statement:
    """`said` of the one space of its kind that was `told`: "severe on the left. To my eye the foramen is"."""
    if not told.codes or said.level.reference not in _HERE or said.topic or said.phrase in NO_GRADE:
        return said
    one = told.codes[0] if len(told.codes) == 1 else ""
    if one and said.relative and CODES[one][0] is CODES[(said.codes or told.codes)[0]][0]:
        side = said.side or (CODES[said.codes[0]][1] if said.codes else None)
        return said._replace(codes=(one if side == "right" else MIRRORED[one],), side="", relative=False)
    if one in said.codes and said.one:
        return said._replace(codes=told.codes, rank=2, flags=said.flags - {"side_unspecified"})
    return of_structure(said, told.codes) if is_bare(said) and said.low else said


def _but_for(told: Statement, said: Statement, last: Statement) -> Statement:
    """What was `told` without the cells that the reader's own statement grades; past if none is left."""
    if told.phrase == "measure" or said.topic or (said.codes and not told.codes):
        return told
    if said.implied or said.phrase in NO_GRADE | {"measure"} or (said.phrase == "ungraded" and told.high):
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
    return told._replace(codes=tuple(left)) if left else of_past(told)
