"""The disc planes of one study, from its mask or from its level points."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dataset.imaging.centroids import Located, locate
from dataset.imaging.labelmap import read_label_map
from dataset.imaging.maskfiles import MaskFile
from dataset.imaging.masks import SCHEMES, Scheme
from dataset.imaging.masks.dicomseg import read_dicom_seg
from dataset.imaging.points import LevelPoint, planes_from_canal, point_lps
from dataset.imaging.spine import VERTEBRAE, Plane, disc_planes, planes_through, resting_on
from dataset.imaging.stacks import Stack
from dataset.imaging.volume import Points
from labeling.issues import InputError, Issue
from lexicons.vocabulary import LEVELS, Level

DISCS = (*map(str, reversed(LEVELS)), "T11-T12")
"""Discs from the sacrum up; the one above the lumbar levels only steadies the curve."""


@dataclass(frozen=True, eq=False)
class Levels:
    """The disc planes of one study. `source` is mask or points; `flags` hold for every disc of the study."""

    source: str
    planes: Mapping[Level, Plane] = field(default_factory=dict)
    flags: Mapping[Level, frozenset[str]] = field(default_factory=dict)
    issues: Sequence[Issue] = ()


def levels_from_mask(mask: MaskFile, scheme_name: str, stacks: Iterable[Stack]) -> Levels:
    """Disc planes from the label map of a study; no plane and an issue when it is refused.

    Where a vertebra is missing, the discs next to it are left out with an issue. With neighbours on both
    sides of the hole the numbering itself is in doubt, and the other discs are flagged ``gap_in_numbering``.
    A mask that holds discs gives the planes by them; where one is missing or lies where it cannot, its plane
    is that of the curve and flagged ``plane_from_curve``.
    """
    scheme = SCHEMES[scheme_name]
    order = VERTEBRAE if scheme.bodies else DISCS
    try:
        volume = (read_dicom_seg if mask.path.suffix == ".dcm" else read_label_map)(mask.path)
    except InputError as error:
        return Levels("mask", issues=[error.issue])
    sagittal = [stack for stack in stacks if stack.plane == "sagittal"]
    located = locate(volume, scheme, order, sagittal, str(mask.path))
    if located.issue:
        return Levels("mask", issues=[located.issue])
    curved = _planes(located.centroids, scheme)
    planes = {level: _rested(level, plane, located) for level, plane in curved.items()}
    common = frozenset(mask.flags) | ({"gap_in_numbering"} if _has_gap(located.centroids, order) else set())
    unseen = {level for level, plane in planes.items() if located.discs and plane is curved[level]}
    flags = {level: common | _fragmented(level, located) | _from_curve(level, unseen) for level in planes}
    return Levels("mask", planes, flags, _missing(planes, located.centroids, order, mask.path))


def levels_from_points(points: Sequence[LevelPoint], path: Path, stacks: Sequence[Stack]) -> Levels:
    """Disc planes from the canal points of a study, each flagged ``canal_point``; issues where they fail.

    Several points of one level are averaged.
    """
    found: dict[Level, list[Points]] = {}
    issues = []
    for point in points:
        lps = point_lps(point, stacks)
        if lps is None:
            where, cure = f"{path} > line {point.line}", "Index the series that the point was set on."
            issues.append(
                Issue(where, "point-without-slice", "expected an indexed series and instance.", cure)
            )
        else:
            found.setdefault(point.level, []).append(lps)
    canal = {level: np.mean(places, axis=0) for level, places in found.items()}
    if len(canal) == 1:
        where, cure = f"{path} > line {points[0].line}", "Add the canal points of other levels."
        issues.append(Issue(where, "too-few-points", "expected two levels or more in a study; got 1.", cure))
    planes = planes_from_canal(canal)
    return Levels("points", planes, dict.fromkeys(planes, frozenset({"canal_point"})), issues)


def _planes(centroids: Mapping[str, Points], scheme: Scheme) -> dict[Level, Plane]:
    if scheme.bodies:
        return disc_planes(centroids)
    planes = planes_through(centroids, DISCS)
    return {level: planes[str(level)] for level in LEVELS if str(level) in planes}


def _rested(level: Level, plane: Plane, located: Located) -> Plane:
    """The plane of the disc itself where the mask holds it and it can be believed, else that of the curve."""
    disc = located.discs.get(str(level))
    return plane if disc is None else resting_on(plane, disc) or plane


def _from_curve(level: Level, unseen: Container[Level]) -> set[str]:
    return {"plane_from_curve"} if level in unseen else set()


def _has_gap(names: Iterable[str], order: Sequence[str]) -> bool:
    places = sorted(order.index(name) for name in names)
    return places[-1] - places[0] + 1 > len(places)


def _fragmented(level: Level, located: Located) -> set[str]:
    near = {level.upper, level.lower, str(level)} & located.fragmented
    return {"fragmented_mask"} if near else set()


def _missing(planes: Iterable[Level], names: Iterable[str], order: Sequence[str], path: Path) -> list[Issue]:
    left_out = [str(level) for level in LEVELS if level not in set(planes)]
    if not left_out:
        return []
    absent = ", ".join(name for name in order if name not in set(names))
    return [
        Issue(
            where=str(path),
            reason="label-missing",
            message=f"expected every label; without {absent}, {', '.join(left_out)} not cut.",
            cure="Add the missing labels to the mask, or leave it so.",
            severity="warning",
        )
    ]
