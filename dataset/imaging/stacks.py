"""Stacks as the index lists them: one row, the files behind it, and its voxels.

A stack is a set of slices of one orientation and one gap, sorted along the patient: sagittal slices run to
the patient's left, axial ones to the head, coronal ones to the back. One series may hold several.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dataset.imaging.pixels import fit_int16, read_frames
from dataset.imaging.volume import Points, Volume
from dataset.schema import SERIES, STACKS
from dataset.stage import read_table
from labeling.issues import InputError, Issue

_OF_THE_SERIES = ("patient", "modality", "contrast")


@dataclass(frozen=True, eq=False)
class Stack:
    """One row of the `stacks` table, with what its series says of the patient, modality and contrast.

    `affine` maps a voxel (slice, row, column) to LPS mm. `paths` are relative to `root`, in slice order;
    `frames` counts from 1 within each file and is None where every file holds one slice.
    """

    study: str
    series: str
    stack: int
    plane: str
    weighting: str | None
    role: str
    shape: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    affine: Points
    root: Path
    paths: tuple[str, ...]
    instances: tuple[int, ...]
    frames: tuple[int, ...] | None = None
    patient: str | None = None
    modality: str | None = None
    contrast: bool | None = None

    @classmethod
    def parse(cls, row: Mapping[str, Any], series: Mapping[str, Any]) -> Stack:
        """A stack from a row of the `stacks` table and the row of the `series` table that it belongs to."""
        return cls(
            study=row["study"],
            series=row["series"],
            stack=row["stack"],
            plane=row["plane"],
            weighting=row["weighting"],
            role=row["role"],
            shape=(row["slices"], row["rows"], row["columns"]),
            spacing_mm=tuple(row["spacing_mm"]),
            affine=np.asarray(row["affine"], dtype=np.float64).reshape(4, 4),
            root=Path(row["root"]),
            paths=tuple(row["paths"]),
            instances=tuple(row["instances"]),
            frames=None if row["frames"] is None else tuple(row["frames"]),
            **{name: series.get(name) for name in _OF_THE_SERIES},
        )

    @property
    def folder(self) -> Path:
        """The folder of the first slice, by which a message may name the stack: no header value."""
        return (self.root / self.paths[0]).parent


def read_stacks(index: Path) -> dict[str, list[Stack]]:
    """The stacks of every study that `index_tree` found in the folder `index`, keyed by StudyInstanceUID.

    Studies are in order of their UID; stacks in order of series UID, then number. `InputError` when the
    folder holds no index.
    """
    table = read_table(index, "stacks", STACKS)
    if not table.num_rows:
        raise InputError(
            Issue(
                where=str(index),
                reason="no-index",
                message="expected a folder with stacks-*.parquet; found no stack in it.",
                cure="Run `levelwise index TREE --out FOLDER` first, and read its quarantine table.",
            )
        )
    columns = ["study", "series", *_OF_THE_SERIES]
    series = {
        (row["study"], row["series"]): row for row in read_table(index, "series", SERIES, columns).to_pylist()
    }
    rows = sorted(table.to_pylist(), key=lambda row: (row["study"], row["series"], row["stack"]))
    studies: dict[str, list[Stack]] = {}
    for row in rows:
        stack = Stack.parse(row, series.get((row["study"], row["series"]), {}))
        studies.setdefault(stack.study, []).append(stack)
    return studies


def load_stack(stack: Stack) -> Volume:
    """The voxels of a stack as int16, shape (slices, rows, columns), in its own geometry.

    Compressed slices are decoded, rescale slope and intercept applied, MONOCHROME1 inverted. MR intensities
    are in arbitrary units: where they do not fit int16, the whole stack is scaled by one power of two.
    `InputError`, with the path, when a file is gone, cannot be decoded or has another size than the index
    says.
    """
    slices = np.stack(list(_slices(stack)))
    return Volume(voxels=fit_int16(slices), spacing_mm=stack.spacing_mm, affine=stack.affine)


def _slices(stack: Stack) -> Iterable[Any]:
    frames = stack.frames or (1,) * len(stack.paths)
    wanted: dict[str, list[int]] = {}
    for path, frame in zip(stack.paths, frames, strict=True):
        wanted.setdefault(path, []).append(frame)
    read: dict[str, dict[int, Any]] = {}
    for path, frame in zip(stack.paths, frames, strict=True):
        if path not in read:
            read[path] = read_frames(stack.root / path, wanted[path], stack.shape[1:])
        yield read[path].pop(frame)
