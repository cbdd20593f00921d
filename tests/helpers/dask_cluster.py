"""A Dask cluster of separate processes on this machine, whose members can be killed."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Self

from killed import environment

_COMMON = ("--no-dashboard",)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Cluster:
    """A scheduler and its workers; `close` ends them all."""

    port: int = field(default_factory=free_port)
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self) -> None:
        self.scheduler = _dask("scheduler", "--host", "127.0.0.1", "--port", str(self.port), *_COMMON)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError("the scheduler does not answer")

    def start_worker(self) -> None:
        self.workers.append(_dask("worker", self.address, "--no-nanny", "--nthreads", "1", *_COMMON))

    def kill_worker(self) -> None:
        """SIGKILL for the oldest one."""
        _kill(self.workers.pop(0))

    def kill_scheduler(self) -> None:
        if self.scheduler is not None:
            _kill(self.scheduler)

    def close(self) -> None:
        for process in self.workers:
            _kill(process)
        self.workers.clear()
        self.kill_scheduler()

    def __enter__(self) -> Self:
        self.start_scheduler()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _dask(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
