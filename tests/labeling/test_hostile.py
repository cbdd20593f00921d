"""Text made to slow the labeler down: 20 kB of one thing, of every phrase, of every phrase cut short.

The quick tests say that the work grows with the text and not with its square; how long each text takes is
timed by `make prove` alone.
"""

from __future__ import annotations

import time
from functools import cache

import pytest

from labeling.labeler import Labeler
from labeling.report import Report
from lexicons.load import load_lexicon

LENGTH = 20_000
BUDGET_S = 0.05


@cache
def labeler() -> Labeler:
    return Labeler()


def filled(piece: str, length: int = LENGTH) -> str:
    return (piece * (length // len(piece) + 1))[:length]


def seconds(text: str, times: int) -> float:
    """Processor time for a text that the labeler never saw: the least of so many tries."""
    best = float("inf")
    for _ in range(times):
        reader = labeler()._reader
        reader._sentences.clear()
        reader._templates.clear()
        started = time.process_time()
        labeler().label(Report("x", text))
        best = min(best, time.process_time() - started)
    return best


SIGNS = [*"1-\"'()[]{};,.?!/\\*+\t\r#&<>=aAzZ", "\u2013", "\u201c", "\u00e9", "\ufb01", "\u0130", "\u2022"]
OPENINGS = [
    *(
        "- ",
        "-\n",
        "1.",
        "1. ",
        "1)\n",
        "a:\n",
        "FINDINGS: ",
        "History: ",
        '" ',
        '"a\n',
        "( ",
        "l4-",
        "5 mm ",
    ),
    *(
        "1,2,3,",
        "of the ",
        "// ",
        "x-\ny",
        "Dr. ",
        "AB CD EF: ",
        "\r\n",
        "a | b | c\n",
    ),
]
PIECES = [*SIGNS, *OPENINGS]
WORDS = [
    *(" ", "|", ":", "\n", "   ", "a|", "|\n", "l4", "L4-5 ", "L4/5, ", "T12-L1 L1-2 ", "L1 through "),
    *(
        "mild ",
        "mild-",
        "mild to ",
        "mod. ",
        "mod-\nerate ",
        "no ",
        "no significant ",
        "right ",
        "left and right ",
        "canal, ",
    ),
    *("foramina and ", "which is ", "with ", "and/or ", "respectively ", "except ", "previously ", "now "),
    *("changed from ", "remaining levels ", "ditto ", "may ", "cannot be excluded ", "stenosi ", "narowing "),
    *("zzzzzzzz ", '"abcdefghijklmno" ', "L4-5   mild   mild\n", "level | canal\nL4-5 | mild\n"),
    "level\tcanal\tforamina\nL4-5\tmild\tmild\n",
]


@pytest.mark.parametrize("piece", PIECES, ids=repr)
def test_four_times_the_text_takes_about_four_times_as_long(piece: str) -> None:
    seconds(filled(piece, 2000), 1)
    short, long = (seconds(filled(piece, length), 3) for length in (LENGTH // 4, LENGTH))
    assert long < 8 * short + 0.001, f"{1000 * short:.1f} ms, then {1000 * long:.1f} ms"


BEGUN = [("Canal 1", ", "), ("Canal L3/4 ", "mild, "), ("Canal L3/4 mild", "; L4/5 mild"), ("L4-5", " | ")]
"""A row of a table that begins as others do and does not end."""


@pytest.mark.parametrize(("begin", "piece"), BEGUN)
def test_a_row_without_end_takes_as_long_as_its_text(begin: str, piece: str) -> None:
    seconds(begin + filled(piece, 2000), 1)
    short, long = (seconds(begin + filled(piece, length), 3) for length in (LENGTH // 4, LENGTH))
    assert long < 8 * short + 0.001, f"{1000 * short:.1f} ms, then {1000 * long:.1f} ms"


@cache
def longest_phrases() -> dict[str, str]:
    """The longest phrase of every rule."""
    lexicon = load_lexicon("en")
    found: dict[str, str] = {}
    for phrase, rule in [*lexicon.phrases.items(), *lexicon.headings.items()]:
        found[rule.name] = max(found.get(rule.name, ""), phrase.replace("#", "77"), key=len)
    return found


@pytest.mark.prove
@pytest.mark.parametrize("piece", [*PIECES, *WORDS], ids=repr)
def test_a_text_of_one_piece_is_read_in_time(piece: str) -> None:
    taken = seconds(filled(piece), 3)
    assert taken < BUDGET_S, f"{1000 * taken:.0f} ms"


@pytest.mark.prove
@pytest.mark.parametrize("end", [" ", "\u00a4 ", ", ", ".\n"], ids=["whole", "cut", "list", "lines"])
def test_a_text_of_one_phrase_is_read_in_time(end: str) -> None:
    slow = {}
    for name, phrase in longest_phrases().items():
        piece = (phrase[:-1] if end == "\u00a4 " else phrase) + end
        if (taken := seconds(filled(piece), 2)) > BUDGET_S:
            slow[name] = f"{1000 * taken:.0f} ms"
    assert not slow
