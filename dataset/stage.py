"""One mechanism for every long stage: work in shards, write each atomically, resume by default.

A stage is a function from the inputs of one shard to tables. An engine (`dataset.engines`) runs it for every
shard; each table of each shard is one Parquet file under a fixed name, and ``manifest.json`` records its
checksum, its rows and a fingerprint of inputs and settings. A later run reuses every shard whose fingerprint
and bytes still match, so a killed run continues where it stopped and yields the same bytes.

Workers write under temporary names. Only the run that holds the lock of the folder gives files their final
names: what a worker of an older run still writes, on a cluster perhaps, reaches no table.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from dataset.engines import finished
from dataset.lock import Held, locked
from dataset.shards import Draft, draft_parquet, remove_file, remove_temporaries
from dataset.stage_manifest import Entry, read_entries, save_entries
from dataset.stage_run import Engine, Plan, Progress, Run, Shard, StageResult
from labeling.issues import InputError, Issue
from labeling.quarantine import QUARANTINE

__all__ = [
    "Plan",
    "Progress",
    "Run",
    "Shard",
    "StageResult",
    "fingerprint",
    "read_table",
    "run_stage",
    "table_files",
]

S = TypeVar("S")

_SAVE_EVERY_S = 1.0
_SAVE_SHARE = 0.05
"""A manifest of very many shards takes long to write: it is written for this share of the time at most."""


@dataclass(frozen=True, slots=True)
class _Stage(Generic[S]):
    """What stays the same over the shards of a run."""

    name: str
    folder: Path
    work: Callable[[Any, S], Mapping[str, pa.Table]]
    settings: S
    tables: Mapping[str, pa.Schema]
    row_group_rows: Mapping[str, int]

    def mark(self, shard: Shard, form: str) -> str:
        """The fingerprint of a shard with everything that its tables depend on."""
        return fingerprint(shard.fingerprint, repr(self.settings), form)

    def form(self) -> str:
        """The schemas in words."""
        return "\n".join(f"{name}: {schema.to_string()}" for name, schema in self.tables.items())


@dataclass(frozen=True, slots=True)
class _Job(Generic[S]):
    """What a worker needs to run one shard."""

    stage: _Stage[S]
    shard: Shard
    fingerprint: str


@dataclass(frozen=True, slots=True)
class _Made:
    """One shard on the disk, its files under temporary names."""

    name: str
    entry: Entry
    drafts: tuple[Draft, ...]


def fingerprint(*parts: str) -> str:
    """A short content hash of `parts`, in order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:24]


def run_stage(
    stage: str,
    folder: Path,
    shards: Iterable[Shard],
    work: Callable[[Any, S], Mapping[str, pa.Table]],
    settings: S,
    *,
    tables: Mapping[str, pa.Schema],
    row_group_rows: Mapping[str, int] | None = None,
    workers: int | None = None,
    resume: bool = True,
    progress: Progress | None = None,
    engine: Engine = "processes",
    scheduler: str | None = None,
    take_over: bool = False,
    dry_run: bool = False,
) -> StageResult:
    """Run `work(shard.inputs, settings)` for every shard and write the tables it returns.

    `work` is a module-level function. Each table is written as ``<folder>/<table>-<shard>.parquet``; an empty
    one is not written. ``quarantine`` may always be returned; any other name must be in `tables`. Files of
    shards that are no longer in `shards` are removed when the run ends well. The rest is `Run`. Raises what
    `work` raises: data problems belong in the quarantine table. `InputError` when the folder is locked or
    cannot be written.
    """
    schemas = {**tables, "quarantine": QUARANTINE}
    this = _Stage(stage, folder, work, settings, schemas, row_group_rows or {})
    todo = _Todo(this, shards, read_entries(folder) if resume else {}, progress)
    if dry_run:
        return todo.result(_plan(todo))
    with locked(folder, take_over=take_over) as held:
        remove_temporaries(folder)
        run = partial(finished, workers=workers, engine=engine, scheduler=scheduler)
        _write(todo, run(_run_shard, todo.jobs()), held)
    return todo.result()


class _Todo(Generic[S]):
    """The shards of a run: which are reused, which are to be made, and what has become of them."""

    def __init__(
        self,
        stage: _Stage[S],
        shards: Iterable[Shard],
        known: Mapping[str, Entry],
        progress: Progress | None,
    ) -> None:
        self.stage, self.known, self.done = stage, known, dict[str, Entry]()
        self.reused = 0
        self._started = time.monotonic()
        self._shards, self._progress = shards, progress
        self._total = len(shards) if isinstance(shards, Sized) else None

    def jobs(self) -> Iterator[_Job[S]]:
        """The shards that are to be made; counts those that need not be on the way."""
        form = self.stage.form()
        for shard in self._shards:
            mark = self.stage.mark(shard, form)
            entry = self.known.get(shard.name)
            if entry is not None and entry.fingerprint == mark and entry.is_intact(self.stage.folder):
                self.reused += 1
                self.add(shard.name, entry)
            else:
                yield _Job(self.stage, shard, mark)

    def add(self, name: str, entry: Entry) -> None:
        """A shard is there."""
        self.done[name] = entry
        if self._progress is not None:
            self._progress(len(self.done), self._total)

    def save(self, *, ended: bool) -> None:
        """Write the manifest: of what is there, or, before the end, also of what may be reused."""
        entries = self.done if ended else {**self.known, **self.done}
        save_entries(self.stage.folder, self.stage.name, self.stage.settings, entries, finished=ended)

    def stale(self) -> list[Path]:
        """Files of shards and tables that are no longer there."""
        kept = {name for entry in self.done.values() for name, _ in entry.files()}
        folder = self.stage.folder
        return [p for table in self.stage.tables for p in table_files(folder, table) if p.name not in kept]

    def result(self, plan: Plan | None = None) -> StageResult:
        """What the run did."""
        rows = Counter({name: 0 for name in self.stage.tables if name != "quarantine"})
        for entry in self.done.values():
            rows.update({table: info["rows"] for table, info in entry.tables.items()})
        seconds = time.monotonic() - self._started
        shards = plan.shards if plan else len(self.done)
        return StageResult(
            self.stage.name, self.stage.folder, dict(rows), shards, self.reused, seconds, plan=plan
        )


