"""One phantom spine: its curve, the tables that a painter looks up, and how seeds and grades draw it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from levelwise.sample.curve import STEP_MM, Curve, table_positions
from levelwise.sample.profile import DiscShape, Profile, Segments, draw_discs, draw_profile
from levelwise.sample.sizes import DISC, HEIGHT, LABELS, LEAN_DEG, disc_number
from levelwise.sample.truth import StudyTruth
from lexicons.vocabulary import LEVELS, Level

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spine:
    """One phantom spine. Points are LPS mm.

    `size` is relative to the average adult, `fat_mm` the thickness of fat under the skin of the back,
    `streaks` the share of fat in the muscles, `texture` the seed of marrow and muscle texture.
    """

    curve: Curve
    segments: Segments
    profile: Profile
    discs: DiscShape
    size: float
    fat_mm: float
    streaks: float
    texture: int

    def vertebra_centre(self, label: int) -> Vector:
        """Centre of a vertebral body, shape (3,); `label` 1 is S1, 8 is T11."""
        point: Vector = self.curve.points[self.curve.at(self.segments.centres[label - LABELS[0]])]
        return point

    def disc_s(self, level: Level) -> float:
        """Arc length of the centre of a disc."""
        return float(self.segments.discs[disc_number(level)])

    def disc_centre(self, level: Level) -> Vector:
        """Centre of a disc, shape (3,)."""
        point: Vector = self.curve.points[self.curve.at(self.disc_s(level))]
        return point

    def disc_normal(self, level: Level) -> Vector:
        """Unit normal of the plane of a disc, towards the head, shape (3,)."""
        normal: Vector = self.curve.tangent[self.curve.at(self.disc_s(level))]
        return normal


def build_spine(truth: StudyTruth, body_seed: tuple[int, ...], study_seed: tuple[int, ...]) -> Spine:
    """The spine of one study: the body from `body_seed` (one per patient), its wear from the grades.

    The same arguments give the same spine. `study_seed` draws the jitter of the narrowing and how the patient
    lies on the table.
    """
    body, study = np.random.default_rng(body_seed), np.random.default_rng(study_seed)
    size = (1.0 if truth.sex == "M" else 0.93) * float(body.normal(1.0, 0.03))
    wear = _wear(truth)
    segments = _draw_segments(size, wear, body)
    curve = _draw_curve(segments, body, study)
    return Spine(
        curve=curve,
        segments=segments,
        profile=draw_profile(truth, size, segments, curve, body, study),
        discs=draw_discs(truth, wear, study),
        size=size,
        fat_mm=float(np.clip(body.normal(24, 8), 10, 45)),
        streaks=float(np.clip(body.normal(0.002 * truth.age, 0.04), 0.02, 0.3)),
        texture=int(body.integers(2**31)),
    )


def _wear(truth: StudyTruth) -> Vector:
    """Degeneration 0..1 of every disc of `LABELS`, from its grades and the patient's age."""
    wear = np.full(len(LABELS), 0.15)
    for level in LEVELS:
        grades = [truth.grade(level, code) for code in ("SCS", "RFS", "LFS")]
        share = 0.12 * max(grades) + 0.04 * sum(grades) + (truth.age - 30) / 150
        wear[disc_number(level)] = np.clip(share, 0, 1)
    return wear


def _draw_segments(size: float, wear: Vector, body: np.random.Generator) -> Segments:
    """Vertebrae and discs stacked along the curve; zero is the upper endplate of S1. Worn discs are lower."""
    thickness = size * np.array(DISC) * body.normal(1, 0.05, len(LABELS)) * (1 - 0.35 * wear)
    height = size * np.array(HEIGHT) * body.normal(1, 0.02, len(LABELS))
    tops = np.cumsum(height + thickness) - thickness
    tops -= tops[1 - LABELS[0]]
    return Segments(tops - height / 2, tops + thickness / 2, height, thickness)


def _draw_curve(segments: Segments, body: np.random.Generator, study: np.random.Generator) -> Curve:
    """A lordosis of varied depth, a scoliosis (mild in 11 of 12), a patient who lies not quite straight."""
    s = table_positions()
    lean = np.array(LEAN_DEG) * np.clip(body.normal(1.0, 0.18), 0.6, 1.35)
    lean = lean + body.normal(0, 1.2, len(LABELS)) + study.normal(0, 2)
    sagittal = gaussian_filter1d(np.interp(s, segments.centres, lean), 10 / STEP_MM)
    bow = abs(body.normal(0, 2.2)) + (8.0 if body.random() < 1 / 12 else 0.0)
    wave = np.sin(2 * np.pi * (s - body.uniform(0, 260)) / 260)
    coronal = bow * wave + study.normal(0, 1)
    rotation = 0.4 * bow * wave + study.normal(0, 1.5)
    return Curve.bend(
        np.radians(sagittal),
        np.radians(coronal),
        np.radians(rotation),
        through=study.normal(0, (6, 10, 18)),
        at=float(segments.centres[4 - LABELS[0]]),
    )
