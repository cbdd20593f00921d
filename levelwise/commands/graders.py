"""Commands that train and evaluate a grader, and the demo that runs everything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from levelwise.options import Out, Resume, Workers

# Imports inside commands keep the help fast; one reason for the whole file.
# ruff: noqa: PLC0415

commands = typer.Typer()


@commands.command()
def train(
    dataset: Annotated[Path, typer.Argument(help="Folder that `levelwise build` wrote.")],
    out: Out,
    preset: Annotated[str, typer.Option(help="small (two cores, minutes) or paper (ResNeXt-50).")] = "small",
    epochs: Annotated[int | None, typer.Option(help="Epochs; the preset's unless told.", min=1)] = None,
    seed: Annotated[int, typer.Option(help="Seed of weights, order and augmentation.")] = 0,
    resume: Resume = True,
) -> None:
    """Train the two-branch grader."""
    from levelwise.console import out as console
    from levelwise.console import progress
    from training.fit import fit

    with progress("train", "steps") as tell:
        result = fit(dataset, out, preset=preset, epochs=epochs, seed=seed, resume=resume, progress=tell)
    console.print(result.summary(), markup=False)


@commands.command()
def evaluate(
    dataset: Annotated[Path, typer.Argument(help="Folder that `levelwise build` wrote.")],
    grader: Annotated[Path, typer.Argument(help="Folder that `levelwise train` wrote.")],
    out: Out,
    split: Annotated[
        Literal["train", "validation", "test"], typer.Option(help="Split to evaluate on.")
    ] = "test",
) -> None:
    """Print the paper's Table 1 for a grader, with intervals."""
    from levelwise.tables import say_evaluation
    from training.evaluate import evaluate as run

    say_evaluation(run(dataset, grader, out, split=split))


@commands.command()
def demo(
    out: Out = Path("levelwise-demo"),
    patients: Annotated[int, typer.Option(help="Patients of the sample archive.", min=12)] = 40,
    seed: Annotated[int, typer.Option(help="Seed of the sample archive and the training.")] = 0,
    epochs: Annotated[
        int | None, typer.Option(help="Epochs of training; the preset's unless told.", min=1)
    ] = None,
    workers: Workers = None,
    resume: Resume = True,
) -> None:
    """Run the whole job on a sample archive that is made here."""
    from levelwise.demo import Demo, run_demo

    run_demo(Demo(out, patients, seed, epochs, workers, resume))
