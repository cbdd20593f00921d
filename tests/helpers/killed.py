"""Runs that are killed, and what the next run makes of it. As a script, the run itself::

python killed.py label SOURCE OUT ROWS_PER_SHARD WORKERS [SCHEDULER]
python killed.py build LABELS,DISCS OUT ROWS_PER_FILE WORKERS [SCHEDULER]
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dataset import label_archive
from dataset.build import Layout, build
from dataset.stage import Run
from levelwise.sample.truth import draw_study
from levelwise.sample.writer import STYLES, write_report

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Job:
    """One stage on one input, as the script takes it."""

    stage: str
    source: str
    rows: int
    workers: int = 2
    scheduler: str = ""

    def start(self, out: Path) -> subprocess.Popen[bytes]:
        """The run, in a process of its own."""
        words = [self.stage, self.source, str(out), str(self.rows), str(self.workers), self.scheduler]
        return subprocess.Popen(
            [sys.executable, __file__, *filter(None, words)], env=environment(), stderr=subprocess.PIPE
        )

    def finish(self, out: Path) -> float:
        """Run to the end; the seconds it took. Whatever it says on standard error is a failure."""
        started = time.monotonic()
        with self.start(out) as process:
            _, said = process.communicate(timeout=300)
        assert (process.returncode, said) == (0, b""), said.decode()
        return time.monotonic() - started


def environment() -> dict[str, str]:
    """What worker processes need to find the packages and the helpers."""
    return os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(Path(__file__).parent)))}


def kill(process: subprocess.Popen[bytes]) -> bool:
    """SIGKILL; whether it came before the end."""
    alive = process.poll() is None
    process.kill()
    process.communicate()
    return alive


def run_and_kill(job: Job, out: Path, kills: int, seed: int) -> int:
    """Run again and again and kill each run at a random moment, `kills` times; how often one ended before.

    A run that ends is followed by one in a new folder, ``out/0``, ``out/1`` ...
    """
    rng = random.Random(seed)
    whole = job.finish(out / "0")
    ended, done = 1, 0
    while done < kills:
        process = job.start(out / str(ended))
        try:
            _, said = process.communicate(timeout=rng.uniform(0.2, 1.0) * whole)
            assert (process.returncode, said) == (0, b""), said.decode()
            ended += 1
        except subprocess.TimeoutExpired:
            done += kill(process)
    job.finish(out / str(ended))
    return ended


def write_reports(path: Path, count: int) -> Path:
    """An archive of sample reports, their texts all different, ids r0, r1 ..."""
    rng = np.random.default_rng(0)
    texts = [write_report(draw_study(rng, "P", "S"), rng, style).text for _ in range(20) for style in STYLES]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            text = f"{texts[number % len(texts)]}\nReport number {number}."
            file.write(json.dumps({"id": f"r{number}", "text": text, "study": f"s{number}"}) + "\n")
    return path


def main(stage: str, source: str, out: str, rows: str, workers: str, scheduler: str = "") -> None:
    run: Run = {"workers": int(workers)}
    if scheduler:
        run |= {"engine": "dask", "scheduler": scheduler}
    if stage == "label":
        label_archive._SHARD_ROWS = int(rows)
        label_archive.label_archive(Path(source), Path(out), **run)
    else:
        labels, discs = source.split(",")
        build(Path(labels), Path(discs), Path(out), layout=Layout(rows_per_file=int(rows)), **run)


if __name__ == "__main__":
    main(*sys.argv[1:])
