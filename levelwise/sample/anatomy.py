"""The anatomy of one phantom: sizes, positions and the narrowing that its grades ask for.

Everything is a table along the curve (`Profile`) or one number per disc (`DiscShape`), so that a renderer only
looks numbers up. Sizes are millimetres of an average adult, from the head-down literature values of Panjabi et
al. 1992 (Spine 17:299) for bodies and of Schizas 2010 (Spine 35:1919) for what narrows; a grade moves a mean, and
a jitter around it lets neighbouring grades overlap a little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from levelwise.sample.curve import STEP_MM, Curve, Floats, table_positions
from levelwise.sample.truth import StudyTruth
from lexicons.vocabulary import LEVELS, Level, Side

LABELS = tuple(range(-2, 11))
"""Vertebrae from S4 to T9 by label: 1 is S1 and numbers grow to the head, as in the levelwise scheme."""
NAMES: dict[int, str] = {1: "S1", 2: "L5", 3: "L4", 4: "L3", 5: "L2", 6: "L1", 7: "T12", 8: "T11"}
"""The vertebrae that the levelwise scheme knows."""

# Millimetres, S4 to T9. A disc is listed with the vertebra below it.
_HEIGHT = (18, 20, 23, 29, 27, 27.5, 27.5, 27, 26, 24.5, 23, 22, 21)
_DISC = (1.5, 2, 3, 10.5, 11.5, 10.5, 9.5, 8, 7, 5.5, 5, 4.5, 4)
_HALF_AP = (5, 7, 10, 15.5, 17, 17, 16.5, 16, 15.5, 15, 14.5, 14, 13.5)
_HALF_WIDTH = (14, 16, 20, 26, 25.5, 24, 22.5, 21.5, 20.5, 19.5, 18, 17, 16)
_SAC_AP = (0.1, 1, 5, 11, 14, 14.5, 14.5, 15, 15, 15, 14.5, 14, 14)
_SAC_HALF = (0.1, 1, 3, 7.5, 9.5, 9.7, 9.5, 9.3, 9.3, 9, 8.5, 8, 8)
_SAC_GAP = (6, 6, 6, 4.5, 2.2, 1.0, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8)
# Degrees from the long axis towards the back, S4 to T9, of a spine with average lordosis.
_LEAN = (0, -20, -37, -38, -22, -9.5, 0, 6, 10, 10, 7, 4, 1)

_CANAL_AP = (13.8, 10.8, 8.4, 5.2)  # sac at the disc, by grade of SCS
_CANAL_WIDTH = (1.0, 0.93, 0.83, 0.68)
_FORAMEN = (1.0, 0.76, 0.52, 0.25)  # size of the fat around the root, by grade of RFS and LFS
_RECESS = (1.0, 0.92, 0.83, 0.72)  # half of the sac on that side, by grade of RRS and LRS
_FACET = (1.0, 1.08, 1.18, 1.3)  # size of the facets, by grade of RFA and LFA
_ROOTS_MM2 = 48.0  # the roots of the cauda equina do not shrink: they fill what is left of the sac


@dataclass(frozen=True, slots=True)
class Profile:
    """Tables along the curve, one entry per `table_positions`; mm unless said.

    `sac_front` and `sac_back` are distances behind the curve in the midline, `sac_right` and `sac_left` half
    widths, `roof` the inner face of the laminae, `bulge` how far the disc stands out backwards in the midline,
    `roots` the share 0..1 of the sac that nerve roots fill, `cord` the half width of the spinal cord.
    """

    vertebra: NDArray[np.int8]
    disc: NDArray[np.int8]
    z: Floats
    disc_z: Floats
    half_height: Floats
    disc_half: Floats
    bend: Floats
    half_ap: Floats
    half_width: Floats
    sac_front: Floats
    sac_back: Floats
    sac_right: Floats
    sac_left: Floats
    canal_half: Floats
    roof: Floats
    bulge: Floats
    roots: Floats
    cord: Floats


@dataclass(frozen=True, slots=True)
class DiscShape:
    """One number per disc of `LABELS` (disc i lies above vertebra ``LABELS[i]``).

    `foramen_*` scales the fat of the foramen, `facet_*` the facets, `bulge_*` is mm of lateral bulge,
    `nucleus` 0..1 how much of the bright nucleus is left.
    """

    foramen_right: Floats
    foramen_left: Floats
    facet_right: Floats
    facet_left: Floats
    bulge_right: Floats
    bulge_left: Floats
    nucleus: Floats


@dataclass(frozen=True, slots=True)
class Spine:
    """One phantom spine: its curve, its tables, and where its vertebrae and discs sit along the curve.

    `centres[i]` and `disc_centres[i]` are the arc lengths of vertebra ``LABELS[i]`` and of the disc above it.
    `sex_scale` is the size relative to the average adult, `fat_mm` the thickness of fat under the skin of the
    back, `streaks` the share of fat in the muscles, `texture` the seed of marrow and muscle texture.
    """

    curve: Curve
    profile: Profile
    discs: DiscShape
    centres: NDArray[np.float64]
    disc_centres: NDArray[np.float64]
    size: float
    fat_mm: float
    streaks: float
    texture: int

    def vertebra_centre(self, label: int) -> NDArray[np.float64]:
        """Centre of a vertebral body, LPS mm, shape (3,)."""
        return self.curve.points[self.curve.at(self.centres[label - LABELS[0]])]

    def disc_s(self, level: Level) -> float:
        """Arc length of the centre of a disc."""
        return float(self.disc_centres[disc_number(level)])

    def disc_centre(self, level: Level) -> NDArray[np.float64]:
        """Centre of a disc, LPS mm, shape (3,)."""
        return self.curve.points[self.curve.at(self.disc_s(level))]

    def disc_normal(self, level: Level) -> NDArray[np.float64]:
        """Unit normal of the plane of a disc, towards the head, shape (3,)."""
        return self.curve.tangent[self.curve.at(self.disc_s(level))]


def disc_number(level: Level) -> int:
    """Where a level stands in the arrays of `DiscShape`."""
    return (6 - level) - LABELS[0]


def build_spine(truth: StudyTruth, body_seed: tuple[int, ...], study_seed: tuple[int, ...]) -> Spine:
    """The spine of one study: the body from `body_seed` (one per patient), its wear from the grades.

    The same arguments give the same spine; `study_seed` draws the jitter of the narrowing and the position on
    the table.
    """
    body, study = np.random.default_rng(body_seed), np.random.default_rng(study_seed)
    size = (1.0 if truth.sex == "M" else 0.93) * body.normal(1.0, 0.03)
    wear = _wear(truth)
    discs = _draw_discs(truth, wear, study)
    thickness = size * np.array(_DISC) * body.normal(1, 0.05, len(LABELS)) * (1 - 0.35 * wear)
    height = size * np.array(_HEIGHT) * body.normal(1, 0.02, len(LABELS))
    centres, disc_centres = _positions(height, thickness)
    curve = _draw_curve(centres, body, study)
    profile = _profile(truth, size, centres, disc_centres, height, thickness, curve, body, study)
    return Spine(
        curve=curve,
        profile=profile,
        discs=discs,
        centres=centres,
        disc_centres=disc_centres,
        size=float(size),
        fat_mm=float(np.clip(body.normal(24, 8), 10, 45)),
        streaks=float(np.clip(body.normal(0.002 * truth.age, 0.04), 0.02, 0.3)),
        texture=int(body.integers(2**31)),
    )


def _wear(truth: StudyTruth) -> NDArray[np.float64]:
    """Degeneration 0..1 of every disc of `LABELS`, from its grades and the patient's age."""
    wear = np.full(len(LABELS), 0.15)
    for level in LEVELS:
        grades = truth.grades[level]
        worst = max(grades["SCS"], grades["RFS"], grades["LFS"])
        mean = (grades["SCS"] + grades["RFS"] + grades["LFS"]) / 3
        wear[disc_number(level)] = np.clip(0.12 * worst + 0.12 * mean + (truth.age - 30) / 150, 0, 1)
    return wear


