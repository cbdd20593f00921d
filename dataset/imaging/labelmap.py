"""Label maps as NIfTI files: one small integer per voxel, in the geometry of the stack they were drawn on.

NIfTI counts x to the right and y to the front (RAS), DICOM the other way round (LPS); both signs are turned
here, once, in each direction, and nowhere else.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np

from dataset.imaging.volume import Array, Points, Volume
from dataset.shards import write_bytes
from labeling.issues import InputError, Issue

LPS_TO_RAS: Points = np.diag([-1.0, -1.0, 1.0, 1.0])
REVERSED_AXES = [2, 1, 0, 3]
_Nifti: Any = nib.Nifti1Image  # its methods carry no types


def write_label_map(volume: Volume, labels: Array, path: Path) -> str:
    """Write `labels`, shaped like `volume`, as a gzipped NIfTI file; returns its SHA-256.

    The file stores (column, row, slice), the order that NIfTI viewers expect, as uint8 (uint16 when a value
    needs it). The same labels give the same bytes. `ValueError` when the shapes differ, a value is negative
    or not whole, or `path` does not end in ``.nii.gz``.
    """
    if labels.shape != volume.shape:
        raise ValueError(f"label map: expected the shape of its volume, {volume.shape}; got {labels.shape}")
    if not path.name.endswith(".nii.gz"):
        raise ValueError(f"label map: expected a file name ending in .nii.gz; got {path.suffix!r}")
    image = _Nifti(_whole(labels).transpose(2, 1, 0), LPS_TO_RAS @ volume.affine[:, REVERSED_AXES])
    image.header.set_xyzt_units("mm")
    image.set_sform(image.affine, code="scanner")
    image.set_qform(None, code="unknown")
    return write_bytes(gzip.compress(image.to_bytes(), compresslevel=6, mtime=0), path)


def read_label_map(path: Path) -> Volume:
    """The label map of a NIfTI file, whoever wrote it, as a `Volume` of integers in LPS.

    The voxel axes are those of the file, in reverse; only the affine says where they point. `InputError`,
    with the path, when the file is not a NIfTI image of three dimensions, holds no geometry, or holds values
    that are not whole numbers of 0 and more.
    """
    try:
        image = _Nifti.from_filename(path)
        data = np.asarray(image.dataobj)
    except Exception:  # noqa: BLE001 - nibabel has one error for each way a file can be damaged
        raise _problem(path, "expected a NIfTI label map; got a file that cannot be read") from None
    data = data.reshape(data.shape[:3]) if set(data.shape[3:]) == {1} else data
    if data.ndim != 3:
        raise _problem(path, f"expected a label map of three dimensions; got shape {data.shape}")
    if image.header["sform_code"] == 0 and image.header["qform_code"] == 0:
        raise _problem(path, "expected an sform or qform; got a file that does not say where it lies")
    try:
        affine = (LPS_TO_RAS @ image.affine)[:, REVERSED_AXES]
        return Volume.from_affine(_whole(data).transpose(2, 1, 0), affine)
    except ValueError as error:
        raise _problem(path, str(error)) from None


def _problem(path: Path, message: str) -> InputError:
    cure = "Export the labels again as NIfTI, with their geometry, as whole numbers."
    return InputError(Issue(where=str(path), reason="unreadable-mask", message=f"{message}.", cure=cure))


def _whole(labels: Array) -> Array:
    """`labels` as uint8, or uint16 where a value needs it."""
    if labels.size and (labels.min() < 0 or labels.max() > np.iinfo(np.uint16).max):
        raise ValueError(f"label map: expected values 0..65535; got {labels.min()}..{labels.max()}")
    whole = labels.astype(np.uint16)
    if not np.array_equal(whole, labels):
        raise ValueError("label map: expected whole numbers; got fractions")
    return whole.astype(np.uint8) if not whole.size or whole.max() <= np.iinfo(np.uint8).max else whole
