"""One sentence to a `ParsedSentence`: headings, typos, tags, statements. Pure, so nothing is read twice.

Three memories make an archive fast without changing what is read: a sentence seen before is known by its
text, a sentence with the same tags as one seen before ("Mild canal stenosis." after "There is mild
canal stenosis.") by its key, and one that differs from such a one in its only level, or in the grades that it
gives, by the key without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from labeling.described import only_level, said_of
from labeling.graded import Grades, gives_each, is_plain, plain_grades, said_in_grades
from labeling.grids.words import head_of, lacks_head
from labeling.legends import Edit
from labeling.levels import LevelMention
from labeling.linking import forget
from labeling.sections import Headings
from labeling.spelling import Speller
from labeling.statements import ParsedSentence, Template, Words, parsed_sentence
from labeling.tagging import Tag, Tagger, speech_of
from labeling.templates import template_of
from lexicons.lexicon import Lexicon

_KEPT = 100_000
"""How much a memory holds before it begins anew."""
_LEVEL, _GRADE = "\0", 1
"""What stands in a key for its only level, and the first number of what stands for its grades."""
_Key = TypeVar("_Key")
_Read = TypeVar("_Read")


class SentenceReader:
    """Reads sentences with one lexicon, and remembers what it read."""

    def __init__(self, lexicon: Lexicon, speller: Speller | None = None) -> None:
        """`speller` is that of the whole lexicon where `lexicon` is a part of it."""
        self._lexicon = lexicon
        self._tagger = Tagger(lexicon, speller)
        self.tag_all = self._tagger.tag_all
        self._head = head_of(lexicon)
        self._headings = Headings(lexicon)
        self._sentences: dict[str, ParsedSentence] = {}
        self._templates: dict[str, Template] = {}
        self._alike: dict[str, tuple[LevelMention | None, Grades, Template]] = {}
        self._cells: dict[tuple[str, str], ParsedSentence] = {}
        self._speech: dict[str, str] = {}

    def read(self, sentence: str) -> ParsedSentence:
        """What a folded lower-case sentence says. The same text gives the same object."""
        parsed = self._sentences.get(sentence)
        return parsed if parsed is not None else _keep(self._sentences, sentence, self._read(sentence))

    def forget(self) -> None:
        """Drops what was read before."""
        self._sentences.clear()
        self._templates.clear()
        self._alike.clear()
        self._cells.clear()
        self._speech.clear()
        self._tagger.forget()
        forget()

    def speech(self, words: str) -> str:
        """The parts of speech of some folded lower-case words, one character each."""
        known = self._speech.get(words)
        return known if known is not None else _keep(self._speech, words, speech_of(self._tagger.tag(words)))

    def read_cell(self, structure: str, words: str, edits: Sequence[Edit] = ()) -> ParsedSentence:
        """What `words` say in a table column headed by `structure`; with none, what they say as a sentence.

        `edits` are the places where `words` stand for signs of the text, as a legend gives them.
        """
        known = self._cells.get((structure, words))
        if known is None:
            known = self._read_cell(structure, words) if structure else self.read(words)
            _keep(self._cells, (structure, words), known)
        if not edits:
            return known
        words_of = _unedited(known.words, edits)
        return parsed_sentence(known.template, words_of, known.section, known.untold, known.bare)

    def _read_cell(self, structure: str, words: str) -> ParsedSentence:
        if lacks_head(self._tagger.tag(structure)):
            structure += self._head
        head = f"{structure}: "
        parsed = self.read(head + words)
        words_of = _moved(parsed.words, -len(head))
        # What the heading itself says of a grade is no word of this cell.
        own = [one for one in parsed.template.statements if any(words_of[mark][0] >= 0 for mark in one.marks)]
        template = parsed.template._replace(
            statements=tuple(own), opens=None, opens_mark=-1, region="", title=False
        )
        return parsed_sentence(template, words_of)

    def _read(self, sentence: str) -> ParsedSentence:
        section, begin = self._headings.read(sentence)
        body = sentence[begin:] if begin else sentence
        key, words, typo = self._tagger.key(body)
        untold = begin > 0 and not body
        bare = begin > 0 and not untold and sentence[begin - 1].isalpha()
        if typo:
            return self._read_mended(body, section, begin, bare)
        moved = _moved(words, begin) if begin else tuple(words)
        return parsed_sentence(self._template(key), moved, section, untold, bare)

    def _read_mended(self, body: str, section: str, begin: int, bare: bool) -> ParsedSentence:
        """Reads the sentence with its typos mended, and flags what rests on them."""
        mended, edits = self._tagger.mend(body)
        key, words, _ = self._tagger.key(mended)
        template = self._template(key)
        touched = {
            at
            for at, (start, end, _, _) in enumerate(words)
            if any(start < stop and new < end for _, _, new, stop in edits)
        }
        statements = tuple(
            one._replace(flags=one.flags | {"spelling"}) if touched & set(one.marks) else one
            for one in template.statements
        )
        old = _moved(_unedited(words, edits), begin)
        return parsed_sentence(template._replace(statements=statements), old, section, False, bare)

    def _template(self, key: str) -> Template:
        template = self._templates.get(key)
        return template if template is not None else _keep(self._templates, key, self._new_template(key))

    def _new_template(self, key: str) -> Template:
        """What is said of one disc is said of any, and in one grade in any: such a sentence is read once."""
        tags = self._tagger.tags_of(key)
        level, grades = only_level(tags), plain_grades(tags)
        if level is None and not grades:
            return template_of(tags, self._lexicon.readings)
        apart = _without(key, tags, level, grades)
        known = self._alike.get(apart)
        if known is not None:
            first, given, template = known
            template = said_in_grades(grades, given, tags, template)
            return template if level is None or first is None else said_of(level, first, template)
        template = template_of(tags, self._lexicon.readings)
        if gives_each(tags, template):
            _keep(self._alike, apart, (level, grades, template))
        return template


def _without(key: str, tags: Sequence[Tag], level: LevelMention | None, grades: Grades) -> str:
    """`key` without its only level and its grades: each is the first, the second ... of the sentence."""
    stands_for = {grade: chr(_GRADE + at) for at, grade in enumerate(grades)}
    return "".join(
        [
            _LEVEL
            if level is not None and tag.levels is not None
            else stands_for[tag.meaning.low, tag.meaning.high]
            if grades and is_plain(tag)
            else sign
            for sign, tag in zip(key, tags, strict=True)
        ]
    )


def _keep(memory: dict[_Key, _Read], key: _Key, read: _Read) -> _Read:
    """`read`, noted in a memory that never grows beyond `_KEPT`."""
    if len(memory) >= _KEPT:
        memory.clear()
    memory[key] = read
    return read


def _moved(words: Sequence[Words], by: int) -> tuple[Words, ...]:
    return tuple([(start + by, end + by, role, rule) for start, end, role, rule in words])


def _unedited(words: Sequence[Words], edits: Sequence[Edit]) -> tuple[Words, ...]:
    """`words` where they stood before the edits; those before the sentence itself (``start < 0``) stay."""
    return tuple(
        [
            (start if start < 0 else _before(start, edits, False), _before(end, edits, True), role, rule)
            for start, end, role, rule in words
        ]
    )


def _before(offset: int, edits: Sequence[Edit], ends: bool) -> int:
    """The offset before typos were mended; one inside a mended word moves to its start, or its end."""
    shift = 0
    for start, end, new, stop in edits:
        if offset >= stop:
            shift = end - stop
        elif offset > new:
            return end if ends else start
    return offset + shift
