"""The atomic writer: a file has its final name only when all of its bytes are on the disk.

Temporary file in the same folder, flush, fsync, then `os.replace`. A run that is killed or a disk that
fills leaves nothing unreadable under a final name (`pyarrow.dataset.write_dataset` does).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

_TEMPORARY = ".tmp-"


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """A binary file that appears at `path` when the block ends well, and not at all when it raises."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{_TEMPORARY}{os.getpid()}-{path.name}")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_parquet(
    table: pa.Table, path: Path, *, row_group_rows: int | None = None, compression: str = "lz4"
) -> str:
    """Write `table` to `path` atomically and return the SHA-256 of the file.

    `row_group_rows` is the number of rows of a row group; None leaves it to Arrow. Volumes take one row each,
    so that a shuffled reader decodes the rows it wants and no others.
    """
    with atomic_file(path) as file:
        pq.write_table(table, file, row_group_size=row_group_rows, compression=compression)
    return sha256_of(path)


def write_bytes(data: bytes, path: Path) -> str:
    """Write a small file atomically and return the SHA-256 of its bytes."""
    with atomic_file(path) as file:
        file.write(data)
    return hashlib.sha256(data).hexdigest()


def write_with(path: Path, write: Callable[[Path], object]) -> str:
    """Write `path` atomically through a library that insists on a file name; returns the SHA-256.

    `write` is called with a temporary path of the same suffixes, which many libraries choose the format by.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{_TEMPORARY}{os.getpid()}-{path.name}")
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return sha256_of(path)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_temporaries(folder: Path) -> None:
    """Remove what a killed run left half-written in `folder`."""
    for path in folder.glob(f"{_TEMPORARY}*"):
        path.unlink(missing_ok=True)
