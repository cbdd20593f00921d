"""Options that several commands share, and the exit when a command has nothing to show."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from levelwise.errors import Exit

Out = Annotated[Path, typer.Option("--out", "-o", help="Folder to write; created when missing.")]
Workers = Annotated[int | None, typer.Option(help="Processes; all processors unless told.", min=1)]
Resume = Annotated[bool, typer.Option(help="Reuse finished shards of an earlier run.")]


def nothing_unless(anything: object) -> None:
    """End with `Exit.NOTHING` when `anything` is empty, zero or false."""
    if not anything:
        raise typer.Exit(Exit.NOTHING)
