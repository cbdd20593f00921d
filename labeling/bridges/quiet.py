"""Import spaCy and medspaCy without their noise: this module comes before any of their names.

spaCy 3.7 warns on import of something only its own command line uses. PyRuSH, which medspaCy imports, logs
every token of a text through loguru; a report must not reach a log, so that logger is silenced.
"""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.filterwarnings(
        "ignore", message=r"Importing 'parser\.split_arg_string'", category=DeprecationWarning
    )
    import spacy

__all__ = ["silence_pyrush", "spacy"]


def silence_pyrush() -> None:
    """Keep PyRuSH from logging the words of a report; call it before a medspaCy pipeline sees any."""
    from loguru import logger  # noqa: PLC0415 - comes with medspaCy only

    logger.disable("PyRuSH")
