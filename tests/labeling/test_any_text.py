"""Any text at all: no exception, spans that are slices, the same labels again, whatever stands beside it.

`test_labeler.py` tries sequences of telling pieces; here are phrases of the whole lexicon, sample reports
with damage, and characters of every kind.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeling.labeler import Labeler
from labeling.report import Report, ReportLabels
from levelwise.sample.truth import draw_study
from levelwise.sample.writer import STYLES, write_report
from lexicons.load import load_lexicon

LEXICON = load_lexicon("en")
PHRASES = sorted(phrase.replace("#", "8") for phrase in [*LEXICON.phrases, *LEXICON.headings])
JOINTS = [
    " ",
    " ",
    " ",
    ", ",
    ". ",
    "\n",
    "\n\n",
    ": ",
    "-",
    "/",
    " | ",
    "\t",
    " (",
    ") ",
    " L4-5 ",
    "\nL5-S1: ",
]


@cache
def labeler() -> Labeler:
    return Labeler()


@cache
def sample(number: int) -> str:
    """A report of the sample writer, one style after the other."""
    rng = np.random.default_rng(number)
    return write_report(draw_study(rng, "P", "S"), rng, STYLES[number % len(STYLES)]).text


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A sample report with up to four slices lost, doubled or replaced."""
    text = sample(draw(st.integers(0, 3 * len(STYLES) - 1)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        new = draw(st.sampled_from(["", text[start:end] * 2]) | st.text(max_size=4))
        text = text[:start] + new + text[end:]
    return text


@st.composite
def phrases(draw: st.DrawFn) -> str:
    """Phrases of the lexicon in any order."""
    words = draw(st.lists(st.tuples(st.sampled_from(PHRASES), st.sampled_from(JOINTS)), max_size=40))
    return "".join(phrase + joint for phrase, joint in words)


EXTREME = st.builds(
    lambda piece, times: piece * times,
    st.sampled_from([*PHRASES, *JOINTS]) | st.text(max_size=3),
    st.integers(0, 400),
)
TEXTS = damaged() | phrases() | st.text(max_size=400) | EXTREME


def check(text: str, other: str) -> None:
    first = labeler().label(Report("x", text))
    for grade in first.grades:
        for evidence in grade.evidence:
            words = evidence.span.of(text)
            assert len(words) == evidence.span.end - evidence.span.start
            assert words == words.strip() != ""
    assert labeler().label(Report("x", text)) == first
    labeler().label(Report("y", other))
    assert labeler().label(Report("x", text)) == first
    assert empty_handed(text) == first


def empty_handed(text: str) -> ReportLabels:
    """The labels of a labeler that remembers nothing."""
    reader = labeler()._reader
    for memory in (reader._sentences, reader._templates, reader._tagger._known):
        memory.clear()
    return labeler().label(Report("x", text))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS)
def test_any_text(text: str, other: str) -> None:
    check(text, other)


@pytest.mark.prove
@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS)
def test_ten_thousand_texts(text: str, other: str) -> None:
    check(text, other)


def test_a_level_called_normal_when_the_key_above_it_is_no_longer_in_force() -> None:
    check("CANAL'L1/2:B:L1/2'N", "")
