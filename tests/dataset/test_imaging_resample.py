"""Oblique cuts: the right voxel from the right place, and left is left."""

import numpy as np
import pytest
from dicom_factory import AXIAL, SAGITTAL, slope
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates

from dataset.imaging import resample
from dataset.imaging.resample import VIEWS, Cutter, angle_deg, coverage, disc_axes
from dataset.imaging.spine import Plane
from dataset.imaging.volume import Volume

STRAIGHT = Plane(np.zeros(3), np.array([0.0, 0.0, 1.0]))


def sampled(shape: tuple[int, int, int], affine: np.ndarray) -> Volume:
    """The field `slope` on a grid."""
    places = np.stack(np.indices(shape), axis=-1) @ affine[:3, :3].T + affine[:3, 3]
    return Volume.from_affine(np.rint(slope(places)).astype(np.int16), affine)


def grid(directions: np.ndarray, spacing: tuple[float, ...], shape: tuple[int, ...]) -> np.ndarray:
    """Affine of a grid around the origin; `directions` has a column each for slices, rows and columns."""
    affine = np.eye(4)
    affine[:3, :3] = directions * spacing
    affine[:3, 3] = -affine[:3, :3] @ ((np.array(shape) - 1) / 2)
    return affine


def plane(x: float, y: float, centre: tuple = (3.0, -2.0, 5.0)) -> Plane:
    normal = np.array([np.tan(x), np.tan(y), 1.0])
    return Plane(np.array(centre), normal / np.linalg.norm(normal))


@settings(max_examples=25, deadline=None)
@given(
    tilt=st.tuples(st.floats(-0.4, 0.4), st.floats(-0.7, 0.7)),
    flips=st.tuples(*[st.sampled_from([1, -1])] * 3),
    order=st.permutations([0, 1, 2]),
    view=st.sampled_from(VIEWS["half"]),
)
def test_linear_field_is_cut_exactly_whatever_the_layout_of_the_source(
    tilt: tuple, flips: tuple, order: list[int], view: resample.View
) -> None:
    shape = (50, 60, 70)
    source = sampled(shape, grid(np.eye(3)[:, order] * flips, (3.0, 2.5, 2.0), shape))
    disc = plane(*tilt)
    affine = view.affine(disc)
    places = np.stack(np.indices(view.shape), axis=-1) @ affine[:3, :3].T + affine[:3, 3]
    expected = slope(places)
    voxels = source.to_voxel(places)
    inner = ((voxels >= 0) & (voxels <= np.array(shape) - 1)).all(axis=-1)
    cut = Cutter(source).cut(affine, view.shape)
    assert cut.dtype == np.int16
    assert inner.mean() > 0.5
    np.testing.assert_allclose(cut[inner], expected[inner], atol=1.01)


@pytest.mark.parametrize("size", VIEWS)
def test_views_have_the_shapes_and_millimetres_of_the_paper(size: str) -> None:
    axial, sagittal = VIEWS[size]
    for view, millimetres in ((axial, (16, 90, 90)), (sagittal, (50, 40, 80))):
        np.testing.assert_allclose(np.array(view.shape) * view.spacing_mm, millimetres)
    if size == "paper":
        assert (axial.shape, sagittal.shape) == ((8, 360, 360), (25, 160, 320))


