"""What a sentence says in one grade it says in any other in the same way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from own_sentences import LEXICON, TAGGER, own_sentences

from labeling.graded import gives_each, is_plain, plain_grades, said_in_grades
from labeling.labeler import label_text
from labeling.tagging import Tag
from labeling.templates import template_of

WORDS = ("mild", "mild to moderate", "moderate", "moderate to severe", "severe")
GRADES = [TAGGER.tag(word)[0] for word in WORDS]


def graded() -> Iterator[list[Tag]]:
    """The sentences of the written reports that give a grade."""
    return (tags for tags in own_sentences() if plain_grades(tags))


def moved(tag: Tag, by: int) -> Tag:
    """The grade `by` steps further on, as if the most severe one came before the mildest."""
    step = WORDS.index(tag.meaning.value.replace("..", " to ")) + by
    return GRADES[step % len(GRADES)]._replace(start=tag.start, end=tag.end)


def test_what_is_said_in_a_grade_is_said_in_any():
    count = 0
    for tags in graded():
        given, read = plain_grades(tags), template_of(tags, LEXICON.readings)
        for by in (1, 3) if gives_each(tags, read) else ():
            count += 1
            others = [moved(tag, by) if is_plain(tag) else tag for tag in tags]
            said = said_in_grades(plain_grades(others), given, others, read)
            assert said == template_of(others, LEXICON.readings)
    assert count > 5000


@pytest.mark.parametrize(
    ("sentence", "grades"),
    [
        ("mild canal stenosis at l4-5", [(1, 1)]),
        ("moderate right, mild left and moderate central narrowing", [(2, 2), (1, 1)]),
        ("mild to moderate canal stenosis", [(1, 2)]),
        ("the canal is patent", []),
        ("no severe canal stenosis", []),
        ("mild canal stenosis, at least moderate on the left", []),
        ("canal stenosis has progressed from mild to severe", []),
        ("canal: mild -> moderate", []),
        ("foramina (r/l): mild/moderate", []),
    ],
)
def test_only_grades_that_nothing_weighs_may_change(sentence, grades):
    assert list(plain_grades(TAGGER.tags_of(TAGGER.key(sentence)[0]))) == grades


def test_a_sentence_read_in_one_grade_keeps_its_evidence_in_another():
    sentence = "There is {} narrowing of the right foramen at L4-5."
    for word in ("mild", "severe", "moderate to severe"):
        text = sentence.format(word)
        (grade,) = label_text(text).grades
        assert str(grade.interval) == word.replace(" to ", "..")
        assert word in {one.span.of(text) for one in grade.evidence}
