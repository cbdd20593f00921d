"""Schemes of labels, and masks that are believed or refused."""

from pathlib import Path

import numpy as np
import pytest

from dataset.imaging.centroids import locate
from dataset.imaging.levels import DISCS
from dataset.imaging.masks import SCHEMES
from dataset.imaging.spine import VERTEBRAE
from dataset.imaging.stacks import Stack
from dataset.imaging.volume import Volume

SHAPE = (9, 130, 60)
AFFINE = np.array([[8.0, 0, 0, -32], [0, 0, 2, -60], [0, -2, 0, 129], [0, 0, 0, 1]])
"""Sagittal: slices to the left, rows to the feet, columns to the back."""
STACK = Stack(
    study="1", series="1.1", stack=0, plane="sagittal", weighting="T2", role="primary", shape=SHAPE,
    spacing_mm=(8.0, 2.0, 2.0), affine=AFFINE, root=Path("tree"), paths=("a",) * 9, instances=tuple(range(9)),
)  # fmt: skip
CENTRES = {name: np.array([0.0, 5 * abs(n - 4), -105 + 30 * n]) for n, name in enumerate(VERTEBRAE)}
LEVELWISE = SCHEMES["levelwise"]


def drawn(centres: dict, affine: np.ndarray = AFFINE, values: dict | None = None) -> Volume:
    """A box of 24 x 24 x 18 mm around each centre, labelled as the levelwise scheme does."""
    values = values or {name: value for value, name in LEVELWISE.vertebrae.items()}
    places = np.stack(np.indices(SHAPE), axis=-1) @ AFFINE[:3, :3].T + AFFINE[:3, 3]
    voxels = np.zeros(SHAPE, np.uint8)
    for name, centre in centres.items():
        voxels[(abs(places - centre) <= (12, 12, 9)).all(axis=-1)] = values[name]
    return Volume.from_affine(voxels, affine)


def test_centroids_are_found() -> None:
    found = locate(drawn(CENTRES), LEVELWISE, VERTEBRAE, [STACK], "m")
    assert found.issue is None
    assert tuple(found.centroids) == VERTEBRAE
    assert not found.fragmented
    for name, centre in CENTRES.items():
        np.testing.assert_allclose(found.centroids[name], centre, atol=1.0)


def test_stray_pixels_do_not_move_a_centroid() -> None:
    mask = drawn(CENTRES)
    clean = locate(mask, LEVELWISE, VERTEBRAE, [STACK], "m").centroids["L4"]
    mask.voxels[4, 2:12, 2:12] = 3
    found = locate(mask, LEVELWISE, VERTEBRAE, [STACK], "m")
    np.testing.assert_array_equal(found.centroids["L4"], clean)
    assert found.fragmented == {"L4"}


def shifted(by: tuple[float, float, float]) -> np.ndarray:
    affine = AFFINE.copy()
    affine[:3, 3] += by
    return affine


def upside_down() -> Volume:
    names = list(CENTRES)
    return drawn(dict(zip(names, reversed(CENTRES.values()), strict=True)))


def far_apart() -> Volume:
    return drawn({"L5": CENTRES["S1"], "L4": CENTRES["T11"]})


REFUSED = {
    "no label": (lambda: drawn({}), "empty-mask"),
    "one vertebra": (lambda: drawn({"L4": CENTRES["L4"]}), "too-few-labels"),
    "label of no meaning": (lambda: drawn({**CENTRES}, values=dict.fromkeys(VERTEBRAE, 42)), "unknown-label"),
    "one slice off": (lambda: drawn(CENTRES, shifted((8, 0, 0))), "mask-misplaced"),
    "three millimetres down": (lambda: drawn(CENTRES, shifted((0, 0, -3))), "mask-misplaced"),
    "left for right": (
        lambda: drawn(CENTRES, np.diag([-1.0, 1, 1, 1]) @ shifted((4, 0, 0))),
        "mask-misplaced",
    ),
    "RAS for LPS": (lambda: drawn(CENTRES, np.diag([-1.0, -1, 1, 1]) @ AFFINE), "mask-misplaced"),
    "no affine at all": (lambda: drawn(CENTRES, np.eye(4)), "mask-misplaced"),
    "upside down": (upside_down, "labels-out-of-order"),
    "numbers that do not fit": (far_apart, "implausible-mask"),
}


@pytest.mark.parametrize(("make", "reason"), REFUSED.values(), ids=REFUSED)
def test_mask_that_cannot_be_believed_is_refused(make: object, reason: str) -> None:
    found = locate(make(), LEVELWISE, VERTEBRAE, [STACK], "the mask")
    assert found.issue is not None
    assert (found.issue.reason, found.issue.where) == (reason, "the mask")
    assert found.issue.cure
    assert not found.centroids


def test_mask_of_another_grid_must_lie_in_the_study() -> None:
    mask = drawn(CENTRES)
    bigger = Volume.from_affine(np.pad(mask.voxels, ((0, 1), (0, 0), (0, 0))), mask.affine)
    assert locate(bigger, LEVELWISE, VERTEBRAE, [STACK], "m").issue is None
    elsewhere = Volume.from_affine(bigger.voxels, shifted((0, 0, 80)))
    assert locate(elsewhere, LEVELWISE, VERTEBRAE, [STACK], "m").issue.reason == "mask-outside-study"
    assert locate(bigger, LEVELWISE, VERTEBRAE, [], "m").issue.reason == "mask-outside-study"


def test_axes_of_a_mask_may_come_in_any_order() -> None:
    mask = drawn(CENTRES)
    turned = Volume.from_affine(mask.voxels.transpose(2, 0, 1)[::-1], _turned(mask))
    found = locate(turned, LEVELWISE, VERTEBRAE, [STACK], "m")
    assert found.issue is None
    np.testing.assert_allclose(found.centroids["L1"], CENTRES["L1"], atol=1.0)


def _turned(mask: Volume) -> np.ndarray:
    affine = mask.affine[:, [2, 0, 1, 3]].copy()
    affine[:3, 3] += affine[:3, 0] * (mask.shape[2] - 1)
    affine[:3, 0] *= -1
    return affine


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_scheme_is_whole(scheme: object) -> None:
    order = VERTEBRAE if scheme.bodies else DISCS
    assert set(scheme.used.values()) == set(order)
    assert len(scheme.known) == 1 + len(scheme.vertebrae) + len(scheme.discs) + len(scheme.other)
    assert 0 not in {**scheme.vertebrae, **scheme.discs, **scheme.other}
    assert scheme.source


def test_registered_schemes() -> None:
    """The golden list: a new source of masks is one line here."""
    assert list(SCHEMES) == ["levelwise", "totalspineseg", "spider", "spineps"]


@pytest.mark.parametrize(
    ("scheme", "value", "name"),
    [
        ("levelwise", 1, "S1"), ("levelwise", 2, "L5"), ("levelwise", 8, "T11"),
        ("totalspineseg", 95, "L4-L5"), ("totalspineseg", 100, "L5-S1"), ("totalspineseg", 91, "T12-L1"),
        ("spider", 201, "L5-S1"), ("spider", 206, "T12-L1"),
        ("spineps", 124, "L5-S1"), ("spineps", 119, "T12-L1"), ("spineps", 118, "T11-T12"),
    ],
)  # fmt: skip
def test_labels_mean_what_their_source_says(scheme: str, value: int, name: str) -> None:
    assert SCHEMES[scheme].used[value] == name
