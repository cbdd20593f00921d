"""Sentences and blocks say side by side what each of them says alone, if each names its level and no other.

They are those of the corpus, by many authors: drawn at random, no two of them ever stood together.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from labeling.labeler import Labeler
from labeling.report import Report
from lexicons.vocabulary import LEVELS, Level

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
_OF_SPINE = re.compile(r"(?i)\b(all|levels|idem|pattern|changed?|unchanged|stable|vs|(?:T12|L[1-5])[-/])\b")
"""Words of a block that point beyond it."""
_CUT = re.compile(r"^[^A-Z]|[.],|^(?!L\d|T12)[^.]{0,60}:|:[^:]*:|(?i:\b(?:bil|rt|lt|vs)\.$)")
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


_BLOCK = re.compile(r"(?m)^(?:- )?(?:T12|L[1-5])[-/][LS]?[1-5] ?[:.-] ?([^\n]{15,300}[.])$")
_HEADINGS = ("{}: ", "- {}: ", "{} - ", "{}. ", "At {}, ", "{}\n", "{}:\n")


def blocks() -> list[str]:
    """What stands in one line behind the level that heads it, and names no other."""
    told = {
        found[1].strip()
        for path in CORPUS.glob("*.jsonl")
        if not path.name.startswith(("heldout", "notes"))
        for line in path.read_text("utf-8").splitlines()
        for found in _BLOCK.finditer(json.loads(line)["text"])
        if not (_OF_OTHERS.search(found[1]) or _OF_SPINE.search(found[1]))
    }
    return sorted(told)


def misread_blocks(told: list[str], draws: int) -> list[str]:
    """Those of so many draws of two to four blocks, under levels in order, that say other things together."""
    chance = random.Random(2)
    found = []
    for _ in range(draws):
        levels = sorted(chance.sample(LEVELS, chance.choice([2, 3, 4])))
        heading = chance.choice(_HEADINGS)
        parts = [
            heading.format(level) + block
            for level, block in zip(levels, chance.sample(told, len(levels)), strict=True)
        ]
        text = chance.choice(["\n", "\n\n"] if "\n" in heading else ["\n", "\n\n", " "]).join(parts)
        expected = {cell: said for part in parts for cell, said in cells(part).items()}
        if {level for level, _ in expected} <= set(levels) and cells(text) != expected:
            found.append(text)
    return found


def test_sentences_with_their_levels_say_the_same_side_by_side() -> None:
    found = misread(sentences(1000), 2000)
    assert len(found) <= 2, "\n\n".join(found)


@pytest.mark.prove
def test_many_sentences_say_the_same_side_by_side() -> None:
    found = misread(sentences(10_000), 40_000)
    assert len(found) <= 40, "\n\n".join(found)


def test_blocks_say_the_same_side_by_side() -> None:
    found = misread_blocks(blocks(), 1000)
    assert len(found) <= 3, "\n\n".join(found)


@pytest.mark.prove
def test_many_blocks_say_the_same_side_by_side() -> None:
    found = misread_blocks(blocks(), 20_000)
    assert len(found) <= 60, "\n\n".join(found)
