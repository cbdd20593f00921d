"""Report styles that go level by level in full sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from levelwise.sample.frame import TITLE, any_level, end, front, general, heading
from levelwise.sample.pen import Pen, close
from levelwise.sample.phrases import core_clause, level_sentences, whole_level
from levelwise.sample.words import CANAL, EXIT_FORAMEN, HISTORY, PLAIN
from lexicons.findings import CODES, CORE_CODES
from lexicons.vocabulary import LEVELS, Level


def template(pen: Pen) -> str:
    """Level headings with sentences behind them."""
    lines = [*front(pen), "", heading(pen, "Findings"), general(pen, 3), ""]
    lines += [f"{pen.level(x)}: {' '.join(level_sentences(pen, x))}" for x in pen.levels_from_top()]
    return "\n".join(lines + end(pen))


def headed_blocks(pen: Pen) -> str:
    """Each level on a line of its own, its sentences on the lines below."""
    lines = [*front(pen), "", heading(pen, "Findings", "Report"), general(pen, 2)]
    for level in pen.levels_from_top():
        lines += ["", f"{pen.level(level)}{pen.pick(['', ':'])}", *level_sentences(pen, level)]
    return "\n".join(lines + end(pen))


def running_text(pen: Pen) -> str:
    """One paragraph: ``At L4-5, there is ...``."""
    said = []
    for level in pen.levels_from_top():
        if pen.normal(level):
            whole_level(pen, level)
            said.append(f"{pen.level(level)} is {pen.pick(['normal', 'unremarkable'])}.")
            continue
        first, *others = level_sentences(pen, level)
        said += [f"At {pen.level(level)}, {first[0].lower()}{first[1:]}", *others]
    body = f"{heading(pen, 'Findings')} {general(pen, 2)} {' '.join(said)}"
    return "\n\n".join([*front(pen), body, "\n".join(end(pen)[1:])])


def capitals(pen: Pen) -> str:
    """The template shouted."""
    return template(pen).upper()


def unpunctuated(pen: Pen) -> str:
    """Lower case, no marks, a new line for each breath: a dictation that nobody edited."""
    lines = [pen.say(TITLE).lower(), "", "findings", ""]
    for level in pen.levels_from_top():
        words = [_bare(sentence) for sentence in level_sentences(pen, level)]
        lines += [f"{_bare(str(level))} {words[0]}", *words[1:], ""]
    return "\n".join(lines).rstrip()


def _bare(text: str) -> str:
    """`text` in lower case without its marks."""
    return text.lower().translate(str.maketrans("-/", "  ", ".,;:"))


def terse(pen: Pen) -> str:
    """A British note: short sentences, exit foramina, normal levels in one line."""
    pen.notation = "L4/5"
    normal = [level for level in pen.levels_from_top() if pen.core_normal(level)]
    lines = [pen.say(TITLE), f"Clinical details: {pen.sentence(pen.pick(HISTORY), level=any_level(pen))}", ""]
    lines += ["Report:", general(pen, 2)]
    if normal:
        lines.append(f"{pen.spanned(normal)}: {_all_clear(pen, normal)}")
    for level in LEVELS:
        if not pen.core_normal(level):
            lines.append(f"{pen.level(level)}: {' '.join(level_sentences(pen, level, EXIT_FORAMEN))}")
    return "\n".join(lines + end(pen))


def _all_clear(pen: Pen, levels: Sequence[Level]) -> str:
    """One sentence for several levels without stenosis."""
    said = core_clause(pen, levels[0], EXIT_FORAMEN)
    for level in levels[1:]:
        pen.mark(level, *CORE_CODES)
    return close(said)


def remaining(pen: Pen) -> str:
    """The abnormal levels, then one sentence for the rest."""
    abnormal = [level for level in LEVELS if not pen.normal(level)]
    rest = [level for level in LEVELS if pen.normal(level)]
    lines = [*front(pen), "", heading(pen, "Findings")]
    order = abnormal[:: -1 if pen.chance(0.4) else 1]
    lines += [f"{pen.level(x)}: {' '.join(level_sentences(pen, x))}" for x in order]
    for level in rest:
        pen.mark(level, *CODES)
    which = "the {remaining|other} levels" if abnormal else "all levels"
    if rest:
        lines.append(pen.sentence(f"{which} are {{unremarkable|normal}}"))
    return "\n".join(lines + end(pen))


def addendum(pen: Pen) -> str:
    """A template with one wrong canal grade, set right by an addendum."""
    level = max(LEVELS, key=lambda x: (pen.grade(x, "SCS"), x))
    true = pen.grade(level, "SCS")
    wrong = pen.pick([grade for grade in "123" if int(grade) != true])
    grades = {**pen.truth.grades, level: {**pen.truth.grades[level], "SCS": int(wrong)}}
    mistaken = Pen(replace(pen.truth, grades=grades), pen.rng, notation=pen.notation)
    mistaken.avoid.add((level, "SCS"))
    text = template(mistaken)
    pen.cells = mistaken.cells
    pen.cells.setdefault(level, {})["SCS"] = str(true)
    where = f"at {pen.level(level)}"
    if true:
        note = pen.sentence(f"{where} there is {PLAIN[true]}, not {PLAIN[int(wrong)]}, canal stenosis")
    else:
        note = pen.sentence(f"{where} the {CANAL} is normal")
    return f"{text}\n\nADDENDUM: {note} The rest of the report is unchanged."
