"""Folders of annotated slices of any kind, the figures of an evaluation, both behind `levelwise segment`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from labeling.issues import InputError
from levelwise.cli import app
from levelwise.sample.phantom import iter_slices
from training.segmentation.evaluate import SegmentationScore, SliceScore, evaluate_segmentation
from training.segmentation.figures import figures, wilson
from training.segmentation.folders import read_folder
from training.segmentation.numbering import Found, Region, count_up
from training.segmentation.sources import CODES, AnnotatedSlice, from_label_map, write_slices
from training.segmentation.weights import load_segmenter


def phantoms(count: int) -> list[AnnotatedSlice]:
    drawn = enumerate(iter_slices(41, count))
    return [from_label_map(f"s{n}", f"p{n}", item.image, item.labels, item.pixel_mm) for n, item in drawn]


def test_corners_and_masks_of_one_drawing_are_the_same_slices(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    Image.fromarray(np.zeros((40, 40), np.uint8)).save(tmp_path / "images/a.png")
    (tmp_path / "corners.csv").write_text(
        "image,patient,row_mm,column_mm,vertebra,x1,y1,x2,y2,x3,y3,x4,y4\n"
        "a.png,p,0.5,0.75,L5,2,2,9,2,9,7,2,7\na.png,p,0.5,0.75,S1,10,10,16,10,14,15,10,15\n"
    )
    drawn = read_folder(tmp_path)
    write_slices(drawn, tmp_path / "written")
    (again,), (first,) = read_folder(tmp_path / "written"), drawn
    assert (again.patient, again.spacing_mm, again.structures) == ("p", (0.5, 0.75), ("sacrum", "body"))
    np.testing.assert_array_equal(again.mask, first.mask)
    assert (first.mask == CODES["body"]).sum() == 8 * 6


@pytest.mark.parametrize(
    ("table", "message"),
    [("image,vertebra\na.png,L5\n", "line 2: expected numbers in row_mm"), (None, "expected slices.csv")],
)
def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, table: str | None, message: str) -> None:
    if table is not None:
        (tmp_path / "corners.csv").write_text(table)
    with pytest.raises(InputError, match=message):
        read_folder(tmp_path)


def test_without_s1_the_lowest_whole_body_of_an_annotation_is_l5() -> None:
    bodies = tuple(Region(n, 300 - 35.0 * n, 50.0, 700.0, at_edge=n == 7) for n in range(1, 8))
    named = count_up(Found(bodies, None)).vertebrae
    assert {value: region.index for value, region in named.items()} == {n + 1: n for n in range(1, 7)}
    assert count_up(Found((), None)).refused == "no-bodies"


def test_slices_without_an_annotated_s1_are_scored_on_what_is_annotated() -> None:
    item = phantoms(1)[0]
    mask = np.where(item.mask == CODES["sacrum"], 0, item.mask)
    score = evaluate_segmentation([replace(item, mask=mask, structures=("body",))], load_segmenter())
    assert score.success_rate == 1
    assert score.misnamed == 0
    assert set(score.slices[0].dice) == {"body"}
    assert [figure.name for figure in figures(score)][-1] == "centroid distance, T12-L5, mm"


@pytest.mark.parametrize(
    ("good", "n", "low", "high"), [(7, 7, 0.646, 1.0), (188, 200, 0.898, 0.965), (0, 5, 0.0, 0.434)]
)
def test_wilson(good: int, n: int, low: float, high: float) -> None:
    assert wilson(good, n) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_patients_are_counted_not_slices() -> None:
    one = SliceScore("a", "p", {"body": 0.9}, {"L4": 1.0, "S1": 2.0}, True, None, 0)
    slices = [one, replace(one, name="b"), replace(one, patient="q", dice={"body": 0.6}, success=False)]
    found = {figure.name: figure for figure in figures(SegmentationScore(tuple(slices)))}
    success = found["success, the paper's three criteria"]
    assert (success.slices, success.patients, success.value) == (3, 2, pytest.approx(2 / 3))
    assert (success.low, success.high) == wilson(4 / 3, 2)
    assert (found["Dice body"].value, found["Dice body"].low) == (pytest.approx(0.8), pytest.approx(0.6))
    assert found["centroid distance, S1, mm"].value == 2


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["segment", *map(str, words)])
    return result.exit_code, result.output


def test_the_command_trains_and_scores_the_held_out_patients(tmp_path: Path) -> None:
    slices = phantoms(3)
    write_slices(slices, tmp_path / "in")
    code, words = run("--train", tmp_path / "in", "-o", tmp_path / "fit", "--steps", "1")
    assert code == 0
    assert "1 patients with 1 slices held out" in " ".join(words.split())
    record = json.loads((tmp_path / "fit/segmentation.json").read_text())
    assert [item["patient"] for item in record["slices"]] == ["p0"]
    assert (tmp_path / "fit/light.safetensors").is_file()


def test_the_command_evaluates_the_shipped_weights(tmp_path: Path) -> None:
    write_slices(phantoms(1), tmp_path / "in")
    code, words = run("--evaluate", tmp_path / "in", "-o", tmp_path / "score")
    assert code == 0
    assert "Dice body" in words
    record = json.loads((tmp_path / "score/segmentation.json").read_text())
    assert {figure["name"]: figure["value"] for figure in record["figures"]}["Dice body"] > 0.9


def test_one_job_at_a_time(tmp_path: Path) -> None:
    assert run("-o", tmp_path)[0] == 2
    assert run(tmp_path, "--train", tmp_path, "-o", tmp_path)[0] == 2
