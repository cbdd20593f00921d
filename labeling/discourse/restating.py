"""What a statement, or a sentence, becomes when another tells more of it."""

from __future__ import annotations

from labeling.statements import ParsedSentence, Statement
from lexicons.findings import CODES

NO_GRADE = frozenset({"past", "not", "same", "also"})
"""The phrases that hold no grade of their own."""


def of_past(said: Statement) -> Statement:
    """`said` as of an earlier time: it only names what the next sentence may go on about."""
    return said._replace(low=0, high=3, phrase="past", uncertain=False, flags=frozenset())


def restated(one: ParsedSentence, statements: tuple[Statement, ...]) -> ParsedSentence:
    """`one` with `statements` for its own, each with the evidence of the one that it stands for."""
    return one._replace(template=one.template._replace(statements=statements))


def is_bare(said: Statement) -> bool:
    """Whether a stenosis is told of no structure, no side and no level of its own."""
    sided = len(said.codes) == 1 and CODES[said.codes[0]][1] is not None
    return said.bare and not sided and said.level.reference == "scope"


def of_structure(bare: Statement, codes: tuple[str, ...]) -> Statement:
    """A statement that names no structure, as of the cells `codes`."""
    rank = 2 if len(codes) == 1 else 0
    return bare._replace(codes=codes, bare=False, rank=rank, flags=bare.flags - {"structure_unspecified"})
