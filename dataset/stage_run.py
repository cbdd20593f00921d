"""What goes into a run of a stage and what comes out: its options, its shards, a plan, a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypedDict

Engine = Literal["processes", "dask"]

Progress = Callable[[int, int | None], None]
"""Called with the number of shards done and, where it is known, of all shards."""


class Run(TypedDict, total=False):
    """How a stage runs. No byte of what it writes depends on it.

    ``workers`` None is the number of processors; ``resume`` reuses the shards of an earlier run; ``engine``
    and ``scheduler`` are those of `dataset.engines.finished`; ``take_over`` takes the folder from a run that
    holds its lock; ``dry_run`` writes nothing and says in `StageResult.plan` what a run would do.
    """

    workers: int | None
    resume: bool
    progress: Progress | None
    engine: Engine
    scheduler: str | None
    take_over: bool
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Shard:
    """A piece of work. `inputs` must pickle; `fingerprint` changes whenever they do."""

    name: str
    inputs: Any
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do: inputs to read, and the shards to make, of `shards` in all; files to remove."""

    inputs: int
    make: int
    shards: int
    remove: tuple[str, ...]
    tables: tuple[str, ...]

    def summary(self, folder: Path) -> str:
        """One line for the terminal."""
        removed = f" and remove {len(self.remove)} files of shards that are gone" if self.remove else ""
        return (
            f"would read {self.inputs:,} inputs, write {self.make} of {self.shards} shards "
            f"({', '.join(self.tables)}) to {folder}, reuse {self.shards - self.make}{removed}; "
            "nothing was written"
        )


@dataclass(frozen=True, slots=True)
class StageResult:
    """What one run of a stage did. `rows` counts the rows of each table over all shards.

    `plan` is None unless it was a dry run: then `rows` counts those of the shards that it would reuse.
    """

    stage: str
    folder: Path
    rows: Mapping[str, int]
    shards: int
    reused: int
    seconds: float
    plan: Plan | None = field(default=None, kw_only=True)

    @property
    def issues(self) -> int:
        """Rows of the quarantine table."""
        return self.rows.get("quarantine", 0)

    def summary(self) -> str:
        """One line for the terminal: what was written, what was reused, what was set aside."""
        if self.plan is not None:
            return f"{self.stage}: {self.plan.summary(self.folder)}"
        counts = ", ".join(f"{n:,} {table}" for table, n in self.rows.items() if table != "quarantine")
        reused = f", {self.reused} of {self.shards} shards reused" if self.reused else ""
        return f"{self.stage}: {counts or 'nothing'}; {self.issues:,} issues; {self.seconds:.1f} s{reused}"
