"""From the study key of a report to the StudyInstanceUID of its images."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dataset.inputs import read_accessions
from labeling.issues import InputError, Issue

_KEY_CURE = "Write two columns with a header: report_key,study (the StudyInstanceUID)."
_PARQUET = {".parquet", ".pq"}

Keys = Callable[[str], Sequence[str]]
"""From the study key of a report to the StudyInstanceUIDs it may mean."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Keys that stand in a table, with their studies. `bare` are the keys without leading zeros."""

    studies: Mapping[str, Sequence[str]]
    bare: frozenset[str]

    def __call__(self, name: str) -> Sequence[str]:
        """The studies of a key, which is taken as it is written."""
        return self.studies.get(name, ())

    def but_for_zeros(self, name: str) -> bool:
        """Whether the table has no such key, but one that differs in leading zeros."""
        return name not in self.studies and name.lstrip("0") in self.bare


def study_keys(key: str, index: Path | None = None) -> Keys:
    """How reports name their study: ``study`` (the UID), ``accession``, or the path of a table of keys.

    ``accession`` looks the number up in the `series` table of the folder `index`. The table is a CSV file
    with a header or a Parquet file, of two columns: the key that reports use, and the StudyInstanceUID.
    Raises `InputError`.
    """
    if key == "study":
        return lambda name: (name,)
    if key == "accession":
        if index is None:
            message = "expected an index folder, which knows the accession number of every study; got none."
            raise InputError(
                Issue("index", "no-index", message, "Name the folder that `levelwise index` wrote.")
            )
        table = read_accessions(index)
        return _lookup(zip(table["accession"].to_pylist(), table["study"].to_pylist(), strict=True))
    return _lookup(_read_key_file(Path(key)))


def _lookup(pairs: Iterable[tuple[str | None, str | None]]) -> Lookup:
    studies: dict[str, set[str]] = defaultdict(set)
    for name, uid in pairs:
        if name and uid:
            studies[name.strip()].add(uid.strip())
    return Lookup(
        {name: sorted(uids) for name, uids in studies.items()},
        frozenset(name.lstrip("0") for name in studies),
    )


def _read_key_file(path: Path) -> list[tuple[str, str]]:
    if not path.is_file():
        message = f"expected study, accession or the path of a table; got {str(path)!r}, which is no file."
        raise InputError(Issue("key", "missing-file", message, "Check the path."))
    return _parquet_keys(path) if path.suffix in _PARQUET else _csv_keys(path)


def _parquet_keys(path: Path) -> list[tuple[str, str]]:
    try:
        columns = [column.cast(pa.string()).to_pylist() for column in pq.read_table(path, partitioning=None)]
    except (OSError, pa.ArrowException):
        message = "expected a Parquet file with columns of text."
        raise InputError(Issue(str(path), "wrong-file", message, _KEY_CURE)) from None
    if len(columns) != 2:
        message = f"expected 2 columns; got {len(columns)}."
        raise InputError(Issue(str(path), "wrong-columns", message, _KEY_CURE))
    return list(zip(*columns, strict=True))


def _csv_keys(path: Path) -> list[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            file.seek(0)
            delimiter = next((sign for sign in ";\t" if sign in header), ",")
            rows = [row for row in csv.reader(file, delimiter=delimiter) if row]
    except (UnicodeDecodeError, csv.Error):
        raise InputError(Issue(str(path), "wrong-file", "expected a CSV file in UTF-8.", _KEY_CURE)) from None
    for number, row in enumerate(rows, start=1):
        if len(row) != 2:
            message = f"expected 2 columns; got {len(row)}."
            raise InputError(Issue(f"{path} > row {number}", "wrong-columns", message, _KEY_CURE))
    if not rows or _looks_like_uid(rows[0][1]):
        message = "expected a header in the first row; got " + ("a key." if rows else "an empty file.")
        raise InputError(Issue(str(path), "no-header", message, _KEY_CURE))
    return [(name, uid) for name, uid in rows[1:]]


def _looks_like_uid(text: str) -> bool:
    parts = text.strip().split(".")
    return len(parts) > 3 and all(part.isdigit() for part in parts)
