"""The Croissant file: accepted by mlcroissant without a network, and its records are the dataset's rows."""

from __future__ import annotations

import json
import logging
import socket
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tiny_archive import random_archive

from dataset.build import build
from dataset.croissant import CROISSANT, croissant
from dataset.record import Manifest
from dataset.schema import DATASET
from dataset.shards import sha256_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("croissant")
    return build(*random_archive(8).write(root), root / "out", workers=1).folder


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("something asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_it_is_written_beside_the_card_and_the_same_each_time(folder: Path) -> None:
    assert (folder / CROISSANT).read_text("utf-8") == croissant(Manifest.read(folder))


def test_every_column_but_the_voxels_is_a_field_with_its_words(folder: Path) -> None:
    data = json.loads((folder / CROISSANT).read_text("utf-8"))
    (records,) = data["recordSet"]
    assert [field["source"]["extract"]["column"] for field in records["field"]] == [
        name for name in DATASET.names if name not in {"axial", "sagittal"}
    ]
    for field in records["field"]:
        about = DATASET.field(field["source"]["extract"]["column"]).metadata
        assert field["description"].startswith(about[b"description"].decode())


def test_it_names_the_data_files_alone_with_their_checksums(folder: Path) -> None:
    data = json.loads((folder / CROISSANT).read_text("utf-8"))
    files = {one["contentUrl"]: one["sha256"] for one in data["distribution"] if "contentUrl" in one}
    assert files == {f"data/{path.name}": sha256_of(path) for path in (folder / "data").glob("*.parquet")}
    # No count of rows or bytes: they would tell what the card hides.
    assert not {"contentSize", "numberOfRows"} & {key for one in data["distribution"] for key in one}


@pytest.mark.filterwarnings("ignore")
def test_mlcroissant_accepts_it_and_reads_the_rows(folder: Path, no_network: None) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    logging.getLogger("absl").setLevel(logging.ERROR)
    found = mlcroissant.Dataset(jsonld=folder / CROISSANT)
    assert not found.metadata.ctx.issues.errors
    records = {(r["discs/study"].decode(), r["discs/level"].decode()): r for r in found.records("discs")}
    files = [path for names in Manifest.read(folder).data_files().values() for path in names]
    rows = [row for path in files for row in pq.read_table(folder / path, partitioning=None).to_pylist()]
    assert len(records) == len(rows) > 30
    for row in rows:
        record = records[row["study"], row["level"]]
        assert record["discs/SCS"] == row["SCS"]
        assert record["discs/axial_shape"] == row["axial_shape"]
