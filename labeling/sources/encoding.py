"""Bytes to text: which encoding a file has, and lines that can say they were damaged.

UTF-8 with or without a byte order mark, UTF-16 and Windows-1252. Undecodable bytes become lone surrogates
(U+FFFD in UTF-16), so that one bad line costs one row and not the file; `damaged` finds them.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
from pathlib import Path
from typing import IO, TextIO, cast

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Two, three and four byte sequences of UTF-8.
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")


def open_bytes(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked when its name ends in ``.gz``."""
    if path.suffix.lower() != ".gz":
        return path.open("rb")
    return cast("IO[bytes]", gzip.open(path if isinstance(path, Path) else path.open("rb")))


def open_whole(path: Path) -> IO[bytes]:
    """The same for libraries that go back and forth in a file: one that is packed is held in memory."""
    if isinstance(path, Path) and path.suffix.lower() != ".gz":
        return path.open("rb")
    with open_bytes(path) as file:
        return io.BytesIO(file.read())


def detect_encoding(path: Path) -> str:
    """``utf-8-sig``, ``utf-16``, ``utf-16-le``, ``utf-16-be``, ``cp1252`` or ``utf-8``, from the whole file.

    A file with more stray bytes than valid UTF-8 sequences is Windows-1252; one with fewer is UTF-8 with
    damaged lines. Without a byte order mark UTF-16 is known by its zero bytes.
    """
    with open_bytes(path) as file:
        head = file.read(4096)
        if encoding := next((name for bom, name in _BOMS if head.startswith(bom)), None):
            return encoding
        if encoding := _by_zeros(head):
            return encoding
        file.seek(0)
        valid, stray = _count(file)
    return "cp1252" if stray > valid else "utf-8"


def open_text(path: Path, encoding: str, newline: str) -> TextIO:
    """The file as text; undecodable bytes are marked, not raised. `newline` as in `open`."""
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    return io.TextIOWrapper(open_bytes(path), encoding=encoding, errors=errors, newline=newline)


class Meter:
    """Opens a file as text and says how far it has been read, in bytes as they lie on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._text: TextIO | None = None

    def open(self, encoding: str, newline: str) -> TextIO:
        """As `open_text`."""
        self._text = open_text(self._path, encoding, newline)
        return self._text

    def share(self) -> float:
        """From 0 to 1; 0 where it cannot be told."""
        if self._text is None or not isinstance(self._path, Path):
            return 0.0
        if self._text.closed:
            return 1.0
        read = self._text.buffer
        packed = getattr(read, "fileobj", read)
        return float(min(packed.tell() / max(self._path.stat().st_size, 1), 1.0))


def decode(data: bytes) -> str | None:
    """The text of a small file by the same rules, or `None` when some byte of it cannot be decoded."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None) or _by_zeros(data[:4096])
    if encoding is None:
        valid, stray = _count(io.BytesIO(data))
        encoding = "cp1252" if stray > valid else "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def decode_head(data: bytes) -> str:
    """What can be read of the first bytes of a file, which may end inside a character."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None) or _by_zeros(data)
    return data.decode(encoding or "utf-8", "replace")


def damaged(text: str, encoding: str = "utf-8") -> bool:
    """Whether `text` holds the mark of a byte that could not be decoded, or half of a surrogate pair."""
    if text.isascii():
        return False
    return _SURROGATE.search(text) is not None or (encoding.startswith("utf-16") and "\ufffd" in text)


def _by_zeros(head: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of Western text is zero."""
    if len(head) < 4 or 0 not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head) / 2 and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * len(head) / 2 and odd == 0 else None


def _count(file: IO[bytes]) -> tuple[int, int]:
    """Valid multi-byte sequences of UTF-8, and bytes above 127 outside them."""
    valid = stray = 0
    for line in file:  # a line feed is never part of a sequence
        if not line.isascii():
            found = _MULTIBYTE.findall(line)
            valid += len(found)
            stray += len(_HIGH.findall(line)) - sum(map(len, found))
    return valid, stray
