"""A DICOM tree to the `series` and `stacks` tables: stage ``index``.

Two passes, so that an archive of any size and layout is never held in memory. The first reads every header
once and writes one compact row per slice into ``<out>/slices``, sharded by the folders at the top of the
tree. The second gathers the slices of each study from wherever they lie, sharded by a hash of the study, so
a study that is spread over several folders is one study, and a new study makes only its own shard anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import TypeVar, Unpack

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset.imaging.archives import Entry, shown
from dataset.imaging.files import find_files, is_dicomdir, listed_files, root_of, tops
from dataset.imaging.guard import Lost, guarded
from dataset.imaging.headers import read_headers
from dataset.imaging.slices import SLICES, Slice, slices_of, slices_table
from dataset.imaging.tables import StudyRows, study_rows
from dataset.keys import file_key
from dataset.lock import locked
from dataset.schema import SERIES, STACKS
from dataset.shards import sha256_of
from dataset.stage import Run, Shard, StageResult, fingerprint, run_stage, table_files
from labeling.issues import InputError, Issue
from labeling.quarantine import quarantine_table

T = TypeVar("T")

FILES_PER_SHARD = 2000
SLICES_PER_TABLE = 5000
"""Slices that are held at once; an enhanced file may hold thousands."""
BUCKET_DIGITS = 2
"""Hexadecimal digits of a hash that name a bucket: 256 at most, however many folders or studies there are."""
LEFT_OUT = "files"
"""Name of the shard that carries the issues of single files; no hexadecimal number."""


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """`root` is the absolute path of the folder: tables hold it, so that the voxels can be found again."""

    root: str


def index_tree(
    tree: Path,
    out: Path,
    **run: Unpack[Run],
) -> StageResult:
    """Find the series and stacks of every DICOM file in `tree`; write ``series-``, ``stacks-`` to `out`.

    `tree` is a folder of any layout, a zip archive or a DICOMDIR; archives within a folder are looked into,
    and any file names will do. A file that is not used (not DICOM, empty, cut short, without pixels or
    geometry, double, of an unsupported kind, made to do harm) costs one row of the quarantine table; so does
    a study without a sagittal or axial T2 stack, as a warning. `InputError` when there is no `tree`.
    """
    if not tree.exists():
        cure = "Check the path."
        message = "expected a folder of DICOM files, a zip archive or a DICOMDIR; there is none."
        raise InputError(Issue(str(tree), "no-tree", message, cure))
    settings = IndexSettings(str(root_of(tree)))
    if run.get("dry_run"):
        return _index(tree, out, settings, run)
    with locked(out, take_over=run.get("take_over", False)):  # over both passes
        return _index(tree, out, settings, run)


def _index(tree: Path, out: Path, settings: IndexSettings, run: Run) -> StageResult:
    slices = out / "slices"
    shards = _file_shards(tree, out.resolve())
    first = run_stage("slices", slices, shards, read_files, settings, tables={"slices": SLICES}, **run)
    if first.plan is not None and (first.plan.make or first.plan.remove):
        return replace(first, stage="index")  # the second pass cannot be told before the first is done
    studies, tables = list(_study_shards(slices)), {"series": SERIES, "stacks": STACKS}
    second = run_stage("index", out, studies, gather_studies, settings, tables=tables, **run)
    return replace(second, seconds=first.seconds + second.seconds)


def read_files(found: Sequence[Entry | Issue], settings: IndexSettings) -> Mapping[str, pa.Table]:
    """First pass over one shard: the slices of these files, and an issue for each file that has none."""
    root = Path(settings.root)
    issues = [item for item in found if isinstance(item, Issue)]
    tables = [slices_table(batch) for batch in _batches(_read(root, found, issues), SLICES_PER_TABLE)]
    return {
        "slices": pa.concat_tables(tables) if tables else SLICES.empty_table(),
        "quarantine": quarantine_table("index", issues),
    }


def _read(root: Path, found: Sequence[Entry | Issue], issues: list[Issue]) -> Iterator[Slice]:
    """The slices of these files, read in the child process; files without any go to `issues`."""
    entries = [(root, item) for item in found if isinstance(item, Entry)]
    for (_, entry), answer in zip(entries, guarded(_headers, entries), strict=True):
        if isinstance(answer, Lost):
            issues.append(answer.issue(str(root / entry.path)))
        elif isinstance(answer, Issue):
            issues.append(answer)
        else:
            yield from answer


def _headers(file: tuple[Path, Entry]) -> list[Slice] | Issue:
    return read_headers(*file)


def gather_studies(
    inputs: tuple[Sequence[str], Sequence[str]], settings: IndexSettings
) -> Mapping[str, pa.Table]:
    """Second pass over one shard: these studies, from these files of slices; without studies, the issues."""
    files, studies = inputs
    if not studies:
        return {"quarantine": pa.concat_tables(pq.read_table(path, partitioning=None) for path in files)}
    root = Path(settings.root)
    wanted = pc.field("study").isin(list(studies))
    table = pa.concat_tables(pq.read_table(path, filters=wanted, partitioning=None) for path in files)
    slices = sorted(slices_of(table), key=attrgetter("study"))
    groups = [list(group) for _, group in groupby(slices, key=attrgetter("study"))]
    rows = [
        StudyRows(issues=[answer.issue(str(root / group[0].path))]) if isinstance(answer, Lost) else answer
        for group, answer in zip(groups, guarded(partial(study_rows, root=root), groups), strict=True)
    ]
    return {
        "series": pa.Table.from_pylist([row for found in rows for row in found.series], schema=SERIES),
        "stacks": pa.Table.from_pylist([row for found in rows for row in found.stacks], schema=STACKS),
        "quarantine": quarantine_table("index", (issue for found in rows for issue in found.issues)),
    }


def _file_shards(tree: Path, out: Path) -> Iterator[Shard]:
    """The files by the folder at the top of the tree, some at a time, found when they are needed."""
    root = root_of(tree)
    buckets: dict[str, list[str]] = defaultdict(list)
    for top in tops(tree):
        buckets[_bucket(top)].append(top)
    for bucket, names in sorted(buckets.items()):
        found = (item for name in names for item in _found(tree, root, name, out))
        for part, batch in enumerate(_batches(found, FILES_PER_SHARD)):
            yield Shard(f"{bucket}-{part:04d}", batch, fingerprint(*map(repr, batch)))


def _found(tree: Path, root: Path, top: str, out: Path) -> Iterator[Entry | Issue]:
    return listed_files(tree) if is_dicomdir(tree) else find_files(root, top, out)


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch


def _bucket(name: str) -> str:
    return file_key(shown(name))[:BUCKET_DIGITS]


def _study_shards(slices: Path) -> Iterator[Shard]:
    """One shard per bucket of studies, and one with what the first pass left out."""
    files: dict[str, set[Path]] = defaultdict(set)
    studies: dict[str, set[str]] = defaultdict(set)
    for path in table_files(slices, "slices"):
        for study in pq.read_table(path, columns=["study"], partitioning=None)["study"].unique().to_pylist():
            bucket = _bucket(study)
            files[bucket].add(path)
            studies[bucket].add(study)
    left_out = table_files(slices, "quarantine")
    hashes = {path: sha256_of(path) for path in [*table_files(slices, "slices"), *left_out]}
    for bucket in sorted(files):
        yield _shard(bucket, sorted(files[bucket]), sorted(studies[bucket]), hashes)
    if left_out:
        yield _shard(LEFT_OUT, left_out, [], hashes)


def _shard(name: str, files: Sequence[Path], studies: Sequence[str], hashes: Mapping[Path, str]) -> Shard:
    inputs = [str(path) for path in files], studies
    return Shard(name, inputs, fingerprint(*(hashes[path] for path in files), *studies))
