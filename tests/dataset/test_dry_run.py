"""A dry run says what a run would read, reuse and write, and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from squares_stage import SQUARES, Settings, square
from survivors import tree
from tiny_archive import random_archive
from typer.testing import CliRunner

from dataset.build import Layout, build
from dataset.imaging.index import index_tree
from dataset.stage import Plan, Shard, StageResult, fingerprint, run_stage
from levelwise.cli import app
from levelwise.errors import Exit


def run(folder: Path, shards: list[Shard], *, dry_run: bool = False) -> StageResult:
    return run_stage(
        "square", folder, shards, square, Settings(), tables={"squares": SQUARES}, workers=1, dry_run=dry_run
    )


def shard(name: str, *numbers: int) -> Shard:
    return Shard(name, list(numbers), fingerprint(repr(numbers)))


TABLES = ("squares", "quarantine")


@pytest.mark.parametrize(
    ("shards", "plan"),
    [
        ([shard("a", 1), shard("b", 2, 3)], Plan(0, 0, 2, (), TABLES)),
        ([shard("a", 1), shard("b", 2, 4)], Plan(2, 1, 2, (), TABLES)),
        ([shard("a", 1)], Plan(0, 0, 1, ("squares-b.parquet",), TABLES)),
        ([shard("a", 1), shard("b", 2, 3), shard("c", 7, 8, 9)], Plan(3, 1, 3, (), TABLES)),
    ],
)
def test_the_plan_is_what_the_run_then_does(shards: list[Shard], plan: Plan, tmp_path: Path) -> None:
    run(tmp_path, [shard("a", 1), shard("b", 2, 3)])
    before = tree(tmp_path)
    assert run(tmp_path, shards, dry_run=True).plan == plan
    assert tree(tmp_path) == before
    done = run(tmp_path, shards)
    assert (done.plan, done.shards, done.shards - done.reused) == (None, plan.shards, plan.make)


def test_a_dry_run_makes_no_folder_and_says_so(tmp_path: Path) -> None:
    said = run(tmp_path / "new", [shard("a", 1, 2)], dry_run=True).summary()
    assert said == (
        "square: would read 2 inputs, write 1 of 1 shards (squares, quarantine) "
        f"to {tmp_path / 'new'}, reuse 0; nothing was written"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_dry_build_leaves_a_finished_dataset_alone(tmp_path: Path) -> None:
    inputs = random_archive(3, seed=1).write(tmp_path / "inputs")
    build(*inputs, tmp_path / "out", workers=1)
    before = tree(tmp_path)
    again = build(*inputs, tmp_path / "out", workers=1, dry_run=True)
    assert again.plan is not None
    assert again.plan.make == 0
    other = build(*inputs, tmp_path / "out", layout=Layout(rows_per_file=8), workers=1, dry_run=True)
    assert other.plan is not None
    assert other.plan.make == other.plan.shards > 1
    assert tree(tmp_path) == before


def test_a_dry_index_plans_the_first_pass(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "no-image").write_bytes(b"x")
    plan = index_tree(tmp_path / "tree", tmp_path / "out", dry_run=True).plan
    assert plan is not None
    assert (plan.inputs, plan.make) == (1, 1)
    assert not (tmp_path / "out").exists()


def test_the_command_ends_well_and_writes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "reports.jsonl"
    source.write_text('{"id": 1, "text": "L4-5: moderate stenosis."}\n', "utf-8")
    done = CliRunner().invoke(app, ["label", str(source), "--out", str(tmp_path / "out"), "--dry-run"])
    assert done.exit_code == Exit.DONE
    assert "would read 1 inputs, write 1 of 1 shards" in " ".join(done.output.split())
    assert not (tmp_path / "out").exists()
