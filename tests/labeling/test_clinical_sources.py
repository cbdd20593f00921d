"""Messages and documents of clinical systems: HL7 v2, FHIR, DICOM structured reports."""

# ruff: noqa: E501 - one message is one line of the table

from __future__ import annotations

import base64
import json
from datetime import date
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import BasicTextSRStorage, ExplicitVRLittleEndian

from labeling.report import Report
from labeling.sources import describe_source, read_reports

OK = "report"


def texts(path: Path) -> list[str]:
    return [x.text if isinstance(x, Report) else x.reason for x in read_reports(path)]


MSH = "MSH|^~\\&|RIS|H|X|Y|20210325||ORU^R01|M1|P|2.5\r"
PID = "PID|1||007^^^H~008||Doe^J\r"
OBR = "OBR|1|P1|F1|LS^MR LUMBAR|||202103251000|||||||||||A1||||20210326||MR|F|||||||D7&Doe&J\r"


def obx(*values: str, kind: str = "TX", code: str = "18782-3", status: str = "F") -> str:
    return "".join(
        f"OBX|{n}|{kind}|{code}||{value}||||||{status}\r" for n, value in enumerate(values, start=1)
    )


HL7: list[tuple[str, str, list[str]]] = [
    ("one line", MSH + PID + OBR + obx("Normal."), ["Normal."]),
    ("several lines", MSH + PID + OBR + obx("L4-5:", "Mild stenosis."), ["L4-5:\nMild stenosis."]),
    ("repetitions", MSH + OBR + obx("L4-5:~Mild stenosis."), ["L4-5:\nMild stenosis."]),
    ("escapes", MSH + OBR + obx("a \\T\\ b \\F\\ c\\.br\\d \\H\\e\\N\\ \\X0D\\f\\E\\g"), ["a & b | c\nd e \rf\\g"]),
    ("an unknown escape stays", MSH + OBR + obx("a \\Q9\\ b"), ["a \\Q9\\ b"]),
    ("line feeds between segments", (MSH + OBR + obx("Normal.")).replace("\r", "\n"), ["Normal."]),
    ("a line break inside the text", MSH + OBR + "OBX|1|TX|1||L4-5:\nMRI shows mild stenosis.||||||F\r", ["L4-5:\nMRI shows mild stenosis."]),
    ("frames of MLLP", "\x0b" + MSH + OBR + obx("Normal.") + "\x1c\r", ["Normal."]),
    ("a batch", "FHS|^~\\&\rBHS|^~\\&\r" + MSH + OBR + obx("x") + MSH.replace("M1", "M2") + OBR + obx("y") + "BTS|2\rFTS|1\r", ["x", "y"]),
    ("two orders in a message", MSH + OBR + obx("x") + OBR + obx("y"), ["x", "y"]),
    ("sections", MSH + OBR + obx("Mild.", code="1&GDT") + obx("None.", "Stop.", code="1&IMP"), ["FINDINGS:\nMild.\n\nIMPRESSION:\nNone.\nStop."]),
    ("one section needs no heading", MSH + OBR + obx("Mild.", code="1&GDT"), ["Mild."]),
    ("numbers are no text", MSH + OBR + obx("12", kind="NM") + obx("x"), ["x"]),
    ("a deleted observation", MSH + OBR + obx("wrong", status="D") + obx("right"), ["right"]),
    ("encapsulated text", MSH + OBR + obx("RIS^TEXT^PLAIN^Base64^" + base64.b64encode(b"Normal.").decode(), kind="ED"), ["Normal."]),
    ("encapsulated picture", MSH + OBR + obx("RIS^IMAGE^PDF^Base64^" + base64.b64encode(b"%PDF").decode(), kind="ED"), ["empty-text"]),
    ("no observation", MSH + OBR, ["empty-text"]),
    ("no order", MSH + PID, ["broken-message"]),
    ("another message type", MSH.replace("ORU^R01", "ADT^A01") + PID, ["not-a-report"]),
    ("a cancelled order", MSH + OBR.replace("|MR|F|", "|MR|X|") + obx("x"), ["withdrawn"]),
    ("a cut header", "MSH|^~\r" + OBR, ["broken-message"]),
    ("segments before the header", "FHS|^~\\&\rPID|1\r" + MSH + OBR + obx("x"), ["broken-message", "x"]),
    ("the same message twice", (MSH + OBR + obx("x")) * 2, ["x", "repeated-report"]),
]  # fmt: skip


@pytest.mark.parametrize(("message", "expected"), [case[1:] for case in HL7], ids=[case[0] for case in HL7])
def test_hl7(tmp_path: Path, message: str, expected: list[str]) -> None:
    path = tmp_path / "a.hl7"
    path.write_bytes(message.encode())
    assert texts(path) == expected


