"""One pass over a sentence: words to tags.

The scanner is one regular expression. It tiles the sentence, so a level expression, the longest phrase of
the lexicon, a word it does not know or a sign each become one token, and the tokens joined are the sentence
again. Every token text is looked up once and kept, so a known text costs one dictionary access.

``mild right foraminal narrowing at L4-5.``  becomes  ``g r f h l .``  in the alphabet of `lexicons.meanings`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from labeling.levels import LevelMention, notation_of
from labeling.spelling import Speller
from labeling.statements import Words
from lexicons.lexicon import Lexicon, Rule
from lexicons.meanings import MEANINGS, Meaning
from lexicons.patterns import BLANK, any_of, trie_regex

WORD = Meaning("w", "word")
_FILLER = Meaning("")
_KIND = Meaning("q", "kind")
"""Levels of a kind that is not known: those of "at the operated levels" are not all."""
_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_FOREIGN = r"[\u0370-\u1fff\u3040-\ud7ff]+"
"""A word in the letters of another script, which is no more than that: "L4-5 \u690e\u9593\u76e4 (HIVD)"."""
_FIRST_SIGN = 0x100
_SIGNS = {
    ",": ",",
    ";": ";",
    ":": ":",
    "(": "(",
    ")": ")",
    "[": "(",
    "]": ")",
    "|": "|",
    "-": "-",
    "\u2022": "\u2022",
}
_ROLES = {
    **dict.fromkeys("gzGoOQYX", "grade"),
    **dict.fromkeys("skfx", "structure"),
    **dict.fromkeys("hHti", "head"),
    **dict.fromkeys("ra", "side"),
    **dict.fromkeys("nN", "negation"),
    **dict.fromkeys("uUV", "uncertainty"),
    **dict.fromkeys("lyj", "level"),
    **dict.fromkeys("KM", "reference"),
    "m": "measure",
}
UNREAD_SPEECH = frozenset("gzxhHit")
"""Parts of speech that ought to end in some cell: one that no statement used counts as unread."""


class Tag(NamedTuple):
    """A token of the sentence: its characters ``start..end`` (trailing blanks cut) and what it means.

    `finding` is the key of the finding whose lexicon file holds the rule, empty elsewhere. `levels` is set
    for level expressions only.
    """

    start: int
    end: int
    meaning: Meaning
    rule: str = ""
    finding: str = ""
    flags: frozenset[str] = frozenset()
    levels: LevelMention | None = None


_TAG: Callable[[tuple[object, ...]], Tag] = partial(tuple.__new__, Tag)  # a third of the time of `Tag`


def speech_of(tags: Sequence[Tag]) -> str:
    """The parts of speech of `tags`, one character each."""
    return "".join([tag.meaning.speech for tag in tags])


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a token text is. `sign` stands for it in the key of a sentence; empty when it is left out.

    `length` is that of the words without trailing blanks, `role` the part they play in `Evidence`. `mended`
    is set for a word that seems to be a typo, `half` for one that may be half a word.
    """

    meaning: Meaning
    rule: str = ""
    finding: str = ""
    flags: frozenset[str] = frozenset()
    levels: LevelMention | None = None
    sign: str = ""
    length: int = 0
    role: str = ""
    mended: str = ""
    half: str = ""


