"""How fast a dataset is written and read shuffled, beside the layouts one would try first.

    python benchmarks/dataset_layout.py [--discs 60] [--seed 0]

Discs have the true size (8 x 360 x 360 and 25 x 160 x 320 voxels, 4.6 MB) and noise that lz4 can hardly
compress, its slow case. Every layout holds the same rows in the same temporary folder and is read back row by
row in the same shuffled order as numpy arrays, which are compared with what was written. The page cache is
warm for all of them; only this project's writer waits for the disk (fsync) and takes a checksum. A ratio is
of rows a second, this project's over the other's: above 1 this project is faster.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import datasets
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.ndimage import zoom

from dataset.build import build
from dataset.schema import DISCS
from dataset.shards import write_parquet
from labeling.labels import LABELS, REPORTS
from lexicons.findings import CORE_CODES
from lexicons.vocabulary import LEVELS

SHAPES = {"axial": (8, 360, 360), "sagittal": (25, 160, 320)}
Discs = Sequence[dict[str, np.ndarray]]
Read = Iterator[dict[str, np.ndarray]]


@dataclass(frozen=True)
class Layout:
    """A way to keep discs: write all of them, read them in an order."""

    name: str
    write: Callable[[Discs, Path], None]
    read: Callable[[Path, Sequence[int]], Read]


def make_discs(count: int, seed: int) -> Discs:
    rng = np.random.default_rng(seed)
    return [{view: volume(rng, shape) for view, shape in SHAPES.items()} for _ in range(count)]


def volume(rng: np.random.Generator, shape: tuple[int, int, int]) -> np.ndarray:
    """Shapes of a few millimetres, and noise of a few per cent."""
    coarse = rng.uniform(0, 900, tuple(-(-side // 16) for side in shape))
    smooth = zoom(coarse, [side / part for side, part in zip(shape, coarse.shape, strict=True)], order=1)
    return (smooth + rng.normal(0, 15, shape)).clip(0).astype(np.int16)


def write_project(discs: Discs, folder: Path) -> None:
    rows = [
        {f"{view}{part}": value for view in SHAPES for part, value in binary(disc[view]).items()}
        for disc in discs
    ]
    write_parquet(pa.Table.from_pylist(rows), folder / "train-00000.parquet", row_group_rows=1)


def binary(voxels: np.ndarray) -> dict[str, object]:
    return {"": voxels.tobytes(), "_shape": list(voxels.shape)}


def read_project(folder: Path, order: Sequence[int]) -> Read:
    with pq.ParquetFile(folder / "train-00000.parquet") as file:
        for number in order:
            row = file.read_row_group(number)
            yield {view: array(row, view, 0) for view in SHAPES}


def write_large_groups(discs: Discs, folder: Path) -> None:
    """What `DataFrame.to_parquet` does: all rows in one row group."""
    rows = [
        {f"{view}{part}": value for view in SHAPES for part, value in binary(disc[view]).items()}
        for disc in discs
    ]
    pd.DataFrame(rows).to_parquet(folder / "train.parquet")


def read_large_groups(folder: Path, order: Sequence[int]) -> Read:
    with pq.ParquetFile(folder / "train.parquet") as file:
        for number in order:
            table = file.read_row_group(0)
            yield {view: array(table, view, number) for view in SHAPES}


def array(table: pa.Table, view: str, row: int) -> np.ndarray:
    shape = table[f"{view}_shape"][row].as_py()
    return np.frombuffer(table[view][row].as_buffer(), np.int16).reshape(shape)


def write_files(discs: Discs, folder: Path) -> None:
    rows = []
    for number, disc in enumerate(discs):
        for view in SHAPES:
            np.save(folder / f"{number:05d}-{view}.npy", disc[view])
        rows.append({view: f"{number:05d}-{view}.npy" for view in SHAPES})
    pd.DataFrame(rows).to_csv(folder / "train.csv", index=False)


def read_files(folder: Path, order: Sequence[int]) -> Read:
    table = pd.read_csv(folder / "train.csv")
    for number in order:
        yield {view: np.load(folder / table[view][number]) for view in SHAPES}


def write_array3d(discs: Discs, folder: Path) -> None:
    features = datasets.Features({v: datasets.Array3D(shape, "int16") for v, shape in SHAPES.items()})
    made = datasets.Dataset.from_generator(
        iterate, features=features, gen_kwargs={"discs": discs}, cache_dir=str(folder / "c")
    )
    made.save_to_disk(str(folder / "d"))


def iterate(discs: Discs) -> Read:
    yield from discs


def read_array3d(folder: Path, order: Sequence[int]) -> Read:
    table = datasets.load_from_disk(str(folder / "d")).with_format("numpy")
    for number in order:
        yield table[number]


LAYOUTS = (
    Layout("this project: Parquet, binary, one row a row group, lz4", write_project, read_project),
    Layout("CSV and a .npy file for each view", write_files, read_files),
    Layout("Hugging Face Array3D", write_array3d, read_array3d),
    Layout("pandas to_parquet, one row group", write_large_groups, read_large_groups),
)


def measure(layout: Layout, discs: Discs, root: Path, seed: int) -> tuple[float, float, float]:
    """Seconds a row to write and to read shuffled, and MB a row on disk."""
    folder = root / "layout"
    folder.mkdir()
    started = time.perf_counter()
    layout.write(discs, folder)
    written = time.perf_counter() - started
    # One row group for all rows is decoded whole for every row: a few rows say enough.
    order = np.random.default_rng(seed).permutation(len(discs))
    order = order[: 6 if layout.write is write_large_groups else None]
    started = time.perf_counter()
    for number, found in zip(order, layout.read(folder, order), strict=True):
        for view in SHAPES:
            if not np.array_equal(found[view], discs[number][view]):
                raise RuntimeError(f"{layout.name}: {view} of disc {number} came back different")
    read = time.perf_counter() - started
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and "c" not in path.parts)
    shutil.rmtree(folder)
    return written / len(discs), read / len(order), size / 1e6 / len(discs)


def measure_build(discs: Discs, root: Path) -> float:
    """Seconds a row of the whole build: join, split, shards, checksums, card."""
    rows, reports, labels = [], [], []
    for number, disc in enumerate(discs):
        study, level = f"1.2.{number // 6}", str(LEVELS[number % 6])
        row = dict.fromkeys(DISCS.names) | {"study": study, "patient": study, "level": level, "flags": []}
        row |= {"centre": [0, 0, 0], "normal": [0, 0, 1], "dtype": "int16", "source": "mask"}
        for view in SHAPES:
            row |= {f"{view}{part}": value for part, value in binary(disc[view]).items()}
            row |= {f"{view}_spacing_mm": [2, 0.25, 0.25], f"{view}_coverage": 1.0}
        rows.append(row)
        cell = {"report_id": study, "level": level, "grade": 0, "low": 0, "high": 0, "basis": "stated"}
        cell |= {"certainty": "affirmed", "flags": [], "evidence": [], "lexicon": "0"}
        labels += [cell | {"finding": code} for code in CORE_CODES]
        if number % 6 == 0:
            report = dict.fromkeys(REPORTS.names) | {"report_id": study, "study": study, "language": "en"}
            report |= {
                "complete": True,
                "flags": [],
                "text_sha256": study,
                "unread": 0,
                "policy": "deepspine",
            }
            reports.append(report)
    for start in range(0, len(rows), 6):
        table = pa.Table.from_pylist(rows[start : start + 6], DISCS)
        write_parquet(table, root / "discs" / f"discs-{start:05d}.parquet", row_group_rows=1)
    write_parquet(pa.Table.from_pylist(labels, LABELS), root / "labels" / "labels-00000.parquet")
    write_parquet(pa.Table.from_pylist(reports, REPORTS), root / "labels" / "reports-00000.parquet")
    started = time.perf_counter()
    result = build(root / "labels", root / "discs", root / "out", workers=1, synthetic=True)
    return (time.perf_counter() - started) / result.rows["dataset"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--discs", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    datasets.disable_progress_bars()
    discs = make_discs(options.discs, options.seed)
    megabytes = sum(voxels.nbytes for voxels in discs[0].values()) / 1e6
    print(f"{len(discs)} discs of {megabytes:.1f} MB, one process\n")
    print(f"{'layout':<56}{'MB/row':>8}{'write rows/s':>14}{'MB/s':>7}{'read rows/s':>13}{'MB/s':>7}  ratios")
    first: tuple[float, float] | None = None
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for layout in LAYOUTS:
            write, read, size = measure(layout, discs, root, options.seed)
            first = first or (write, read)
            print(
                f"{layout.name:<56}{size:>8.2f}{1 / write:>14.1f}{megabytes / write:>7.0f}"
                f"{1 / read:>13.1f}{megabytes / read:>7.0f}"
                f"  write {write / first[0]:.2f}, read {read / first[1]:.2f}"
            )
        row = measure_build(discs, root)
        print(f"\nbuild, discs to checked dataset: {1 / row:.1f} rows/s, {megabytes / row:.0f} MB/s")


if __name__ == "__main__":
    main()
