"""Training: no patient on both sides, views that keep image and mask together, a loss that falls."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import training.segmentation.fit
from labeling.issues import InputError
from training.segmentation.augment import Augmentation, augmented, field_of_view, rising_curve
from training.segmentation.data import SliceDataset, prepare, visible
from training.segmentation.fit import divided, fit_segmenter, held_out_patients
from training.segmentation.losses import negative_dice
from training.segmentation.module import LOSSES, RECIPES, SegmentationModule, one_cycle
from training.segmentation.sources import CODES, AnnotatedSlice, write_slices
from training.segmentation.unet import UNetConfig
from training.segmentation.weights import load_segmenter, weights_hash

TINY = UNetConfig(("body", "sacrum"), 4, 2, (32, 32), 1.0)
STILL = Augmentation((1.0, 1.0), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def box(patient: str, row: int = 6) -> AnnotatedSlice:
    """A bright body over a grey S1 on black."""
    mask = np.zeros((32, 32), np.uint8)
    mask[row : row + 8, 8:24] = CODES["body"]
    mask[row + 12 : row + 18, 8:24] = CODES["sacrum"]
    image = np.where(mask == CODES["body"], 250, np.where(mask > 0, 120, 3)).astype(np.uint8)
    return AnnotatedSlice(f"{patient}-{row}", patient, image, mask, (1.0, 1.0), ("sacrum", "body"))


def test_a_patient_is_on_one_side_only() -> None:
    slices = [box(f"p{k}", row) for k in range(40) for row in (4, 6)]
    train, away = divided(slices, None)
    sides = {item.patient for item in train}, {item.patient for item in away}
    assert not sides[0] & sides[1]
    assert sides[1] == held_out_patients(sides[0] | sides[1])
    assert 3 <= len(sides[1]) <= 14
    assert {item.patient for item in divided(slices, ["p3"])[1]} == {"p3"}
    with pytest.raises(ValueError, match="all 80 slices are held out"):
        divided(slices, [item.patient for item in slices])


def test_without_augmentation_the_view_is_the_slice() -> None:
    item = prepare(box("p"), TINY, 1.0)
    image, masks = augmented(item.image, item.masks, 1.0, (32, 32), 1.0, STILL)
    assert image.shape == (1, 32, 32)
    body, sacrum = masks[0] > 0, masks[1] > 0
    assert (int(body.sum()), int(sacrum.sum())) == (8 * 16, 6 * 16)
    # S1 lies below the body as before, and each mask still covers its own brightness.
    assert sacrum.nonzero()[:, 0].float().mean() - body.nonzero()[:, 0].float().mean() == 11
    assert image[0][body].min() > image[0][sacrum].max()


def test_views_are_random_within_range_and_never_mirrored() -> None:
    torch.manual_seed(3)
    dataset = SliceDataset([box("p")], TINY, repeats=20)
    views = [dataset[k] for k in range(len(dataset))]
    assert len({round(float(image.sum()), 3) for image, _, _ in views}) > 15
    for image, masks, annotated in views:
        assert image.min() >= 0 and image.max() <= 1
        assert set(masks.unique().tolist()) <= {0.0, 1.0}
        assert annotated.tolist() == [1, 1]
        if masks[0].sum() > 60 and masks[1].sum() > 60:
            rows = [mask.nonzero()[:, 0].float().mean() for mask in masks]
            assert rows[0] < rows[1], "S1 above the body: the view was turned upside down"


def test_the_rate_rises_then_falls_to_nothing() -> None:
    rates = [one_cycle(step, 100) for step in range(101)]
    assert rates[0] == 0 and rates[15] == 1 and rates[100] == pytest.approx(0)
    assert rates[:16] == sorted(rates[:16]) and rates[15:] == sorted(rates[15:], reverse=True)


def test_a_rising_curve_keeps_dark_darker_than_bright() -> None:
    ramp = torch.linspace(0, 1, 50)[None, None]
    for seed in range(5):
        torch.manual_seed(seed)
        steps = rising_curve(ramp).flatten().diff()
        assert (steps >= 0).all() and steps.sum() == pytest.approx(1, abs=1e-5)


def test_the_field_of_view_ends_somewhere_but_not_everywhere() -> None:
    torch.manual_seed(0)
    nothing = torch.zeros(2, 40, 40)
    shares = [float(field_of_view(nothing, Augmentation(crop=1.0)).mean()) for _ in range(30)]
    assert min(shares) < 0.8 and min(shares) > 0.2 and max(shares) == 1


def test_the_lower_edge_cuts_the_lower_third_of_the_spine() -> None:
    torch.manual_seed(0)
    marked = torch.zeros(2, 60, 40)
    marked[0, 10:40, 5:20] = 1
    ends = [
        int(field_of_view(marked, Augmentation(crop=0.0, lower_cut=1.0))[0, :, 0].sum()) for _ in range(40)
    ]
    assert min(ends) >= 29 and max(ends) <= 39 and len(set(ends)) > 5


@pytest.mark.parametrize(("rows", "kept"), [(6, 6), (4, 4), (3, 0), (0, 0)])
def test_a_cut_s1_is_not_looked_for(rows: int, kept: int) -> None:
    whole = torch.zeros(2, 10, 4)
    whole[:, 2:8] = 1
    inside = torch.zeros(1, 10, 4)
    inside[:, : 2 + rows] = 1
    seen = visible(whole, whole * inside, TINY)
    assert seen[1].sum() == kept * 4  # TINY names the body first, S1 second
    assert seen[0].sum() == rows * 4  # a cut body is still a body


def test_training_lowers_the_loss_leaves_weights_and_goes_on(tmp_path: Path) -> None:
    write_slices([box(f"p{k}", row) for k in range(4) for row in (4, 6, 8)], tmp_path / "slices")
    options = {"config": TINY, "augmentation": STILL, "held_out": ["p3"], "rate": 0.02}
    fit = fit_segmenter(tmp_path / "slices", tmp_path / "fit", steps=20, **options)  # type: ignore[arg-type]
    assert (fit.steps, fit.train_slices, fit.held_out_slices, fit.held_out) == (20, 9, 3, ("p3",))
    with (tmp_path / "fit" / "history.csv").open() as file:
        losses = [float(row["loss"]) for row in csv.DictReader(file)]
    assert losses[-1] < losses[0]
    assert fit.sha256.startswith(weights_hash(fit.weights))
    network = load_segmenter(fit.weights)
    assert network.config == TINY
    started = fit_segmenter(
        tmp_path / "slices",
        tmp_path / "more",
        steps=2,
        start=fit.weights,
        **options,  # type: ignore[arg-type]
    )
    assert started.steps == 2
    with pytest.raises(InputError, match="expected weights of UNetConfig"):
        fit_segmenter(tmp_path / "slices", tmp_path / "other", steps=1, start=fit.weights, held_out=[])


def test_the_papers_recipe_trains_two_detectors_by_plain_sgd(tmp_path: Path) -> None:
    write_slices([box("p0"), box("p1")], tmp_path / "slices")
    config = replace(TINY, detectors="separate")
    fit = fit_segmenter(
        tmp_path / "slices", tmp_path / "fit", preset="paper", config=config, steps=2, held_out=[]
    )
    module = SegmentationModule(config, RECIPES["paper"])
    optimizer = module.configure_optimizers()
    assert isinstance(optimizer, torch.optim.SGD)
    assert optimizer.defaults["lr"] == 0.01 and optimizer.defaults["momentum"] == 0
    assert LOSSES[RECIPES["paper"].loss] is negative_dice
    assert (fit.weights.name, len(load_segmenter(fit.weights).networks)) == ("paper.safetensors", 2)


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training.segmentation.fit, "CHECKPOINT_EVERY", 10)
    write_slices([box("p0")], tmp_path / "slices")
    options = {"config": TINY, "augmentation": STILL, "held_out": [], "rate": 0.02}
    fit_segmenter(tmp_path / "slices", tmp_path / "fit", steps=10, **options)  # type: ignore[arg-type]
    assert (tmp_path / "fit" / "last.ckpt").is_file()
    again = fit_segmenter(tmp_path / "slices", tmp_path / "fit", steps=20, **options)  # type: ignore[arg-type]
    assert again.steps == 20
    with (tmp_path / "fit" / "history.csv").open() as file:
        assert [int(row["step"]) for row in csv.DictReader(file)] == [10, 20]


def test_an_unknown_preset_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected one of paper, light; got 'huge'"):
        fit_segmenter(tmp_path, tmp_path, preset="huge")


@pytest.mark.parametrize("content", [None, b"\x02\x00\x00\x00\x00\x00\x00\x00{}"])
def test_a_file_without_weights_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "other.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match="expected segmenter weights"):
        load_segmenter(path)
