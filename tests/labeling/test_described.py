"""What a sentence says of its only level it says of every other level in the same way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from own_sentences import LEXICON, TAGGER, own_sentences

from labeling.described import only_level, said_of
from labeling.labeler import label_text
from labeling.levels import LevelMention
from labeling.tagging import Tag
from labeling.templates import template_of
from lexicons.vocabulary import LEVELS

DISCS = [LevelMention((level,), "one") for level in LEVELS]


def tagged() -> Iterator[tuple[LevelMention, list[Tag]]]:
    """The sentences of the written reports that name one level."""
    return ((level, tags) for tags in own_sentences() if (level := only_level(tags)) is not None)


def at(level: LevelMention, tags: list[Tag]) -> list[Tag]:
    return [tag._replace(levels=level) if tag.levels else tag for tag in tags]


def test_what_is_said_of_a_level_is_said_of_any():
    count = 0
    for level, tags in tagged():
        count += 1
        read = template_of(tags, LEXICON.readings)
        for other in DISCS:
            assert said_of(other, level, read) == template_of(at(other, tags), LEXICON.readings)
    assert count > 1500


@pytest.mark.parametrize(
    ("sentence", "alone"),
    [
        ("mild canal stenosis at l4-5", True),
        ("at l4-5 the canal is narrow, and at l4-5 the left foramen too", True),
        ("mild canal stenosis at l3-4 and l4-5", False),
        ("moderate at l3-4 and mild at l4-5", False),
        ("the canal is patent at l4-5 and below", False),
        ("the left l5 foramen is narrow", False),
        ("the canal is patent", False),
    ],
)
def test_only_a_single_disc_may_change(sentence, alone):
    tags = TAGGER.tags_of(TAGGER.key(sentence)[0])
    assert (only_level(tags) is not None) is alone


def test_a_sentence_read_at_one_level_keeps_its_evidence_at_another():
    sentence = "There is mild narrowing of the right foramen at {}."
    for level in ("L2-3", "L4-5"):
        text = sentence.format(level)
        (grade,) = label_text(text).grades
        assert str(grade.level) == {"L2-3": "L2-L3", "L4-5": "L4-L5"}[level]
        assert level in {one.span.of(text) for one in grade.evidence}
