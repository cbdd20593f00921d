"""Every text of every lexicon file is one test: its rule must read what it says it reads, and nothing else
may."""

from __future__ import annotations

from functools import cache

import pytest

from labeling.normalise import fold
from labeling.sections import Headings
from labeling.tagging import Tag, Tagger
from lexicons.lexicon import Example, Lexicon
from lexicons.load import load_lexicon

LEXICON: Lexicon = load_lexicon("en")
RULES = {rule.name: rule for rule in LEXICON.rules}


@cache
def tagger() -> Tagger:
    return Tagger(LEXICON)


@cache
def headings() -> Headings:
    return Headings(LEXICON)


def tags(text: str) -> list[Tag]:
    return tagger().tag_all(fold(text).text.lower())


def rules_hit(example: Example) -> set[str]:
    """Names of the rules of the example's own file that read some of its words."""
    if example.file == "sections":
        section, length = headings().read(example.text.lower())
        name = headings().rule(example.text.lower()) if length else ""
        return {name} if section else set()
    return {tag.rule for tag in tags(example.text) if tag.rule.rsplit("/", 1)[0] == example.file}


@pytest.mark.parametrize(
    "example", LEXICON.examples, ids=lambda e: f"{e.file}: {e.means or 'nothing'}: {e.text[:60]}"
)
def test_example(example: Example) -> None:
    read = {RULES[name].means for name in rules_hit(example)}
    if example.means is None:
        assert read == set()
    else:
        assert example.means in read


@pytest.mark.parametrize(
    "example", LEXICON.known_failures, ids=lambda e: f"{e.file}: {e.means or 'nothing'}: {e.text[:60]}"
)
@pytest.mark.xfail(strict=True, reason="a known failure, kept visible in its lexicon file")
def test_known_failure(example: Example) -> None:
    read = {RULES[name].means for name in rules_hit(example)}
    assert example.means in read


@pytest.mark.parametrize("rule", LEXICON.rules, ids=lambda rule: rule.name)
def test_every_rule_is_hit_by_an_example_of_what_it_means(rule) -> None:
    examples = [e for e in LEXICON.examples if e.file == rule.file and e.means == rule.means]
    assert any(rule.name in rules_hit(example) for example in examples)
