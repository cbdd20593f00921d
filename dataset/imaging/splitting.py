"""A series to its stacks, by geometry alone.

Scanners put several oblique blocks into one axial series; read as one volume, its slices land more than
100 mm from where they are. Here a stack has one size, one orientation and one gap, and the affine of every
stack gives back the position of each of its slices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dataset.imaging.slices import Slice
from dataset.imaging.volume import Points, apply_affine, spacing_of

ORIENTATION_TOLERANCE = 1e-3
"""Greatest difference of a direction cosine within one stack."""
GAP_TOLERANCE_MM = 0.3
"""Greatest difference of the distances between neighbouring slices within one stack."""
POSITION_TOLERANCE_MM = 0.1
"""Greatest distance between a slice's own position and the one that the affine gives it."""
SAME_PLACE_MM = 0.05
"""Slices closer than this along their normal are two images of one place, such as two echoes."""


@dataclass(frozen=True, eq=False)
class Run:
    """The slices of one stack in order, and its affine from voxel (slice, row, column) to LPS mm."""

    slices: tuple[Slice, ...]
    affine: Points


def split_series(slices: Iterable[Slice]) -> list[Run]:
    """The stacks of one series, ordered by the place of their middle.

    Slices run along the direction of their normal that points to the patient's left, back or head, whichever
    axis it is nearest to. A single slice takes its thickness for the gap; one without a thickness is in no
    stack at all.
    """
    runs = [
        run
        for group in _same_orientation(slices)
        for layer in _layers(_sorted(group))
        for part in _one_gap(layer)
        for run in _verified(part)
    ]
    return sorted(runs, key=_place)


def normal_of(item: Slice) -> Points:
    """Unit normal of a slice, towards the patient's left, back or head, LPS."""
    row, column = np.array(item.orientation[:3]), np.array(item.orientation[3:])
    normal: Points = np.cross(row, column)
    normal /= np.linalg.norm(normal)
    return normal if normal[np.abs(normal).argmax()] > 0 else -normal


def holes(runs: Sequence[Run]) -> Iterator[tuple[Run, int]]:
    """Every run that goes on after another one of the same grid, and how many slices lie between the two."""
    affines = np.array([run.affine for run in runs])
    firsts = np.array([run.slices[0].position for run in runs])
    for one in runs:
        steps = apply_affine(np.linalg.inv(one.affine), firsts)
        ahead = np.rint(steps[:, 0])
        off = np.linalg.norm((steps - np.eye(3)[0] * ahead[:, None]) * spacing_of(one.affine), axis=1)
        alike = (np.abs(affines - one.affine)[:, :3, :3] <= GAP_TOLERANCE_MM).all(axis=(1, 2))
        missing = np.where(alike & (off <= GAP_TOLERANCE_MM), ahead - len(one.slices), 0)
        if missing.max() > 0:
            nearest = int(np.where(missing > 0, missing, np.inf).argmin())
            yield runs[nearest], int(missing[nearest])


def _place(run: Run) -> tuple[int, float, int]:
    """Axis that the slices run along, where the middle of the run lies on it, first instance."""
    first = run.slices[0]
    axis = int(np.abs(normal_of(first)).argmax())
    middle = apply_affine(
        run.affine, ((len(run.slices) - 1) / 2, (first.rows - 1) / 2, (first.columns - 1) / 2)
    )
    return axis, float(middle[axis]), first.instance or 0


def _same_orientation(slices: Iterable[Slice]) -> list[list[Slice]]:
    """Groups of one size, pixel spacing and orientation; each is compared with its first slice."""
    ordered = sorted(slices, key=lambda item: (item.instance or 0, item.path, item.frame or 0))
    sizes = sorted({_size(item) for item in ordered}, key=str)
    facts = np.array([[sizes.index(_size(item)), *item.pixel_mm, *item.orientation] for item in ordered])
    left = np.arange(len(ordered))
    groups: list[list[Slice]] = []
    while len(left):
        alike = (np.abs(facts[left] - facts[left[0]]) <= ORIENTATION_TOLERANCE).all(axis=1)
        groups.append([ordered[index] for index in left[alike]])
        left = left[~alike]
    return groups


def _size(item: Slice) -> tuple[int, int, str | None]:
    return item.rows, item.columns, item.weighting


def _sorted(group: list[Slice]) -> list[Slice]:
    normal = normal_of(group[0])
    return sorted(group, key=lambda item: (float(np.array(item.position) @ normal), item.instance or 0))


def _layers(group: Sequence[Slice]) -> Iterator[list[Slice]]:
    """One list where every place has one slice; as many as there are images of one place otherwise."""
    normal = normal_of(group[0])
    places: list[list[Slice]] = []
    for item in group:
        here = float(np.array(item.position) @ normal)
        if places and here - float(np.array(places[-1][0].position) @ normal) < SAME_PLACE_MM:
            places[-1].append(item)
        else:
            places.append([item])
    for layer in range(max(map(len, places))):
        yield [place[layer] for place in places if len(place) > layer]


def _one_gap(layer: list[Slice]) -> Iterator[list[Slice]]:
    """Maximal runs of equal gaps, the longest first, so that a lone slice cannot take one from a block."""
    normal = normal_of(layer[0])
    gaps = np.diff([float(np.array(item.position) @ normal) for item in layer])
    taken = np.zeros(len(layer), dtype=bool)
    for start, stop in sorted(_equal_runs(gaps), key=lambda run: (run[0] - run[1], gaps[run[0]], run[0])):
        free = [index for index in range(start, stop + 1) if not taken[index]]
        if len(free) > 1 and free[-1] - free[0] == len(free) - 1:
            taken[free] = True
            yield [layer[index] for index in free]
    yield from ([layer[index]] for index in np.flatnonzero(~taken))


def _equal_runs(gaps: Points) -> Iterator[tuple[int, int]]:
    """Half-open ranges of neighbouring gaps that differ from the first of them by the tolerance at most."""
    start = 0
    for index in range(1, len(gaps) + 1):
        if index == len(gaps) or abs(gaps[index] - gaps[start]) > GAP_TOLERANCE_MM:
            yield start, index
            start = index


def _verified(part: list[Slice]) -> Iterator[Run]:
    """The run whose affine gives back every position; parts of it, cut at the largest step, otherwise."""
    parts = [part]
    while parts:
        part = parts.pop()
        affine = _affine(part)
        if affine is None:
            continue
        positions = np.array([item.position for item in part])
        predicted = affine[:3, 3] + np.arange(len(part))[:, None] * affine[:3, 0]
        if np.linalg.norm(positions - predicted, axis=1).max() <= POSITION_TOLERANCE_MM:
            yield Run(tuple(part), affine)
            continue
        steps = np.diff(positions, axis=0)
        cut = 1 + int(np.linalg.norm(steps - np.median(steps, axis=0), axis=1).argmax())
        parts += [part[cut:], part[:cut]]


def _affine(part: Sequence[Slice]) -> Points | None:
    """Columns: step to the next slice (least squares), to the next row, to the next column, first voxel."""
    first, last = part[0], np.array(part[-1].position)
    orientation = np.array(first.orientation)
    index = np.arange(len(part)) - (len(part) - 1) / 2
    positions = np.array([item.position for item in part])
    if len(part) > 1:
        step = index @ positions / (index @ index)
        origin = positions.mean(axis=0) + index[0] * step
    elif first.thickness:
        step, origin = normal_of(first) * first.thickness, last
    else:
        return None
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 3] = step, origin
    affine[:3, 1] = orientation[3:] * first.pixel_mm[0]
    affine[:3, 2] = orientation[:3] * first.pixel_mm[1]
    return affine
