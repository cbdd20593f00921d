"""Parquet, in batches: only the columns that a report needs are read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from labeling.issues import Issue
from labeling.sources.columns import FIELDS, Columns
from labeling.sources.encoding import open_whole
from labeling.sources.table import EMPTY_CURE, Format, Row, Table

# Every format is loaded to find the one of a file. Arrow takes a fifth of a cold `levelwise explain`, so it
# is loaded where a file is Parquet.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_BATCH_ROWS = 1000
_MADE = frozenset({b"labels", b"reports", b"disagreements", b"quarantine"})
"""The tables of a labels folder, by the name in their schema: they hold no words of a report."""


def read(path: Path, columns: Columns) -> Iterator[Table | Issue]:
    """The one table of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path if isinstance(path, Path) and path.suffix != ".gz" else open_whole(path))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError):
        yield Issue(
            str(path),
            "broken-parquet",
            "expected a Parquet file; its footer cannot be read.",
            "Write the file again: the copy may have been cut off.",
        )
        return
    if (table := (file.schema_arrow.metadata or {}).get(b"table")) in _MADE:
        message = f"expected reports; this is the table `{table.decode()}` of a labels folder, without text."
        yield Issue(str(path), "table-of-labels", message, "Name the archive that was labelled.")
        return
    names = _flat(file.schema_arrow.empty_table()).schema.names
    if len(set(names)) < len(names):
        yield Issue(str(path), "repeated-column", "expected every column name once.", "Rename the columns.")
        return
    if file.metadata.num_rows == 0:
        yield Issue(str(path), "empty-file", "expected one report per row; got no rows.", EMPTY_CURE)
        return
    read = [0]
    rows = _rows(path, file, _wanted(columns, names), read)
    yield Table(str(path), tuple(names), rows, "Parquet", share=lambda: read[0] / file.metadata.num_rows)


def _wanted(columns: Columns, names: list[str]) -> list[str]:
    """The columns of the file that some field of a report is read from."""
    found = columns.resolve(names)
    parts = {*found.text_parts, *(getattr(found, name) for name in FIELDS if name != "text")}
    return [name for name in names if name in parts]


def _rows(path: Path, file: pq.ParquetFile, wanted: list[str], read: list[int]) -> Iterator[Row | Issue]:
    import pyarrow as pa

    number = 0
    try:
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=wanted):
            read[0] += batch.num_rows
            table = _flat(pa.Table.from_batches([batch]))
            days = pa.table([_day(column) for column in table.columns], names=table.column_names)
            for values in days.to_pylist():
                number += 1
                yield Row(f"{path} > row {number}", number, values)
    except (pa.ArrowException, OSError):
        missing = file.metadata.num_rows - number
        yield Issue(
            f"{path} > row {number + 1}",
            "broken-parquet",
            f"expected {file.metadata.num_rows} rows; the last {missing} cannot be read.",
            "Write the file again: the copy is damaged.",
        )


def _flat(table: pa.Table) -> pa.Table:
    """The fields of objects as columns under their paths: ``report.text``."""
    import pyarrow as pa

    while any(pa.types.is_struct(column.type) for column in table.columns):
        table = table.flatten()
    return table


def _day(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Days and times as the text of their day: Python's own hold neither nanoseconds nor the year 10000."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        return column.cast(pa.date32(), safe=False).cast(pa.string())
    return column


FORMAT = Format(
    name="Parquet",
    suffixes=(".parquet", ".pq"),
    recognises=lambda head: head.startswith(b"PAR1"),
    read=read,
    signature=True,
)
