"""Forms of questions and answers, however they are marked: a question is the key of its answer."""

from __future__ import annotations

from itertools import product

import pytest
from graded import graded

from labeling.labeler import label_text
from lexicons.vocabulary import LEVELS

FORMS = (
    *("Q: {}\nA: {}", "Q. {}\nA. {}", "Q) {}\nA) {}", "Q1. {}\nA1. {}", "Question: {}\nAnswer: {}"),
    *("Q: {} A: {}", "{} - {}", "{} {}", "{}\n{}", "{}\n- {}", "* {}\n  {}", "{}\n> {}", "Q: {}\n{}"),
)
QUESTIONS = (
    ("Central stenosis?", "Foraminal stenosis?", "Facet arthropathy?"),
    ("Is there central canal stenosis?", "Any foraminal narrowing?", "Facet arthrosis present?"),
    ("Canal?", "Foramina?", "Facets?"),
)
ANSWERS = (
    (
        "Yes. Mild at L3-L4, severe at L4-L5. No central stenosis at the other levels.",
        "Yes. L4-L5: moderate right, mild left. L5-S1: severe bilaterally. No foraminal stenosis elsewhere.",
        "L3-L4 mild, L4-L5 severe on right and mild on left.",
    ),
    (
        "Yes, mild at L3-L4 and severe at L4-L5. None elsewhere.",
        "L4-L5 moderate right, mild left; L5-S1 severe both sides. Other levels none.",
        "Yes, mild at L3-L4, severe right and mild left at L4-L5.",
    ),
)
NARROW = {
    ("L3-L4", "SCS"): 1,
    ("L4-L5", "SCS"): 3,
    ("L4-L5", "RFS"): 2,
    ("L4-L5", "LFS"): 1,
    ("L5-S1", "RFS"): 3,
    ("L5-S1", "LFS"): 3,
}
CORE = {(str(level), code): 0 for code in ("SCS", "RFS", "LFS") for level in LEVELS}
FACETS = {("L3-L4", "RFA"): 1, ("L3-L4", "LFA"): 1, ("L4-L5", "RFA"): 3, ("L4-L5", "LFA"): 1}


def asked(form: str, questions: tuple[str, ...], answers: tuple[str, ...], apart: str) -> str:
    pairs = [("Conus normal?", "Yes, at L1-L2."), *zip(questions, answers, strict=True), ("Fracture?", "No.")]
    return "LUMBAR MRI\n\n" + apart.join(form.format(*pair) for pair in pairs)


@pytest.mark.parametrize("form", FORMS)
def test_answers_are_of_what_was_asked_for(form: str) -> None:
    for questions, answers, apart in product(QUESTIONS, ANSWERS, ("\n", "\n\n")):
        text = asked(form, questions, answers, apart)
        assert graded(text) == CORE | NARROW | FACETS, text


@pytest.mark.parametrize("form", FORMS)
def test_no_is_an_answer(form: str) -> None:
    for questions, answer, apart in product(QUESTIONS, ("No.", "None", "Nil"), ("\n", "\n\n")):
        text = asked(form, questions, (answer, answer, "Mild at L4-L5."), apart)
        said = graded(text)
        assert {cell: said.get(cell) for cell in CORE} == CORE, text
        assert said["L4-L5", "RFA"] == 1, text


@pytest.mark.parametrize("form", FORMS)
def test_a_question_for_what_is_normal(form: str) -> None:
    questions = ("Canal patent?", "Are the foramina patent?", "Facets normal?")
    said = graded(asked(form, questions, ("Yes.", "Yes.", "Yes."), "\n"))
    assert {cell: said.get(cell) for cell in CORE} == CORE


@pytest.mark.parametrize(
    "text", ["Stenosis? Disc?", "L4-5: stenosis?\nL5-S1: mild canal stenosis?", "?", "??\n?"]
)
def test_what_nobody_answers_is_left(text: str) -> None:
    assert not any(one.certainty == "affirmed" for one in label_text(text).grades)
