"""Where the files of a tree lie: in its folders, in zip archives, or where a DICOMDIR says.

A file in an archive has the path of the archive and its name within: ``scans/one.zip/IM0001``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from errno import ENOENT
from pathlib import Path
from typing import BinaryIO, TypeVar

import pydicom
from pydicom.dataset import Dataset

from dataset.imaging.archives import SUFFIX, Entry, is_inside, is_text, list_archive, open_member, shown
from dataset.imaging.guard import Lost, guarded
from labeling.issues import Issue

Found = Iterator[Entry | Issue]
T = TypeVar("T")

_DICOMDIR = b"1.2.840.10008.1.3.10"
_META = 512
"""The first bytes of a file, which hold its kind."""


def root_of(tree: Path) -> Path:
    """The folder that the paths of a tree are relative to: the tree, or the folder of its only file."""
    return (tree if tree.is_dir() else tree.parent).resolve()


def tops(tree: Path) -> list[str]:
    """The names at the top of a tree; the name of a file that is the tree."""
    return sorted(path.name for path in tree.iterdir()) if tree.is_dir() else [tree.name]


def is_dicomdir(path: Path) -> bool:
    """Whether a path is that of a DICOMDIR, whatever its name."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return starts_dicomdir(file.read(_META))


def starts_dicomdir(head: bytes) -> bool:
    """Whether a file that starts so is a DICOMDIR."""
    return _DICOMDIR in head[:_META]


def find_files(root: Path, top: str, out: Path) -> Found:
    """Every file under `root / top`, in the same order everywhere, and an issue for all that is not read.

    Archives are looked into; the folder `out` is left out. A link to a folder is not followed: it may lead
    round in a circle.
    """
    start = root / top
    if start == out or not start.is_dir() or start.is_symlink():
        yield from () if start == out else _entries(root, top)
        return
    unreadable: list[OSError] = []
    for folder, folders, files in os.walk(start, onerror=unreadable.append):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if here / name != out)
        links = [name for name in folders if (here / name).is_symlink()]
        for name in sorted([*files, *links]):
            yield from _entries(root, os.path.relpath(here / name, root))
    for error in unreadable:
        message = f"expected a folder that can be listed; got {type(error).__name__}."
        yield Issue(shown(str(error.filename)), "unreadable-folder", message, "Check its permissions.")


def listed_files(dicomdir: Path) -> Found:
    """The files that a DICOMDIR names, where they lie beside it."""
    root = root_of(dicomdir)
    for name in _asked(_names_in, dicomdir):
        yield from [name] if isinstance(name, Issue) else _entries(root, name)


def referenced(dicomdir: Dataset, folder: Path) -> list[str]:
    """The files that a DICOMDIR names, relative to its `folder`; names that lead out of it are left out.

    The disc may have been copied in lower case.
    """
    records = dicomdir.get("DirectoryRecordSequence") or []
    named = (record.get("ReferencedFileID") for record in records)
    paths = {"/".join([name] if isinstance(name, str) else name) for name in named if name}
    return sorted(_as_on_disk(folder, path) for path in paths if is_inside(path))


def open_file(root: Path, path: str) -> BinaryIO:
    """A file of the tree, or of an archive in it. `OSError` where there is no plain file."""
    whole = root / path
    if whole.is_file():  # a pipe or a device would be waited for without end
        return whole.open("rb")
    archive = next((parent for parent in whole.parents if parent.is_file()), None)
    if archive is None:
        raise FileNotFoundError(ENOENT, "no plain file", path)
    return open_member(archive, whole.relative_to(archive).as_posix())


def _entries(root: Path, path: str) -> Found:
    """The file itself; what is in it, where it is an archive; an issue where it is neither."""
    whole = root / path
    if whole.is_symlink() and whole.is_dir():
        message = "expected a folder; got a link to one."
        yield Issue(shown(str(whole)), "linked-folder", message, "Index the folder that it leads to.")
    elif not is_text(path):
        message = "expected a name in UTF-8; got other bytes."
        yield Issue(shown(str(whole)), "bad-file-name", message, "Rename the file.")
    elif path.lower().endswith(SUFFIX) and whole.is_file():
        for item in _asked(list_archive, whole):
            yield item if isinstance(item, Issue) else Entry(f"{path}/{item.path}", item.stamp)
    else:
        yield Entry(path, _stamp(whole))


def _asked(work: Callable[[Path], list[T] | Issue], path: Path) -> list[T] | list[Issue]:
    """What `work` finds in a file, in the child process; its issue where it finds nothing."""
    (found,) = guarded(work, [path])
    if isinstance(found, Lost):
        return [found.issue(str(path))]
    return [found] if isinstance(found, Issue) else found


def _names_in(dicomdir: Path) -> list[str] | Issue:
    try:
        names = referenced(pydicom.dcmread(dicomdir), dicomdir.parent)
        why = "it names none"
    except Exception as error:  # noqa: BLE001 - a damaged header makes pydicom raise anything
        names, why = [], f"reading it ended in {type(error).__name__}"
    cure = "Index the folder it lies in."
    return names or Issue(
        str(dicomdir), "unreadable-header", f"expected a DICOMDIR that names files; {why}.", cure
    )


def _as_on_disk(folder: Path, path: str) -> str:
    ways = (path, path.lower(), path.upper())
    return next((way for way in ways if (folder / way).is_file()), path)


def _stamp(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return "unreadable"  # the reader says so in the quarantine
    return f"{status.st_size} {status.st_mtime_ns}"
