"""Archives whose columns have names of their own, read by every command that reads one."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dataset.stage import read_table
from labeling.issues import InputError
from labeling.labels import REPORTS
from labeling.sources import Columns
from levelwise.cli import app
from levelwise.errors import Exit
from levelwise.reading import columns_of, one_report

NAMED = ("--column", "text=Befundtext", "--column", "id=Nummer")


@pytest.fixture
def german(tmp_path: Path) -> Path:
    rows = ["Nummer;Datum;Radiologe;Befundtext", "007;03.04.2024;Groß;L4-5: zorby canal stenosis.", "008;;;"]
    (tmp_path / "a.csv").write_bytes("\r\n".join(rows).encode("cp1252"))
    return tmp_path / "a.csv"


def call(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(map(str, arguments)))
    return result.exit_code, result.output


def test_columns_are_named_field_by_field() -> None:
    found = columns_of(("date=Datum", "text=a+b"), "day-first", id="Nummer", study=None)
    assert found == Columns(id="Nummer", text=("a", "b"), date="Datum", day_first=True)
    assert columns_of() == Columns()


@pytest.mark.parametrize("named", ["texto=Befund", "text", "text=", "=Befund"])
def test_a_field_that_no_report_has_is_refused(named: str) -> None:
    with pytest.raises(InputError, match="expected field=column"):
        columns_of((named,))


def test_label_reads_the_columns_that_are_named(german: Path, tmp_path: Path) -> None:
    extra = ("--column", "date=Datum", "--column", "reader=Radiologe", "--dates", "day-first", "--workers", 1)
    code, _ = call("label", german, "-o", tmp_path / "out", *NAMED, *extra)
    (row,) = read_table(tmp_path / "out", "reports", REPORTS).to_pylist()
    assert (code, row["report_id"], row["reader"], str(row["date"])) == (0, "007", "Groß", "2024-04-03")


def test_explain_says_why_an_archive_gave_no_report(german: Path) -> None:
    with pytest.raises(InputError, match=r"none could be read.*expected a column of report text"):
        one_report(german, "007", "en")
    with pytest.raises(InputError, match=r"a report of that id; got 1 others.*empty-text|expected the words"):
        one_report(german, "009", "en", columns_of(NAMED[1::2]))
    code, output = call("explain", german, "--id", "007", *NAMED)
    assert (code, "zorby" in output) == (0, True)


def test_explain_says_that_zeros_are_missing_from_an_id(german: Path) -> None:
    with pytest.raises(InputError, match="differs in its leading zeros alone"):
        one_report(german, "7", "en", columns_of(NAMED[1::2]))


def test_a_labels_folder_is_no_archive(german: Path, tmp_path: Path) -> None:
    assert call("label", german, "-o", tmp_path / "out", *NAMED, "--workers", 1)[0] == 0
    with pytest.raises(InputError, match=r"none could be read.*the table `labels` of a labels folder"):
        one_report(tmp_path / "out", None, "en")


def test_coverage_that_could_read_nothing_says_so_and_ends_with_nothing(german: Path) -> None:
    code, output = call("coverage", german)
    assert (code, "missing-text-column" in output) == (Exit.NOTHING, True)
    code, output = call("coverage", german, *NAMED)
    assert (code, "zorby" in output, "empty-text" in output) == (0, True, True)


def test_a_gap_that_a_site_folder_closes_is_gone(german: Path, tmp_path: Path) -> None:
    rule = "[[rule]]\nid = \"zorby\"\npattern = '''zorby'''\nmeans = \"mild\"\n"
    examples = '[[examples]]\nmeans = "mild"\ntexts = ["zorby canal"]\n'
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "grades.toml").write_text(rule + examples, "utf-8")
    code, output = call("coverage", german, *NAMED, "--site", tmp_path / "site")
    assert (code, "zorby" in output) == (0, False)
