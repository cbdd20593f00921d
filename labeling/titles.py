"""What a sentence heads or opens: the level, structure, side or grade that holds for the next ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.levels import LevelMention, union_of
from labeling.linking import Linker
from labeling.linking.drafts import SIDES
from labeling.linking.studies import EXCEPTED
from labeling.rule_names import OPERATED_LEVELS, PLANE, STUDY, WORSE
from labeling.statements import BARE, DISCS, LevelRef, Statement
from labeling.tagging import Tag
from lexicons.findings import CANAL, FACET, FINDINGS

_LESION = re.compile(r"ep?[lq]|lev|rvw{1,3}p?l$")
"""Anatomy at a level: "prominent epidural fat at L5-S1" is about that level, as a disc bulge is.

So is what is put right: "Left and right were interchanged as regards L5-S1."
"""
DISC = ("/disc", "-disc", "/disc-dryness", "/disc-height")
"""How the rules of words for discs, and for their wear, are named."""
_TITLE = re.compile(
    r"[\u2022-]*r?(?:[sf][ht]?(?:[:,-]?r)?:?-?$|(?:[sf][ht]?|x)[wv]{0,2}(?::(?:$|(?:r[:-])?l)|-l))"
    # There is multilevel canal stenosis, as follows:
    r"|[\u2022-]*b?w{0,2}r?(?:[sf][ht]|x|hpr?s|sv?H)[pqwvr]{0,3}:$"
)
"""A structure and nothing else, or a list of levels after it: the sentences that follow are about it."""
_SPACE_LAST = re.compile(r"[de](?:[^nEPD;:]{0,16}?[ipw])?r?(?P<space>s)r?p?l?[,;)]?$")
"""Other nouns, and a space that a sentence ends with: "a spur reaches the left foramen"."""
_ONE_SPACE = re.compile(r"[^sfknNoOE]*?(?P<side>r)(?P<space>s)[^rsfknNoOE]*")
"""The one space of a sentence that denies nothing: "a right protrusion fills the right lateral recess"."""
_OF_DISC, _CYST = "distractors/disc-pathology", "distractors/anatomy"
_NO_SIDE = "[^srfknNoOEPD]"
_ONE_LESION = re.compile(
    rf"{_NO_SIDE}*(?:(?P<a>r)[wlp]{{0,4}}(?P<x>se|d)|(?P<y>se|d)[lwvp]{{0,4}}(?P<b>r)){_NO_SIDE}*"
)
"""The one lesion of a sentence with its side: "a right L4-5 protrusion", "a cyst is seen on the left"."""
_LEVEL_TITLE = re.compile(r"[\u2022-]*l[:-]r?s")
"""A level and a structure, which the next sentence is about: "L4-5: Foramina. No stenosis."."""
_ORDERED = re.compile(r"(?<=[sfhtx]),?\(?r\)?(?=:?-?$)")
"""The order of the sides behind a structure: "Foraminal stenosis (R / L):"."""
_PAIR = re.compile(r"[\u2022-]*(l)[:,-]{0,2}([gzo])(?:c([gzo]))?[,;]?$")
"""Two values at a level: "L4-5: mild / none"."""
_REGION_TITLE = re.compile(r"[\u2022-]*Rh[:-]?")
"""Lumbar stenosis, over the levels that it is at: "- L3-4: mild"."""
_DISCS_TITLE = re.compile(r"[\u2022-]*e:(?:$|l)")
"""Discs, and levels after them: the sentences that follow are about discs alone."""
_LEVEL_KEY = re.compile(r"[\u2022-]*[wep]{1,3}:[lp]+")
"""A key whose value is a level: "Level examined: L4-5", on a line of its own."""
_LABELLED = re.compile(r"[\u2022-]*[wgqoO]{0,4}[:(-]l(?:[,c]+l)*e?\)?[:-]?")
"""A level behind a name of its own: "Worst level: L3-4", over what is found there."""
_DISC_TITLE = re.compile(r"[w\u2022-]*e:?l:?")
_EXCEPTED = re.compile(r"[de][wpcved,o]*E[rpw]{0,3}l$")
"""A level that only excepts something else: "the discs are normal except at L5-S1"."""
_TURN = re.compile(r"(?:D,?|[or],)?[qwbcvWXpzgA>,-]*l[qwbcvWXpzgH,-]*")
"""What turns to a level and names nothing that could be narrow: "Then L4-5 is the bad one."."""
_EXCEPTION = re.compile(rf"[Wwbv]{{0,5}}(?:oR|Rv?o){EXCEPTED}")
"""A spine of which nothing is told but a level that is excepted: "preserved with one exception, L5-S1"."""
_KINDS = frozenset({"references/kind", OPERATED_LEVELS})
_MAINLY = frozenset({"distractors/mainly", WORSE})
_OF_OTHERS = frozenset({PLANE, STUDY, "distractors/population", "distractors/recommended"})
_NAMED_AFTER = re.compile(r"ye(?:[wv,]|$)")
"""A root that is named after a level of another region: "at L5-S1 there is a conjoined S1-S2 root sleeve"."""
_SIDED_KEY = re.compile(
    r"[^:l]{0,5}:(?:r(?:[:-]|$))?|[\u2022-]*(?:l[:-])?(?:r[sf][ht]?|[sf][ht]?(?:[,-]?r|\(r\)))-?$"
)
_REST_TITLE = re.compile(r"[\u2022-]*q{1,2}:")
_SIDE_ALONE = re.compile(r"[\u2022-]*(?:r-?|w?r(?:\(w{1,2}\)|p?w{0,2}):)")
"""A side and nothing else: "Right:", "Left-sided findings:"; no "Right-sided lipoma."."""
_CONCAVE = "distractors/concave"
_CONCAVE_SIDE = re.compile(r"[\u2022-]*s[^:]{0,6}:[wdvp]{1,6}r;?")
"""Under the key of a structure the side of a curve: "Foramina: The concavity is on the right."."""


def opened(linker: Linker, tags: list[Tag]) -> tuple[LevelMention | None, int, bool, bool]:
    """The level the sentence leaves open: its heading, or else the last level that it speaks of."""
    speech = linker.speech
    found = [i for i, sign in enumerate(speech) if sign in "ly" and i != linker.copied]
    if not found:
        # "The right L5 foramen is narrowed." opens L5-S1
        refs = [draft.level for draft in linker.drafts if draft.level is not None and draft.level.mention]
        return (refs[-1].mention, refs[-1].mark, False, False) if refs else (None, -1, False, False)
    first = found[0]
    lead = _leads(speech, first) or _names_disc(speech, tags)
    aside = next((tag.meaning.value for tag in tags if tag.meaning.speech in "dsfx"), "") == "aside"
    if (
        not lead
        and not linker.drafts
        and (aside or not (set(speech) & set("dsfxt") or _LESION.search(speech) or _turns_to(speech, tags)))
    ):
        return None, -1, False, False
    spoken = [i for i in found if speech.count("(", 0, i) == speech.count(")", 0, i)] or found
    # "Bulging discs over L3-4 and L4-5, with a protrusion (in the right L4-5 foramen).": of both
    chosen = first if lead and speech[first + 1 : first + 2] in {":", "-", "", ")"} else spoken[-1]
    if speech[chosen] == "y" and lead and speech[first] == "l" and _NAMED_AFTER.match(speech, chosen):
        chosen = first
    if speech[chosen] == "y":
        return None, -1, False, True
    if _EXCEPTED.search(speech, 0, chosen + 1):
        return None, -1, False, False
    return tags[chosen].levels, chosen, lead, False


def _turns_to(speech: str, tags: Sequence[Tag]) -> bool:
    """Whether a sentence names one level and no anatomy: "Now to L4-5.", "The trouble starts at L4-5."."""
    turns = _EXCEPTION if "E" in speech else _TURN
    if turns.fullmatch(speech) is None or any(tag.rule in _OF_OTHERS for tag in tags):
        return False
    named = tags[speech.index("l")].levels
    kinds = all(tag.rule in _KINDS for tag in tags if tag.meaning.speech == "q")
    return kinds and named is not None and named.span != "range"


def label_of(speech: str, tags: Sequence[Tag]) -> LevelMention | None:
    """The level that a sentence names behind a name for it, and says nothing of: "Worst level: L3-4"."""
    if _LABELLED.fullmatch(speech) is None:
        return None
    named = tags[speech.index("l")].levels
    return named if named is not None and named.span != "range" else None


def is_of_rest(speech: str, tags: Sequence[Tag]) -> bool:
    """Whether "remaining levels" is a heading: what follows, with no level of its own, is about them."""
    heads = _REST_TITLE.match(speech)
    return heads is not None and tags[heads.end() - 2].meaning.value == "remaining"


def _leads(speech: str, first: int) -> bool:
    """Whether a level is a heading: at the start, or before a colon ("Lumbosacral junction (L5-S1):")."""
    before, after = speech[:first], speech[first + 1 : first + 3]
    return not before.removeprefix("q").strip(",-:\u2022p(") or (
        not before.strip("wRe(") and after.lstrip(")")[:1] == ":"
    )


def _names_disc(speech: str, tags: Sequence[Tag]) -> bool:
    """Whether a sentence names a disc and nothing else: "Disc space L4-5", on a line of its own."""
    return _DISC_TITLE.fullmatch(speech) is not None and tags[speech.index("e")].rule.endswith(DISC)


def title_of(speech: str, tags: list[Tag]) -> tuple[str, str, bool]:
    """What a sentence is a key of, the side or the order of the sides in it, and whether it is no more."""
    order = _order(tags)
    key = _ORDERED.sub("", speech).replace("t", "h") if order else speech
    at_level = _LEVEL_TITLE.fullmatch(speech) is not None
    topic = tags[-1].finding if at_level else _topic(key, tags)
    side = order if order and key != speech else _topic_side(speech, tags)
    if "R" in speech and _REGION_TITLE.fullmatch(speech) is not None:
        return CANAL, "", True
    return topic, side, topic == DISCS or at_level or bool(_TITLE.match(key))


def _topic(speech: str, tags: list[Tag]) -> str:
    key = speech.partition(":")[0]
    if _DISCS_TITLE.match(speech) and tags[speech.index("e")].rule.endswith(DISC):
        return DISCS
    if not _TITLE.match(speech) and (":" not in speech or len(key) > 5 or "l" in key):
        return ""
    if _LEVEL_KEY.fullmatch(speech):
        return ""
    if key and not key.strip("rqgo\u2022-"):
        return ""  # "Right: ...", "Mild: ..." and "Other levels: ..." go on about the key before
    of_structure = next((tag.finding for tag in tags[: len(key)] if tag.meaning.speech in "sfx"), "")
    if of_structure or "t" in key or ("h" in key and "v" in key):
        return of_structure  # "Arthropathy: ..." and "Narrowing is widespread: ..." go on as well
    return BARE if "h" in key else "-"


def _order(tags: Sequence[Tag]) -> str:
    """``right/left`` or ``left/right`` where both sides are named with a slash, else nothing."""
    rule = next((tag.rule for tag in tags if tag.rule.endswith("-slash")), "")
    return rule.removeprefix("sides/").removesuffix("-slash").replace("-", "/")


def _topic_side(speech: str, tags: list[Tag]) -> str:
    key = _SIDED_KEY.match(speech)
    sides = {tag.meaning.value for tag in tags[: key.end()] if tag.meaning.speech == "r"} if key else set()
    return sides.pop() if len(sides) == 1 else ""


def pair(speech: str, tags: Sequence[Tag], numbers: Sequence[int]) -> tuple[Statement, ...]:
    """The two values at a level that a key of both sides in order gives a side each."""
    found = _PAIR.match(speech)
    if found is None:
        return ()
    level = LevelRef(mention=tags[found.start(1)].levels, mark=numbers[found.start(1)])
    at, last = found.start(2), found.start(3)
    first, second = tags[at], tags[last]
    if last < 0 and "-paired" in first.rule:  # one word for two grades: "mild/moderate"
        low, high = first.meaning.low, first.meaning.high
        bounds = (high, low) if first.rule.endswith("-down") else (low, high)
        return tuple([_value(one, one, "", level, numbers[at]) for one in bounds])
    if last < 0 or tags[found.end(2)].rule != "connectors/slash":
        return ()
    return tuple(
        [
            _value(tag.meaning.low, tag.meaning.high, tag.meaning.phrase, level, numbers[place])
            for tag, place in ((first, at), (second, last))
        ]
    )


def _value(low: int, high: int, phrase: str, level: LevelRef, mark: int) -> Statement:
    return Statement((), low, high, phrase, level, rank=2, marks=(mark,))


def heading_side(speech: str, tags: Sequence[Tag]) -> str:
    """The side of a heading that names nothing else: "Right-sided findings:", "Foramina: concave left"."""
    named = _SIDE_ALONE.fullmatch(speech)
    if named is None and any(tag.rule == _CONCAVE for tag in tags):
        named = _CONCAVE_SIDE.fullmatch(speech)
    side = tags[speech.index("r")].meaning.value if named else ""
    return side if side in {"right", "left"} else ""


def heading_grade(speech: str, tags: Sequence[Tag]) -> tuple[int, int] | None:
    """The grade of a heading that says nothing else: "SEVERE" over "- Canal stenosis at L4-5"."""
    if speech.strip(":\u2022-") != "g":
        return None
    said = tags[speech.index("g")].meaning
    return said.low, said.high


def last_side(linker: Linker) -> str:
    """The side that the sentence names last, ``both`` included; empty if none, or one by reference."""
    sides = [
        i
        for i, sign in enumerate(linker.speech)
        # "stenosis at L4-5 and L5-S1, particularly left L5-S1" is of no side at L4-5
        if sign == "r" and not (linker.speech[i + 1 : i + 2] == "l" and linker.tags[i - 1].rule in _MAINLY)
    ]
    return linker.tags[sides[-1]].meaning.value if sides and sides[-1] not in linker.relative else ""


def worse_side(linker: Linker) -> str:
    """The side that a sentence ends on as the worse one: "narrow at L4-5, worse on the left"."""
    at = linker.speech.rfind("a")
    return linker.tags[at].meaning.value.removesuffix(" more") if at > linker.speech.rfind("r") else ""


def placed_at(linker: Linker) -> str:
    """The code of the cell where a lesion lies that is named, empty if none or with a side by reference.

    So is that of the one space which the sentence names: "the disc fills the right lateral recess". Of a
    lesion with a side it is the recess of that side: "a left paracentral protrusion".
    """
    finding, side = linker.placed or _one_space(linker) or _one_lesion(linker) or ("", -1)
    if not finding or side in linker.relative:
        return ""
    sides = SIDES.get(linker.tags[side].meaning.value, ())
    return FINDINGS[finding].codes.get(sides[0], "") if len(sides) == 1 else ""


def _one_space(linker: Linker) -> tuple[str, int] | None:
    """The space that a sentence names with its side, and that side, where it names no other space."""
    found = _ONE_SPACE.fullmatch(linker.speech)
    sides = {tag.meaning.value for tag in linker.tags if tag.meaning.speech == "r"}
    if found is None or len(sides) > 1 or (finding := linker.tags[found.start("space")].finding) == FACET:
        return None
    return finding, found.start("side")


def _one_lesion(linker: Linker) -> tuple[str, int] | None:
    """The recess that lies beside the one lesion of a sentence with its side, where it names no space."""
    found = _ONE_LESION.fullmatch(linker.speech) if "r" in linker.speech else None
    if found is None:
        return None
    lesion = linker.tags[found.end("x" if found["x"] else "y") - 1]
    if lesion.rule not in {_OF_DISC, _CYST}:
        return None
    return "recess", found.start("a" if found["x"] else "b")


def space_named(speech: str, tags: Sequence[Tag]) -> tuple[str, ...]:
    """The codes of the space that a sentence ends with: "a spur reaches the left foramen at L4-5"."""
    found = _SPACE_LAST.search(speech)
    named = [tag.levels for tag in tags if tag.levels is not None and tag.meaning.speech == "l"]
    if found is None or len(union_of(named)) > 1 or tags[at := found.start("space")].finding == FACET:
        return ()
    side = next((tags[i].meaning.value for i in (at - 1, at + 1) if speech[i : i + 1] == "r"), "both")
    codes = FINDINGS[tags[at].finding].codes
    return tuple([code for of, code in codes.items() if of is None or of in SIDES[side]])
