"""An explanation shows every word of the report, marks the ones that count, and runs nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from labeling.explain import explain
from labeling.explain_page import explain_html
from labeling.labeler import Labeler
from labeling.report import Evidence, LevelGrade, Report, ReportLabels, Span
from labeling.segments import KINDS, kind_of, segments, verdict
from lexicons.findings import CODES
from lexicons.vocabulary import Basis, Certainty, Interval, Level

TEXT = "L4-5: Moderate canal stenosis & <b>mild</b> left foramen."
ROLES = [role for roles in KINDS.values() for role in roles]


def evidence(words: str, role: str, rule: str, text: str = TEXT) -> Evidence:
    start = text.index(words)
    return Evidence(Span(start, start + len(words)), role, rule)


def grade(code: str, low: int, high: int, label: int | None, *found: Evidence, **more: object) -> LevelGrade:
    values: dict[str, object] = {"certainty": Certainty.AFFIRMED, "basis": Basis.STATED, **more}
    finding, side = CODES[code]
    return LevelGrade(Level.L4_L5, finding, side, Interval(low, high), label, evidence=found, **values)  # type: ignore[arg-type]


LEVEL = evidence("L4-5", "level", "levels/pair")
MODERATE = evidence("Moderate", "grade", "grades/moderate")
LEFT = evidence("left", "side", "sides/left")
LABELS = ReportLabels(
    "a<1>",
    (
        grade("SCS", 2, 2, 2, LEVEL, MODERATE, flags=frozenset({"conflict"})),
        grade("LFS", 1, 3, None, LEVEL, LEFT, certainty=Certainty.UNCERTAIN),
        grade("RFA", 0, 0, 0, basis=Basis.IMPLIED),
    ),
    flags=frozenset({"transitional"}),
    unread=1,
)  # fmt: skip
REPORT = Report("a<1>", TEXT, modality="MR")


def terminal(report: Report, labels: ReportLabels, width: int = 140) -> str:
    out = StringIO()
    Console(file=out, width=width, color_system=None).print(explain(report, labels))
    return out.getvalue()


def body(page: str) -> str:
    """The words of the report's box on the page."""
    (box,) = re.findall(r'<div class="report">(.*?)</div>', page, re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "", box))


def test_the_terminal_shows_text_grid_and_evidence() -> None:
    shown = terminal(REPORT, LABELS)
    assert TEXT in shown
    assert "a<1>: 3 cells, 2 graded, not complete, transitional, 1 grade or pathology word not read" in shown
    (row,) = [line for line in shown.splitlines() if line.strip().startswith("L4-L5") and "·" in line]
    assert row.split() == ["L4-L5", "moderate!", "·", "mild..severe?", "·", "·", "normal~", "·"]
    assert "“Moderate” grades/moderate" in shown
    assert "conflict" in shown


def test_no_rule_is_cut_short_on_a_narrow_terminal() -> None:
    report = Report("a", "L4-5: moderate to severe bilateral neural foraminal narrowing.")
    labels = Labeler().label(report)
    shown = terminal(report, labels, width=80)
    assert "…" not in shown
    assert {e.rule for g in labels.grades for e in g.evidence} <= set(shown.split())


def test_a_flag_is_not_cut_and_leaves_room_for_the_rules() -> None:
    report = Report("a", "L5-S1: no severe stenosis. The neural foramina are patent at L4-5.")
    lines = terminal(report, Labeler().label(report), width=80)
    assert "…" not in lines
    shown = lines.split()
    assert {"structure_unspecified", "not_severe", "findings/foramen/foramina"} <= set(shown)


def test_a_report_that_speaks_of_no_cell_has_no_key() -> None:
    report, labels = Report("a", "A knee."), ReportLabels("a", (), flags=frozenset({"other_region"}))
    assert "how much" not in terminal(report, labels)
    page = explain_html(report, labels)
    assert body(page) == "A knee."
    assert "how much" not in page


