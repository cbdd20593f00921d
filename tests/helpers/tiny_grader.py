"""The configuration of a grader for the discs of `tiny_discs`: an epoch takes a tenth of a second."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tiny_discs import AXIAL, SAGITTAL

from training.config import PRESETS, GraderConfig, InputConfig, ModelConfig


def tiny_config(**changes: Any) -> GraderConfig:
    model = ModelConfig(network="small", widths=(8, 16, 32), blocks=(1, 1, 1), cardinality=1)
    inputs = InputConfig(axial=AXIAL, sagittal=SAGITTAL, unit_variance=True)
    base = replace(PRESETS["small"], preset="tiny", inputs=inputs, model=model, epochs=10)
    return replace(base, **changes)
