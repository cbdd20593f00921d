"""Report styles of particular places and occasions: bullets, short notes, follow-ups, letters."""

from __future__ import annotations

from levelwise.sample.frame import end, front, general, heading
from levelwise.sample.pen import Pen, close
from levelwise.sample.phrases import canal_phrase, paired_phrase
from levelwise.sample.words import FORAMEN, PLAIN
from lexicons.vocabulary import LEVELS, Level


def bullets(pen: Pen) -> str:
    """The habit of many Taiwanese readers: ``>`` bullets, the degree behind its noun."""
    pen.notation = pen.pick(["L4/5", "L4-5"])
    lines = [pen.say("MRI of L-spine {without contrast|without Gd enhancement} shows:"), ""]
    lines.append(f"> {general(pen, 1)}")
    for level in pen.levels_from_top():
        said = [
            pen.say("{bulging disc|degenerative disc change|desiccated disc}"),
            _degree(pen, level, "SCS"),
        ]
        said += [_bilateral_degree(pen, level)]
        lines.append(f"> {pen.level(level)}: {', '.join(said)}.")
    lines += [
        f"> {general(pen, 1)}",
        "",
        "IMP: Lumbar spondylosis, as description. Suggest clinical correlation.",
    ]
    return "\n".join(lines)


def _degree(pen: Pen, level: Level, code: str) -> str:
    grade = pen.grade(level, code)
    pen.mark(level, code)
    if not grade:
        return pen.say("no {definite|obvious|significant|} {spinal|central canal} stenosis")
    return pen.say("{<d> spinal stenosis|<d> central canal stenosis}", d=PLAIN[grade])


def _bilateral_degree(pen: Pen, level: Level) -> str:
    right, left = (pen.grade(level, code) for code in FORAMEN.codes)
    pen.mark(level, *FORAMEN.codes)
    if right == left:
        if not right:
            return pen.say("no {definite |}{narrowing of bil. neuroforamina|neuroforaminal narrowing}")
        both = "{narrowing of bil. neuroforamina, <d> degree|<d> bil. neuroforaminal narrowing}"
        return pen.say(both, d=PLAIN[right])
    words = [
        f"{PLAIN[grade]} narrowing of {side} neuroforamen"
        if grade
        else f"no narrowing of {side} neuroforamen"
        for side, grade in (("R't", right), ("L't", left))
    ]
    return " and ".join(words)


def short_note(pen: Pen) -> str:
    """A note of the Middle East: compression in words, no grade for the exit canals, most levels left out."""
    pen.notation, pen.thoracic = "L4/L5", "D"
    lines = [pen.pick(["LSS MRI :", "Lumbosacral MRI", "L.S. spine MRI :"])]
    lines.append(
        pen.pick(["Feature of muscle spasm.", "Straightened lumbar lordosis.", "Degenerative changes."])
    )
    named = [level for level in LEVELS if not pen.core_normal(level)] or [Level.L5_S1]
    lines += [f"{pen.level(level)}: {_note_of_level(pen, level)}." for level in named]
    return "\n".join(lines)


def _note_of_level(pen: Pen, level: Level) -> str:
    parts = [
        pen.say("{diffuse|mild diffuse|wide base} disc bulge {noted|seen|}{, indenting the thecal sac|}")
    ]
    sides = [s for s, c in zip(("right", "left"), FORAMEN.codes, strict=True) if pen.grade(level, c)]
    if sides:
        which = f"{sides[0]} exit canal" if len(sides) == 1 else pen.pick(["both exit canals", "exit canals"])
        codes = [c for c in FORAMEN.codes if pen.grade(level, c)]
        pen.mark(level, *codes, value="P")
        parts.append(f"{pen.say('{encroaching|encroaching upon|compressing}')} {which}")
    grade = pen.grade(level, "SCS")
    pen.mark(level, "SCS")
    canal = f"{PLAIN[grade]} spinal canal stenosis" if grade else "adequate spinal canal"
    return ", ".join([*parts, f"with {canal}"])


def follow_up(pen: Pen) -> str:
    """Every canal grade told as a change; the older grade is not the grade."""
    lines = [
        *front(pen)[:2],
        heading(pen, "Comparison") + " MRI two years ago.",
        "",
        heading(pen, "Findings"),
    ]
    for level in pen.levels_from_top():
        said = [_changed_canal(pen, level), pen.say("{there is |}<f>", f=paired_phrase(pen, level, FORAMEN))]
        lines.append(f"{pen.level(level)}: {' '.join(map(close, said))}")
    return "\n".join(lines + end(pen))


def _changed_canal(pen: Pen, level: Level) -> str:
    """One clause: unchanged, progressed, improved or resolved."""
    pen.mark(level, "SCS")
    now = pen.grade(level, "SCS")
    before = int(pen.rng.integers(0, 4))
    if now == 0:
        return pen.say(
            "{canal stenosis, previously <b>, has resolved|no canal stenosis, unchanged"
            "|the canal remains patent}",
            b=PLAIN[max(before, 1)],
        )
    if before in (0, now):
        return pen.say("{unchanged|stable|persistent} <n> canal {stenosis|narrowing}", n=PLAIN[now])
    verb = "{has progressed|has increased|has worsened}" if before < now else "{has improved|has regressed}"
    return pen.say(
        f"{{canal stenosis {verb} from <b> to <n>|previously <b> canal stenosis is now <n>}}",
        b=PLAIN[before],
        n=PLAIN[now],
    )


def letter(pen: Pen) -> str:
    """A clinician's prose that quotes an MRI: no headings, only the levels that matter."""
    abnormal = [level for level in LEVELS if not pen.core_normal(level)]
    opening = pen.say(
        "{I reviewed|We looked at|I went through} the lumbar MRI"
        " with {the patient|the family|my colleague} today."
    )
    if not abnormal:
        for level in LEVELS:
            pen.mark(level, "SCS", *FORAMEN.codes)
        return opening + " There is no canal or foraminal stenosis at any level. The plan is physiotherapy."
    said = [
        pen.sentence(
            "{at <level> there is|<level> shows|<level> has} <canal> and <foramina>",
            level=pen.level(level),
            canal=canal_phrase(pen, level),
            foramina=paired_phrase(pen, level, FORAMEN),
        )
        for level in abnormal
    ]
    plan = pen.say(
        "{We discussed an injection|I suggested a surgical opinion|The plan is physiotherapy}"
        "{.| and a review in six weeks.}"
    )
    return " ".join([opening, *said, plan])
