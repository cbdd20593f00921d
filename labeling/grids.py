"""Tables in a report: levels as rows or columns, parted by pipes, tabs, wide gaps or spaced slashes.

Every cell is read as ``<structure>: <words>`` under its level, so a table follows the rules of prose and
its evidence points into the cells. The rows of a table come out as sentences, each pair of level heading
and cell in turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from labeling.levels import LevelNotation

_PARTED = re.compile(r"\||\t[ \t]*|(?<=[^\s|]) {3,}(?=[^\s|])")
_SLASHED = re.compile(r"\s+/\s+")
_EMPTY = re.compile(r"[\W_]*$")


@dataclass(frozen=True, slots=True)
class Cell:
    """Characters ``start..end`` of a table cell, its level heading, and the words that head its structure."""

    start: int
    end: int
    level: tuple[int, int]
    structure: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the characters it takes up, and its cells in reading order."""

    start: int
    end: int
    cells: tuple[Cell, ...]


Row = list[tuple[int, int]]


def find_grids(text: str, levels: LevelNotation) -> list[Grid]:
    """The tables of a folded lower-case text: levels along one edge, structures along the other."""
    grids: list[Grid] = []
    block: list[Row] = []
    at = 0
    for line in [*text.split("\n"), ""]:
        parted = "|" in line or "\t" in line or "   " in line or line.count(" / ") > 1
        row = _row(line, at) if parted else []
        if not block and not row:
            pass
        elif len(row) > 2 or (len(row) > 1 and (block or all(_is_level(text, cell, levels) for cell in row))):
            block.append(row)
        elif block and line.strip() and _EMPTY.match(line):
            pass
        else:
            grids += _grid(text, block, levels)
            block = []
        at += len(line) + 1
    return grids


def _row(line: str, at: int) -> Row:
    cells: Row = []
    begin = 0
    parted = _PARTED if "|" in line or "\t" in line or "   " in line else _SLASHED
    for match in [*parted.finditer(line), None]:
        end = match.start() if match else len(line)
        piece = line[begin:end]
        lead = len(piece) - len(piece.lstrip())
        cells.append(
            (at + begin + lead, at + begin + len(piece.rstrip()) if piece.strip() else at + begin + lead)
        )
        begin = match.end() if match else end
    while cells and cells[0][0] >= cells[0][1]:
        cells.pop(0)
    return [] if all(_EMPTY.match(line[s - at : e - at]) for s, e in cells) else cells


def _grid(text: str, rows: list[Row], levels: LevelNotation) -> Iterator[Grid]:
    if len(rows) < 2:
        return
    down = [i for i, row in enumerate(rows) if _is_level(text, row[0], levels)]
    across = [span for span in rows[0] if _is_level(text, span, levels)]
    if len(down) >= 2 and down[0] > 0:
        cells = list(_by_row(text, rows[down[0] - 1], [rows[i] for i in down]))
        first = down[0] - 1
    elif len(across) >= 2:
        cells = list(_by_column(text, across, rows[1:]))
        first = 0
    else:
        return
    if cells:
        yield Grid(rows[first][0][0], rows[-1][-1][1], tuple(cells))


def _by_row(text: str, header: Row, rows: list[Row]) -> Iterator[Cell]:
    shift = 0 if len(header) == len(rows[0]) else len(header) - len(rows[0])
    for row in rows:
        for column, (start, end) in enumerate(row[1:], 1):
            if 0 <= column + shift < len(header) and not _EMPTY.match(text[start:end]):
                name = header[column + shift]
                yield Cell(start, end, row[0], text[name[0] : name[1]])


def _by_column(text: str, names: Row, rows: list[Row]) -> Iterator[Cell]:
    for row in rows:
        structure = text[row[0][0] : row[0][1]].rstrip(" :")
        for level, (start, end) in zip(names, row[1:], strict=False):
            if not _EMPTY.match(text[start:end]):
                yield Cell(start, end, level, structure)


def _is_level(text: str, span: tuple[int, int], levels: LevelNotation) -> bool:
    return bool(levels.heading.match(text[span[0] : span[1]].rstrip(" :")))
