"""The files of a source in their order: itself, or those of a folder and of the zip files in it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from labeling.issues import Issue

_JUNK = {"__MACOSX", "Thumbs.db", "desktop.ini", "_SUCCESS"}
"""What systems leave beside the files of people."""

_LOCKED = 0x1


def files(source: Path) -> Iterator[tuple[Path | Issue, str]]:
    """Every file of `source` in the order of their names, each with the name of its reports.

    That is its path below `source` without suffixes, for two folders may hold files of one name. Hidden
    files are passed over. A zip file is a folder.
    """
    if source.is_file():
        yield from _file(source, "", within="")
        return
    for path in sorted(source.rglob("*")):
        inner = path.relative_to(source)
        if path.is_file() and not _passed_over(inner.parts):
            above = inner.as_posix().removesuffix(path.name)
            yield from _file(path, above, within=f"{above}{path.stem}/")


def _file(path: Path, above: str, *, within: str) -> Iterator[tuple[Path | Issue, str]]:
    if path.suffix.lower() != ".zip":
        yield path, above + _stem(path.name)
        return
    try:
        packed = zipfile.Path(path)
        names = sorted(packed.root.namelist())
        for name in names:
            member = zipfile.Path(packed.root, name)
            if member.is_dir() or _passed_over(tuple(name.split("/"))):
                continue
            if packed.root.getinfo(name).flag_bits & _LOCKED:
                yield _issue(f"{path}/{name}", "got one with a password.", "Unpack it."), within
                continue
            # zipfile.Path reads as a path does: open, name, suffix
            yield cast("Path", member), within + name.removesuffix(member.name) + _stem(member.name)
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        yield _issue(str(path), "it cannot be opened.", "Copy it again."), within


def _issue(where: str, got: str, cure: str) -> Issue:
    return Issue(where, "unreadable-file", f"expected a zip file that opens; {got}", cure)


def _stem(name: str) -> str:
    name = name.removesuffix(".gz")
    return name.removesuffix(Path(name).suffix)


def _passed_over(parts: tuple[str, ...]) -> bool:
    return any(part.startswith(".") or part in _JUNK for part in parts)
