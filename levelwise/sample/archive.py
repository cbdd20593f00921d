"""The sample archive: fictional patients with reports and DICOM studies, and a file that says what is true.

::

    out/dicom/PA0001/ST01/SE02/IM0001.dcm    what a hospital would hand over
    out/reports.jsonl                        one report per study
    out/truth.jsonl                          grades, geometry and gold cells, one study per line
    out/studies/                             what was drawn per patient, so that a killed run continues

A few studies have the defects of a real archive: no axial series, a stray file, a truncated file.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from dataset.shards import write_bytes
from dataset.stage import Progress, Shard, read_table, run_stage
from labeling.issues import InputError
from levelwise.sample.anatomy import Spine, Vector, build_spine
from levelwise.sample.dicom import Header, uid, write_series
from levelwise.sample.phantom import sac_area_mm2
from levelwise.sample.protocol import Protocol, plan_study
from levelwise.sample.record import DiscTruth, Point, StudyRecord
from levelwise.sample.scanner import Scanner
from levelwise.sample.sizes import NAMES
from levelwise.sample.truth import StudyTruth, draw_study
from levelwise.sample.writer import WrittenReport, write_report
from lexicons.vocabulary import LEVELS

DEFECTS = ("no-axial-series", "stray-file", "truncated-file")
"""What is wrong with a few studies; each occurs once in 40 patients, and not at all under ten."""

_READERS = ("R01", "R02", "R03", "R04", "R05")
_STUDIES = pa.schema(
    [
        pa.field("study", pa.string(), nullable=False),
        pa.field("folder", pa.string(), nullable=False),
        pa.field("report", pa.string(), nullable=False),
        pa.field("truth", pa.string(), nullable=False),
        pa.field("files", pa.int32(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class SampleArchive:
    """Where a sample archive lies and what is in it."""

    folder: Path
    dicom: Path
    reports: Path
    truth: Path
    patients: int
    studies: int
    files: int
    seconds: float

    def summary(self) -> str:
        """One line for the terminal."""
        return (
            f"sample: {self.patients:,} patients, {self.studies:,} studies, {self.files:,} DICOM files; "
            f"{self.seconds:.1f} s"
        )


@dataclass(frozen=True, slots=True)
class _Patient:
    """The work of one shard: one patient, into `folder`."""

    folder: Path
    number: int
    defect: str | None

    @property
    def id(self) -> str:
        return f"PHANTOM-{self.number:04d}"


@dataclass(frozen=True, slots=True)
class _Settings:
    seed: int
    protocol: Protocol


def write_archive(
    out: Path,
    patients: int = 40,
    seed: int = 0,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    resume: bool = True,
    protocol: Protocol | None = None,
) -> SampleArchive:
    """Write a sample archive of `patients` patients into `out`; the same seed gives the same bytes.

    `workers` None is the number of processors. A run that was stopped continues with the patients that are
    missing. About one patient in five has two studies. `ValueError` when `patients` is not positive.
    """
    if patients < 1:
        raise ValueError(f"sample archive > patients: expected 1 or more; got {patients}")
    started = time.monotonic()
    stage, dicom = out / "studies", out / "dicom"
    resume = resume and _complete(stage, dicom)
    shards = [
        Shard(f"{number:05d}", _Patient(dicom / f"PA{number:04d}", number, defect), f"{number} {defect}")
        for number, defect in enumerate(_defects(patients, seed), start=1)
    ]
    settings = _Settings(seed, protocol or Protocol())
    run_stage(
        "sample",
        stage,
        shards,
        _write_patient,
        settings,
        tables={"studies": _STUDIES},
        workers=workers,
        resume=resume,
        progress=progress,
    )
    _remove_strangers(dicom, shards)
    table = read_table(stage, "studies", _STUDIES)
    for name, column in (("reports", "report"), ("truth", "truth")):
        write_bytes(("\n".join(table[column].to_pylist()) + "\n").encode(), out / f"{name}.jsonl")
    return SampleArchive(
        folder=out,
        dicom=dicom,
        reports=out / "reports.jsonl",
        truth=out / "truth.jsonl",
        patients=patients,
        studies=table.num_rows,
        files=sum(table["files"].to_pylist()),
        seconds=time.monotonic() - started,
    )


def _defects(patients: int, seed: int) -> list[str | None]:
    """The defect of every patient, None for nearly all."""
    chosen: list[str | None] = [None] * patients
    count = max(patients // 40, 1) if patients >= 10 else 0
    places = np.random.default_rng([seed, 1]).permutation(patients)
    for place, defect in zip(places, DEFECTS * count, strict=False):
        chosen[place] = defect
    return chosen


def _complete(stage: Path, dicom: Path) -> bool:
    """Whether the DICOM files of every recorded study are still there."""
    try:
        recorded = read_table(stage, "studies", _STUDIES, ["folder", "files"]).to_pylist()
    except InputError:
        return False
    return all(sum(1 for _ in (dicom / row["folder"]).rglob("IM*.dcm")) == row["files"] for row in recorded)


def _remove_strangers(dicom: Path, shards: list[Shard]) -> None:
    """Remove patients that a larger, earlier archive left in the folder."""
    kept = {shard.inputs.folder.name for shard in shards}
    for folder in dicom.glob("PA*"):
        if folder.name not in kept:
            shutil.rmtree(folder)


def _write_patient(patient: _Patient, settings: _Settings) -> Mapping[str, pa.Table]:
    shutil.rmtree(patient.folder, ignore_errors=True)
    rng = np.random.default_rng([settings.seed, patient.number, 2])
    day = date(2018, 1, 8) + timedelta(days=int(rng.integers(0, 1500)))
    truth = draw_study(rng, patient.id, uid(settings.seed, patient.number, 1))
    rows = [_write_study(patient, settings, truth, 1, day)]
    if rng.random() < 0.2:
        months = int(rng.integers(6, 30))
        later = _later(truth, months, uid(settings.seed, patient.number, 2), rng)
        rows.append(_write_study(patient, settings, later, 2, day + timedelta(days=30 * months)))
    return {"studies": pa.Table.from_pylist(rows, schema=_STUDIES)}


def _later(truth: StudyTruth, months: int, study: str, rng: np.random.Generator) -> StudyTruth:
    """The same patient some months on: one cell in eight is a grade worse."""
    grades = {
        level: {code: min(grade + int(rng.random() < 0.125), 3) for code, grade in cells.items()}
        for level, cells in truth.grades.items()
    }
    return StudyTruth(truth.patient, study, grades, truth.age + months // 12, truth.sex)


def _write_study(
    patient: _Patient, settings: _Settings, truth: StudyTruth, visit: int, day: date
) -> dict[str, object]:
    body_seed, study_seed = (settings.seed, patient.number, 6), (settings.seed, patient.number, 7, visit)
    spine = build_spine(truth, body_seed, study_seed)
    rng = np.random.default_rng([settings.seed, patient.number, 8, visit])
    accession = f"A{patient.number:04d}{visit:02d}"
    header = Header(truth.patient, truth.study, accession, day, truth.age, truth.sex)
    defect = patient.defect if visit == 1 else None
    folder = patient.folder / f"ST{visit:02d}"
    files = _scan(folder, header, spine, settings.protocol, defect, rng)
    written = write_report(truth, np.random.default_rng([settings.seed, patient.number, 9, visit]))
    record = _record(truth, spine, body_seed, study_seed, written, defect)
    report = {
        "id": accession,
        "study": truth.study,
        "patient": truth.patient,
        "reader": str(rng.choice(_READERS)),
        "date": (day + timedelta(days=int(rng.integers(0, 2)))).isoformat(),
        "modality": "MR",
        "text": written.text,
    }
    return {
        "study": truth.study,
        "folder": f"{patient.folder.name}/{folder.name}",
        "report": json.dumps(report, ensure_ascii=False),
        "truth": record.to_json(),
        "files": len(files),
    }


def _scan(
    folder: Path,
    header: Header,
    spine: Spine,
    protocol: Protocol,
    defect: str | None,
    rng: np.random.Generator,
) -> list[Path]:
    """Scan and write every series of a study, then give the study its defect; returns the DICOM files."""
    scanner, files = Scanner(spine), []
    for plan in plan_study(spine, protocol, rng):
        if plan.plane == "axial" and defect == "no-axial-series":
            continue
        stacks = [scanner.scan(where, plan.contrast, plan.quality, rng) for where in plan.stacks]
        files += write_series(folder / f"SE{plan.number:02d}", header, plan, stacks)
    if defect == "stray-file":
        write_bytes(b"Exported for transfer. This is not an image.\n", folder / "EXPORT.TXT")
    if defect == "truncated-file":
        whole = files[-1].read_bytes()
        write_bytes(whole[: -stacks[-1][-1].nbytes // 2], files[-1])
    return files


def _record(
    truth: StudyTruth,
    spine: Spine,
    body_seed: tuple[int, ...],
    study_seed: tuple[int, ...],
    written: WrittenReport,
    defect: str | None,
) -> StudyRecord:
    discs = {}
    for level in LEVELS:
        entry = spine.curve.at(spine.disc_s(level))
        ap = float(spine.profile.sac_back[entry] - spine.profile.sac_front[entry])
        discs[level] = DiscTruth(
            centre=_rounded(spine.disc_centre(level), 3),
            normal=_rounded(spine.disc_normal(level), 6),
            sac_ap_mm=round(ap, 2),
            sac_area_mm2=round(sac_area_mm2(spine, level), 1),
        )
    vertebrae = {name: _rounded(spine.vertebra_centre(label), 3) for label, name in NAMES.items()}
    return StudyRecord(truth, body_seed, study_seed, written.gold(), written.style, discs, vertebrae, defect)


def _rounded(values: Vector, digits: int) -> Point:
    x, y, z = (round(float(value), digits) for value in values)
    return (x, y, z)
