"""How fast a dataset is written and read shuffled, beside the layouts one would try first.

    python benchmarks/dataset_layout.py [--discs 36] [--seed 0]

Discs have the true size (8 x 360 x 360 and 25 x 160 x 320 voxels, 4.6 MB) and noise that lz4 can hardly
compress, its slow case. Every layout holds the same rows in the same temporary folder and is written by one
process. Two processes read it back, each its half of the rows in shuffled order, as numpy arrays that are
compared by checksum with what was written; webdataset streams its tar files instead, shuffled in a buffer of
its own, as it is meant to. The page cache is warm for all of them; only this project's writer waits for the
disk (fsync) and takes a checksum.

Rows a second are by the clock and swing with what else the machine does; CPU is the processor time of both
readers together, the checksums included, which cost the same for all. A ratio is this project's
over the other's: above 1 this project is faster, or smaller on disk.
"""

from __future__ import annotations

import argparse
import dataclasses
import io
import multiprocessing
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import datasets
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import torch
import webdataset
import zarr
from scipy.ndimage import zoom

from dataset.build import build
from dataset.schema import DISCS
from dataset.shards import write_parquet
from labeling.labels import LABELS, REPORTS
from lexicons.findings import CORE_CODES
from lexicons.vocabulary import LEVELS
from training.config import PRESETS
from training.data import DiscData

SHAPES = {"axial": (8, 360, 360), "sagittal": (25, 160, 320)}
WORKERS = 2
EPOCHS = 3
TARS = 4
Disc = dict[str, np.ndarray]
Discs = Sequence[Disc]
Read = Iterator[tuple[int, Disc]]


@dataclass(frozen=True)
class Layout:
    """A way to keep discs: write all of them; read, as one of the workers, its share of an order."""

    name: str
    write: Callable[[Discs, Path], None]
    read: Callable[[Path, Sequence[int], int], Read]
    rows: int | None = None  # of the reading, where all of them would take too long


@dataclass(frozen=True)
class Speed:
    """Seconds a row to write and to read, processor seconds a row to read, MB a row on disk."""

    write: float
    read: float
    cpu: float
    size: float


def make_discs(count: int, seed: int) -> Discs:
    rng = np.random.default_rng(seed)
    return [{view: volume(rng, shape) for view, shape in SHAPES.items()} for _ in range(count)]


