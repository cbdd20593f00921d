"""Golden text: a file beside the test, and the command that refreshes it where they differ."""

from __future__ import annotations

import os
from difflib import unified_diff
from pathlib import Path

REFRESH = "REFRESH_GOLDEN"


def assert_golden(text: str, path: Path, test: str) -> None:
    """Assert that `text` is what `path` holds; with ``REFRESH_GOLDEN=1`` set, write it there."""
    if os.environ.get(REFRESH):
        path.write_text(text, "utf-8")
    held = path.read_text("utf-8") if path.is_file() else ""
    lines = unified_diff(held.splitlines(), text.splitlines(), str(path.name), "now", lineterm="")
    difference = "\n".join(list(lines)[:60])
    assert held == text, f"{difference}\n\nIf that is meant: {REFRESH}=1 pytest {test}"
