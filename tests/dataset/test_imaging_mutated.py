"""Thousands of damaged and hostile files: each is indexed or has its reason, and this process bears none."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from mutations import mutants

from dataset.imaging.index import index_tree
from dataset.imaging.stacks import load_stack, read_stacks
from dataset.stage import read_table
from labeling.issues import InputError
from labeling.quarantine import QUARANTINE

MOST_MIB = 200
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
linux = pytest.mark.skipif(not os.access(CLEAR, os.W_OK), reason="the peak of memory is read from /proc")


@linux
@pytest.mark.parametrize(
    ("count", "seed"), [(150, 1), pytest.param(5000, 2, marks=pytest.mark.prove)], ids=["150", "5000"]
)
def test_no_file_hangs_escapes_or_fills_memory(tmp_path: Path, count: int, seed: int) -> None:
    kinds = write(tmp_path / "tree", count, seed)
    CLEAR.write_text("5")  # the peak counts from here
    before = peak_mib()
    index_tree(tmp_path / "tree", tmp_path / "index", workers=1)
    read = Counter(kinds[path] for path in pixels(tmp_path / "index"))
    assert peak_mib() - before < MOST_MIB
    issues = read_table(tmp_path / "index", "quarantine", QUARANTINE).to_pylist()
    refused = {Path(row["where"]).name for row in issues if row["severity"] == "error"}
    assert refused | set(indexed(tmp_path / "index")) == set(kinds)
    slow = {kinds[Path(row["where"]).name] for row in issues if row["reason"] == "too-slow"}
    assert slow <= {"bomb"}  # which take seconds, and longer on a busy machine
    assert read["flip"]  # some of the damage is harmless
    assert refused & {name for name, kind in kinds.items() if kind == "bomb"}


def write(tree: Path, count: int, seed: int) -> dict[str, str]:
    """The files in folders of a hundred; file name to what was done to it."""
    kinds = {}
    for number, (kind, content) in enumerate(mutants(count, seed)):
        path = tree / f"{number // 100:02d}" / f"{number:05d}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        kinds[path.name] = kind
    return kinds


def indexed(index: Path) -> list[str]:
    stacks = (stack for found in read_stacks(index).values() for stack in found)
    return [Path(path).name for stack in stacks for path in stack.paths]


def pixels(index: Path) -> list[str]:
    """Names of the files whose pixels can be read; all are tried."""
    read = []
    for stack in (stack for found in read_stacks(index).values() for stack in found):
        try:
            load_stack(stack)
        except InputError as error:
            assert error.issue.reason in {"unreadable-pixels", "too-large", "crashes-reader"}
        else:
            read += [Path(path).name for path in stack.paths]
    return read


def peak_mib() -> int:
    """Greatest resident memory of this process so far."""
    (line,) = (line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) >> 10
