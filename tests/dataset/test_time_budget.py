"""The limit of processor time, in the main thread and in those of a Dask worker."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from dataset.time_budget import OverBudget, time_budget


def spin(seconds: float) -> str:
    """Use so much processor time of this thread."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
    return "done"


def limited(work_s: float, budget_s: float) -> str:
    try:
        with time_budget(budget_s):
            return spin(work_s)
    except OverBudget:
        return "given up"


def in_main(work: Callable[[], str]) -> str:
    return work()


def in_thread(work: Callable[[], str]) -> str:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@pytest.mark.parametrize("where", [in_main, in_thread])
@pytest.mark.parametrize(("work_s", "budget_s", "outcome"), [(0.01, 5.0, "done"), (20.0, 0.05, "given up")])
def test_work_beyond_its_budget_is_given_up(
    where: Callable[[Callable[[], str]], str], work_s: float, budget_s: float, outcome: str
) -> None:
    started = time.process_time()
    assert where(lambda: limited(work_s, budget_s)) == outcome
    assert time.process_time() - started < 10


def test_a_thread_goes_on_after_a_budget(recwarn: pytest.WarningsRecorder) -> None:
    def again_and_again() -> list[str]:
        return [limited(20.0, 0.02), limited(0.001, 5.0), limited(20.0, 0.02), spin(0.3)]

    with ThreadPoolExecutor(2) as pool:
        for result in pool.map(lambda _: again_and_again(), range(2)):
            assert result == ["given up", "done", "given up", "done"]
    assert not recwarn.list


def test_waiting_costs_no_budget() -> None:
    def wait() -> str:
        with time_budget(0.05):
            time.sleep(0.4)
            return "done"

    assert in_thread(wait) == "done"
