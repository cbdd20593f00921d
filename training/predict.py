"""Probabilities of every grade for discs, graded or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import torch
from numpy.typing import NDArray
from torch.utils.data import default_collate as collate

from dataset.shards import sha256_of
from dataset.stage import Progress, Shard, StageResult, fingerprint, run_stage, table_files
from labeling.columns import column
from labeling.issues import InputError, Issue
from labeling.quarantine import quarantine_table
from training.models.grader import Grader
from training.prepare import ABSENT, PreparedDisc, read_discs
from training.store import GraderCard, device, grader_sha256, load_grader
from training.transforms import Discs, to_tensors

PREDICTIONS = pa.schema(
    [
        column("study", pa.string(), "StudyInstanceUID", required=True),
        column("patient", pa.string(), "Patient ID"),
        column("level", pa.string(), "Disc level, as in L4-L5", required=True),
        column("code", pa.string(), "Code of the cell, as in RFS", required=True),
        column(
            "label",
            pa.int8(),
            "Grade of the dataset, 0..3",
            null="not mentioned or not graded",
        ),
        column(
            "probabilities",
            pa.list_(pa.float32(), 4),
            "Probability of normal, mild, moderate, severe. Rare grades weigh more in training, so these are "
            "higher for them than their frequency",
            required=True,
        ),
    ],
    metadata={"table": "predictions", "row": "one cell of one disc"},
)

_BATCH = 16


@dataclass(frozen=True, slots=True, eq=False)
class GradedByModel:
    """A disc, its volumes let go, and the grader's `probabilities` (heads, grades), each row summing to 1."""

    disc: PreparedDisc
    probabilities: NDArray[np.float32]


def predict(
    discs: Path, grader: Path, out: Path, *, resume: bool = True, progress: Progress | None = None
) -> StageResult:
    """Grade every disc of a folder that the discs stage wrote: ``predictions-*.parquet`` in `out`.

    A disc without a view that the grader reads goes to the quarantine table. Raises `InputError` when `discs`
    holds no ``discs-*.parquet`` or `grader` no trained grader.
    """
    files = table_files(discs, "discs")
    if not files:
        raise InputError(_no_discs(discs))
    load_grader(grader)
    shards = [
        Shard(path.stem.removeprefix("discs-"), path, fingerprint(path.name, sha256_of(path)))
        for path in files
    ]
    return run_stage(
        "predict",
        out,
        shards,
        _predict_file,
        _Settings(str(grader), grader_sha256(grader)),
        tables={"predictions": PREDICTIONS},
        workers=1,  # torch has its own threads
        resume=resume,
        progress=progress,
    )


def grade_discs(grader: Grader, card: GraderCard, discs: Iterable[PreparedDisc]) -> Iterator[GradedByModel]:
    """The grader's probabilities for discs that it can see, in order; on the GPU where there is one."""
    target = device()
    grader = grader.to(target).eval()
    stream = iter(discs)
    while batch := list(islice(stream, _BATCH)):
        tensors = Discs(*(t.to(target) for t in collate([to_tensors(d, card.config.inputs) for d in batch])))
        with torch.inference_mode():
            scores = grader(tensors.axial, tensors.sagittal, tensors.present)
        bare = (replace(disc, axial=None, sagittal=None) for disc in batch)
        yield from map(GradedByModel, bare, scores.float().softmax(dim=-1).cpu().numpy())


def grade_files(
    grader: Grader, card: GraderCard, files: Sequence[Path]
) -> tuple[list[GradedByModel], list[Issue]]:
    """Every disc of `files` that the grader can see, graded, and the problems of all of them."""
    issues: list[Issue] = []

    def seen() -> Iterator[PreparedDisc]:
        for disc in read_discs(files, card.config.inputs, card.config.heads):
            issues.extend(disc.issues())
            if set(disc.views) & set(card.config.model.views):
                yield disc
            elif disc.views:
                issues.append(_unseen(disc, card))

    return list(grade_discs(grader, card, seen())), issues


def predictions_table(graded: Sequence[GradedByModel], heads: Sequence[str]) -> pa.Table:
    """One row per disc and head, with the schema `PREDICTIONS`."""
    rows = [
        {
            "study": item.disc.study,
            "patient": item.disc.patient,
            "level": item.disc.level,
            "code": code,
            "label": None if grade == ABSENT else grade,
            "probabilities": probabilities.tolist(),
        }
        for item in graded
        for code, grade, probabilities in zip(heads, item.disc.grades, item.probabilities, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=PREDICTIONS)


@dataclass(frozen=True, slots=True)
class _Settings:
    grader: str
    sha256: str


def _predict_file(path: Path, settings: _Settings) -> dict[str, pa.Table]:
    grader, card = _loaded(settings)
    graded, issues = grade_files(grader, card, [path])
    return {
        "predictions": predictions_table(graded, card.config.heads),
        "quarantine": quarantine_table("predict", issues),
    }


@lru_cache(maxsize=1)
def _loaded(settings: _Settings) -> tuple[Grader, GraderCard]:
    return load_grader(Path(settings.grader))


def _unseen(disc: PreparedDisc, card: GraderCard) -> Issue:
    wanted, got = " or ".join(card.config.model.views), " and ".join(disc.views)
    message = f"expected a view that the grader reads ({wanted}); got {got} only."
    return Issue(disc.where, "view-not-read", message, "Use a grader that reads both views.")


def _no_discs(folder: Path) -> Issue:
    message = "expected files discs-*.parquet; found none."
    return Issue(str(folder), "no-discs", message, "Name the folder that the discs stage wrote.")
