"""One run at a time in a folder, and a run that died does not stand in the way of the next.

The lock is a file beside the tables: who holds it, and a time stamp that its owner renews. A lock whose owner
is dead is taken over: the process is gone from this machine, or another machine has not renewed the stamp for
`STALE_S`. An owner that lost its lock, by ``--take-over`` say, finds out before it gives a file its name.
"""

from __future__ import annotations

import json
import math
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from filelock import FileLock

from dataset.shards import cannot_write, make_folder
from labeling.issues import InputError, Issue

LOCK = ".lock"
RENEW_S = 5.0
"""How often an owner renews the time stamp of its lock."""
STALE_S = 60.0
"""Age of the stamp at which an owner on another machine counts as dead."""
GUARD_S = 10.0
"""How long to wait for another run that changes the lock, a matter of moments; then the guard is left out."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a lock. `token` is this lock's alone; `started` tells a process from another of its id."""

    token: str
    host: str
    machine: str
    pid: int
    started: str
    since: str

    def is_running_here(self) -> bool:
        """Whether the process is alive, if it is one of this machine."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True  # somebody else's
        return _started(self.pid) == self.started


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that this process holds."""

    path: Path
    owner: Owner

    def is_ours(self) -> bool:
        """Whether nobody took it over."""
        there = _read(self.path)
        return there is not None and there.token == self.owner.token

    def check(self) -> None:
        """`InputError` when another run took the folder over: nothing may be written to it any more."""
        if not self.is_ours():
            there = _read(self.path)
            who = f"process {there.pid} on {there.host}" if there else "another run"
            message = f"expected to be the only run in this folder; {who} took it over."
            cure = "Let that run finish; what this one finished is reused by it."
            raise InputError(Issue(str(self.path.parent), "lock-lost", message, cure))


_held: dict[Path, Held] = {}


@contextmanager
def locked(folder: Path, *, take_over: bool = False) -> Iterator[Held]:
    """Hold `folder`, which is made, for the block. A stage inside a stage of the same folder shares its lock.

    `InputError` says who holds it otherwise; `take_over` takes it from whoever that is.
    """
    make_folder(folder)
    key = folder.resolve()
    if outer := _held.get(key):
        yield outer
        return
    held = _acquire(folder / LOCK, take_over=take_over)
    _held[key] = held
    stop = threading.Event()
    threading.Thread(target=_renew, args=(held, stop), daemon=True).start()
    try:
        yield held
    finally:
        stop.set()
        del _held[key]
        _let_go(held)


def _acquire(path: Path, *, take_over: bool) -> Held:
    me = _myself()
    mine = path.with_name(f"{path.name}-{me.token}")
    try:
        with _alone(path):
            mine.write_text(json.dumps(asdict(me)) + "\n", "utf-8")
            if not _is_made(mine, path):
                there, age = _read(path), _age(path, mine)
                if not (take_over or _is_dead(there, age)):
                    raise _taken(path, there, age)
                mine.replace(path)
            _sweep(path)
    except FileNotFoundError:  # with no guard another run was faster, and swept
        raise _taken(path, _read(path), 0.0) from None
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            mine.unlink(missing_ok=True)
    return Held(path, me)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep every other run from this lock, to judge it and to change it as one step.

    The system lets go of the guard of a process that dies. A file system that guards nothing, or not across
    machines, leaves two that take over one dead lock at once: the last of them has it, the other finds out.
    """
    guard = FileLock(path.with_name(f"{path.name}.guard"), fallback_to_soft=False)
    with suppress(OSError):  # what stands in the way of the lock as well is said there
        guard.acquire(timeout=GUARD_S, poll_interval=0.01)
    try:
        yield
    finally:
        if guard.is_locked:
            with suppress(OSError):
                Path(guard.lock_file).unlink(missing_ok=True)  # who waits for it notices
            guard.release()


def _is_made(mine: Path, path: Path) -> bool:
    """Make the lock file, whole at once, unless there is one.

    A hard link replaces no file, on network file systems either.
    """
    try:
        os.link(mine, path)
    except FileExistsError:
        return False
    return True


def _age(path: Path, mine: Path) -> float:
    """The age of a lock's stamp in seconds, by the clock that stamped `mine`: those of machines differ."""
    try:
        return max(mine.stat().st_mtime - path.stat().st_mtime, 0.0)
    except FileNotFoundError:
        return math.inf  # removed by hand


def _sweep(path: Path) -> None:
    """Remove what runs left that were killed while they tried."""
    for left in path.parent.glob(f"{path.name}-*"):
        with suppress(OSError):
            left.unlink()


def _let_go(held: Held) -> None:
    if not held.is_ours():
        return
    with _alone(held.path), suppress(OSError):  # what stays behind is a dead owner's lock
        if held.is_ours():
            held.path.unlink()


def _is_dead(owner: Owner | None, age: float) -> bool:
    if owner is not None and owner.machine == _machine():
        return not owner.is_running_here() or _is_forgotten(owner)
    return age > STALE_S


def _is_forgotten(owner: Owner) -> bool:
    """Whether this process let the lock go and could not remove it."""
    return owner.pid == os.getpid() and owner not in {held.owner for held in _held.values()}


def _renew(held: Held, stop: threading.Event) -> None:
    while not stop.wait(RENEW_S):
        with suppress(OSError):
            if held.is_ours():
                os.utime(held.path)


def _read(path: Path) -> Owner | None:
    try:
        return Owner(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None  # gone, or not one of ours


def _taken(path: Path, owner: Owner | None, age: float) -> InputError:
    who = f"process {owner.pid} on {owner.host} since {owner.since}" if owner else "an unknown run"
    message = f"expected no other run in this folder; {who} holds it, last sign of life {age:.0f} s ago."
    cure = "Let it finish or stop it. If it is gone for certain, run again with --take-over."
    return InputError(Issue(str(path.parent), "locked", message, cure))


def _myself() -> Owner:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    pid = os.getpid()
    return Owner(secrets.token_hex(8), socket.gethostname(), _machine(), pid, _started(pid), now)


@cache
def _machine() -> str:
    """One word for everything that shares our process ids: host, boot and container."""
    boot, space = "", ""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("utf-8").strip()
        space = str(Path("/proc/self/ns/pid").readlink())
    return f"{socket.gethostname()} {boot} {space}"


def _started(pid: int) -> str:
    """When a process started, in a word of the system's own; empty where it does not tell."""
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[19]
    return ""
