"""Train, validation and test: every patient in exactly one of them, by a keyed hash.

The place of a patient depends on the patient's key and the seed alone, so the split of a patient stays the
same when the archive grows. Folds are not so: they are dealt, see `dataset.folds`. Lu et al. 2018 (section
4.1) split by disc, which puts discs of one patient on both sides; `mode` "disc" does the same for
reproduction only.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dataset.folds import MOST_FOLDS, deal, rarest_grades
from labeling.issues import InputError, Issue

SPLITS = ("train", "validation", "test")
"""The names of the splits, in order."""

MODES: dict[str, str] = {
    "patient": "Every patient is in one split.",
    "study": "Every study is in one split. A PATIENT WITH SEVERAL STUDIES CAN BE IN SEVERAL SPLITS.",
    "disc": (
        "Discs are split one by one, as in the paper. DISCS OF ONE PATIENT ARE IN SEVERAL SPLITS: results on "
        "the test split are too good. For reproduction only."
    ),
}
"""Every way to split, with what it means for leakage."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One disc to be placed: the person it is of, its study, the disc itself; its grades and its sites."""

    person: str
    study: str
    level: str
    grades: tuple[int, ...] = ()
    sites: frozenset[str] = frozenset()

    def key(self, mode: str) -> str:
        """What is hashed: the person, the study or the disc."""
        return {"patient": self.person, "study": self.study, "disc": f"{self.study}/{self.level}"}[mode]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The split of every unit, in the order they came; `moved` keys were placed to fill an empty split.

    `folds` has the fold of every unit, None for those of the test split or where no folds were asked for.
    """

    splits: tuple[str, ...]
    folds: tuple[int | None, ...]
    moved: int = 0
    shared_patients: int = 0
    issues: tuple[Issue, ...] = field(default=())


def place(key: str, seed: str) -> float:
    """Where a key stands in 0 <= x < 1: BLAKE2b of the key, keyed with the seed."""
    secret = hashlib.sha256(seed.encode()).digest()
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8, key=secret).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def assign(
    units: Sequence[Unit],
    *,
    mode: str = "patient",
    seed: str = "levelwise",
    fractions: Sequence[float],
    folds: int = 0,
    external_site: str | None = None,
) -> Assignment:
    """The split of every unit.

    `fractions` are the shares of train, validation and test; a share of 0 leaves that split out. With
    `external_site`, test is every patient with a study from that site, and the first two shares divide the
    others. With `folds`, everything outside test is dealt into so many folds, and fold 0 is validation.

    Where the archive is so small that the hash leaves a split empty, the key that stands nearest to it is
    moved there, and an issue says so: that one patient may change its split when the archive grows. Raises
    `InputError` for options that do not fit, `RuntimeError` when a patient is in two splits.
    """
    bounds = _bounds(mode, fractions)
    outside = _external(units, mode, external_site)
    if external_site is not None:
        bounds = _rescaled({split: bounds[split] for split in bounds if split != "test"})
    places = {key: place(key, seed) for key in {unit.key(mode) for unit in units} - outside}
    chosen = {key: _split_at(bounds, at) for key, at in places.items()}
    moved, empty = _fill_empty(chosen, places, bounds)
    chosen |= dict.fromkeys(outside, "test")
    dealt = _folds(units, chosen, mode, folds, seed)
    chosen |= {key: "train" if fold else "validation" for key, fold in dealt.items()}
    splits = tuple(chosen[unit.key(mode)] for unit in units)
    shared = leaks((unit.person, split) for unit, split in zip(units, splits, strict=True))
    if shared and mode == "patient":
        raise RuntimeError(f"dataset.split: {len(shared)} patients are in more than one split")
    issues = _issues(units, mode, moved, empty, len(shared))
    by_fold = tuple(dealt.get(unit.key(mode)) for unit in units)
    return Assignment(splits, by_fold, moved, len(shared), tuple(issues))


def _external(units: Sequence[Unit], mode: str, site: str | None) -> set[str]:
    if site is None:
        return set()
    if mode != "patient":
        raise InputError(Issue("external site", "unknown-split", _WHOLE.format(mode), "Use split=patient."))
    outside = {unit.person for unit in units if site in unit.sites}
    if units and not outside:
        sites = len(frozenset[str]().union(*(unit.sites for unit in units)))
        message = f"expected a site that reports of the dataset name; they name {sites} others."
        cure = "Check the spelling, and that `levelwise label` found the column of the site."
        raise InputError(Issue("external site", "unknown-site", message, cure))
    return outside


def _rescaled(bounds: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    if not bounds:
        message = "an external test site leaves train and validation to share out; their shares are 0."
        raise InputError(Issue("fractions", "bad-fractions", message, "For example 0.8, 0.2, 0."))
    whole = max(stop for _, stop in bounds.values())
    return {split: (start / whole, stop / whole) for split, (start, stop) in bounds.items()}


def _folds(
    units: Sequence[Unit], chosen: Mapping[str, str], mode: str, folds: int, seed: str
) -> dict[str, int]:
    if not folds:
        return {}
    inside = [unit for unit in units if chosen[unit.key(mode)] != "test"]
    patients = {unit.person for unit in inside}
    if mode != "patient":
        raise InputError(Issue("folds", "unknown-split", _WHOLE.format(mode), "Use split=patient."))
    if not 2 <= folds <= min(MOST_FOLDS, len(patients)):
        message = (
            f"expected 2 folds or more, at most {MOST_FOLDS} and one for each of {len(patients)} patients"
        )
        raise InputError(Issue("folds", "bad-folds", f"{message} outside test; got {folds}.", "Use fewer."))
    order = sorted(patients, key=lambda person: (place(person, f"{seed}/folds"), person))
    return deal(order, rarest_grades((unit.person, unit.grades) for unit in inside), folds)


_WHOLE = "expected split=patient, which keeps patients whole; got {!r}."


def leaks(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Keys that stand in more than one split, each with its splits. `pairs` are (key, split)."""
    seen: dict[str, set[str]] = defaultdict(set)
    for key, split in pairs:
        seen[key].add(split)
    return {key: splits for key, splits in seen.items() if len(splits) > 1}


