"""Whether the pixels of a DICOM file are all there, without reading them.

A header that reads well says nothing of a copy that broke off: the length of the pixel data is compared with
the bytes that follow, and the fragments of compressed data are walked by their lengths.
"""

from __future__ import annotations

import os
from typing import BinaryIO

from pydicom.dataset import Dataset

PIXEL_TAGS = (b"\xe0\x7f\x10\x00", b"\x7f\xe0\x00\x10")
ITEM, SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
UNDEFINED = 0xFFFFFFFF

Reason = tuple[str, str, str]

_NO_PIXELS: Reason = ("no-pixel-data", "expected an image; the file holds no pixel data.", "Nothing to do.")
_TRUNCATED: Reason = (
    "truncated",
    "expected all of the pixel data; the file breaks off.",
    "Copy the file again.",
)


def why_incomplete(file: BinaryIO | None, dataset: Dataset) -> Reason | None:
    """Reason, message and cure when pixel data is missing or cut short; None when all of it is there.

    `file` stands where pydicom stopped before the pixel data; it is None where `dataset` holds them.
    """
    if file is None:
        if "PixelData" not in dataset:
            return _NO_PIXELS
        return None if len(dataset.PixelData) >= _expected_bytes(dataset) else _TRUNCATED
    little = bool(dataset.original_encoding[1] is not False)
    if file.read(4) not in PIXEL_TAGS:
        return _NO_PIXELS
    length = _length(file, little=little, explicit=not dataset.original_encoding[0])
    if length == UNDEFINED:
        return None if _fragments_end(file) else _TRUNCATED
    return None if length >= _expected_bytes(dataset) and length <= _left(file) else _TRUNCATED


def _length(file: BinaryIO, *, little: bool, explicit: bool) -> int:
    if explicit:
        file.read(4)  # value representation and two reserved bytes
    return int.from_bytes(file.read(4), "little" if little else "big")


def _fragments_end(file: BinaryIO) -> bool:
    """Walk the items of encapsulated pixel data up to the delimiter."""
    while (tag := file.read(4)) == ITEM:
        length = int.from_bytes(file.read(4), "little")
        if length > _left(file):
            return False
        file.seek(length, os.SEEK_CUR)
    return tag == SEQUENCE_END


def _left(file: BinaryIO) -> int:
    here = file.tell()
    end = file.seek(0, os.SEEK_END)
    file.seek(here)
    return end - here


def _expected_bytes(dataset: Dataset) -> int:
    """Bytes of uncompressed pixels; 0 where the header does not say."""
    pixels = int(dataset.get("Rows") or 0) * int(dataset.get("Columns") or 0)
    frames, samples = int(dataset.get("NumberOfFrames") or 1), int(dataset.get("SamplesPerPixel") or 1)
    return pixels * frames * samples * int(dataset.get("BitsAllocated") or 0) // 8
