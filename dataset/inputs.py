"""The tables that a build reads: opened, checked against schema and checksum, discs without their volumes.

Volumes are 4.6 MB a row. Only the place of each disc is kept here; the rows themselves are read when the
shard that holds them is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dataset.schema import DISCS, SERIES
from dataset.shards import sha256_of
from dataset.stage import table_files
from dataset.stage_manifest import MANIFEST
from labeling.issues import InputError, Issue
from labeling.labels import LABELS, REPORTS

LABEL_COLUMNS = ["report_id", "level", "finding", "grade", "low", "high", "certainty", "basis", "lexicon"]
REPORT_COLUMNS = [
    "report_id",
    "study",
    "patient",
    "date",
    "modality",
    "flags",
    "text_sha256",
    "policy",
    "error",
    "site",
]
KEY_COLUMNS = ["study", "accession"]
_VOLUMES = {"axial", "sagittal"}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a disc's row lies: file, row group, row within it. `sha256` is of the whole file."""

    sha256: str
    row_group: int
    row: int
    path: str

    @property
    def content(self) -> str:
        """The same for the same bytes, wherever the file lies."""
        return f"{self.sha256}:{self.row_group}:{self.row}"


@dataclass(frozen=True, slots=True)
class DiscRow:
    """One row of `discs` without its voxels. `level` is as written and may be no level at all."""

    study: str
    level: str
    patient: str | None
    views: frozenset[str]
    coverage: float
    series: tuple[str, ...]
    flags: tuple[str, ...]
    place: Place


def read_labels(folder: Path) -> tuple[pa.Table, pa.Table]:
    """The `labels` and `reports` tables of a folder that the label stage wrote.

    Archives without a single cell have no `labels` file; a folder without `reports` raises `InputError`.
    """
    reports = read_checked(folder, "reports", REPORTS, REPORT_COLUMNS, "levelwise label")
    if not table_files(folder, "labels"):
        return pa.schema([LABELS.field(name) for name in LABEL_COLUMNS]).empty_table(), reports
    return read_checked(folder, "labels", LABELS, LABEL_COLUMNS, "levelwise label"), reports


def read_contrast(index: Path | None) -> dict[str, bool]:
    """Study to whether any of its series was acquired after contrast agent, where a series says so."""
    if index is None:
        message = (
            "a cohort by contrast agent needs an index folder, which knows it of every series; got none."
        )
        raise InputError(Issue("index", "no-index", message, "Name the folder that `levelwise index` wrote."))
    table = read_checked(index, "series", SERIES, ["study", "contrast"], "levelwise index")
    known = table.filter(pc.is_valid(table["contrast"]))
    found = known.group_by("study").aggregate([("contrast", "any")])
    return dict(zip(found["study"].to_pylist(), found["contrast_any"].to_pylist(), strict=True))


def read_accessions(index: Path) -> pa.Table:
    """Columns `study` and `accession` of the `series` table of an index folder."""
    return read_checked(index, "series", SERIES, KEY_COLUMNS, "levelwise index")


def read_discs(folder: Path) -> list[DiscRow]:
    """Every row of the `discs` table of a folder, without volumes. Raises `InputError` as `read_checked`."""
    rows: list[DiscRow] = []
    for path, sha256 in checked_files(folder, "discs", DISCS, DISCS.names, "levelwise discs"):
        rows += _disc_rows(path, sha256)
    return rows


def read_checked(folder: Path, table: str, schema: pa.Schema, columns: list[str], stage: str) -> pa.Table:
    """Some columns of one table of a stage folder; `InputError` names file, fault and cure."""
    files = checked_files(folder, table, schema, columns, stage)
    return pa.concat_tables([pq.read_table(path, columns=columns, partitioning=None) for path, _ in files])


