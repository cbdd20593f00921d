"""Full, half and no volumes: bytes, shapes and spacings, and what the trainer and the check make of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from tiny_archive import SHAPES, Archive, random_archive

from dataset.build import BuildResult, Layout, build
from dataset.schema import DISCS
from dataset.validate import check_dataset
from dataset.volumes import VOXELS, half
from labeling.issues import InputError
from training.config import InputConfig
from training.prepare import read_discs


@pytest.fixture(scope="module")
def archive() -> Archive:
    archive = random_archive(6, most_studies=1)
    archive.discs[0] |= dict.fromkeys(["axial", "axial_shape", "axial_spacing_mm", "axial_coverage"])
    return archive


@pytest.fixture(scope="module")
def built(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> dict[str, BuildResult]:
    root = tmp_path_factory.mktemp("volumes")
    inputs = archive.write(root)
    options: dict[str, Any] = {"cohort": "any", "workers": 1}
    return {v: build(*inputs, root / v, layout=Layout(volumes=v), **options) for v in VOXELS}


def rows_of(result: BuildResult) -> dict[tuple[str, str], dict[str, Any]]:
    files = sorted((result.folder / "data").glob("*.parquet"))
    rows = [row for path in files for row in pq.read_table(path, partitioning=None).to_pylist()]
    return {(row["study"], row["level"]): row for row in rows}


@pytest.mark.parametrize("volumes", VOXELS)
def test_everything_but_the_voxels_is_the_same_and_the_check_is_content(
    built: dict[str, BuildResult], volumes: str
) -> None:
    of_voxels = {f"{view}{part}" for view in SHAPES for part in ("", "_shape", "_spacing_mm")}
    full, found = rows_of(built["full"]), rows_of(built[volumes])
    for key, row in full.items():
        assert all(found[key][name] == row[name] for name in row.keys() - of_voxels)
    assert check_dataset(built[volumes].folder) == []
    assert built[volumes].record.deidentification["volumes"] == volumes


def test_half_is_the_mean_of_four_and_says_its_spacing(built: dict[str, BuildResult]) -> None:
    full, halves = rows_of(built["full"]), rows_of(built["half"])
    for key, row in full.items():
        for view, (slices, rows, columns) in SHAPES.items():
            small = halves[key]
            if row[view] is None:
                assert (small[view], small[f"{view}_shape"]) == (None, None)
                continue
            assert small[f"{view}_shape"] == [slices, rows // 2, columns // 2]
            assert small[f"{view}_spacing_mm"] == [2.0, 0.5, 0.5]
            voxels = np.frombuffer(row[view], np.int16).reshape(slices, rows, columns).astype(float)
            got = np.frombuffer(small[view], np.int16).reshape(small[f"{view}_shape"])
            want = voxels[:, 0:2, 2:4].mean(axis=(1, 2))
            assert np.abs(got[:, 0, 1] - want).max() <= 0.5


def test_half_keeps_the_extremes_of_int16() -> None:
    for value in (-32768, 32767):
        data, shape, _ = half(np.full((1, 2, 2), value, np.int16).tobytes(), (1, 2, 2), (4.0, 1.0, 1.0))
        assert (np.frombuffer(data, np.int16).tolist(), shape) == ([value], [1, 1, 1])


def test_labels_alone_are_small_and_every_volume_is_null(built: dict[str, BuildResult]) -> None:
    for row in rows_of(built["none"]).values():
        assert [row[f"{v}{p}"] for v in SHAPES for p in ("", "_shape", "_spacing_mm")] == [None] * 6
    assert {field.name for field in DISCS} >= VOXELS["none"]


def test_the_trainer_reads_half_volumes(built: dict[str, BuildResult]) -> None:
    inputs = InputConfig(axial=(2, 2, 2), sagittal=(3, 2, 2))
    files = sorted((built["half"].folder / "data").glob("*.parquet"))
    discs = list(read_discs(files, inputs, ("SCS",)))
    assert len(discs) == 36
    assert [disc.problems for disc in discs] == [()] * 36
    assert sum(disc.axial is None for disc in discs) == 1


def test_another_word_is_refused(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected one of full, half, none; got 'third'"):
        build(*archive.write(tmp_path), tmp_path / "out", layout=Layout(volumes="third"))
