"""From the items of a sentence to statements; see `labeling.linking.linker` for a trace."""

from labeling.grammar import items
from labeling.linking.linker import Linker as Linker
from labeling.rewriting.asides import asides_in
from labeling.rewriting.bygones import still_said
from labeling.rewriting.clauses import clause_joints
from labeling.rewriting.passing import numbers_left
from labeling.rewriting.rewrite import numbers_read


def forget() -> None:
    """Drops the cuts of earlier sentences."""
    for memory in (items, asides_in, still_said, numbers_left, clause_joints, numbers_read):
        memory.cache_clear()
