"""What the sample writer says of one level: canal, foramina, recesses, facets, and the discs between them.

Every function here returns words and marks in the pen the cells that those words fill. A noun phrase fits
after "with"; a clause stands alone. Only clauses hedge, so a doubt never reaches the finding beside it.
"""

from __future__ import annotations

from levelwise.sample.pen import Pen, close
from levelwise.sample.words import (
    CANAL,
    CANAL_HEAD,
    DISC,
    FACET,
    FORAMEN,
    NARROWED,
    OPEN,
    RECESS,
    WELL_DISC,
    Paired,
)
from lexicons.findings import CODES, CORE_CODES
from lexicons.vocabulary import Level

_NO = "{no|no|no significant|no appreciable}"


def canal_phrase(pen: Pen, level: Level) -> str:
    """``mild central canal stenosis``, ``no canal narrowing``."""
    pen.mark(level, "SCS")
    grade = pen.grade(level, "SCS")
    return pen.say(f"<size> {CANAL_HEAD}", size=pen.adjective(grade) if grade else pen.say(_NO))


def canal_clause(pen: Pen, level: Level) -> str:
    """``the canal is mildly narrowed``, ``there is no canal stenosis``; sometimes in doubt."""
    grade = pen.grade(level, "SCS")
    if grade and pen.chance(pen.doubt):
        return _hedged(pen, level, ("SCS",), pen.say(CANAL_HEAD))
    if pen.chance(0.5):
        return pen.say("{there is |}<phrase>", phrase=canal_phrase(pen, level))
    pen.mark(level, "SCS")
    if not grade:
        return pen.say(f"the {CANAL} {{is|is|remains}} {{{OPEN[1:-1]}|of normal calibre|capacious}}")
    return pen.say(f"the {CANAL} is <size> {NARROWED}", size=pen.adverb(grade))


def paired_phrase(pen: Pen, level: Level, it: Paired) -> str:
    """``mild bilateral foraminal narrowing``, ``moderate right and mild left ...``.

    A normal side beside an abnormal one may be left out; its cell then stays absent.
    """
    (side, code, grade), (side2, code2, grade2) = _sides(pen, level, it)
    head = pen.say(it.head)
    if grade == grade2 == 0:
        pen.mark(level, code, code2)
        return pen.say("<no> <head>{| on either side}", no=pen.say(_NO), head=pen.say(it.negative))
    words = {"head": head, "side": side, "side2": side2, "adj": pen.adjective(grade)}
    if grade == grade2:
        pen.mark(level, code, code2)
        return pen.say(
            "{<adj> bilateral <head>|<adj> <head>|<adj> <head> {bilaterally|on both sides}}",
            **words,
        )
    if not grade2:
        pen.mark(level, code)
        if pen.chance(0.35):
            return pen.say("{<adj> <side> <head>|<adj> <head> on the <side>}", **words)
        pen.mark(level, code2)
        return pen.say(
            "{<adj> <side> and no <side2> <head>|<adj> <side> <head> and no <side2> <head>}", **words
        )
    pen.mark(level, code, code2)
    return pen.say("<adj> <side> and <adj2> <side2> <head>", adj2=pen.adjective(grade2), **words)


def paired_clause(pen: Pen, level: Level, it: Paired) -> str:
    """``both foramina are mildly narrowed``, ``the left foramen is severely narrowed, the right patent``."""
    (side, code, grade), (side2, code2, grade2) = _sides(pen, level, it)
    if grade == grade2 > 0 and pen.chance(pen.doubt):
        return _hedged(pen, level, (code, code2), "bilateral " + pen.say(it.head))
    if it is FACET or pen.chance(0.45):
        return _headed_clause(pen, level, it)
    pen.mark(level, code, code2)
    words = {"one": pen.say(it.one), "many": pen.say(it.many), "side": side, "side2": side2}
    if not grade:
        free = (
            f"{{the <many> are {OPEN}{{| bilaterally| on both sides}}|both <many> are {OPEN}"
            "|neither <one> is narrowed|the <many> are not narrowed}"
        )
        return pen.say(free, **words)
    size = pen.adverb(grade)
    if grade == grade2:
        both = "{both <many> are <size> <n>|the <many> are <size> <n> {bilaterally|on both sides}}"
        return pen.say(both, size=size, n=pen.say(NARROWED), **words)
    if not grade2:
        split = f"the <side> <one> is <size> <n>{{, and| and|, while|;}} the <side2> is {OPEN}"
        return pen.say(split, size=size, n=pen.say(NARROWED), **words)
    split = "the <side> <one> is <size> <n>{, and the <side2> is <size2> <n>| and the <side2> <size2> <n>}"
    return pen.say(split, size=size, size2=pen.adverb(grade2), n=pen.say(NARROWED), **words)


