"""Which paragraphs go on about the level that is named above them, behind a blank line.

A dictation macro may part every sentence by blank lines::

    L4/5                                        the block
    Disc: Mild loss of height.

    Moderate stenosis of the left recess.       goes on: the block of another level comes behind it

    L5/S1
    Disc: Normal.

    No stenosis of the recesses.                goes on: the same structure is told behind L4/5

In other reports a paragraph that names no level is of the study. So the report itself must show that it is
built in this way: the same structures are told behind several levels, or much is told between two of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from labeling.sections import OPENED, Sentence
from labeling.statements import NOTHING, ParsedSentence, Statement, Template
from lexicons.findings import CODES, FINDINGS

_HERE = frozenset({"scope", "local", "this", "there"})
_OF_STUDY = frozenset({"study", "otherwise"})


class _Paragraph(NamedTuple):
    """A paragraph below a block: its first sentence, and the cells it tells of.

    `narrow` is set where it finds something, `sided` where it does so on one side, `ends` where it may be
    of another matter.
    """

    at: int
    codes: frozenset[str]
    narrow: bool
    sided: bool
    ends: bool


@dataclass(slots=True)
class _Block:
    """The paragraph that a level heads, and those below it; `followed` by the block of the next level.

    `keyed` is set where the level stands apart: "L4-5:", not "The L4-5 disc bulges.".
    """

    codes: frozenset[str]
    keyed: bool
    below: list[_Paragraph] = field(default_factory=list)
    followed: bool = False

    def behind(self) -> set[str]:
        """The cells told behind the blank line."""
        return {code for paragraph in self.below for code in paragraph.codes}


def going_on(sentences: Sequence[Sentence], parsed: Sequence[ParsedSentence]) -> frozenset[int]:
    """The first sentences of the paragraphs that stand under the level above them."""
    blocks = _blocks(sentences, parsed)
    keyed = [block for block in blocks if block.keyed]
    behind = Counter(code for block in keyed for code in block.behind())
    shared = {code for code, count in behind.items() if count > 1}
    alike = any(block.followed and not shared.isdisjoint(block.behind()) for block in keyed)
    if not (alike or any(_is_told_at_length(block) for block in keyed)):
        return frozenset()
    return frozenset(at for block in blocks for at in _held(block, blocks))


def _is_told_at_length(block: _Block) -> bool:
    """Whether two paragraphs at least, one of them of a finding, stand between a level and the next."""
    told = [paragraph for paragraph in block.below if paragraph.codes]
    return block.followed and len(told) > 1 and any(paragraph.narrow for paragraph in told)


def _held(block: _Block, blocks: Sequence[_Block]) -> Iterator[int]:
    """The paragraphs below one block that are of its level.

    Behind the last level the report may turn to the study: there only what is told of other levels as well,
    or of one side, is of that level.
    """
    others = {code for other in blocks if other is not block for code in other.codes | other.behind()}
    for paragraph in block.below:
        if not (block.followed or paragraph.sided or (paragraph.codes <= others and not paragraph.ends)):
            return
        yield paragraph.at


def _blocks(sentences: Sequence[Sentence], parsed: Sequence[ParsedSentence]) -> list[_Block]:
    """The blocks of the findings; the items of an impression stand each for itself."""
    starts = [at for at, sentence in enumerate(sentences) if at == 0 or sentence.after == "blank"]
    blocks: list[_Block] = []
    block, concluding = None, False
    for start, end in zip(starts, [*starts[1:], len(parsed)], strict=True):
        sections = [OPENED.get(one.section, one.section) for one in parsed[start:end] if one.section]
        if sections:
            block, concluding = None, sections[-1] == "impression"
        if concluding:
            continue
        part = [one.template for one in parsed[start:end]]
        own = [at == start or sentences[at].after != "stop" for at in range(start, end)]
        heads = [at for at, one in enumerate(part) if one.heading and own[at]]
        if heads:
            if block is not None:
                block.followed = heads[0] == 0
            block = _opened(part, heads)
            if block is not None:
                blocks.append(block)
        elif block is not None:
            below = _below(part, start) if not any(s.numbered for s in sentences[start:end]) else None
            if below is None or (below.codes and below.codes <= block.codes | block.behind()):
                block = None  # of another matter, or of what was told of this level
            else:
                block.below.append(below)
    return blocks


def _opened(part: Sequence[Template], heads: Sequence[int]) -> _Block | None:
    """The block of a paragraph that one level heads, with nothing of others and not normal as a whole."""
    head = part[heads[0]]
    told = [said for one in part for said in one.statements]
    others = any(one.described & ~head.described or one.beside or one.clears for one in part)
    if len(heads) > 1 or others or any(said.implied for said in told):
        return None
    return _Block(frozenset(code for said in told for code in said.codes), head.keyed)


def _below(part: Sequence[Template], at: int) -> _Paragraph | None:
    """What a paragraph that names no level and no other matter says; `None` for any other."""
    if not all(map(_is_plain, part)):
        return None
    told = [said for one in part for said in one.statements if said.codes and said.phrase != "measure"]
    narrow = [said for said in told if said.low]
    codes = frozenset(code for said in told for code in said.codes)
    sided = any(len(said.codes) == 1 and CODES[said.codes[0]][1] is not None for said in narrow)
    return _Paragraph(at, codes, bool(narrow), sided, not (told or part[0].discs))


def _is_plain(one: Template) -> bool:
    """Whether a sentence names no level, region or other organ, and heads nothing."""
    if one is NOTHING:
        return True
    if one.described or one.region or one.images or one.beside or one.of_lesion or one.clears or one.closes:
        return False
    if one.opens is not None or one.of_rest or one.sided or one.graded or one.elsewhere is not None:
        return False
    known = not one.topic or one.topic in FINDINGS or one.discs
    return known and not one.title and all(map(_is_here, one.statements))


def _is_here(said: Statement) -> bool:
    return said.level.reference in _HERE and not said.implied and said.phrase not in _OF_STUDY
