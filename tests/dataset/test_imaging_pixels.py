"""Voxels of a stack: decoded, rescaled, in the right order, in int16."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dicom_factory import AXIAL, Stack, encode, image, images, save, slope
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from dataset.imaging.index import index_tree
from dataset.imaging.pixels import Wanted, fit_int16, read_frames
from dataset.imaging.stacks import load_stack, read_stacks
from labeling.issues import InputError, Issue

RAW = np.array([[0, 1, 2], [10, 100, 4095]], dtype=np.uint16)


def read(tmp_path: Path, **tags: object) -> np.ndarray:
    (path,) = save(tmp_path, [image(tags.pop("pixels", RAW), **tags)])
    found = read_frames(Wanted(tmp_path, path.name, (1,), (2, 3)))
    assert isinstance(found, dict)
    return found[1]


SIGNED = np.array([[-5, 0, 5], [1, 2, 3]], dtype=np.int16)
RESCALED = {
    "as stored": ({}, RAW),
    "slope and intercept": ({"RescaleSlope": 2, "RescaleIntercept": -10}, RAW.astype(int) * 2 - 10),
    "fractional slope": ({"RescaleSlope": 0.5, "RescaleIntercept": 0}, RAW * 0.5),
    "white is low": (
        {"PhotometricInterpretation": "MONOCHROME1", "BitsStored": 12, "HighBit": 11},
        4095 - RAW,
    ),
    "signed": ({"pixels": SIGNED}, SIGNED),
    "signed, white is low": ({"pixels": SIGNED, "PhotometricInterpretation": "MONOCHROME1"}, -1 - SIGNED),
}


@pytest.mark.parametrize(("tags", "expected"), RESCALED.values(), ids=RESCALED)
def test_stored_values_become_intensities(tmp_path: Path, tags: dict, expected: np.ndarray) -> None:
    np.testing.assert_array_equal(read(tmp_path, **tags), expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([0, 4095], np.uint16), [0, 4095]),
        (np.array([-7, 32767], np.int16), [-7, 32767]),
        (np.array([0, 40000, 65535], np.uint16), [0, 10000, 16384]),
        (np.array([0.0, 0.25, 1.0], np.float32), [0, 256, 1024]),
        (np.array([0.0, 2000.4], np.float32), [0, 2000]),
        (np.zeros(2, np.float32), [0, 0]),
    ],
)
def test_intensities_fit_int16_by_a_power_of_two(values: np.ndarray, expected: list[int]) -> None:
    fitted = fit_int16(values)
    assert fitted.dtype == np.int16
    np.testing.assert_allclose(fitted, expected, atol=1)


def test_stack_is_loaded_in_slice_order_whatever_the_names(tmp_path: Path) -> None:
    stack = Stack(AXIAL, (0, 0, 0), 4, 5.0, 6, 5, (2.0, 3.0))
    save(tmp_path / "tree", reversed(images(stack)))
    index_tree(tmp_path / "tree", tmp_path / "index", workers=1)
    (row,) = read_stacks(tmp_path / "index")["1.2.3"]
    volume = load_stack(row)
    assert (volume.voxels.dtype, volume.shape, volume.spacing_mm) == (np.int16, (4, 6, 5), (5.0, 2.0, 3.0))
    places = volume.to_lps(np.stack(np.indices(volume.shape), axis=-1))
    np.testing.assert_allclose(volume.voxels, slope(places), atol=0.51)
    assert (row.patient, row.modality) == ("P1", "MR")


SYNTAXES = [
    ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian, RLELossless, JPEGLSLossless,
    JPEG2000Lossless, JPEGLosslessSV1,
]  # fmt: skip


@pytest.mark.parametrize("syntax", SYNTAXES, ids=[syntax.name for syntax in SYNTAXES])
def test_every_transfer_syntax_gives_the_same_voxels(tmp_path: Path, syntax: UID) -> None:
    stack = Stack(AXIAL, slices=3)
    save(tmp_path / "tree/plain", images(stack))
    save(tmp_path / "tree/other", [encode(data, syntax) for data in images(stack, series="1.2.3.2")])
    index_tree(tmp_path / "tree", tmp_path / "index", workers=1)
    plain, other = map(load_stack, read_stacks(tmp_path / "index")["1.2.3"])
    np.testing.assert_array_equal(other.voxels, plain.voxels)


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian])
def test_file_that_starts_with_its_first_tag_gives_its_voxels(tmp_path: Path, syntax: UID) -> None:
    (path,) = save(tmp_path, [encode(image(RAW), syntax)])
    whole = path.read_bytes()
    first = b"\x08\x00\x08\x00" if syntax.is_little_endian else b"\x00\x08\x00\x08"
    path.write_bytes(whole[whole.index(first) :])
    found = read_frames(Wanted(tmp_path, path.name, (1,), (2, 3)))
    assert isinstance(found, dict)
    np.testing.assert_array_equal(found[1], RAW)


def test_file_of_another_size_than_the_index_says_is_not_decoded(tmp_path: Path) -> None:
    save(tmp_path / "tree", images(Stack(AXIAL, slices=3)))
    index_tree(tmp_path / "tree", tmp_path / "index", workers=1)
    (stack,) = read_stacks(tmp_path / "index")["1.2.3"]
    for shape, reason in (((3, 61, 40), "unreadable-pixels"), ((1 << 15, 60, 1 << 12), "too-large")):
        with pytest.raises(InputError) as caught:
            load_stack(replace(stack, shape=shape))
        assert caught.value.issue.reason == reason


def test_compressed_pixels_that_claim_gigabytes_cost_their_stack_only(tmp_path: Path) -> None:
    """The header and the index agree on the size; the picture within says 60,000 x 60,000."""
    bad = [encode(data, JPEG2000Lossless) for data in images(Stack(AXIAL, slices=3))]
    for path in save(tmp_path / "tree/bad", bad):
        content = bytearray(path.read_bytes())
        place = content.index(b"\xff\x51") + 6
        for start in (place, place + 4, place + 16, place + 20):  # size of the picture and of its tiles
            content[start : start + 4] = (60_000).to_bytes(4)
        path.write_bytes(content)
    save(tmp_path / "tree/good", images(Stack(AXIAL, slices=3), series="1.2.3.2"))
    index_tree(tmp_path / "tree", tmp_path / "index", workers=1)
    lying, good = read_stacks(tmp_path / "index")["1.2.3"]
    with pytest.raises(InputError) as caught:
        load_stack(lying)
    assert caught.value.issue.reason in {"too-large", "unreadable-pixels"}
    assert load_stack(good).shape == (3, 60, 40)


@pytest.mark.parametrize("damage", ["gone", "cut", "other size"])
def test_pixels_that_cannot_be_read_say_which_file(tmp_path: Path, damage: str) -> None:
    (path,) = save(tmp_path, [image(RAW)])
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-4])
    issue = read_frames(Wanted(tmp_path, path.name, (1,), (9, 9) if damage == "other size" else (2, 3)))
    assert isinstance(issue, Issue)
    assert (issue.reason, issue.where) == ("unreadable-pixels", str(path))
