"""What a card may show: no count of 1 to 10 patients, and none that can be computed from what is shown.

Cell suppression as statistical offices do it. A count that rests on 1 to 10 patients is hidden (primary).
Counts add up to totals, so further ones are hidden (complementary) until, in every sum, the hidden part rests
on more than 10 patients together, and no such count follows from the shown ones by linear algebra.
Source: Hundepool et al. 2012, Statistical Disclosure Control, chapter 4;
a limit of 10 is usual in health data.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dataset.flow import Step

LIMIT = 10
"""Counts of 1 up to this many patients are not shown."""

HIDDEN = "s"
"""Stands for every hidden count, primary or complementary: two signs would tell them apart."""


def small(patients: int) -> bool:
    """Whether a count of so many patients must not be shown. Zero says nothing of anybody."""
    return 1 <= patients <= LIMIT


@dataclass(frozen=True, slots=True)
class Sum:
    """The counts `parts` add up to `times` the count `total`; all by position."""

    parts: tuple[int, ...]
    total: int
    times: int = 1


def suppress(
    patients: Sequence[AbstractSet[str]],
    sums: Sequence[Sum],
    *,
    hidden: AbstractSet[int] = frozenset(),
    public: AbstractSet[int] = frozenset(),
) -> frozenset[int]:
    """The positions of the counts to hide.

    `patients` holds, for every count, the patients it rests on; `sums` every sum that a reader can form.
    Counts of another table that readers have are `public` where it shows them and `hidden` where it does not:
    the first cannot be hidden any more. `RuntimeError` when what is public gives a small count away alone.
    """
    hidden = {position for position, of in enumerate(patients) if small(len(of))} | hidden
    while True:
        before = len(hidden)
        for line in sums:
            _protect(line, patients, hidden, public)
        if len(hidden) > before:
            continue
        leaking = [position for position in derivable(hidden, sums) if small(len(patients[position]))]
        if not leaking:
            return frozenset(hidden)
        closing = _line_to_close(sums, min(leaking), hidden | public)
        hidden.add(_next(closing, patients, hidden, public))


def derivable(hidden: AbstractSet[int], sums: Sequence[Sum]) -> frozenset[int]:
    """The hidden counts that follow from the shown ones: those that are constant over all solutions."""
    order = sorted(hidden)
    column = {position: number for number, position in enumerate(order)}
    rows = np.zeros((len(sums), len(order)))
    for number, line in enumerate(sums):
        for part in column.keys() & set(line.parts):
            rows[number, column[part]] += 1
        if line.total in column:
            rows[number, column[line.total]] -= line.times
    if not order:
        return frozenset()
    _, values, vectors = np.linalg.svd(rows)
    free = vectors[int((values > 1e-9).sum()) :]
    known = np.abs(free).max(axis=0, initial=0.0) < 1e-9
    return frozenset(position for position, is_known in zip(order, known, strict=True) if is_known)


def suppress_flow(
    steps: Sequence[Step], *, discs: bool = False
) -> tuple[frozenset[int], frozenset[tuple[int, str]]]:
    """What to hide of a flow: positions of steps, and (position, reason) of what fell out.

    A step is shown when it differs from the next shown one by no patient or by more than 10, both those who
    lost a row and those who lost all. Reasons between two shown steps are one sum. A number of `discs`, set
    beside six times the studies, tells how many are missing: it is hidden where few patients miss any.
    """
    shown: list[int] = []
    for position in reversed(range(len(steps))):
        left = steps[position].left
        if small(left.patients) or (discs and small(left.partial)):
            continue
        if not shown or _apart(steps, position, shown[-1]):
            shown.append(position)
    hidden: set[tuple[int, str]] = set()
    edges = [*shown, -1] if shown else [len(steps) - 1, -1]
    for later, earlier in pairwise(edges):
        between = [(k, reason) for k in range(earlier + 1, later + 1) for reason in steps[k].reasons]
        hidden |= _hide_reasons(steps, between, closed=earlier >= 0)
    after = range(shown[0] + 1, len(steps)) if shown else ()
    hidden |= {(k, reason) for k in after for reason in steps[k].reasons}
    return frozenset(set(range(len(steps))) - set(shown)), frozenset(hidden)


def _protect(
    line: Sum, patients: Sequence[AbstractSet[str]], hidden: set[int], public: AbstractSet[int]
) -> None:
    while not _is_safe(line, patients, hidden):
        hidden.add(_next(line, patients, hidden, public))


def _is_safe(line: Sum, patients: Sequence[AbstractSet[str]], hidden: AbstractSet[int]) -> bool:
    parts = [part for part in line.parts if part in hidden]
    if line.total in hidden:
        return bool(parts)
    together = set[str]().union(*(patients[part] for part in parts))
    return not parts or (len(parts) > 1 and len(together) > LIMIT)


def _next(
    line: Sum, patients: Sequence[AbstractSet[str]], hidden: AbstractSet[int], public: AbstractSet[int]
) -> int:
    """The count to hide next: the part with the fewest patients, zeros after the others, the total last."""
    left = [part for part in line.parts if part not in hidden and part not in public]
    chosen = min(left, key=lambda part: (not patients[part], len(patients[part]), part), default=line.total)
    if chosen in hidden or chosen in public:
        raise RuntimeError("dataset.disclosure: what is public already gives a small count away")
    return chosen


def _line_to_close(sums: Sequence[Sum], leaking: int, closed: AbstractSet[int]) -> Sum:
    """A sum with something left to hide: one that the leaking count stands in, if there is any."""
    open_ = [line for line in sums if not {*line.parts, line.total} <= closed]
    if not open_:
        raise RuntimeError("dataset.disclosure: what is public already gives a small count away")
    return min(open_, key=lambda line: leaking not in {*line.parts, line.total})


def _apart(steps: Sequence[Step], earlier: int, later: int) -> bool:
    between = steps[earlier + 1 : later + 1]
    if not any(step.out.rows for step in between):
        return True
    lost = steps[earlier].left.patients - steps[later].left.patients
    return max(step.out.patients for step in between) > LIMIT and not small(lost)


def _hide_reasons(
    steps: Sequence[Step], between: Sequence[tuple[int, str]], *, closed: bool
) -> set[tuple[int, str]]:
    """Small reasons, and, where their sum is known (`closed`), others until the hidden part is not small."""

    def patients(place: tuple[int, str]) -> int:
        return steps[place[0]].reasons[place[1]].patients

    order = sorted(between, key=lambda place: (patients(place), place))
    count = sum(small(patients(place)) for place in order)
    # A union holds at least its largest part; with all of them hidden it is the step's own, never small.
    while closed and 0 < count < len(order) and (count < 2 or patients(order[count - 1]) <= LIMIT):
        count += 1
    return set(order[:count])
