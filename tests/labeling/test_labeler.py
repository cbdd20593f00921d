"""Properties that hold for any text, and what a report as a whole is flagged with."""

from __future__ import annotations

import pickle
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeling.labeler import Labeler, label_text
from labeling.normalise import plain_signs, shorten
from labeling.report import Report
from lexicons.lexicon import Lexicon
from lexicons.load import load_lexicon

LABELER = Labeler()
LEXICON: Lexicon = load_lexicon("en")
PIECES = [
    *(
        "L4-5",
        "L5-S1:",
        "L2/3 and L3/4",
        "C5-6",
        "right",
        "left",
        "bilateral",
        "mild",
        "moderate",
        "severe",
        "no",
    ),
    *(
        "canal",
        "stenosis",
        "foraminal",
        "narrowing",
        "foramina",
        "facet arthropathy",
        "lateral recess",
        "patent",
    ),
    *(
        "and",
        "or",
        ",",
        ".",
        ";",
        ":",
        "\n",
        "\n\n",
        "(",
        ")",
        "|",
        "which is",
        "with",
        "previously",
        "now",
        "to",
    ),
    *(
        "mod-\nerate",
        "\ufb01",
        "\u2013",
        "\u201cquoted\u201d",
        "FINDINGS:",
        "IMPRESSION:",
        "respectively",
        "ditto",
    ),
    *(
        "elsewhere",
        "remaining levels",
        "8 mm",
        "?",
        "stensosis",
        "\u0130",
        "R/L",
        "compressing the",
        "except",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join) | st.text(max_size=300)


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_spans_point_into_the_original(text: str) -> None:
    for grade in LABELER.label(Report("x", text)).grades:
        for evidence in grade.evidence:
            assert 0 <= evidence.span.start < evidence.span.end <= len(text)
            words = evidence.span.of(text)
            assert words.strip() == words


@given(TEXTS, TEXTS)
@settings(max_examples=200, deadline=None)
def test_labels_do_not_depend_on_the_reports_before(text: str, other: str) -> None:
    first = Labeler.label(LABELER, Report("x", text))
    LABELER.label(Report("y", other))
    assert LABELER.label(Report("x", text)) == first


@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_a_fresh_labeler_reads_the_same(text: str) -> None:
    warm = LABELER.label(Report("x", text))
    LABELER._reader._sentences.clear()
    LABELER._reader._templates.clear()
    assert LABELER.label(Report("x", text)) == warm


ONE = [
    "L4-5: modrate canal stenossis and mild right foraminal-narrowing. L5-S1 : same.",
    "0 = none, 1 = mild, 2 = moderate, 3 = severe\n\nLevel | Canal | Foraminal\nL3-4 | 0 | 1\nL4-5 | 3 | 2",
    "",
    "1234",
    "x" * 1500 + "impression: mild canal stenosis at L4-5",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join) | st.sampled_from(ONE))
@settings(max_examples=25, deadline=None)
def test_a_labeler_of_one_report_reads_the_same(text: str) -> None:
    report = Report("x", text)
    assert Labeler(only=report).label(report) == LABELER.label(report)


@pytest.mark.parametrize("text", ONE)
def test_a_labeler_of_one_report_reads_no_other(text: str) -> None:
    only = Labeler(only=Report("x", text))
    assert only.label(Report("y", text)) == LABELER.label(Report("y", text))
    with pytest.raises(ValueError, match="the one report"):
        only.label(Report("x", text + "."))


def test_a_labeler_survives_pickling() -> None:
    again = pickle.loads(pickle.dumps(LABELER))
    report = Report("x", "L4-5: moderate canal stenosis.")
    assert again.label(report) == LABELER.label(report)
    assert again.lexicon_hash == LABELER.lexicon_hash


