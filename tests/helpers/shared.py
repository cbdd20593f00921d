"""Real data that some tests look at where it lies beside the checkout; no test of a fresh clone needs it."""

from __future__ import annotations

from pathlib import Path

import pytest

_SHARED = Path(__file__).parents[2].parent / "shared"
IMAGING = _SHARED / "imaging"
REPORTS = _SHARED / "reports"


def needs(path: Path) -> pytest.MarkDecorator:
    """A mark that skips the test, with the reason, where `path` does not exist."""
    return pytest.mark.skipif(
        not path.exists(), reason=f"reference data {path.name} is not beside the checkout"
    )
