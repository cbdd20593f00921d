"""How much of every volume goes into a dataset: all of it, half the resolution in the plane, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from dataset.schema import DISCS
from labeling.issues import InputError, Issue

VOXELS: Mapping[str, frozenset[str]] = {
    "full": frozenset(),
    "half": frozenset(),
    "none": frozenset({"axial", "sagittal"}),
}
"""Every choice, and the columns that are not even read for it."""


def check_choice(volumes: str) -> None:
    """Raise `InputError` for what is no choice of `VOXELS`."""
    if volumes not in VOXELS:
        message = f"expected one of {', '.join(VOXELS)}; got {volumes!r}."
        raise InputError(Issue("volumes", "unknown-volumes", message, "Use one."))


def reduce_volumes(table: pa.Table, volumes: str) -> pa.Table:
    """The rows of `discs` with the volumes of the choice.

    ``half`` is the mean of 2 x 2 voxels of a slice; an odd last row or column is left out, so that the middle
    moves by half a voxel. ``none`` leaves volume, shape and spacing null.
    """
    if volumes == "full":
        return table
    for view in ("axial", "sagittal"):
        names = [view, f"{view}_shape", f"{view}_spacing_mm"]
        if volumes == "none":
            table = _replace(table, {name: [None] * table.num_rows for name in names})
            continue
        rows = table.select(names).to_pylist()
        halves = [(None, None, None) if row[view] is None else half(*row.values()) for row in rows]
        table = _replace(table, dict(zip(names, zip(*halves, strict=True), strict=True)))
    return table


def half(
    data: bytes, shape: Sequence[int], spacing_mm: Sequence[float]
) -> tuple[bytes, list[int], list[float]]:
    """An int16 volume (slices, rows, columns) with half the rows and columns: bytes, shape and spacing."""
    slices, rows, columns = shape
    voxels = np.frombuffer(data, np.int16).reshape(slices, rows, columns)
    quads = voxels[:, : rows // 2 * 2, : columns // 2 * 2].reshape(slices, rows // 2, 2, columns // 2, 2)
    means = np.rint(quads.mean(axis=(2, 4), dtype=np.float32)).astype(np.int16)
    gap, *plane = spacing_mm
    return means.tobytes(), list(means.shape), [gap, *(2 * step for step in plane)]


def _replace(table: pa.Table, columns: Mapping[str, Sequence[object]]) -> pa.Table:
    for name, values in columns.items():
        field = DISCS.field(name)
        column = pa.array(values, field.type)
        at = table.schema.get_field_index(name)
        table = table.append_column(field, column) if at < 0 else table.set_column(at, field, column)
    return table
