"""Slice folders, corner tables and SPIDER become the same annotated slices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labeling.issues import InputError
from training.segmentation.sources import (
    CODES,
    AnnotatedSlice,
    from_corners,
    from_label_map,
    polygon,
    read_corners,
    read_slices,
    write_slices,
)
from training.segmentation.spider import HELD_OUT, S1_CORNERS, TRANSITIONAL, behind_canal, from_spider

CORNERS = "image,vertebra,x1,y1,x2,y2,x3,y3,x4,y4\n"


def a_slice(name: str = "one", structures: tuple[str, ...] = ("sacrum", "body")) -> AnnotatedSlice:
    rng = np.random.default_rng(len(name))
    image = rng.integers(0, 255, (12, 9), dtype=np.uint8)
    mask = rng.integers(0, 5, (12, 9), dtype=np.uint8)
    return AnnotatedSlice(name, f"patient-{name}", image, mask, (0.5, 0.75), structures)  # type: ignore[arg-type]


def test_a_slice_folder_reads_back_as_it_was_written(tmp_path: Path) -> None:
    written = [a_slice("one"), a_slice("three", ("sacrum", "body", "disc", "canal"))]
    assert write_slices(written, tmp_path) == 2
    for before, after in zip(written, read_slices(tmp_path), strict=True):
        np.testing.assert_array_equal(before.image, after.image)
        np.testing.assert_array_equal(before.mask, after.mask)
        for field in ("name", "patient", "spacing_mm", "structures"):
            assert getattr(before, field) == getattr(after, field)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("one,,0.5,0.75,body", r"line 2: .*\['patient'\] empty"),
        ("two,p,0.5,0.75,body", "two.png: expected a picture"),
        ("one,p,half,0.75,body", "expected a spacing in mm; got half"),
        ("one,p,0.5,0.75,body spine", "expected structures among sacrum, body, disc, canal"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, message: str) -> None:
    write_slices([a_slice()], tmp_path)
    (tmp_path / "slices.csv").write_text(f"name,patient,row_mm,column_mm,structures\n{row}\n")
    with pytest.raises(InputError, match=message):
        read_slices(tmp_path)


def test_a_folder_without_a_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a slice folder with"):
        read_slices(tmp_path)


def test_corners_become_quadrilaterals(tmp_path: Path) -> None:
    Image.fromarray(np.full((20, 30), 7, np.uint8)).save(tmp_path / "a.png")
    table = tmp_path / "corners.csv"
    table.write_text(CORNERS + "a.png,L5,2,2,9,2,9,7,2,7\na.png,S1,10,10,16,10,14,15,10,15\n")
    (item,) = from_corners(table, tmp_path, {"a.png": (0.6, 0.6)}, {"a.png": "p"})
    assert (item.patient, item.structures) == ("p", ("sacrum", "body"))
    assert (item.mask == CODES["body"]).sum() == 8 * 6
    assert item.mask[12, 12] == CODES["sacrum"]
    assert item.mask[12, 20] == 0


def test_a_corner_that_is_no_number_is_named(tmp_path: Path) -> None:
    table = tmp_path / "corners.csv"
    table.write_text(CORNERS + "a.png,L5,2,2,9,2,9,seven,2,7\n")
    with pytest.raises(InputError, match="line 2: expected image, vertebra and x1"):
        read_corners(table)


def test_a_label_map_becomes_bodies_and_sacrum() -> None:
    labels = np.array([[0, 3], [2, 1]], np.uint8)
    item = from_label_map("a", "p", np.array([[0.0, 500.0], [250.0, 1000.0]], np.float32), labels, 0.8)
    assert item.mask.tolist() == [[0, CODES["body"]], [CODES["body"], CODES["sacrum"]]]
    assert item.image.tolist() == [[0, 127], [63, 255]]


def test_what_lies_behind_the_canal() -> None:
    canal = np.zeros((4, 6), bool)
    canal[1, 2:5] = canal[2, 1:4] = True
    expected = ["....11", "....11", "...111", "...111"]  # rows without canal take the nearest row's line
    assert ["".join(".1"[int(v)] for v in row) for row in behind_canal(canal)] == expected


def test_every_drawn_s1_is_a_trapezoid_of_the_right_size() -> None:
    corners = read_corners(S1_CORNERS)
    assert len(corners) == 27
    assert not TRANSITIONAL & {name.split("_")[0] for name in corners}
    assert {f"spider-{name.split('_')[0]}" for name in corners} >= HELD_OUT
    for ((structure, points),) in corners.values():
        area = polygon(points, (640, 512)).sum() * 0.46875**2
        assert structure == "sacrum"
        assert 450 < area < 1000


def test_spider_slices_keep_bodies_and_drop_posterior_elements(tmp_path: Path) -> None:
    drawn = np.zeros((60, 40), np.uint8)
    drawn[5:15, 5:15] = drawn[20:30, 5:15] = 76  # bodies
    drawn[5:15, 30:36] = 76  # a spinous process
    drawn[15:20, 5:15] = 29
    drawn[:, 20:24] = 150
    for part, picture in (("images", np.full((60, 40), 90, np.uint8)), ("masks", drawn)):
        (tmp_path / part).mkdir()
        for number in range(8):
            Image.fromarray(picture).save(tmp_path / part / f"7_t2_SPACE_slice{number}.png")
    corners = tmp_path / "s1.csv"
    corners.write_text(CORNERS + "7_t2_SPACE_slice4.png,S1,5,40,15,40,15,50,5,50\n")
    items = list(from_spider(tmp_path, corners))
    assert [item.name.endswith("slab4") for item in items] == [False] * 8 + [True] * 3
    for item in items:
        assert (item.mask == CODES["body"]).sum() == 200
        assert (item.mask == CODES["sacrum"]).sum() == 121
        assert item.patient == "spider-7"
