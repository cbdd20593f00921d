"""Where a clause begins in a report without full stops, as far as capitals, headings and grammar tell.

``canal is not stenotic both foramina are patent`` has two subjects with a verb each, ``Canal patent Mild
facet wear`` a capital, ``no fracture impression mild narrowing`` a heading. What may as well belong to the
words before it ("moderate canal stenosis mild foraminal stenosis at L4-5") begins none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from labeling.tagging import Tag
from lexicons.lexicon import Lexicon
from lexicons.patterns import any_of

_CAPITAL = re.compile(r"(?<=[a-z\d)%] )(?:[A-Z][a-z]+|A)(?=[ :,-])")
_NUMBER = re.compile(r"(?<![^\s])(\d)\)? (?=[a-zA-Z]\w)(?!mm|cm|x|to|and|or|of|level|year|day|week|month)")
_WORD = re.compile(r"[A-Za-z]{3,}")
_NOUN = r"r?[fk]?[sexkd]"
_SUBJECT = re.compile(rf"{_NOUN}(?:[cp]{_NOUN}){{0,3}}[lw]?v")
"""A noun and its verb: "the canal and both foramina are"."""
_KEY = re.compile(r"r?[sx][ht]?m?(?:[gzonvH]|r[gzonH])|r?[sf][ht][gzonvr]")
"""A structure and its value: "foramina patent", "left recess mildly narrowed"."""
_OTHER = re.compile(r"[ed](?:[vonH]|[gz]{1,2}(?:w|H|$))")
_SUBJECT_HEAD = re.compile(r"r?[sf][ht]r?v|lv[nu]?[gzo]")
_COMPLETE = re.compile(r"[sfxthedrHqlW]v[nu]{0,2}(?:[gzo]{1,2}H?|H)r?[lq]?$")
"""A clause whose verb has its value: "where it is severe", "the conus is normal"."""
_NEXT = re.compile(r"r?[sfxed]")
_REST = re.compile(r"q(?:v|o|[secf]{1,3}v?o|n)")
"""Other levels, or what is left of a structure: "remaining foramina are patent"."""
_GRADED = re.compile(r"(?:[gzo]r?){1,2}(?:c[gz]r)?[wj]{0,2}[sfxdeht]")
"""A noun behind its grade: "mild right foraminal narrowing"."""
_DENIED = re.compile(r"n[gzuwr]{0,3}[sfxdehtk]")
_BEGUN = re.compile(
    "|".join(one.pattern for one in (_NEXT, _GRADED, _KEY, _DENIED, _REST, _OTHER, _SUBJECT, _SUBJECT_HEAD))
)
"""What a clause may begin with: where none of it stands, the rest need not be asked."""
_SAID = re.compile(
    r"(?:^|[^gzonr])(?:[gzon]{1,3}r?|r?[gzo]{1,2})[wj]{0,2}(?:[sf]?[hHtx]|s|d|e)r?$(?<![sfxht]gx)"
)
"""A clause whose noun has its grade before it, so that the next grade is not of it."""
_VALUED = re.compile(
    r"(?:^|[^gzoncrpb])r?[sfx]?[sfxht]v?(?:[nu]?[gzo]{1,3}H?|H|m?[gz]{1,2}h|r[gzo]|[gzo]r)(?:r[gzo]|[gzo]r|r)?$"
)
"""A clause whose structure has its value behind it."""
_DONE_TO = re.compile(r"i[prw]{0,2}[kse]$")
"""A clause that ends with what is done to something: "a bulge deforming the sac"."""
_PAIRED = re.compile(r"[sfxht][gzo]rc?[gzo]{1,2}r$")
"""Each side behind its grade: "foramina mild right moderate left"."""
_FIRST = re.compile(r"(?<=.)(?<![cpbBWPnXu(,:;>Evi-])(?=[rfksexdlqgzon])")
"""Before a part of speech that a clause may begin with, and behind none that leads to the noun after it."""
_GRADES = "gz"
"""They lead to it as well, but for a verb's: "the canal is severe the foramina are patent"."""
_TELLS = re.compile(r"[^lq:\u2022-]")
"""What says more than which level is meant."""
_REACH = 40
"""How many signs are looked back on, so that the time grows no faster than the text."""


