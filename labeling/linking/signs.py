"""What single signs of a sentence do: commas, negations, hedges, dates, references, normal words.

The items of `labeling.grammar` take the words that belong together; each tag that is left over comes here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from labeling.linking.denials import OTHER_NOUNS
from labeling.linking.drafts import BOTH, SIDES, Value
from labeling.linking.pronouns import PronounLinks
from labeling.linking.sides import SIDE_LAST
from labeling.rule_names import CHANGED_FROM, COMPARES, FORMER_LATTER, HELD_AGAINST
from labeling.statements import SCOPE, LevelRef, Statement
from lexicons.findings import FINDINGS
from lexicons.vocabulary import Level

_SEPARATORS = frozenset(",;cbBWE(")
_OTHER_CLAUSE = re.compile(r"[,;c][^,;csfxt]*[de][^,;csfxhHt]*v?$")
"""What is doubted is another noun: "both recesses are narrowed, and contact with the L5 roots is likely"."""
_AT_LAST_LEVEL = re.compile(r"l,Wv?[gz]")
_CHANGED_FIRST = re.compile(r"[wcXb]{0,4}P[PRwpcDmq()]{0,12}[:v]")
"""What is new, worse or the same against an earlier study: "new since the earlier study is stenosis"."""
_AGAINST = frozenset({"change/compared", "change/versus", "distractors/since", *HELD_AGAINST})
_OTHER_SIDE = re.compile(r"(?:b?[wed]{1,4})?[,;]?[cb]?rv")
"""The right foramen cannot be assessed (owing to artifact), | the left is patent."""
_ON_ONE_SIDE = re.compile(r"p{0,2}(?P<side>r)(?:[bB][wed]{1,3})?(?=$|[,;)bcB]|w)")
"""The foramina cannot be assessed | on the left, and are mildly narrowed on the right."""
_CAUSE_AND_LEVEL = re.compile(r"(?:,?[bBpwX][wedpX]{0,6},?|,)?l")
"""The foramen cannot be assessed | because of artifact at L4-5."""
_YET = re.compile(r"[wpD]{0,4},?b(?=u?v?u?n?[gz]{0,3}[oH])")
"""The canal is not well seen | but appears patent."""
_OF_VERB = re.compile(r"nw[wjel]{0,4}(?:,c|cv)")
"""A verb is denied, and its clause ends: "which does not enhance, and it obliterates the recess"."""
_OF_NOUN = re.compile(OTHER_NOUNS)
_SUBJECT = re.compile(
    r"(?:,?(?P<join>c)|[,-])r?[lj]?(?:s(?:(?:,?c|,)r?s){0,3}|[sf]h)[lq]?"
    r"(?:v[gzn]{0,3}[oHg]|[gz]{0,2}H(?!r?s)|o(?=$|[,;)]))"
)
"""A denial of other nouns, and a clause that its structure begins."""
_GRADED_NEXT = re.compile(r",g{1,2}[hH](?:$|[,;)])")
"""A narrowing behind it, of the structure before: "left recess: no cyst, mild stenosis"."""
_UNKNOWN = re.compile(r"[l:]w{1,4}v[oO]")
"""A noun that is not known is what is normal: "L4-5: the cage is normal"."""
_NOT_TOLD_OF = re.compile(r"(?:s[hH]|fh|x)(?:p{0,2}[lqr]){0,2}v?nv?$")
"""What a report does not speak of is neither there nor not: "foraminal stenosis is not mentioned"."""
_TELLS = frozenset({"distractors/tells", "distractors/told-of"})
_NO_LEVEL = frozenset({"", "distractors/implant"})


class SignLinks(PronounLinks):
    """Reads the tags that belong to no item."""

    def _other(self, at: int, _end: int) -> None:
        sign = self.speech[at]
        handler = _HANDLERS.get(sign)
        if handler is not None:
            handler(self, at)
        if sign == "c" and self.tags[at].meaning.value == "nor":
            self._on_negation(at)
            if self.speech[at + 1 : at + 2] == "v" or SIDE_LAST.match(self.speech, at + 1):
                self.also = Value(0, 0, "", [at], negated=True)
        if sign == "c" and self.level_after_negation and self.tags[at].meaning.value == "and":
            self.negation = None
        if sign == ":" and self.noun == "other":
            self.negation = None  # "Levels without a slip: at L5-S1 the canal is free"
        if sign in ",c-" and self._ends_denial(at):
            self.negation = None
        if sign == "-" and self.negation in self.used and self.speech[at - 1] in "hHtx":
            self.negation = None  # "no canal stenosis - foraminal stenosis, right, mild"
        if sign in _SEPARATORS:
            self.batch = []
            if self.void and sign == ",":
                self.void = not self._ends_comparison(at)
            denied = sign == "," and self.speech[at + 1 : at + 2] == "n"  # "likely of age, without stenosis"
            if sign in ",c" and self.doubt is not None and (denied or self.doubt in self.used):
                self.doubt = None
        if sign in ":v" and self.void and _CHANGED_FIRST.fullmatch(self.speech, 0, at + 1) is not None:
            against = {tag.rule for tag in self.tags[:at]}
            # "From the earlier report: severe stenosis" is of that one.
            self.void = against.isdisjoint(_AGAINST) and not (sign == "v" and CHANGED_FROM in against)

    def _ends_denial(self, at: int) -> bool:
        """Whether what is denied is a verb, or nouns before a clause: "no bulge, and the canal is ..."."""
        if self.negation is None:
            return False
        if _OF_VERB.match(self.speech, self.negation):
            return True
        follows = _SUBJECT.match(self.speech, at)
        graded = _GRADED_NEXT.match(self.speech, at) if self.open else None
        if (follows or graded) is None or _OF_NOUN.fullmatch(self.speech, self.negation, at) is None:
            return False
        if follows is None:
            return True
        return follows["join"] is None or self.tags[follows.start("join")].meaning.value in {"and", "but"}

    def _on_reference(self, at: int) -> None:
        if self._picks(at):
            return
        if not at and self.beside:
            self.current = self._ref(at)
            self.noun = "other" if self.tags[at].rule.endswith("-disc") else self.noun
        else:
            self._on_level(at)

    def _picks(self, at: int) -> bool:
        """Whether one of two structures is meant: "canal and foraminal stenosis, the latter severe"."""
        if self.tags[at].rule not in FORMER_LATTER:
            return False
        if len(self.open) == 2:
            self.two = self.open
        if len(self.two) != 2 or len(self._levels_named()) > 1:
            return False
        self.open = [self.two[self.tags[at].rule == "references/latter"]]
        return True

    def _levels_named(self) -> set[Level]:
        return {level for tag in self.tags if tag.levels for level in tag.levels.levels}

    def _on_negation(self, at: int) -> None:
        if self.tags[at].rule.endswith("-all"):
            self._on_all_named(at)
        if self.speech[at + 1 : at + 2] == ":" and self.speech[at - 1 : at] == "v":
            return  # "the canal is patent but the foramina are not: mild on the right"
        if self._nowhere_else(at):
            return
        self.negation, self.negation_fresh = at, True
        if self.speech[at - 1 : at] in {"b", ","} and self._lists_one_structure(at):
            self._join_levels()
        self._of_no_level(at)

    def _lists_one_structure(self, at: int) -> bool:
        """Whether a denial ends a list: "mild L4-5, moderate L5-S1 canal stenosis, no foraminal stenosis"."""
        members = {id(draft.member) for draft in self.drafts}
        graded = all(draft.graded and draft.value.low and draft.own_level for draft in self.drafts)
        return len(members) == 1 and len(self.drafts) > 1 and graded and "l" not in self.speech[at:]

    def _on_doubt(self, at: int) -> None:
        if self.speech[at + 1 : at + 2] != "m":  # "a slip of probably 5 mm, moderate canal stenosis"
            self.doubt = at

    def _on_doubt_after(self, at: int) -> None:
        if _OTHER_CLAUSE.search(self.speech, self.last_draft_at, at):
            return
        for draft in self.open_drafts or self.drafts[-1:]:
            draft.uncertain = True
            draft.tags.append(at)
        self.used.add(at)

    def _on_not_assessed(self, at: int) -> None:
        for draft in self.open_drafts:
            draft.dropped |= not draft.graded
        yet = _YET.match(self.speech, at + 1)
        if yet is not None and self.tags[yet.end() - 1].meaning.value == "but":
            return
        if self._hide_side(at):
            return
        level = _CAUSE_AND_LEVEL.match(self.speech, at + 1)
        behind = level is not None and (self.current is None or level.end() == at + 2)
        self._hide(self._ref(level.end() - 1) if level is not None and behind else self.current)
        if _OTHER_SIDE.match(self.speech, at + 1) is None:
            self.open, self.unseen = [], self.open or self.unseen

    def _hide_side(self, at: int) -> bool:
        """Notes that one side cannot be assessed, and leaves the other open to what is said next."""
        found = _ON_ONE_SIDE.match(self.speech, at + 1)
        if found is None or self.side is not None or not self.open:
            return False
        sides = SIDES[self.tags[found.start("side")].meaning.value]
        if len(sides) > 1 or any(member.sides != BOTH for member in self.open):
            return False
        self.side = found.start("side")
        self._hide(self.current)
        self.side, self.skip = None, found.end()
        rest = tuple([one for one in BOTH if one not in sides])
        self.open = [replace(member, sides=rest) for member in self.open]
        return True

    def _hide(self, level: LevelRef | None) -> None:
        """Notes the cells that cannot be assessed: "other foramina are patent" is none of them.

        What is graded is seen: "mild left foraminal narrowing, not included in the first report".
        """
        side = self.tags[self.side].meaning.value if self.side is not None else ""
        seen = {(id(draft.member), one) for draft in self.open_drafts if draft.graded for one in draft.sides}
        for member in self.open:
            codes = FINDINGS[member.finding].codes if member.finding in FINDINGS else {}
            unseen = [one for one in SIDES.get(side, member.sides) if (id(member), one) not in seen]
            meant = tuple([codes[one] for one in unseen if one in codes])
            if meant:
                self.hidden.append(Statement(meant, 0, 0, "hidden", self._numbered(level) or SCOPE))

    def _on_cause(self, _at: int) -> None:
        self.doubt = None

    def _on_word(self, at: int) -> None:
        before = self.speech[at - 1] if at else ""
        unknown = self.tags[at].rule in _NO_LEVEL and _UNKNOWN.match(self.speech, at - 1) is not None
        beside = self.tags[at].rule.endswith(("mainly", "versus"))
        if self.tags[at].rule in _TELLS and before in {"n", "v"} and _NOT_TOLD_OF.search(self.speech, 0, at):
            for draft in self.open_drafts:
                draft.dropped |= draft.value.phrase == "ungraded"
        if (not before or before in ",;cbBW(-" or unknown) and not beside:
            self.noun = "other"
        self.negation_fresh = False

    def _on_noun(self, at: int) -> None:
        if self.doubt not in self.used:
            self.doubt = None  # "possible irritation of the root, no canal stenosis"
        self.noun = self._after_noun(at + 1)
        self.negation_fresh = False

    def _on_region(self, at: int) -> None:
        self.foreign = self.tags[at].meaning.value == "other"

    def _on_which(self, at: int) -> None:
        """As in "versus the prior study, where it was moderate", "comparison is made with one which ..."."""
        if self.tags[at].rule.endswith("-all"):
            self._on_all_named(at)
        self.past |= self.void and self.speech[:at].rstrip("w,").endswith("P")
        self.past |= any(tag.rule == COMPARES for tag in self.tags[:at])
        if _AT_LAST_LEVEL.match(self.speech, at - 2):
            self._grade_last_level(at - 2)
        if self.speech[at - 1 : at] == "," and self.negation not in self.used:
            self.negation = None  # "no effect on the canal, which is patent"

    def _grade_last_level(self, at: int) -> None:
        """Gives the last level a grade of its own: "mild at L3-4, and at L4-5, where it is severe"."""
        given = [draft for draft in self.drafts if draft.graded and draft.level and draft.level.mark == at]
        if not given or self.current is None:
            return
        last = given[-1]
        if len(self._mention(at)) > 1:
            self.current = self.current._replace(element=len(self._mention(at)) - 1)
        elif any(draft is not last and draft.value.tags == last.value.tags for draft in self.drafts):
            last.member.sides = last.sides
            last.dropped, self.open = True, [last.member]

    def _on_bound(self, at: int) -> None:
        """As in "mild at most": the grade before it is the upper bound; "mild to moderate" tells both."""
        for draft in self.open_drafts[-2:]:
            value = draft.value
            if value.high == 2 and value.low == 1 and not value.negated:
                value.tags.append(at)
            elif draft.graded and value.high < 3 and value.phrase in {"", "at_most"}:
                draft.value = replace(
                    value, low=0, phrase="at_most" if value.high == 1 else "", tags=[*value.tags, at]
                )

    def _on_measure(self, at: int) -> None:
        member = next(iter(self.open), None)
        if member is not None and self.noun != "other":
            value = Value(0, 3, "measure", [at])
            self._draft(member, value, member.sides, graded=True)
            self.drafts[-1].flags.add("measured")
        self.used.add(at)

    def _on_respectively(self, at: int) -> None:
        self.used.add(at)
        self.respectively = not self._pair(at)


_HANDLERS: Mapping[str, Callable[[SignLinks, int], None]] = {
    "n": SignLinks._on_negation,
    "N": SignLinks._on_void,
    "u": SignLinks._on_doubt,
    "U": SignLinks._on_doubt_after,
    "V": SignLinks._on_not_assessed,
    "b": SignLinks._on_break,
    ";": SignLinks._on_semicolon,
    "(": SignLinks._on_opened,
    ")": SignLinks._on_closed,
    "B": SignLinks._on_cause,
    "v": SignLinks._on_is,
    "w": SignLinks._on_word,
    "e": SignLinks._on_noun,
    "d": SignLinks._on_noun,
    "f": SignLinks._on_noun,
    "r": SignLinks._on_side,
    "a": SignLinks._on_asymmetry,
    "R": SignLinks._on_region,
    "P": SignLinks._on_prior,
    "D": SignLinks._on_date,
    "X": SignLinks._on_now,
    "W": SignLinks._on_which,
    "A": SignLinks._on_also,
    "L": SignLinks._on_bound,
    "m": SignLinks._on_measure,
    "K": SignLinks._on_same,
    "O": SignLinks._on_level_normal,
    "Q": SignLinks._on_otherwise,
    "Y": SignLinks._on_study_normal,
    "M": SignLinks._on_respectively,
    "E": SignLinks._on_exception,
    "l": SignLinks._on_level,
    "q": SignLinks._on_reference,
    "y": SignLinks._on_level,
}
