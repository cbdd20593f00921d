"""Commands that make and check a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from levelwise.options import Out, Resume, Workers, nothing_unless

# Imports inside commands keep the help fast; one reason for the whole file.
# ruff: noqa: PLC0415

commands = typer.Typer()


@commands.command()
def build(
    labels: Annotated[Path, typer.Argument(help="Folder that `levelwise label` wrote.")],
    discs: Annotated[Path, typer.Argument(help="Folder that `levelwise discs` wrote.")],
    out: Out,
    cohort: Annotated[str, typer.Option(help="Named rule for the studies that are kept.")] = "deepspine",
    split: Annotated[
        str, typer.Option(help="patient or study; disc only to reproduce the paper.")
    ] = "patient",
    seed: Annotated[
        str, typer.Option(help="Key of the hash that places a patient in a split.")
    ] = "levelwise",
    fractions: Annotated[
        tuple[float, float, float], typer.Option(help="Shares of train, validation and test.")
    ] = (0.7, 0.15, 0.15),
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="No person is behind the data: the card hides no small count.")
    ] = False,
    key: Annotated[
        str, typer.Option(help="What reports name the study by: study, accession, or a CSV file.")
    ] = "study",
    index: Annotated[Path | None, typer.Option(help="Index folder, for --key accession.")] = None,
    workers: Workers = None,
    resume: Resume = True,
) -> None:
    """Join labels and discs into a dataset with its card."""
    from dataset.build import build as run
    from levelwise.console import progress
    from levelwise.tables import say_build

    with progress("build") as tell:
        result = run(
            labels,
            discs,
            out,
            cohort=cohort,
            split=split,
            seed=seed,
            fractions=fractions,
            synthetic=synthetic,
            key=key,
            index=index,
            workers=workers,
            resume=resume,
            progress=tell,
        )
    say_build(result)
    nothing_unless(result.rows["dataset"])


@commands.command()
def card(dataset: Annotated[Path, typer.Argument(help="Folder that `levelwise build` wrote.")]) -> None:
    """Write the data card of a dataset again."""
    from dataset.card import write_card
    from levelwise.console import out as console

    console.print(f"card: {write_card(dataset)}")


@commands.command()
def check(dataset: Annotated[Path, typer.Argument(help="Folder that `levelwise build` wrote.")]) -> None:
    """Check a dataset: schema, checksums, ranges, leakage; every fault with its path."""
    from dataset.validate import check as run
    from levelwise.console import out as console

    issues = run(dataset)
    for issue in issues:
        console.print(str(issue), markup=False)
    console.print(f"check: {len(issues)} faults" if issues else "check: whole")
    nothing_unless(not issues)


@commands.command()
def stats(
    folder: Annotated[Path, typer.Argument(help="Folder that `levelwise label` or `levelwise build` wrote.")],
    out: Out,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal", help="Show every count and the names of readers: never to leave the hospital."
        ),
    ] = False,
) -> None:
    """Count the grades by finding and level, by reader and by year: tables, plots, one page, a CSV."""
    from dataset.stats import grade_stats
    from dataset.stats_files import write_stats
    from levelwise.console import out as console
    from levelwise.tables import say_stats

    result = grade_stats(folder, internal=internal)
    say_stats(result)
    for path in write_stats(result, out):
        console.print(f"  -> {path}", style="dim", markup=False)
    nothing_unless(result.codes)
