"""Folds for cross-validation: patients dealt out like cards, one suit for each rarest grade.

A patient's suit is the rarest grade that any of the patient's discs has, rarest over all that is dealt. Each
suit is dealt round in the order of a keyed hash, so folds differ by one patient at most in every suit, and
the result depends on who the patients are and on nothing else: not on rows, files or workers.

**What growth does.** A dealt fold cannot be both balanced and fixed: a new patient shifts those of the suit
who stand behind in the hash, and a grade that stops being the rarest changes suits. Folds are therefore for
one version of a dataset. The test split is drawn before, by the hash alone, and keeps its patients.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

MOST_FOLDS = 100
"""More folds than anybody trains; a fold fits an int8."""


def rarest_grades(discs: Iterable[tuple[str, Sequence[int]]]) -> dict[str, int | None]:
    """The suit of every person, from pairs of a person and the grades of a disc; None without any grade.

    Of grades that are equally rare the higher one counts.
    """
    found: dict[str, set[int]] = defaultdict(set)
    counts: Counter[int] = Counter()
    for person, grades in discs:
        found[person].update(grades)
        counts.update(grades)
    return {
        person: min(grades, key=lambda grade: (counts[grade], -grade), default=None)
        for person, grades in found.items()
    }


def deal(order: Iterable[str], suits: Mapping[str, int | None], folds: int) -> dict[str, int]:
    """The fold, 0 to `folds` - 1, of every person of `order`, who are dealt suit by suit in that order.

    A suit goes on at the fold where the one before it stopped, so that whole folds are even too.
    """
    by_suit: dict[int, list[str]] = defaultdict(list)
    for person in order:
        suit = suits[person]
        by_suit[-1 if suit is None else suit].append(person)
    dealt = [person for suit in sorted(by_suit, reverse=True) for person in by_suit[suit]]
    return {person: number % folds for number, person in enumerate(dealt)}
