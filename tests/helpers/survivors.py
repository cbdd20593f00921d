"""What a broken run left behind, and the runs that are broken: importable by worker processes and scripts."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow.parquet as pq

from dataset.seal import is_sealed


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, hidden ones too."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def unreadable(folder: Path) -> list[str]:
    """Files under a final name that are not whole: cut Parquet, JSON without its seal or end."""
    bad = []
    for path in sorted(path for path in folder.rglob("[!.]*") if path.is_file()):
        try:
            if path.suffix == ".parquet":
                pq.read_table(path, partitioning=None)
            elif path.suffix == ".json" and "seal" in json.loads(path.read_bytes()):
                assert is_sealed(path.read_bytes())
        except Exception as error:
            bad.append(f"{path.name}: {type(error).__name__}")
    return bad


class Faults:
    """Every call that writes, counted; the call `at` fails with `errno`, and with `lasting` all after it."""

    def __init__(self, at: int, errno: int, *, lasting: bool = False) -> None:
        self.at, self.errno, self.lasting, self.calls = at, errno, lasting, 0

    def tick(self) -> None:
        self.calls += 1
        if self.calls == self.at or (self.lasting and self.calls > self.at):
            raise OSError(self.errno, os.strerror(self.errno))

    @contextmanager
    def injected(self) -> Iterator[None]:
        """The block, with the faults."""
        whole = (Path.mkdir, Path.replace, Path.unlink, Path.rename)
        with ExitStack() as stack:
            for call in (os.fsync, os.link):
                stack.enter_context(patch.object(os, call.__name__, self._counted(call)))
            for call in whole:
                stack.enter_context(patch.object(Path, call.__name__, self._counted(call)))
            stack.enter_context(patch.object(Path, "open", self._open(Path.open)))
            yield

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **options: Any) -> Any:
            self.tick()
            return call(*args, **options)

        return counted

    def _open(self, call: Callable[..., Any]) -> Callable[..., Any]:
        tick = self.tick

        class Failing(io.FileIO):
            def write(self, data: Any) -> int:
                tick()
                return super().write(data)

        def opened(path: Path, mode: str = "r", *args: Any, **options: Any) -> Any:
            if not set(mode) & set("wx"):
                return call(path, mode, *args, **options)
            tick()
            if "b" in mode:
                return io.BufferedWriter(Failing(path, mode.replace("b", "")))
            return call(path, mode, *args, **options)

        return opened
