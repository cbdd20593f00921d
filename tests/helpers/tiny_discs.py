"""A dataset folder of tiny painted discs: what the build stage writes, at a size that a test can train on.

Canal and foramina are bright spots on a noisy ground that shrink as the grade rises, in both views.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dataset.schema import DATASET, DISCS
from dataset.shards import write_parquet
from lexicons.vocabulary import LEVELS

AXIAL = (8, 32, 32)
SAGITTAL = (9, 16, 32)

# Spots as (slice, row, column) centres, and the code that sets their radius. Right is column 0, slice 0.
_SPOTS = {
    "SCS": ((3.5, 22, 15.5), (4, 8, 22)),
    "RFS": ((3.5, 18, 7.5), (1, 8, 18)),
    "LFS": ((3.5, 18, 23.5), (7, 8, 18)),
}


def paint(
    rng: np.random.Generator, grades: Mapping[str, int], view: int, gain: float = 100.0, noise: float = 0.3
) -> np.ndarray:
    """The axial (0) or sagittal (1) volume of a disc, int16; `noise` 0 leaves nothing to chance."""
    shape = (AXIAL, SAGITTAL)[view]
    place = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1)
    volume = rng.normal(2.0, noise, shape)
    for code, centres in _SPOTS.items():
        apart = (place - np.array(centres[view])) / np.array([2.0, 1.0, 1.0])
        volume += 3.0 * (np.linalg.norm(apart, axis=-1) < 4.6 - 1.2 * grades[code])
    return (gain * volume).astype(np.int16)


def disc_row(
    rng: np.random.Generator, patient: str, level: str, grades: Mapping[str, int | None], split: str = "train"
) -> dict[str, Any]:
    """One row of `DATASET`. A grade None is painted as normal and left out of the labels."""
    drawn = {code: grade or 0 for code, grade in grades.items()}
    gain = float(rng.uniform(60, 160))
    row: dict[str, Any] = dict.fromkeys(DATASET.names)
    for view, name, shape in ((0, "axial", AXIAL), (1, "sagittal", SAGITTAL)):
        row |= {name: paint(rng, drawn, view, gain).tobytes(), f"{name}_shape": list(shape)}
        row[f"{name}_spacing_mm"] = [1.0, 1.0, 1.0]
    cells = {f"{code}{part}": grade for code, grade in grades.items() for part in ("", "_low", "_high")}
    fixed = {
        "centre": [0.0, 0.0, 0.0],
        "normal": [0.0, 0.0, 1.0],
        "dtype": "int16",
        "source": "mask",
        "flags": [],
    }
    labels = {
        "report_id": f"r-{patient}",
        "uncertain": [],
        "implied": [],
        "lexicon": "0" * 8,
        "policy": "deepspine",
    }
    return (
        row
        | fixed
        | labels
        | cells
        | {"study": f"s-{patient}", "patient": patient, "level": level, "split": split}
    )


def draw_rows(seed: int, patients: int, split: str) -> list[dict[str, Any]]:
    """Six discs for each patient with grades drawn at random, every grade of every code among them."""
    rng = np.random.default_rng(seed)
    ranks = np.arange(patients * len(LEVELS)) % 4
    grades = {code: rng.permutation(ranks).tolist() for code in _SPOTS}
    return [
        disc_row(rng, f"{split}-{n // 6}", str(LEVELS[n % 6]), {c: g[n] for c, g in grades.items()}, split)
        for n in range(len(ranks))
    ]


def write_split(folder: Path, split: str, rows: Sequence[Mapping[str, Any]], number: int = 0) -> Path:
    """One file of a dataset folder, one row a row group."""
    path = folder / "data" / f"{split}-{number:05d}.parquet"
    write_parquet(pa.Table.from_pylist(list(rows), schema=DATASET), path, row_group_rows=1)
    return path


def write_dataset(folder: Path, *, train: int = 8, validation: int = 3, test: int = 3) -> Path:
    """A dataset folder with that many patients in each split."""
    for seed, (split, patients) in enumerate((("train", train), ("validation", validation), ("test", test))):
        write_split(folder, split, draw_rows(seed, patients, split))
    return folder


def write_discs(folder: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """The same discs as the discs stage writes them: without grades."""
    bare = [{name: row[name] for name in DISCS.names} for row in rows]
    write_parquet(pa.Table.from_pylist(bare, schema=DISCS), folder / "discs-00000.parquet", row_group_rows=1)
    return folder