def test_the_fields_of_a_message(tmp_path: Path) -> None:
    path = tmp_path / "messages"  # known by its first bytes
    path.write_text(MSH + PID + OBR + obx("Normal."), "utf-8")
    assert list(read_reports(path)) == [
        Report("M1", "Normal.", study="A1", patient="007", reader="D7", date=date(2021, 3, 26), modality="MR")
    ]
    assert describe_source(path) == [f"{path}: HL7 v2, utf-8"]


@pytest.mark.parametrize(
    ("status", "flags"), [("F", set()), ("C", set()), ("P", {"draft"}), ("R", {"draft"})]
)
def test_a_message_that_is_not_final_is_a_draft(tmp_path: Path, status: str, flags: set[str]) -> None:
    path = tmp_path / "a.hl7"
    path.write_text(MSH + PID + OBR.replace("|MR|F|", f"|MR|{status}|") + obx("Normal."), "utf-8")
    assert [report.flags for report in read_reports(path) if isinstance(report, Report)] == [flags]


def test_the_encoding_of_messages(tmp_path: Path) -> None:
    path = tmp_path / "a.hl7"
    path.write_bytes((MSH + OBR + obx("L4–5")).encode("cp1252"))
    assert texts(path) == ["L4–5"]
    path.write_bytes(
        (MSH + OBR + obx("é é")).encode()
        + MSH.replace("M1", "M2").encode()
        + OBR.encode()
        + b"OBX|1|TX|||\xff||||||F\r"
    )
    assert texts(path) == ["é é", "undecodable-bytes"]


def attachment(text: str, kind: str = "text/plain") -> dict[str, str]:
    return {"contentType": kind, "data": base64.b64encode(text.encode()).decode()}


def resource(**fields: Any) -> dict[str, Any]:
    return {"resourceType": "DiagnosticReport", "id": "r1", "status": "final", **fields}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": r} for r in resources]}


def observation(name: str, value: str) -> dict[str, Any]:
    code = {"coding": [{"code": "59776-5", "display": "Findings"}]}
    return {"resourceType": "Observation", "id": name, "code": code, "valueString": value}


FHIR: list[tuple[str, Any, list[str]]] = [
    ("presented form", resource(presentedForm=[attachment("Normal.")]), ["Normal."]),
    ("presented form as HTML", resource(presentedForm=[attachment("<p>L4&ndash;5</p>", "text/html; charset=utf-8")]), ["\nL4–5\n"]),
    ("two presented forms", resource(presentedForm=[attachment("a"), attachment("b")]), ["a\n\nb"]),
    ("a PDF beside the conclusion", resource(presentedForm=[attachment("%PDF", "application/pdf")], conclusion="Normal."), ["Normal."]),
    ("narrative and conclusion", resource(text={"div": "<div>Mild.</div>"}, conclusion="None."), ["\nMild.\n\n\nIMPRESSION:\nNone."]),
    ("narrative that holds the conclusion", resource(text={"div": "<div>None.</div>"}, conclusion="None."), ["\nNone.\n"]),
    ("no words", resource(), ["empty-text"]),
    ("data that is not base64", resource(presentedForm=[{"contentType": "text/plain", "data": "x"}]), ["not-text"]),
    ("a PDF alone", resource(presentedForm=[attachment("%PDF", "application/pdf")]), ["not-text"]),
    ("words at an address", resource(presentedForm=[{"contentType": "text/plain", "url": "Binary/1"}]), ["not-text"]),
    ("words in a Binary of the bundle", bundle(resource(presentedForm=[{"contentType": "text/plain", "url": "Binary/1"}]), {"resourceType": "Binary", "id": "1", "data": attachment("x")["data"]}), ["x"]),
    ("contained results and conclusion", resource(contained=[observation("o", "Mild.")], result=[{"reference": "#o"}, {"reference": "#p"}], conclusion="None."), ["FINDINGS:\nMild.\n\nIMPRESSION:\nNone."]),
    ("results in the bundle", bundle(observation("o", "Mild."), resource(result=[{"reference": "Observation/o"}])), ["FINDINGS:\nMild."]),
    ("entered in error", resource(status="entered-in-error", conclusion="x"), ["withdrawn"]),
    ("bundle", bundle({"resourceType": "Patient"}, resource(conclusion="x"), resource(id="r2", conclusion="y")), ["x", "y"]),
    ("bundle without a report", bundle({"resourceType": "Patient"}), ["not-a-report"]),
    ("bundle of nothing", {"resourceType": "Bundle"}, ["not-a-report"]),
    ("another resource", {"resourceType": "Patient"}, ["not-a-report"]),
    ("fields of wrong types", resource(conclusion=5, presentedForm={}, subject=[], text="x", identifier=["y"]), ["wrong-type"]),
]  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(("value", "expected"), [case[1:] for case in FHIR], ids=[case[0] for case in FHIR])
def test_fhir(tmp_path: Path, value: Any, expected: list[str], indent: int | None) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(value, indent=indent), "utf-8")
    assert texts(path) == expected


