"""A root that is pressed upon in a space named before it: the space is narrow, with no grade."""

from __future__ import annotations

from itertools import product

from labeling.labeler import label_text

SPACES = {"left lateral recess": "LRS", "right foramen": "RFS"}
PRESSES = ("pins", "traps", "compresses", "squeezes", "impinges on", "entraps", "pinches")
PRESSED = ("pinned", "trapped", "compressed", "entrapped", "impinged")
ACTS = (
    "A fragment crowds the {} and {} the root there.",
    "A fragment fills the {} and {} the traversing root in it.",
    "A fragment reaches the {}, in which it {} the root.",
    "A fragment occupies the {}, and there it {} the root.",
)
SUFFERED = (
    "A fragment lies in the {}, where the root is {}.",
    "A fragment lies in the {}, in which the root is {}.",
    "A fragment occupies the {}, and the root is {} there.",
)


def _told(text: str) -> dict[str, str]:
    return {str(one.code): str(one.interval) for one in label_text(f"L3-4: {text}").grades}


def test_a_root_pressed_upon_there_narrows_the_space() -> None:
    texts = [(form.format(space, word), space) for form, space, word in product(ACTS, SPACES, PRESSES)]
    texts += [(form.format(space, word), space) for form, space, word in product(SUFFERED, SPACES, PRESSED)]
    wanted = {space: {code: "mild..severe"} for space, code in SPACES.items()}
    assert [text for text, space in texts if _told(text) != wanted[space]] == []


def test_the_space_has_the_side_of_the_lesion() -> None:
    assert _told("A left-sided fragment enters the lateral recess and traps the root there.") == {
        "LRS": "mild..severe"
    }


def test_what_is_not_pressed_upon_there_says_nothing() -> None:
    for text in (
        "A fragment fills the left lateral recess and touches the root there.",
        "A fragment fills the left lateral recess, but the root is not compressed there.",
        "A fragment fills the canal and compresses the roots there.",
    ):
        assert _told(text) == {}


def test_a_space_with_a_grade_keeps_it() -> None:
    assert _told("Mild narrowing of the left lateral recess, in which the root is trapped.") == {
        "LRS": "mild"
    }
    assert _told("It severely narrows the left lateral recess and compresses the root there.") == {
        "LRS": "severe"
    }
    assert _told("Severe narrowing of the right foramen and lateral recess, where the root is pinned.") == {
        "RFS": "severe",
        "RRS": "severe",
    }
