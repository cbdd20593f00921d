"""The label stage: tables out of an archive, resumable, whatever single reports do to the labeler."""

from __future__ import annotations

import json
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from dataset import label_archive as stage
from dataset.label_archive import label_archive
from dataset.stage import read_table
from labeling.disagreements import DISAGREEMENTS
from labeling.issues import InputError
from labeling.labeler import Labeler
from labeling.labels import LABELS, REPORTS
from labeling.quarantine import QUARANTINE
from labeling.report import Report, ReportLabels
from lexicons.problems import LexiconError

TEXT = "FINDINGS: L4-5: Moderate central canal stenosis."


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def archive(path: Path, count: int, **changes: str) -> Path:
    """`count` reports with the ids 0, 1, ...; `changes` gives some of them (``r7=...``) another text."""
    rows = [{"id": n, "text": changes.get(f"r{n}", TEXT), "study": f"s{n}"} for n in range(count)]
    return write(path, rows)


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "_SHARD_ROWS", 10)


@pytest.mark.usefixtures("small_shards")
def test_progress_has_a_total(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    source = archive(tmp_path / "a.jsonl", 500)
    label_archive(source, tmp_path / "out", workers=1, progress=lambda *step: told.append(step))
    assert told[-1] == (50, 50)
    assert all(total is not None and done <= total < 100 for done, total in told[25:])


def test_an_archive_becomes_three_tables(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", [{"id": 1, "text": TEXT}, {"id": 2}, {"id": 1, "text": TEXT}])
    out = tmp_path / "out"
    result = label_archive(source, out, workers=1)
    assert (result.rows["reports"], result.issues) == (1, 2)
    (cell,) = [
        row for row in read_table(out, "labels", LABELS).to_pylist()
        if (row["level"], row["finding"]) == ("L4-L5", "SCS")
    ]  # fmt: skip
    assert (cell["report_id"], cell["grade"], cell["low"], cell["high"]) == ("1", 2, 2, 2)
    assert cell["lexicon"] == Labeler().lexicon_hash
    words = {TEXT[e["start"] : e["end"]] for e in cell["evidence"] if e["role"] == "grade"}
    assert words == {"Moderate"}
    (report,) = read_table(out, "reports", REPORTS).to_pylist()
    assert (report["policy"], report["error"]) == ("deepspine", None)
    reasons = read_table(out, "quarantine", QUARANTINE)["reason"].to_pylist()
    assert reasons == ["empty-text", "repeated-report"]


@pytest.mark.usefixtures("small_shards")
def test_two_workers_write_the_bytes_that_one_writes(tmp_path: Path) -> None:
    source = archive(tmp_path / "a.jsonl", 35)
    for workers, name in ((1, "one"), (2, "two")):
        label_archive(source, tmp_path / name, workers=workers)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("one", "two"))
    assert len(one) == 2 * 4 + 1
    assert one == two


@pytest.mark.usefixtures("small_shards")
def test_only_the_shards_that_changed_are_labelled_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert label_archive(archive(tmp_path / "a.jsonl", 35), out, workers=1).reused == 0
    assert label_archive(archive(tmp_path / "a.jsonl", 35), out, workers=1).reused == 4
    assert label_archive(archive(tmp_path / "a.jsonl", 35, r12="Normal."), out, workers=1).reused == 3
    assert (
        label_archive(archive(tmp_path / "a.jsonl", 35, r12="Normal."), out, workers=1, resume=False).reused
        == 0
    )
    assert label_archive(archive(tmp_path / "a.jsonl", 5), out, workers=1).rows["reports"] == 5
    assert read_table(out, "reports", REPORTS).num_rows == 5


class _Failing:
    lexicon_hash = "0" * 16

    def label(self, report: Report) -> ReportLabels:
        if report.id == "3":
            raise ValueError(f"cannot read {report.text}")
        if report.id == "4":
            return ReportLabels(report.id, (), error="too long")
        return ReportLabels(report.id, ())


def test_a_report_the_labeler_fails_on_costs_one_row_without_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "_labeler", lambda *_: _Failing())
    result = label_archive(archive(tmp_path / "a.jsonl", 6), tmp_path / "out", workers=1)
    assert result.rows["reports"] == 6
    rows = read_table(tmp_path / "out", "quarantine", QUARANTINE).to_pylist()
    assert [(row["where"], row["reason"]) for row in rows] == [
        ("report 3", "labeler-error"),
        ("report 4", "labeler-error"),
    ]
    assert "ValueError in test_label_archive.py, line " in rows[0]["message"]
    assert "stenosis" not in str(rows)
    errors = read_table(tmp_path / "out", "reports", REPORTS)["error"].to_pylist()
    assert [error is None for error in errors] == [True, True, True, False, False, True]


