"""A folder of broken datasets: one mutation each of a sound tiny one, and the exact words of the check."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from golden import assert_golden
from tiny_archive import random_archive, report_row
from typer.testing import CliRunner

from dataset.build import Layout, build
from dataset.label_archive import label_archive
from dataset.record import FLOW, MANIFEST, File, Manifest, Record
from dataset.schema import DATASET
from dataset.seal import sealed
from dataset.shards import write_bytes, write_parquet
from dataset.validate import check
from labeling.labels import LABELS
from levelwise.cli import app
from levelwise.errors import Exit

GOLDEN = Path(__file__).parent / "broken_datasets.golden.txt"
TRAIN, TEST = "data/train-00000.parquet", "data/test-00000.parquet"
REPORT = "FINDINGS: L4-L5: Severe canal stenosis. Mild right foraminal narrowing. L5-S1: Normal."

VOLUMES = [f"{view}{part}" for view in ("axial", "sagittal") for part in ("", "_shape", "_spacing_mm")]

Break = Callable[[Path], None]


def tell(folder: Path, name: str) -> None:
    """Write the true size, checksum and rows of a data file into manifest and flow, as a build would."""
    path, manifest, record = folder / name, Manifest.read(folder), Record.read(folder)
    rows = pq.read_metadata(path).num_rows
    split = path.name.split("-")[0]
    record = replace(record, splits={**record.splits, split: replace(record.splits[split], rows=rows)})
    files = {**manifest.files, FLOW: File(record.write(folder), (folder / FLOW).stat().st_size)}
    Manifest({**files, name: File(_sha(path), path.stat().st_size, rows)}).write(folder)


def _sha(path: Path) -> str:
    return write_bytes(path.read_bytes(), path)


def row(number: int, **values: Any) -> Break:
    """Change columns of one training row."""

    def break_(folder: Path) -> None:
        rows = pq.read_table(folder / TRAIN, partitioning=None).to_pylist()
        rows[number] |= values
        loose = pa.schema([field.with_nullable(True) for field in DATASET])
        write_parquet(pa.Table.from_pylist(rows, loose), folder / TRAIN, row_group_rows=1)
        tell(folder, TRAIN)

    return break_


def table(change: Callable[[pa.Table], pa.Table]) -> Break:
    """Change the whole table of the training file."""

    def break_(folder: Path) -> None:
        write_parquet(change(pq.read_table(folder / TRAIN, partitioning=None)), folder / TRAIN)
        tell(folder, TRAIN)

    return break_


def file(name: str, change: Callable[[bytes], bytes]) -> Break:
    """Change the bytes of a file behind the manifest's back."""
    return lambda folder: (folder / name).write_bytes(change((folder / name).read_bytes())) and None


def gone(name: str) -> Break:
    return lambda folder: (folder / name).unlink()


def copied(name: str, to: str) -> Break:
    return lambda folder: shutil.copy(folder / name, folder / to) and None


def patient_of_test(folder: Path) -> None:
    (first, *_) = pq.read_table(folder / TEST, partitioning=None).to_pylist()
    row(0, patient=first["patient"])(folder)


def counted_otherwise(folder: Path) -> None:
    record = Record.read(folder)
    sha256 = replace(record, splits={**record.splits, "test": replace(record.splits["test"], rows=1)}).write(
        folder
    )
    files = Manifest.read(folder).files
    Manifest({**files, FLOW: File(sha256, (folder / FLOW).stat().st_size)}).write(folder)


def external_site(folder: Path) -> None:
    """The build was told that North is the test site, and a training disc is from there."""
    record = Record.read(folder)
    replace(record, split={**record.split, "external_site": "North"}).write(folder)
    row(0, site="North")(folder)


def nobody_severe(folder: Path) -> None:
    rows = pq.read_table(folder / TRAIN, partitioning=None).to_pylist()
    for one in rows:
        if one["SCS"] == 3:
            one |= {"SCS": None, "SCS_low": 1, "SCS_high": 3}
    write_parquet(pa.Table.from_pylist(rows, DATASET), folder / TRAIN, row_group_rows=1)
    tell(folder, TRAIN)


def to_double(found: pa.Table) -> pa.Table:
    return found.set_column(found.schema.get_field_index("LFS"), "LFS", found["LFS"].cast(pa.float64()))


