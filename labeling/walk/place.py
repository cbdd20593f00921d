"""Where a sentence of a report stands: section, region, key, and the level in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from labeling.consensus import Claim
from labeling.levels import LevelMention
from labeling.rule_names import BOTH_ARE, UNLESS_TOLD
from labeling.sections import COUNTED, OPENED, OPENING, Sentence
from labeling.statements import BARE, DISCS, ParsedSentence, Statement, Template, Words
from lexicons.lexicon import Reading
from lexicons.vocabulary import Level

_VERBS = frozenset({"connectors/is", BOTH_ARE})
WordsOfTags = tuple[Words, ...]


@dataclass(slots=True)
class Late:
    """A statement about the remaining levels: applied when the others are known."""

    statement: Statement
    section: int
    offset: int
    words: WordsOfTags
    level_words: Words | None
    codes: tuple[str, ...]
    described: int  # bit per level that "remaining" leaves out; see `Targets._described_for`
    among: Sequence[Level] = ()  # the levels that "otherwise" is said of, where a list was affirmed before


@dataclass(slots=True)
class Place:
    """State of the walk: `cells` collects the claims of every cell, `flags` those of the report."""

    readings: Mapping[str, Reading]
    cells: defaultdict[int, list[Claim]] = field(default_factory=lambda: defaultdict(list))
    flags: set[str] = field(default_factory=set)
    unread: int = 0
    described: int = 0  # bit per level that the report speaks of
    told: int = 0  # those of which it says more than that their discs are worn
    named: int = 0  # bit per level of the last sentence that named any
    discs: bool = False  # the last sentence began with discs
    blocks: bool = False  # a level has headed a sentence before
    late: list[Late] = field(default_factory=list)
    hidden: dict[int, int] = field(default_factory=dict)  # how widely a cell was said not to be assessed
    study_normal: bool = False  # a study as a whole was called normal
    section: str = "findings"
    untold: bool = False  # the last sentence was the heading of a section and nothing else
    last_findings: int = -1  # the last sentence that opens findings,
    last_opening: int = -1  # and the last that opens any of `OPENING`
    last_addendum: int = -1  # the last heading of an addendum
    atop: bool = False  # the addendum stands above its report
    reread: bool = False  # a second reader has the word, on levels told before
    spaced: bool = False  # blank lines part the paragraphs
    by_lines: bool = False  # levels head lines of their own
    going_on: frozenset[int] = frozenset()  # sentences behind a blank line that stand under the level above
    line: int = 0  # offset of the line that is read
    run_on: Sequence[bool] = ()  # by sentence: nothing but stops comes between it and the impression
    passing: str = ""  # the section that goes on behind a sentence of another: "Contrast fills the sac."
    told_within: str = ""  # the section whose imaging is being told, to the end of the paragraph
    region: str = ""
    regions: set[str] = field(default_factory=set)  # those named so far, ``lumbar`` and ``other``
    topic: str = ""
    topic_side: str = ""
    chapter: str = ""  # the key in force holds several levels: `line` to the end of its line, `title` beyond
    titled: bool = False
    first: bool = False  # the sentence stands first under a key of its own: "Foramina. No stenosis."
    bare: bool = False  # the key in force names no level beside it
    side: str = ""
    placed: str = ""  # the cell where the lesion of the last sentence lies
    sides: dict[int, str] = field(default_factory=dict)  # the last one of a sentence of the impression
    sided: str = ""  # the side that a heading names alone, for what stands below it
    sided_in: str = ""  # where that heading stands: in a `block`, under a `key`, or a `chapter` by itself
    fresh: bool = False  # the last sentence was that heading
    graded: tuple[int, int] | None = None  # the grade that a heading names alone
    scope: LevelMention | None = None
    spread: LevelMention | None = None
    turned: tuple[str, Sequence[Level]] = ("", ())  # "the level above" said last, and of which levels
    turned_to: LevelMention | None = None  # that level
    scope_offset: int = 0
    key_offset: int = -1  # of the last key in a row that prose stands before
    scope_words: Words | None = None
    scope_heading: bool = False
    in_block: bool = False
    keyed: bool = False
    of_rest: bool = False  # the remaining levels head the block: "All remaining levels: ..."
    listing: bool = False  # the items of a numbered list stand under the level in force
    item: int = -1  # offset of the numbered item begun last
    closed: bool = False
    passed: bool = (
        False  # the last sentences turned away from the level in force: what is found there is of none
    )
    listed: tuple[int, ParsedSentence] | None = (
        None  # what is said of the levels listed below, and its offset
    )
    last: Statement | None = None
    affirmed: tuple[Sequence[str], Sequence[Level]] = ((), ())  # the cells of several levels, narrow ungraded
    lesions: dict[str, int] = field(default_factory=dict)  # bit per level, by the word for the lesion's level
    positive: tuple[Level, ...] = ()
    spoken: tuple[Level, ...] = ()  # the last two levels spoken of, the last one first
    spoken_before: tuple[Level, ...] = ()  # the same before the sentence that is read
    imaged: int = 0  # bit per level that the slices are said to lie at, where they are not at all
    foretold: int = 0  # bit per level that any sentence of the report speaks of
    previous: list[Level] = field(default_factory=list)
    known: int = 0  # how many of `previous` sentences before this one told

    def _enter(self, sentence: Sentence, parsed: ParsedSentence, at: int) -> None:
        one = parsed.template
        if parsed.section or self.told_within or self.atop or self.section not in COUNTED:
            if not self._passes(sentence, parsed, at):
                self._enter_section(sentence, parsed, at)
        else:
            self.untold = parsed.untold
        titled, self.titled = self.titled, False
        self.first = titled
        if sentence.after == "blank":
            if not titled:
                self.topic = self.chapter = ""
            if not (self.scope_heading or at in self.going_on):
                self._clear()
        if sentence.numbered:
            if self.chapter == "line" and self.item >= 0:
                self.topic = self.chapter = ""  # "1. Canal stenosis: severe at L4-5. 2. Mild at ..."
            # "L4-5:", then its findings with a number each; a heading with a number is an item itself
            heads = self.scope_heading and self.scope_offset != self.item and sentence.after != "blank"
            if not (self.listing or heads):
                self._clear()
            self.listing, self.item = self.scope is not None, sentence.start
        if one.region:
            self.region = one.region
            self.regions.add(one.region)
            self._clear()
        elif one.described and self.region == "other":
            self.region = ""
        self._leave_row(sentence, parsed)
        keyed = titled or one.heading or one.topic or one.topic_side or one.title
        if keyed and self.section in COUNTED:  # "Clinical diagnosis: spinal stenosis" heads nothing
            self._enter_topic(sentence, one, titled)

    def _leave_row(self, sentence: Sentence, parsed: ParsedSentence) -> None:
        """Ends the key of a row above levels that a line of their own calls normal."""
        below = self.chapter == "title" and sentence.after == "line" and not self.bare
        if below and _are_called_normal(parsed):
            self.topic = self.chapter = ""

    def _enter_section(self, sentence: Sentence, parsed: ParsedSentence, at: int) -> None:
        one = parsed.template
        if self.told_within and sentence.after == "blank":
            self.section, self.told_within = self.told_within, ""
        if parsed.section == "technique" and self.in_block and sentence.after == "stop":
            return  # "L4-5: Disc bulge. Technical note: motion. Mild canal stenosis."
        if parsed.section == "other":
            self.topic = self.chapter = ""
            self._clear()
        elif parsed.section and not self._goes_on_under(parsed.section):
            of_findings = self._is_of_findings(parsed, at)
            self.section = "findings" if of_findings else self._opened(parsed.section, at)
            self.told_within = ""
            self.topic = self.chapter = ""
            self._clear()
            if parsed.section == "addendum" and not _denies_nothing(one):
                self.flags.add("addendum")
                self.atop = not self.described
                if at < self.last_addendum and not self.described:
                    self.section = "findings"  # "AMENDED REPORT, SEE BELOW" at the head of it
            if self.section in COUNTED:
                self.region = ""
            if parsed.section == "uncompared" or (parsed.section == "comparison" and _denies_nothing(one)):
                # "COMPARISON: None." holds nothing of an earlier time
                self.section = "findings" if self.run_on and self.run_on[at] else "technique"
        elif self.atop and one.region and self.section == "addendum":
            self.section = "findings"  # the title of the report that the addendum stands above
        elif self.section not in COUNTED and at >= self.last_findings and self._leaves(sentence, one, at):
            self.section = "findings"
        self.untold = parsed.untold
        if self.section == "course" and one.imaging:
            # In a letter: "HOSPITAL COURSE: ... An MRI showed moderate canal stenosis at L4-5."
            self.section, self.told_within = "findings", "course"

    def _passes(self, sentence: Sentence, parsed: ParsedSentence, at: int) -> bool:
        """Whether a sentence of the findings is of their technique alone: "Contrast fills the sac."."""
        passing, self.passing = self.passing, ""
        if passing and sentence.after == "stop" and not parsed.section:
            self.section = passing
        of_study = parsed.bare and parsed.section in {"technique", "comparison"}
        told = (passing or self.section in COUNTED) and at >= self.last_findings
        if not (of_study and told) or _denies_nothing(parsed.template):
            return False
        self.passing, self.section = passing or self.section, parsed.section
        return True

    def _opened(self, heading: str, at: int) -> str:
        """The section that a heading opens: what repeats or rereads is told by what stands above it."""
        if heading == "preoperative" and at < self.last_findings:
            return "comparison"
        if heading == "digest" and self.section in COUNTED and self.told:
            return "impression"
        if heading == "reread":
            self.reread = self.described > 0
        if self.reread and heading in {"reread", "findings"}:
            return "addendum"  # "FINAL REPORT", then "FINDINGS:", below a preliminary one
        return OPENED.get(heading, heading)

    def _is_of_findings(self, parsed: ParsedSentence, at: int) -> bool:
        """Whether a note tells what holds for all that stands below: "Note: Unless stated below, ..."."""
        if parsed.section != "notes":
            return False
        told = any(word[3] == UNLESS_TOLD for word in parsed.words)
        return bool(told and parsed.template.statements) and at >= self.last_findings

    def _goes_on_under(self, section: str) -> bool:
        """Whether a heading within the findings goes on about them: "Notes: ...", "No prior."."""
        if self.section not in COUNTED:
            return False
        return section == "uncompared" or (section == "notes" and self.described > 0)

    def _leaves(self, sentence: Sentence, one: Template, at: int) -> bool:
        """Whether a sentence ends a section that does not count: a new paragraph, or a level heading.

        In a report with no blank lines every line is a paragraph. A dictation may run on: "TECHNIQUE:
        Sagittal and axial images. At L4-5, there is ...".
        """
        lined = sentence.after == "line" and not self.untold and self.section != "attestation"
        if sentence.after == "blank":
            return True
        if lined and not self.spaced and self.section in OPENING and at >= self.last_opening:
            return True
        if self.run_on and self.run_on[at] and self._begins_findings(one):
            return True
        if one.opens is None:
            return False
        told = bool(one.topic and one.statements)  # "HISTORY: Back pain. ANALYSIS: At L4-5 there is ..."
        return lined or one.keyed or told or (one.heading and self.section == "technique")

    def _begins_findings(self, one: Template) -> bool:
        """Whether findings begin within a paragraph: "Indication: pain. Alignment is normal. At L4-5 ...".

        What a patient has is told before, not what is normal: "Indication: fall. The canal is adequate.". A
        note of an operation, which has no title of a study, tells of what the surgeon found.
        """
        if self.section == "history" and "lumbar" in self.regions and _calls_normal(one):
            return True
        return one.images or (one.heading and bool(one.statements) and self.section != "comparison")

    def _enter_topic(self, sentence: Sentence, one: Template, titled: bool) -> None:
        """A key ends with the block of its level; a chapter, outside of any block, holds several levels."""
        if titled and self.in_block and not one.heading:
            if self.bare and _names_levels(one):
                self._clear()
            else:
                self.chapter = ""
        bare = titled and self.bare and self.topic != DISCS
        if bare and one.heading and not (one.statements or one.pair or one.heading_only):
            self.topic = self.chapter = ""  # "- Foraminal narrowing.\nL5-S1: Disc bulge."
        if one.heading and self.chapter != "title" and (not self.chapter or sentence.after != "stop"):
            self.topic = self.chapter = ""
        if one.topic == BARE and self.chapter == "title" and self._may_be_narrow(self.topic):
            return  # "Foramina:\nNarrowing: mild at L3-4"
        within = sentence.after == "stop" or not (self.chapter or self._may_be_narrow(one.topic))
        if one.title and self.in_block and one.statements and within:
            return  # "L4-5: Disc bulge. Foraminal narrowing. L5-S1: Normal."
        of_disc = self.in_block and self.topic == DISCS and sentence.after == "stop"
        # A row of a table, and "Discs:\nL2-3: Bulging. Foramina: mild stenosis.", stay under their level.
        held = self.scope_heading or of_disc
        # "There is a defect at L4-5. Canal: mild. Foramina: patent.": all at the level named before the keys
        follows = sentence.after == "stop" and self.scope_offset < self.key_offset
        # "2. Bulging disc L5-S1", and lines below it: "- canal: patent", "- foramina: mild"
        listed = sentence.after == "line" and self.scope is not None and self.scope_offset == self.item
        held = held or follows or listed
        if one.topic and not held and (self.chapter or self._ends_line(sentence)):
            self._clear(self.closed)
        if one.topic:
            if self.chapter and not (self.in_block or held):
                self._clear(self.closed)  # "Canal: severe at L4-5. Foramina: patent."
            self.key_offset = sentence.start if follows or not self.topic else -1
            self.topic, self.topic_side, self.titled = one.topic, one.topic_side, one.title
            self.bare = not one.described
            self.chapter = "title" if one.title else "" if self.in_block or listed else "line"
            if self.topic not in self.readings and self.topic != DISCS:
                self.chapter, self.titled = "", False
        elif one.topic_side and self.topic:
            self.topic_side = one.topic_side

    def _ends_line(self, sentence: Sentence) -> bool:
        """Whether a new key ends the line of another: after "Discs: bulge at L4-5." "Canal: adequate."."""
        return self.topic in {"-", BARE} and not self.in_block and sentence.after != "stop"

    def _may_be_narrow(self, topic: str) -> bool:
        """Whether a key is of a structure that can be narrowed, as no facet joint can."""
        return topic in self.readings and "narrowing" in self.readings[topic].heads

    def _clear(self, closed: bool = False) -> None:
        self.scope, self.scope_words, self.scope_heading, self.closed = None, None, False, closed
        self.in_block = self.listing = self.of_rest = self.passed = False


def _calls_normal(one: Template) -> bool:
    """Whether a sentence calls structures normal, and says nothing else."""
    return bool(one.statements) and all(
        said.codes and not (said.high or said.bare or said.implied or said.uncertain) and said.phrase == ""
        for said in one.statements
    )


def _are_called_normal(parsed: ParsedSentence) -> bool:
    """Whether a sentence with a verb calls levels normal: "L1-2 and L2-3 are unremarkable." below a row."""
    said = parsed.template.statements
    return (
        parsed.template.heading
        and len(said) == 1
        and said[0].implied
        and any(word[3] in _VERBS for word in parsed.words)
    )


def _denies_nothing(one: Template) -> bool:
    """Whether a sentence is a bare denial that names nothing: "ADDENDUM: None." is no addendum."""
    return bool(one.statements) and not any(
        said.codes or said.high or said.implied for said in one.statements
    )


def _names_levels(one: Template) -> bool:
    """Whether all that is said has levels: "L5-S1: patent.", "Foramina:", "Right: mild L3-4, severe L4-5"."""
    told = [said.level.mention for said in one.statements]
    return bool(told) and None not in told
