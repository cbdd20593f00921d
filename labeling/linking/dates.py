"""What is told of an earlier time: "severe at L4-5 in 2019", "compared with the prior study, ...".

A date behind a value makes it one of an earlier time; at the start it does so to all that follows.
"""

from __future__ import annotations

import re

from labeling.linking.alike import AlikeLinks
from labeling.rule_names import HELD_AGAINST
from labeling.speech.neighbours import tells_of_study

_OPERATION = re.compile(r"P[rlw]{0,3}d")
"""What was operated before is no finding of an earlier time: "previous left laminectomy, no stenosis"."""
_COMPARED_FIRST = re.compile(r"(?:^|[:;])[b\u2022-]*w{0,2}PX?[PRwpcDmjr()-]{0,16},$")
"""Words for the study that this one is compared with, and no more: "compared with the prior study, ".

What has changed may stand before it: "progression compared with the last scan, ".
"""
_WAS_FIRST = re.compile(r"[wc,]{0,2}P[wW]{0,2}(?:[lr]{0,2}(?:[sf]h?|[hxt])[lr]{0,2}|l?b)(?P<was>v)(?=[gz])")
"""A sentence of an earlier time, where its verb says so too: "Previously the canal was narrow at L4-5"."""
_REPORTED = re.compile(r"l(?:P|vw?)D(?=$|[,;)])")
"""A finding, and that it was seen then: "severe stenosis at L4-5 was seen on the prior study"."""
_SEEN_THEN = frozenset({"connectors/was", "change/was-said", "change/was-reported"})
_PAST_VERBS = ("/was", "/there-is")
_HELD_AGAINST = frozenset({*HELD_AGAINST, "distractors/since"})
_TAKEN_BACK = frozenset({"change/treated", "change/overcalled"})


class DateLinks(AlikeLinks):
    """Drops what was, and reads on where a comparison ends."""

    def _ends_comparison(self, at: int) -> bool:
        """Whether what is told begins after the comma: "Compared with the prior study, moderate stenosis"."""
        found = _COMPARED_FIRST.search(self.speech, 0, at + 1)
        if found is None or self.speech[at + 1 : at + 2] == "W":
            return False
        return self.tags[self.speech.index("P", found.start())].rule == "change/compared"

    def _on_void(self, at: int) -> None:
        self.void = True
        self.past = self.past or self.tags[at].rule.endswith("/hypothetical")

    def _on_prior(self, at: int) -> None:
        operation = _OPERATION.match(self.speech, at)
        first = _WAS_FIRST.match(self.speech) if at < 3 else None
        self.past |= first is not None and self.tags[first.start("was")].rule.endswith(_PAST_VERBS)
        operated = self.tags[operation.end() - 1] if operation is not None else None
        of_operation = operated is not None and (
            operated.meaning.value == "postoperative" or operated.rule == "distractors/operation"
        )
        self.void = not (of_operation or self.past)

    def _on_date(self, at: int) -> None:
        """A date after a value makes it one of an earlier time, at the start all that follows."""
        if self.tags[at].rule in _TAKEN_BACK:
            for draft in self.drafts:
                draft.dropped |= draft.value.high > 0
        elif self.speech[at - 1 : at] == "K" or self.tags[at - 1].rule in _HELD_AGAINST:
            return  # "the same as in January", "worse than before", "new since last year: ..."
        elif self.batch:
            for draft in self.batch:  # "canal and foraminal stenosis reported before"
                draft.dropped |= draft.value.tags == self.batch[-1].value.tags
        elif self._was_seen_then(at):
            self._drop_before(at)
        elif not self.speech[:at].strip("l:,cb") or self.speech[:at] in {"w,", "ww,"}:
            self.past = True  # "by comparison, in 2019"

    def _was_seen_then(self, at: int) -> bool:
        """Whether a date is of all before it: "stenosis at L4-5 in 2019", "... was seen on the last MRI"."""
        if self.speech[at - 1 : at] == "l":
            return self._tells_of_findings(at)
        seen = next((one for one in (at - 2, at - 3) if _REPORTED.match(self.speech, one)), -1)
        return seen >= 0 and self.tags[seen + 1].rule in _SEEN_THEN

    def _tells_of_findings(self, at: int) -> bool:
        """Whether a date is of what was found, and of no study: "MRI showed stenosis at L4-5 in 2019"."""
        return not (self.tags[at].rule.startswith("change/dated") and tells_of_study(self.tags[:at]))

    def _drop_before(self, at: int) -> None:
        """Drops what was there before: "severe stenosis at L3-4 and L4-5 on the prior study"."""
        begun = max(map(self.speech[:at].rfind, ",;X"))
        for draft in self.drafts:
            if min([*draft.value.tags, *draft.tags, *draft.member.tags], default=0) > begun:
                draft.dropped = True
                self.earlier.append(draft)

    def _on_now(self, _at: int) -> None:
        self.void = self.past = False
