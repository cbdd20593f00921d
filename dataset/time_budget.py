"""A limit of processor time for a piece of work: what takes longer is given up instead of hanging an archive.

A signal ends the work at the next instruction, also inside the matching of one regular expression. It cuts in
anywhere, so objects that the work was changing are to be thrown away afterwards.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OverBudget(Exception):  # noqa: N818 - what happened, not an error of the program
    """The work took longer than its budget."""


@contextmanager
def time_budget(seconds: float) -> Iterator[None]:
    """Raise `OverBudget` in the block once it has used `seconds` of processor time.

    Outside the main thread, and on systems without interval timers, the block runs without a limit.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
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
