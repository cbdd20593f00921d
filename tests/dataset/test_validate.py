"""The check of a dataset folder: each kind of damage is found and named; all of them at once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_archive import random_archive

from dataset.build import Layout, build
from dataset.record import FLOW, MANIFEST, File, Manifest, Record
from dataset.row_checks import check_row
from dataset.schema import DATASET
from dataset.shards import sha256_of, write_parquet
from dataset.validate import check_dataset as check

TRAIN = "data/train-00000.parquet"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("whole")
    inputs = random_archive(6, seed=5).write(root)
    return build(*inputs, root / "out", workers=1, layout=Layout(rows_per_file=100)).folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "out"))


def reasons(folder: Path) -> list[str]:
    return [issue.reason for issue in check(folder)]


def rows_of(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / TRAIN, partitioning=None).to_pylist()
    return rows


def rewrite(folder: Path, table: pa.Table, name: str = TRAIN) -> None:
    """Put `table` into the folder as if the build had written it: manifest and counts are told."""
    path = folder / name
    sha256 = write_parquet(table, path, row_group_rows=1)
    manifest, record = Manifest.read(folder), Record.read(folder)
    manifest = Manifest({**manifest.files, name: File(sha256, path.stat().st_size, table.num_rows)})
    split = path.name.split("-")[0]
    count = replace(record.splits[split], rows=table.num_rows)
    record = replace(record, splits={**record.splits, split: count})
    flow = File(record.write(folder), (folder / FLOW).stat().st_size)
    Manifest({**manifest.files, FLOW: flow}).write(folder)


def change(folder: Path, row: int, **values: Any) -> None:
    """Change columns of one row of the first training file."""
    rows = rows_of(folder)
    rows[row] |= values
    # Nulls are to reach the file: the schema must not refuse them here.
    schema = pa.schema([field.with_nullable(True) for field in DATASET])
    rewrite(folder, pa.Table.from_pylist(rows, schema))


def test_a_dataset_as_it_was_built_is_whole(whole: Path) -> None:
    assert check(whole) == []


CELL = {"SCS": 1, "SCS_low": 1, "SCS_high": 2}
ROWS: dict[str, tuple[dict[str, Any], str, str]] = {
    "null": ({"source": None}, "source", "null"),
    "level": ({"level": "L5-L6"}, "level", "unknown-level"),
    "split": ({"split": "test"}, "split", "wrong-split"),
    "grade above": (CELL | {"SCS": 3}, "SCS", "grade-outside-interval"),
    "grade below": (CELL | {"SCS": 0}, "SCS", "grade-outside-interval"),
    "interval turned": ({"SCS": None, "SCS_low": 2, "SCS_high": 1}, "SCS", "wrong-interval"),
    "interval too high": ({"SCS": None, "SCS_low": 1, "SCS_high": 4}, "SCS", "wrong-interval"),
    "interval too low": ({"SCS": None, "SCS_low": -1, "SCS_high": 1}, "SCS", "wrong-interval"),
    "grade without interval": ({"SCS": 1, "SCS_low": None, "SCS_high": None}, "SCS", "half-interval"),
    "half an interval": ({"SCS": None, "SCS_low": None, "SCS_high": 1}, "SCS", "half-interval"),
    "a hedge on nothing": ({"uncertain": ["RFA"]}, "uncertain", "unknown-code"),
    "a hedge on no code": ({"implied": ["XYZ"]}, "implied", "unknown-code"),
    "too few bytes": ({"axial": b"12"}, "axial", "wrong-bytes"),
    "another shape": ({"axial_shape": [2, 4, 5]}, "axial", "wrong-bytes"),
    "no shape": ({"sagittal_shape": None}, "sagittal", "half-volume"),
    "no spacing": ({"sagittal_spacing_mm": None}, "sagittal", "half-volume"),
    "a spacing of zero": ({"axial_spacing_mm": [2, 0, 0.25]}, "axial", "wrong-spacing"),
    "a spacing that is no number": ({"axial_spacing_mm": [2, float("nan"), 0.25]}, "axial", "wrong-spacing"),
    "a negative shape": ({"axial_shape": [-2, -4, 4]}, "axial", "wrong-bytes"),
    "a coverage above 1": ({"axial_coverage": 1.5}, "axial", "wrong-coverage"),
    "a normal of length 2": ({"normal": [0, 0, 2]}, "normal", "wrong-normal"),
    "a centre nowhere": ({"centre": [0, float("inf"), 2]}, "centre", "wrong-centre"),
}


@pytest.mark.parametrize(("values", "column", "reason"), ROWS.values(), ids=list(ROWS))
def test_each_fault_of_a_row_is_found_where_it_is(
    folder: Path, values: dict[str, Any], column: str, reason: str
) -> None:
    change(folder, 3, **values)
    (issue,) = check(folder)
    assert (issue.where, issue.reason) == (f"{folder / TRAIN} > row 3 > {column}", reason)
    assert issue.cure


def test_another_type_of_voxels_is_found_in_both_views(folder: Path) -> None:
    change(folder, 0, dtype="float32")
    assert reasons(folder) == ["wrong-dtype", "wrong-dtype"]


def test_a_row_without_any_view(folder: Path) -> None:
    names = [f"{view}{part}" for view in ("axial", "sagittal") for part in ("", "_shape", "_spacing_mm")]
    change(folder, 2, **dict.fromkeys(names))
    assert reasons(folder) == ["no-volume"]


@given(
    st.sampled_from([None, *range(-1, 5)]),
    st.sampled_from([None, *range(-1, 5)]),
    st.sampled_from([None, *range(-1, 5)]),
)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_exactly_the_possible_cells_pass(
    whole: Path, grade: int | None, low: int | None, high: int | None
) -> None:
    row = rows_of_cached(whole) | {"SCS": grade, "SCS_low": low, "SCS_high": high}
    absent = grade is None and low is None and high is None
    interval = low is not None and high is not None and 0 <= low <= high <= 3
    good = absent or (interval and (grade is None or low <= grade <= high))  # type: ignore[operator]
    assert (not list(check_row("row", row, "train"))) == good


_first: dict[Path, dict[str, Any]] = {}


def rows_of_cached(folder: Path) -> dict[str, Any]:
    """The first row as the check sees it: volumes by their size."""
    if folder not in _first:
        row = rows_of(folder)[0]
        _first[folder] = row | {view: len(row[view]) for view in ("axial", "sagittal")}
    return _first[folder]


class TestFiles:
    @pytest.mark.parametrize("name", [TRAIN, "dropped-00000.parquet", "quarantine-00000.parquet", FLOW])
    @pytest.mark.parametrize("damage", ["flipped", "cut", "gone"])
    def test_damage_to_any_file_is_found(self, folder: Path, name: str, damage: str) -> None:
        path = folder / name
        data = bytearray(path.read_bytes())
        if damage == "gone":
            path.unlink()
        else:
            data[len(data) // 2] ^= 0x20
            path.write_bytes(data[:-9] if damage == "cut" else data)
        found = {issue.reason for issue in check(folder) if issue.where.startswith(str(path))}
        expected = {"flipped": "wrong-checksum", "cut": "wrong-size", "gone": "missing-file"}[damage]
        # A damaged flow.json may not be JSON any more, and then says so.
        assert found & {expected, "damaged-file"}

    @given(st.data())
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_a_flipped_bit_anywhere_is_found_and_never_raises(
        self, folder: Path, data: st.DataObject
    ) -> None:
        path = folder / TRAIN
        held = path.read_bytes()
        changed = bytearray(held)
        changed[data.draw(st.integers(0, len(held) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        path.write_bytes(changed)
        try:
            assert "wrong-checksum" in reasons(folder)
        finally:
            path.write_bytes(held)

    def test_a_file_that_is_not_listed(self, folder: Path) -> None:
        shutil.copy(folder / TRAIN, folder / "data" / "train-00009.parquet")
        found = reasons(folder)
        assert found[0] == "unlisted-file"
        assert set(found) == {"unlisted-file", "duplicate-disc", "wrong-count"}

    def test_a_split_that_is_none(self, folder: Path) -> None:
        shutil.copy(folder / TRAIN, folder / "data" / "training-00000.parquet")
        assert reasons(folder) == ["unlisted-file", "unknown-split"]

    @pytest.mark.parametrize("name", [FLOW, MANIFEST])
    def test_no_dataset(self, folder: Path, name: str) -> None:
        (folder / name).unlink()
        (issue,) = check(folder)
        assert (issue.where, issue.reason) == (str(folder / name), "missing-file")

    def test_a_manifest_that_is_none(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps({"files": {TRAIN: {"sha": 1}}}), "utf-8")
        assert reasons(folder) == ["damaged-file"]

    def test_rows_that_the_manifest_does_not_count(self, folder: Path) -> None:
        files = dict(Manifest.read(folder).files)
        files[TRAIN] = replace(files[TRAIN], rows=1)
        Manifest(files).write(folder)
        assert reasons(folder) == ["wrong-rows"]


SCHEMAS: dict[str, tuple[Callable[[pa.Table], pa.Table], str, str]] = {
    "a column is gone": (lambda table: table.drop_columns(["level"]), "level", "missing-column"),
    "a column more": (lambda table: table.append_column("note", table["level"]), "note", "unknown-column"),
    "another type": (
        lambda table: table.set_column(
            table.schema.get_field_index("SCS"), "SCS", table["SCS"].cast(pa.int64())
        ),
        "SCS",
        "wrong-type",
    ),
}


@pytest.mark.parametrize(("spoil", "column", "reason"), SCHEMAS.values(), ids=list(SCHEMAS))
def test_the_schema(folder: Path, spoil: Callable[[pa.Table], pa.Table], column: str, reason: str) -> None:
    rewrite(folder, spoil(pq.read_table(folder / TRAIN, partitioning=None)))
    issue, *rest = check(folder)
    assert (issue.where, issue.reason) == (f"{folder / TRAIN} > {column}", reason)
    # Rows of such a file are not read, so they are missing from the count.
    assert [other.reason for other in rest] == ["wrong-count"]


class TestWhole:
    def test_a_patient_in_two_splits(self, folder: Path) -> None:
        (row, *_) = pq.read_table(folder / "data/test-00000.parquet", partitioning=None).to_pylist()
        change(folder, 0, patient=row["patient"])
        issue = check(folder)[-1]
        assert issue.reason == "patient-leakage"
        assert "1 are in several of test, train" in issue.message
        assert row["patient"] not in str(issue)

    def test_a_study_in_two_splits(self, folder: Path) -> None:
        (row, *_) = pq.read_table(folder / "data/test-00000.parquet", partitioning=None).to_pylist()
        change(folder, 0, study=row["study"], level="L5-S1")
        assert {"study-leakage", "duplicate-disc"} == set(reasons(folder))

    def test_the_same_disc_twice(self, folder: Path) -> None:
        table = pq.read_table(folder / TRAIN, partitioning=None)
        rewrite(folder, pa.concat_tables([table, table.slice(0, 1)]))
        assert reasons(folder) == ["duplicate-disc"]

    def test_a_count_that_the_flow_does_not_have(self, folder: Path) -> None:
        record = Record.read(folder)
        count = replace(record.splits["train"], rows=1)
        sha256 = replace(record, splits={**record.splits, "train": count}).write(folder)
        files = Manifest.read(folder).files
        Manifest({**files, FLOW: File(sha256, (folder / FLOW).stat().st_size)}).write(folder)
        assert reasons(folder) == ["wrong-count"]

    def test_a_split_by_disc_is_no_fault(self, tmp_path: Path) -> None:
        out = build(*random_archive(6).write(tmp_path), tmp_path / "out", workers=1, split="disc").folder
        assert check(out) == []

    def test_everything_at_once(self, folder: Path) -> None:
        change(folder, 0, level="L5-L6", axial=b"1")
        change(folder, 1, SCS=3, SCS_low=0, SCS_high=0)
        (folder / "dropped-00000.parquet").unlink()
        path = folder / "data/test-00000.parquet"
        path.write_bytes(path.read_bytes()[:-20])
        found = reasons(folder)
        assert found == [
            "wrong-size",
            "missing-file",
            "unreadable-file",
            "unknown-level",
            "wrong-bytes",
            "grade-outside-interval",
            "wrong-count",
        ]


def test_the_manifest_holds_true_checksums(whole: Path) -> None:
    for name, file in Manifest.read(whole).files.items():
        assert file.sha256 == sha256_of(whole / name)
