"""Folds and external sites: patients stay whole, grades are balanced, test keeps its patients."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset.folds import deal, rarest_grades
from dataset.split import SPLITS, Unit, assign
from labeling.issues import InputError
from lexicons.vocabulary import LEVELS

SHARES = (0.7, 0.15, 0.15)


def archive(patients: int, *, seed: int = 0, sites: tuple[str, ...] = ("A",)) -> list[Unit]:
    """Discs of so many patients with one to three studies; severe is rare, as in life."""
    random = Random(seed)
    units = []
    for patient in range(patients):
        for study in range(random.randint(1, 3)):
            site = frozenset({random.choice(sites)})
            for level in LEVELS:
                grades = tuple(random.choices(range(4), (55, 25, 16, 4), k=3))
                units.append(Unit(f"P{patient}", f"S{patient}.{study}", str(level), grades, site))
    return units


def of_patients(units: list[Unit], values: tuple[object, ...]) -> dict[str, set[object]]:
    found: dict[str, set[object]] = defaultdict(set)
    for unit, value in zip(units, values, strict=True):
        found[unit.person].add(value)
    return found


@given(st.integers(5, 120), st.integers(2, 5), st.integers(0, 99), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_patients_are_whole_folds_are_even_and_rows_may_come_in_any_order(
    patients: int, folds: int, seed: int, random: Random
) -> None:
    units = archive(patients, seed=seed)
    try:
        result = assign(units, fractions=SHARES, folds=folds)
    except InputError as error:
        assert error.issue.reason == "bad-folds"
        return
    found = of_patients(units, result.folds)
    assert all(len(values) == 1 for values in found.values())
    for split, fold in zip(result.splits, result.folds, strict=True):
        assert split == ("test" if fold is None else "train" if fold else "validation")
    sizes = Counter(fold for (fold,) in found.values() if fold is not None)
    assert max(sizes.values()) - min(sizes[fold] for fold in range(folds)) <= 1
    turned = random.sample(units, len(units))
    again = of_patients(turned, assign(turned, fractions=SHARES, folds=folds).folds)
    assert again == found


def test_every_fold_has_its_share_of_the_rarest_grade() -> None:
    units = archive(400)
    result = assign(units, fractions=SHARES, folds=5)
    severe: dict[int | None, set[str]] = defaultdict(set)
    for unit, fold in zip(units, result.folds, strict=True):
        if 3 in unit.grades:
            severe[fold].add(unit.person)
    counts = [len(severe[fold]) for fold in range(5)]
    assert max(counts) - min(counts) <= 1
    assert min(counts) > 20


def test_growth_moves_patients_between_folds_and_never_into_or_out_of_test() -> None:
    units = archive(300)
    small, large = (assign(part, fractions=SHARES, folds=5) for part in (units[: len(units) // 2], units))
    before = of_patients(units[: len(units) // 2], small.folds)
    after = of_patients(units, large.folds)
    assert all((before[p] == {None}) == (after[p] == {None}) for p in list(before)[:-1])
    assert any(before[p] != after[p] for p in list(before)[:-1])  # as `dataset.folds` says


def test_the_rarest_grade_of_a_patient() -> None:
    discs = [("P", (0, 1)), ("P", (3,)), ("Q", (0, 2)), ("R", (0, 1)), ("S", ())]
    assert rarest_grades(discs) == {"P": 3, "Q": 2, "R": 1, "S": None}


def test_suits_are_dealt_one_after_the_other() -> None:
    suits = {"a": 3, "b": 0, "c": 3, "d": 3, "e": None, "f": 0}
    assert deal("abcdef", suits, 2) == {"a": 0, "c": 1, "d": 0, "b": 1, "f": 0, "e": 1}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"folds": 1}, "expected 2 folds or more, at most 100 and one for each of"),
        ({"folds": 90}, "got 90"),
        ({"folds": 3, "mode": "disc"}, "expected split=patient, which keeps patients whole; got 'disc'"),
        ({"external_site": "A", "mode": "study"}, "expected split=patient"),
        ({"external_site": "Z"}, "they name 2 others"),
        ({"external_site": "A", "fractions": (0, 0, 1)}, "their shares are 0"),
    ],
)
def test_options_that_do_not_fit(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        assign(archive(60, sites=("A", "B")), **{"fractions": SHARES, **options})  # type: ignore[arg-type]


class TestExternalSite:
    units = archive(600, sites=("A", "B", "C"))

    def test_test_is_every_patient_of_the_site_and_nobody_else(self) -> None:
        result = assign(self.units, fractions=SHARES, external_site="B")
        found = of_patients(self.units, result.splits)
        assert all(len(splits) == 1 for splits in found.values())
        at_site = {unit.person for unit in self.units if "B" in unit.sites}
        assert {person for person, splits in found.items() if splits == {"test"}} == at_site
        elsewhere = [u for u, split in zip(self.units, result.splits, strict=True) if split == "test"]
        assert any("A" in unit.sites for unit in elsewhere)  # whole patients, their other studies too

    def test_the_others_are_shared_out_in_proportion_and_stay(self) -> None:
        large = of_patients(self.units, assign(self.units, fractions=SHARES, external_site="B").splits)
        sizes = Counter(split for (split,) in large.values())
        assert sizes["train"] / (sizes["train"] + sizes["validation"]) == pytest.approx(0.7 / 0.85, abs=0.05)
        part = self.units[: len(self.units) // 2]
        small = of_patients(part, assign(part, fractions=SHARES, external_site="B").splits)
        assert all(small[person] == large[person] for person in list(small)[:-1])

    def test_with_folds(self) -> None:
        result = assign(self.units, fractions=SHARES, external_site="B", folds=4)
        assert set(result.splits) == set(SPLITS)
        assert {f for s, f in zip(result.splits, result.folds, strict=True) if s == "test"} == {None}
