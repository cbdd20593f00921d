"""One tiny dataset and one tiny grader, trained once for all tests of the training package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tiny_discs import write_dataset
from tiny_grader import tiny_config

from training.fit import FitResult, fit_config


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Tiny networks lose time in a second thread, most of all on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def tiny_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("dataset"), train=12, validation=4, test=4)


@pytest.fixture(scope="session")
def tiny_fit(tiny_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> FitResult:
    return fit_config(tiny_dataset, tmp_path_factory.mktemp("grader"), tiny_config())
