"""A small archive as the label and the discs stage would have written it: tables with tiny volumes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dataset.schema import DISCS
from dataset.shards import write_parquet
from labeling.labels import LABELS, REPORTS
from lexicons.findings import CORE_CODES
from lexicons.vocabulary import LEVELS, Level

Row = dict[str, Any]
SHAPES = {"axial": (2, 4, 4), "sagittal": (3, 4, 5)}
_SERIES = {"axial": "1.2.3.1", "sagittal": "1.2.3.2"}


def report_row(name: str, study: str | None, **values: Any) -> Row:
    """A row of `reports`; every column can be given."""
    row = {
        "report_id": name,
        "study": study,
        "patient": None,
        "reader": None,
        "date": None,
        "language": "en",
        "modality": "MR",
        "site": None,
        "complete": True,
        "flags": [],
        "text_sha256": hashlib.sha256(name.encode()).hexdigest(),
        "unread": 0,
        "policy": "deepspine",
        "error": None,
    }
    return row | values


def label_row(report: str, level: Level | str, code: str, grade: int | None = 0, **values: Any) -> Row:
    """A row of `labels`: an affirmed, stated grade unless told."""
    low, high = (grade, grade) if grade is not None else (1, 3)
    row = {
        "report_id": report,
        "level": str(level),
        "finding": code,
        "grade": grade,
        "low": low,
        "high": high,
        "certainty": "affirmed",
        "basis": "stated",
        "flags": [],
        "evidence": [{"start": 0, "end": 4, "role": "grade", "rule": "grades/normal"}],
        "lexicon": "0123abcd",
    }
    return row | values


def disc_row(
    study: str, level: Level | str, *, views: Sequence[str] = ("axial", "sagittal"), **values: Any
) -> Row:
    """A row of `discs` whose voxels depend on study and level alone."""
    seed = int.from_bytes(hashlib.sha256(f"{study} {level}".encode()).digest()[:4], "big")
    rng = np.random.default_rng(seed)
    row: Row = dict.fromkeys(DISCS.names)
    for view in views:
        row |= {
            view: rng.integers(0, 900, SHAPES[view], np.int16).tobytes(),
            f"{view}_shape": SHAPES[view],
            f"{view}_spacing_mm": (2.0, 0.25, 0.25),
            f"{view}_coverage": 1.0,
            f"{view}_series": _SERIES[view],
        }
    row |= {
        "study": study,
        "level": str(level),
        "centre": (0.0, 1.5, -30.0 * int(Level.parse(str(level))) if str(level) in map(str, LEVELS) else 0.0),
        "normal": (0.0, 0.0, 1.0),
        "dtype": "int16",
        "source": "mask",
        "flags": [],
    }
    return row | values


@dataclass
class Archive:
    """Rows of the three input tables, and how to write them as stage folders."""

    reports: list[Row] = field(default_factory=list)
    labels: list[Row] = field(default_factory=list)
    discs: list[Row] = field(default_factory=list)

    def add(
        self,
        study: str,
        patient: str | None,
        *,
        grades: Mapping[Level, Mapping[str, int | None]] | None = None,
        levels: Sequence[Level] = LEVELS,
        day: int = 1,
    ) -> None:
        """One study with one report: every core cell normal, unless `grades` says otherwise."""
        name = f"report of {study}"
        self.reports.append(report_row(name, study, patient=patient, date=date(2017, 1, day)))
        for level in LEVELS:
            cells = dict.fromkeys(CORE_CODES, 0) if grades is None else grades.get(level, {})
            self.labels += [label_row(name, level, code, grade) for code, grade in cells.items()]
        self.discs += [disc_row(study, level, patient=patient) for level in levels]

    def write(self, root: Path, *, files: int = 2) -> tuple[Path, Path]:
        """Write the folders ``labels`` and ``discs`` under `root`, discs one row a row group."""
        labels, discs = root / "labels", root / "discs"
        write_parquet(pa.Table.from_pylist(self.reports, REPORTS), labels / "reports-00000.parquet")
        write_parquet(pa.Table.from_pylist(self.labels, LABELS), labels / "labels-00000.parquet")
        for number in range(files):
            table = pa.Table.from_pylist(self.discs[number::files], DISCS)
            write_parquet(table, discs / f"discs-{number:05d}.parquet", row_group_rows=1)
        return labels, discs


def random_archive(patients: int, *, seed: int = 0, most_studies: int = 2) -> Archive:
    """An archive of so many patients with up to `most_studies` studies each and grades skewed as in life."""
    rng = np.random.default_rng(seed)
    archive = Archive()
    for number in range(patients):
        for visit in range(1 + int(rng.integers(most_studies))):
            grades = {
                level: {code: int(rng.choice(4, p=(0.55, 0.25, 0.13, 0.07))) for code in CORE_CODES}
                for level in LEVELS
            }
            archive.add(f"1.2.{number}.{visit}", f"P{number:03d}", grades=grades, day=1 + visit)
    return archive
