"""The main job, small: every stage runs on what the one before wrote, and the end agrees with the truth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from datasets import load_dataset

from dataset.schema import DATASET
from dataset.validate import check_dataset as check
from labeling.agreement import agree
from levelwise.demo import Demo, disc_errors_mm, run_demo
from levelwise.sample.record import read_truth
from lexicons.findings import HEAD_CODES


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return run_demo(Demo(tmp_path_factory.mktemp("demo"), patients=7, epochs=1, workers=2))


def test_every_stage_wrote_what_the_next_one_reads(demo: Demo) -> None:
    for stage in ("label", "index", "segment", "discs"):
        assert (demo.folder(stage) / "manifest.json").is_file(), stage
    assert check(demo.folder("build")) == []
    assert (demo.folder("build") / "README.md").read_text().startswith("---\n")
    assert (demo.folder("train") / "grader.safetensors").is_file()
    table = json.loads((demo.folder("evaluate") / "table1.json").read_text())
    assert {finding["key"] for finding in table["findings"]} == {"canal", "foramen"}
    assert demo.picture.read_bytes().startswith(b"\x89PNG")


def test_the_card_shows_how_far_the_parser_agrees(demo: Demo) -> None:
    card = (demo.folder("build") / "README.md").read_text()
    assert str(agree(demo.folder("label"), demo.gold).core.f1) in card


def test_the_parser_reads_what_the_reports_were_written_to_say(demo: Demo) -> None:
    core = agree(demo.folder("label"), demo.gold).core
    assert core.f1.value is not None
    assert core.f1.value > 0.97


def test_discs_lie_where_they_are_and_bear_their_own_level(demo: Demo) -> None:
    errors = disc_errors_mm(demo.folder("discs"), read_truth(demo.folder("archive") / "truth.jsonl"))
    assert len(errors) > 30
    assert np.median(errors) < 3
    assert errors.max() < 15  # a disc under a neighbour's name is more than 25 mm away


def test_hugging_face_reads_the_dataset(demo: Demo, tmp_path: Path) -> None:
    files = {"train": str(demo.folder("build") / "data" / "train-*.parquet")}
    rows = load_dataset("parquet", data_files=files, split="train", cache_dir=str(tmp_path))
    assert set(rows.column_names) == set(DATASET.names)
    first = rows[0]
    assert len(first["axial"]) == 2 * np.prod(first["axial_shape"]) == 2 * 8 * 360 * 360
    assert len(first["sagittal"]) == 2 * np.prod(first["sagittal_shape"]) == 2 * 25 * 160 * 320
    assert any(first[code] is not None for code in HEAD_CODES)


def test_a_second_run_reuses_the_first(demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    before = (demo.folder("train") / "grader.safetensors").read_bytes()
    run_demo(demo)
    said = capsys.readouterr().out
    assert said.count("shards reused") >= 4
    assert (demo.folder("train") / "grader.safetensors").read_bytes() == before
