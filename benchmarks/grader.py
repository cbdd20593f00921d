"""How long the grader takes to prepare, train and grade discs, and what it reaches on a dataset.

    python benchmarks/grader.py                     speed alone, on volumes of noise
    python benchmarks/grader.py DATASET OUT         also trains on a dataset folder: Tables 1 to 3
    python benchmarks/grader.py DATASET OUT --branches    with axial and sagittal alone as well (Table 2)
    python benchmarks/grader.py DATASET OUT --seeds 3 --exam OTHER    three graders, graded on OTHER

Milliseconds a disc are the least of several runs, wall clock and processor time of all threads: on a busy
machine look at the second. Accuracies are on the test split, intervals by resampling patients. The test
split of a small dataset cannot tell two graders apart: OTHER is a larger one of other patients.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import torch
from torch import nn

from dataset.schema import DATASET
from dataset.shards import write_parquet
from lexicons.vocabulary import LEVELS
from training.config import PRESETS, Branch, GraderConfig
from training.data import DiscData
from training.evaluate import evaluate
from training.fit import fit
from training.losses import WeightedCrossEntropy
from training.metrics import Cells, class_accuracy, confusions, resampled_patients
from training.models.grader import Grader
from training.prepare import read_discs

STORED = {"axial": (8, 360, 360), "sagittal": (25, 160, 320)}
DISCS = 24


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset", type=Path, nargs="?", help="folder that `levelwise build` wrote")
    parser.add_argument("out", type=Path, nargs="?", help="folder to write the graders to")
    parser.add_argument("--branches", action="store_true", help="train with each view alone, too")
    parser.add_argument("--seeds", type=int, default=1, help="graders to train, seeds 0, 1, ...")
    parser.add_argument("--exam", type=Path, help="dataset whose test split grades, else that of DATASET")
    options = parser.parse_args()
    if (options.dataset is None) != (options.out is None):
        parser.error("give DATASET and OUT, or neither")
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads")
    if options.dataset is None:
        report_speed()
    else:
        branches: tuple[Branch, ...] = ("both", "axial", "sagittal") if options.branches else ("both",)
        for branch in branches:
            report_training(options.dataset, options.exam, options.out / branch, branch, options.seeds)


def report_speed() -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = [write_noise(Path(folder), split) for split in ("train", "validation")]
        config = PRESETS["small"]
        least("prepare small", lambda: list(read_discs(files[:1], config.inputs, config.heads)))
        data = DiscData(Path(folder), config, Path(folder) / "cache")
        data.setup()
        discs = data.discs["train"]
        least("read prepared", lambda: [discs.disc(number, None) for number in range(DISCS)])
        least("read and augment", lambda: [discs.disc(number, number) for number in range(DISCS)])
    for preset, batch in (("small", 12), ("paper", 1)):
        report_steps(PRESETS[preset], batch)
    report_bootstrap()


def report_steps(config: GraderConfig, discs: int) -> None:
    grader = Grader(config)
    loss = WeightedCrossEntropy(torch.ones(len(config.heads), 4))
    axial, sagittal = torch.randn(discs, *config.inputs.axial), torch.randn(discs, 1, *config.inputs.sagittal)
    present, grades = torch.ones(discs, 2, dtype=torch.bool), torch.zeros(discs, len(config.heads)).long()

    def step() -> None:
        grader.zero_grad()
        loss(grader(axial, sagittal, present), grades).sum().backward()

    def grade() -> None:
        with torch.inference_mode():
            grader(axial, sagittal, present)

    print(
        f"{config.preset}: {parameters(grader):,} parameters, {config.inputs.axial} {config.inputs.sagittal}"
    )
    least(f"{config.preset} training step", step, discs)
    grader.eval()
    least(f"{config.preset} grading", grade, discs)


def report_bootstrap() -> None:
    rng = np.random.default_rng(0)
    people = np.repeat(np.arange(600), 6)
    cells = Cells(rng.integers(0, 4, len(people)), rng.dirichlet(np.ones(4), len(people)), people)
    least(
        "1000 resamples of 600 patients",
        lambda: class_accuracy(confusions(cells, resampled_patients(600))),
        1,
    )


def report_training(dataset: Path, exam: Path | None, out: Path, branch: Branch, seeds: int) -> None:
    """Train with every seed and print Table 1 of the first, then each class average and their spread."""
    graded = []
    for seed in range(seeds):
        folder = out / str(seed)
        print(fit(dataset, folder, branch=branch, seed=seed, resume=False).summary())
        graded.append(evaluate(exam or dataset, folder, folder / "evaluate"))
    if branch == "both":
        print(graded[0].to_markdown())
    for findings in zip(*(each.findings for each in graded), strict=True):
        for found in findings:
            print(
                f"{branch}: {found.name}: class average {found.average.percent()} %, "
                f"mild and moderate joined {found.three_average.percent()} %, kappa {found.kappa.decimal()}"
            )
        averages = [100 * (found.average.value or 0) for found in findings]
        if seeds > 1:
            spread = f"mean {np.mean(averages):.1f} %, standard deviation {np.std(averages, ddof=1):.1f}"
            print(f"{branch}: {findings[0].name}: {seeds} seeds, {spread}")


def least(name: str, work: Callable[[], object], discs: int = DISCS, runs: int = 4) -> None:
    """Print the least wall clock and processor time a disc; the first run warms up and does not count."""
    times = []
    for _ in range(runs):
        wall, busy = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - wall, time.process_time() - busy))
    wall, busy = (1000 * min(column) / discs for column in zip(*times[1:], strict=True))
    print(f"  {name}: {wall:.1f} ms, processor {busy:.1f} ms")


def write_noise(folder: Path, split: str) -> Path:
    """Discs of the stored size, every grade among them."""
    rng = np.random.default_rng(0)
    rows = []
    for number in range(DISCS):
        row = {name: [] if pa.types.is_list(DATASET.field(name).type) else None for name in DATASET.names}
        row |= {"study": str(number // 6), "level": str(LEVELS[number % 6]), "split": split, "dtype": "int16"}
        row |= {"source": "mask", "report_id": "r", "lexicon": "", "policy": "", "SCS": number % 4}
        row |= {"centre": [0.0] * 3, "normal": [0.0, 0.0, 1.0]}
        for view, shape in STORED.items():
            row[view] = rng.normal(400, 60, shape).astype(np.int16).tobytes()
            row |= {f"{view}_shape": list(shape), f"{view}_spacing_mm": None}
        rows.append(row)
    path = folder / "data" / f"{split}-00000.parquet"
    write_parquet(pa.Table.from_pylist(rows, schema=DATASET), path, row_group_rows=1)
    return path


def parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


if __name__ == "__main__":
    main()
