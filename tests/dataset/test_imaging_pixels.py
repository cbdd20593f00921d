"""Voxels of a stack: decoded, rescaled, in the right order, in int16."""

from pathlib import Path

import numpy as np
import pytest
from dicom_factory import AXIAL, Stack, image, images, save, slope
from pydicom.uid import RLELossless

from dataset.imaging.index import index_tree
from dataset.imaging.pixels import fit_int16, read_frames
from dataset.imaging.stacks import load_stack, read_stacks
from labeling.issues import InputError

RAW = np.array([[0, 1, 2], [10, 100, 4095]], dtype=np.uint16)


def read(tmp_path: Path, **tags: object) -> np.ndarray:
    (path,) = save(tmp_path, [image(tags.pop("pixels", RAW), **tags)])
    return read_frames(path, [1], (2, 3))[1]


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


def test_compressed_stack_gives_the_same_voxels(tmp_path: Path) -> None:
    stack = Stack(AXIAL, slices=3)
    for name, compress in (("plain", False), ("rle", True)):
        files = images(stack)
        for data in files if compress else []:
            data.compress(RLELossless)
        save(tmp_path / name, files)
        index_tree(tmp_path / name, tmp_path / f"{name}-index", workers=1)
    plain, compressed = (
        load_stack(read_stacks(tmp_path / f"{name}-index")["1.2.3"][0]) for name in ("plain", "rle")
    )
    np.testing.assert_array_equal(plain.voxels, compressed.voxels)


@pytest.mark.parametrize("damage", ["gone", "cut", "other size"])
def test_pixels_that_cannot_be_read_say_which_file(tmp_path: Path, damage: str) -> None:
    (path,) = save(tmp_path, [image(RAW)])
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(InputError, match="IM0000") as caught:
        read_frames(path, [1], (9, 9) if damage == "other size" else (2, 3))
    assert caught.value.issue.reason == "unreadable-pixels"
