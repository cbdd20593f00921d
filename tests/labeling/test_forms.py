"""One finding at one level in every form of a sentence, and two of them joined: each keeps what is its own.

`make test` joins every form with some others, drawn with a seed; `make prove` joins them with more.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import pytest
from graded import Cells, graded_core

CANAL = [
    *(
        "{g} canal stenosis at {l}",
        "{g} {l} canal stenosis",
        "{l} {g} canal stenosis",
        "{l} with {g} canal stenosis",
    ),
    *(
        "{l} - {g} central stenosis",
        "{l}--{g} canal stenosis",
        "{l} ({g} canal stenosis)",
        "{l} canal stenosis: {g}",
    ),
    *("{l}, {g} central canal stenosis", "{l} canal: {g} stenosis", "canal: {g} narrowing at {l}"),
    *("canal stenosis ({g}) at {l}", "canal stenosis at {l} ({g})", "canal stenosis, {g}, at {l}"),
    *(
        "canal narrowing, {g} at {l}",
        "{g} acquired central stenosis, {l}",
        "canal stenosis at {l}, which is {g}",
    ),
    *("at {l} there is {g} canal narrowing", "at the {l} level, {g} canal stenosis is present"),
    *("there is canal narrowing at {l} that is {g}", "there is stenosis of the canal at {l}, graded {g}"),
    *("canal stenosis at {l} is {g}", "canal stenosis is {g} at {l}", "stenosis of the {l} canal is {g}"),
    *("the degree of canal stenosis at {l} is {g}", "a {g} degree of central stenosis at {l}"),
    *("central canal stenosis of a {g} degree at {l}", "narrowing of the canal at {l}, {g} in degree"),
    *(
        "{g} narrowing of the spinal canal at {l}",
        "{g} encroachment on the canal at {l}",
        "{y} narrowed canal at {l}",
    ),
    *("{l}: the canal is {y} narrowed", "the canal at {l} is {y} stenotic", "the {l} canal is {y} narrowed"),
    *("the spinal canal is {y} narrowed at {l}", "at {l} the canal is {y} compromised"),
    *("the thecal sac is {y} narrowed at {l}", "the canal shows {g} narrowing at {l}"),
    *("{l} shows {g} spinal stenosis", "the {l} level shows {g} central canal stenosis"),
    *("{g} central canal stenosis is seen at {l}", "we see {g} canal stenosis at {l}"),
    *("the bulge at {l} causes {g} canal stenosis", "a disc bulge at {l} {y} narrows the canal"),
    *("{l} disc bulge resulting in {g} canal stenosis", "a bulge causing {g} canal stenosis at {l}"),
    *("{l} demonstrates a disc bulge, with {g} canal stenosis",),
    *("disc bulge and facet hypertrophy at {l} result in {g} central canal stenosis",),
]
FORAMEN = [
    *(
        "{g} {s} foraminal stenosis at {l}",
        "{s} foraminal stenosis at {l}, {g}",
        "{s} {l} foraminal stenosis, {g}",
    ),
    *(
        "{g} {s} {l} foraminal stenosis",
        "{l} {s} foraminal stenosis ({g})",
        "{l}, {s} foraminal stenosis, {g}",
    ),
    *("{l}: {s} foraminal narrowing is {g}", "{l}: {g} foraminal narrowing on the {s}", "{l} {s} NFN: {g}"),
    *("{s} neural foramen at {l}: {g} narrowing", "{s} neural exit foraminal stenosis at {l}: {g}"),
    *("the {s} {l} neural foramen is {y} narrowed", "the {s} neural foramen is {y} narrowed at {l}"),
    *("at {l}, the {s} foramen is {y} narrowed", "the {l} foramen on the {s} is {y} stenosed"),
    *("{y} narrowed {s} neural foramen at {l}", "the {l} {s} neural foramen shows {g} narrowing"),
    *("{l} shows {g} foraminal compromise on the {s}", "{l} {s} foramen {g}"),
    *("at {l} there is {g} narrowing of the {s} neural foramen", "{g} stenosis of the {s} {l} foramen"),
    *("narrowing of the {s} foramen at {l}, {g} in degree", "{s} foraminal stenosis of {g} degree at {l}"),
    *("foraminal narrowing on the {s} at {l} is {g}", "stenosis of the {s} neural foramen at {l} is {g}"),
    *("{s}-sided foraminal stenosis at {l} is {g}", "{g} {s}-sided foraminal narrowing at {l}"),
    *("foraminal stenosis at {l} on the {s}, {g}", "{s} neural foraminal narrowing, {g}, at {l}"),
    *("there is foraminal stenosis on the {s} at {l} that is {g}",),
    *("a bulge at {l} causes {g} {s} foraminal narrowing",),
    *("a {s} foraminal protrusion at {l} {y} narrows the foramen",),
    *("facet hypertrophy at {l} causes {g} narrowing of the {s} foramen",),
]
GRADES = {"mild": 1, "moderate": 2, "severe": 3}
LEVELS = {"L2-3": "L2-L3", "L3-4": "L3-L4", "L4-5": "L4-L5", "L5-S1": "L5-S1"}
CODES = {"": "SCS", "right": "RFS", "left": "LFS"}
FORMS = [(form, "") for form in CANAL] + list(product(FORAMEN, ("right", "left")))

PARTED = (". ", ".\n", "; ", ", while ", ", whereas ", ", but ", ". In addition, ", ". Also, ")
"""Joints after which something else begins, whatever stands on either side."""
LOOSE = (" and ", ", and ", ", ", " as well as ", " along with ", " while ")
"""Joints that may also join two levels: "at L4-5 and L5-S1 with mild ..." says nothing of which."""


class Finding(NamedTuple):
    """A structure with its side, level and grade, and the form of the sentence that says so."""

    form: str
    side: str
    level: str
    grade: str

    def __str__(self) -> str:
        return self.form.format(l=self.level, g=self.grade, y=f"{self.grade}ly", s=self.side)

    @property
    def cells(self) -> Cells:
        return {(LEVELS[self.level], CODES[self.side]): GRADES[self.grade]}


def capital(text: str) -> str:
    return text[0].upper() + text[1:]


def pairs(each: int, seed: int) -> Iterator[tuple[Finding, Finding]]:
    """Every form with `each` others, at two levels."""
    rng = random.Random(seed)
    for (form, side), _ in product(FORMS, range(each)):
        other, other_side = rng.choice(FORMS)
        first, second = rng.sample(sorted(LEVELS), 2)
        yield (
            Finding(form, side, first, rng.choice(sorted(GRADES))),
            Finding(other, other_side, second, rng.choice(sorted(GRADES))),
        )


def share_misread(joints: tuple[str, ...], each: int, seed: int) -> float:
    """The share of joined pairs that are not read as their two findings."""
    wrong = count = 0
    for at, (first, second) in enumerate(pairs(each, seed)):
        joint = joints[at % len(joints)]
        then = capital(str(second)) if joint[-2:] in {". ", ".\n"} else str(second)
        wrong += graded_core(f"{capital(str(first))}{joint}{then}.") != first.cells | second.cells
        count += 1
    return wrong / count


@pytest.mark.parametrize(("form", "side"), FORMS)
def test_a_finding_in_every_form(form: str, side: str) -> None:
    for level, grade in product(("L3-4", "L5-S1"), GRADES):
        one = Finding(form, side, level, grade)
        assert graded_core(f"{capital(str(one))}.") == one.cells


def test_two_findings_that_are_parted() -> None:
    assert share_misread(PARTED, 8, 0) <= 0.003


def test_two_findings_in_one_clause() -> None:
    assert share_misread(LOOSE, 6, 1) <= 0.06


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(2, 8))
def test_two_findings_in_many_pairs(seed: int) -> None:
    assert share_misread(PARTED, 40, seed) <= 0.003
    assert share_misread(LOOSE, 40, seed) <= 0.06
