"""From rows to discs of the network's size: nothing lost, nothing read twice, faults set aside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_discs import AXIAL, SAGITTAL, draw_rows, write_discs, write_split

from lexicons.findings import HEAD_CODES
from training.config import InputConfig
from training.prepare import (
    ABSENT,
    PreparedDisc,
    decode_volume,
    disc_of,
    prepare_split,
    read_discs,
    resize,
)

INPUTS = InputConfig(axial=(8, 16, 16), sagittal=(9, 8, 16))


def read(path: Path, inputs: InputConfig = INPUTS) -> list[PreparedDisc]:
    return list(read_discs([path], inputs, HEAD_CODES))


def test_every_row_becomes_a_disc_with_its_keys_and_grades(tmp_path: Path) -> None:
    rows = draw_rows(0, 2, "train")
    rows[1] |= {"RFS": None, "LFS": None}
    rows[2]["patient"] = None
    discs = read(write_split(tmp_path, "train", rows))
    assert [(d.study, d.level, d.patient_key) for d in discs[:3]] == [
        ("s-train-0", "T12-L1", "train-0"),
        ("s-train-0", "L1-L2", "train-0"),
        ("s-train-0", "L2-L3", "s-train-0"),
    ]
    assert [d.grades for d in discs] == [
        tuple(ABSENT if r[c] is None else r[c] for c in HEAD_CODES) for r in rows
    ]
    assert discs[3].where == f"{tmp_path / 'data' / 'train-00000.parquet'} > row 3"
    assert {d.views for d in discs} == {("axial", "sagittal")}


def test_the_stored_size_is_passed_through_byte_by_byte(tmp_path: Path) -> None:
    rows = draw_rows(0, 1, "train")
    for disc, row in zip(
        read(write_split(tmp_path, "train", rows), InputConfig(axial=AXIAL, sagittal=SAGITTAL)),
        rows,
        strict=True,
    ):
        assert (disc.axial, disc.sagittal) == (row["axial"], row["sagittal"])


@pytest.mark.parametrize("size", [(8, 16, 16), (4, 32, 8), (8, 90, 90)])
def test_resizing_keeps_the_extent_and_the_mean(size: tuple[int, int, int]) -> None:
    ramp = np.broadcast_to(np.arange(32, dtype=np.int16) * 100, (8, 32, 32))
    reduced = resize(ramp, size)
    assert reduced.shape == size
    assert reduced.dtype == np.int16
    assert abs(float(reduced.mean()) - float(ramp.mean())) < 1
    assert (np.diff(reduced.astype(int), axis=2) >= 0).all()


def test_halving_averages_two_by_two() -> None:
    block = np.array([[[0, 2, 10, 10], [4, 6, 10, 10]]], np.int16)
    assert resize(block, (1, 1, 2)).tolist() == [[[3, 10]]]


BAD_VOLUMES = [
    (None, [1, 1, 1], "int16"),
    (b"\0\0", None, "int16"),
    (b"\0\0", [1, 1, 1], "uint16"),
    (b"\0\0\0", [1, 1, 1], "int16"),
    (b"", [0, 1, 1], "int16"),
    (b"\0\0", [1, 1], "int16"),
    (b"\0\0", [-1, -1, 1], "int16"),
]


@pytest.mark.parametrize("given", BAD_VOLUMES, ids=str)
def test_a_volume_that_is_not_its_shape_is_none(given: tuple[Any, Any, Any]) -> None:
    assert decode_volume(*given) is None


def test_a_volume_is_little_endian_in_c_order() -> None:
    voxels = decode_volume(bytes([1, 0, 2, 0, 0, 1, 255, 255]), [1, 2, 2], "int16")
    assert voxels is not None
    assert voxels.tolist() == [[[1, 2], [256, -1]]]


FAULTS: list[tuple[str, dict[str, Any], tuple[str, ...], tuple[str, ...]]] = [
    ("no axial series", {"axial": None, "axial_shape": None}, ("sagittal",), ()),
    ("cut short", {"axial": b"\0\0"}, ("sagittal",), ("volume-bytes",)),
    ("another type", {"dtype": "float32"}, (), ("volume-bytes", "volume-bytes", "no-view")),
    ("neither view", {"axial": None, "sagittal": None}, (), ("no-view",)),
    ("grade out of range", {"SCS": 7}, ("axial", "sagittal"), ("grade-range",)),
]


@pytest.mark.parametrize(("name", "changes", "views", "problems"), FAULTS, ids=[f[0] for f in FAULTS])
def test_a_fault_costs_its_view_and_is_named(
    tmp_path: Path, name: str, changes: dict[str, Any], views: tuple[str, ...], problems: tuple[str, ...]
) -> None:
    row = draw_rows(0, 1, "train")[0] | changes
    (disc,) = read(write_split(tmp_path, "train", [row]))
    assert (disc.views, disc.problems) == (views, problems)
    for issue in disc.issues():
        assert issue.where.endswith("train-00000.parquet > row 0")
        assert issue.message.startswith("expected ")
        assert issue.cure
        assert (issue.severity == "error") == (issue.reason == "no-view")


def test_discs_without_grades_are_read_too(tmp_path: Path) -> None:
    write_discs(tmp_path, draw_rows(0, 1, "train"))
    discs = read(tmp_path / "discs-00000.parquet")
    assert {d.grades for d in discs} == {(ABSENT,) * 3}
    assert all(d.views == ("axial", "sagittal") for d in discs)


def test_the_prepared_table_holds_what_reading_gives_and_is_made_once(tmp_path: Path) -> None:
    rows = draw_rows(0, 1, "train")
    rows[0] |= {"axial": None, "SCS": None}
    path = write_split(tmp_path, "train", rows)
    table = prepare_split([path], INPUTS, HEAD_CODES, tmp_path / "cache")
    assert [disc_of(row) for row in table] == read(path)
    made = {p: p.stat().st_mtime_ns for p in (tmp_path / "cache").rglob("*.arrow")}
    again = prepare_split([path], INPUTS, HEAD_CODES, tmp_path / "cache")
    assert [disc_of(row) for row in again] == read(path)
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "cache").rglob("*.arrow")} == made


def test_a_file_that_was_written_again_is_prepared_again(tmp_path: Path) -> None:
    rows = draw_rows(0, 1, "train")
    path = write_split(tmp_path, "train", rows)
    prepare_split([path], INPUTS, HEAD_CODES, tmp_path / "cache")
    rows[0]["SCS"] = (rows[0]["SCS"] + 1) % 4
    write_split(tmp_path, "train", rows)
    table = prepare_split([path], INPUTS, HEAD_CODES, tmp_path / "cache")
    assert table[0]["grades"][0] == rows[0]["SCS"]
