"""Which stack serves as the sagittal T2 and which ones as the axial T2: a ranking that reads as a table.

For each property the accepted values stand best first; a stack with any other value is refused. Ties go to
the stack with more slices, then finer pixels, then the lower series UID, so the choice never depends on file
order. Pass your own `Ranking` to choose otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dataset.imaging.stacks import Stack


@dataclass(frozen=True, slots=True)
class Ranking:
    """Accepted values of each property of a stack, best first; `None` stands for "the files do not say".

    The properties are compared in the order in which they are listed here.
    """

    plane: str
    modality: tuple[str | None, ...] = ("MR", None)
    role: tuple[str, ...] = ("primary", "derived")
    weighting: tuple[str | None, ...] = ("T2", "STIR", None)
    contrast: tuple[bool | None, ...] = (False, None, True)
    min_slices: int = 3

    def accepts(self, stack: Stack) -> bool:
        """Whether the stack may serve at all."""
        return (
            stack.plane == self.plane
            and stack.shape[0] >= self.min_slices
            and all(getattr(stack, name) in getattr(self, name) for name in _PROPERTIES)
        )

    def quality(self, stack: Stack) -> tuple[int, ...]:
        """Rank of an accepted stack in each property, 0 the best; compares like any tuple."""
        return tuple(getattr(self, name).index(getattr(stack, name)) for name in _PROPERTIES)


_PROPERTIES = ("modality", "role", "weighting", "contrast")

SAGITTAL_T2 = Ranking(plane="sagittal", min_slices=5)
"""The stack that vertebrae are found on and the sagittal view is cut from."""

AXIAL_T2 = Ranking(plane="axial", weighting=("T2", None, "PD"))
"""The stacks that the axial view is cut from; each disc takes the one that covers it best."""


def rank(stacks: Iterable[Stack], ranking: Ranking) -> list[Stack]:
    """The accepted stacks, best first."""
    accepted = [stack for stack in stacks if ranking.accepts(stack)]
    return sorted(accepted, key=lambda stack: (ranking.quality(stack), *_tie_break(stack)))


def choose_sagittal(stacks: Iterable[Stack], ranking: Ranking = SAGITTAL_T2) -> Stack | None:
    """The sagittal T2 stack of one study; `None` when it has none."""
    return next(iter(rank(stacks, ranking)), None)


def _tie_break(stack: Stack) -> tuple[float, float, str, int]:
    slices, *_ = stack.shape
    _, rows_mm, columns_mm = stack.spacing_mm
    # Rounded: two stacks of one series differ in the fifteenth digit of their spacing.
    return -slices, round(rows_mm * columns_mm, 3), stack.series, stack.stack