BROKEN: dict[str, Break] = {
    "a null where a value must be": row(0, source=None),
    "a level that is none": row(0, level="L5-L6"),
    "a row of another split": row(0, split="test"),
    "a grade outside its interval": row(1, SCS=3, SCS_low=0, SCS_high=1),
    "an interval that is turned": row(1, SCS=None, SCS_low=2, SCS_high=1),
    "a grade without an interval": row(1, RFA=1),
    "a hedge on a cell that is absent": row(1, uncertain=["RFA"]),
    "a volume cut short": row(2, axial=b"12"),
    "a volume without its shape": row(2, sagittal_shape=None),
    "no volume": row(2, **dict.fromkeys(VOLUMES)),
    "voxels of another type": row(2, dtype="float32"),
    "a spacing of zero": row(2, axial_spacing_mm=[2, 0, 0.25]),
    "a coverage above 1": row(2, axial_coverage=1.5),
    "a normal of length 2": row(3, normal=[0, 0, 2]),
    "a centre that is no point": row(3, centre=[0, float("inf"), 0]),
    "a disc above the one above it": row(3, centre=[0.0, 0.0, 90.0]),
    "a disc twice": table(lambda found: pa.concat_tables([found, found.slice(0, 1)])),
    "a column is gone": table(lambda found: found.drop_columns(["level"])),
    "a column more": table(lambda found: found.append_column("note", found["level"])),
    "a column of another type": table(to_double),
    "a flipped bit": file(TRAIN, lambda data: data[:99] + bytes([data[99] ^ 4]) + data[100:]),
    "a file cut short": file(TEST, lambda data: data[:-20]),
    "a file is gone": gone("dropped-00000.parquet"),
    "a file more": copied(TRAIN, "data/train-00009.parquet"),
    "a file of no split": copied(TRAIN, "data/training-00000.parquet"),
    "no manifest": gone(MANIFEST),
    "no flow": gone(FLOW),
    "a manifest that is not JSON": file(MANIFEST, lambda data: data[:40]),
    "a count that is not the files'": counted_otherwise,
    "a patient in two splits": patient_of_test,
    "a patient in two folds": row(0, fold=1),
    "a fold in the wrong split": row(0, fold=0),
    "a disc of the external site to learn from": external_site,
    "no severe disc to learn from": nobody_severe,
}  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sound")
    inputs = random_archive(10, seed=5).write(root)
    return build(*inputs, root / "out", workers=1, layout=Layout(rows_per_file=400)).folder


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("labels")
    reports = [{"id": f"R{n}", "text": REPORT, "patient": f"P{n}"} for n in range(3)]
    (root / "reports.jsonl").write_text("\n".join(map(json.dumps, reports)), "utf-8")
    return label_archive(root / "reports.jsonl", root / "labels", workers=1).folder


def said(folder: Path) -> list[str]:
    """What the check says of a folder, without the sizes of files: they change with the version of Arrow."""
    lines = [f"  {one.severity} [{one.reason}] {one}".replace(f"{folder}/", "") for one in check(folder)]
    return [re.sub(r"\d+,\d{3}(,\d{3})* bytes; got [\d,]+", "N bytes; got M", line) for line in lines]


def test_every_broken_dataset_and_what_the_check_says(sound: Path, tmp_path: Path) -> None:
    base = said(sound)
    lines = ["a sound one", *base]
    for number, (name, break_) in enumerate(BROKEN.items()):
        folder = Path(shutil.copytree(sound, tmp_path / str(number)))
        break_(folder)
        found = said(folder)
        assert found != base, name
        lines += ["", name, *found]
    assert_golden("\n".join(lines) + "\n", GOLDEN, "tests/dataset/test_broken_datasets.py")


def label(**values: Any) -> Break:
    def break_(folder: Path) -> None:
        path = folder / "labels-00000.parquet"
        rows = pq.read_table(path, partitioning=None).to_pylist()
        rows[0] |= values
        sha256 = write_parquet(pa.Table.from_pylist(rows, LABELS), path)
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        (shard,) = manifest["shards"].values()
        shard["tables"]["labels"]["sha256"] = sha256
        (folder / MANIFEST).write_bytes(sealed(manifest))

    return break_


