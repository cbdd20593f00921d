"""A limit of processor time for a piece of work: what takes longer is given up instead of hanging an archive.

In the main thread a signal ends the work at the next instruction, also inside the matching of one regular
expression. In other threads (those of a Dask worker) a watcher asks the interpreter to raise there, which
takes effect between two instructions of Python. Either cuts in anywhere, so objects that the work was
changing are to be thrown away afterwards.
"""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OverBudget(Exception):  # noqa: N818 - what happened, not an error of the program
    """The work took longer than its budget."""


@contextmanager
def time_budget(seconds: float) -> Iterator[None]:
    """Raise `OverBudget` in the block once it has used `seconds` of processor time.

    Systems without interval timers or clocks of threads run the block without a limit.
    """
    if threading.current_thread() is not threading.main_thread():
        with _watched(seconds):
            yield
        return
    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGPROF, _give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise OverBudget


_POLL_S = 0.1
_ends: dict[int, float] = {}
"""Thread to the reading of its processor clock at which its budget is used up."""
_turn = threading.Lock()
_watcher: list[threading.Thread] = []


@contextmanager
def _watched(seconds: float) -> Iterator[None]:
    if not hasattr(time, "pthread_getcpuclockid"):
        yield
        return
    thread = threading.get_ident()
    with _turn:
        _ends[thread] = time.thread_time() + seconds
        if not _watcher:
            _watcher.append(threading.Thread(target=_watch, daemon=True))
            _watcher[0].start()
    try:
        yield
    finally:
        with _turn:
            if _ends.pop(thread, None) is None:  # used up: the exception may still be on its way
                _ask(thread, None)


def _watch() -> None:
    while True:
        time.sleep(_POLL_S)
        with _turn:
            for thread, end in list(_ends.items()):
                if time.clock_gettime(time.pthread_getcpuclockid(thread)) > end:
                    del _ends[thread]
                    _ask(thread, OverBudget)


def _ask(thread: int, error: type[Exception] | None) -> None:
    """Have `error` raised in a thread at its next instruction; None takes a request back."""
    what = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), what)
