"""The networks: their published size, what they read and what they must not read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from training.config import GRADES, PRESETS, GraderConfig, InputConfig, ModelConfig
from training.models.grader import Grader
from training.models.layers import convolve
from training.models.resnext import bottleneck, resnext_trunk
from training.models.small import SmallTrunk

PAPER = PRESETS["paper"].model


def parameters(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def test_resnext_50_has_its_published_size() -> None:
    """ResNeXt-50 32 x 4d has 25,028,904 parameters with three channels and a layer of 1000 classes."""
    assert parameters(resnext_trunk(2, 3, PAPER)) + 2048 * 1000 + 1000 == 25_028_904


def test_eight_slices_widen_conv1_only() -> None:
    """Filters of conv1 are 7 x 7 x 8 in the axial branch (section 3.2)."""
    difference = parameters(resnext_trunk(2, 8, PAPER)) - parameters(resnext_trunk(2, 3, PAPER))
    assert difference == 64 * 7 * 7 * (8 - 3)


def test_a_3d_block_differs_from_a_2d_one_in_its_3_x_3_convolution() -> None:
    two, three = (parameters(bottleneck(dim, 256, 256, 32)) for dim in (2, 3))
    assert three - two == 128 * (128 // 32) * (27 - 9)


def test_the_small_grader_has_less_than_two_million_parameters() -> None:
    assert parameters(Grader(PRESETS["small"])) < 2_000_000


def test_every_convolution_has_batch_normalization_and_no_bias() -> None:
    layers = list(convolve(3, 4, 8, 3))
    assert [type(layer) for layer in layers] == [nn.Conv3d, nn.BatchNorm3d, nn.LeakyReLU]
    assert layers[0].bias is None


def narrow(network: str, branch: str = "both") -> GraderConfig:
    widths = (16, 32) if network == "resnext" else (8, 16)
    model = ModelConfig(
        network=network, branch=branch, widths=widths, blocks=(1, 2), cardinality=4, dropout=0
    )  # type: ignore[arg-type]
    inputs = InputConfig(axial=(4, 40, 40), sagittal=(9, 40, 48))
    base = replace(PRESETS["paper"], model=model, inputs=inputs)
    return replace(base, heads=("SCS", "RFS", "LFS", "RRS"))


def volumes(discs: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    axial = torch.randn(discs, 4, 40, 40, generator=generator)
    return axial, torch.randn(discs, 1, 9, 40, 48, generator=generator)


BOTH = torch.tensor([[True, True]])


@pytest.mark.parametrize("network", ["resnext", "small"])
@pytest.mark.parametrize("branch", ["both", "axial", "sagittal"])
def test_a_score_for_every_disc_head_and_grade(network: str, branch: str) -> None:
    scores = Grader(narrow(network, branch))(*volumes(3), BOTH.expand(3, 2))
    assert scores.shape == (3, 4, GRADES)
    scores.square().mean().backward()


@pytest.mark.parametrize("network", ["resnext", "small"])
def test_every_weight_learns(network: str) -> None:
    grader = Grader(narrow(network))
    grader(*volumes(4), BOTH.expand(4, 2)).square().mean().backward()
    assert [name for name, p in grader.named_parameters() if p.grad is None or not p.grad.any()] == []


@pytest.mark.parametrize(("branch", "unread"), [("axial", 1), ("sagittal", 0)])
def test_a_branch_that_is_off_reads_nothing_and_has_no_weights(branch: str, unread: int) -> None:
    grader = Grader(narrow("small", branch)).eval()
    given = list(volumes(2))
    before = grader(*given, BOTH.expand(2, 2))
    given[unread] = given[unread] + 100
    assert torch.equal(grader(*given, BOTH.expand(2, 2)), before)
    assert list(grader.encoders) == [branch]


@pytest.mark.parametrize("absent", [0, 1])
@pytest.mark.parametrize("training", [True, False])
def test_what_an_absent_view_holds_is_never_read(absent: int, training: bool) -> None:
    """Neither by the disc's own scores nor, through batch normalization, by those of the other discs."""
    present = torch.ones(4, 2, dtype=torch.bool)
    present[1, absent] = False
    scores = []
    for filler in (0.0, 50.0):
        torch.manual_seed(0)
        grader = Grader(narrow("small")).train(training)
        given = list(volumes(4))
        given[absent][1] = filler
        scores.append(grader(*given, present))
    assert torch.equal(*scores)


def test_discs_with_no_axial_view_at_all() -> None:
    grader = Grader(narrow("small"))
    present = torch.tensor([[False, True]] * 3)
    scores = grader(*volumes(3), present)
    scores.square().mean().backward()
    assert torch.isfinite(scores).all()
    assert all(p.grad is None for p in grader.encoders["axial"].parameters())


def test_the_grade_of_a_disc_does_not_depend_on_its_batch() -> None:
    grader = Grader(narrow("small")).eval()
    axial, sagittal = volumes(3)
    together = grader(axial, sagittal, BOTH.expand(3, 2))
    alone = torch.cat([grader(axial[i : i + 1], sagittal[i : i + 1], BOTH) for i in range(3)])
    assert torch.allclose(together, alone, atol=1e-5)


def gradients(model: nn.Module, images: Tensor) -> list[Tensor]:
    model.zero_grad()
    model(images).square().mean().backward()
    return [p.grad.clone() for p in model.parameters() if p.grad is not None]


def test_channels_last_changes_no_number() -> None:
    torch.manual_seed(0)
    config = narrow("small").model
    trunk = SmallTrunk(3, 1, config)
    images = volumes(3)[1]
    fast = gradients(trunk, images)
    trunk.layout = torch.contiguous_format
    trunk.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    for one, other in zip(fast, gradients(trunk, images), strict=True):
        assert torch.allclose(one, other, atol=1e-5)


@pytest.mark.parametrize("dim", [2, 3])
def test_the_small_trunk_keeps_slices_longer_than_pixels(dim: int) -> None:
    shape: tuple[Any, ...] = (2, 4, 40, 48) if dim == 2 else (2, 4, 9, 40, 48)
    features = SmallTrunk(dim, 4, narrow("small").model)(torch.randn(shape))
    assert tuple(features.shape[2:]) == ((5, 6) if dim == 2 else (3, 5, 6))
