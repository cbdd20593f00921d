"""Grading again under another policy gives the labels that reading again would give."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dataset import label_archive as label_stage
from dataset.label_archive import label_archive
from dataset.regrade_labels import regrade_labels
from dataset.stage import read_table
from labeling.issues import InputError
from labeling.labels import LABELS, REPORTS
from labeling.policies import POLICIES
from labeling.quarantine import QUARANTINE

WORDS = [
    "mild", "mild to moderate", "moderate to severe", "at least mild", "at least moderate", "no", "no severe",
    "nothing more than mild", "significant", "",
]  # fmt: skip
WHOLE = "Canal and foramina at all levels: no stenosis. There is no foraminal narrowing at any level."


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(label_stage, "_SHARD_ROWS", 5)
    texts = [f"L4-5: {words} canal stenosis. {words} left foraminal narrowing." for words in WORDS]
    texts += ["", "The study is of the knee.", WHOLE, "L4-5: mild to moderate canal stenosis. " + WHOLE]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"id": n, "text": t}) + "\n" for n, t in enumerate(texts)), "utf-8")
    return path


@pytest.mark.parametrize("first", POLICIES)
@pytest.mark.parametrize("second", POLICIES)
def test_regrading_gives_what_labelling_gives(tmp_path: Path, source: Path, first: str, second: str) -> None:
    label_archive(source, tmp_path / "first", policy=first, workers=1)
    label_archive(source, tmp_path / "second", policy=second, workers=1)
    result = regrade_labels(tmp_path / "first", tmp_path / "out", policy=second, workers=1)
    for table, schema in (("labels", LABELS), ("reports", REPORTS), ("quarantine", QUARANTINE)):
        expected = read_table(tmp_path / "second", table, schema)
        assert read_table(tmp_path / "out", table, schema).equals(expected, check_metadata=True)
        assert result.rows[table] == expected.num_rows > 0
    names = [sorted(p.name for p in (tmp_path / n).iterdir()) for n in ("second", "out")]
    assert names[0] == names[1], "one shard in is one shard out"


def test_the_policies_do_differ_on_these_texts(tmp_path: Path, source: Path) -> None:
    grades = set()
    for policy in POLICIES:
        label_archive(source, tmp_path / policy, policy=policy, workers=1)
        table = read_table(tmp_path / policy, "labels", LABELS)
        grades.add(tuple(table["grade"].to_pylist()))
        assert any(read_table(tmp_path / policy, "reports", REPORTS)["complete"].to_pylist())
    assert len(grades) == len(POLICIES)


def test_disagreements_are_carried_over_and_a_second_run_reuses_every_shard(
    tmp_path: Path, source: Path
) -> None:
    label_archive(source, tmp_path / "first", voters=("rules", "context"), workers=1)
    files = sorted((tmp_path / "first").glob("disagreements-*"))
    assert files
    for reused in (0, 3):
        result = regrade_labels(tmp_path / "first", tmp_path / "out", policy="down", workers=1)
        assert (result.shards, result.reused) == (3, reused)
    for file in files:
        assert pq.read_table(tmp_path / "out" / file.name) == pq.read_table(file)


def test_what_cannot_be_regraded_says_why(tmp_path: Path, source: Path) -> None:
    label_archive(source, tmp_path / "first", workers=1)
    with pytest.raises(InputError, match="expected one of deepspine, down, up, drop; got 'none'"):
        regrade_labels(tmp_path / "first", tmp_path / "out", policy="none")
    with pytest.raises(InputError, match="folder other than that of the labels"):
        regrade_labels(tmp_path / "first", tmp_path / "out" / ".." / "first", policy="down")
    with pytest.raises(InputError, match=r"found no reports-\*\.parquet"):
        regrade_labels(tmp_path / "absent", tmp_path / "out", policy="down")