def _bounds(mode: str, fractions: Sequence[float]) -> dict[str, tuple[float, float]]:
    if mode not in MODES:
        raise InputError(
            Issue("split", "unknown-split", f"expected one of {', '.join(MODES)}; got {mode!r}.", "Use one.")
        )
    if len(fractions) != 3 or min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-6:
        got = ", ".join(f"{x:g}" for x in fractions)
        message = f"expected three shares of 0 or more that add up to 1; got {got}."
        raise InputError(Issue("fractions", "bad-fractions", message, "For example 0.7, 0.15, 0.15."))
    bounds, start = {}, 0.0
    for split, share in zip(SPLITS, fractions, strict=True):
        if share > 0:
            bounds[split] = (start, start + share)
        start += share
    return bounds


def _split_at(bounds: Mapping[str, tuple[float, float]], at: float) -> str:
    # Shares add up to 1 within rounding: what lies past the last bound belongs to the last split.
    return next((split for split, (_, stop) in bounds.items() if at < stop), list(bounds)[-1])


def _fill_empty(
    chosen: dict[str, str], places: Mapping[str, float], bounds: Mapping[str, tuple[float, float]]
) -> tuple[int, list[str]]:
    """Move the nearest key into each empty split, in place; how many, and which splits stay empty."""
    moved, empty = 0, []
    for split, (start, stop) in bounds.items():
        counts = Counter(chosen.values())
        if counts[split]:
            continue
        donors = [key for key in chosen if counts[chosen[key]] > 1]
        if not donors:
            empty.append(split)
            continue
        middle = (start + stop) / 2
        chosen[min(donors, key=lambda key: (abs(places[key] - middle), key))] = split
        moved += 1
    return moved, empty


def _issues(units: Sequence[Unit], mode: str, moved: int, empty: list[str], shared: int) -> Iterable[Issue]:
    patients = len({unit.person for unit in units})
    if mode != "patient":
        message = f"{MODES[mode]} {shared} of {patients} patients are in several splits."
        yield Issue("split", f"split-by-{mode}", message, "Use split=patient for results.", "warning")
    if moved:
        message = f"the hash left a split empty: {moved} of {patients} patients moved to fill it."
        cure = "With more patients the split needs no move; until then a moved patient may change its split."
        yield Issue("split", "small-archive", message, cure, "warning")
    if units and empty:
        message = f"expected patients in every split; got {patients} in all, none for {' and '.join(empty)}."
        cure = "Add studies, or give those splits a share of 0."
        yield Issue("split", "empty-split", message, cure, "warning")
    studies = {unit.study: unit.person for unit in units}
    most = max(Counter(studies.values()).values(), default=0)
    if mode == "patient" and len(studies) >= 10 and most > len(studies) / 4:
        message = f"one patient has {most} of {len(studies)} studies: a placeholder such as ANONYMOUS?"
        cure = "Give each patient a key; or use split=study, which ignores patient keys."
        yield Issue("split", "dominant-patient", message, cure, "warning")
