"""The walk over a report's sentences: sections, the level in force, statements applied to cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from labeling.levels import LevelMention, union_of
from labeling.sections import COUNTED, OPENING, Sentence
from labeling.statements import BARE, NOTHING, ParsedSentence, Statement, Template
from labeling.walk.codes import NUMBERS
from labeling.walk.hindsight import drop_contradicted, drop_summed_up
from labeling.walk.outline import (
    closes_list,
    headed,
    is_by_lines,
    is_spaced,
    is_told_below,
    last_findings,
    lists_levels,
    run_on,
)
from labeling.walk.paragraphs import going_on
from labeling.walk.place import WordsOfTags
from labeling.walk.remaining import WIDEST
from labeling.walk.stating import Stating
from labeling.walk.targets import named
from lexicons.findings import FINDINGS
from lexicons.vocabulary import LEVELS, Level

_SCANS = frozenset({"distractors/plane", "distractors/done", "regions/lumbar-scan"})
_LESION = "distractors/disc-pathology"
_SUMMARIES = frozenset({"impression", "digest"})


class Walk(Stating):
    """Applies the sentences of a report, in order, to its cells."""

    __slots__ = ()

    def run(self, sentences: Sequence[Sentence], parsed: Sequence[ParsedSentence]) -> None:
        """Applies every sentence, then what was said of the remaining levels."""
        headings = [(at, one.section) for at, one in enumerate(parsed) if one.section]
        self.last_findings = last_findings(parsed, headings)
        self.last_opening = max([at for at, section in headings if section in OPENING], default=-1)
        self.last_addendum = max([at for at, section in headings if section == "addendum"], default=-1)
        self.run_on = run_on(sentences, parsed) if self.last_opening > self.last_findings else ()
        self.spaced = is_spaced(sentences, parsed)
        self.by_lines = is_by_lines(sentences, parsed)
        apart = self.spaced and self.by_lines
        self.going_on = going_on(sentences, parsed) if apart else frozenset()
        for one in parsed:
            self.foretold |= one.template.described
        counted, astray = self.section in COUNTED, False
        for at, (sentence, read) in enumerate(zip(sentences, parsed, strict=True)):
            start, _, after, numbered = sentence
            one = read if read.template.label is None else self._headed(read, sentences, parsed, at)
            template = one.template
            self.line = self.line if after == "stop" else start
            # Most sentences stand where the one before stood, and change nothing before they are read.
            if after == "blank" and self.scope_heading:
                self.scope_heading = self._stands_apart(sentences, at)
            if astray or after == "blank" or numbered or one.section or template.region or template.topic:
                self._enter(sentence, one, at)
                counted = self.section in COUNTED
                astray = not counted or self.region != "" or self.topic != ""
            self._note_heading(after, one)
            whole = after == "line" and template.statements and template.statements[0].implied
            if whole and closes_list(sentences, parsed, at):
                continue
            if counted and template is not NOTHING:
                if template.lists and lists_levels(sentences, parsed, at + 1):
                    self.listed = start, one
                elif self.listed is None:
                    self._apply(start, one)
                else:
                    self._apply_listed(start, one, self.listed)
        self._apply_put_off()
        if self.study_normal:
            drop_contradicted(self.cells)
        if any(section in _SUMMARIES for _, section in headings):
            drop_summed_up(self.cells, self.sides)
        if self.regions == {"other"} and not (self.cells or self.described or "transitional" in self.flags):
            self.flags.add("other_region")

    def _note_heading(self, after: str, one: ParsedSentence) -> None:
        """Keeps the side or the grade that is all a heading names, as far as it reaches."""
        template = one.template
        if template.sided and after != "stop":
            self._enter_side(template.sided)
        elif template.graded and after != "stop":
            self.graded = template.graded
        elif self.sided or self.graded:
            fresh, self.fresh = self.fresh, False
            if fresh and template.heading and self.sided_in == "block":
                self.sided_in = "chapter"  # "Right:", and the levels below it
            if one.section or (after == "blank" and not fresh) or self._ends_side(template, after):
                self.sided, self.graded = "", None

    def _enter_side(self, side: str) -> None:
        """A side under a key ("Foramina:", "Right:") ends with it; one in a block, or by itself, has keys."""
        paired = self.topic == BARE or _has_sides(self.topic)
        if not self.sided:
            under = paired and (self.first or not self.in_block)
            self.sided_in = "key" if under else "block" if self.in_block and not self.chapter else "chapter"
        if self.sided_in != "key":
            self.topic = self.chapter = self.topic_side = ""
        if self.sided_in == "chapter":
            self._clear()
        self.sided, self.fresh = side, True

    def _ends_side(self, one: Template, after: str) -> bool:
        """Whether a key of something without sides, or the next level, ends what stands under a side."""
        if self.sided_in == "block" and one.heading and after != "stop":
            return True
        if not one.topic or not self.sided or self.sided_in == "key":
            return bool(one.topic)
        return one.topic != "-" and (bool(one.topic_side) or not _has_sides(one.topic))

    def _headed(
        self, one: ParsedSentence, sentences: Sequence[Sentence], parsed: Sequence[ParsedSentence], at: int
    ) -> ParsedSentence:
        """`one`, which names a level and no more, as a heading if its findings stand below it.

        An item of a list under a structure ("Foraminal stenosis", "Severe: L3-4") heads nothing.
        """
        listed = self.chapter == "title" or one.template.pair
        return one if listed or not is_told_below(sentences, parsed, at + 1) else headed(one)

    def _stands_apart(self, sentences: Sequence[Sentence], at: int) -> bool:
        """Whether a blank line parts the level in force from its text: then another one does not end it."""
        while at > 1 and sentences[at - 1].start > self.scope_offset:
            at -= 1
        return sentences[at].after == "blank"

    def _apply(self, offset: int, parsed: ParsedSentence) -> None:
        one = parsed.template
        self.spoken_before = self.spoken
        self.imaged = one.described if _names_scans(parsed) else self.imaged
        if one.lesions:
            self._note_lesions(one)
        if one.beside or one.of_lesion:
            self._open_by_place(one, offset)
        if one.flags or one.unread:
            self.flags |= one.flags
            self.unread += one.unread
        if one.described:
            self.described |= one.described
            self.named = one.described
            self.told |= 0 if one.dry else one.described
            self.spoken = tuple(dict.fromkeys((*one.spoken, *self.spoken)))[:2]
        self.discs |= one.discs
        if one.last_side and self.section == "impression":
            self.sides[offset] = one.last_side
        for hidden in one.hidden:
            levels, reach, _, _ = self._levels(hidden, offset, parsed.words)
            self._hide(levels, hidden, reach)
        if (one.statements or one.pair) and self.region != "other":
            positive: list[Level] = []
            self.known = len(self.previous)
            said: Iterable[tuple[Statement, WordsOfTags]] = zip(one.statements, parsed.evidence, strict=True)
            if one.pair and self.chapter and "/" in self.topic_side:
                said = [
                    (half._replace(side=side), tuple([parsed.words[mark] for mark in half.marks]))
                    for half, side in zip(one.pair, self.topic_side.split("/"), strict=True)
                ]
            for statement, words in said:
                self._state(statement, offset, words, parsed.words, positive)
            if positive:
                self.positive = tuple(positive)
        elif one.opens is not None:
            self.positive = ()  # "These" are those of the last sentence.
        if one.unread and one.described and self.last is not None:
            self._leave_out(one, self.last.codes)
        self.side = one.worse_side or one.last_side or self.side
        self.discs, self.placed = one.discs, one.placed
        self._leave_open(one, parsed, offset)

    def _note_lesions(self, one: Template) -> None:
        here = self.scope.mask if self.scope is not None else 0
        for lesion, told in one.lesions:
            self.lesions[lesion] = self.lesions.get(lesion, 0) | (told or here)

    def _leave_out(self, one: Template, codes: Sequence[str]) -> None:
        """Keeps what is said of the rest from levels whose grade was not read.

        As in "Canal stenosis is severe at L3-4. Then comes L4-5 (moderate). Elsewhere the canal is patent.".
        """
        read = union_of([said.level.mention for said in one.statements if said.level.mention is not None])
        loose = [level for level in LEVELS if one.described >> level & 1 and level not in read]
        self.hidden |= {level * 16 + NUMBERS[code]: WIDEST for level in loose for code in codes}

    def _leave_open(self, one: Template, parsed: ParsedSentence, offset: int) -> None:
        """The level that the next sentence stands under, after one that opens, ends or closes a block."""
        if one.elsewhere is not None and self._is_beyond(one.elsewhere):
            self.passed = True
            self.positive = self.spoken = ()
        elif one.clears and not (one.other_nouns and self.in_block):
            self._clear()
            self.of_rest = one.of_rest
        elif one.closes:
            self._clear()
            self.closed = True
            self.regions.add("other")
        elif one.opens is not None and not self._stays(one):
            self.scope, self.scope_offset, self.spread = one.opens, offset, one.spread
            self.scope_words = named(parsed.words, one.opens_mark)
            self.scope_heading, self.closed, self.passed = one.heading_only, False, False
            self.in_block, self.keyed, self.listing, self.of_rest = one.heading, one.keyed, False, False
            self.blocks |= one.heading

    def _is_beyond(self, named: LevelMention) -> bool:
        """Whether a sentence turned to what lies away from the level in force: "Discitis at L2-3.".

        In the block of a level only a lesion of bone does: "L5-S1: Disc bulge. Burst fracture of L1. The
        canal is narrowed.".
        """
        if self.scope is None or self.scope.mask & named.mask:
            return False
        return not self.in_block or named.span == "vertebra"

    def _apply_listed(self, offset: int, one: ParsedSentence, listed: tuple[int, ParsedSentence]) -> None:
        """Says of each level in lines of its own what heads them: "Severe canal stenosis:", "- L4-5"."""
        begun, heading = listed
        if not one.template.heading_only:
            self.listed = None
            self._clear()
        self._apply(offset, one)
        if self.listed is not None:
            for statement, words in zip(heading.template.statements, heading.evidence, strict=True):
                self._state(statement, begun, words, heading.words, [])

    def _stays(self, one: Template) -> bool:
        """Whether a sentence names the level of the block that it stands in: "L4-5: ... slip of L4 on L5"."""
        if not self.in_block or self.scope is None or one.opens is None or one.heading:
            return False
        if any(statement.level.reference == "mainly" for statement in one.statements):
            return self._within_block(one.opens)
        return one.opens.levels == self.scope.levels

    def _open_by_place(self, one: Template, offset: int) -> None:
        """Opens the block of the level above or below ("The level above: ..."), or that of a lesion.

        Not so in "L4-5: Protrusion. L5-S1: Mild narrowing. The level above is normal.", which is of neither.
        Where it cannot be told which level is meant, none is in force, nor is one below L5-S1.
        """
        levels = self._level_of(one.of_lesion) if one.of_lesion else self._turn_to(one.beside)
        closed = not levels and bool(one.of_lesion or self.turned[1])
        if not one.of_lesion and any(said.implied for said in one.statements):
            levels = tuple([level for level in levels if not self.told >> level & 1])
        self._clear(closed)
        if not levels:
            self.spoken = self.positive = ()
        if levels:
            self.scope, self.scope_offset, self.spread = LevelMention(levels, "one"), offset, None
            self.in_block = self.keyed = self.blocks = True
            self.described |= self.scope.mask
            self.told |= self.scope.mask
            self.spoken = (*levels, *self.spoken)[:2]
        self.turned_to = self.scope

    def _turn_to(self, reference: str) -> tuple[Level, ...]:
        """The level above or below that in force.

        "The level below", behind what was told of the level above, is below the same as that one is above.
        """
        turned, beside = self.turned
        if self.scope is not self.turned_to or turned in {"", reference} or not (self.scope or self.closed):
            beside = self._last_levels()
        self.turned = reference, beside
        return tuple(self._beside(reference, beside))


def _names_scans(parsed: ParsedSentence) -> bool:
    """Whether a sentence tells where slices lie, and no more: "CT of the lumbar spine, L3-4 to L5-S1:"."""
    one = parsed.template
    if not (one.imaging and one.described) or one.statements or one.opens is not None:
        return False
    rules = {word[3] for word in parsed.words}
    return not _SCANS.isdisjoint(rules) and not any(
        rule.startswith("findings/") or rule == _LESION for rule in rules
    )


def _has_sides(topic: str) -> bool:
    return topic in FINDINGS and None not in FINDINGS[topic].codes
