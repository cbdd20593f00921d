"""One pass over a sentence: words to tags.

The scanner is one regular expression. It tiles the sentence, so a level expression, the longest phrase of the
lexicon, a word it does not know or a sign each become one token, and the tokens joined are the sentence again.
Every token text is looked up once and kept, so a known text costs one dictionary access.

``mild right foraminal narrowing at L4-5.``  becomes  ``g r f h l .``  in the alphabet of `lexicons.meanings`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from labeling.levels import EXPRESSION, LevelMention, parse_levels
from labeling.spelling import Speller
from lexicons.lexicon import Lexicon
from lexicons.meanings import MEANINGS, Meaning
from lexicons.patterns import BLANK, trie_regex

WORD = Meaning("w", "word")
_FILLER = Meaning("")
_SIGNS = {",": ",", ";": ";", ":": ":", "(": "(", ")": ")", "[": "(", "]": ")", "|": "|", "-": "-", "\u2022": "\u2022"}
_ROLES = {
    **dict.fromkeys("gzGoOQYX", "grade"),
    **dict.fromkeys("skfx", "structure"),
    **dict.fromkeys("hti", "head"),
    **dict.fromkeys("ra", "side"),
    **dict.fromkeys("nN", "negation"),
    **dict.fromkeys("uUV", "uncertainty"),
    **dict.fromkeys("lyj", "level"),
    **dict.fromkeys("qE", "scope"),
    **dict.fromkeys("KM", "reference"),
    "m": "measure",
}
UNREAD_SPEECH = frozenset("gzxhit")
"""Parts of speech that ought to end in some cell: one that no statement used counts as unread."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A token of the sentence: its characters ``start..end`` (trailing blanks cut) and what it means.

    `finding` is the key of the finding whose lexicon file holds the rule, empty elsewhere. `levels` is set for
    level expressions only.
    """

    start: int
    end: int
    meaning: Meaning
    rule: str = ""
    finding: str = ""
    flags: frozenset[str] = frozenset()
    levels: LevelMention | None = None

    @property
    def role(self) -> str:
        """The part the words play in `Evidence`."""
        return _ROLES.get(self.meaning.speech, "scope")


@dataclass(frozen=True, slots=True)
class _Entry:
    meaning: Meaning
    rule: str = ""
    finding: str = ""
    flags: frozenset[str] = frozenset()
    levels: LevelMention | None = None


class Tagger:
    """The scanner of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._entries = {
            phrase: _Entry(
                MEANINGS["finding" if rule.file.startswith("findings/") else rule.file](rule.means),
                rule.name,
                rule.file.removeprefix("findings/") if rule.file.startswith("findings/") else "",
                rule.flags,
            )
            for phrase, rule in lexicon.phrases.items()
        }
        phrases = trie_regex(sorted(lexicon.phrases))
        self._scan = re.compile(
            rf"(?:{EXPRESSION}(?![a-z0-9])|{phrases}(?![a-z0-9]|(?<=[a-z0-9])'[a-z])|[a-z]+(?:['-][a-z]+)*|\d+(?:[.,]\d+)*|.)\s*",
            re.DOTALL,
        ).findall
        self._speller = Speller(lexicon)
        self._known: dict[str, _Entry] = {}

    def tag(self, sentence: str) -> list[Tag]:
        """The tags of a folded lower-case sentence, fillers left out."""
        tags: list[Tag] = []
        at = 0
        known = self._known
        for token in self._scan(sentence):
            entry = known.get(token)
            if entry is None:
                entry = self._look_up(token)
            if entry.meaning.speech:
                words = token.rstrip()
                tags.append(
                    Tag(at, at + len(words), entry.meaning, entry.rule, entry.finding, entry.flags, entry.levels)
                )
            at += len(token)
        return tags

    def correct(self, sentence: str) -> tuple[str, tuple[tuple[int, int, int, int], ...]]:
        """`sentence` with the typos of its load-bearing words mended, and where: (start, end, new start, new end)."""
        pieces: list[str] = []
        mended: list[tuple[int, int, int, int]] = []
        at = length = 0
        for token in self._scan(sentence):
            word = token.rstrip()
            better = self._speller.correct(word) if len(word) >= 7 and self._look_up(token).meaning is WORD else None
            if better:
                mended.append((at, at + len(word), length, length + len(better)))
                token_out = better + token[len(word) :]
            else:
                token_out = token
            pieces.append(token_out)
            at += len(token)
            length += len(token_out)
        return "".join(pieces), tuple(mended)

    def _look_up(self, token: str) -> _Entry:
        entry = self._read(re.sub(r"\s+", BLANK, token.strip()))
        if len(self._known) > 200_000:
            self._known.clear()
        self._known[token] = entry
        return entry

    def _read(self, words: str) -> _Entry:
        found = self._entries.get(words)
        if found is None and any(sign.isdigit() for sign in words):
            found = self._entries.get(re.sub(r"\d+", "#", words))
        if found is not None:
            return found
        if re.fullmatch(EXPRESSION, words):
            levels = parse_levels(words)
            speech = {"foreign": "y", "transitional": "y", "vertebra": "j"}.get(levels.span, "l")
            return _Entry(Meaning(speech, levels.span), "levels/expression", levels=levels)
        if words in _SIGNS:
            return _Entry(Meaning(_SIGNS[words]))
        if words[:1].isalpha():
            return _Entry(WORD)
        return _Entry(_FILLER)
