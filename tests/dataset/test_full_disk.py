"""A real disk that is full: a small tmpfs, filled at every point of a label run and of a build."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from killed import write_reports
from survivors import tree, unreadable
from tiny_archive import random_archive

from dataset import label_archive as label_stage
from dataset.build import Layout, build
from dataset.label_archive import label_archive
from dataset.validate import check
from labeling.issues import InputError

pytestmark = pytest.mark.prove
SIZE = 4 << 20
STEPS = 10


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """An empty disk of 4 MiB; whoever may not mount one skips."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)]
    done = (
        subprocess.run(words, capture_output=True, text=True, check=False) if shutil.which("mount") else None
    )
    if done is None or done.returncode:
        pytest.skip("cannot mount a tmpfs here: " + (done.stderr.strip() if done else "no mount"))
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill_and_run(disk: Path, stage: Callable[[Path], object], whole: dict[str, bytes]) -> int:
    """Leave more and more room, run into the end of it, make room, run again; how often the disk was full."""
    need = sum(len(data) + 8192 for data in whole.values())
    full = 0
    for step in range(STEPS):
        out, ballast = disk / "out", disk / "ballast"
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, SIZE - 4096 - need * step // STEPS)
        try:
            stage(out)
        except InputError as error:
            full += 1
            assert error.issue.reason == "disk-full", error
        assert unreadable(disk) == []
        ballast.unlink()
        stage(out)
        assert tree(out) == whole
        assert [issue for issue in check(out) if issue.severity == "error"] == []
        shutil.rmtree(out)
    return full


def test_labels_on_a_full_disk(disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_stage, "_SHARD_ROWS", 50)
    source = write_reports(tmp_path / "reports.jsonl", 400)

    def stage(out: Path) -> None:
        label_archive(source, out, workers=1)

    stage(tmp_path / "whole")
    assert fill_and_run(disk, stage, tree(tmp_path / "whole")) > STEPS // 2


def test_a_dataset_on_a_full_disk(disk: Path, tmp_path: Path) -> None:
    inputs = random_archive(20, seed=6).write(tmp_path / "inputs")

    def stage(out: Path) -> None:
        build(*inputs, out, layout=Layout(rows_per_file=16), workers=1)

    stage(tmp_path / "whole")
    assert fill_and_run(disk, stage, tree(tmp_path / "whole")) > STEPS // 2
