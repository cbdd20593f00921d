"""Agreement is counted as the definitions say, on tables small enough to count by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labeling.agreement import Agreement, agree
from labeling.agreement_page import agreement_html, agreement_markdown
from labeling.bootstrap import Measure, linear_kappa, resampled_sums, share
from labeling.gold import OUTCOMES, Reading, read_gold
from labeling.issues import InputError
from labeling.labels import labels_table, reports_table
from labeling.report import Evidence, LevelGrade, Report, ReportLabels, Span
from lexicons.findings import CODES
from lexicons.vocabulary import Basis, Certainty, Interval, Level

Cells = dict[str, str]

# How a value of gold looks in a label table: low, high, grade.
MEANT = {"0": (0, 0, 0), "1": (1, 1, 1), "2": (2, 2, 2), "3": (3, 3, 3), "N": (0, 2, None), "P": (1, 3, None)}


def cell(code: str, value: str) -> LevelGrade:
    """A cell at L4-L5 that says `value`; ``!`` after it sets a flag, ``?`` the doubt."""
    low, high, grade = MEANT[value[0]]
    doubt = Certainty.UNCERTAIN if "?" in value else Certainty.AFFIRMED
    return LevelGrade(
        level=Level.L4_L5,
        finding=CODES[code][0],
        side=CODES[code][1],
        interval=Interval(low, high),
        grade=grade,
        certainty=doubt,
        basis=Basis.STATED,
        flags=frozenset({"conflict"} if "!" in value else ()),
        evidence=(Evidence(Span(0, 4), "grade", "grades/mild"), Evidence(Span(5, 9), "grade", "grades/mild")),
    )


def table(reports: dict[str, Cells]) -> pa.Table:
    read = [
        (Report(name, "x"), ReportLabels(name, tuple(cell(code, value) for code, value in cells.items())))
        for name, cells in reports.items()
    ]
    return labels_table(read, lexicon="h")


def gold_file(path: Path, reports: dict[str, Cells]) -> Path:
    lines = [{"id": n, "text": f"<words> of {n}", "cells": {"L4-L5": cells}} for n, cells in reports.items()]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


@pytest.fixture
def agreement(tmp_path: Path) -> Agreement:
    gold = {
        "a": {"SCS": "2", "RFS": "1", "LFS": "P", "RFA": "1"},
        "b": {"SCS": "0", "RFS": "X", "LFS": "N"},
        "c": {"SCS": "1?", "RFS": "3"},
        "d": {},
    }
    read = {
        "a": {"SCS": "2", "RFS": "2", "LFS": "P", "RFA": "2"},  # RFS wrong and silent
        "b": {"SCS": "1!", "RFS": "3", "LFS": "1"},  # SCS wrong, flagged; RFS unsettled; LFS not a grade
        "c": {"SCS": "1?", "RFS": "0?"},  # RFS wrong, hedged
        "d": {"LFS": "1"},  # false alarm
        "not in gold": {"SCS": "1"},
    }
    return agree(table(read), gold_file(tmp_path / "gold.jsonl", gold))


def test_cells_are_counted_as_defined(agreement: Agreement) -> None:
    assert (agreement.reports, agreement.unsettled) == (4, 1)
    core = agreement.core
    assert (core.accuracy.value, core.accuracy.n) == (pytest.approx(3 / 8), 8)
    assert (core.precision.value, core.precision.n) == (pytest.approx(3 / 8), 8)
    assert (core.recall.value, core.recall.n) == (pytest.approx(3 / 7), 7)
    assert core.f1.value == pytest.approx(6 / 15)
    assert (core.silent.value, core.silent.n) == (pytest.approx(1 / 5), 5)
    assert agreement.all.accuracy.n == 9
    assert agreement.findings["facet"].accuracy.value == 0.0
    assert agreement.levels["L4-L5"] == agreement.all
    assert agreement.levels["L5-S1"].accuracy == Measure(None, None, None, 0)


def test_the_folder_of_an_import_is_gold(tmp_path: Path) -> None:
    gold = gold_file(tmp_path / "gold.jsonl", {"a": {"SCS": "1"}})
    assert read_gold(tmp_path) == read_gold(gold)


def test_reports_of_gold_that_were_never_labelled_are_counted(tmp_path: Path) -> None:
    read = [(Report(name, "x"), ReportLabels(name, (cell("SCS", "1"),))) for name in ("007", "008")]
    pq.write_table(labels_table(read, "h"), tmp_path / "labels-0.parquet")
    pq.write_table(reports_table(read, "deepspine"), tmp_path / "reports-0.parquet")
    some = agree(tmp_path, gold_file(tmp_path / "gold.jsonl", {"007": {"SCS": "1"}, "9": {"SCS": "1"}}))
    assert (some.reports, some.unlabelled) == (2, 1)
    assert "1 of the reports are not among the labels" in agreement_html(some)
    assert "1 of the reports are not among the labels" in agreement_markdown(some)
    with pytest.raises(InputError, match=r"none of the 1 ids of gold is in the labels.*leading zeros"):
        agree(tmp_path, gold_file(tmp_path / "gold.jsonl", {"7": {"SCS": "1"}}))


def test_misses_name_the_cell_and_the_rules_but_no_words(agreement: Agreement) -> None:
    assert [(m.report_id, m.code, m.expected, m.got, m.flags) for m in agreement.misses] == [
        ("a", "RFS", "1", "2", ()),
        ("a", "RFA", "1", "2", ()),
        ("b", "SCS", "0", "1", ("conflict",)),
        ("b", "LFS", "N", "1", ()),
        ("c", "RFS", "3", "0?", ()),
        ("d", "LFS", "absent", "1", ()),
    ]
    assert agreement.misses[0].rules == ("grades/mild",)
    assert {m.text for m in agreement.misses} == {None}
    written = agreement_html(agreement) + agreement_markdown(agreement) + json.dumps(agreement.to_json())
    assert "words" not in written


def test_confusion_has_expected_in_rows(agreement: Agreement) -> None:
    foramen = {
        (expected, got): count
        for expected, row in zip(OUTCOMES, agreement.confusion["foramen"], strict=True)
        for got, count in zip(OUTCOMES, row, strict=True)
        if count
    }
    assert foramen == {("1", "2"): 1, ("P", "P"): 1, ("N", "1"): 1, ("3", "0"): 1, ("absent", "1"): 1}


def test_text_is_shown_when_asked_for_and_escaped(tmp_path: Path) -> None:
    gold = gold_file(tmp_path / "gold.jsonl", {"<i>a": {"SCS": "2"}})
    found = agree(table({"<i>a": {"SCS": "1"}}), gold, with_text=True)
    assert found.misses[0].text == "<words> of <i>a"
    page = agreement_html(found)
    assert "&lt;words&gt; of &lt;i&gt;a" in page
    assert "<i>a" not in page


def test_pages_hold_no_script_and_no_inline_style(agreement: Agreement) -> None:
    page = agreement_html(agreement)
    assert not re.search(r"<script|style=\"|\son\w+=|https?://", page)
    assert "default-src 'none'" in page


def test_markdown_of_perfect_agreement(tmp_path: Path) -> None:
    reports = {"a": {"SCS": "1"}, "b": {"SCS": "2"}}
    found = agree(table(reports), gold_file(tmp_path / "gold.jsonl", reports))
    one = "1.000 (1.000–1.000)"
    nil = "0.000 (0.000–0.000)"
    assert (
        f"| spinal canal stenosis | 2 | {one} | {one} | {one} | {one} | {one} | {nil} |"
        in agreement_markdown(found)
    )
    assert found.misses == ()


def test_a_folder_a_file_and_a_table_read_the_same(tmp_path: Path) -> None:
    labels = table({"a": {"SCS": "1", "RFS": "2"}})
    gold = gold_file(tmp_path / "gold.jsonl", {"a": {"SCS": "1", "RFS": "3"}})
    folder = tmp_path / "labels"
    folder.mkdir()
    pq.write_table(labels.slice(0, 1), folder / "labels-00000.parquet")
    pq.write_table(labels.slice(1), folder / "labels-00001.parquet")
    pq.write_table(
        reports_table([(Report("a", "x"), ReportLabels("a", ()))], "up"), folder / "reports-0.parquet"
    )
    pq.write_table(labels, tmp_path / "one.parquet")
    assert agree(folder, gold) == agree(tmp_path / "one.parquet", gold) == agree(labels, gold)
    (tmp_path / "none").mkdir()
    with pytest.raises(InputError, match="expected a folder that `levelwise label` wrote"):
        agree(tmp_path / "none", gold)
    pq.write_table(labels.select(["report_id"]), tmp_path / "other.parquet")
    for other in (tmp_path / "other.parquet", gold):
        with pytest.raises(InputError, match="or its labels table; got another file"):
            agree(other, gold)
    with pytest.raises(InputError, match="or its labels table; got nothing of that name"):
        agree(tmp_path / "nowhere", gold)


BROKEN_GOLD = [
    ("", "empty-file"),
    ('{"id": "a"', "broken-gold"),
    ('{"id": "a"}', "broken-gold"),
    ('{"id": "a", "cells": {"L6-S1": {"SCS": "1"}}}', "broken-gold"),
    ('{"id": "a", "cells": {"L4-L5": {"ABC": "1"}}}', "broken-gold"),
    ('{"id": "a", "cells": {"L4-L5": {"SCS": "4"}}}', "broken-gold"),
    ('{"id": "a", "cells": {"L4-L5": {"SCS": 1}}}', "broken-gold"),
    ('{"id": "a", "cells": {"L4-L5": "1"}}', "broken-gold"),
    ("[]", "broken-gold"),
    ('{"id": "a", "cells": {}}\n{"id": "a", "cells": {}}', "duplicate-id"),
]


@pytest.mark.parametrize(("text", "reason"), BROKEN_GOLD)
def test_gold_is_read_whole_or_not_at_all(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_gold(path)
    assert caught.value.issue.reason == reason
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize("text", ["0", "1", "2", "3", "N", "P", "X", "1?", "P?"])
def test_a_value_prints_what_it_was_parsed_from(text: str) -> None:
    assert str(Reading.parse(text)) == text


def test_linear_kappa_against_a_worked_example() -> None:
    """Rows 0..1, 20 cases of the standard two-category table: observed 0.7, by chance 0.5."""
    counts = np.array([[20.0, 5.0, 10.0, 15.0]])
    assert linear_kappa(resampled_sums(counts)).value == pytest.approx(0.4)
    three = np.array([[10.0, 2, 0, 1, 8, 3, 0, 2, 9]])
    expected, got = np.meshgrid(range(3), range(3), indexing="ij")
    n = three.sum()
    grid = three.reshape(3, 3)
    weight = 1 - abs(expected - got) / 2
    observed = (weight * grid).sum() / n
    chance = (weight * np.outer(grid.sum(1), grid.sum(0))).sum() / n**2
    assert linear_kappa(resampled_sums(three)).value == pytest.approx((observed - chance) / (1 - chance))


def test_the_interval_covers_the_spread_of_reports() -> None:
    """100 reports of one cell, half of them right: 0.5 within two standard errors of 0.05."""
    right = np.array([[n % 2, 1.0] for n in range(100)])
    measure = share(*resampled_sums(right).T)
    assert measure.value == 0.5
    assert measure.low == pytest.approx(0.40, abs=0.02)
    assert measure.high == pytest.approx(0.60, abs=0.02)
    assert share(*resampled_sums(right).T) == measure
    whole = right[:2] * 50  # the same cells in two reports say much less
    wide = share(*resampled_sums(whole).T)
    assert (wide.low, wide.high) == (0.0, 1.0)
