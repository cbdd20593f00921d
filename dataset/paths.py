"""Folders on object stores: ``s3://``, ``gs://``, ``abfs://`` and what else fsspec reaches.

A stage works in a folder of this machine that mirrors the one on the store. Before, what changed there is
fetched; after, what changed here is put, manifests last: a put of one object is atomic, and a folder without
its manifest is one that no run finished. A run that is killed goes on in its mirror, on the same machine.

One machine at a time may write to a folder of a store: the lock is the mirror's. The mirror needs as much
room as the folder, holds what the folder holds, and nobody else may read it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from dataset.shards import make_folder, sha256_of, write_bytes
from labeling.issues import InputError, Issue

SCRATCH = "LEVELWISE_SCRATCH"
"""Environment variable: the folder of the mirrors; ``~/.cache/levelwise`` without it."""
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Mirror:
    """A folder or file of a store, and where it is mirrored. `seen` tells what both sides had last."""

    url: str

    @property
    def root(self) -> Path:
        """The folder of this mirror alone."""
        home = os.environ.get(SCRATCH) or Path.home() / ".cache" / "levelwise"
        return Path(home) / hashlib.sha256(self.url.encode()).hexdigest()[:16]

    @property
    def local(self) -> Path:
        """Where a stage finds it: the same name."""
        return self.root / PurePosixPath(self.url).name

    def fetch(self, *, wanted: bool = True) -> Path:
        """Bring what changed on the store here, return `local`; `InputError` if nothing `wanted` is there."""
        make_folder(self.root)
        self.root.chmod(0o700)
        with _reached(self.url) as (store, place):
            there = _listing(store, place)
            if wanted and not there:
                message = "expected a file or a folder on the store; there is none."
                raise InputError(Issue(self.url, "missing-file", message, "Check the address."))
            seen = self._seen()
            for name in sorted(set(seen) - set(there)):
                _path(self.local, name).unlink(missing_ok=True)
                del seen[name]
            for name, mark in there.items():
                path = _path(self.local, name)
                if not (path.is_file() and seen.get(name, ["", ""])[0] == mark):
                    make_folder(path.parent)
                    store.get_file(_join(place, name), str(path))
                    seen[name] = [mark, sha256_of(path)]
            self._note(seen)
        return self.local

    def put(self) -> None:
        """Bring what changed here to the store, manifests last; what is gone here goes there."""
        with _reached(self.url) as (store, place):
            seen = self._seen()
            here = {name: sha256_of(_path(self.local, name)) for name in _names(self.local)}
            new = [name for name, sha256 in here.items() if seen.get(name, ["", ""])[1] != sha256]
            gone = sorted(set(seen) - set(here))
            if (new or gone) and _MANIFEST in seen:
                del seen[_MANIFEST]
                self._note(seen)
                store.rm_file(_join(place, _MANIFEST))  # until all is there
            todo = {*new, *({_MANIFEST} & set(here))} if new or gone else set[str]()
            for name in gone:
                if name in seen:
                    store.rm_file(_join(place, name))
            for name in sorted(todo, key=_manifests_last):
                store.put_file(str(_path(self.local, name)), _join(place, name))
            store.invalidate_cache()
            there = _listing(store, place)
            self._note({name: [there[name], sha256] for name, sha256 in here.items()})

    def _seen(self) -> dict[str, list[str]]:
        try:
            seen: dict[str, list[str]] = json.loads((self.root / "seen.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return seen

    def _note(self, seen: dict[str, list[str]]) -> None:
        write_bytes(json.dumps(seen, indent=1).encode(), self.root / "seen.json")


@contextmanager
def _reached(url: str) -> Iterator[tuple[Any, str]]:
    """The store and the place in it; what goes wrong there is an `InputError` that quotes nothing."""
    from fsspec.core import url_to_fs  # noqa: PLC0415  (not needed to print help)

    try:
        store, place = url_to_fs(url)
        yield store, place.rstrip("/")
    except InputError:
        raise
    except Exception as error:  # every store has errors of its own
        message = f"expected to reach the store; got {type(error).__name__}."
        cure = (
            "Check address, rights and the store's package (s3fs, gcsfs, adlfs), and run the command again."
        )
        raise InputError(Issue(url, "store-error", message, cure)) from error


def _listing(store: Any, place: str) -> dict[str, str]:
    """Name in the folder to a word that changes with the bytes; the empty name is the file itself."""
    if not store.exists(place):
        return {}
    paths = store.find(place)
    return {path[len(place) :].lstrip("/"): str(store.ukey(path)) for path in paths}


def _names(local: Path) -> list[str]:
    paths = [path for path in local.rglob("*") if path.is_file()]
    names = [path.relative_to(local).as_posix() for path in paths]
    return [name for name in names if not any(part.startswith(".") for part in name.split("/"))]


def _manifests_last(name: str) -> tuple[bool, int, str]:
    return name.endswith(_MANIFEST), -name.count("/"), name


def _path(local: Path, name: str) -> Path:
    return local / name if name else local


def _join(place: str, name: str) -> str:
    return f"{place}/{name}" if name else place
