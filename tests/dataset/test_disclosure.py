"""What a card hides, attacked: an optimiser tries to compute every hidden count from the shown ones."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from dataset.disclosure import LIMIT, Sum, derivable, small, suppress, suppress_flow
from dataset.flow import Count, Ledger, Step, Who, account


def people(*counts: int) -> list[set[str]]:
    """Disjoint sets of so many patients; the last is the union, the total."""
    sets = [{f"{place}-{n}" for n in range(count)} for place, count in enumerate(counts)]
    return [*sets, set().union(*sets)]


LINES = [
    ((50, 60, 70), set()),  # nothing is small
    ((50, 60, 0), set()),  # nobody is in the third: that tells nothing of anybody
    ((50, 60, 7), {2, 0}),  # 180 - 50 - 60 would give the 7 away, so the next smallest goes too
    ((50, 7, 6), {1, 2}),  # two are enough, for together they are 13
    ((50, 5, 5), {0, 1, 2}),  # together they are 10: still small
    ((50, 5, 0), {0, 1}),
    ((5, 5, 5), {0, 1, 2}),  # the total is 15
    ((5, 3, 2), {0, 1, 2, 3}),  # the total is small itself
    ((0, 0, 7), {2, 3}),  # zeros tell that all 7 are in the third, but not that they are 7
    ((50, 0, 0), set()),
]


@pytest.mark.parametrize(("counts", "hidden"), LINES)
def test_one_line(counts: tuple[int, ...], hidden: set[int]) -> None:
    assert suppress(people(*counts), [Sum((0, 1, 2), 3)]) == hidden


@pytest.mark.parametrize("count", range(15))
def test_small_is_1_to_10(count: int) -> None:
    assert small(count) == (count in range(1, 11))


def test_a_count_between_two_cycles_of_hidden_ones_is_still_derivable() -> None:
    # 4 x 4: two hidden 2 x 2 blocks and one hidden cell beside them. Every line holds two hidden or more,
    # yet the sum of rows 0 and 1 less the sum of columns 0 and 1 leaves exactly the cell (1, 2).
    blocks = {(r, c) for r in (0, 1) for c in (0, 1)} | {(r, c) for r in (2, 3) for c in (2, 3)} | {(1, 2)}
    sums = [Sum(tuple(4 * r + c for c in range(4)), 16 + r) for r in range(4)]
    sums += [Sum(tuple(4 * r + c for r in range(4)), 20 + c) for c in range(4)]
    assert derivable({4 * r + c for r, c in blocks}, sums) == {4 * 1 + 2}


def grid(counts: list[list[int]]) -> tuple[list[set[str]], list[Sum]]:
    """A table with both margins and the grand total, every patient in one cell."""
    rows, columns = len(counts), len(counts[0])
    cells = [{f"{r}.{c}.{n}" for n in range(counts[r][c])} for r in range(rows) for c in range(columns)]
    total_of_row, total_of_column = rows * columns, rows * columns + rows
    everything = total_of_column + columns
    sums = [Sum(tuple(r * columns + c for c in range(columns)), total_of_row + r) for r in range(rows)]
    sums += [Sum(tuple(r * columns + c for r in range(rows)), total_of_column + c) for c in range(columns)]
    for line in list(sums):
        cells.append(set().union(*(cells[part] for part in line.parts)))
    cells.append(set().union(*cells))
    sums.append(Sum(tuple(range(total_of_row, total_of_column)), everything))
    sums.append(Sum(tuple(range(total_of_column, everything)), everything))
    return cells, sums


def attack(counts: list[int], hidden: frozenset[int], sums: list[Sum], target: int) -> tuple[float, float]:
    """The least and greatest value that `target` can have, given what is shown and that counts are >= 0."""
    equations = np.zeros((len(sums), len(counts)))
    for number, line in enumerate(sums):
        equations[number, list(line.parts)] += 1
        equations[number, line.total] -= 1
    bounds = [(0, None) if place in hidden else (count, count) for place, count in enumerate(counts)]
    cost = np.eye(len(counts))[target]
    least = linprog(cost, A_eq=equations, b_eq=np.zeros(len(sums)), bounds=bounds)
    most = linprog(-cost, A_eq=equations, b_eq=np.zeros(len(sums)), bounds=bounds)
    return least.fun, np.inf if most.status == 3 else -most.fun


_count = st.sampled_from([0, 0, 1, 3, 6, 10, 11, 15, 40])


@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(_count, min_size=width, max_size=width), min_size=2, max_size=4)
    )
)
@settings(max_examples=120, deadline=None)
def test_nothing_small_can_be_computed_from_a_table(counts: list[list[int]]) -> None:
    cells, sums = grid(counts)
    hidden = suppress(cells, sums)
    numbers = [len(cell) for cell in cells]
    for place, count in enumerate(numbers):
        if small(count):
            assert place in hidden
            least, most = attack(numbers, hidden, sums, place)
            assert most - least > 0.5, f"{place}: {least}..{most}"
    for line in sums:
        if line.total not in hidden:
            together = sum(numbers[part] for part in line.parts if part in hidden)
            assert not small(together)


def test_a_table_without_small_counts_is_shown_whole() -> None:
    assert suppress(*grid([[11, 40, 0], [12, 0, 99]])) == frozenset()


def step(name: str, left: int, out: int = 0, **reasons: int) -> Step:
    """A step of a flow in which every patient has one row."""
    counts = {reason: Count(n, n, n) for reason, n in reasons.items()}
    return Step(name, Count(left, left, left), Count(out, out, out), counts)


FLOWS = {
    "nothing falls out": ([step("read", 100), step("readable", 100)], set(), set()),
    "many fall out": ([step("read", 100), step("readable", 80, 20, draft=20)], set(), set()),
    "few fall out: the step before is hidden": (
        [step("read", 100), step("readable", 97, 3, draft=3)],
        {0},
        {(1, "draft")},
    ),
    "a few of many: the next reason goes too": (
        [step("read", 100), step("readable", 57, 43, draft=3, superseded=40)],
        set(),
        {(1, "draft"), (1, "superseded")},
    ),
    "a few of many, twice": (
        [step("read", 100), step("readable", 47, 53, draft=3, superseded=20, uncertain=30)],
        set(),
        {(1, "draft"), (1, "superseded")},
    ),
    "a hidden step joins two gaps": (
        [step("read", 100), step("readable", 80, 20, draft=20), step("cohort", 75, 5, modality=5)],
        {1},
        {(1, "draft"), (2, "modality")},
    ),
    "the dataset is small itself": (
        [step("read", 100), step("readable", 9, 91, draft=91)],
        {1},
        {(1, "draft")},
    ),
}


@pytest.mark.parametrize(("steps", "hidden", "reasons"), FLOWS.values(), ids=list(FLOWS))
def test_a_flow(steps: list[Step], hidden: set[int], reasons: set[tuple[int, str]]) -> None:
    assert suppress_flow(steps) == (hidden, reasons)


def test_few_missing_discs_hide_their_number() -> None:
    steps = [Step("read", Count(119, 20, 20, partial=1), Count(0, 0, 0), {})]
    assert suppress_flow(steps, discs=True) == ({0}, set())
    assert suppress_flow(steps) == (set(), set())


_fates = st.tuples(
    st.sampled_from(["no-study-key", "superseded", "draft", "modality", "no-grade", None]),
    st.integers(0, 60),
    st.integers(1, 25),
)


@given(st.lists(_fates, min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_no_small_difference_can_be_read_off_a_flow(groups: list[tuple[str | None, int, int]]) -> None:
    ledger = Ledger()
    for reason, first, count in groups:
        for number in range(first, first + count):
            who = Who("patient", f"P{number}")
            if reason is None:
                ledger.keep("discs", who, study=f"S{number}")
            else:
                ledger.drop("discs", reason, who, study=f"S{number}", level="L4-L5")
    read = {"discs": sum(fate.rows for fate in ledger.fates), "labels": 0, "reports": 0}
    steps = account(read, ledger.fates).tables["discs"]
    hidden, reasons = suppress_flow(steps)
    shown = [number for number in range(len(steps)) if number not in hidden]
    assert not any(small(steps[number].left.patients) for number in shown)
    for earlier, later in pairwise(shown):
        assert not small(steps[earlier].left.patients - steps[later].left.patients)
        between = [(k, r) for k in range(earlier + 1, later + 1) for r in steps[k].reasons]
        unseen = [place for place in between if place in reasons]
        assert not unseen or len(unseen) > 1 or unseen == between
        affected = {f.who for f in ledger.fates if any(f.reason == r for _, r in unseen)}
        assert not small(len(affected))
    for number, one in enumerate(steps):
        for reason, count in one.reasons.items():
            assert (number, reason) in reasons or count.patients > LIMIT
