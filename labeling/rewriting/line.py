"""The tags of a sentence while they are rewritten in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from labeling.levels import LevelMention, union_of
from labeling.tagging import Tag, speech_of
from lexicons.meanings import Meaning


def one_list(first: Tag, second: Tag) -> Tag:
    """One level expression of two."""
    mention = LevelMention(union_of(tag.levels for tag in (first, second) if tag.levels), "list")
    return first._replace(meaning=Meaning("l", "list"), levels=mention)


class Line:
    """Tags, the number that each had in the sentence, and their parts of speech, always in step.

    Rewriting "narrowed at L3-4, also at L4-5" joins two levels and drops what parts them; the evidence of
    what is left rests on the numbers.
    """

    def __init__(self, tags: Sequence[Tag], first: int = 0) -> None:
        """`first` is the number of the first of `tags`."""
        self.tags = list(tags)
        self.numbers = list(range(first, first + len(tags)))
        self.speech = speech_of(tags)
        self.apart: list[Tag] = []  # what only tells where a level lies: see `labeling.rewriting.operations`

    def keep(self, order: Sequence[int]) -> None:
        """Keeps only the tags at the places `order`, in that order."""
        self.put(0, len(self.tags), order)

    def put(self, start: int, end: int, order: Iterable[int] = ()) -> None:
        """Puts the tags at the places `order` where ``start..end`` stood; what is not named is dropped."""
        order = list(order)
        self.tags[start:end] = [self.tags[at] for at in order]
        self.numbers[start:end] = [self.numbers[at] for at in order]
        self.speech = speech_of(self.tags)

    def write(self, start: int, end: int, said: Iterable[tuple[int, Tag]]) -> None:
        """Puts tags where ``start..end`` stood, each with the number of the tag at the place beside it."""
        said = list(said)
        self.tags[start:end] = [tag for _, tag in said]
        self.numbers[start:end] = [self.numbers[at] for at, _ in said]
        self.speech = speech_of(self.tags)

    def turn(self, at: int, *tags: Tag) -> None:
        """Puts `tags` in the place of the one at `at`, whose number they all have."""
        self.tags[at : at + 1] = tags
        self.numbers[at : at + 1] = [self.numbers[at]] * len(tags)
        self.speech = speech_of(self.tags)

    def join_levels(self, first: int, start: int, end: int) -> None:
        """Joins the levels among ``start..end`` to the list at `first`, and drops all that stands there."""
        for at in range(start, end):
            if self.speech[at] == "l":
                self.tags[first] = one_list(self.tags[first], self.tags[at])
        self.put(start, end)
