"""Words for narrowing and for spaces that are a noun, a verb or an adjective by the words beside them.

"Narrowing" behind a bulge and before a recess is a verb; "discopathy with severe pinching" is pathology.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.rule_names import NOWHERE_ELSE
from labeling.speech.neighbours import is_space
from labeling.speech.parts import ANATOMY, OF, SILENT, UNGRADED, Decisions
from labeling.tagging import WORD, Tag, speech_of
from lexicons.meanings import Meaning

_PATHOLOGY = Meaning("d", "pathology")
_NARROWS = Meaning("i", "narrowing it")
_STENOSIS = Meaning("h", "narrowing")
_IS_NARROW = Meaning("H", "narrowed")
_SAID_OF = re.compile(r"sv[gz]{0,3}$")
_STRUCTURES = Meaning("s", "structures")
_SPACES_BEFORE = re.compile(r"(?:(?<!n)o|[hH]p|i)r?(?:s(?:,?c|,)r?)?$|(?P<joined>s(?:,?c|,)r?)$")
_SAID_OF_SPACES = re.compile(r"[lq]?v?[gz]{0,2}[oH]")
_SIDE_IS = re.compile(r"rs?v")
_IS_GRADED = re.compile(r"v[gz]{0,3}$")
_OF_KEY = re.compile(r"[\u2022-]*(?:r?Hr?[lq]|[lq][:-]?r?H(?:$|[r,;c]))[lqrcgzo,;()-]*$")
_SPACE_BEFORE = re.compile(r"[sfk][lrvgz:(-]{0,6}$")
_SPACE_AFTER = re.compile(r"[lr]{0,2}p{1,2}[rl]?[sk]")
_STENOTIC_LEVEL = re.compile(
    r"(?:^[\u2022-]*|[;:,]c?)(?:[wbc],?)?(?:(?:[no]p)?[lq]|(?P<none>n))vn?[gz]{0,3}$"
)
_OF_LEVEL = re.compile(r"r?l(?=r?s)")
"""The level of a space: "narrowing both L4-5 foramina"."""
_ON_SIDE = Meaning("h", "compromise")
_ENDS_ON_SIDE = re.compile(r"r(?:p?[lq])?(?:$|[,;)c])")
_NO_LEVEL = frozenset({"negation/none-of-these-levels", "negation/nowhere", NOWHERE_ELSE})


def are_spaces(tags: Sequence[Tag], at: int) -> bool:
    """Whether a short form is that of the foramina, and not of their stenosis.

    As in "adequate canal and NFs", "narrowing of the NFs", "canal and NFs are patent".
    """
    before = _SPACES_BEFORE.search(speech_of(tags[max(at - 6, 0) : at]))
    if before is None or before["joined"] is None:
        return before is not None
    return _SAID_OF_SPACES.match(speech_of(tags[at + 1 : at + 6])) is not None


def is_all_said(tags: Sequence[Tag], at: int) -> bool:
    """Whether "narrowed" and levels are all that a sentence says, under the key of a structure."""
    return at < 4 and _OF_KEY.match(speech_of(tags)) is not None


def is_of_level(tags: Sequence[Tag], at: int) -> bool:
    """Whether a level is called stenotic, and no structure of it."""
    speech = speech_of(tags)
    found = _STENOTIC_LEVEL.search(speech[:at])
    if found is None:
        return False
    clause = speech[found.start() :] if speech[found.start()] in ";:" else speech
    if not set("sfxk").isdisjoint(clause):
        return False
    return found["none"] is None or tags[found.start("none")].rule in _NO_LEVEL


def acts(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word for narrowing is said of what comes before it: "a bulge, narrowing exit canals"."""
    if denied_of(tags, at):
        return True
    before = speech_of(tags[max(at - 6, 0) : at]).rstrip("gz")
    of_level = _OF_LEVEL.match(speech_of(tags[at + 1 : at + 4]))
    return before[-1:] in set(",dtevlqb") and is_space(tags, at + 1 + (of_level.end() if of_level else 0))


def denied_of(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word for narrowing is what a bulge does not do: "does not narrow canal or foramina"."""
    return at > 0 and tags[at - 1].rule == "negation/not" and speech_of(tags[at + 1 : at + 2]) == "s"


def is_of_space(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word for narrowing stands right beside a structure: "pinching of the canal"."""
    before, after = speech_of(tags[max(at - 8, 0) : at]), speech_of(tags[at + 1 : at + 6])
    return _SPACE_BEFORE.search(before) is not None or _SPACE_AFTER.match(after) is not None


def ends_clause(tags: Sequence[Tag], at: int) -> bool:
    """Whether the other side begins a clause behind a participle: "is narrowed the right one is not"."""
    follows = _SIDE_IS.match(speech_of(tags[at + 1 : at + 4])) is not None
    return follows and _IS_GRADED.search(speech_of(tags[max(at - 4, 0) : at])) is not None


def is_on_side(tags: Sequence[Tag], at: int) -> bool:
    """Whether a side is where something is encroached upon, and no structure is named behind it."""
    return _ENDS_ON_SIDE.match(speech_of(tags[at + 1 : at + 5])) is not None


def is_pressed(tags: Sequence[Tag], at: int) -> bool:
    """Whether what presses on the thecal sac stands right before it: no narrowing of it."""
    before = tags[at - 1].meaning if at else SILENT
    return before.speech == "h" and before.value == "compromise"


NARROWINGS: Decisions = {
    # "the left foramen is mildly narrowed the right one is not"
    "heads/narrowed-it": lambda tags, at: _IS_NARROW if ends_clause(tags, at) else None,
    # "Foramina:", then "L4-5 narrowed on the right"
    # or: "a bulge that does not narrow canal, recesses or foramina"
    "heads/narrowed": lambda tags, at: (
        UNGRADED if is_all_said(tags, at) else _NARROWS if denied_of(tags, at) else None
    ),
    # "L3-4 remains mildly stenotic"
    "heads/stenotic": lambda tags, at: _STENOSIS if is_of_level(tags, at) else None,
    # "adequate canal and NFs", whose short form is that of the stenosis
    "findings/foramen/short": lambda tags, at: _STRUCTURES if are_spaces(tags, at) else None,
    # "the left foramen is mildly flattened"
    "heads/flattened": lambda tags, at: _IS_NARROW if _SAID_OF.search(speech_of(tags[:at])) else None,
    # "discopathy with severe pinching"
    "heads/pinching": lambda tags, at: None if is_of_space(tags, at) else _PATHOLOGY,
    # "protrusion narrowing lateral recesses"
    "heads/narrowing-noun": lambda tags, at: _NARROWS if acts(tags, at) else None,
    # "indentation on the thecal sac and foraminal narrowing"
    "findings/canal/sac": lambda tags, at: ANATOMY if is_pressed(tags, at) else None,
    # "The severe narrowing concerns the left foramen"
    "connectors/concerns": lambda tags, at: None if at and tags[at - 1].meaning.speech == "h" else WORD,
    # "moderate encroachment on the left at L4-5"
    "heads/compromise-it": lambda tags, at: _ON_SIDE if is_on_side(tags, at) else None,
    "heads/involving-it": lambda tags, at: OF if at and tags[at - 1].meaning.speech in "hHtO" else None,
}
