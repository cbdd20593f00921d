"""Probability maps of one sagittal plane become regions: bodies kept apart, one S1, discs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from training.segmentation.numbering import Found, Region
from training.segmentation.unet import Structure

Maps = dict[Structure, NDArray[np.float32]]
"""Probability 0..1 of each structure, (rows, columns)."""

LIKELY: dict[Structure, float] = {"body": 0.5, "sacrum": 0.5, "disc": 0.4, "canal": 0.5}
"""Probability from which a pixel is the structure. On patients it never saw the network draws discs too thin:
Dice 0.853 at 0.5, 0.856 at 0.4, and no other structure gains a thousandth (7 held-out patients of SPIDER)."""

LEAST_MM2: dict[Structure, float] = {"body": 150.0, "sacrum": 150.0, "disc": 40.0, "canal": 200.0}
"""Smaller regions are noise. The smallest whole body of 27 SPIDER patients, a fracture, has 390 mm2."""

TOGETHER_MM = 8.0
RIM_MM = 2.0
"""A region this near to the upper or lower edge is taken for cut."""

SACRUM_RIM_MM = 6.0
"""The same for S1: with so little below it, it may be the L5 of a sacrum that was left out of the image."""

APART_MM = 3.0
"""Bodies joined by a bridge thinner than twice this are parted."""


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """The regions of one plane.

    `bodies`, `sacrum` and `discs` are pictures (rows, columns): 0 or the index of a `Region`.
    """

    found: Found
    bodies: NDArray[np.int32]
    sacrum: NDArray[np.int32]
    discs: NDArray[np.int32]


def find_regions(maps: Maps, spacing_mm: float) -> Regions:
    """The regions of probability maps with square pixels of `spacing_mm`.

    Only the largest piece of all structures together counts: bodies, discs, canal and S1 hang together, and
    what lies apart from them is no spine. A pixel that is both body and disc, or both body and S1, goes to
    the likelier one; the share of S1 that is also body is kept in ``found.overlap``.
    """
    spine = largest_piece(np.logical_or.reduce([likely(maps, name) for name in maps]), spacing_mm)
    maps = {name: np.where(spine, picture, np.float32(0)) for name, picture in maps.items()}
    body = likely(maps, "body") & (maps["body"] >= maps.get("disc", np.float32(0)))
    sacrum = likely(maps, "sacrum")
    overlap = float((sacrum & body).sum() / max(sacrum.sum(), 1))
    apart = parted(body & ~(sacrum & (maps["sacrum"] >= maps["body"])), spacing_mm)
    bodies, body_regions = kept(apart, spacing_mm, LEAST_MM2["body"])
    sacra, sacrum_regions = kept(labelled(sacrum), spacing_mm, LEAST_MM2["sacrum"], SACRUM_RIM_MM)
    largest = max(sacrum_regions, key=lambda region: region.area_mm2, default=None)
    disc = likely(maps, "disc") & ~body if "disc" in maps else np.zeros_like(body)
    discs, disc_regions = kept(labelled(disc), spacing_mm, LEAST_MM2["disc"])
    looked_for = tuple(disc_regions) if "disc" in maps else None
    return Regions(Found(tuple(body_regions), largest, looked_for, overlap), bodies, sacra, discs)


def likely(maps: Maps, name: Structure) -> NDArray[np.bool_]:
    """The pixels (rows, columns) that are the structure by its threshold in `LIKELY`."""
    mask: NDArray[np.bool_] = maps[name] > LIKELY[name]
    return mask


def largest_piece(mask: NDArray[np.bool_], spacing_mm: float) -> NDArray[np.bool_]:
    """The pixels of the largest piece of `mask`; parts less than twice `TOGETHER_MM` apart are one piece."""
    near = ndimage.distance_transform_edt(~mask) * spacing_mm < TOGETHER_MM if mask.any() else mask
    pieces = labelled(near)
    sizes = np.bincount(pieces[mask], minlength=1)
    return mask & (pieces == sizes.argmax()) if mask.any() else mask


def labelled(mask: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Connected regions of `mask`, numbered from 1."""
    regions: NDArray[np.int32] = ndimage.label(mask)[0].astype(np.int32)
    return regions


def parted(mask: NDArray[np.bool_], spacing_mm: float) -> NDArray[np.int32]:
    """Connected regions of `mask`, thin bridges cut: each pixel goes to the nearest deep core."""
    depth = ndimage.distance_transform_edt(mask) * spacing_mm
    cores = labelled(depth > APART_MM)
    nearest = ndimage.distance_transform_edt(cores == 0, return_distances=False, return_indices=True)
    grown: NDArray[np.int32] = np.where(mask, cores[tuple(nearest)], 0)
    same = labelled(mask)
    grown[same != same[tuple(nearest)]] = 0  # a region without a core is noise, not part of its neighbour
    return grown


def kept(
    regions: NDArray[np.int32], spacing_mm: float, least_mm2: float, rim_mm: float = RIM_MM
) -> tuple[NDArray[np.int32], list[Region]]:
    """`regions` without those smaller than `least_mm2`, and the others as `Region` with their old indices."""
    rows, columns = np.indices(regions.shape)
    rim = max(1, round(rim_mm / spacing_mm))
    result = []
    for index in np.unique(regions[regions > 0]):
        mask = regions == index
        area = float(mask.sum()) * spacing_mm**2
        if area < least_mm2:
            regions = np.where(mask, 0, regions)
            continue
        edge = bool(mask[:rim].any() or mask[-rim:].any())
        place = (float(rows[mask].mean()) * spacing_mm, float(columns[mask].mean()) * spacing_mm)
        result.append(Region(int(index), *place, area, edge))
    return regions, result
