"""The lock of a folder: who holds it, when it is taken over, and what its loser does."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from squares_stage import SQUARES, Settings, square
from takers import processes, take_over

from dataset import lock
from dataset.lock import LOCK, Owner, locked
from dataset.stage import Shard, fingerprint, run_stage
from labeling.issues import InputError


@pytest.fixture(scope="module")
def alive() -> Iterator[int]:
    """A process that does nothing."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process.pid
        process.kill()


def put(folder: Path, owner: Owner | str, age_s: float = 0.0) -> Path:
    path = folder / LOCK
    path.write_text(owner if isinstance(owner, str) else json.dumps(asdict(owner)), "utf-8")
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def owner(pid: int, **changes: str) -> Owner:
    return replace(
        lock._myself(), **{"token": "theirs", "pid": pid, "started": lock._started(pid), **changes}
    )


GONE = 2**22 + 1  # more than Linux gives out


@pytest.mark.parametrize(
    ("who", "age_s", "taken_over"),
    [
        ("alive", 900, False),
        ("gone", 0, True),
        ("reused", 0, True),
        ("elsewhere", 30, False),
        ("elsewhere", 90, True),
        ("damaged", 30, False),
        ("damaged", 90, True),
    ],
)
def test_a_dead_owner_is_replaced_and_a_living_one_is_not(
    who: str, age_s: float, taken_over: bool, alive: int, tmp_path: Path
) -> None:
    owners: dict[str, Owner | str] = {
        "alive": owner(alive),
        "gone": owner(GONE),
        "reused": owner(alive, started="before"),
        "elsewhere": owner(alive, machine="another", host="node7"),
        "damaged": "{",
    }
    path = put(tmp_path, owners[who], age_s)
    if not taken_over:
        with pytest.raises(InputError, match=r"holds it, last sign of life .* --take-over"), locked(tmp_path):
            pytest.fail("two owners")
    with locked(tmp_path, take_over=not taken_over) as held:
        assert held.is_ours()
    assert list(tmp_path.iterdir()) == []
    assert not path.exists()


def test_the_message_says_who_holds_it_since_when(alive: int, tmp_path: Path) -> None:
    put(tmp_path, owner(alive, host="node7", since="2026-01-02T03:04:05+00:00"))
    with pytest.raises(InputError, match=rf"process {alive} on node7 since 2026-01-02T03:04:05") as caught:
        locked(tmp_path).__enter__()
    assert caught.value.issue.reason == "locked"


def test_of_many_that_take_over_a_dead_lock_one_gets_it(tmp_path: Path) -> None:
    with processes(tmp_path, count=2, threads=8) as takers:
        for _ in range(15):
            path = put(tmp_path, owner(GONE))
            assert take_over(takers) == [json.loads(path.read_text("utf-8"))["token"]]
            assert [path.name for path in tmp_path.iterdir()] == [LOCK]


def test_where_the_system_guards_nothing_the_last_one_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: float) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(lock.FileLock, "acquire", refuse)
    monkeypatch.setattr(lock, "_is_dead", lambda *_: True)
    put(tmp_path, owner(GONE))
    first, last = (lock._acquire(tmp_path / LOCK, take_over=False) for _ in range(2))
    assert (first.is_ours(), last.is_ours()) == (False, True)


def test_what_a_killed_run_left_goes(tmp_path: Path) -> None:
    put(tmp_path, owner(GONE))
    for name in (".guard", "-0123"):
        (tmp_path / f"{LOCK}{name}").touch()
    with locked(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == [LOCK]
    assert list(tmp_path.iterdir()) == []


def test_an_owner_renews_its_stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "RENEW_S", 0.01)
    with locked(tmp_path) as held:
        os.utime(held.path, (1, 1))
        until = time.monotonic() + 10
        while held.path.stat().st_mtime < 2 and time.monotonic() < until:
            time.sleep(0.01)
        assert held.path.stat().st_mtime > 2


def test_a_stage_within_a_stage_of_the_same_folder_shares_its_lock(tmp_path: Path) -> None:
    with locked(tmp_path) as outer:
        with locked(tmp_path) as inner:
            assert inner is outer
        assert outer.is_ours()


def test_a_run_that_lost_its_folder_writes_no_more_to_it(alive: int, tmp_path: Path) -> None:
    shards = [Shard(f"{n:05d}", [n], fingerprint(str(n))) for n in range(3)]

    def take(done: int, _: int | None) -> None:
        if done == 1:
            put(tmp_path, owner(alive))

    with pytest.raises(InputError, match=rf"process {alive} on .* took it over") as caught:
        run_stage(
            "square",
            tmp_path,
            shards,
            square,
            Settings(),
            tables={"squares": SQUARES},
            workers=1,
            progress=take,
        )
    assert caught.value.issue.reason == "lock-lost"
    assert [path.name for path in sorted(tmp_path.glob("*.parquet"))] == ["squares-00000.parquet"]
    assert json.loads((tmp_path / LOCK).read_text("utf-8"))["token"] == "theirs"
