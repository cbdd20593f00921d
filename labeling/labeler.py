"""The labelling engine: report text to per-level grades with evidence.

``fold -> sentences -> tags -> statements -> claims -> cells``. Every step is a pure function of the text
and the lexicon; nothing depends on the reports before or after.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from labeling.denied_lists import denied_in_line
from labeling.dictation import Dictation
from labeling.discourse.settle import settle
from labeling.evidence import GradeBuilder
from labeling.forms.forms import Forms
from labeling.grids.find import find_grids
from labeling.grids.level_rows import LevelRows
from labeling.grids.lines import Grid
from labeling.grids.words import TableWords, head_of
from labeling.legends import Legend, Legends, spelt_out, spelt_out_in_prose, without, without_fields
from labeling.levels import notation_of
from labeling.normalise import Folded, lowered
from labeling.policies import find_policy
from labeling.report import Report, ReportLabels
from labeling.run_together import parted_items
from labeling.second_thoughts import SecondThoughts
from labeling.sections import LONGEST, Sentence, Splitter
from labeling.sentences import SentenceReader
from labeling.spelling import Speller
from labeling.statements import ParsedSentence, Template
from labeling.walk.scope import Walk
from lexicons.lexicon import Lexicon
from lexicons.load import load_lexicon

_QUOTED = re.compile(r'(?<![\w"])"[^"\n]{12,400}(?:\n[^"\n]{1,200}){0,3}"(?!\w)')
"""What is quoted is of an earlier report, and counts for nothing."""
_MONTH = re.compile(r"(?<![\w/])(\d{1,2}/)((?:19|20)\d\d)(?![\w/])")
_NOT_A_BREAK = re.compile(r"[^\n]")

_END_OF_GRID = ParsedSentence(Template(clears=True), (), "", ())
"""What stands below a table is under no level of it."""


class Labeler:
    """Labels reports with one lexicon and one policy. Cheap to keep, and safe to share within a process.

    `policy` is a name of `labeling.policies.POLICIES`, `language` a folder of `lexicons/` or the path of one,
    `site` a folder of lexicon files laid over it. A labeler built for `only` one report is ready in a fifth
    of the time: it knows the phrases that may stand in that report, and raises `ValueError` for any other.
    """

    def __init__(
        self,
        policy: str = "deepspine",
        language: str = "en",
        site: Path | str | None = None,
        only: Report | None = None,
    ) -> None:
        self.policy = find_policy(policy)
        self.language = language
        self.lexicon: Lexicon = load_lexicon(language, site=site)
        self._site = site
        self._only = only
        self._dictation = Dictation(self.lexicon)
        self._legends = Legends(self.lexicon)
        self._tables = TableWords(self.lexicon)
        speller = Speller(self.lexicon)
        lexicon = self._part_for(only, speller) if only else self.lexicon
        self._levels = notation_of(lexicon)
        self._reader = SentenceReader(lexicon, speller)
        self._level_rows = LevelRows(self._levels, self._reader.speech)
        self._forms = Forms(self.lexicon, self._reader.speech)
        self._second_thoughts = SecondThoughts(lexicon, self._reader.speech)
        self._splitter = Splitter(lexicon, self._reader.tag_all)

    def __reduce__(self) -> tuple[type[Labeler], tuple[str, str, Path | str | None, Report | None]]:
        return Labeler, (self.policy.name, self.language, self._site, self._only)

    @property
    def lexicon_hash(self) -> str:
        """Content hash of every lexicon file in use."""
        return self.lexicon.hash

    def forget(self) -> None:
        """Drops what is remembered of earlier texts: labels stay the same, the next take longer."""
        self._reader.forget()

    def label(self, report: Report) -> ReportLabels:
        """Everything that `report` says of a cell; spans point into ``report.text``."""
        if self._only is not None and report.text != self._only.text:
            raise ValueError("labeler: expected the one report it was built for; got another text")
        folded = self._dictation.fold(report.text)
        walk = self._walk(folded)
        grades = GradeBuilder(folded, self.policy).grades(walk.cells)
        return ReportLabels(report.id, grades, frozenset(walk.flags) | report.flags, walk.unread)

    def _walk(self, folded: Folded) -> Walk:
        text = folded.text
        tabled = self._tables.may_hold_grids(text)
        if '"' in text:
            text = _QUOTED.sub(lambda match: _NOT_A_BREAK.sub(" ", match[0]), text)
        text = self._forms.filled(text)
        text = denied_in_line(text, self._reader.speech) if ":\n" in text else text
        text = parted_items(text) if "3)" in text or " 3." in text else text
        text = self._second_thoughts.joined(text)
        text = self._level_rows.keyed(text)
        lower = lowered(text)
        if "/20" in lower or "/19" in lower:  # "severe in 9/2020": the year alone tells of when
            lower = _MONTH.sub(lambda match: match[2] + " " * len(match[1]), lower)
        legend = self._legends.find(lower)
        if legend.spans:
            text, lower = without(text, legend.spans), without(lower, legend.spans)
        tabled = tabled or bool(legend.words)
        grids = (
            find_grids(lower, self._levels, self._tables, self._reader.speech, legend.words) if tabled else []
        )
        grids = grids or self._level_rows.grids(lower)
        if not grids and "[" in text:
            lower = without_fields(text, lower)
        sentences: list[Sentence] = []
        parsed: list[ParsedSentence] = []
        at = 0
        for grid in grids:
            self._read_prose(text, lower, at, grid.start, legend, sentences, parsed)
            self._read_grid(grid, lower, legend, sentences, parsed)
            at = grid.end
            sentences.append(Sentence(at, at, "line", False))
            parsed.append(_END_OF_GRID)
        self._read_prose(text, lower, at, len(text), legend, sentences, parsed)
        settle(sentences, parsed, lower)
        walk = Walk(self.lexicon.readings)
        walk.run(sentences, parsed)
        return walk

    def _read_prose(
        self,
        text: str,
        lower: str,
        start: int,
        end: int,
        legend: Legend,
        sentences: list[Sentence],
        parsed: list[ParsedSentence],
    ) -> None:
        read = self._reader.read
        if not start and end == len(text):
            found = self._splitter.split(text)
        else:
            found = [
                one._replace(start=one.start + start, end=one.end + start)
                for one in self._splitter.split(text[start:end])
            ]
        sentences += found
        flat = lower.replace("\n", " ")  # a line end within a sentence is a mere wrap
        told = [flat[begin:stop] for begin, stop, _, _ in found]
        if not legend.words:
            parsed += map(read, told)
        else:
            spelt = (spelt_out_in_prose(words, legend.words) for words in told)
            parsed += [self._reader.read_cell("", *one) for one in spelt]

    def _read_grid(
        self,
        grid: Grid,
        lower: str,
        legend: Legend,
        sentences: list[Sentence],
        parsed: list[ParsedSentence],
    ) -> None:
        heading: tuple[int, int] | None = None
        for cell in grid.cells:
            if cell.level != heading:
                heading = cell.level
                sentences.append(Sentence(*heading, "line", False))
                parsed.append(self._reader.read(lower[heading[0] : heading[1]].rstrip(" :") + ":"))
            sentences.append(Sentence(cell.start, cell.end, "line", False))
            words = lower[cell.start : cell.end]
            instead, edits = spelt_out(words, legend.words)
            if cell.instead:
                instead, edits = cell.instead, ((0, len(words), 0, len(cell.instead)),)
            parsed.append(self._reader.read_cell(cell.structure, instead, edits))

    def _part_for(self, report: Report, speller: Speller) -> Lexicon:
        """The phrases that may stand in a sentence or cell of `report`; all of them if a word may be cut."""
        text = lowered(self._dictation.fold(report.text).text)
        if max(map(len, text.split()), default=0) >= LONGEST:
            return self.lexicon
        read = [text, head_of(self.lexicon), *self._tables.signs]
        return self.lexicon.within(" ".join([*read, *speller.corrections(text)]))


@lru_cache(maxsize=8)
def _default(policy: str, language: str) -> Labeler:
    return Labeler(policy, language)


def label_text(text: str, policy: str = "deepspine", language: str = "en") -> ReportLabels:
    """The labels of a bare text, for a console or a notebook.

    `TypeError` for anything else, as a data frame has it where a report is missing.
    """
    if not isinstance(text, str):
        raise TypeError(
            f"label_text: expected a str, the text of a report; got {type(text).__name__}. Leave it out."
        )
    return _default(policy, language).label(Report(id="text", text=text))
