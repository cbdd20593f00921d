"""The segment stage: an index of DICOM stacks to numbered vertebra label maps, one NIfTI file per study."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Unpack

import pyarrow as pa
import pyarrow.parquet as pq
import torch

from dataset.imaging.labelmap import write_label_map
from dataset.imaging.series import choose_sagittal
from dataset.imaging.stacks import Stack, load_stack, read_stacks
from dataset.keys import file_key
from dataset.stage import Run, Shard, StageResult, fingerprint, run_stage, table_files
from labeling.columns import column
from labeling.issues import InputError, Issue
from labeling.quarantine import quarantine_table
from training.segmentation.numbering import NAMES, REASONS
from training.segmentation.predict import Segmentation, segment_volume
from training.segmentation.unet import Segmenter
from training.segmentation.weights import SHIPPED, load_segmenter, weights_hash

STAGE = "segment"
STUDIES_PER_SHARD = 16

MASKS = pa.schema(
    [
        column("study", pa.string(), "StudyInstanceUID", required=True),
        column("series", pa.string(), "SeriesInstanceUID that the vertebrae were found on", required=True),
        column("stack", pa.int32(), "Stack of that series", required=True),
        column(
            "file",
            pa.string(),
            "Label map in this folder: 1 is S1, 2 L5, ..., 8 T11; 11 is the disc L5-S1, ..., 17 T11-T12",
            required=True,
        ),
        column("vertebrae", pa.list_(pa.string()), "Vertebrae in the map, from S1 up", required=True),
        column(
            "slices", pa.list_(pa.int32()), "Slices of the stack that carry labels, from 0", required=True
        ),
        column("certainty", pa.float32(), "Mean probability of the labelled pixels, 0..1", required=True),
        column("flags", pa.list_(pa.string()), "What an auditor should know of this map", required=True),
        column("weights", pa.string(), "Content hash of the network's weights", required=True),
    ],
    metadata={"table": "masks", "row": "one study whose vertebrae were found and numbered"},
)
"""Arrow schema of the table that the stage writes beside its label maps."""


@dataclass(frozen=True, slots=True)
class SegmentSettings:
    """What decides the output of the stage besides the images."""

    weights: str
    weights_hash: str


@dataclass(frozen=True, slots=True, eq=False)
class _Study:
    """One study to segment: the folder to write to and the stack to read; no stack where none qualifies."""

    out: Path
    where: str
    study: str
    stack: Stack | None


def segment(
    index: Path,
    out: Path,
    *,
    weights: Path | None = None,
    **run: Unpack[Run],
) -> StageResult:
    """Segment and number the vertebrae of every study in the folder `index` that `index_tree` wrote.

    Writes ``<file key of the study>.nii.gz`` in the geometry of its sagittal T2 stack and the tables
    ``masks`` and ``quarantine`` into `out`. `weights` None takes the shipped network. `workers` None is one
    process: torch uses all processors by itself. A study without a sagittal T2 stack, with unreadable
    pixels, or whose vertebrae cannot be numbered for certain is in the quarantine table, with the reason,
    and has no label map.
    """
    path = weights or SHIPPED
    settings = SegmentSettings(str(path), weights_hash(path))
    if not run.get("dry_run"):
        _forget_lost_maps(out)
    shards = list(_shards(read_stacks(index), out))
    run["workers"] = run.get("workers") or 1
    return run_stage(
        STAGE,
        out,
        shards,
        segment_shard,
        settings,
        tables={"masks": MASKS},
        **run,
    )


def segment_shard(studies: tuple[_Study, ...], settings: SegmentSettings) -> Mapping[str, pa.Table]:
    """The `masks` and `quarantine` rows of some studies; writes their label maps."""
    if multiprocessing.parent_process() is not None:
        torch.set_num_threads(1)  # the processes share the processors
    network = _network(settings.weights, settings.weights_hash)
    rows: list[dict[str, Any]] = []
    issues: list[Issue] = []
    for study in studies:
        outcome = _segment_study(study, network)
        if isinstance(outcome, Issue):
            (study.out / _file(study.study)).unlink(missing_ok=True)  # of an earlier run with other weights
            issues.append(outcome)
        else:
            rows.append({**outcome, "weights": settings.weights_hash})
    return {"masks": pa.Table.from_pylist(rows, schema=MASKS), "quarantine": quarantine_table(STAGE, issues)}


def _segment_study(study: _Study, network: Segmenter) -> dict[str, Any] | Issue:
    stack = study.stack
    if stack is None:
        return _issue(study, "no-sagittal-t2", "expected a sagittal T2 stack of 5 slices or more; none fits")
    try:
        volume = load_stack(stack)
    except InputError as error:
        return error.issue
    found = segment_volume(volume, network)
    if found.numbering.refused is not None:
        return _issue(study, found.numbering.refused, REASONS[found.numbering.refused])
    file = _file(study.study)
    write_label_map(volume, found.labels, study.out / file)
    return _row(stack, file, found)


def _row(stack: Stack, file: str, found: Segmentation) -> dict[str, Any]:
    return {
        "study": stack.study,
        "series": stack.series,
        "stack": stack.stack,
        "file": file,
        "vertebrae": [NAMES[value] for value in sorted(found.numbering.vertebrae)],
        "slices": list(found.slices),
        "certainty": found.certainty,
        "flags": list(found.numbering.flags),
    }


def _issue(study: _Study, reason: str, message: str) -> Issue:
    return Issue(
        where=study.where,
        reason=reason,
        message=f"{message}.",
        cure="Look at the sagittal images; give the levels of this study as points or as your own mask.",
    )


def _file(study: str) -> str:
    return f"{file_key(study)}.nii.gz"


@lru_cache(maxsize=1)
def _network(weights: str, content: str) -> Segmenter:
    """The network of a weights file; `content`, its hash, tells a changed file from the one in memory."""
    del content
    return load_segmenter(Path(weights))


def _shards(studies: Mapping[str, list[Stack]], out: Path) -> Iterator[Shard]:
    jobs = [
        _Study(out, str(stacks[0].folder), uid, choose_sagittal(stacks)) for uid, stacks in studies.items()
    ]
    for number, start in enumerate(range(0, len(jobs), STUDIES_PER_SHARD)):
        group = tuple(jobs[start : start + STUDIES_PER_SHARD])
        yield Shard(f"{number:05d}", group, fingerprint(*(_mark(job) for job in group)))


def _mark(job: _Study) -> str:
    """All that a study's label map depends on; a file that was replaced differs in size or time."""
    stack = job.stack
    if stack is None:
        return job.study
    files = ((path, stack.root / path) for path in stack.paths)
    state = [(name, *_state(path)) for name, path in files]
    place = f"{stack.series} {stack.stack} {stack.root} {stack.affine.tolist()}"
    return f"{job.study} {place} {stack.content} {state}"


def _state(path: Path) -> tuple[int, int]:
    """Size and time of change of a file; zeros for one that is gone, which loading will report."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return status.st_size, status.st_mtime_ns


def _forget_lost_maps(out: Path) -> None:
    """Remove the table of a shard one of whose label maps is gone, so that the shard is done again."""
    for path in table_files(out, "masks"):
        files = pq.read_table(path, columns=["file"], partitioning=None)["file"].to_pylist()
        if not all((out / file).is_file() for file in files):
            path.unlink()
