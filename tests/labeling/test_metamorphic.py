"""Reports that say the same in other words or signs keep their cells; a mirrored report has mirrored ones.

No annotation is needed: every written report of the corpus is rewritten and read again. What differs is a
rule that fits a way of writing rather than the language. `make test` takes a third of the reports, `make
prove` all.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable
from functools import cache
from itertools import cycle
from pathlib import Path

import pytest

from labeling.labeler import Labeler
from labeling.report import Report

CORPUS = Path(__file__).parent / "corpus"
LABELER = Labeler()
TEXTS = [
    json.loads(line)["text"]
    for path in sorted(CORPUS.glob("tuning*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]

Rewriting = Callable[[str], str]
Cells = dict[tuple[str, str], tuple[str, str]]


def cells(text: str) -> Cells:
    """What a report says of every cell, without evidence and flags."""
    grades = LABELER.label(Report("", text)).grades
    return {(str(g.level), g.code): (str(g.interval), str(g.certainty)) for g in grades}


as_written = cache(cells)
"""The same of a report before it is rewritten, which every rewriting asks for."""


def swap(pattern: str, new: str | Callable[[re.Match[str]], str]) -> Rewriting:
    return lambda text: re.sub(pattern, new, text)


_DISCS = {"T12": "L1", "L1": "L2", "L2": "L3", "L3": "L4", "L4": "L5", "L5": "S1"}
_LEVEL = re.compile(r"\b(T12|L[1-5])[-/]([LS]?)([1-5])(?![-/.\d])(?! ?[mc]m)")


def levels(between: str, *, letter: bool) -> Rewriting:
    """Every level in one notation: L4-5, L4/5, L4-L5, L4/L5."""

    def named(match: re.Match[str]) -> str:
        below = _DISCS[match[1]]
        if below[1] != match[3] or match[2] not in {"", below[0]}:
            return match[0]  # six lumbar vertebrae, a range
        return f"{match[1]}{between}{below if letter or match[1] in {'L5', 'T12'} else below[1]}"

    return lambda text: _LEVEL.sub(named, text)


_HEADING = re.compile(r"(?m)^([TL]\d{1,2}[-/][LS]?\d)(?: level)?[:.] ?(?=\S)")


def heading(new: str) -> Rewriting:
    """Level headings written otherwise, in reports that have several."""
    return lambda text: _HEADING.sub(new, text) if len(_HEADING.findall(text)) > 1 else text


def numbered(text: str) -> str:
    found = len(_HEADING.findall(text))
    numbers = iter(range(1, found + 1))
    return _HEADING.sub(lambda match: f"{next(numbers)}. {match[0]}", text) if found > 1 else text


def prose(rewriting: Rewriting) -> Rewriting:
    """Leaves reports with tables alone."""
    return lambda text: text if re.search(r"\|.*\||\t|   \S", text) else rewriting(text)


def wrapped(width: int) -> Rewriting:
    """Lines broken at a width, as mail and old systems do it: anywhere, also before a level."""

    def wrap(text: str) -> str:
        return "\n".join(
            textwrap.fill(line, width, break_on_hyphens=False, break_long_words=False)
            for line in text.split("\n")
        )

    return prose(wrap)


def one_paragraph(text: str) -> str:
    """All lines joined, where each ends in a stop."""
    stopped = all(line.rstrip()[-1:] in ".:;!?" for line in text.split("\n"))
    return re.sub(r"\s*\n\s*", " ", text) if stopped else text


_SAID = re.compile(r"(?m)((?:stenos|narrow|patent|\bnormal|unremarkable)[^.:;/|\n]*[a-z\d])[.](?=\s|$)")
_BEGUN = re.compile(r"(?<=[a-z\d][.] )(At|There is|The|No)(?= [^.:;/|\n]*[.])")


def ended(words: str) -> Rewriting:
    """Words behind what is said, before its full stop."""
    return lambda text: text if text.isupper() else _SAID.sub(rf"\1{words}.", text)


def begun(words: str) -> Rewriting:
    """Words before a sentence."""
    return lambda text: _BEGUN.sub(lambda match: words + match[0].lower(), text)


_HARMLESS = (
    "The aorta is otherwise normal.",
    "No abnormality of the hips.",
    "Moderate disc bulge.",
    "Severe right hip arthropathy.",
    "Left renal cyst.",
    "Right-sided paraspinal lipoma.",
    "No significant pathology in the pelvis.",
    "Moderate narrowing of the right SI joint.",
    "Marrow normal L1 to L5.",
    "Severe stenosis of the coeliac artery.",
    "The sacral foramina are patent.",
    "Disc space narrowing is severe.",
    "The conus ends at L1.",
    "Alignment is otherwise normal.",
)


def more(between: str, sep: str) -> Rewriting:
    """A sentence about something else put in at every place of the kind `between`, each time another one."""

    def put(text: str) -> str:
        others = cycle(_HARMLESS)
        return re.sub(between, lambda match: f"{match[0].rstrip()}{sep}{next(others)}{sep}", text)

    return put


_ASIDES = (
    "where the L3 root is flattened",
    "where there is a shallow bulge",
    "where a fragment has migrated upwards",
    "which contacts the root",
    "owing to a bulge and thick ligaments",
    "because of short pedicles",
    "with crowding of the roots",
    "as expected at this age",
    "best seen on image 9",
    "the level of the slip",
)


def interrupted(place: str) -> Rewriting:
    """An aside put in behind everything of the kind `place`, each time another one."""

    def put(text: str) -> str:
        asides = cycle(_ASIDES)
        return re.sub(place, lambda match: f"{match[0]}, {next(asides)},", text)

    return put


def backwards(text: str) -> str:
    """The levels in reverse order, where each has a line of its own and refers to no other."""
    lines = text.split("\n")
    at = [number for number, line in enumerate(lines) if _HEADING.match(line)]
    if not at or at != list(range(at[0], at[-1] + 1)) or _REFERS.search(text):
        return text
    first, after = at[0], at[-1] + 1
    return "\n".join([*lines[:first], *lines[first:after][::-1], *lines[after:]])


_REFERS = re.compile(r"(?i)\b(same|ditto|above|below|as|likewise|again|also|similar|other|remaining|rest)\b")


_STATE = r"(?:\w+ly )?(?:patent|narrowed|normal|stenotic|stenosed|adequate|clear)\b"
_DISC = r"(?:T12|L[1-5])[-/][LS]?[1-5](?![-/\d])"
_ONE_LEVEL = rf"{_DISC}(?!,| and| to| through| or| level| disc|/)"
_ALONE = r"(?<!-)(?<!ly )(?<!than )(?<!& )(?<!and )(?<!to )(?<!or )(?<!least )(?<!, )(?<!/ )\b"
_NARROWING = (
    r"(?:(?:left|right|bilateral|spinal|central|neural) )*(?:canal|foraminal|recess) (?:stenosis|narrowing)"
)


REWRITINGS: dict[str, tuple[Rewriting, float]] = {
    "Windows line ends": (lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n"), 0.0),
    "dashes": (lambda text: text.replace("-", "\N{EN DASH}"), 0.0),
    "two blanks": (swap(r"([.:]) ", r"\1  "), 0.005),
    "capitals": (str.upper, 0.002),
    "no capitals": (str.lower, 0.01),
    "L4-5": (levels("-", letter=False), 0.003),
    "L4/5": (levels("/", letter=False), 0.0),
    "L4-L5": (levels("-", letter=True), 0.0),
    "L4/L5": (levels("/", letter=True), 0.0),
    "slight": (swap(r"\bmild(ly)?\b", r"slight\1"), 0.0),
    "minimal": (swap(r"\bmild(ly)?\b", r"minimal\1"), 0.0),
    "marked": (swap(r"\bsevere(ly)?\b", r"marked\1"), 0.0),
    "mod": (swap(r"\bmoderate\b", "mod"), 0.005),
    "narrowing": (swap(r"\b(canal|foraminal|recess) stenosis\b", r"\1 narrowing"), 0.0),
    "stenosis": (swap(r"\b(canal|foraminal|recess) narrowing\b", r"\1 stenosis"), 0.0),
    "neuroforaminal": (swap(r"\b(?:neural )?foraminal\b", "neuroforaminal"), 0.002),
    "exit foramina": (swap(r"\b(?:neural |exit )?foramina\b(?! l)", "exit foramina"), 0.002),
    "clear": (swap(r"\b(are|is) patent", r"\1 clear"), 0.0),
    "widely patent": (swap(r"\b(are|is) patent", r"\1 widely patent"), 0.0),
    "no evidence of": (swap(r"\b([Nn])o ((?:spinal |central )*canal|foraminal)", r"\1o evidence of \2"), 0.0),
    "bullets": (swap(r"(?m)^([TL]\d+[-/][LS]?\d): ", r"- \1: "), 0.0),
    "heading and dash": (swap(r"(?m)^([TL]\d+[-/][LS]?\d): ", r"\1 - "), 0.0),
    "heading on a line of its own": (swap(r"(?m)^([TL]\d+[-/][LS]?\d): ", r"\1:\n"), 0.023),
    "disc level": (swap(r"\bat (L\d[-/][LS]?\d)", r"at \1 disc level"), 0.002),
    "at the level of": (swap(r"(?m)(^|(?<=[.] ))At (L\d[-/][LS]?\d),? ", r"\1At the level of \2, "), 0.02),
    "side in brackets": (
        swap(r"(?<![(/] )(?<!\()\b(right|left) (?=foram|neur)", lambda m: f"({m[1][0].upper()}) "),
        0.003,
    ),
    "level in brackets": (heading(r"[\1] "), 0.01),
    "level as a title": (heading(r"### \1\n"), 0.025),
    "level and tab": (heading("\\1\t"), 0.02),
    "numbers": (numbered, 0.015),
    "wrapped at 45": (wrapped(45), 0.02),
    "one paragraph": (one_paragraph, 0.02),
    "wrapped at 60": (wrapped(60), 0.007),
    "wrapped at 72": (wrapped(72), 0.006),
    "wrapped at 80": (wrapped(80), 0.01),
    "indented": (prose(swap(r"(?m)^(?=\S)", "    ")), 0.003),
    "blanks at line ends": (swap(r"(?m)$", "   "), 0.001),
    "no blank lines": (swap(r"\n\s*\n+", r"\n"), 0.015),
    **{
        f"{words} ...": (begun(words), 0.01)
        for words in (
            "Moreover, ",
            "Finally, ",
            "Then, ",
            "As described, ",
            "On this study, ",
            "We note that ",
        )
    },
    **{
        f"...{words}": (ended(words), 0.01)
        for words in (
            *(" on the sagittals", " on today's study", " on MRI", " at this time", " for this patient"),
            *(", as best seen on axial images", ", in our opinion", " (series 5, image 12)", ", as expected"),
            *(" on a degenerative basis", " because of short pedicles", " due to a disc bulge", " overall"),
        )
    },
    "a signature": (lambda text: f"{text.rstrip()}\n\nElectronically signed by J. Doe, MD\n", 0.006),
    "judged to be": (swap(rf"\b(is|are) (?={_STATE})", r"\1 judged to be "), 0.001),
    "is, however,": (swap(rf"\b(is|are) (?={_STATE})", r"\1, however, "), 0.001),
    "is now": (swap(rf"\b(is|are) (?={_STATE})", r"\1 now "), 0.002),
    "for a level": (swap(rf"\bat (?={_ONE_LEVEL})", "for "), 0.008),
    "in a level": (swap(rf"\bat (?={_ONE_LEVEL})", "in "), 0.005),
    "around a level": (swap(rf"\bat (?={_ONE_LEVEL})", "around "), 0.005),
    "at the disc": (swap(rf"\bat ({_ONE_LEVEL})", r"at the \1 disc"), 0.02),
    "resultant": (swap(rf"\b(mild|moderate|severe) (?={_NARROWING})", r"\1 resultant "), 0.001),
    "graded behind": (
        swap(rf"{_ALONE}(mild|moderate|severe) ({_NARROWING})(?=[.;])", r"\2, graded as \1"),
        0.004,
    ),
    "in the range": (
        swap(rf"{_ALONE}(mild|moderate|severe) ({_NARROWING})(?=[.;])", r"\2, in the \1 range"),
        0.004,
    ),
    "could be identified": (swap(rf"\b([Nn]o {_NARROWING})(?=[.;])", r"\1 could be identified"), 0.001),
    "is absent": (swap(rf"(?m)(?:(?<=[.;:] )|^)No ({_NARROWING})(?=[.;])", r"\1 is absent"), 0.001),
    "both-sided": (
        swap(r"\bbilateral (?=(?:neural )?foraminal (?:sten|narr))", "left as well as right "),
        0.001,
    ),
    "bony foramina": (swap(r"\b(?:neural |exit )?foramina\b(?! l)", "bony foramina"), 0.006),
    "neural outlets": (swap(r"\b(?:neural |exit )?foramina\b(?! l)", "neural outlets"), 0.008),
    "lateral gutters": (swap(r"\blateral recesses\b", "lateral gutters"), 0.0),
    "not constricted": (swap(r"\b(are|is) patent", r"\1 not constricted"), 0.001),
    "side behind": (
        swap(
            r"(?<!and )(?<!, )\b(left|right) (foraminal (?:stenosis|narrowing))(?=[.;])", r"\2 of the \1 side"
        ),
        0.003,
    ),
    "all remaining levels": (
        swap(r"(?<!ll )(?<!of )\bthe (?:remaining|other) levels\b", "all remaining levels"),
        0.0,
    ),
    "motion segments": (swap(r"\b(remaining|other) levels\b(?! [a-z]+ed)", r"\1 motion segments"), 0.008),
    "at any one level": (swap(r"\bat any level\b", "at any one level"), 0.0),
    "at every lumbar level": (
        swap(r"\bat all levels\b(?! (?:of|exc|from|but|sav|apart|oth))", "at every lumbar level"),
        0.0,
    ),
    "a level plus a level": (swap(rf"\bat ({_DISC}) and ({_DISC})(?=[.;,])", r"at \1 plus \2"), 0.001),
    "and again at": (swap(rf"\bat ({_DISC}) and ({_DISC})(?=[.;,])", r"at \1 and again at \2"), 0.016),
    "at both levels": (swap(rf"\bat ({_DISC}) and ({_DISC})(?=[.;,])", r"at both levels, \1 and \2"), 0.001),
    "narrowing involves": (
        swap(
            r"(?<=[.;:] )[Tt]he ((?:right |left )?(?:foramen|foramina|canal)) (?:is|are)"
            r" (mild|moderate|severe)ly narrowed",
            r"\2 narrowing involves the \1",
        ),
        0.006,
    ),
    "a sentence more": (swap(r"(?<=[a-z]{2})\. (?=[A-Z])", ". The conus is normal. "), 0.001),
    "sentences of something else": (more(r"(?<=[a-z]{2})\. (?=[A-Z](?!his|hese|oth))", " "), 0.001),
    "lines of something else": (more(r"(?m)(?<=[a-z]{2}\.)\n(?=[A-Z\n])", "\n"), 0.001),
    "a level, with an aside": (interrupted(r"\b(?:at|of|from) L\d[-/][LS]?\d(?= and )"), 0.003),
    "a structure, with an aside": (interrupted(r"\b(?:canal|foramen|recess)(?= is\b)"), 0.001),
    "is, with an aside": (
        interrupted(r"\b(?:canal|foramen|recess) is(?= (?:mild|moderate|severe)ly\b)"),
        0.0,
    ),
    "levels backwards": (backwards, 0.0),
    "FINAL REPORT below": (lambda text: f"{text.rstrip()}\n\nFINAL REPORT\n", 0.0),
    "interpretation": (swap(r"(?m)^(?:IMPRESSION|Impression)(?=:|$)", "Interpretation"), 0.0004),
    "in conclusion": (swap(r"(?m)^(?:IMPRESSION|Impression)(?=:|$)", "In conclusion"), 0.0),
    "observations": (swap(r"(?m)^(?:FINDINGS|Findings)(?=:|$)", "OBSERVATIONS"), 0.0),
    "a remark on everybody": (
        lambda text: f"{text.rstrip()}\nFacet arthropathy is common in asymptomatic people of this age.\n",
        0.006,
    ),
    "a dose": (lambda text: f"{text.rstrip()}\n\nDOSE: CTDIvol 12 mGy, DLP 340 mGy cm.\n", 0.0),
}
"""How a report may be written otherwise, and the largest share of cells that may change with it."""


def without_signs(text: str) -> str:
    """A report as voice recognition leaves it: no stop, comma, colon, semicolon or line end."""
    return " ".join(re.sub(r"[.,:;](?=\s|$)", " ", text).split())


UNPUNCTUATED: dict[str, tuple[Rewriting, float, float]] = {
    "no signs": (prose(without_signs), 0.045, 0.1),
    "no signs, no capitals": (prose(lambda text: without_signs(text).lower()), 0.08, 0.15),
    "no full stops": (prose(swap(r"[.](?=\s|$)", "")), 0.02, 0.055),
    "no commas": (prose(swap(r",(?=\s)", "")), 0.015, 0.016),
}
"""How signs get lost, the largest share of cells with another grade then, and of those that get lost."""


@pytest.mark.parametrize("name", UNPUNCTUATED)
def test_reports_without_punctuation(name: str) -> None:
    rewriting, most_wrong, most_lost = UNPUNCTUATED[name]
    wrong = lost = count = 0
    for text in TEXTS[::8]:
        old, new = as_written(text), cells(rewriting(text))
        wrong += sum(key in new and new[key][0] != said[0] for key, said in old.items())
        lost += len(old.keys() - new.keys())
        count += len(old)
    assert count > 1000
    assert wrong <= most_wrong * count
    assert lost <= most_lost * count


def changed(rewriting: Rewriting, texts: list[str]) -> tuple[int, int]:
    """Cells that read otherwise after `rewriting`, and all of them."""
    differ = count = 0
    for text in texts:
        if (other := rewriting(text)) != text:
            old, new = as_written(text), cells(other)
            differ += sum(old.get(key) != new.get(key) for key in {*old, *new})
            count += len({*old, *new})
    return differ, count


@pytest.mark.parametrize("name", REWRITINGS)
def test_other_words_for_the_same(name: str) -> None:
    rewriting, most = REWRITINGS[name]
    differ, count = changed(rewriting, TEXTS[::3])
    assert count > 100
    assert differ <= most * count


@pytest.mark.prove
@pytest.mark.parametrize("name", REWRITINGS)
def test_other_words_for_the_same_in_all_reports(name: str) -> None:
    rewriting, most = REWRITINGS[name]
    differ, count = changed(rewriting, TEXTS)
    assert differ <= most * count


_ONE_SIDE = re.compile(r"\b[RL]\b|\b[rl]\b|R/L|L/R|[RL]t?/[RL]t?\b|RLR|LLR|NF [RL]|dx|[RL](?:NF|F)\b")
_PAIRS = (("right", "left"), ("Right", "Left"), ("RIGHT", "LEFT"), ("rt", "lt"), ("Rt", "Lt"), ("RT", "LT"))
_MIRROR = dict(_PAIRS) | {left: right for right, left in _PAIRS}
_OTHER = {"SCS": "SCS", "RFS": "LFS", "LFS": "RFS", "RRS": "LRS", "LRS": "RRS", "RFA": "LFA", "LFA": "RFA"}


def test_a_mirrored_report_has_mirrored_cells() -> None:
    differ = []
    texts = [text for text in TEXTS if not _ONE_SIDE.search(text)]
    for text in texts:
        mirrored = re.sub(rf"\b({'|'.join(_MIRROR)})\b", lambda match: _MIRROR[match[1]], text)
        expected = {(level, _OTHER[code]): said for (level, code), said in cells(text).items()}
        if cells(mirrored) != expected:
            differ.append(mirrored)
    assert len(texts) > 300
    assert len(differ) <= 2, differ[:5]
