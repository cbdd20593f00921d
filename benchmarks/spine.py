"""How well the spine curve fits real spines, and where the disc lies from a canal point.

    python benchmarks/spine.py

Two sets of masks beside the repository, each skipped where it is missing: 12 binary masks of seven vertebral
bodies (Chu et al. 2015) and mid-sagittal masks of 28 patients of SPIDER (van der Graaf et al. 2024).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
from matplotlib.image import imread
from scipy import ndimage

from dataset.imaging.points import CANAL_TO_DISC_MM, planes_from_canal
from dataset.imaging.spine import VERTEBRAE, SpineCurve, disc_planes, resting_on
from lexicons.vocabulary import LEVELS, Level
from training.segmentation.numbering import NAMES, number
from training.segmentation.predict import numbered_discs
from training.segmentation.regions import find_regions
from training.segmentation.sources import CODES
from training.segmentation.spider import SPACING_MM, from_spider

IMAGING = Path(__file__).parents[1].parent / "shared" / "imaging"
DISC, VERTEBRA, CANAL = 29, 76, 150
"""Values of the SPIDER masks."""


def main() -> None:
    for folder, report in (
        ("vertebral_bodies", report_curve),
        ("spider", report_planes),
        ("spider", report_canal),
    ):
        if (IMAGING / folder).is_dir():
            report(IMAGING / folder)
        else:
            print(f"{folder}: skipped, not beside the checkout")


def report_curve(folder: Path) -> None:
    spines = [centroids(path) for path in sorted(folder.glob("*.nii.gz"))]
    print(
        "vertebra left out, distance from its centroid to the curve, mm: median with neighbours on both sides"
    )
    for count in (7, 6, 5, 4):
        print(f"  {count} vertebrae, this curve: {left_out(spines, count, spine_curve):.2f}")
    for degree in (2, 3, 4, 5):
        print(f"  7 vertebrae, plain polynomial of degree {degree}: {left_out(spines, 7, plain(degree)):.2f}")


def centroids(path: Path) -> np.ndarray:
    """Centroids of the vertebral bodies from the feet to the head, mm."""
    mask = nib.load(path)
    pieces, count = ndimage.label(np.asarray(mask.dataobj))
    centres = np.array(ndimage.center_of_mass(pieces > 0, pieces, range(1, count + 1)))
    return centres[np.argsort(centres[:, 2])] * mask.header.get_zooms()


def left_out(spines: list[np.ndarray], count: int, fit: Callable[[np.ndarray], np.ndarray]) -> float:
    windows = [spine[start : start + count] for spine in spines for start in range(len(spine) - count + 1)]
    return float(
        np.median(
            [
                np.linalg.norm(fit(np.delete(window, number, axis=0)) - window[number], axis=1).min()
                for window in windows
                for number in range(1, count - 1)
            ]
        )
    )


def spine_curve(points: np.ndarray) -> np.ndarray:
    curve = SpineCurve.fit(points)
    return curve.at(np.linspace(0, curve.positions[-1], 3000))


def plain(degree: int) -> Callable[[np.ndarray], np.ndarray]:
    """Points on the polynomial of least squares in the length along the chords."""

    def fit(points: np.ndarray) -> np.ndarray:
        length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
        scaled = 2 * length / length[-1] - 1
        coefficients = np.polynomial.polynomial.polyfit(scaled, points, degree)
        return np.polynomial.polynomial.polyval(np.linspace(-1, 1, 3000), coefficients).T

    return fit


def report_planes(folder: Path) -> None:
    """How far a disc's plane passes the canal point next to the disc's back: by the curve, by the disc."""
    miss: dict[str, list[tuple[Level, float]]] = {"the curve": [], "the disc": []}
    slabs = [item for item in from_spider(folder) if "slab" in item.name]
    for item in slabs:
        found = find_regions({n: np.float32(item.mask == code) for n, code in CODES.items()}, SPACING_MM)
        numbers = number(found.found)
        if numbers.refused:
            continue
        centres = {NAMES[n]: lps(r.row_mm, r.column_mm) for n, r in numbers.vertebrae.items()}
        discs, canal = numbered_discs(found, numbers), canal_line(item.mask == CODES["canal"])
        for level, plane in disc_planes(centres).items():
            value = 11 + VERTEBRAE.index(level.lower)
            voxels = lps(*(np.argwhere(discs == value) * SPACING_MM).T)
            rested = resting_on(plane, voxels) if len(voxels) else None
            if rested is None:
                continue
            back = voxels[voxels[:, 1] >= np.percentile(voxels[:, 1], 95)].mean(axis=0)
            point = canal[np.linalg.norm(canal - back, axis=1).argmin()]
            if np.linalg.norm(point - back) < 20:
                for name, given in (("the curve", plane), ("the disc", rested)):
                    miss[name].append((level, abs(float((point - given.centre) @ given.normal))))
    print(
        f"SPIDER, {len(slabs)} slabs: from the canal point next to the disc to its plane, mm: median (95 %)"
    )
    for name, values in miss.items():
        every = [value for _, value in values]
        low = [value for level, value in values if level is Level.L5_S1]
        text = ", ".join(f"{np.median(v):.2f} ({np.percentile(v, 95):.1f})" for v in (every, low))
        print(f"  plane by {name}: all {len(every)}, L5-S1: {text}")


def canal_line(canal: np.ndarray) -> np.ndarray:
    """The middle of the canal, row by row, LPS mm."""
    rows = np.flatnonzero(canal.any(axis=1))
    middle = [np.flatnonzero(canal[row]).mean() for row in rows]
    return lps(*(ndimage.uniform_filter1d(side, 15) * SPACING_MM for side in (1.0 * rows, np.array(middle))))


def lps(row_mm: Any, column_mm: Any) -> np.ndarray:
    """Rows run to the feet, columns to the back."""
    return np.stack(np.broadcast_arrays(0.0, column_mm, -row_mm), axis=-1)


def report_canal(folder: Path) -> None:
    """Per level: canal to disc, and how planes and centres from canal points compare with the disc masks."""
    forwards: dict[Level, list[float]] = {level: [] for level in LEVELS}
    lean: dict[Level, list[float]] = {level: [] for level in LEVELS}
    miss: dict[Level, list[float]] = {level: [] for level in LEVELS}
    for discs in patients(folder):
        planes = planes_from_canal({level: canal for level, (_, _, canal) in discs.items()})
        for level, (centre, normal, canal) in discs.items():
            forwards[level].append(float(np.linalg.norm(canal - centre)))
            tangent = planes[level].normal
            lean[level].append(float(np.degrees(np.arcsin(normal[1] * tangent[2] - normal[2] * tangent[1]))))
            miss[level].append(float(np.linalg.norm(planes[level].centre - centre)))
    print(
        "SPIDER, median per level: canal to disc, mm (used); lean of the disc to the canal, degrees; miss, mm"
    )
    for level in LEVELS:
        print(
            f"  {level}, {len(forwards[level])} patients: {np.median(forwards[level]):.1f} "
            f"({CANAL_TO_DISC_MM[level]}), sd {np.std(forwards[level]):.1f}; "
            f"{np.median(lean[level]):.1f}; {np.median(miss[level]):.1f}"
        )


Found = dict[Level, tuple[np.ndarray, np.ndarray, np.ndarray]]
"""Of each level: centre of the disc, its normal towards the head, the canal behind it; LPS mm, x is 0."""


def patients(folder: Path) -> Iterator[Found]:
    spacing = {row["new_file_name"]: json.loads(row["PixelSpacing"].replace("[.", "[0.").replace(" .", " 0."))
               for row in csv.DictReader((folder / "overview.csv").open())}  # fmt: skip
    files = sorted((folder / "masks").glob("*.png"))
    for name, group in groupby(files, key=lambda path: path.name.split("_slice")[0]):
        slices = sorted(group, key=lambda path: int(path.stem.split("slice")[1]))
        found = dict(measured(slices[len(slices) // 2], np.array(spacing[name])))
        if len(found) > 1:
            yield found


def measured(
    path: Path, spacing: np.ndarray
) -> Iterator[tuple[Level, tuple[np.ndarray, np.ndarray, np.ndarray]]]:
    """The six lowest discs of a mid-sagittal mask that are long enough to have a direction."""
    mask = np.rint(imread(path) * 255)
    canal = np.argwhere(mask == CANAL)
    rows = np.unique(canal[:, 0])
    middle = np.array([[row, canal[canal[:, 0] == row, 1].mean()] for row in rows]) * spacing
    pieces, count = ndimage.label(mask == DISC)
    discs = []
    for piece in range(1, count + 1):
        points = np.argwhere(pieces == piece) * spacing
        values, vectors = np.linalg.eigh(np.cov(points.T))
        if len(points) > 250 and values[1] > 6 * values[0]:
            discs.append((points.mean(axis=0), vectors[:, 0] * -np.sign(vectors[0, 0])))
    discs.sort(key=lambda disc: -disc[0][0])
    for level, (centre, normal) in zip(reversed(LEVELS), discs[: len(LEVELS)], strict=False):
        behind = middle[np.abs((middle - centre) @ normal).argmin()]
        if abs((behind - centre) @ normal) < 2 and 10 < np.linalg.norm(behind - centre) < 45:
            yield level, (patient(centre), patient(normal), patient(behind))


def patient(point: np.ndarray) -> np.ndarray:
    """Row and column as LPS: rows run to the feet, columns to the back."""
    return np.array([0.0, point[1], -point[0]])


if __name__ == "__main__":
    main()