def _write(todo: _Todo[S], made: Iterable[_Made], held: Held) -> None:
    """Give the shards their names as they come, and write the manifest now and then and at the end."""
    saved, took = 0.0, 0.0
    try:
        for shard in made:
            _check(held, shard)
            if not saved:  # from here on the folder is not what its manifest says of an earlier run
                todo.save(ended=False)
                saved = time.monotonic()
            for draft in shard.drafts:
                draft.publish()
            todo.add(shard.name, shard.entry)
            if (now := time.monotonic()) - saved > max(_SAVE_EVERY_S, took / _SAVE_SHARE):
                todo.save(ended=False)
                saved = time.monotonic()
                took = saved - now
        held.check()
        for path in todo.stale():
            remove_file(path)
        remove_temporaries(todo.stage.folder)  # of workers that died
        todo.save(ended=True)
    except BaseException:
        if held.is_ours():
            _leave(todo)
        raise


def _check(held: Held, shard: _Made) -> None:
    try:
        held.check()
    except InputError:
        for draft in shard.drafts:
            draft.discard()
        raise


def _leave(todo: _Todo[S]) -> None:
    """As the run broke off: note what is finished. Where that cannot be written, it is made once more."""
    with suppress(InputError, OSError):
        todo.save(ended=False)
    with suppress(InputError, OSError):
        remove_temporaries(todo.stage.folder)


def _plan(todo: _Todo[S]) -> Plan:
    make = [job.shard for job in todo.jobs()]
    again = {f"{table}-{shard.name}.parquet" for table in todo.stage.tables for shard in make}
    remove = tuple(path.name for path in todo.stale() if path.name not in again)
    inputs = sum(_size(shard.inputs) for shard in make)
    return Plan(inputs, len(make), len(make) + len(todo.done), remove, tuple(todo.stage.tables))


def _size(inputs: Any) -> int:
    if isinstance(inputs, Mapping):
        return sum(map(_size, inputs.values()))
    return len(inputs) if isinstance(inputs, Sequence) and not isinstance(inputs, str) else 1


def table_files(folder: Path, table: str) -> list[Path]:
    """The files of one table of a stage, in shard order; empty when the table has no rows."""
    return sorted(folder.glob(f"{table}-*.parquet"))


def read_table(folder: Path, table: str, schema: pa.Schema, columns: list[str] | None = None) -> pa.Table:
    """One table of a stage, its shards concatenated; a table without rows when there is no file.

    `InputError` when a file lacks a column: another version of the stage wrote it.
    """
    wanted = schema if columns is None else pa.schema([schema.field(name) for name in columns])
    parts = [_read_part(path, wanted) for path in table_files(folder, table)]
    return pa.concat_tables(parts) if parts else wanted.empty_table()


def _read_part(path: Path, wanted: pa.Schema) -> pa.Table:
    if missing := sorted(set(wanted.names) - set(pq.read_schema(path).names)):
        raise InputError(
            Issue(
                str(path),
                "old-table",
                f"expected columns {', '.join(missing)}; the file has none of that name.",
                "Another version wrote it: run that stage again.",
            )
        )
    return pq.read_table(path, columns=wanted.names, partitioning=None)


def _run_shard(job: _Job[Any]) -> _Made:
    stage, drafts, written = job.stage, list[Draft](), dict[str, dict[str, Any]]()
    try:
        for name, table in stage.work(job.shard.inputs, stage.settings).items():
            schema = _schema(stage, name)
            if table.num_rows == 0:
                continue
            path = stage.folder / f"{name}-{job.shard.name}.parquet"
            rows = stage.row_group_rows.get(name)
            drafts.append(draft_parquet(table.cast(schema), path, row_group_rows=rows))
            written[name] = {"file": path.name, "rows": table.num_rows, "sha256": drafts[-1].sha256}
    except BaseException:
        for draft in drafts:
            draft.discard()
        raise
    return _Made(job.shard.name, Entry(job.fingerprint, written), tuple(drafts))


def _schema(stage: _Stage[Any], name: str) -> pa.Schema:
    if name not in stage.tables:
        raise ValueError(f"stage table {name!r}: expected one of {sorted(stage.tables)}")
    return stage.tables[name]
