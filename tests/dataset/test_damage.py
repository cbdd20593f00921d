"""`levelwise check` finds every flipped byte and every truncation of a dataset and the folders of stages."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pytest
from killed import write_reports
from survivors import tree
from tiny_archive import Archive, random_archive

from dataset.build import Layout, build
from dataset.label_archive import label_archive
from dataset.schema import DISCS
from dataset.stage import Shard, run_stage
from dataset.validate import check


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder of each kind: labels and discs as their stages write them, and a dataset."""
    root = tmp_path_factory.mktemp("folders")
    inputs = random_archive(3, seed=4).write(root / "inputs")
    build(*inputs, root / "dataset", layout=Layout(rows_per_file=16), workers=1)
    label_archive(write_reports(root / "reports.jsonl", 12), root / "labels", workers=1)
    run_stage(
        "discs",
        root / "discs",
        [Shard(name, name, name) for name in ("1.2", "1.3")],
        cut,
        None,
        tables={"discs": DISCS},
        row_group_rows={"discs": 1},
        workers=1,
    )
    return {name: root / name for name in ("dataset", "labels", "discs")}


def cut(study: str, _: None) -> dict[str, pa.Table]:
    """Six discs of a study."""
    archive = Archive()
    archive.add(study, None)
    return {"discs": pa.Table.from_pylist(archive.discs, schema=DISCS)}


def damage(folder: Path, times: int, seed: int) -> None:
    rng = random.Random(seed)
    known = set(map(str, check(folder)))
    files = [folder / name for name, data in tree(folder).items() if data]
    for number in range(times):
        for kind in ("flip", "cut"):
            path = files[number % len(files)] if number < len(files) else rng.choice(files)
            whole = path.read_bytes()
            place = rng.randrange(len(whole))
            flipped = bytes([whole[place] ^ rng.randint(1, 255)])
            path.write_bytes(whole[:place] + (flipped + whole[place + 1 :] if kind == "flip" else b""))
            found = [issue for issue in check(folder) if str(issue) not in known]
            assert found, f"{kind} of byte {place} of {path.name}"
            assert all(issue.where.startswith(str(folder)) for issue in found)
            path.write_bytes(whole)
    assert set(map(str, check(folder))) == known


@pytest.mark.parametrize("name", ["dataset", "labels", "discs"])
def test_some_flipped_bytes_and_truncations_are_found(folders: dict[str, Path], name: str) -> None:
    damage(folders[name], times=8, seed=1)


@pytest.mark.prove
@pytest.mark.parametrize("name", ["dataset", "labels", "discs"])
def test_100_flipped_bytes_and_100_truncations_are_found(folders: dict[str, Path], name: str) -> None:
    damage(folders[name], times=100, seed=2)
