"""Words that point to a level, or to what was said of one x what is said there.

"The latter", "adjacent segment", "as above but severe", "at L3-4, sorry, at L4-5", and one level of a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product

from graded import Cells, misread

FINDINGS = (
    ("canal stenosis", ("SCS",)),
    ("foraminal narrowing", ("RFS", "LFS")),
    ("lateral recess stenosis", ("RRS", "LRS")),
    ("facet arthropathy", ("RFA", "LFA")),
)
SIDED = FINDINGS[1:]
GRADES = (("mild", 1), ("moderate", 2), ("severe", 3))
PAIRS = tuple(permutations(GRADES, 2))
SIDES = (("right", "left"), ("left", "right"))


def at(level: str, codes: tuple[str, ...], grade: int | None) -> Cells:
    """The cells of one finding at one level."""
    return {(level, code): grade for code in codes}


def of_sides(level: str, codes: tuple[str, ...], side: str, first: int, other: int) -> Cells:
    """The cells of a finding whose sides differ; `first` is that of `side`."""
    return {(level, code): first if code[0] == side[0].upper() else other for code in codes}


BEHIND = (
    ("", {}),
    (", and the canal is patent at L5-S1", at("L5-S1", ("SCS",), 0)),
    (", and there is no stenosis at L5-S1", at("L5-S1", ("SCS", "RFS", "LFS"), 0)),
)
TWO = (
    "There is {a} {n} at L3-4 and {b} at L4-5, with {c} {m} at the {word}{behind}.",
    "{a} {n} at L3-4. {b} {n} at L4-5. There is {c} {m} at the {word}{behind}.",
)


def test_former_and_latter_look_back_only() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for (n, codes), (m, others) in permutations(FINDINGS, 2):
            for text in TWO:
                for behind, more in BEHIND:
                    for word, level in (("former", "L3-L4"), ("latter", "L4-L5")):
                        cells = {**at("L3-L4", codes, 1), **at("L4-L5", codes, 2), **at(level, others, 3)}
                        words = {"a": "mild", "b": "moderate", "c": "severe", "n": n, "m": m}
                        yield text.format(word=word, behind=behind, **words), {**cells, **more}

    assert not misread(told())


NAMED = (
    "{g} {k} {n} at L3-4.",
    "There is {g} {k} {n} at L3-4.",
    "{g} {n} at the {k}, L3-4.",
    "At the {k} (L3-4) there is {g} {n}.",
)
NAMELESS = ("{g} {k} {n}.", "There is {g} {n} at the {k}.", "With {g} {k} {n}.")


def test_adjacent_levels_are_not_those_operated() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for n, codes in FINDINGS:
            for kind in ("adjacent segment", "adjacent level"):
                for grade, number in GRADES:
                    for text in (*NAMED, *NAMELESS):
                        cells = at("L3-L4", codes, number) if text in NAMED else {}
                        yield "Fusion from L4 to S1. " + text.format(g=grade, k=kind, n=n), cells

    assert not misread(told())


LIKE = ("as above", "same", "ditto", "similar", "as at L3-4", "same as the level above")


def test_grade_of_a_copy_is_its_own() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for n, codes in FINDINGS:
            for (a, first), (b, second) in PAIRS:
                for like in LIKE:
                    for but in (" but", ", but", " except"):
                        cells = {**at("L3-L4", codes, first), **at("L4-L5", codes, second)}
                        yield f"L3-4: bulge, {a} {n}.\nL4-5: {like}{but} {b}.", cells

    assert not misread(told())


RESTS = (("", None), (", otherwise mild", 1), (", mild elsewhere", 1), (", the rest mild", 1))


def test_sides_of_one_level_of_a_list() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for n, codes in SIDED:
            for (a, first), (b, second) in PAIRS:
                for side, other in SIDES:
                    for levels in ("at L2-3, L3-4 and L4-5", "from L2-3 to L4-5"):
                        for rest, grade in RESTS:
                            cells = {**at("L2-L3", codes, grade), **at("L4-L5", codes, grade)}
                            cells |= of_sides("L3-L4", codes, side, first, second)
                            text = f"{n} {levels}, {a} on the {side} and {b} on the {other} at L3-4{rest}."
                            yield text.capitalize(), cells

    assert not misread(told())


SORRY = (", correction, ", ", sorry, ", " (correction: ", ", scratch that, ", ", I mean ", ", or rather ")


def test_what_is_taken_back_counts_for_nothing() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for n, codes in SIDED:
            for (a, first), (b, _) in PAIRS:
                for sorry in SORRY:
                    end = ")" if "(" in sorry else ""
                    cells = at("L4-L5", codes, first)
                    left = at("L4-L5", codes[1:], first)
                    yield f"At L3-4{sorry}L4-5{end}, there is {a} {n}.", cells
                    yield f"There is {a} {n} at L3-4{sorry}at L4-5{end}.", cells
                    yield f"At L4-5 there is {b}{sorry}{a}{end} {n}.", cells
                    yield f"At L4-5 there is {a} {n} on the right{sorry}on the left{end}.", left

    assert not misread(told())


def test_what_lies_beside_does_not_hide_the_other_side() -> None:
    def told() -> Iterator[tuple[str, Cells]]:
        for n, codes in SIDED:
            for (a, first), (b, second) in PAIRS:
                for side, other in SIDES:
                    cells = of_sides("L4-L5", codes, side, first, second)
                    yield f"L4-5: {a} {n} with a cyst on the {side}, {b} on the {other}.", cells
                    yield f"L4-5: {a} {n} with an effusion on the {side} and {b} on the {other}.", cells

    assert not misread(told())


def test_a_sentence_that_puts_right_the_one_before() -> None:
    notes: list[tuple[str, Cells]] = []
    words = (
        "Sorry, {}.",
        "Correction: {}.",
        "Correction, {}.",
        "I mean {}.",
        "Scratch that, {}.",
        "Make that {}.",
    )
    for sorry, joint in product(words, (" ", "\n")):
        at, right = (joint + sorry.format(words) for words in ("L4-5", "on the right"))
        level: Cells = {("L4-L5", "SCS"): 1}
        notes += [
            (f"Mild canal stenosis at L3-4.{at}", level),
            (f"At L3-4 there is mild canal stenosis.{at} The conus is normal.", level),
            (f"At L4-5 there is severe canal stenosis.{joint}{sorry.format('mild')}", level),
            (f"Moderate foraminal narrowing on the left at L3-4.{right}", {("L3-L4", "RFS"): 2}),
            (f"The left foramen at L3-4 is moderately narrowed.{right}", {("L3-L4", "RFS"): 2}),
        ]
    assert misread(notes) == []
