"""The split: stable, near its shares, never with a patient on two sides."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataset.flow import Who
from dataset.people import People
from dataset.split import MODES, SPLITS, Unit, assign, leaks, place
from labeling.issues import InputError
from lexicons.vocabulary import LEVELS

SHARES = (0.7, 0.15, 0.15)


def archive(patients: int, studies: int = 1) -> list[Unit]:
    return [
        Unit(f"P{p}", f"S{p}.{s}", str(level))
        for p in range(patients)
        for s in range(studies)
        for level in LEVELS
    ]


def by_patient(units: list[Unit], splits: tuple[str, ...]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for unit, split in zip(units, splits, strict=True):
        found.setdefault(unit.person, set()).add(split)
    return found


def test_the_place_of_a_key_is_pinned() -> None:
    # A change here moves every patient of every archive to another split: never change it.
    assert [round(place(key, "levelwise"), 6) for key in ("P0", "P1", "")] == [0.828779, 0.676776, 0.343259]


@given(st.integers(3, 300), st.integers(1, 300))
@settings(max_examples=40, deadline=None)
def test_patients_keep_their_split_when_the_archive_grows(before: int, more: int) -> None:
    small = assign(archive(before), fractions=SHARES)
    large = assign(archive(before + more), fractions=SHARES)
    old, new = by_patient(archive(before), small.splits), by_patient(archive(before + more), large.splits)
    changed = sum(old[patient] != new[patient] for patient in old)
    assert changed <= small.moved + large.moved


@pytest.mark.parametrize(
    ("patients", "more"), [(1000, 100), pytest.param(10_000, 1000, marks=pytest.mark.prove)]
)
def test_of_many_patients_none_is_in_two_splits_and_new_ones_move_none(patients: int, more: int) -> None:
    before, after = archive(patients, studies=3), archive(patients + more, studies=3)
    small, large = (assign(units, fractions=SHARES) for units in (before, after))
    assert leaks(zip((unit.person for unit in after), large.splits, strict=True)) == {}
    assert small.splits == large.splits[: len(before)]
    assert small.shared_patients == small.moved == large.moved == 0


@given(st.integers(1, 60), st.integers(1, 3), st.text(max_size=90))
@settings(max_examples=60, deadline=None)
def test_no_patient_is_in_two_splits_and_none_is_empty(patients: int, studies: int, seed: str) -> None:
    units = archive(patients, studies)
    result = assign(units, seed=seed, fractions=SHARES)
    assert all(len(splits) == 1 for splits in by_patient(units, result.splits).values())
    assert len(set(result.splits)) == min(patients, 3)
    assert ("empty-split" in [issue.reason for issue in result.issues]) == (patients < 3)


def test_shares_are_met_in_the_large() -> None:
    counts = Counter(assign(archive(4000), fractions=SHARES).splits)
    assert [round(counts[split] / 24000, 2) for split in SPLITS] == pytest.approx(SHARES, abs=0.02)


def test_another_seed_is_another_split() -> None:
    units = archive(50)
    assert (
        assign(units, seed="a", fractions=SHARES).splits != assign(units, seed="b", fractions=SHARES).splits
    )


def test_a_share_of_zero_leaves_the_split_out() -> None:
    assert set(assign(archive(2), fractions=(0, 0, 1)).splits) == {"test"}
    assert set(assign(archive(400), fractions=(0.5, 0.5, 0)).splits) == {"train", "validation"}


def test_a_small_archive_says_what_was_moved() -> None:
    result = assign(archive(3), fractions=(0.98, 0.01, 0.01))
    assert (sorted(set(result.splits)), result.moved) == (sorted(SPLITS), 2)
    assert "2 of 3 patients moved" in str(result.issues[0])


class TestOtherModes:
    units = archive(60, studies=2)

    def test_by_study_ignores_patients_and_says_so(self) -> None:
        result = assign(self.units, mode="study", fractions=SHARES)
        studies = leaks((unit.study, split) for unit, split in zip(self.units, result.splits, strict=True))
        assert (studies, result.issues[0].reason) == ({}, "split-by-study")
        assert result.shared_patients > 0

    def test_by_disc_shares_patients_and_says_so_loudly(self) -> None:
        result = assign(self.units, mode="disc", fractions=SHARES)
        found = by_patient(self.units, result.splits)
        assert result.shared_patients == sum(len(splits) > 1 for splits in found.values()) > 30
        assert "DISCS OF ONE PATIENT ARE IN SEVERAL SPLITS" in result.issues[0].message

    def test_unknown(self) -> None:
        with pytest.raises(InputError, match=f"expected one of {', '.join(MODES)}; got 'slice'"):
            assign(self.units, mode="slice", fractions=SHARES)


@pytest.mark.parametrize("shares", [(0.7, 0.3), (0.7, 0.2, 0.2), (1.2, -0.1, -0.1), (0, 0, 0)])
def test_bad_shares(shares: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="expected three shares of 0 or more that add up to 1"):
        assign(archive(5), fractions=shares)


def test_a_placeholder_for_a_patient_is_noticed() -> None:
    units = [Unit("patient:ANON" if s < 6 else f"P{s}", f"S{s}", "L4-L5") for s in range(20)]
    reasons = [issue.reason for issue in assign(units, fractions=SHARES).issues]
    assert "dominant-patient" in reasons


class TestPeople:
    def test_a_study_with_two_keys_links_them(self) -> None:
        people = People()
        for study, key in [("S", "D1"), ("S", "R7"), ("T", "R7"), ("U", "D2"), ("V", None)]:
            people.link(study, key)
        names = [people.name(Who("study", study)) for study in "STUV"]
        assert names == ["patient:D1", "patient:D1", "patient:D2", "study:V"]
        assert [people.key(study) for study in "STUV"] == ["D1", "D1", "D2", None]
        assert people.name(Who("patient", "R7")) == "patient:D1"

    @given(st.lists(st.tuples(st.integers(0, 8), st.none() | st.integers(0, 8)), max_size=30), st.randoms())
    def test_names_do_not_depend_on_the_order(
        self, links: list[tuple[int, int | None]], random: object
    ) -> None:
        names = []
        for order in (links, random.sample(links, len(links))):  # type: ignore[attr-defined]
            people = People()
            for study, patient in order:
                people.link(f"S{study}", None if patient is None else f"P{patient}")
            names.append([people.name(Who("study", f"S{study}")) for study in range(9)])
        assert names[0] == names[1]

    @given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=30))
    def test_linked_means_connected(self, links: list[tuple[int, int]]) -> None:
        people = People()
        groups = [{f"S{n}"} for n in range(9)]
        for study, patient in links:
            people.link(f"S{study}", f"P{patient}")
            joined = {f"S{study}", f"P{patient}"}
            for group in [group for group in groups if group & joined]:
                joined |= group
                groups.remove(group)
            groups.append(joined)
        for group in groups:
            assert len({people.name(Who("study", key)) for key in group if key.startswith("S")}) <= 1
        assert len({people.name(Who("study", f"S{n}")) for n in range(9)}) == len(groups)
