"""How a command speaks: one console, progress on standard error, tables for people on standard output."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from dataset.stage import Progress as ProgressCall
    from dataset.stage import StageResult
    from labeling.issues import Issue

_One = TypeVar("_One")

# A pipe or a file has no width of its own; the tables need more than rich's 80 columns.
out = Console(highlight=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 120)
err = Console(stderr=True, highlight=False)


@contextmanager
def progress(what: str, unit: str = "shards") -> Iterator[ProgressCall]:
    """A progress bar on standard error, counting in `unit`; nothing where that is not a terminal."""
    from rich.progress import (  # noqa: PLC0415  (most commands begin without a bar)
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )
    with bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def counted(
    what: str, things: Iterable[_One], unit: str, expected: Callable[[], int | None]
) -> Iterator[Iterable[_One]]:
    """The same things, and on a terminal how many have gone by, of how many that are `expected`."""
    with progress(what, unit) as step:

        def passing() -> Iterator[_One]:
            for number, one in enumerate(things, start=1):
                if number % 100 == 0:
                    step(number, expected())
                yield one

        yield passing()


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, left: int = 1) -> Table:
    """A table whose first `left` columns are words and whose others are numbers."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="dim")
    for position, column in enumerate(columns):
        made.add_column(column, justify="left" if position < left else "right", overflow="fold")
    for row in rows:
        made.add_row(*(Text(str(cell)) for cell in row))
    return made


def say_result(result: StageResult) -> None:
    """What a stage wrote, where, and what it set aside and why."""
    out.print(Text(result.summary()))
    out.print(Text(f"  -> {result.folder}"), style="dim")
    if result.issues and result.plan is None:
        say_quarantine(result.folder)


def say_quarantine(folder: Path, *, most: int = 8) -> None:
    """The reasons in a quarantine table by frequency, each with one place and its cure."""
    from dataset.stage import read_table  # noqa: PLC0415  (Arrow is not needed to print help)
    from labeling.issues import Issue  # noqa: PLC0415
    from labeling.quarantine import QUARANTINE  # noqa: PLC0415

    rows = read_table(folder, "quarantine", QUARANTINE).to_pylist()
    names = ("where", "reason", "message", "cure", "severity")
    issues = [Issue(**{name: row[name] for name in names}) for row in rows]
    say_set_aside(issues, most=most)
    errors = sum(issue.severity == "error" for issue in issues)
    counts = f"{errors:,} set aside, {len(issues) - errors:,} warnings"
    out.print(f"  {counts}: {folder}/quarantine-*.parquet", style="dim")


def say_set_aside(issues: Sequence[Issue], *, most: int = 8) -> None:
    """The reasons of issues by frequency, each with one place and its cure."""
    first = {(issue.reason, issue.severity): issue for issue in reversed(issues)}
    counts = Counter((issue.reason, issue.severity) for issue in issues).most_common()
    for (reason, severity), n in counts[:most]:
        one = first[reason, severity]
        style = "red" if severity == "error" else "yellow"
        out.print(Text.assemble(f"  {n:>5,} ", (f"{severity}", style), f" {reason}"))
        told = Text(f"{_place(one.where)}: {one.message} {one.cure}")
        out.print(Padding(told, (0, 0, 0, 8)), style="dim")
    if len(counts) > most:
        out.print(f"  and {len(counts) - most} more reasons", style="dim")


def _place(where: str) -> str:
    """A place without the id of a report or study, which may tell of a person; the table has it."""
    kind = where.split(" ", 1)[0]
    return f"a {kind}" if kind in {"report", "study"} else where