class Tagger:
    """The scanner of one lexicon."""

    def __init__(self, lexicon: Lexicon, speller: Speller | None = None) -> None:
        """`speller` is that of the whole lexicon where `lexicon` is a part of it."""
        entries = {id(rule): _entry(rule) for rule in lexicon.rules}
        self._entries = {phrase: entries[id(rule)] for phrase, rule in lexicon.phrases.items()}
        self._speller = speller or Speller(lexicon)
        self._levels = notation_of(lexicon)
        self._endings = lexicon.apart["endings"]
        phrases = trie_regex(sorted(lexicon.phrases))
        kinds, leads = _kinds(lexicon)
        self._is_kind = re.compile(kinds).fullmatch
        self._scan = re.compile(
            # the SI joint is no misread S1
            rf"(?:(?=[{self._levels.first_letters}]){self._levels.expression}"
            r"(?![a-z](?![a-z]{2})|[0-9]|(?<=si) joint)"
            rf"|{phrases}(?![a-z0-9]|(?<=[a-z0-9])'[a-z])"
            rf"|{leads}{kinds}(?![a-z0-9])"
            rf"|{any_of(lexicon.words('levels', 'at'))}(?=l[1-5][-/l])"  # atL4-5
            rf"|{_WORD.pattern}|\d+(?:[.,]\d+)*|{_FOREIGN}|.)\s*",
            re.DOTALL,
        ).findall
        self._known: dict[str, _Entry] = {}
        self._signs: dict[tuple[object, ...], str] = {}
        self._by_sign: list[Tag] = []

    def forget(self) -> None:
        """Drops the tokens that were read before."""
        self._known.clear()
        self._levels.parse.cache_clear()
        self._speller.forget()

    def key(self, sentence: str) -> tuple[str, list[Words], bool]:
        """The key of a folded lower-case sentence, the words of each sign, and whether a typo is suspected.

        Sentences with the same key have the same tags, so what they say need be worked out only once.
        """
        signs: list[str] = []
        words: list[Words] = []
        at = 0
        typo = False
        half = ""
        known = self._known
        for token in self._scan(sentence):
            entry = known.get(token) or self._look_up(token)
            if entry.sign:
                signs.append(entry.sign)
                words.append((at, at + entry.length, entry.role, entry.rule))
                typo = typo or entry.mended != ""
            if half and entry.half:
                typo = typo or self._speller.whole(half, entry.half) != ""
            half = entry.half
            at += len(token)
        return "".join(signs), words, typo

    def tags_of(self, key: str) -> list[Tag]:
        """The tags that `key` stands for, in order; they say nothing of where they stand."""
        by_sign = self._by_sign
        return [by_sign[ord(sign) - _FIRST_SIGN] for sign in key]

    def tag(self, sentence: str) -> list[Tag]:
        """The tags of a folded lower-case sentence, fillers left out."""
        return [tag for tag in self.tag_all(sentence) if tag.meaning.speech]

    def tag_all(self, sentence: str) -> list[Tag]:
        """The tags of a folded lower-case sentence, fillers included."""
        tags: list[Tag] = []
        at = 0
        for token in self._scan(sentence):
            entry = self._known.get(token) or self._look_up(token)
            if entry.rule or entry.meaning.speech:
                tags.append(_tag(entry, at, at + entry.length))
            at += len(token)
        return tags

    def mend(self, sentence: str) -> tuple[str, list[tuple[int, int, int, int]]]:
        """`sentence` with its typos mended, and where: (start, end) before and (start, end) after."""
        pieces: list[str] = []
        mended: list[tuple[int, int, int, int]] = []
        at = length = 0
        half = before = ""
        for token in self._scan(sentence):
            entry = self._known.get(token) or self._look_up(token)
            whole = self._speller.whole(half, entry.half) if half and entry.half else ""
            half = "" if whole else entry.half
            if whole:
                first = pieces.pop()
                length -= len(first)
                begun = at - len(before)
                mended = [edit for edit in mended if edit[0] < begun]
                mended.append((begun, at + entry.length, length, length + len(whole)))
                pieces.append(whole + token[entry.length :])
                at += len(token)
                length += len(pieces[-1])
                continue
            before = token
            piece = entry.mended + token[entry.length :] if entry.mended else token
            if entry.mended:
                mended.append((at, at + entry.length, length, length + len(entry.mended)))
            pieces.append(piece)
            at += len(token)
            length += len(piece)
        return "".join(pieces), mended

    def _look_up(self, token: str) -> _Entry:
        words = token.rstrip()
        entry = self._read(re.sub(r"\s+", BLANK, words))
        mended = (self._speller.correct(words) or "") if entry.meaning is WORD else ""
        if entry.meaning is WORD and not mended:
            entry = self._by_ending(words)
        if entry.meaning is _KIND:
            first, _, rest = words.partition(BLANK)
            mended = f"{right} {rest}" if (right := self._speller.correct(first)) else ""
        role = _ROLES.get(entry.meaning.speech, "scope")
        unknown = (entry.meaning is WORD and not entry.rule) or entry.rule.startswith("endings/")
        half = words if unknown and self._speller.is_half(words) else ""
        entry = replace(entry, sign=self._sign(entry), length=len(words), role=role, mended=mended, half=half)
        if len(self._known) > 200_000:
            self._known.clear()
        self._known[token] = entry
        return entry

    def _sign(self, entry: _Entry) -> str:
        if not entry.meaning.speech:
            return ""
        kind = (entry.meaning, entry.rule, entry.levels)
        if kind not in self._signs:
            self._signs[kind] = chr(_FIRST_SIGN + len(self._by_sign))
            self._by_sign.append(_tag(entry, 0, 1))
        return self._signs[kind]

    def _read(self, words: str) -> _Entry:
        found = self._entries.get(words)
        if found is None and any(sign.isdigit() for sign in words):
            found = self._entries.get(re.sub(r"\d+", "#", words))
        if found is not None:
            return found
        if self._is_kind(words) and self._levels.whole.fullmatch(words) is None:
            return _Entry(_KIND, "references/kind")
        if self._is_level(words):
            levels = self._levels.parse(words)
            speech = {"foreign": "y", "transitional": "y", "vertebra": "j"}.get(levels.span, "l")
            return _Entry(Meaning(speech, levels.span), "levels/expression", levels=levels)
        if words in _SIGNS:
            return _Entry(Meaning(_SIGNS[words]))
        if words[:1].isalpha():
            return _Entry(WORD)
        return _Entry(_FILLER)

    def _by_ending(self, word: str) -> _Entry:
        """What a word is that is not known, as far as its ending tells."""
        endings = [ending for ending in self._endings if word.endswith(ending)]
        if not endings:
            return _Entry(WORD)
        rule = self._endings[max(endings, key=len)]
        return _Entry(WORD if rule.means == "word" else _FILLER, rule.name)

    def _is_level(self, words: str) -> bool:
        """Whether a token that is no phrase is a level; few levels ("SI", "L-four-five") look like words."""
        if not "a" <= words[:1] <= "z":
            return False
        if _WORD.fullmatch(words) is None or words in self._levels.misread:
            return True
        return "-" in words[1:] and self._levels.whole.fullmatch(words) is not None


def _kinds(lexicon: Lexicon) -> tuple[str, str]:
    """Expressions for a word before "levels", as in "operated levels", and for what must stand before it."""
    nouns = lexicon.words("levels", "level")
    leads = [*lexicon.words("levels", "at"), *lexicon.words("levels", "article")]
    behind = "|".join(rf"(?<=\b{re.escape(word)} )" for word in leads)
    return (rf"[a-z]+(?:-[a-z]+)* {any_of(nouns)}", f"(?:{behind})") if nouns and behind else ("(?!)", "")


def _entry(rule: Rule) -> _Entry:
    finding = rule.file.removeprefix("findings/") if rule.file.startswith("findings/") else ""
    return _Entry(MEANINGS["finding" if finding else rule.file](rule.means), rule.name, finding, rule.flags)


def _tag(entry: _Entry, start: int, end: int) -> Tag:
    return _TAG((start, end, entry.meaning, entry.rule, entry.finding, entry.flags, entry.levels))
