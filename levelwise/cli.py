"""The command line. Heavy libraries are imported inside the commands: ``--help`` loads no torch, no Arrow."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from levelwise.commands import datasets, graders, imaging, reports
from levelwise.errors import EXIT_HELP, end_with

app = typer.Typer(
    name="levelwise",
    help="Lumbar MRI reports and DICOM studies to per-level stenosis grades, a dataset and a grader.",
    epilog=EXIT_HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they print local variables, and those hold reports
    rich_markup_mode=None,
)
for module in (reports, imaging, datasets, graders):
    app.add_typer(module.commands)


@app.callback()
def _common(
    traceback: Annotated[
        bool,
        typer.Option("--traceback", help="Show the whole traceback of an error; it may quote patient data."),
    ] = False,
) -> None:
    if traceback:
        os.environ["LEVELWISE_TRACEBACK"] = "1"


def main() -> None:
    """Run the command line; errors end with the exit codes of `levelwise.errors.Exit`."""
    try:
        app()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  (the last catch: every error gets its exit code)
        sys.exit(end_with(error, show_traceback="LEVELWISE_TRACEBACK" in os.environ))
