"""Where shards are worked on, by the same function: here, in a pool of processes, or on a Dask cluster.

An engine takes jobs from an iterator as places fall free, so that memory stays flat over a million reports,
and yields what `work` returns as it comes. Whoever dies on the way is replaced and its job done again; a job
that kills its worker each time ends the run with a message. What jobs return is small: tables are written by
the worker, into the folder of the stage, which every worker reaches under the same path.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.connection import wait as wait_for
from typing import Any, Generic, TypeVar

from dataset.stage_run import Engine
from labeling.issues import InputError, Issue

J = TypeVar("J")
R = TypeVar("R")

ATTEMPTS = 4
"""How often a job is tried whose workers die."""
CONNECT_S = 10.0
"""How long a Dask scheduler may take to answer."""
_GO_ON = "Run the same command again to go on: what is finished is kept."
_one_at_a_time = threading.Lock()


def finished(
    work: Callable[[J], R],
    jobs: Iterable[J],
    *,
    workers: int | None = None,
    engine: Engine = "processes",
    scheduler: str | None = None,
) -> Iterator[R]:
    """`work(job)` for every job, in the order in which they end.

    `workers` None is the number of processors; one worker, or one job, stays in this process. With ``dask``
    the cluster at the address `scheduler` has the workers. Raises what `work` raises, and `InputError` when
    workers die under a job `ATTEMPTS` times, or the scheduler is not there or lost.
    """
    if engine == "dask":
        yield from _on_dask(work, _Todo(jobs), scheduler)
        return
    source = iter(jobs)
    first = list(islice(source, 2))
    count = workers or os.cpu_count() or 1
    if count <= 1 or len(first) < 2:
        yield from map(work, chain(first, source))
        return
    todo = _Todo(chain(first, source))
    while todo.next() is not None:
        yield from _in_a_pool(work, todo, count)


@dataclass(frozen=True, slots=True)
class _Try(Generic[J]):
    """A job, and how often workers died under it."""

    job: J
    deaths: int = 0


class _Todo(Generic[J]):
    """Jobs that wait: those that lost their worker first, then the rest as the source gives them."""

    def __init__(self, jobs: Iterable[J]) -> None:
        self._source = map(_Try, jobs)
        self._first: deque[_Try[J]] = deque()

    def next(self) -> _Try[J] | None:
        """The job that comes next, which stays until `take`; None when there is none."""
        if not self._first and (fresh := next(self._source, None)) is not None:
            self._first.append(fresh)
        return self._first[0] if self._first else None

    def take(self) -> None:
        """The next job is under way."""
        self._first.popleft()

    def back(self, lost: Iterable[_Try[J]]) -> None:
        """Jobs whose worker died; `InputError` when that happened to one too often."""
        for item in lost:
            if item.deaths + 1 >= ATTEMPTS:
                raise InputError(_worker_lost())
            self._first.append(_Try(item.job, item.deaths + 1))


def _in_a_pool(work: Callable[[J], R], todo: _Todo[J], count: int) -> Iterator[R]:
    """Until the jobs are done or a worker dies; then those under way are back in `todo`."""
    pending: dict[Future[R], _Try[J]] = {}
    # Spawned, not forked: Arrow and torch hold threads, and a forked copy of a held lock never opens.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_follow_parent)
    try:
        while True:
            while len(pending) < 2 * count and (item := todo.next()) is not None:
                pending[pool.submit(work, item.job)] = item
                todo.take()
            if not pending:
                return
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                result = future.result()
                del pending[future]
                yield result
    except BrokenProcessPool:
        todo.back(pending.values())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _follow_parent() -> None:
    """In a worker: the parent alone hears Ctrl-C, and a worker whose parent was killed ends at once.

    Without it, workers of a killed run wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if (parent := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)


def _on_dask(work: Callable[[J], R], todo: _Todo[J], scheduler: str | None) -> Iterator[R]:
    client = _connect(scheduler)
    from distributed import KilledWorker  # noqa: PLC0415  (an extra, for who asks for it)
    from distributed import wait as first_of  # noqa: PLC0415

    some: Any = first_of  # the library has no types
    pending: dict[Any, _Try[J]] = {}
    raised: BaseException | None = None
    try:
        while True:
            while len(pending) < _places(client) and (item := todo.next()) is not None:
                pending[client.submit(_alone, work, item.job, pure=False)] = item
                todo.take()
            if not pending:
                return
            with client.as_current():
                ready = some(list(pending), return_when="FIRST_COMPLETED").done
            for future in ready:
                item = pending.pop(future)
                raised = future.exception() if future.status == "error" else None
                if isinstance(raised, KilledWorker):
                    todo.back([item])
                elif raised is not None:
                    raise raised
                else:
                    yield future.result()
    except (CancelledError, OSError, TimeoutError) as error:
        if error is raised:
            raise  # the work met it, not the line to the scheduler
        raise InputError(_scheduler_lost(str(scheduler))) from error
    finally:
        client.close(timeout=2)


def _alone(work: Callable[[J], R], job: J) -> R:
    """One job at a time in each worker process: its threads share one processor and one memory."""
    with _one_at_a_time:
        return work(job)


def _connect(scheduler: str | None) -> Any:
    if scheduler is None:
        message = "expected the address of a Dask scheduler, as tcp://host:8786; got none."
        raise InputError(Issue("scheduler", "no-scheduler", message, "Give --scheduler."))
    try:
        from distributed import Client  # noqa: PLC0415
    except ImportError:
        message = "expected the libraries of the dask engine; they are not installed."
        cure = "Install them: pip install 'levelwise[dask]'."
        raise InputError(Issue("engine", "no-dask", message, cure)) from None
    try:
        connect: Any = Client  # the library has no types
        return connect(scheduler, timeout=CONNECT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        message = "expected a Dask scheduler at this address; none answers."
        cure = "Start it with `dask scheduler`, or mend the address; docs/cluster.md tells how."
        raise InputError(Issue(scheduler, "no-scheduler", message, cure)) from None


def _places(client: Any) -> int:
    """Jobs that are under way at once: two for each worker process, so that none waits for the line."""
    return 2 * max(len(client.nthreads()), 2)


def _worker_lost() -> Issue:
    message = f"expected workers that live; they died under one shard {ATTEMPTS} times."
    cure = "Often memory ran out: use fewer --workers, or larger machines. " + _GO_ON
    return Issue("workers", "worker-lost", message, cure)


def _scheduler_lost(address: str) -> Issue:
    message = "expected the Dask scheduler until the end; the line to it broke."
    return Issue(address, "scheduler-lost", message, "Start the cluster again. " + _GO_ON)
