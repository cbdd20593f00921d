"""Rows of a disc or dataset table to discs of the size that a network reads, with every row accounted for.

Volumes are stored whole (paper: 8 x 360 x 360 and 25 x 160 x 320 voxels). Reducing them costs more than a
training step of the small network, so it is done once: `prepare_split` keeps the result in a Hugging Face
`datasets` table that is mapped into memory, shared by loader processes and found again by a resumed run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pyarrow.parquet as pq
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from labeling.issues import Issue
from training.config import GRADES, VIEWS, InputConfig, Size

Voxels = NDArray[np.int16]

ABSENT = -1
"""Stands for a cell without a grade wherever grades are numbers."""

_PROBLEMS: Mapping[str, tuple[str, str]] = {
    "no-view": (
        "expected at least one of the axial and the sagittal volume; got neither",
        "Cut the discs again, or leave the row out.",
    ),
    "volume-bytes": (
        "expected a volume whose bytes are its shape in int16; got other bytes, shape or dtype",
        "Write the file again with the discs or build stage.",
    ),
    "grade-range": (
        f"expected grades from 0 to {GRADES - 1}; got another, which was left out",
        "Check the labels that the dataset was built from.",
    ),
}

FEATURES = datasets.Features(
    {
        "where": datasets.Value("string"),
        "study": datasets.Value("string"),
        "patient": datasets.Value("string"),
        "level": datasets.Value("string"),
        "axial": datasets.Value("binary"),
        "sagittal": datasets.Value("binary"),
        "grades": datasets.List(datasets.Value("int8")),
        "problems": datasets.List(datasets.Value("string")),
        "views": datasets.List(datasets.Value("string")),
    }
)
"""Columns of the prepared table: one row per disc of the source, those with problems included.

`views` says which volumes are there, so that counting them need not touch the volumes.
"""


@dataclass(frozen=True, slots=True)
class PreparedDisc:
    """One disc as a network reads it: int16 voxels of the configured size in C order, None where absent.

    `grades` has one rank per head and `ABSENT` where the report gives none. `problems` are the reasons why a
    view or a grade was left out; `where` is the file and row that the disc came from.
    """

    where: str
    study: str
    patient: str | None
    level: str
    axial: bytes | None
    sagittal: bytes | None
    grades: tuple[int, ...]
    problems: tuple[str, ...] = ()

    @property
    def patient_key(self) -> str:
        """The patient, or the study where the source does not name one: what must not be split."""
        return self.patient or self.study

    @property
    def views(self) -> tuple[str, ...]:
        """The views that are present, in the order of `VIEWS`."""
        return tuple(view for view in VIEWS if getattr(self, view) is not None)

    def issues(self) -> list[Issue]:
        """The problems of this disc for the quarantine table."""
        return issues_of(self.where, self.problems)


def issues_of(where: str, problems: Sequence[str]) -> list[Issue]:
    """Reasons of a prepared disc as issues; the disc is left out when nothing of it is left, else used."""
    return [
        Issue(where, reason, *_PROBLEMS[reason], severity="error" if reason == "no-view" else "warning")
        for reason in problems
    ]


def read_discs(files: Sequence[Path], inputs: InputConfig, heads: Sequence[str]) -> Iterator[PreparedDisc]:
    """The discs of `files` in order, one row group in memory at a time.

    A file without grade columns (a `discs` table) yields discs with every grade absent.
    """
    for path in files:
        source = pq.ParquetFile(path)
        wanted = ["study", "patient", "level", "dtype", *heads]
        wanted += [f"{view}{suffix}" for view in VIEWS for suffix in ("", "_shape")]
        columns = [name for name in wanted if name in source.schema_arrow.names]
        for row, batch in enumerate(source.iter_batches(batch_size=1, columns=columns)):
            yield _prepare(f"{path} > row {row}", batch.to_pylist()[0], inputs, heads)


def _prepare(where: str, row: Mapping[str, Any], inputs: InputConfig, heads: Sequence[str]) -> PreparedDisc:
    problems: list[str] = []
    views: dict[str, bytes | None] = {}
    for view in VIEWS:
        voxels = decode_volume(row.get(view), row.get(f"{view}_shape"), row.get("dtype"))
        if voxels is None and row.get(view) is not None:
            problems.append("volume-bytes")
        views[view] = None if voxels is None else resize(voxels, getattr(inputs, view)).tobytes()
    stated = [row.get(code) for code in heads]
    grades = tuple(int(g) if g is not None and 0 <= g < GRADES else ABSENT for g in stated)
    if any(grade == ABSENT and said is not None for grade, said in zip(grades, stated, strict=True)):
        problems.append("grade-range")
    if not any(views.values()):
        problems.append("no-view")
    return PreparedDisc(
        where=where,
        study=row["study"],
        patient=row.get("patient"),
        level=row["level"],
        grades=grades,
        problems=tuple(problems),
        **views,
    )


def decode_volume(data: bytes | None, shape: Sequence[int] | None, dtype: str | None) -> Voxels | None:
    """The voxels (slice, row, column) of a table, or None where bytes, shape and int16 do not agree."""
    if data is None or shape is None or dtype != "int16" or len(shape) != 3 or min(shape) < 1:
        return None
    if len(data) != 2 * int(np.prod(shape)):
        return None
    return np.frombuffer(data, np.dtype("<i2")).reshape(shape)


def resize(voxels: Voxels, size: Size) -> Voxels:
    """`voxels` at `size` (slices, rows, columns) over the same extent, each the mean of its place."""
    if voxels.shape == size:
        return voxels
    source = torch.from_numpy(voxels.astype(np.float32))[None, None]
    reduced: Voxels = F.adaptive_avg_pool3d(source, size)[0, 0].round().to(torch.int16).numpy()
    return reduced


def prepare_split(
    files: Sequence[Path], inputs: InputConfig, heads: Sequence[str], cache: Path
) -> datasets.Dataset:
    """The discs of `files` as a table of `FEATURES` that is mapped into memory from `cache`.

    A second call with the same settings and files (by size and time) opens what the first one wrote. The
    cache holds voxels: keep it where the dataset may be kept. Two bytes a voxel: 4.6 MB a disc for `paper`.
    """
    settings = {"inputs": asdict(inputs), "heads": list(heads)}
    sources = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    shown = datasets.is_progress_bar_enabled()
    datasets.disable_progress_bars()
    try:
        return datasets.Dataset.from_generator(
            _rows,
            features=FEATURES,
            cache_dir=str(cache),
            gen_kwargs={"sources": sources, "settings": settings},
        )
    finally:
        if shown:
            datasets.enable_progress_bars()


def _rows(sources: list[tuple[str, int, int]], settings: dict[str, Any]) -> Iterator[dict[str, Any]]:
    inputs = InputConfig(**settings["inputs"])
    for disc in read_discs([Path(path) for path, *_ in sources], inputs, settings["heads"]):
        yield {**asdict(disc), "views": disc.views}


def disc_of(row: Mapping[str, Any]) -> PreparedDisc:
    """A row of the prepared table as a value."""
    fields = {name: value for name, value in row.items() if name != "views"}
    return PreparedDisc(**{**fields, "grades": tuple(row["grades"]), "problems": tuple(row["problems"])})
