"""A disk that fills, refuses or breaks at any call: a clear message, nothing unreadable, a whole next run."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from squares_stage import SQUARES, Settings, square
from survivors import Faults, tree, unreadable
from tiny_archive import random_archive

from dataset.build import Layout, build
from dataset.shards import Draft
from dataset.stage import Shard, StageResult, fingerprint, run_stage
from dataset.stage_manifest import MANIFEST
from dataset.validate import check
from labeling.issues import InputError

REASONS = {errno.ENOSPC: "disk-full", errno.EACCES: "no-permission", errno.EIO: "io-error"}


def run(folder: Path, add: int) -> StageResult:
    shards = [Shard(f"{n:05d}", [n, -n], fingerprint(str(n))) for n in range(3)]
    return run_stage(
        "square", folder, shards, square, Settings(add=add), tables={"squares": SQUARES}, workers=1
    )


def survives(faults: Faults, folder: Path, again: object) -> bool:
    """Run into the faults; whether there was one. What is left must be readable, the message clear."""
    try:
        with faults.injected():
            again()  # type: ignore[operator]
    except InputError as error:
        assert error.issue.reason == REASONS[faults.errno]
        assert "run the same command again" in error.issue.cure
    assert unreadable(folder) == []
    return faults.calls >= faults.at


@pytest.mark.parametrize(
    ("code", "lasting", "before", "step"),
    [
        pytest.param(errno.ENOSPC, False, False, 1, id="full once"),
        pytest.param(errno.ENOSPC, True, True, 1, id="full from then on, over an older run"),
        pytest.param(errno.EACCES, False, True, 3, id="refused, over an older run"),
        pytest.param(errno.EIO, True, False, 3, id="broken from then on"),
    ],
)
def test_a_fault_at_any_call_costs_nothing(
    code: int, lasting: bool, before: bool, step: int, tmp_path: Path
) -> None:
    run(tmp_path / "whole", 1)
    whole = tree(tmp_path / "whole")
    at = 1
    while True:
        folder = tmp_path / str(at)
        if before:
            run(folder, 0)
        if not survives(Faults(at, code, lasting=lasting), folder, lambda folder=folder: run(folder, 1)):
            break
        if (folder / MANIFEST).exists():
            assert [issue for issue in check(folder) if issue.severity == "error"] == []
        run(folder, 1)
        assert tree(folder) == whole
        at += step
    assert at > 40  # so many calls there are


def faulty_builds(tmp_path: Path, step: int) -> int:
    inputs = random_archive(2, seed=5).write(tmp_path / "inputs")

    def make(out: Path) -> None:
        build(*inputs, out, layout=Layout(rows_per_file=16), workers=1)

    make(tmp_path / "whole")
    whole, at = tree(tmp_path / "whole"), 1
    while survives(Faults(at, errno.ENOSPC), out := tmp_path / str(at), lambda: make(out)):
        make(out)
        assert tree(out) == whole
        assert [issue for issue in check(out) if issue.severity == "error"] == []
        at += step
    return at


def test_a_disk_that_fills_during_a_build_costs_nothing(tmp_path: Path) -> None:
    assert faulty_builds(tmp_path, step=15) > 60


@pytest.mark.prove
def test_a_disk_that_fills_at_any_call_of_a_build_costs_nothing(tmp_path: Path) -> None:
    assert faulty_builds(tmp_path, step=1) > 60


def test_a_folder_that_other_workers_do_not_share_is_named(tmp_path: Path) -> None:
    draft = Draft(tmp_path / ".tmp-1-a", tmp_path / "a.parquet", "0")
    with pytest.raises(InputError, match="Every worker must reach this folder under this path"):
        draft.publish()
