"""What is said of an organ, a root or a vessel, and of no level: "the aorta is otherwise normal"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.rule_names import DONE
from labeling.speech.parts import NO, NORMAL
from labeling.tagging import WORD, Tag, speech_of
from lexicons.meanings import Meaning

_OF_BODY = re.compile(r"[hHtOQo]p[rw]{0,2}$")
# no abnormality of the discs, of the left L5 root, of the common iliac artery
_OF_NOUN = re.compile(r"p+[gzrljRw]{0,3}(?:[ed]|R)")
_OF_UNKNOWN = re.compile(r"pr?w")
_OTHER_NOUN = re.compile(r"[gzrwf]{0,3}[ed]")
# nil significant canal or foraminal stenosis
_NOUN = re.compile(r"(?:(?:r?[sfk](?:[,c]+r?[sfk]){0,3})?([hHtx])|r?[sk])")
# no abn. marrow signal
_DENIED_NOUN = re.compile(r"[gzr]{0,2}w{0,3}[wed]")
_ANOTHER = re.compile(r"p?w{1,3}(?:pw{1,3})?(?:$|[v:,;)])")
# first degree listhesis
_NOUN_NEXT = re.compile(r"-?w{0,2}[edsfxhtkRj]")
_SUBJECT = re.compile(r"[edwR]r?v$")
_OTHER_KEY = re.compile(r"[\u2022-]*w{0,2}[ed](?:c?[edw]){0,3}:")
# otherwise unremarkable aorta
_BEFORE_NOUN = re.compile(r"[rlj]{0,2}w{0,2}[edR]{1,2}w?(?:p{1,2}[we]{1,2})?(?:$|[,;)])")
_SPINE = re.compile(r"R(?![ed])")
"""The lumbar spine and not a noun that has it: "no abnormality of the lumbar alignment"."""
_CONUS = "distractors/conus"
_LEVEL_NORMAL = "normal/level-normal"


def _behind(tags: Sequence[Tag], at: int) -> str:
    """The parts of speech behind "no abnormality"; one "involving" a noun is of it."""
    after = speech_of(tags[at + 1 : at + 12])
    return f"p{after[1:]}" if after[:1] == "i" and tags[at + 1].rule == "heads/involving-it" else after


def is_of_noun(tags: Sequence[Tag], at: int) -> bool:
    """Whether a verdict is of another noun that is known: "no abnormality of the discs"."""
    found = _OF_NOUN.match(_behind(tags, at))
    return found is not None and not (_SPINE.search(found[0]) and _names_lumbar(tags))


def _is_of_other(tags: Sequence[Tag], at: int) -> bool:
    """Whether "no abnormality" is one of another noun; with an article, of one that is not known as well."""
    if is_of_noun(tags, at):
        return True
    return _OF_UNKNOWN.match(_behind(tags, at)) is not None and tags[at + 1].rule == "connectors/of-the"


_OF_KIND = re.compile(
    r"(?:v?[lqr]){0,2}v?(?:(?P<that>W)(?!v?z|$|[,;)])|>[wuB]|u[wd>]|[Bb](?=w?[wd])|(?P<word>w)p?[w>dWRm])(?!.*[sfxi])"
)
"""What narrows down a denial: "no finding here that can be dated to the fall", "nothing to explain it"."""
_THAT = frozenset({"connectors/that", "connectors/which"})
_OF_CAUSE = frozenset({"connectors/cause", "connectors/due-to"})
_THIS_STUDY = ["connectors/this", DONE]
_OF_WORD = frozenset({"", "distractors/by"})


def is_of_kind(tags: Sequence[Tag], at: int) -> bool:
    """Whether it is an abnormality of one kind that is denied, which says nothing of any other."""
    at += 2 if [tag.rule for tag in tags[at + 1 : at + 3]] == _THIS_STUDY else 0
    found = _OF_KIND.match(speech_of(tags), at + 1)
    if found is None:
        return False
    if found["that"] is not None:
        return tags[found.start("that")].rule in _THAT
    if found["word"] is not None:
        return tags[found.start("word")].rule in _OF_WORD
    last = tags[found.end() - 1]
    return last.meaning.speech not in "Bb" or last.rule in _OF_CAUSE


_NOUNS = r"[rR]?[wed]{1,3}"
_NEGATIVE_NOUN = re.compile(
    rf"[\u2022-]*(?:[lq][:,-]?)?O(?=[wedcrpR,]{{0,14}}[ed]){_NOUNS}(?:(?:,?c|,|p){_NOUNS}){{0,4}}p?[lq]?(?:$|[,;)b])"
)
"""Other nouns that are called normal: "Negative control disc at L2-3.", "Normal appearance of the cord"."""


def _calls_noun_normal(tags: Sequence[Tag], at: int) -> bool:
    """Whether other nouns are called normal: "Normal appearance of the cord", "at L4-5 normal discs"."""
    of_level = at > 0 and not set("lq").isdisjoint(speech_of(tags[:at]))
    if at > (3 if of_level else 1) or (of_level and tags[at].rule != _LEVEL_NORMAL):
        return False
    return _NEGATIVE_NOUN.match(speech_of(tags[: at + 8])) is not None


def before_noun(tags: Sequence[Tag], at: int) -> Meaning | None:
    """What "nil significant" is before a noun: it denies a stenosis, or calls a structure normal.

    It is a mere word before another noun, and where only what is of some kind is denied.
    """
    after = _behind(tags, at)
    if is_of_kind(tags, at) or _is_of_other(tags, at) or _calls_noun_normal(tags, at):
        return WORD
    if tags[at].rule == "normal/nil-significant" and _OTHER_NOUN.match(after):
        return NO  # "nil focal disc protrusion"
    if tags[at].rule == "normal/no-abn" and _DENIED_NOUN.match(after):
        return WORD
    found = _NOUN.match(after.removeprefix("p") if speech_of(tags[at + 1 : at + 2]) == "i" else after)
    if found is None and at and tags[at - 1].meaning.speech == "r":
        return NORMAL  # "mild right foraminal stenosis, left negative"
    return None if found is None else NO if found[1] else NORMAL


def names_another(tags: Sequence[Tag], at: int) -> bool:
    """Whether a noun that is not known comes next: "the remaining structures are unremarkable"."""
    return _ANOTHER.match(speech_of(tags[at : at + 9])) is not None


def leads_noun(tags: Sequence[Tag], at: int) -> bool:
    """Whether a noun comes next, so that a word of order is of that: "the first sacral root"."""
    return _NOUN_NEXT.match(speech_of(tags[at : at + 3])) is not None


def calls_other_normal(tags: Sequence[Tag], at: int) -> bool:
    """Whether another noun is called otherwise normal: "aorta otherwise normal"."""
    before, after = speech_of(tags[:at]), speech_of(tags[at + 1 : at + 6])
    if (before[-1:] == "e" and not tags[at - 1].rule.endswith("disc")) or (
        at and tags[at - 1].rule == _CONUS
    ):
        return True
    found = _SUBJECT.search(before) or _BEFORE_NOUN.match(after) or _OF_NOUN.match(after)
    return found is not None and not (_SPINE.search(found[0]) and _names_lumbar(tags))


def is_under_other_key(tags: Sequence[Tag], at: int) -> bool:
    """Whether a sentence stands under the key of another noun: "Marrow: Modic 2, otherwise normal"."""
    return _OTHER_KEY.match(speech_of(tags[:at])) is not None


def owns(tags: Sequence[Tag], at: int) -> bool:
    """Whether another part of the body has what is named beside it: "hip arthropathy"."""
    before, after = speech_of(tags[max(at - 4, 0) : at]), speech_of(tags[at + 1 : at + 2])
    return (
        _OF_BODY.search(before) is not None or after in set("thHvO") or (before[-1:] == "r" and after == "w")
    )


def _names_lumbar(tags: Sequence[Tag]) -> bool:
    return any(tag.meaning.value == "lumbar" for tag in tags)
