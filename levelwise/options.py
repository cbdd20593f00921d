"""Options that several commands share, and the exit when a command has nothing to show."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated

import typer

from dataset.engines import Engine
from levelwise.errors import Exit

Out = Annotated[Path, typer.Option("--out", "-o", help="Folder to write; created when missing.")]
Workers = Annotated[int | None, typer.Option(help="Processes; all processors unless told.", min=1)]
Resume = Annotated[bool, typer.Option(help="Reuse finished shards of an earlier run.")]

_RUN = {
    "workers": (Workers, None),
    "resume": (Resume, True),
    "engine": (
        Annotated[Engine, typer.Option(help="Where shards are worked on: here, or on a Dask cluster.")],
        "processes",
    ),
    "scheduler": (
        Annotated[str | None, typer.Option(help="Dask scheduler, as tcp://host:8786 or tls://host:8786.")],
        None,
    ),
    "take_over": (
        Annotated[bool, typer.Option("--take-over", help="Take the folder from a run that holds its lock.")],
        False,
    ),
    "dry_run": (
        Annotated[
            bool, typer.Option("--dry-run", help="Say what would be read, reused, written; write nothing.")
        ],
        False,
    ),
}
"""The options of `dataset.stage.Run`: type and default."""


def with_run_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that every stage shares in place of its ``**run``."""

    @wraps(command)
    def shared(*args: object, **given: object) -> None:
        command(*args, **given)

    signature = inspect.signature(command, eval_str=True)
    own = [option for option in signature.parameters.values() if option.kind is not option.VAR_KEYWORD]
    run = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
        for name, (kind, default) in _RUN.items()
    ]
    shared.__signature__ = signature.replace(parameters=[*own, *run])  # type: ignore[attr-defined]
    shared.__annotations__ = {option.name: option.annotation for option in (*own, *run)}
    return shared


def nothing_unless(anything: object) -> None:
    """End with `Exit.NOTHING` when `anything` is empty, zero or false."""
    if not anything:
        raise typer.Exit(Exit.NOTHING)