STAGES: dict[str, tuple[Break, list[str]]] = {
    "as it was written": (lambda folder: None, []),
    "a finding that is none": (label(finding="XYZ"), ["unknown-finding"]),
    "a certainty that is none": (label(certainty="sure"), ["unknown-certainty"]),
    "a level that is none": (label(level="C5-C6"), ["unknown-level"]),
    "an interval too high": (label(low=1, high=5, grade=None), ["wrong-interval"]),
    "an empty span": (
        label(evidence=[{"start": 4, "end": 4, "role": "grade", "rule": "a/b"}]),
        ["wrong-span"],
    ),
    "a cell twice": (label(level="L5-S1", finding="SCS"), ["duplicate-row"]),
    "a label of no report": (label(report_id="elsewhere"), ["no-report"]),
    "a flipped bit": (
        file("labels-00000.parquet", lambda data: data[:50] + bytes([data[50] ^ 1]) + data[51:]),
        ["wrong-checksum"],
    ),
    "a file is gone": (gone("reports-00000.parquet"), ["missing-file", "no-report"]),
    "a file more": (copied("labels-00000.parquet", "labels-00007.parquet"), ["unlisted-file"]),
}


@pytest.mark.parametrize(("break_", "reasons"), STAGES.values(), ids=list(STAGES))
def test_the_folder_of_a_stage(labels: Path, tmp_path: Path, break_: Break, reasons: list[str]) -> None:
    folder = Path(shutil.copytree(labels, tmp_path / "labels"))
    break_(folder)
    issues = check(folder)
    assert [issue.reason for issue in issues] == reasons
    assert all(issue.cure and issue.where.startswith(str(folder)) for issue in issues)
    assert not any("Severe" in str(issue) for issue in issues)


def test_every_table_of_a_labels_folder_is_read(labels: Path) -> None:
    path = labels / "reports-00000.parquet"
    held = path.read_bytes()
    manifest = (labels / MANIFEST).read_text("utf-8")
    try:
        write_parquet(pa.Table.from_pylist([report_row("R0", None)]), path)
        data = json.loads(manifest)
        (shard,) = data["shards"].values()
        shard["tables"]["reports"]["sha256"] = _sha(path)
        (labels / MANIFEST).write_bytes(sealed(data))
        assert "wrong-type" in {issue.reason for issue in check(labels)}
    finally:
        path.write_bytes(held)
        (labels / MANIFEST).write_text(manifest, "utf-8")


def test_the_command_ends_with_3_on_faults_and_with_0_on_warnings(sound: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "out"))
    nobody_severe(folder)
    done = CliRunner().invoke(app, ["check", str(folder)])
    assert done.exit_code == Exit.DONE
    assert "warning: " in done.output
    assert "check: whole" in done.output
    gone("quarantine-00000.parquet")(folder)
    done = CliRunner().invoke(app, ["check", str(folder)])
    assert done.exit_code == Exit.NOTHING
    assert "check: 1 faults" in done.output


def damages(folder: Path, rng: np.random.Generator, count: int) -> Iterator[tuple[Path, bytes]]:
    """`count` flipped bits and as many truncations, each in any listed file, with the spoilt bytes."""
    files = sorted(path for path in folder.rglob("*.parquet"))
    for number in range(2 * count):
        path = files[int(rng.integers(len(files)))]
        data = bytearray(path.read_bytes())
        at = int(rng.integers(len(data)))
        if number < count:
            data[at] ^= 1 << int(rng.integers(8))
            yield path, bytes(data)
        else:
            yield path, bytes(data[:at])


@pytest.mark.parametrize("count", [5, pytest.param(100, marks=pytest.mark.prove)])
def test_flipped_bits_and_truncations_are_found_wherever_they_are(
    sound: Path, labels: Path, count: int
) -> None:
    for folder in (sound, labels):
        for path, data in damages(folder, np.random.default_rng(11), count):
            held = path.read_bytes()
            path.write_bytes(data)
            try:
                found = {issue.where.split(" > ")[0] for issue in check(folder) if issue.severity == "error"}
                assert str(path) in found
            finally:
                path.write_bytes(held)
    assert not [issue for issue in check(sound) if issue.severity == "error"]
