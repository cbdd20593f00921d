"""Labels to and from what others read: the RSNA 2024 tables, Label Studio, a MIMIC-like CSV, DICOM SR.

One file for each format. `FORMATS` says what each can do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dataset.interchange import dicom_sr, label_studio, mimic_csv, rsna
from dataset.interchange.archive import Taken, Written
from labeling.issues import InputError, Issue
from labeling.sources import Columns

__all__ = ["FORMATS", "Taken", "Written", "export_labels", "import_labels"]


@dataclass(frozen=True, slots=True)
class Format:
    """How labels are written in a format and read from it. `text`: it holds the reports themselves."""

    write: Callable[[Path, Path, Path | None, Columns | None], Written]
    read: Callable[[Path, Path], Taken]
    text: bool = False


FORMATS: dict[str, Format] = {
    "rsna": Format(lambda labels, out, *_: rsna.write(labels, out), rsna.read),
    "label-studio": Format(label_studio.write, label_studio.read, text=True),
    "mimic-csv": Format(lambda labels, out, *_: mimic_csv.write(labels, out), mimic_csv.read),
    "dicom-sr": Format(lambda labels, out, *_: dicom_sr.write(labels, out), dicom_sr.read),
}
"""Every format by its name on the command line."""


def export_labels(
    labels: Path, out: Path, to: str, *, with_text: Path | None = None, columns: Columns | None = None
) -> Written:
    """Write the labels of a folder that the label stage wrote in the format `to`, into the folder `out`.

    `with_text` names the archive of the reports: their text goes out with the labels, which only formats for
    annotators take, and need. `columns` as they were named when it was labelled. Raises `InputError`.
    """
    chosen = _format(to)
    if chosen.text and with_text is None:
        message = f"expected the archive of the reports: {to} shows their text to annotators; got none."
        raise InputError(
            Issue("with-text", "no-text", message, "Name it with --with-text: text is patient data.")
        )
    if with_text is not None and not chosen.text:
        message = f"expected no text: {to} has no place for it."
        raise InputError(Issue("with-text", "text-not-wanted", message, "Leave --with-text out."))
    return chosen.write(labels, out, with_text, columns)


def import_labels(source: Path, out: Path, source_format: str) -> Taken:
    """Read labels in the format `source_format` and write them into the folder `out`. Raises `InputError`."""
    chosen = _format(source_format)
    if not source.exists():
        raise InputError(
            Issue(str(source), "missing-file", "expected a file or folder; got none.", "Check the path.")
        )
    return chosen.read(source, out)


def _format(name: str) -> Format:
    if name not in FORMATS:
        message = f"expected one of {', '.join(FORMATS)}; got {name!r}."
        raise InputError(Issue("format", "unknown-format", message, "Choose one of them."))
    return FORMATS[name]
