"""The atomic writer: a file has its final name only when all of its bytes are on the disk.

Temporary file in the same folder, flush, fsync, then a rename. A run that is killed or a disk that fills
leaves nothing unreadable under a final name (`pyarrow.dataset.write_dataset` does). What a disk refuses is an
`InputError` that names the file and the cure.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from labeling.issues import InputError, Issue

_TEMPORARY = ".tmp-"

_REFUSALS = {
    errno.ENOSPC: ("disk-full", "Free some space"),
    errno.EDQUOT: ("disk-full", "Free some space or raise the quota"),
    errno.EACCES: ("no-permission", "Allow this user to write there, or name another folder"),
    errno.EPERM: ("no-permission", "Allow this user to write there, or name another folder"),
    errno.EROFS: ("no-permission", "Name a folder that can be written"),
}
_BROKEN = ("io-error", "See to the disk or its connection")


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished file under a temporary name. `publish` gives it its final one."""

    temporary: Path
    path: Path
    sha256: str

    def publish(self) -> None:
        """Give the file its final name, in one step; an older file of that name is replaced."""
        try:
            self.temporary.replace(self.path)
        except FileNotFoundError:
            message = "the file that a worker wrote for it is not here."
            cure = "Every worker must reach this folder under this path, and one run at a time write to it."
            raise InputError(Issue(str(self.path), "not-shared", message, cure)) from None
        except OSError as error:
            self.discard()
            raise cannot_write(self.path, error) from error

    def discard(self) -> None:
        """Remove the temporary file; nothing when it is gone."""
        _forget(self.temporary)


def cannot_write(path: Path, error: OSError) -> InputError:
    """The error of a file that the system would not let us write, with its cure."""
    reason, cure = _REFUSALS.get(error.errno or 0, _BROKEN)
    message = f"expected to write here; got: {error.strerror or type(error).__name__}."
    again = "and run the same command again: what is finished is kept."
    return InputError(Issue(str(path), reason, message, f"{cure}, {again}"))


def make_folder(folder: Path) -> None:
    """Create a folder and those above it; `InputError` when that is refused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error


def draft_with(path: Path, write: Callable[[Path], object]) -> Draft:
    """Let `write` fill a temporary file of the same suffixes, and bring its bytes to the disk."""
    temporary = _temporary(path)
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        return Draft(temporary, path, sha256_of(temporary))
    except OSError as error:
        _forget(temporary)
        raise cannot_write(path, error) from error
    except BaseException:
        _forget(temporary)
        raise


def draft_parquet(
    table: pa.Table, path: Path, *, row_group_rows: int | None = None, compression: str = "lz4"
) -> Draft:
    """A Parquet file of `table`, on the disk under a temporary name. `row_group_rows` as `write_parquet`."""

    def write(temporary: Path) -> None:
        with temporary.open("xb") as file:
            pq.write_table(table, file, row_group_size=row_group_rows, compression=compression)

    return draft_with(path, write)


def write_parquet(
    table: pa.Table, path: Path, *, row_group_rows: int | None = None, compression: str = "lz4"
) -> str:
    """Write `table` to `path` atomically and return the SHA-256 of the file.

    `row_group_rows` is the number of rows of a row group; None leaves it to Arrow. Volumes take one row each,
    so that a shuffled reader decodes the rows it wants and no others.
    """
    return _publish(draft_parquet(table, path, row_group_rows=row_group_rows, compression=compression))


def write_bytes(data: bytes, path: Path) -> str:
    """Write a small file atomically and return the SHA-256 of its bytes."""
    with atomic_file(path) as file:
        file.write(data)
    return hashlib.sha256(data).hexdigest()


def write_with(path: Path, write: Callable[[Path], object]) -> str:
    """Write `path` atomically through a library that insists on a file name; returns the SHA-256.

    `write` is called with a temporary path of the same suffixes, which many libraries choose the format by.
    """
    return _publish(draft_with(path, write))


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """A binary file that appears at `path` when the block ends well, and not at all when it raises."""
    temporary = _temporary(path)
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        _forget(temporary)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_file(path: Path) -> None:
    """Remove a file if it is there; `InputError` when that is refused."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error


def remove_temporaries(folder: Path) -> None:
    """Remove what a killed run left half-written in `folder`."""
    for path in folder.glob(f"{_TEMPORARY}*"):
        remove_file(path)


def _temporary(path: Path) -> Path:
    """A name of its own for every writer, in the folder of `path`, which is made."""
    make_folder(path.parent)
    return path.with_name(f"{_TEMPORARY}{os.getpid()}-{secrets.token_hex(4)}-{path.name}")


def _publish(draft: Draft) -> str:
    draft.publish()
    return draft.sha256


def _forget(temporary: Path) -> None:
    with suppress(OSError):  # what cannot be removed now is swept by the next run
        temporary.unlink(missing_ok=True)
