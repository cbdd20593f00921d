"""Commands that make and check a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Unpack

import typer

from dataset.stage_run import Run
from levelwise.options import Column, Out, nothing_unless, suffix_of, with_run_options, with_stores

# Imports inside commands keep the help fast; one reason for the whole file.
# ruff: noqa: PLC0415

commands = typer.Typer()


@commands.command()
@with_run_options
def build(
    labels: Annotated[Path, typer.Argument(help="Folder that `levelwise label` wrote.")],
    discs: Annotated[Path, typer.Argument(help="Folder that `levelwise discs` wrote.")],
    out: Out,
    cohort: Annotated[
        str, typer.Option(help="Rule for the studies that are kept: deepspine, strict or any; varied below.")
    ] = "deepspine",
    levels_described: Annotated[
        int | None, typer.Option(help="Least number of levels that the report describes.", min=0, max=6)
    ] = None,
    levels_imaged: Annotated[
        str | None, typer.Option(help="Levels that need a disc, as in L3-L4,L4-L5; or none.")
    ] = None,
    disc_grades: Annotated[int | None, typer.Option(help="Least number of grades of a disc.", min=1)] = None,
    views: Annotated[
        str | None, typer.Option(help="Views that a disc needs: axial,sagittal, one of them, or any.")
    ] = None,
    modality: Annotated[
        str | None, typer.Option(help="Modalities of the report, as in MR or MR,CT; or any.")
    ] = None,
    contrast: Annotated[
        str | None, typer.Option(help="Studies with or without contrast agent, or any; needs --index.")
    ] = None,
    postoperative: Annotated[bool | None, typer.Option(help="Keep operated spines.")] = None,
    transitional: Annotated[bool | None, typer.Option(help="Keep transitional vertebrae.")] = None,
    uncertain: Annotated[bool | None, typer.Option(help="Keep grades that the report hedges.")] = None,
    implied: Annotated[
        bool | None, typer.Option(help="Keep grades that follow from a level called normal.")
    ] = None,
    split: Annotated[
        str, typer.Option(help="patient or study; disc only to reproduce the paper.")
    ] = "patient",
    seed: Annotated[
        str, typer.Option(help="Key of the hash that places a patient in a split.")
    ] = "levelwise",
    fractions: Annotated[
        tuple[float, float, float], typer.Option(help="Shares of train, validation and test.")
    ] = (0.7, 0.15, 0.15),
    folds: Annotated[
        int, typer.Option(help="Folds for cross-validation; fold 0 is validation.", min=0, max=100)
    ] = 0,
    external_site: Annotated[
        str | None, typer.Option(help="Site whose patients are the test split, as reports name it.")
    ] = None,
    volumes: Annotated[
        str, typer.Option(help="full, half the resolution in the plane, or none: labels only.")
    ] = "full",
    key_file: Annotated[
        Path | None,
        typer.Option(help="File with a secret: ids are keyed, dates moved. Else the variable LEVELWISE_KEY."),
    ] = None,
    with_text: Annotated[
        Path | None, typer.Option(help="The archive that was labelled: write its words too, scrubbed.")
    ] = None,
    column: Column = None,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="No person is behind the data: the card hides no small count.")
    ] = False,
    key: Annotated[
        str, typer.Option(help="What reports name the study by: study, accession, or a CSV or Parquet table.")
    ] = "study",
    index: Annotated[
        Path | None, typer.Option(help="Index folder, for --key accession and --contrast.")
    ] = None,
    **run: Unpack[Run],
) -> None:
    """Join labels and discs into a dataset with its card."""
    from dataset.build import Layout
    from dataset.build import build as make
    from dataset.cohort_words import cohort_of
    from dataset.deidentify import secret_for
    from levelwise.console import progress
    from levelwise.reading import columns_of
    from levelwise.tables import say_build

    rule = cohort_of(
        cohort,
        levels_described=levels_described,
        levels_imaged=levels_imaged,
        disc_grades=disc_grades,
        views=views,
        modality=modality,
        contrast=contrast,
        postoperative=postoperative,
        transitional=transitional,
        uncertain=uncertain,
        implied=implied,
    )
    with progress("build") as run["progress"]:
        result = make(
            labels,
            discs,
            out,
            cohort=rule,
            split=split,
            seed=seed,
            fractions=fractions,
            folds=folds,
            external_site=external_site,
            synthetic=synthetic,
            secret=secret_for(out, key_file),
            with_text=with_text,
            columns=columns_of(column or ()),
            layout=Layout(volumes=volumes),
            key=key,
            index=index,
            **run,
        )
    say_build(result)
    nothing_unless(result.plan or result.rows["dataset"])


@commands.command()
def card(
    dataset: Annotated[Path, typer.Argument(help="Folder that `levelwise build` wrote.")],
    agreement: Annotated[
        Path | None,
        typer.Option(help="What `levelwise agree --out agree.json` wrote: how far labels and gold agree."),
    ] = None,
) -> None:
    """Write the data card of a dataset again: README.md and croissant.json."""
    from dataset.card import take_agreement, write_card
    from levelwise.console import out as console

    if agreement is not None:
        take_agreement(agreement, dataset)
    console.print(f"card: {write_card(dataset)}")


@commands.command()
@with_stores
def check(folder: Annotated[Path, typer.Argument(help="A dataset, or the folder of a stage.")]) -> None:
    """Check a folder: schema, checksums, ranges, geometry, leakage, balance; every fault with its path."""
    from dataset.validate import check as run
    from levelwise.console import out as console

    issues = run(folder)
    for issue in issues:
        console.print(f"{issue.severity}: {issue}", markup=False, soft_wrap=True)
    faults = sum(issue.severity == "error" for issue in issues)
    console.print(f"check: {faults} faults" if faults else "check: whole")
    nothing_unless(not faults)


@commands.command()
def diff(
    before: Annotated[Path, typer.Argument(help="Folder that `levelwise label` or `levelwise build` wrote.")],
    after: Annotated[Path, typer.Argument(help="Another one of the same kind.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write as well: .json or .md.")
    ] = None,
    most: Annotated[int, typer.Option(help="Rules, reasons and changed cells to list.", min=0)] = 20,
) -> None:
    """Compare two runs: the cells that changed, by cell and by rule; of datasets also discs and reasons."""
    import json

    from dataset.record import FLOW
    from dataset.versions import compare_versions
    from labeling.difference import difference
    from levelwise.console import out as console
    from levelwise.tables import say_difference

    kind = suffix_of(out, (".json", ".md"))
    built = (before / FLOW).is_file() and (after / FLOW).is_file()
    result = compare_versions(before, after) if built else difference(before, after)
    say_difference(result, most=most)
    if out is not None:
        from dataset.shards import write_bytes

        made = json.dumps(result.to_json(), indent=1) if kind == ".json" else result.to_markdown()
        write_bytes(made.encode(), out)
        console.print(f"  -> {out}", style="dim", markup=False)


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
    """Count the grades by finding and level, by reader, site and year: tables, plots, one page, a CSV."""
    from dataset.stats import grade_stats
    from dataset.stats_files import write_stats
    from levelwise.console import out as console
    from levelwise.tables import say_stats

    result = grade_stats(folder, internal=internal)
    say_stats(result)
    for path in write_stats(result, out):
        console.print(f"  -> {path}", style="dim", markup=False)
    nothing_unless(result.codes)


@commands.command()
def export(
    labels: Annotated[Path, typer.Argument(help="Folder that `levelwise label` wrote.")],
    out: Out,
    to: Annotated[str, typer.Option(help="rsna, label-studio, mimic-csv or dicom-sr.")],
    with_text: Annotated[
        Path | None,
        typer.Option(help="Archive of the reports, for label-studio: their full text goes into the files."),
    ] = None,
    column: Column = None,
) -> None:
    """Write labels in the format of another tool; its README.md says what is lost on the way."""
    from dataset.interchange import export_labels
    from levelwise.console import out as console
    from levelwise.reading import columns_of

    result = export_labels(labels, out, to, with_text=with_text, columns=columns_of(column or ()))
    console.print(f"export: {result.reports:,} reports as {to}", markup=False)
    for reason, count in result.left_out.items():
        console.print(f"  {count:>5,} left out: {reason}", markup=False)
    console.print(f"  -> {out}", style="dim", markup=False)
    console.print(f"  It holds: {result.holds}", style="yellow" if with_text else "dim", markup=False)
    nothing_unless(result.reports)


@commands.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="Table, export or folder of another tool.")],
    out: Out,
    from_: Annotated[str, typer.Option("--from", help="rsna, label-studio, mimic-csv or dicom-sr.")],
) -> None:
    """Read labels of another tool: a labels folder, or gold from annotations of label-studio."""
    from dataset.interchange import import_labels
    from levelwise.console import out as console

    result = import_labels(source, out, from_)
    console.print(f"import: {result.reports:,} reports; {len(result.issues):,} set aside", markup=False)
    for issue in result.issues[:8]:
        console.print(f"  {issue.severity}: {issue}", markup=False, soft_wrap=True)
    if len(result.issues) > 8:
        console.print(f"  and {len(result.issues) - 8:,} more", style="dim")
    console.print(f"  -> {result.path}", style="dim", markup=False)
    nothing_unless(result.reports)
