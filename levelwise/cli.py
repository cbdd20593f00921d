"""The command line: one command per stage, each a thin skin over one function of the Python API.

Heavy libraries are imported inside the commands: ``levelwise --help`` loads neither torch nor Arrow.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from levelwise.errors import EXIT_HELP, Exit, end_with

# Imports inside commands keep the help fast; one reason for the whole file.
# ruff: noqa: PLC0415

app = typer.Typer(
    name="levelwise",
    help="Lumbar MRI reports and DICOM studies to per-level stenosis grades, a dataset and a grader.",
    epilog=EXIT_HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they print local variables, and those hold reports
    rich_markup_mode=None,
)


class Split(StrEnum):
    """The splits of a dataset."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


Out = Annotated[Path, typer.Option("--out", "-o", help="Folder to write; created when missing.")]
Workers = Annotated[int | None, typer.Option(help="Processes; all processors unless told.", min=1)]
Resume = Annotated[bool, typer.Option(help="Reuse finished shards of an earlier run.")]


@app.callback()
def _common(
    traceback: Annotated[
        bool,
        typer.Option("--traceback", help="Show the whole traceback of an error; it may quote patient data."),
    ] = False,
) -> None:
    if traceback:
        os.environ["LEVELWISE_TRACEBACK"] = "1"


@app.command()
def label(
    source: Annotated[
        Path, typer.Argument(help="JSONL, CSV, TSV or Parquet file, or a folder of text files.")
    ],
    out: Out,
    policy: Annotated[
        str, typer.Option(help="How a grade is drawn from an interval of grades.")
    ] = "deepspine",
    language: Annotated[str, typer.Option(help="Language of the reports: a folder of lexicons/.")] = "en",
    text: Annotated[str | None, typer.Option(help="Column of the report text; guessed unless told.")] = None,
    report_id: Annotated[str | None, typer.Option("--id", help="Column of the report id.")] = None,
    study: Annotated[
        str | None, typer.Option(help="Column of the study key (UID or accession number).")
    ] = None,
    patient: Annotated[str | None, typer.Option(help="Column of the patient key.")] = None,
    workers: Workers = None,
    resume: Resume = True,
) -> None:
    """Read reports: write the `labels` and `reports` tables."""
    from dataset.label_archive import label_archive
    from labeling.sources import Columns
    from levelwise.console import progress, say_result

    columns = Columns(id=report_id, text=text, study=study, patient=patient)
    with progress("label") as tell:
        result = label_archive(
            source,
            out,
            columns=columns,
            policy=policy,
            language=language,
            workers=workers,
            resume=resume,
            progress=tell,
        )
    say_result(result)
    _nothing_unless(result.rows["reports"])


@app.command()
def index(
    tree: Annotated[Path, typer.Argument(help="Folder of DICOM files, any layout.")],
    out: Out,
    workers: Workers = None,
    resume: Resume = True,
) -> None:
    """Find the series and stacks of a DICOM tree."""
    from dataset.imaging.index import index_tree
    from levelwise.console import progress, say_result

    with progress("index") as tell:
        result = index_tree(tree, out, workers=workers, resume=resume, progress=tell)
    say_result(result)
    _nothing_unless(result.rows["stacks"])


@app.command()
def segment(
    index: Annotated[Path, typer.Argument(help="Folder that `levelwise index` wrote.")],
    out: Out,
    weights: Annotated[
        Path | None, typer.Option(help="Weights (safetensors); the shipped ones unless told.")
    ] = None,
    workers: Workers = None,
    resume: Resume = True,
) -> None:
    """Find the vertebrae on the mid-sagittal slices: write label maps."""
    from levelwise.console import progress, say_result
    from training.segmentation.segment import segment as run

    with progress("segment") as tell:
        result = run(index, out, weights=weights, workers=workers, resume=resume, progress=tell)
    say_result(result)
    _nothing_unless(result.rows["masks"])


