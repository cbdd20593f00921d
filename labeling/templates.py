"""What a sequence of tags says of itself: its statements, the level and the key it opens, its region."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from labeling.described import described_by, spoken_last, spread_of
from labeling.lesions import LESION_LEVELS, lesions_of, passing_mention
from labeling.levels import LevelMention
from labeling.linking import Linker
from labeling.regions import is_of_upper_spine, region_of, tells_of_imaging
from labeling.rule_names import COMPARES, DONE, PLANE, STUDY, THERE_IS
from labeling.speech.neighbours import begins_with_study
from labeling.statements import NOTHING, LevelRef, Statement, Template
from labeling.tagging import UNREAD_SPEECH, Tag, speech_of
from labeling.titles import (
    DISC,
    heading_grade,
    heading_side,
    is_of_rest,
    label_of,
    last_side,
    opened,
    pair,
    placed_at,
    space_named,
    title_of,
    worse_side,
)
from lexicons.findings import FINDINGS
from lexicons.lexicon import Reading

_REPORT_FLAGS = frozenset({"transitional", "postoperative", "draft"})

_OF_CURVE = frozenset({"distractors/concave", "distractors/convex"})
"""Words for a side that the curve of the spine gives: which one it is, the sentence does not say."""
_SPEAKING = frozenset("gzGoOQYsfkxhHtilyqRKAm:")
"""A sentence without any of these parts of speech says nothing."""

_SCALE = re.compile(r"(?:[og]|nh)(?:cg)?[hwn]{0,4}(?:[,;c]{1,2}[wvG:(-]{0,3}g[h)]{0,2}){2,4}$")
"""Nothing but grades in a row at the end of a sentence."""

_DEFINED = re.compile(r"(?:w{1,3}:)?(?:[wxsfed]h?[v:-][rwsfxhted]{1,5}(?:[;,]|$)){1,20}")

_SPELT_OUT = re.compile(r"x[v:-][sf]h")
"""What short words stand for: "CCS = central canal stenosis, NFS = neural foraminal stenosis"."""

_GLOSSED = re.compile(r"(?:w{1,2}:?)?\(?(?:[xswedf]p?[wedxsfhtrp]{1,5}(?:[,;]c?|\)?$)){2,20}")
"""The same with no sign between: "(CS canal stenosis, LR lat recess, NF neural foramen)"."""

_NOUN_TITLE = re.compile(r"[\u2022-]*e")
"""Other anatomy alone, which ends the key of a structure: "Discs. A bulge at L4-5."."""

_KEYED = re.compile(r"[-\u2022p]*(?:q,?)?l(?:[,c]+l)*\)?(?:[:-]|$)")

_OF_REGION = re.compile(r"Rh|[hx]p{1,2}R(?=$|[.,;c])")
"""Lumbar stenosis, stenosis of the lumbar spine."""

_UNSAID = {
    (done, images): Template(imaging=done, images=images) if done or images else NOTHING
    for done in (False, True)
    for images in (False, True)
}
"""Sentences that say nothing of a cell, by whether a study was made and whether they tell of its images."""

_COMPARING = Template(compares=True)
_PRIOR = "change/prior"
_STUDIES = frozenset({STUDY, DONE})

_IMAGED = re.compile(r"[wljyqpcRXv>,;:()-]*")

_LESION_AT_LEVEL = re.compile(r"b[^lPDuw,;:]{0,6}dl")
"""There is a large extrusion at L4-5."""

_OTHER_NORMAL = re.compile(r"[\u2022-]*(?:l[:,-]{0,2})?o?e(?:,?ce|,e){0,2}v?o?")
"""The disc is normal; normal disc."""

_PRESSED = re.compile(r"[\u2022-]*(?:l[:,-]{0,2})?kv?[hH](?:[wpb]{1,2}[de])?[,;]?")
"""The thecal sac is pressed upon, which narrows no canal."""


_ON_IMAGES = frozenset({"distractors/frame", "distractors/conus"})

_OF_MANY = frozenset(
    {
        "all",
        "remaining",
        "elsewhere",
        "upper",
        "higher",
        "lower",
        "some others",
        "levels upwards",
        "levels downwards",
    }
) | {"first two", "last two"}
"""Words for more than one level, none of them by its name."""

_NAMED_ONLY = re.compile(
    r"(?=.*[wPN])[uvpwcb>PN]{0,12}r?p?l?p?r?s(?:p{0,2}[lr]){0,2}(?:,?W?[vnwqDNp]{1,7})?[,;]?"
)
"""A structure, with its side and its level, and words that tell nothing of it."""


def template_of(tags: list[Tag], readings: Mapping[str, Reading]) -> Template:
    """What `tags` say; `readings` are those of the lexicon."""
    speech = speech_of(tags)
    if _SPEAKING.isdisjoint(speech) and not (_flags(tags) or speech.endswith("rvn")):
        return _unsaid(speech, tags)
    if _is_scale(speech, tags) or _tells_what_was_imaged(speech, tags) or _is_of_others(speech, tags):
        return NOTHING
    linker = Linker(tags, readings)
    statements = linker.run()
    statements = _of_place(statements, linker, tags)
    of_earlier = begins_with_study(tags) > 0
    imaging = tells_of_imaging(tags) or tells_of_imaging(linker.tags)
    titled = not speech.startswith("ww")  # "She has a congenitally small canal." is no title
    unread = sum([sign in UNREAD_SPEECH and i not in linker.used for i, sign in enumerate(speech)])
    tags, speech = linker.tags, linker.speech
    opens, mark, heading, closes = opened(linker, tags)
    topic, topic_side, title = title_of(speech, tags) if titled else ("", "", False)
    named = [tag.levels for tag in tags if tag.levels is not None and tag.meaning.speech == "l"]
    beside = [tag.levels for tag in linker.apart if tag.levels is not None and tag.meaning.speech == "l"]
    return Template(
        statements=statements or _spoken_of(speech, tags, topic),
        opens=opens,
        opens_mark=linker.numbers[mark] if mark >= 0 else -1,
        beside=linker.beside,
        spread=None if heading or mark < 0 else spread_of(named, statements),
        heading=heading,
        heading_only=heading and not speech.replace("-", "").strip("l:,c\u2022"),
        lists=speech.endswith(":") and not named and _is_graded(statements),
        keyed=heading and (linker.title > 0 or bool(_KEYED.match(speech))),
        label=None if heading else label_of(speech, tags),
        closes=closes,
        clears=not heading and (linker.excepts or _ends_on_all(tags)),
        other_nouns=not statements and _is_of_other_nouns(speech, tags),
        region=region_of(speech, tags),
        imaging=imaging,
        topic=topic,
        topic_side=topic_side,
        pair=pair(speech, tags, linker.numbers),
        sided=heading_side(speech, tags),
        graded=heading_grade(speech, tags),
        title=title,
        last_side=last_side(linker),
        worse_side=worse_side(linker),
        placed=placed_at(linker),
        named=() if statements or topic else space_named(speech, tags),
        described=described_by(tags, [*named, *beside, *_of_vertebrae(statements)], bool(statements)),
        spoken=spoken_last(named),
        hidden=tuple(linker.hidden),
        discs=_begins_with_discs(tags),
        dry=not statements and not heading and all(_of_dry_disc(tag) for tag in tags),
        elsewhere=None if statements or opens is not None else passing_mention(speech, tags),
        pressed=_PRESSED.fullmatch(speech) is not None,
        other_normal=_OTHER_NORMAL.fullmatch(speech) is not None and "o" in speech,
        images=_tells_of_images(tags) or _tells_of_lesion(speech, tags),
        of_rest=is_of_rest(speech, tags),
        of_earlier=of_earlier,
        lesions=lesions_of(speech, tags),
        of_lesion=next((t.meaning.value for t in linker.tags if t.meaning.value in LESION_LEVELS), ""),
        flags=_flags([*tags, *linker.apart]),
        unread=unread,
    )


def _of_place(
    statements: tuple[Statement, ...], linker: Linker, tags: Sequence[Tag]
) -> tuple[Statement, ...]:
    """The statements that are of a lumbar level, and of a side that can be told."""
    if is_of_upper_spine(linker.tags):
        return tuple([one for one in statements if one.level.mention is not None])
    if _OF_REGION.search(linker.speech) and not set(linker.speech) & set("lqg"):
        return ()  # "Assessment: lumbar stenosis." is of no level
    if "r" not in linker.speech and any(tag.rule in _OF_CURVE for tag in tags):
        return tuple([one for one in statements if not (one.bare or len(one.codes) > 1)])
    return statements


def _unsaid(speech: str, tags: list[Tag]) -> Template:
    """What a sentence that says nothing is: the title of a noun or a side, or what it tells of the study."""
    if _compares(tags):
        return _COMPARING
    told = tells_of_imaging(tags), _tells_of_images(tags)
    if _NOUN_TITLE.fullmatch(speech):
        return Template(topic="-", imaging=told[0], images=told[1])
    side = heading_side(speech, tags)
    if side:
        return Template(sided=side)
    lesions = lesions_of(speech, tags)
    elsewhere = passing_mention(speech, tags)
    if lesions or elsewhere is not None:
        return Template(lesions=lesions, elsewhere=elsewhere, imaging=told[0], images=told[1])
    return _UNSAID[told]


def _compares(tags: Sequence[Tag]) -> bool:
    """Whether an earlier study is named: "The prior MRI was reviewed.", "Comparison is made with ..."."""
    if any(tag.rule == COMPARES for tag in tags):
        return True
    return any(tag.rule == _PRIOR and after.rule in _STUDIES for tag, after in pairwise(tags))


def _is_graded(statements: Sequence[Statement]) -> bool:
    """Whether a heading says how severe something is at the levels below it: "Severe canal stenosis:"."""
    return bool(statements) and all(
        one.phrase not in {"ungraded", "measure"} and one.level.reference in {"scope", "heading"}
        for one in statements
    )


def _spoken_of(speech: str, tags: Sequence[Tag], topic: str) -> tuple[Statement, ...]:
    """A structure that a sentence names and tells nothing of: the next one goes on about it.

    As in "I was asked about the lateral recesses. At L3-4 they are mildly narrowed." and "The left L5-S1
    foramen was not mentioned. It is moderately narrowed.".
    """
    if topic or _NAMED_ONLY.fullmatch(speech) is None:
        return ()
    codes = FINDINGS[tags[speech.index("s")].finding].codes
    sides = {tag.meaning.value for tag in tags if tag.meaning.speech == "r"}
    of_one = tuple([code for side, code in codes.items() if side in sides])
    if not of_one and sides - {"both"}:
        return ()  # "the contralateral foramen"
    return (Statement(of_one or tuple(codes.values()), 0, 3, "past", LevelRef()),)


def _is_scale(speech: str, tags: Sequence[Tag]) -> bool:
    """Whether the grades are only listed: "Stenosis is graded as none, mild, moderate or severe."."""
    listed = _SCALE.search(speech)
    if listed is None or set(speech) & set("lqrjy"):
        return False
    return len({tag.meaning.low for tag in tags[listed.start() :] if tag.meaning.speech in "ngo"}) > 2


def _is_of_others(speech: str, tags: Sequence[Tag]) -> bool:
    """Whether short words are explained, or findings in people without symptoms told, at no level."""
    if _SPELT_OUT.search(speech) and _DEFINED.fullmatch(speech):
        return True
    if _GLOSSED.fullmatch(speech) and _are_doubled(speech, tags):
        return True
    return "l" not in speech and any(tag.rule == "distractors/population" for tag in tags)


def _are_doubled(speech: str, tags: Sequence[Tag]) -> bool:
    """Whether two or more entries of a list name the same structure twice: short, and in words."""
    entries = [match.start() for match in re.finditer(r"(?<![^,;(:c])[xsf](?=[sf])", speech)]
    return sum(tags[at].finding == tags[at + 1].finding for at in entries) > 1


def _tells_of_images(tags: list[Tag]) -> bool:
    return any(tag.rule in _ON_IMAGES for tag in tags)


def _tells_of_lesion(speech: str, tags: Sequence[Tag]) -> bool:
    return _LESION_AT_LEVEL.match(speech) is not None and tags[0].rule == THERE_IS


def _of_vertebrae(statements: Sequence[Statement]) -> list[LevelMention]:
    """The levels that statements name by a vertebra: "the left L4 foramen is narrowed"."""
    mentions = [one.level.mention for one in statements]
    return [mention for mention in mentions if mention is not None and mention.span == "vertebra"]


def _flags(tags: list[Tag]) -> frozenset[str]:
    """What the sentence says of the report as a whole."""
    return _REPORT_FLAGS.intersection([tag.meaning.value for tag in tags])


def _tells_what_was_imaged(speech: str, tags: Sequence[Tag]) -> bool:
    """Whether planes and levels are all that is named, and no heading: "Axial T2 L3-S1 only.".

    "T12-L1: Seen on sagittals." opens the block of a level, "L1-S1: Axial T2." none.
    """
    first = tags[0].levels if speech.startswith("l:") else None
    return (
        not (speech.endswith(":") or (first is not None and first.span != "range"))
        and any(tag.rule == PLANE for tag in tags)
        and _IMAGED.fullmatch(speech) is not None
    )


def _begins_with_discs(tags: list[Tag]) -> bool:
    """Whether the first thing that the sentence names is a disc."""
    first = next((tag for tag in tags if tag.meaning.speech in "sfxhtkedq"), None)
    return first is not None and first.rule.endswith(DISC)


def _of_dry_disc(tag: Tag) -> bool:
    return tag.meaning.speech not in "sfxhtked" or tag.rule.endswith(DISC) or tag.meaning.value == "aside"


def _ends_on_all(tags: list[Tag]) -> bool:
    """Whether the last word on levels is "elsewhere" or the like: what comes next is not about one level."""
    last = next((tag.meaning.value for tag in reversed(tags) if tag.meaning.speech in "lyq"), "")
    if last == "each level":
        return all(tag.meaning.speech != "l" for tag in tags)
    return last in _OF_MANY


def _is_of_other_nouns(speech: str, tags: Sequence[Tag]) -> bool:
    """Whether all or the others are no levels: "the remaining discs are dry", "no other fracture"."""
    at = max(speech.rfind("q"), 0)
    return speech[at + 1 : at + 2] in {"e", "d", "w"} or (bool(tags) and tags[at].rule.endswith("-disc"))
