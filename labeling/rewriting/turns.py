"""Grades in turn, told again of the other side: of the same levels in the same order.

"The right foramina at L4-5 and L5-S1 are mildly and severely narrowed respectively; the left are severely and
mildly narrowed" says its levels once. The second time each of the grades gets its level here.
In "foraminal stenosis: L4-5, L5-S1 (bil., mild; left, moderate)" what stands in the bracket is told in turn.
A pair of grades in one word ("canal stenosis at L3-4 and L4-5, moderate/severe respectively") is two of them.
"""

from __future__ import annotations

import re
from itertools import chain

from labeling.levels import mention_of
from labeling.rewriting.line import Line
from labeling.rule_names import PRONOUNS
from labeling.speech.parts import AND, COLON, COMMA, LEVEL, SEMICOLON
from labeling.tagging import Tag
from lexicons.findings import CANAL
from lexicons.meanings import Meaning
from lexicons.vocabulary import Level

_RUN = r"[go](?:,[go]){0,3},?c[go]"
_AGAIN = re.compile(
    rf"[;,]?c?[wpb]{{0,2}}(?P<side>r)s?,?v?(?P<run>{_RUN})H?,?M?(?=$|[;,)])"
    rf"|[;,]?c?v?(?P<runs>{_RUN})H?,?M?(?P<last>r)(?=$|[;,)])"
)
_ENTRY = r"(?:r,?[gz]{1,2}|[gz]{1,2}(?:,?r)?|o)"
_BRACKET = re.compile(rf"(?P<list>l)\((?P<entries>{_ENTRY}(?:;{_ENTRY}){{1,5}})\)")
_SIDED_BRACKET = re.compile(
    r"rl(?:,?c|[,;])(?P<last>r)l(?P<bracket>\((?:[gz]{1,2}r|r[gz]{1,2})(?:(?:[,;]c?|c)(?:[gz]{1,2}r|r[gz]{1,2}))?\))"
)
"""Two places with a side each, and a bracket with grades of sides."""
_IN_ORDER = re.compile(
    r"(?:[hHtxl]|[hHt]p{1,2}r?s)(?:(?P<bracket>\()|[:,-]?)(?P<run>[go](?:[,;c]{1,2}[go]){0,5})(?:(?(bracket)\)|$)|;?$)"
)
"""Grades in a row behind what they are of, or in its bracket."""
_PLACE = r"r?(?:sh?|fh)p?l"
_PLACES = re.compile(
    rf"(?P<places>{_PLACE}(?:(?:,?c|,){_PLACE}){{1,5}})v?H?[:,;]?(?:(?P<run>{_RUN})H?,?M"
    r"|b?(?P<former>qv?[go])H?(?:[,;]?[cb]|[,;])(?P<latter>qv?[go])H?)(?=$|[;,)])"
)
"""Structures, each with its level, and grades in the same order, or those of the former and the latter."""
_SIDED_PLACES = r"(?P<places>rl(?:(?:,?c|,)rl){1,5})"
_NARROWED = r"w{0,2}(?:[sf]h|hp{1,2}w?s|[Hi]w?s)"
_SIDED = re.compile(rf"{_SIDED_PLACES}(?P<what>,?[bBc]?{_NARROWED})?[,(]?(?P<run>{_RUN})H?,?M\)?(?=$|[,;])")
_SIDED_AFTER = re.compile(rf"(?P<run>{_RUN})(?P<what>{_NARROWED}){_SIDED_PLACES},?M(?=$|[,;)])")
"""Places with a side each, and grades in the same order: "left L3-4 and right L4-5, mild and severe"."""
_EACH_PLACE = re.compile(
    r"(?<=[:,-])(?P<places>rl(?:(?:,?c|[,;])rl){1,4}|lr(?:(?:,?c|[,;])lr){1,4})[,(-]?"
    r"(?:(?P<all>[rvq])v?(?=g)|(?<=\())(?P<said>g{1,2})\)?(?=$|[,;])"
)
"""Places and their sides, and behind them what both or all are: "right L4-5, left L5-S1 (both mild)"."""
_ALL_OF_THEM = frozenset({"both", "every"})
_IN_TURN = Meaning("M", "respectively")
_FORMER_LATTER = ["references/former", "references/latter"]
_RESPECTIVELY = "connectors/respectively"
SLASH = "connectors/slash"
_MILD, _MODERATE, _SEVERE = (
    Meaning("g", word, low, low) for low, word in enumerate(("mild", "moderate", "severe"), 1)
)
_GRADES = {1: (_MILD, _MODERATE), 2: (_MODERATE, _SEVERE)}
"""Lower bound of a pair of grades in one word ("mild/moderate") to the two of them."""


