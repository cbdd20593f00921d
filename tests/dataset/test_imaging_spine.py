"""The spine curve and the disc planes on it."""

from itertools import combinations

import nibabel as nib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from shared import IMAGING, needs

from dataset.imaging.spine import VERTEBRAE, Plane, SpineCurve, disc_planes, planes_through, resting_on
from lexicons.vocabulary import LEVELS, Level


def lordosis(heights: np.ndarray) -> np.ndarray:
    """Points of a bent and tilted spine at given heights, LPS mm."""
    scaled = heights / 100
    return np.stack([4 * scaled, 20 * scaled**2 - 6 * scaled, heights], axis=-1)


SPINE = dict(zip(VERTEBRAE, lordosis(np.linspace(-120, 120, 8)), strict=True))


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6, 7, 8])
def test_straight_spine_gives_a_straight_curve(count: int) -> None:
    heights = np.linspace(0, 30 * count, count)
    curve = SpineCurve.fit(np.stack([0 * heights, heights / 3, heights], axis=1))
    np.testing.assert_allclose(curve.at(curve.positions)[:, 2], heights, atol=1e-6)
    np.testing.assert_allclose(curve.tangent(10.0), np.array([0, 1, 3]) / np.sqrt(10), atol=1e-9)


@pytest.mark.parametrize("count", [3, 4, 5, 6, 7, 8])
def test_bent_spine_is_followed(count: int) -> None:
    points = lordosis(np.linspace(-120, 120, count))
    curve = SpineCurve.fit(points)
    np.testing.assert_allclose(curve.at(curve.positions), points, atol=0.2)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999), count=st.integers(3, 8))
def test_tangent_is_the_slope_of_the_curve(seed: int, count: int) -> None:
    noise = np.random.default_rng(seed).normal(size=(count, 3))
    curve = SpineCurve.fit(lordosis(np.linspace(-100, 100, count)) + noise)
    places = np.linspace(0, curve.positions[-1], 9)
    slope = curve.at(places + 1e-4) - curve.at(places - 1e-4)
    slope /= np.linalg.norm(slope, axis=1, keepdims=True)
    np.testing.assert_allclose(curve.tangent(places), slope, atol=1e-6)


@pytest.mark.parametrize("points", [[(0, 0, 0)], [(0, 0, 0), (0, 0, 0)], [(0, 0, 0), (0, 0, 9), (0, 0, 9)]])
def test_curve_needs_two_points_apart(points: list) -> None:
    with pytest.raises(ValueError, match="two points or more"):
        SpineCurve.fit(points)


def test_every_disc_lies_between_its_vertebrae() -> None:
    planes = disc_planes(SPINE)
    assert tuple(planes) == LEVELS
    for level, plane in planes.items():
        upper, lower = SPINE[level.upper], SPINE[level.lower]
        assert np.linalg.norm(plane.centre - (upper + lower) / 2) < 1.0
        assert plane.normal @ (upper - lower) > 0.99 * np.linalg.norm(upper - lower)
        assert np.linalg.norm(plane.normal) == pytest.approx(1)


@pytest.mark.parametrize("lost", [*combinations(VERTEBRAE, 1), *combinations(VERTEBRAE, 2)])
def test_missing_vertebra_costs_its_own_discs_and_moves_no_other(lost: tuple[str, ...]) -> None:
    planes = disc_planes({name: point for name, point in SPINE.items() if name not in lost})
    assert set(planes) == {level for level in Level if not {level.upper, level.lower} & set(lost)}
    whole = disc_planes(SPINE)
    for level, plane in planes.items():
        assert np.linalg.norm(plane.centre - whole[level].centre) < 0.5


@pytest.mark.parametrize("names", [[], ["L4"]])
def test_too_few_vertebrae_give_no_disc(names: list[str]) -> None:
    assert disc_planes({name: SPINE[name] for name in names}) == {}
    assert planes_through({name: SPINE[name] for name in names}, VERTEBRAE) == {}


def test_planes_through_points_stand_at_the_points() -> None:
    planes = planes_through(SPINE, VERTEBRAE)
    for name, plane in planes.items():
        assert np.linalg.norm(plane.centre - SPINE[name]) < 0.3
        assert plane.normal[2] > 0.8


@needs(IMAGING / "vertebral_bodies")
def test_left_out_vertebra_lies_on_the_curve_of_the_others() -> None:
    errors = []
    for path in sorted((IMAGING / "vertebral_bodies").glob("*.nii.gz")):
        mask = nib.load(path)
        pieces, count = ndimage.label(np.asarray(mask.dataobj))
        centres = np.array(ndimage.center_of_mass(pieces > 0, pieces, range(1, count + 1)))
        centres = centres[np.argsort(centres[:, 2])] * mask.header.get_zooms()
        for number in range(1, count - 1):
            curve = SpineCurve.fit(np.delete(centres, number, axis=0))
            line = curve.at(np.linspace(0, curve.positions[-1], 2000))
            errors.append(np.linalg.norm(line - centres[number], axis=1).min())
    assert len(errors) == 60
    assert np.median(errors) <= 0.7


UPRIGHT = Plane(np.zeros(3), np.array([0.0, 0.0, 1.0]))


def slab(lean_deg: float, centre: tuple[float, float, float] = (0, 0, 0), wedge: float = 0.0) -> np.ndarray:
    """A disc of 40 x 30 x 8 mm with its back `lean_deg` down; with a wedge it is higher in front."""
    x, y, z = np.meshgrid(np.arange(-20.0, 21), np.arange(-15.0, 16), np.arange(-4.0, 5), indexing="ij")
    z = z * (1 - wedge * y) - np.tan(np.radians(lean_deg)) * y
    return np.stack([x, y, z], axis=-1).reshape(-1, 3) + centre


@pytest.mark.parametrize("wedge", [0.0, 0.02])
@pytest.mark.parametrize("lean", range(-18, 19, 6))
def test_a_disc_says_where_it_lies_and_how_it_leans(lean: int, wedge: float) -> None:
    plane = resting_on(UPRIGHT, slab(lean, (1, 4, -3), wedge))
    np.testing.assert_allclose(plane.centre, (1, 4, -3), atol=0.1)
    leans = np.degrees(np.arctan2(plane.normal[1], plane.normal[2]))
    assert leans == pytest.approx(lean, abs=1.0)
    assert plane.normal[0] == pytest.approx(0, abs=1e-9), "left and right stay as the curve has them"


@pytest.mark.parametrize(
    "disc", [slab(30), slab(0, (0, 0, 12)), slab(0, (0, 25, 0))], ids=["steep", "too high", "too far back"]
)
def test_what_cannot_be_the_disc_is_not_believed(disc: np.ndarray) -> None:
    assert resting_on(UPRIGHT, disc) is None
