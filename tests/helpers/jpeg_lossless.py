"""An encoder of lossless JPEG (ITU-T T.81, predictor 1): pydicom reads this syntax and does not write it."""

from __future__ import annotations

import numpy as np

CODE_BITS = 5
"""Every one of the 17 categories of a difference has a code of five bits."""


def encode(pixels: np.ndarray) -> bytes:
    """A grey image of 16 bits, (rows, columns), as one JPEG."""
    rows, columns = pixels.shape
    frame = (16).to_bytes(1) + rows.to_bytes(2) + columns.to_bytes(2) + bytes([1, 1, 0x11, 0])
    codes = bytes([0]) + bytes([17 if bits == CODE_BITS else 0 for bits in range(1, 17)]) + bytes(range(17))
    scan = bytes([1, 1, 0, 1, 0, 0])
    marked = ((0xC3, frame), (0xC4, codes), (0xDA, scan))
    head = b"".join(bytes([0xFF, mark]) + (len(body) + 2).to_bytes(2) + body for mark, body in marked)
    return b"\xff\xd8" + head + _entropy(_differences(pixels)) + b"\xff\xd9"


def _differences(pixels: np.ndarray) -> np.ndarray:
    """From the pixel to the left; in the first column from the one above; -32767..32768."""
    values = pixels.astype(np.int64)
    left = np.roll(values, 1, axis=1)
    left[1:, 0], left[0, 0] = values[:-1, 0], 1 << 15
    return (values - left + 32767) % 65536 - 32767


def _entropy(differences: np.ndarray) -> bytes:
    bits = "".join(map(_code, differences.ravel().tolist()))
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8).replace(b"\xff", b"\xff\x00")


def _code(difference: int) -> str:
    category = abs(difference).bit_length()
    if category in (0, 16):
        return f"{min(category, 16):0{CODE_BITS}b}"
    low = difference if difference > 0 else difference + (1 << category) - 1
    return f"{category:0{CODE_BITS}b}{low:0{category}b}"
