"""A folder of annotated slices of any of the known kinds, told apart by what lies in it.

========================  =========================================================================
``slices.csv``            a slice folder: images, masks with the values of `CODES` (see `sources`)
``corners.csv``           ``images/`` and four corners per vertebra, as the paper's authors drew them
``masks/*_t2_SPACE_*``    SPIDER's sagittal T2-SPACE slices (see `spider`)
========================  =========================================================================
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from training.segmentation.sources import AnnotatedSlice, from_corners, problem, read_slices
from training.segmentation.spider import from_spider


def read_folder(folder: Path) -> list[AnnotatedSlice]:
    """Every annotated slice of `folder`. `InputError` when it is of no known kind or a file is wrong."""
    for sign, read in KINDS.items():
        if next(folder.glob(sign), None) is not None:
            return list(read(folder))
    raise problem(
        folder,
        "expected slices.csv with images/ and masks/, or corners.csv with images/, or SPIDER's T2-SPACE"
        " images/ and masks/; found none of them",
    )


def from_corner_folder(folder: Path) -> Iterator[AnnotatedSlice]:
    """Slices of ``corners.csv``, whose further columns ``row_mm`` and ``column_mm`` give the pixel spacing.

    A column ``patient`` keeps the slices of one patient in one part of a split; without it every image is a
    patient of its own.
    """
    table = folder / "corners.csv"
    spacing: dict[str, tuple[float, float]] = {}
    patient: dict[str, str] = {}
    with table.open(newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                spacing[row["image"]] = (float(row["row_mm"]), float(row["column_mm"]))
            except (KeyError, TypeError, ValueError):
                raise problem(f"{table} > line {line}", "expected numbers in row_mm and column_mm") from None
            patient[row["image"]] = row.get("patient") or row["image"]
    return from_corners(table, folder / "images", spacing, patient)


KINDS: dict[str, Callable[[Path], list[AnnotatedSlice] | Iterator[AnnotatedSlice]]] = {
    "slices.csv": read_slices,
    "corners.csv": from_corner_folder,
    "masks/*_t2_SPACE_slice*.png": from_spider,
}
"""Sign of each kind, as a pattern within the folder, and its reader."""
