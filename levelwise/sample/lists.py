"""Report styles that go structure by structure, or list only what is narrowed and sum up the rest."""

from __future__ import annotations

from levelwise.sample.frame import TITLE, end, front, general, heading
from levelwise.sample.pen import Pen, close, enumerate_words
from levelwise.sample.phrases import canal_phrase, paired_phrase
from levelwise.sample.words import ADVERBS, CANAL, CLOSING, DISC, FACET, FORAMEN, NARROWED
from lexicons.findings import CORE_CODES
from lexicons.vocabulary import LEVELS, Level


def impression_only(pen: Pen) -> str:
    """A numbered list without findings; levels without stenosis come last, together."""
    items = []
    for level in sorted(LEVELS, key=lambda level: (-max(pen.truth.grades[level].values()), -level)):
        if pen.core_normal(level):
            continue
        what = [canal_phrase(pen, level), paired_phrase(pen, level, FORAMEN)]
        items.append(pen.sentence("<level>: <a> and <b>", level=pen.level(level), a=what[0], b=what[1]))
    clear = [level for level in LEVELS if pen.core_normal(level)]
    if clear:
        for level in clear:
            pen.mark(level, *CORE_CODES)
        where = "{the {remaining|other} levels}" if len(clear) < len(LEVELS) else "{all levels|any level}"
        items.append(
            pen.sentence(f"no {{significant |}}{{canal|spinal canal}} or foraminal stenosis at {where}")
        )
    items.append(pen.sentence(pen.pick(CLOSING)))
    lines = [pen.say(TITLE), "", "IMPRESSION:"]
    return "\n".join(lines + [f"{number}. {item}" for number, item in enumerate(items, start=1)])


def by_structure(pen: Pen) -> str:
    """Canal, foramina, facets and discs in turn, each with its levels; what is not listed is patent."""
    lines = [*front(pen), "", heading(pen, "Findings")]
    lines += [_canal_by_grade(pen), _foramina_by_side(pen), _facets_by_grade(pen), _discs(pen)]
    return "\n".join([*filter(None, lines), general(pen, 2), *end(pen)])


def _levels_by_grade(pen: Pen, code: str) -> list[tuple[int, list[Level]]]:
    """Grades 3, 2, 1 with the levels that have them."""
    found = [(grade, [x for x in LEVELS if pen.grade(x, code) == grade]) for grade in (3, 2, 1)]
    return [(grade, levels) for grade, levels in found if levels]


def _canal_by_grade(pen: Pen) -> str:
    """Levels grouped by grade: ``the canal is severely narrowed at L4-5 ...; elsewhere it is patent``."""
    groups = _levels_by_grade(pen, "SCS")
    for level in LEVELS:
        pen.mark(level, "SCS")
    if not groups:
        return pen.sentence(f"the {CANAL} is {{patent|of normal calibre|capacious}} at all levels")
    words = [
        pen.say("<size> <n> at <levels>", size=pen.adverb(g), n=pen.say(NARROWED), levels=pen.listed(x))
        for g, x in groups
    ]
    elsewhere = "; {elsewhere it is {patent|of normal calibre}|it is {patent|normal} elsewhere}"
    rest = pen.say(elsewhere) if sum(len(x) for _, x in groups) < len(LEVELS) else ""
    return close(pen.say(f"the {CANAL} is <words>", words=enumerate_words(words)) + rest)


def _foramina_by_side(pen: Pen) -> str:
    """One sentence per side, and one for the remaining foramina."""
    said = []
    for side, code in zip(("right", "left"), FORAMEN.codes, strict=True):
        groups = _levels_by_grade(pen, code)
        words = [f"{pen.adjective(grade)} at {pen.listed(levels)}" for grade, levels in groups]
        if words:
            said.append(
                pen.sentence(
                    "on the <side>, {foraminal|neural foraminal} {narrowing|stenosis} is <words>",
                    side=side,
                    words=enumerate_words(words),
                )
            )
    for level in LEVELS:
        pen.mark(level, *FORAMEN.codes)
    everything = all(pen.grade(level, code) for level in LEVELS for code in FORAMEN.codes)
    if not everything:
        rest = "the {remaining|other} <many>" if said else "the <many>{| at all levels}"
        said.append(pen.sentence(f"{rest} are {{patent|clear|normal}}", many=pen.say(FORAMEN.many)))
    return " ".join(said)


def _facets_by_grade(pen: Pen) -> str:
    """Levels where both joints are equally worn, grade by grade; others stay unmentioned."""
    right, left = FACET.codes
    words = []
    for grade in (3, 2, 1):
        levels = [x for x in LEVELS if pen.grade(x, right) == pen.grade(x, left) == grade]
        for level in levels:
            pen.mark(level, right, left)
        if levels:
            words.append(f"{pen.adjective(grade)} at {pen.listed(levels)}")
    if not words:
        return ""
    return pen.sentence("bilateral <head> is <w>", head=pen.say(FACET.head), w=enumerate_words(words))


def _discs(pen: Pen) -> str:
    """Two discs with grades of their own, which fill no cell."""
    levels = [LEVELS[int(i)] for i in sorted(pen.rng.permutation(len(LEVELS))[:2])]
    return " ".join(
        pen.sentence("<what> at <level>", what=pen.say(grammar), level=pen.level(level))
        for level, grammar in zip(levels, (DISC[0], DISC[1]), strict=True)
    )


def respectively(pen: Pen) -> str:
    """Lists that pair in order: ``mild, moderate and severe at L2-3, L3-4 and L4-5 respectively``."""
    lines = [*front(pen), "", heading(pen, "Findings"), general(pen, 1)]
    subjects = {"SCS": f"the {CANAL}", "RFS": f"the right {FORAMEN.one}", "LFS": f"the left {FORAMEN.one}"}
    lines += [_paired_list(pen, code, pen.say(subject)) for code, subject in subjects.items()]
    return "\n".join(lines + end(pen))


def _paired_list(pen: Pen, code: str, subject: str) -> str:
    """One subject over every level where it is narrowed; ``elsewhere`` covers the rest."""
    for level in LEVELS:
        pen.mark(level, code)
    narrowed = [level for level in LEVELS if pen.grade(level, code)]
    if not narrowed:
        return pen.sentence("<s> is {patent|normal} at all levels", s=subject)
    sizes = enumerate_words([pen.say(ADVERBS[pen.grade(level, code)]) for level in narrowed])
    said = f"{subject} is {sizes} narrowed at {pen.listed(narrowed)}"
    if len(narrowed) > 1:
        said += pen.pick([", respectively", " respectively"])
    if len(narrowed) < len(LEVELS):
        said += pen.say("; {it is {patent|normal} elsewhere|elsewhere it is {patent|normal}}")
    return close(said)
