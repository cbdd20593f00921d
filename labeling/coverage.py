"""What the rules left unread: the review list from which a lexicon grows.

Two kinds of gap, each by frequency. *Unread*: a grade or pathology word that the lexicon knows, but that no
statement of its sentence used; the phrase around it is what is missing. *Unknown*: a word that the lexicon
does not know, beside a structure or head noun that was given no grade. Contexts are words of reports: treat
the list as patient data.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from labeling.dictation import Dictation
from labeling.forms.forms import Forms
from labeling.labeler import Labeler
from labeling.legends import Legends, without
from labeling.linking import Linker
from labeling.normalise import Folded, lowered
from labeling.report import Report, Span
from labeling.sections import COUNTED, OPENED, Headings, Splitter
from labeling.statements import GRADED
from labeling.tagging import UNREAD_SPEECH, Tag, Tagger, speech_of
from lexicons.lexicon import Lexicon

_NOUNS = frozenset("sfxkht")
_WORD = "w"
_AROUND = 60


_HOW = (
    "Entries for a folder of your own: put each into the file that it names, say what it means in place of "
    "?, leave out what grades nothing, run `levelwise lexicon check FOLDER`, then `label`, `explain` and "
    "`coverage` with --site FOLDER. Examples are words of reports: write your own in their place before the "
    "folder leaves the hospital."
)
_MEANS = {
    "heads.toml": "narrowing, narrowed, compromise or obliteration",
    "grades.toml": "a grade, as in mild or mild..moderate",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One word that no statement used.

    `rule` is the rule that knows it, `None` for an unknown word. `count` is how often it stands unread, in
    `reports` reports. `proposal` is the entry of a lexicon file that would close the gap, its meaning left to
    a person: ``?``. For a word that is known it is a comment: no word is missing, but a phrase around it.
    """

    words: str
    rule: str | None
    count: int
    reports: int
    contexts: tuple[str, ...]
    proposal: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The gaps of an archive, the most frequent first. `used` and `unread` count words the lexicon knows."""

    reports: int
    used: int
    unread: int
    gaps: tuple[Gap, ...]

    def to_markdown(self, most: int = 50) -> str:
        """The `most` frequent gaps as a table, then their proposed entries."""
        known = self.used + self.unread
        share = f"{self.used / known:.1%} of {known:,}" if known else "no"
        summary = (
            f"{self.reports:,} reports; {share} grade and pathology words read; {len(self.gaps):,} gaps."
        )
        if not self.gaps:
            return f"{summary}\n"
        lines = [
            summary,
            "",
            "| words | rule | unread | reports | for example |",
            "| --- | --- | ---: | ---: | --- |",
        ]
        for gap in self.gaps[:most]:
            context = gap.contexts[0].replace("|", "\\|") if gap.contexts else ""
            lines.append(
                f"| {gap.words} | {gap.rule or 'unknown'} | {gap.count} | {gap.reports} | {context} |"
            )
        proposals = "\n\n".join(gap.proposal for gap in self.gaps[:most])
        return "\n".join([*lines, "", _HOW, "", "```toml", proposals, "```", ""])


@dataclass(slots=True)
class _Found:
    count: int = 0
    reports: set[int] = field(default_factory=set)
    contexts: list[str] = field(default_factory=list)
    after: bool = False

    def add(self, report: int, context: str, after: bool, most: int) -> None:
        self.count, self.after = self.count + 1, after
        self.reports.add(report)
        if len(self.contexts) < most:
            self.contexts.append(context)


def measure_coverage(reports: Iterable[Report], labeler: Labeler, *, contexts: int = 3) -> Coverage:
    """Read `reports` and list what stayed unread. `contexts` examples are kept of each gap, 0 for none."""
    lexicon = labeler.lexicon
    dictation = Dictation(lexicon)
    tagger, headings, legends = Tagger(lexicon), Headings(lexicon), Legends(lexicon)
    forms = Forms(lexicon, lambda words: speech_of(tagger.tag(words)))
    splitter = Splitter(lexicon, tagger.tag_all)
    found: dict[tuple[str, str | None], _Found] = defaultdict(_Found)
    number = known = unread = 0
    for number, report in enumerate(reports, start=1):
        folded = dictation.fold(report.text)
        proofs = {e.span for grade in labeler.label(report).grades for e in grade.evidence}
        for start, tags in _sentences(
            _without_scales(folded.text, forms, legends), tagger, headings, splitter
        ):
            proved = {place for place, tag in enumerate(tags) if _rests_on(_span(folded, start, tag), proofs)}
            missed, ungraded = _left(tags, lexicon, proved)
            known += sum(tag.meaning.speech in UNREAD_SPEECH for tag in tags)
            unread += len(missed)
            for tag, rule, after in [*((tag, tag.rule, False) for tag in missed), *_unknown(tags, ungraded)]:
                span = _span(folded, start, tag)
                found[_key(report.text, span), rule or None].add(
                    number, _context(report.text, span), after, contexts
                )
    gaps = sorted((_gap(words, rule, note) for (words, rule), note in found.items()), key=_order)
    return Coverage(number, known - unread, unread, tuple(gaps))


def _without_scales(text: str, forms: Forms, legends: Legends) -> str:
    """`text` without the legends of its tables and the choices that nobody made: they grade nothing."""
    text = forms.filled(text)
    return without(text, legends.find(lowered(text)).spans)


def _rests_on(span: tuple[int, int], proofs: Iterable[Span]) -> bool:
    """Whether a cell rests on some of the words: a table reads ``mild / severe`` one by one."""
    return any(proof.start < span[1] and span[0] < proof.end for proof in proofs)


def _sentences(
    text: str, tagger: Tagger, headings: Headings, splitter: Splitter
) -> Iterator[tuple[int, list[Tag]]]:
    """Where each sentence starts that counts for a cell, with its tags; history and technique do not."""
    section = "findings"
    for sentence in splitter.split(text):
        lower = lowered(text[sentence.start : sentence.end])
        heading, begin = headings.read(lower)
        if heading != "other":
            section = OPENED.get(heading, heading) or section
        if section in COUNTED:
            yield sentence.start + begin, tagger.tag(lower[begin:])


def _span(folded: Folded, start: int, tag: Tag) -> tuple[int, int]:
    return folded.original(start + tag.start, start + tag.end)


def _left(tags: list[Tag], lexicon: Lexicon, proved: set[int]) -> tuple[list[Tag], list[Tag]]:
    """The grade and pathology words that no statement used, and the nouns that none gave a grade.

    A word that a cell rests on (`proved`) is read, in a table too. A statement with a topic waits for a key
    above it: its words are read only there.
    """
    linker = Linker(tags, lexicon.readings)
    statements = linker.run()
    graded = {place for one in statements if one.phrase not in {"ungraded", "past"} for place in one.marks}
    idle = {place for one in statements if one.topic in {"any", GRADED} for place in one.marks}
    missed = [
        tag
        for place, tag in enumerate(tags)
        if tag.meaning.speech in UNREAD_SPEECH
        and place not in proved
        and (place not in linker.used or place in idle)
    ]
    nouns = [tag for place, tag in enumerate(tags) if tag.meaning.speech in _NOUNS and place not in graded]
    return missed, nouns


def _unknown(tags: list[Tag], nouns: list[Tag]) -> Iterator[tuple[Tag, str, bool]]:
    """Unknown words beside one of `nouns`; with each, whether it stands after the noun."""
    for one, two in pairwise(tags):
        if one.meaning.speech == _WORD and two in nouns:
            yield one, "", False
        elif two.meaning.speech == _WORD and one in nouns:
            yield two, "", True


def _gap(words: str, rule: str | None, note: _Found) -> Gap:
    proposal = _missing_phrase(words, rule, note) if rule else _missing_word(words, note)
    return Gap(words, rule, note.count, len(note.reports), tuple(note.contexts), proposal)


def _missing_phrase(words: str, rule: str, note: _Found) -> str:
    """A comment: a test of the word alone would pass, and what it grades here only a person can say."""
    lines = [
        f"{words}: {rule} knows it, but nothing says what it grades in {_texts(words, note)}",
        "A word beside it may be missing (heads.toml, findings/*.toml), or it grades something else",
        '(the whole phrase in distractors.toml, means = "aside").',
    ]
    return "\n".join(f"# {line}" for line in lines)


def _missing_word(words: str, note: _Found) -> str:
    """A new rule: of a head noun or participle when the word follows its structure, else of a grade."""
    file = "heads.toml" if note.after and not words.endswith("ly") else "grades.toml"
    slug = re.sub(r"[^a-z0-9]+", "-", words).strip("-") or "word"
    return (
        f"# {file}; means: {_MEANS[file]}\n"
        f"[[rule]]\nid = \"{slug}\"\npattern = '''{re.escape(words)}'''\nmeans = \"?\"\n\n"
        f'[[examples]]\nmeans = "?"\ntexts = {_texts(words, note)}'
    )


def _texts(words: str, note: _Found) -> str:
    return json.dumps(note.contexts[:2] or [words], ensure_ascii=False)


def _order(gap: Gap) -> tuple[int, str, str]:
    return -gap.count, gap.words, gap.rule or ""


def _key(text: str, span: tuple[int, int]) -> str:
    return " ".join(text[span[0] : span[1]].lower().split())


def _context(text: str, span: tuple[int, int]) -> str:
    """Whole words around the span, on one line, within its sentence or close to it."""
    begin, end = max(0, span[0] - _AROUND), min(len(text), span[1] + _AROUND)
    before = text[begin : span[0]]
    after = text[span[1] : end]
    if begin:
        before = before.partition(" ")[2]
    if end < len(text):
        after = after.rpartition(" ")[0]
    before = re.split(r"[.\n]\s", before)[-1]
    after = re.split(r"(?<=\.)\s|\n", after)[0]
    return " ".join((before + text[span[0] : span[1]] + after).split())
