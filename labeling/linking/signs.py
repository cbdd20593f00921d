"""What single signs of a sentence do: commas, negations, hedges, dates, references, normal words.

The items of `labeling.grammar` take the words that belong together; each tag that is left over comes here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from labeling.linking.alike import AlikeLinks
from labeling.linking.denials import OTHER_NOUNS
from labeling.linking.drafts import SIDES, Draft, Value
from labeling.linking.neighbours import OF_STUDY, tells_of_study
from labeling.linking.sides import SIDE_LAST
from labeling.rule_names import COMPARES, PRONOUNS, THEY_ARE
from labeling.statements import SCOPE, LevelRef, Statement
from lexicons.findings import FINDINGS
from lexicons.vocabulary import Level

_SEPARATORS = frozenset(",;cbBWE(")
_CLOSES = ("", ",", ";", ")", "p", "b", "R")
"""What may follow a study that is called normal, and no noun: "normal lumbar spine alignment"."""
_EXAMS = frozenset({"normal/exam-normal", "normal/exam-shows-normal"})
_OTHER_CLAUSE = re.compile(r"[,;c][^,;csfxt]*[de][^,;csfxhHt]*v?$")
"""What is doubted is another noun: "both recesses are narrowed, and contact with the L5 roots is likely"."""
_OPERATION = re.compile(r"P[rlw]{0,3}d")
"""What was operated before is no finding of an earlier time: "previous left laminectomy, no stenosis"."""
_AT_LAST_LEVEL = re.compile(r"l,Wv?[gz]")
_COMPARED_FIRST = re.compile(r"(?:^|[:;])[b\u2022-]*PX?[PRwpcDmjr()-]{0,16},$")
"""Words for the study that this one is compared with, and no more: "compared with the prior study, "."""
_CHANGED_FIRST = re.compile(r"[wcXb]{0,4}P[PRwpcDmq()]{0,12}[:v]")
"""What is new, worse or the same against an earlier study: "new since the earlier study is stenosis"."""
_AGAINST = frozenset({"change/compared", "change/versus", "distractors/since", "distractors/versus"})
_OTHER_SIDE = re.compile(r"(?:b?[wed]{1,4})?[,;]?[cb]?rv")
"""The right foramen cannot be assessed (owing to artifact), | the left is patent."""
_YET = re.compile(r"[wpD]{0,4},?b(?=u?v?u?n?[gz]{0,3}[oH])")
"""The canal is not well seen | but appears patent."""
_OF_VERB = re.compile(r"nw[wjel]{0,4}(?:,c|cv)")
"""A verb is denied, and its clause ends: "which does not enhance, and it obliterates the recess"."""
_WAS_FIRST = re.compile(r"[wc,]{0,2}P[wW]{0,2}(?:[lr]{0,2}(?:[sf]h?|[hxt])[lr]{0,2}|l?b)(?P<was>v)(?=[gz])")
"""A sentence of an earlier time, where its verb says so too: "Previously the canal was narrow at L4-5"."""
_REPORTED = re.compile(r"l(?:P|vw?)D(?=$|[,;)])")
"""A finding, and that it was seen then: "severe stenosis at L4-5 was seen on the prior study"."""
_LESION = r"[gzwrpf]{0,4}[ed]{1,2}(?:,?[cb][gzwf]{0,3}[ed]{1,2})?"
_OF_OPEN = re.compile(
    r"[s:]$|(?<![bc])v$|^[\u2022-]*(?:[^l\u2022-]|l,?r?s(?:,?cr?s)*v).*[bc]v$"
    r"|^[\u2022-]*r?(?:[sfx]h?:|s(?:,?cr?s)?v)(?=[^;]*l)[^;:sfxde]*[,;][bc]?$"
)
"""Before "otherwise": of a structure; not in "L5-S1 shows arthropathy but is otherwise unremarkable".

Nor is it of the level behind a key or a subject: "Foramina: narrowed at L4-5, otherwise normal".
"""
_AFTER_LESION = re.compile(rf"[\u2022-]*(?:l[:-]?{_LESION}[,-]|{_LESION},)O[,;]?")
"""A disc, what is the matter with it, and that there is nothing else: "L5-S1: dry disc, nothing of note".

