"""The stage runner: resume, identical bytes, stale files, and nothing half-written under a final name."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
from squares_stage import SQUARES, Settings, square

from dataset.shards import atomic_file, sha256_of, write_bytes, write_with
from dataset.stage import Shard, StageResult, fingerprint, read_table, run_stage, table_files
from dataset.stage_manifest import MANIFEST
from labeling.issues import InputError


def shards(*groups: list[int]) -> list[Shard]:
    return [Shard(f"{i:05d}", group, fingerprint(repr(group))) for i, group in enumerate(groups)]


def run(folder: Path, work: list[Shard], settings: Settings | None = None, **options: object) -> StageResult:
    return run_stage(
        "square", folder, work, square, settings or Settings(), tables={"squares": SQUARES}, **options
    )  # type: ignore[arg-type]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_one_and_two_workers_write_the_same_bytes(tmp_path: Path) -> None:
    work = shards([1, 2], [3, -4], [], [5])
    one = run(tmp_path / "one", work, workers=1)
    two = run(tmp_path / "two", work, workers=2)
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")
    assert one.rows == two.rows == {"squares": 4, "quarantine": 1}
    assert read_table(one.folder, "squares", SQUARES)["square"].to_pylist() == [1, 4, 9, 25]
    assert one.summary().startswith("square: 4 squares; 1 issues;")


def test_a_run_that_broke_is_finished_by_the_next_one(tmp_path: Path) -> None:
    work = shards([1], [2], [3])
    run(tmp_path / "whole", work, workers=1)
    broken = tmp_path / "broken"
    with pytest.raises(RuntimeError, match="asked to fail"):
        run(broken, [*work[:2], Shard("00002", [99], work[2].fingerprint)], Settings(fail_at=99), workers=1)
    assert len(table_files(broken, "squares")) == 2
    # Settings differ from the broken run's, so its shards are not trusted and are made again.
    assert run(broken, work, workers=1).reused == 0
    assert bytes_of(broken) == bytes_of(tmp_path / "whole")
    assert run(broken, work, workers=1).reused == 3


def test_changed_input_settings_or_bytes_are_made_again(tmp_path: Path) -> None:
    run(tmp_path, shards([1], [2]), workers=1)
    assert run(tmp_path, shards([1], [3]), workers=1).reused == 1
    assert run(tmp_path, shards([1], [3]), Settings(add=1), workers=1).reused == 0
    path = table_files(tmp_path, "squares")[0]
    path.write_bytes(path.read_bytes()[:-9])
    assert run(tmp_path, shards([1], [3]), Settings(add=1), workers=1).reused == 1
    assert read_table(tmp_path, "squares", SQUARES)["square"].to_pylist() == [2, 10]
    assert run(tmp_path, shards([1], [3]), Settings(add=1), workers=1, resume=False).reused == 0


def test_a_changed_schema_makes_every_shard_again(tmp_path: Path) -> None:
    run(tmp_path, shards([1]), workers=1)
    wider = pa.schema([SQUARES.field("n"), pa.field("square", pa.float64())])
    tables = {"squares": wider}
    again = run_stage("square", tmp_path, shards([1]), square, Settings(), tables=tables, workers=1)
    assert again.reused == 0
    assert read_table(tmp_path, "squares", wider)["square"].to_pylist() == [1.0]


def test_files_of_shards_and_tables_that_are_gone_are_removed(tmp_path: Path) -> None:
    run(tmp_path, shards([1], [-2], [3]), workers=1)
    run(tmp_path, shards([1], [2]), workers=1)
    assert sorted(bytes_of(tmp_path)) == [MANIFEST, "squares-00000.parquet", "squares-00001.parquet"]


def test_the_manifest_tells_rows_and_checksums(tmp_path: Path) -> None:
    run(tmp_path, shards([1, 2]), workers=1)
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    entry = manifest["shards"]["00000"]["tables"]["squares"]
    assert entry == {
        "file": "squares-00000.parquet",
        "rows": 2,
        "sha256": sha256_of(tmp_path / entry["file"]),
    }


def test_a_damaged_manifest_costs_a_rerun_not_the_run(tmp_path: Path) -> None:
    run(tmp_path, shards([1]), workers=1)
    (tmp_path / MANIFEST).write_text("{")
    assert run(tmp_path, shards([1]), workers=1).reused == 0


def test_a_table_without_a_schema_is_a_code_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'squares': expected one of"):
        run_stage("square", tmp_path, shards([1]), square, Settings(), tables={}, workers=1)


def test_progress_counts_reused_shards_too(tmp_path: Path) -> None:
    run(tmp_path, shards([1], [2]), workers=1)
    seen: list[tuple[int, int | None]] = []
    run(tmp_path, shards([1], [2], [3]), workers=1, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_an_interrupted_write_leaves_the_old_file_and_no_temporary(tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    write_bytes(b"old", path)
    with pytest.raises(RuntimeError), atomic_file(path) as file:
        file.write(b"half")
        raise RuntimeError
    with pytest.raises(InputError, match=r"file\.bin: .* got: No space left on device\. Free some space"):
        write_with(path, lambda temporary: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    assert bytes_of(tmp_path) == {"file.bin": b"old"}


def test_a_killed_run_s_temporaries_are_swept(tmp_path: Path) -> None:
    (tmp_path / ".tmp-1-squares-00000.parquet").write_bytes(b"half")
    run(tmp_path, shards([1]), workers=1)
    assert sorted(bytes_of(tmp_path)) == [MANIFEST, "squares-00000.parquet"]


def test_a_table_of_another_version_is_refused_with_the_cure(tmp_path: Path) -> None:
    run(tmp_path, shards([1]), workers=1)
    later = SQUARES.append(pa.field("cube", pa.int64()))
    with pytest.raises(InputError, match=r"expected columns cube; .* run that stage again"):
        read_table(tmp_path, "squares", later)
