"""Pronouns behind a cause, of the space that it narrows.

"Narrowed by collapse of the disc, and at L5-S1 they are severely narrowed" is of the foramina once more.
"""

from __future__ import annotations

import re

from labeling.linking.drafts import Draft
from labeling.linking.normals import NormalLinks
from labeling.rule_names import ARE_NOW, PRONOUNS, THEY_ARE
from lexicons.findings import FACET, FINDINGS

_BY = "distractors/by"
_OF_SPACE = re.compile(r"X?(?:[gz]{0,3}(H)|o)")
_ANEW = re.compile(r"[,;c][,cb]{0,2}p?[lq]?,?$")
"""Narrowed from collapse of the disc, and at L5-S1 | they are moderately narrowed."""
_OF_WIDTH = frozenset({"normal/patent", "normal/wide", "normal/roomy", "normal/not-narrowed"})
_SPACES = frozenset(key for key in FINDINGS if key != FACET)


class PronounLinks(NormalLinks):
    """Opens the spaces again that a cause narrowed."""

    def _on_is(self, at: int) -> None:
        """Behind a cause "they are narrowed" and "it is patent" are of the space that it narrows."""
        if self.tags[at].rule not in PRONOUNS:
            return
        if self.past and self.tags[at].rule in {THEY_ARE, ARE_NOW} and self.speech[at - 1 : at] in {",", "c"}:
            self.void = self.past = False  # "In 2019 the stenosis at L4-5 was mild, it is severe."
        if not self.open_drafts:
            return
        if self.noun != "other" and any(member.finding in _SPACES for member in self.open):
            return
        said = _OF_SPACE.match(self.speech, at + 1)
        if said is None or not (said[1] or self.tags[said.end() - 1].rule in _OF_WIDTH):
            return
        spaces = [draft for draft in self.drafts if draft.member.finding in _SPACES]
        if not spaces or _ANEW.search(self.speech, 0, at) is None or not self._is_told_why(spaces[-1], at):
            return
        members = {id(d.member): d.member for d in spaces if d.value.tags == spaces[-1].value.tags}
        if members.keys() != {id(member) for member in self.open}:
            self.open, self.open_drafts = list(members.values()), []
        self.noun, self.negation = "structure", None

    def _is_told_why(self, draft: Draft, end: int) -> bool:
        """Whether its cause is all that stands behind it, not so in "the disc is worn and it is narrow"."""
        begun = max([*draft.value.tags, *draft.member.tags, *draft.tags], default=end - 1) + 1
        while self.speech[begun] in "lrqhH":
            begun += 1
        if "v" in self.speech[begun:end]:
            return False
        if self.speech[begun] in "bw" and "v" in self.speech[min(draft.member.tags, default=begun) : begun]:
            return self.tags[begun].meaning.value != "but"  # "is narrowed on the basis of", "from a bulge"
        return self.tags[begun].meaning.value in {"due to", "change"} or self.tags[begun].rule == _BY
