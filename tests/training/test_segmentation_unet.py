"""The network: the paper's numbers, and what a configuration may be."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from training.segmentation.unet import PRESETS, Segmenter, UNet, UNetConfig


def test_the_paper_preset_is_the_paper() -> None:
    config = PRESETS["paper"]
    assert (config.size, config.features, config.depth) == ((512, 512), 32, 5)
    with torch.device("meta"):
        network = Segmenter(config)
    assert len(network.networks) == 2  # the lumbar and the sacral detector
    detector = network.networks[0]
    assert isinstance(detector, UNet)
    assert len(detector.down) == len(detector.up) == 5
    kinds = [type(layer) for layer in detector.down[0]]  # type: ignore[union-attr]
    assert kinds == [nn.Conv2d, nn.BatchNorm2d, nn.ReLU] * 2


@pytest.mark.parametrize(("name", "millions"), [("paper", (60, 65)), ("light", (1, 6))])
def test_size_of_the_presets(name: str, millions: tuple[float, float]) -> None:
    with torch.device("meta"):
        network = Segmenter(PRESETS[name])
    parameters = sum(p.numel() for p in network.parameters()) / 1e6
    assert millions[0] <= parameters <= millions[1]


@pytest.mark.parametrize("detectors", ["shared", "separate"])
def test_output_has_the_size_of_the_input_and_one_channel_per_structure(detectors: str) -> None:
    config = UNetConfig(("body", "sacrum", "disc"), 2, 3, (32, 16), 1.0, detectors)  # type: ignore[arg-type]
    logits = Segmenter(config).eval()(torch.zeros(2, 1, 32, 16))
    assert logits.shape == (2, 3, 32, 16)


def test_separate_detectors_train_independently() -> None:
    config = UNetConfig(("body", "sacrum"), 2, 1, (8, 8), 1.0, "separate")
    network = Segmenter(config)
    network(torch.randn(2, 1, 8, 8))[:, 0].sum().backward()
    assert all(p.grad is None or not p.grad.any() for p in network.networks[1].parameters())
    assert any(p.grad is not None and p.grad.any() for p in network.networks[0].parameters())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"size": (30, 32)}, "rows and columns that 8"),
        ({"depth": 0}, "at least 1"),
        ({"structures": ("sacrum",)}, "'body'"),
        ({"structures": ("body", "body")}, "no name twice"),
    ],
)
def test_a_configuration_that_cannot_work_is_refused(changes: dict[str, object], message: str) -> None:
    fields = {
        "structures": ("body",),
        "features": 2,
        "depth": 3,
        "size": (32, 32),
        "spacing_mm": 1.0,
        **changes,
    }
    with pytest.raises(ValueError, match=message):
        UNetConfig(**fields)  # type: ignore[arg-type]
