# ruff: noqa: E501  # one form per line reads better than wrapped
"""Notes in lists and in short words: titles over levels, levels over keys, glossaries, grades told in turn.

Each test is a cross of the forms of one construction and reports every form that is misread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations, product

from labeling.labeler import label_text

Note = tuple[str, Mapping[str, int]]
"""A text, and the grade of each cell that it fills among `CODES`."""

CODES = {"SCS", "RFS", "LFS", "RRS", "LRS"}
GRADES = {"none": 0, "mild": 1, "moderate": 2, "severe": 3}


def _misread(notes: Iterable[Note]) -> list[str]:
    found = []
    for text, cells in notes:
        grades = label_text(text).grades
        read = {
            f"{g.level} {g.code}": (int(g.interval.low), int(g.interval.high))
            for g in grades
            if g.code in CODES
        }
        if read != {cell: (grade, grade) for cell, grade in cells.items()}:
            found.append(f"{text!r}: {read}")
    return found


def _lists_under_titles() -> Iterator[Note]:
    titles = {
        "Lumbar stenosis": ("SCS",),
        "Central canal stenosis": ("SCS",),
        "Foraminal narrowing": ("RFS", "LFS"),
        "Neural foramina": ("RFS", "LFS"),
        "Lateral recess stenosis": ("RRS", "LRS"),
    }
    for (title, codes), indent, colon in product(titles.items(), ("   - ", "- ", ""), ("", ":")):
        head = f"Lumbar MRI\n1. Dry discs\n2. {title}{colon}\n"
        items = f"{indent}L2-3: mild\n{indent}L4-5: severe, with a slip\n3. No fracture."
        yield head + items, {f"{level} {c}": g for level, g in (("L2-L3", 1), ("L4-L5", 3)) for c in codes}
        if len(codes) == 2:
            items = f"{indent}L2-3: right, mild\n{indent}L4-5: both, severe\n"
            yield head + items, {f"L2-L3 {codes[0]}": 1, f"L4-L5 {codes[0]}": 3, f"L4-L5 {codes[1]}": 3}


def _keys_under_levels() -> Iterator[Note]:
    heads = (
        "Extrusion L3-4, central",
        "Bulging disc, L3-4",
        "L3-4: bulge",
        "Disc herniation at L3-4",
        "L3-4",
    )
    for head, number, indent in product(heads, ("1. ", "1) ", "(1) "), ("   - ", "* ", "")):
        text = f"L-spine MRI\n{number}{head}\n{indent}canal: severe stenosis\n{indent}lateral recess: Rt mild, Lt no stenosis\n"
        text += f"{indent}foramina: no stenosis\n{number.replace('1', '2')}L1-2, 2-3: no stenosis"
        cells = {"SCS": 3, "RRS": 1, "LRS": 0, "RFS": 0, "LFS": 0}
        rest = {f"{level} {code}": 0 for level in ("L1-L2", "L2-L3") for code in ("SCS", "RFS", "LFS")}
        yield text, rest | {f"L3-L4 {code}": grade for code, grade in cells.items()}


def _short_words_with_stops() -> Iterator[Note]:
    firsts = {
        "L3/4 foramina mild narrowing bilat.": {"L3-L4 RFS": 1, "L3-L4 LFS": 1},
        "L3/4 canal narrowed mod.": {"L3-L4 SCS": 2},
        "L3/4: foraminal stenosis, severe rt.": {"L3-L4 RFS": 3},
    }
    seconds: dict[str, dict[str, int]] = {
        "L4/5 s/p laminectomy, canal patent.": {"L4-L5 SCS": 0},
        "L4-5: severe canal stenosis.": {"L4-L5 SCS": 3},
        "L4-5 bulge, mild canal stenosis.": {"L4-L5 SCS": 1},
    }
    for (first, before), (second, after) in product(firsts.items(), seconds.items()):
        yield f"Lumbar MRI. {first} {second}", before | after
    for side, root in product(("Lt.", "Rt.", "Bil."), ("L4 root compression", "L5 root swollen")):
        cells = {"L3-L4 SCS": 1, "L3-L4 RFS": 0, "L3-L4 LFS": 0}
        yield (
            f"L3-4: bulge.\n{side} {root}.\nMild canal stenosis at L3-4.\nNo foraminal stenosis at L3-4.",
            cells,
        )


def _denied_of_others() -> Iterator[Note]:
    verbs = ("with", "w/", "is with", "has", "shows")
    subjects = ("No other level", "No other levels", "No other lumbar level", "None of the other levels")
    nouns = {"CCS": ("SCS",), "NFS": ("RFS", "LFS"), "CCS or NFS": ("SCS", "RFS", "LFS")}
    others = ("T12-L1", "L1-L2", "L2-L3", "L4-L5", "L5-S1")
    for subject, verb, (noun, codes) in product(subjects, verbs, nouns.items()):
        yield (
            f"Severe CCS at L3-4.\n{subject} {verb} {noun}.",
            {"L3-L4 SCS": 3} | {f"{level} {code}": 0 for level in others for code in codes},
        )


def _in_turn() -> Iterator[Note]:
    levels = {"L2/3/4/5": ("L2-L3", "L3-L4", "L4-L5"), "L3-4 and L5-S1": ("L3-L4", "L5-S1")}
    forms = (
        "{l} {n}, {g} respectively",
        "{n} at {l} ({g}, respectively)",
        "There is {g} {n} at {l} respectively.",
    )
    for (named, discs), sign, form in product(levels.items(), ("/", " / ", ", "), forms):
        for grades in permutations(("mild", "moderate", "severe"), len(discs)):
            text = form.format(l=named, n="canal stenosis", g=sign.join(grades))
            yield text, {f"{disc} SCS": GRADES[grade] for disc, grade in zip(discs, grades, strict=True)}


def _places_before_short_words() -> Iterator[Note]:
    for grade, join in product(("mild", "severe"), (" + ", " & ", " and ", ", ", " w/ ")):
        yield (
            f"Reviewed. L2-3 mild b/l NFS, L3-4 {grade} central{join}mod L NFS",
            {"L2-L3 RFS": 1, "L2-L3 LFS": 1, "L3-L4 SCS": GRADES[grade], "L3-L4 LFS": 2},
        )


def _others_counted() -> Iterator[Note]:
    names = (
        "the two others",
        "the other two",
        "the two other levels",
        "the remaining two",
        "the two remaining levels",
    )
    for name, (first, second) in product(names, permutations(("mild", "moderate", "severe"), 2)):
        yield (
            f"The canal is narrowed from L1-2 to L3-4, {first} at L2-3 and {second} at {name}.",
            {"L1-L2 SCS": GRADES[second], "L2-L3 SCS": GRADES[first], "L3-L4 SCS": GRADES[second]},
        )


def _glossaries() -> Iterator[Note]:
    prose = "L3-4 canal narrowing mild, foramina {b} severe narrowing. L4-5 foramina {r} mild, {l} moderate stenosis, canal free."
    cells = {"L3-L4 SCS": 1, "L3-L4 RFS": 3, "L3-L4 LFS": 3, "L4-L5 RFS": 1, "L4-L5 LFS": 2, "L4-L5 SCS": 0}
    for right, left, both in (("re.", "li.", "bds."), ("dx.", "sn.", "bilt."), ("der", "izq", "amb")):
        for form in ("({})", "{}", "Abbreviations: {}."):
            told = form.format(f"{right}=right, {left} = left, {both}=both sides")
            yield f"Lumbar spine.\n{prose.format(r=right, l=left, b=both)}\n{told}", cells
    rows = (("L2/3", "0", "0", "0"), ("L3/4", "mild", "mod", "0"), ("L4/5", "sev", "0", "mild"))
    cells = {"L2-L3 SCS": 0, "L2-L3 RFS": 0, "L2-L3 LFS": 0, "L3-L4 SCS": 1, "L3-L4 RFS": 2, "L3-L4 LFS": 0}
    cells |= {"L4-L5 SCS": 3, "L4-L5 RFS": 0, "L4-L5 LFS": 1}
    for sign, gap, told in product(
        (":", "=", ": "), (" ", "  ", ", "), ("(Z=spinal canal, FD/FS=right/left foramen)",)
    ):
        body = "\n".join(f"{v}  Z{sign}{a}{gap}FD{sign}{x}{gap}FS{sign}{y}" for v, a, x, y in rows)
        yield f"LUMBAR SPINE\n{body}\n{told}\nHardware: none.", cells


def test_titles_head_their_levels() -> None:
    assert _misread(_lists_under_titles()) == []


def test_a_numbered_level_heads_its_keys() -> None:
    assert _misread(_keys_under_levels()) == []


def test_short_words_end_a_sentence_behind_their_noun() -> None:
    assert _misread(_short_words_with_stops()) == []


def test_no_other_level_with_it() -> None:
    assert _misread(_denied_of_others()) == []


def test_grades_in_one_word_are_told_in_turn() -> None:
    assert _misread(_in_turn()) == []


def test_a_place_before_a_short_word_is_narrow() -> None:
    assert _misread(_places_before_short_words()) == []


def test_the_two_others_are_counted() -> None:
    assert _misread(_others_counted()) == []


def test_a_report_explains_its_short_words() -> None:
    assert _misread(_glossaries()) == []
