"""Annotations of any origin become one folder of slices, which is all that training reads.

A slice folder holds ``slices.csv``, ``images/*.png`` (8-bit grey) and ``masks/*.png`` of the same name, whose
values are `CODES`. Rows of a picture run towards the feet, columns towards the back. ``slices.csv`` gives each
picture its patient, its pixel spacing in mm and the structures that were annotated on it: a structure that is not
listed is unknown there, not absent.
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

from training.segmentation.unet import Structure

CODES: dict[Structure, int] = {"sacrum": 1, "body": 2, "disc": 3, "canal": 4}
"""Value of each structure in a mask picture; 0 is background."""

SPIDER_CODES: dict[Structure, int] = {"disc": 29, "body": 76, "canal": 150}
"""Values in the mask pictures of the SPIDER slices; their vertebrae include the posterior elements."""

SPIDER_S1 = Path(__file__).with_name("spider_s1.csv")
"""Four corners of S1 for each SPIDER patient, drawn for this project: SPIDER's masks end at L5."""

FIELDS = ("name", "patient", "row_mm", "column_mm", "structures")


@dataclass(frozen=True, slots=True, eq=False)
class AnnotatedSlice:
    """One sagittal slice with its mask.

    `image` is uint8 (rows, columns), `mask` uint8 of the same shape with the values of `CODES`, `spacing_mm` the
    distance between rows and between columns.
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

    `FileNotFoundError` and `ValueError` say which file or row is wrong and what was expected.
    """
    table = folder / "slices.csv"
    if not table.is_file():
        raise FileNotFoundError(f"{table}: not found; a slice folder holds slices.csv, images/ and masks/")
    with table.open(newline="") as file:
        return [_read_row(folder, number, row) for number, row in enumerate(csv.DictReader(file), start=2)]


def _read_row(folder: Path, number: int, row: Mapping[str, str]) -> AnnotatedSlice:
    where = f"{folder / 'slices.csv'} > line {number}"
    if missing := [field for field in FIELDS if not row.get(field)]:
        raise ValueError(f"{where}: expected a value in each of {', '.join(FIELDS)}; {missing} empty")
    structures = tuple(name for name in CODES if name in row["structures"].split())
    if len(structures) != len(row["structures"].split()):
        raise ValueError(
            f"{where} > structures: expected names among {', '.join(CODES)}; got {row['structures']!r}"
        )
    image = _grey(folder / "images" / f"{row['name']}.png")
    mask = _grey(folder / "masks" / f"{row['name']}.png")
    if image.shape != mask.shape:
        raise ValueError(
            f"{where}: expected image and mask of one size; got {image.shape} and {mask.shape}"
        )
    spacing = (float(row["row_mm"]), float(row["column_mm"]))
    return AnnotatedSlice(row["name"], row["patient"], image, mask, spacing, structures)


def _grey(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as picture:
        return np.array(picture.convert("L"))


def polygon(corners: Iterable[tuple[float, float]], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """The pixels inside a polygon of (x, y) pixel centres, as a mask of `shape` (rows, columns)."""
    picture = Image.new("1", (shape[1], shape[0]))
    ImageDraw.Draw(picture).polygon(list(corners), fill=1, outline=1)
    return np.array(picture)


def read_corners(path: Path) -> dict[str, list[tuple[Structure, list[tuple[float, float]]]]]:
    """Four-corner annotations, as the paper drew them, by image name.

    Columns: ``image`` (file name), ``vertebra`` (``S1``, ``L5``, ..., any name; S1 is the sacrum, all others are
    bodies) and ``x1,y1,...,x4,y4``, pixel centres in order around the vertebra. `ValueError` names the line.
    """
    corners: dict[str, list[tuple[Structure, list[tuple[float, float]]]]] = defaultdict(list)
    with path.open(newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                points = [(float(row[f"x{k}"]), float(row[f"y{k}"])) for k in range(1, 5)]
                structure: Structure = "sacrum" if row["vertebra"].upper() == "S1" else "body"
                corners[row["image"]].append((structure, points))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(
                    f"{path} > line {number}: expected image, vertebra and x1,y1,...,x4,y4; got {error}"
                ) from None
    return dict(corners)


def from_corners(
    table: Path, images: Path, spacing_mm: tuple[float, float], patient: Mapping[str, str] | None = None
) -> Iterator[AnnotatedSlice]:
    """Slices whose masks are the quadrilaterals of `read_corners`; `images` is the folder of their pictures.

    `patient` maps image names to patient keys, for the split; without it each image is its own patient.
    """
    for name, quadrilaterals in read_corners(table).items():
        image = _grey(images / name)
        mask = np.zeros_like(image)
        for structure, corners in quadrilaterals:
            mask[polygon(corners, image.shape)] = CODES[structure]
        key = (patient or {}).get(name, name)
        yield AnnotatedSlice(Path(name).stem, key, image, mask, spacing_mm, ("sacrum", "body"))


SPIDER_SPACING_MM = 0.46875
SPIDER_TRANSITIONAL = frozenset({"241"})
"""Patients left out: SPIDER counts the wedge-shaped first sacral segment of 241 as its lowest lumbar vertebra."""


def from_spider(folder: Path, s1: Path = SPIDER_S1, slab: int = 4) -> Iterator[AnnotatedSlice]:
    """The SPIDER T2-SPACE slices, thin as they are and averaged to slabs of `slab` mm.

    A slab is the mean of neighbouring 1 mm slices, and looks like a slice of a fast spin echo. SPIDER's vertebra
    masks hold bodies and posterior elements; what lies behind the middle of the canal is no body. S1 comes from
    `s1`, whose corners serve all slices of their patient, at most 4 mm from the one they were drawn on.
    """
    sacra = {name.split("_")[0]: shapes for name, shapes in read_corners(s1).items()}
    by_patient: dict[str, list[Path]] = defaultdict(list)
    for path in (folder / "images").glob("*.png"):
        by_patient[path.name.split("_")[0]].append(path)
    for patient in sorted(set(by_patient) & set(sacra) - SPIDER_TRANSITIONAL, key=int):
        paths = sorted(by_patient[patient], key=lambda path: int(path.stem.split("slice")[1]))
        thin = [_spider_slice(path, patient, sacra[patient][0][1]) for path in paths]
        yield from thin
        for start in range(0, len(thin) - slab + 1, max(slab // 2, 1)):
            yield _slab(thin[start : start + slab])


def _spider_slice(path: Path, patient: str, s1: list[tuple[float, float]]) -> AnnotatedSlice:
    image, drawn = _grey(path), _grey(path.parents[1] / "masks" / path.name)
    mask = np.zeros_like(image)
    mask[polygon(s1, image.shape)] = CODES["sacrum"]
    for structure, value in SPIDER_CODES.items():
        mask[drawn == value] = CODES[structure]
    mask[behind_canal(mask == CODES["canal"]) & (mask == CODES["body"])] = 0
    top = int(np.flatnonzero((mask == CODES["body"]).any(axis=1))[0])  # vertebrae above it were not drawn
    spacing = (SPIDER_SPACING_MM, SPIDER_SPACING_MM)
    return AnnotatedSlice(path.stem, f"spider-{patient}", image[top:], mask[top:], spacing, tuple(CODES))


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