def test_the_page_shows_text_grid_and_evidence() -> None:
    page = explain_html(REPORT, LABELS)
    assert body(page) == TEXT
    assert '<td class="s2"><a href="#L4-L5-SCS">moderate !</a></td>' in page
    assert '<td class="open"><a href="#L4-L5-LFS">mild..severe ?</a></td>' in page
    assert '<mark class="grade" id="c6" title="grade: grades/moderate">Moderate</mark>' in page


def test_every_link_of_the_page_leads_somewhere() -> None:
    page = explain_html(REPORT, LABELS)
    links = set(re.findall(r'href="#([^"]+)"', page))
    ids = re.findall(r'id="([^"]+)"', page)
    assert links
    assert links <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_page_escapes_and_runs_nothing() -> None:
    hostile = '<script>alert(1)</script>" onmouseover="x &amp; L4-5'
    rule = Evidence(Span(0, 8), "grade", '"><img src=x>')
    labels = ReportLabels("<img>", (grade("SCS", 1, 1, 1, rule, flags=frozenset({"<u>"})),), error=None)
    page = explain_html(Report("<img>", hostile, modality="<i>"), labels)
    assert body(page) == hostile
    assert not re.search(r"<script|<img|<i>|<u>|style=\"|https?://", page)
    tags = re.sub(r'"[^"]*"', '""', " ".join(re.findall(r"<[^>]*>", page)))
    assert " on" not in tags
    assert "default-src 'none'" in page


def test_controls_of_a_report_do_not_reach_the_terminal() -> None:
    shown = terminal(Report("a", "Mild\x1b[2J\x07 stenosis\r\nat L4-5.\x7f"), ReportLabels("a", ()))
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "Mild\ufffd[2J\ufffd stenosis\nat L4-5.\ufffd" in shown


def test_markup_of_rich_in_a_report_is_text() -> None:
    assert "[bold]x[/bold] [/] :smile:" in terminal(
        Report("a", "[bold]x[/bold] [/] :smile:"), ReportLabels("a", ())
    )


def test_a_report_without_cells_and_one_that_was_set_aside() -> None:
    assert verdict(ReportLabels("a", ())) == "0 cells, 0 graded, not complete"
    failed = ReportLabels("a", (), error="ValueError in scope.py, line 3")
    assert "set aside (ValueError in scope.py, line 3)" in terminal(Report("a", "x"), failed)
    assert "Cell by cell" not in explain_html(Report("a", "x"), failed)


@given(
    text=st.text(max_size=40),
    spans=st.lists(st.tuples(st.integers(0, 45), st.integers(1, 12), st.sampled_from(ROLES)), max_size=8),
)
def test_segments_cover_the_text_once_and_carry_all_its_evidence(
    text: str, spans: list[tuple[int, int, str]]
) -> None:
    found = [
        Evidence(Span(start, start + size), role, f"r/{n}") for n, (start, size, role) in enumerate(spans)
    ]
    labels = ReportLabels("a", (grade("SCS", 1, 1, 1, *found),))
    cut = list(segments(text, labels))
    assert "".join(text[s.start : s.end] for s in cut) == text
    for place in range(len(text)):
        (segment,) = [s for s in cut if s.start <= place < s.end]
        covering = {e.rule for e in found if e.span.start <= place < e.span.end}
        assert {e.rule for e in segment.evidence} == covering
        assert (segment.kind is None) == (not covering)


@pytest.mark.parametrize(
    ("roles", "kind"), [(["level", "grade"], "grade"), (["side", "uncertainty"], "doubt")]
)
def test_the_word_that_says_how_much_wins_the_colour(roles: list[str], kind: str) -> None:
    found = [Evidence(Span(0, 4), role, f"r/{role}") for role in roles]
    (first, *_) = segments("mild", ReportLabels("a", (grade("SCS", 1, 1, 1, *found),)))
    assert first.kind == kind
    assert kind_of("a role of tomorrow") == "what"


def test_explaining_loads_no_heavy_library() -> None:
    heavy = ("pyarrow", "numpy", "pandas", "torch", "spacy")
    code = f"import sys, labeling.explain; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
