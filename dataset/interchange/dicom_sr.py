"""Labels as DICOM structured reports: TID 1500, one measurement group for each cell, and back.

A group has the level as its finding site (SNOMED CT code of the disc, with the side), the finding as its
type, and as evaluations the severity where one code says the interval (mild, mild to moderate ...), and
always its two ends, the training label where there is one, certainty and basis. Evidence and flags stay
behind.

SNOMED CT codes are those that pydicom carries; what SNOMED CT has no checked code for has one of ours, scheme
``99LEVELWISE``. A file from elsewhere is read by site, type and severity. Names of files tell nothing of the
patient. Source: DICOM PS3.16, TID 1500 and TID 1501.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import cast

import highdicom as hd
from highdicom.sr import (
    CodedConcept,
    ComprehensiveSR,
    FindingSite,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    ObservationContext,
    ObserverContext,
    QualitativeEvaluation,
    TrackingIdentifier,
)
from pydicom import Dataset, dcmread
from pydicom.errors import InvalidDicomError
from pydicom.sr.coding import Code
from pydicom.uid import MRImageStorage
from pydicom.valuerep import DA, TM

from dataset.interchange.archive import (
    Labelled,
    Taken,
    Written,
    drawn,
    imported_cell,
    read_labelled,
    write_export,
    write_labelled,
)
from dataset.keys import file_key
from labeling.issues import Issue
from labeling.report import LevelGrade, Report, ReportLabels
from lexicons.findings import FINDINGS, PLACES, Finding
from lexicons.vocabulary import Basis, Certainty, Interval, Level, Side

OURS = "99LEVELWISE"

DISCS = {
    Level.T12_L1: Code("76206002", "SCT", "T12/L1 disc"),
    Level.L1_L2: Code("80064006", "SCT", "L1/L2 disc"),
    Level.L2_L3: Code("67459009", "SCT", "L2/L3 disc"),
    Level.L3_L4: Code("62551000", "SCT", "L3/L4 disc"),
    Level.L4_L5: Code("84020006", "SCT", "L4/L5 disc"),
    Level.L5_S1: Code("715056000", "SCT", "L5/S1 disc"),
}
SIDES = {Side.RIGHT: Code("24028007", "SCT", "Right"), Side.LEFT: Code("7771000", "SCT", "Left")}
SEVERITIES = {
    Interval(0, 0): Code("17621005", "SCT", "Normal"),
    Interval(1, 1): Code("255604002", "SCT", "Mild"),
    Interval(1, 2): Code("371923003", "SCT", "Mild to Moderate"),
    Interval(2, 2): Code("6736007", "SCT", "Moderate"),
    Interval(2, 3): Code("371924009", "SCT", "Moderate to Severe"),
    Interval(3, 3): Code("24484000", "SCT", "Severe"),
}
SEVERITY = Code("246112005", "SCT", "Severity")
PROCEDURE = Code("24968-0", "LN", "MR Lumbar spine")
_LEAST = Code("least-grade", OURS, "Least grade that the words allow")
_GREATEST = Code("greatest-grade", OURS, "Greatest grade that the words allow")
_LABEL = Code("training-label", OURS, "Training label")
_CERTAINTY = Code("certainty", OURS, "Certainty")
_BASIS = Code("basis", OURS, "Basis")
_HOLDS = "Keys of patients, studies and reports, dates of reports, and grades; no text of a report, no name."


def finding_code(finding: Finding) -> Code:
    """The SNOMED CT code of a finding, or one of ours where none was checked."""
    known = finding.terminology.get("snomed_ct")
    if known is None:
        return Code(finding.key, OURS, finding.name)
    return Code(known["code"], "SCT", known["meaning"])


def write(labels: Path, out: Path) -> Written:
    """Write one structured report for each report of a labels folder that speaks of a cell."""
    left_out: Counter[str] = Counter()
    files = {}
    for item in read_labelled(labels):
        if not item.labels.grades:
            left_out["the report says nothing of any cell"] += 1
        elif not (_is_key(item.report.study, 16) and _is_key(item.report.patient, 64)):
            left_out["a key of study or patient that DICOM has no room for"] += 1
        else:
            files[f"{file_key(item.report.id)}.dcm"] = _bytes(document(item))
    return write_export(out, files, len(files), _HOLDS, __doc__ or "", left_out)


def _is_uid(key: str) -> bool:
    return len(key) <= 64 and re.fullmatch(r"[0-2](\.(0|[1-9][0-9]*))+", key) is not None


def _is_key(key: str | None, most: int) -> bool:
    """Whether the key is none, a UID, or a text that fits into so many characters of one value."""
    return key is None or _is_uid(key) or (len(key) <= most and "\\" not in key and key.isprintable())


def _bytes(document: Dataset) -> bytes:
    buffer = BytesIO()
    document.save_as(buffer)
    return buffer.getvalue()


def document(item: Labelled) -> ComprehensiveSR:
    """The structured report of one labelled report. Its UIDs follow from its keys: the same each time."""
    study, report = _study(item.report), item.report
    content = MeasurementReport(
        ObservationContext(
            observer_device_context=ObserverContext(
                hd.sr.CodedConcept("121007", "DCM", "Device"),
                hd.sr.DeviceObserverIdentifyingAttributes(uid=_uid("device"), name="levelwise"),
            )
        ),
        procedure_reported=PROCEDURE,
        imaging_measurements=[_group(grade, report) for grade in item.labels.grades],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they quote values of the header
        made = ComprehensiveSR(
            evidence=[study],
            content=content,
            series_instance_uid=_uid("series", report.id),
            series_number=1,
            sop_instance_uid=_uid("document", report.id),
            instance_number=1,
            manufacturer="levelwise",
            is_complete=True,
            record_evidence=False,
        )
    day = (report.date or date(1970, 1, 1)).strftime("%Y%m%d")
    made.ContentDate = made.InstanceCreationDate = DA(day)
    made.ContentTime = made.InstanceCreationTime = TM("000000")
    for equipment in made.get("ContributingEquipmentSequence", ()):
        equipment.ContributionDateTime = f"{day}000000"
    return made


def _study(report: Report) -> Dataset:
    """What the document takes over of its study: keys; there is no image to point at."""
    study, key = Dataset(), report.study or ""
    study.StudyInstanceUID = key if _is_uid(key) else _uid("study", key or report.id)
    study.SeriesInstanceUID, study.SOPInstanceUID = _uid("none"), _uid("none", "image")
    study.SOPClassUID = MRImageStorage
    study.AccessionNumber = "" if _is_uid(key) else key
    study.PatientID = report.patient or ""
    for name in ("PatientName", "PatientBirthDate", "PatientSex", "StudyID", "StudyDate", "StudyTime"):
        setattr(study, name, "")
    study.SpecificCharacterSet = "ISO_IR 192"
    return study


def _uid(*parts: str) -> str:
    digest = hashlib.sha256("\0".join(("levelwise", *parts)).encode("utf-8", "surrogatepass")).hexdigest()
    return f"2.25.{int(digest[:32], 16)}"  # 128 bits, as PS3.5, annex B.2 has it


def _group(grade: LevelGrade, report: Report) -> MeasurementsAndQualitativeEvaluations:
    ranks = {_LEAST: grade.interval.low, _GREATEST: grade.interval.high}
    if grade.grade is not None:
        ranks[_LABEL] = grade.grade
    evaluations = [(name, SEVERITIES[Interval(rank, rank)]) for name, rank in ranks.items()]
    if grade.interval in SEVERITIES:
        evaluations.insert(0, (SEVERITY, SEVERITIES[grade.interval]))
    evaluations += [(_CERTAINTY, _word(grade.certainty)), (_BASIS, _word(grade.basis))]
    name = f"{grade.level} {grade.code}"
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(_uid("cell", report.id, name), name),
        finding_type=finding_code(grade.finding),
        finding_sites=[FindingSite(DISCS[grade.level], SIDES[grade.side] if grade.side else None)],
        session=report.id,
        qualitative_evaluations=[QualitativeEvaluation(_coded(n), _coded(v)) for n, v in evaluations],
    )


def _word(word: Certainty | Basis) -> Code:
    return Code(str(word), OURS, str(word))


def _coded(code: Code) -> CodedConcept:
    return CodedConcept(code.value, code.scheme_designator, code.meaning)


def read(source: Path, out: Path) -> Taken:
    """Read a structured report, or every one of a folder, into a labels folder; what is none is set aside."""
    issues: list[Issue] = []
    paths = sorted(path for path in source.rglob("*.dcm")) if source.is_dir() else [source]
    return write_labelled(list(_reports(paths, issues)), out, "dicom-sr", issues)


def _reports(paths: list[Path], issues: list[Issue]) -> Iterator[Labelled]:
    for path in paths:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield labelled(dcmread(path))
        except (InvalidDicomError, ValueError, AttributeError, KeyError, TypeError, IndexError, EOFError):
            message = "expected a structured report of template 1500 with graded discs; got another."
            issues.append(Issue(str(path), "not-a-report", message, "Leave it out."))


def labelled(document: Dataset) -> Labelled:
    """The cells of one structured report. `ValueError`, `KeyError` or `AttributeError` for another."""
    found = ComprehensiveSR.from_dataset(document)
    groups = cast(MeasurementReport, found.content).get_image_measurement_groups()
    grades = {(one.level, one.code): one for one in filter(None, map(_grade, groups))}
    if not grades:
        raise ValueError("no graded disc")
    name = next((_session(group) for group in groups if _session(group)), None) or str(
        document.SOPInstanceUID
    )
    day = str(document.get("ContentDate") or "")
    report = Report(
        name,
        "",
        study=str(document.get("AccessionNumber") or "") or str(document.StudyInstanceUID),
        patient=str(document.get("PatientID") or "") or None,
        date=None if day in {"", "19700101"} else date(int(day[:4]), int(day[4:6]), int(day[6:8])),
        modality="MR",
    )
    order = sorted(grades.values(), key=lambda one: (one.level, PLACES[one.code]))
    return Labelled(report, ReportLabels(name, tuple(order)))


def _session(group: MeasurementsAndQualitativeEvaluations) -> str | None:
    items = [one for one in group[0].ContentSequence if one.ConceptNameCodeSequence[0].CodeValue == "C67447"]
    return str(items[0].TextValue) if items else None


def _grade(group: MeasurementsAndQualitativeEvaluations) -> LevelGrade | None:
    """The cell of a group; None for a group about something else."""
    evaluations = group.get_qualitative_evaluations()
    values = {_key(one.name): _key(cast(CodedConcept, one.value)) for one in evaluations}
    ranks = {_key(code): interval for interval, code in SEVERITIES.items()}
    level, code = _cell(group)
    least, most = ranks.get(values.get(_key(_LEAST), "")), ranks.get(values.get(_key(_GREATEST), ""))
    said = ranks.get(values.get(_key(SEVERITY), ""))
    interval = Interval(least.low, most.high) if least and most else said
    if level is None or code is None or interval is None:
        return None
    label = ranks.get(values.get(_key(_LABEL), ""))
    ours = least is not None
    return imported_cell(
        level,
        code,
        interval,
        label.low if label else None if ours else drawn(interval),
        Certainty(values.get(_key(_CERTAINTY), "affirmed 99LEVELWISE").split()[0]),
        Basis(values.get(_key(_BASIS), "stated 99LEVELWISE").split()[0]),
    )


def _cell(group: MeasurementsAndQualitativeEvaluations) -> tuple[Level | None, str | None]:
    levels = {_key(code): level for level, code in DISCS.items()}
    sides = {_key(code): side for side, code in SIDES.items()}
    findings = {_key(finding_code(finding)): finding for finding in FINDINGS.values()}
    if not group.finding_sites or group.finding_type is None:
        return None, None
    site = group.finding_sites[0]
    side = sides.get(_key(site.laterality)) if site.laterality else None
    finding = findings.get(_key(group.finding_type))
    return levels.get(_key(site.value)), finding.codes.get(side) if finding else None


def _key(code: Code | CodedConcept) -> str:
    return f"{code.value} {code.scheme_designator}"
