"""Words whose part depends on their neighbours, settled before a sentence is cut into items.

"The other foramen" is the other side, "the other foramina" are elsewhere; "the same" may be a space, "no" an
answer. What one word beside another decides is in `labeling.speech.words`, adjectives that are structures in
`adjectives`, levels beside another in `ranges`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.levels import LevelMention
from labeling.rule_names import HELD_AGAINST, THERE_IS
from labeling.speech.adjectives import settle_adjectives
from labeling.speech.other_nouns import names_another
from labeling.speech.parts import (
    ANATOMY,
    AND,
    EXCEPT,
    LEVEL,
    NO,
    NONE,
    PRESENT,
    SEMICOLON,
    SILENT,
    STENOSIS,
    STRUCTURE,
    THIS,
    WHICH,
)
from labeling.speech.ranges import RANGES, settle_disc_key, settle_heading, settle_range, settle_versus
from labeling.speech.words import is_one, part_of
from labeling.speech.words_of_link import LAST, LOWEST, is_last_of_all
from labeling.tagging import WORD, Tag, speech_of
from lexicons.findings import CANAL, FACET
from lexicons.meanings import Meaning
from lexicons.vocabulary import LEVELS

_OR = Meaning("c", "or")
_AND = "connectors/and"
_COUNTERPART = "distractors/counterpart"
_FLAVUM = "distractors/flavum-hypertrophy"
_HYPERTROPHY = Meaning("t", "arthropathy")
_NEURAL_CANAL, _FORAMEN = "findings/canal/neural", "findings/foramen/foramen"
_SIDE_BEFORE = re.compile(r"r(?:[gz]{1,2}[hH]?p?)?$|rl?$|r[c,]{1,2}[gz]{0,2}r$")
_SIDE_AFTER = re.compile(r"v?[gz]{0,3}[hHo]?[,(p]{0,2}[gz]{0,2}l?r(?=$|[,;)cblq])|:-?r")
"""A side before a space, or behind it and what it is."""
"""Words for the two, and a side before a neural canal or behind it: "severe narrowing of it, left"."""
_MIRRORED = {"right": "left", "left": "right"}
_RELATIVE = {"same side": "right", "other side": "left"}
"""What a side by reference stands for when the sentence names none: `Statement.relative` says so."""
_NARROW_THERE = re.compile(r"[gz]{0,3}[Ho]")
_OTHER_GRADED = re.compile(r"v?[gz]{1,2}H?(?:$|[,;)])")
_POINTERS = frozenset({"connectors/this", "connectors/that"})
_NAMED = {str(level): LevelMention((level,), "one") for level in LEVELS}
_VERSUS = frozenset({*HELD_AGAINST, "distractors/not-as", "change/compared"})
# the left is moderately narrowed, the right is not
_ELLIPTIC_NOT = re.compile(r"H[^oO;:]*;?[rs]{1,2}v?(n)(?=$|[,;)])")
# the right foramen is open; the left is not
_NOT_OPEN = re.compile(r"o[^gzhHxtdeno;:]*[,;]c?[lrs]{1,2}v(n)(?=$|[,;)cb])")
# the right one is open; the left is not, and the narrowing there is severe
_NARROW_SO = re.compile(
    r"(?:^|(?<=[,;]))[cb]?(?:[lq],?)?rs?v(?P<so>n?,?[cb]?h[bvq]{1,2})(?=[gz]{1,3}(?:$|[,;)]))"
)
# the foramina are patent, but not on the left
_BUT_NOT = re.compile(r"o(?:p{0,2}[lqr])?,?b(n)(?=p{0,2}r(?:$|[,;)]))")
# no canal but moderate right foraminal stenosis; no canal and mild, or no, foraminal stenosis
_DENIED_FIRST = re.compile(
    r"(?<=n)z?r?([sf])(?=,?(?:b(?:[gz]{1,2}r?|r[gz]{1,2})|(?P<join>c|,)(?:gr?|rg)(?:,?c(?:gr|rg))?"
    r"|(?:(?:,?c|,)nz?r?[sf]){0,3}(?:,?c|,)nz?r?)[fs]w?h)"
)
_SIDED_NEXT = re.compile(r"gr|rg")
# severe left but only mild right foraminal stenosis
_BUT_OTHER = re.compile(
    r"(?:(?<=[gz]r)|(?<=[gz]r,)|(?<=r[gz])|(?<=r[gz],))b(?=(?:[gz]{1,2}r|r[gz]{1,2}|nr),?w?[fsx])"
)
# L4-5: severe right with mild left foraminal stenosis
_SIDED_FIRST = re.compile(r"(?:^|[lBb:;uUK\u2022-]|[hxf],c?|[hx]c)(?:[gz]{1,2}r|r[gz]{1,2})$")
_GRADE_NONE = Meaning("g", "none")
_NONE_OF_LIST = re.compile(r"(?:(?<=g,c)|(?<=gc)|(?<=g,))[no]z?(?=[,c]|[rw]{0,2}[sfhx])|[no](?=,g|cg|,cg)")
# severe at L4-5 and to a lesser extent at L2-3 (mild)
_LESS_AT = re.compile(r"(?<=[)lg])z(?=l[,(]?g)")
# worse on the right and is severe there
_WORSE_THERE = re.compile(r"a(,?[cb])(?=X?v?[gz]{1,2}[hH]?q$)")
# occupies the right foramen and narrows it severely
# or: a recess, which it narrows severely; save at L4-5, where a bulge narrows it
# or: goes into the right foramen, narrowing it severely
_OBJECT_BEFORE = re.compile(
    r"(?:s[rl]?(?:,?c|(?P<joint>,))|(?:s|l),W[dew]{0,3})[gz]{0,2}(?P<it>i)(?=[gz]{0,2}(?:$|[,;)bB]|cl))"
)
# without narrowing the right; moderate encroachment upon the right one
# or: reaches both foramina without narrowing them
_NAMELESS = re.compile(r"[gzn](?P<it>i)(?=p?r(?:$|[,;)])|(?<=ni)(?:$|[,;)]))")
# occupies the right recess, with severe stenosis of the same
_OF_THE_SAME = re.compile(r"(?P<side>r?)(?P<space>s),?[bBc][gz]{0,3}hp(?P<same>K)(?=$|[,;)bBc])")
# Canal stenosis: no
_ANSWER = re.compile(r"(?:(?:^|[:;,\u2022])l[:-]?|[hx][lr]?[:(v-]?|[(;,]r[:-]|s[:-]?)(n)(?=l?(?:$|[,;)]))")
# canal stenosis (+), foraminal stenosis (-); Canal stenosis: L3/4 (-), L4/5 (+)
_MARKED = re.compile(r"(?<=[hxtlrsf:]\()(?:(-)|(?<=[lr]\()c)(?=[,)])|[hxt]:(-)(?=$|[,;)])")
# foraminal stenosis (-/-); FS (Rt: -, Lt: mild), (R+/L-)
_MARK_PAIR = re.compile(r"(?<=[hxts]\()(?:-c-|ccc)(?=\))")
_MARKED_SIDES = re.compile(r"(?<=[hxts]\()r:?[gzoc-]{1,2}(?:,c?|;|c)r:?[gzoc-]{1,2}(?=\))")
_SIDE_MARK = re.compile(r"r:?([c-])(?=$|[,;c])")
_SLASHED_KEY = re.compile(r"(?<=[gzohHtxrdw])c(?=r?[sfe][ht]?[:-])")


def settle_parts(tags: Sequence[Tag]) -> tuple[list[Tag], frozenset[int]]:
    """`tags` with the parts that neighbours decide, and which of them name a side by reference."""
    settled = list(tags)
    relative: set[int] = set()
    side = ""
    for at, tag in enumerate(tags):
        # "stenosis of this foramen": of the side that was named last
        words = "same side" if _points_to_side(tags, at, side) else tag.meaning.value
        if tag.meaning.speech in "ra" and words.removesuffix(" more") in _MIRRORED:
            side = words.removesuffix(" more")
        elif words == "the other" and tag.meaning.speech == "q":
            if not is_one(tags, at + 1):
                settled[at] = _the_other(tags, at)
                continue
            words = "other side"
        elif tag.rule in LAST and is_last_of_all(tags, at):
            settled[at] = tag._replace(meaning=LEVEL, levels=_NAMED["L5-S1"], rule=LOWEST)
        elif (part := part_of(tags, at)) is not None:
            settled[at] = tag._replace(meaning=part, finding="" if part is ANATOMY else tag.finding)
        elif words in _NAMED and tag.meaning.speech == "q":
            settled[at] = tag._replace(meaning=LEVEL, levels=_NAMED[words])
        elif words in RANGES or tag.rule in _VERSUS:
            (settle_range if words in RANGES else settle_versus)(settled, at)
        if words in _RELATIVE:
            named = (_MIRRORED[side] if words == "other side" else side) if side else _RELATIVE[words]
            settled[at] = tag._replace(meaning=Meaning("r", named))
            if not side:
                relative.add(at)
    speech = speech_of(settled)
    for signs, settle in _STEPS:
        if not signs.isdisjoint(speech):
            settle(settled, speech)
            speech = speech_of(settled)
    return settled, frozenset(relative)


def _the_other(tags: Sequence[Tag], at: int) -> Tag:
    """What "the other" is before no single structure: one of two sides, another noun, the other levels."""
    if _is_of_two(tags, at + 1):
        return tags[at]._replace(meaning=_OR, rule="connectors/slash")
    another = names_another(tags, at + 1)
    return tags[at]._replace(meaning=WORD if another else Meaning("q", "elsewhere"))


def _is_of_two(tags: Sequence[Tag], at: int) -> bool:
    """Whether "the other" is one of two sides: "both foramina are narrowed, one mild, the other severe"."""
    both = any(tag.meaning.value == "both" and tag.meaning.speech == "r" for tag in tags[:at])
    return both and _OTHER_GRADED.match(speech_of(tags[at : at + 4])) is not None


def _points_to_side(tags: Sequence[Tag], at: int, side: str) -> bool:
    """Whether a structure is that of the side named last: "this foramen", "the foramen there is narrow"."""
    if tags[at].rule == THERE_IS:
        said = at > 0 and side != "" and is_one(tags, at - 1) and speech_of(tags[max(at - 2, 0) : at]) != "rs"
        return said and _NARROW_THERE.match(speech_of(tags[at + 1 : at + 5])) is not None
    sided = speech_of(tags[at + 2 : at + 3]) == "r"  # "narrowing of that foramen on the left"
    return tags[at].rule in _POINTERS and is_one(tags, at + 1) and not sided


def _settle_marks(tags: list[Tag], speech: str) -> None:
    """Plus and minus signs of what is there and what is not."""
    if not any(opened in speech for opened in ("(-", "(c", ":-", "(r")):
        return
    _mark(tags, *[match.end() - 1 for match in _MARKED.finditer(speech)])
    for match in _MARK_PAIR.finditer(speech):
        _mark(tags, match.start(), match.end() - 1)
    for match in _MARKED_SIDES.finditer(speech) if "(r" in speech else ():
        _mark(tags, *[one.start(1) for one in _SIDE_MARK.finditer(speech, *match.span())])


def _mark(tags: list[Tag], *places: int) -> None:
    """Makes a plus one that is there and a minus one that is not, at each of `places`."""
    for at in places:
        if tags[at].meaning.speech == "-":
            tags[at] = tags[at]._replace(meaning=NONE)
        elif tags[at].rule == _AND:
            tags[at] = tags[at]._replace(meaning=PRESENT)


def _settle_slashes(tags: list[Tag], speech: str) -> None:
    """A slash before a key ends what the key before it said: "Canal - mild / Foramen - none"."""
    for match in _SLASHED_KEY.finditer(speech):
        if tags[match.start()].rule == "connectors/slash":
            tags[match.start()] = tags[match.start()]._replace(meaning=SEMICOLON)


def _settle_ellipses(tags: list[Tag], speech: str) -> None:
    for match in (*_NAMELESS.finditer(speech), *_OBJECT_BEFORE.finditer(speech)) if "i" in speech else ():
        at = match.start("it")
        tags[at] = tags[at]._replace(meaning=Meaning("h", tags[at].meaning.value.removesuffix(" it")))
        joint = match.start("joint") if match.groupdict().get("joint") else -1
        if joint >= 0:
            tags[joint] = tags[joint]._replace(meaning=AND)
    worse = _WORSE_THERE.search(speech) if speech.endswith("q") and "a" in speech else None
    if worse is not None and tags[-1].meaning is THIS:
        tags[worse.end() - 1] = tags[worse.end() - 1]._replace(meaning=WHICH)
    for match in _LESS_AT.finditer(speech) if "zl" in speech else ():
        tags[match.start()] = tags[match.start()]._replace(meaning=AND)
    for match in _DENIED_FIRST.finditer(speech) if "n" in speech else ():
        if match["join"] == "c" and tags[match.start("join")].meaning.value != "and":
            _deny_both(tags, speech, match)
            continue
        tags[match.start(1)] = tags[match.start(1)]._replace(meaning=STENOSIS)
    for match in _BUT_OTHER.finditer(speech) if "b" in speech and "r" in speech else ():
        join = tags[match.start()].meaning.value
        if join == "but" or (join == "with" and _SIDED_FIRST.search(speech, 0, match.start())):
            tags[match.start()] = tags[match.start()]._replace(meaning=AND)
    denied = [_ELLIPTIC_NOT.search(speech)] if "vn" in speech or "sn" in speech or "rn" in speech else []
    if any(answer in speech for answer in (":n", "-n", "sn", "(n", "ln", "hn", "xn", "vn")):
        answers = _ANSWER.finditer(speech)
        denied += [answer for answer in answers if tags[answer.start(1)].meaning.value == "no"]
    for found in denied:
        if found is not None:
            tags[found.start(1)] = tags[found.start(1)]._replace(meaning=NONE)


def _settle_opposites(tags: list[Tag], speech: str) -> None:
    """Calls narrow what is not open as another is: "the right is open; the left is not"."""
    if (told := _NARROW_SO.search(speech) if "h" in speech else None) is not None:
        # "the left is narrowed; the right is not, and the narrowing is severe" is of the left
        of_other = "n" in told["so"] and not set(speech[: told.start()]).isdisjoint("gzhHx")
        for at in () if of_other else range(*told.span("so")):
            tags[at] = tags[at]._replace(meaning=SILENT)
        speech = speech_of(tags)
    narrow = _NOT_OPEN.search(speech) if "vn" in speech else None
    if narrow is not None and tags[narrow.start(1)].meaning.value == "not":
        tags[narrow.start(1)] = tags[narrow.start(1)]._replace(meaning=PRESENT)


def _settle_exceptions(tags: list[Tag], speech: str) -> None:
    """A side that is not as the other one is excepted: "the foramina are patent, but not on the left"."""
    for match in _BUT_NOT.finditer(speech) if "bn" in speech else ():
        if tags[match.start(1)].meaning.value == "not":
            tags[match.start(1)] = tags[match.start(1)]._replace(meaning=EXCEPT)


def _deny_both(tags: list[Tag], speech: str, match: re.Match[str]) -> None:
    """Lets a denial reach behind its "or": "no significant canal or moderate foraminal stenosis"."""
    begun, join = match.start(), match.start("join")
    if speech[begun] == "z":
        tags[begun] = tags[begun]._replace(meaning=SILENT)
    if "r" in match[0] and _SIDED_NEXT.match(speech, join + 1):  # "no left foraminal or severe right ..."
        tags[join] = tags[join]._replace(meaning=NO)


def _settle_nones(tags: list[Tag], speech: str) -> None:
    """What is denied in a list of grades is one of them: "mild, moderate and no stenosis respectively"."""
    for match in _NONE_OF_LIST.finditer(speech):
        tags[match.start()] = tags[match.start()]._replace(meaning=_GRADE_NONE)
        if match[0][1:] == "z":
            tags[match.start() + 1] = tags[match.start() + 1]._replace(meaning=_GRADE_NONE)


def _settle_same(tags: list[Tag], speech: str) -> None:
    """Gives "of the same" the space, with its side, that the words before it are about.

    So it does "counterpart", with the side that it has itself.
    """
    for at in [i for i, tag in enumerate(tags) if tag.rule == _COUNTERPART]:
        before = next((tag for tag in reversed(tags[:at]) if tag.meaning.speech == "s"), None)
        finding = before.finding if before is not None else ""
        tags[at] = tags[at]._replace(meaning=STRUCTURE if finding else WORD, finding=finding)
    found = _OF_THE_SAME.search(speech) if "pK" in speech else None
    if found is None:
        return
    space, same = tags[found.start("space")], found.start("same")
    side = tags[found.start("side")].meaning.value if found["side"] else ""
    sided = side in _MIRRORED and space.meaning.value.startswith("structure")
    meaning = Meaning("s", f"structure {side}") if sided else space.meaning
    tags[same] = tags[same]._replace(meaning=meaning, finding=space.finding)


def _settle_flavum(tags: list[Tag], speech: str) -> None:
    """Lets the joints share the noun of their ligament: "facet & LF hypertrophy"."""
    at = speech.find("scd")
    if at >= 0 and tags[at].finding == FACET and tags[at + 2].rule == _FLAVUM:
        tags[at + 1] = tags[at + 1]._replace(meaning=WORD)
        tags[at + 2] = tags[at + 2]._replace(meaning=_HYPERTROPHY, finding="facet")


def _settle_neural(tags: list[Tag], speech: str) -> None:
    """Takes a neural canal with a side, or beside the spinal one, for the foramen: not so one alone."""
    for at in [i for i, tag in enumerate(tags) if tag.rule == _NEURAL_CANAL]:
        beside = any(tag.meaning.speech == "s" and _is_canal(tag) for tag in tags)
        sided = _SIDE_BEFORE.search(speech, 0, at) or _SIDE_AFTER.match(speech, at + 1)
        if beside or sided:
            tags[at] = tags[at]._replace(finding="foramen", rule=_FORAMEN)


def _is_canal(tag: Tag) -> bool:
    return tag.finding == CANAL and tag.rule != _NEURAL_CANAL


_STEPS = tuple(
    (frozenset(signs), settle)
    for signs, settle in (
        ("(:", _settle_marks),
        ("-:", _settle_slashes),
        ("b", _settle_exceptions),
        ("v", _settle_opposites),
        ("iaznb", _settle_ellipses),
        ("M", _settle_nones),
        ("K", _settle_same),
        ("d", _settle_flavum),
        ("f", settle_adjectives),
        ("j", settle_disc_key),
        ("l", settle_heading),
        ("s", _settle_neural),
    )
)
"""What is settled one after the other, each with the signs of which it needs one."""
