"""Which rules of the files apart read a text: in a level, before a stop, in a table, dictated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from labeling.dictation import Dictation
from labeling.forms.fields import Fields
from labeling.grids.words import TableWords, lacks_head
from labeling.legends import Legends
from labeling.levels import notation_of
from labeling.questions import Questions
from labeling.sections import Splitter
from labeling.tagging import Tagger
from lexicons.lexicon import Lexicon


class Places:
    """Finds where the words of the files apart count, those of ``sections`` excepted."""

    def __init__(self, lexicon: Lexicon, tagger: Tagger, dictation: Dictation) -> None:
        self._lexicon = lexicon
        self._tagger = tagger
        self._dictation = dictation
        self._levels = notation_of(lexicon)
        self._splitter = Splitter(lexicon, tagger.tag_all)
        self._legends = Legends(lexicon)
        self._tables = TableWords(lexicon)
        self._fields = Fields(lexicon)
        self._questions = Questions(lexicon)

    def rules_hit(self, file: str, text: str) -> set[str]:
        """Names of the rules of `file` whose words count in a `text` as it is written."""
        hits: dict[str, Callable[[str], Iterator[str]]] = {
            "levels": self._in_levels,
            "abbreviations": self._abbreviated,
            "lines": self._going_on,
            "endings": self._ending,
            "tables": self._in_table,
        }
        table = self._lexicon.phrases_of(file)
        if file == "dictation":
            return {table[phrase].name for phrase in self._dictation.heard(text)}
        if file == "tables" and "?" in text:
            return {table[phrase].name for phrase in self._questions.heard(text)}
        return {table[phrase].name for phrase in hits[file](self._dictation.fold(text).text)}

    def _in_levels(self, text: str) -> Iterator[str]:
        lower = text.lower()
        places = [lower[tag.start : tag.end] for tag in self._tagger.tag_all(lower) if tag.levels is not None]
        if self._levels.row.fullmatch(lower):
            places.append(lower)
        clauses = re.findall(self._levels.anew, lower) + re.findall(self._levels.parted, lower)
        places += [" ".join(words.split()[-2:]) for words in clauses]
        for phrase in self._lexicon.phrases_of("levels"):
            if any(re.search(rf"(?<![a-z]){re.escape(phrase)}(?![a-z])", place) for place in places):
                yield phrase

    def _abbreviated(self, text: str) -> Iterator[str]:
        """Those before a full stop that is not the end of a sentence."""
        ends = {sentence.end for sentence in self._splitter.split(text)}
        for phrase in self._lexicon.phrases_of("abbreviations"):
            found = re.finditer(rf"\b{re.escape(phrase)}[.](?=\s)", text, re.IGNORECASE)
            if any(match.end() not in ends for match in found):
                yield phrase

    def _going_on(self, text: str) -> Iterator[str]:
        """Those at the end of a line that is not the end of a sentence, and those that begin a sentence."""
        sentences = self._splitter.split(text)
        breaks = {sentence.end for sentence in sentences}
        starts = [text[one.start : one.end].strip() for one in sentences]
        for phrase, rule in self._lexicon.phrases_of("lines").items():
            if rule.means != "goes on":
                word = phrase.capitalize() if rule.means == "begins" else phrase
                within = re.search(rf"(?<=[a-z\d] ){re.escape(word)}\b", text)
                if within and (rule.means == "beside a noun" or any(map(re.compile(word).match, starts))):
                    yield phrase
                continue
            found = re.finditer(rf"\b{re.escape(phrase)}(?=\n)", text, re.IGNORECASE)
            if any(match.end() not in breaks for match in found):
                yield phrase

    def _ending(self, text: str) -> Iterator[str]:
        """Those of words that are not known."""
        rules = {tag.rule for tag in self._tagger.tag_all(text.lower())}
        for phrase, rule in self._lexicon.phrases_of("endings").items():
            if rule.name in rules:
                yield phrase

    def _in_table(self, text: str) -> Iterator[str]:
        """Words of a heading, of a cell that holds nothing else, or of a legend."""
        lower, words = text.lower(), self._lexicon.words
        tags = self._tagger.tag(lower)
        if lacks_head(tags):
            yield from words("tables", "head")
        if column := self._tables.first_column.match(lower):
            yield column[0]
        if any(tag.meaning.speech in "sfxk" for tag in tags):
            yield from self._tables.midline.findall(lower)
        if sides := self._tables.sides.search(lower):
            yield from re.split(r" ?/ ?", sides[0])
        if ordered := self._tables.order_of(lower):
            yield from (word for word in words("tables", "order") if word in ordered[0])
        if lower in self._tables.same:
            yield lower
        spans = self._legends.find(lower).spans
        legend = " ".join(lower[start:end] for start, end in spans)
        for means in ("0", "1", "2", "3", "to"):
            yield from (word for word in words("tables", means) if word in legend)
        yield from self._fields.heard(lower)
