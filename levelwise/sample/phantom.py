"""The phantom as ground truth: label maps of written studies, and an endless source of labelled slices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dataset.imaging.volume import Volume
from levelwise.sample.anatomy import Spine, build_spine
from levelwise.sample.canal import sac_distance
from levelwise.sample.curve import Floats
from levelwise.sample.grid import Prescription
from levelwise.sample.points import Points
from levelwise.sample.protocol import Protocol, plan_study
from levelwise.sample.record import StudyRecord
from levelwise.sample.scanner import Scanner
from levelwise.sample.truth import draw_study
from lexicons.vocabulary import Level

HIGHEST_LABEL = 8
"""T11, the last vertebra that the levelwise scheme numbers."""


@dataclass(frozen=True, slots=True)
class LabelledSlice:
    """One mid-sagittal T2 slice and its vertebral bodies, both (rows, columns).

    Rows run to the feet and columns to the back. `labels` holds 1 for S1 up to 8 for T11, and goes on
    counting with 9 and 10 for T10 and T9 where the field of view reaches them.
    """

    image: Floats
    labels: NDArray[np.uint8]
    pixel_mm: float


def iter_slices(seed: int, n: int, *, protocol: Protocol | None = None) -> Iterator[LabelledSlice]:
    """`n` labelled mid-sagittal T2 slices of `n` different patients, the same for the same `seed`.

    Each is drawn on its own, so the first slices of a longer run are those of a shorter one. The slice lies
    within 6 mm of the midline, as the middle slices of a study do.
    """
    for number in range(n):
        rng = np.random.default_rng([seed, number, 3])
        truth = draw_study(rng, patient=f"slice-{number}", study=f"slice-{number}")
        spine = build_spine(truth, (seed, number, 4), (seed, number, 5))
        plan = next(p for p in plan_study(spine, protocol or Protocol(), rng) if p.contrast.weighting == "T2")
        where = _middle(plan.stacks[0], rng.uniform(-6, 6))
        scanner = Scanner(spine)
        volume = Volume.from_affine(scanner.scan(where, plan.contrast, plan.quality, rng), where.affine)
        labels = scanner.vertebra_labels(volume)[0]
        yield LabelledSlice(volume.voxels[0].astype(np.float32), labels, where.pixel_mm)


def _middle(stack: Prescription, offset_mm: float) -> Prescription:
    """The single slice `offset_mm` from the middle of a stack."""
    middle = stack.corner + stack.step * ((stack.slices - 1) / 2)
    return replace(stack, corner=middle, slices=1).plane(0, offset_mm)


def study_spine(study: StudyRecord) -> Spine:
    """The spine that the images of `study` were scanned from."""
    return build_spine(study.truth, study.body_seed, study.study_seed)


def truth_label_map(study: StudyRecord, volume: Volume) -> NDArray[np.uint8]:
    """The vertebral bodies of `study` on the grid of `volume`: 1 is S1, 8 is T11, 0 is everything else.

    `volume` may lie anywhere in the study's patient frame; its pixels are square (`ValueError` when not).
    """
    labels = Scanner(study_spine(study)).vertebra_labels(volume)
    labels[labels > HIGHEST_LABEL] = 0
    return labels


def sac_area_mm2(spine: Spine, level: Level) -> float:
    """Cross-section of the dural sac in the plane of a disc, mm squared."""
    step = np.float32(0.25)
    u, v = np.meshgrid(np.arange(0, 60, step), np.arange(-20, 20, step), indexing="ij")
    zeros = np.zeros(u.size, dtype=np.float32)
    s = zeros + np.float32(spine.disc_s(level))
    points = Points.of(s, u.ravel().astype(np.float32), v.ravel().astype(np.float32))
    return float((sac_distance(spine, points) < 0).sum() * step * step)