@settings(max_examples=30, deadline=None)
@given(tilt=st.tuples(st.floats(-0.5, 0.5), st.floats(-0.9, 0.9)))
def test_axes_of_a_disc_are_a_frame(tilt: tuple[float, float]) -> None:
    axes = disc_axes(plane(*tilt).normal)
    frame = np.stack([axes["l"], axes["p"], axes["n"]])
    np.testing.assert_allclose(frame @ frame.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(frame) == pytest.approx(1)
    assert axes["l"][0] > 0.5
    assert axes["p"][1] > 0.4


@pytest.mark.parametrize(("view", "middle"), [(v, (np.array(v.shape) - 1) / 2) for v in VIEWS["paper"]])
def test_view_is_centred_on_the_disc(view: resample.View, middle: np.ndarray) -> None:
    disc = plane(0.1, 0.4)
    np.testing.assert_allclose((view.affine(disc) @ [*middle, 1])[:3], disc.centre)


LAYOUTS = {
    "sagittal, to the left": (SAGITTAL, 1),
    "sagittal, to the right": (SAGITTAL, -1),
    "axial, to the head": (AXIAL, 1),
    "axial, to the feet": (AXIAL, -1),
    "axial, seen from above": ((-1, 0, 0, 0, 1, 0), 1),
}


BALLS = {
    "left": (
        (20, 0, 0),
        (0, 0, 40),
        (10, 0, 0),
    ),  # high columns of the axial view, high slices of the sagittal
    "behind": ((0, 15, 0), (0, 30, 0), (0, 0, 30)),  # high rows, high columns
    "above": ((0, 0, 6), (3, 0, 0), (0, -12, 0)),  # high slices, low rows
}
"""Where a ball lies in the patient, mm from the disc, and in both half views, voxels from the middle."""


@pytest.mark.parametrize(("orientation", "direction"), LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize(("place", "axial", "sagittal"), BALLS.values(), ids=BALLS)
def test_left_is_left_back_is_back_and_head_is_head(
    orientation: tuple, direction: int, place: tuple, axial: tuple, sagittal: tuple
) -> None:
    rows, columns = np.array(orientation[3:]), np.array(orientation[:3])
    directions = np.stack([direction * np.cross(columns, rows), rows, columns], axis=1)
    shape = (60, 60, 60)
    affine = grid(directions, (1.0, 1.0, 1.0), shape)
    places = np.stack(np.indices(shape), axis=-1) @ affine[:3, :3].T + affine[:3, 3]
    ball = (np.linalg.norm(places - place, axis=-1) < 4).astype(np.int16) * 1000
    cutter = Cutter(Volume.from_affine(ball, affine))
    for view, expected in zip(VIEWS["half"], (axial, sagittal), strict=True):
        cut = cutter.cut(view.affine(STRAIGHT), view.shape)
        found = np.argwhere(cut > 500).mean(axis=0) - (np.array(cut.shape) - 1) / 2
        np.testing.assert_allclose(found, expected, atol=1)


@pytest.mark.parametrize(
    ("shape", "share"),
    [((200, 200, 200), 1.0), ((200, 200, 45), 0.5), ((200, 45, 45), 0.25), ((8, 200, 200), 0.5)],
)
def test_coverage_is_the_share_inside_the_source(shape: tuple, share: float) -> None:
    affine = grid(np.eye(3)[:, [2, 1, 0]], (1.0, 1.0, 1.0), shape)
    view = VIEWS["paper"][0]
    assert coverage(shape, affine, view, STRAIGHT) == pytest.approx(share, abs=0.02)
    voxels = Volume.from_affine(np.ones(shape, np.int16), affine)
    assert Cutter(voxels).cut(view.affine(STRAIGHT), view.shape).mean() == pytest.approx(share, abs=0.02)


def test_source_elsewhere_covers_nothing() -> None:
    affine = grid(np.eye(3)[:, [2, 1, 0]], (1.0, 1.0, 1.0), (9, 9, 9))
    affine[:3, 3] += 500
    assert coverage((9, 9, 9), affine, VIEWS["paper"][1], STRAIGHT) == 0


@pytest.mark.parametrize("degrees", [0, 10, 45])
def test_angle_is_that_of_the_slices_to_the_disc(degrees: float) -> None:
    angle = np.radians(degrees)
    turned = np.array([[0, 0, 1], [-np.sin(angle), np.cos(angle), 0], [np.cos(angle), np.sin(angle), 0]])
    assert angle_deg(grid(turned, (4.0, 1.0, 1.0), (5, 5, 5)), VIEWS["paper"][0], STRAIGHT) == pytest.approx(
        degrees, abs=1e-6
    )


def test_cut_agrees_with_scipy_and_with_itself() -> None:
    rng = np.random.default_rng(0)
    source = Volume.from_affine(
        rng.integers(0, 2000, (20, 90, 90)).astype(np.int16),
        grid(np.eye(3)[:, [2, 1, 0]], (3.0, 1.0, 1.0), (20, 90, 90)),
    )
    view, disc = VIEWS["half"][0], plane(0.1, 0.2, (0, 0, 0))
    places = (
        np.stack(np.indices(view.shape), axis=-1) @ view.affine(disc)[:3, :3].T + view.affine(disc)[:3, 3]
    )
    voxels = source.to_voxel(places)
    expected = map_coordinates(source.voxels.astype(float), np.moveaxis(voxels, -1, 0), order=1)
    inner = ((voxels >= 0) & (voxels <= np.array(source.shape) - 1)).all(axis=-1)
    first, second = (Cutter(source).cut(view.affine(disc), view.shape) for _ in range(2))
    np.testing.assert_allclose(first[inner], expected[inner], atol=0.6)
    np.testing.assert_array_equal(first, second)
