"""Files of strangers are read in a child process: a bad one costs itself, and nothing else.

A header can hang its reader, a megabyte can inflate to gigabytes, a decoder in C can crash. The child has a
limit of memory and, for each item, one of time; when it dies, the item it died of is `Lost`, a new child goes
on with the next one, and this process has not grown. One child serves a thread for as long as it lives, so
that its start (0.3 s) is paid once.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from labeling.issues import Issue

T = TypeVar("T")
R = TypeVar("R")

SECONDS = 20.0
"""Longest time for one item. A header takes a millisecond, the pixels of a long series a second."""
MEMORY_BYTES = 1 << 30
"""Address space that the child may take beyond what its libraries take."""
_READY = "ready"


@dataclass(frozen=True, slots=True)
class Lost:
    """Why the child has no answer for an item: `reason` is the code of the issue that comes of it."""

    reason: str
    message: str

    def issue(self, where: str) -> Issue:
        """The row of the quarantine table for the file `where`."""
        cure = "Look at the file: it is damaged or made to do harm."
        return Issue(where=where, reason=self.reason, message=self.message, cure=cure)


_TOO_LONG = Lost("too-slow", "expected a file that is read within the time limit; it takes longer.")
_TOO_LARGE = Lost("too-large", f"expected a file that is read in {MEMORY_BYTES >> 20} MiB; it takes more.")
_TOO_LARGE_REPLY = pickle.dumps(_TOO_LARGE)  # made before memory runs out
_CRASH = Lost("crashes-reader", "expected a file that can be read; its reader crashed.")


def guarded(work: Callable[[T], R], items: Sequence[T], *, seconds: float = SECONDS) -> Iterator[R | Lost]:
    """`work(item)` for every item, in order, in the child; `Lost` where that ended in nothing.

    `work` is a module-level function; items and answers must pickle. `seconds` is for each item. Whatever
    else `work` raises is raised here. Answers come one by one: the child waits until they are taken.
    """
    done = 0
    while done < len(items):
        child = _take() or _Child()
        child.send((work, items[done:], seconds))
        while child.alive and done < len(items):
            answer = child.receive()
            done += 1
            if child.alive and done == len(items):
                _idle.child = child  # only a child whose answers were all read may serve again
            if isinstance(answer, _Raised):
                raise answer.error
            yield answer


_idle = threading.local()


def _take() -> _Child | None:
    """The idle child of this thread; a forked copy of this process must not speak through the same pipes."""
    child: _Child | None = getattr(_idle, "child", None)
    if child is not None and child.owner != os.getpid():
        return None
    _idle.child = None
    return child


@dataclass(frozen=True, slots=True)
class _Raised:
    """An error of `work` that is not the fault of the item."""

    error: Exception


class _Child:
    """The other end of `serve`; it is ended with this object."""

    def __init__(self) -> None:
        # A program of its own rather than multiprocessing: that refuses to start children of the processes of
        # Dask, and imports the main program once more. One thread is all that a slice can use.
        paths = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", "from dataset.imaging.guard import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        self.alive = True
        self.owner = os.getpid()
        weakref.finalize(self, _end, self._process, self.owner)
        if self.receive() != _READY:
            raise RuntimeError("guard: the process that reads files did not start; its own message is above")

    def send(self, request: object) -> None:
        with suppress(BrokenPipeError):  # a death is seen by `receive`
            pickle.dump(request, self._process.stdin)  # type: ignore[arg-type]
            self._process.stdin.flush()  # type: ignore[union-attr]

    def receive(self) -> Any:
        try:
            return pickle.load(self._process.stdout)  # type: ignore[arg-type]  # noqa: S301 - our own child
        except (EOFError, OSError, pickle.UnpicklingError):
            self.alive = False
            _end(self._process, self.owner)
            return _TOO_LONG if self._process.returncode == -signal.SIGALRM else _CRASH


def _end(process: subprocess.Popen[bytes], owner: int) -> None:
    if os.getpid() != owner:
        return
    with suppress(OSError):
        process.stdin.close()  # type: ignore[union-attr]
    process.stdout.close()  # type: ignore[union-attr]
    process.kill()
    process.wait()


def serve() -> None:
    """What the child does: answer requests until its input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    _silence()
    _reply(replies, _READY)
    limited = False
    with suppress(EOFError, BrokenPipeError):
        while True:
            work, items, seconds = pickle.load(requests)  # noqa: S301 - the parent's own words
            if not limited:  # from here on: the libraries that `work` needs are in memory by now
                limited = _limit_memory()
            for item in items:
                _reply(replies, _answer(work, item, seconds))


def _silence() -> None:
    """Decoders in C write to the terminal, into the replies and what they find in headers."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _answer(work: Callable[[Any], Any], item: Any, seconds: float) -> bytes:
    signal.setitimer(signal.ITIMER_REAL, seconds)  # nobody catches the alarm: it ends the child
    try:
        return pickle.dumps(work(item), protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return _TOO_LARGE_REPLY
    except Exception as error:  # noqa: BLE001 - it is raised in the parent
        return pickle.dumps(_Raised(error))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _reply(replies: Any, answer: bytes | str) -> None:
    replies.write(answer if isinstance(answer, bytes) else pickle.dumps(answer))
    replies.flush()


def _limit_memory() -> bool:
    """On Linux, which tells how much address space is taken; elsewhere time alone is limited."""
    size = Path("/proc/self/statm")
    if size.is_file():
        taken = int(size.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY_BYTES, resource.RLIM_INFINITY))
    return True
