"""Many statements about one cell to one: which wins, what it says, and what an auditor should know of it.

Order of authority: an addendum, then the findings, then the impression, which only fills what the findings
left absent. Within one of them what is said of this level beats what is said of a list, a range or of all
levels, and that beats a level called normal; of equals the later one that is more specific about the side
wins. Equals that disagree keep the higher grade and the flag ``conflict``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from labeling.statements import Statement, Words
from lexicons.vocabulary import Basis

_ALL = 4
"""The reach of what is said of all levels."""
SECTION_RANK = {"addendum": 0, "attested": 0, "findings": 1, "impression": 2}


class Claim(NamedTuple):
    """One statement applied to cells. `reach` is 0 for this level, then list, range, all, implied.

    `words` are those of the statement in the sentence that begins at `offset` of the folded text;
    `level_words`, `None` for none, name the level in the sentence at `level_offset`.
    """

    statement: Statement
    section: int
    reach: int
    basis: Basis
    offset: int
    words: tuple[Words, ...]
    level_offset: int
    level_words: Words | None


@dataclass(slots=True)
class Verdict:
    """What the claims of one cell come to; `claims` are those that it rests on."""

    low: int
    high: int
    uncertain: bool
    basis: Basis
    flags: frozenset[str]
    claims: Sequence[Claim]


_ADDED = SECTION_RANK["addendum"]
_KINDS = frozenset({"at_least", "at_most", "ungraded", "not_severe", "scale"})


def settle(claims: Sequence[Claim]) -> Verdict | None:
    """The verdict on one cell; `None` when its claims hold measurements only."""
    graded = [claim for claim in claims if claim.statement.phrase != "measure"]
    if not graded:
        return None
    section = min([claim.section for claim in graded])
    own = [claim for claim in graded if claim.section == section]
    verdict = _within(own) if len(own) > 1 else _start(own[0])
    if section == _ADDED and "ungraded" in verdict.flags and len(own) < len(graded):
        corrected = settle([claim for claim in graded if claim.section > section])
        if corrected is not None and corrected.low:
            return corrected  # "Addendum: the stenosis at L4-5 is unchanged": it keeps its grade
    if len(own) < len(graded) and any(_differs(verdict, section, claim) for claim in graded):
        verdict.flags |= {"conflict"}
    if len(graded) < len(claims):
        verdict.flags |= {"measured"}
        verdict.claims = [*verdict.claims, *(one for one in claims if one.statement.phrase == "measure")]
    return verdict


def _within(claims: list[Claim]) -> Verdict:
    """The verdict of one section: the most specific claims, combined in the order of the text."""
    reach = min([claim.reach for claim in claims])
    nearest = [claim for claim in claims if claim.reach == reach or _agrees(claim, reach, claims)]
    if any(claim.statement.rank < 0 for claim in nearest):
        nearest = _uncopied(nearest)
    first, *others = nearest
    verdict = _start(first)
    side_rank = first.statement.rank
    for claim in others:
        _add(verdict, claim, side_rank)
        side_rank = max(side_rank, claim.statement.rank)
    return verdict


def _uncopied(claims: list[Claim]) -> list[Claim]:
    """The claims of the level itself, if one is a grade: "As at L3-4, but the narrowing here is moderate"."""
    own = [claim for claim in claims if claim.statement.rank >= 0]
    return own if any(claim.statement.phrase != "ungraded" for claim in own) else claims


def _agrees(claim: Claim, reach: int, claims: Sequence[Claim]) -> bool:
    """Whether a level called normal goes with what is denied of all: "no severe stenosis at any level"."""
    normal = claim.basis is Basis.IMPLIED and not claim.statement.high
    return normal and reach == _ALL and all(not one.statement.low for one in claims)


def _differs(verdict: Verdict, section: int, claim: Claim) -> bool:
    """Whether a claim of a section with less authority says another thing of this very level."""
    return claim.section > section and claim.reach <= 1 and not _overlap(verdict, claim.statement)


def _start(claim: Claim) -> Verdict:
    said = claim.statement
    return Verdict(said.low, said.high, said.uncertain, claim.basis, said.flags, [claim])


def _add(verdict: Verdict, claim: Claim, side_rank: int) -> None:
    """Adds a claim: one that agrees narrows the verdict; of those that differ the more specific side wins."""
    said = claim.statement
    if _overlap(verdict, said):
        if said.low < verdict.low and said.high == 2 and "ungraded" in verdict.flags:
            # "Stenosis at L4-5, moderate at most": there is one
            said = said._replace(low=verdict.low, flags=said.flags | verdict.flags)
            claim = claim._replace(statement=said)
        _narrow(verdict, claim, side_rank)
    elif said.rank > side_rank:
        _take(verdict, said, said.flags)
        verdict.claims = [claim]
    elif said.rank == side_rank:
        if (said.low, said.high) > (verdict.low, verdict.high):
            _take(verdict, said, (verdict.flags - _KINDS) | said.flags)
        verdict.flags |= {"conflict"}
        verdict.claims = [*verdict.claims, claim]


def _narrow(verdict: Verdict, claim: Claim, side_rank: int) -> None:
    said = claim.statement
    if said.high - said.low < verdict.high - verdict.low:
        _take(verdict, said, (verdict.flags - _KINDS - {"side_unspecified"}) | said.flags)
    elif said.low == verdict.low and said.high == verdict.high:
        verdict.uncertain = verdict.uncertain and said.uncertain
        if "ungraded" in verdict.flags and "ungraded" not in said.flags:
            # "narrowing, at least mild", "significant stenosis, moderate to severe"
            verdict.flags = (verdict.flags - _KINDS) | said.flags
        if said.rank > side_rank:
            verdict.flags -= {"side_unspecified"}
    else:
        return
    verdict.claims = [*verdict.claims, claim]


def _take(verdict: Verdict, said: Statement, flags: frozenset[str]) -> None:
    verdict.low, verdict.high, verdict.uncertain, verdict.flags = said.low, said.high, said.uncertain, flags


def _overlap(verdict: Verdict, said: Statement) -> bool:
    return said.low <= verdict.high and verdict.low <= said.high
