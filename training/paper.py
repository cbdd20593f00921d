"""What Lu et al. 2018 (DeepSPINE) published for its test split: Tables 1 and 3 and section 4.2.

Mean and standard deviation over two models with validation and test swapped, in percent, on 3420 discs of one
hospital, split by disc. They stand beside our numbers for orientation; the data are not the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """A published mean and standard deviation, in percent."""

    mean: float
    deviation: float

    def __str__(self) -> str:
        return f"{self.mean} ± {self.deviation}"


@dataclass(frozen=True, slots=True)
class Published:
    """The published results of one finding. `auc` is value, low and high of its 95 % interval."""

    four: tuple[Spread, ...]
    three: tuple[Spread, ...]
    levels: Mapping[str, Spread]
    auc: tuple[float, float, float]


PUBLISHED: Mapping[str, Published] = {
    "canal": Published(
        four=(Spread(78.7, 5.4), Spread(59.6, 2.0), Spread(61.3, 2.1), Spread(82.7, 5.6), Spread(70.6, 2.1)),
        three=(Spread(79.7, 3.3), Spread(83.7, 3.4), Spread(77.7, 1.5), Spread(80.4, 1.6)),
        levels={"L3-L4": Spread(94.5, 0.7), "L4-L5": Spread(95.3, 0.2), "L5-S1": Spread(99.1, 0.5)},
        auc=(0.983, 0.971, 0.992),
    ),
    "foramen": Published(
        four=(Spread(80.5, 0.3), Spread(61.3, 5.8), Spread(52.0, 6.0), Spread(74.8, 3.1), Spread(67.1, 2.2)),
        three=(Spread(79.6, 0.8), Spread(84.2, 0.7), Spread(70.5, 0.8), Spread(78.1, 0.4)),
        levels={"L3-L4": Spread(94.0, 0.7), "L4-L5": Spread(89.0, 1.4), "L5-S1": Spread(91.2, 1.6)},
        auc=(0.961, 0.955, 0.967),
    ),
}
"""By the key of the finding. `four` and `three` are the classes of Table 1 and, last, their average."""
