"""Which format a file is in: by its signature, then by its suffix, then by what it begins with."""

from __future__ import annotations

import importlib
import pkgutil
import zipfile
import zlib
from functools import cache
from pathlib import Path

from labeling.issues import Issue
from labeling.sources.encoding import open_bytes
from labeling.sources.table import Format

UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)
"""What the system and the packers of files raise."""

_CURES = {
    ".xls": "Save it as .xlsx or CSV.",
    ".ods": "Save it as .xlsx or CSV.",
    ".doc": "Save it as text (.txt or .rtf).",
    ".docx": "Save it as text (.txt or .rtf).",
    ".pdf": "Export the reports as text: words are not read out of PDF.",
    ".tar": "Unpack it, or pack it as .zip.",
    ".tgz": "Unpack it, or pack it as .zip.",
    ".7z": "Unpack it, or pack it as .zip.",
}


@cache
def formats() -> tuple[Format, ...]:
    """The `FORMAT` of every module of this package, in the order of their names."""
    package = importlib.import_module("labeling.sources")
    modules = (
        importlib.import_module(f"{package.__name__}.{m.name}")
        for m in pkgutil.iter_modules(package.__path__)
    )
    return tuple(module.FORMAT for module in modules if hasattr(module, "FORMAT"))


def find_format(path: Path) -> Format | Issue:
    """The format of a file; an `Issue` when it cannot be opened or none fits."""
    try:
        with open_bytes(path) as file:
            head = file.read(4096)
    except UNREADABLE as error:
        return unreadable(str(path), error)
    suffix = Path(path.name.removesuffix(".gz")).suffix.lower()
    choice = (
        next((f for f in formats() if f.signature and f.recognises(head)), None)
        or next((f for f in formats() if suffix in f.suffixes), None)
        or next((f for f in formats() if f.recognises(head)), None)
    )
    return choice or _unknown(path, suffix)


def unreadable(where: str, error: Exception) -> Issue:
    """The issue of a file that the system or its compression would not give up."""
    return Issue(
        where,
        "unreadable-file",
        f"reading failed ({type(error).__name__}).",
        "Check permissions and copy it again.",
    )


def _unknown(path: Path, suffix: str) -> Issue:
    known = ", ".join(sorted({suffix for f in formats() for suffix in f.suffixes}))
    return Issue(
        str(path),
        "unknown-type",
        f"expected a file of a known type ({known}); got {suffix or 'no suffix'}.",
        _CURES.get(suffix, "Convert it, or move it out of the folder."),
    )
