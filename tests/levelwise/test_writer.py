"""Every style says only what is true of its study, and says which cells it said."""

import doctest
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelwise.sample import writer
from levelwise.sample.truth import StudyTruth, draw_study, draw_truth
from levelwise.sample.words import expand
from levelwise.sample.writer import STYLES, Cell, write_report
from lexicons.findings import CODES, CORE_CODES
from lexicons.vocabulary import LEVELS, Level

LEVEL = re.compile(r"\b([TDLS])-?(\d{1,2})\s*[-/ ]\s*([TLS]?)(\d{1,2})\b", re.IGNORECASE)
STUDIES = range(25)


def study(seed: int) -> tuple[StudyTruth, np.random.Generator]:
    rng = np.random.default_rng(seed)
    return draw_study(rng, f"P{seed}", f"S{seed}"), rng


def flat(grade: int) -> StudyTruth:
    return StudyTruth("P", "S", {level: dict.fromkeys(CODES, grade) for level in LEVELS})


def mentioned(text: str) -> set[str]:
    """The discs that a text names, `T12-L1` for D12/L1 and L4-5 alike; ``?`` for one that is no level."""
    found = set()
    for letter, upper, letter2, lower in LEVEL.findall(text):
        first, second = letter.upper().replace("D", "T"), (letter2 or letter).upper()
        name = f"{first}{upper}-{second}{lower}"
        found.add(name if name in {str(level) for level in LEVELS} else f"? {name}")
    return found


def sentences(text: str) -> set[str]:
    plain = LEVEL.sub("#", text.lower())
    return {" ".join(s.split()) for s in re.split(r"[.\n:]+", plain) if len(s.split()) > 2}


def fits(value: str, grade: int) -> bool:
    """Whether a gold value says nothing false of a grade."""
    return {"P": grade >= 1, "N": grade <= 2}.get(value.rstrip("?"), value.rstrip("?") == str(grade))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", STUDIES)
def test_what_is_said_is_true(style, seed):
    truth, rng = study(seed)
    report = write_report(truth, rng, style)
    assert report.style == style
    assert report.text == report.text.strip() != ""
    assert report.cells
    for cell in report.cells:
        assert re.fullmatch(r"[0-3P]\??|N", cell.value)
        assert fits(cell.value, truth.grade(cell.level, cell.code)), str(cell)
    assert len({(cell.level, cell.code) for cell in report.cells}) == len(report.cells)
    assert Cell.parse(str(report.cells[0])) == report.cells[0]


@pytest.mark.parametrize("style", STYLES)
def test_grades_are_said_in_words_a_reader_can_find(style):
    severe = write_report(flat(3), np.random.default_rng(1), style)
    assert re.search(r"sever|marked|high-grade|sev\b", severe.text, re.IGNORECASE)
    mild = write_report(flat(1), np.random.default_rng(1), style)
    assert re.search(r"mild|minimal|slight|minor|min\b", mild.text, re.IGNORECASE)
    assert {cell.value.rstrip("?") for cell in severe.cells} <= {"3", "P"}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", STUDIES)
def test_no_slot_or_alternative_is_left_and_no_foreign_level_is_named(style, seed):
    truth, rng = study(seed)
    report = write_report(truth, rng, style)
    assert not re.search(r"[{}<]|\|[^ ]|\bNone\b(?![.\s])", report.text)
    assert "  " not in report.text.replace("\n  ", "\n")
    assert not {name for name in mentioned(report.text) if name.startswith("?")}


@pytest.mark.parametrize(
    "style", ["template", "capitals", "follow-up", "grid", "key-value", "letter", "bullets"]
)
@pytest.mark.parametrize("seed", STUDIES)
def test_a_level_that_the_style_leaves_out_has_no_cell(style, seed):
    truth, rng = study(seed)
    report = write_report(truth, rng, style)
    named = mentioned(re.sub(r"(?im)^(history|indication|comparison):.*$", "", report.text))
    every = re.search(r"any level|no (spinal|central) canal stenosis\.", report.text, re.IGNORECASE)
    for level in {cell.level for cell in report.cells}:
        assert str(level) in named or every


