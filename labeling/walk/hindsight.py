"""What a whole report takes back of what its sentences said, when all of them are read."""

from __future__ import annotations

from collections.abc import Mapping

from labeling.consensus import SECTION_RANK, Claim
from labeling.levels import union_of
from labeling.statements import Statement
from labeling.walk.codes import NUMBERS
from lexicons.findings import CODES, MIRRORED

_CODES = {number: code for code, number in NUMBERS.items()}


def drop_summed_up(cells: dict[int, list[Claim]], sides: Mapping[int, str]) -> None:
    """An impression that names no side is of the one that the findings found narrow.

    `cells` are those of the walk; `sides` has the last side that a sentence of the impression names, by its
    offset.
    """
    for number, claims in tuple(cells.items()):
        if claims[0].section != SECTION_RANK["impression"] or not all(map(_sums_up, claims)):
            continue
        level, code = number // 16, _CODES[number % 16]
        if any(sides.get(claim.offset) == CODES[code][1] for claim in claims):
            continue  # "protrusion on the left, with recess stenosis"
        told = cells.get(level * 16 + NUMBERS[MIRRORED[code]], ())
        if any(_is_found(claim, claims[0].statement) for claim in told):
            del cells[number]


def drop_contradicted(cells: dict[int, list[Claim]]) -> None:
    """A study with moderate stenosis is not normal: the exam called so was one of the body.

    At a level that was excepted ("normal except for L5-S1") it may well be.
    """
    excepted = union_of(
        mention
        for claims in cells.values()
        for claim in claims
        if claim.statement.phrase == "study"
        for mention in claim.statement.excluded
    )
    said = [claim.statement for at, claims in cells.items() if at // 16 not in excepted for claim in claims]
    if any(one.low > 1 and any(CODES[code][0].core for code in one.codes) for one in said):
        for number, claims in tuple(cells.items()):
            cells[number] = [claim for claim in claims if claim.statement.phrase != "study"]
            if not cells[number]:
                del cells[number]


def _sums_up(claim: Claim) -> bool:
    """Whether an impression finds a structure narrow, of which it names no side."""
    said = claim.statement
    return claim.section == SECTION_RANK["impression"] and said.low > 0 and "side_unspecified" in said.flags


def _is_found(claim: Claim, said: Statement) -> bool:
    """Whether the findings told what `said` sums up, with its side."""
    found = claim.statement
    within = found.low <= said.high and said.low <= found.high
    return claim.section < SECTION_RANK["impression"] and found.low > 0 and found.rank == 2 and within
