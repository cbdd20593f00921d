"""The main job on a sample archive: from free-text reports and DICOM studies to an evaluated grader.

Every step is the function that its command calls. The archive is made here with known truth, so the demo can
end with what no real archive shows: the parser against what the reports were written to say, and the discs
against where they are.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.text import Text

from dataset.keys import file_key
from dataset.schema import DATASET, DISCS
from dataset.shards import write_bytes
from dataset.stage import StageResult, read_table
from levelwise.console import out as console
from levelwise.console import progress, say_result
from levelwise.sample.record import StudyRecord, read_truth
from lexicons.findings import HEAD_CODES
from lexicons.vocabulary import Level

if TYPE_CHECKING:
    from levelwise.sample.archive import SampleArchive

# Each step imports what it needs, so that the first line appears at once.
# ruff: noqa: PLC0415


@dataclass(frozen=True, slots=True)
class Demo:
    """The folders of a demo, one per stage, and the options that the stages share."""

    root: Path
    patients: int = 40
    seed: int = 0
    epochs: int | None = None
    workers: int | None = None
    resume: bool = True

    def folder(self, stage: str) -> Path:
        """Where that stage writes."""
        return self.root / stage

    @property
    def gold(self) -> Path:
        """What the reports were written to say, in the format of annotated reports."""
        return self.folder("archive") / "gold.jsonl"

    @property
    def picture(self) -> Path:
        """One study of the test split with curve, disc planes and grades."""
        return self.root / "study.png"


def run_demo(demo: Demo) -> Demo:
    """Run every stage of the main job on a sample archive in the folder ``demo.root``.

    Prints what each stage did. A second run reuses what is finished.
    """
    started = time.monotonic()
    archive = _write_archive(demo)
    for title, step in _STEPS:
        console.rule(Text(title), align="left", style="dim")
        step(demo)
    _compare_with_truth(demo, archive)
    _draw(demo)
    _say_where(demo, time.monotonic() - started)
    return demo


def _write_archive(demo: Demo) -> SampleArchive:
    from levelwise.sample.archive import write_archive

    console.rule(
        Text("sample archive: fictional patients, real DICOM, known truth"), align="left", style="dim"
    )
    with progress("sample archive", "patients") as tell:
        archive = write_archive(
            demo.folder("archive"),
            demo.patients,
            demo.seed,
            workers=demo.workers,
            progress=tell,
            resume=demo.resume,
        )
    _write_gold(archive, demo.gold)
    console.print(Text(archive.summary()))
    console.print(Text(f"  -> {archive.reports}\n  -> {archive.dicom}"), style="dim")
    return archive


def _write_gold(archive: SampleArchive, path: Path) -> None:
    """The sample reports with the cells that they were written to say."""
    cells = {record.truth.study: record.cells for record in read_truth(archive.truth)}
    reports = map(json.loads, archive.reports.read_text("utf-8").splitlines())
    lines = [
        json.dumps({"id": report["id"], "text": report["text"], "cells": cells[report["study"]]})
        for report in reports
    ]
    write_bytes(("\n".join(lines) + "\n").encode(), path)


def _label(demo: Demo) -> None:
    from dataset.label_archive import label_archive

    _stage(demo, "label", lambda **how: label_archive(demo.folder("archive") / "reports.jsonl", **how))


def _index(demo: Demo) -> None:
    from dataset.imaging.index import index_tree

    _stage(demo, "index", lambda **how: index_tree(demo.folder("archive") / "dicom", **how))


def _segment(demo: Demo) -> None:
    from training.segmentation.segment import segment

    # Several processes of one thread each beat one process of several threads.
    workers = demo.workers or os.cpu_count()
    _stage(demo, "segment", lambda **how: segment(demo.folder("index"), **(how | {"workers": workers})))


def _discs(demo: Demo) -> None:
    from dataset.imaging.discs import cut_discs

    _stage(demo, "discs", lambda **how: cut_discs(demo.folder("index"), masks=demo.folder("segment"), **how))


def _stage(demo: Demo, name: str, run: Callable[..., StageResult]) -> None:
    with progress(name) as tell:
        result = run(out=demo.folder(name), workers=demo.workers, resume=demo.resume, progress=tell)
    say_result(result)


def _build(demo: Demo) -> None:
    from dataset.build import build
    from levelwise.tables import say_build

    with progress("build") as tell:
        result = build(
            demo.folder("label"),
            demo.folder("discs"),
            demo.folder("build"),
            synthetic=True,
            workers=demo.workers,
            resume=demo.resume,
            progress=tell,
        )
    say_build(result)


def _card(demo: Demo) -> None:
    from dataset.card import AGREEMENT, write_card
    from labeling.agreement import agree

    parser = agree(demo.folder("label"), demo.gold).to_json()
    write_bytes((json.dumps(parser, indent=1) + "\n").encode(), demo.folder("build") / AGREEMENT)

    console.print(Text(f"card -> {write_card(demo.folder('build'))}"))


def _train(demo: Demo) -> None:
    from training.fit import fit

    with progress("train", "steps") as tell:
        result = fit(
            demo.folder("build"),
            demo.folder("train"),
            epochs=demo.epochs,
            seed=demo.seed,
            resume=demo.resume,
            progress=tell,
        )
    console.print(Text(result.summary()))
    console.print(Text(f"  -> {demo.folder('train')}"), style="dim")


def _evaluate(demo: Demo) -> None:
    from levelwise.tables import say_evaluation
    from training.evaluate import evaluate

    say_evaluation(evaluate(demo.folder("build"), demo.folder("train"), demo.folder("evaluate")))


_STEPS: tuple[tuple[str, Callable[[Demo], None]], ...] = (
    ("levelwise label: report text to grades", _label),
    ("levelwise index: DICOM files to series and stacks", _index),
    ("levelwise segment: vertebrae on the mid-sagittal slices", _segment),
    ("levelwise discs: two oblique volumes of every disc", _discs),
    ("levelwise build: grades joined to volumes", _build),
    ("levelwise card: what the dataset is", _card),
    ("levelwise train: the two-branch grader", _train),
    ("levelwise evaluate: Table 1 of the paper", _evaluate),
)
"""The stages in their order, each with the title that is printed above it."""


def _compare_with_truth(demo: Demo, archive: SampleArchive) -> None:
    from labeling.agreement import agree
    from levelwise.tables import say_agreement

    console.rule(Text("against the truth of the sample archive"), align="left", style="dim")
    say_agreement(
        agree(demo.folder("label"), demo.gold), title="The parser against what the reports say (%)", misses=5
    )
    errors = disc_errors_mm(demo.folder("discs"), read_truth(archive.truth))
    if errors.size:
        console.print(
            f"  discs: {errors.size} cut; centres {np.median(errors):.1f} mm from the true ones (median), "
            f"{np.percentile(errors, 95):.1f} mm (95th percentile), {errors.max():.1f} mm (worst)"
        )


def disc_errors_mm(
    discs: Path, truth: tuple[StudyRecord, ...]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Distance in mm of every disc that was cut from the true centre of the level that it was given.

    A disc with the wrong level name is about 35 mm away, so a shifted numbering cannot hide.
    """
    known = {record.truth.study: record.discs for record in truth}
    rows = read_table(discs, "discs", DISCS, ["study", "level", "centre"]).to_pylist()
    return np.array(
        [
            np.linalg.norm(np.subtract(row["centre"], known[row["study"]][Level.parse(row["level"])].centre))
            for row in rows
        ]
    )


