"""Annotations of any origin become one folder of slices, which is all that training reads.

A slice folder holds ``slices.csv``, ``images/*.png`` (8-bit grey) and ``masks/*.png`` of the same name,
whose values are `CODES`. Rows of a picture run towards the feet, columns towards the back. ``slices.csv``
gives each picture its patient, its pixel spacing in mm and the structures that were annotated on it: a
structure that is not listed is unknown there, not absent.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from labeling.issues import InputError, Issue
from training.segmentation.unet import Structure

CODES: dict[Structure, int] = {"sacrum": 1, "body": 2, "disc": 3, "canal": 4}
"""Value of each structure in a mask picture; 0 is background."""

FIELDS = ("name", "patient", "row_mm", "column_mm", "structures")


@dataclass(frozen=True, slots=True, eq=False)
class AnnotatedSlice:
    """One sagittal slice with its mask.

    `image` is uint8 (rows, columns), `mask` uint8 of the same shape with the values of `CODES`,
    `spacing_mm` the distance between rows and between columns.
    """

    name: str
    patient: str
    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    spacing_mm: tuple[float, float]
    structures: tuple[Structure, ...]


def write_slices(slices: Iterable[AnnotatedSlice], folder: Path) -> int:
    """Write a slice folder, replacing its table; returns how many slices were written."""
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    rows = []
    for item in slices:
        Image.fromarray(item.image).save(folder / "images" / f"{item.name}.png")
        Image.fromarray(item.mask).save(folder / "masks" / f"{item.name}.png")
        rows.append((item.name, item.patient, *item.spacing_mm, " ".join(item.structures)))
    with (folder / "slices.csv").open("w", newline="") as file:
        csv.writer(file).writerows([FIELDS, *rows])
    return len(rows)


def read_slices(folder: Path) -> list[AnnotatedSlice]:
    """Every slice of a slice folder, in the order of its table.

    `InputError` says which file or row is wrong and what was expected.
    """
    table = folder / "slices.csv"
    if not table.is_file():
        raise problem(folder, "expected a slice folder with slices.csv, images/ and masks/; found no table")
    with table.open(newline="") as file:
        return [_read_row(folder, number, row) for number, row in enumerate(csv.DictReader(file), start=2)]


def _read_row(folder: Path, number: int, row: Mapping[str, str]) -> AnnotatedSlice:
    where = f"{folder / 'slices.csv'} > line {number}"
    if missing := [field for field in FIELDS if not row.get(field)]:
        raise problem(where, f"expected a value in each of {', '.join(FIELDS)}; {missing} empty")
    structures = tuple(name for name in CODES if name in row["structures"].split())
    if len(structures) != len(row["structures"].split()):
        raise problem(where, f"expected structures among {', '.join(CODES)}; got {row['structures']!r}")
    try:
        spacing = (float(row["row_mm"]), float(row["column_mm"]))
    except ValueError:
        raise problem(where, f"expected a spacing in mm; got {row['row_mm']}, {row['column_mm']}") from None
    image = read_grey(folder / "images" / f"{row['name']}.png")
    mask = read_grey(folder / "masks" / f"{row['name']}.png")
    if image.shape != mask.shape:
        raise problem(where, f"expected image and mask of one size; got {image.shape} and {mask.shape}")
    return AnnotatedSlice(row["name"], row["patient"], image, mask, spacing, structures)


def read_grey(path: Path) -> NDArray[np.uint8]:
    """A picture file as 8-bit grey, (rows, columns); `InputError` when there is none."""
    try:
        with Image.open(path) as picture:
            return np.array(picture.convert("L"))
    except OSError:
        raise problem(path, "expected a picture; got no file, or one that cannot be read") from None


def problem(where: Path | str, message: str) -> InputError:
    """The error of a training source: `where` it is wrong, what was expected and what was found."""
    return InputError(Issue(str(where), "bad-annotation", f"{message}.", "Correct the source and run again."))


def polygon(corners: Iterable[tuple[float, float]], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The pixels inside a polygon of (x, y) pixel centres, as a mask of `shape` (rows, columns)."""
    picture = Image.new("1", (shape[1], shape[0]))
    ImageDraw.Draw(picture).polygon(list(corners), fill=1, outline=1)
    return np.array(picture)


def read_corners(path: Path) -> dict[str, list[tuple[Structure, list[tuple[float, float]]]]]:
    """Four-corner annotations, as the paper drew them, by image name.

    Columns: ``image`` (file name), ``vertebra`` (``S1``, ``L5``, ..., any name; S1 is the sacrum, all
    others are bodies) and ``x1,y1,...,x4,y4``, pixel centres in order around the vertebra. `ValueError`
    names the line.
    """
    corners: dict[str, list[tuple[Structure, list[tuple[float, float]]]]] = defaultdict(list)
    with path.open(newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                points = [(float(row[f"x{k}"]), float(row[f"y{k}"])) for k in range(1, 5)]
                structure: Structure = "sacrum" if row["vertebra"].upper() == "S1" else "body"
                corners[row["image"]].append((structure, points))
            except (KeyError, TypeError, ValueError) as error:
                message = f"expected image, vertebra and x1,y1,...,x4,y4; got {error}"
                raise problem(f"{path} > line {number}", message) from None
    return dict(corners)


def from_corners(
    table: Path,
    images: Path,
    spacing_mm: Mapping[str, tuple[float, float]],
    patient: Mapping[str, str] | None = None,
) -> Iterator[AnnotatedSlice]:
    """Slices whose masks are the quadrilaterals of `read_corners`; `images` is the folder of their pictures.

    `spacing_mm` gives the distance of rows and of columns of each image, `patient` its patient key, for the
    split; without it each image is its own patient.
    """
    for name, quadrilaterals in read_corners(table).items():
        image = read_grey(images / name)
        mask = np.zeros_like(image)
        for structure, corners in quadrilaterals:
            mask[polygon(corners, image.shape)] = CODES[structure]
        key = (patient or {}).get(name, name)
        yield AnnotatedSlice(Path(name).stem, key, image, mask, spacing_mm[name], ("sacrum", "body"))


def from_label_map(
    name: str, patient: str, image: NDArray[np.float32], labels: NDArray[np.uint8], pixel_mm: float
) -> AnnotatedSlice:
    """A slice of any intensity with a map of its vertebrae, 1 for S1 and more for the bodies above it."""
    mask = np.zeros(labels.shape, np.uint8)
    mask[labels > 1], mask[labels == 1] = CODES["body"], CODES["sacrum"]
    bright = max(float(np.percentile(image, 99.8)), 1e-6)
    grey = (np.clip(image.astype(np.float64) / bright, 0, 1) * 255).astype(np.uint8)
    return AnnotatedSlice(name, patient, grey, mask, (pixel_mm, pixel_mm), ("sacrum", "body"))
