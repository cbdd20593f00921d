"""The tables of a phantom spine: what a painter looks up by arc length or by disc."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from levelwise.sample import sizes
from levelwise.sample.curve import STEP_MM, Curve, Floats, table_positions
from levelwise.sample.sizes import LABELS, disc_number
from levelwise.sample.truth import StudyTruth
from lexicons.vocabulary import LEVELS, Level, Side

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Segments:
    """Arc length of the centres of vertebrae and discs and their thickness, mm, one entry per `LABELS`.

    Disc i lies above vertebra ``LABELS[i]``.
    """

    centres: Vector
    discs: Vector
    height: Vector
    thickness: Vector


@dataclass(frozen=True, slots=True)
class DiscShape:
    """One number per disc.

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
class Profile:
    """Tables along the curve, one entry per `table_positions`; mm unless said.

    `vertebra` is the label of the nearest vertebra and `z` the distance above its centre; `disc` and `disc_z`
    are the same for the nearest disc (its number, not its level). `bend` is the sagittal curvature, per mm.
    `sac_front` and `sac_back` are distances behind the curve in the midline, `sac_right` and `sac_left` half
    widths, `roof` the inner face of the laminae, `bulge` how far the disc stands out backwards in the
    midline, `roots` the share 0..1 of the sac that roots fill, `cord` the half width of the spinal cord.
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


@dataclass(slots=True)
class _Sac:
    """The dural sac while its stenoses are being cut into it."""

    front: Vector
    back: Vector
    right: Vector
    left: Vector
    bulge: Vector

    @property
    def area(self) -> Vector:
        return np.pi / 4 * (self.back - self.front) * (self.right + self.left) * 0.92


def draw_discs(truth: StudyTruth, wear: Vector, rng: np.random.Generator) -> DiscShape:
    """The discs and foramina of a study, with the jitter that lets neighbouring grades overlap."""
    shape = {name: np.ones(len(LABELS)) for name in DiscShape.__slots__}
    for side in Side:
        shape[f"bulge_{side}"] *= 0.3
        letter = side[0].upper()
        for level in LEVELS:
            i, foramen = disc_number(level), truth.grade(level, f"{letter}FS")
            shape[f"foramen_{side}"][i] = max(sizes.FORAMEN[foramen] + rng.normal(0, 0.06), 0.1)
            shape[f"facet_{side}"][i] = sizes.FACET[truth.grade(level, f"{letter}FA")] + rng.normal(0, 0.03)
            shape[f"bulge_{side}"][i] = max(0.3 + 0.9 * foramen + rng.normal(0, 0.3), 0)
    shape["nucleus"] = np.clip(1 - wear + rng.normal(0, 0.12, len(LABELS)), 0, 1)
    return DiscShape(**{name: values.astype(np.float32) for name, values in shape.items()})


def draw_profile(
    truth: StudyTruth,
    size: float,
    segments: Segments,
    curve: Curve,
    body: np.random.Generator,
    study: np.random.Generator,
) -> Profile:
    """The tables of one study: `body` draws the patient's build, `study` the jitter of each stenosis."""
    s = table_positions()
    vertebra = np.searchsorted(segments.discs, s).clip(0, len(LABELS) - 1)
    disc = np.abs(s[:, None] - segments.discs).argmin(axis=1)
    z = s - segments.centres[vertebra]
    waist = 1 - 0.07 * np.clip(1 - (2 * z / segments.height[vertebra]) ** 2, 0, 1) * (s > 0)

    def along(values: Sequence[float], spread: float = 0.0) -> Vector:
        scale = size * body.normal(1, spread)
        return np.asarray(np.interp(s, segments.centres, scale * np.array(values)), dtype=np.float64)

    half_ap, half_width = along(sizes.HALF_AP, 0.02), along(sizes.HALF_WIDTH, 0.03)
    wall = gaussian_filter1d(half_ap, 4 / STEP_MM)
    sac_half = along(sizes.SAC_HALF_WIDTH, 0.05)
    front = wall + along(sizes.SAC_GAP)
    back = front + along(sizes.SAC_AP, 0.05)
    roof = back + 2.2
    sac = _Sac(front, back, sac_half.copy(), sac_half.copy(), np.full_like(s, 0.4))
    for level in LEVELS:
        _narrow(sac, truth, level, segments.discs[disc_number(level)], size, study)
    conus = segments.discs[disc_number(Level.T12_L1)] - body.uniform(5, 40)
    tables = {
        "vertebra": np.array(LABELS)[vertebra],
        "disc": disc,
        "z": z,
        "disc_z": s - segments.discs[disc],
        "half_height": segments.height[vertebra] / 2,
        "disc_half": segments.thickness[disc] / 2,
        "bend": np.gradient(np.arctan2(curve.tangent[:, 1], curve.tangent[:, 2]), STEP_MM),
        "half_ap": half_ap * waist,
        "half_width": half_width * waist,
        "sac_front": sac.front,
        "sac_back": sac.back,
        "sac_right": sac.right,
        "sac_left": sac.left,
        "canal_half": sac_half + 2.8,
        "roof": roof,
        "bulge": sac.bulge,
        "roots": np.clip(sizes.ROOTS_MM2 / np.maximum(sac.area, 1), 0, 1) * (s < conus + 25),
        "cord": size * 4.6 * np.clip((s - conus) / 45 + 0.15, 0, 1) ** 0.7 * (s > conus),
    }
    whole = {"vertebra": np.int8, "disc": np.int8}
    return Profile(**{name: values.astype(whole.get(name, np.float32)) for name, values in tables.items()})


def _narrow(
    sac: _Sac, truth: StudyTruth, level: Level, at: float, size: float, rng: np.random.Generator
) -> None:
    """Cut the stenosis of one level into the sac: bulge in front, flavum behind, both sides, recesses."""
    s = table_positions()
    near = np.exp(-(np.abs((s - at) / rng.uniform(6.5, 8.5)) ** 3))
    grade = truth.grade(level, "SCS")
    entry = int(np.abs(s - at).argmin())
    depth = sac.back[entry] - sac.front[entry]
    target = max(size**0.5 * sizes.CANAL_AP[grade] + rng.normal(0, 0.95), 3.2)
    lost = near * max(depth - target, 0.0)
    in_front = rng.uniform(0.35, 0.6)
    sac.front += lost * in_front
    sac.bulge += lost * in_front
    sac.back -= lost * (1 - in_front)
    width = sizes.CANAL_WIDTH[grade] * rng.normal(1, 0.025)
    sac.right *= 1 - near * (1 - width * sizes.RECESS[truth.grade(level, "RRS")])
    sac.left *= 1 - near * (1 - width * sizes.RECESS[truth.grade(level, "LRS")])