def checked_files(
    folder: Path, table: str, schema: pa.Schema, columns: list[str], stage: str
) -> list[tuple[Path, str]]:
    """The files of one table with their checksums, once each is known to be whole and to have the columns."""
    if not folder.is_dir():
        raise _error(folder, "missing-folder", f"expected a folder that `{stage}` wrote; got none.", stage)
    files = table_files(folder, table)
    if not files:
        message = f"expected {table}-*.parquet in the folder; got none."
        raise _error(folder, "missing-table", message, stage)
    known = _manifest_sums(folder, table)
    if absent := sorted(set(known) - {path.name for path in files}):
        message = f"the manifest of the folder lists {absent[0]}; the file is not there."
        raise _error(folder / absent[0], "missing-file", message, stage)
    return [(path, _check(path, schema, columns, known.get(path.name), stage)) for path in files]


def read_rows(places: Sequence[Place], without: AbstractSet[str] = frozenset()) -> pa.Table:
    """The rows at `places`, in their order, with every column of `DISCS` but those of `without`.

    Every file is opened once, and one row group is held at a time. Raises `InputError` for a file that
    cannot be read any more.
    """
    rows: dict[Place, pa.Table] = {}
    columns = [name for name in DISCS.names if name not in without]
    for path, inside in groupby(sorted(places, key=_in_file_order), key=lambda place: place.path):
        try:
            with pq.ParquetFile(path) as file:
                for group, same in groupby(inside, key=lambda place: place.row_group):
                    table = file.read_row_group(group, columns=columns)
                    # `take` copies: a slice would keep the whole row group in memory.
                    rows |= {place: table.take([place.row]) for place in same}
        except (OSError, pa.ArrowException):
            message = "expected readable discs; the file changed or is damaged."
            raise _error(path, "damaged-file", message, "levelwise discs") from None
    return pa.concat_tables([rows[place] for place in places])


def _in_file_order(place: Place) -> tuple[str, int, int]:
    return place.path, place.row_group, place.row


def _check(path: Path, schema: pa.Schema, columns: list[str], known: str | None, stage: str) -> str:
    sha256 = sha256_of(path)
    if known is not None and known != sha256:
        message = "the checksum differs from the manifest of the folder: the file is damaged or was edited."
        raise _error(path, "damaged-file", message, stage)
    try:
        found = pq.read_schema(path)
    except (OSError, pa.ArrowException):
        message = "expected a Parquet file; it is cut short or of another kind."
        raise _error(path, "damaged-file", message, stage) from None
    for name in columns:
        want = schema.field(name).type
        got = found.field(name).type if name in found.names else None
        if got != want:
            message = f"expected {want}; got {'no such column' if got is None else got}."
            raise _error(f"{path} > {name}", "wrong-schema", message, stage)
    return sha256


def _error(where: Path | str, reason: str, message: str, stage: str) -> InputError:
    return InputError(
        Issue(str(where), reason, message, f"Run `{stage}` again and name its --out folder here.")
    )


def _manifest_sums(folder: Path, table: str) -> dict[str, str]:
    """File name to checksum, as the stage that wrote the folder recorded them; empty without a manifest."""
    try:
        shards: Mapping[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))["shards"]
        infos = [shard["tables"][table] for shard in shards.values() if table in shard["tables"]]
        return {info["file"]: info["sha256"] for info in infos}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # written by hand or by another tool: the files speak for themselves


def _disc_rows(path: Path, sha256: str) -> Iterator[DiscRow]:
    names = [name for name in DISCS.names if name not in _VOLUMES]
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            for number, row in enumerate(file.read_row_group(group, columns=names).to_pylist()):
                yield DiscRow(
                    study=row["study"],
                    level=row["level"],
                    patient=row["patient"] or None,
                    views=frozenset(view for view in _VOLUMES if row[f"{view}_shape"] is not None),
                    coverage=sum(row[f"{view}_coverage"] or 0.0 for view in sorted(_VOLUMES)),
                    series=(row["sagittal_series"] or "", row["axial_series"] or "", str(row["axial_stack"])),
                    flags=tuple(row["flags"]),
                    place=Place(sha256, group, number, str(path)),
                )
