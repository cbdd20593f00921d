"""Tables in a report, read into cells of a level and a structure.

Three layouts are known, one module each: levels as rows under a line that names the columns
(`labeling.grids.rows`), levels as columns with the structure first in each row (`labeling.grids.columns`),
and rows of a level whose cells carry their own keys, ``canal 0   RF 1`` (`labeling.grids.keyed`). Columns are
parted by pipes, tabs, wide gaps, brackets, slashes, colons, semicolons or commas.

Every cell is read as ``<structure>: <words>`` under its level, so a table follows the rules of prose and
its evidence points into the cells. Where it is in doubt which column a word belongs to, there is no cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from labeling.grids.cells import Speech
from labeling.grids.columns import LevelColumns
from labeling.grids.keyed import KeyedRows
from labeling.grids.lines import Grid
from labeling.grids.rows import LevelledRows
from labeling.grids.sheet import Sheet
from labeling.grids.words import TableWords
from labeling.levels import LevelNotation


def find_grids(
    text: str, levels: LevelNotation, words: TableWords, speech: Speech, legend: Mapping[str, str]
) -> list[Grid]:
    """The tables of a folded lower-case text, in order and apart from each other."""
    return list(_grids(Sheet(text, levels, words, speech, legend)))


def _grids(sheet: Sheet) -> Iterator[Grid]:
    """Looks for a table at each line in turn."""
    rows, columns, keyed = LevelledRows(sheet), LevelColumns(sheet), KeyedRows(sheet)
    at = done = 0
    while at < len(sheet.lines):
        found = None
        if sheet.is_row(sheet.lines[at]):
            found = rows.at(at, done) or keyed.at(at)
        found = found or columns.at(at)
        if found is None:
            at += 1
            continue
        grid, at = found
        done = at
        if grid.cells:
            yield grid
