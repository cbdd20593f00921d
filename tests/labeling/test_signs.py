"""The signs that stand for the rules of words: one meaning each, and no part of speech."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import chain

import pytest

from labeling.rewriting import asides, bygones, others, passing
from labeling.speech.words_of_change import CHANGES
from labeling.speech.words_of_link import LINKS
from labeling.speech.words_of_narrowing import NARROWINGS
from labeling.speech.words_of_place import PLACES
from labeling.speech.words_of_verdict import VERDICTS
from labeling.tagging import _SIGNS
from lexicons.load import load_lexicon
from lexicons.meanings import MEANINGS

TABLES = {
    module.__name__.rpartition(".")[2]: module._SIGN_OF_RULE for module in (asides, bygones, others, passing)
}
WORDS = (PLACES, VERDICTS, CHANGES, LINKS, NARROWINGS)
RULES = load_lexicon("en").rules
UNKNOWN = ""
"""The rule of a word that no lexicon knows."""
OWN = {UNKNOWN, "levels/expression"}
"""Rules that the engine has of its own."""
ALIKE = {
    "as": {"change/as", "connectors/as-is", "distractors/as-told"},
    "formerly": {"change/once", "change/prior", "change/formerly", "distractors/at-first"},
    "compared with": {"change/versus", "change/compared", "distractors/compares"},
    "held against another level": {"distractors/versus", "distractors/similar-versus"},
    "levels by what was done there": {"references/kind", "references/adjacent", "references/operated"},
    "when": {
        "connectors/when-there-was",
        "connectors/where",
        "connectors/which",
        "change/then",
        "change/prior-after",
    },
    "ranks": {"distractors/next-is", "distractors/least-is"},
    "what it is now": {"change/changed-to", "change/own-opinion", "change/own-call"},
    "another report": {"distractors/another-reading", "distractors/earlier-study"},
    "a report": {"distractors/document", "flags/draft"},
    "a study": {"distractors/study", "distractors/done"},
    "concave, convex": {"distractors/concave", "distractors/convex"},
    "a word like one that is not known": {
        UNKNOWN,
        *(f"distractors/{word}" for word in ("done", "extent", "tells", "told-of", "overlooks", "at-first")),
    },
}
"""Rules that may have one sign in a table, by what they all say."""


def shared(table: Mapping[str, str]) -> list[set[str]]:
    """The rules of each sign that stands for more than one."""
    signs = {sign: {rule for rule, of in table.items() if of == sign} for sign in table.values()}
    return [rules for rules in signs.values() if len(rules) > 1]


@pytest.mark.parametrize("name", TABLES)
def test_rules_of_one_sign_say_the_same(name: str) -> None:
    groups = shared(TABLES[name])
    assert [rules for rules in groups if not any(rules <= alike for alike in ALIKE.values())] == []


def test_what_may_share_a_sign_does() -> None:
    groups = [rules for table in TABLES.values() for rules in shared(table)]
    unused = {
        says: {rule for rule in alike if not any(rule in rules <= alike for rules in groups)}
        for says, alike in ALIKE.items()
    }
    assert {says: rules for says, rules in unused.items() if rules} == {}


@pytest.mark.parametrize("name", TABLES)
def test_a_sign_is_no_part_of_speech(name: str) -> None:
    meanings = [
        MEANINGS["finding" if rule.file.startswith("findings/") else rule.file](rule.means) for rule in RULES
    ]
    speech = {meaning.speech for meaning in meanings} | {*_SIGNS.values(), *"lyjw"}
    assert speech.isdisjoint(TABLES[name].values())


@pytest.mark.parametrize("rules", [*TABLES.values(), *WORDS])
def test_every_rule_stands_in_the_lexicon(rules: Mapping[str, object]) -> None:
    assert set(rules) - OWN <= {rule.name for rule in RULES}


def test_a_word_is_decided_in_one_table() -> None:
    times = Counter(chain(*WORDS))
    assert [rule for rule, count in times.items() if count > 1] == []
