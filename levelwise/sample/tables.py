"""Report styles that fill a form: fields, grids with levels as rows or as columns, abbreviations."""

from __future__ import annotations

from levelwise.sample.frame import TITLE, end, front, general
from levelwise.sample.pen import Pen
from levelwise.sample.phrases import disc_phrase
from levelwise.sample.words import FACET, FORAMEN, PLAIN, RECESS, SHORT
from lexicons.findings import CODES, CORE_CODES
from lexicons.vocabulary import LEVELS, Level

_INTERMEDIATE = {1: "mild", 2: "{moderate|moderate|mild-moderate}", 3: "{severe|severe|moderate-severe}"}


def key_value(pen: Pen) -> str:
    """A field per line under each level, as structured templates print it."""
    free = pen.pick(["None", "Normal", "None", "Patent"])
    names = {"SCS": pen.pick(["Central canal", "Canal", "Spinal canal"])}
    names |= {"RFS": "Right neural foramen", "LFS": "Left neural foramen"}
    if pen.chance(0.5):
        names |= {"RRS": "Right lateral recess", "LRS": "Left lateral recess"}
    lines = [*front(pen), "", "FINDINGS:"]
    for level in pen.levels_from_top():
        lines.append(f"{pen.level(level)}:")
        lines.append(f"  Disc: {disc_phrase(pen, level).capitalize()}.")
        lines += [f"  {name}: {_cell(pen, level, code, free).capitalize()}." for code, name in names.items()]
        lines.append(f"  Facets: {_facets(pen, level, 'Normal').capitalize()}.")
    return "\n".join(lines + end(pen))


def flat_fields(pen: Pen) -> str:
    """``Level: L4-L5`` and then a line for each finding, as a form exports it."""
    lines = ["Exam: MR L-spine", "Status: final"]
    for level in pen.levels_from_top():
        lines.append(f"Level: {pen.level(level)}")
        for code, name in (
            ("SCS", "Central canal stenosis"),
            ("RFS", "Right foraminal stenosis"),
            ("LFS", "Left foraminal stenosis"),
        ):
            lines.append(f"{name}: {_cell(pen, level, code, 'none')}")
    return "\n".join([*lines, "Conus: normal", "Fracture: none"])


def grid(pen: Pen) -> str:
    """A pipe table with a level per row."""
    free = pen.pick(["patent", "normal", "patent", "none"])
    lines = [*front(pen), "", "LEVEL | DISC | CANAL | R FORAMEN | L FORAMEN | FACETS"]
    for level in LEVELS:
        cells = [_cell(pen, level, code, free) for code in CORE_CODES]
        disc = disc_phrase(pen, level)
        lines.append(" | ".join([pen.level(level), disc, *cells, _facets(pen, level, "normal")]))
    return "\n".join(lines + end(pen))


def columns(pen: Pen) -> str:
    """A pipe table with a level per column and a finding per row."""
    free = pen.pick(["normal", "none", "normal"])
    rows = {"SCS": "Canal", "RFS": "Right foramen", "LFS": "Left foramen"}
    if pen.chance(0.5):
        rows |= {"RRS": "Right lateral recess", "LRS": "Left lateral recess"}
    lines = [pen.say(TITLE), "", " | ".join(["Finding", *map(pen.level, LEVELS)])]
    for code, name in rows.items():
        lines.append(" | ".join([name, *(_cell(pen, level, code, free) for level in LEVELS)]))
    return "\n".join([*lines, "", f"Comment: {general(pen, 2)}"])


def tabbed(pen: Pen) -> str:
    """A tab-separated sheet in abbreviations."""
    lines = ["Level\tCanal\tRNF\tLNF\tLat recess"]
    for level in pen.levels_from_top():
        cells = [_cell(pen, level, code, "normal") for code in CORE_CODES]
        recess = _both(pen, level, RECESS.codes, "normal")
        lines.append("\t".join([pen.level(level), *cells, recess]))
    return "\n".join([pen.say(TITLE), *lines, "", f"Remarks: {general(pen, 2)}"])


def telegraphic(pen: Pen) -> str:
    """Abbreviations: ``L4-5: bulge, mod bilat FA, sev CCS, mod R & mild L NFS``."""
    lines = [f"MR L-spine w/o. {pen.truth.age}{pen.truth.sex}, LBP. No priors.", ""]
    for level in pen.levels_from_top():
        if pen.normal(level):
            pen.mark(level, *CODES)
            lines.append(f"{pen.level(level)}: {pen.pick(['neg', 'normal'])}.")
            continue
        said = [pen.pick(["bulge", "BBDB", "disc desic", "mild bulge", "disc bulge w/ sev ht loss"])]
        said += [
            _short_facets(pen, level),
            _short_canal(pen, level),
            _short_pair(pen, level, FORAMEN.codes, "NFS"),
        ]
        lines.append(f"{pen.level(level)}: {', '.join(filter(None, said))}.")
    return "\n".join(lines)


def _cell(pen: Pen, level: Level, code: str, free: str) -> str:
    """One grade as a field holds it."""
    pen.mark(level, code)
    grade = pen.grade(level, code)
    return pen.say(_INTERMEDIATE[grade]) if grade else free


def _both(pen: Pen, level: Level, codes: tuple[str, str], free: str) -> str:
    """Two sides in one field: ``mild bilateral``, ``moderate right, mild left``."""
    right, left = (pen.grade(level, code) for code in codes)
    pen.mark(level, *codes)
    if right == left:
        return f"{PLAIN[right]} bilateral" if right else free
    return ", ".join(
        f"{PLAIN[grade] if grade else 'no'} {side}" for side, grade in (("right", right), ("left", left))
    )


def _facets(pen: Pen, level: Level, free: str) -> str:
    """The facet field; of one abnormal side it names that side only."""
    right, left = (pen.grade(level, code) for code in FACET.codes)
    if bool(right) == bool(left):
        return _both(pen, level, FACET.codes, free)
    code, side = (FACET.codes[0], "right") if right else (FACET.codes[1], "left")
    pen.mark(level, code)
    return f"{PLAIN[right or left]} {side}"


def _short_canal(pen: Pen, level: Level) -> str:
    pen.mark(level, "SCS")
    grade = pen.grade(level, "SCS")
    return f"{pen.say(SHORT[grade])} CCS" if grade else "no CCS"


def _short_facets(pen: Pen, level: Level) -> str:
    return _short_pair(pen, level, FACET.codes, "FA") if any(pen.grade(level, c) for c in FACET.codes) else ""


def _short_pair(pen: Pen, level: Level, codes: tuple[str, str], head: str) -> str:
    """``mod bilat NFS``, ``sev R & mild L NFS``, ``mild R NFS``: there the normal side is left out."""
    right, left = (pen.grade(level, code) for code in codes)
    if right == left:
        pen.mark(level, *codes)
        return f"{pen.say(SHORT[right])} bilat {head}" if right else f"no {head}"
    if right and left:
        pen.mark(level, *codes)
        return f"{pen.say(SHORT[right])} R & {pen.say(SHORT[left])} L {head}"
    pen.mark(level, codes[0] if right else codes[1])
    return f"{pen.say(SHORT[right or left])} {'R' if right else 'L'} {head}"
