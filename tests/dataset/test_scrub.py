"""Scrubbing: what is found, what must not be touched, and how much of what was planted is left."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import FIRST, HELD_OUT, KINDS, SECOND, PlantedSet, found_by_kind, planted_reports
from tiny_archive import random_archive

from dataset.build import build
from dataset.schema import TEXTS
from dataset.scrub import scrub
from dataset.scrub_measured import MEASURED
from dataset.stage import read_table
from labeling.labeler import Labeler
from labeling.quarantine import QUARANTINE
from labeling.report import Report
from levelwise.sample.truth import draw_study
from levelwise.sample.writer import STYLES, write_report

FOUND = {
    "Dr. Smith saw her.": "Dr. [NAME] saw her.",
    "Electronically signed by: JANE Q. DOE, MD": "Electronically signed by: [NAME], [NAME]",
    "Dictated by DOE, JANE on 03/04/2019 at 14:05": "Dictated by [NAME] on [DATE] at [DATE]",
    "Patient: DOE^JANE^Q": "Patient: [NAME]",
    "As Mrs O'Neill said": "As Mrs [NAME] said",
    "Seen with Xiomara Featherstone today": "Seen with [NAME] [NAME] today",
    "3 May 2020, May 2020, 2020-05-03, 3MAY2020": "[DATE], [DATE], [DATE], [DATE]",
    "MRN: 12345678, Accession AB-2020-0012": "MRN: [NUMBER], Accession [NUMBER]",
    "SSN 123-45-6789": "SSN [NUMBER]",
    "UID 1.2.840.113619.2.55.3": "UID [NUMBER]",
    "call 555-0134 or (020) 7946 0958": "call [NUMBER] or [PHONE]",
    "a 94-year-old man": "a [AGE]-year-old man",
    "jane.doe@example.org, https://example.org/x": "[EMAIL], [URL]",
    "12 Mill Road, Springfield, IL 62701": "[ADDRESS]",
    "Compared with St. Mary's Hospital": "Compared with [NAME]",
}

UNTOUCHED = """
L4/5 and L5/S1 show mild stenosis. T12-L1: normal. L3-4-5. D12-L1.
AP diameter 8 mm, 12 x 9 x 4 mm, 3.5 cm; 10/11 mm. 50% loss of height; grade 1 slip of 4 on 5.
MODERATE LEFT FORAMINAL STENOSIS AT L2-3 MAY REPRESENT PROGRESSION. Modic type 2 changes.
Left L5 root; S1-S2 disc; 54-year-old man. Schmorl's node. Dr to correlate. MR lumbar spine. TR/TE 3000/100.
"""


@pytest.mark.parametrize(("text", "expected"), FOUND.items())
def test_what_is_found(text: str, expected: str) -> None:
    assert scrub(text).text == expected


@pytest.mark.parametrize("line", UNTOUCHED.strip().splitlines())
def test_what_must_not_be_touched(line: str) -> None:
    assert scrub(line).text == line


def test_what_the_archive_knows_is_masked_whatever_it_looks_like() -> None:
    text = "lot 77-b for young, grace; young was late; bob"
    # Values of three characters and fewer are not looked for: they stand in every text.
    expected = "lot [KNOWN] for [KNOWN], [KNOWN]; [KNOWN] was late; bob"
    assert scrub(text, ["77-B", "Young^Grace", "Bob"]).text == expected


@given(st.text())
def test_spans_lie_in_order_and_the_rest_is_left_as_it_was(text: str) -> None:
    result = scrub(text)
    rest, end = "", 0
    for span in result.spans:
        assert end <= span.start < span.end <= len(text)
        rest += text[end : span.start] + f"[{span.kind.upper()}]"
        end = span.end
    assert result.text == rest + text[end:]


@pytest.mark.parametrize("piece", ["A ", "Dr. A. ", "1 ", "1.", "Smith, ", "12-", "a@", "May 3, "])
def test_hostile_text_takes_no_time(piece: str) -> None:
    started = time.process_time()
    scrub(piece * (20_000 // len(piece)))
    assert time.process_time() - started < 5


@pytest.mark.parametrize("style", STYLES)
def test_no_grade_changes_by_scrubbing(style: str) -> None:
    labeler, rng = Labeler(), np.random.default_rng(11)
    for number in range(3):
        text = write_report(draw_study(rng, f"P{number}", f"S{number}"), rng, style=style).text
        before, after = (labeler.label(Report("a", words)) for words in (text, scrub(text).text))
        assert list(map(str, after.grades)) == list(map(str, before.grades))


@pytest.mark.parametrize("planted", [FIRST, SECOND], ids=["first", "second"])
def test_hardly_any_identifier_of_the_sets_it_was_written_with_is_left(planted: PlantedSet) -> None:
    for kind, (there, found) in found_by_kind(planted_reports(planted, 100, seed=0)).items():
        assert found >= 0.99 * there > 0, kind


def test_the_measured_shares_are_what_the_card_says() -> None:
    counted = found_by_kind(planted_reports(HELD_OUT, MEASURED["reports"], seed=0))
    assert counted == MEASURED["kinds"]
    assert tuple(counted) == KINDS


class TestWithText:
    def archive(self, tmp_path: Path) -> tuple[Path, Path, Path]:
        """Three reports with a name in each, an archive that has two of them, and the inputs of a build."""
        archive = random_archive(3, most_studies=1)
        lines = ["report,patient,dictated_by"]
        for number, report in enumerate(archive.reports):
            text = f"L4-L5: mild stenosis. Seen by Dr. Doe on 03/0{number + 1}/2020, key P00{number}."
            report["text_sha256"] = hashlib.sha256(text.encode()).hexdigest()
            if number:
                lines.append(f'"{text}",P00{number},Young')
        source = tmp_path / "archive.csv"
        source.write_text("\n".join(lines), "utf-8")
        return (*archive.write(tmp_path), source)

    def test_words_come_scrubbed_under_the_keyed_name(self, tmp_path: Path) -> None:
        labels, discs, source = self.archive(tmp_path)
        result = build(labels, discs, tmp_path / "out", workers=1, secret=b"k" * 32, with_text=source)
        rows = read_table(tmp_path / "out", "texts", TEXTS).to_pylist()
        assert {row["text"] for row in rows} == {
            "L4-L5: mild stenosis. Seen by Dr. [NAME] on [DATE], key [KNOWN]."
        }
        assert all(row["report_id"].startswith("report-") for row in rows)
        said = result.record.deidentification["texts"]
        assert (said["reports"], said["masked"]) == (2, {"date": 2, "known": 2, "name": 2})
        reasons = read_table(tmp_path / "out", "quarantine", QUARANTINE)["reason"].to_pylist()
        assert "missing-texts" in reasons
        card = (tmp_path / "out" / "README.md").read_text("utf-8")
        assert "Rules miss identifiers" in card
        assert "82.9 %" in card

    def test_a_later_build_without_words_leaves_none(self, tmp_path: Path) -> None:
        labels, discs, source = self.archive(tmp_path)
        for wanted in (source, None):
            build(labels, discs, tmp_path / "out", workers=1, with_text=wanted)
        assert not list((tmp_path / "out").glob("texts*"))
        assert "No words of reports" in (tmp_path / "out" / "README.md").read_text("utf-8")
