"""Numbered items that run on in one line: ``1)L2-3: bulge 2)L5-S1: normal 3)canal: 14 mm at L2-3``."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![^ \n])(\d{1,2})[.)] ?(?=[A-Za-z])")
_LEAST = 3
"""Items that make a list: two numbers may stand in any sentence."""


def parted_items(text: str) -> str:
    """`text` of the same length, with a line end for the blank before each item of such a line."""
    lines = text.split("\n")
    return "\n".join([_parted(line) if "3" in line and "1" in line else line for line in lines])


def _parted(line: str) -> str:
    """`line`, parted where its numbers begin it and count on from 1."""
    starts: list[int] = []
    for number in _NUMBER.finditer(line):
        if int(number[1]) != len(starts) + 1 or (not starts and line[: number.start()].strip()):
            continue
        starts.append(number.start())
    if len(starts) < _LEAST:
        return line
    for start in starts[1:]:
        line = f"{line[: start - 1]}\n{line[start:]}"
    return line
