# ruff: noqa: E501  # one form per line reads better than wrapped
"""Notes in lists and in short words: titles over levels, levels over keys, glossaries, grades told in turn.

Each test is a cross of the forms of one construction and reports every form that is misread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations, product

from graded import misread_intervals

Note = tuple[str, Mapping[str, int]]
"""A text, and the grade of each cell that it fills, as ``L4-L5 SCS``."""

GRADES = {"none": 0, "mild": 1, "moderate": 2, "severe": 3}


def _misread(notes: Iterable[Note]) -> list[str]:
    return misread_intervals(
        (text, {cell: (grade, grade) for cell, grade in cells.items()}) for text, cells in notes
    )


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


def _short_foramina() -> Iterator[Note]:
    """A short form that is that of the foramina, beside the canal, and not of their stenosis."""
    normal = ("preserved", "adequate", "patent", "clear", "wide", "unremarkable")
    said = (
        *(
            "{o} {c} and {n} at L2-3",
            "{o} {c}, {n} at L2-3",
            "{c} and {n} {o} at L2-3",
            "L2-3: {o} {c} and {n}",
        ),
        *("{c} and {n} are {o} at L2-3", "L2-3: {o} {n} and {c}"),
    )
    cells = {"L2-L3 SCS": 0, "L2-L3 RFS": 0, "L2-L3 LFS": 0}
    for form, o, c, n in product(said, normal, ("spinal canal", "canal"), ("NFs", "both NFs", "NF")):
        yield form.format(o=o, c=c, n=n), cells
    for grade in ("mild", "severe"):
        yield f"L2-3: {grade} narrowing of both NFs", {"L2-L3 RFS": GRADES[grade], "L2-L3 LFS": GRADES[grade]}
        yield f"L2-3: {grade} NFS", {"L2-L3 RFS": GRADES[grade], "L2-L3 LFS": GRADES[grade]}
    yield "L2-3: no NFS, patent canal", cells


def _otherwise_under_keys() -> Iterator[Note]:
    """Behind the levels of a key "otherwise normal" is of its structure at the others, not of the level."""
    keys = {
        "Foramina": ("RFS", "LFS"),
        "Canal": ("SCS",),
        "Lateral recesses": ("RRS", "LRS"),
        "Neural foramina": ("RFS", "LFS"),
    }
    said = (
        *("{k}: mild at L4-5, {o}.", "{k}: mildly narrowed L4-5, {o}.", "{k}: L4-5 mild, {o}."),
        *("{k}: mild L4-5; {o}.", "{k} mildly narrowed at L4-5, {o}."),
    )
    levels = ("T12-L1", "L1-L2", "L2-L3", "L3-L4", "L5-S1")
    words = (
        "otherwise normal",
        "but otherwise normal",
        "otherwise unremarkable",
        "normal otherwise",
        "otherwise clear",
    )
    for (key, codes), form, o, before in product(
        keys.items(), said, words, ("", "L2-3: bulge.\n", "L4-5: bulge.\n")
    ):
        cells = {f"L4-L5 {code}": 1 for code in codes} | {f"{v} {code}": 0 for v in levels for code in codes}
        subject = key if ":" in form else f"The {key.lower()} {'is' if key == 'Canal' else 'are'}"
        yield before + form.format(k=subject, o=o), cells


def _both_behind_a_side() -> Iterator[Note]:
    """Behind a list of one side "both" is of both sides at one level, and of two levels at two."""
    for (side, code), key, gap in product((("right", "RFS"), ("left", "LFS")), (": ", " - "), (". ", ".\n")):
        listed = f"Foramina: {side}{key}L3-4 mild, L4-5 severe"
        cells = {f"L3-L4 {code}": 1, f"L4-L5 {code}": 3}
        both = {"L1-L2 RFS": 0, "L1-L2 LFS": 0}
        for told in (
            "L1-2 both patent",
            "L1-2: both clear",
            "L1-2 patent bilaterally",
            "L1-2 normal on both sides",
        ):
            yield f"{listed}{gap}{told}.", cells | both
        yield f"{listed}. L1-2 and L2-3 both patent.", cells | {f"L1-L2 {code}": 0, f"L2-L3 {code}": 0}


def _alike_on_a_side() -> Iterator[Note]:
    """What a level has on a side another has on the side that is named, and nothing of the canal."""
    sides = {"right": "RFS", "left": "LFS"}
    same = (
        "ditto",
        "the same",
        "same",
        "likewise",
        "as above",
        "as above but",
        "same as the level above,",
        "idem,",
    )
    for one, word, (first, second), gap in product(
        ("on the {}", "{}", "on the {} side"), same, permutations(sides), "\n "
    ):
        at = f"L3-4: {first} mild foraminal narrowing. Canal is not stenotic.{gap}L4-5: {word} {one.format(second)}."
        yield at, {"L3-L4 SCS": 0, f"L3-L4 {sides[first]}": 1, f"L4-L5 {sides[second]}": 1}
    both = "L3-4: right mild and left severe foraminal narrowing. Canal patent.\nL4-5: ditto on the {}."
    for side, code in sides.items():
        cells = {"L3-L4 SCS": 0, "L3-L4 RFS": 1, "L3-L4 LFS": 3}
        yield both.format(side), cells | {f"L4-L5 {code}": cells[f"L3-L4 {code}"]}


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


def test_short_foramina_are_no_stenosis() -> None:
    assert _misread(_short_foramina()) == []


def test_otherwise_normal_is_of_the_key() -> None:
    assert _misread(_otherwise_under_keys()) == []


def test_both_is_of_both_sides_behind_a_list_of_one() -> None:
    assert _misread(_both_behind_a_side()) == []


def test_a_level_is_like_another_on_a_side() -> None:
    assert _misread(_alike_on_a_side()) == []