def grades_of(pair: Tag) -> tuple[Meaning, ...]:
    """The two grades of one word, in the order of the text; none where it is no pair."""
    if "-paired" not in pair.rule:
        return ()
    grades = _GRADES[pair.meaning.low]
    return grades[::-1] if pair.rule.endswith("-down") else grades


def name_order(line: Line) -> None:
    """Puts the "respectively" that is left out behind as many grades as levels.

    As in "L1-2, L2-3, L3-4: bulges, causing canal stenosis (mild, mild, severe)". Two grades may be of two
    sides: they are in order only where they are of the canal.
    """
    levels = [tag.levels for tag in line.tags if tag.meaning.speech in "lq"]
    count = len(levels[0].levels) if len(levels) == 1 and levels[0] is not None else 0
    found = _IN_ORDER.search(line.speech) if count > 1 else None
    if found is None:
        return
    at, end = found.span("run")
    if any(tag.meaning.value == "or" and tag.rule != SLASH for tag in line.tags[at:end]):
        return
    if sum([len(grades_of(tag)) or tag.meaning.speech in "go" for tag in line.tags[at:end]]) != count:
        return
    sided = any(tag.finding != CANAL for tag in line.tags[:at] if tag.meaning.speech in "sfx")
    if count < 3 and (sided or end - at < 3):
        return
    last = line.tags[end - 1]
    line.turn(end - 1, last, last._replace(meaning=_IN_TURN, rule=_RESPECTIVELY))
    for joint in [joint for joint in range(at, end) if line.speech[joint] == ";"]:
        line.turn(joint, line.tags[joint]._replace(meaning=COMMA))


def part_pairs(line: Line) -> None:
    """Puts the two grades of a pair in its place, if levels as many as the grades are then listed."""
    pairs = {at: grades for at, tag in enumerate(line.tags) if (grades := grades_of(tag))}
    grades_told = sum(2 if at in pairs else sign in "go" for at, sign in enumerate(line.speech))
    if grades_told not in {len(tag.levels.levels) for tag in line.tags if tag.levels is not None}:
        return
    for at, (first, second) in reversed(pairs.items()):
        line.turn(at, *[line.tags[at]._replace(meaning=meaning) for meaning in (first, AND, second)])


def tell_in_turn(line: Line) -> None:
    """Gives a level to each grade that has its level by its place."""
    speech, tags = line.speech, line.tags
    word = speech.find("M")
    listed = speech.find("l")
    if listed < 0 or (again := _AGAIN.search(speech, word + 1)) is None:
        return
    if speech.count("l", 0, again.end()) > 1:  # "..., the root being flattened at L5-S1" comes behind it
        return
    levels = tags[listed].levels
    begun, end = again.span("run" if again["run"] else "runs")
    grades = [at for at in range(begun, end) if speech[at] in "go"]
    side = again.start("side" if again["run"] else "last")
    sided = [tags[at].meaning for at in range(again.start()) if speech[at] == "r"]
    if levels is None or len(levels.levels) != len(grades) or sided[-1:] == [tags[side].meaning]:
        return
    told: list[tuple[int, Tag]] = []
    for grade, level in zip(grades, levels.levels, strict=True):
        joint = tags[grade]._replace(meaning=COMMA if told else SEMICOLON)
        told += [
            (grade, joint),
            (side, tags[side]),
            (grade, tags[grade]),
            (listed, one_level(tags[listed], level)),
        ]
    line.write(*again.span(), told)


