"""Folders on an object store: the commands read and write them, and a put that breaks off is gone on with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from survivors import tree
from tiny_archive import random_archive
from typer.testing import CliRunner

from dataset.paths import SCRATCH, Mirror
from labeling.issues import InputError
from levelwise.cli import app
from levelwise.errors import Exit

TEXT = "FINDINGS: L4-5: Moderate central canal stenosis."


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A store that lives in memory, and a scratch folder of its own."""
    monkeypatch.setenv(SCRATCH, str(tmp_path / "scratch"))
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    yield memory
    memory.store.clear()


def held(store: Any, place: str) -> dict[str, bytes]:
    return {path.removeprefix(f"{place}/"): store.cat_file(path) for path in store.find(place)}


def run(*words: object) -> int:
    done = CliRunner().invoke(app, [*map(str, words), *(["--workers", "1"] if words[0] != "check" else [])])
    if isinstance(done.exception, InputError):
        return Exit.USAGE
    return done.exit_code


def test_labels_and_a_dataset_on_a_store_have_the_bytes_of_local_ones(store: Any, tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": n, "text": TEXT}) + "\n" for n in range(5))
    store.pipe_file("/in/reports.jsonl", lines.encode())
    (tmp_path / "reports.jsonl").write_text(lines, "utf-8")
    assert run("label", "memory://in/reports.jsonl", "--out", "memory://out/labels") == Exit.DONE
    assert run("label", tmp_path / "reports.jsonl", "--out", tmp_path / "labels") == Exit.DONE
    assert held(store, "/out/labels") == tree(tmp_path / "labels")
    labels, discs = random_archive(3, seed=1).write(tmp_path / "inputs")
    for folder in (labels, discs):
        store.put(str(folder), f"/in/{folder.name}", recursive=True)
    assert run("build", "memory://in/labels", "memory://in/discs", "--out", "memory://out/data") == Exit.DONE
    assert run("build", labels, discs, "--out", tmp_path / "data") == Exit.DONE
    assert held(store, "/out/data") == tree(tmp_path / "data")
    assert run("check", "memory://out/data") == Exit.DONE
    store.pipe_file("/out/data/flow.json", b"{}")
    assert run("check", "memory://out/data") == Exit.NOTHING


def test_a_put_that_breaks_off_leaves_no_manifest_and_the_next_goes_on(
    store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = Mirror("memory://out/labels")
    local = mirror.fetch(wanted=False)
    local.mkdir()
    for name in ("a.parquet", "b.parquet", "manifest.json"):
        (local / name).write_text(name, "utf-8")
    mirror.put()
    whole = {name: name.encode() for name in ("a.parquet", "b.parquet", "manifest.json")}
    assert held(store, "/out/labels") == whole
    (local / "a.parquet").write_text("new", "utf-8")
    (local / "b.parquet").unlink()
    (local / ".tmp-1").touch()
    with monkeypatch.context() as broken:
        broken.setattr(type(store), "put_file", refuse)
        with pytest.raises(
            InputError, match=r"memory://out/labels: expected to reach the store; got OSError"
        ):
            mirror.put()
    assert "manifest.json" not in held(store, "/out/labels")
    assert mirror.fetch(wanted=False) == local
    assert (local / "manifest.json").exists()
    mirror.put()
    assert held(store, "/out/labels") == {"a.parquet": b"new", "manifest.json": b"manifest.json"}


def refuse(*_: object, **__: object) -> None:
    raise OSError("no line")


def test_what_changed_on_the_store_is_fetched_and_nothing_else(store: Any) -> None:
    store.pipe_file("/in/labels/a.parquet", b"one")
    store.pipe_file("/in/labels/b.parquet", b"two")
    mirror = Mirror("memory://in/labels")
    assert tree(mirror.fetch()) == {"a.parquet": b"one", "b.parquet": b"two"}
    first = (mirror.local / "b.parquet").stat().st_mtime_ns
    store.pipe_file("/in/labels/a.parquet", b"three")
    assert tree(mirror.fetch()) == {"a.parquet": b"three", "b.parquet": b"two"}
    assert (mirror.local / "b.parquet").stat().st_mtime_ns == first
    store.rm_file("/in/labels/a.parquet")
    assert tree(mirror.fetch()) == {"b.parquet": b"two"}
    assert mirror.root.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("memory://in/none.jsonl", "--out", "x"), "missing-file"),
        (("nothing://in/a.jsonl", "--out", "x"), "store-error"),
        (("memory://in/a.jsonl", "--out", "x", "--engine", "dask"), "no-shared-folder"),
    ],
)
@pytest.mark.usefixtures("store")
def test_what_cannot_be_reached_is_said(words: tuple[str, ...], reason: str, tmp_path: Path) -> None:
    given = [word.replace("x", str(tmp_path / "out")) if word == "x" else word for word in words]
    done = CliRunner().invoke(app, ["label", *given])
    assert isinstance(done.exception, InputError)
    assert done.exception.issue.reason == reason
