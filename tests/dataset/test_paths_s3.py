"""The same on the protocol of S3: a local server, where `s3fs` and `moto` are installed.

They are no part of the pinned set: botocore refuses its python-dateutil.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from survivors import tree
from typer.testing import CliRunner

from dataset.paths import SCRATCH
from levelwise.cli import app

s3fs = pytest.importorskip("s3fs", reason="s3fs is not installed")
server = pytest.importorskip("moto.server", reason="moto[server] is not installed")


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A bucket ``corpus`` on a server of this machine."""
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    monkeypatch.setenv(SCRATCH, str(tmp_path / "scratch"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    s3fs.S3FileSystem.clear_instance_cache()
    store = s3fs.S3FileSystem()
    store.mkdir("corpus")
    yield store
    running.stop()
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.filterwarnings("default")  # what botocore and the server deprecate is theirs
def test_labels_on_s3_have_the_bytes_of_local_ones(bucket: Any, tmp_path: Path) -> None:
    text = "FINDINGS: L4-5: Moderate central canal stenosis."
    lines = "".join(json.dumps({"id": n, "text": text}) + "\n" for n in range(5))
    bucket.pipe_file("corpus/reports.jsonl", lines.encode())
    (tmp_path / "reports.jsonl").write_text(lines, "utf-8")
    run = CliRunner().invoke
    there = ["label", "s3://corpus/reports.jsonl", "--out", "s3://corpus/labels", "--workers", "1"]
    here = ["label", str(tmp_path / "reports.jsonl"), "--out", str(tmp_path / "labels"), "--workers", "1"]
    assert run(app, there).exit_code == run(app, here).exit_code == 0
    on_store = {p.removeprefix("corpus/labels/"): bucket.cat_file(p) for p in bucket.find("corpus/labels")}
    assert on_store == tree(tmp_path / "labels")
    assert run(app, ["check", "s3://corpus/labels"]).exit_code == 0