def test_fhir_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    lines = [
        json.dumps(resource(conclusion="x")),
        '{"resourceType":}',
        "",
        "[]",
        json.dumps(resource(id="r2", conclusion="y")),
    ]
    path.write_text("\n".join(lines), "utf-8")
    assert texts(path) == ["x", "broken-json", "not-an-object", "y"]
    path.write_text("\n".join(['{"resourceType":}', *lines]), "utf-8")
    assert texts(path) == ["broken-json", "x", "broken-json", "not-an-object", "y"]
    assert describe_source(path) == [f"{path}: FHIR, utf-8"]


def test_the_fields_of_a_resource(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    value = resource(
        conclusion="x",
        identifier=[{"type": {"coding": [{"code": "ACSN"}]}, "value": "A1"}],
        subject={"reference": "Patient/007"},
        resultsInterpreter=[{"identifier": {"value": "D7"}}],
        effectiveDateTime="2021-03-26T10:00:00Z",
    )
    path.write_text(json.dumps(value), "utf-8")
    assert list(read_reports(path)) == [
        Report("r1", "x", study="A1", patient="007", reader="D7", date=date(2021, 3, 26))
    ]
    del value["identifier"]
    path.write_text(
        json.dumps(value | {"imagingStudy": [{"identifier": {"value": "urn:oid:1.2.3"}}]}), "utf-8"
    )
    assert [x.study for x in read_reports(path) if isinstance(x, Report)] == ["1.2.3"]


def test_a_resource_has_its_status_and_the_day_it_was_issued(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    days = {"effectiveDateTime": "2021-03-26T10:00:00Z", "issued": "2021-03-28T10:00:00Z"}
    path.write_text(json.dumps(resource(conclusion="x", status="preliminary", **days)), "utf-8")
    (report,) = read_reports(path)
    assert isinstance(report, Report)
    assert (report.flags, report.date) == ({"draft"}, date(2021, 3, 28))


def code(meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "1", "99X", meaning
    return item


def content(kind: str, name: str, *children: Dataset, **values: Any) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", kind
    item.ConceptNameCodeSequence = [code(name)]
    for keyword, value in values.items():
        setattr(item, keyword, value)
    if children:
        item.ContentSequence = list(children)
    return item


def structured_report(path: Path, *children: Dataset, **values: Any) -> Path:
    dataset = content("CONTAINER", "Radiology Report", *children, SpecificCharacterSet="ISO_IR 192")
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = BasicTextSRStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = "1.2.3.4"
    dataset.StudyInstanceUID, dataset.PatientID, dataset.ContentDate = "1.2.3", "007", "20210326"
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    pydicom.dcmwrite(path, dataset, enforce_file_format=True)
    return path


def measured(value: str, unit: str) -> Dataset:
    item = Dataset()
    item.NumericValue, item.MeasurementUnitsCodeSequence = value, [code(unit)]
    return item


def test_a_structured_report(tmp_path: Path) -> None:
    path = structured_report(
        tmp_path / "a.dcm",
        content("CODE", "Language", ConceptCodeSequence=[code("English")]),
        content(
            "CONTAINER",
            "Findings",
            content("TEXT", "Finding", TextValue="L4–5: mild stenosis.\r\nNo fracture."),
            content("NUM", "Canal diameter", MeasuredValueSequence=[measured("9", "mm")]),
        ),
        content("TEXT", "Impression", TextValue="Mild stenosis."),
    )
    assert list(read_reports(path)) == [
        Report(
            "1.2.3.4",
            "Language: English.\n\nFINDINGS:\nL4–5: mild stenosis.\nNo fracture.\nCanal diameter: 9 mm.\n"
            "IMPRESSION:\nMild stenosis.",
            study="1.2.3",
            patient="007",
            date=date(2021, 3, 26),
        )
    ]


def test_dicom_that_is_no_report(tmp_path: Path) -> None:
    path = structured_report(tmp_path / "a.dcm")
    assert texts(path) == ["not-a-report"]
    path.write_bytes(b"\0" * 128 + b"DICM" + b"\x02\0\x10\0U")
    assert texts(path) in (["broken-dicom"], ["not-a-report"])
    path.write_bytes(b"not DICOM")
    assert texts(path) == ["broken-dicom"]
    path = structured_report(
        tmp_path / "b", content("TEXT", "Finding", TextValue=" ")
    )  # known by its signature
    assert texts(path) == ["empty-text"]
