"""Every row of an archive becomes one report or one issue, whatever is wrong with it."""

# ruff: noqa: E501 - one broken input is one line of the table

from __future__ import annotations

import csv
import gzip
import importlib.util
import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeling.issues import InputError, Issue
from labeling.labeler import Labeler
from labeling.report import Report
from labeling.sources import Columns, describe_source, read_reports
from labeling.sources.markup import unwrap
from labeling.sources.registry import formats
from labeling.sources.values import parse_date

OK = "report"


def outcomes(source: Path, columns: Columns | None = None) -> list[str]:
    return [OK if isinstance(x, Report) else x.reason for x in read_reports(source, columns)]


def reports(source: Path, columns: Columns | None = None) -> list[Report]:
    return [x for x in read_reports(source, columns) if isinstance(x, Report)]


def issues(source: Path, columns: Columns | None = None) -> list[Issue]:
    return [x for x in read_reports(source, columns) if isinstance(x, Issue)]


# Broken and odd inputs: file name, bytes, and what each row must become, in order.
BYTES: list[tuple[str, str, bytes, list[str]]] = [
    # JSON Lines
    ("good", "a.jsonl", b'{"id":1,"text":"x"}\n{"id":2,"text":"y"}', [OK, OK]),
    ("byte order mark", "a.jsonl", b'\xef\xbb\xbf{"id":1,"text":"x"}\n', [OK]),
    ("carriage returns", "a.jsonl", b'{"id":1,"text":"x"}\r\n{"id":2,"text":"y"}\r\n', [OK, OK]),
    ("blank lines are no rows", "a.jsonl", b'\n{"id":1,"text":"x"}\n\n', [OK]),
    ("empty file", "a.jsonl", b"", ["empty-file"]),
    ("only blank lines", "a.jsonl", b"\n \n", ["empty-file"]),
    ("cut line", "a.jsonl", b'{"id":1,"text":"x"}\n{"id":2,"te\n{"id":3,"text":"z"}', [OK, "broken-json", OK]),
    ("two objects on a line", "a.jsonl", b'{"id":1,"text":"x"}{"id":2,"text":"y"}\n{"id":3,"text":"z"}', ["broken-json", OK]),
    ("single quotes", "a.jsonl", b"{'id':1,'text':'x'}\n{\"id\":3,\"text\":\"z\"}", ["broken-json", OK]),
    ("raw line break in the text", "a.jsonl", b'{"id":1,"text":"x\ny"}\n{"id":3,"text":"z"}', ["broken-json", "broken-json", OK]),
    ("an array", "a.jsonl", b'["x"]\n{"id":1,"text":"x"}', ["not-an-object", OK]),
    ("a string", "a.jsonl", b'"x"\n{"id":1,"text":"x"}', ["not-an-object", OK]),
    ("null", "a.jsonl", b'null\n{"id":1,"text":"x"}', ["not-an-object", OK]),
    ("deep nesting", "a.jsonl", b"[" * 100_000 + b'\n{"id":1,"text":"x"}', ["broken-json", OK]),
    ("huge integer", "a.jsonl", b'{"id":' + b"9" * 5000 + b',"text":"x"}\n{"id":1,"text":"x"}', ["broken-json", OK]),
    ("key twice", "a.jsonl", b'{"id":1,"text":"x","text":"y"}\n{"id":2,"text":"x"}', ["repeated-key", OK]),
    ("no text key in one line", "a.jsonl", b'{"id":1}\n{"id":2,"text":"x"}', ["empty-text", OK]),
    ("no text key at all", "a.jsonl", b'{"id":1}\n{"id":2}', ["missing-text-column"]),
    ("text is null", "a.jsonl", b'{"id":1,"text":null}', ["empty-text"]),
    ("text is blank", "a.jsonl", b'{"id":1,"text":" \\n "}', ["empty-text"]),
    ("text is NaN", "a.jsonl", b'{"id":1,"text":NaN}', ["empty-text"]),
    ("text is the word nan", "a.jsonl", b'{"id":1,"text":"nan"}', ["empty-text"]),
    ("text is a number", "a.jsonl", b'{"id":1,"text":5}', ["wrong-type"]),
    ("text is a list", "a.jsonl", b'{"id":1,"text":["x","y"]}', [OK]),
    ("text is a list of something", "a.jsonl", b'{"id":1,"text":["x",2]}\n{"id":2,"text":[]}', ["wrong-type", "wrong-type"]),
    ("id is an object", "a.jsonl", b'{"id":{"a":1},"text":"x"}\n{"id":2,"text":"x"}', ["wrong-type", OK]),
    ("id is true", "a.jsonl", b'{"id":true,"text":"x"}', ["wrong-type"]),
    ("study is a list", "a.jsonl", b'{"id":1,"study":[1],"text":"x"}', ["wrong-type"]),
    ("id rounded", "a.jsonl", b'{"id":1.2345678901234567e+20,"text":"x"}', ["mangled-number"]),
    ("same id", "a.jsonl", b'{"id":"a","text":"x"}\n{"id":"a","text":"y"}', [OK, "duplicate-id"]),
    ("same id, number and text", "a.jsonl", b'{"id":7,"text":"x"}\n{"id":" 7 ","text":"y"}', [OK, "duplicate-id"]),
    ("no ids", "a.jsonl", b'{"text":"x"}\n{"text":"y"}', [OK, OK]),
    ("stray byte", "a.jsonl", '{"id":1,"text":"é é"}\n'.encode() + b'{"id":2,"text":"\xff"}\n{"id":3,"text":"z"}', [OK, "undecodable-bytes", OK]),
    ("Windows-1252", "a.jsonl", '{"id":1,"text":"L4–5 é"}\n'.encode("cp1252"), [OK]),
    ("byte undefined in Windows-1252", "a.jsonl", b'{"id":1,"text":"\x96"}\n{"id":2,"text":"\x81"}\n', [OK, "undecodable-bytes"]),
    ("half of a surrogate pair", "a.jsonl", b'{"id":1,"text":"x \\ud83d"}\n{"id":2,"text":"x"}', ["undecodable-bytes", OK]),
    ("UTF-16", "a.jsonl", '{"id":1,"text":"é"}\n{"id":2,"text":"y"}\n'.encode("utf-16"), [OK, OK]),
    ("UTF-16 without a mark", "a.jsonl", '{"id":1,"text":"é"}\n'.encode("utf-16-le"), [OK]),
    ("UTF-16 big endian without a mark", "a.jsonl", '{"id":1,"text":"é"}\n'.encode("utf-16-be"), [OK]),
    ("UTF-16 cut in a character", "a.jsonl", '{"id":1,"text":"x"}\n{"id":2,"text":"y"}'.encode("utf-16")[:-1], [OK, "undecodable-bytes"]),
    ("line separators of Unicode", "a.jsonl", '{"id":1,"text":"x\u2028y\x85z"}\n'.encode(), [OK]),
    ("packed", "a.jsonl.gz", gzip.compress(b'{"id":1,"text":"x"}\n'), [OK]),
    ("packed and cut", "a.jsonl.gz", gzip.compress(b'{"id":1,"text":"x"}\n' * 5)[:-12], ["unreadable-file"]),
    ("not packed at all", "a.jsonl.gz", b'{"id":1,"text":"x"}\n', ["unreadable-file"]),
    ("JSON array", "a.json", b' [{"id":1,"text":"x"}, 3, {"id":2,"text":"y"}]', [OK, "not-an-object", OK]),
    ("JSON array, cut", "a.json", b'[{"id":1,"text":"x"}', ["broken-json"]),
    ("JSON array, empty", "a.json", b"[]", ["empty-file"]),
    ("JSON array, packed", "a.json.gz", gzip.compress(b'[\n{"id":1,"text":"x"},\n{"id":2,"text":"y"}]'), [OK, OK]),
    ("one object", "a.json", b'{"id":1,"text":"x"}', [OK]),
    ("one object over lines", "a.json", b'{\n "id": 1,\n "text": "x"\n}\n', [OK]),
    ("an object with the array", "a.json", b'{"count": 2, "tags": [{}], "data": {"reports": [\n{"id":1,"text":"x"},\n{"id":2,"text":"y"}]}}', [OK, OK]),
    ("JSON Lines in a .json file", "a.json", b'{"id":1,"te\n{"id":2,"text":"y"}\n{"id":3,"text":"y"}', ["broken-json", OK, OK]),
    # CSV and TSV
    ("good", "a.csv", b"id,text\n1,x\n2,y\n", [OK, OK]),
    ("no line break at the end", "a.csv", b"id,text\n1,x\n2,y", [OK, OK]),
    ("byte order mark", "a.csv", b"\xef\xbb\xbfid,text\n1,x\n", [OK]),
    ("old Mac line breaks", "a.csv", b"id,text\r1,x\r2,y\r", [OK, OK]),
    ("semicolons", "a.csv", b"id;text\n1;mild, moderate\n", [OK]),
    ("Excel's own first line", "a.csv", b"sep=;\nid;text\n1;x\n", [OK]),
    ("tabs", "a.tsv", b"id\ttext\n1\tx, y\n", [OK]),
    ("empty file", "a.csv", b"", ["empty-file"]),
    ("only a header", "a.csv", b"id,text\n", []),
    ("no header", "a.csv", b"1,There is mild stenosis at L4-5.\n2,Normal.\n", ["missing-text-column"]),
    ("no text column", "a.csv", b"id,age\n1,50\n", ["missing-text-column"]),
    ("a column name twice", "a.csv", b"id,text,text\n1,x,y\n", ["repeated-column"]),
    ("header cut in a quote", "a.csv", b'"id","text\n1,x\n', ["broken-header"]),
    ("one field too few", "a.csv", b"id,text,reader\n1,x,A\n2,y\n3,z,B\n", [OK, "wrong-field-count", OK]),
    ("one field too many", "a.csv", b"id,text\n1,x\n2,mild, moderate\n3,z\n", [OK, "wrong-field-count", OK]),
    ("unquoted line break in the last field", "a.csv", b"id,text\n1,x\n2,first line\nsecond line\n3,z\n", [OK, "text-may-go-on", "wrong-field-count", OK]),
    ("unquoted line break before the last field", "a.csv", b"id,text,reader\n1,first\nsecond,A\n3,z,B\n", ["wrong-field-count", "wrong-field-count", OK]),
    ("line break inside quotes", "a.csv", b'id,text\n1,"x\ny"\n2,z\n', [OK, OK]),
    ("a short row after a quoted one", "a.csv", b'id,text\n1,"x\ny"\nz\n', [OK, "wrong-field-count"]),
    ("blank lines are no rows", "a.csv", b"id,text\n\n1,x\n\n", [OK]),
    ("quote that never closes, quoted file", "a.csv", b'id,text\n1,"x"\n2,"y\n3,"z"\n', [OK, "broken-quotes", OK]),
    ("quote that never closes, last row", "a.csv", b'id,text\n1,"x"\n2,"y', [OK, "broken-quotes"]),
    ("single quotes inside a field", "a.csv", b'id,text\n1,"he said "mild" then"\n2,z\n', ["broken-quotes", OK]),
    ("single quotes and a line break", "a.csv", b'id,text\n1,"the "mild\nL4-5, moderate" one\nend"\n2,z\n', ["broken-quotes", OK]),
    ("single quotes and a line like a row", "a.csv", b'id,text\n1,a\n2,"the "mild\nL4-5, moderate\n3,z\n', [OK, "broken-quotes", OK]),
    ("a quote in a field without quotes", "a.csv", b'id,text\n1,mild "x"\n2"z, y"\n3,5" z\n4,z\n', ["broken-quotes"] * 3 + [OK]),
    ("the same between tabs is only a sign", "a.tsv", b'id\ttext\n1\tmild "x"\n2\t5" z\n', [OK, OK]),
    ("words after a closing quote", "a.csv", b'id,text\n1,a\n2,"x" y\n3,z\n', [OK, "broken-quotes", OK]),
    ("empty text", "a.csv", b"id,text\n1,\n2,z\n", ["empty-text", OK]),
    ("same id", "a.csv", b"id,text\n1,x\n1,y\n", [OK, "duplicate-id"]),
    ("same row", "a.csv", b"id,text\n1,x\n1,x\n", [OK, "repeated-report"]),
    ("same words of another study", "a.csv", b"id,study,text\n1,2,x\n1,3,x\n", [OK, "duplicate-id"]),
    ("withdrawn", "a.csv", b"id,text,status\n1,x,Cancelled\n2,x,final\n", ["withdrawn", OK]),
    ("no value in the id", "a.csv", b"id,text\n,x\n,y\n", [OK, OK]),
    ("accession rounded by Excel", "a.csv", b"accession,text\n1.23457E+15,x\n", ["mangled-number"]),
    ("stray byte", "a.csv", "id,text\n1,é é\n".encode() + b"2,\xff\n3,z\n", [OK, "undecodable-bytes", OK]),
    ("Windows-1252", "a.csv", "id,text\n1,L4–5\n".encode("cp1252"), [OK]),
    ("UTF-16 as Excel writes it", "a.csv", "id\ttext\n1\tL4–5\n".encode("utf-16"), [OK]),
    ("unsure dates", "a.csv", b"id,text,date\n1,x,03/04/2021\n2,y,2021-04-03\n", [OK, OK, "unread-date"]),
    ("a workbook called CSV", "a.csv", b"PK\x03\x04 xl/ cut", ["broken-workbook"]),
    ("a Parquet file called CSV", "a.csv", b"PAR1 cut", ["broken-parquet"]),
    ("a title above the header", "a.csv", b"Lumbar MRI, 2024\nid,text\n1,x\n2,y\n", [OK, OK]),
    ("a title with empty cells, as Excel saves it", "a.csv", b"\xef\xbb\xbfExport;;\nFrom;1/2/2024;\n;;\nid;date;text\n1;;x\n2;;y\n", [OK, OK]),
    ("a title after Excel's own first line", "a.csv", b"sep=;\nExport;\n\nid;text\n1;x\n", [OK]),
    ("words of a report are no header", "a.csv", b"1,mild\n2,Report: findings, none\n", ["missing-text-column"]),
    ("a count of rows at the end", "a.csv", b"id,text\n1,x\n2,y\nTotal rows: 2\n", [OK, OK, "closing-line"]),
    ("the same with empty cells", "a.csv", b"id,text\n1,x\n2,y\n(2 rows affected),\n", [OK, OK, "closing-line"]),
    ("a cut text at the end", "a.csv", b"id,text\n1,x\n2,y\nmild at 2 levels\n", [OK, "text-may-go-on", "wrong-field-count"]),
    ("a ruler below the header", "a.csv", b"id|text\n--|----\n1|x\n\n(1 rows affected)\n", [OK, "closing-line"]),
    ("empty columns at the end", "a.csv", b"id,text,,\n1,x,,\n2,y,,\n", [OK, OK]),
    ("a value in an empty column", "a.csv", b"id,text,,\n1,mild, no more,\n2,y,,\n", ["wrong-field-count", OK]),
    ("an index without a name", "a.csv", b",id,text\n0,1,x\n1,2,y\n", [OK, OK]),
    ("bars", "a.psv", b"id|text\n1|x\n", [OK]),
    ("tabs in a text file", "a.txt", b"id\ttext\n1\tx\n2\ty\n", [OK, OK]),
    ("Unicode text of Excel", "a.txt", 'id\ttext\n1\t"L4–5\nL5–S1"\n2\ty\n'.encode("utf-16"), [OK, OK]),
    ("bars in a file of any name", "a.dat", b"id|text\n1|x\n2|y\n", [OK, OK]),
    ("a report with a line of names", "a.txt", b"Findings: mild, severe, none\nReport, by Dr. A\n", [OK]),
    # Parquet, text, unknown
    ("empty file", "a.parquet", b"", ["broken-parquet"]),
    ("words", "a.parquet", b"id,text\n1,x\n", ["broken-parquet"]),
    ("good", "a.txt", b"Normal.", [OK]),
    ("a report of two examinations", "a.txt", b"Accession: 1\nACCESSION NUMBER: 2\nAccession: 1\nNormal.", [OK]),
    ("many reports in one file", "a.txt", b"Accession #: 1\nNormal.\n====\nAccession #: 2\nMild.\n====\nAccession #: 3\nMild.", ["several-reports"]),
    ("empty file", "a.txt", b"", ["empty-file"]),
    ("blank", "a.txt", b" \n", ["empty-text"]),
    ("stray byte", "a.txt", "é é".encode() + b"\xff", ["undecodable-bytes"]),
    ("UTF-16", "a.txt", "L4–5".encode("utf-16"), [OK]),
    ("Windows-1252", "a.txt", "L4–5".encode("cp1252"), [OK]),
    ("unknown suffix", "a.pdf", b"%PDF-1.7", ["unknown-type"]),
    ("no suffix", "a", b"words", ["unknown-type"]),
    ("JSON Lines without suffix", "a", b'{"id":1,"text":"x"}', [OK]),
    ("empty file of an unknown type", "a.xyz", b"", ["unknown-type"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "expected"), [case[1:] for case in BYTES], ids=[f"{n}: {w}" for w, n, _, _ in BYTES]
)
def test_broken_input(tmp_path: Path, name: str, data: bytes, expected: list[str]) -> None:
    if "broken-workbook" in expected:
        pytest.importorskip("openpyxl", reason="reading Excel workbooks needs openpyxl")
    path = tmp_path / name
    path.write_bytes(data)
    assert outcomes(path) == expected
    for issue in issues(path):
        assert issue.where.startswith(str(path))
        assert issue.message.endswith(".")


PARQUET: list[tuple[str, dict[str, Any], list[str]]] = [
    ("good", {"id": ["a"], "text": ["x"]}, [OK]),
    ("no rows", {"id": pa.array([], pa.string()), "text": pa.array([], pa.string())}, ["empty-file"]),
    ("null text", {"id": ["a", "b"], "text": ["x", None]}, [OK, "empty-text"]),
    ("numbers as text", {"id": ["a"], "text": [1]}, ["wrong-type"]),
    ("bytes as text", {"id": ["a"], "text": [b"x"]}, [OK]),
    ("damaged bytes as text", {"id": ["a"], "text": [b"\xff"]}, ["undecodable-bytes"]),
    ("no text column", {"id": ["a"], "age": [1]}, ["missing-text-column"]),
    ("same id", {"id": ["a", "a"], "text": ["x", "y"]}, [OK, "duplicate-id"]),
    ("id rounded to a float", {"id": [1e17], "text": ["x"]}, ["mangled-number"]),
    ("dictionary column", {"id": ["a"], "text": pa.array(["x"]).dictionary_encode()}, [OK]),
    ("a time beyond Python's", {"id": ["a"], "text": ["x"], "date": pa.array([10**15], pa.timestamp("ms"))}, [OK, "unread-date"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "expected"), [case[1:] for case in PARQUET], ids=[case[0] for case in PARQUET]
)
def test_broken_parquet(tmp_path: Path, data: dict[str, Any], expected: list[str]) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table(data), path)
    assert outcomes(path) == expected


def test_a_damaged_page_of_parquet_names_the_rows_that_are_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = {"id": [str(n) for n in range(3000)], "text": [f"report {n} " * 20 for n in range(3000)]}
    pq.write_table(pa.table(rows), path, row_group_size=1000, compression="zstd", use_dictionary=False)
    data = bytearray(path.read_bytes())
    chunk = pq.ParquetFile(path).metadata.row_group(2).column(1)
    start = chunk.data_page_offset
    data[start : start + chunk.total_compressed_size] = b"\xff" * chunk.total_compressed_size
    path.write_bytes(data)
    found = list(read_reports(path))
    assert len(found) <= 2001
    assert isinstance(found[-1], Issue)
    assert found[-1].reason == "broken-parquet"
    assert f"last {3000 - (len(found) - 1)} cannot be read" in found[-1].message


Sheets = list[list[list[Any]]]
WORKBOOKS: list[tuple[str, Sheets, list[str]]] = [
    ("good", [[["id", "text"], [1, "x"], [2.0, "y"]]], [OK, OK]),
    ("two sheets", [[["id", "text"], [1, "x"]], [["id", "report"], [2, "y"]]], [OK, OK]),
    ("a sheet without text", [[["id", "text"], [1, "x"]], [["key", "meaning"], [2, "y"]]], [OK, "missing-text-column"]),
    ("an empty sheet", [[["id", "text"], [1, "x"]], []], [OK]),
    ("nothing at all", [[]], ["empty-file"]),
    ("blank rows are no rows", [[["id", "text"], [None, None], [1, "x"]]], [OK]),
    ("rows above the header", [[[None, None], ["id", "text"], [1, "x"]]], [OK]),
    ("a cell beside the table", [[["id", "text"], [1, "x", "y"], [2, "z"]]], ["wrong-field-count", OK]),
    ("cut by Excel", [[["id", "text"], [1, "x" * 32_767]]], ["text-cut"]),
    ("an error in a cell", [[["id", "text"], ["#REF!", "x"], [2, "z"]]], ["spreadsheet-error", OK]),
    ("a column name twice", [[["id", "text", "text"], [1, "x", "y"]]], ["repeated-column"]),
    ("empty text", [[["id", "text"], [1, None]]], ["empty-text"]),
    ("a title above the header", [[["Export of 2024"], [None], ["id", "text"], [1, "x"]]], [OK]),
    ("titles and parameters above it", [[["Export", None], ["From:", "2024-01-01"], [], ["id", "text"], [1, "x"], [2, "y"]]], [OK, OK]),
    ("one column", [[["text"], ["x"], ["y"]]], [OK, OK]),
    ("same id on two sheets", [[["id", "text"], [1, "x"]], [["id", "text"], [1, "y"]]], [OK, "duplicate-id"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sheets", "expected"), [case[1:] for case in WORKBOOKS], ids=[c[0] for c in WORKBOOKS]
)
def test_workbook(tmp_path: Path, sheets: Sheets, expected: list[str]) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="reading Excel workbooks needs openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row, start=1):
                sheet.cell(number, place, value)
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert outcomes(path) == expected


def test_a_number_keeps_the_zeros_of_its_format(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="reading Excel workbooks needs openpyxl")
    book = openpyxl.Workbook()
    for place, value in enumerate(("accession", "text"), start=1):
        book.active.cell(1, place, value)
    for row, form in enumerate(("0000000", "General", "0", "0.00"), start=2):
        book.active.cell(row, 1, 1230 + row).number_format = form
        book.active.cell(row, 2, "x")
    book.save(tmp_path / "a.xlsx")
    assert [r.id for r in reports(tmp_path / "a.xlsx")] == ["0001232", "1233", "1234", "1235"]


def test_an_issue_says_where_the_row_stands(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"x\ny"\n2,a,b\n', "utf-8")
    (issue,) = issues(path)
    assert str(issue) == (
        f"{path} > row 2 (line 4): expected 2 fields; got 3. Quote text that holds the delimiter or a line break."
    )


MESSAGES = {
    "HL7 message": "MSH|^~\\&|RIS|X|||20240102||ORU^R01|7|P|2.3\rOBX|1|TX|GDT||L4-5: severe.||||||F\r",
    "FHIR resource": '{ "resourceType": "DocumentReference", "id": "d", "content": [] }',
    "CDA document": '<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"></ClinicalDocument>',
}


@pytest.mark.parametrize("kind", MESSAGES)
def test_a_whole_message_in_the_column_of_the_text_is_no_report(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "export.jsonl"
    rows = [{"id": "1", "text": MESSAGES[kind]}, {"id": "2", "text": "The canal is wide at L4-5."}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (issue,) = issues(path)
    assert issue.reason == "a-message"
    assert kind in issue.message
    assert [report.id for report in reports(path)] == ["2"]


def test_no_word_of_a_report_is_in_an_issue(tmp_path: Path) -> None:
    """Also where a file has no header row, and its first report is taken for one."""
    for _, name, data, _ in BYTES:
        path = tmp_path / name
        path.write_bytes(data)
        if data.startswith(b"PK"):
            continue
        for issue in issues(path):
            words = f"{issue.message} {issue.cure}".lower()
            assert "stenosis" not in words
            assert "normal" not in words


NAMES: list[tuple[list[str], str]] = [
    (["id", "text"], "id <- id, text <- text"),
    (["Report_ID", "Report Text"], "id <- Report_ID, text <- Report Text"),
    (["ReportText"], "id <- file and row number, text <- ReportText"),
    (["accession", "report"], "id <- accession (numbered where it repeats), text <- report, study <- accession"),
    (["id", "accession", "report"], "id <- id, text <- report, study <- accession"),
    (["StudyInstanceUID", "AccessionNumber", "Text"], "id <- AccessionNumber (numbered where it repeats), text <- Text, study <- StudyInstanceUID"),
    (["MRN", "Radiologist", "Study Date", "Modality", "narrative"], "id <- file and row number, text <- narrative, patient <- MRN, reader <- Radiologist, date <- Study Date, modality <- Modality"),
    (["findings"], "id <- file and row number, text <- findings"),
    (["impression", "findings", "id"], "id <- id, text <- findings + impression"),
    (["text", "impression"], "id <- file and row number, text <- text + impression"),
    (["ACCESSION_NUM", "NARRATIVE", "IMPRESSION"], "id <- ACCESSION_NUM (numbered where it repeats), text <- NARRATIVE + IMPRESSION, study <- ACCESSION_NUM"),
    (["text", "finding"], "id <- file and row number, text <- text"),
    (["finding"], "id <- file and row number, text <- finding"),
    (["Conclusion", "Report Findings", "Addendum Text"], "id <- file and row number, text <- Report Findings + Conclusion + Addendum Text"),
    (["REPORTTEXT", "STUDYDATE", "Patient MRN"], "id <- file and row number, text <- REPORTTEXT, patient <- Patient MRN, date <- STUDYDATE"),
    (["history", "age"], "id <- file and row number"),
]  # fmt: skip


@pytest.mark.parametrize(("names", "described"), NAMES)
def test_columns_are_guessed_and_the_guess_is_printed(names: list[str], described: str) -> None:
    assert Columns().resolve(names).describe() == described


def test_named_columns_win_over_the_guess(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text,Body,key\n1,wrong,right,a\n", "utf-8")
    assert reports(path, Columns(id="key", text="body")) == [Report(id="a", text="right")]
    assert outcomes(path, Columns(text="absent")) == ["missing-column"]
    assert outcomes(path, Columns(study="absent")) == ["missing-column"]


def test_the_second_report_of_a_study_key_that_stands_in_for_the_id_gets_a_number(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("accession,text\n0017,x\n0017,y\n0017,x\n0017,z\n0017,y\n0018,x\n", "utf-8")
    assert [x.id if isinstance(x, Report) else x.reason for x in read_reports(path)] == [
        "0017",
        "0017-2",
        "repeated-report",
        "0017-3",
        "repeated-report",
        "0018",
    ]
    assert {x.study for x in reports(path)} == {"0017", "0018"}


def test_an_addendum_under_the_id_of_its_report_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = ["7,Final,x", "7,Addendum,y", "8,Final,x", "8,Final,Addendum: y", "8,Final,z"]
    path.write_text("\n".join(["Report ID,Report Type,text", *rows]), "utf-8")
    assert [(r.id, set(r.flags)) for r in reports(path)] == [
        ("7", set()),
        ("7-2", {"addendum"}),
        ("8", set()),
        ("8-2", set()),
    ]
    assert [issue.reason for issue in issues(path)] == ["duplicate-id"]


def test_files_that_are_named_after_their_study(tmp_path: Path) -> None:
    (tmp_path / "2024").mkdir()
    for name in ("0017.txt", "0018.v2.txt"):
        (tmp_path / "2024" / name).write_text("x", "utf-8")
    assert [x.study for x in reports(tmp_path)] == [None, None]
    named = Columns(study="id")
    assert [(x.id, x.study) for x in reports(tmp_path, named)] == [
        ("2024/0017", "0017"),
        ("2024/0018.v2", "0018.v2"),
    ]
    assert describe_source(tmp_path, named) == [f"{tmp_path}/2024/0017.txt: text; study <- name of the file"]


STATUS: dict[str, set[str]] = {
    "final": set(),
    "Final Report": set(),
    "corrected": set(),
    "P": set(),  # a letter may mean anything in a table
    "Preliminary": {"draft"},
    "PRELIM": {"draft"},
    "Draft": {"draft"},
    "Unsigned": {"draft"},
    "preliminary report": {"draft"},
    "Addendum": {"addendum"},
    "": set(),
}


@pytest.mark.parametrize(("status", "flags"), STATUS.items())
def test_what_the_status_of_a_report_says_is_kept_as_a_flag(
    tmp_path: Path, status: str, flags: set[str]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"id,text,report_status\n1,L4-5: mild canal stenosis.,{status}\n", "utf-8")
    (report,) = reports(path)
    assert report.flags == flags
    assert Labeler().label(report).flags == flags


def test_sections_in_columns_of_their_own_are_joined_under_headings(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("impression,findings,befund\nNone.,Mild.,Frei.\n,Mild.,\n", "utf-8")
    assert [r.text for r in reports(path)] == ["FINDINGS:\nMild.\n\nIMPRESSION:\nNone.", "FINDINGS:\nMild."]
    named = Columns(text=("befund", "impression"))
    assert [x.text if isinstance(x, Report) else x.reason for x in read_reports(path, named)] == [
        "BEFUND:\nFrei.\n\nIMPRESSION:\nNone.",
        "empty-text",
    ]


Lines = list[tuple[object, object, str]]
LINED: list[tuple[str, Lines, dict[str, str], list[str]]] = [
    ("in order", [("a", 1, "x"), ("a", 2, "y"), ("b", 1, "z")], {"a": "x\ny", "b": "z"}, []),
    ("apart and out of order", [("a", 2, "y"), ("b", 1, "z"), ("a", 1, "x")], {"a": "x\ny", "b": "z"}, []),
    ("ten lines and more", [("a", n, str(n)) for n in range(12, 0, -1)], {"a": "\n".join(map(str, range(1, 13)))}, []),
    ("a blank line", [("a", 1, "x"), ("a", 2, ""), ("a", 3, "y")], {"a": "x\n\ny"}, []),
    ("a line twice", [("a", 1, "x"), ("a", 2, "y"), ("a", 2, "y")], {"a": "x\ny"}, []),
    ("two reports under one id", [("a", 1, "x"), ("a", 2, "y"), ("a", 2, "z"), ("b", 1, "z")], {"b": "z"}, ["unclear-lines"]),
    ("a line without a number", [("a", 1, "x"), ("a", 2, "y"), ("b", 1, "z")] * 400 + [("a", "", "v")], {"b": "z"}, ["unclear-lines"]),
    ("a line without an id", [("a", 1, "x"), ("", 2, "y"), ("a", 3, "v"), ("b", 1, "z")], {"b": "z"}, ["line-without-id", "missing-line"]),
    ("cut at a length", [("a", 1, "x" * 120), ("a", 2, "y"), ("b", 1, "z" * 99), ("b", 2, "v")], {"a": "x" * 120 + "y", "b": "z" * 99 + "\nv"}, []),
    ("whole reports with a number", [("a", 1, "x\ny"), ("a", 2, "z\nv\nw")], {"a": "x\ny", "a-2": "z\nv\nw"}, []),
    ("a number that never changes", [("a", 1, "x"), ("a", 1, "y")], {"a": "x", "a-2": "y"}, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected", "reasons"), [case[1:] for case in LINED], ids=[case[0] for case in LINED]
)
def test_rows_that_are_lines_of_a_report_are_joined(
    tmp_path: Path, rows: Lines, expected: dict[str, str], reasons: list[str]
) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("ACCESSION", "LINE", "NARRATIVE"), *rows])
    assert {r.id: r.text for r in reports(path)} == expected
    assert [issue.reason for issue in issues(path)] == reasons


def test_lines_are_said_and_can_be_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ACCESSION,LINE,NARRATIVE\na,1,x\na,2,y\n", "utf-8")
    (line,) = describe_source(path)
    assert "id <- ACCESSION (its rows are the lines of one report)" in line
    assert line.endswith("line <- LINE")
    path.write_text("study_instance_uid,LINE,text\n1.2,1,x\n1.2,2,y\n", "utf-8")
    assert [(r.id, r.text) for r in reports(path)] == [("1.2", "x\ny")]
    whole = "L4-5: mild canal stenosis. " * 20
    path.write_text(f"accession,SEQUENCE,text\na,1,{whole}\na,2,{whole}No more.\n", "utf-8")
    assert [r.id for r in reports(path)] == ["a", "a-2"]
    path.write_text("mrn,LINE,text\n7,1,x\n7,2,y\n", "utf-8")
    assert outcomes(path) == ["line-without-id"]
    path.write_text("accession,zeile,text\n" + "".join(f"a,{n},x{n}\n" for n in range(9)), "utf-8")
    assert outcomes(path) == [*[OK] * 9, "many-of-one-study"]
    assert [r.text.count("x") for r in reports(path, Columns(line="zeile"))] == [9]


WHOLE: list[tuple[str, str, str]] = [
    ("a section beside the text", "Bulges.", "Bulges.\n\nIMPRESSION:\nNo stenosis."),
    ("a chance repetition", "L4-5: no stenosis. Bulges.", "L4-5: no stenosis. Bulges.\n\nIMPRESSION:\nNo stenosis."),
    ("the section is there", "Bulges.\nIMPRESSION: No\nstenosis.\nDr. A", "Bulges.\nIMPRESSION: No\nstenosis.\nDr. A"),
    ("at the end", "Bulges. CONCLUSION: No stenosis.", "Bulges. CONCLUSION: No stenosis."),
    ("there is no text", "", "IMPRESSION:\nNo stenosis."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in WHOLE], ids=[case[0] for case in WHOLE])
def test_an_impression_beside_the_text_is_not_lost_and_not_said_twice(
    tmp_path: Path, text: str, expected: str
) -> None:
    path = tmp_path / "a.jsonl"
    row = {"report": text, "impression": "No stenosis.", "addendum": "N", "findings": 0}
    path.write_text(json.dumps(row), "utf-8")
    assert [r.text for r in reports(path)] == [expected]


def _written(folder: Path, rows: int) -> list[Path]:
    """The same reports in every format that says how far it has been read."""
    texts = [random.Random(n).randbytes(300).hex() for n in range(rows)]
    table = pa.table({"id": [str(n) for n in range(rows)], "text": texts})
    lines = "".join(json.dumps(row) + "\n" for row in table.to_pylist()).encode()
    pq.write_table(table, folder / "a.parquet")
    (folder / "a.jsonl").write_bytes(lines)
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(lines))
    text = "".join(f"{row['id']},{row['text']}\n" for row in table.to_pylist())
    (folder / "a.csv").write_text(f"id,text\n{text}", "utf-8")
    return sorted(folder.iterdir())


def test_it_is_told_about_how_many_reports_there_will_be(tmp_path: Path) -> None:
    for path in _written(tmp_path, 5000):
        reading = read_reports(path)
        assert reading.expected() is None
        for _ in range(2500):
            next(reading)
        expected = reading.expected()
        assert expected is not None
        assert 4000 < expected < 6000, path
        assert len([None for _ in reading]) == 2500
        assert reading.expected() == 5000
    everything = read_reports(tmp_path)
    for _ in range(7500):
        next(everything)
    assert 15_000 < (everything.expected() or 0) < 25_000


def test_a_folder_is_read_in_order_with_ids_from_its_paths(tmp_path: Path) -> None:
    files = {
        "b/1.txt": "x",
        "a/1.txt": "y",
        "a/t.csv": "text\nz\n",
        "notes.md": "#",
        ".hidden/x.txt": "h",
        "c.txt": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert [(x.id, x.text) if isinstance(x, Report) else x.reason for x in read_reports(tmp_path)] == [
        ("a/1", "y"),
        ("a/t-1", "z"),
        ("b/1", "x"),
        "empty-file",
        "unknown-type",
    ]
    assert describe_source(tmp_path) == [
        f"{tmp_path / 'a/1.txt'}: text",
        f"{tmp_path / 'a/t.csv'}: CSV, utf-8, separated by ','; id <- file and row number, text <- text",
    ]


def _zip(path: Path, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)


def test_a_zip_file_is_a_folder(tmp_path: Path) -> None:
    parquet, alone = io.BytesIO(), tmp_path / "alone.zip"
    pq.write_table(pa.table({"id": ["p"], "text": ["x"]}), parquet)
    files = {
        "2024/1.txt": "L4–5".encode("utf-16"),
        "2024/t.csv": b"text\nx\ny\n",
        "__MACOSX/2024/._1.txt": b"\0",
        "l.jsonl.gz": gzip.compress(b'{"id":"j","text":"x"}'),
        "p.parquet": parquet.getvalue(),
        "z.pdf": b"%PDF",
    }
    _zip(alone, files)
    expected = ["2024/1", "2024/t-1", "2024/t-2", "j", "p", "unknown-type"]
    assert [x.id if isinstance(x, Report) else x.reason for x in read_reports(alone)] == expected
    assert describe_source(alone)[0] == f"{alone}/2024/1.txt: text"
    folder = tmp_path / "folder"
    folder.mkdir()
    _zip(folder / "a.zip", {"1.txt": b"x"})
    (folder / "b.zip").write_bytes(alone.read_bytes()[:100])
    (folder / "_SUCCESS").write_bytes(b"")
    assert [x.id if isinstance(x, Report) else x.reason for x in read_reports(folder)] == [
        "a/1",
        "unreadable-file",
    ]


def test_a_damaged_file_in_a_zip_costs_that_file(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    _zip(path, {"a.csv": b"id,text\n1,x\n", "b.txt": bytes(range(48, 90)) * 9})
    data = path.read_bytes()
    place = data.index(b"b.txt") + len(b"b.txt") + 4
    path.write_bytes(data[:place] + b"\xff\xff" + data[place + 2 :])
    assert outcomes(path) == [OK, "unreadable-file"]
    _zip(path, {"a.csv": b"id,text\n1,x\n"})
    data = path.read_bytes()
    flags = data.index(b"PK\x01\x02") + 8  # of the directory: as if it had a password
    path.write_bytes(data[:flags] + b"\x01" + data[flags + 1 :])
    assert outcomes(path) == ["unreadable-file"]


def test_columns_that_are_not_read_are_named_where_there_is_a_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,Befund,Datum,text\n1,x,y,z\n", "utf-8")
    (line,) = describe_source(path)
    assert line.endswith("id <- id, text <- text; not read: Befund, Datum")
    path.write_text("Jane Doe,x\n1,y\n", "utf-8")  # no header: these are words of the archive
    assert "Jane" not in " ".join(describe_source(path))


def test_the_header_below_a_title_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Export\n\nBefund,Nr\nx,1\ny,2\n", "utf-8")
    named = Columns(text="Befund", id="Nr")
    (line,) = describe_source(path, named)
    assert "header in line 3" in line
    assert [(r.id, r.text) for r in reports(path, named)] == [("1", "x"), ("2", "y")]
    assert outcomes(path) == ["missing-text-column"]
    assert outcomes(path, Columns(text="Bericht")) == ["missing-column"]


def test_an_empty_folder_and_a_missing_path(tmp_path: Path) -> None:
    assert outcomes(tmp_path) == ["empty-folder"]
    with pytest.raises(InputError, match="no such file"):
        read_reports(tmp_path / "absent")


NESTED: list[tuple[str, dict[str, Any], str]] = [
    ("text in an object", {"id": "a", "report": {"text": "x"}, "patient": {"mrn": "7"}}, "x"),
    ("sections in an object", {"id": "a", "report": {"findings": "x", "impression": "z"}, "patient_mrn": "7"}, "FINDINGS:\nx\n\nIMPRESSION:\nz"),
    ("wrapped", {"_source": {"report_id": "a", "mrn": "7", "document": {"text": "x"}}}, "x"),
    ("a list of lines", {"id": "a", "mrn": "7", "report": {"text": ["x", "y"]}}, "x\ny"),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
@pytest.mark.parametrize(("row", "text"), [case[1:] for case in NESTED], ids=[case[0] for case in NESTED])
def test_nested_fields_are_columns_under_their_path(
    tmp_path: Path, row: dict[str, Any], text: str, kind: str
) -> None:
    path = tmp_path / f"a.{kind}"
    if kind == "parquet":
        pq.write_table(pa.Table.from_pylist([row]), path)
    else:
        path.write_text(json.dumps(row), "utf-8")
    assert [(r.id, r.text, r.patient) for r in reports(path)] == [("a", text, "7")]


def test_every_field_of_a_report_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'report_id,text,study_uid,mrn,radiologist,report_date,modality\n 7 ," x ",1.2.3,007,A,2021-03-25T10:00,MR\n',
        "utf-8",
    )
    assert reports(path) == [
        Report("7", " x ", study="1.2.3", patient="007", reader="A", date=date(2021, 3, 25), modality="MR")
    ]
    (german,) = read_reports(path, language="de")
    assert isinstance(german, Report)
    assert german.language == "de"


DATES: list[tuple[object, date | None]] = [
    ("2021-03-25", date(2021, 3, 25)),
    ("20210325", date(2021, 3, 25)),
    ("20210325101500", date(2021, 3, 25)),
    ("2021-03-25 10:15:00", date(2021, 3, 25)),
    ("2021-03-25T10:15:00Z", date(2021, 3, 25)),
    ("25/03/2021", date(2021, 3, 25)),
    ("03/25/2021", date(2021, 3, 25)),
    ("4/4/2021", date(2021, 4, 4)),
    ("25.03.2021", date(2021, 3, 25)),
    ("25-MAR-2021", date(2021, 3, 25)),
    ("March 25, 2021", date(2021, 3, 25)),
    ("Mar 25, 2021 2:05 PM", date(2021, 3, 25)),
    ("Thursday, March 25, 2021", date(2021, 3, 25)),
    ("25 Mar 2021 10:15", date(2021, 3, 25)),
    ("25-MAR-21", date(2021, 3, 25)),
    ("25-MAR-21 10.15.00.000000 AM", date(2021, 3, 25)),
    ("3/25/2021 2:05:00 PM", date(2021, 3, 25)),
    ("2021/03/25 10:15", date(2021, 3, 25)),
    ("2021.3.5", date(2021, 3, 5)),
    (20210325, date(2021, 3, 25)),
    (date(2021, 3, 25), date(2021, 3, 25)),
    ("", None),
    (None, None),
    (float("nan"), None),
]


@pytest.mark.parametrize(("value", "day"), DATES)
def test_a_date_that_is_certain_is_read(value: object, day: date | None) -> None:
    assert parse_date(value) == day


@pytest.mark.parametrize(
    "value", ["03/04/2021", "2021-13-01", "25/03/21", "yesterday", "2021", "44280", 44280.5]
)
def test_a_date_that_is_not_certain_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_date(value)


@pytest.mark.parametrize(
    ("value", "day_first", "day"),
    [
        ("03/04/2021", True, date(2021, 4, 3)),
        ("03/04/2021", False, date(2021, 3, 4)),
        ("3.4.21", True, date(2021, 4, 3)),
        ("03-04-99 10:15", False, date(1999, 3, 4)),
        ("2021-03-04", True, date(2021, 3, 4)),
        ("20210304", True, date(2021, 3, 4)),
    ],
)
def test_a_date_of_an_order_that_is_told(value: str, day_first: bool, day: date) -> None:
    assert parse_date(value, day_first=day_first) == day


def test_a_date_that_does_not_fit_the_order_that_is_told_is_refused() -> None:
    with pytest.raises(ValueError, match="month"):
        parse_date("25/03/2021", day_first=False)


MARKUP = [
    ("AP diameter <10 mm, right > left", "AP diameter <10 mm, right > left"),
    ("R&D; L4 & L5", "R&D; L4 & L5"),
    ("L4&ndash;5 &amp; L5-S1&nbsp;", "L4–5 & L5-S1\xa0"),
    ("right &gt; left, &lt;b&gt;", "right > left, <b>"),
    ("<p>L4-5: <b>mild</b></p>", "\nL4-5:  mild \n"),
    ("a<br/>b", "a\nb"),
    ("&lt;div&gt;L4&amp;ndash;5&lt;br&gt;x&lt;/div&gt;", "\nL4–5\nx\n"),
    ("L4-5: mild.\\nL5-S1: none.", "L4-5: mild.\nL5-S1: none."),
    ("L4-5: mild.\\r\\nL5-S1: none.\\r\\n", "L4-5: mild.\nL5-S1: none.\n"),
    ("a\\nb\nsee C:\\reports", "a\\nb\nsee C:\\reports"),
    ("see \\\\server\\new", "see \\\\server\\new"),
    ("a\\.br\\b\\.sp2\\c\\X0D\\\\X0A\\d", "a\nb\nc\nd"),
    ("a_x000D_\nb_x000D_", "a\nb\n"),
    ("<html><head><title>x</title></head><body>Normal.</body></html>", "\n\nNormal.\n\n"),
]


@pytest.mark.parametrize(("marked", "plain"), MARKUP)
def test_markup_is_taken_off_and_words_are_left_alone(marked: str, plain: str) -> None:
    assert unwrap(marked) == plain


@pytest.mark.skipif(importlib.util.find_spec("striprtf") is None, reason="reading RTF needs striprtf")
def test_rtf_is_read_as_its_words(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 L4-5: \b mild\b0  stenosis.\par L5\'96S1: normal.}"
    )
    (report,) = reports(path)
    assert report.text == "L4-5: mild stenosis.\nL5–S1: normal."
    assert unwrap("\r\n {\\rtf1 L4-5: mild.}") == "L4-5: mild."


def test_the_formats_that_are_registered() -> None:
    assert {f.name: f.suffixes for f in formats()} == {
        "CSV or TSV": (".csv", ".tsv", ".tab", ".psv"),
        "JSON Lines": (".jsonl", ".ndjson", ".json"),
        "Parquet": (".parquet", ".pq"),
        "text": (".txt", ".text", ".rtf"),
        "Excel workbook": (".xlsx", ".xlsm"),
        "HL7 v2": (".hl7", ".oru"),
        "FHIR": (),
        "DICOM structured report": (".dcm", ".dicom"),
    }


# Texts with delimiters, quotes and line breaks, but without markup, which is taken off on purpose.
TEXT = st.text(
    st.sampled_from("abL45 -,;\t|'\"\n\r.:/\\é–ß\u2028\x85中\U0001f9b4{}[]"), min_size=1, max_size=60
).filter(lambda text: text.strip().lower() not in {"", "na", "\\n"})
ROWS = st.lists(TEXT, min_size=1, max_size=12)


def _csv(path: Path, texts: list[str], encoding: str, delimiter: str) -> None:
    with path.open("w", newline="", encoding=encoding, errors="strict") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL)
        writer.writerow(["id", "text", "reader"])
        writer.writerows([f"r{n}", text, "A"] for n, text in enumerate(texts))


def _jsonl(path: Path, texts: list[str], encoding: str, ascii_only: bool) -> None:
    rows = (
        json.dumps({"id": f"r{n}", "text": text}, ensure_ascii=ascii_only) for n, text in enumerate(texts)
    )
    path.write_bytes("".join(row + "\n" for row in rows).encode(encoding))


def _parquet(path: Path, texts: list[str]) -> None:
    pq.write_table(pa.table({"id": [f"r{n}" for n in range(len(texts))], "text": texts}), path)


WRITERS: list[tuple[str, Callable[[Path, list[str]], None]]] = [
    *((f"{code}-{ord(d)}.csv", lambda p, t, c=code, d=d: _csv(p, t, c, d)) for code in ("utf-8", "utf-8-sig", "utf-16") for d in ",;|\t"),
    *((f"{code}-{a}.jsonl", lambda p, t, c=code, a=a: _jsonl(p, t, c, a)) for code in ("utf-8", "utf-8-sig", "utf-16") for a in (True, False)),
    ("a.parquet", _parquet),
]  # type: ignore[misc]  # fmt: skip


@pytest.mark.parametrize(("name", "write"), WRITERS, ids=[name for name, _ in WRITERS])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=ROWS)
def test_what_is_written_is_read_back(
    tmp_path: Path, name: str, write: Callable[[Path, list[str]], None], texts: list[str]
) -> None:
    path = tmp_path / name
    write(path, texts)
    found = list(read_reports(path))
    assert [(r.id, r.text) if isinstance(r, Report) else str(r) for r in found] == [
        (f"r{n}", text) for n, text in enumerate(texts)
    ]


WORDS = ["L4-5:", "mild", "canal", "stenosis,", "\n", '"normal"', "L5-S1,", "none.", "\n\n", "right;", "the"]


@pytest.mark.parametrize("kind", ["deleted", "inserted", "cut"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_one_damaged_character_never_gives_a_report_the_words_of_another(
    tmp_path: Path, kind: str, quoting: Literal[0, 1]
) -> None:
    """200 archives of which one character is lost, added, or after which all is lost."""
    draw = random.Random(kind)
    path = tmp_path / "a.csv"
    for _ in range(200):
        texts = [" ".join(draw.choices(WORDS, k=draw.randint(1, 12))).strip() or "x" for _ in range(5)]
        out = io.StringIO(newline="")
        writer = csv.writer(out, quoting=quoting)
        rows = [["id", "text", "reader"], *([f"r{n}", text, "A"] for n, text in enumerate(texts))]
        ends = [writer.writerow(row) and out.tell() for row in rows]
        place = draw.randint(ends[0], ends[-1] - 1)
        damaged = next(n for n, end in enumerate(ends[1:]) if place < end)
        whole = out.getvalue()
        rest = {"deleted": whole[place + 1 :], "inserted": draw.choice('",\n;') + whole[place:], "cut": ""}
        path.write_bytes((whole[:place] + rest[kind]).encode())
        for found in reports(path):
            number = int(found.id[1:]) if re.fullmatch(r"r[0-4]", found.id) else damaged
            assert number == damaged or found.text == texts[number], (whole, place)


STARTS = [
    b"",
    b"PAR1",
    b"MSH|^~\\&|",
    b"\0" * 128 + b"DICM",
    b'{"resourceType": "Bundle"',
    b'{"id": "a", "text": "b',
]
NAMES_OF_FILES = [
    "a.csv",
    "a.tsv",
    "a.jsonl",
    "a.json",
    "a.txt",
    "a",
    "a.hl7",
    "a.dcm",
    "a.parquet",
    "a.csv.gz",
]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from(STARTS), data=st.binary(max_size=200), name=st.sampled_from(NAMES_OF_FILES))
def test_no_bytes_raise(tmp_path: Path, start: bytes, data: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(start + data.replace(b"{\\rtf", b"").replace(b"PK\x03\x04", b""))
    for outcome in read_reports(path):
        assert isinstance(outcome, (Report, Issue))
        if isinstance(outcome, Report):
            outcome.text.encode()
