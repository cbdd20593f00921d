"""The phantom against itself: what is drawn lies where the truth says it lies, and narrows with its grade."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset.imaging.volume import Volume
from levelwise.sample.anatomy import Spine, build_spine
from levelwise.sample.contrast import T2
from levelwise.sample.grid import Nodes, Prescription
from levelwise.sample.phantom import iter_slices, sac_area_mm2, truth_label_map
from levelwise.sample.protocol import Protocol, plan_study
from levelwise.sample.record import StudyRecord
from levelwise.sample.scanner import Quality, Scanner
from levelwise.sample.sizes import NAMES
from levelwise.sample.truth import StudyTruth
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS, Level

QUIET = Quality(noise=0.004, blur_px=0.5, reach_mm=1e6)
SMALL = Protocol(scale=0.3)


def truth_of(level: Level | None = None, **grades: int) -> StudyTruth:
    """A healthy 60-year-old but for the `grades` at `level` (None: at every level)."""
    cells = {lv: {code: grades.get(code, 0) if level in (None, lv) else 0 for code in CODES} for lv in LEVELS}
    return StudyTruth("patient", "study", cells, 60, "M")


def spine_of(level: Level | None = None, *, seed: int = 1, **grades: int) -> Spine:
    return build_spine(truth_of(level, **grades), (seed, 1), (seed, 2))


def box(spine: Spine, pixel_mm: float = 2.0) -> Volume:
    """An empty sagittal volume around the whole spine: 3 x 2 x 2 mm."""
    centre = spine.disc_centre(Level.L2_L3) + np.array([0, 10, 0])
    x, y, z = np.eye(3)
    where = Prescription.around(
        centre, y, -z, 3 * x, field_mm=340, matrix=round(340 / pixel_mm), slices=21, thickness_mm=3
    )
    return Volume.from_affine(np.zeros((21, where.rows, where.columns), np.uint8), where.affine)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 20),
    s=st.floats(-40, 250),
    u=st.floats(-40, 50),
    v=st.floats(-50, 50),
)
def test_spine_coordinates_find_their_point(seed: int, s: float, u: float, v: float) -> None:
    curve = spine_of(seed=seed).curve
    at = curve.at(s)
    point = curve.points[at] + u * curve.behind[at] + v * curve.left[at]
    found_s, found_u, found_v = curve.locate(point[None])[0]
    # A turning frame moves a point by v times the turn per millimetre, so the side may trade with height.
    assert abs(found_s - s) < 1.5
    assert abs(found_u - u) < 0.6
    assert abs(found_v - v) < 0.6


def test_frame_is_left_posterior_superior() -> None:
    curve = spine_of().curve
    for axes, lps in ((curve.left, 0), (curve.behind, 1), (curve.tangent, 2)):
        assert np.allclose(np.linalg.norm(axes, axis=1), 1)
        assert (axes[curve.at(-20) : curve.at(250), lps] > 0.5).all()
    assert np.allclose(np.cross(curve.left, curve.behind), curve.tangent)


@pytest.mark.parametrize("seed", range(4))
def test_disc_centres_lie_between_their_vertebrae(seed: int) -> None:
    spine = spine_of(seed=seed)
    volume = box(spine)
    labels = Scanner(spine).vertebra_labels(volume)
    numbers = {name: label for label, name in NAMES.items()}
    for level in LEVELS:
        centre, normal = spine.disc_centre(level), spine.disc_normal(level)
        path = np.rint(volume.to_voxel(centre + np.linspace(-15, 15, 7)[:, None] * normal)).astype(int)
        found = labels[tuple(path.T)]
        assert found[0] == numbers[level.lower]
        assert found[3] == 0, f"{level}: the centre of the disc is in a vertebra"
        assert found[-1] == numbers[level.upper]


@pytest.mark.parametrize("seed", range(3))
def test_label_centroids_are_the_true_centres(seed: int) -> None:
    spine = spine_of(seed=seed)
    volume = box(spine)
    labels = Scanner(spine).vertebra_labels(volume)
    for label, name in NAMES.items():
        centroid = volume.to_lps(np.argwhere(labels == label).mean(axis=0))
        assert np.linalg.norm(centroid - spine.vertebra_centre(label)) < 2.5, name


@pytest.mark.parametrize("level", LEVELS, ids=str)
def test_sac_area_decreases_with_grade(level: Level) -> None:
    areas = [sac_area_mm2(spine_of(level, SCS=grade), level) for grade in range(4)]
    assert areas == sorted(areas, reverse=True)
    assert areas[3] < 0.45 * areas[0]
    others = [sac_area_mm2(spine_of(level, SCS=3), other) for other in LEVELS if other is not level]
    assert min(others) > 1.3 * areas[3], "a stenosis narrows its neighbours"


def test_neighbouring_grades_touch_but_do_not_mix() -> None:
    seeds, level = range(40), Level.L4_L5
    areas = [[sac_area_mm2(spine_of(level, seed=seed, SCS=g), level) for seed in seeds] for g in range(4)]
    for milder, worse in pairwise(areas):
        assert np.median(worse) < np.percentile(milder, 15)
        assert max(worse) > 0.85 * min(milder)


def test_canal_is_brighter_the_less_it_is_narrowed_in_both_views() -> None:
    level = Level.L3_L4
    bright = {view: [] for view in ("sagittal", "axial")}
    for grade in range(4):
        spine = spine_of(level, SCS=grade)
        for view, values in bright.items():
            image = _disc_view(spine, level, view)
            values.append(int((image > 0.75 * image.max()).sum()))
    for view, values in bright.items():
        assert values == sorted(values, reverse=True), f"{view}: {values}"
        assert values[3] < 0.45 * values[0], f"{view}: {values}"


def _disc_view(spine: Spine, level: Level, view: str) -> np.ndarray:
    """A 24 x 24 mm slice through the canal at one disc."""
    at = spine.curve.at(spine.disc_s(level))
    canal = float(spine.profile.sac_front[at] + spine.profile.sac_back[at]) / 2
    right, down, step = {
        "axial": (spine.curve.left[at], spine.curve.behind[at], -spine.curve.tangent[at]),
        "sagittal": (spine.curve.behind[at], -spine.curve.tangent[at], spine.curve.left[at]),
    }[view]
    where = Prescription.around(
        spine.disc_centre(level) + canal * spine.curve.behind[at],
        right,
        down,
        step,
        field_mm=18,
        matrix=36,
        slices=1,
        thickness_mm=3,
    )
    return Scanner(spine).scan(where, T2, QUIET, np.random.default_rng(0))[0].astype(float)


def test_slices_are_labelled_and_reproducible() -> None:
    first, again = (list(iter_slices(5, 3, protocol=SMALL)) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.image, other.image)
        assert np.array_equal(one.labels, other.labels)
        assert one.image.dtype == np.float32
        assert one.image.shape == one.labels.shape
        assert set(range(1, 8)) <= set(np.unique(one.labels))
    assert not np.array_equal(first[0].labels, first[1].labels)
    assert np.array_equal(next(iter_slices(5, 1, protocol=SMALL)).image, first[0].image)


def test_labels_count_from_the_feet_up() -> None:
    labels = next(iter_slices(2, 1, protocol=SMALL)).labels
    rows = [np.argwhere(labels == label)[:, 0].mean() for label in range(1, 9)]
    assert rows == sorted(rows, reverse=True)


def test_truth_label_map_ends_at_t11() -> None:
    record = StudyRecord(truth_of(), (1, 1), (1, 2), {}, "terse", {}, {})
    labels = truth_label_map(record, box(spine_of()))
    assert set(np.unique(labels)) == set(range(9))


def test_label_map_needs_square_pixels() -> None:
    spine = spine_of()
    affine = np.diag([4.0, 1.0, 2.0, 1.0])
    with pytest.raises(ValueError, match=r"expected square pixels; got 1\.0000 x 2\.0000 mm"):
        Scanner(spine).vertebra_labels(Volume.from_affine(np.zeros((1, 4, 4)), affine))


@pytest.mark.parametrize("seed", range(6))
def test_axial_stacks_are_angled_to_their_discs(seed: int) -> None:
    spine = spine_of(seed=seed)
    axial = next(p for p in plan_study(spine, SMALL, np.random.default_rng(seed)) if p.plane == "axial")
    assert len(axial.stacks) in {5, 6}
    for level, where in zip(LEVELS[-len(axial.stacks) :], axial.stacks, strict=True):
        normal = -where.step / np.linalg.norm(where.step)
        assert np.degrees(np.arccos(normal @ spine.disc_normal(level))) < 9
        assert 3 <= where.slices <= 5
        offset = (spine.disc_centre(level) - where.corner) @ normal / np.linalg.norm(where.step)
        assert -where.slices + 0.5 < offset < 0.5, f"{level}: the stack misses its disc"


def test_interpolation_is_exact_for_straight_fields() -> None:
    where = Prescription.around(np.zeros(3), *np.eye(3), field_mm=50, matrix=37, slices=1, thickness_mm=1)
    nodes = Nodes(replace(where, rows=29), 6.0)
    pixels = nodes.to_pixels(nodes.points[..., 0] + 2 * nodes.points[..., 1])
    rows, columns = np.arange(29.0), np.arange(37.0)
    points = where.points(rows, columns)
    assert np.allclose(pixels, points[..., 0] + 2 * points[..., 1], atol=1e-4)
