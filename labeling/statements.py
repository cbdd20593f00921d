"""What one sentence says, free of where it stands in the report."""

from __future__ import annotations

from typing import NamedTuple

from labeling.levels import LevelMention
from lexicons.vocabulary import Level


class LevelRef(NamedTuple):
    """The levels a statement is about.

    `mention` is a level expression; otherwise `reference` names levels by their relation to others
    (``all``, ``remaining``, ``this`` ...), ``scope`` being the level the sentence stands under. `among` is
    the mention that ``first`` or ``others`` choose from. `element` picks one disc of a list, for
    "respectively". `mark` is the number of the tag that names the levels, -1 for none.
    """

    mention: LevelMention | None = None
    reference: str = ""
    among: LevelMention | None = None
    element: int = -1
    mark: int = -1


DISCS = "discs"
"""The topic of what stands under "Discs:": a normal or narrow one says nothing of the canal."""

BARE = "bare"
"""The topic of what stands under "Stenosis:", which names no structure; it may be that of the key before."""

GRADED = "graded"
"""The topic of a level and its grade alone, which go on about what was graded: "L3-4 severe. L4-5 mild."."""

SCOPE = LevelRef(reference="scope")
"""The level the sentence stands under; a negative outside every level block covers all levels."""

LOCAL = LevelRef(reference="local")
"""The same for a sentence about one vertebra or lesion: outside every level block it covers none."""


class Statement(NamedTuple):
    """One interval for one or more cells of the same level.

    `codes` are cell codes; empty when the words point to the finding of an earlier sentence ("Left is
    narrowed."): then `side` says which side of it. `phrase` tells equal intervals apart (see `Meaning`)
    and marks the kinds that are no interval: ``same``, ``also``, ``ditto``, ``as at`` (copies), ``not``
    (the opposite of what was told last), ``measure`` (evidence only), ``past`` (of an earlier time: it
    only names the finding that the next sentence goes on about). `rank` grows with how specific the sides
    are. `marks` are the numbers of the tags it rests on. A statement with a `topic` counts only under a
    key of that finding ("Facets: ... Mild arthropathy at L3-4"), with the topic ``any`` under a key that
    holds several levels ("CANAL: ... L3-4 mild"), with the topic `GRADED` there and behind a stenosis. In a
    `relative` one right stands for the side that was named last, left for the other. It is of `one`
    structure where a single one is named, with no side: "the foramen". What it points back to has
    `narrowed`, which no joint has ("It is mildly narrowed.").
    """

    codes: tuple[str, ...]
    low: int
    high: int
    phrase: str
    level: LevelRef
    uncertain: bool = False
    implied: bool = False
    bare: bool = False
    side: str = ""
    rank: int = 0
    flags: frozenset[str] = frozenset()
    marks: tuple[int, ...] = ()
    topic: str = ""
    source: LevelRef | None = None
    relative: bool = False
    one: bool = False
    narrowed: bool = False
    excluded: tuple[LevelMention, ...] = ()


Words = tuple[int, int, str, str]
"""What one tag stands for in a sentence: characters ``start, end`` within it, the role and the rule."""


class Template(NamedTuple):
    """What a sequence of tags says, read once and kept; the words of a sentence matter only through its tags.

    `opens` is the level that following sentences stand under, `spread` all levels of a sentence
    that names several in turn, `closes` that they stand under none (a
    level of another region), `clears` that its last word on levels was of all or of the others,
    `other_nouns` that those are discs, bones or the like ("no other fracture"): they end no block. `heading`
    is set when that level begins the sentence, `heading_only` when there is nothing else in it, `keyed`
    when a colon parts it from the rest. `region` is set when it is a title, `imaging` when it
    begins with a study. `label` is the level that it does no more than name ("Worst level: L3-4"): a
    heading if something stands below it. `topic` is the finding that a
    key at its start names ("Foramina: ..."), and `topic_side` the side with it ("Left foramina: ..."), or the
    order of both ("Foramina (R/L)" is ``right/left``); `pair` are two values at a level, for such a key;
    `sided` is the side that is all a heading names, `graded` the grade,
    `title` is set when nothing but a list of levels follows. `last_side` is the side it names last,
    `worse_side` one that it ends on as the worse ("narrow at L4-5, worse on the left"),
    `placed` the cell where a lesion lies ("a left foraminal extrusion"), `named` those of a space that it
    ends with and tells nothing of ("a spur reaches the left foramen").
    `hidden` are the cells that cannot be assessed, which nothing said of the others reaches.
    `described` has a bit for each lumbar level that it speaks of, `spoken` the last two of them, the last
    one first. `lists` is set for a graded heading of the levels that may stand below it. `beside` is
    ``above`` or ``below`` where the heading is "the level above:". `discs` is set where the sentence
    begins with discs, `dry` where it says nothing but that they are worn. `images` is set
    where it tells of what only images show (alignment, marrow, the conus), `of_rest` where the remaining
    levels head it, `other_normal` where it says of something else, such as a disc, that it is normal,
    `elsewhere` are the discs at or beside what it names in passing (span ``vertebra``: a lesion of bone),
    `pressed` that the thecal sac is pressed upon, `compares` that an earlier study is at hand, `of_earlier`
    that it tells what "that study" showed. `lesions` are the words for the levels of lesions that it tells of
    ("slip level"), each with the bits of those levels, none for the one in force; `of_lesion` is such a word
    that names its own level: "at the level of the slip".
    """

    statements: tuple[Statement, ...] = ()
    opens: LevelMention | None = None
    opens_mark: int = -1
    beside: str = ""
    spread: LevelMention | None = None
    heading: bool = False
    heading_only: bool = False
    lists: bool = False
    keyed: bool = False
    label: LevelMention | None = None
    closes: bool = False
    clears: bool = False
    other_nouns: bool = False
    region: str = ""
    imaging: bool = False
    topic: str = ""
    topic_side: str = ""
    pair: tuple[Statement, ...] = ()
    sided: str = ""
    graded: tuple[int, int] | None = None
    title: bool = False
    last_side: str = ""
    worse_side: str = ""
    placed: str = ""
    named: tuple[str, ...] = ()
    described: int = 0
    spoken: tuple[Level, ...] = ()
    hidden: tuple[Statement, ...] = ()
    discs: bool = False
    dry: bool = False
    images: bool = False
    other_normal: bool = False
    elsewhere: LevelMention | None = None
    pressed: bool = False
    of_rest: bool = False
    compares: bool = False
    of_earlier: bool = False
    lesions: tuple[tuple[str, int], ...] = ()
    of_lesion: str = ""
    flags: frozenset[str] = frozenset()
    unread: int = 0


NOTHING = Template()


class ParsedSentence(NamedTuple):
    """One sentence: what its tags say, and what each of them stands for.

    `section` is set when the sentence begins with a heading. `evidence` has the words that each statement of
    the template rests on, in the order of the text. `untold` is set when nothing stands behind the heading,
    `bare` when no sign parts it from what does.
    """

    template: Template
    words: tuple[Words, ...]
    section: str
    evidence: tuple[tuple[Words, ...], ...]
    untold: bool = False
    bare: bool = False


def parsed_sentence(
    template: Template,
    words: tuple[Words, ...],
    section: str = "",
    untold: bool = False,
    bare: bool = False,
) -> ParsedSentence:
    """The sentence that says `template` with `words`.

    Words that stand before it (``start < 0``: the heading of a table's column) are no evidence.
    """
    evidence = [
        tuple([words[mark] for mark in one.marks if words[mark][0] >= 0]) for one in template.statements
    ]
    return ParsedSentence(template, words, section, tuple(evidence), untold, bare)
