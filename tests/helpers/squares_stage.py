"""A stage small enough to test the runner with. Importable by name, so that worker processes find it."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from labeling.issues import Issue
from labeling.quarantine import quarantine_table

SQUARES = pa.schema([pa.field("n", pa.int64(), nullable=False), pa.field("square", pa.int64())])


@dataclass(frozen=True)
class Settings:
    add: int = 0
    fail_at: int | None = None
    seconds: float = field(default=0.0, repr=False)  # how long a shard takes; its tables do not depend on it


def square(numbers: list[int], settings: Settings) -> dict[str, pa.Table]:
    if settings.fail_at in numbers:
        raise RuntimeError("asked to fail")
    time.sleep(settings.seconds)
    good = [n for n in numbers if n >= 0]
    bad = [Issue(f"row {n}", "negative", "expected n >= 0", "leave it out") for n in numbers if n < 0]
    return {
        "squares": pa.table({"n": good, "square": [n * n + settings.add for n in good]}, schema=SQUARES),
        "quarantine": quarantine_table("square", bad),
    }


def die_once(place: str) -> str:
    """Kill this worker, unless one died for that before."""
    mark = Path(place)
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return mark.name


def die(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def open_it(name: str) -> None:
    Path(name).open("rb").close()