@pytest.mark.parametrize("style", STYLES)
def test_the_same_generator_writes_the_same_report(style):
    truth, _ = study(3)
    first, second = (write_report(truth, np.random.default_rng(11), style) for _ in range(2))
    assert first == second
    assert write_report(truth, np.random.default_rng(12), style).text != first.text or style == "flat-fields"


def test_a_cohort_of_reports_is_varied():
    reports = [write_report(*study(seed)) for seed in range(200)]
    assert {report.style for report in reports} == set(STYLES)
    assert len({report.text for report in reports}) == 200
    assert len(set().union(*(sentences(report.text) for report in reports))) > 1500


def test_forty_reports_hold_every_grade_and_every_kind_of_value():
    for start in (0, 100, 200):
        seen = Counter()
        for seed in range(start, start + 40):
            seen.update((cell.code, cell.value) for cell in write_report(*study(seed)).cells)
        assert {(code, grade) for code in CORE_CODES for grade in "0123"} <= set(seen)
        values = {value.rstrip("?") for _, value in seen}
        assert values >= {*"0123", "P"}
        assert sum(count for (_, value), count in seen.items() if value in "0123") > 0.9 * seen.total()


def test_the_gold_of_a_report_has_the_form_of_the_gold_files():
    report = write_report(flat(2), np.random.default_rng(0), "columns")
    gold = report.gold()
    assert list(gold) == [str(level) for level in LEVELS]
    assert gold["L4-L5"]["SCS"] == "2"


def test_a_normal_spine_is_normal_in_every_style():
    for style in STYLES:
        report = write_report(flat(0), np.random.default_rng(5), style)
        assert {cell.value for cell in report.cells} == {"0"}


def test_an_unknown_style_and_a_line_that_is_no_cell_are_refused():
    with pytest.raises(ValueError, match=r"expected one of template, .*; got 'sonnet'"):
        write_report(flat(0), np.random.default_rng(0), "sonnet")
    with pytest.raises(ValueError, match="expected a line like"):
        Cell.parse("L4-L5 SCS 4")


def test_an_addendum_outweighs_the_findings():
    truth, rng = study(7)
    report = write_report(truth, rng, "addendum")
    level = max(LEVELS, key=lambda x: (truth.grade(x, "SCS"), x))
    assert report.gold()[str(level)]["SCS"] == str(truth.grade(level, "SCS"))
    assert mentioned(report.text.split("ADDENDUM:")[1]) == {str(level)}


def test_a_draw_has_every_grade_of_every_finding_within_forty_studies():
    for seed in range(10):
        rng = np.random.default_rng(seed)
        seen = {
            (code, grade)
            for _ in range(40)
            for cells in draw_truth(rng).values()
            for code, grade in cells.items()
        }
        assert seen == {(code, grade) for code in CODES for grade in range(4)}


def test_disease_is_rare_at_the_top_common_below_and_alike_on_both_sides():
    rng = np.random.default_rng(0)
    drawn = [draw_truth(rng) for _ in range(400)]
    mean = {level: np.mean([truth[level]["SCS"] for truth in drawn]) for level in LEVELS}
    assert mean[Level.T12_L1] < mean[Level.L2_L3] < mean[Level.L4_L5] > mean[Level.L5_S1]
    pairs = np.array([(t[level]["RFS"], t[level]["LFS"]) for t in drawn for level in LEVELS])
    assert np.corrcoef(pairs.T)[0, 1] > 0.6
    assert 0.55 < np.mean(pairs == 0) < 0.75


def test_a_truth_with_a_hole_names_the_cell():
    grades = {level: dict.fromkeys(CODES, 0) for level in LEVELS}
    del grades[Level.L3_L4]["LFS"]
    with pytest.raises(ValueError, match=r"truth > L3-L4 > LFS: expected a grade 0..3; got None"):
        StudyTruth("P", "S", grades)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.text("abc", min_size=1), min_size=1, max_size=4))
def test_a_grammar_draws_one_of_its_alternatives(seed, options):
    drawn = expand(np.random.default_rng(seed), "x {" + "|".join(options) + "} <slot>", slot="y")
    assert drawn in {f"x {option} y" for option in options}


def test_the_example_in_the_module_is_true():
    names = {"np": np, "draw_study": draw_study, "write_report": write_report}
    result = doctest.testmod(writer, extraglobs=names)
    assert result.attempted == 3
    assert result.failed == 0
