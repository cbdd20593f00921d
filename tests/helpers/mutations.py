"""DICOM files damaged in every way that archives and enemies damage them, the same ones for the same seed."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from random import Random

import numpy as np
from dicom_factory import AXIAL, Stack, encode, enhanced, geometry, image, images, item
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

SYNTAXES = (
    ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian,
    RLELossless, JPEGLSLossless, JPEG2000Lossless, JPEGLosslessSV1,
)  # fmt: skip
STUDY, SERIES = "1.2.3.7000000000", "1.2.3.8000000000"
"""Identifiers of a length that leaves room for a number of each file."""
STACK = Stack(AXIAL, slices=3, rows=40, columns=36)
LARGE = Stack(AXIAL, slices=1, rows=4096, columns=4096, pixel=(0.1, 0.1))
HUGE = (0, 1, 0x7FFF, 0xFFFF)
SIZES = ((0x28, 0x10), (0x28, 0x11), (0x28, 0x100), (0x28, 0x101), (0x28, 0x102), (0x28, 0x2), (0x28, 0x103))
"""Rows, columns, bits allocated, bits stored, high bit, samples of a pixel, sign."""

BOMB = 50
"""This one of every hundred files is a bomb: they take seconds each."""

Mutation = Callable[[bytes, Random], bytes]


def mutants(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """How each file was damaged, and its bytes; a bomb now and then."""
    random = Random(seed)
    kinds = list(MUTATIONS)
    for number in range(count):
        kind = "bomb" if number % 100 == BOMB else kinds[number % len(kinds)]
        base = random.choice(bases())
        made = bombs()[number // 100 % len(bombs())] if kind == "bomb" else MUTATIONS[kind](base, random)
        yield kind, _numbered(made, number)


@cache
def bases() -> list[bytes]:
    """One good file of every syntax, one enhanced file, plain and compressed."""
    names = {"StudyInstanceUID": STUDY, "series": SERIES}
    files = [encode(images(STACK, **names)[0], syntax) for syntax in SYNTAXES]
    many = {"StudyInstanceUID": STUDY, "SeriesInstanceUID": SERIES}
    files += [enhanced(images(STACK), shared=item(), **many)]
    files += [encode(enhanced(images(STACK), shared=item(), **many), RLELossless)]
    return [_bytes(data) for data in files]


def _bytes(data: object) -> bytes:
    file = io.BytesIO()
    data.save_as(file)
    return file.getvalue()


def _numbered(data: bytes, number: int) -> bytes:
    """Each file in a study of its own, so that one does not decide the lot of another."""
    own = f"1.2.3.7{number:09d}".encode()
    return data.replace(STUDY.encode(), own)


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def _flip(data: bytes, random: Random) -> bytes:
    found = bytearray(data)
    reach = len(data) if random.random() < 0.5 else min(len(data), 1200)
    for _ in range(random.choice((1, 3, 20, 200))):
        found[random.randrange(128, reach)] = random.randrange(256)
    return bytes(found)


def _insert(data: bytes, random: Random) -> bytes:
    place = random.randrange(132, len(data))
    return data[:place] + random.randbytes(random.randrange(1, 40)) + data[place:]


def _drop(data: bytes, random: Random) -> bytes:
    place = random.randrange(132, len(data))
    return data[:place] + data[place + random.randrange(1, 40) :]


def _splice(data: bytes, random: Random) -> bytes:
    other = random.choice(bases())
    return data[: random.randrange(132, len(data))] + other[random.randrange(132, len(other)) :]


def _length(data: bytes, random: Random) -> bytes:
    """Another length for an element: of two bytes after its type, or of four."""
    found = bytearray(data)
    types = (b"DS", b"UI", b"US", b"SQ", b"OW", b"LO", b"IS", b"OB", b"CS")
    places = [place for name in types if (place := data.find(name, random.randrange(132, 900))) > 0]
    place = random.choice(places) if places else random.randrange(132, len(data) - 8)
    size = random.choice((2, 4))
    start = place + (2 if size == 2 else 4)
    found[start : start + size] = random.choice(
        (random.randbytes(size), b"\xff" * size, b"\xff" * (size - 1) + b"\x7f")
    )
    return bytes(found)


def _lie(data: bytes, random: Random) -> bytes:
    """Another number of rows, columns, bits or samples than there are."""
    found = bytearray(data)
    group, element = random.choice(SIZES)
    for order in ("little", "big"):
        tag = group.to_bytes(2, order) + element.to_bytes(2, order)
        place = data.find(tag)
        if place > 0:
            value = random.choice((*HUGE, random.randrange(1 << 16)))
            found[place + 8 : place + 10] = value.to_bytes(2, order)
    return bytes(found)


def _frames(data: bytes, random: Random) -> bytes:
    """A number of frames that is not true, in the place of the patient's."""
    value = random.choice(("0", "-1", "2", "20000", "999999999999", "1e9", "many")).encode().ljust(12)
    element = b"\x28\x00\x08\x00IS" + len(value).to_bytes(2, "little") + value
    place = data.find(b"\x28\x00\x10\x00US")
    return data[:place] + element + data[place:] if place > 0 else _flip(data, random)


