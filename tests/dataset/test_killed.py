"""kill -9 at random moments: after resuming, every id once and the bytes of a run that nobody disturbed."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import psutil
import pytest
from dask_cluster import Cluster
from killed import Job, kill, run_and_kill, write_reports
from survivors import tree
from tiny_archive import random_archive

from dataset.stage import read_table
from dataset.validate import check
from labeling.labels import REPORTS

pytestmark = pytest.mark.filterwarnings("error")


def same_everywhere(out: Path, folders: int) -> Path:
    """Every folder has the bytes of the first, which nobody disturbed; that one."""
    whole = tree(out / "0")
    for number in range(1, folders + 1):
        assert tree(out / str(number)) == whole, number
    assert [issue for issue in check(out / "0") if issue.severity == "error"] == []
    return out / "0"


def label_and_kill(tmp_path: Path, reports: int, rows: int, kills: int, workers: int) -> None:
    job = Job("label", str(write_reports(tmp_path / "reports.jsonl", reports)), rows, workers)
    ended = run_and_kill(job, tmp_path / "out", kills, seed=1)
    folder = same_everywhere(tmp_path / "out", ended)
    ids = read_table(folder, "reports", REPORTS)["report_id"].to_pylist()
    assert sorted(ids) == sorted(f"r{number}" for number in range(reports))


def build_and_kill(tmp_path: Path, patients: int, kills: int) -> None:
    inputs = random_archive(patients, seed=2).write(tmp_path / "inputs", files=8)
    job = Job("build", ",".join(map(str, inputs)), rows=4)
    same_everywhere(tmp_path / "out", run_and_kill(job, tmp_path / "out", kills, seed=2))


def test_a_label_run_that_is_killed_three_times(tmp_path: Path) -> None:
    label_and_kill(tmp_path, reports=300, rows=20, kills=3, workers=1)


@pytest.mark.prove
def test_a_label_run_of_20000_reports_that_is_killed_50_times(tmp_path: Path) -> None:
    label_and_kill(tmp_path, reports=20_000, rows=500, kills=50, workers=2)


@pytest.mark.prove
def test_a_build_that_is_killed_20_times(tmp_path: Path) -> None:
    build_and_kill(tmp_path, patients=60, kills=20)


@pytest.mark.prove
def test_one_and_eight_workers_write_the_same_bytes_of_labels(tmp_path: Path) -> None:
    source = str(write_reports(tmp_path / "reports.jsonl", 4000))
    for number, workers in enumerate((1, 8)):
        Job("label", source, 250, workers).finish(tmp_path / "out" / str(number))
    same_everywhere(tmp_path / "out", 1)


def test_the_workers_of_a_killed_run_end(tmp_path: Path) -> None:
    source = str(write_reports(tmp_path / "reports.jsonl", 400))
    process = Job("label", source, 20).start(tmp_path / "out")
    me, until = psutil.Process(process.pid), time.monotonic() + 60
    while len(workers := me.children(recursive=True)) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    assert kill(process)
    gone, alive = psutil.wait_procs(workers, timeout=20)
    assert len(gone) >= 3  # two workers and the tracker of their resources
    assert alive == []


@pytest.mark.prove
def test_20_dask_workers_and_5_schedulers_are_killed(tmp_path: Path) -> None:
    source, out = str(write_reports(tmp_path / "reports.jsonl", 6000)), tmp_path / "out"
    Job("label", source, 50).finish(out / "0")
    workers, schedulers, folder = 0, 0, 1
    while workers < 20 or schedulers < 5:
        with Cluster() as cluster:
            for _ in range(2):
                cluster.start_worker()
            process = Job("label", source, 50, 0, cluster.address).start(out / str(folder))
            for _ in range(4):
                if went_on(process, out / str(folder)):
                    cluster.kill_worker()
                    cluster.start_worker()
                    workers += 1
            if went_on(process, out / str(folder)):
                cluster.kill_scheduler()
                schedulers += 1
            _, said = process.communicate(timeout=120)
            if process.returncode:
                assert b"the line to it broke" in said, said.decode()
            else:
                folder += 1
    Job("label", source, 50).finish(out / str(folder))
    same_everywhere(out, folder)


def went_on(process: subprocess.Popen[bytes], folder: Path) -> bool:
    """Wait until two more shards are there; false when the run ends before."""
    before = newest(folder)
    for _ in range(2):
        while newest(folder) == before:
            if process.poll() is not None:
                return False
            time.sleep(0.05)
        before = newest(folder)
    return True


def newest(folder: Path) -> int:
    """When the newest file of the reports table came."""
    return max((path.stat().st_mtime_ns for path in folder.glob("reports-*.parquet")), default=0)