HOSTILE = [
    *("mild " * 4000, "no " * 7000, "L4-5 " * 4000, "and, " * 4000, "right and left " * 1400, "(" * 20_000),
    *(
        "mild right and " * 1400,
        "canal and foramina and " * 900,
        "w" * 20_000,
        "1" * 20_000,
        "l4-" * 6000,
        "-\n" * 9000,
    ),
    *(
        "a|b|" * 5000,
        '"' * 20_000,
        "severe mild no right left canal " * 620,
        "L1, L2, L3, " * 1700,
        "\n" * 20_000,
    ),
    *(
        "moderately to severely " * 900,
        "of the " * 2900,
        "/" * 20_000,
        " " * 20_000,
        "x y z w " * 2500,
        "." * 20_000,
    ),
    *("encroaching the canal and " * 800, "A" * 20_000, "AB CD " * 3300, "? " * 10_000, "stenosiss " * 2000),
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:14].strip() or repr(text[:2]) for text in HOSTILE])
def test_hostile_text_takes_linear_time(text: str) -> None:
    LABELER.label(Report("x", "L4-5: mild canal stenosis."))
    started = time.process_time()
    LABELER.label(Report("x", text))
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize("file", sorted({rule.file for rule in LEXICON.rules}))
def test_no_pattern_is_slow_on_text_made_for_it(file: str) -> None:
    """20 kB of the longest phrase of each rule, cut short, so that the scanner has to turn back."""
    scan = LABELER._reader._tagger._scan
    longest = {rule.name: "" for rule in LEXICON.rules if rule.file == file}
    for phrase, rule in [*LEXICON.phrases.items(), *LEXICON.headings.items()]:
        if rule.file == file and len(phrase) > len(longest[rule.name]):
            longest[rule.name] = phrase
    for name, phrase in longest.items():
        hostile = (phrase.replace("#", "77")[:-1] + "\u00a4 ") * (20_000 // (len(phrase) + 1))
        best = min(_seconds(scan, hostile) for _ in range(3))
        assert best < 0.05, f"{name}: {best * 1000:.0f} ms"


def _seconds(scan, text: str) -> float:
    started = time.process_time()
    scan(text)
    return time.process_time() - started


REPORT_FLAGS = [
    ("There is a transitional vertebra. L4-5: mild canal stenosis.", {"transitional"}),
    ("L5 is sacralised.", {"transitional"}),
    ("L5-L6: severe canal stenosis.", {"transitional"}),
    ("L4-5: status post laminectomy.", {"postoperative"}),
    ("PRELIMINARY REPORT\nL4-5: mild canal stenosis.", {"draft"}),
    ("L4-5: mild canal stenosis.\nAddendum: L4-5 canal stenosis is moderate.", {"addendum"}),
    ("L4-5: mild canal stenosis.\n\nADDENDUM: None.", set()),
    ("C4-5: moderate canal stenosis. C5-6: severe left foraminal stenosis.", {"other_region"}),
    ("MRI CERVICAL SPINE\n\nC5-6: moderate canal stenosis.", {"other_region"}),
    ("MRI of the brain: no mass.", {"other_region"}),
    ("MRI LUMBAR SPINE: Normal alignment.\n\nMRI BRAIN: no mass.", set()),
    ("MRI CERVICAL SPINE\nC5-6: mild stenosis.\n\nMRI LUMBAR SPINE\nL4-5: mild canal stenosis.", set()),
    ("Six lumbar type vertebrae. L5-6: mild canal stenosis.", {"transitional"}),
    ("L4-5: mild canal stenosis.", set()),
]


@pytest.mark.parametrize(("text", "flags"), REPORT_FLAGS)
def test_flags_of_a_report(text: str, flags: set[str]) -> None:
    assert label_text(text).flags == flags


CELL_FLAGS = [
    ("L4-5: foraminal narrowing.", "RFS", {"side_unspecified", "ungraded"}),
    ("L4-5: bilateral foraminal narrowing.", "RFS", {"ungraded"}),
    ("L4-5: mild stenosis.", "SCS", {"structure_unspecified"}),
    ("L4-5: at least mild canal stenosis.", "SCS", {"at_least"}),
    ("L4-5: no severe canal stenosis.", "SCS", {"not_severe"}),
    ("L4-5: mild stensosis of the canal.", "SCS", {"spelling"}),
    ("L4-5: modern spinal canal stenosis.", "SCS", {"spelling"}),
    ("L4-5: mild bilateral foraminal narrowing, right greater than left.", "RFS", {"asymmetric"}),
    ("FINDINGS: L4-5: mild canal stenosis.\nIMPRESSION: Severe canal stenosis at L4-5.", "SCS", {"conflict"}),
    ("L4-5: mild canal stenosis, AP diameter of the canal 8 mm.", "SCS", {"measured"}),
]


@pytest.mark.parametrize(("text", "code", "flags"), CELL_FLAGS)
def test_flags_of_a_cell(text: str, code: str, flags: set[str]) -> None:
    grade = next(g for g in label_text(text).grades if g.code == code)
    assert grade.flags == flags


@pytest.mark.parametrize(
    "text",
    [
        "mod-\nerate",
        "L5-\nS1",
        "\ufb01ne",
        "a\u2013b",
        "MOD-\nERATE x",
        "plain",
        "caf\u00e9\r\nx",
        "\u00e6ther",
    ],
)
def test_folded_offsets_lead_back(text: str) -> None:
    folded = shorten(plain_signs(text))
    for at in range(len(folded.text)):
        start, end = folded.original(at, at + 1)
        assert 0 <= start < end <= len(text)
    assert folded.original(0, len(folded.text)) == (0, len(text))


@pytest.mark.parametrize("missing", [None, float("nan"), b"Normal."])
def test_what_is_no_text_is_refused_by_its_type(missing: object) -> None:
    with pytest.raises(TypeError, match="str"):
        label_text(missing)  # type: ignore[arg-type]


def test_the_folder_of_a_site_may_be_named_in_words(tmp_path: Path) -> None:
    rule = '[[rule]]\nid = "zorby"\npattern = "zorby"\nmeans = "mild"\n'
    examples = '[[examples]]\nmeans = "mild"\ntexts = ["zorby canal"]\n'
    (tmp_path / "grades.toml").write_text(rule + examples, "utf-8")
    (grade,) = Labeler(site=str(tmp_path)).label(Report("a", "L4-5: Zorby canal stenosis.")).grades
    assert grade.grade == 1
