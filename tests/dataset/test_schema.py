"""Every column of every table says what it holds; the cell columns derive from the findings."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset.schema import DATASET, TABLES
from lexicons.findings import CODES


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described_and_says_what_null_means(table: str) -> None:
    schema = TABLES[table]
    assert schema.metadata[b"table"].decode() == table
    assert schema.metadata[b"row"]
    for field in schema:
        assert field.metadata[b"description"], field.name
        assert bool(field.metadata[b"null"]) == field.nullable, field.name


@pytest.mark.parametrize("code", CODES)
def test_every_cell_has_a_grade_and_its_interval(code: str) -> None:
    for name in (code, f"{code}_low", f"{code}_high"):
        assert DATASET.field(name).type == pa.int8()
        assert DATASET.field(name).nullable


@pytest.mark.parametrize(
    "table", [name for name, schema in TABLES.items() if any(field.nullable for field in schema)]
)
def test_a_row_of_nulls_comes_back_from_parquet(table: str, tmp_path: Path) -> None:
    """Arrow cannot read back a null list of fixed size, so no nullable column may be one."""
    nullable = pa.schema([field for field in TABLES[table] if field.nullable])
    rows = pa.Table.from_pylist([{}, {}], schema=nullable)
    pq.write_table(rows, tmp_path / "rows.parquet")
    assert pq.read_table(tmp_path / "rows.parquet").num_rows == 2
