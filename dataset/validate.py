"""Is a dataset folder whole and sound? Every fault at once, each with the path to it.

Bytes first (files and checksums), then tables (schema), then rows (`dataset.row_checks`), then what only
shows over all rows (duplicates, leakage, counts). Volumes are read one row group at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset.record import DATA, File, Manifest, Record
from dataset.row_checks import REBUILD, VIEWS, check_row
from dataset.schema import DATASET
from dataset.shards import sha256_of
from dataset.split import SPLITS, leaks
from labeling.issues import InputError, Issue


@dataclass(slots=True)
class _Seen:
    """What the checks over all rows need to remember of each row."""

    discs: Counter[tuple[str, str]] = field(default_factory=Counter)
    patients: set[tuple[str, str]] = field(default_factory=set)
    studies: set[tuple[str, str]] = field(default_factory=set)
    rows: Counter[str] = field(default_factory=Counter)


def check(dataset: Path) -> list[Issue]:
    """Every fault of a dataset folder; an empty list when it is whole.

    Rows are named by file and number, never by the key of a patient or a study.
    """
    try:
        record, manifest = Record.read(dataset), Manifest.read(dataset)
    except InputError as error:
        return [error.issue]
    issues = list(_check_files(dataset, manifest))
    seen = _Seen()
    for path in sorted((dataset / DATA).glob("*.parquet")):
        issues += _check_table(path, manifest.files.get(f"{DATA}/{path.name}"), seen)
    return issues + list(_check_whole(dataset, record, seen))


def _check_files(dataset: Path, manifest: Manifest) -> Iterator[Issue]:
    for name, file in manifest.files.items():
        path = dataset / name
        if not path.is_file():
            yield Issue(str(path), "missing-file", "the manifest lists this file; it is not there.", REBUILD)
        elif (size := path.stat().st_size) != file.bytes:
            message = f"expected {file.bytes:,} bytes; got {size:,}."
            yield Issue(str(path), "wrong-size", message, REBUILD)
        elif sha256_of(path) != file.sha256:
            message = "the checksum differs from the manifest: bytes have changed."
            yield Issue(str(path), "wrong-checksum", message, REBUILD)
    for path in sorted((dataset / DATA).glob("*.parquet")):
        if f"{DATA}/{path.name}" not in manifest.files:
            message = "the manifest does not list this file, and `load_dataset` would read it."
            yield Issue(str(path), "unlisted-file", message, "Take it away.")


def _check_table(path: Path, listed: File | None, seen: _Seen) -> Iterator[Issue]:
    split = path.name.rsplit("-", 1)[0]
    if split not in SPLITS:
        message = f"expected a file of {', '.join(SPLITS)}; got {split!r}."
        yield Issue(str(path), "unknown-split", message, "Take it away.")
    try:
        with pq.ParquetFile(path) as file:
            if faults := list(_check_schema(path, file.schema_arrow)):
                yield from faults
                return
            if listed is not None and listed.rows != file.metadata.num_rows:
                message = f"the manifest says {listed.rows} rows; got {file.metadata.num_rows}."
                yield Issue(str(path), "wrong-rows", message, REBUILD)
            number = 0
            for group in range(file.num_row_groups):
                for row in _rows(file.read_row_group(group)):
                    yield from check_row(f"{path} > row {number}", row, split)
                    _remember(row, split, seen)
                    number += 1
    except (OSError, pa.ArrowException, UnicodeDecodeError):
        message = "expected a readable Parquet file; it is cut short or damaged."
        yield Issue(str(path), "unreadable-file", message, REBUILD)


def _check_schema(path: Path, found: pa.Schema) -> Iterator[Issue]:
    for want in DATASET:
        got = found.field(want.name) if want.name in found.names else None
        if got is None:
            yield Issue(
                f"{path} > {want.name}", "missing-column", f"expected {want.type}; got none.", REBUILD
            )
        elif got.type != want.type:
            message = f"expected {want.type}; got {got.type}."
            yield Issue(f"{path} > {want.name}", "wrong-type", message, REBUILD)
    for name in found.names:
        if name not in DATASET.names:
            message = f"expected only the {len(DATASET)} columns of the schema; got another."
            yield Issue(f"{path} > {name}", "unknown-column", message, REBUILD)


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Rows as dicts; a volume becomes its number of bytes, so that it is not copied."""
    for view in VIEWS:
        sizes = pc.binary_length(table[view])
        table = table.set_column(table.schema.get_field_index(view), view, sizes)
    yield from table.to_pylist()


def _remember(row: Mapping[str, Any], split: str, seen: _Seen) -> None:
    seen.rows[split] += 1
    seen.discs[row["study"], row["level"]] += 1
    seen.studies.add((row["study"], split))
    seen.patients.add((row["patient"] or f"study {row['study']}", split))


def _check_whole(dataset: Path, record: Record, seen: _Seen) -> Iterator[Issue]:
    data, mode = str(dataset / DATA), record.split["mode"]
    if not seen.rows:
        yield Issue(
            data, "empty-dataset", "expected discs; got none.", "See dropped-*.parquet for the reasons."
        )
    if twice := sum(n > 1 for n in seen.discs.values()):
        message = f"expected one row for each study and level; {twice} of them have several."
        yield Issue(data, "duplicate-disc", message, REBUILD)
    for name, pairs, modes in (
        ("patient", seen.patients, {"patient"}),
        ("study", seen.studies, {"patient", "study"}),
    ):
        if mode in modes and (leaking := leaks(pairs)):
            splits = ", ".join(sorted(set().union(*leaking.values())))
            message = f"expected every {name} in one split; {len(leaking)} are in several of {splits}."
            yield Issue(data, f"{name}-leakage", message, "Do not report results on it. " + REBUILD)
    for split in SPLITS:
        want = record.splits[split].rows if split in record.splits else 0
        if want != seen.rows[split]:
            message = f"flow.json says {want} discs in {split}; got {seen.rows[split]}."
            yield Issue(data, "wrong-count", message, REBUILD)