@app.command()
def discs(
    index: Annotated[Path, typer.Argument(help="Folder that `levelwise index` wrote.")],
    out: Out,
    masks: Annotated[Path | None, typer.Option(help="Folder of NIfTI label maps, or one file.")] = None,
    points: Annotated[
        Path | None, typer.Option(help="CSV of level points, as in the RSNA 2024 challenge.")
    ] = None,
    scheme: Annotated[str, typer.Option(help="What the labels of the masks mean.")] = "levelwise",
    workers: Workers = None,
    resume: Resume = True,
) -> None:
    """Cut both oblique volumes of every disc."""
    from dataset.imaging.discs import cut_discs
    from levelwise.console import progress, say_result

    with progress("discs") as tell:
        result = cut_discs(
            index,
            out,
            masks=masks,
            points=points,
            scheme=scheme,
            workers=workers,
            resume=resume,
            progress=tell,
        )
    say_result(result)
    _nothing_unless(result.rows["discs"])


@app.command()
def build(
    labels: Annotated[Path, typer.Argument(help="Folder that `levelwise label` wrote.")],
    discs: Annotated[Path, typer.Argument(help="Folder that `levelwise discs` wrote.")],
    out: Out,
    cohort: Annotated[str, typer.Option(help="Named rule for the studies that are kept.")] = "deepspine",
    split: Annotated[str, typer.Option(help="patient; disc only to reproduce the paper.")] = "patient",
    key: Annotated[
        str, typer.Option(help="What reports name the study by: study, accession, or a CSV file.")
    ] = "study",
    index: Annotated[Path | None, typer.Option(help="Index folder, for --key accession.")] = None,
    resume: Resume = True,
) -> None:
    """Join labels and discs into a dataset with its card."""
    from dataset.build import build as run
    from levelwise.console import progress

    with progress("build") as tell:
        result = run(
            labels, discs, out, cohort=cohort, split=split, key=key, index=index, resume=resume, progress=tell
        )
    _say_build(result)


@app.command()
def card(dataset: Annotated[Path, typer.Argument(help="Folder that `levelwise build` wrote.")]) -> None:
    """Write the data card of a dataset again."""
    from dataset.card import write_card
    from levelwise.console import out as console

    console.print(f"card: {write_card(dataset)}")


@app.command()
def check(dataset: Annotated[Path, typer.Argument(help="Folder that `levelwise build` wrote.")]) -> None:
    """Check a dataset: schema, checksums, ranges, leakage; every fault with its path."""
    from dataset.validate import check as run
    from levelwise.console import out as console

    issues = run(dataset)
    for issue in issues:
        console.print(str(issue), markup=False)
    console.print(f"check: {len(issues)} faults" if issues else "check: whole")
    _nothing_unless(not issues)


@app.command()
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

    with progress("train") as tell:
        result = fit(dataset, out, preset=preset, epochs=epochs, seed=seed, resume=resume, progress=tell)
    console.print(result.summary(), markup=False)


@app.command()
def evaluate(
    dataset: Annotated[Path, typer.Argument(help="Folder that `levelwise build` wrote.")],
    grader: Annotated[Path, typer.Argument(help="Folder that `levelwise train` wrote.")],
    out: Out,
    split: Annotated[Split, typer.Option(help="Split to evaluate on.")] = Split.TEST,
) -> None:
    """Print the paper's Table 1 for a grader, with intervals."""
    from levelwise.tables import say_evaluation
    from training.evaluate import evaluate as run

    say_evaluation(run(dataset, grader, out, split=split.value))


@app.command()
def demo(
    out: Out = Path("levelwise-demo"),
    patients: Annotated[int, typer.Option(help="Patients of the sample archive.", min=12)] = 40,
    seed: Annotated[int, typer.Option(help="Seed of the sample archive and the training.")] = 0,
    workers: Workers = None,
    resume: Resume = True,
) -> None:
    """Run the whole job on a sample archive that is made here."""
    from levelwise.demo import run_demo

    run_demo(out, patients=patients, seed=seed, workers=workers, resume=resume)


def _say_build(result: Any) -> None:
    from levelwise.tables import say_build

    say_build(result)
    _nothing_unless(result.rows["dataset"])


def _nothing_unless(anything: object) -> None:
    if not anything:
        raise typer.Exit(Exit.NOTHING)


def main() -> None:
    """Run the command line; errors end with the exit codes of `levelwise.errors.Exit`."""
    try:
        app()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  (the last catch: every error gets its exit code)
        sys.exit(end_with(error, show_traceback="LEVELWISE_TRACEBACK" in os.environ))


if __name__ == "__main__":
    main()
