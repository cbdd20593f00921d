"""A DICOM tree to the `series` and `stacks` tables: stage ``index``.

Two passes, so that an archive of any size and layout is never held in memory. The first reads every header
once and writes one compact row per slice into ``<out>/slices``, sharded by the folders at the top of the
tree. The second gathers the slices of each study from wherever they lie, sharded by a hash of the study, so
a study that is spread over several folders is one study, and a new study makes only its own shard anew.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Unpack

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset.imaging.headers import read_headers
from dataset.imaging.slices import SLICES, slices_of, slices_table
from dataset.imaging.tables import study_rows
from dataset.keys import file_key
from dataset.lock import locked
from dataset.schema import SERIES, STACKS
from dataset.shards import sha256_of
from dataset.stage import Run, Shard, StageResult, fingerprint, run_stage, table_files
from labeling.issues import InputError, Issue
from labeling.quarantine import quarantine_table

FILES_PER_SHARD = 2000
BUCKET_DIGITS = 2
"""Hexadecimal digits of a hash that name a bucket: 256 at most, however many folders or studies there are."""
LEFT_OUT = "files"
"""Name of the shard that carries the issues of single files; no hexadecimal number."""


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """`root` is the absolute path of the tree: the tables hold it, so that the voxels can be found again."""

    root: str


def index_tree(
    tree: Path,
    out: Path,
    **run: Unpack[Run],
) -> StageResult:
    """Find the series and stacks of every DICOM file under `tree`; write ``series-``, ``stacks-`` to `out`.

    Any layout and any file names will do. A file that is not used (not DICOM, empty, cut short, without
    pixels or geometry, double, of an unsupported kind) costs one row of the quarantine table; so does a
    study without a sagittal or axial T2 stack, as a warning. `InputError` when `tree` is not a folder.
    """
    if not tree.is_dir():
        raise InputError(
            Issue(str(tree), "no-tree", "expected a folder of DICOM files; there is none.", "Check the path.")
        )
    settings = IndexSettings(str(tree.resolve()))
    if run.get("dry_run"):
        return _index(tree, out, settings, run)
    with locked(out, take_over=run.get("take_over", False)):  # over both passes
        return _index(tree, out, settings, run)


def _index(tree: Path, out: Path, settings: IndexSettings, run: Run) -> StageResult:
    slices = out / "slices"
    shards = list(_file_shards(tree.resolve(), out.resolve()))
    first = run_stage("slices", slices, shards, read_files, settings, tables={"slices": SLICES}, **run)
    if first.plan is not None and (first.plan.make or first.plan.remove):
        return replace(first, stage="index")  # the second pass cannot be told before the first is done
    studies, tables = list(_study_shards(slices)), {"series": SERIES, "stacks": STACKS}
    second = run_stage("index", out, studies, gather_studies, settings, tables=tables, **run)
    return replace(second, seconds=first.seconds + second.seconds)


def read_files(paths: Sequence[str], settings: IndexSettings) -> Mapping[str, pa.Table]:
    """First pass over one shard: the slices of these files, and an issue for each file that has none."""
    read = [read_headers(Path(settings.root), path) for path in paths]
    return {
        "slices": slices_table(item for found in read if isinstance(found, list) for item in found),
        "quarantine": quarantine_table("index", (issue for issue in read if isinstance(issue, Issue))),
    }


def gather_studies(
    inputs: tuple[Sequence[str], Sequence[str]], settings: IndexSettings
) -> Mapping[str, pa.Table]:
    """Second pass over one shard: these studies, from these files of slices; without studies, the issues."""
    files, studies = inputs
    if not studies:
        return {"quarantine": pa.concat_tables(pq.read_table(path, partitioning=None) for path in files)}
    wanted = pc.field("study").isin(list(studies))
    table = pa.concat_tables(pq.read_table(path, filters=wanted, partitioning=None) for path in files)
    slices = sorted(slices_of(table), key=attrgetter("study"))
    rows = [study_rows(group, Path(settings.root)) for _, group in groupby(slices, key=attrgetter("study"))]
    return {
        "series": pa.Table.from_pylist([row for series, _, _ in rows for row in series], schema=SERIES),
        "stacks": pa.Table.from_pylist([row for _, stacks, _ in rows for row in stacks], schema=STACKS),
        "quarantine": quarantine_table("index", (issue for _, _, issues in rows for issue in issues)),
    }


def _file_shards(tree: Path, out: Path) -> Iterator[Shard]:
    """The files in buckets by the folder at the top of the tree, cut where one is too long for a shard."""
    buckets: dict[str, list[str]] = defaultdict(list)
    for path in _walk(tree, out):
        buckets[_bucket(Path(path).parts[0])].append(path)
    for bucket, paths in sorted(buckets.items()):
        for part, start in enumerate(range(0, len(paths), FILES_PER_SHARD)):
            batch = paths[start : start + FILES_PER_SHARD]
            marks = (f"{path} {_stamp(tree / path)}" for path in batch)
            yield Shard(f"{bucket}-{part:04d}", batch, fingerprint(*marks))


def _bucket(name: str) -> str:
    return file_key(name)[:BUCKET_DIGITS]


def _walk(tree: Path, out: Path) -> Iterator[str]:
    """Every file under `tree`, relative to it, in the same order everywhere; `out` itself is left out."""
    for folder, folders, files in os.walk(tree):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if here / name != out)
        yield from (os.path.relpath(here / name, tree) for name in sorted(files))


def _stamp(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return "unreadable"  # read_headers says so in the quarantine
    return f"{status.st_size} {status.st_mtime_ns}"


def _study_shards(slices: Path) -> Iterator[Shard]:
    """One shard per bucket of studies, and one with what the first pass left out."""
    files: dict[str, set[Path]] = defaultdict(set)
    studies: dict[str, set[str]] = defaultdict(set)
    for path in table_files(slices, "slices"):
        for study in pq.read_table(path, columns=["study"], partitioning=None)["study"].unique().to_pylist():
            bucket = _bucket(study)
            files[bucket].add(path)
            studies[bucket].add(study)
    for bucket in sorted(files):
        yield _shard(bucket, sorted(files[bucket]), sorted(studies[bucket]))
    if left_out := table_files(slices, "quarantine"):
        yield _shard(LEFT_OUT, left_out, [])


def _shard(name: str, files: Sequence[Path], studies: Sequence[str]) -> Shard:
    return Shard(
        name, ([str(path) for path in files], studies), fingerprint(*map(sha256_of, files), *studies)
    )
