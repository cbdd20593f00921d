"""Sentences side by side say what each of them says alone, if each names its level and refers to no other.

The sentences are those of the corpus, by many authors: drawn at random, no two of them ever stood together.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from labeling.labeler import Labeler
from labeling.report import Report
from lexicons.vocabulary import Level

LABELER = Labeler()
CORPUS = Path(__file__).parent / "corpus"
Cells = dict[tuple[Level, str], str]

_END = re.compile(r"(?<=[.;])\s+|\n+")
_LEVEL = re.compile(r"\b(T12|L[1-5])[-/][LS]?[1-5](?!\d)")
_STRUCTURE = re.compile(r"(?i)canal|central|foram|recess|spinal|facet|thecal")
_OF_OTHERS = re.compile(
    r"(?i)\b(same|ditto|above|below|as|likewise|again|also|similar\w*|others?|remaining|rest|th[ei]se?|that|those"
    r"|it|here|elsewhere|otherwise|latter|former|throughout|prior|previous\w*|new|compar\w*|impression|conclusion"
    r"|then|next|apart|first|second|third|last|lower|upper|addition\w*)\b"
)
"""Words that point beyond the sentence, or open a section of the report."""
_CUT = re.compile(r"^[^A-Z]|^(?!L\d|T12)[^.]{0,60}:|:[^:]*:|(?i:\b(?:bil|rt|lt|vs)\.$)")
"""A part of a longer sentence, and a key: what comes next stands under it."""


def cells(text: str) -> Cells:
    return {(one.level, one.code): str(one) for one in LABELER.label(Report("", text)).grades}


def sentences(most: int) -> list[tuple[str, Cells]]:
    """So many sentences of the corpus that name every level that they tell of, with their cells."""
    told = {
        part.strip()
        for path in CORPUS.glob("*.jsonl")
        if not path.name.startswith(("heldout", "notes"))
        for line in path.read_text("utf-8").splitlines()
        for part in _END.split(json.loads(line)["text"])
        if 20 < len(part) < 220 and part.endswith(".") and _LEVEL.search(part) and _STRUCTURE.search(part)
    }
    drawn = sorted(one for one in told if not (_OF_OTHERS.search(one) or _CUT.search(one)))
    random.Random(0).shuffle(drawn)
    kept = []
    for sentence in drawn:
        alone = cells(sentence)
        levels = {level for level, _ in alone}
        if 0 < len(levels) < 3 and {level.upper for level in levels} <= set(_LEVEL.findall(sentence)):
            kept.append((sentence, alone))
        if len(kept) == most:
            break
    return kept


def misread(told: list[tuple[str, Cells]], draws: int) -> list[str]:
    """Those of so many draws of two or three sentences of different levels that say other things together."""
    chance = random.Random(1)
    found = []
    for _ in range(draws):
        drawn = chance.sample(told, chance.choice([2, 2, 3]))
        expected = {cell: said for _, alone in drawn for cell, said in alone.items()}
        levels = [level for _, alone in drawn for level in {level for level, _ in alone}]
        text = chance.choice([" ", "\n"]).join([sentence for sentence, _ in drawn])
        if len(levels) == len(set(levels)) and cells(text) != expected:
            found.append(text)
    return found


def test_sentences_with_their_levels_say_the_same_side_by_side() -> None:
    found = misread(sentences(1000), 2000)
    assert len(found) <= 2, "\n\n".join(found)


@pytest.mark.prove
def test_many_sentences_say_the_same_side_by_side() -> None:
    found = misread(sentences(10_000), 40_000)
    assert len(found) <= 40, "\n\n".join(found)
