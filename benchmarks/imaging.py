"""How fast DICOM becomes disc volumes, on one core, beside scipy and MONAI.

    python benchmarks/imaging.py [--files 2000] [--discs 10]

The program and all that it starts are bound to one core. Milliseconds of a disc are processor time, the least
of several runs, so that a busy machine does not blur them; everything else is the wall clock. MONAI and the
real study are skipped where they are missing.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage
from scipy.ndimage import affine_transform, map_coordinates

# Libraries that only some lines need are imported there: they may be missing, and take seconds.
# ruff: noqa: PLC0415
from dataset.imaging.discs import cut_discs
from dataset.imaging.index import index_tree
from dataset.imaging.resample import AXIAL, SAGITTAL, Cutter, View, coverage
from dataset.imaging.series import AXIAL_T2, SAGITTAL_T2, rank
from dataset.imaging.spine import Plane
from dataset.imaging.stacks import load_stack, read_stacks
from dataset.imaging.volume import Volume

STUDY = Path(__file__).parents[1].parent / "shared" / "imaging" / "study_a"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=2000, help="files of the tree that is indexed")
    parser.add_argument("--discs", type=int, default=10, help="discs that are cut; the fastest counts")
    options = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        report_index(Path(folder), options.files)
        report_cuts(options.discs)
        if STUDY.is_dir():
            report_study(Path(folder))
        else:
            print(f"real study: skipped, {STUDY.name} is not beside the checkout")


def report_index(folder: Path, files: int) -> None:
    write_tree(folder / "tree", files)
    first, before = 0.0, peak_mib()
    for how in ("first run", "again, nothing changed"):
        started = time.perf_counter()
        result = index_tree(folder / "tree", folder / "index", workers=1)
        seconds = time.perf_counter() - started
        first = first or seconds
        print(f"index, {how}: {files / seconds:,.0f} files/s ({files} files, {result.rows['stacks']} stacks)")
    print(f"  memory of this process: {before} MiB, then {peak_mib()} MiB at most")
    started = time.perf_counter()
    for path in (folder / "tree").rglob("*.dcm"):
        pydicom.dcmread(path, stop_before_pixels=True)
    seconds = time.perf_counter() - started
    print(f"  pydicom.dcmread alone: {files / seconds:,.0f} files/s, {first / seconds:.1f} times as fast")


def peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def write_tree(folder: Path, files: int) -> None:
    """Sagittal series of 20 slices of 64 x 64, ten series a study."""
    pixels = np.zeros((64, 64), np.uint16).tobytes()
    for number in range(files):
        series, slice_number = divmod(number, 20)
        study = series // 10
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID = MRImageStorage
        meta.MediaStorageSOPInstanceUID = f"1.2.{number + 1}"
        data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
        data.SOPClassUID, data.SOPInstanceUID = MRImageStorage, meta.MediaStorageSOPInstanceUID
        data.StudyInstanceUID, data.SeriesInstanceUID = f"1.2.3.{study}", f"1.2.3.{study}.{series}"
        data.Modality, data.SeriesDescription, data.InstanceNumber = "MR", "SAG T2", slice_number + 1
        data.ImagePositionPatient = [4 * slice_number, 0, 0]
        data.ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
        data.PixelSpacing, data.SliceThickness = [1, 1], 4
        data.Rows = data.Columns = 64
        data.BitsAllocated = data.BitsStored = 16
        data.HighBit, data.PixelRepresentation, data.SamplesPerPixel = 15, 0, 1
        data.PhotometricInterpretation, data.PixelData = "MONOCHROME2", pixels
        path = folder / f"{study}" / f"{series}" / f"{slice_number}.dcm"
        path.parent.mkdir(parents=True, exist_ok=True)
        data.save_as(path)


def report_cuts(discs: int) -> None:
    """Both views of an oblique disc from stacks of usual size, and the same grid through scipy."""
    plane = Plane(np.array([3.0, -2.0, 5.0]), np.array([0.05, 0.2, 0.98]) / np.linalg.norm([0.05, 0.2, 0.98]))
    pairs = [(random_stack((18, 462, 448), (4.5, 0.54, 0.54), (0, 2, 1)), SAGITTAL)]
    pairs += [(random_stack((10, 320, 320), (3.5, 0.5, 0.5), (2, 1, 0)), AXIAL)]
    cutters = [(Cutter(volume), volume, view) for volume, view in pairs]
    ours = sum(least(discs, lambda c=c, v=v: c.cut(v.affine(plane), v.shape)) for c, _, v in cutters)
    shares = sum(least(discs, lambda s=s, v=v: coverage(s.shape, s.affine, v, plane)) for _, s, v in cutters)
    print(f"both views of a disc: {ours:.1f} ms, coverage {shares:.2f} ms")
    for name, prepare in others().items():
        pairs = [(prepare(source, view, plane), cutter, source, view) for cutter, source, view in cutters]
        theirs = sum(least(3, run) for run, *_ in pairs)
        apart = max(disagreement(cutter, source, view, run(), plane) for run, cutter, source, view in pairs)
        print(f"  {name}: {theirs:.1f} ms, {theirs / ours:.1f} times as long; {apart} grey value apart")


def others() -> dict[str, Prepare]:
    """The same cut by other libraries; what they can prepare once for a stack is not timed."""
    found: dict[str, Prepare] = {
        "scipy map_coordinates": lambda source, view, plane: lambda: by_coordinates(source, view, plane),
        "scipy affine_transform": lambda source, view, plane: lambda: by_affine(source, view, plane),
    }
    if importlib.util.find_spec("monai"):
        found["MONAI SpatialResample"] = by_monai
    else:
        print("  MONAI: skipped, it is not installed (make bench)")
    return found


Prepare = Callable[[Volume, View, Plane], Callable[[], np.ndarray]]
Triple = tuple[float, float, float]


def random_stack(shape: tuple[int, int, int], spacing: Triple, axes: tuple[int, int, int]) -> Volume:
    """Noise around the origin; `axes` says along which patient axis slices, rows and columns run."""
    affine = np.eye(4)
    affine[:3, :3] = np.eye(3)[:, axes] * spacing
    affine[:3, 3] = -affine[:3, :3] @ ((np.array(shape) - 1) / 2)
    return Volume.from_affine(np.random.default_rng(0).integers(0, 1500, shape).astype(np.int16), affine)


def voxels_of(source: Volume, view: View, plane: Plane) -> np.ndarray:
    matrix = np.linalg.inv(source.affine) @ view.affine(plane)
    grid = np.indices(view.shape).reshape(3, -1)
    return (matrix[:3, :3] @ grid + matrix[:3, 3:]).reshape(3, *view.shape)


def by_coordinates(source: Volume, view: View, plane: Plane) -> np.ndarray:
    return map_coordinates(source.voxels, voxels_of(source, view, plane), order=1)


def by_affine(source: Volume, view: View, plane: Plane) -> np.ndarray:
    matrix = np.linalg.inv(source.affine) @ view.affine(plane)
    return affine_transform(source.voxels, matrix[:3, :3], matrix[:3, 3], output_shape=view.shape, order=1)


def by_monai(source: Volume, view: View, plane: Plane) -> Callable[[], np.ndarray]:
    import torch
    from monai.data import MetaTensor
    from monai.transforms import SpatialResample

    torch.set_num_threads(1)
    voxels = torch.from_numpy(source.voxels.astype(np.float32))[None]
    image = MetaTensor(voxels, affine=torch.from_numpy(source.affine))
    resample = SpatialResample(mode="bilinear", padding_mode="zeros", align_corners=True, dtype=np.float32)
    grid = {"dst_affine": torch.from_numpy(view.affine(plane)), "spatial_size": view.shape}
    return lambda: np.rint(resample(image, **grid)[0].numpy())


def disagreement(cutter: Cutter, source: Volume, view: View, other: np.ndarray, plane: Plane) -> int:
    """Greatest difference where both have a value: scipy leaves the outer half voxel of the source empty."""
    voxels = voxels_of(source, view, plane)
    inner = ((voxels > 0) & (voxels < np.array(source.shape)[:, None, None, None] - 1)).all(axis=0)
    return int(abs(cutter.cut(view.affine(plane), view.shape)[inner].astype(int) - other[inner]).max())


def least(repeats: int, work: Callable[[], object]) -> float:
    """Least processor time of several runs, ms."""
    times = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times) * 1000


def report_study(folder: Path) -> None:
    """One real study, from its files to rows of discs, and the decoding of its slices."""
    started = time.perf_counter()
    index_tree(STUDY, folder / "real", workers=1)
    indexed = time.perf_counter()
    result = cut_discs(folder / "real", folder / "discs", points=STUDY / "points.csv", workers=1)
    seconds = time.perf_counter() - started
    print(
        f"real study, 96 files to {result.rows['discs']} disc rows: {seconds:.2f} s "
        f"(index {indexed - started:.2f} s)"
    )
    (stacks,) = read_stacks(folder / "real").values()
    chosen = [*rank(stacks, SAGITTAL_T2)[:1], *rank(stacks, AXIAL_T2)]
    slices = sum(len(stack.paths) for stack in chosen)
    started = time.perf_counter()
    for stack in chosen:
        load_stack(stack)
    each = (time.perf_counter() - started) / slices * 1000
    print(f"  read and decode a run-length encoded slice: {each:.2f} ms")
    report_segmentation(folder)


def report_segmentation(folder: Path) -> None:
    """The shipped network on the sagittal stack of that study, its start not counted."""
    from training.segmentation.segment import segment

    for name in ("first", "again"):
        started = time.perf_counter()
        segment(folder / "real", folder / name, workers=1)
        seconds = time.perf_counter() - started
    print(f"segmentation: {seconds:.2f} s/study")


if __name__ == "__main__":
    main()
