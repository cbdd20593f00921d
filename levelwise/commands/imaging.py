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
    index: Annotated[Path, typer.Argument(help="Folder that `levelwise index` wrote.")],
    out: Out,
    weights: Annotated[
        Path | None, typer.Option(help="Weights (safetensors); the shipped ones unless told.")
    ] = None,
    **run: Unpack[Run],
) -> None:
    """Find the vertebrae on the mid-sagittal slices: write label maps."""
    from levelwise.console import progress, say_result
    from training.segmentation.segment import segment as find

    with progress("segment") as run["progress"]:
        result = find(index, out, weights=weights, **run)
    say_result(result)
    nothing_unless(result.plan or result.rows["masks"])


@commands.command()
@with_run_options
def discs(
    index: Annotated[Path, typer.Argument(help="Folder that `levelwise index` wrote.")],
    out: Out,
    masks: Annotated[Path | None, typer.Option(help="Folder of NIfTI label maps, or one file.")] = None,
    points: Annotated[
        Path | None, typer.Option(help="CSV of level points, as in the RSNA 2024 challenge.")
    ] = None,
    scheme: Annotated[str, typer.Option(help="What the labels of the masks mean.")] = "levelwise",
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
    """Draw studies: curve, disc planes and both cuts of every disc, one picture each."""
    import pyarrow.compute as pc

    from dataset.imaging.look import draw_study
    from dataset.keys import file_key
    from dataset.schema import DISCS
    from dataset.stage import read_table
    from levelwise.console import out as console
    from levelwise.console import progress

    studies = study or sorted(pc.unique(read_table(discs, "discs", DISCS, ["study"])["study"]).to_pylist())
    with progress("look") as tell:
        for done, uid in enumerate(studies, start=1):
            draw_study(index, discs, uid, out / f"{file_key(uid)}.png")
            tell(done, len(studies))
    console.print(f"look: {len(studies):,} pictures -> {out}", markup=False)
    nothing_unless(studies)
