"""What is true of a synthetic study: one grade for every level and every finding code.

The sample archive draws the truth first. The phantom then draws it as voxels and the report writer puts
it into words, so a parsed label and an image can both be checked against the same number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS, Grade, Level

Grades = Mapping[Level, Mapping[str, int]]
"""Grade 0..3 of every code of `CODES` (SCS, RFS, LFS, RRS, ...) at every level."""

# Stenosis gathers in the mobile, loaded segments. Canal and recess peak at L4-L5; foramina and facets go
# on rising to L5-S1. Units: standard deviations of the latent severity, from the head down.
_LEVEL_SHIFT: dict[str, tuple[float, ...]] = {
    "canal": (-2.1, -1.4, -0.6, 0.15, 0.6, -0.35),
    "foramen": (-2.2, -1.5, -0.7, 0.0, 0.5, 0.6),
    "recess": (-2.2, -1.5, -0.6, 0.05, 0.65, 0.05),
    "facet": (-1.7, -1.2, -0.5, 0.15, 0.6, 0.5),
}
# Latent severity above which a disc is mild, moderate, severe: about 64, 17, 11 and 7 % of all discs.
_CUTS = (0.05, 0.75, 1.45)
# Share of the latent variance: the patient's wear, the disc, the finding (both sides), the side itself.
_WEAR, _DISC, _FINDING, _SIDE = 0.55, 0.55, 0.45, 0.45


@dataclass(frozen=True, slots=True)
class StudyTruth:
    """One synthetic patient and study, and the grades that its images and its report are made from.

    `patient` and `study` are keys of the archive's own choosing; `age` is in years; `sex` is ``"F"`` or
    ``"M"``. `ValueError` names the first level and code that has no grade 0..3.
    """

    patient: str
    study: str
    grades: Grades
    age: int = 60
    sex: str = "F"

    def __post_init__(self) -> None:
        for level in LEVELS:
            for code in CODES:
                grade = self.grades.get(level, {}).get(code)
                if grade not in tuple(Grade):
                    raise ValueError(f"truth > {level} > {code}: expected a grade 0..3; got {grade!r}")

    def grade(self, level: Level, code: str) -> int:
        """The grade 0..3 of one cell."""
        return self.grades[level][code]


def draw_truth(rng: np.random.Generator) -> Grades:
    """Grades of one study, most of them normal or mild, more severe towards L4-L5 and alike on both sides.

    The imbalance follows Lu et al. 2018 (DeepSPINE), Figure 2b: a preponderance of normal and mild discs.
    """
    wear = rng.normal()
    grades: dict[Level, Mapping[str, int]] = {}
    for level in LEVELS:
        disc = _WEAR * wear + _DISC * rng.normal()
        common = {key: disc + shift[level] + _FINDING * rng.normal() for key, shift in _LEVEL_SHIFT.items()}
        grades[level] = {
            code: int(np.searchsorted(_CUTS, common[finding.key] + _SIDE * rng.normal()))
            for code, (finding, _) in CODES.items()
        }
    return grades


def draw_study(rng: np.random.Generator, patient: str, study: str) -> StudyTruth:
    """A study with drawn grades and a plausible age (30..89 years) and sex, named by the caller's keys."""
    return StudyTruth(
        patient=patient,
        study=study,
        grades=draw_truth(rng),
        age=int(rng.integers(30, 90)),
        sex=str(rng.choice(["F", "M"])),
    )
