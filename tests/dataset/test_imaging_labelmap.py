"""Label maps keep their labels and their place on the way through NIfTI."""

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataset.imaging.labelmap import read_label_map, write_label_map
from dataset.imaging.volume import Volume
from labeling.issues import InputError


def volume(shape: tuple[int, int, int], affine: np.ndarray) -> Volume:
    return Volume.from_affine(np.zeros(shape, np.int16), affine)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shape=st.tuples(*[st.integers(1, 5)] * 3),
    numbers=st.lists(st.floats(-3, 3), min_size=12, max_size=12),
    top=st.sampled_from([1, 8, 255, 300]),
    seed=st.integers(0, 9),
)
def test_labels_and_affine_survive(
    tmp_path: Path, shape: tuple, numbers: list[float], top: int, seed: int
) -> None:
    affine = np.eye(4)
    affine[:3] += np.array(numbers).reshape(3, 4)
    if abs(np.linalg.det(affine)) < 0.1:
        return
    labels = np.random.default_rng(seed).integers(0, top + 1, shape)
    write_label_map(volume(shape, affine), labels, tmp_path / "m.nii.gz")
    found = read_label_map(tmp_path / "m.nii.gz")
    np.testing.assert_array_equal(found.voxels, labels)
    np.testing.assert_allclose(found.affine, affine, atol=1e-5)


def test_file_is_in_ras_and_the_same_every_time(tmp_path: Path) -> None:
    affine = np.array([[0.0, 0, 2, -10], [0, 3, 0, -20], [4, 0, 0, -30], [0, 0, 0, 1]])  # axial, LPS
    labels = np.zeros((3, 4, 5), np.uint8)
    labels[0, 1, 4] = 7
    marks = [write_label_map(volume((3, 4, 5), affine), labels, tmp_path / f"{n}.nii.gz") for n in "ab"]
    assert marks[0] == marks[1]
    image = nib.load(tmp_path / "a.nii.gz")
    voxel = np.argwhere(np.asarray(image.dataobj) == 7)[0]
    assert voxel.tolist() == [4, 1, 0]
    left, back, head = affine[:3, :3] @ [0, 1, 4] + affine[:3, 3]
    np.testing.assert_allclose(nib.affines.apply_affine(image.affine, voxel), [-left, -back, head])


@pytest.mark.parametrize(
    ("labels", "name", "words"),
    [
        (np.zeros((2, 2, 3)), "m.nii.gz", "shape"),
        (np.full((2, 2, 2), 0.5), "m.nii.gz", "whole"),
        (np.full((2, 2, 2), -1), "m.nii.gz", "0..65535"),
        (np.zeros((2, 2, 2)), "m.nii", ".nii.gz"),
    ],
)
def test_labels_that_cannot_be_written_are_refused(
    tmp_path: Path, labels: np.ndarray, name: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        write_label_map(volume((2, 2, 2), np.eye(4)), labels, tmp_path / name)


def nifti(data: np.ndarray, *, placed: bool = True) -> nib.Nifti1Image:
    image = nib.Nifti1Image(data, np.eye(4))
    image.set_sform(np.eye(4), code=int(placed))
    image.set_qform(np.eye(4), code=0)
    return image


UNREADABLE = {
    "probabilities": (lambda: nifti(np.full((2, 2, 2), 0.5, np.float32)), "whole numbers"),
    "two dimensions": (lambda: nifti(np.zeros((2, 2), np.uint8)), "three dimensions"),
    "four dimensions": (lambda: nifti(np.zeros((2, 2, 2, 3), np.uint8)), "three dimensions"),
    "no geometry": (lambda: nifti(np.zeros((2, 2, 2), np.uint8), placed=False), "does not say where"),
}


@pytest.mark.parametrize(("make", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_file_that_is_no_label_map_says_why(tmp_path: Path, make: object, words: str) -> None:
    make().to_filename(tmp_path / "m.nii.gz")
    with pytest.raises(InputError, match=words) as caught:
        read_label_map(tmp_path / "m.nii.gz")
    assert caught.value.issue.where == str(tmp_path / "m.nii.gz")


@pytest.mark.parametrize("content", [None, b"", b"not a nifti"])
def test_file_that_cannot_be_read_says_so(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "m.nii.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read"):
        read_label_map(path)


def test_trailing_axis_of_one_is_dropped(tmp_path: Path) -> None:
    nifti(np.ones((2, 3, 4, 1), np.uint8)).to_filename(tmp_path / "m.nii.gz")
    assert read_label_map(tmp_path / "m.nii.gz").shape == (4, 3, 2)
