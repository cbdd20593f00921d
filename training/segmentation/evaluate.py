"""How good a segmenter is: the paper's three criteria, Dice, centroid distance, and right or wrong names.

Source of the criteria: Lu et al. 2018, DeepSPINE, section 4.1. Theirs, on 200 cases: 94 % success, Dice
0.93 for the lumbar bodies and for S1, centroid distance 0.79 mm and 0.72 mm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.segmentation.data import prepare
from training.segmentation.numbering import NAMES, S1, T12, Numbering, count_up, number
from training.segmentation.predict import as_maps, numbered_picture, probabilities
from training.segmentation.regions import Regions, find_regions, likely
from training.segmentation.sources import AnnotatedSlice
from training.segmentation.unet import Segmenter, Structure


@dataclass(frozen=True, slots=True)
class SliceScore:
    """One slice against its annotation.

    `dice` by structure, of those annotated. `distance_mm` from true to found centroid, by vertebra, of
    those found under their right name. `success`: all three criteria of the paper. `refused`: the reason
    why nothing was numbered. `misnamed`: vertebrae S1 to T12 whose name stands on another one; the one
    failure that nobody would notice.
    """

    name: str
    patient: str
    dice: dict[Structure, float]
    distance_mm: dict[str, float]
    success: bool
    refused: str | None
    misnamed: int


@dataclass(frozen=True, slots=True)
class SegmentationScore:
    """All slices, and the figures over them.

    `unscorable` names the slices whose annotation itself cannot be numbered, as when a body is drawn in two
    pieces; nothing is counted on them.
    """

    slices: tuple[SliceScore, ...]
    unscorable: tuple[str, ...] = ()

    @property
    def success_rate(self) -> float:
        """Share of slices that meet the paper's three criteria; a refused slice does not."""
        return float(np.mean([score.success for score in self.slices]))

    @property
    def refused(self) -> int:
        """Slices that were set aside with a reason."""
        return sum(score.refused is not None for score in self.slices)

    @property
    def misnamed(self) -> int:
        """Slices with a wrong name on any vertebra, not refused."""
        return sum(score.misnamed > 0 for score in self.slices)

    def dice(self, structure: Structure) -> tuple[float, float]:
        """Mean and standard deviation over the slices on which `structure` was annotated."""
        values = [score.dice[structure] for score in self.slices if structure in score.dice]
        return float(np.mean(values)), float(np.std(values))

    def distance_mm(self, *, sacrum: bool) -> tuple[float, float]:
        """Mean and standard deviation of the centroid distance, of S1 or of the bodies T12-L5."""
        values = [
            distance
            for score in self.slices
            for name, distance in score.distance_mm.items()
            if (name == NAMES[S1]) == sacrum
        ]
        return (float(np.mean(values)), float(np.std(values))) if values else (float("nan"), float("nan"))


def evaluate_segmentation(slices: Iterable[AnnotatedSlice], network: Segmenter) -> SegmentationScore:
    """Score `network` on annotated slices that it was not trained on. `ValueError` when there is none."""
    scores = [(item.name, score_slice(item, network)) for item in slices]
    scored = tuple(score for _, score in scores if score is not None)
    if not scored:
        raise ValueError(
            f"evaluate: expected a slice with bodies annotated; got none among {len(scores)}."
            " Name held-out patients."
        )
    return SegmentationScore(scored, tuple(name for name, score in scores if score is None))


def score_slice(item: AnnotatedSlice, network: Segmenter) -> SliceScore | None:
    """Score `network` on one slice at its own spacing; `None` when the annotation cannot be numbered."""
    spacing = network.config.spacing_mm
    ready = prepare(item, network.config, spacing)
    truth = as_maps(ready.masks.float(), network)
    annotated = [name for name in truth if name in item.structures]
    true_plane = find_regions(
        {name: truth[name] for name in truth if name in (*annotated, "sacrum")}, spacing
    )
    true_numbers = number(true_plane.found) if "sacrum" in annotated else count_up(true_plane.found)
    if true_numbers.refused is not None:
        return None
    found = as_maps(probabilities(ready.image[None], network)[0], network)
    plane = find_regions(found, spacing)
    numbers = number(plane.found)
    distances, misnamed = compare_names(true_plane, true_numbers, plane, numbers)
    return SliceScore(
        item.name,
        item.patient,
        {name: dice(likely(found, name), truth[name] > 0.5) for name in annotated},
        distances,
        success(true_numbers, plane, numbers, spacing),
        numbers.refused,
        misnamed,
    )


def dice(found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Dice coefficient of two binary masks; 1 when both are empty."""
    total = int(found.sum()) + int(truth.sum())
    return 2 * int((found & truth).sum()) / total if total else 1.0


def success(truth: Numbering, plane: Regions, numbers: Numbering, spacing_mm: float) -> bool:
    """The paper's criteria on S1 and the whole bodies up to T12.

    (1) every found region contains the centroid of one true vertebra, and no other; (2) as many vertebrae
    were found as there are; (3) S1 does not overlap a lumbar body, by more than a tenth of its area. The
    regions count that were numbered, S1 to T12: a slice that was refused fails. Where S1 was not annotated,
    L5 to T12.
    """
    lowest = min(truth.vertebrae)
    wanted = {n for n in truth.vertebrae if n <= T12}
    if numbers.refused is not None or len(wanted) != sum(lowest <= n <= T12 for n in numbers.vertebrae):
        return False
    picture = numbered_picture(plane, numbers)
    picture[(picture > T12) | (picture < lowest)] = 0
    centroids = [truth.vertebrae[n] for n in wanted]
    held = [int(picture[round(c.row_mm / spacing_mm), round(c.column_mm / spacing_mm)]) for c in centroids]
    return 0 not in held and len(set(held)) == len(held)


def compare_names(
    true_plane: Regions, truth: Numbering, plane: Regions, numbers: Numbering
) -> tuple[dict[str, float], int]:
    """Centroid distance of each vertebra S1 to T12 under its right name, and the number of wrong names."""
    true_picture, picture = numbered_picture(true_plane, truth), numbered_picture(plane, numbers)
    distances: dict[str, float] = {}
    misnamed = 0
    for value in [n for n in numbers.vertebrae if n <= T12]:
        under = true_picture[picture == value]
        marked: Sequence[int] = np.unique(under[under > 0]).tolist()
        likeliest = max(marked, key=lambda n: int((under == n).sum()), default=0)
        if likeliest == value:
            distances[NAMES[value]] = numbers.vertebrae[value].distance(truth.vertebrae[value])
        elif likeliest:
            misnamed += 1
    return distances, misnamed
