"""Both oblique volumes of every disc: stage ``discs``.

The levels come from label maps or from canal points; the axial view from the axial stack that covers the disc
best, the sagittal one from the sagittal T2. Voxels are the scanner's, resampled and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Unpack

import pyarrow as pa

from dataset.imaging.levels import Levels, levels_from_mask, levels_from_points
from dataset.imaging.maskfiles import MaskFile, find_masks, unclaimed
from dataset.imaging.masks import SCHEMES
from dataset.imaging.points import LevelPoint, read_points
from dataset.imaging.resample import VIEWS, Size, View
from dataset.imaging.series import AXIAL_T2, SAGITTAL_T2, Ranking
from dataset.imaging.sources import Cut, Sources
from dataset.imaging.spine import Plane
from dataset.imaging.stacks import Stack, read_stacks
from dataset.keys import file_key
from dataset.schema import DISCS
from dataset.shards import sha256_of
from dataset.stage import Run, Shard, StageResult, fingerprint, run_stage
from labeling.issues import InputError, Issue
from labeling.quarantine import quarantine_table
from lexicons.vocabulary import Level

PARTIAL_COVERAGE = 0.95
"""A view with less than this share inside its stack is flagged ``partial_axial`` or ``partial_sagittal``."""
STEEP_DEG = 20.0
"""An axial view whose slices lie further from the disc plane than this is flagged ``steep_axial``."""


@dataclass(frozen=True, slots=True)
class DiscSettings:
    """How discs are cut; part of the fingerprint of every shard."""

    scheme: str
    size: Size
    sagittal: Ranking
    axial: Ranking


@dataclass(frozen=True)
class StudyInputs:
    """One study, its stacks and where its levels come from: `mask`, `points` or, with an issue, neither."""

    study: str
    stacks: Sequence[Stack]
    levels_file: Path
    mask: MaskFile | None = None
    points: Sequence[LevelPoint] = ()


def cut_discs(
    index: Path,
    out: Path,
    *,
    masks: Path | None = None,
    points: Path | None = None,
    scheme: str = "levelwise",
    size: Size = "paper",
    sagittal: Ranking = SAGITTAL_T2,
    axial: Ranking = AXIAL_T2,
    **run: Unpack[Run],
) -> StageResult:
    """Cut the discs of every study of the folder `index`; write ``discs-*.parquet``, a row a disc, to `out`.

    The levels come from `masks` (a folder of label maps, or one file for one study; `scheme` says what their
    labels mean) or from `points` (a CSV of canal points). `size` is "paper" or "half"; `sagittal` and
    `axial` override the choice of series. A study without levels, a mask that is refused, a level that is
    missing: one row each of the quarantine table. A disc outside all axial stacks keeps its row with axial
    null. `InputError` when the folder holds no index or not exactly one of `masks` and `points` is given.
    """
    _check(masks, points, scheme, size)
    studies = read_stacks(index)
    settings = DiscSettings(scheme, size, sagittal, axial)
    inputs, unread = _inputs(studies, masks, points)
    shards = [
        *(Shard(file_key(item.study), item, _fingerprint(item)) for item in inputs),
        *([Shard("levels", unread, fingerprint(*map(str, unread)))] if unread else []),
    ]
    tables, one_row = {"discs": DISCS}, {"discs": 1}
    return run_stage(
        "discs", out, shards, cut_study, settings,
        tables=tables, row_group_rows=one_row, **run,
    )  # fmt: skip


def cut_study(inputs: StudyInputs | Sequence[Issue], settings: DiscSettings) -> Mapping[str, pa.Table]:
    """One shard: the discs of one study and its issues, or the issues of the file that gives the levels."""
    if not isinstance(inputs, StudyInputs):
        return {"quarantine": quarantine_table("discs", inputs)}
    levels = _levels(inputs, settings)
    sources = Sources(inputs.stacks)
    rows = [row for level in sorted(levels.planes) if (row := _row(level, levels, sources, settings))]
    issues = [*levels.issues, *sources.issues, *_uncut(levels, rows, inputs)]
    table = pa.Table.from_pylist(rows, schema=DISCS)
    return {"discs": table, "quarantine": quarantine_table("discs", issues)}


def _check(masks: Path | None, points: Path | None, scheme: str, size: str) -> None:
    problems = (
        ((masks is None) == (points is None), "levels", "masks or points, one of them", "none or both"),
        (scheme not in SCHEMES, "scheme", ", ".join(SCHEMES), repr(scheme)),
        (size not in VIEWS, "size", ", ".join(VIEWS), repr(size)),
    )
    for wrong, name, expected, got in problems:
        if wrong:
            raise InputError(
                Issue(name, f"bad-{name}", f"expected {expected}; got {got}.", "Change the option.")
            )


def _inputs(
    studies: Mapping[str, Sequence[Stack]], masks: Path | None, points: Path | None
) -> tuple[list[StudyInputs], list[Issue]]:
    if masks is not None:
        files = find_masks(masks, studies)
        inputs = [
            StudyInputs(study, stacks, masks, mask=files.get(study)) for study, stacks in studies.items()
        ]
        return inputs, unclaimed(masks, files, studies)
    if points is None:
        return [], []
    read, issues = read_points(points)
    by_study: dict[str, list[LevelPoint]] = defaultdict(list)
    for point in read:
        by_study[point.study].append(point)
    inputs = [
        StudyInputs(study, stacks, points, points=_points_of(study, by_study))
        for study, stacks in studies.items()
    ]
    used = {point.line for item in inputs for point in item.points}
    return inputs, [*issues, *_strangers(by_study, used, points)]


def _points_of(study: str, by_study: Mapping[str, list[LevelPoint]]) -> list[LevelPoint]:
    return by_study.get(study) or by_study.get(study.rsplit(".", 1)[-1], [])


def _strangers(by_study: Mapping[str, list[LevelPoint]], used: set[int], path: Path) -> Iterator[Issue]:
    """Points of studies that the index does not hold: one issue a study."""
    for points in by_study.values():
        if points[0].line not in used:
            where, cure = f"{path} > line {points[0].line}", "Index the DICOM files of this study."
            yield Issue(where, "point-without-study", "expected a study of the index; got another.", cure)


def _fingerprint(inputs: StudyInputs) -> str:
    mask = inputs.mask
    content = sha256_of(mask.path) if mask is not None and mask.path.is_file() else "none"
    return fingerprint(content, repr(mask), repr(inputs.points), *map(repr, inputs.stacks))


def _levels(inputs: StudyInputs, settings: DiscSettings) -> Levels:
    if inputs.mask is not None:
        return levels_from_mask(inputs.mask, settings.scheme, inputs.stacks)
    if inputs.points:
        return levels_from_points(inputs.points, inputs.levels_file, inputs.stacks)
    message = f"expected the levels of this study in {inputs.levels_file}; got none."
    cure = f"Name its label map {file_key(inputs.study)}.nii.gz, or segment it."
    return Levels("none", issues=[Issue(str(inputs.stacks[0].folder), "no-levels", message, cure)])


def _row(level: Level, levels: Levels, sources: Sources, settings: DiscSettings) -> dict[str, Any] | None:
    plane = levels.planes[level]
    views = VIEWS[settings.size]
    axial = sources.cut(views[0], plane, settings.axial)
    sagittal = sources.cut(views[1], plane, settings.sagittal)
    if axial is None and sagittal is None:
        return None
    first = sources.stacks[0]
    return {
        "study": first.study,
        "patient": first.patient,
        "level": str(level),
        **_geometry(plane),
        "sagittal_series": sagittal.stack.series if sagittal else None,
        "axial_series": axial.stack.series if axial else None,
        "axial_stack": axial.stack.stack if axial else None,
        **_view(views[0], axial),
        **_view(views[1], sagittal),
        "dtype": "int16",
        "axial_angle_deg": axial.angle_deg if axial else None,
        "source": levels.source,
        "flags": sorted({*levels.flags[level], *_flags(axial, sagittal)}),
    }


def _geometry(plane: Plane) -> dict[str, list[float]]:
    return {"centre": plane.centre.tolist(), "normal": plane.normal.tolist()}


def _view(view: View, cut: Cut | None) -> dict[str, Any]:
    return {
        view.name: cut.voxels.tobytes() if cut else None,
        f"{view.name}_shape": list(view.shape) if cut else None,
        f"{view.name}_spacing_mm": list(view.spacing_mm) if cut else None,
        f"{view.name}_coverage": cut.coverage if cut else None,
    }


def _flags(axial: Cut | None, sagittal: Cut | None) -> Iterator[str]:
    for name, cut in (("axial", axial), ("sagittal", sagittal)):
        if cut is None:
            yield f"no_{name}"
            continue
        doubts = {
            f"partial_{name}": cut.coverage < PARTIAL_COVERAGE,
            f"{name}_weighting_unknown": cut.stack.weighting is None,
            f"{name}_after_contrast": bool(cut.stack.contrast),
            f"steep_{name}": name == "axial" and cut.angle_deg > STEEP_DEG,
        }
        yield from (flag for flag, holds in doubts.items() if holds)


def _uncut(levels: Levels, rows: Iterable[Mapping[str, Any]], inputs: StudyInputs) -> list[Issue]:
    lost = {str(level) for level in levels.planes} - {row["level"] for row in rows}
    if not lost:
        return []
    message = f"expected a stack that covers {', '.join(sorted(lost))}; none does."
    return [
        Issue(
            str(inputs.stacks[0].folder), "no-view", message, "Check that the mask or points fit the study."
        )
    ]
