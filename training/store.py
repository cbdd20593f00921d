"""A trained grader on disk: ``grader.safetensors`` (weights that cannot execute code), ``config.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors.torch
import torch

from dataset.shards import sha256_of, write_bytes
from labeling.issues import InputError, Issue
from training.config import GraderConfig
from training.models.grader import Grader

WEIGHTS = "grader.safetensors"
CONFIG = "config.json"
_FORMAT = 2


@dataclass(frozen=True, slots=True)
class GraderCard:
    """What a grader is and where it comes from.

    `counts` are the training discs of each grade, head by head; `epoch` (from 1) is the one that was kept,
    with its `validation_error` (`training.module.MONITOR`) and `validation_loss`; `provenance` holds the
    lexicon hashes and policies of the training labels and a hash of its files.
    """

    config: GraderConfig
    counts: tuple[tuple[int, ...], ...]
    epoch: int
    validation_error: float
    validation_loss: float
    train_discs: int
    validation_discs: int
    provenance: Mapping[str, Any]

    def to_json(self) -> str:
        """JSON text that `from_json` reads back to an equal value."""
        rest = {name: getattr(self, name) for name in self.__slots__ if name != "config"}
        return json.dumps({"format": _FORMAT, "config": json.loads(self.config.to_json()), **rest}, indent=2)

    @classmethod
    def from_json(cls, text: str) -> GraderCard:
        """The card that `to_json` wrote; `ValueError`, `KeyError` or `TypeError` when it is not one."""
        data = json.loads(text)
        if data.pop("format", None) != _FORMAT:
            raise ValueError(f"format: expected {_FORMAT}; train the grader again with this version")
        data["config"] = GraderConfig.from_json(json.dumps(data["config"]))
        data["counts"] = tuple(tuple(row) for row in data["counts"])
        return cls(**data)


def save_grader(folder: Path, grader: Grader, card: GraderCard) -> str:
    """Write weights and card into `folder`, the card last, and return the SHA-256 of the weights."""
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in grader.state_dict().items()}
    sha256 = write_bytes(safetensors.torch.save(weights), folder / WEIGHTS)
    write_bytes((card.to_json() + "\n").encode(), folder / CONFIG)
    return sha256


def load_grader(path: Path) -> tuple[Grader, GraderCard]:
    """The grader in a folder that `fit` wrote, or beside its weights file, ready to predict.

    `InputError` says what is missing or does not fit.
    """
    folder = path.parent if path.name == WEIGHTS else path
    try:
        card = GraderCard.from_json((folder / CONFIG).read_text("utf-8"))
        grader = Grader(card.config)
        grader.load_state_dict(safetensors.torch.load_file(folder / WEIGHTS))
    except FileNotFoundError as error:
        raise _unreadable(
            folder, "missing-file", f"found no {Path(error.filename or WEIGHTS).name}"
        ) from None
    except (ValueError, KeyError, TypeError, RuntimeError, safetensors.SafetensorError):
        raise _unreadable(
            folder, "unreadable-grader", f"{CONFIG} and {WEIGHTS} do not make a grader"
        ) from None
    return grader.eval(), card


def grader_sha256(path: Path) -> str:
    """The SHA-256 of the weights of the grader at `path`, a folder or its weights file."""
    folder = path.parent if path.name == WEIGHTS else path
    return sha256_of(folder / WEIGHTS)


def device() -> torch.device:
    """The GPU where there is one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _unreadable(folder: Path, reason: str, found: str) -> InputError:
    expected = f"expected a trained grader ({WEIGHTS} and {CONFIG}); {found}."
    return InputError(Issue(str(folder), reason, expected, "Name the folder that the train stage wrote."))
