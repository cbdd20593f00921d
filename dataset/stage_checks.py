"""Is the folder of a stage whole and sound? Files against its manifest, tables against their schema, rows.

A folder that a run left unfinished is whole: what is listed is checked, what is not is named as a warning,
and so is a readable file that a run made anew before it could list it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset.row_checks import REBUILD, VIEWS, check_disc, check_label, check_nulls
from dataset.schema import TABLES
from dataset.seal import is_sealed
from dataset.shards import sha256_of
from dataset.stage import table_files
from dataset.stage_manifest import MANIFEST
from labeling.issues import Issue

_GO_ON = "Run the stage again: it goes on where it stopped."

RowCheck = Callable[[str, Mapping[str, Any]], Iterator[Issue]]

_ROW_CHECKS: dict[str, RowCheck] = {"labels": check_label, "discs": check_disc}
_KEYS: dict[str, tuple[str, ...]] = {
    "labels": ("report_id", "level", "finding"),
    "reports": ("report_id",),
    "series": ("study", "series"),
    "stacks": ("study", "series", "stack"),
    "discs": ("study", "level"),
}
"""The columns by which every row of a table is one of its kind."""


def is_stage(folder: Path) -> bool:
    """Whether a stage wrote the folder: its manifest lists shards."""
    try:
        return b'"shards"' in (folder / MANIFEST).read_bytes()
    except OSError:
        return False


def check_stage(folder: Path) -> list[Issue]:
    """Every fault of the folder of a stage (labels, index, discs); empty when it is whole.

    Rows are named by file and number, never by the key of a patient, a study or a report.
    """
    infos = [info for shard in (_shards(folder) or {}).values() for info in shard["tables"].items()]
    issues = list(check_manifest(folder))
    ended = not any(issue.reason == "unfinished" for issue in issues)
    seen: dict[str, set[tuple[Any, ...]]] = {}
    for table, info in infos:
        path = folder / info["file"]
        found = list(_check_file(path, info))
        if found and not ended and _is_readable(path):
            continue  # of the run that did not finish
        if not found and table in TABLES:
            found = list(_check_table(path, table, info["rows"], seen.setdefault(table, set())))
        issues += found
    return issues + list(_check_ids(folder)) + list(_unlisted(folder, {info["file"] for _, info in infos}))


def _shards(folder: Path) -> Mapping[str, Any] | None:
    try:
        shards: Mapping[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))["shards"]
        return {name: {"tables": _infos(shard["tables"])} for name, shard in shards.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # damaged: `check_manifest` says so


def _infos(tables: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        table: {"file": str(info["file"]), "rows": int(info["rows"]), "sha256": str(info["sha256"])}
        for table, info in tables.items()
    }


def check_manifest(folder: Path) -> Iterator[Issue]:
    """Whether the manifest of a stage is as it was written, and of a run that finished."""
    path = folder / MANIFEST
    if not is_sealed(path.read_bytes()):
        message = "expected the file as a stage wrote it; its bytes have changed."
        yield Issue(str(path), "damaged-file", message, REBUILD)
    elif not json.loads(path.read_bytes()).get("finished"):
        message = "expected a run that finished; the last one in this folder did not."
        yield Issue(str(path), "unfinished", message, _GO_ON, "warning")


def _is_readable(path: Path) -> bool:
    try:
        pq.read_table(path, partitioning=None)
    except (OSError, pa.ArrowException, UnicodeDecodeError):
        return not path.exists()
    return True


def _check_file(path: Path, info: Mapping[str, Any]) -> Iterator[Issue]:
    if not path.is_file():
        yield Issue(str(path), "missing-file", "the manifest lists this file; it is not there.", REBUILD)
    elif sha256_of(path) != info["sha256"]:
        message = "the checksum differs from the manifest: bytes have changed."
        yield Issue(str(path), "wrong-checksum", message, REBUILD)


def _check_table(path: Path, table: str, rows: int, seen: set[tuple[Any, ...]]) -> Iterator[Issue]:
    schema = TABLES[table]
    with pq.ParquetFile(path) as file:
        found = file.schema_arrow
        if faults := list(check_schema(path, found, schema)):
            yield from faults
            return
        if file.metadata.num_rows != rows:
            message = f"the manifest says {rows} rows; got {file.metadata.num_rows}."
            yield Issue(str(path), "wrong-rows", message, REBUILD)
        number = 0
        for group in range(file.num_row_groups):
            for row in light_rows(file.read_row_group(group)):
                yield from _check_row(f"{path} > row {number}", table, row, seen)
                number += 1


def _check_row(where: str, table: str, row: Mapping[str, Any], seen: set[tuple[Any, ...]]) -> Iterator[Issue]:
    if table in _ROW_CHECKS:
        yield from _ROW_CHECKS[table](where, row)
    else:
        yield from check_nulls(where, row, TABLES[table])
    if table in _KEYS:
        key = tuple(row[name] for name in _KEYS[table])
        if key in seen:
            message = f"expected every {' and '.join(_KEYS[table])} once; this one stands further up too."
            yield Issue(where, "duplicate-row", message, "Look for a source that was read twice.", "warning")
        seen.add(key)


def check_schema(path: Path, found: pa.Schema, schema: pa.Schema) -> Iterator[Issue]:
    """Every column that is missing, of another type or unknown."""
    for want in schema:
        got = found.field(want.name) if want.name in found.names else None
        if got is None:
            message = f"expected {want.type}; got none."
            yield Issue(f"{path} > {want.name}", "missing-column", message, REBUILD)
        elif got.type != want.type:
            message = f"expected {want.type}; got {got.type}."
            yield Issue(f"{path} > {want.name}", "wrong-type", message, REBUILD)
    for name in found.names:
        if name not in schema.names:
            message = "expected only the columns of the schema; got another."
            yield Issue(f"{path} > {name}", "unknown-column", message, REBUILD)


def light_rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Rows as dicts; a volume becomes its number of bytes, so that it is not copied."""
    for view in set(VIEWS) & set(table.column_names):
        sizes = pc.binary_length(table[view])
        table = table.set_column(table.schema.get_field_index(view), view, sizes)
    yield from table.to_pylist()


def _check_ids(folder: Path) -> Iterator[Issue]:
    """Labels of reports that the folder does not have."""
    try:
        labels, reports = (
            {i for path in table_files(folder, table) for i in _ids(path)} for table in ("labels", "reports")
        )
    except (OSError, KeyError, pa.ArrowException):
        return  # said above
    if strangers := len(labels - reports):
        message = f"expected labels of the reports in the folder; {strangers} reports are not in it."
        yield Issue(str(folder), "no-report", message, REBUILD)


def _ids(path: Path) -> list[str]:
    ids: list[str] = pq.read_table(path, columns=["report_id"], partitioning=None)["report_id"].to_pylist()
    return ids


def _unlisted(folder: Path, listed: set[str]) -> Iterator[Issue]:
    for path in sorted(folder.glob("[!.]*.parquet")):
        if path.name not in listed:
            message = "the manifest does not list this file: the run that wrote it did not finish."
            yield Issue(str(path), "unlisted-file", message, _GO_ON, "warning")
