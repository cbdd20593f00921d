"""Is a dataset folder whole and sound? Every fault at once, each with the path to it.

Bytes first (files and checksums), then tables (schema), then rows (`dataset.row_checks`), then what only
shows over all rows (the order of discs, duplicates, leakage, counts). Volumes are read one row group at a
time. Folders of the stages before are checked by `dataset.stage_checks`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset.balance import balance
from dataset.card import render_card
from dataset.croissant import CROISSANT, croissant
from dataset.record import CARD, DATA, FLOW, MANIFEST, File, Manifest, Record
from dataset.row_checks import REBUILD, check_row
from dataset.schema import DATASET
from dataset.seal import is_sealed
from dataset.shards import sha256_of
from dataset.split import SPLITS, leaks
from dataset.stage_checks import check_manifest, check_schema, check_stage, is_stage, light_rows
from labeling.issues import InputError, Issue
from lexicons.vocabulary import LEVELS, Level


@dataclass(slots=True)
class _Seen:
    """What the checks over all rows need to remember of each row."""

    discs: Counter[tuple[str, str]] = field(default_factory=Counter)
    patients: set[tuple[str, str]] = field(default_factory=set)
    studies: set[tuple[str, str]] = field(default_factory=set)
    folds: set[tuple[str, str]] = field(default_factory=set)
    sites: set[tuple[str, str]] = field(default_factory=set)
    rows: Counter[str] = field(default_factory=Counter)
    centres: dict[tuple[str, Level], tuple[str, Sequence[float]]] = field(default_factory=dict)


def check(folder: Path) -> list[Issue]:
    """Every fault of a dataset or of the folder of a stage; an empty list when it is whole.

    Of severity ``warning`` is what a user should know of a sound folder. Rows are named by file and number,
    never by the key of a patient or a study.
    """
    if not (folder / FLOW).is_file() and is_stage(folder):
        return check_stage(folder)
    faults = check_dataset(folder)
    return faults or [*balance(folder), *_check_derived(folder)]


def check_dataset(dataset: Path) -> list[Issue]:
    """Every fault of a dataset folder; an empty list when it is whole."""
    try:
        record, manifest = Record.read(dataset), Manifest.read(dataset)
    except InputError as error:
        return [error.issue]
    issues = list(_check_files(dataset, manifest))
    if not is_sealed((dataset / MANIFEST).read_bytes()):
        message = "expected the file as a build wrote it; its bytes have changed."
        issues.append(Issue(str(dataset / MANIFEST), "damaged-file", message, REBUILD))
    if (dataset / DATA / MANIFEST).is_file():
        issues += check_manifest(dataset / DATA)
    seen = _Seen()
    for path in sorted((dataset / DATA).glob("[!.]*.parquet")):
        listed = manifest.files.get(f"{DATA}/{path.name}")
        issues += _check_table(path, listed, seen, volumes=record.deidentification["volumes"] != "none")
    return issues + list(_check_whole(dataset, record, seen))


def _check_files(dataset: Path, manifest: Manifest) -> Iterator[Issue]:
    for name, file in manifest.files.items():
        path = dataset / name
        if not path.is_file():
            yield Issue(str(path), "missing-file", "the manifest lists this file; it is not there.", REBUILD)
        elif (size := path.stat().st_size) != file.bytes:
            message = f"expected {file.bytes:,} bytes; got {size:,}."
            yield Issue(str(path), "wrong-size", message, REBUILD)
        elif sha256_of(path) != file.sha256:
            message = "the checksum differs from the manifest: bytes have changed."
            yield Issue(str(path), "wrong-checksum", message, REBUILD)
    for path in sorted((dataset / DATA).glob("[!.]*.parquet")):
        if f"{DATA}/{path.name}" not in manifest.files:
            message = "the manifest does not list this file, and `load_dataset` would read it."
            yield Issue(str(path), "unlisted-file", message, "Take it away.")


def _check_derived(dataset: Path) -> Iterator[Issue]:
    """Card and Croissant file say what the data say, unless somebody rewrote them."""
    for name, text in ((CARD, render_card(dataset)), (CROISSANT, croissant(Manifest.read(dataset)))):
        path = dataset / name
        if path.is_file() and path.read_bytes() != text.encode():
            message = "expected what these data give; it was edited, or is of an older dataset."
            cure = "Run `levelwise card` unless the edit is meant."
            yield Issue(str(path), "edited-card", message, cure, "warning")


def _check_table(path: Path, listed: File | None, seen: _Seen, *, volumes: bool) -> Iterator[Issue]:
    split = path.name.rsplit("-", 1)[0]
    if split not in SPLITS:
        message = f"expected a file of {', '.join(SPLITS)}; got {split!r}."
        yield Issue(str(path), "unknown-split", message, "Take it away.")
        return
    try:
        with pq.ParquetFile(path) as file:
            if faults := list(check_schema(path, file.schema_arrow, DATASET)):
                yield from faults
                return
            if listed is not None and listed.rows != file.metadata.num_rows:
                message = f"the manifest says {listed.rows} rows; got {file.metadata.num_rows}."
                yield Issue(str(path), "wrong-rows", message, REBUILD)
            number = 0
            for group in range(file.num_row_groups):
                for row in light_rows(file.read_row_group(group)):
                    yield from check_row(f"{path} > row {number}", row, split, volumes=volumes)
                    _remember(f"{path} > row {number}", row, split, seen)
                    number += 1
    except (OSError, pa.ArrowException, UnicodeDecodeError):
        message = "expected a readable Parquet file; it is cut short or damaged."
        yield Issue(str(path), "unreadable-file", message, REBUILD)


def _remember(where: str, row: Mapping[str, Any], split: str, seen: _Seen) -> None:
    if row["level"] in _NAMES and row["centre"] is not None and all(map(math.isfinite, row["centre"])):
        seen.centres.setdefault((row["study"], _NAMES[row["level"]]), (where, row["centre"]))
    seen.rows[split] += 1
    seen.discs[row["study"], row["level"]] += 1
    seen.studies.add((row["study"], split))
    person = row["patient"] or f"study {row['study']}"
    seen.patients.add((person, split))
    seen.folds.add((person, "none" if row["fold"] is None else str(row["fold"])))
    seen.sites.add((row["site"] or "", split))


def _check_order(seen: _Seen) -> Iterator[Issue]:
    """Discs that are not where their level says: below the next one up, neither on top of it nor far away."""
    for (study, level), (where, centre) in seen.centres.items():
        above = next((k for k in reversed(LEVELS[:level]) if (study, k) in seen.centres), None)
        if above is None:
            continue
        down = seen.centres[study, above][1][2] - centre[2]
        least, most = (limit * (level - above) for limit in _STEP_MM)
        if not least <= down <= most:
            message = f"expected {level} {least:g} to {most:g} mm below {above}; got {down:.1f} mm."
            yield Issue(f"{where} > centre", "wrong-order", message, "Look at the masks of the study.")


_NAMES = {str(level): level for level in LEVELS}
_STEP_MM = (5.0, 80.0)
"""How far below its upper neighbour a disc can lie, towards the feet: small children to tall adults."""


def _check_whole(dataset: Path, record: Record, seen: _Seen) -> Iterator[Issue]:
    yield from _check_order(seen)
    data, mode = str(dataset / DATA), record.split["mode"]
    if not seen.rows:
        yield Issue(
            data, "empty-dataset", "expected discs; got none.", "See dropped-*.parquet for the reasons."
        )
    if twice := sum(n > 1 for n in seen.discs.values()):
        message = f"expected one row for each study and level; {twice} of them have several."
        yield Issue(data, "duplicate-disc", message, REBUILD)
    for name, pairs, modes in (
        ("patient", seen.patients, {"patient"}),
        ("study", seen.studies, {"patient", "study"}),
    ):
        if mode in modes and (leaking := leaks(pairs)):
            splits = ", ".join(sorted(set().union(*leaking.values())))
            message = f"expected every {name} in one split; {len(leaking)} are in several of {splits}."
            yield Issue(data, f"{name}-leakage", message, "Do not report results on it. " + REBUILD)
    if folds := leaks(seen.folds):
        message = f"expected every patient in one fold; {len(folds)} are in several."
        yield Issue(data, "fold-leakage", message, "Do not report results on it. " + REBUILD)
    external = record.split.get("external_site")
    if external and (inside := {split for site, split in seen.sites if site == external} - {"test"}):
        message = (
            f"expected the discs of the external site in test alone; some are in {', '.join(sorted(inside))}."
        )
        yield Issue(data, "site-leakage", message, "Do not report results on it. " + REBUILD)
    for split in SPLITS:
        want = record.splits[split].rows if split in record.splits else 0
        if want != seen.rows[split]:
            message = f"flow.json says {want} discs in {split}; got {seen.rows[split]}."
            yield Issue(data, "wrong-count", message, REBUILD)
