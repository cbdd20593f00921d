"""Words that no rule read are counted, shown in context and turned into entries for a person to complete."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeling.coverage import Coverage, measure_coverage
from labeling.labeler import Labeler
from labeling.lexicon_check import check_lexicon
from labeling.report import Report


@pytest.fixture(scope="module")
def labeler() -> Labeler:
    return Labeler()


def coverage(labeler: Labeler, *texts: str, contexts: int = 3) -> Coverage:
    reports = (Report(str(n), text) for n, text in enumerate(texts))
    return measure_coverage(reports, labeler, contexts=contexts)


# Text, and the gaps in it: words and whether the lexicon knows them.
GAPS: list[tuple[str, list[tuple[str, bool]]]] = [
    ("L4-5: Moderate canal stenosis.", []),
    ("L4-5: Mild disc bulge.", []),
    ("L4-5: zorby canal stenosis.", [("zorby", False)]),
    ("L4-5: ZORBY  canal stenosis.", [("zorby", False)]),
    ("L4-5: zorby moderate canal stenosis.", []),
    ("FINDINGS: severe.", [("severe", True)]),
    ("HISTORY: zorby canal stenosis, severe.", []),
    ("HISTORY: severe.\n\nFINDINGS: severe.", [("severe", True)]),
    ("Key: 0 none, 1 mild, 2 moderate, 3 severe. L3-4 canal 1. L4-5 canal 3.", []),
    ("Canal / R NF / L NF:\nL3-L4: moderate / mild / mild\nL4-L5: severe / moderate / mild", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), GAPS)
def test_gaps_of_a_text(labeler: Labeler, text: str, expected: list[tuple[str, bool]]) -> None:
    found = coverage(labeler, text)
    assert [(gap.words, gap.rule is not None) for gap in found.gaps] == expected


def test_gaps_are_counted_over_reports_most_frequent_first(labeler: Labeler) -> None:
    found = coverage(
        labeler,
        "L4-5: blarg canal stenosis.",
        "L4-5: zorby canal stenosis. L5-S1: zorby canal stenosis.",
        "L4-5: zorby canal stenosis.",
        "L4-5: Mild canal stenosis.",
    )
    assert [(gap.words, gap.count, gap.reports) for gap in found.gaps] == [("zorby", 3, 2), ("blarg", 1, 1)]
    assert found.reports == 4
    assert found.gaps[0].contexts == (
        "L4-5: zorby canal stenosis.",
        "L5-S1: zorby canal stenosis.",
        "L4-5: zorby canal stenosis.",
    )
    assert found.unread == 0
    assert found.used == 6  # five times stenosis, once mild


def test_a_proposal_is_an_entry_of_a_lexicon_file_with_its_meaning_left_open(labeler: Labeler) -> None:
    (unknown,) = coverage(labeler, 'L4-5: zorby "canal" stenosis\\.').gaps
    assert unknown.proposal.startswith("# grades.toml; means: a grade")
    entry = tomllib.loads(unknown.proposal)
    assert entry["rule"] == [{"id": "zorby", "pattern": "zorby", "means": "?"}]
    assert entry["examples"] == [{"means": "?", "texts": list(unknown.contexts)}]
    (known,) = coverage(labeler, "FINDINGS: severe.").gaps
    assert known.rule == "grades/severe"
    assert tomllib.loads(known.proposal) == {}
    assert known.proposal.startswith("# severe: grades/severe knows it, but nothing says what it grades")


def test_a_proposal_passes_the_check_once_its_meaning_is_given(labeler: Labeler, tmp_path: Path) -> None:
    words = {"L4-5: zorby canal stenosis.": "mild", "L4-5: canal blorped.": "narrowed", "L4-5: severe.": ""}
    for text, means in words.items():
        for gap in coverage(labeler, text).gaps:
            name = gap.proposal.split(";")[0].removeprefix("# ") if means else "grades.toml"
            with (tmp_path / name).open("a") as file:
                file.write(gap.proposal.replace('"?"', f'"{means}"') + "\n")
    assert {path.name for path in tmp_path.iterdir()} == {"grades.toml", "heads.toml"}
    assert check_lexicon(tmp_path).faults == ()
    assert [gap.words for gap in coverage(Labeler(site=tmp_path), *words).gaps] == ["severe"]


def test_contexts_are_patient_data_and_can_be_left_out(labeler: Labeler) -> None:
    (gap,) = coverage(labeler, "Mr Smith. L4-5: zorby canal stenosis.", contexts=0).gaps
    assert gap.contexts == ()
    assert "Smith" not in gap.proposal
    assert tomllib.loads(gap.proposal)["examples"][0]["texts"] == ["zorby"]


def test_the_table_in_markdown(labeler: Labeler) -> None:
    text = coverage(labeler, "L4-5: zorby | canal stenosis. FINDINGS: severe.").to_markdown()
    assert "1 reports; 50.0% of 2 grade and pathology words read; 1 gaps." in text
    assert "| severe | grades/severe | 1 | 1 |" in text
    assert coverage(labeler).to_markdown() == "0 reports; no grade and pathology words read; 0 gaps.\n"
    assert "zorby" not in coverage(
        labeler, "zorby canal stenosis", "FINDINGS: severe. FINDINGS: severe."
    ).to_markdown(1)


def test_the_count_is_the_labelers_own(labeler: Labeler) -> None:
    labeler = Labeler()
    texts = [text for text, _ in GAPS]
    assert coverage(labeler, *texts).unread == sum(labeler.label(Report("a", text)).unread for text in texts)


TEXTS = st.lists(
    st.text(st.sampled_from('LS45-:. \n–ſİß|"\\severe mild canal zorby'), max_size=80), max_size=20
)


@settings(max_examples=12, deadline=None)
@given(texts=TEXTS)
def test_every_proposal_parses(labeler: Labeler, texts: list[str]) -> None:
    for gap in coverage(labeler, *texts).gaps:
        assert bool(tomllib.loads(gap.proposal)) == (gap.rule is None)
