"""What a dataset folder says of itself: ``flow.json``, how it came about; ``manifest.json``, its bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dataset.flow import Count, Flow
from dataset.seal import sealed
from dataset.shards import write_bytes
from dataset.split import SPLITS
from labeling.issues import InputError, Issue

FLOW = "flow.json"
MANIFEST = "manifest.json"
DATA = "data"
CARD = "README.md"


@dataclass(frozen=True, slots=True)
class Record:
    """How a dataset came about.

    `cohort` and `split` hold the options as they were used, `key` how reports named their study, `lexicons`
    and `policies` what drew the grades, `splits` the counts of each split, `notes` the codes of the warnings.
    `synthetic` says that no person is behind any row, so that the card need not hide small counts.
    `deidentification` says what was done to identifiers (key, dates, words of reports) and how well it works.
    """

    cohort: Mapping[str, Any]
    split: Mapping[str, Any]
    key: str
    lexicons: tuple[str, ...]
    policies: tuple[str, ...]
    synthetic: bool
    splits: Mapping[str, Count]
    notes: tuple[str, ...]
    deidentification: Mapping[str, Any]
    flow: Flow

    def write(self, folder: Path) -> str:
        """Write ``flow.json`` and return its checksum."""
        data = asdict(self) | {"flow": self.flow.to_json()}
        return write_bytes(_json(data), folder / FLOW)

    @classmethod
    def read(cls, folder: Path) -> Record:
        """The record of a dataset folder; `InputError` when there is none or it cannot be read."""
        data = _read(folder, FLOW)
        try:
            return cls(
                cohort=data["cohort"],
                split=data["split"],
                key=data["key"],
                lexicons=tuple(data["lexicons"]),
                policies=tuple(data["policies"]),
                synthetic=data["synthetic"] is True,
                splits={name: Count(**count) for name, count in data["splits"].items()},
                notes=tuple(data["notes"]),
                deidentification=data["deidentification"],
                flow=Flow.parse(data["flow"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise _unreadable(folder / FLOW, f"a part is missing or of another kind ({error})") from None


@dataclass(frozen=True, slots=True)
class File:
    """One file of a dataset. `rows` is None for files that are not tables."""

    sha256: str
    bytes: int
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Every file of a dataset by its path in the folder, with ``/`` on every system."""

    files: Mapping[str, File]

    def write(self, folder: Path) -> str:
        """Write ``manifest.json`` and return its checksum."""
        data = {"format": "levelwise-dataset/1", "files": {name: asdict(f) for name, f in self.files.items()}}
        return write_bytes(sealed(data), folder / MANIFEST)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest of a dataset folder; `InputError` when there is none or it cannot be read."""
        data = _read(folder, MANIFEST)
        try:
            return cls({name: File(**entry) for name, entry in data["files"].items()})
        except (KeyError, TypeError, AttributeError) as error:
            raise _unreadable(folder / MANIFEST, f"a part is missing or of another kind ({error})") from None

    def data_files(self) -> dict[str, list[str]]:
        """Split to the paths of its files, both in order; a split without rows is left out."""
        found: dict[str, list[str]] = {split: [] for split in SPLITS}
        for name in sorted(self.files):
            if name.startswith(f"{DATA}/"):
                found.setdefault(Path(name).name.rsplit("-", 1)[0], []).append(name)
        return {split: names for split, names in found.items() if names}


def _read(folder: Path, name: str) -> Any:
    path = folder / name
    if not path.is_file():
        message = f"expected a dataset that `levelwise build` finished; got no {name}."
        cure = "Check the path, or run `levelwise build` again: it goes on where it stopped."
        raise InputError(Issue(str(path), "missing-file", message, cure))
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError:
        raise _unreadable(path, "it is not JSON in UTF-8") from None


def _unreadable(path: Path, what: str) -> InputError:
    message = f"expected the file that `levelwise build` wrote; {what}."
    return InputError(Issue(str(path), "damaged-file", message, "Run `levelwise build` again."))


def _json(data: Any) -> bytes:
    return (json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