def _draw(demo: Demo) -> None:
    """The study of the test split with the most disease."""
    from dataset.imaging.look import draw_study

    columns = ["study", "level", "split", *HEAD_CODES]
    rows: list[dict[str, int | str | None]] = []
    for split in ("test", "validation", "train"):
        rows = rows or read_table(demo.folder("build") / "data", split, DATASET, columns).to_pylist()
    grades: dict[str, dict[Level, dict[str, int]]] = {}
    for row in rows:
        cells = {code: int(row[code] or 0) for code in HEAD_CODES if row[code] is not None}
        grades.setdefault(str(row["study"]), {})[Level.parse(str(row["level"]))] = cells
    if not grades:
        return
    study = max(grades, key=lambda uid: (sum(sum(c.values()) for c in grades[uid].values()), file_key(uid)))
    draw_study(demo.folder("index"), demo.folder("discs"), study, demo.picture, grades=grades[study])


def _say_where(demo: Demo, seconds: float) -> None:
    console.rule(Text("written"), align="left", style="dim")
    for what, path in (
        ("labels", demo.folder("label")),
        ("dataset", demo.folder("build")),
        ("data card", demo.folder("build") / "README.md"),
        ("grader", demo.folder("train")),
        ("evaluation", demo.folder("evaluate") / "table1.md"),
        ("picture", demo.picture),
    ):
        console.print(Text(f"  {what:11s} {path}"))
    console.print(f"done in {seconds:.0f} s", style="bold")