def _headed_clause(pen: Pen, level: Level, it: Paired) -> str:
    """The clause that names the narrowing first: ``foraminal narrowing is mild on the right and ...``."""
    (side, _, grade), (side2, _, grade2) = _sides(pen, level, it)
    if it is FACET and not grade and pen.chance(0.6):
        pen.mark(level, *it.codes)
        return pen.say("the facet joints are {normal|unremarkable}")
    if not grade2 or pen.chance(0.4):
        return pen.say("{there is |}<phrase>", phrase=paired_phrase(pen, level, it))
    pen.mark(level, *it.codes)
    words = {"head": pen.say(it.head), "side": side, "side2": side2, "adj": pen.adjective(grade)}
    if grade == grade2:
        return pen.say("bilateral <head> is <adj>{||, <side> {greater|worse} than <side2>}", **words)
    split = "{<head> is|there is <head>,} <adj> on the <side> and <adj2> on the <side2>"
    return pen.say(split, adj2=pen.adjective(grade2), **words)


def disc_phrase(pen: Pen, level: Level) -> str:
    """A disc finding with a grade word of its own, which fills no cell."""
    grammar = pen.pick(WELL_DISC if pen.core_normal(level) and pen.chance(0.6) else DISC)
    return pen.say(grammar, upper=level.upper, lower=level.lower)


def whole_level(pen: Pen, level: Level) -> str:
    """One word for a level where every finding is normal."""
    pen.mark(level, *CODES)
    return pen.say("{normal|unremarkable|unremarkable|no significant abnormality}")


def core_clause(pen: Pen, level: Level, foramen: Paired = FORAMEN) -> str:
    """Canal and foramina in one clause under one head, for a level where all three grades are the same."""
    pen.mark(level, *CORE_CODES)
    grade = pen.grade(level, "SCS")
    if not grade:
        return pen.say(
            "{no {significant |}{canal|central canal|spinal canal} or <f> {stenosis|narrowing}"
            "|the {canal|central canal} and <many> are {patent|normal|widely patent|clear|adequate}}",
            f=pen.say("{neural foraminal|foraminal}") if foramen is FORAMEN else "exit foraminal",
            many=pen.say(foramen.many),
        )
    return pen.say(
        "{<adj> {canal|central canal} and bilateral {foraminal|neural foraminal} {stenosis|narrowing}"
        "|<adj> stenosis of the {canal|central canal} and both foramina}",
        adj=pen.adjective(grade),
    )


def level_sentences(pen: Pen, level: Level, foramen: Paired = FORAMEN) -> list[str]:
    """Everything that a report in full sentences says of one level, each a closed sentence."""
    if pen.normal(level) and pen.chance(0.6):
        return [close(whole_level(pen, level))]
    canal = pen.grade(level, "SCS")
    alike = all(pen.grade(level, code) == canal for code in CORE_CODES)
    disc = disc_phrase(pen, level)
    if alike and pen.chance(0.5):
        said = [disc, core_clause(pen, level, foramen)]
    elif canal and pen.chance(0.3):
        said = [
            pen.say(
                "<disc> {causing|resulting in|with|and} <canal> and <foramina>"
                if not disc.startswith(("the ", "no "))
                else "<disc>. There is <canal> and <foramina>",
                disc=disc,
                canal=canal_phrase(pen, level),
                foramina=paired_phrase(pen, level, foramen),
            )
        ]
    else:
        said = [disc, canal_clause(pen, level), paired_clause(pen, level, foramen)]
    said += side_clauses(pen, level)
    return [close(part) for part in said]


def side_clauses(pen: Pen, level: Level) -> list[str]:
    """Recesses and facets, named more often when they are abnormal."""
    said = []
    for it, abnormal, normal in ((RECESS, 0.8, 0.12), (FACET, 0.8, 0.25)):
        share = abnormal if any(pen.grade(level, code) for code in it.codes) else normal
        if pen.chance(share):
            said.append(paired_clause(pen, level, it))
    return said


def _sides(pen: Pen, level: Level, it: Paired) -> tuple[tuple[str, str, int], tuple[str, str, int]]:
    """Side, code and grade twice: the first is never the only normal one, and the order varies."""
    right, left = (
        (side, code, pen.grade(level, code)) for side, code in zip(("right", "left"), it.codes, strict=True)
    )
    swap = (right[2] == 0) if 0 in (right[2], left[2]) else pen.chance(0.35)
    return (left, right) if swap else (right, left)


def _hedged(pen: Pen, level: Level, codes: tuple[str, ...], head: str) -> str:
    """A clause that says less than the truth: in doubt, without a grade, or only that it is not severe."""
    grade = pen.grade(level, codes[0])
    kind = pen.pick(["?", "P", "P", "N"] if grade < 3 else ["?", "P"])
    value = f"{grade}?" if kind == "?" else kind
    pen.mark(level, *codes, value=value)
    pen.avoid.update((level, code) for code in codes)
    grammar = {
        "?": "{possible|probable|questionable} <adj> <head>",
        "P": "{there is |}<head>",
        "N": "no {severe|high-grade} <bare>",
    }[kind]
    return pen.say(grammar, adj=pen.adjective(grade), head=head, bare=head.removeprefix("bilateral "))
