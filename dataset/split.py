"""Train, validation and test: every patient in exactly one of them, by a keyed hash.

The place of a patient depends on the patient's key and the seed alone, so the split of a patient stays the
same when the archive grows. Lu et al. 2018 (section 4.1) split by disc, which puts discs of one patient on
both sides; `mode` "disc" does the same for reproduction only.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dataset.flow import Who
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


class People:
    """Which keys are one person: a study that bears two patient keys links them.

    Reports and DICOM headers often use different keys for one patient. A patient is a connected component of
    studies and keys; its name is its least patient key, or the study's own where it has none.
    """

    def __init__(self) -> None:
        self._parent: dict[Who, Who] = {}

    def link(self, study: str, patient: str | None) -> None:
        """Say that `study` bears the key `patient`; with None, only that the study exists."""
        root = self._root(Who("study", study))
        if patient:
            name, other = sorted((root, self._root(Who("patient", patient))), key=_rank)
            self._parent[other] = name

    def name(self, who: Who) -> str:
        """The name of the person, apart for each kind of key."""
        root = self._root(who)
        return f"{root.kind}:{root.key}"

    def key(self, study: str) -> str | None:
        """The least patient key of the person that `study` is of; None where no study of theirs has one."""
        root = self._root(Who("study", study))
        return root.key if root.kind == "patient" else None

    def _root(self, who: Who) -> Who:
        parent = self._parent.setdefault(who, who)
        while parent != who:
            grand = self._parent[parent]
            self._parent[who] = grand  # halving keeps chains short
            who, parent = parent, grand
        return who


@dataclass(frozen=True, slots=True)
class Unit:
    """One disc to be placed: the person it is of, its study, and the disc itself."""

    person: str
    study: str
    level: str

    def key(self, mode: str) -> str:
        """What is hashed: the person, the study or the disc."""
        return {"patient": self.person, "study": self.study, "disc": f"{self.study}/{self.level}"}[mode]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The split of every unit, in the order they came; `moved` keys were placed to fill an empty split."""

    splits: tuple[str, ...]
    moved: int = 0
    shared_patients: int = 0
    issues: tuple[Issue, ...] = field(default=())


def place(key: str, seed: str) -> float:
    """Where a key stands in 0 <= x < 1: BLAKE2b of the key, keyed with the seed."""
    secret = hashlib.sha256(seed.encode()).digest()
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8, key=secret).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def assign(
    units: Sequence[Unit], *, mode: str = "patient", seed: str = "levelwise", fractions: Sequence[float]
) -> Assignment:
    """The split of every unit.

    `fractions` are the shares of train, validation and test; a share of 0 leaves that split out. Where the
    archive is so small that the hash leaves a split empty, the key that stands nearest to it is moved
    there, and an issue says so: that one patient may change its split when the archive grows. Raises
    `InputError` for an unknown mode or bad fractions, `RuntimeError` when a patient is in two splits.
    """
    bounds = _bounds(mode, fractions)
    places = {key: place(key, seed) for key in {unit.key(mode) for unit in units}}
    chosen = {key: _split_at(bounds, at) for key, at in places.items()}
    moved, empty = _fill_empty(chosen, places, bounds)
    splits = tuple(chosen[unit.key(mode)] for unit in units)
    shared = leaks((unit.person, split) for unit, split in zip(units, splits, strict=True))
    if shared and mode == "patient":
        raise RuntimeError(f"dataset.split: {len(shared)} patients are in more than one split")
    issues = _issues(units, mode, moved, empty, len(shared))
    return Assignment(splits, moved, len(shared), tuple(issues))


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


def _rank(who: Who) -> tuple[bool, str]:
    return who.kind != "patient", who.key