class _Endless:
    lexicon_hash = "0" * 16

    def label(self, report: Report) -> ReportLabels:
        if report.id == "1":
            re.match("(a|a)*b", "a" * 60)  # years of work inside one call
        return ReportLabels(report.id, ())


def test_a_report_that_would_take_years_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[_Endless] = []

    @cache
    def labeler(*_: object) -> _Endless:
        made.append(_Endless())
        return made[-1]

    monkeypatch.setattr(stage, "_labeler", labeler)
    monkeypatch.setattr(stage, "_BUDGET_S", 0.05)
    before = signal.getsignal(signal.SIGPROF)
    label_archive(archive(tmp_path / "a.jsonl", 3), tmp_path / "out", workers=1)
    errors = read_table(tmp_path / "out", "reports", REPORTS)["error"].to_pylist()
    assert errors == [None, "gave up after 0.05 s", None]
    (issue,) = read_table(tmp_path / "out", "quarantine", QUARANTINE).to_pylist()
    assert (issue["where"], issue["reason"]) == ("report 1", "labeler-error")
    assert len(made) == 2, "the labeler that was cut short is thrown away"
    assert signal.getsignal(signal.SIGPROF) is before


def test_outside_the_main_thread_there_is_no_budget(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        source = archive(tmp_path / "a.jsonl", 2)
        assert pool.submit(label_archive, source, tmp_path / "out", workers=1).result().rows["reports"] == 2


def test_a_second_voter_adds_the_cells_on_which_it_differs_and_changes_no_label(tmp_path: Path) -> None:
    texts = {
        "r1": "L4-5: No canal stenosis.",
        "r2": "L4-5: mild right and moderate left foraminal narrowing.",
    }
    source = archive(tmp_path / "a.jsonl", 3, **texts)
    label_archive(source, tmp_path / "one", workers=1)
    result = label_archive(source, tmp_path / "two", voters=("rules", "context"), workers=1)
    labels = [read_table(tmp_path / name, "labels", LABELS) for name in ("one", "two")]
    assert labels[0] == labels[1]
    rows = read_table(tmp_path / "two", "disagreements", DISAGREEMENTS).to_pylist()
    assert {row["report_id"] for row in rows} == {"2"}, "ConText gives a target one grade"
    assert result.rows["disagreements"] == len(rows) > 0
    label_archive(source, tmp_path / "two", workers=1)
    assert not list((tmp_path / "two").glob("disagreements-*"))


def test_an_unknown_voter_and_a_broken_site_lexicon_stop_the_stage(tmp_path: Path) -> None:
    source = archive(tmp_path / "a.jsonl", 1)
    with pytest.raises(InputError, match="expected rules or context; got gpt"):
        label_archive(source, tmp_path / "out", voters=("rules", "gpt"))
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "grades.toml").write_text("[[rule]]\nid = 'x'\n", "utf-8")
    with pytest.raises(LexiconError, match=r"grades\.toml > x > means: missing"):
        label_archive(source, tmp_path / "out", site=tmp_path / "site")


def test_a_site_lexicon_reads_its_own_words(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "grades.toml").write_text(
        "[[rule]]\nid = 'whopping'\npattern = 'whopping'\nmeans = 'severe'\n"
        "[[examples]]\nmeans = 'severe'\ntexts = ['whopping stenosis']\n",
        "utf-8",
    )
    source = archive(tmp_path / "a.jsonl", 1, r0="L4-5: Whopping canal stenosis.")
    for folder, grade in ((None, None), (site, 3)):
        label_archive(source, tmp_path / "out", site=folder, workers=1)
        (cell,) = read_table(tmp_path / "out", "labels", LABELS).to_pylist()
        assert (cell["finding"], cell["grade"]) == ("SCS", grade)


def test_an_archive_without_a_report_gives_empty_tables(tmp_path: Path) -> None:
    result = label_archive(write(tmp_path / "a.jsonl", []), tmp_path / "out", workers=1)
    assert result.rows == {"labels": 0, "reports": 0, "quarantine": 1}
    assert read_table(tmp_path / "out", "labels", LABELS).num_rows == 0
    with pytest.raises(InputError, match="no such file"):
        label_archive(tmp_path / "absent.csv", tmp_path / "out")
