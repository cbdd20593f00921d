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

from labeling.statements import ParsedSentence
from lexicons.vocabulary import Basis

SECTION_RANK = {"addendum": 0, "findings": 1, "impression": 2}


class Place(NamedTuple):
    """A sentence in its report: where it begins in the folded text, and what was read in it."""

    offset: int
    parsed: ParsedSentence


@dataclass(slots=True)
class Claim:
    """One statement applied to one cell. `reach` is 0 for this level, then list, range, all, implied.

    `marks` are tags of the sentence at `place`; `level_mark` is one of the sentence at `level_place` that
    names the level, -1 for none.
    """

    low: int
    high: int
    phrase: str
    uncertain: bool
    section: int
    reach: int
    side_rank: int
    basis: Basis
    flags: frozenset[str]
    marks: tuple[int, ...]
    place: Place
    level_mark: int
    level_place: Place


@dataclass(slots=True)
class Verdict:
    """What the claims of one cell come to; `claims` are those that it rests on."""

    low: int
    high: int
    uncertain: bool
    basis: Basis
    flags: frozenset[str]
    claims: Sequence[Claim]


_NO_FLAGS: frozenset[str] = frozenset()
_KINDS = frozenset({"at_least", "at_most", "ungraded", "not_severe", "scale"})


def settle(claims: list[Claim]) -> Verdict | None:
    """The verdict on one cell; `None` when its claims hold measurements only."""
    if len(claims) == 1 and claims[0].phrase != "measure":
        only = claims[0]
        return Verdict(only.low, only.high, only.uncertain, only.basis, only.flags, claims)
    measured = [claim for claim in claims if claim.phrase == "measure"]
    graded = [claim for claim in claims if claim.phrase != "measure"]
    if not graded:
        return None
    section = min(claim.section for claim in graded)
    own = [claim for claim in graded if claim.section == section]
    verdict = _within(own)
    flags = set(verdict.flags)
    for claim in graded:
        if claim.section > section and claim.reach <= 1 and not _overlap(verdict, claim):
            flags.add("conflict")
    if measured:
        flags.add("measured")
        verdict.claims = [*verdict.claims, *measured]
    verdict.flags = frozenset(flags)
    return verdict


def _within(claims: list[Claim]) -> Verdict:
    """The verdict of one section: the most specific claims, combined in the order of the text."""
    reach = min(claim.reach for claim in claims)
    best = [claim for claim in claims if claim.reach == reach]
    if reach and all(claim.phrase == "ungraded" for claim in best):
        reach = min(claim.reach for claim in claims)
    verdict = _start(best[0])
    side_rank = best[0].side_rank
    for claim in best[1:]:
        _add(verdict, claim, side_rank)
        side_rank = max(side_rank, claim.side_rank)
    return verdict


def _start(claim: Claim) -> Verdict:
    return Verdict(claim.low, claim.high, claim.uncertain, claim.basis, claim.flags, [claim])


def _add(verdict: Verdict, claim: Claim, side_rank: int) -> None:
    if _overlap(verdict, claim):
        narrower = claim.high - claim.low < verdict.high - verdict.low
        if narrower:
            verdict.low, verdict.high, verdict.uncertain = claim.low, claim.high, claim.uncertain
            verdict.flags = (verdict.flags - _KINDS - {"side_unspecified"}) | claim.flags
            verdict.claims = [*verdict.claims, claim]
        elif (claim.low, claim.high) == (verdict.low, verdict.high):
            verdict.uncertain = verdict.uncertain and claim.uncertain
            if claim.side_rank > side_rank:
                verdict.flags -= {"side_unspecified"}
            verdict.claims = [*verdict.claims, claim]
        return
    if claim.side_rank > side_rank:
        verdict.low, verdict.high, verdict.uncertain = claim.low, claim.high, claim.uncertain
        verdict.flags = claim.flags
        verdict.claims = [claim]
        return
    if claim.side_rank < side_rank:
        return
    if (claim.low, claim.high) > (verdict.low, verdict.high):
        verdict.low, verdict.high, verdict.uncertain = claim.low, claim.high, claim.uncertain
        verdict.flags = (verdict.flags - _KINDS) | claim.flags
    verdict.flags |= {"conflict"}
    verdict.claims = [*verdict.claims, claim]


def _overlap(verdict: Verdict, claim: Claim) -> bool:
    return claim.low <= verdict.high and verdict.low <= claim.high
