"""What stands around the levels of a report: title, history, older reports, general findings, impression.

Headings are always there where a history or an older report is mentioned, because words under them fill no
cell, whatever grade they hold.
"""

from __future__ import annotations

from collections.abc import Sequence

from levelwise.sample.pen import Pen
from levelwise.sample.phrases import canal_phrase, paired_phrase
from levelwise.sample.words import CLOSING, FORAMEN, GENERAL, HISTORY, PRIOR
from lexicons.findings import CORE_CODES
from lexicons.vocabulary import LEVELS, Level

TITLE = "{MRI {lumbar spine|of the lumbar spine}{| without contrast}|MR lumbar spine{| without contrast}}"


def any_level(pen: Pen) -> str:
    """A level for sentences that must not count."""
    return pen.level(LEVELS[int(pen.rng.integers(len(LEVELS)))])


def heading(pen: Pen, *names: str) -> str:
    """A section heading: one of `names` with a colon, sometimes in capitals."""
    name = pen.pick(names)
    return f"{name.upper() if pen.chance(0.6) else name}:"


def front(pen: Pen) -> list[str]:
    """Title, history, technique and comparison; grades that stand here fill no cell."""
    sex = "woman" if pen.truth.sex == "F" else "man"
    history = pen.sentence(pen.pick(HISTORY), level=any_level(pen))
    lines = [pen.say(TITLE).upper() if pen.chance(0.4) else pen.say(TITLE)]
    lines.append(f"{heading(pen, 'History', 'Indication')} {pen.truth.age}-year-old {sex}. {history}")
    if pen.chance(0.6):
        lines.append(f"{heading(pen, 'Comparison')} {pen.sentence(pen.pick(PRIOR), level=any_level(pen))}")
    if pen.chance(0.5):
        series = pen.say("Sagittal T1, T2 and {STIR|fat-saturated T2}; axial T2.")
        lines.append(f"{heading(pen, 'Technique')} {series}")
    return lines


def general(pen: Pen, count: int) -> str:
    """`count` sentences about the rest of the study; none of them names a disc or fills a cell."""
    drawn = pen.rng.permutation(len(GENERAL))[:count]
    return " ".join(pen.sentence(GENERAL[int(i)]) for i in drawn)


def impression(pen: Pen) -> list[str]:
    """Up to three numbered findings, worst first, that repeat grades which the findings already gave."""
    items = []
    ranked = sorted(LEVELS, key=lambda level: -max(pen.grade(level, code) for code in CORE_CODES))
    for level in ranked[: 1 + int(pen.rng.integers(3))]:
        parts = [canal_phrase(pen, level)] if _worth(pen, level, ("SCS",)) else []
        parts += [paired_phrase(pen, level, FORAMEN)] if _worth(pen, level, FORAMEN.codes) else []
        if parts:
            items.append(pen.sentence("<what> at <level>", what=" and ".join(parts), level=pen.level(level)))
    if not any(pen.grade(level, "SCS") for level in LEVELS) and pen.chance(0.5):
        for level in LEVELS:
            pen.mark(level, "SCS")
        items.append(pen.sentence("no {spinal|central} canal stenosis"))
    items.append(pen.sentence(pen.pick(CLOSING)))
    return [f"{number}. {item}" for number, item in enumerate(items, start=1)]


def _worth(pen: Pen, level: Level, codes: Sequence[str]) -> bool:
    """Whether an impression would name these cells: at least one moderate, none in doubt."""
    hedged = any((level, code) in pen.avoid for code in codes)
    return not hedged and max(pen.grade(level, code) for code in codes) >= 2


def end(pen: Pen) -> list[str]:
    """The impression under its heading."""
    return ["", heading(pen, "Impression", "Conclusion"), *impression(pen)]
