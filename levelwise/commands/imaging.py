"""Commands from DICOM files to disc volumes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Unpack

import typer

from dataset.stage_run import Run
from levelwise.options import Out, nothing_unless, with_run_options

# Imports inside commands keep the help fast; one reason for the whole file.
# ruff: noqa: PLC0415

commands = typer.Typer()


@commands.command()
@with_run_options
def index(
    tree: Annotated[Path, typer.Argument(help="Folder of DICOM files, or a zip archive, or a DICOMDIR.")],
    out: Out,
    **run: Unpack[Run],
) -> None:
    """Find the series and stacks of a DICOM tree."""
    from dataset.imaging.index import index_tree
    from levelwise.console import progress, say_result

    with progress("index") as run["progress"]:
        result = index_tree(tree, out, **run)
    say_result(result)
    nothing_unless(result.plan or result.rows["stacks"])


@commands.command()
@with_run_options
def segment(
    out: Out,
    index: Annotated[
        Path | None, typer.Argument(help="Folder that `levelwise index` wrote; none to train or evaluate.")
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(help="Weights (safetensors); the shipped ones unless told.")
    ] = None,
    train: Annotated[
        Path | None,
        typer.Option(help="Train on this folder: images/ with masks/ and slices.csv, or with corners.csv."),
    ] = None,
    evaluate: Annotated[
        Path | None, typer.Option(help="Score the weights on such a folder of patients they never saw.")
    ] = None,
    preset: Annotated[
        Literal["light", "paper"], typer.Option(help="Network to train: for a CPU, or as in the paper.")
    ] = "light",
    steps: Annotated[int, typer.Option(help="Batches to train for.", min=1)] = 2000,
    **run: Unpack[Run],
) -> None:
    """Find vertebrae and discs on the mid-sagittal slices: write label maps. Or train, or evaluate."""
    from levelwise.console import progress, say_result
    from training.segmentation.segment import segment as find

    if index is None or train or evaluate:
        if [index, train, evaluate].count(None) != 2:
            raise typer.BadParameter("expected one of INDEX, --train and --evaluate.")
        if evaluate:
            _evaluate_segmenter(evaluate, out, weights)
        if train:
            _train_segmenter(train, out, preset, steps, weights, resume=run["resume"])
        return
    with progress("segment") as run["progress"]:
        result = find(index, out, weights=weights, **run)
    say_result(result)
    nothing_unless(result.plan or result.rows["masks"])


def _train_segmenter(
    folder: Path, out: Path, preset: str, steps: int, start: Path | None, *, resume: bool
) -> None:
    """Train, and score the patients that were held out of it."""
    from levelwise.console import out as console
    from levelwise.console import progress
    from training.segmentation.fit import fit_segmenter

    with progress("train", "steps") as tell:
        fit = fit_segmenter(
            folder, out, preset=preset, steps=steps, start=start, resume=resume, progress=tell
        )
    console.print(fit.summary(), markup=False)
    if fit.held_out:
        _evaluate_segmenter(folder, out, fit.weights, frozenset(fit.held_out))


def _evaluate_segmenter(
    folder: Path, out: Path, weights: Path | None, patients: frozenset[str] | None = None
) -> None:
    from levelwise.console import out as console
    from levelwise.console import table
    from training.segmentation.evaluate import evaluate_segmentation
    from training.segmentation.figures import write_figures
    from training.segmentation.folders import read_folder
    from training.segmentation.weights import load_segmenter

    slices = [item for item in read_folder(folder) if patients is None or item.patient in patients]
    score = evaluate_segmentation(slices, load_segmenter(weights))
    found = write_figures(score, out / "segmentation.json")
    rows = [(f.name, f"{f.value:.3f}", f"{f.low:.3f} to {f.high:.3f}", f.slices, f.patients) for f in found]
    columns = ("figure", "mean", "95 % interval", "values", "patients")
    console.print(table(f"Segmentation, {len(score.slices)} slices", columns, rows))
    if score.unscorable:
        console.print(f"  annotation cannot be numbered on {len(score.unscorable)} more", style="dim")
    console.print(f"  -> {out / 'segmentation.json'}", style="dim", markup=False)


@commands.command()
@with_run_options
def discs(
    index: Annotated[Path, typer.Argument(help="Folder that `levelwise index` wrote.")],
    out: Out,
    masks: Annotated[
        Path | None, typer.Option(help="Folder of label maps (NIfTI, DICOM SEG), or one file.")
    ] = None,
    points: Annotated[
        Path | None, typer.Option(help="CSV of level points, as in the RSNA 2024 challenge.")
    ] = None,
    scheme: Annotated[
        str,
        typer.Option(
            help="Labels of the masks: levelwise, totalspineseg, spider, spineps, totalsegmentator, dicomseg."
        ),
    ] = "levelwise",
    size: Annotated[
        Literal["paper", "half"], typer.Option(help="The paper's size, or half its resolution in the plane.")
    ] = "paper",
    sagittal: Annotated[
        str | None, typer.Option(help="Prefer sagittal series whose description matches this pattern.")
    ] = None,
    axial: Annotated[
        str | None, typer.Option(help="Prefer axial series whose description matches this pattern.")
    ] = None,
    **run: Unpack[Run],
) -> None:
    """Cut both oblique volumes of every disc.

    Each view comes from one series of its plane: acquired before derived; T2 before STIR (sagittal) or PD
    (axial); without contrast agent before with. Localizers and T1 never serve. A series that --sagittal or
    --axial names comes first, whatever its tags say.
    """
    from dataset.imaging.discs import cut_discs
    from dataset.imaging.series import AXIAL_T2, SAGITTAL_T2, preferring
    from levelwise.console import progress, say_result

    with progress("discs") as run["progress"]:
        result = cut_discs(
            index,
            out,
            masks=masks,
            points=points,
            scheme=scheme,
            size=size,
            sagittal=preferring(SAGITTAL_T2, sagittal),
            axial=preferring(AXIAL_T2, axial),
            **run,
        )
    say_result(result)
    nothing_unless(result.plan or result.rows["discs"])


@commands.command()
def look(
    index: Annotated[Path, typer.Argument(help="Folder that `levelwise index` wrote.")],
    discs: Annotated[Path, typer.Argument(help="Folder that `levelwise discs` wrote.")],
    out: Out,
    study: Annotated[
        list[str] | None, typer.Option(help="StudyInstanceUID; every study unless told.")
    ] = None,
) -> None:
    """Draw studies, one picture each, and a contact sheet (index.html), the worst covered first."""
    from dataset.imaging.look import draw_study
    from dataset.imaging.sheet import write_sheet
    from dataset.keys import file_key
    from dataset.schema import DISCS
    from dataset.stage import read_table
    from levelwise.console import out as console
    from levelwise.console import progress

    columns = ["study", "level", "axial_coverage", "sagittal_coverage", "flags"]
    rows = read_table(discs, "discs", DISCS, columns).to_pylist()
    studies = study or sorted({row["study"] for row in rows})
    with progress("look", "studies") as tell:
        for done, uid in enumerate(studies, start=1):
            draw_study(index, discs, uid, out / f"{file_key(uid)}.png")
            tell(done, len(studies))
    if studies:
        sheet = write_sheet([row for row in rows if row["study"] in set(studies)], out)
        console.print(f"look: {len(studies):,} pictures -> {sheet}", markup=False)
    nothing_unless(studies)