But a dash follows a key: "Conus - nil abnormal".
"""
_OF_NOUN = re.compile(OTHER_NOUNS)
_SUBJECT = re.compile(
    r"(?:,?(?P<join>c)|[,-])r?[lj]?(?:s(?:(?:,?c|,)r?s){0,3}|[sf]h)[lq]?"
    r"(?:v[gzn]{0,3}[oHg]|[gz]{0,2}H(?!r?s)|o(?=$|[,;)]))"
)
"""A denial of other nouns, and a clause that its structure begins."""
_UNKNOWN = re.compile(r"[l:]w{1,4}v[oO]")
"""A noun that is not known is what is normal: "L4-5: the cage is normal"."""
BESIDE = re.compile(r"[hHxg]l?,?b[gzrwj]{0,4}[de]{1,2},?c?l[v:-]?$")
"""Something beside a stenosis, and the next level: "severe stenosis at L3-4 with a slip, L4-5 open"."""
_UNDER_KEY = re.compile(r"[sf]h?:[lc,v]{1,8}$")
"""A key and levels: "Canal and foramina: L1-2 no abnormality"."""
_OF_LEVEL = re.compile(r"Ov?p{0,2}[lq](?=$|[,;)cb])")
_THERE_IS = "connectors/there-is"
_THERE_IS_NOTHING = "normal/there-is-nothing"

_SEEN_THEN = frozenset({"connectors/was", "change/was-said"})
_PAST_VERBS = ("/was", "/there-is")
_HELD_AGAINST = frozenset({"distractors/versus", "distractors/since"})
_FROM = "change/changed-from"
_BY = "distractors/by"
_OF_SPACE = re.compile(r"X?(?:[gz]{0,3}(H)|o)")
_ANEW = re.compile(r"[,;c][,cb]{0,2}p?[lq]?,?$")
"""Narrowed from collapse of the disc, and at L5-S1 | they are moderately narrowed."""
_OF_WIDTH = frozenset({"normal/patent", "normal/wide", "normal/roomy", "normal/not-narrowed"})
_SPACES = frozenset(key for key in FINDINGS if key != "facet")
_OF_TWO = frozenset({"references/former", "references/latter"})
_TAKEN_BACK = frozenset({"change/treated", "change/overcalled"})


class SignLinks(AlikeLinks):
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
            if sign in ",c" and self.doubt is not None and self.doubt in self.used:
                self.doubt = None
        if sign in ":v" and self.void and _CHANGED_FIRST.fullmatch(self.speech, 0, at + 1) is not None:
            against = {tag.rule for tag in self.tags[:at]}
            # "From the earlier report: severe stenosis" is of that one.
            self.void = against.isdisjoint(_AGAINST) and not (sign == "v" and _FROM in against)

    def _ends_denial(self, at: int) -> bool:
        """Whether what is denied is a verb, or nouns before a clause: "no bulge, and the canal is ..."."""
        if self.negation is None:
            return False
        if _OF_VERB.match(self.speech, self.negation):
            return True
        follows = _SUBJECT.match(self.speech, at)
        if follows is None or _OF_NOUN.fullmatch(self.speech, self.negation, at) is None:
            return False
        return follows["join"] is None or self.tags[follows.start("join")].meaning.value in {"and", "but"}

    def _ends_comparison(self, at: int) -> bool:
        """Whether what is told begins after the comma: "Compared with the prior study, moderate stenosis"."""
        found = _COMPARED_FIRST.search(self.speech, 0, at + 1)
        if found is None or self.speech[at + 1 : at + 2] == "W":
            return False
        return self.tags[self.speech.index("P", found.start())].rule == "change/compared"

    def _on_reference(self, at: int) -> None:
        if self._picks(at):
            return
        if not at and self.beside:
            self.current = LevelRef(reference="this", mark=at)
            self.noun = "other" if self.tags[at].rule.endswith("-disc") else self.noun
        else:
            self._on_level(at)

    def _picks(self, at: int) -> bool:
        """Whether one of two structures is meant: "canal and foraminal stenosis, the latter severe"."""
        if self.tags[at].rule not in _OF_TWO:
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
        if self.tags[at].meaning.value == "nowhere":
            self.current = LevelRef(reference="all", mark=at)

    def _lists_one_structure(self, at: int) -> bool:
        """Whether a denial ends a list: "mild L4-5, moderate L5-S1 canal stenosis, no foraminal stenosis"."""
        members = {id(draft.member) for draft in self.drafts}
        graded = all(draft.graded and draft.value.low and draft.own_level for draft in self.drafts)
        return len(members) == 1 and len(self.drafts) > 1 and graded and "l" not in self.speech[at:]

    def _on_void(self, at: int) -> None:
        self.void = True
        self.past = self.past or self.tags[at].rule.endswith("/hypothetical")

    def _on_doubt(self, at: int) -> None:
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
        self._hide(self._ref(at + 1) if self.speech[at + 1 : at + 2] == "l" else self.current)
        if _OTHER_SIDE.match(self.speech, at + 1) is None:
            self.open, self.unseen = [], self.open or self.unseen

    def _hide(self, level: LevelRef | None) -> None:
        """Notes the cells that cannot be assessed: "other foramina are patent" is none of them."""
        side = self.tags[self.side].meaning.value if self.side is not None else ""
        for member in self.open:
            codes = FINDINGS[member.finding].codes if member.finding in FINDINGS else {}
            meant = tuple([codes[one] for one in SIDES.get(side, member.sides) if one in codes])
            self.hidden.append(Statement(meant, 0, 3, "hidden", self._numbered(level) or SCOPE))

    def _on_cause(self, _at: int) -> None:
        self.doubt = None

    def _on_is(self, at: int) -> None:
        """Behind a cause "they are narrowed" and "it is patent" are of the space that it narrows."""
        if self.tags[at].rule not in PRONOUNS:
            return
        if self.past and self.tags[at].rule == THEY_ARE and self.speech[at - 1 : at] in {",", "c"}:
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

    def _on_word(self, at: int) -> None:
        before = self.speech[at - 1] if at else ""
        unknown = not self.tags[at].rule and _UNKNOWN.match(self.speech, at - 1) is not None
        beside = self.tags[at].rule.endswith(("mainly", "versus"))
        if (not before or before in ",;cbBW(-" or unknown) and not beside:
            self.noun = "other"
        self.negation_fresh = False

    def _on_noun(self, _at: int) -> None:
        if self.doubt not in self.used:
            self.doubt = None  # "possible irritation of the root, no canal stenosis"
        self.noun = "other"
        self.negation_fresh = False

    def _on_region(self, at: int) -> None:
        self.foreign = self.tags[at].meaning.value == "other"

    def _on_prior(self, at: int) -> None:
        operation = _OPERATION.match(self.speech, at)
        first = _WAS_FIRST.match(self.speech) if at < 3 else None
        self.past |= first is not None and self.tags[first.start("was")].rule.endswith(_PAST_VERBS)
        of_operation = (
            operation is not None and self.tags[operation.end() - 1].meaning.value == "postoperative"
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
        elif not self.speech[:at].strip("l:,cb") or self.speech[:at] in {
            "w,",
            "ww,",
        }:  # by comparison, in 2019
            self.past = True

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

    def _on_now(self, _at: int) -> None:
        self.void = self.past = False

    def _on_bound(self, at: int) -> None:
        """As in "mild at most": the grade before it is the upper bound."""
        for draft in self.open_drafts[-2:]:
            value = draft.value
            if draft.graded and value.high < 3 and value.phrase in {"", "at_most"}:
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

    def _on_level_normal(self, at: int) -> None:
        if self.noun == "other" and (self._denies_level(at) or BESIDE.search(self.speech, 0, at)):
            self.noun = ""
        after = self.speech[at - 1 : at] in set("shx:-v") or _UNDER_KEY.search(self.speech, 0, at)
        if self.open and self.noun == "structure" and after:
            value = Value(0, 0, "", [at])  # "Canal: no abnormality"
            if not self._denies_grade(value):
                self._give(value)
        elif self.current is not None and self.current.reference == "otherwise":
            heading = self.current.among  # "L5-S1: Dry disc, otherwise nil", "Otherwise, no abnormality."
            self.current = LevelRef(mention=heading, mark=self.current.mark) if heading else None
            self._whole(at, "otherwise")
        else:
            self._whole(at, "otherwise" if _AFTER_LESION.fullmatch(self.speech) else "normal")

    def _denies_level(self, at: int) -> bool:
        """Whether a clause begins with it that is of a level: "the conus is normal; nothing at L1-2"."""
        if _OF_LEVEL.match(self.speech, at) is None:
            return False
        if self.tags[at].rule == _THERE_IS_NOTHING:
            return True
        begun = len(self.speech[:at].rstrip("nv")) - 1
        while begun >= 0 and self.tags[begun].rule in OF_STUDY:
            begun -= 1
        if begun < 0 or self.speech[begun] in ",;(cW":
            return True
        before = self.tags[begun]
        return before.meaning.value == "but" or before.rule == _THERE_IS

    def _on_otherwise(self, at: int) -> None:
        of_study = tells_of_study(self.tags[:at])
        if of_study and self.speech[max(at - 2, 0) : at] in {"bv", "cv"}:
            self.used.add(at)  # "MRI showed mild stenosis at L4-5 but was otherwise normal"
        elif self.open and self.noun == "structure" and _OF_OPEN.search(self.speech, 0, at):
            self.current = self._ref(at)
            self._give(Value(0, 0, "", [at]))  # "The canal and foramina are otherwise unremarkable"
        elif self.noun == "other" and not self.drafts and of_study:
            self.used.add(at)  # the study shows nothing else, which says nothing of this level
        else:
            self._whole(at, "otherwise")

    def _on_study_normal(self, at: int) -> None:
        if any(tag.meaning.speech == "q" for tag in self.tags[:at]):
            return  # "otherwise, the study is unremarkable"
        if self.tags[at].rule in _EXAMS and self._is_of_body(at):
            return
        spine = self.tags[at + 1 : at + 2]
        if self.speech[at + 1 : at + 2] in _CLOSES or (spine and spine[0].rule == "references/of-the-spine"):
            self._whole(at, "study", LevelRef(reference="all"))

    def _is_of_body(self, at: int) -> bool:
        """Whether a normal exam is none of the spine: "her neurologic exam is normal", "exam of the hips"."""
        clause = self.tags[self.speech.rfind(",", 0, at) + 1 : at]
        other = any(
            tag.meaning.speech in "we" and tag.rule in {"", "distractors/anatomy", "distractors/frame"}
            for tag in clause
        )
        return other or self.speech[at + 1 : at + 2] == "p"

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
