"""The items of a list below the heading of what was before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from labeling.rule_names import COMPARES
from labeling.sections import Sentence
from labeling.statements import NOTHING, ParsedSentence

_BULLET = re.compile(r"[ \t]*(?:([-*\u2022+>])|\(?\d{1,2}([.)])(?=\s))")
_TOLD_BEFORE = "change/prior-after"
_OF_EARLIER = frozenset({"change/compared", "change/versus", "change/prior", COMPARES, _TOLD_BEFORE})
_TOLD_THEN = frozenset(
    {"connectors/which", "connectors/that", _TOLD_BEFORE}
    | {f"distractors/{word}" for word in ("had-told", "told-of", "tells")}
)
"""Words for an earlier study, and words that tell of it: "compared with the study of 2019, which showed:"."""
_OF_BEFORE = frozenset({"history", "comparison"})


def settle_lists_of_before(sentences: Sequence[Sentence], parsed: list[ParsedSentence], lower: str) -> None:
    """Takes the items of a list under the heading of what was before for no finding, the last one too.

    As in "Previous MRI 2019:" or "History:", and below it "- severe stenosis at L4-5" and "- mild ...".
    An item that has a level for its key may be a finding all the same.
    """
    bullet, begins = "", False
    for at, one in enumerate(parsed):
        start, stop, after, _ = sentences[at]
        if _heads_list_of_before(one, lower[start:stop]):
            begins = True
            continue
        if begins or after != "stop":
            found = "" if one.section or after != "line" else _bullet_of(one, lower, start)
            bullet = found if begins or found == bullet else ""
            begins = False
        if bullet:
            parsed[at] = one._replace(template=NOTHING._replace(flags=one.template.flags), evidence=())


def _heads_list_of_before(one: ParsedSentence, text: str) -> bool:
    """Whether a sentence heads what was: "History:", "Prior MRI (2019) findings:", "the scan had shown:"."""
    if one.untold or one.section:
        return one.section in _OF_BEFORE and (one.untold or text.endswith(":"))
    if not text.endswith(":") or one.template.statements:
        return False
    rules = [rule for *_, rule in one.words if rule]
    return bool(rules) and rules[-1] in _TOLD_THEN and not _OF_EARLIER.isdisjoint(rules)


def _bullet_of(one: ParsedSentence, lower: str, start: int) -> str:
    """The bullet of the line that a sentence begins; of one that heads others, none."""
    found = _BULLET.match(lower, lower.rfind("\n", 0, start) + 1, start)
    return "" if found is None or one.template.keyed or one.template.heading else found[1] or found[2]
