"""Files in zip archives, read in place.

Nothing is ever unpacked, so no name of a member can point outside of its archive; one that tries is left out
all the same. What an archive says of its sizes is weighed before any of it is inflated.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from errno import ENOENT
from functools import lru_cache
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from labeling.issues import Issue

SUFFIX = ".zip"
MAX_MEMBER_BYTES = 1 << 29
"""Of one file within an archive: it is read whole."""
FREE_BYTES, MAX_RATIO = 1 << 30, 100
"""An archive that unpacks to more than the first and to more than so many times its own size is a bomb."""

_UNPACK = "Unpack the archive, then index the folder."


@dataclass(frozen=True, slots=True)
class Entry:
    """One file to read. `path` is relative to the root of the tree; `stamp` changes when the content does."""

    path: str
    stamp: str


def list_archive(path: Path) -> list[Entry | Issue] | Issue:
    """The files in an archive by their names within it, or why it is not read at all."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = {info.filename: info for info in archive.infolist() if not info.is_dir()}
    except Exception as error:  # noqa: BLE001 - a damaged archive makes zipfile raise anything
        message = f"expected a zip archive; reading it ended in {type(error).__name__}."
        return Issue(str(path), "unreadable-archive", message, "Copy the file again.")
    unpacked = sum(info.file_size for info in members.values())
    if unpacked > max(FREE_BYTES, MAX_RATIO * path.stat().st_size):
        message = f"expected an archive that unpacks to {MAX_RATIO} times its size at most; it is a bomb."
        return Issue(str(path), "archive-bomb", message, "Nothing to do: no archive of images is like that.")
    return [_entry(path, info) for _, info in sorted(members.items())]


def open_member(archive: Path, name: str) -> BinaryIO:
    """A file of an archive, in memory. `OSError` where the archive has no file of that name."""
    status = archive.stat()
    opened = _opened(archive, status.st_mtime_ns, status.st_size)
    if name not in opened.NameToInfo:
        raise FileNotFoundError(ENOENT, "no such member", name)
    return io.BytesIO(opened.read(name))


def is_inside(name: str) -> bool:
    """Whether a name is plain text, relative and leads downwards only, on every system."""
    path = PureWindowsPath(name)  # knows both separators and the letters of drives
    return (
        not path.anchor
        and ".." not in path.parts
        and PurePosixPath(name).as_posix() == name
        and is_text(name)
    )


def is_text(name: str) -> bool:
    """Whether a file name can stand in a table: names on a disk may be any bytes."""
    return shown(name) == name


def shown(name: str) -> str:
    """A name as a message can carry it, whatever bytes it has."""
    return name.encode("utf-8", "backslashreplace").decode()


def _entry(archive: Path, info: zipfile.ZipInfo) -> Entry | Issue:
    name = info.filename
    refusals = (
        (not is_inside(name), "unsafe-name", "a name that stays within the archive"),
        (bool(info.flag_bits & 1), "encrypted", "an archive without a password"),
        (info.file_size > MAX_MEMBER_BYTES, "too-large", f"a file of {MAX_MEMBER_BYTES >> 20} MiB at most"),
        (name.lower().endswith(SUFFIX), "nested-archive", "files in an archive; got another archive"),
    )
    for refused, reason, expected in refusals:
        if refused:
            return Issue(shown(f"{archive}/{name}"), reason, f"expected {expected}.", _UNPACK)
    return Entry(name, f"{info.file_size} {info.CRC}")


@lru_cache(maxsize=1)
def _opened(path: Path, *state: int) -> zipfile.ZipFile:
    """The archive that was read last: its contents are long, and its files are read one by one."""
    del state  # tells an archive that was replaced from the one in memory
    return zipfile.ZipFile(path)
