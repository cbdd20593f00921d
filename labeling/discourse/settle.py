"""What sentences tell of one another, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.discourse.earlier_studies import settle_earlier, settle_earlier_studies, settle_older_years
from labeling.discourse.lists_of_before import settle_lists_of_before
from labeling.discourse.opinions import settle_opinions
from labeling.discourse.pronouns import settle_pronouns
from labeling.sections import Sentence
from labeling.statements import ParsedSentence


def settle(sentences: Sequence[Sentence], parsed: list[ParsedSentence], lower: str) -> None:
    """Restates those of `parsed` that others tell more of; `lower` is the text that `sentences` point into.

    What is of an earlier time goes first: no pronoun and no opinion of today may be of it.
    """
    settle_earlier_studies(sentences, parsed, lower)
    if ":\n" in lower:
        settle_lists_of_before(sentences, parsed, lower)
    settle_older_years(sentences, parsed, lower)
    settle_earlier(parsed)
    settle_opinions(parsed)
    settle_pronouns(parsed)
