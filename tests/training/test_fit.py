"""Training end to end on painted discs: it learns, resumes, repeats and says what it cannot use."""

from __future__ import annotations

import csv
import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_discs import draw_rows, write_dataset, write_split
from tiny_grader import tiny_config

from labeling.issues import InputError
from training import fit as fit_module
from training.config import PRESETS, ModelConfig, OptimizerConfig
from training.data import DiscData, ShuffledBatches
from training.fit import FitResult, fit, fit_config
from training.store import load_grader


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_grader(folder)[0].state_dict()


def equal(one: Path, other: Path) -> bool:
    pairs = zip(weights(one).values(), weights(other).values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def history(folder: Path) -> list[dict[str, float]]:
    with (folder / "history.csv").open() as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def test_it_learns(tiny_fit: FitResult) -> None:
    rows = history(tiny_fit.folder)
    assert rows[-1]["train_loss"] < 0.5 * rows[0]["train_loss"]
    assert all(rows[-1][f"validation_accuracy_{code}"] > 0.6 for code in ("SCS", "RFS", "LFS"))


def test_a_cooled_run_keeps_its_last_epoch(tiny_fit: FitResult) -> None:
    last = history(tiny_fit.folder)[-1]
    assert tiny_fit.card.epoch == last["epoch"] == 10
    assert tiny_fit.card.validation_loss == pytest.approx(last["validation_loss"], rel=1e-5)
    right = [last[f"validation_accuracy_{code}"] for code in ("SCS", "RFS", "LFS")]
    assert tiny_fit.card.validation_error == pytest.approx(1 - sum(right) / 3, abs=1e-5)


def test_another_run_keeps_the_epoch_with_the_lowest_validation_error(
    tiny_dataset: Path, tmp_path: Path
) -> None:
    """At a constant rate; a run of so many epochs ends with the same weights."""
    config = tiny_config(epochs=8, optimizer=OptimizerConfig())
    kept = fit_config(tiny_dataset, tmp_path / "whole", config).card
    rows = history(tmp_path / "whole")
    assert kept.epoch == min(rows, key=lambda row: row["validation_error"])["epoch"]
    fit_config(tiny_dataset, tmp_path / "short", replace(config, epochs=kept.epoch))
    assert equal(tmp_path / "whole", tmp_path / "short")


def test_per_task_losses_add_up(tiny_fit: FitResult) -> None:
    for row in history(tiny_fit.folder):
        for part in ("train", "validation"):
            parts = sum(row[f"{part}_loss_{code}"] for code in ("SCS", "RFS", "LFS"))
            assert row[f"{part}_loss"] == pytest.approx(parts, rel=1e-4)


def test_what_it_leaves_behind(tiny_fit: FitResult, tiny_dataset: Path) -> None:
    names = sorted(path.name for path in tiny_fit.folder.iterdir())
    assert names == ["config.json", "grader.safetensors", "history.csv", "learning_curve.png"]
    _, card = load_grader(tiny_fit.folder)
    assert card == tiny_fit.card
    assert (card.train_discs, card.validation_discs) == (72, 24)
    assert card.counts == ((18,) * 4,) * 3
    assert card.provenance["lexicons"] == ["0" * 8]
    assert "72 discs" in tiny_fit.summary()


def test_an_equal_run_is_reused_and_a_different_one_is_not(tiny_dataset: Path, tmp_path: Path) -> None:
    config = tiny_config(epochs=1)
    first = fit_config(tiny_dataset, tmp_path, config)
    assert not first.reused
    assert fit_config(tiny_dataset, tmp_path, config).reused
    assert not fit_config(tiny_dataset, tmp_path, config, resume=False).reused
    assert not fit_config(tiny_dataset, tmp_path, replace(config, seed=1)).reused


class StoppedError(Exception):
    """Ends a run from inside, as a killed process would."""


def stop_at(step: int) -> Callable[[int, int | None], None]:
    def progress(done: int, total: int | None) -> None:
        if done == step:
            raise StoppedError

    return progress


def test_a_stopped_run_goes_on_and_ends_like_an_unbroken_one(
    tiny_dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """72 discs are 5 batches an epoch: batch 12 is in the third epoch, so two epochs are kept."""
    monkeypatch.chdir(tmp_path)
    config = tiny_config(epochs=4)
    fit_config(tiny_dataset, tmp_path / "whole", config)
    with pytest.raises(StoppedError):
        fit_config(tiny_dataset, tmp_path / "broken", config, progress=stop_at(12))
    assert not (tmp_path / "broken" / "config.json").exists()
    heard: list[tuple[int, int | None]] = []
    fit_config(tiny_dataset, tmp_path / "broken", config, progress=lambda *at: heard.append(at))
    assert heard == [(step, 20) for step in range(11, 21)]
    assert equal(tmp_path / "whole", tmp_path / "broken")
    drop = {"seconds"}
    whole, broken = (
        [{k: v for k, v in row.items() if k not in drop} for row in history(tmp_path / name)]
        for name in ("whole", "broken")
    )
    assert whole == broken
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken", "whole"]


STOPS = [
    (signal.SIGINT, KeyboardInterrupt, ()),
    (signal.SIGTERM, SystemExit, (143,)),
]


@pytest.mark.parametrize(("sent", "raised", "code"), STOPS, ids=["ctrl-c", "terminated"])
def test_a_signal_ends_the_run_as_it_ends_any_program(
    tiny_dataset: Path,
    tmp_path: Path,
    sent: signal.Signals,
    raised: type[BaseException],
    code: tuple[int, ...],
) -> None:
    """Lightning alone exits with 1, ignores further interrupts, and ends a terminated run with 0."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with pytest.raises(raised) as caught:
        fit_config(
            tiny_dataset, tmp_path, tiny_config(epochs=9), progress=lambda done, _: kill_at(done, sent)
        )
    assert caught.value.args == code
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert not (tmp_path / "config.json").exists()


def kill_at(done: int, sent: signal.Signals) -> None:
    if done == 2:
        os.kill(os.getpid(), sent)


def test_a_stopped_run_of_other_data_starts_over(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data", train=4, validation=1, test=1)
    config = tiny_config(epochs=2)
    with pytest.raises(StoppedError):
        fit_config(data, tmp_path / "out", config, progress=stop_at(3))
    write_split(data, "train", draw_rows(9, 4, "train"))
    heard: list[int] = []
    fit_config(data, tmp_path / "out", config, progress=lambda done, _: heard.append(done))
    assert heard == [1, 2, 3, 4]


def test_the_seed_decides(tiny_dataset: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        fit_config(tiny_dataset, tmp_path / name, tiny_config(epochs=1, seed=seed))
    assert equal(tmp_path / "a", tmp_path / "b")
    assert not equal(tmp_path / "a", tmp_path / "c")


def test_training_leaves_the_callers_random_numbers_alone(tiny_dataset: Path, tmp_path: Path) -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    fit_config(tiny_dataset, tmp_path, tiny_config(epochs=1))
    assert torch.equal(torch.get_rng_state(), before)


def test_fit_is_the_preset_with_the_callers_changes(
    tiny_dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(fit_module, "fit_config", lambda *args, **kw: asked.update(config=args[2], **kw))
    fit(tiny_dataset, tmp_path, preset="paper", epochs=3, seed=4, branch="axial", resume=False)
    config = asked["config"]
    assert (config.preset, config.epochs, config.seed, config.model.branch) == ("paper", 3, 4, "axial")
    assert asked["resume"] is False


@pytest.mark.parametrize("branch", ["axial", "sagittal"])
def test_one_view_is_enough(tiny_dataset: Path, tmp_path: Path, branch: Any) -> None:
    base = tiny_config(epochs=1)
    model, augment = replace(base.model, branch=branch), replace(base.augment, drop_view=0.0)
    result = fit_config(tiny_dataset, tmp_path, replace(base, model=model, augment=augment))
    assert list(load_grader(tmp_path)[0].encoders) == [branch]
    assert "and" not in result.summary().split(",")[3]


def test_discs_with_faults_are_set_aside_and_the_rest_is_used(tmp_path: Path) -> None:
    write_dataset(tmp_path / "data", train=4, validation=1, test=1)
    rows = draw_rows(0, 4, "train")
    rows[0] |= {"axial": None}
    rows[1] |= {"axial": b"\0", "sagittal": None}
    rows[2] |= {"SCS": None, "RFS": None, "LFS": None}
    rows[3] |= {"sagittal": b"\0"}
    write_split(tmp_path / "data", "train", rows)
    result = fit_config(tmp_path / "data", tmp_path / "out", tiny_config(epochs=1))
    assert result.card.train_discs == 22
    assert result.issues == 3
    again = fit_config(tmp_path / "data", tmp_path / "out", tiny_config(epochs=1))
    assert (again.reused, again.issues) == (True, 3)


def test_the_network_and_optimiser_of_the_paper_train(tiny_dataset: Path, tmp_path: Path) -> None:
    """ResNeXt and Adadelta without augmentation, ten times narrower than published."""
    model = ModelConfig(network="resnext", widths=(16, 32), blocks=(1, 1), cardinality=4)
    paper = replace(PRESETS["paper"], inputs=tiny_config().inputs, model=model, workers=0, epochs=3)
    fit_config(tiny_dataset, tmp_path, paper)
    rows = history(tmp_path)
    assert rows[-1]["train_loss"] < rows[0]["train_loss"]
    assert {row["lr"] for row in rows} == {1.0}


def test_a_single_step_is_a_run(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data", train=1, validation=1, test=1)
    result = fit_config(data, tmp_path / "out", tiny_config(epochs=1))
    assert result.card.epoch == 1


def test_a_folder_without_a_split_is_named(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data", train=1, validation=1, test=1)
    shutil.rmtree(data / "data")
    with pytest.raises(InputError, match=r"expected files train-\*\.parquet; found none"):
        fit_config(data, tmp_path / "out", tiny_config())


def test_a_split_without_grades_is_named(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data", train=1, validation=1, test=1)
    none = {"SCS": None, "RFS": None, "LFS": None}
    write_split(data, "validation", [row | none for row in draw_rows(0, 1, "validation")])
    with pytest.raises(InputError, match=r"validation: expected .* with .* a grade"):
        fit_config(data, tmp_path / "out", tiny_config())


def test_a_run_that_diverges_says_so(tiny_dataset: Path, tmp_path: Path) -> None:
    wild = tiny_config(epochs=1, optimizer=OptimizerConfig(name="adamw", lr=1e20))
    with pytest.raises(InputError, match="expected a finite validation loss"):
        fit_config(tiny_dataset, tmp_path, wild)
    assert not (tmp_path / "config.json").exists()


@pytest.mark.parametrize(("discs", "size"), [(5, 2), (17, 16), (16, 16), (3, 16)])
def test_an_epoch_has_every_disc_once_in_even_batches(discs: int, size: int) -> None:
    batches = ShuffledBatches(discs, size, seed=0)
    first = list(batches)
    assert len(first) == len(batches)
    assert sorted(number for batch in first for number, _ in batch) == list(range(discs))
    sizes = [len(batch) for batch in first]
    assert max(sizes) <= size
    assert max(sizes) - min(sizes) <= 1
    assert list(batches) == first
    batches.set_epoch(1)
    assert list(batches) != first


def test_loader_processes_change_nothing(tiny_dataset: Path, tmp_path: Path) -> None:
    batches = []
    for workers in (0, 1):
        data = DiscData(tiny_dataset, tiny_config(workers=workers), tmp_path)
        data.setup()
        batches.append(list(data.train_dataloader()))
    for one, other in zip(*batches, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_counts_are_of_the_discs_that_train(tiny_dataset: Path, tmp_path: Path) -> None:
    data = DiscData(tiny_dataset, tiny_config(), tmp_path)
    data.setup()
    by_hand = np.zeros((3, 4), int)
    for number in range(len(data.discs["train"])):
        for head, grade in enumerate(data.discs["train"].disc(number, None).grades.tolist()):
            by_hand[head, grade] += 1
    assert data.counts.tolist() == by_hand.tolist()
