"""Schemes of labels, and masks that are believed or refused."""

from pathlib import Path
from types import SimpleNamespace

import highdicom as hd
import numpy as np
import pydicom
import pytest
from dicom_factory import write_study
from pydicom.sr.codedict import codes

from dataset.imaging.centroids import locate
from dataset.imaging.levels import DISCS
from dataset.imaging.masks import SCHEMES
from dataset.imaging.masks.dicomseg import read_dicom_seg, value_of
from dataset.imaging.spine import VERTEBRAE
from dataset.imaging.stacks import Stack
from dataset.imaging.volume import Volume
from labeling.issues import InputError

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
    assert set(scheme.used.values()) == set(order) - ({"S1"} if scheme.arches else set())
    assert len(scheme.known) == 1 + len(scheme.vertebrae) + len(scheme.discs) + len(scheme.other)
    assert 0 not in {**scheme.vertebrae, **scheme.discs, **scheme.other}
    assert scheme.source


def test_registered_schemes() -> None:
    """The golden list: a new source of masks is one line here."""
    assert list(SCHEMES) == [
        "levelwise",
        "totalspineseg",
        "spider",
        "spineps",
        "totalsegmentator",
        "dicomseg",
    ]


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


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("L4-L5 disc", "L4-L5"), ("Disc L5/S1", "L5-S1"), ("disc_T12_L1", "T12-L1"), ("vertebrae_L4", "L4"),
        ("L1 vertebral body", "L1"), ("S1", "S1"), ("Liver", None), ("L6", None), ("T1", None),
    ],
)  # fmt: skip
def test_a_segment_is_known_by_its_label(label: str, name: str | None) -> None:
    known = {**SCHEMES["dicomseg"].vertebrae, **SCHEMES["dicomseg"].discs}
    assert known.get(value_of(SimpleNamespace(segment_label=label))) == name


def test_a_code_speaks_before_the_label() -> None:
    code = SimpleNamespace(value="84020006")
    assert value_of(SimpleNamespace(segment_label="x", segmented_property_type=code)) == 12
    assert value_of(SimpleNamespace(segment_label="x", anatomic_regions=[code])) == 12


def test_a_dicom_seg_lies_where_its_images_lie(tmp_path: Path) -> None:
    write_study(tmp_path / "tree", axial=None)
    files = sorted(path for path in (tmp_path / "tree").rglob("*") if path.is_file())
    images = [pydicom.dcmread(path) for path in files]
    for image in images:  # what a SEG takes over from its images
        for name in ("PatientName", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID",
                     "AccessionNumber", "ReferringPhysicianName"):  # fmt: skip
            image.setdefault(name, None)
        image.FrameOfReferenceUID = "1.2.3.9"
    drawn = np.zeros((len(images), images[0].Rows, images[0].Columns), np.uint8)
    drawn[2:5, 10:14, 8:20], drawn[2:5, 20:24, 8:20] = 1, 2
    describe = [
        hd.seg.SegmentDescription(
            number, label, codes.SCT.Organ, codes.SCT.Organ,
            hd.seg.SegmentAlgorithmTypeValues.MANUAL,
        )
        for number, label in ((1, "L3-L4 disc"), (2, "Disc L4/L5"))
    ]  # fmt: skip
    made = hd.seg.Segmentation(
        images, drawn, hd.seg.SegmentationTypeValues.BINARY, describe, hd.UID(), 9, hd.UID(), 1,
        "levelwise", "test", "1", "0",
    )  # fmt: skip
    made.save_as(tmp_path / "seg.dcm")
    found = read_dicom_seg(tmp_path / "seg.dcm")
    assert set(np.unique(found.voxels)) == {0, 12, 13}
    for value, number in ((13, 1), (12, 2)):
        place = found.to_lps(np.argwhere(found.voxels == value)).mean(axis=0)
        slices = [images[k] for k in range(len(images)) if (drawn[k] == number).any()]
        x = np.mean([float(item.ImagePositionPatient[0]) for item in slices])
        assert place[0] == pytest.approx(x, abs=0.1)
    assert (
        found.to_lps(np.argwhere(found.voxels == 13))[:, 2].min()
        > found.to_lps(np.argwhere(found.voxels == 12))[:, 2].max()
    )
    (tmp_path / "bad.dcm").write_bytes(b"no file")
    with pytest.raises(InputError, match="expected a DICOM SEG"):
        read_dicom_seg(tmp_path / "bad.dcm")


def test_the_body_of_a_whole_vertebra_is_its_deepest_part() -> None:
    table = {name: value for value, name in SCHEMES["totalsegmentator"].vertebrae.items()}
    mask = drawn({name: CENTRES[name] for name in table}, values=table)
    places = np.stack(np.indices(SHAPE), axis=-1) @ AFFINE[:3, :3].T + AFFINE[:3, 3]
    for name, value in table.items():  # an arch and a spinous process behind
        behind = abs(places - CENTRES[name] - [0, 26, -6]) <= (4, 16, 3)
        mask.voxels[behind.all(axis=-1) & (mask.voxels == 0)] = value
    found = locate(mask, SCHEMES["totalsegmentator"], VERTEBRAE, [STACK], "m")
    assert found.issue is None
    for name in table:
        assert np.linalg.norm(found.centroids[name] - CENTRES[name]) < 2.5
