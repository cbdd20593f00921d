"""What is normal of another part of the body says nothing of the level that was spoken of before it.

Crossed are where the sentence stands, how it is said, and the parts of the body.
"""

from __future__ import annotations

from itertools import product

from graded import misread

NOUNS = (
    *("conus medullaris", "cauda equina", "distal cord", "marrow signal", "vertebral bodies", "left kidney"),
    *(
        "lumbar alignment",
        "paraspinal muscles",
        "sacroiliac joints",
        "end plates",
        "roots of the cauda equina",
    ),
)
FORMS = (
    *("{}: normal.", "{} normal.", "{} - unremarkable.", "{} WNL.", "{} NAD.", "{}: no abnormality."),
    *("{} and kidneys normal.", "{}, uterus: normal.", "{} within normal limits.", "{} intact."),
    *("{} without abnormality.", "{} of normal appearance.", "{}: nil of note.", "{} otherwise normal."),
)
OF_NOUN = (
    *("Normal {}.", "Unremarkable {} and kidneys.", "Normal appearance of the {}.", "Negative {}."),
    *("Normal MR appearance of the {}.", "Normal appearance of the {} and kidneys.", "Otherwise normal {}."),
    *("No abnormality of the {}.", "There is no abnormality of the {}.", "Nothing to note in the {}."),
    *("No abnormality in the {} or kidneys.", "Normal MR study of the {}.", "Rest of the {} normal."),
    *("The {} otherwise normal.", "Visualised {} unremarkable.", "Normal signal of the {}."),
)
PLACES = (
    *("L5-S1: mild disc bulge. {}", "- L5-S1: mild disc bulge.\n- {}", "L5-S1: mild disc bulge.\n{}"),
    *("At L5-S1 there is a mild disc bulge. {}", "{}"),
)


def test_other_anatomy_is_no_level() -> None:
    sentences = [
        form.format(noun[0].upper() + noun[1:] if form[0] == "{" else noun)
        for form, noun in product((*FORMS, *OF_NOUN), NOUNS)
    ]
    texts = [place.format(sentence) for place, sentence in product(PLACES, sentences)]
    assert misread((text, {}) for text in texts) == []


def test_a_study_of_the_spine_is_normal() -> None:
    levels = ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
    cells = {(level, code): 0 for level in levels for code in ("SCS", "RFS", "LFS")}
    texts = ("Normal MRI of the lumbar spine.", "Normal MRI of the back.", "Normal lumbar MRI.")
    assert misread([(text, cells) for text in texts]) == []
