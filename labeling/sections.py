"""A report cut into sentences, each with what separates it from the one before, and the headings of sections.

Which line ends are mere wraps is settled in `labeling.lines`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from labeling.levels import notation_of
from labeling.lines import LETTER_BULLET, Lines
from labeling.run_ons import RunOns
from labeling.tagging import Tag
from lexicons.lexicon import Lexicon
from lexicons.patterns import NUMBER, any_of, as_phrase, trie_regex

COUNTED = frozenset({"findings", "impression", "addendum", "attested"})
"""The sections whose statements reach a cell."""

OPENING = frozenset({"history", "technique", "comparison", "uncompared", "findings"})
"""The sections that a report opens with, up to its findings."""

OPENED = {
    "notes": "history",
    "levels": "findings",
    "digest": "findings",
    "preoperative": "findings",
    "reread": "findings",
    "uncompared": "technique",
}
"""What is opened by a heading of another name; one of others ends a block and opens nothing, a digest of
what stands above it is an impression, and who rereads it adds to it."""

OWN = {
    "findings": "findings",
    "impression": "impression",
    "addendum": "addendum",
    "recommendation": "attestation",
}
"""The headings that `labeling.sources` writes over the parts of a report, whatever its language."""

_SHORT_NAME = r"[ \t]+[(]?(?:[RL]t|[RLB]/?[RL]?|[A-Z]{2,5}|[LS]\d)(?:-[a-z]|(?! ?[:=-]|[\w/]))"
"""A side or a structure in capitals, or a root: "R", "Rt", "B/L", "NFN", "L5"."""
_NEXT_SIDE = r"[ \t]+[RL]t?[. ]"
"""A side behind a side begins a sentence: "mild on Lt. Rt recess patent"."""
_WORD = 4
"""Letters of a word that is no short form."""
LONGEST = 1500
"""Characters of the longest sentence: what is longer is cut, at a blank if it has one."""
_REACH = 80
"""How many characters around a full stop are looked at to tell whether an abbreviation has its noun."""
_LETTER_BULLET = re.compile(LETTER_BULLET)
_DASHED = r"-(?=[A-Z][a-z]|[ ][A-Za-z]{2}|[ ]?[LTDltd]\d{1,2}[-/][LSls]?\d)"
"""Behind the number of an item: "2-L4-5: bulge", "3- no stenosis"; but not in "4-L5", "5- S1", "3-level"."""
_BULLET = re.compile(
    rf"[\s\u2022*>+=#-]*(?:{LETTER_BULLET})?(?:\(?(\d{{1,2}})[ ]?(?:[.)](?=\s|[A-Za-z])|{_DASHED}))?"
    r"[\s\u2022*>-]*"
)


_BEFORE_NOUN = re.compile(
    r"(?:^[\u2022-]*(?:b?l)?[:-]?|[bBWpin;(]|(?<![sfhHxtr])[:-]|[dewl],?c|[dewl],(?=.?r|r.)|[gzn][zr]{0,2}w?[sf]?[hHxt][lr]{0,2}[,c]{1,2})"
    r"[gzrnu]{1,4}(?:[c,]{1,2}[gzrnu]{1,3})?$"
)
"""Values that wait for their noun: "disc bulges with mild bilat. | NF narrowing"."""
_NOUN = re.compile(r"[gzrw]{0,3}(?:[sf]{1,2}w?[hHt]|x)(?![vogzHn:-]|,[gzon])")
"""A noun that has no value behind it."""
_TOLD = re.compile(
    r"(?:[sxohHt][v,]?[gz]?r|(?:^|[^gzr])[sf]?[sxhH][v,:]?[gz]{1,2}|[gzosxhHt](?:,?c|,)?r[gz]{1,2})$"
)
_TOLD_NEXT = re.compile(r"l(?:[dneov]|[gzr]{0,2}(?:[dsfx]|w?d))")
"""A side or a grade behind its noun, or both, and a level with what is of it: "bilat. | L5-S1 bulge"."""

_LETTERED = re.compile(r"\s*\(?[a-kA-K]\)")


class Sentence(NamedTuple):
    """Characters ``start..end`` of the folded text, bullet and number of a list cut off.

    `after` says what came before it: ``blank`` a blank line, ``line`` a new line, ``stop`` the end of a
    sentence. `numbered` is set when it begins an item of a numbered list.
    """

    start: int
    end: int
    after: str
    numbered: bool


class Splitter:
    """Cuts texts into sentences, with the abbreviations and the names of levels of one language."""

    def __init__(self, lexicon: Lexicon, tag: Callable[[str], list[Tag]]) -> None:
        """`tag` reads words in small letters, where only grammar tells the clauses apart."""
        self._lexicon = lexicon
        self._found: dict[bool, re.Pattern[str]] = {}
        self._lines = Lines(lexicon, tag)
        answers = [
            phrase
            for phrase, rule in lexicon.phrases.items()
            if phrase.isalpha() and rule.file in {"negation", "normal"} and rule.means in {"no", "none"}
        ]
        self._is_answer = re.compile(rf"(?i:{trie_regex(sorted(answers))})(?=[.;!\n]|$)").match
        self._tag = tag
        short = lexicon.words("abbreviations", "small")
        self._is_short = re.compile(rf"(?i:\b{any_of(short)})[.]$").search
        self._longest_short = max(map(len, short), default=0) + 2  # with its stop, and what stands before it
        self._apart = re.compile(rf"(?<=[^\s:|])(?:  | ?\|)[ |]{{0,38}}(?={_key(lexicon)})").sub
        self._run_ons = RunOns(lexicon, self._lines.goes_on, tag)
        articles = any_of(lexicon.words("levels", "article"))
        places = any_of([word.capitalize() for word in lexicon.words("levels", "at")])
        self._begins_anew = re.compile(rf"(?:(?i:{articles})|{places})\b").match  # "bilat. The L5-S1 disc"

    def _ends(self, capitals: bool) -> re.Pattern[str]:
        """What ends a sentence; compiled for the first text that needs it, in a compiled engine as well."""
        found = self._found.get(capitals)
        if found is None:
            found = self._found[capitals] = re.compile(_break(self._lexicon, capitals=capitals))
        return found

    def split(self, text: str) -> list[Sentence]:
        """The sentences of a folded text, in order."""
        sentences: list[Sentence] = []
        sentence: Callable[[tuple[int, int, str, bool]], Sentence] = partial(tuple.__new__, Sentence)
        if "  " in text or "|" in text:  # a key stands in a cell of its own, as behind a tab
            text = self._apart(lambda match: "\t".ljust(len(match[0])), text)
        start = 0
        after = "blank"
        line_start = 0
        shape = self._lines.shape(text)
        ends = self._ends(text.isupper())
        for match in ends.finditer(text):
            end, following = match.span()
            sign = text[end]
            kind = "stop"
            if sign == "\n":
                lines = text.count("\n", end, following)
                over = text[end - 1] == "." and not text[following : following + 1].islower()
                wrapped = (
                    lines == 1 and not over and self._lines.is_wrap(text, line_start, end, following, shape)
                )
                line_start = following
                if wrapped:
                    continue
                kind = "blank" if lines > 1 else "line"
            elif sign in ".!?:":
                if sign == "?" and self._is_answer(text, following):
                    continue  # "Canal stenosis? No."
                last = text[max(start, end - self._longest_short) : end + 1]
                if sign == "." and self._is_short(last) and self._waits(text, start, match):
                    continue
                end += 1
            elif sign != "/":
                bullet = _BULLET.match(text, start, end)
                if bullet is not None and bullet.end() == end:
                    continue  # an indented or numbered heading begins the sentence already
                following = end  # a heading in capitals belongs to what follows
            if (
                start < end <= start + LONGEST
                and text[start].isalpha()
                and text[start + 1 : start + 2] not in " :)"
            ):
                sentences.append(
                    sentence((start, end, after, False))
                )  # as `_add` does, in a third of its time
            else:
                _add(sentences, text, start, end, after)
            start, after = following, kind
        _add(sentences, text, start, len(text), after)
        if not shape.room:
            return sentences
        longest = max(text.split("\n"), key=len)  # and no title or signature
        cased = not (longest.islower() or longest.isupper())
        return [part for one in sentences for part in self._parts(text, one, cased)]

    def _waits(self, text: str, start: int, stop: re.Match[str]) -> bool:
        """Whether the noun of an abbreviation comes behind its stop: "mild bilat. NF narrowing"."""
        if self._begins_anew(text, stop.end()):
            return False
        before, after = text[max(start, stop.start() - _REACH) : stop.start()], text[stop.end() :][:_REACH]
        following = self._speech(after.partition("\n")[0])
        if following[:2] in {"l:", "l-"}:  # a heading
            return False
        if following[:1] == "l":  # "mod. L4-5"
            return not (_TOLD_NEXT.match(following) and _TOLD.search(self._speech(before)))
        noun = _NOUN.match(following)
        return noun is not None and _BEFORE_NOUN.search(self._speech(before)) is not None

    def _speech(self, words: str) -> str:
        return "".join([tag.meaning.speech for tag in self._tag(words.lower())])

    def _parts(self, text: str, one: Sentence, cased: bool) -> Iterator[Sentence]:
        """The sentences that a sentence holds, in a report without full stops."""
        for cut, after in self._run_ons.cuts(text, one.start, one.end, cased):
            yield one._replace(end=cut)
            one = Sentence(cut, one.end, after, False)
        yield one


def _break(lexicon: Lexicon, *, capitals: bool = False) -> str:
    """What ends a sentence. One set of signs comes first: the matcher skips from one of them to the next.

    Then comes which of them it is: a capital, the commonest, is asked for no more than a capital may end.
    In a text all in `capitals` no heading within a line stands out, and an abbreviation ends no sentence.
    """
    before_any = _not_after(lexicon.words("abbreviations", "any"))
    short = lexicon.words("abbreviations", "small")
    before_small = before_any + _not_after(short)
    verbs = {phrase for phrase, rule in lexicon.phrases.items() if rule.means == "is"}
    begun = _beginning(short, [word for word in lexicon.words("lines", "goes on") if word not in verbs])
    # L4-5: mod. R NFN, where it begins a phrase
    answers = [word for word, rule in lexicon.phrases.items() if rule.file == "normal" and len(word) < _WORD]
    answered = rf"(?![ \t]+{any_of(answers)}[ \t]*(?:[.,;\n]|$))"  # foram. N, canal N
    joined = rf"(?!(?-i:(?={_SHORT_NAME}))(?:{begun})){answered}"
    sides = [word for word in short if word in lexicon.phrases and lexicon.phrases[word].file == "sides"]
    told = "|".join(rf"(?<=\b{words}[.])(?-i:(?={_NEXT_SIDE}))" for words in _by_length(sides)) or "(?!)"
    before_capital = before_small if capitals else f"{before_any}(?:{before_small}|{joined}|{told})"
    level = r"[LTDltd]\d{1,2}[-/]"
    heading = (
        r"|(?<=[ \t][A-Z])(?=[A-Z/&-])(?<![A-Z/&,][ \t].)"
        rf"(?!(?=[A-Z/]{{1,3}}:)(?:{_after_word(lexicon)}))"
        r"[A-Z][A-Z/&-]+(?: [A-Z/&-]+){0,4}:(?=[ \t]|$)"
    )
    return (
        r"[\n.!?/\tA-Z:*](?:"
        # a number that touches a level
        r"(?<=[A-Z])(?:(?<=[a-z)] \d[.)]L)(?=\d)|(?<=[a-z)] \d[.)] L)(?=\d)"
        # a heading in capitals within a line
        rf"{'' if capitals else heading})"
        r"|(?<=\n)\s*"
        r"|(?<=[.!?])(?:"
        # before a capital or a list number, except after a list number or a title
        rf"(?=[\"')\] \t])(?<!\n\d[.])(?<!\A\d[.])(?<![.:;)] \d[.])(?i:{before_capital})"
        # one more stop before the next sentence: "The canal is narrow. .Foraminal stenosis at L4-5."
        r"[\"')\]]*[ \t]+[.]?(?=[A-Z(\[\"'\u2022>*#-]|\d+[.)] |[?] ?[a-zA-Z])"
        # before a small letter, in reports that know no capitals, except after an abbreviation
        r"|(?=[ \t])(?:(?<=[a-z)][a-z)][.!?])|(?<=\b[Tt][12][.])|(?<=\b[A-Z][A-Z][.])"
        r"|(?<=[a-z\d)%] [.])(?<!\A\d [.])(?<!\n\d [.])"
        r"|(?<=[-/]\d[.])|(?<=[-/][ls]\d[.])|(?<=[a-z]/[a-z][.]))"
        rf"(?i:{before_small})[ \t]+(?=[a-z0-9])"
        # with no blank before the next sentence: "arthropathy is mild.Severe canal stenosis"
        rf"|(?=[A-Z][a-z]|{level})(?:(?<=[a-z]{{3}}[.])|(?<=[a-z]{{2}}[.])(?={level})"
        rf"|(?<=[a-z\d)] [.])|(?<=[-/]\d[.]))(?i:{before_small})"
        # the same in small letters, where no abbreviation can end: "L4/5 (severe) .exit canals are fine"
        r"|(?=[a-z]{3})(?:(?<=[a-z\d)] [.])|(?<=\w[)][.])|(?<=[-/]\d[.])))"
        r"|(?<=/)/+[ \t]*"
        # a key in a cell of its own
        rf"|(?<=\t)(?<![ \t]\t)[ \t]{{0,40}}(?={_key(lexicon)})"
        # a bullet before a level within a line
        r"|(?<=[ \t][*])(?=[ ]?[LTDltd]\d)"
        # a level before a numbered list
        r"|(?<=\d:)(?=[ \t]?1[.)][ \t]?[A-Za-z]))"
    )


def _key(lexicon: Lexicon) -> str:
    """A key within a line; that of a level or a side is none: in "Canal: mild    Level: L4-5" it ends one."""
    sides = [phrase for phrase, rule in lexicon.phrases.items() if rule.file == "sides" and phrase.isalpha()]
    others = rf"(?:[a-z]+ )?{any_of(lexicon.words('levels', 'level'))}|{trie_regex(sorted(sides))}"
    return rf"(?!(?i:{others}) ?:)[A-Za-z][A-Za-z /&()-]{{0,28}}:"


def _after_word(lexicon: Lexicon) -> str:
    """Looks back from behind a letter: "Right NFN:" is no heading, and "Preop MRI:" is not one of today."""
    words = {
        phrase.removesuffix(" mri")
        for phrase, rule in lexicon.phrases.items()
        if rule.file == "sides" or (rule.file, rule.id) == ("change", "prior")
    }
    forms = [form for word in words if word.isalpha() for form in (word, word.capitalize())]
    return "|".join(rf"(?<=\b{words}[ \t].)" for words in _by_length(forms))


def _not_after(abbreviations: Iterable[str]) -> str:
    """Looks back from behind a full stop: none of `abbreviations` ends there."""
    return "".join(rf"(?<!\b{words}[.])" for words in _by_length(abbreviations))


def _beginning(abbreviations: Iterable[str], leads: Iterable[str]) -> str:
    """Looks back from behind a full stop: one of `abbreviations` ends there that begins a phrase.

    It does so after a level, a sign or a word that no sentence ends with and no verb.
    """
    places = [r"\A", r"\n", "  ", r"\d ", r"\d: ", r"[^\w\s:]", r"[^\w\s:] "]
    places += [rf"\b{words} " for words in _by_length(leads)]
    begun = [rf"(?<={place}{words}[.])" for words in _by_length(abbreviations) for place in places]
    return "|".join(begun)


def _by_length(phrases: Iterable[str]) -> list[str]:
    """Expressions for `phrases` of one length each, as what looks back needs them."""
    by_length: dict[int, list[str]] = {}
    for phrase in phrases:
        by_length.setdefault(len(phrase), []).append(phrase)
    return [any_of(words) for words in by_length.values()]


def _add(sentences: list[Sentence], text: str, start: int, end: int, after: str) -> None:
    while end - start > LONGEST:
        # No sentence is that long: cut at a blank, so that the time to link stays in proportion.
        cut = text.rfind(" ", start, start + LONGEST) + 1 or start + LONGEST
        _add(sentences, text, start, cut, after)
        start, after = cut, "stop"
    if start < end and text[start].isalpha() and not _LETTER_BULLET.match(text, start, end):
        sentences.append(Sentence(start, end, after, False))
        return
    bullet = _BULLET.match(text, start, end)
    if bullet is None or bullet.end() == end:
        return
    numbered = bullet[1] is not None or _LETTERED.match(text, start, end) is not None
    sentences.append(Sentence(bullet.end(), end, after, numbered))


class Headings:
    """Recognises the heading that a sentence begins with."""

    def __init__(self, lexicon: Lexicon) -> None:
        headings = [*lexicon.headings, *(OWN.keys() - lexicon.headings.keys())]
        first_words = {phrase.partition(" ")[0] for phrase in headings}
        longer = [
            phrase
            for phrase, rule in lexicon.phrases.items()
            if phrase.partition(" ")[0] in first_words
            and rule.file != "change"
            and _follows(phrase, lexicon.headings)
        ]
        self._sections = OWN | {phrase: rule.means for phrase, rule in lexicon.headings.items()}
        self._match = re.compile(
            rf"({trie_regex(sorted(headings))})(?![a-z0-9])"
            # "CLINICAL - severe stenosis", "Findings at L4-5:"
            r"(?:(?= -+ )|( ?\([^)\n]{0,60}\)|,(?: (?:dr|prof)[.])?[^:.]{0,60}|[^:.,\n]{0,30})?)"
            r"( ?[:-]+|[.]?$)?"
        ).match
        self._levels = notation_of(lexicon)
        self._words = lexicon.phrases
        self._rules = dict.fromkeys(OWN, "") | {
            phrase: rule.name for phrase, rule in lexicon.headings.items()
        }
        self._phrase = re.compile(rf"{trie_regex(sorted(longer))}(?![a-z0-9])").match
        self._bare = frozenset(phrase for phrase, rule in lexicon.headings.items() if "bare" in rule.flags)
        self._alone = frozenset(phrase for phrase, rule in lexicon.headings.items() if "alone" in rule.flags)

    def rule(self, sentence: str) -> str:
        """The name of the rule whose heading `sentence` begins with, empty if none."""
        match = self._match(sentence)
        return self._rules[self._phrase_of(match[1])] if match else ""

    def read(self, sentence: str) -> tuple[str, int]:
        """The section that a lower-case sentence opens and the length of its heading, else ``"", 0``."""
        match = self._match(sentence)
        if match is None or self._phrase(sentence):
            return "", 0  # "question of mild stenosis" and "study is normal" are no headings
        heading = self._phrase_of(match[1])
        if match[2] and heading in self._alone:
            return "", 0  # "MRI LUMBAR SPINE:" is a title, "MRI:" a heading
        section = self._sections[heading]
        said, closed = (match[2] or "").strip(" ->=*"), match[3] not in {None, "", "."}
        if closed or (match[3] is not None and not said):  # "HISTORY:", "HISTORY." and "HISTORY -"
            # "Findings at L4-5:" names a level as well, which is left to the sentence
            return section, match.end(1) if match[2] and self._levels.anywhere.search(
                match[2]
            ) else match.end()
        if heading in self._bare and not self._of(sentence[match.end(1) :]):
            return section, match.end(1)
        return "", 0

    def _phrase_of(self, words: str) -> str:
        """The phrase that matched `words`: with its own digits, or with any."""
        phrase = as_phrase(words)
        return phrase if phrase in self._sections else re.sub(r"\d+", NUMBER, phrase)

    def _of(self, rest: str) -> bool:
        """Whether a word like "of" comes next, as in "history of ...", which is no heading."""
        word = rest.partition(" ")[2].partition(" ")[0] if rest[:1] == " " else ""
        return word in self._words and self._words[word].means == "of"


def _follows(phrase: str, headings: Collection[str]) -> bool:
    """Whether `phrase` begins with one of `headings` and a blank."""
    return any(phrase[: blank.start()] in headings for blank in re.finditer(" ", phrase))
