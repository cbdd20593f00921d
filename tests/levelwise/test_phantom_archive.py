"""The sample archive on disk: real DICOM, the same bytes for the same seed, left is left."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.uid import MRImageStorage

from levelwise.sample.anatomy import Spine, build_spine
from levelwise.sample.archive import DEFECTS, SampleArchive, write_archive
from levelwise.sample.dicom import Header, uid, write_series
from levelwise.sample.protocol import Protocol, plan_study
from levelwise.sample.record import StudyRecord, read_truth
from levelwise.sample.scanner import Scanner
from levelwise.sample.truth import StudyTruth
from lexicons.findings import CODES
from lexicons.vocabulary import LEVELS, Level, Side

TINY = Protocol(scale=0.12)
_DAY = date(2020, 2, 3)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> SampleArchive:
    return write_archive(tmp_path_factory.mktemp("sample"), patients=10, seed=3, workers=1, protocol=TINY)


def bytes_of(folder: Path) -> dict[str, str]:
    """Checksum of every file that the archive promises, by its path."""
    files = [path for path in folder.rglob("*") if path.is_file() and "studies" not in path.parts]
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def test_archive_is_the_same_on_two_workers(archive: SampleArchive, tmp_path: Path) -> None:
    again = write_archive(tmp_path, patients=10, seed=3, workers=2, protocol=TINY)
    assert bytes_of(tmp_path) == bytes_of(archive.folder)
    assert (again.studies, again.files) == (archive.studies, archive.files)


def test_another_seed_is_another_archive(tmp_path: Path) -> None:
    texts = [
        write_archive(tmp_path / str(seed), 1, seed, workers=1, protocol=TINY).reports.read_text()
        for seed in (0, 1)
    ]
    assert texts[0] != texts[1]


def test_a_damaged_archive_is_made_whole(tmp_path: Path) -> None:
    whole = write_archive(tmp_path, 2, 0, workers=1, protocol=TINY)
    before = bytes_of(tmp_path)
    next(whole.dicom.rglob("*.dcm")).unlink()
    whole.reports.unlink()
    write_archive(tmp_path, 2, 0, workers=1, protocol=TINY)
    assert bytes_of(tmp_path) == before


def test_a_finished_archive_is_reused_and_a_smaller_one_forgets(tmp_path: Path) -> None:
    write_archive(tmp_path, 2, 0, workers=1, protocol=TINY)
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "dicom" / "PA0001").rglob("*.dcm")}
    smaller = write_archive(tmp_path, 1, 0, workers=1, protocol=TINY)
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    assert [path.name for path in smaller.dicom.iterdir()] == ["PA0001"]
    assert len(smaller.reports.read_text().splitlines()) == smaller.studies == len(read_truth(smaller.truth))


def test_patients_must_be_positive(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected 1 or more; got 0"):
        write_archive(tmp_path, patients=0)


def test_reports_truth_and_images_name_the_same_studies(archive: SampleArchive) -> None:
    reports = [json.loads(line) for line in archive.reports.read_text("utf-8").splitlines()]
    assert {"id", "text", "study", "patient", "reader", "date", "modality"} == set(reports[0])
    records = {record.truth.study: record for record in read_truth(archive.truth)}
    heads = defaultdict(set)
    for path in archive.dicom.rglob("*.dcm"):
        head = pydicom.dcmread(path, stop_before_pixels=True)
        heads[str(head.StudyInstanceUID)].add((str(head.PatientID), str(head.AccessionNumber)))
    assert set(heads) == set(records) == {report["study"] for report in reports}
    for report in reports:
        assert heads[report["study"]] == {(report["patient"], report["id"])}
        assert records[report["study"]].truth.patient == report["patient"]
    assert archive.studies == len(reports)
    visits = Counter(report["patient"] for report in reports)
    assert len(visits) == 10
    assert max(visits.values()) == 2


def test_later_study_is_never_better(archive: SampleArchive) -> None:
    by_patient = defaultdict(list)
    for record in read_truth(archive.truth):
        by_patient[record.truth.patient].append(record)
    pairs = [records for records in by_patient.values() if len(records) == 2]
    assert pairs
    for first, second in pairs:
        assert first.body_seed == second.body_seed
        for level in LEVELS:
            for code in CODES:
                assert 0 <= second.truth.grade(level, code) - first.truth.grade(level, code) <= 1


def test_defects_are_the_known_ones(archive: SampleArchive) -> None:
    records = {record.truth.study: record for record in read_truth(archive.truth)}
    assert Counter(record.defect for record in records.values() if record.defect) == Counter(DEFECTS)
    seen = Counter()
    for study in archive.dicom.glob("PA*/ST*"):
        first = pydicom.dcmread(next(study.rglob("*.dcm")), stop_before_pixels=True)
        defect = records[str(first.StudyInstanceUID)].defect
        found = _defect_of(study)
        assert found == ([defect] if defect else [])
        seen.update(found)
    assert set(seen) == set(DEFECTS)


def _defect_of(study: Path) -> list[str]:
    """The defects that the files of a study show."""
    found = []
    heads = {path: pydicom.dcmread(path, stop_before_pixels=True) for path in study.rglob("*.dcm")}
    if not any(head.SeriesDescription.startswith("AX") for head in heads.values()):
        found.append("no-axial-series")
    if any(path.suffix != ".dcm" for path in study.rglob("*") if path.is_file()):
        found.append("stray-file")
    if any(path.stat().st_size < 1000 + head.Rows * head.Columns * 2 for path, head in heads.items()):
        found.append("truncated-file")
    return found


def test_files_are_whole_dicom(archive: SampleArchive) -> None:
    whole = {r.truth.study for r in read_truth(archive.truth) if r.defect is None}
    instances = set()
    for series in archive.dicom.glob("PA*/ST*/SE*"):
        images = [pydicom.dcmread(path) for path in sorted(series.glob("*.dcm"))]
        if images[0].StudyInstanceUID not in whole:
            continue
        assert [image.InstanceNumber for image in images] == list(range(1, len(images) + 1))
        assert len({image.SeriesInstanceUID for image in images}) == 1
        for image in images:
            instances.add(image.SOPInstanceUID)
            assert image.SOPClassUID == image.file_meta.MediaStorageSOPClassUID == MRImageStorage
            assert image.pixel_array.shape == (image.Rows, image.Columns)
            assert image.pixel_array.max() <= 4095
            across, down = np.reshape([float(x) for x in image.ImageOrientationPatient], (2, 3))
            assert abs(across @ down) < 1e-6
            assert np.allclose([np.linalg.norm(across), np.linalg.norm(down)], 1, atol=1e-6)
            place = np.array([float(x) for x in image.ImagePositionPatient])
            assert abs(place @ np.cross(across, down) - float(image.SliceLocation)) < 1e-3
    assert len(instances) > 200


def test_axial_series_hold_one_stack_per_disc(archive: SampleArchive) -> None:
    counts = Counter()
    for series in archive.dicom.glob("PA*/ST*/SE04"):
        heads = [pydicom.dcmread(path, stop_before_pixels=True) for path in sorted(series.glob("*.dcm"))]
        sizes = Counter(tuple(head.ImageOrientationPatient) for head in heads)
        assert len({head.SeriesInstanceUID for head in heads}) == 1
        assert len(set(sizes.values())) == 1
        assert 3 <= next(iter(sizes.values())) <= 5
        counts[len(sizes)] += 1
    assert set(counts) == {5, 6}


@pytest.mark.parametrize("plane", ["sagittal", "axial"])
@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("level", [Level.L2_L3, Level.L4_L5], ids=str)
def test_a_narrow_foramen_is_dark_on_its_own_side(
    plane: str, side: Side, level: Level, tmp_path: Path
) -> None:
    code = {Side.LEFT: "LFS", Side.RIGHT: "RFS"}[side]
    cells = {lv: {c: 3 * (lv is level and c == code) for c in CODES} for lv in LEVELS}
    truth = StudyTruth("P", uid("sides"), cells, 45, "M")
    spine = build_spine(truth, (4, 1), (4, 2))
    files = _written(spine, truth, plane, tmp_path)
    bright = {s: _foramen_signal(files, spine, level, s) for s in Side}
    other = Side.LEFT if side is Side.RIGHT else Side.RIGHT
    assert bright[side] < 0.75 * bright[other], f"{plane}: {bright}"


def _written(spine: Spine, truth: StudyTruth, plane: str, folder: Path) -> list[pydicom.Dataset]:
    """One series of the study, as it reads back from its files."""
    rng = np.random.default_rng(7)
    plans = plan_study(spine, Protocol(scale=0.5, t1_share=0), rng)
    plan = next(p for p in plans if p.plane == plane)
    stacks = [Scanner(spine).scan(where, plan.contrast, plan.quality, rng) for where in plan.stacks]
    header = Header(truth.patient, truth.study, "A1", _DAY, truth.age, truth.sex)
    return [pydicom.dcmread(path) for path in write_series(folder / "SE", header, plan, stacks)]


def _foramen_signal(files: list[pydicom.Dataset], spine: Spine, level: Level, side: Side) -> float:
    """Median signal of a box around one foramen, found in the patient from the headers alone."""
    at = spine.curve.at(spine.disc_s(level))
    sign = 1 if side is Side.LEFT else -1
    offsets = np.stack(np.meshgrid(np.arange(13, 18), np.arange(-1, 2), np.arange(1, 9)), axis=-1).reshape(
        -1, 3
    )
    wall = float(spine.profile.half_ap[at]) * 0.9 + 3.5
    points = spine.disc_centre(level) + (
        offsets[:, :1] * sign * spine.curve.left[at]
        + (wall + offsets[:, 1:2]) * spine.curve.behind[at]
        + offsets[:, 2:] * spine.curve.tangent[at]
    )
    # Left of the patient is a larger x; the sign of the spine's own axis is not taken on trust.
    assert ((points[:, 0] - spine.disc_centre(level)[0]) * sign > 5).all()
    values = []
    for data in files:
        across, down = np.reshape([float(x) for x in data.ImageOrientationPatient], (2, 3))
        away = points - np.array([float(x) for x in data.ImagePositionPatient])
        near = np.abs(away @ np.cross(across, down)) < float(data.SpacingBetweenSlices) / 2
        pixels = np.rint(away[near] @ np.stack([down, across]).T / float(data.PixelSpacing[0])).astype(int)
        values.extend(data.pixel_array[tuple(pixels.T)].tolist())
    assert len(values) > 20
    return float(np.median(values))


def test_records_survive_their_file(archive: SampleArchive) -> None:
    records = read_truth(archive.truth)
    assert all(StudyRecord.from_json(record.to_json()) == record for record in records)
    assert all(
        cells.get(code, "").rstrip("?") in {"", "P", "N", str(record.truth.grades[Level.parse(level)][code])}
        for record in records
        for level, cells in record.cells.items()
        for code in cells
    )


def test_a_line_that_is_no_record_is_named(tmp_path: Path) -> None:
    (tmp_path / "truth.jsonl").write_text('{"study": 1}\n')
    with pytest.raises(ValueError, match="line 1: expected a study of the sample archive"):
        read_truth(tmp_path / "truth.jsonl")
