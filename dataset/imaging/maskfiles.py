"""Which label map belongs to which study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from dataset.keys import file_key
from dataset.stage import table_files
from labeling.issues import InputError, Issue

SUFFIXES = (".nii.gz", ".nii", ".dcm")


@dataclass(frozen=True, slots=True)
class MaskFile:
    """A label map and what the stage that drew it says of it."""

    path: Path
    flags: tuple[str, ...] = ()


def find_masks(masks: Path, studies: Iterable[str]) -> dict[str, MaskFile]:
    """The label map of each study that has one, keyed by StudyInstanceUID.

    `masks` is a folder with a `masks` table (columns study and file), or with files named after `file_key`
    of the study or after its UID, or a single file where there is a single study. `InputError` when it is
    none of these.
    """
    studies = list(studies)
    if masks.is_dir():
        listed = dict(_listed(masks))
        named = ((study, _named(masks, study)) for study in studies if study not in listed)
        return {**listed, **{study: MaskFile(path) for study, path in named if path is not None}}
    if masks.is_file() and len(studies) == 1:
        return {studies[0]: MaskFile(masks)}
    found = f"one file and {len(studies)} studies" if masks.is_file() else "nothing there"
    raise InputError(
        Issue(
            where=str(masks),
            reason="no-masks",
            message=f"expected a folder of label maps, or one file for one study; got {found}.",
            cure="Name each file <file_key of the study>.nii.gz, as `levelwise segment` does.",
        )
    )


def unclaimed(masks: Path, found: Mapping[str, MaskFile], studies: Iterable[str]) -> list[Issue]:
    """An issue for each label map of the folder that belongs to no study of the index."""
    used = {found[study].path for study in studies if study in found}
    files = sorted(path for suffix in SUFFIXES for path in masks.glob(f"*{suffix}")) if masks.is_dir() else []
    message = "expected the label map of a study of the index; none is called so."
    cure = "Index the DICOM files of its study, or name it <file_key of the study>.nii.gz."
    return [Issue(str(path), "mask-without-study", message, cure) for path in files if path not in used]


def _listed(masks: Path) -> Iterator[tuple[str, MaskFile]]:
    for table in table_files(masks, "masks"):
        columns = [name for name in ("study", "file", "flags") if name in pq.read_schema(table).names]
        rows: list[dict[str, Any]] = pq.read_table(table, columns=columns, partitioning=None).to_pylist()
        for row in rows:
            yield row["study"], MaskFile(masks / row["file"], tuple(row.get("flags") or ()))


def _named(masks: Path, study: str) -> Path | None:
    candidates = (masks / f"{stem}{suffix}" for stem in (file_key(study), study) for suffix in SUFFIXES)
    return next((path for path in candidates if path.is_file()), None)
