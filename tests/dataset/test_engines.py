"""Where shards run: in this process, in a pool whose workers die, on a Dask cluster whose members die."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dask_cluster import Cluster, free_port
from squares_stage import SQUARES, Settings, die, die_once, open_it, square
from survivors import tree

from dataset import engines
from dataset.engines import finished
from dataset.stage import Shard, StageResult, fingerprint, run_stage
from labeling.issues import InputError


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as made:
        for _ in range(2):
            made.start_worker()
        yield made


def run(folder: Path, shards: int, seconds: float = 0.0, **options: object) -> StageResult:
    work = [Shard(f"{n:05d}", [n, -n], fingerprint(str(n))) for n in range(shards)]
    settings = Settings(seconds=seconds)
    return run_stage("square", folder, work, square, settings, tables={"squares": SQUARES}, **options)  # type: ignore[arg-type]


def test_a_job_whose_worker_dies_is_done_again(tmp_path: Path) -> None:
    jobs = [str(tmp_path / str(number)) for number in range(3)]
    assert sorted(finished(die_once, jobs, workers=2)) == ["0", "1", "2"]


def test_a_job_that_kills_every_worker_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"they died under one shard 4 times\. Often memory ran out"):
        list(finished(die, ["a", "b"], workers=2))


def test_jobs_are_taken_as_places_fall_free() -> None:
    taken: list[int] = []
    jobs = (taken.append(number) or number for number in range(100))  # type: ignore[func-returns-value]
    results = finished(abs, jobs, workers=2)
    next(results)
    assert len(taken) < 12
    results.close()  # type: ignore[attr-defined]


def test_dask_writes_the_same_bytes_while_its_workers_die(cluster: Cluster, tmp_path: Path) -> None:
    run(tmp_path / "here", 12, workers=1)
    done = 0

    def replace_a_worker(now: int, _: int | None) -> None:
        nonlocal done
        done = now
        if now == 3:
            cluster.kill_worker()
            cluster.start_worker()

    run(
        tmp_path / "dask",
        12,
        seconds=0.1,
        engine="dask",
        scheduler=cluster.address,
        progress=replace_a_worker,
    )
    assert done == 12
    assert tree(tmp_path / "dask") == tree(tmp_path / "here")


def test_a_lost_scheduler_is_said_and_the_folder_goes_on(cluster: Cluster, tmp_path: Path) -> None:
    def kill_it(now: int, _: int | None) -> None:
        if now == 3:
            cluster.kill_scheduler()

    with pytest.raises(InputError, match="the line to it broke") as caught:
        run(tmp_path / "dask", 30, seconds=0.1, engine="dask", scheduler=cluster.address, progress=kill_it)
    assert caught.value.issue.reason == "scheduler-lost"
    assert run(tmp_path / "dask", 12, workers=1).reused >= 3
    run(tmp_path / "here", 12, workers=1)
    assert tree(tmp_path / "dask") == tree(tmp_path / "here")


@pytest.mark.parametrize(
    ("scheduler", "said"),
    [
        (None, "Give --scheduler"),
        ("127.0.0.1", "none answers"),
        ("nothing://x", "none answers"),
    ],
)
def test_a_scheduler_that_is_not_there(
    scheduler: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "CONNECT_S", 1.0)
    address = f"tcp://127.0.0.1:{free_port()}" if scheduler == "127.0.0.1" else scheduler
    with pytest.raises(InputError, match=said) as caught:
        run(tmp_path, 2, engine="dask", scheduler=address)
    assert caught.value.issue.reason == "no-scheduler"


def test_what_the_work_raises_on_dask_is_raised_here() -> None:
    with Cluster() as cluster:
        cluster.start_worker()
        with pytest.raises(FileNotFoundError, match="no-such-file"):
            list(finished(open_it, ["no-such-file"], engine="dask", scheduler=cluster.address))
