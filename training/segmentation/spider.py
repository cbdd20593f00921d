"""SPIDER's sagittal T2-SPACE slices as annotated slices, with the first sacral segment added.

Source: van der Graaf et al. 2024, "Lumbar spine segmentation in MR images: a dataset and a public benchmark",
Scientific Data 11:264, CC BY 4.0. Expected in the folder: ``images/*.png`` and ``masks/*.png``, named
``<patient>_t2_SPACE_slice<number>.png``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.segmentation.sources import CODES, AnnotatedSlice, polygon, read_corners, read_grey
from training.segmentation.unet import Structure

MASK_VALUES: dict[Structure, int] = {"disc": 29, "body": 76, "canal": 150}
"""Values in SPIDER's mask pictures; its vertebrae include the posterior elements."""

S1_CORNERS = Path(__file__).with_name("spider_s1.csv")
"""Four corners of S1 for each patient, drawn for this project: SPIDER's masks end at L5."""

HELD_OUT = frozenset(f"spider-{patient}" for patient in (35, 118, 129, 136, 161, 177, 234))
"""Patients never trained on: the validation subset of SPIDER's own overview.csv."""

SPACING_MM = 0.46875
"""Pixel spacing of every T2-SPACE series in SPIDER's overview.csv."""

UNDRAWN_MM, MARGIN_MM = 12.0, 2.0
"""Where the topmost drawn structure lies lower than the first, all but the second above it is cut away."""

TRANSITIONAL = frozenset({"241"})
"""Patients left out: SPIDER counts the wedge-shaped first sacral segment of 241 as a lumbar vertebra."""


def from_spider(folder: Path, s1: Path = S1_CORNERS, slab: int = 4) -> Iterator[AnnotatedSlice]:
    """The SPIDER T2-SPACE slices, thin as they are and averaged to slabs of `slab` mm.

    A slab is the mean of neighbouring 1 mm slices, and looks like a slice of a fast spin echo. SPIDER's
    vertebra masks hold bodies and posterior elements; what lies behind the middle of the canal is no body.
    S1 comes from `s1`, whose corners serve all slices of their patient, at most 4 mm from the one they were
    drawn on; on the slices of a patient that is not in `s1` nothing is known of S1.
    """
    sacra = {name.split("_")[0]: shapes for name, shapes in read_corners(s1).items()}
    by_patient: dict[str, list[Path]] = defaultdict(list)
    for path in (folder / "images").glob("*.png"):
        by_patient[path.name.split("_")[0]].append(path)
    for patient in sorted(set(by_patient) - TRANSITIONAL, key=int):
        paths = sorted(by_patient[patient], key=lambda path: int(path.stem.split("slice")[1]))
        corners = sacra[patient][0][1] if patient in sacra else None
        thin = [_spider_slice(path, patient, corners) for path in paths]
        yield from thin
        for start in range(0, len(thin) - slab + 1, max(slab // 2, 1)):
            yield _slab(thin[start : start + slab])


def _spider_slice(path: Path, patient: str, s1: list[tuple[float, float]] | None) -> AnnotatedSlice:
    image, drawn = read_grey(path), read_grey(path.parents[1] / "masks" / path.name)
    mask = np.zeros_like(image)
    if s1 is not None:
        mask[polygon(s1, image.shape)] = CODES["sacrum"]
    for structure, value in MASK_VALUES.items():
        mask[drawn == value] = CODES[structure]
    mask[behind_canal(mask == CODES["canal"]) & (mask == CODES["body"])] = 0
    top = _first_row(mask)
    spacing = (SPACING_MM, SPACING_MM)
    known = tuple(name for name in CODES if s1 is not None or name != "sacrum")
    return AnnotatedSlice(path.stem, f"spider-{patient}", image[top:], mask[top:], spacing, known)


def _first_row(mask: NDArray[np.uint8]) -> int:
    """The row from which all that is visible was drawn: SPIDER's annotators left some upper vertebrae out."""
    first = int(np.flatnonzero(np.isin(mask, (CODES["body"], CODES["disc"])).any(axis=1))[0])
    undrawn = first > UNDRAWN_MM / SPACING_MM
    return first - int(MARGIN_MM / SPACING_MM) if undrawn else 0


def behind_canal(canal: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pixels behind the middle of the canal, row by row; the nearest row speaks for one without canal."""
    rows = np.flatnonzero(canal.any(axis=1))
    if not rows.size:
        return np.zeros_like(canal)
    columns = np.arange(canal.shape[1])
    middle = (canal[rows] * columns).sum(axis=1) / canal[rows].sum(axis=1)
    line = np.interp(np.arange(canal.shape[0]), rows, middle)
    behind: NDArray[np.bool_] = columns[None, :] > line[:, None]
    return behind


def _slab(slices: list[AnnotatedSlice]) -> AnnotatedSlice:
    first, middle = slices[0], slices[len(slices) // 2]
    rows = min(item.image.shape[0] for item in slices)
    image = np.mean([item.image[-rows:] for item in slices], axis=0).astype(np.uint8)
    name = f"{first.name}_slab{len(slices)}"
    return AnnotatedSlice(name, first.patient, image, middle.mask[-rows:], first.spacing_mm, first.structures)
