"""Segmenter weights as safetensors: numbers in half precision, the configuration in the header, no code."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save

from dataset.shards import sha256_of, write_bytes
from labeling.issues import InputError, Issue
from training.segmentation.unet import Segmenter, UNetConfig

SHIPPED = Path(__file__).with_name("weights") / "light.safetensors"
"""The weights that come with the project; MODEL_CARD.md beside them says what they were trained on."""

FORMAT = "levelwise-segmenter-1"


def save_segmenter(network: Segmenter, path: Path) -> str:
    """Write `network` to `path` in half precision; returns the SHA-256 of the file."""
    state = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in network.state_dict().items()
    }
    header = {"format": FORMAT, "config": json.dumps(dataclasses.asdict(network.config))}
    return write_bytes(save(state, header), path)


def load_segmenter(path: Path | None = None, expected: UNetConfig | None = None) -> Segmenter:
    """The network in `path`, or the shipped one, in float32 and ready to predict.

    With `expected`, weights of another configuration are refused. `InputError` says what is wrong with the
    file.
    """
    path = path or SHIPPED
    config = _config(path)
    if expected is not None and config != expected:
        raise _problem(path, f"expected weights of {expected}; got weights of {config}")
    network = Segmenter(config)
    network.load_state_dict({name: value.to(_kind(value)) for name, value in load_file(path).items()})
    return network.eval()


def _config(path: Path) -> UNetConfig:
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
    except (OSError, SafetensorError):
        raise _problem(path, "expected segmenter weights; got no file, or one that cannot be read") from None
    if header.get("format") != FORMAT:
        raise _problem(path, f"expected segmenter weights of format {FORMAT}; got {header.get('format')}")
    fields = json.loads(header["config"])
    lists = {name: tuple(fields[name]) for name in ("structures", "size")}
    return UNetConfig(**{**fields, **lists})


def _problem(path: Path, message: str) -> InputError:
    cure = "Give a .safetensors file that fit_segmenter wrote, or none for the shipped one."
    return InputError(Issue(str(path), "bad-weights", f"{message}.", cure))


def _kind(value: torch.Tensor) -> torch.dtype:
    return torch.float32 if value.is_floating_point() else value.dtype


def weights_hash(path: Path | None = None) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a weights file; `InputError` when it is not one."""
    _config(path or SHIPPED)
    return sha256_of(path or SHIPPED)[:16]
