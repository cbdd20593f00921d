"""What is told of an earlier study, which is no finding of this one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.discourse.restating import of_past, restated
from labeling.rule_names import DONE, LUMBAR_SCANS, STUDY
from labeling.sections import COUNTED, Sentence
from labeling.statements import NOTHING, ParsedSentence

_BEGINS = frozenset({"findings", "digest"})
_STUDIES = LUMBAR_SCANS | {STUDY, DONE}
_ANY_YEAR = re.compile(r"(?:19|20)(?<!\w..)\d\d\b")
_YEAR = re.compile(
    r"\W*(?:[a-z]{1,3} )?(?P<study>(?:[a-z][^:;]{1,30}?)?)\W*(?P<day>\d\d?[./-]\d\d?[./-])?\b(?:19|20)\d\d\b"
)
"""The year of a study at the head of a sentence, its day, and the words for the study, if there are any."""
_WAS_REPORTED = "change/was-reported"


def settle_earlier(parsed: list[ParsedSentence]) -> None:
    """Takes the grades of an earlier study for those of its time.

    "The MRI of 2019 is available for comparison. It showed severe stenosis at L4-5. There was no slip." names
    the canal, of which the next sentence may tell.
    """
    told = False
    for at, one in enumerate(parsed):
        said = one.template
        of_that = said.of_earlier or (told and any(word[3] == _WAS_REPORTED for word in one.words))
        if told and of_that and not one.section:
            parsed[at] = restated(one, tuple([of_past(statement) for statement in said.statements]))
        else:
            told = said.compares


def settle_earlier_studies(sentences: Sequence[Sentence], parsed: list[ParsedSentence], lower: str) -> None:
    """Takes what is told of older studies, each with its year, before the findings begin for no finding.

    As in "MRI (2015): moderate stenosis at L4-5. MRI (2019): severe stenosis at L4-5. RESULT: ...". A single
    one that has its day, or that a mere summary without a level follows, may be the study itself.
    """
    end = next((at for at, one in enumerate(parsed) if one.section in _BEGINS), 0)
    if not end or _ANY_YEAR.search(lower, 0, sentences[end].start) is None:
        return
    older = parsed[end].section == "findings"
    retold = any(one.template.described for one in parsed[end:])
    told: list[int] = []
    for at in range(end):
        one, (start, stop, after, _) = parsed[at], sentences[at]
        if one.section in COUNTED:
            return
        dated = _YEAR.match(lower, start, stop)
        studies = {word[3] for word in one.words[:3]} & _STUDIES
        if dated is not None and one.template.described and (studies or not dated["study"]):
            older |= bool(told) or (retold and not dated["day"])
            told.append(at)
        elif told and told[-1] == at - 1 and after != "blank":
            told.append(at)
    for at in told if older else ():
        flags = parsed[at].template.flags
        parsed[at] = parsed[at]._replace(template=NOTHING._replace(flags=flags), evidence=())


def settle_older_years(sentences: Sequence[Sentence], parsed: list[ParsedSentence], lower: str) -> None:
    """Takes what is told under older years for findings of their time.

    As in "2015 MRI: moderate canal stenosis at L4-5. 2021 MRI: severe." and "MRI 2015: ... MRI 2021: ...",
    where the last year counts. What an older one names the next sentence may go on about.
    """
    if len(_ANY_YEAR.findall(lower)) < 2:
        return
    block: list[tuple[int, list[int]]] = []
    alone = False  # "2015", and a heading: "2015 MRI: ..."
    for at, one in enumerate(parsed):
        start, stop, after, _ = sentences[at]
        if one.section and not alone:
            _date_back(parsed, block)
            block = []
            start = max(start, lower.find(":", start, stop))
        head = _YEAR.match(lower, start, stop)
        goes_on = bool(block) and at == block[-1][1][-1] + 1 and (alone or after != "blank")
        alone = head is not None and not lower[head.end() : stop].strip()
        if head is not None and (alone or not head["study"] or _heads_with_study(one)):
            block.append((int(lower[head.end() - 4 : head.end()]), [at]))
        elif goes_on:
            block[-1][1].append(at)
    _date_back(parsed, block)


def _heads_with_study(one: ParsedSentence) -> bool:
    return any(word[3] in _STUDIES for word in one.words[:3])


def _date_back(parsed: list[ParsedSentence], block: Sequence[tuple[int, Sequence[int]]]) -> None:
    """Takes what stands under all years but the last one for past."""
    templates = [(year, parsed[at].template) for year, told in block for at in told]
    last = max([year for year, one in templates if one.statements or one.unread], default=0)
    for year, told in block:
        for at in told if year < last else ():
            one = parsed[at]
            parsed[at] = restated(one, tuple([of_past(said) for said in one.template.statements]))
