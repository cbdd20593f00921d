"""Stacks as the index lists them: one row, the files behind it, and its voxels.

A stack is a set of slices of one orientation and one gap, sorted along the patient: sagittal slices run to
the patient's left, axial ones to the head, coronal ones to the back. One series may hold several.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from dataset.imaging.guard import Lost, guarded
from dataset.imaging.pixels import Wanted, fit_int16, read_frames
from dataset.imaging.volume import Array, Points, Volume
from dataset.schema import SERIES, STACKS
from dataset.stage import read_table
from labeling.issues import InputError, Issue

MAX_VOXELS = 1 << 27
"""512 slices of 512 x 512: a stack of more is damage or harm, and would not fit in memory."""
_OF_THE_SERIES = ("patient", "modality", "description", "contrast")


@dataclass(frozen=True, eq=False)
class Stack:
    """One row of the `stacks` table, with what its series says of itself.

    `affine` maps a voxel (slice, row, column) to LPS mm. `paths` are relative to `root`, in slice order;
    `frames` counts from 1 within each file and is None where every file holds one slice. `content` is another
    one when a file was edited.
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
    content: str = ""
    patient: str | None = None
    modality: str | None = None
    description: str | None = None
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
            content=row["content"],
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
    `InputError`, with the path, when a file is gone, cannot be decoded, does harm when it is, or has another
    size than the index says.
    """
    if prod(stack.shape) > MAX_VOXELS:
        message = f"expected a stack of {MAX_VOXELS:,} voxels at most; got {prod(stack.shape):,}."
        raise InputError(Issue(str(stack.folder), "too-large", message, "No scan of a spine is like that."))
    slices = np.stack(list(_slices(stack)))
    return Volume(voxels=fit_int16(slices), spacing_mm=stack.spacing_mm, affine=stack.affine)


def _slices(stack: Stack) -> Iterable[Array]:
    frames = stack.frames or (1,) * len(stack.paths)
    by_path: dict[str, list[int]] = {}
    for path, frame in zip(stack.paths, frames, strict=True):
        by_path.setdefault(path, []).append(frame)
    wanted = [Wanted(stack.root, path, tuple(every), stack.shape[1:]) for path, every in by_path.items()]
    read = dict(zip(by_path, _decoded(wanted), strict=True))
    for path, frame in zip(stack.paths, frames, strict=True):
        yield read[path].pop(frame)


def _decoded(wanted: list[Wanted]) -> Iterable[dict[int, Array]]:
    """The frames of each file, decoded in the child process."""
    for one, answer in zip(wanted, guarded(read_frames, wanted), strict=True):
        if isinstance(answer, Lost):
            raise InputError(answer.issue(str(one.root / one.path)))
        if isinstance(answer, Issue):
            raise InputError(answer)
        yield answer
