"""Many that take over one dead lock at once, in threads and in processes. As a script, one of the processes::

python takers.py FOLDER THREADS

Its threads try at each line of its standard input; it answers with the tokens of those that were told that
they hold the lock.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from killed import environment

from dataset import lock
from labeling.issues import InputError


@contextmanager
def processes(folder: Path, count: int, threads: int) -> Iterator[list[subprocess.Popen[str]]]:
    """That many processes, which wait for `take_over`."""
    words = [sys.executable, __file__, str(folder), str(threads)]
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                subprocess.Popen(
                    words, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            for _ in range(count)
        ]


def take_over(takers: list[subprocess.Popen[str]]) -> list[str]:
    """The tokens of all who were told that they hold the lock, when all try at once."""
    for taker in takers:
        assert taker.stdin is not None
        print(file=taker.stdin, flush=True)
    return [token for taker in takers if taker.stdout for token in taker.stdout.readline().split()]


def main(folder: str, threads: str) -> None:
    path = Path(folder) / lock.LOCK
    is_dead = lock._is_dead

    def judge_slowly(owner: lock.Owner | None, age: float) -> bool:
        dead = is_dead(owner, age)
        time.sleep(random.uniform(0, 0.003))
        return dead

    def take(_: int) -> str:
        try:
            return lock._acquire(path, take_over=False).owner.token
        except InputError:
            return ""

    sys.setswitchinterval(1e-6)
    lock._is_dead = judge_slowly  # what follows from it comes late, and others come between
    lock._is_forgotten = lambda _: False  # the threads stand for processes
    with ThreadPoolExecutor(int(threads)) as pool:
        for _ in sys.stdin:
            print(*pool.map(take, range(int(threads))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
