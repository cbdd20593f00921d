"""From the items of a sentence to statements; see `labeling.linking.linker` for a trace."""

from labeling.grammar import items
from labeling.linking.linker import Linker as Linker
from labeling.linking.rewriting import numbers_read


def forget() -> None:
    """Drops the cuts of earlier sentences."""
    items.cache_clear()
    numbers_read.cache_clear()