def _draw_discs(truth: StudyTruth, wear: NDArray[np.float64], rng: np.random.Generator) -> DiscShape:
    count = len(LABELS)
    table = {name: np.ones(count) for name in DiscShape.__slots__}
    for side in Side:
        table[f"bulge_{side}"] = np.full(count, 0.3)
        letter = side[0].upper()
        for level in LEVELS:
            i, foramen = disc_number(level), truth.grade(level, f"{letter}FS")
            table[f"foramen_{side}"][i] = max(_FORAMEN[foramen] + rng.normal(0, 0.06), 0.1)
            table[f"facet_{side}"][i] = _FACET[truth.grade(level, f"{letter}FA")] + rng.normal(0, 0.03)
            table[f"bulge_{side}"][i] = max(0.3 + 0.9 * foramen + rng.normal(0, 0.3), 0)
    table["nucleus"] = np.clip(1 - wear + rng.normal(0, 0.12, count), 0, 1)
    return DiscShape(**{name: values.astype(np.float32) for name, values in table.items()})


def _positions(
    height: NDArray[np.float64], thickness: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Arc lengths of vertebrae and discs; zero is the upper endplate of S1."""
    tops = np.cumsum(height + thickness) - thickness
    tops -= tops[1 - LABELS[0]]
    return tops - height / 2, tops + thickness / 2


def _draw_curve(centres: NDArray[np.float64], body: np.random.Generator, study: np.random.Generator) -> Curve:
    s = table_positions()
    lean = np.array(_LEAN) * np.clip(body.normal(1.0, 0.18), 0.6, 1.35) + body.normal(0, 1.2, len(_LEAN))
    sagittal = gaussian_filter1d(np.interp(s, centres, lean + study.normal(0, 2)), 10 / STEP_MM)
    bow = abs(body.normal(0, 2.2)) + (8.0 if body.random() < 0.08 else 0.0)
    wave = np.sin(2 * np.pi * (s - body.uniform(0, 260)) / 260)
    coronal = bow * wave + study.normal(0, 1)
    rotation = 0.4 * bow * wave + study.normal(0, 1.5)
    through = study.normal(0, (6, 10, 18))
    middle = centres[4 - LABELS[0]]
    return Curve.bend(np.radians(sagittal), np.radians(coronal), np.radians(rotation), through, middle)


def _profile(
    truth: StudyTruth,
    size: float,
    centres: NDArray[np.float64],
    disc_centres: NDArray[np.float64],
    height: NDArray[np.float64],
    thickness: NDArray[np.float64],
    curve: Curve,
    body: np.random.Generator,
    study: np.random.Generator,
) -> Profile:
    s = table_positions()

    def along(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.interp(s, centres, values)

    vertebra = np.searchsorted(disc_centres, s).clip(0, len(LABELS) - 1)
    disc = np.abs(s[:, None] - disc_centres).argmin(axis=1)
    z, disc_z = s - centres[vertebra], s - disc_centres[disc]
    waist = 1 - 0.07 * np.clip(1 - (2 * z / height[vertebra]) ** 2, 0, 1) * (s > 0)
    half_ap = along(size * np.array(_HALF_AP) * body.normal(1, 0.02)) * waist
    half_width = along(size * np.array(_HALF_WIDTH) * body.normal(1, 0.03)) * waist
    sac_ap = along(size * np.array(_SAC_AP) * body.normal(1, 0.05))
    sac_half = along(size * np.array(_SAC_HALF) * body.normal(1, 0.05))
    wall = gaussian_filter1d(along(size * np.array(_HALF_AP)), 4 / STEP_MM)
    front = wall + along(size * np.array(_SAC_GAP))
    back = front + sac_ap
    roof = back + 2.2
    right, left = sac_half.copy(), sac_half.copy()
    bulge = np.full_like(s, 0.4)
    for level in LEVELS:
        at = disc_centres[disc_number(level)]
        waistline = np.exp(-(np.abs((s - at) / study.uniform(6.5, 8.5)) ** 3))
        grade = truth.grade(level, "SCS")
        target = min(size**0.5 * _CANAL_AP[grade] + study.normal(0, 0.8), sac_ap[curve.at(at)])
        lost = max(sac_ap[curve.at(at)] - max(target, 3.2), 0.0)
        share = study.uniform(0.35, 0.6)
        front += waistline * lost * share
        back -= waistline * lost * (1 - share)
        bulge += waistline * lost * share
        width = _CANAL_WIDTH[grade] * study.normal(1, 0.025)
        for half, code in ((right, "RRS"), (left, "LRS")):
            half *= 1 - waistline * (1 - width * _RECESS[truth.grade(level, code)] ** 0.6)
    area = np.pi / 4 * (back - front) * (right + left) * 0.92
    conus = disc_centres[disc_number(Level.T12_L1)] - body.uniform(5, 40)
    tables = {
        "vertebra": np.array(LABELS)[vertebra],
        "disc": disc,
        "z": z,
        "disc_z": disc_z,
        "half_height": height[vertebra] / 2,
        "disc_half": thickness[disc] / 2,
        "bend": np.gradient(np.arctan2(curve.tangent[:, 1], curve.tangent[:, 2]), STEP_MM),
        "half_ap": half_ap,
        "half_width": half_width,
        "sac_front": front,
        "sac_back": back,
        "sac_right": right,
        "sac_left": left,
        "canal_half": sac_half + 2.8,
        "roof": roof,
        "bulge": bulge,
        "roots": np.clip(_ROOTS_MM2 / np.maximum(area, 1), 0, 1) * (s < conus + 25),
        "cord": size * 4.6 * np.clip((s - conus) / 45 + 0.15, 0, 1) ** 0.7 * (s > conus),
    }
    kinds = {"vertebra": np.int8, "disc": np.int8}
    return Profile(**{name: values.astype(kinds.get(name, np.float32)) for name, values in tables.items()})
