"""Words whose part depends on their neighbours, settled before a sentence is cut into items.

"The other foramen" is the other side, "the other foramina" are elsewhere; "all" between a verb and its value,
or before a structure, is of all levels; "central" in "severe central, mild foraminal" or after "Stenosis:" is
a structure and no adjective; "L3-4 and below" and "above L4-5" are ranges.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from labeling.levels import LevelMention
from labeling.tagging import Tag
from lexicons.findings import FINDINGS
from lexicons.meanings import Meaning
from lexicons.vocabulary import LEVELS, Level

_STRUCTURE = Meaning("s", "structure")
_STENOSIS = Meaning("x", "stenosis")
_SILENT = Meaning("-")
_COMMA = Meaning(",")
_WORD = Meaning("w", "word")
_ANATOMY = Meaning("e", "anatomy")
_LEVEL = Meaning("l", "one")
_THESE = Meaning("q", "these")
_MIRRORED = {"right": "left", "left": "right"}
_SIDE_AND_SIDE = ("/left-and-the-right", "/right-and-the-left")
_RELATIVE = {"same side": "right", "other side": "left"}
"""What a side by reference stands for when the sentence names none: `Statement.relative` says so."""
_NAMED = {str(level): LevelMention((level,), "one") for level in LEVELS}
_VERSUS = frozenset({"distractors/versus", "change/compared"})
_HELD_AGAINST = re.compile(r"(?:W[wv]{0,2})?p{0,2}l(?:[,c]+l(?=$|[,;)]))*(?!,?W)")
"""Levels that another one is only held against, behind a word for it."""
_OPEN_RANGES = frozenset({"upwards", "downwards", "and upwards", "and downwards"})

_ALONE = r"f(?![wrlcf,]*[hHtxsk])"
# Stenosis: central mild, right foraminal moderate; the narrowing is central and moderate
_KEY = re.compile(rf"^[l:(),-]*(h):(?=[lrqgzn]*f)(?!.*[hHx])|^[blq,]*(h)[lq]*v(?=r?{_ALONE})")
_BARE_ADJECTIVE = re.compile(rf"(?<=[:v;,lrc]){_ALONE}")
# severe central, severe bilateral subarticular; no central, moderate left foraminal stenosis
# not so where one grade serves both: moderate central and bilateral subarticular stenosis
_CHAIN = r"(?:[,c]+[rl]*[ngz][nrgzl]*f)"
_ELLIPTIC = re.compile(
    rf"(?<=[ngz])[rla]*(f)(?={_CHAIN}*(?:$|[;)]|,?c?(?:[rl]*[ngz][nrgzl]*s|[rl]*s(?=[gzov,;)]|$))"
    rf"|,(?![ngzrlcw]*[fdehs]))|{_CHAIN}+h)"
)
# the left is moderately narrowed, the right is not
_ELLIPTIC_NOT = re.compile(r"H[^oO;:]*;?[rs]{1,2}v(n)(?=$|[,;)])")
# nil significant canal or foraminal stenosis; no abnormality of the foramina
_NOUN = re.compile(r"(?:(?:r?[sfk](?:[,c]+r?[sfk]){0,3})?([hHtx])|r?[sk])")
# no canal but moderate right foraminal stenosis; no canal and mild, or no, foraminal stenosis
_DENIED_FIRST = re.compile(
    r"(?<=n)z?r?([sf])(?=,?(?:b(?:[gz]{1,2}r?|r[gz]{1,2})|(?P<join>c|,)(?:gr?|rg)(?:,?c(?:gr|rg))?"
    r"|(?:(?:,?c|,)nz?r?[sf]){0,3}(?:,?c|,)nz?r?)[fs]w?h)"
)
# severe left but only mild right foraminal stenosis
_BUT_OTHER = re.compile(
    r"(?:(?<=[gz]r)|(?<=[gz]r,)|(?<=r[gz])|(?<=r[gz],))b(?=(?:[gz]{1,2}r|r[gz]{1,2}|nr),?w?[fsx])"
)
# L4-5: severe right with mild left foraminal stenosis
_SIDED_FIRST = re.compile(r"(?:^|[lBb:;\u2022-]|[hx],?c)(?:[gz]{1,2}r|r[gz]{1,2})$")
_AND = Meaning("c", "and")
# spinal stenosis involving the central canal and both foramina
_INVOLVED = re.compile(r"(f)h,?p+r?s(?:,?cp?r?s){1,3}(?=$|[,;)lq])")
_OF = Meaning("p", "of")
_STUDIES = frozenset({"distractors/study", "distractors/done", "regions/lumbar-study", "regions/lumbar-scan"})
_NARROWING = frozenset({"heads/narrowing-it", "heads/compromise-it", "heads/obliteration-it"})
# canal narrowing is moderate, foraminal mild
_SECOND_KEY = re.compile(r"(?<=[,;c])f(?=v?[gz]{1,2}r?(?:$|[,;)]))")
_NO = Meaning("n", "no")
_NORMAL = Meaning("o", "normal")
_GRADE_NONE = Meaning("g", "none")
_NONE_OF_LIST = re.compile(r"(?:(?<=g,c)|(?<=gc)|(?<=g,))[no]z?(?=[,c]|[rw]{0,2}[sfhx])|[no](?=,g|cg|,cg)")
_DOUBTED = Meaning("U", "after")
_SPACE = re.compile(r"r?s(?![wrl]{0,3}[hHtxf])")
# moderate encroachment upon the right one
# severe at L4-5 and to a lesser extent at L2-3 (mild)
_LESS_AT = re.compile(r"(?<=[)lg])z(?=l[,(]?g)")
# greater on the left (severe) than on the right (moderate)
_WORSE_THAN = re.compile(r"a(?=\(g\)w{0,3}r\(g\))")
# without narrowing the right
_NAMELESS = re.compile(r"[gzn](i)(?=p?r(?:$|[,;)]))")
# Canal stenosis: no
_ANSWER = re.compile(r"[hx][lr]?[:-](n)(?=$|[,;)])")
_NONE = Meaning("o", "none")
# canal stenosis (+), foraminal stenosis (-); Canal stenosis: L3/4 (-), L4/5 (+)
_MARKED = re.compile(r"(?<=[hxlrsf:]\()(?:(-)|(?<=[lr]\()c)(?=[,)])|[hx]:(-)(?=$|[,;)])")
_NARROWS = Meaning("i", "narrowing it")
_PRESENT = Meaning("z", "present", 1, 3, "ungraded")
_BARE_VERB = re.compile(rf"^[lqWb,]*v(?=r?{_ALONE})")
# Central: mild; L5-S1 foraminal, severe right, mild left
_TITLE = re.compile(r"(?:^|(?<=[lr,;:(\u2022-]))f(?=:|-[gzorGn]|,[gr]{2,3}(?:[,c]+[gr]{2,3}){0,3}(?:$|[;)]))")
_GRADED = r"(?:[gzo]{1,2}r?|r[gzo]{1,2})f[rlqa]{0,3}"
# severe central, severe bilateral subarticular
_GRADED_LIST = re.compile(
    rf"(?<![fw]){_GRADED}(?:(?:,c?|c){_GRADED}){{0,5}}"
    rf"(?=$|[;)]|l(?![wrl]{{0,3}}[hHtxsk])|,n|(?:,c?|c)[gz]{{1,3}}pr?s)"
)
_CLAUSE = re.compile(r"[^;:(]*$")
_ROW = re.compile(r"^(?:[p\u2022-]*|[scfhe,]{1,8}:)l,?cl")
_HEADING = re.compile(r"^[\u2022-]*l(?:[;,c]+l){1,6}(?=:)")


def settle_parts(tags: Sequence[Tag]) -> tuple[list[Tag], frozenset[int]]:
    """`tags` with the parts that neighbours decide, and which of them name a side by reference."""
    settled = list(tags)
    relative: set[int] = set()
    side = ""
    for at, tag in enumerate(tags):
        words = tag.meaning.value
        if tag.meaning.speech == "r" and words in _MIRRORED:
            side = words
        elif words == "the other" and tag.meaning.speech == "q":
            if not _is_one(tags, at + 1):
                settled[at] = replace(tag, meaning=Meaning("q", "elsewhere"))
                continue
            words = "other side"
        elif (part := _part(tags, at)) is not None:
            settled[at] = replace(tag, meaning=part, finding="" if part is _ANATOMY else tag.finding)
        elif words in _NAMED and tag.meaning.speech == "q":
            settled[at] = replace(tag, meaning=_LEVEL, levels=_NAMED[words])
        elif words in _OPEN_RANGES:
            _settle_range(settled, at)
        elif tag.rule in _VERSUS:
            _settle_versus(settled, at)
        if words in _RELATIVE:
            named = (_MIRRORED[side] if words == "other side" else side) if side else _RELATIVE[words]
            settled[at] = replace(tag, meaning=Meaning("r", named))
            if not side:
                relative.add(at)
    for settle in (
        _settle_marks,
        _settle_ellipses,
        _settle_nones,
        _settle_two_sides,
        _settle_adjectives,
        _settle_heading,
    ):
        settle(settled, _speech_of(settled))
    return settled, frozenset(relative)


def _speech_of(tags: Sequence[Tag]) -> str:
    return "".join([tag.meaning.speech for tag in tags])


def _part(tags: Sequence[Tag], at: int) -> Meaning | None:
    """The part that the neighbours of a word give it, if it is one of those that they decide."""
    tag = tags[at]
    decide = _BY_RULE.get(tag.rule)
    if decide is not None:
        return decide(tags, at)
    if tag.meaning.speech == "u":
        return _DOUBTED if _hedges_back(tags, at) else None
    return _before_noun(tags, at) if tag.meaning.value == "level normal" else None


def _is_one(tags: Sequence[Tag], at: int) -> bool:
    """Whether a single structure that has sides follows ("the other foramen")."""
    if at >= len(tags) or tags[at].meaning.value != "structure":
        return False
    return None not in FINDINGS[tags[at].finding].codes


def _is_space(tags: Sequence[Tag], at: int) -> bool:
    """Whether a space itself follows, and no narrowing of it."""
    after = "".join(tag.meaning.speech for tag in tags[at : at + 6])
    return _SPACE.match(after) is not None and not any(tag.finding == "facet" for tag in tags[at : at + 2])


def _hedges_back(tags: Sequence[Tag], at: int) -> bool:
    """Whether a doubt stands behind its noun, with nothing but a level after it."""
    after = tags[at + 1].meaning.speech if at + 1 < len(tags) else ""
    return at > 0 and tags[at - 1].meaning.speech in "hx" and after in {"", "l", "q", ",", ";", ")"}


def _before_noun(tags: Sequence[Tag], at: int) -> Meaning | None:
    """What "nil significant" is before a noun: it denies a stenosis, or calls a structure normal."""
    after = "".join(tag.meaning.speech for tag in tags[at + 1 : at + 12])
    found = _NOUN.match(after)
    return None if found is None else _NO if found[1] else Meaning("o", "normal")


def _goes_on(tags: Sequence[Tag], at: int) -> bool:
    return at + 1 < len(tags) and tags[at + 1].meaning.speech not in ",;)"


def _denies(tags: Sequence[Tag], at: int) -> bool:
    """Whether words before `at` deny, or those after a structure: "canals of the lumbar spine are patent"."""
    before = "".join(tag.meaning.speech for tag in tags[:at])
    return "n" in before or (before[-1:] in set("sfhxo") and any(t.meaning.speech == "o" for t in tags))


def _quantifies(tags: Sequence[Tag], at: int) -> bool:
    before = tags[at - 1].meaning.speech if at else ""
    after = tags[at + 1].meaning.speech if at + 1 < len(tags) else ""
    return (before == "v" and after in {"o", "g", "H"}) or after in {"s", "f"}


_BY_RULE: Mapping[str, Callable[[Sequence[Tag], int], Meaning | None]] = {
    # "no fluid margin remaining"
    "references/the-rest": lambda tags, at: None if _goes_on(tags, at) else _WORD,
    # "MRI of the lumbar spine shows canal stenosis"
    "references/of-the-spine": lambda tags, at: None if _denies(tags, at) else _WORD,
    # "at both L3-4 and L4-5"
    "references/at-both": lambda tags, at: _OF if "l" in _speech_of(tags[at + 1 : at + 2]) else None,
    "references/every": lambda tags, at: None if _quantifies(tags, at) else _WORD,
    # "large canal"
    "grades/large": lambda tags, at: _NORMAL if _is_space(tags, at + 1) else None,
    # "narrowing the right foramen, sparing the canal"
    "connectors/sparing": lambda tags, at: _NORMAL if _is_apart(tags, at) else None,
    # "protrusion narrowing lateral recesses"
    "heads/narrowing-noun": lambda tags, at: _NARROWS if _acts(tags, at) else None,
    # "those of L5-S1 are normal", after the structures that it stands for
    "connectors/those-of": lambda tags, at: (
        None
        if not at or tags[at - 1].meaning.value == "word"
        else _OF
        if tags[at - 1].meaning.speech == "g"
        else _SILENT
    ),
    # "average canal diameter is 13 mm"
    "normal/average": lambda tags, at: _WORD if any(t.meaning.speech == "m" for t in tags[at:]) else None,
    # "indentation on the thecal sac and foraminal narrowing"
    "findings/canal/sac": lambda tags, at: _ANATOMY if _is_pressed(tags, at) else None,
    # "Both of these result in", "Both cause", of the levels of the sentence before
    "connectors/which-all": lambda _tags, at: None if at else _THESE,
    "sides/both": lambda tags, at: _THESE if not at and _causes(tags, 1) else None,
    # "moderate narrowing of this foramen"
    "connectors/which": lambda tags, at: _WORD if _points_at(tags, at) else None,
    # "The MRI was interpreted as showing moderate stenosis"
    "change/was-said": lambda tags, at: _WORD if _is_of_study(tags[:at]) else None,
    # "A bulge is mildly narrowing the left foramen"
    "connectors/is": lambda tags, at: _WORD if _is_narrowing(tags, at + 1) else None,
    "regions/lumbar": lambda tags, at: _WORD if _is_of_noun(tags, at) else None,
    "heads/involving-it": lambda tags, at: _OF if at and tags[at - 1].meaning.speech in "hHt" else None,
    # "At the L4-5 interspace, there is", where nothing narrows it
    "distractors/interspace": lambda tags, at: _SILENT if _names_level(tags, at) else None,
    # "L3/4: as L4/5 as regards the canal"
    "change/as": lambda tags, at: None if _copies(tags, at) else _WORD,
}
"""Rule of a word whose part depends on its neighbours to the function that tells it, `None` for no change."""


def _acts(tags: Sequence[Tag], at: int) -> bool:
    """Whether a word for narrowing is said of what comes before it: "a bulge, narrowing exit canals"."""
    return at > 0 and tags[at - 1].meaning.speech in ",dtvlb" and _is_space(tags, at + 1)


def _is_apart(tags: Sequence[Tag], at: int) -> bool:
    """Whether a clause about a space alone begins: "narrowing the right foramen, sparing the canal"."""
    return at > 0 and tags[at - 1].meaning.speech in ",;bc" and _is_space(tags, at + 1)


def _names_level(tags: Sequence[Tag], at: int) -> bool:
    """Whether a disc space stands behind a level that begins a clause, with a break after it."""
    before = "".join(tag.meaning.speech for tag in tags[max(at - 2, 0) : at])
    after = tags[at + 1].meaning.speech if at + 1 < len(tags) else ""
    return (
        before[-1:] == "l" and (before[:-1] in set(",;:\u2022-") or at == 1) and after in {":", "-", ",", "b"}
    )


def _is_narrowing(tags: Sequence[Tag], at: int) -> bool:
    """Whether a verb that narrows its object stands at `at`, or behind an adverb there."""
    after = next((tag for tag in tags[at : at + 3] if tag.meaning.speech not in "gzn"), None)
    return after is not None and after.rule in _NARROWING


def _points_at(tags: Sequence[Tag], at: int) -> bool:
    """Whether "this" or "that" stands between a verb or "of" and a structure."""
    before, after = (tags[i].meaning.speech if 0 <= i < len(tags) else "" for i in (at - 1, at + 1))
    return before in {"p", "i"} and after == "s"


def _is_of_study(before: Sequence[Tag]) -> bool:
    """Whether a study is what is spoken of, and nothing in it yet."""
    return any(tag.rule in _STUDIES for tag in before) and not any(
        tag.meaning.speech in "sfhHxlkP" for tag in before
    )


def _is_of_noun(tags: Sequence[Tag], at: int) -> bool:
    """Whether a region stands between a grade and its noun: "severe lumbar stenosis"."""
    before, after = (tags[i].meaning.speech if 0 <= i < len(tags) else "" for i in (at - 1, at + 1))
    return before in {"g", "z", "n"} and after in {"h", "f", "s", "x"}


def _causes(tags: Sequence[Tag], at: int) -> bool:
    """Whether a verb follows that only a level or a lesion can have: "Both result in mild stenosis."."""
    return at < len(tags) and tags[at].meaning.speech in "Bi"


def _is_pressed(tags: Sequence[Tag], at: int) -> bool:
    """Whether what presses on the thecal sac stands right before it: no narrowing of it."""
    before = tags[at - 1].meaning if at else _SILENT
    return before.speech == "h" and before.value == "compromise"


def _copies(tags: Sequence[Tag], at: int) -> bool:
    """Whether "as" stands between a level and another one: "L3/4: as L4/5"."""
    before = tags[at - 1].meaning.speech if at else ""
    return before in {"", "l", ":", "-", "v"} and at + 1 < len(tags) and tags[at + 1].meaning.speech == "l"


def _settle_range(tags: list[Tag], at: int) -> None:
    """Both tags of "above L4-5" or "L3-4 and below" come to name all those levels."""
    words = tags[at].meaning.value
    if (around := _around(tags, at)) is not None:
        tags[at] = replace(tags[at], meaning=Meaning("l", around.span), levels=around)
        if tags[at + 1 : at + 2] and tags[at + 1].meaning.speech == "q":
            tags[at + 1] = replace(tags[at + 1], meaning=_SILENT)
        return
    inclusive = words.startswith("and ")
    beside = at - 1 if inclusive else at + 1
    levels = tags[beside].levels if 0 <= beside < len(tags) else None
    if levels is None or len(levels.levels) != 1:
        tags[at] = replace(tags[at], meaning=_WORD)
        return
    found = _beyond(levels.levels[0], "up" in words, inclusive)
    mention = LevelMention(found, "one" if len(found) == 1 else "range")
    for place in (at, beside):
        tags[place] = replace(tags[place], meaning=Meaning("l", mention.span), levels=mention)


def _settle_versus(tags: list[Tag], at: int) -> None:
    """The levels of "narrower than at L3-4 or L4-5" are spoken of no more."""
    held = _HELD_AGAINST.match("".join(tag.meaning.speech for tag in tags[at + 1 : at + 9]))
    for place in range(at, at + 1 + held.end()) if held else ():
        tags[place] = replace(tags[place], meaning=_WORD, levels=None)


def _around(tags: Sequence[Tag], at: int) -> LevelMention | None:
    """The levels of "severe at L4-5 and patent above", or "above and below this": beyond the one named.

    Of a list named before, only its levels: "at L3-4, L4-5 and L5-S1, mild at L3-4 and severe below".
    """
    words = tags[at].meaning.value
    following = tags[at + 1].meaning if at + 1 < len(tags) else _COMMA
    both = following.value in _OPEN_RANGES and following.value.startswith("and ")
    ends = both or following.speech in ",;)cbW" or following.value == "this"
    mentions = [tag.levels for tag in tags[:at] if tag.levels is not None and tag.meaning.speech == "l"]
    if not (ends and at and mentions and tags[at - 1].meaning.speech in "gzo") or words.startswith("and "):
        return None
    if len(mentions[-1].levels) != 1:
        return None
    level = mentions[-1].levels[0]
    found = _beyond(level, "up" in words, False) + (_beyond(level, "up" not in words, False) if both else ())
    listed = {one for mention in mentions[:-1] if len(mention.levels) > 1 for one in mention.levels}
    if not listed and tags[at - 1].meaning.speech != "o":
        return None  # how far up it is mild cannot be told
    levels = tuple(one for one in sorted(found) if not listed or one in listed)
    return LevelMention(levels, "one" if len(levels) == 1 else "list") if levels else None


def _beyond(level: Level, up: bool, inclusive: bool) -> tuple[Level, ...]:
    return tuple(
        other
        for other in LEVELS
        if (other < level if up else other > level) or (inclusive and other is level)
    )


def _settle_marks(tags: list[Tag], speech: str) -> None:
    """Plus and minus signs of what is there and what is not."""
    if "(-" not in speech and "(c" not in speech and ":-" not in speech:
        return
    for match in _MARKED.finditer(speech):
        at = match.end() - 1
        tags[at] = replace(tags[at], meaning=_PRESENT if speech[at] == "c" else _NONE)


def _settle_ellipses(tags: list[Tag], speech: str) -> None:
    for match in _NAMELESS.finditer(speech) if "i" in speech else ():
        at = match.start(1)
        tags[at] = replace(tags[at], meaning=Meaning("h", tags[at].meaning.value.removesuffix(" it")))
    for match in _WORSE_THAN.finditer(speech) if "a(g" in speech else ():
        side = tags[match.start()].meaning.value.removesuffix(" more")
        tags[match.start()] = replace(tags[match.start()], meaning=Meaning("r", side))
    for match in _LESS_AT.finditer(speech) if "zl" in speech else ():
        tags[match.start()] = replace(tags[match.start()], meaning=_AND)
    for match in _DENIED_FIRST.finditer(speech) if "n" in speech else ():
        if match["join"] == "c" and tags[match.start("join")].meaning.value != "and":
            continue  # "no canal or moderate foraminal stenosis"
        tags[match.start(1)] = replace(tags[match.start(1)], meaning=_STENOSIS)
    for match in _BUT_OTHER.finditer(speech) if "b" in speech and "r" in speech else ():
        join = tags[match.start()].meaning.value
        if join == "but" or (join == "with" and _SIDED_FIRST.search(speech, 0, match.start())):
            tags[match.start()] = replace(tags[match.start()], meaning=_AND)
    denied = [_ELLIPTIC_NOT.search(speech)] if "vn" in speech else []
    if ":n" in speech or "-n" in speech:
        denied += _ANSWER.finditer(speech)
    for found in denied:
        if found is not None:
            tags[found.start(1)] = replace(tags[found.start(1)], meaning=_NONE)


def _settle_nones(tags: list[Tag], speech: str) -> None:
    """What is denied in a list of grades is one of them: "mild, moderate and no stenosis respectively"."""
    if "M" not in speech:
        return
    for match in _NONE_OF_LIST.finditer(speech):
        tags[match.start()] = replace(tags[match.start()], meaning=_GRADE_NONE)
        if match[0][1:] == "z":
            tags[match.start() + 1] = replace(tags[match.start() + 1], meaning=_GRADE_NONE)


def _settle_two_sides(tags: list[Tag], speech: str) -> None:
    """Parts "the stenosis is on the left and the right foramen is patent" before the second side."""
    if "s" not in speech:
        return
    at = next((i for i, tag in enumerate(tags) if tag.rule.endswith(_SIDE_AND_SIDE)), 0)
    around = speech[max(at - 1, 0) : at + 3]
    if at and around[:1] in set("vhH") and around[2:] in {"sv", "sg", "sH"}:
        right = tags[at].rule.endswith("-right")
        tags[at] = replace(tags[at], meaning=_COMMA)
        tags[at + 1] = replace(
            tags[at + 1], meaning=Meaning("s", "structure right" if right else "structure left")
        )


def _settle_adjectives(tags: list[Tag], speech: str) -> None:
    if "f" not in speech:
        return
    found = [match.start() for match in _TITLE.finditer(speech)]
    second = [match.start() for match in _SECOND_KEY.finditer(speech)]
    found += [at for at in second if "h" in speech[:at] and not _is_of_lesion(speech, at)]
    for match in _GRADED_LIST.finditer(speech):
        if not _is_of_lesion(speech, match.start()):
            found += [at for at in range(*match.span()) if speech[at] == "f"]
    for match in _INVOLVED.finditer(speech):
        places = [at for at in range(*match.span()) if speech[at] in "fs"]
        if all(any(tags[at].finding == "canal" for at in part) for part in (places[:1], places[1:])):
            tags[match.start(1)] = replace(tags[match.start(1)], meaning=_WORD, finding="")
    for match in _ELLIPTIC.finditer(speech):
        if match.start(1) not in found and not _is_of_lesion(speech, match.start(1)):
            tags[match.start(1)] = replace(tags[match.start(1)], meaning=_STENOSIS)
    key = _KEY.match(speech)
    if key is not None:
        at = key.start(key.lastindex or 1)
        tags[at] = replace(tags[at], meaning=_SILENT)
    if key is not None or _BARE_VERB.match(speech):
        found += [match.start() for match in _BARE_ADJECTIVE.finditer(speech)]
    for at in found:
        tags[at] = replace(tags[at], meaning=_STRUCTURE)


def _is_of_lesion(speech: str, at: int) -> bool:
    """Whether a lesion was named before in the clause: "broad protrusion, moderate left foraminal"."""
    clause = _CLAUSE.search(speech, 0, at)
    return clause is not None and "d" in clause[0]


def _settle_heading(tags: list[Tag], speech: str) -> None:
    """Levels in a row before a colon are one heading: "D12/L1 ; L1/2 ; L2/3 : unremarkable".

    So are those that a sentence begins with: "at L3-4 and at L4-5 there is".
    """
    if speech.count("l") < 2:
        return
    match = _HEADING.match(speech) or _ROW.match(speech)
    if match is None:
        return
    mentions = [tag.levels for tag in tags[: match.end()] if tag.levels is not None]
    union = tuple(dict.fromkeys(level for mention in mentions for level in mention.levels))
    heading = LevelMention(union, "list")
    for at in range(match.end()):
        if tags[at].levels is not None:
            tags[at] = replace(tags[at], levels=heading)
        elif tags[at].meaning.speech == ";":
            tags[at] = replace(tags[at], meaning=_COMMA)
