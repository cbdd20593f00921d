"""Punctuation styles brought to one form before a sentence is cut into items.

A report may part a value from its side or level by a comma ("severe, right; mild, left"), or say a grade
twice, in words and on a scale ("Lee 3 (severe)"). The rules of `labeling.rewriting.punctuation` and
`orders` drop or move such tags; each tag that stays keeps the number it had, because evidence rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from labeling.rewriting.asides import drop_asides
from labeling.rewriting.bygones import date_first, drop_bygones, drop_keyed, drop_overruled
from labeling.rewriting.clauses import part_clauses
from labeling.rewriting.corrections import take_back
from labeling.rewriting.excepted import except_in_turn
from labeling.rewriting.keyed_pairs import part_keyed
from labeling.rewriting.level_lists import join_slips, leave_worse, part_joined
from labeling.rewriting.line import Line
from labeling.rewriting.operations import drop_operations
from labeling.rewriting.orders import ORDERS
from labeling.rewriting.others import date_others
from labeling.rewriting.passing import pass_over
from labeling.rewriting.picks import pick_levels
from labeling.rewriting.places_behind_levels import name_places
from labeling.rewriting.punctuation import ASIDES
from labeling.rewriting.rows import part_rows
from labeling.rewriting.turns import (
    grades_of,
    leave_bracket,
    name_order,
    part_pairs,
    tell_in_bracket,
    tell_in_turn,
    tell_of_each,
    tell_places,
    tell_sides_in_turn,
)
from labeling.rewriting.two_sides import (
    begin_sides,
    lead_with_side,
    name_same_side,
    narrow_other_side,
    tell_side_too,
)
from labeling.rule_names import LUMBAR_SCANS, SEVERAL_LEVELS, STUDY, THEY_ARE
from labeling.speech.neighbours import OF_STUDY, begins_with_study
from labeling.speech.parts import COMMA, IS, NO, PRESENT
from labeling.tagging import Tag, speech_of
from lexicons.findings import CANAL, FACET
from lexicons.meanings import Meaning

_RULES = (*ASIDES, *ORDERS)
_STUDIES = LUMBAR_SCANS | {STUDY}
_STUDY_TITLE = re.compile(r"[\u2022-]*(?=[^:]*[wR])[wRcpb,()-]{1,20}X?[:-](?=l)")
_SLASHED = re.compile(
    r"(?:(?P<both>g)|(?P<first>[gzo])c(?P<second>[gzo]))[(]?(?P<sides>r)[)]?(?=w?[fsx]|[,;]|$)"
)
_PARTING = re.compile(r"(?<=[gz])r(?=[sf]h?[gzo](?:$|[,;)]))")
"""A slash between two clauses: "foramina severe R, mild L / R lateral recess moderate"."""
_CLOSING = Meaning(")")
_OPEN_BUT = re.compile(r"sv?o(?:,?[cb]|,)v?(?P<narrow>H)(?=p?l)")
"""A structure that is open, and narrow at a level, with no grade: "patent but narrowed at L3-4"."""
_NARROWS_BACK = "heads/narrowing-it-back"
_IS_NARROWED = Meaning("H", "narrowed")
_NARROWS = Meaning("i", "narrowing it")
_JOINT_OF_LESION = re.compile(r"(?<=[de])[wpX]{0,2}(?P<side>r?)(?P<joint>s)(?=g{1,2}i)")
_JOINT_NARROWS = re.compile(
    r"(?P<joint>s)[gz]{1,2}(?:i|(?P<narrow>H)r?s(?:(?:,?c|,)r?s)*(?=$|[,;)lq]|c[gz]{1,2}i|p?l|p{0,2}r(?:$|[,;)l])))"
)
_BEGINS_CLAUSE = frozenset(",;:(\u2022-")
_WHAT_NARROWS = frozenset("gzrdewjbHtfclq")
_SIDE_OF_LESION = re.compile(
    r"(?<=d),r[wf]{0,2}(?=(?:,[wqm-]{1,4}){0,2},?[cb][gz]{0,2}(?P<joint>st|tp{0,2}s|Hs))"
)
"""The side where a lesion lies, and the joints: "an extrusion, right central, plus hypertrophic facets"."""


def rewrite(tags: Sequence[Tag], title: int) -> Line:
    """The tags that are read, with the number that each has in `tags`, whose first `title` name the study."""
    line = _said(tags, title)
    if "w" in line.speech:
        take_back(line)
        date_first(line)
    if ":l" in line.speech:
        part_keyed(line)
        name_places(line)
    drop_keyed(line)
    line.apart = drop_operations(line)
    _name_several(line)
    _leave_side(line)
    _leave_joint(line)
    begin_sides(line)
    lead_with_side(line)
    narrow_other_side(line)
    if "X" in line.speech:
        name_same_side(line)
    join_slips(line)
    if "lv" in line.speech or "lw" in line.speech:
        part_joined(line)
    _grade_narrow(line)
    _turn_passive(line)
    tell_side_too(line)
    leave_worse(line)
    pick_levels(line)
    date_others(line)
    part_rows(line)
    drop_asides(line)
    if "X" in line.speech:
        drop_overruled(line)
    drop_bygones(line)
    pass_over(line)
    if "E" in line.speech:
        except_in_turn(line)
    _tell_in_order(line)
    part_clauses(line)
    sides = [tag.rule for tag in line.tags if tag.meaning.speech == "r"]
    if any(rule.endswith("-bracket") for rule in sides):
        _close(line)
    if any(rule.endswith("-slash") for rule in sides):
        _unfold(line)
    read = numbers_read(line.speech)
    if len(read) < len(line.tags) or read != tuple(range(len(read))):
        line.keep(read)
    return line


def _tell_in_order(line: Line) -> None:
    """Gives each of the levels and sides that are listed the grade that is told of it elsewhere."""
    if "l(" in line.speech:
        tell_in_bracket(line)
        leave_bracket(line)
    if "g" in line.speech and ("rl" in line.speech or "lr" in line.speech):
        tell_of_each(line)
    if "g" in line.speech and "M" not in line.speech:
        name_order(line)
    if "M" in line.speech:
        part_pairs(line)
        tell_sides_in_turn(line)
        tell_in_turn(line)
    if "l" in line.speech and ("M" in line.speech or "qg" in line.speech or "qv" in line.speech):
        tell_places(line)


def _said(tags: Sequence[Tag], title: int) -> Line:
    """The tags without the words for the study around them.

    As in "The images show that L4-5 is normal", "L4-5 canal stenosis, severe on today's exam" and "MRI lumbar
    spine, Valley Imaging: L4-5, normal".
    """
    subject = begins_with_study(tags)
    start, end = max(subject, title), len(tags)
    while start < end and tags[start].rule in OF_STUDY:
        start += 1
    start += start < end and tags[start].rule == "connectors/that"
    if start == end or tags[start].meaning.speech not in "lqb":
        start = subject
    while end and tags[end - 1].rule in OF_STUDY:
        end -= 1
    if end < len(tags):
        end -= end > 0 and tags[end - 1].meaning.speech == "W"  # this study
    return Line(tags[start:end], start)


def _grade_narrow(line: Line) -> None:
    """Gives what is narrow at a level and open elsewhere its own value: "patent but narrowed at L3-4"."""
    found = _OPEN_BUT.search(line.speech) if "H" in line.speech else None
    if found is not None:
        tag = line.tags[found.start("narrow")]
        line.turn(found.start("narrow"), tag._replace(meaning=PRESENT))


def _turn_passive(line: Line) -> None:
    """Lets a space told before be the subject: "a bulge narrows it moderately", it is narrowed moderately."""
    acts = (at for at, tag in enumerate(line.tags) if tag.rule == _NARROWS_BACK)
    act = next(acts, -1) if "i" in line.speech else -1
    if act < 0 or line.speech[act] != "i" or line.speech[act + 1 : act + 2] not in {"", *",;)gclqvb"}:
        return
    begun = act
    while begun and (line.speech[begun - 1] in _WHAT_NARROWS or line.tags[begun - 1].finding == FACET):
        begun -= 1
    if begun and line.speech[begun - 1] not in _BEGINS_CLAUSE:
        begun = line.speech.rfind("c", begun, act)  # "The canal is small and a bulge narrows it."
        if begun < 0 or not line.speech[begun + 1 : act].strip("gz"):
            return  # "It touches the recess and narrows it."
    joint = int(line.speech[begun] in "cb" and begun < act)
    graded = next((at for at in range(act - 1, begun, -1) if line.speech[at] not in "gz"), begun) + 1
    named = [at for at in range(begun + joint, act) if line.speech[at] in "lq"]
    narrows = line.tags[act]
    line.turn(act, narrows._replace(meaning=IS, rule=THEY_ARE), narrows._replace(meaning=_IS_NARROWED))
    line.put(begun, act + 2, [*range(begun, begun + joint), *named, act, act + 1, *range(graded, act)])


def _name_several(line: Line) -> None:
    """Drops the words for several levels that are named next: "stenosis at two levels, L3-4 and L4-5"."""
    for at in range(len(line.tags) - 2, 0, -1):
        if line.tags[at].rule == SEVERAL_LEVELS and line.speech[at + 1] == "l":
            line.put(at, at + 1)


def _leave_side(line: Line) -> None:
    """Leaves the place of a lesion with it: "right central" is no canal, and facet joints have two sides."""
    at = line.speech.find("d,r")
    if at < 0:
        return
    if line.speech[at + 3 : at + 4] == "f" and line.tags[at + 3].finding == CANAL:
        line.put(at + 3, at + 4)
    found = _SIDE_OF_LESION.search(line.speech)
    if found is not None and line.tags[found.start("joint")].finding == FACET:
        line.put(*found.span())


def _leave_joint(line: Line) -> None:
    """Drops the joint that a lesion lies at, which has no grade: "a spur off the facet severely narrows"."""
    for match in reversed([*_JOINT_OF_LESION.finditer(line.speech)] if "gi" in line.speech else []):
        if line.tags[match.start("joint")].finding == FACET:
            line.put(*match.span(), range(*match.span("side")))
    if "sg" in line.speech:
        _part_joint(line)


def _part_joint(line: Line) -> None:
    """Parts a joint from what it does, whose grade is not its own: "facets mildly narrow both foramina"."""
    for match in reversed([*_JOINT_NARROWS.finditer(line.speech)]):
        joint, act = line.tags[match.start()], match.start("narrow")
        if joint.finding != FACET:
            continue
        if act >= 0:
            line.turn(act, line.tags[act]._replace(meaning=_NARROWS))
        line.turn(match.start(), joint, joint._replace(meaning=COMMA, rule=""))


def title_of_study(tags: Sequence[Tag]) -> int:
    """How many tags are a title of the study, before its first level."""
    title = _STUDY_TITLE.match(speech_of(tags)) if any(tag.rule in _STUDIES for tag in tags[:12]) else None
    if title is None or any(tag.meaning.value == "other" for tag in tags[: title.end()]):
        return 0
    return title.end()


def _close(line: Line) -> None:
    """Lets a side that ends an aside close its bracket: "stenosis (moderate R, mild L)"."""
    closing: list[int] = []
    depth = 0
    for at, tag in enumerate(line.tags):
        depth += {"(": 1, ")": -1}.get(tag.meaning.speech, 0)
        if depth > 0 and tag.rule.endswith("-bracket"):
            closing.append(at)
            depth -= 1
    for at in reversed(closing):
        line.turn(at, line.tags[at], line.tags[at]._replace(meaning=_CLOSING))


def _unfold(line: Line) -> None:
    """Gives its sides to a pair of grades before its noun: "mild/moderate R/L foraminal"."""
    parting = _PARTING.search(line.speech)
    if parting is not None and line.tags[parting.start()].rule.endswith("-slash"):
        _part_at(line, parting.start())
        return
    for match in reversed([*_SLASHED.finditer(line.speech)]):
        sides = match.start("sides")
        pair = _pair(line.tags, match)
        if not pair or not line.tags[sides].rule.endswith("-slash"):
            continue
        named = _sides_of(line.tags[sides])
        told = [((at, grade), (sides, side)) for (grade, at), side in zip(pair, named, strict=True)]
        line.write(*match.span(), chain.from_iterable(told))


def _part_at(line: Line, at: int) -> None:
    """Gives each of the sides at `at` to a clause of its own."""
    first, second = _sides_of(line.tags[at])
    line.turn(at, first, line.tags[at]._replace(meaning=COMMA), second)


def _sides_of(slashed: Tag) -> tuple[Tag, Tag]:
    """The two sides that a tag of both names, in the order of the text."""
    right, left = (
        slashed._replace(meaning=Meaning("r", side), rule=f"sides/{side}") for side in ("right", "left")
    )
    return (left, right) if slashed.rule.endswith("left-right-slash") else (right, left)


def _pair(tags: Sequence[Tag], match: re.Match[str]) -> list[tuple[Tag, int]]:
    """The two grades of `match` and the places of their words; none where it is one grade for both sides."""
    if match["both"] is None:
        words = [(tags[at], at) for at in (match.start("first"), match.start("second"))]
        return [(tag if tag.meaning.speech != "o" else tag._replace(meaning=NO), at) for tag, at in words]
    at = match.start("both")
    return [(tags[at]._replace(meaning=grade), at) for grade in grades_of(tags[at])]


@lru_cache(maxsize=50_000)
def numbers_read(speech: str) -> tuple[int, ...]:
    """The numbers of the tags that are read, in the order in which they are read."""
    numbers = list(range(len(speech)))
    for sign, pattern in _RULES:
        if sign not in speech or pattern.search(speech) is None:
            continue
        kept: list[int] = []
        done = 0
        for match in pattern.finditer(speech):
            kept += range(done, match.start())
            for group in sorted(pattern.groupindex):
                kept += range(*match.span(group)) if match[group] is not None else ()
            done = match.end()
        kept += range(done, len(speech))
        numbers = [numbers[at] for at in kept]
        speech = "".join(speech[at] for at in kept)
    return tuple(numbers)
