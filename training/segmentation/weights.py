"""Segmenter weights as safetensors: numbers in half precision, the configuration in the header, no code."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save

from dataset.shards import write_bytes
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

    With `expected`, weights of another configuration are refused. `FileNotFoundError` or `ValueError` says
    what the file lacks.
    """
    path = path or SHIPPED
    if not path.is_file():
        raise FileNotFoundError(
            f"{path}: no segmenter weights here; give a .safetensors file of fit_segmenter"
        )
    with safe_open(path, framework="pt") as file:
        header = file.metadata() or {}
    if header.get("format") != FORMAT:
        raise ValueError(
            f"{path}: expected segmenter weights with format {FORMAT!r}; got {header.get('format')!r}"
        )
    fields = json.loads(header["config"])
    config = UNetConfig(
        **{**fields, "structures": tuple(fields["structures"]), "size": tuple(fields["size"])}
    )
    if expected is not None and config != expected:
        raise ValueError(f"{path}: expected weights of {expected}; got weights of {config}")
    network = Segmenter(config)
    network.load_state_dict({name: value.to(_kind(value)) for name, value in load_file(path).items()})
    return network.eval()


def _kind(value: torch.Tensor) -> torch.dtype:
    return torch.float32 if value.is_floating_point() else value.dtype


def weights_hash(path: Path | None = None) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a weights file."""
    return hashlib.sha256((path or SHIPPED).read_bytes()).hexdigest()[:16]
