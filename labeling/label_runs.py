"""Two runs of the label stage side by side: which of their cells differ, at the memory of keys and values.

Evidence, the bulk of a labels table, is read only of the cells that differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from labeling.issues import InputError, Issue
from labeling.labels import LABELS

NO_TEXT = hashlib.sha256(b"").hexdigest()
"""The text of a report that another tool labelled: an import knows its id alone."""

Row = Mapping[str, Any]
"""A row of `labels` with key, interval, certainty, grade and evidence."""

_KEYS = ["report_id", "level", "finding"]
_VALUES = ["low", "high", "certainty", "grade"]


@dataclass(frozen=True, slots=True)
class Run:
    """A folder of the label stage. `texts` maps the id of every report to the SHA-256 of its text."""

    folder: Path
    texts: Mapping[str, str]
    policies: tuple[str, ...]
    lexicons: tuple[str, ...]

    @property
    def files(self) -> list[Path]:
        """The files of its labels, in order."""
        return label_files(self.folder)


def label_files(folder: Path) -> list[Path]:
    """The files of the labels in a folder of the label stage, in order."""
    return sorted(folder.glob("labels-*.parquet"))


def read_run(folder: Path) -> Run:
    """What the reports of a folder say of themselves. `InputError` when it has none."""
    folder = Path(folder)
    files = sorted(folder.glob("reports-*.parquet"))
    if not files:
        raise InputError(
            Issue(
                str(folder),
                "no-labels",
                "expected a folder that `levelwise label` wrote; found no reports-*.parquet in it.",
                "Name the folder given to --out.",
            )
        )
    reports = pa.concat_tables(_read(file, ["report_id", "text_sha256", "policy"]) for file in files)
    texts = dict(zip(reports["report_id"].to_pylist(), reports["text_sha256"].to_pylist(), strict=True))
    lexicons = {
        name
        for file in label_files(folder)
        for name in pc.unique(_read(file, ["lexicon"])["lexicon"]).to_pylist()
    }
    return Run(folder, texts, tuple(sorted(set(reports["policy"].to_pylist()))), tuple(sorted(lexicons)))


def changed_pairs(
    before: Run, after: Run, ids: Iterable[str]
) -> tuple[list[tuple[Row | None, Row | None]], int]:
    """The cells of the reports `ids` that differ, each as its row before and after (`None`: absent).

    Second, how many cells do not differ.
    """
    wanted = pa.array(sorted(ids), pa.string())
    joined = _cells(before, wanted).join(
        _cells(after, wanted), _KEYS, join_type="full outer", left_suffix=" before", right_suffix=" after"
    )
    kept = pc.and_(pc.is_valid(joined["row before"]), pc.is_valid(joined["row after"]))
    for name in _VALUES:
        kept = pc.and_(kept, _same(joined[f"{name} before"], joined[f"{name} after"]))
    changed = joined.filter(pc.invert(kept))
    first, second = (
        _rows(run, changed[f"row {when}"].to_pylist()) for run, when in ((before, "before"), (after, "after"))
    )
    return list(zip(first, second, strict=True)), joined.num_rows - changed.num_rows


def _cells(run: Run, ids: pa.Array) -> pa.Table:
    """Key, values and number of every row of `ids`."""
    schema = pa.schema([*(LABELS.field(name) for name in [*_KEYS, *_VALUES]), pa.field("row", pa.int64())])
    parts, at = [schema.remove_metadata().empty_table()], 0
    for file in run.files:
        table = _read(file, [*_KEYS, *_VALUES]).replace_schema_metadata()
        numbered = table.append_column("row", pa.array(range(at, at + table.num_rows), pa.int64()))
        parts.append(numbered.filter(pc.is_in(numbered["report_id"], ids)))
        at += table.num_rows
    return pa.concat_tables(parts)


def _same(one: pa.ChunkedArray, two: pa.ChunkedArray) -> pa.ChunkedArray:
    """Where both are equal or both null."""
    return pc.if_else(
        pc.and_(pc.is_valid(one), pc.is_valid(two)),
        pc.equal(one, two),
        pc.and_(pc.is_null(one), pc.is_null(two)),
    )


def _rows(run: Run, numbers: list[int | None]) -> list[Row | None]:
    wanted = sorted(number for number in numbers if number is not None)
    found: dict[int, Row] = {}
    at = 0
    for file in run.files:
        count = pq.read_metadata(file).num_rows
        here = [number for number in wanted if at <= number < at + count]
        if here:
            table = _read(file, [*_KEYS, *_VALUES, "evidence"])
            rows = table.take(pa.array([number - at for number in here], pa.int64())).to_pylist()
            found.update(zip(here, rows, strict=True))
        at += count
    return [None if number is None else found[number] for number in numbers]


def _read(file: Path, columns: list[str]) -> pa.Table:
    return pq.read_table(file, columns=columns, partitioning=None)
