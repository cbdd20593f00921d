"""Configurations: presets, their way to JSON and back, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from labeling.issues import InputError
from lexicons.findings import CODES, HEAD_CODES
from training.config import (
    PRESETS,
    AugmentConfig,
    GraderConfig,
    InputConfig,
    LossConfig,
    ModelConfig,
    OptimizerConfig,
    configure,
    mirrored,
)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("branch", ["both", "axial", "sagittal"])
def test_json_round_trip(preset: str, branch: Any) -> None:
    config = configure(preset, epochs=3, seed=5, branch=branch)
    assert GraderConfig.from_json(config.to_json()) == config


def test_paper_preset_is_the_paper() -> None:
    paper = PRESETS["paper"]
    assert paper.optimizer == OptimizerConfig(name="adadelta", lr=1.0, rho=0.95)
    assert (paper.model.network, paper.model.cardinality, paper.model.dropout) == ("resnext", 32, 0.2)
    assert (paper.inputs.axial, paper.inputs.sagittal) == ((8, 360, 360), (25, 160, 320))
    assert not paper.inputs.unit_variance
    assert paper.augment == AugmentConfig()
    assert paper.loss == LossConfig(balance=1, smoothing=0)


@pytest.mark.parametrize("preset", PRESETS)
def test_heads_are_the_findings_with_a_model_head(preset: str) -> None:
    assert PRESETS[preset].heads == HEAD_CODES == ("SCS", "RFS", "LFS")


SIDES = {"SCS": "SCS", "RFS": "LFS", "LFS": "RFS", "RRS": "LRS", "LRS": "RRS", "RFA": "LFA", "LFA": "RFA"}


def test_the_mirror_of_every_code() -> None:
    assert {code: mirrored(code) for code in CODES} == SIDES


REFUSED = [
    (InputConfig, {"axial": (8, 0, 90)}, "inputs > axial"),
    (AugmentConfig, {"mirror": 1.5}, "augment > mirror"),
    (AugmentConfig, {"noise": -1}, "augment > noise"),
    (ModelConfig, {"network": "vgg"}, "model > network"),
    (ModelConfig, {"branch": "coronal"}, "model > branch"),
    (ModelConfig, {"blocks": (3, 4)}, "model > blocks"),
    (ModelConfig, {"dropout": 1.0}, "model > dropout"),
    (ModelConfig, {"cardinality": 48}, "model > widths"),
    (OptimizerConfig, {"name": "sgd"}, "optimizer > name"),
    (OptimizerConfig, {"lr": 0}, "optimizer > lr"),
    (OptimizerConfig, {"rho": 1}, "optimizer > rho"),
    (OptimizerConfig, {"weight_decay": -1}, "optimizer > weight_decay"),
    (LossConfig, {"balance": 2}, "loss > balance"),
    (LossConfig, {"smoothing": 1}, "loss > smoothing"),
    (GraderConfig, {"preset": "x", "heads": ("XYZ",)}, "heads"),
    (GraderConfig, {"preset": "x", "heads": ()}, "heads"),
    (GraderConfig, {"preset": "x", "batch_size": 1}, "batch_size"),
    (GraderConfig, {"preset": "x", "epochs": 0}, "epochs"),
    (GraderConfig, {"preset": "x", "workers": -1}, "workers"),
]


@pytest.mark.parametrize(("kind", "values", "where"), REFUSED, ids=[f"{w}-{v}" for _, v, w in REFUSED])
def test_a_value_that_does_not_fit_is_named(kind: type[Any], values: dict[str, Any], where: str) -> None:
    with pytest.raises(ValueError, match=f"^{where}: expected .*; got "):
        kind(**values)


def test_a_mirror_needs_both_sides() -> None:
    with pytest.raises(ValueError, match=r"augment > mirror: .*RFS"):
        replace(PRESETS["small"], heads=("SCS", "RFS"))


def test_one_view_cannot_be_hidden() -> None:
    small = PRESETS["small"]
    with pytest.raises(ValueError, match="augment > drop_view"):
        replace(small, model=replace(small.model, branch="axial"))
    assert configure("small", branch="axial").augment.drop_view == 0


UNKNOWN = [
    ({"preset": "large"}, "preset: expected one of paper, small; got 'large'."),
    ({"preset": "small", "branch": "left"}, "branch: expected one of both, axial, sagittal; got 'left'."),
]


@pytest.mark.parametrize(("options", "message"), UNKNOWN)
def test_an_unknown_choice_names_the_choices(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        configure(**options)
