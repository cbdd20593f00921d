"""Rows in one line, which no sign parts: each level that heads a row of its own, or an entry of one.

In ``L3/4: bulge; foramina: patent L4/5: bulge; canal stenosis: mild`` a level with a colon begins the next
row, and takes nothing from the one before; in ``Canal stenosis: L3-4 none L4-5 mild L5-S1 none`` each level
stands before its value. Brackets, braces and names of the column (``[Level]``, ``Level:``) are no signs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from labeling.levels import mention_of
from labeling.rewriting.clauses import ANEW
from labeling.rewriting.line import Line
from labeling.speech.parts import COMMA, NONE
from labeling.tagging import Tag
from lexicons.meanings import Meaning

_ANEW = Meaning(";", ANEW)
_ROW = re.compile(r"^(?:\([wde]{0,2}\)|:)(?=l[:-])|(?:^|(?<=[;.(\u2022-])|(?<=w:))w{0,2}[>-]?(?=l:)")
"""Where the first row begins: at a level and its colon, and the name of their column."""
_NEXT_ROW = re.compile(r"(?<=[a-zA-Z)])(?<![cpb])(?:\([wde]{0,2}\)(?=l[:-])|[|>w-]?(?=l:))")
_NEXT_NAMED = re.compile(r"(?<=[a-zA-Z)]):(?=l:)")
"""The same where a colon stands behind the name of the column: "Level: L4/5: ..."."""
_VALUE = r"(?:r?[gzo]{1,2}|[gzo]{1,2}r|(?:r?\([gzo]{1,2}\)){1,2})"
_ENTRIES = re.compile(
    rf"(?:^|(?<=[hHxs])|(?<=[hHxs]r)|(?<=[hHxsr)][:-]))(?:l[:v-]?{_VALUE}[,;]?){{2,8}}(?=$|[)]|(?<=[,;]))"
)
_ENTRY = re.compile(rf"l[:v-]?{_VALUE}(?=l)")
_NONE_THERE = re.compile(r"(?<=[lr]\()n(?=\))")


_GRADED = re.compile(r"(?:[gn][^,;:oOnN]{0,8}[hHxt]|[:,;lchHxts]r?g{1,2}|^r?g{1,2})r?p?$")
"""A grade or a denial that its levels stand behind."""
_NARROW = re.compile(r"[hHx]p?$")
_OWN = re.compile(r"[v:-]?(?:(?:g{1,2}|[oO])r?(?:$|[,;)])|r?g{1,2}r?(?:w?[sf][hHt]|x))")
"""A value that stands behind its level, or a finding with one."""


_WORSE_THERE = re.compile(r"g{1,2}(?:$|[,;)])")
"""A grade of what the sentence is about: "mild at L2 to L5, L4-5 severe"."""


def part_rows(line: Line) -> None:
    """Puts a semicolon before each row and a comma between entries."""
    _part_repeated(line)
    _part_tails(line)
    for denied in _NONE_THERE.finditer(line.speech) if "(n)" in line.speech else ():
        line.turn(denied.start(), line.tags[denied.start()]._replace(meaning=NONE))
    if line.speech.count("l") < 2:
        return
    for start, end, sign in reversed(row_joints(line.speech)):
        line.put(start, end)
        if sign:
            before = line.tags[start - 1]
            line.turn(start - 1, before, before._replace(meaning=_ANEW if sign == ";" else COMMA))


def _part_repeated(line: Line) -> None:
    """Ends a range before levels of it that are named again: "dry discs L2 to S1, L3-4 bulge"."""
    again = [at for at, tag in enumerate(line.tags) if tag.levels is not None and tag.levels.again]
    for at in reversed(again):
        tag = line.tags[at]
        if (listed := tag.levels) is not None:
            told = mention_of(listed.again)
            last = tag._replace(levels=told, meaning=Meaning("l", told.span))
            joint = COMMA if _WORSE_THERE.match(line.speech, at + 1) else _ANEW
            line.turn(at, tag, tag._replace(meaning=joint, levels=None, rule=""), last)


def _part_tails(line: Line) -> None:
    """Ends a list before its last levels where these are of the next clause: "severe at L3-4, L4-5 mild"."""
    tailed = [at for at, tag in enumerate(line.tags) if tag.levels is not None and tag.levels.tail]
    for at in reversed([at for at in tailed if _is_parted(line.tags, line.speech, at)]):
        tag = line.tags[at]
        if (listed := tag.levels) is not None:
            told = [
                mention_of(part) for part in (listed.levels[: -listed.tail], listed.levels[-listed.tail :])
            ]
            first, last = (tag._replace(levels=part, meaning=Meaning("l", part.span)) for part in told)
            line.turn(at, first, tag._replace(meaning=COMMA, levels=None, rule=""), last)


def _is_parted(tags: Sequence[Tag], speech: str, at: int) -> bool:
    """Whether the last of the levels at `at` has a value of its own, where the others have one."""
    if _OWN.match(speech, at + 1) is None:
        return False
    then = tags[at + 1]  # "stenosis at L3-4, L4-5 normal", but not "stenosis L3-4, L4-5 none"
    called = then.rule == "normal/normal" or then.meaning.value == "level normal"
    return _GRADED.search(speech, 0, at) is not None or (called and _NARROW.search(speech, 0, at) is not None)


@lru_cache(maxsize=50_000)
def row_joints(speech: str) -> tuple[tuple[int, int, str], ...]:
    """Where a sign is missing, what it stands for (``start..end``), and which sign it is."""
    found: list[tuple[int, int, str]] = []
    if (first := _ROW.search(speech)) is not None:
        named = first.start() == 0 and speech[:1] in {"(", ":"}
        found += [(*first.span(), "")] if named else []
        rows = _NEXT_NAMED if speech[:1] == ":" else _NEXT_ROW
        found += [(*match.span(), ";") for match in rows.finditer(speech, first.end() + 1)]
    for entries in _ENTRIES.finditer(speech):
        ends = [match.end() for match in _ENTRY.finditer(speech, *entries.span())]
        found += [(end, end, ",") for end in ends]
    return tuple(sorted(found))
