"""Planted words of reports and headers: none is printed, named in a file, or left in a dataset with a key."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from dicom_factory import AXIAL, SAGITTAL_STACK, Stack, images, save

from dataset.imaging.labelmap import write_label_map
from dataset.imaging.series import choose_sagittal
from dataset.imaging.spine import VERTEBRAE
from dataset.imaging.stacks import load_stack, read_stacks
from dataset.imaging.volume import Volume
from dataset.keys import file_key
from labeling.labeler import Labeler
from labeling.report import Report, ReportLabels
from levelwise.cli import main

MARK = "Zqx"
"""In every planted identifier and in no other word."""

AXIAL_STACK = Stack(AXIAL, (0, 0, -100), 21, 10.0, 40, 40, (4.0, 4.0))
PLANTED = (
    "PatientName",
    "PatientID",
    "AccessionNumber",
    "InstitutionName",
    "StudyDescription",
    "PatientComments",
)
"""Six identifiers a study, beside its UIDs; with 10 studies of 30 slices they are 60 in 300 headers."""

Run = Callable[..., str]


@pytest.fixture
def levelwise(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process; returns all that it printed and its exit code."""

    def run(*words: object) -> str:
        monkeypatch.setattr(sys, "argv", ["levelwise", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        said = capfd.readouterr()
        return f"{said.out}\n{said.err}\nexit {end.value.code}"

    return run


def make_study(folder: Path, number: int) -> str:
    """A study of 30 slices whose headers hold six planted identifiers; its UID."""
    study = f"1.2.826.55.{number}"
    tags = {name: f"{MARK}{name[:9]}{number}" for name in PLANTED} | {"StudyInstanceUID": study}
    for part, stack in enumerate((SAGITTAL_STACK, AXIAL_STACK), start=1):
        files = images(stack, series=f"{study}.{part}", **tags)
        for file in files:
            file.private_block(0x0011, "LEVELWISE TEST", create=True).add_new(
                1, "LO", f"{MARK}Private{number}"
            )
        save(folder / f"case{number}" / str(part), files)
    return study


def make_mask(index: Path, masks: Path, study: str) -> None:
    volume: Volume = load_stack(choose_sagittal(read_stacks(index)[study]))
    places = volume.to_lps(np.stack(np.indices(volume.shape), axis=-1))
    voxels = np.zeros(volume.shape, np.uint8)
    for number, _ in enumerate(VERTEBRAE):
        centre = np.array([5.0, 0.0, 30.0 * number - 105])
        voxels[(abs(places - centre) <= (13, 10, 8)).all(axis=-1)] = 1 + number
    write_label_map(volume, voxels, masks / f"{file_key(study)}.nii.gz")


def make_reports(path: Path, studies: list[str]) -> None:
    """One report a study, then one without words, one double id, and one with half of a character."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "text", "study", "patient", "reader", "date"])
        for number, study in enumerate(studies):
            text = "\n".join(
                [
                    f"Patient: {MARK}Name{number}",
                    "FINDINGS:",
                    "All levels: no stenosis.",
                    f"Signed: {MARK}Reader",
                ]
            )
            patient = f"{MARK}PatientID{number}"
            table.writerow([f"{MARK}R{number}", text, study, patient, f"{MARK}Reader", "2020-03-04"])
        table.writerow([f"{MARK}Empty", "", studies[0], f"{MARK}P", "", "Zqxday"])
        table.writerow([f"{MARK}R0", "L4-5: normal.", studies[0], f"{MARK}P", "", ""])


def fails(number: str) -> Callable[[Labeler, Report], ReportLabels]:
    """A labeler that fails on one report with its words in the message."""
    label = Labeler.label

    def labeled(labeler: Labeler, report: Report) -> ReportLabels:
        if report.id == number:
            raise ValueError(f"cannot read {report.text}")
        return label(labeler, report)

    return labeled


def values_of(folder: Path) -> str:
    """Names and bytes of all files of a dataset, and every value of its tables but the voxels."""
    text = ""
    for path in sorted(folder.rglob("*")):
        text += f"{path.relative_to(folder)}\n"
        if path.suffix == ".parquet":
            table = pq.read_table(path, partitioning=None)
            text += str(
                table.drop_columns([n for n in ("axial", "sagittal") if n in table.column_names]).to_pylist()
            )
        if path.is_file():
            text += path.read_bytes().decode("latin-1")
    return text


@pytest.mark.parametrize("studies", [3, pytest.param(10, marks=pytest.mark.prove)])
def test_no_planted_identifier_gets_out(
    levelwise: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, studies: int
) -> None:
    monkeypatch.setattr(Labeler, "label", fails(f"{MARK}R1"))
    uids = [make_study(tmp_path / "tree", number) for number in range(studies)]
    headers = list((tmp_path / "tree").rglob("IM*"))
    assert len(headers) == 30 * studies
    broken = headers[0].read_bytes()
    (tmp_path / "tree" / "cut").write_bytes(broken[: len(broken) // 2])
    (tmp_path / "tree" / "words").write_text(f"{MARK}Words", "utf-8")
    make_reports(tmp_path / "reports.csv", uids)
    (tmp_path / "key").write_text("0123456789abcdef" * 4, "utf-8")

    at = {name: tmp_path / "out" / name for name in ("labels", "index", "discs", "dataset", "other")}
    one = ("--workers", 1)
    said = levelwise("label", tmp_path / "reports.csv", "-o", at["labels"], *one)
    said += levelwise("index", tmp_path / "tree", "-o", at["index"], *one)
    for uid in uids:
        make_mask(at["index"], tmp_path / "masks", uid)
    (tmp_path / "masks" / f"{file_key('1.2')}.nii.gz").write_bytes(b"no mask")
    how = ("--masks", tmp_path / "masks", "--size", "half", *one)
    said += levelwise("discs", at["index"], "-o", at["discs"], *how)
    inputs = (at["labels"], at["discs"])
    text = ("--with-text", tmp_path / "reports.csv", "--key-file", tmp_path / "key")
    said += levelwise("build", *inputs, "-o", at["dataset"], "--cohort", "any", *text, *one)
    said += levelwise("check", at["dataset"])
    said += levelwise("build", *inputs, "-o", at["other"], "--external-site", f"{MARK[:2]}?", *one)
    said += levelwise("build", at["labels"], at["index"], "-o", at["other"], *one)

    assert "labeler-error" in said
    assert f"{6 * (studies - 1)} dataset" in said
    assert MARK not in said
    names = [str(path.relative_to(tmp_path)) for path in (tmp_path / "out").rglob("*")]
    assert [name for name in names if MARK in name or any(uid in name for uid in uids)] == []
    found = values_of(at["dataset"])
    assert MARK not in found
    assert [uid for uid in uids if uid in found] == []
    assert "[NAME]" in found or "[KNOWN]" in found