def _words(data: bytes, random: Random) -> bytes:
    """Numbers of the geometry replaced by other text of the same length."""
    found = bytearray(data)
    place = data.find(random.choice((b"DS", b"IS", b"UI", b"CS")), 400)
    if place > 0:
        text = random.choice(
            (b"nan", b"inf", b"1e308", b"-1e308", b"\\\\\\\\", b"\xff\xfe", b"x", b"\0", b"1\\2")
        )
        length = int.from_bytes(data[place + 2 : place + 4], "little") or 4
        found[place + 4 : place + 4 + length] = (text * length)[:length]
    return bytes(found)


def _nest(_: bytes, random: Random) -> bytes:
    """Sequences within sequences, thousands deep, without an end."""
    depth = random.choice((50, 900, 5000, 50_000))
    opening = b"\x08\x00\x15\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    closing = b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0"
    head, tail = _split(bases()[0])
    return head + opening * depth + closing * random.choice((0, depth)) + tail


def _vast(_: bytes, random: Random) -> bytes:
    """An element that claims gigabytes, or has no end, before the pixels."""
    head, tail = _split(bases()[0])
    kind = random.choice((b"OB", b"UN", b"UT", b"SQ", b"OW"))
    claim = random.choice((0xFFFFFFFF, 0xFFFFFFF0, 0x7FFFFFFE, 0x04000002))
    return head + b"\x09\x00\x10\x10" + kind + b"\0\0" + claim.to_bytes(4, "little") + tail


def _noise(_: bytes, random: Random) -> bytes:
    start = random.choice((b"", b"\0" * 128 + b"DICM", b"\x08\x00\x05\x00CS", b"PK\x03\x04"))
    return start + random.randbytes(random.randrange(2000))


@cache
def bombs() -> list[bytes]:
    """A megabyte that inflates to 2.1 GB, as it stands and as a value; 4096 x 4096 pixels out of nothing."""
    good = _bytes(
        encode(images(STACK, StudyInstanceUID=STUDY, series=SERIES)[0], DeflatedExplicitVRLittleEndian)
    )
    head = good[: good.index(DeflatedExplicitVRLittleEndian.encode()) + 22]
    pixels = b"\xe0\x7f\x10\x00OW\0\0" + (0x7FFFFFFE).to_bytes(4, "little")
    body = zlib.decompress(good[len(head) :], -zlib.MAX_WBITS)
    body = body[: body.index(b"\xe0\x7f\x10\x00")]
    black = np.zeros((LARGE.rows, LARGE.columns), np.uint16)
    place = {**geometry(LARGE, 0), "StudyInstanceUID": STUDY, "SeriesInstanceUID": SERIES}
    large = [
        _bytes(encode(image(black, **place), syntax))
        for syntax in (RLELossless, JPEGLSLossless, JPEG2000Lossless)
    ]
    return [head + _inflating(start, 2_100) for start in (body, body + pixels)] + large


def _inflating(start: bytes, mebibytes: int) -> bytes:
    """A raw deflate stream of `start` and so many mebibytes of zeros, made without making those."""
    opening = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    parts = [opening.compress(start) + opening.flush(zlib.Z_FULL_FLUSH)]
    one = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = one.compress(bytes(1 << 20)) + one.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return b"".join([*parts, block * mebibytes, last.flush()])


def _split(data: bytes) -> tuple[bytes, bytes]:
    """A plain file before and after the place where its patient begins."""
    place = data.index(b"\x10\x00\x20\x00LO")
    return data[:place], data[place:]


MUTATIONS: dict[str, Mutation] = {
    "cut": _cut, "flip": _flip, "insert": _insert, "drop": _drop, "splice": _splice, "length": _length,
    "lie": _lie, "frames": _frames, "words": _words, "noise": _noise, "vast": _vast,
    "flip again": _flip, "lie again": _lie, "length again": _length, "cut again": _cut,
    "nest": _nest, "flip once more": _flip, "words again": _words, "splice again": _splice,
}  # fmt: skip
