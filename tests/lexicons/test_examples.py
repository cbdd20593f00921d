"""Every text of every lexicon file is one test: its rule must read what it says it reads, and nothing else
may."""

from __future__ import annotations

from functools import cache

import pytest

from labeling.lexicon_check import ExampleReader
from lexicons.lexicon import Example, Lexicon, Rule
from lexicons.load import load_lexicon

LEXICON: Lexicon = load_lexicon("en")


@cache
def reader() -> ExampleReader:
    return ExampleReader(LEXICON)


@pytest.mark.parametrize(
    "example", LEXICON.examples, ids=lambda e: f"{e.file}: {e.means or 'nothing'}: {e.text[:60]}"
)
def test_example(example: Example) -> None:
    read = reader().read(example)
    if example.means is None:
        assert read == set()
    else:
        assert example.means in read


@pytest.mark.parametrize(
    "example", LEXICON.known_failures, ids=lambda e: f"{e.file}: {e.means or 'nothing'}: {e.text[:60]}"
)
@pytest.mark.xfail(strict=True, reason="a known failure, kept visible in its lexicon file")
def test_known_failure(example: Example) -> None:
    assert example.means in reader().read(example)


@pytest.mark.parametrize("rule", LEXICON.rules, ids=lambda rule: rule.name)
def test_every_rule_is_hit_by_an_example_of_what_it_means(rule: Rule) -> None:
    assert reader().shown(rule)
