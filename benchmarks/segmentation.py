"""How good the shipped segmenter is, and how it was trained.

    python benchmarks/segmentation.py                 every figure of the model card beside the weights
    python benchmarks/segmentation.py --train FOLDER  the weights again, from SPIDER and phantoms

The images lie in ../shared/imaging beside the repository; a part whose images are missing is skipped by name.
SPIDER patients are divided by SPIDER's own validation subset; phantoms are scored on seeds never trained on.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from dataset.imaging.index import index_tree
from dataset.imaging.series import choose_sagittal
from dataset.imaging.stacks import load_stack, read_stacks
from dataset.imaging.volume import Volume
from levelwise.sample.phantom import iter_slices
from training.segmentation.data import prepare
from training.segmentation.evaluate import SegmentationScore, compare_names, evaluate_segmentation
from training.segmentation.fit import fit_segmenter
from training.segmentation.numbering import NAMES, number
from training.segmentation.predict import Orientation, Segmentation, as_maps, probabilities, segment_volume
from training.segmentation.regions import find_regions
from training.segmentation.sources import AnnotatedSlice, from_label_map, write_slices
from training.segmentation.spider import HELD_OUT, from_spider
from training.segmentation.unet import Segmenter
from training.segmentation.weights import SHIPPED, load_segmenter

IMAGING = Path(__file__).resolve().parents[2] / "shared" / "imaging"
TRAIN_SEED, TEST_SEED = 1000, 5
THREADS = 2
RUNS = (
    (("spider",), 900, 3e-3),
    (("spider", "phantoms"), 600, 1e-3),
)
"""Folders, steps and rate of each training run; every run goes on from the one before."""

CUTS = (
    ("5 mm below mid S1", 1, 5.0),
    ("middle of S1", 1, 0.0),
    ("9 mm above mid S1", 1, -9.0),
    ("14 mm below mid L5", 2, 14.0),
    ("middle of L5", 2, 0.0),
    ("middle of L4", 3, 0.0),
)
"""Where the lower end is cut: in words, and as mm below the centroid of a vertebra."""


def phantoms(seed: int, count: int) -> Iterator[AnnotatedSlice]:
    for place, item in enumerate(iter_slices(seed, count)):
        name = f"phantom-{seed}-{place}"
        yield from_label_map(name, name, item.image, item.labels, item.pixel_mm)


def train(out: Path) -> None:
    """SPIDER alone, then SPIDER and phantoms at a third of the rate."""
    write_slices(from_spider(IMAGING / "spider"), out / "spider")
    write_slices(phantoms(TRAIN_SEED, 120), out / "phantoms")
    weights = None
    for run, (folders, steps, rate) in enumerate(RUNS, start=1):
        fit = fit_segmenter(
            [out / folder for folder in folders],
            out / f"run{run}",
            steps=steps,
            rate=rate,
            start=weights,
            held_out=HELD_OUT,
            precision="bf16-mixed",
        )
        print(fit.summary())
        weights = fit.weights


def show(title: str, score: SegmentationScore) -> None:
    patients = len({item.patient for item in score.slices})
    print(f"\n{title}: {len(score.slices)} slices of {patients} patients")
    good = round(score.success_rate * len(score.slices))
    print(f"  paper's three criteria   {score.success_rate:.1%} ({good} of {len(score.slices)})")
    print(f"  set aside with a reason  {score.refused}    with a wrong name  {score.misnamed}")
    for structure in score.slices[0].dice:
        print("  Dice {:<20}{:.3f} (sd {:.3f})".format(structure, *score.dice(structure)))
    for name, sacrum in (("T12-L5", False), ("S1", True)):
        print("  centroid {:<16}{:.2f} mm (sd {:.2f})".format(name, *score.distance_mm(sacrum=sacrum)))
    for item in score.slices:
        if not item.success:
            print(f"    failed: {item.name}: {item.refused or 'count or place of the bodies'}")
    if score.unscorable:
        print(f"    annotation cannot be numbered: {', '.join(score.unscorable)}")


def spider(network: Segmenter) -> None:
    items = [item for item in from_spider(IMAGING / "spider") if item.patient in HELD_OUT]
    thin = [item for item in items if "slab" not in item.name]
    show("SPIDER, held out, 1 mm slices", evaluate_segmentation(thin, network))
    slabs = [item for item in items if "slab" in item.name]
    show("SPIDER, held out, 4 mm slabs", evaluate_segmentation(slabs, network))
    lower_end_cut("SPIDER, held out, 4 mm slabs", slabs, network)


def lower_end_cut(title: str, items: list[AnnotatedSlice], network: Segmenter) -> None:
    """Cut the lower rows away, at six heights from below the middle of S1 to the middle of L4."""
    print(f"\n{title}, lower rows cut away: right / refused / with a wrong name, of S1 to T12")
    spacing = network.config.spacing_mm
    for where, vertebra, below_mm in CUTS:
        counts = {"right": 0, "refused": 0, "wrong": 0}
        for item in items:
            ready = prepare(item, network.config, spacing)
            truth = as_maps(ready.masks.float(), network)
            true_plane = find_regions({name: truth[name] for name in item.structures}, spacing)
            true_numbers = number(true_plane.found)
            if true_numbers.refused is not None:
                continue
            row = int((true_numbers.vertebrae[vertebra].row_mm + below_mm) / spacing)
            found = as_maps(probabilities(ready.image[None, :, :row], network)[0], network)
            plane = find_regions(found, spacing)
            numbers = number(plane.found)
            seen = replace(true_plane, bodies=true_plane.bodies[:row], sacrum=true_plane.sacrum[:row])
            _, wrong = compare_names(seen, true_numbers, plane, numbers)
            counts["refused" if numbers.refused else "wrong" if wrong else "right"] += 1
        print(f"  {where:<22}" + " / ".join(str(count) for count in counts.values()))


def levels(found: Segmentation, volume: Volume, points: Path) -> None:
    """How far each human canal point is above (-) or below (+) its disc, along the line of the two bodies."""
    print("\nRSNA study with human canal points: mm from the disc's midpoint, along the spine")
    number_of = {name: value for value, name in NAMES.items()}
    orientation = Orientation.of(volume.affine)
    labels, spacing = orientation.turn(found.labels), np.array(orientation.spacing(volume))
    middle = {v: np.argwhere(labels == v).mean(0)[1:] * spacing for v in np.unique(labels) if v}
    with points.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["condition"] == "spinal_canal_stenosis"]
    for row in rows:
        upper, lower = (middle[number_of[name]] for name in row["level"].upper().split("_"))
        along = (lower - upper) / np.linalg.norm(lower - upper)
        offset = np.array([float(row["y"]), float(row["x"])]) * spacing - (upper + lower) / 2
        print(f"  {row['level'].upper().replace('_', '-')}  {offset @ along:+.1f}")
    print(
        f"  flags {found.numbering.flags or 'none'}, certainty {found.certainty:.2f}, slices {found.slices}"
    )


def study(network: Segmenter) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index_tree(IMAGING / "study_a", Path(folder), workers=1)
        (stacks,) = read_stacks(Path(folder)).values()
        stack = choose_sagittal(stacks)
        if stack is None:
            raise SystemExit("study_a: expected a sagittal T2 stack; found none")
        volume = load_stack(stack)
    started = time.perf_counter()
    found = segment_volume(volume, network)
    seconds = time.perf_counter() - started
    levels(found, volume, IMAGING / "study_a" / "points.csv")
    print(f"  {seconds:.2f} s with {THREADS} threads")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--train", type=Path, metavar="FOLDER", help="train into FOLDER instead of measuring")
    parser.add_argument("--weights", type=Path, default=SHIPPED, help="weights to measure")
    options = parser.parse_args()
    torch.set_num_threads(THREADS)
    if options.train:
        train(options.train)
        return
    network = load_segmenter(options.weights)
    parameters = sum(p.numel() for p in network.parameters())
    print(f"{parameters:,} parameters, {options.weights.stat().st_size:,} bytes")
    drawn = list(phantoms(TEST_SEED, 60))
    show("Phantoms, seeds not trained on", evaluate_segmentation(drawn, network))
    lower_end_cut("Phantoms", drawn, network)
    for name, part in (("spider", spider), ("study_a", study)):
        if (IMAGING / name).is_dir():
            part(network)
        else:
            print(f"\n{name}: skipped, {name}/ is not in shared/imaging")


if __name__ == "__main__":
    main()
