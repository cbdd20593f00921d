"""Lightning without its banners and hints, and without its way of ending the process."""

from __future__ import annotations

import logging
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from pytorch_lightning.utilities.exceptions import SIGTERMException

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
    """Silence Lightning's banners and the hints listed here inside the block; every other warning passes."""
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


@contextmanager
def honest_exits() -> Iterator[None]:
    """Let an interrupt be a `KeyboardInterrupt` again, and a termination an exit with code 143.

    Lightning turns the first into ``sys.exit(1)`` and ignores further ones, and the second into an exit with
    code 0: to whoever waits for it, a killed training would look like a finished one.
    """
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    except SIGTERMException:
        raise SystemExit(128 + signal.SIGTERM) from None
    except SystemExit as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        raise
    finally:
        if before is not signal.SIG_IGN and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, before)
