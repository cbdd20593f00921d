"""What two runs of the labeler differ in, cell by cell and rule by rule."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dataset.label_archive import label_archive
from dataset.shards import write_parquet
from labeling.difference import KINDS, Change, Difference, RuleChange, difference
from labeling.issues import InputError
from labeling.labels import labels_table, reports_table
from labeling.report import Evidence, LevelGrade, Report, ReportLabels, Span

Cells = dict[str, list[tuple[str, str]]]
"""Report id to its cells, each as its line and the rule that read it."""


def run(
    folder: Path, cells: Cells, *, text: str = "x", lexicon: str = "l1", policy: str = "deepspine"
) -> Path:
    """A folder of the label stage, two reports a shard."""
    items = list(cells.items())
    for shard in range(0, len(items), 2):
        read = [
            (Report(name, text), ReportLabels(name, tuple(cell(*one) for one in lines)))
            for name, lines in items[shard : shard + 2]
        ]
        name = f"{shard:05d}.parquet"
        write_parquet(reports_table(read, policy), folder / f"reports-{name}")
        if any(labels.grades for _, labels in read):
            write_parquet(labels_table(read, lexicon), folder / f"labels-{name}")
    return folder


def cell(line: str, rule: str) -> LevelGrade:
    parsed = LevelGrade.parse(line)
    evidence = (Evidence(Span(0, 1), "level", "levels/expression"), Evidence(Span(0, 1), "grade", rule))
    grade = parsed.interval.low if parsed.interval.low == parsed.interval.high else None
    return LevelGrade(
        parsed.level, parsed.finding, parsed.side, parsed.interval, grade, parsed.certainty, parsed.basis,
        evidence=evidence,
    )  # fmt: skip


BEFORE: Cells = {
    "a": [("L4-L5 SCS mild (stated)", "grades/mild"), ("L4-L5 RFS mild (stated)", "grades/mild")],
    "b": [("L4-L5 SCS mild (stated)", "grades/mild")],
    "c": [("T12-L1 LFS severe (stated)", "grades/severe"), ("L1-L2 LFS severe (stated)", "grades/severe")],
    "d": [],
}
AFTER: Cells = {
    "a": [("L4-L5 SCS mild..moderate (stated)", "grades/some"), ("L4-L5 RFS mild (stated)", "grades/mild")],
    "b": [("L4-L5 SCS mild? (stated)", "grades/mild")],
    "c": [("T12-L1 LFS severe (stated)", "grades/severe")],
    "d": [("L5-S1 SCS normal (stated)", "normal/patent")],
}


@pytest.fixture
def found(tmp_path: Path) -> Difference:
    return difference(run(tmp_path / "a", BEFORE), run(tmp_path / "b", AFTER, lexicon="l2"))


def test_every_cell_that_changed_is_listed_with_its_rules(found: Difference) -> None:
    mild, some = ("grades/mild", "levels/expression"), ("grades/some", "levels/expression")
    severe, patent = ("grades/severe", "levels/expression"), ("levels/expression", "normal/patent")
    assert found.changes == (
        Change("a", "L4-L5", "SCS", "interval", "mild", "mild..moderate = -", mild, some),
        Change("b", "L4-L5", "SCS", "certainty", "mild", "mild?", mild, mild),
        Change("c", "L1-L2", "LFS", "removed", "severe", None, severe, ()),
        Change("d", "L5-S1", "SCS", "added", None, "normal", (), patent),
    )
    assert (found.reports, found.same) == (4, 2)


def test_changes_are_counted_by_kind_cell_level_and_rule(found: Difference) -> None:
    assert found.kinds == {"added": 1, "removed": 1, "interval": 1, "certainty": 1, "grade": 0}
    assert found.cells["SCS"] == {"added": 1, "removed": 0, "interval": 1, "certainty": 1, "grade": 0}
    assert sum(found.cells["RFS"].values()) == 0
    assert found.levels["L1-L2"]["removed"] == 1
    assert found.rules == {
        "grades/mild": RuleChange(before=1, after=0, both=1),
        "grades/severe": RuleChange(1, 0, 0),
        "grades/some": RuleChange(0, 1, 0),
        "normal/patent": RuleChange(0, 1, 0),
        "levels/expression": RuleChange(before=1, after=1, both=2),
    }
    assert found.rules["levels/expression"].cells == 4


def test_it_says_what_each_run_was_made_with(found: Difference) -> None:
    assert found.summary() == [
        "4 reports in both; 4 cells differ, 2 are the same.",
        "Lexicon: l1, then l2.",
        "Policy: deepspine, the same.",
    ]
    page = found.to_markdown(most=2)
    assert "| a | L4-L5 SCS | mild | mild..moderate = - | -grades/mild, +grades/some |" in page
    assert "| grades/mild | 1 | 0 | 1 |" in page
    assert "and 2 more" in page
    assert json.loads(json.dumps(found.to_json()))["kinds"]["added"] == 1


def test_reports_of_one_run_alone_or_of_another_text_are_not_compared(tmp_path: Path) -> None:
    one = run(tmp_path / "a", {**BEFORE, "only": BEFORE["a"]})
    two = run(tmp_path / "b", {**AFTER, "new": BEFORE["a"], "newer": []}, text="y")
    found = difference(one, two)
    assert (found.reports, found.only_before, found.only_after, found.other_text) == (0, 1, 2, 4)
    assert found.changes == ()
    assert "1 reports only before, 2 only after, 4 with another text" in found.summary()[1]


def test_an_import_is_compared_by_id(tmp_path: Path) -> None:
    found = difference(run(tmp_path / "a", BEFORE), run(tmp_path / "b", AFTER, text=""))
    assert (found.reports, found.by_id, found.other_text, len(found.changes)) == (4, 4, 0, 4)
    assert "By id alone: 4 reports" in found.summary()[1]


def test_a_run_equals_itself_and_another_policy_changes_grades_only(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    texts = ["L4-5: Mild to moderate canal stenosis. Severe left foraminal narrowing.", "Normal."]
    source.write_text("".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts)))
    for name, policy in (("one", "deepspine"), ("two", "down")):
        label_archive(source, tmp_path / name, policy=policy, workers=1)
    assert difference(tmp_path / "one", tmp_path / "one").changes == ()
    (change,) = difference(tmp_path / "one", tmp_path / "two").changes
    assert (change.kind, change.before, change.after) == (
        "grade",
        "mild..moderate = 2",
        "mild..moderate = 1",
    )


def test_no_labels_on_either_side(tmp_path: Path) -> None:
    none: Cells = {"a": []}
    assert difference(run(tmp_path / "a", none), run(tmp_path / "b", none)).same == 0
    assert difference(run(tmp_path / "a", none), run(tmp_path / "c", {"a": BEFORE["b"]})).kinds["added"] == 1


def test_a_folder_without_reports_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"found no reports-\*\.parquet"):
        difference(tmp_path, tmp_path)


def test_every_kind_is_counted_even_when_it_is_zero(tmp_path: Path) -> None:
    found = difference(run(tmp_path / "a", {"a": []}), run(tmp_path / "b", {"a": []}))
    assert found.kinds == dict.fromkeys(KINDS, 0)
