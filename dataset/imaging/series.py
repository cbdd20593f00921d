"""Which stack serves as the sagittal T2 and which ones as the axial T2: a ranking that reads as a table.

For each property the accepted values stand best first; a stack with any other value is refused. Ties go to
the stack with more slices, then finer pixels, then the lower series UID, so the choice never depends on file
order. Name a series (`preferring`, the options ``--sagittal`` and ``--axial``) or pass your own `Ranking` to
choose otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import regex

from dataset.imaging.stacks import Stack
from labeling.issues import InputError, Issue


@dataclass(frozen=True, slots=True)
class Ranking:
    """Accepted values of each property of a stack, best first; `None` stands for "the files do not say".

    The properties are compared in the order in which they are listed here. A stack whose series description
    `named`, a regular expression, is found in comes before all others and is asked for its plane and slices
    only: its tags may be what is wrong with it.
    """

    plane: str
    named: str | None = None
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
            and (
                self.names(stack) or all(getattr(stack, name) in getattr(self, name) for name in _PROPERTIES)
            )
        )

    def names(self, stack: Stack) -> bool:
        """Whether `named` is found in the description of the stack's series, in upper or lower case."""
        if self.named is None or stack.description is None:
            return False
        try:
            return regex.search(self.named, stack.description, regex.IGNORECASE, timeout=1.0) is not None
        except (regex.error, TimeoutError) as error:
            raise _bad_pattern(self, error) from None

    def quality(self, stack: Stack) -> tuple[int, ...]:
        """Rank of an accepted stack in its name and each property, 0 the best; compares like any tuple."""
        if self.names(stack):
            return (0,)
        return 1, *(getattr(self, name).index(getattr(stack, name)) for name in _PROPERTIES)


_PROPERTIES = ("modality", "role", "weighting", "contrast")

SAGITTAL_T2 = Ranking(plane="sagittal", min_slices=5)
"""The stack that vertebrae are found on and the sagittal view is cut from."""

AXIAL_T2 = Ranking(plane="axial", weighting=("T2", None, "PD"))
"""The stacks that the axial view is cut from; each disc takes the one that covers it best."""


def preferring(ranking: Ranking, named: str | None) -> Ranking:
    """The ranking with series named so before all others. `InputError` on a pattern that is none."""
    try:
        regex.compile(named or "")
    except regex.error as error:
        raise _bad_pattern(ranking, error) from None
    return replace(ranking, named=named)


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


def _bad_pattern(ranking: Ranking, error: Exception) -> InputError:
    message = f"expected a regular expression that names series; got one that fails ({error})."
    return InputError(Issue(f"--{ranking.plane}", "bad-pattern", message, "Change the pattern."))
