"""The labels of one source of masks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scheme:
    """What each label value means. 0 is background everywhere.

    `vertebrae` and `discs` map values to names (``L4``, ``L4-L5``). Discs are placed halfway between
    vertebrae where `bodies` says that the vertebrae are labelled without their posterior elements, since
    their centroids lie in the bodies only then; otherwise the disc labels themselves are the centres. Either
    way a labelled disc says how its plane leans (`dataset.imaging.spine.resting_on`).
    With `arches` as well, the vertebrae are whole and their bodies are their deepest part. `other` values
    are known and not used. `source` says where the table was read.
    """

    name: str
    source: str
    vertebrae: Mapping[int, str]
    bodies: bool
    arches: bool = False
    discs: Mapping[int, str] = field(default_factory=dict)
    other: Mapping[int, str] = field(default_factory=dict)

    @property
    def used(self) -> Mapping[int, str]:
        """The labels whose centroids the discs are found from: bodies or discs."""
        return self.vertebrae if self.bodies else self.discs

    @property
    def known(self) -> frozenset[int]:
        """Every value that may occur."""
        return frozenset({0, *self.vertebrae, *self.discs, *self.other})
