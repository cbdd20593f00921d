"""What a sequence of tags says of itself: its statements, the level and the key it opens, its region."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from labeling.described import described_by, spoken_last, spread_of
from labeling.levels import LevelMention
from labeling.linking import Linker
from labeling.regions import is_of_upper_spine, region_of, tells_of_imaging
from labeling.rule_names import PLANE
from labeling.statements import BARE, DISCS, NOTHING, LevelRef, Statement, Template
from labeling.tagging import UNREAD_SPEECH, Tag, speech_of
from lexicons.findings import FINDINGS
from lexicons.lexicon import Reading

_REPORT_FLAGS = frozenset({"transitional", "postoperative", "draft"})

_SPEAKING = frozenset("gzGoOQYsfkxhHtilyqRKAm:")
"""A sentence without any of these parts of speech says nothing."""

_LESION = re.compile(r"ep?[lq]|lev|rvw{1,3}p?l$")
"""Anatomy at a level: "prominent epidural fat at L5-S1" is about that level, as a disc bulge is.

So is what is put right: "Left and right were interchanged as regards L5-S1."
"""

_DISC = ("/disc", "-disc", "/disc-dryness", "/disc-height")
"""How the rules of words for discs, and for their wear, are named."""

_TITLE = re.compile(r"[\u2022-]*r?(?:[sf]h?(?:,?r)?:?-?$|(?:[sf]h?|x)[wv]{0,2}(?::(?:$|(?:r[:-])?l)|-l))")
"""A structure and nothing else, or a list of levels after it: the sentences that follow are about it."""

_SCALE = re.compile(r"(?:[og]|nh)(?:cg)?[hwn]{0,4}(?:[,;c]{1,2}[wvG:(-]{0,3}g[h)]{0,2}){2,4}$")
"""Nothing but grades in a row at the end of a sentence."""

_DEFINED = re.compile(r"(?:w{1,3}:)?(?:[wxsfed]h?[v:-][rwsfxhted]{1,5}(?:[;,]|$)){1,20}")
_SPELT_OUT = re.compile(r"x[v:-][sf]h")
"""What short words stand for: "CCS = central canal stenosis, NFS = neural foraminal stenosis"."""

_LEVEL_TITLE = re.compile(r"[\u2022-]*l[:-]r?s")
"""A level and a structure, which the next sentence is about: "L4-5: Foramina. No stenosis."."""
_NOUN_TITLE = re.compile(r"[\u2022-]*e")
"""Other anatomy alone, which ends the key of a structure: "Discs. A bulge at L4-5."."""
_ORDERED = re.compile(r"(?<=[sfhtx]),?\(?r\)?(?=:?-?$)")
"""The order of the sides behind a structure: "Foraminal stenosis (R / L):"."""
_PAIR = re.compile(r"[\u2022-]*(l)[:,-]{0,2}([gzo])(?:c([gzo]))?[,;]?$")
"""Two values at a level: "L4-5: mild / none"."""

_DISCS_TITLE = re.compile(r"[\u2022-]*e:(?:$|l)")
"""Discs, and levels after them: the sentences that follow are about discs alone."""

_LEVEL_KEY = re.compile(r"[\u2022-]*[wep]{1,3}:[lp]+")
"""A key whose value is a level: "Level examined: L4-5", on a line of its own."""

_DISC_TITLE = re.compile(r"[w\u2022-]*e:?l:?")

_KEYED = re.compile(r"[-\u2022p]*l(?:[,c]+l)*\)?(?:[:-]|$)")

_EXCEPTED = re.compile(r"[de][wpcved,o]*E[rpw]{0,3}l$")
"""A level that only excepts something else: "the discs are normal except at L5-S1"."""

_NAMED_AFTER = re.compile(r"ye(?:[wv,]|$)")
"""A root that is named after a level of another region: "at L5-S1 there is a conjoined S1-S2 root sleeve"."""

_OF_REGION = re.compile(r"Rh|[hx]p{1,2}R(?=$|[.,;c])")
"""Lumbar stenosis, stenosis of the lumbar spine."""

_SIDED_KEY = re.compile(r"[^:l]{0,5}:(?:r[:-])?|[\u2022-]*(?:l[:-])?(?:r[sf]h?|[sf]h?,?r)-?$")

_UNSAID = {
    (done, images): Template(imaging=done, images=images) if done or images else NOTHING
    for done in (False, True)
    for images in (False, True)
}
"""Sentences that say nothing of a cell, by whether a study was made and whether they tell of its images."""

_IMAGED = re.compile(r"[wljyqpcRXv>,;:()-]*")
_REST_TITLE = re.compile(r"[\u2022-]*q{1,2}:")

_LESION_AT_LEVEL = re.compile(r"b[^lPDuw,;:]{0,6}dl")
"""There is a large extrusion at L4-5."""
_OTHER_NORMAL = re.compile(r"[\u2022-]*(?:l[:,-]{0,2})?o?e(?:,?ce|,e){0,2}v?o?")
"""The disc is normal; normal disc."""
_PRESSED = re.compile(r"[\u2022-]*(?:l[:,-]{0,2})?kv?[hH](?:[wpb]{1,2}[de])?[,;]?")
"""The thecal sac is pressed upon, which narrows no canal."""
_THERE_IS = "connectors/there-is"
_ON_IMAGES = frozenset({"distractors/frame", "distractors/conus"})

_SIDE_ALONE = re.compile(r"[\u2022-]*(r)(?:w{0,2}:)?")
"""A side and nothing else: "Right:", "Left-sided findings:"; no "Right-sided lipoma."."""

_NAMED_ONLY = re.compile(r"[vpc>b]*w[wvpc>b]*s[pl]{0,2}")


def template_of(tags: list[Tag], readings: Mapping[str, Reading]) -> Template:
    """What `tags` say; `readings` are those of the lexicon."""
    speech = speech_of(tags)
    if _SPEAKING.isdisjoint(speech) and not _flags(tags):
        side = _heading_side(speech, tags)
        if _NOUN_TITLE.fullmatch(speech):
            return Template(topic="-", imaging=tells_of_imaging(tags), images=_tells_of_images(tags))
        return Template(sided=side) if side else _UNSAID[tells_of_imaging(tags), _tells_of_images(tags)]
    if _is_scale(speech, tags) or _tells_what_was_imaged(speech, tags) or _is_of_others(speech, tags):
        return NOTHING
    linker = Linker(tags, readings)
    statements = linker.run()
    if is_of_upper_spine(linker.tags):
        statements = tuple(one for one in statements if one.level.mention is not None)
    elif _OF_REGION.search(linker.speech) and not set(linker.speech) & set("lqg"):
        statements = ()  # "Assessment: lumbar stenosis." is of no level
    unread = sum([sign in UNREAD_SPEECH and i not in linker.used for i, sign in enumerate(speech)])
    tags, speech = linker.tags, linker.speech
    opens, mark, heading, closes = _opened(linker, tags)
    order = _order(tags)
    key = _ORDERED.sub("", speech).replace("t", "h") if order else speech
    titled = _LEVEL_TITLE.fullmatch(speech) is not None
    topic = tags[-1].finding if titled else _topic(key, tags)
    named = [tag.levels for tag in tags if tag.levels is not None and tag.meaning.speech == "l"]
    return Template(
        statements=statements or _spoken_of(speech, tags, topic),
        opens=opens,
        opens_mark=linker.numbers[mark] if mark >= 0 else -1,
        beside=linker.beside,
        spread=None if heading or mark < 0 else spread_of(named),
        heading=heading,
        heading_only=heading and not speech.replace("-", "").strip("l:,c\u2022"),
        lists=speech.endswith(":") and not named and _is_graded(statements),
        keyed=heading and bool(_KEYED.match(speech)),
        closes=closes,
        clears=not heading and (linker.excepts or _ends_on_all(tags)),
        other_nouns=not statements and _is_of_other_nouns(speech, tags),
        region=region_of(speech, tags),
        imaging=tells_of_imaging(tags),
        topic=topic,
        topic_side=order if order and key != speech else _topic_side(speech, tags),
        pair=_pair(speech, tags, linker.numbers),
        sided=_heading_side(speech, tags),
        graded=_heading_grade(speech, tags),
        title=topic == DISCS or titled or bool(_TITLE.match(key)),
        last_side=_last_side(linker),
        described=described_by(tags, named, bool(statements)),
        spoken=spoken_last(named),
        discs=_begins_with_discs(tags),
        dry=not statements and not heading and all(_of_dry_disc(tag) for tag in tags),
        pressed=_PRESSED.fullmatch(speech) is not None,
        other_normal=_OTHER_NORMAL.fullmatch(speech) is not None and "o" in speech,
        images=_tells_of_images(tags) or _tells_of_lesion(speech, tags),
        of_rest=_is_of_rest(speech, tags),
        flags=_flags(tags),
        unread=unread,
    )


def _is_graded(statements: Sequence[Statement]) -> bool:
    """Whether a heading says how severe something is at the levels below it: "Severe canal stenosis:"."""
    return bool(statements) and all(
        one.phrase not in {"ungraded", "measure"} and one.level.reference in {"scope", "heading"}
        for one in statements
    )


def _spoken_of(speech: str, tags: Sequence[Tag], topic: str) -> tuple[Statement, ...]:
    """A structure that a sentence ends with and tells nothing of: the next one goes on about it.

    As in "I was asked about the lateral recesses. At L3-4 they are mildly narrowed."
    """
    if topic or _NAMED_ONLY.fullmatch(speech) is None:
        return ()
    codes = tuple(FINDINGS[tags[speech.index("s")].finding].codes.values())
    return (Statement(codes, 0, 3, "past", LevelRef()),)


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
    return "l" not in speech and any(tag.rule == "distractors/population" for tag in tags)


def _opened(linker: Linker, tags: list[Tag]) -> tuple[LevelMention | None, int, bool, bool]:
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
        and (aside or not (set(speech) & set("dsfxt") or _LESION.search(speech)))
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


def _is_of_rest(speech: str, tags: Sequence[Tag]) -> bool:
    """Whether "remaining levels" is a heading: what follows, with no level of its own, is about them."""
    heads = _REST_TITLE.match(speech)
    return heads is not None and tags[heads.end() - 2].meaning.value == "remaining"


def _tells_of_images(tags: list[Tag]) -> bool:
    return any(tag.rule in _ON_IMAGES for tag in tags)


def _tells_of_lesion(speech: str, tags: Sequence[Tag]) -> bool:
    return _LESION_AT_LEVEL.match(speech) is not None and tags[0].rule == _THERE_IS


def _flags(tags: list[Tag]) -> frozenset[str]:
    """What the sentence says of the report as a whole."""
    return _REPORT_FLAGS.intersection([tag.meaning.value for tag in tags])


def _tells_what_was_imaged(speech: str, tags: Sequence[Tag]) -> bool:
    """Whether planes and levels are all that is named, and no heading: "Axial T2 L3-S1 only."."""
    return (
        not speech.endswith(":")
        and any(tag.rule == PLANE for tag in tags)
        and _IMAGED.fullmatch(speech) is not None
    )


def _begins_with_discs(tags: list[Tag]) -> bool:
    """Whether the first thing that the sentence names is a disc."""
    first = next((tag for tag in tags if tag.meaning.speech in "sfxhtkedq"), None)
    return first is not None and first.rule.endswith(_DISC)


def _of_dry_disc(tag: Tag) -> bool:
    return tag.meaning.speech not in "sfxhtked" or tag.rule.endswith(_DISC) or tag.meaning.value == "aside"


def _ends_on_all(tags: list[Tag]) -> bool:
    """Whether the last word on levels is "elsewhere" or the like: what comes next is not about one level."""
    last = next((tag.meaning.value for tag in reversed(tags) if tag.meaning.speech in "lyq"), "")
    return last in {"all", "remaining", "elsewhere", "upper", "lower", "levels upwards", "levels downwards"}


def _is_of_other_nouns(speech: str, tags: Sequence[Tag]) -> bool:
    """Whether all or the others are no levels: "the remaining discs are dry", "no other fracture"."""
    at = max(speech.rfind("q"), 0)
    return tags[at].rule.endswith("-disc") or speech[at + 1 : at + 2] in {"e", "d", "w"}


def _leads(speech: str, first: int) -> bool:
    """Whether a level is a heading: at the start, or before a colon ("Lumbosacral junction (L5-S1):")."""
    before, after = speech[:first], speech[first + 1 : first + 3]
    return not before.removeprefix("q:").strip(",-:\u2022p(") or (
        not before.strip("wRe(") and after.lstrip(")")[:1] == ":"
    )


def _names_disc(speech: str, tags: Sequence[Tag]) -> bool:
    """Whether a sentence names a disc and nothing else: "Disc space L4-5", on a line of its own."""
    return _DISC_TITLE.fullmatch(speech) is not None and tags[speech.index("e")].rule.endswith(_DISC)


def _topic(speech: str, tags: list[Tag]) -> str:
    key = speech.partition(":")[0]
    if _DISCS_TITLE.match(speech) and tags[speech.index("e")].rule.endswith(_DISC):
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


def _pair(speech: str, tags: Sequence[Tag], numbers: Sequence[int]) -> tuple[Statement, ...]:
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


def _topic_side(speech: str, tags: list[Tag]) -> str:
    key = _SIDED_KEY.match(speech)
    sides = {tag.meaning.value for tag in tags[: key.end()] if tag.meaning.speech == "r"} if key else set()
    return sides.pop() if len(sides) == 1 else ""


def _heading_side(speech: str, tags: Sequence[Tag]) -> str:
    """The side of a heading that names nothing else: "Right-sided findings:"."""
    named = _SIDE_ALONE.fullmatch(speech)
    side = tags[named.start(1)].meaning.value if named else ""
    return side if side in {"right", "left"} else ""


def _heading_grade(speech: str, tags: Sequence[Tag]) -> tuple[int, int] | None:
    """The grade of a heading that says nothing else: "SEVERE" over "- Canal stenosis at L4-5"."""
    if speech.strip(":\u2022-") != "g":
        return None
    said = tags[speech.index("g")].meaning
    return said.low, said.high


def _last_side(linker: Linker) -> str:
    """The side that the sentence names last, ``both`` included; empty if none, or one by reference."""
    sides = [i for i, sign in enumerate(linker.speech) if sign == "r"]
    return linker.tags[sides[-1]].meaning.value if sides and sides[-1] not in linker.relative else ""
