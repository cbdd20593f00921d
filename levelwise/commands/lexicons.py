"""Commands for those who keep a lexicon of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from levelwise.options import nothing_unless

# Imports inside commands keep the help fast; one reason for the whole file.
# ruff: noqa: PLC0415

commands = typer.Typer(help="Check the words that the labeler reads.", no_args_is_help=True)


@commands.callback()
def _group() -> None:
    """Keeps `check` a command of its own, which Typer would fold into the group."""


@commands.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of your own lexicon files; the shipped ones unless told.")
    ] = None,
    language: Annotated[str, typer.Option(help="The shipped lexicon that it lies over.")] = "en",
) -> None:
    """Load a lexicon and run its examples: every fault as file > rule > field, and the slowest rule."""
    from labeling.lexicon_check import check_lexicon
    from levelwise.tables import say_lexicon_check

    result = check_lexicon(folder, language)
    say_lexicon_check(result)
    nothing_unless(not result.faults)
