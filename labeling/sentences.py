"""One sentence to a `ParsedSentence`: typos, headings, tags, statements. Pure, so every text is read only once."""

from __future__ import annotations

from dataclasses import replace

from labeling.levels import LevelMention
from labeling.linking import Linker
from labeling.sections import Headings
from labeling.statements import Mark, ParsedSentence, Statement
from labeling.tagging import UNREAD_SPEECH, Tag, Tagger
from lexicons.lexicon import Lexicon

_REPORT_FLAGS = frozenset({"transitional", "postoperative", "draft"})
_CACHE = 200_000


class SentenceReader:
    """Reads sentences with one lexicon, and remembers what it read."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._tagger = Tagger(lexicon)
        self._headings = Headings(lexicon)
        self._cache: dict[str, ParsedSentence] = {}

    def read(self, sentence: str) -> ParsedSentence:
        """What a folded lower-case sentence says. The same text gives the same object."""
        parsed = self._cache.get(sentence)
        if parsed is None:
            if len(self._cache) >= _CACHE:
                self._cache.clear()
            parsed = self._cache[sentence] = self._read(sentence)
        return parsed

    def read_cell(self, structure: str, words: str) -> ParsedSentence:
        """What `words` say in a table column headed by `structure`."""
        speech = {tag.meaning.speech for tag in self._tagger.tag(structure)}
        if "f" in speech and not speech & set("sxh"):
            structure += " stenosis"
        head = f"{structure}: "
        return replace(shifted(self.read(head + words), -len(head)), opens=None, opens_mark=None, section="", region="")

    def _read(self, sentence: str) -> ParsedSentence:
        mended, edits = self._tagger.correct(sentence)
        section, begin = self._headings.read(mended)
        tags = self._tagger.tag(mended[begin:])
        linker = Linker(tags, self._lexicon.readings)
        statements = linker.run()
        opens, mark, heading_only, closes = _opened(linker, tags)
        parsed = ParsedSentence(
            statements=statements,
            opens=opens,
            opens_mark=mark,
            heading_only=heading_only,
            closes=closes,
            section=section,
            region=_region(linker.speech, tags),
            topic=_topic(linker.speech, tags),
            mentions=tuple(tag.levels for tag in tags if tag.levels and tag.meaning.speech == "l"),
            flags=frozenset(tag.meaning.value for tag in tags) & _REPORT_FLAGS,
            unread=sum(
                1 for i, tag in enumerate(tags) if tag.meaning.speech in UNREAD_SPEECH and i not in linker.used
            ),
        )
        if begin:
            parsed = shifted(parsed, begin)
        return _unmended(parsed, edits) if edits else parsed


def _opened(linker: Linker, tags: list[Tag]) -> tuple[LevelMention | None, Mark | None, bool, bool]:
    """The level the sentence leaves open: its heading, or else the last level that it speaks of."""
    speech = linker.speech
    found: list[int] = [i for i, sign in enumerate(speech) if sign in "ly"]
    if not found:
        return None, None, False, False
    first, last = found[0], found[-1]
    lead = not speech[:first].strip("-:\u2022") or (
        len(speech) > first + 1 and not speech[:first].strip("wRe(") and speech[first + 1 : first + 3].lstrip(")")[:1] == ":"
    )
    aside = next((tag.meaning.value for tag in tags if tag.meaning.speech in "dsfx"), "") == "aside"
    if not lead and not linker.drafts and (aside or not set(speech) & set("dsfx")):
        return None, None, False, False
    chosen = first if lead and speech[first + 1 : first + 2] in {":", "-", "", ")"} else last
    tag = tags[chosen]
    if speech[chosen] == "y":
        return None, None, False, True
    heading_only = not speech.replace("-", "").strip("l:,c\u2022")
    return tag.levels, (tag.start, tag.end, tag.role, tag.rule), heading_only, False


def _region(speech: str, tags: list[Tag]) -> str:
    regions = [tag.meaning.value for tag in tags if tag.meaning.speech == "R"]
    if not regions or len(speech) > 14 or set(speech) & set("gsxhl"):
        return ""
    return "lumbar" if "lumbar" in regions else "other"


def _topic(speech: str, tags: list[Tag]) -> str:
    key = speech.partition(":")[0]
    if ":" not in speech or len(key) > 5 or "l" in key:
        return ""
    return next((tag.finding for tag in tags[: len(key)] if tag.meaning.speech in "sfx"), "-")


def shifted(parsed: ParsedSentence, by: int) -> ParsedSentence:
    """`parsed` with its evidence moved by `by` characters; evidence that falls before the text is dropped."""
    return _moved(parsed, lambda mark: (mark[0] + by, mark[1] + by, mark[2], mark[3]) if mark[0] + by >= 0 else None)


def _unmended(parsed: ParsedSentence, edits: tuple[tuple[int, int, int, int], ...]) -> ParsedSentence:
    """`parsed` with its evidence in the characters of the sentence before its typos were mended."""

    def back(mark: Mark) -> Mark:
        start, end, role, rule = mark
        return (_before(start, edits, False), _before(end, edits, True), role, rule)

    touched = [
        replace(
            statement,
            flags=statement.flags | {"spelling"}
            if any(m[0] < new_end and new < m[1] for m in statement.marks for _, _, new, new_end in edits)
            else statement.flags,
        )
        for statement in parsed.statements
    ]
    return _moved(replace(parsed, statements=tuple(touched)), back)


def _before(offset: int, edits: tuple[tuple[int, int, int, int], ...], ends: bool) -> int:
    shift = 0
    for start, end, new, new_end in edits:
        if offset >= new_end and not (offset == new_end and not ends and False):
            shift = end - new_end
        elif offset > new:
            return end if ends else start
    return offset + shift


def _moved(parsed: ParsedSentence, move) -> ParsedSentence:  # type: ignore[no-untyped-def]
    def statement(one: Statement) -> Statement:
        level = one.level
        if level.mark is not None:
            level = replace(level, mark=move(level.mark))
        marks = tuple(new for mark in one.marks if (new := move(mark)) is not None)
        return replace(one, marks=marks, level=level)

    return replace(
        parsed,
        statements=tuple(map(statement, parsed.statements)),
        opens_mark=move(parsed.opens_mark) if parsed.opens_mark else None,
    )
