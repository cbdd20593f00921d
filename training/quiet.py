"""Lightning without its banners and hints; every other warning passes."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# What each hint is about, and why it does not apply to us.
_HINTS = (
    r"The '\w+_dataloader' does not have many workers",  # volumes are ready in a memory map
    r"Checkpoint directory .* exists and is not empty",  # a resumed run
    r"The number of training batches \(\d+\) is smaller than the logging interval",  # we log by epoch
    r"GPU available but not used",
    r"`isinstance\(treespec, LeafSpec\)` is deprecated",  # torch speaking to Lightning
    r"Starting from v1\.9\.0, `tensorboardX` has been removed",  # no logger of Lightning's is used
)


@contextmanager
def quiet_lightning() -> Iterator[None]:
    """Silence Lightning's banners and the hints listed here inside the block."""
    loggers = [
        logging.getLogger(name) for name in ("pytorch_lightning", "lightning.pytorch", "lightning.fabric")
    ]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        for hint in _HINTS:
            warnings.filterwarnings("ignore", message=hint)
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
