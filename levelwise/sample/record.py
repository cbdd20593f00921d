"""One line of ``truth.jsonl``: everything that is known of a study of the sample archive."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from levelwise.sample.truth import StudyTruth
from lexicons.vocabulary import Level

Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class DiscTruth:
    """Where a disc is and how wide its canal is: LPS mm, unit normal towards the head, mm and mm squared."""

    centre: Point
    normal: Point
    sac_ap_mm: float
    sac_area_mm2: float


@dataclass(frozen=True, slots=True)
class StudyRecord:
    """The known truth of one study.

    `cells` is the gold of its report, as gold files hold it ({``"L4-L5"``: {``"SCS"``: ``"2"``}}; a cell that
    is not there is not in the report), `style` the style it is written in. `defect` names what is wrong with
    the files, None when nothing is. The seeds rebuild the spine that was scanned.
    """

    truth: StudyTruth
    body_seed: tuple[int, ...]
    study_seed: tuple[int, ...]
    cells: Mapping[str, Mapping[str, str]]
    style: str
    discs: Mapping[Level, DiscTruth]
    vertebrae: Mapping[str, Point]
    defect: str | None = None

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(
            {
                "study": self.truth.study,
                "patient": self.truth.patient,
                "age": self.truth.age,
                "sex": self.truth.sex,
                "grades": {str(level): dict(grades) for level, grades in self.truth.grades.items()},
                "cells": {level: dict(cells) for level, cells in self.cells.items()},
                "style": self.style,
                "discs": {
                    str(level): {name: getattr(disc, name) for name in DiscTruth.__slots__}
                    for level, disc in self.discs.items()
                },
                "vertebrae": dict(self.vertebrae),
                "defect": self.defect,
                "body_seed": list(self.body_seed),
                "study_seed": list(self.study_seed),
            }
        )

    @classmethod
    def from_json(cls, line: str) -> StudyRecord:
        """The record that `line` holds; `KeyError` or `ValueError` when it is not one."""
        data: dict[str, Any] = json.loads(line)
        grades = {Level.parse(name): cells for name, cells in data["grades"].items()}
        return cls(
            truth=StudyTruth(data["patient"], data["study"], grades, data["age"], data["sex"]),
            body_seed=tuple(data["body_seed"]),
            study_seed=tuple(data["study_seed"]),
            cells=data["cells"],
            style=data["style"],
            discs={Level.parse(name): _disc(disc) for name, disc in data["discs"].items()},
            vertebrae={name: _point(point) for name, point in data["vertebrae"].items()},
            defect=data["defect"],
        )


def read_truth(path: Path) -> tuple[StudyRecord, ...]:
    """Every record of a ``truth.jsonl``; `ValueError` names the line that is not one."""
    records = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            records.append(StudyRecord.from_json(line))
        except (KeyError, ValueError, TypeError) as error:
            raise ValueError(
                f"{path} > line {number}: expected a study of the sample archive; got another ({error})"
            ) from error
    return tuple(records)


def _disc(data: Mapping[str, Any]) -> DiscTruth:
    return DiscTruth(_point(data["centre"]), _point(data["normal"]), data["sac_ap_mm"], data["sac_area_mm2"])


def _point(values: list[float]) -> Point:
    x, y, z = values
    return (x, y, z)
