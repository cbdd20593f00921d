"""Which stack each view of a disc is cut from, and the cut itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import cos, radians

from dataset.imaging.resample import Cutter, View, angle_deg, coverage
from dataset.imaging.series import Ranking, rank
from dataset.imaging.spine import Plane
from dataset.imaging.stacks import Stack, load_stack
from dataset.imaging.volume import Array
from labeling.issues import InputError, Issue

MIN_COVERAGE = 0.5
"""A stack that holds less than this share of a view is no source for it."""


@dataclass(frozen=True, eq=False)
class Cut:
    """One view of one disc: voxels int16, the stack it came from, coverage 0..1, angle to its slices."""

    voxels: Array
    stack: Stack
    coverage: float
    angle_deg: float


@dataclass
class Sources:
    """The stacks of one study, loaded when first needed; `issues` collects those that cannot be read."""

    stacks: Sequence[Stack]
    issues: list[Issue] = field(default_factory=list)
    _cutters: dict[Stack, Cutter | None] = field(default_factory=dict)

    def cut(self, view: View, plane: Plane, ranking: Ranking) -> Cut | None:
        """The view of a disc from the stack that serves it best; None when no stack covers it.

        Stacks of a better rank come first. Among equals the one with the greatest coverage times cosine of
        the angle to the disc wins: a block along the disc beats a straight one, a block that misses it
        loses.
        """
        for stack, share, angle in self._candidates(view, plane, ranking):
            cutter = self._cutter(stack)
            if cutter is not None:
                return Cut(cutter.cut(view.affine(plane), view.shape), stack, share, angle)
        return None

    def _candidates(self, view: View, plane: Plane, ranking: Ranking) -> Iterator[tuple[Stack, float, float]]:
        for _, equals in groupby(rank(self.stacks, ranking), key=ranking.quality):
            measured = [
                (
                    stack,
                    coverage(stack.shape, stack.affine, view, plane),
                    angle_deg(stack.affine, view, plane),
                )
                for stack in equals
            ]
            covering = [item for item in measured if item[1] >= MIN_COVERAGE]
            yield from sorted(covering, key=lambda item: -item[1] * cos(radians(item[2])))

    def _cutter(self, stack: Stack) -> Cutter | None:
        if stack not in self._cutters:
            try:
                self._cutters[stack] = Cutter(load_stack(stack))
            except InputError as error:
                self.issues.append(error.issue)
                self._cutters[stack] = None
        return self._cutters[stack]