def tell_sides_in_turn(line: Line) -> None:
    """Gives each grade its level and side, where as many of these are listed.

    The list may be of another noun: "facet hypertrophy at right L4-5 and left L5-S1, with narrowing of the
    foramina (mild and severe respectively)".
    """
    found = _SIDED.search(line.speech) or _SIDED_AFTER.search(line.speech)
    if found is None:
        return
    grades = [at for at in range(*found.span("run")) if line.speech[at] in "go"]
    levels = [at for at in range(*found.span("places")) if line.speech[at] == "l"]
    if len(grades) != len(levels):
        return
    what = range(*found.span("what")) if found["what"] else range(0)
    first = found.start("run") < found.start("places")
    told = [(at, line.tags[at]) for at in what] if first else []
    told += [] if first or not what else [(at, line.tags[at]) for at in range(found.start(), what.stop)]
    for level, grade in zip(levels, grades, strict=True):
        joint = line.tags[grade]._replace(meaning=COMMA if told and told[-1][0] in grades else COLON)
        told += [(grade, joint), *((at, line.tags[at]) for at in (level - 1, level, grade))]
    line.write(*found.span(), told)


def tell_places(line: Line) -> None:
    """Gives each structure its grade: "the canal at L3-4 and the left foramen at L4-5 are mild and severe".

    So do "the former" and "the latter" of two such.
    """
    found = _PLACES.search(line.speech)
    if found is None:
        return
    begun = found.start("places")
    places = [(begun + match.start(), begun + match.end()) for match in re.finditer(_PLACE, found["places"])]
    if found["run"]:
        grades = [at for at in range(*found.span("run")) if line.speech[at] in "go"]
    else:
        grades = [found.end("former") - 1, found.end("latter") - 1]
        if [line.tags[found.start(one)].rule for one in ("former", "latter")] != _FORMER_LATTER:
            return
    if len(places) != len(grades):
        return
    told: list[tuple[int, Tag]] = []
    for (start, end), grade in zip(places, grades, strict=True):
        told += [(grade, line.tags[grade]._replace(meaning=SEMICOLON))] if told else []
        told += [(at, line.tags[at]) for at in (*range(start, end), grade)]
    line.write(*found.span(), told)


def tell_in_bracket(line: Line) -> None:
    """Gives each entry of a bracket its level, where it has as many as the levels listed before it."""
    for match in reversed([*_BRACKET.finditer(line.speech)]):
        listed = match.start("list")
        levels = line.tags[listed].levels
        entries = match["entries"].split(";")
        sided = [line.tags[i].meaning.value for i in range(*match.span("entries")) if line.speech[i] == "r"]
        if levels is None or len(levels.levels) != len(entries) or {"right", "left"} == {*sided}:
            continue  # "L4-5 and L5-S1 (right, mild; left, severe)" may be of the two sides of each
        told: list[tuple[int, Tag]] = []
        at = match.start("entries")
        for entry, level in zip(entries, levels.levels, strict=True):
            said = [at + i for i, sign in enumerate(entry) if sign in "gzo"]
            said += [at + i for i, sign in enumerate(entry) if sign == "r"]
            at += len(entry) + 1  # and the semicolon or bracket behind it
            told += [
                (listed, one_level(line.tags[listed], level)),
                *((i, line.tags[i]) for i in (*said, at - 1)),
            ]
        line.write(*match.span(), told[:-1])


def leave_bracket(line: Line) -> None:
    """Drops a grade of which the place cannot be told: "right L4-5, left L5-S1 (right mild)"."""
    for match in reversed([*_SIDED_BRACKET.finditer(line.speech)]):
        told = {line.tags[i].meaning.value for i in range(*match.span("bracket")) if line.speech[i] == "r"}
        if "both" not in told and told != {line.tags[match.start("last")].meaning.value}:
            line.put(*match.span("bracket"))


def tell_of_each(line: Line) -> None:
    """Gives each of the places the grade that "both" or "all" have; with no such word the last has it."""
    found = _EACH_PLACE.search(line.speech)
    if found is None:
        return
    places, said = found.span("places"), range(*found.span("said"))
    if found["all"] is None:
        for at in range(*places):
            if line.speech[at] == "c":
                line.turn(at, line.tags[at]._replace(meaning=COMMA))
        return
    whose = line.tags[found.start("all")]
    if whose.meaning.value in _ALL_OF_THEM or whose.rule in PRONOUNS:
        last = found["places"][1]
        graded = [(at, *said) if line.speech[at] == last else (at,) for at in range(*places)]
        line.put(*found.span(), chain.from_iterable(graded))


def one_level(listed: Tag, level: Level) -> Tag:
    """One of the levels of a list."""
    return listed._replace(meaning=LEVEL, levels=mention_of((level,)))
