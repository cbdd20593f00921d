"""The grades of a sentence, and the same sentence with other grades in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labeling.statements import Statement, Template
from labeling.tagging import Tag

Grades = tuple[tuple[int, int], ...]
"""The lowest and the highest rank of each grade that a sentence gives, as they come, each once."""

_PLAIN = frozenset(
    f"grades/{name}" for name in ("mild", "mild-to-moderate", "moderate", "moderate-to-severe", "severe")
)
"""The rules of grades that say how severe something is and no more, so that one reads as any other."""
_WEIGHING = frozenset("gGnNLX>")
"""Parts of speech by which grades are denied, compared or joined: then it matters which ones they are."""
_JOINING = ("-slash", "/arrow")
"""How the rules of words are named that make one grade of two, or two of one."""


def plain_grades(tags: Sequence[Tag]) -> Grades:
    """The grades of a sentence that gives others in the same way; empty where it has none, or weighs them."""
    found: dict[tuple[int, int], None] = {}
    for tag in tags:
        if is_plain(tag):
            found[tag.meaning.low, tag.meaning.high] = None
        elif tag.meaning.speech in _WEIGHING or tag.rule.endswith(_JOINING):
            return ()
    return tuple(found)


def is_plain(tag: Tag) -> bool:
    """Whether a tag is a grade in whose place any other may stand."""
    return tag.rule in _PLAIN and not tag.flags


def gives_each(tags: Sequence[Tag], template: Template) -> bool:
    """Whether every statement of a sentence that rests on such a grade gives just that one."""
    return all(
        (tag.meaning.low, tag.meaning.high) == (said.low, said.high)
        for said in (*template.statements, *template.pair)
        for mark in said.marks
        if is_plain(tag := tags[mark])
    )


def said_in_grades(others: Grades, grades: Grades, tags: Sequence[Tag], template: Template) -> Template:
    """What the sentence of `template`, which gives `grades`, says when it gives `others` in their place.

    `tags` are those of the sentence with the `others`.
    """
    if others == grades:
        return template
    swapped: Mapping[tuple[int, int], tuple[int, int]] = dict(zip(grades, others, strict=True))

    def said(statements: Sequence[Statement]) -> tuple[Statement, ...]:
        return tuple([_given(one, tags) for one in statements])

    return template._replace(
        statements=said(template.statements),
        pair=said(template.pair),
        graded=template.graded and swapped[template.graded],
    )


def _given(one: Statement, tags: Sequence[Tag]) -> Statement:
    """`one` with the grade of the tag that it rests on, if it rests on any."""
    for mark in one.marks:
        if is_plain(tags[mark]):
            meaning = tags[mark].meaning
            return one._replace(low=meaning.low, high=meaning.high)
    return one
