"""What a command's exit code means, and how an error ends it without showing patient data."""

from __future__ import annotations

import traceback
from enum import IntEnum
from pathlib import Path

from rich.text import Text

from labeling.issues import InputError
from levelwise.console import err
from lexicons.problems import LexiconError


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0  # the stage ran; single bad inputs, if any, are in its quarantine table
    BUG = 1  # an error of the program: please report it
    USAGE = 2  # an option, a file or a folder that the stage cannot start with; the message names the cure
    NOTHING = 3  # the stage ran and has nothing to show: every input was set aside, or a check found faults
    INTERRUPTED = 130  # stopped from the keyboard; the same command goes on where it stopped


EXIT_HELP = (
    "Exit codes: 0 done (inputs that were set aside are listed in quarantine-*.parquet) · 1 a bug · "
    "2 wrong usage or unusable input · 3 ran, but has nothing to show or found faults · "
    "130 interrupted, run again to go on."
)


def end_with(error: BaseException, *, show_traceback: bool) -> Exit:
    """Say on standard error what went wrong and return the exit code.

    The text of an unexpected exception may quote a report or a header, so only its type and place are shown
    unless the user asks for the traceback.
    """
    if show_traceback:
        err.print(Text("".join(traceback.format_exception(error))))
    if isinstance(error, KeyboardInterrupt):
        err.print(
            "Interrupted. Finished shards are kept: run the same command again to go on.", style="yellow"
        )
        return Exit.INTERRUPTED

    if isinstance(error, InputError | LexiconError):  # a lexicon holds rules, not reports
        err.print(Text.assemble(("Error: ", "bold red"), str(error)))
        return Exit.USAGE
    if isinstance(error, OSError) and error.filename is not None:
        err.print(
            Text.assemble(("Error: ", "bold red"), f"{error.filename}: {error.strerror}. Check the path.")
        )
        return Exit.USAGE
    place = traceback.extract_tb(error.__traceback__)[-1]
    err.print(
        Text.assemble(
            ("Error: ", "bold red"),
            f"unexpected {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}. "
            "This is a bug; its details may quote patient data and are not shown. "
            "Run again with --traceback before the command's name to see them.",
        )
    )
    return Exit.BUG
