"""Where each labelled structure of a mask lies, and whether the mask can be believed.

A mask that lies elsewhere, counts otherwise or means something else gives plausible discs in the wrong
place. So each is checked against the sagittal stacks of its study and against the anatomy, and refused with
a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

import numpy as np
from scipy import ndimage

from dataset.imaging.masks import Scheme
from dataset.imaging.stacks import Stack
from dataset.imaging.volume import Array, Points, Volume, apply_affine, inside
from labeling.issues import Issue

STRAY_SHARE = 0.05
"""Share of a label outside its largest piece from which the disc is flagged ``fragmented_mask``."""
MIN_VOLUME_MM3 = 300.0
"""Least volume of a label that counts: a body is 20,000 mm3, of which a mask may hold one slice."""
NEIGHBOUR_MM = (12.0, 70.0)
"""Plausible distance between the centroids of neighbours, times their difference in number."""
PLACE_TOLERANCE_MM = 0.5
"""How far the corners of a mask may lie from those of the stack that it has the voxels of."""
MARGIN_MM = 10.0
DEEP = 0.6
"""Share of the greatest depth of a whole vertebra from which a voxel is of its body."""


@dataclass(frozen=True, eq=False)
class Located:
    """Centroids in LPS mm by name, the names whose label is in pieces, and why the mask is refused.

    `discs` are the voxels (n, 3), LPS mm, of each disc that the mask holds.
    """

    centroids: Mapping[str, Points] = field(default_factory=dict)
    discs: Mapping[str, Points] = field(default_factory=dict)
    fragmented: frozenset[str] = frozenset()
    issue: Issue | None = None


def locate(
    mask: Volume, scheme: Scheme, order: Sequence[str], stacks: Iterable[Stack], where: str
) -> Located:
    """The centroids of the labels that `scheme` places discs by, or the reason why the mask is refused.

    `order` names them from the feet to the head. `stacks` are the sagittal stacks of the study; `where` is
    the path of the mask, for messages.
    """
    stacks = list(stacks)
    values = np.flatnonzero(np.bincount(mask.voxels.ravel()))
    if reason := _label_problem(values, scheme) or _place_problem(mask, stacks):
        return Located(issue=Issue(where, *reason))
    found = dict(_pieces(mask, {value: scheme.used[value] for value in values if value in scheme.used}))
    solid = {name: _deepest(mask, voxels) if scheme.arches else voxels for name, (voxels, _) in found.items()}
    centroids = {name: solid[name].mean(axis=0) for name in order if name in solid}
    if reason := _anatomy_problem(centroids, order) or _outside_problem(centroids, stacks):
        return Located(issue=Issue(where, *reason))
    fragmented = frozenset(name for name, (_, stray) in found.items() if stray > STRAY_SHARE)
    drawn = _pieces(mask, {value: scheme.discs[value] for value in values if value in scheme.discs})
    return Located(centroids, {name: voxels for name, (voxels, _) in drawn}, fragmented)


def _pieces(mask: Volume, names: Mapping[int, str]) -> Iterator[tuple[str, tuple[Points, float]]]:
    """Voxels of the largest piece of each label, LPS mm, and the share of the label outside that piece."""
    voxel_mm3 = abs(float(np.linalg.det(mask.affine[:3, :3])))
    boxes = ndimage.find_objects(mask.voxels.astype(np.int32))
    for value, name in names.items():
        box = boxes[value - 1]
        voxels, share = _largest_piece(mask.voxels[box] == value)
        if len(voxels) * voxel_mm3 >= MIN_VOLUME_MM3:
            corner = [side.start for side in box]
            yield name, (mask.to_lps(voxels + corner), 1 - share)


def _deepest(mask: Volume, voxels: Points) -> Points:
    """The part of a whole vertebra that lies deep inside it: its body, since arches are thin."""
    places = np.rint(mask.to_voxel(voxels)).astype(int)
    places -= places.min(axis=0) - 1
    solid = np.zeros(places.max(axis=0) + 2, dtype=bool)
    solid[tuple(places.T)] = True
    depth = ndimage.distance_transform_edt(solid, sampling=mask.spacing_mm)[tuple(places.T)]
    kept: Points = voxels[depth >= DEEP * depth.max()]
    return kept


def _largest_piece(voxels: Array) -> tuple[Array, float]:
    pieces, count = ndimage.label(voxels, structure=np.ones((3, 3, 3)))
    if count == 1:
        return np.argwhere(voxels), 1.0
    sizes = np.bincount(pieces.ravel())[1:]
    return np.argwhere(pieces == 1 + sizes.argmax()), float(sizes.max() / sizes.sum())


Problem = tuple[str, str, str]
"""Reason, message and cure of an issue."""


def _label_problem(values: Array, scheme: Scheme) -> Problem | None:
    unknown = sorted(set(values.tolist()) - scheme.known)
    if unknown:
        message = f"expected labels of the scheme {scheme.name}; got also {unknown}."
        return "unknown-label", message, "Name the scheme that the mask was made with (--scheme)."
    if not any(value in scheme.used for value in values):
        return "empty-mask", "expected labelled vertebrae or discs; got none.", "Segment this study again."
    return None


def _place_problem(mask: Volume, stacks: Sequence[Stack]) -> Problem | None:
    """A mask with just the voxels of a stack was drawn on it, and must lie where the stack lies."""
    twins = [stack for stack in stacks if sorted(stack.shape) == sorted(mask.shape)]
    corners = _corners(mask.shape, mask.affine)
    offsets = [_farthest(corners, _corners(stack.shape, stack.affine)) for stack in twins]
    if offsets and min(offsets) > PLACE_TOLERANCE_MM:
        message = f"expected the mask where its stack lies; its corners are {min(offsets):.1f} mm off."
        return (
            "mask-misplaced",
            message,
            "Write the mask with the affine of the stack, turned from LPS to RAS.",
        )
    return None


def _corners(shape: tuple[int, int, int], affine: Points) -> Points:
    return apply_affine(affine, list(product(*((0, size - 1) for size in shape))))


def _farthest(one: Points, other: Points) -> float:
    """Greatest distance from a corner of one box to the nearest corner of the other, mm."""
    return float(np.linalg.norm(one[:, None] - other[None], axis=-1).min(axis=1).max())


def _anatomy_problem(centroids: Mapping[str, Points], order: Sequence[str]) -> Problem | None:
    if len(centroids) < 2:
        message = f"expected two structures or more; got {len(centroids)}."
        return "too-few-labels", message, "Segment this study again."
    low, high = NEIGHBOUR_MM
    for (lower, one), (upper, other) in pairwise(centroids.items()):
        steps = order.index(upper) - order.index(lower)
        distance = float(np.linalg.norm(other - one))
        if other[2] <= one[2]:
            message = f"expected {upper} above {lower}; it lies {one[2] - other[2]:.0f} mm below."
            return "labels-out-of-order", message, "Check the scheme and the direction of the mask's axes."
        if not low * steps <= distance <= high * steps:
            message = f"expected {lower} and {upper} {low:.0f} to {high:.0f} mm apart; got {distance:.0f}."
            return "implausible-mask", message, "Check the labels of this mask."
    return None


def _outside_problem(centroids: Mapping[str, Points], stacks: Sequence[Stack]) -> Problem | None:
    """Each centroid lies in a sagittal stack of the study, give or take a margin."""
    points = np.array(list(centroids.values()))
    for stack in stacks:
        margin = MARGIN_MM / np.array(stack.spacing_mm)
        shape = tuple(size + 2 * extra for size, extra in zip(stack.shape, margin, strict=True))
        voxels = apply_affine(np.linalg.inv(stack.affine), points) + margin
        if inside(shape, voxels).all():
            return None
    message = "expected the labels inside a sagittal stack of their study; some lie outside of all of them."
    return "mask-outside-study", message, "Check that the mask belongs to this study and keeps its affine."
