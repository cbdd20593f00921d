"""Cells as an annotator writes them: a grade, P, N or X, with a question mark for doubt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labeling.issues import InputError, Issue
from lexicons.findings import CODES
from lexicons.vocabulary import Level

VALUES: tuple[str, ...] = ("0", "1", "2", "3", "N", "P")
"""What a cell can say: a grade; N, only "no severe" is said (no grade); P, affirmed without a grade."""

UNSETTLED = "X"
"""Two annotators could not settle the cell: it is not scored."""

ABSENT = "absent"
OUTCOMES: tuple[str, ...] = (*VALUES, ABSENT)
"""What a reader can make of a cell: the rows and columns of a confusion table."""

CellKey = tuple[Level, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader, parser or annotator, says of one cell. `value` is one of `VALUES` or `UNSETTLED`."""

    value: str
    uncertain: bool = False
    flags: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def grade(self) -> int | None:
        """The grade 0..3, or `None` where there is none."""
        return int(self.value) if self.value.isdigit() else None

    def __str__(self) -> str:
        return self.value + ("?" if self.uncertain else "")

    @classmethod
    def parse(cls, text: str) -> Reading:
        """``"2"``, ``"P"``, ``"1?"``; `ValueError` names the choices."""
        value = text.removesuffix("?")
        if value not in {*VALUES, UNSETTLED}:
            raise ValueError(
                f"expected one of {', '.join(VALUES)}, {UNSETTLED}, with or without ?; got {text!r}"
            )
        return cls(value, uncertain=text.endswith("?"))


@dataclass(frozen=True, slots=True)
class ReadReport:
    """The cells of one report as one reader sees them; a cell that is not in `cells` is absent."""

    id: str
    cells: Mapping[CellKey, Reading]
    text: str | None = None


def read_gold(path: Path) -> list[ReadReport]:
    """The annotated reports of a JSON Lines file, ``{"id", "text", "cells": {level: {code: value}}}`` each.

    A folder stands for the ``gold.jsonl`` in it, as `levelwise import` writes it.
    `InputError` says the line and what was expected: a gold standard with a hole in it measures nothing.
    """
    path = Path(path)
    if path.is_dir():
        path /= "gold.jsonl"
    with path.open(encoding="utf-8-sig") as lines:
        found = [_report(line, f"{path} > line {n}") for n, line in enumerate(lines, start=1) if line.strip()]
    if not found:
        raise InputError(
            Issue(str(path), "empty-file", "expected annotated reports; got none.", "Name the gold file.")
        )
    if repeated := len(found) - len({report.id for report in found}):
        raise InputError(
            Issue(
                str(path),
                "duplicate-id",
                f"expected every id once; {repeated} stand again.",
                "Give each report an id of its own.",
            )
        )
    return found


def readings(rows: Iterable[Mapping[str, Any]]) -> list[ReadReport]:
    """The reports of a `labels` table, from its rows as `pa.Table.to_pylist` gives them."""
    found: dict[str, dict[CellKey, Reading]] = {}
    for row in rows:
        found.setdefault(row["report_id"], {})[Level.parse(row["level"]), row["finding"]] = Reading(
            value=_value(row),
            uncertain=row["certainty"] == "uncertain",
            flags=tuple(row["flags"]),
            rules=tuple(dict.fromkeys(evidence["rule"] for evidence in row["evidence"])),
        )
    return [ReadReport(report_id, cells) for report_id, cells in found.items()]


def _value(row: Mapping[str, Any]) -> str:
    if row["grade"] is not None:
        return str(row["grade"])
    return "N" if row["low"] == 0 else "P"


def _report(line: str, where: str) -> ReadReport:
    try:
        data = json.loads(line)
        return ReadReport(str(data["id"]), dict(_cells(data["cells"])), data.get("text"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        issue = Issue(
            where,
            "broken-gold",
            "expected id and cells (level > code > value); the line cannot be read "
            f"({type(error).__name__}: {error}).",
            "Repair the line: a gold standard is read whole or not at all.",
        )
        raise InputError(issue) from None


def _cells(data: Mapping[str, Mapping[str, str]]) -> Iterable[tuple[CellKey, Reading]]:
    for level, codes in data.items():
        for code, value in codes.items():
            if code not in CODES:
                raise ValueError(f"code: expected one of {', '.join(CODES)}; got {code!r}")
            yield (Level.parse(level), code), Reading.parse(value)
