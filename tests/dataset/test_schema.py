"""Every column of every table says what it holds; the cell columns derive from the findings."""

from __future__ import annotations

import pyarrow as pa
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
