"""What a grader is made of, as frozen values: inputs, augmentation, network, optimiser, and the two presets.

`PRESETS["paper"]` is Lu et al. 2018 (DeepSPINE), sections 3.1 and 3.2, value by value. `PRESETS["small"]` is
the same design at a size that two processor cores train in a minute or two; each departure is said beside
it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from labeling.issues import InputError, Issue
from lexicons.findings import CODES, HEAD_CODES
from lexicons.vocabulary import Grade

Branch = Literal["both", "axial", "sagittal"]
Network = Literal["resnext", "small"]
Optimizer = Literal["adadelta", "adamw"]
Size = tuple[int, int, int]

GRADES = len(Grade)
"""Output classes of every head: normal, mild, moderate, severe."""

VIEWS = ("axial", "sagittal")
"""The two inputs, in the order of every pair of views here."""


def _check(good: bool, where: str, expected: str, got: object) -> None:
    if not good:
        raise ValueError(f"{where}: expected {expected}; got {got!r}")


@dataclass(frozen=True, slots=True)
class InputConfig:
    """The volumes that the network sees, (slices, rows, columns), over the extent that the discs were cut to.

    Each volume has its mean subtracted (section 3.1); `unit_variance` divides by its standard deviation too,
    which takes the scanner's gain out where there are too few discs to learn that from.
    """

    axial: Size = (8, 360, 360)
    sagittal: Size = (25, 160, 320)
    unit_variance: bool = False

    def __post_init__(self) -> None:
        for view in VIEWS:
            size = getattr(self, view)
            _check(len(size) == 3 and min(size) >= 1, f"inputs > {view}", "three sizes of at least 1", size)


@dataclass(frozen=True, slots=True)
class AugmentConfig:
    """Random changes to a training disc; all zero is none.

    `rotate_deg` and `shift` (a share of the field of view) are the largest in-plane motions, `gain` and
    `noise` the standard deviations of contrast and of added noise relative to the volume's own, `mirror` the
    chance of exchanging left and right (image and grades), `drop_view` that of hiding one of two views.
    """

    rotate_deg: float = 0.0
    shift: float = 0.0
    gain: float = 0.0
    noise: float = 0.0
    mirror: float = 0.0
    drop_view: float = 0.0

    def __post_init__(self) -> None:
        for name in ("mirror", "drop_view"):
            value = getattr(self, name)
            _check(0 <= value <= 1, f"augment > {name}", "a chance from 0 to 1", value)
        for name in ("rotate_deg", "shift", "gain", "noise"):
            value = getattr(self, name)
            _check(value >= 0, f"augment > {name}", "a number of at least 0", value)


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """The network. `widths` are the output channels of its stages, `blocks` the residual blocks of each.

    `cardinality` counts the groups of the 3 x 3 convolutions of ResNeXt; `small` has none.
    """

    network: Network = "resnext"
    branch: Branch = "both"
    widths: tuple[int, ...] = (256, 512, 1024, 2048)
    blocks: tuple[int, ...] = (3, 4, 6, 3)
    cardinality: int = 32
    dropout: float = 0.2

    def __post_init__(self) -> None:
        _check(
            self.network in get_args(Network), "model > network", f"one of {get_args(Network)}", self.network
        )
        _check(self.branch in get_args(Branch), "model > branch", f"one of {get_args(Branch)}", self.branch)
        _check(len(self.widths) == len(self.blocks) > 0, "model > blocks", "one per width", self.blocks)
        _check(0 <= self.dropout < 1, "model > dropout", "0 <= dropout < 1", self.dropout)
        if self.network == "resnext":
            bad = [width for width in self.widths if width % (2 * self.cardinality)]
            _check(not bad, "model > widths", f"multiples of twice the cardinality {self.cardinality}", bad)

    @property
    def views(self) -> tuple[str, ...]:
        """The views that the network reads, in the order of `VIEWS`."""
        return VIEWS if self.branch == "both" else (self.branch,)


@dataclass(frozen=True, slots=True)
class LossConfig:
    """Cross entropy weighted by class frequency to the power of minus `balance`: 1 is equation 2.

    `smoothing` is the share of a label that goes to the neighbouring grades; 0 is equation 2. Both take
    the edge off classes with a handful of discs, which else decide the training by themselves.
    """

    balance: float = 1.0
    smoothing: float = 0.0

    def __post_init__(self) -> None:
        _check(0 <= self.balance <= 1, "loss > balance", "a power from 0 to 1", self.balance)
        _check(0 <= self.smoothing < 1, "loss > smoothing", "0 <= smoothing < 1", self.smoothing)


@dataclass(frozen=True, slots=True)
class OptimizerConfig:
    """The optimiser. `one_cycle` warms the rate up to `lr` and cools it down to nothing over the run.

    A cooled run ends where it has converged, so its last epoch is kept, and the validation split, often too
    small to choose by, chooses nothing. Without it the epoch with the lowest validation error is kept.
    """

    name: Optimizer = "adadelta"
    lr: float = 1.0
    rho: float = 0.95
    weight_decay: float = 0.0
    one_cycle: bool = False

    def __post_init__(self) -> None:
        _check(
            self.name in get_args(Optimizer), "optimizer > name", f"one of {get_args(Optimizer)}", self.name
        )
        _check(self.lr > 0, "optimizer > lr", "a rate above 0", self.lr)
        _check(0 < self.rho < 1, "optimizer > rho", "0 < rho < 1", self.rho)
        _check(self.weight_decay >= 0, "optimizer > weight_decay", "at least 0", self.weight_decay)


@dataclass(frozen=True, slots=True)
class GraderConfig:
    """Everything that a training run depends on besides the data. `heads` are codes, one output head each.

    `workers` are loader processes; 0 loads in the training process, which is fastest for small inputs.
    """

    preset: str
    inputs: InputConfig = field(default_factory=InputConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    heads: tuple[str, ...] = HEAD_CODES
    batch_size: int = 16
    epochs: int = 50
    workers: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        unknown = [code for code in self.heads if code not in CODES]
        _check(bool(self.heads) and not unknown, "heads", f"codes of {tuple(CODES)}", unknown or self.heads)
        _check(self.batch_size >= 2, "batch_size", "at least 2, for batch normalization", self.batch_size)
        _check(self.epochs >= 1, "epochs", "at least 1", self.epochs)
        _check(self.workers >= 0, "workers", "at least 0", self.workers)
        _check(
            self.model.branch == "both" or self.augment.drop_view == 0,
            "augment > drop_view",
            "0 where the network reads one view",
            self.augment.drop_view,
        )
        if self.augment.mirror > 0:
            lone = [code for code in self.heads if mirrored(code) not in self.heads]
            _check(not lone, "augment > mirror", "0, or heads that hold both sides", lone)

    def to_json(self) -> str:
        """The configuration as JSON text that `from_json` reads back to an equal value."""
        return json.dumps(dataclasses.asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> GraderConfig:
        """The configuration that `to_json` wrote; `ValueError` or `TypeError` names what does not fit."""
        data: dict[str, Any] = json.loads(text)
        parts = {key: _PARTS[key](**_tuples(value)) for key, value in data.items() if key in _PARTS}
        return cls(**{**_tuples(data), **parts})


_PARTS: dict[str, type[Any]] = {
    "inputs": InputConfig,
    "augment": AugmentConfig,
    "model": ModelConfig,
    "loss": LossConfig,
    "optimizer": OptimizerConfig,
}


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}


def mirrored(code: str) -> str:
    """The code of the same finding on the other side (RFS for LFS); a finding without sides is its own."""
    finding, side = CODES[code]
    return next((other for of, other in finding.codes.items() if of is not side), code)


PRESETS: dict[str, GraderConfig] = {
    # Section 3.2. The paper names neither batch size, epochs nor augmentation: 16 discs of this size fit a
    # 32 GB card, and the epoch with the lowest validation loss is kept, so epochs are an upper bound.
    "paper": GraderConfig(preset="paper", batch_size=16, epochs=50, workers=4),
    # Two cores, minutes, some hundred discs. Departures: volumes at about 1 mm, unit variance, a light
    # residual network, a tempered loss, augmentation, AdamW, the last epoch of a cooled run.
    "small": GraderConfig(
        preset="small",
        inputs=InputConfig(axial=(8, 90, 90), sagittal=(25, 40, 80), unit_variance=True),
        augment=AugmentConfig(rotate_deg=6, shift=0.03, gain=0.1, noise=0.05, mirror=0.5, drop_view=0.1),
        model=ModelConfig(network="small", widths=(16, 32, 64, 96), blocks=(1, 1, 1, 1), cardinality=1),
        loss=LossConfig(balance=0.5, smoothing=0.1),
        optimizer=OptimizerConfig(name="adamw", lr=2e-3, weight_decay=0.02, one_cycle=True),
        batch_size=16,
        epochs=36,
    ),
}
"""The configurations that `fit` knows by name."""


def _choose(option: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        message = f"expected one of {', '.join(choices)}; got {value!r}."
        raise InputError(Issue(option, f"unknown-{option}", message, "Choose one of these."))


def configure(
    preset: str, *, epochs: int | None = None, seed: int = 0, branch: Branch = "both"
) -> GraderConfig:
    """The preset of that name with the caller's epochs, seed and branch; `InputError` names the choices.

    A network with one branch has no second view to hide, so `drop_view` is then 0.
    """
    _choose("preset", preset, tuple(PRESETS))
    _choose("branch", branch, get_args(Branch))
    base = PRESETS[preset]
    augment = base.augment if branch == "both" else dataclasses.replace(base.augment, drop_view=0.0)
    return dataclasses.replace(
        base,
        model=dataclasses.replace(base.model, branch=branch),
        augment=augment,
        epochs=base.epochs if epochs is None else epochs,
        seed=seed,
    )
