"""``manifest.json`` of a stage folder: what its shards are, from what, and the checksums of their files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dataset.seal import sealed
from dataset.shards import sha256_of, write_bytes

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One shard. `tables` maps each table that has rows to its `file`, `rows` and `sha256`."""

    fingerprint: str
    tables: dict[str, dict[str, Any]]

    def files(self) -> Iterator[tuple[str, str]]:
        """Name and checksum of every file."""
        yield from ((info["file"], info["sha256"]) for info in self.tables.values())

    def is_intact(self, folder: Path) -> bool:
        """Whether all of its files are there with the bytes that were written."""
        return all(
            (folder / name).is_file() and sha256_of(folder / name) == sum_ for name, sum_ in self.files()
        )


def read_entries(folder: Path) -> dict[str, Entry]:
    """Shard name to entry; empty without a manifest or with a damaged one: every shard is then made again."""
    try:
        shards = json.loads((folder / MANIFEST).read_text("utf-8"))["shards"]
        return {name: Entry(**entry) for name, entry in shards.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def save_entries(
    folder: Path, stage: str, settings: object, entries: Mapping[str, Entry], *, finished: bool
) -> None:
    """Write the manifest. `finished` says that the stage ended well and nothing is missing."""
    manifest = {
        "stage": stage,
        "settings": repr(settings),
        "finished": finished,
        "shards": {name: asdict(entries[name]) for name in sorted(entries)},
    }
    write_bytes(sealed(manifest), folder / MANIFEST)
