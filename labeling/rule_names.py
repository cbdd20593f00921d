"""Rules of words, and what words for levels mean, by the names that more than one module asks for."""

from __future__ import annotations

STUDY, DONE, PLANE = "distractors/study", "distractors/done", "distractors/plane"
"""The study, when it was made, and the planes of its images."""
COMPARES, THAT_STUDY = "distractors/compares", "distractors/that-study"
"""An earlier study is named, and told of: "That study showed severe stenosis at L4-5."."""
SEVERAL_LEVELS = "distractors/several-levels"
"""Levels whose names may follow: "stenosis at two levels, ..."."""
OPERATED_LEVELS = "references/operated"
"""Levels of an operation: "the canal is patent at the operated levels"."""
UNLESS_TOLD = "distractors/unless-told"
"""What is told elsewhere is left out: "unless otherwise stated"."""
WAS = "connectors/was"
AGAIN_SO = "normal/again"
"""What is no longer narrow farther down: "Adequate again at L5-S1."."""
NOW = "change/changed-to"
"""What is by now, behind what was: "now the foramen is free", "has become severe"."""
THEY_ARE, THEY_WERE = "connectors/they-are", "connectors/they-were"
BOTH_ARE, ARE_NOW = "connectors/both-they-are", "connectors/they-are-now"
PRONOUNS = frozenset({THEY_ARE, THEY_WERE, BOTH_ARE, ARE_NOW})
"""A pronoun and its verb, of the structures named before: "they are", "it was"."""
OF_BOTH = "connectors/of-both"
"""Of both sides, or of two that are named next."""
LEADING_SIDES = frozenset({"sides/on-the-right-the", "sides/on-the-left-the"})
"""A side at the head of a clause: "on the left the foramen is ...", not so "the left foramen"."""
LUMBAR_SCANS = frozenset({"regions/lumbar-study", "regions/lumbar-scan"})
LUMBAR_FILMS = "regions/lumbar-films"
"""Plain films, which show no canal."""
HELD_AGAINST = frozenset({"distractors/versus", "distractors/similar-versus"})
"""Before a level that is not spoken of: "narrower than at L3-4", "similar in extent to that at L3-4"."""
AS_TOLD = frozenset({"distractors/as-told", "change/as-told"})
"""What was told before: "as described", "as above"."""
THERE_IS = "connectors/there-is"
"""Begins a clause that can stand alone: "there is no stenosis at L5-S1"."""
WORSE = "distractors/worse-mainly"
"""More than what was told, by no grade: "similar but worse", "mild at L3-4, worse at L4-5"."""
FORMER_LATTER = frozenset({"references/former", "references/latter"})
"""What points back to one of the last two levels named."""
OTHERS = frozenset(
    {"remaining", "elsewhere", "others", "the rest", "upper", "higher", "lower", "some others"}
)
"""What words for levels mean that are not those spoken of."""
NOWHERE_ELSE = "negation/nowhere-else"
"""A denial of the levels that were not told of: "At no other level is there stenosis."."""
THOSE_OF, ALSO_AT, CHANGED_FROM = "connectors/those-of", "change/also-at", "change/changed-from"
"""What stands for a noun told before; another level that is alike; what was, and then what is."""
NEXT_IS = "distractors/next-is"
RANKS = frozenset({NEXT_IS, "distractors/least-is"})
"""Before the levels of a ranking, from the worst on: "followed by L3-4", "least at L2-3"."""
OWN_OPINION, MISSPOKE = "change/own-opinion", "distractors/misspoke"
OPINIONS = frozenset({OWN_OPINION, "change/own-call"})
"""What the reader finds, whatever it was called, and words that take back what was said: "sorry"."""
LUMBAR_SPACES = frozenset({"findings/canal/lumbar", "findings/foramen/lumbar"})
"""Spaces of the lumbar spine as a whole: "the lumbar canal", "the lumbar foramina"."""