class ClauseStarts:
    """Finds the beginnings of clauses with the words of one language."""

    def __init__(self, lexicon: Lexicon, goes_on: Callable[[str], bool]) -> None:
        """`goes_on` tells whether words end in one that no sentence ends with."""
        self._goes_on = goes_on
        capitals = lexicon.words("lines", "begins")  # none where nouns have a capital
        self._first = frozenset(lexicon.phrases_of("lines")) if capitals else frozenset()
        self._at = re.compile(rf"{any_of(lexicon.words('levels', 'at'))}\b").match
        self._leads = frozenset(
            word for means in ("at", "article") for word in lexicon.words("levels", means)
        )
        opens, aside, after = (
            any_of(lexicon.words("lines", means)) for means in ("opens", "beside a noun", "goes on")
        )
        self._section = re.compile(rf"(?i)(?<=[a-z\d)%] ){opens}(?= (?!(?:{aside}|{after})\b))")
        self._beside = re.compile(rf"(?i)\b{aside}$").search

    def sections(self, text: str, start: int, end: int, cased: bool) -> Iterator[int]:
        """Where a heading begins and where it ends: "no fracture | impression | mild stenosis"."""
        for match in self._section.finditer(text, start, end):
            words = text[max(start, match.start() - 1 - _REACH) : match.start() - 1]
            if not (cased and match[0][0].islower()) and not self._goes_on(words) and not self._beside(words):
                yield match.start()
                yield match.end() + 1

    def numbers(self, text: str, start: int, end: int) -> Iterator[int]:
        """The numbers of a list, each by one more: "impression 1 mild stenosis 2 dry discs"."""
        number = 1
        for match in _NUMBER.finditer(text, start, end):
            if int(match[1]) == number:
                yield match.start()
                yield match.end()
                number += 1

    def capitals(self, text: str, start: int, end: int) -> Iterator[int]:
        """Words with a capital behind a small letter, where few words have one."""
        words = _WORD.findall(text, start, end)
        if not words or 2 * sum(word[0].isupper() for word in words) > len(words):
            return
        for match in _CAPITAL.finditer(text, start, end):
            if match[0].lower() in self._first:
                yield match.start()

    def grammar(self, text: str, tags: Sequence[Tag]) -> Iterator[int]:
        """Offsets in `text`, one sentence with all its `tags`, where a clause begins by its grammar."""
        told = [tag for tag in tags if tag.meaning.speech]
        speech = "".join([tag.meaning.speech for tag in told])
        leads = self._leading(text, tags)
        begun = 0
        for match in _FIRST.finditer(speech):
            at = match.start()
            if _BEGUN.match(speech, at) is None:
                continue
            place = leads.get(told[at].start, told[at].start)
            if speech[at] in "ql" and self._at(text, place):
                continue  # "the foramina at these levels are patent"
            if self._begins(speech, begun, at, told[at].start in leads) and not self._goes_on(
                text[:place].rstrip()
            ):
                yield place
                begun = at

    def _begins(self, speech: str, begun: int, at: int, led: bool) -> bool:
        """Whether a clause that began at `begun` ends before `at`; `led` by an article."""
        before, looked = speech[at - 1], max(begun, at - _REACH)
        if _TELLS.search(speech, looked, at) is None:
            return False
        left = speech[looked:at]
        if before in _GRADES and not (led and "v" in left):
            return False
        apart = before != "r" or (led and left.count("r") < 2)
        if _SUBJECT.match(speech, at) or _SUBJECT_HEAD.match(speech, at):
            return apart and before != "f" and (led or before not in "wedR")
        if led and speech[at] in "se" and before in "lqroOHhtxd" and set(left) & set("gzoGn"):
            return apart
        if _GRADED.match(speech, at) and _SAID.search(left) and "l" not in speech[begun + 1 : at]:
            return True
        return _is_next(left, speech, at) and (led or before != "r" or _PAIRED.search(left) is not None)

    def _leading(self, text: str, tags: Sequence[Tag]) -> dict[int, int]:
        """Where a word with a part of speech begins, to where the article before it does."""
        found: dict[int, int] = {}
        first = -1
        for tag in tags:
            if tag.meaning.speech:
                if first >= 0:
                    found[tag.start] = first
                first = -1
            elif text[tag.start : tag.end] in self._leads:
                first = tag.start if first < 0 else first
            else:
                first = -1
        return found


def _is_next(left: str, speech: str, at: int) -> bool:
    """Whether what comes at `at` cannot belong to the words before, which say all that they have to say."""
    before = left[-1]
    return bool(
        (
            (_NEXT.match(speech, at) or (before == "o" and _GRADED.match(speech, at)))
            and _COMPLETE.search(left)
        )
        or (before not in "lw" and _REST.match(speech, at))
        or _DENIED.match(speech, at)
        or (before in "qRlH" and _OTHER.match(speech, at))
        or (_KEY.match(speech, at) and (_VALUED.search(left) or _SAID.search(left) or _DONE_TO.search(left)))
    )
