"""Words that call a level, the rest of it, or a study normal: "L1-2: no abnormality", "otherwise normal".

The same word may be of a structure instead ("Canal: no abnormality"), of another organ or of the study.
"""

from __future__ import annotations

import re

from labeling.linking.dates import DateLinks
from labeling.linking.drafts import Value
from labeling.linking.studies import EXCEPTED
from labeling.rule_names import THERE_IS
from labeling.speech.neighbours import OF_STUDY, tells_of_study
from labeling.speech.other_nouns import is_of_noun
from labeling.statements import LevelRef

_CLOSES = ("", ",", ";", ")", "p", "b", "R")
"""What may follow a study that is called normal, and no noun: "normal lumbar spine alignment"."""
_EXCEPTED = re.compile(rf"{EXCEPTED}(?=$|,?W)|,?b?E[gzrwfdep]{{0,7}}dp?l(?=$|[,;)bB])")
"""A level that is excepted, or a lesion there: "normal study apart from a small protrusion at L5-S1"."""
_OF_SPACE = re.compile(r"p{1,2}r?[skf]")
"""What it shows of a structure is normal, and no more: "normal MRI of the canal"."""
_SCAN = "normal/scan-normal"
_EXAMS = frozenset({"normal/exam-normal", "normal/exam-shows-normal", _SCAN})
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
BESIDE = re.compile(r"[hHxg]l?,?b[gzrwj]{0,4}[de]{1,2},?c?l[v:-]?$")
"""Something beside a stenosis, and the next level: "severe stenosis at L3-4 with a slip, L4-5 open"."""
_OF_SUBJECT = re.compile(r"[shx](?:p{0,2}[lqr]){0,2}[wvnpu]{1,4}$")
"""What is said of a structure, not of a whole level: "the canal is not a problem", "poses no problem"."""
_OF_TOLD = re.compile(r"[gzhHtx][lqr]{0,2}[,(]?[bcW]{0,2},?(?:[vw]{0,2}n|W?v|p)$")
"""What is said of a narrowing before: "mildly narrowed but not a problem", "which is no concern"."""
_PROBLEMS = frozenset({"normal/a-problem", "normal/no-problem"})
_UNDER_KEY = re.compile(r"[sf]h?:[lc,v]{1,8}$")
"""A key and levels: "Canal and foramina: L1-2 no abnormality"."""
_OF_LEVEL = re.compile(r"Ov?p{0,2}[lq](?=$|[,;)cb])")
_AT_LEVEL = re.compile(r"(?<![^,;cW])lO(?=$|[,;)]|c[lb])")
_NOUNS_OF_BODY = ("anatomy", "organ", "frame", "elsewhere-in-the-body")
_OF_BODY = frozenset({"", *(f"distractors/{noun}" for noun in _NOUNS_OF_BODY)})
_OF_THIS_LEVEL = "normal/otherwise-normal-level"
THERE_IS_NOTHING = "normal/there-is-nothing"


class NormalLinks(DateLinks):
    """Gives a word of normality to what it is of."""

    def _is_verdict(self, at: int) -> bool:
        """Whether "no problem" is said of what is narrow all the same, not of a stenosis that is denied."""
        told = _OF_TOLD.search(self.speech, 0, at) if self.noun != "other" else None
        graded = any(draft.graded and draft.value.low for draft in self.open_drafts)
        return told is not None and (graded or told[0][0] == "H")

    def _on_level_normal(self, at: int) -> None:
        if self.tags[at].rule in _PROBLEMS and self._is_verdict(at):
            self.used.add(at)
            return
        if self.noun == "other" and (self._denies_level(at) or BESIDE.search(self.speech, 0, at)):
            self.noun = ""
        of_subject = _OF_SUBJECT.search(self.speech, 0, at) is not None
        after = (
            of_subject or self.speech[at - 1 : at] in set("shx:-v") or _UNDER_KEY.search(self.speech, 0, at)
        )
        if self.open and self.noun == "structure" and after:
            value = Value(0, 0, "", [at])  # "Canal: no abnormality"
            self.used.update({at - 1} if self.speech[at - 1] == "n" else ())  # "it is not a problem"
            narrow = self.open_drafts and all(draft.graded and draft.value.low for draft in self.open_drafts)
            if not (of_subject and narrow) and not self._denies_grade(value):
                self._give(value)  # not in "the mild canal stenosis is not a problem"
        elif self.current is not None and self.current.reference == "otherwise":
            heading = self.current.among  # "L5-S1: Dry disc, otherwise nil", "Otherwise, no abnormality."
            self.current = LevelRef(mention=heading, mark=self.current.mark) if heading else None
            self._whole(at, "otherwise")
        else:
            self._whole(at, "otherwise" if _AFTER_LESION.fullmatch(self.speech) else "normal")

    def _denies_level(self, at: int) -> bool:
        """Whether a clause begins with it that is of a level: "the conus is normal; nothing at L1-2".

        Or the level begins it: "a bulge, at L1-2 there's nothing".
        """
        if self.tags[at].rule == THERE_IS_NOTHING and at and _AT_LEVEL.match(self.speech, at - 1):
            return True
        if _OF_LEVEL.match(self.speech, at) is None:
            return False
        if self.tags[at].rule == THERE_IS_NOTHING:
            return True
        begun = len(self.speech[:at].rstrip("nv")) - 1
        while begun >= 0 and self.tags[begun].rule in OF_STUDY:
            begun -= 1
        if begun < 0 or self.speech[begun] in ",;(cW":
            return True
        before = self.tags[begun]
        return before.meaning.value == "but" or before.rule == THERE_IS

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
            named = self.tags[at].rule == _OF_THIS_LEVEL and self.current is None
            self._whole(at, "otherwise", LevelRef(reference="this", mark=at) if named else None)

    def _on_study_normal(self, at: int) -> None:
        if any(tag.meaning.speech == "q" for tag in self.tags[:at]):
            return  # "otherwise, the study is unremarkable"
        if is_of_noun(self.tags, at) or _OF_SPACE.match(self.speech, at + 1):
            return  # "normal MRI of the sacrum"
        if self.tags[at].rule in _EXAMS and self._is_of_body(at):
            return
        spine = self.tags[at + 1 : at + 2]
        closes = self.speech[at + 1 : at + 2] in _CLOSES or _EXCEPTED.match(self.speech, at + 1)
        if closes and self.speech[:at].strip("b:,-\u2022") == "l":
            self._whole(at, "normal")  # "L5-S1: Negative study."
        elif closes or (spine and spine[0].rule == "references/of-the-spine"):
            self._whole(at, "study", LevelRef(reference="all"))

    def _is_of_body(self, at: int) -> bool:
        """Whether a normal exam is none of the spine: "her neurologic exam is normal", "exam of the hips".

        Of a scan the word beside it tells: "I was glad to hear that the scan was normal", "her bone scan is".
        """
        begun = at - 1 if self.tags[at].rule == _SCAN else self.speech.rfind(",", 0, at) + 1
        clause = self.tags[max(begun, 0) : at]
        other = any(tag.meaning.speech in "we" and tag.rule in _OF_BODY for tag in clause)
        return other or self.speech[at + 1 : at + 2] == "p"
