"""Is one row sound? Vocabulary, ranges, volumes: rows of the dataset, of `discs` and of `labels`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from dataset.schema import DATASET, DISCS
from labeling.issues import Issue
from labeling.labels import LABELS
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS, Basis, Certainty

VIEWS = ("axial", "sagittal")
REBUILD = "Run the stage that wrote it again: it makes damaged files anew."
_ITEM_BYTES = {"int16": 2}
_LEVEL_NAMES = frozenset(map(str, LEVELS))


def check_row(where: str, row: Mapping[str, Any], split: str, *, volumes: bool = True) -> Iterator[Issue]:
    """Every fault of one row, which lies in a file of `split`; a volume is given as its number of bytes.

    Without `volumes` the dataset was built for its labels alone, and every view is null.
    """
    yield from check_nulls(where, row, DATASET)
    yield from _check_level(where, row)
    yield from _check_words(where, row, split)
    for code, (finding, _) in CODES.items():
        cell = (row[code], row[f"{code}_low"], row[f"{code}_high"])
        yield from _check_cell(f"{where} > {code}", *cell, len(finding.scale) - 1)
    yield from _check_cut(where, row, volumes=volumes)


def check_disc(where: str, row: Mapping[str, Any]) -> Iterator[Issue]:
    """Every fault of one row of `discs`; a volume is given as its number of bytes."""
    yield from check_nulls(where, row, DISCS)
    yield from _check_level(where, row)
    yield from _check_cut(where, row)


def check_label(where: str, row: Mapping[str, Any]) -> Iterator[Issue]:
    """Every fault of one row of `labels`."""
    yield from check_nulls(where, row, LABELS)
    yield from _check_level(where, row)
    for name, words in (("finding", CODES), ("certainty", list(Certainty)), ("basis", list(Basis))):
        if row[name] is not None and row[name] not in words:
            message = f"expected one of {', '.join(words)}; got another word."
            yield Issue(f"{where} > {name}", f"unknown-{name}", message, REBUILD)
    if row["finding"] in CODES:
        top = len(CODES[row["finding"]][0].scale) - 1
        yield from _check_cell(where, row["grade"], row["low"], row["high"], top)
    if any(not 0 <= one["start"] < one["end"] for one in row["evidence"] or ()):
        message = "expected spans with 0 <= start < end; got another."
        yield Issue(f"{where} > evidence", "wrong-span", message, REBUILD)


def check_nulls(where: str, row: Mapping[str, Any], schema: pa.Schema) -> Iterator[Issue]:
    """Every column that must have a value and has none."""
    for want in schema:
        if not want.nullable and row[want.name] is None:
            yield Issue(f"{where} > {want.name}", "null", "expected a value; got null.", REBUILD)


def _check_cut(where: str, row: Mapping[str, Any], *, volumes: bool = True) -> Iterator[Issue]:
    for view in VIEWS:
        yield from _check_volume(f"{where} > {view}", view, row)
    if volumes and all(row[view] is None for view in VIEWS):
        yield Issue(where, "no-volume", "expected an axial or a sagittal volume; got neither.", REBUILD)
    yield from _check_normal(f"{where} > normal", row["normal"])
    if row["centre"] is not None and not all(math.isfinite(x) for x in row["centre"]):
        yield Issue(f"{where} > centre", "wrong-centre", "expected a point in mm; got another.", REBUILD)


def _check_level(where: str, row: Mapping[str, Any]) -> Iterator[Issue]:
    if row["level"] is not None and row["level"] not in _LEVEL_NAMES:
        message = f"expected one of {', '.join(map(str, LEVELS))}; got another word."
        yield Issue(f"{where} > level", "unknown-level", message, REBUILD)


def _check_words(where: str, row: Mapping[str, Any], split: str) -> Iterator[Issue]:
    if row["split"] != split:
        message = f"expected {split!r}, as the file is named; got {row['split']!r}."
        yield Issue(f"{where} > split", "wrong-split", message, REBUILD)
    if row["fold"] is not None and split != ("validation" if row["fold"] == 0 else "train"):
        message = (
            f"expected fold 0 in validation, others in train, none in test; got {row['fold']} in {split}."
        )
        yield Issue(f"{where} > fold", "wrong-fold", message, REBUILD)
    for name in ("uncertain", "implied"):
        for code in row[name] or ():
            if code not in CODES or row[f"{code}_low"] is None:
                message = "expected only codes that the row has an interval for; got another."
                yield Issue(f"{where} > {name}", "unknown-code", message, REBUILD)


def _check_cell(
    where: str, grade: int | None, low: int | None, high: int | None, top: int
) -> Iterator[Issue]:
    if low is None and high is None and grade is None:
        return
    if low is None or high is None:
        message = f"expected an interval with both ends; got low {low}, high {high}, grade {grade}."
        yield Issue(where, "half-interval", message, REBUILD)
    elif not 0 <= low <= high <= top:
        message = f"expected 0 <= low <= high <= {top}; got {low}..{high}."
        yield Issue(where, "wrong-interval", message, REBUILD)
    elif grade is not None and not low <= grade <= high:
        message = f"expected a grade within {low}..{high}; got {grade}."
        yield Issue(where, "grade-outside-interval", message, REBUILD)


def _check_volume(where: str, view: str, row: Mapping[str, Any]) -> Iterator[Issue]:
    size, shape, spacing = row[view], row[f"{view}_shape"], row[f"{view}_spacing_mm"]
    if (size is None) != (shape is None) or (size is None) != (spacing is None):
        yield Issue(where, "half-volume", "expected volume, shape and spacing, or none of them.", REBUILD)
        return
    coverage = row[f"{view}_coverage"]
    if coverage is not None and not 0 <= coverage <= 1:
        message = f"expected a coverage in 0..1; got {coverage:g}."
        yield Issue(where, "wrong-coverage", message, REBUILD)
    if size is None:
        return
    if row["dtype"] not in _ITEM_BYTES:
        yield Issue(where, "wrong-dtype", f"expected int16; got {row['dtype']!r}.", REBUILD)
    else:
        yield from _check_bytes(where, size, shape, row["dtype"])
    if not all(math.isfinite(x or 0) and (x or 0) > 0 for x in spacing):
        yield Issue(where, "wrong-spacing", "expected spacings above 0 mm; got another.", REBUILD)


def _check_bytes(where: str, size: int, shape: list[int | None], dtype: str) -> Iterator[Issue]:
    sides = [side or 0 for side in shape]
    want = math.prod(sides) * _ITEM_BYTES[dtype]
    if min(sides) < 1 or want != size:
        message = f"expected {want:,} bytes for shape {' x '.join(map(str, sides))} of {dtype}; got {size:,}."
        yield Issue(where, "wrong-bytes", message, REBUILD)


def _check_normal(where: str, normal: list[float] | None) -> Iterator[Issue]:
    if normal is not None and not abs(math.hypot(*normal) - 1) < 1e-3:
        message = f"expected a unit vector; got length {math.hypot(*normal):.3f}."
        yield Issue(where, "wrong-normal", message, REBUILD)
