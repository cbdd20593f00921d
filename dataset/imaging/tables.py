"""The slices of one study to its rows of the `series` and `stacks` tables, and what is odd about them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from dataset.imaging.classify import plane_of
from dataset.imaging.series import AXIAL_T2, SAGITTAL_T2, Ranking, rank
from dataset.imaging.slices import Slice
from dataset.imaging.splitting import Run, holes, normal_of, split_series
from dataset.imaging.stacks import Stack
from dataset.imaging.volume import spacing_of
from dataset.stage import fingerprint
from labeling.issues import Issue

T = TypeVar("T")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StudyRows:
    """Rows of `series`, rows of `stacks` and the issues of one study, in order of series UID."""

    series: list[Row] = field(default_factory=list)
    stacks: list[Row] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def study_rows(slices: Iterable[Slice], root: Path) -> StudyRows:
    """What the index says of one study.

    `root` is the folder that the paths of the slices are relative to. The slices may come in any order and
    from any folders.
    """
    rows = StudyRows()
    ordered = sorted(slices, key=lambda item: (item.series, item.path, item.frame or 0))
    for _, group in groupby(ordered, key=attrgetter("series")):
        kept, duplicates = _without_duplicates(list(group), root)
        runs = split_series(kept)
        stacks = [_stack_row(number, run, root) for number, run in enumerate(runs)]
        rows.stacks.extend(stacks)
        rows.series.append(_series_row(kept, stacks))
        rows.issues.extend([*duplicates, *_unplaced(kept, runs, root), *_holes(runs, root)])
    rows.issues.extend(_lacking(ordered, rows, root))
    return rows


def _without_duplicates(group: list[Slice], root: Path) -> tuple[list[Slice], list[Issue]]:
    """The first slice of every SOP instance of a series, in order of path; the others as issues.

    The SOP instance counts within its series only: RSNA 2024 gives image 1 of all series of a study one UID.
    """
    seen: dict[tuple[str, int | None], Slice] = {}
    issues = []
    for item in group:
        key = (item.sop_instance or item.path, item.frame)
        first = seen.setdefault(key, item)
        if first is not item and item.frame in (None, 1):
            message = f"expected every SOP instance once; {root / first.path} holds it already."
            issues.append(
                Issue(str(root / item.path), "duplicate-instance", message, "Nothing to do: one is kept.")
            )
    return list(seen.values()), issues


def _stack_row(number: int, run: Run, root: Path) -> Row:
    first = run.slices[0]
    frames = [item.frame for item in run.slices]
    return {
        "study": first.study,
        "series": first.series,
        "stack": number,
        "plane": plane_of(normal_of(first)),
        "weighting": first.weighting,
        "role": first.role,
        "rows": first.rows,
        "columns": first.columns,
        "slices": len(run.slices),
        "spacing_mm": [round(length, 6) for length in spacing_of(run.affine)],
        "affine": run.affine.ravel().tolist(),
        "root": str(root),
        "paths": [item.path for item in run.slices],
        "instances": [item.instance for item in run.slices],
        "frames": [frame or 1 for frame in frames] if any(frames) else None,
        "content": fingerprint(*(item.stamp for item in run.slices)),
    }


def _series_row(group: Sequence[Slice], stacks: Sequence[Row]) -> Row:
    first = group[0]
    planes = {row["plane"] for row in stacks}
    return {
        "study": first.study,
        "series": first.series,
        "accession": _first(item.accession for item in group),
        "patient": _first(item.patient for item in group),
        "date": _first(item.date for item in group),
        "modality": _first(item.modality for item in group),
        "description": _first(item.description for item in group),
        "plane": planes.pop() if len(planes) == 1 else "mixed",
        "weighting": _only({item.weighting for item in group}),
        "role": Counter(item.role for item in group).most_common(1)[0][0],
        "contrast": _only({item.contrast for item in group}),
        "files": len({item.path for item in group}),
        "stacks": len(stacks),
        "missing": sorted({tag for item in group for tag in item.missing}),
    }


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _only(values: set[T]) -> T | None:
    return next(iter(values)) if len(values) == 1 else None


def _unplaced(kept: Iterable[Slice], runs: Iterable[Run], root: Path) -> list[Issue]:
    """Slices that are in no stack: alone in their place, with nothing to say how thick they are."""
    placed = {(item.path, item.frame) for run in runs for item in run.slices}
    message = "expected SliceThickness in a slice without neighbours; got none."
    return [
        Issue(str(root / item.path), "missing-geometry", message, "Export the whole series again.")
        for item in kept
        if (item.path, item.frame) not in placed
    ]


def _holes(runs: Sequence[Run], root: Path) -> list[Issue]:
    """Stacks that continue each other with slices missing in between: they stay apart, and that is said."""
    return [
        Issue(
            where=str((root / run.slices[0].path).parent),
            reason="slices-missing",
            message=f"expected slices without a hole; {missing} missing; the parts are two stacks.",
            cure="Export the series again.",
            severity="warning",
        )
        for run, missing in holes(runs)
    ]


def _lacking(slices: Sequence[Slice], rows: StudyRows, root: Path) -> list[Issue]:
    """A warning for each of the two views that the study has no stack for."""
    by_series = {row["series"]: row for row in rows.series}
    parsed = [Stack.parse(row, by_series[row["series"]]) for row in rows.stacks]
    folder = os.path.commonpath([(root / item.path).parent for item in slices])
    return [
        Issue(where=folder, reason=f"no-{ranking.plane}-t2", message=message, cure=cure, severity="warning")
        for ranking in (SAGITTAL_T2, AXIAL_T2)
        if not rank(parsed, ranking)
        for message, cure in [_what_there_is(parsed, ranking)]
    ]


def _what_there_is(stacks: Iterable[Stack], ranking: Ranking) -> tuple[str, str]:
    found = Counter(stack.weighting or "unknown" for stack in stacks if stack.plane == ranking.plane)
    listed = ", ".join(f"{count} {weighting}" for weighting, count in sorted(found.items())) or "none at all"
    message = (
        f"expected one {ranking.plane} T2 stack of {ranking.min_slices} slices or more; "
        f"{ranking.plane} stacks found: {listed}."
    )
    return message, f"Add the {ranking.plane} T2 series of this study to the tree, then index it again."
