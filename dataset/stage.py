"""One mechanism for every long stage: work in shards, write each atomically, resume by default.

A stage is a function from the inputs of one shard to tables. It runs in a pool of processes (or inline with
one worker); each table of each shard is one Parquet file under a fixed name, and ``manifest.json`` records
its checksum, its rows and a fingerprint of inputs and settings. A later run reuses every shard whose
fingerprint and bytes still match, so a killed run continues where it stopped and yields the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, Generic, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from dataset.shards import remove_temporaries, sha256_of, write_bytes, write_parquet
from labeling.issues import InputError, Issue
from labeling.quarantine import QUARANTINE

S = TypeVar("S")

MANIFEST = "manifest.json"
_SAVE_EVERY_S = 1.0

Progress = Callable[[int, int | None], None]
"""Called with the number of shards done and, where it is known, of all shards."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A piece of work. `inputs` must pickle; `fingerprint` changes whenever they do."""

    name: str
    inputs: Any
    fingerprint: str


@dataclass(frozen=True, slots=True)
class StageResult:
    """What one run of a stage did. `rows` counts the rows of each table over all shards."""

    stage: str
    folder: Path
    rows: Mapping[str, int]
    shards: int
    reused: int
    seconds: float

    @property
    def issues(self) -> int:
        """Rows of the quarantine table."""
        return self.rows.get("quarantine", 0)

    def summary(self) -> str:
        """One line for the terminal: what was written, what was reused, what was set aside."""
        counts = ", ".join(f"{n:,} {table}" for table, n in self.rows.items() if table != "quarantine")
        reused = f", {self.reused} of {self.shards} shards reused" if self.reused else ""
        return (
            f"{self.stage}: {counts or 'nothing'}; {self.issues:,} quarantined; {self.seconds:.1f} s{reused}"
        )


@dataclass(frozen=True, slots=True)
class _Written:
    """The entry of one shard in the manifest."""

    fingerprint: str
    tables: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Job(Generic[S]):
    """What a worker process needs to run one shard."""

    folder: Path
    shard: Shard
    fingerprint: str
    work: Callable[[Any, S], Mapping[str, pa.Table]]
    settings: S
    tables: Mapping[str, pa.Schema]
    row_group_rows: Mapping[str, int] = field(default_factory=dict)


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
    workers: int | None = None,
    resume: bool = True,
    row_group_rows: Mapping[str, int] | None = None,
    progress: Progress | None = None,
) -> StageResult:
    """Run `work(shard.inputs, settings)` for every shard and write the tables it returns.

    `work` is a module-level function. Each table is written as ``<folder>/<table>-<shard>.parquet``; an empty
    one is not written. ``quarantine`` may always be returned; any other name must be in `tables`. Files of
    shards that are no longer in `shards` are removed when the run ends well. `workers` None is the number of
    processors. Raises what `work` raises: data problems belong in the quarantine table.
    """
    started = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    remove_temporaries(folder)
    known = _read_manifest(folder) if resume else {}
    done: dict[str, _Written] = {}
    reused = 0
    total = len(shards) if isinstance(shards, Sized) else None
    schemas = {**tables, "quarantine": QUARANTINE}
    form = "\n".join(f"{name}: {schema.to_string()}" for name, schema in schemas.items())

    def todo() -> Iterator[_Job[S]]:
        nonlocal reused
        for shard in shards:
            mark = fingerprint(shard.fingerprint, repr(settings), form)
            entry = known.get(shard.name)
            if entry is not None and entry.fingerprint == mark and _intact(folder, entry):
                done[shard.name] = entry
                reused += 1
                _tell(progress, len(done), total)
            else:
                yield _Job(folder, shard, mark, work, settings, schemas, row_group_rows or {})

    saved = started
    try:
        for name, entry in _run_all(todo(), workers):
            done[name] = entry
            _tell(progress, len(done), total)
            if time.monotonic() - saved > _SAVE_EVERY_S:
                _save_manifest(folder, stage, settings, {**known, **done})
                saved = time.monotonic()
    except BaseException:
        _save_manifest(folder, stage, settings, {**known, **done})
        raise
    _remove_stale(folder, schemas, done)
    _save_manifest(folder, stage, settings, done)
    rows = Counter(dict.fromkeys(tables, 0))
    for entry in done.values():
        rows.update({table: info["rows"] for table, info in entry.tables.items()})
    return StageResult(stage, folder, dict(rows), len(done), reused, time.monotonic() - started)


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


def _run_all(jobs: Iterator[_Job[S]], workers: int | None) -> Iterator[tuple[str, _Written]]:
    first = list(islice(jobs, 2))
    jobs = chain(first, jobs)
    count = workers or os.cpu_count() or 1
    if count <= 1 or len(first) < 2:
        yield from map(_run_shard, jobs)
        return
    # Spawned, not forked: Arrow and torch hold threads, and a forked copy of a held lock never opens.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context) as pool:
        pending: set[Future[tuple[str, _Written]]] = set()
        try:
            for job in jobs:
                pending.add(pool.submit(_run_shard, job))
                if len(pending) >= 2 * count:  # bounded, so that memory stays flat over a million reports
                    finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in finished)
            while pending:
                finished, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _run_shard(job: _Job[S]) -> tuple[str, _Written]:
    written: dict[str, dict[str, Any]] = {}
    for name, table in job.work(job.shard.inputs, job.settings).items():
        if name not in job.tables:
            raise ValueError(f"stage table {name!r}: expected one of {sorted(job.tables)}")
        if table.num_rows == 0:
            continue
        path = job.folder / f"{name}-{job.shard.name}.parquet"
        sha256 = write_parquet(
            table.cast(job.tables[name]), path, row_group_rows=job.row_group_rows.get(name)
        )
        written[name] = {"file": path.name, "rows": table.num_rows, "sha256": sha256}
    return job.shard.name, _Written(job.fingerprint, written)


def _intact(folder: Path, entry: _Written) -> bool:
    files = ((folder / info["file"], info["sha256"]) for info in entry.tables.values())
    return all(path.is_file() and sha256_of(path) == sha256 for path, sha256 in files)


def _remove_stale(folder: Path, tables: Iterable[str], done: Mapping[str, _Written]) -> None:
    kept = {info["file"] for entry in done.values() for info in entry.tables.values()}
    for table in tables:
        for path in table_files(folder, table):
            if path.name not in kept:
                path.unlink()


def _read_manifest(folder: Path) -> dict[str, _Written]:
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    try:
        return {
            name: _Written(**entry) for name, entry in json.loads(path.read_text("utf-8"))["shards"].items()
        }
    except (ValueError, KeyError, TypeError):
        return {}  # not ours or damaged: nothing can be reused, and every shard is made again


def _save_manifest(folder: Path, stage: str, settings: object, entries: Mapping[str, _Written]) -> None:
    manifest = {
        "stage": stage,
        "settings": repr(settings),
        "shards": {name: asdict(entries[name]) for name in sorted(entries)},
    }
    write_bytes((json.dumps(manifest, indent=1) + "\n").encode(), folder / MANIFEST)


def _tell(progress: Progress | None, done: int, total: int | None) -> None:
    if progress is not None:
        progress(done, total)
