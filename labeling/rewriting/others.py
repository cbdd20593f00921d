"""What another report or an earlier study tells is none of this one.

A sentence whose subject is such a report ("The accompanying report, dictated in March, describes severe
stenosis at L4-5", "Her first MRI had shown ...") is read as one that begins with a date: its grades count for
nothing, and it names what the next sentence may go on about. So is one that begins with "Formerly", and a
comparison that goes on to what was seen then. What such a report has missed is not told by it. A bracket
behind the name of an earlier study holds what was seen then: "as compared with the MRI (severe at L4-5)".
"""

from __future__ import annotations

import re
from functools import lru_cache

from labeling.rewriting.line import Line
from labeling.rule_names import COMPARES, DONE, STUDY
from labeling.speech.parts import THEN, signs_of

_SIGN_OF_RULE = {
    "distractors/another-reading": "1",
    "distractors/earlier-study": "1",
    "distractors/document": "2",
    "flags/draft": "2",
    "distractors/tells": "4",
    "distractors/overlooks": "5",
    "distractors/since": "$",
    "change/prior": "6",
    "change/compared": "8",
    COMPARES: "8",
    STUDY: "7",
    DONE: "7",
    "distractors/had-told": "3",
    "change/formerly": "9",
    "distractors/at-first": "9",
    "change/not-agreed": "%",
    "connectors/when-there-was": "0",
    "connectors/which": "0",
    "connectors/where": "0",
    "change/then": "0",
    "change/prior-after": "0",
}
"""A sign of its own for what a report or a study is called, what it does and what it fails to do."""
_SPOKEN = frozenset("wdPWD")
_MARKS = frozenset("1236789%$")
_BESIDE = r"[w7pXDrjcRqy60()]"
"""What may stand beside the name of a report: who dictated it, when and where."""
_SAID = r"(?=[bW]?[gzsfkxhHtlbuoOnrdqKe])"
_BEGUN = r"(?:[cb]?,)?[cb]?w?"
_OTHERS = re.compile(
    # the outside report (Dr. Hale) describes; his previous MRI, done elsewhere, showed
    rf"[\u2022-]*(?P<named>{_BEGUN}(?:1|6[7R]+){_BESIDE}{{0,8}}(?:,{_BESIDE}{{1,6}},)?[w347]{{0,3}}W?){_SAID}"
    # the body of the report states; the preliminary report lists
    rf"|[\u2022-]*(?P<told>{_BEGUN}2{_BESIDE}{{0,8}}(?:,{_BESIDE}{{1,6}},)?w?[34]W?){_SAID}"
    # her scan of 2017 had shown
    rf"|[\u2022-]*(?P<had>{_BEGUN}(?:7|R){_BESIDE}{{0,8}}(?:,{_BESIDE}{{1,6}},)?3W?){_SAID}"
    # I disagree that there is severe stenosis
    rf"|[\u2022-]*(?P<denied>{_BEGUN}%{_BESIDE}{{0,8}}W?{_BESIDE}{{0,3}}){_SAID}"
    # formerly there was an extrusion
    r"|[\u2022-]*(?P<then>9),?(?=[blsrdewj])"
    # comparison is made with the study of 2019, when there was
    rf"|[\u2022-]*(?P<compared>[wW7]{{0,2}}v?8(?:[b>]|{_BESIDE}){{0,10}},?[034]{{1,2}}){_SAID}"
)
_SEEN_THEN = r"\((?=[^()]*[gzoOGhHx])[^()]*\)"
_IN_BRACKET = re.compile(
    # compared with the MRI of 2019 (severe at L4-5); the previous MRI (...); since the MRI (...)
    rf"(?:8[6wpcjDPr]{{0,4}}|6|\$w?|(?=1))[17R]{{0,2}}(?<=[178R])[wpjD]{{0,3}}(?P<told>{_SEEN_THEN})"
    # the study of 2019 (severe at L4-5) is available for comparison
    rf"|(?<=[17R])[wpjD]{{0,3}}(?P<first>{_SEEN_THEN})(?=[vw]{{0,2}}8)"
)
"""What a bracket tells of an earlier study."""
_RULE = "change/says-another"


def date_others(line: Line) -> None:
    """Puts a mere date in the place of the name of another report at the head of a sentence."""
    signs = signs_of(line.tags, _SIGN_OF_RULE, _SPOKEN)
    if _MARKS.isdisjoint(signs):
        return
    if "(" in signs and (told := told_in_brackets(signs)) != (0, 0):
        line.put(*told)
        signs = signs[: told[0]] + signs[told[1] :]
    start, end = named_first(signs)
    if end:
        line.turn(start, line.tags[start]._replace(meaning=THEN, rule=_RULE))
        line.put(start + 1, end)


@lru_cache(maxsize=50_000)
def named_first(signs: str) -> tuple[int, int]:
    """Where the name of another report stands at the head of a sentence with these signs; ``0, 0`` if not."""
    found = _OTHERS.match(signs)
    return found.span(found.lastgroup or 0) if found is not None else (0, 0)


@lru_cache(maxsize=50_000)
def told_in_brackets(signs: str) -> tuple[int, int]:
    """Where a bracket tells what an earlier study found; ``0, 0`` if none does."""
    found = _IN_BRACKET.search(signs)
    return found.span(found.lastgroup or 0) if found is not None else (0, 0)