def volume(rng: np.random.Generator, shape: tuple[int, int, int]) -> np.ndarray:
    """Shapes of a few millimetres, and noise of a few per cent."""
    coarse = rng.uniform(0, 900, tuple(-(-side // 16) for side in shape))
    smooth = zoom(coarse, [side / part for side, part in zip(shape, coarse.shape, strict=True)], order=1)
    return (smooth + rng.normal(0, 15, shape)).clip(0).astype(np.int16)


def share(order: Sequence[int], worker: int) -> Sequence[int]:
    return [int(number) for number in order[worker::WORKERS]]


def write_project(discs: Discs, folder: Path) -> None:
    write_parquet(pa.Table.from_pylist(rows_of(discs)), folder / "train-00000.parquet", row_group_rows=1)


def rows_of(discs: Discs) -> list[dict[str, object]]:
    return [
        {f"{view}{part}": value for view in SHAPES for part, value in binary(disc[view]).items()}
        for disc in discs
    ]


def binary(voxels: np.ndarray) -> dict[str, object]:
    return {"": voxels.tobytes(), "_shape": list(voxels.shape)}


def read_project(folder: Path, order: Sequence[int], worker: int) -> Read:
    with pq.ParquetFile(folder / "train-00000.parquet") as file:
        for number in share(order, worker):
            row = file.read_row_group(number)
            yield number, {view: array(row, view, 0) for view in SHAPES}


def write_large_groups(discs: Discs, folder: Path) -> None:
    """What `DataFrame.to_parquet` does: all rows in one row group."""
    pd.DataFrame(rows_of(discs)).to_parquet(folder / "train.parquet")


def read_large_groups(folder: Path, order: Sequence[int], worker: int) -> Read:
    with pq.ParquetFile(folder / "train.parquet") as file:
        for number in share(order, worker):
            table = file.read_row_group(0)
            yield number, {view: array(table, view, number) for view in SHAPES}


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


def read_files(folder: Path, order: Sequence[int], worker: int) -> Read:
    table = pd.read_csv(folder / "train.csv")
    for number in share(order, worker):
        yield number, {view: np.load(folder / table[view][number]) for view in SHAPES}


def write_array3d(discs: Discs, folder: Path) -> None:
    features = datasets.Features({v: datasets.Array3D(shape, "int16") for v, shape in SHAPES.items()})
    made = datasets.Dataset.from_generator(
        iterate, features=features, gen_kwargs={"discs": discs}, cache_dir=str(folder / "c")
    )
    made.save_to_disk(str(folder / "d"))


def iterate(discs: Discs) -> Iterator[Disc]:
    yield from discs


def read_array3d(folder: Path, order: Sequence[int], worker: int) -> Read:
    table = datasets.load_from_disk(str(folder / "d")).with_format("numpy", dtype=np.int16)
    for number in share(order, worker):
        yield number, table[number]


def write_zarr(discs: Discs, folder: Path) -> None:
    """One chunk a disc, zarr's own compressor (zstd)."""
    group = zarr.open_group(folder / "discs.zarr", mode="w")
    for view, shape in SHAPES.items():
        kept = group.create_array(view, shape=(len(discs), *shape), chunks=(1, *shape), dtype="int16")
        for number, disc in enumerate(discs):
            kept[number] = disc[view]


def read_zarr(folder: Path, order: Sequence[int], worker: int) -> Read:
    group = zarr.open_group(folder / "discs.zarr", mode="r")
    views = {view: group[view] for view in SHAPES}
    for number in share(order, worker):
        yield number, {view: np.asarray(kept[number]) for view, kept in views.items()}


def write_tars(discs: Discs, folder: Path) -> None:
    for tar in range(TARS):
        with webdataset.TarWriter(str(folder / f"train-{tar:05d}.tar")) as file:
            for number in range(tar, len(discs), TARS):
                file.write({"__key__": f"{number:05d}", **{f"{v}.npy": discs[number][v] for v in SHAPES}})


def read_tars(folder: Path, order: Sequence[int], worker: int) -> Read:
    del order
    names = [str(path) for path in sorted(folder.glob("*.tar"))[worker::WORKERS]]
    for row in webdataset.WebDataset(names, shardshuffle=False, empty_check=False).shuffle(10):
        yield int(row["__key__"]), {view: np.load(io.BytesIO(row[f"{view}.npy"])) for view in SHAPES}


LAYOUTS = (
    Layout("this project: Parquet, one row a row group, lz4", write_project, read_project),
    Layout("CSV and a .npy file for each view", write_files, read_files),
    Layout("Hugging Face Array3D", write_array3d, read_array3d),
    Layout("zarr 3, one chunk a disc, zstd", write_zarr, read_zarr),
    Layout("webdataset, tar files in order", write_tars, read_tars),
    Layout("pandas to_parquet, one row group", write_large_groups, read_large_groups, rows=6),
)


def checksum(disc: Disc) -> int:
    return zlib.crc32(b"".join(np.ascontiguousarray(disc[view]).tobytes() for view in SHAPES))


def read_share(number: int, folder: Path, order: Sequence[int], worker: int) -> tuple[dict[int, int], float]:
    """What one worker reads of a layout: checksums by row, and its processor time."""
    started = time.process_time()
    found = {row: checksum(disc) for row, disc in LAYOUTS[number].read(folder, order, worker)}
    return found, time.process_time() - started


def measure(number: int, discs: Discs, root: Path, seed: int, pool: multiprocessing.pool.Pool) -> Speed:
    layout, folder = LAYOUTS[number], root / "layout"
    folder.mkdir()
    started = time.perf_counter()
    layout.write(discs, folder)
    written = time.perf_counter() - started
    order = np.random.default_rng(seed).permutation(len(discs))[: layout.rows].tolist()
    started = time.perf_counter()
    shares = pool.starmap(read_share, [(number, folder, order, worker) for worker in range(WORKERS)])
    read = time.perf_counter() - started
    found = {row: crc for rows, _ in shares for row, crc in rows.items()}
    if found != {row: checksum(discs[row]) for row in order}:
        raise RuntimeError(f"{layout.name}: discs came back different")
    cpu = sum(seconds for _, seconds in shares)
    files = [
        path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).parts[0] != "c"
    ]
    size = sum(path.stat().st_size for path in files) / 1e6
    shutil.rmtree(folder)
    return Speed(written / len(discs), read / len(order), cpu / len(order), size / len(discs))


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


def measure_loader(root: Path) -> float:
    """Seconds a disc of the trainer's own loader, in one process, over the dataset of `measure_build`."""
    config = dataclasses.replace(PRESETS["paper"], workers=0, batch_size=4)
    data = DiscData(root / "out", config, root / "cache")
    data.setup()
    torch.set_num_threads(1)  # as in a worker of the loader
    started, count = time.perf_counter(), 0
    for _ in range(EPOCHS):
        count += sum(len(batch.grades) for batch in data.train_dataloader())
    return (time.perf_counter() - started) / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--discs", type=int, default=36)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    datasets.disable_progress_bars()
    discs = make_discs(options.discs, options.seed)
    megabytes = sum(voxels.nbytes for voxels in discs[0].values()) / 1e6
    print(f"{len(discs)} discs of {megabytes:.1f} MB; {WORKERS} readers; load {os.getloadavg()[0]:.1f}\n")
    print(f"{'':<49}{'write':>14}{'read shuffled':>22}{'disk':>8}   this project over it")
    print(
        f"{'layout':<49}{'rows/s':>7}{'MB/s':>7}{'rows/s':>7}{'MB/s':>7}{'CPU ms':>8}{'MB/row':>8}   ", end=""
    )
    print(f"{'write':>6}{'read':>7}{'CPU':>7}{'disk':>7}")
    first: Speed | None = None
    with tempfile.TemporaryDirectory() as name, multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        root = Path(name)
        pool.map(checksum, [discs[0]] * WORKERS)  # the readers have their imports behind them
        for number, layout in enumerate(LAYOUTS):
            one = measure(number, discs, root, options.seed, pool)
            first = first or one
            ratios = (
                one.write / first.write,
                one.read / first.read,
                one.cpu / first.cpu,
                one.size / first.size,
            )
            print(
                f"{layout.name:<49}{1 / one.write:>7.1f}{megabytes / one.write:>7.0f}"
                f"{1 / one.read:>7.1f}{megabytes / one.read:>7.0f}{1000 * one.cpu:>8.1f}{one.size:>8.2f}   "
                f"{ratios[0]:>6.2f}" + "".join(f"{ratio:>7.2f}" for ratio in ratios[1:]),
                flush=True,
            )
        row = measure_build(discs, root)
        print(f"\nbuild, discs to checked dataset: {1 / row:.1f} rows/s, {megabytes / row:.0f} MB/s")
        row = measure_loader(root)
        print(f"training loader, shuffled, one process: {1 / row:.1f} rows/s, {megabytes / row:.0f} MB/s")


if __name__ == "__main__":
    main()
