"""Options that several commands share, and the exit when a command has nothing to show."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dataset.stage_run import Engine
from labeling.issues import InputError, Issue
from levelwise.errors import Exit

if TYPE_CHECKING:
    from dataset.paths import Mirror

_URL = re.compile(r"([a-z][a-z0-9+]+):/+(.+)")

Out = Annotated[Path, typer.Option("--out", "-o", help="Folder to write; created when missing.")]
Workers = Annotated[int | None, typer.Option(help="Processes; all processors unless told.", min=1)]
Resume = Annotated[bool, typer.Option(help="Reuse finished shards of an earlier run.")]

Column = Annotated[
    list[str] | None,
    typer.Option(
        help="Column of a field, as in date=Befunddatum: id, text, study, patient, reader, date, modality, "
        "status, site or line (its number, where rows are lines of a report). Once for each."
    ),
]

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
    shared = with_stores(command)
    signature = inspect.signature(command, eval_str=True)
    own = [option for option in signature.parameters.values() if option.kind is not option.VAR_KEYWORD]
    run = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
        for name, (kind, default) in _RUN.items()
    ]
    shared.__signature__ = signature.replace(parameters=[*own, *run])  # type: ignore[attr-defined]
    shared.__annotations__ = {option.name: option.annotation for option in (*own, *run)}
    return shared


def with_stores(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command read and write folders of object stores, as in ``s3://bucket/labels``."""

    @wraps(command)
    def mirrored(**given: Any) -> None:
        addresses = {name: _address(value) for name, value in given.items()}
        if not any(addresses.values()):
            command(**given)
            return
        from dataset.paths import Mirror  # noqa: PLC0415  (not needed to print help)

        _here_only(given)
        mirrors = {name: Mirror(url) for name, url in addresses.items() if url}
        places = {name: mirror.fetch(wanted=name != "out") for name, mirror in mirrors.items()}
        try:
            command(**{**given, **places})
        except typer.Exit as end:
            if end.exit_code != Exit.NOTHING:
                raise
            _put(mirrors, given)
            raise
        _put(mirrors, given)

    return mirrored


def _address(value: object) -> str | None:
    """The address of a folder on a store, whose two slashes `Path` made one; None for anything else."""
    found = _URL.fullmatch(value.as_posix()) if isinstance(value, Path) else None
    return f"{found[1]}://{found[2]}" if found else None


def _here_only(given: Mapping[str, Any]) -> None:
    if given.get("engine") == "dask":
        message = "expected a folder that all workers share; got one on an object store."
        raise InputError(Issue("--engine dask", "no-shared-folder", message, "Mount a folder, or work here."))


def _put(mirrors: Mapping[str, Mirror], given: Mapping[str, Any]) -> None:
    if "out" in mirrors and not given.get("dry_run"):
        from levelwise.console import out as console  # noqa: PLC0415

        mirrors["out"].put()
        console.print(f"  -> {mirrors['out'].url}", style="dim", markup=False)


def suffix_of(out: Path | None, choices: Sequence[str]) -> str:
    """The suffix of a file to write, one of `choices`; empty for no file. `InputError` before any work."""
    if out is None or out.suffix in choices:
        return "" if out is None else out.suffix
    message = f"expected a file name that ends in {', '.join(choices)}; got {out.suffix or 'no suffix'}."
    raise InputError(Issue(str(out), "unknown-type", message, "Name another with --out."))


def nothing_unless(anything: object) -> None:
    """End with `Exit.NOTHING` when `anything` is empty, zero or false."""
    if not anything:
        raise typer.Exit(Exit.NOTHING)
